"""Which stretch of time a report is about, what it is called, and how its files are called."""

import argparse
from datetime import date, datetime, time, timedelta

from db.domain.clocks import LONDON, local
from db.domain.periods import NIGHT_FROM, NIGHT_UNTIL, Period
from db.errors import Invalid

DAYS = 28


def period_of(given: argparse.Namespace, now: datetime) -> tuple[Period, str, str]:
    """The period, the title of the report, and how the names of its files begin.

    Args:
        given: as parsed: of a shift its ``night``, of a month its ``month``; None for the last.
        now: by the record's clock, aware.

    Raises:
        Invalid: it lies ahead.
    """
    if given.kind == "shift":
        period = _night(given.night, now) if given.night is not None else Period.tonight(now)
        return period, "Shift report", f"shift-{local(period.start):%Y-%m-%d}"
    if given.month is None:
        period = Period.days(DAYS, now)
        return period, "Service report", f"service-{local(now):%Y-%m-%d}"
    return _whole(given.month, now), "Monthly service report", f"service-{given.month:%Y-%m}"


def _night(day: date, now: datetime) -> Period:
    return _until_now(_at(day, NIGHT_FROM), _at(day + timedelta(days=1), NIGHT_UNTIL), now)


def _whole(first: date, now: datetime) -> Period:
    after = (first + timedelta(days=31)).replace(day=1)
    return _until_now(_at(first, time()), _at(after, time()), now)


def _until_now(start: datetime, end: datetime, now: datetime) -> Period:
    if start >= now:
        raise Invalid("That time lies ahead.", "Choose one that has begun.")
    return Period(start, min(end, now))


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON)
