"""The kinds of limit that a column may have: what the constraint checks, and what a person reads if it refuses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from db.domain.believable import BEFORE, EARLIEST

# Tab, line breaks and page breaks come with pasted text and are harmless; the others draw nothing and can trick a
# terminal. A line of its own holds not even those. NUL is refused by PostgreSQL itself.
CONTROL = r"[\u0001-\u0008\u000E-\u001F\u007F]"
BREAK = r"[\u0001-\u001F\u007F]"
_LATER = "Check the date."


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint.

    Attributes:
        name: without the table's name, as the naming convention wants it.
        condition: in SQL; nothing is refused where it is null.
        sentence: what the person reads who is refused.
        next_step: what to do then.
    """

    name: str
    condition: str
    sentence: str
    next_step: str


class Kind(Protocol):
    """A limit that some columns share."""

    def checks(self, column: str, label: str) -> Iterator[Check]:
        """The constraints of one column; ``label`` is what people call it."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """Text.

    Attributes:
        most: characters.
        given: it may not be blank.
        one_line: no line breaks either; a code, a name, a label.
    """

    most: int
    given: bool = False
    one_line: bool = False

    def checks(self, column: str, label: str) -> Iterator[Check]:
        """A length, and something in it where that is needed. Control characters are checked once a table."""
        too_long = f"The {label} is too long: at most {self.most:,} characters."
        yield Check(f"{column}_length", f"char_length({column}) <= {self.most}", too_long, "Shorten it.")
        if self.given:
            yield Check(f"{column}_given", f"cru.is_said({column})", f"The {label} is missing.", "Fill it in.")


@dataclass(frozen=True, slots=True)
class Tags:
    """A flat list of words without gaps: ``most`` of them, so many characters together."""

    most: int = 40
    together: int = 4000

    def checks(self, column: str, label: str) -> Iterator[Check]:
        """One dimension, no nulls, not too many, not too long."""
        condition = (
            f"coalesce(array_ndims({column}), 1) = 1 AND cardinality({column}) <= {self.most}"
            f" AND array_position({column}, NULL) IS NULL"
            f" AND char_length(array_to_string({column}, '')) <= {self.together}"
        )
        sentence = f"The list of {label} is too long: at most {self.most} entries, {self.together:,} characters."
        yield Check(f"{column}_list", condition, sentence, "Shorten it.")


@dataclass(frozen=True, slots=True)
class Number:
    """A number, both ends included. Not a number and infinity lie outside every range."""

    low: int
    high: int

    def checks(self, column: str, label: str) -> Iterator[Check]:
        """The range."""
        sentence = f"The {label} must lie between {self.low:,} and {self.high:,}."
        yield Check(f"{column}_range", f"{column} BETWEEN {self.low} AND {self.high}", sentence, "Check it.")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that anybody can have meant. What it must be beside others is the guards' concern."""

    def checks(self, column: str, label: str) -> Iterator[Check]:
        """What the readers believe, in :mod:`db.domain.believable`."""
        condition = f"{column} >= '{EARLIEST:%F %T}+00' AND {column} < '{BEFORE:%F %T}+00'"
        sentence = f'The time "{label}" must lie in the years {EARLIEST.year} to {BEFORE.year - 1}.'
        yield Check(f"{column}_time", condition, sentence, _LATER)


@dataclass(frozen=True, slots=True)
class Day:
    """A date in the calendar, from the first of January of one year to the last day before ``BEFORE``."""

    first: int = EARLIEST.year

    def checks(self, column: str, label: str) -> Iterator[Check]:
        """The years."""
        last = BEFORE.year - 1
        condition = f"{column} BETWEEN '{self.first}-01-01' AND '{last}-12-31'"
        sentence = f"The {label} must lie in the years {self.first} to {last}."
        yield Check(f"{column}_day", condition, sentence, _LATER)


@dataclass(frozen=True, slots=True)
class Shape:
    """JSON of a shape that one of the record's functions knows."""

    function: str

    def checks(self, column: str, label: str) -> Iterator[Check]:
        """The function says yes."""
        sentence = f"The {label} has a shape that the record does not know, or is too long."
        yield Check(f"{column}_shape", f"cru.{self.function}({column})", sentence, "Shorten it, then try again.")


@dataclass(frozen=True, slots=True)
class Tree:
    """A JSON object that any reader can read: not too deep, no numbers of a thousand digits, ``most`` bytes."""

    most: int

    def checks(self, column: str, label: str) -> Iterator[Check]:
        """No function of the record's own: every fix is checked, and a call costs four times as much."""
        condition = (
            f"jsonb_typeof({column}) = 'object' AND octet_length({column}::text) <= {self.most}"
            f" AND NOT jsonb_path_exists({column}, 'strict $.**{{6}}') AND NOT jsonb_path_exists({column},"
            """ 'strict $.** ? (@.type() == "number" && (@ > 1e15 || @ < -1e15))')"""
        )
        sentence = f"The {label} is too long or too deep."
        yield Check(f"{column}_shape", condition, sentence, "Shorten it, then try again.")


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Limited by a constraint that says more than a limit; ``constraint`` is its whole name."""

    constraint: str

    def checks(self, column: str, label: str) -> Iterator[Check]:  # noqa: ARG002 - as every kind
        """Nothing more."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Free:
    """No limit, and why."""

    why: str

    def checks(self, column: str, label: str) -> Iterator[Check]:  # noqa: ARG002 - as every kind
        """Nothing."""
        yield from ()
