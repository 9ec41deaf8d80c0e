"""Languages by code: ISO 639-3, BSL (``bfi``) among them, and ``x-…`` where ISO has none, such as Makaton.

Free text is read only where it is certain; what a console of before wrote into a plan the record reads by that
part of this grammar by which it was written (``cru.read_languages``).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from db.domain import about
from db.domain.about import NO, NOT_KNOWN, YES, Said

ENGLISH: Final = "eng"
BSL: Final = "bfi"
# A stroke behind a w is no stroke between two; a dash parts only with blanks around it.
_SPLIT = re.compile(r"\s*(?:[,;+&.()\[\]:]|(?<!\bw)/|\s[-–—]+\s|\band\b)\s*", re.IGNORECASE)
# As people write them in haste, and what only asks kindly.
_HASTE: Final = (
    (re.compile(r"\binterps?\b|\bterp\b|\binterpretor\b|\btranslator\b"), "interpreter"),
    (re.compile(r"\breq(?:'?d|uires?)?\b(?!uired)"), "required"),
    (re.compile(r"\bw/\s*"), "with "),
    (re.compile(r"\b(?:pls|plz|please|the)\b"), " "),
)
_NO_ENGLISH: Final = frozenset(
    {"no english", "not english", "speaks no english", "does not speak english", "doesn't speak english"}
    | {"no english at all", "zero english", "non english speaking", "non-english speaking"}
)
_NEEDED: Final = frozenset(
    {
        "interpreter",
        "interpreter needed",
        "interpreter required",
        "needs interpreter",
        "needs an interpreter",
        "interpreter wanted",
        "required interpreter",
        "wants an interpreter",
        "with interpreter",
        "with an interpreter",
        "interpreter by telephone",
        "interpreter by phone",
        "telephone interpreter",
        "phone interpreter",
    }
)
_NOT_NEEDED: Final = frozenset(
    {"no interpreter", "no interpreter needed", "interpreter not needed", "without interpreter"}
)
_WHO: Final = r"(?: speaker| speaking| user| signer)?"
_AN: Final = r"(?:an? )?"
# How a language is said, and whether an interpreter is needed then.
_SHAPES: Final = (
    (re.compile(rf"(?:speaks? |uses? |signs? )?(?P<name>.+?){_WHO}"), False),
    (re.compile(rf"(?:only (?:speaks? |uses? )?|(?:speaks?|uses?) only )(?P<name>.+?){_WHO}"), True),
    (re.compile(rf"(?:speaks? |uses? )?(?P<name>.+?){_WHO} only"), True),
    (
        re.compile(
            rf"(?:(?:needs?|wants?|with|required) {_AN})?(?P<name>.+?){_WHO}"
            rf"(?: (?:needs?|wants?|with) {_AN}| )interpreter(?: (?:needed|required|wanted))?"
        ),
        True,
    ),
    (re.compile(rf"(?:speaks? )?(?P<name>.+?){_WHO} (?:with |has )?no english"), True),
    (re.compile(rf"(?:speaks )?no english (?:only )?(?P<name>.+?){_WHO}"), True),
)
_KEPT_BESIDE: Final = frozenset(
    {
        "deaf",
        "deafblind",
        "profoundly deaf",
        "is deaf",
        "hard of hearing",
        "lip reads",
        "lipreads",
        "hearing impaired",
    }
)
"""What is said beside a language, says none, and stays in words."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language and the names by which people call it."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Languages:
    """Every language; those that are offered no more only for what was said before."""

    rows: tuple[Language, ...] = ()
    by_name: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(rows: Iterable[Language]) -> "Languages":
        """With every name looked up in any case."""
        made = tuple(rows)
        names = {
            name.casefold(): one.code
            for one in made
            if one.offered
            for name in (*one.aliases, one.label, one.code)
        }
        return Languages(made, names)

    def label(self, code: str) -> str:
        """What people call it; the code itself where nobody configured one."""
        return next((one.label for one in self.rows if one.code == code), code)

    def code_of(self, name: str) -> str:
        """The code of a name, in any case; empty for one that nobody knows."""
        return self.by_name.get(name.strip().casefold(), "")


NO_LANGUAGES: Final = Languages()


def is_spoken(code: str) -> bool:
    """Whether it is spoken: not BSL, nor a way to talk for which ISO has no code, such as pictures."""
    return code != BSL and not code.startswith("x-")


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody needs to be spoken with.

    Attributes:
        codes: what they speak.
        interpreter: yes, no, or not known.
        as_told: words that could not be read for certain.
        booked: the codes for which an interpreter is booked.
    """

    codes: tuple[str, ...] = ()
    interpreter: str = NOT_KNOWN
    as_told: str = ""
    booked: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """The languages of which a crew must speak one; none where English will do."""
        if self.interpreter == YES:
            return tuple(code for code in self.codes if code != ENGLISH)
        return () if self.interpreter == NO or ENGLISH in self.codes else self.codes

    @property
    def is_open(self) -> bool:
        """Whether an interpreter is needed and nobody has booked one."""
        return self.interpreter == YES and not self.booked


def need_of(said: Sequence[Said], booked: Collection[str] = ()) -> Need:
    """What was said of languages and interpreters."""
    answers = about.codes(said, about.INTERPRETER)
    languages = about.codes(said, about.LANGUAGE)
    told = "; ".join(one.words for one in said if one.topic == about.LANGUAGE and not one.code)
    # Two who said different things: the careful answer counts.
    answer = YES if YES in answers else NO if NO in answers else NOT_KNOWN
    return Need(languages, answer, told, tuple(booked))


def speaks(need: Need, spoken: Iterable[str]) -> bool:
    """Whether somebody who speaks these languages, by code, can talk with them. Nothing said: anybody can."""
    return not need.wanted or bool(set(need.wanted) & set(spoken))


def read(text: str, languages: Languages, said_by: str) -> tuple[Said, ...]:
    """Read typed words: rows by code where all of it is certain, else the words as they are.

    "Polish, no English" is Polish with an interpreter; "a little Polish from school" stays words.
    """
    if not text.strip():
        return ()
    parts = [part for part in map(_tidied, _SPLIT.split(text.casefold())) if part]
    beside = [part for part in parts if part in _KEPT_BESIDE]
    found = [_read_part(part, languages) for part in parts if part not in _KEPT_BESIDE]
    # One part that is not certain leaves all of it as it was said: half a reading would look like the whole.
    if not found or any(one is None for one in found):
        return (Said(about.LANGUAGE, "", text.strip(), said_by),)
    known = [one for one in found if one is not None]
    codes = dict.fromkeys(code for code, _ in known if code)
    answers = {answer for _, answer in known if answer}
    rows = [Said(about.LANGUAGE, code, "", said_by) for code in codes]
    rows += [Said(about.LANGUAGE, "", words, said_by) for words in beside]
    if answers:
        rows.append(Said(about.INTERPRETER, YES if YES in answers else NO, "", said_by))
    return tuple(rows)


def _tidied(part: str) -> str:
    for haste, meant in _HASTE:
        part = haste.sub(meant, part)
    return " ".join(part.split())


def _read_part(part: str, languages: Languages) -> tuple[str, str] | None:
    if part in _NO_ENGLISH or part in _NEEDED:
        return "", YES
    if part in _NOT_NEEDED:
        return "", NO
    for shape, needed in _SHAPES:
        said = shape.fullmatch(part)
        code = languages.code_of(said["name"]) if said else ""
        if code:
            # "English only" asks for no interpreter.
            return code, YES if needed and code != ENGLISH else ""
    return None
