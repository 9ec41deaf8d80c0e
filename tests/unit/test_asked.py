"""What may go out by itself after a while, and what a person is asked about first."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from console.live.asked import AskedAt, may_wait, question
from db import commands
from db.commands import Command
from db.domain.states import AssignmentState

NIGHT = datetime(2026, 11, 22, 3, 42, tzinfo=UTC)
ONE = UUID(int=1)
STEP = commands.Step(assignment_id=ONE, to=AssignmentState.ON_SCENE)


def asked(record: float, wall: float | None = None, place: str = "here") -> AskedAt:
    """So many minutes ago by the record's clock, and by this computer's."""
    seen = record if wall is None else wall
    return AskedAt(NIGHT - timedelta(minutes=record), NIGHT - timedelta(minutes=seen), place)


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (asked(0), ""),
        (asked(14.9), ""),
        (asked(15), ""),
        (asked(15.1), "asked for at 03:26"),
        (asked(40), "asked for at 03:02"),
        (asked(200), "asked for at 00:22"),
        (asked(60 * 24 * 3), "asked for at 03:42 Thu 19 Nov"),
        # The record's clock decides, whatever this computer's says about something old.
        (asked(40, 2), "asked for at 03:02"),
        # A clock that is a little ahead was not set.
        (asked(-0.9), ""),
        # The record's clock was set back since: nobody knows how long ago it was.
        (asked(-30), "asked for at 04:12, and a clock was set since"),
        (asked(-5, 40), "asked for at 03:47, and a clock was set since"),
        (asked(10, 40), "asked for at 03:32, and a clock was set since"),
        # This computer's clock alone was set: that cannot make anything older.
        (asked(10, -600), ""),
        # A copy, or a backup that was restored elsewhere.
        (asked(10, place="there"), "asked for at 03:32, and the record was restored since"),
        (asked(10, place=""), ""),
    ],
)
@pytest.mark.hazard("H-070")
def test_who_is_asked_and_why(one: AskedAt, says: str) -> None:
    assert question(STEP, one, asked(0)) == says


def test_the_day_is_named_where_it_may_be_another() -> None:
    was = asked(-60 * 24)
    assert question(STEP, was, asked(0)).startswith("asked for at 03:42 Mon 23 Nov")


def test_that_somebody_looked_stays_true() -> None:
    assert question(commands.OpenRecord(referral_id=ONE), asked(600, -5, "there"), asked(0)) == ""


@pytest.mark.parametrize(
    ("command", "waits"),
    [
        (STEP, True),
        (commands.AddNote(referral_id=ONE, words="rang back"), True),
        (commands.RaiseEmergency(van_id=ONE), True),
        (commands.OpenRecord(referral_id=ONE), True),
        (commands.TakeBack(act_id=1, referral_id=ONE, van_id=None), False),
        (commands.ErasePerson(referral_id=ONE), False),
        (commands.GiveOutPerson(referral_id=ONE, said_by="x", words="x", formats="PDF"), False),
        (commands.RenewToken(device_id="TABLET1", digest="x"), False),
        (commands.GiveDevice(device_id="TABLET1", van_id=ONE, digest="x"), False),
        (commands.ImportRows(steps=(STEP,), numbers=(2,)), False),
    ],
)
def test_what_may_wait_for_another_console(command: Command, waits: bool) -> None:
    assert may_wait(command) is waits
