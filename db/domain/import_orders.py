"""Days of a list in which the month may stand first, as in the United States: asked about, and never guessed."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from db.domain.import_columns import UnreadableError
from db.domain.import_times import read_day

_NUMBERS: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_MONTHS: Final = 12


def has_month_first(days: Iterable[str]) -> bool:
    """Whether one of these can only be meant so: ``11/30/2026``."""
    numbers = (_NUMBERS.match(one.strip()) for one in days)
    return any(one is not None and int(one[1]) <= _MONTHS < int(one[3]) <= 31 for one in numbers)


def read_ordered_day(said: str, today: date, *, month_first: bool) -> date:
    """A day, the day before the month; in a list that has one with the month first none is told by its numbers.

    Raises:
        UnreadableError: it is none, or may be two, which are its answers.
    """
    numbers = _NUMBERS.fullmatch(said.strip()) if month_first else None
    if numbers is None:
        return read_day(said, today)
    first, sign, second, year = numbers.groups()
    either = [_written(text, today) for text in (said, f"{second}{sign}{first}{sign}{year}")]
    answers = tuple(dict.fromkeys(one for one in either if one))
    if not answers:
        return read_day(said, today)
    sentence = f'"{said}" is {answers[0]} with the month first.' if len(answers) == 1 else _doubt(said, answers)
    raise UnreadableError(sentence, "In this list a month stands before its day.", asked=said, answers=answers)


def _doubt(said: str, answers: tuple[str, ...]) -> str:
    return f'"{said}" may be {" or ".join(answers)}.'


def _written(said: str, today: date) -> str:
    """A day with its month in letters, which has one meaning; empty for none."""
    try:
        day = read_day(said, today)
    except UnreadableError:
        return ""
    return f"{day.day} {day:%b %Y}"
