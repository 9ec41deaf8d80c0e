"""An offered arrival in the whole window: over the map, called by F8, and no business of the wall board."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from PySide6.QtCore import QRect

from console.views.lists.fixes import FixesPage
from db.domain.states import AssignmentState
from tests.cluster import Record, run
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.map_tools import ENGINE_NOISE

__all__ = ["clock", "qt_loop", "rooms", "seated"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


async def store(record: Record, fix: dict[str, Any]) -> None:
    connection = await asyncpg.connect(**record.kwargs("g.gateway"))
    await connection.execute("SELECT cru.record_fixes($1::jsonb)", json.dumps([fix]))
    await connection.close()


def arrive(seat: Seated, record: Record, van: UUID) -> None:
    now = seat.desk.clock.now()
    for seconds in (10, 5):
        at = now - timedelta(seconds=seconds)
        fix = {"van_id": str(van), "fixed_at": at.isoformat(), "lat": 52.2406, "lon": -0.8901, "speed": 0}
        run(store(record, fix))
        seat.room.until(lambda at=at: (seen := seat.desk.store.position(van)) and seen.fixed_at == at)


def where(seat: Seated) -> tuple[QRect, QRect]:
    """The strip and the map, in the page."""
    strip, panel = seat.page.arrival_offer, seat.page.map
    assert strip is not None
    return strip.geometry(), QRect(panel.mapTo(seat.page, panel.rect().topLeft()), panel.size())


def test_the_offer_lies_on_the_map_and_f8_return_answers_it(
    seated: Callable[[str], Seated], clock: Clock, record: Record
) -> None:
    one, wall = seated("l.lead"), seated("w.wall")
    assert wall.page.arrival_offer is None
    strip = one.page.arrival_offer
    assert strip is not None
    referral = one.room.take()
    one.room.accept(referral)
    van = one.room.on_duty(1)
    job = one.room.send(referral, van, AssignmentState.MOBILE)
    one.sit()
    one.press("Ctrl+F")
    before = one.focused()
    arrive(one, record, van)
    one.room.until(lambda: strip.isVisible() and strip.accept_button.isEnabled())
    offered, on_map = where(one)
    assert on_map.contains(offered)
    one.page.dock["map"].hide()
    one.room.until(lambda: one.page.rect().contains(where(one)[0]) and where(one)[0] != offered)
    one.page.dock["map"].show()
    one.room.until(lambda: where(one)[1].contains(where(one)[0]))
    one.type("corby")
    assert one.focused() is before
    one.press("F8", "Return")
    one.room.until(lambda: one.desk.store.assignment(job).state is AssignmentState.ON_SCENE and strip.isHidden())
    assert one.focused() is before


def test_a_shift_lead_opens_the_refused_positions_by_key_and_the_desk_goes_on(
    seated: Callable[[str], Seated], clock: Clock
) -> None:
    lead, dispatcher = seated("l.lead"), seated("a.shah")
    dispatcher.sit()
    dispatcher.press("Ctrl+Shift+X")
    assert dispatcher.page.beside.lists.get(FixesPage) is None
    lead.sit()
    lead.press("Ctrl+Shift+X")
    page = lead.page.beside.lists.get(FixesPage)
    assert page is not None
    lead.room.until(lambda: page.isVisible() and page.empty.isVisible())
    page.close()
    assert lead.page.beside.lists.get(FixesPage) is None
