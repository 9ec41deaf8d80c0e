"""The room in the month before the shift: its log, how one lead hands it to the next, what is looked at. Pure."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Final

from db.commands import WriteLog
from db.domain.clocks import LONDON, local
from db.exercise.history.deeds import Deeds, HandOverRoom, LookAtReviews
from db.exercise.history.month import Month
from db.exercise.record import Login
from db.exercise.referrals import minutes
from db.exercise.scenario import seeded_random

# What happens in a room, and whether the next shift has to hear of it.
_LOG: Final[tuple[tuple[str, bool], ...]] = (
    ("EMAS short of two crews in the north until midnight", True),
    ("Lift at the base out of order, use the ramp", True),
    ("The bypass is shut after a collision, open again by 02:00", False),
    ("Radio test with all vans: heard well", False),
    ("The crisis café closes early tonight, at 22:00", True),
    ("Printer in the back room is out of toner", True),
    ("Police liaison rang: a quiet night so far", False),
    ("Tablet of one van charged in the office, its positions were old for a while", False),
    ("Crisis House has no place free until the morning", True),
    ("Fire alarm test announced for 10:00 tomorrow", True),
    ("Fog on the main roads, crews drive with care", False),
    ("Night matron rang: one bed kept for us until 04:00", True),
)
_ENTRIES: Final = (2, 5)
_SIGNED_LATE_DAYS: Final = 2
"""What the last days brought is still to be looked at."""


def tell_room(deeds: Deeds, month: Month) -> None:
    """Write the log, hand the room over at seven and at seven, and look at what asks to be looked at."""
    rng = seeded_random(month.seed, "history room")
    day = local(month.begins).date()
    while day <= local(month.until).date():
        _write(deeds, month, rng, datetime.combine(day, time(19, 30), LONDON))
        for at, is_morning in ((time(6, 50), True), (time(18, 50), False)):
            _hand_over(deeds, month, rng, datetime.combine(day, at, LONDON), is_morning=is_morning)
        looked = datetime.combine(day, time(10), LONDON) + minutes(rng.uniform(0, 90))
        if _is_in(month, looked) and month.until - looked > timedelta(days=_SIGNED_LATE_DAYS):
            deeds.add(looked, Login.LEAD_TOO, LookAtReviews(looked - timedelta(days=1), looked))
        day += timedelta(days=1)


def _is_in(month: Month, at: datetime) -> bool:
    return month.begins <= at < month.until


def _write(deeds: Deeds, month: Month, rng: Random, evening: datetime) -> None:
    for words, pass_on in rng.sample(_LOG, rng.randint(*_ENTRIES)):
        at = evening + minutes(rng.uniform(0, 9 * 60))
        if _is_in(month, at):
            login = rng.choice((Login.DISPATCH, Login.DISPATCH_TOO, Login.LEAD))
            deeds.add(at, login, WriteLog(words=words, pass_on=pass_on))


def _hand_over(deeds: Deeds, month: Month, rng: Random, at: datetime, *, is_morning: bool) -> None:
    at += minutes(rng.uniform(0, 8))
    if _is_in(month, at):
        gives, takes = (Login.LEAD, Login.LEAD_TOO) if is_morning else (Login.LEAD_TOO, Login.LEAD)
        deeds.add(at, gives, HandOverRoom(offered=True))
        deeds.add(at + minutes(rng.uniform(3, 9)), takes, HandOverRoom(offered=False))
