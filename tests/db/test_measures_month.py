"""A month made by hand, with the clock set back in it, counted by hand; and what its report says."""

import argparse
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from db import commands as do
from db.domain.clocks import LONDON
from db.domain.periods import EVERYTHING, Period
from db.engine import connect
from db.measures import measured
from db.reports.cli import report_on
from db.reports.document import Table
from tests.db.doing import does
from tests.db.measuring import reading
from tests.db.psql import TAKE_BACK, Psql

OCTOBER = Period(datetime(2026, 9, 30, 23, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
"""From midnight of the first in summer time to midnight of the last in winter time."""
MET = {
    # Received (local, and which of two hours that are called the same), minutes until met, and about A&E.
    "just after midnight of the first": ((1, 0, 10), 30, "not needed"),
    "over midnight, on the minute": ((10, 23, 40), 45, "needed and done"),
    "while the clock was set back": ((25, 1, 30), 50, "needed and not done"),
    "at the very end, on the minute": ((31, 23, 55), 60, "unknown"),
}
COUNTED = {
    # part of n, and missing; counted by hand from the list below.
    "within_45": (4, 7, 1),
    "within_60": (6, 7, 1),
    "never_met": (3, 11, 0),
    "declined": (1, 11, 0),
    "cancelled": (1, 11, 0),
    "cancelled_unheard": (1, 1, 0),
    "care_done": (1, 4, 4),
    "care_not_done": (1, 4, 4),
    "care_not_needed": (1, 4, 4),
    "care_not_known": (1, 4, 4),
}


def october(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


class Month:
    """Writes referrals by legal steps, and their times past the guards."""

    def __init__(self, psql: Psql, vans: list[UUID]) -> None:
        self.psql, self.vans = psql, vans

    async def met(self, at: datetime, *jobs: dict[str, float], **end: str) -> UUID:
        """One that crews went to, in turn, with the minutes of their steps; closed at last."""
        psql = self.psql
        who = await psql.referral()
        for steps in jobs:
            job = await psql.allocate(who, self.vans[0])
            await psql.set(psql.shah, "assignment", job, state="on scene")
            await psql.set(psql.shah, "assignment", job, state="clear")
            times = {"on_scene": None, **steps, "clear": 200.0}
            await self.times("assignment", job, at, **times)
        await psql.set(psql.shah, "referral", who, state="closed", **({"outcome": "gp"} | end))
        await self.times("referral", who, at, received=0, accepted=1, closed=240)
        return who

    async def times(self, table: str, row: UUID, at: datetime, **minutes: float | None) -> None:
        """Times of a row, in minutes after a moment."""
        to = {f"{n}_at": None if m is None else at + timedelta(minutes=m) for n, m in minutes.items()}
        await self.write(table, row, **to)

    async def write(self, table: str, row: UUID, **columns: Any) -> None:
        async with self.psql.owner.transaction():
            await self.psql.owner.execute("SET LOCAL session_replication_role = replica")
            await self.psql.set(self.psql.owner, table, row, **columns)


async def made(psql: Psql) -> None:
    month = Month(psql, [await psql.van()])
    for at, minutes, care in MET.values():
        who = await month.met(october(*at), {"with_patient": minutes})
        await month.write("referral", who, ae_care=care)
    # Received a minute too early, and five too late: of other months, whenever they were met.
    await month.met(october(1, 0, 0) - timedelta(minutes=1), {"with_patient": 20})
    await month.met(datetime(2026, 11, 1, 0, 5, tzinfo=UTC), {"with_patient": 20})
    # Nobody met them: declined, cancelled with no word, not found at the door.
    for day, state in ((5, "declined"), (6, "cancelled")):
        who = await psql.referral(state)
        await month.times("referral", who, october(day, 12, 0), received=0, closed=9)
    await month.met(october(7, 3, 0), {"on_scene": 30}, outcome="not_found")
    # An error counts nowhere; nor does it as one that was met.
    wrong = await month.met(october(8, 9, 0), {"with_patient": 7})
    await month.write("referral", wrong, entered_in_error_at=october(8, 15, 0), entered_in_error_reason="test")
    # Two vans: whoever is there first counts, whichever was sent first.
    await month.met(october(9, 22, 0), {"with_patient": 70}, {"with_patient": 20})
    # Reopened, and met and closed once more: it is one referral, and was met once.
    again = await month.met(october(11, 14, 0), {"with_patient": 35})
    await psql.lead.execute("SELECT set_config('cru.reason', 'rang again', false)")
    await psql.set(psql.lead, "referral", again, state="accepted")
    sent = do.Allocate(referral_id=again, van_id=month.vans[0])
    await does(psql, sent)
    job = sent.assignment_id
    for step in ("on scene", "clear"):
        await psql.set(psql.shah, "assignment", job, state=step)
    await month.times("assignment", job, october(11, 14, 0), on_scene=None, with_patient=500, clear=600)
    await psql.set(psql.shah, "referral", again, state="closed", outcome="gp")
    await month.times("referral", again, october(11, 14, 0), received=0, accepted=1, closed=640)
    # A step that was taken back met nobody.
    undone = await psql.referral()
    job = await psql.allocate(undone, month.vans[0])
    await psql.set(psql.shah, "assignment", job, state="with patient")
    await psql.shah.fetch(TAKE_BACK)
    await psql.set(psql.shah, "assignment", job, state="on scene")
    await psql.set(psql.shah, "assignment", job, state="clear")
    await month.times("assignment", job, october(12, 8, 0), on_scene=None, with_patient=90, clear=200)
    await psql.set(psql.shah, "referral", undone, state="closed", outcome="gp")
    await month.times("referral", undone, october(12, 8, 0), received=0, accepted=1, closed=240)
    # Met, and nobody put down when.
    await month.met(october(13, 8, 0), {"conveying": 50})
    # Still open at the end of it.
    await month.times("referral", await psql.referral(), october(20, 8, 0), received=0, accepted=2)
    await psql.owner.execute("SELECT cru.measure_anew()")


@pytest.mark.hazard("H-034", "H-061")
async def test_a_month_counted_by_hand_is_what_the_record_and_its_report_say(psql: Psql) -> None:
    await made(psql)
    async with reading(psql) as connection:
        found = (await measured(connection, OCTOBER, EVERYTHING, past=0)).figures
    counted = {key: (round(found[key].part or 0), found[key].n, found[key].missing) for key in COUNTED}
    assert counted == COUNTED
    response = found["response"]
    # 20, 30, 35, 45, 50, 60 and 90 minutes, and one of whom nobody put it down.
    assert (response.value, response.n, response.missing) == (45, 7, 1)
    assert response.mean == pytest.approx(330 / 7)
    assert response.ninth == 90
    assert (found["received"].part or found["received"].value, found["entered_in_error"].value) == (12, 1)

    engine = connect(psql.record.url("l.lead"), answer_within=60)
    try:
        given = argparse.Namespace(kind="month", night=None, month=date(2026, 10, 1))
        report, _ = await report_on(engine, given, None)
    finally:
        await engine.dispose()
    (table,) = [part for part in report.parts if isinstance(part, Table) and part.title == "Figures"]
    titles = {
        "within_45": "Met within 45 minutes",
        "never_met": "Never met",
        "response": "Time until met",
        "care_not_done": "A&E needed, and they did not go",
    }
    rows = {str(row[0]): row for row in table.rows}
    for key, title in titles.items():
        assert rows[title][4:6] == (found[key].n, found[key].missing), title
        assert rows[title][1] == found[key].words()
    # Of so few each share is told as so many of how many.
    assert "3 of 11" in str(rows["Never met"][1])
    assert "1 Oct 2026" in report.subject
