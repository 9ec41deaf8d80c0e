"""At the end two more things may be put down: was A&E needed, and was force used. Neither must be."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from db import commands
from db.domain.states import AssignmentState, ReferralState
from tests.cluster import Record, run
from tests.gui.seats import Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]


async def row(record: Record, referral: UUID) -> Any:
    connection = await asyncpg.connect(**record.owner_kwargs)
    try:
        return await connection.fetchrow("SELECT ae_care, force_used FROM cru.referral WHERE id = $1", referral)
    finally:
        await connection.close()


@pytest.mark.hazard("H-061")
@pytest.mark.parametrize(
    ("keys", "care", "force"),
    [
        (("Tab", "2", "Tab", "N"), "needed and not done", "no"),
        (("Tab", "3", "Tab", "Y"), "not needed", "yes"),
        (("Tab", "Tab", "U"), None, "unknown"),
        ((), None, None),
    ],
)
def test_care_and_force_are_put_down_by_key_or_not_at_all(
    seats: Callable[[str], Seat], record: Record, keys: tuple[str, ...], care: str | None, force: str | None
) -> None:
    seat = seats("a.shah")
    room = seat.room
    van, referral = room.on_duty(0), room.take(source="hub", ems_callsign="")
    room.accept(referral)
    job = room.send(referral, van, AssignmentState.WITH_PATIENT)
    room.do(commands.Step(assignment_id=job, to=AssignmentState.CLEAR))
    seat.show(referral)
    seat.until_primary("Close with an outcome")
    seat.press("Return", "1", "Tab", "Y", "Tab", "Y", "Tab", "Y", "Tab", "Tab", *keys)
    seat.press("Ctrl+Return")
    room.until(lambda: room.desk.store.referral(referral).state is ReferralState.CLOSED)
    assert tuple(run(row(record, referral))) == (care, force)
