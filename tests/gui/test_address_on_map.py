"""The address that is being typed is seen on the map, with the vans that could come; the view comes back."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtTest import QTest

from console.map.scheme import prepare_engine
from db.domain.states import AssignmentState
from tests.cluster import Record, run
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.busy import locate
from tests.gui.map_tools import ENGINE_NOISE

__all__ = ["clock", "qt_loop", "rooms", "seated"]
prepare_engine()
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

LOOK = "(() => { const p = CRU.parts(); return [...p.marks.routes.map(r => [r.label, r.faint])]; })()"


class Watcher:
    """What the map's page shows."""

    def __init__(self, seat: Seated) -> None:
        self.seat, self.view = seat, seat.page.map.view

    def ask(self, script: str) -> Any:
        said: list[Any] = []
        self.view._page.runJavaScript(f"JSON.stringify({script})", 0, said.append)
        self.seat.room.until(lambda: said)
        return json.loads(said[0]) if said[0] else None

    def until(self, predicate: Callable[[], bool]) -> None:
        # By the clock: how often a page is asked says nothing about how far its movement has come.
        over = time.monotonic() + 30
        while time.monotonic() < over:
            if predicate():
                return
        seen = self.ask("[CRU.look(), document.visibilityState, CRU.parts().map.getSize()]")
        pytest.fail(
            f"the map never showed it: {seen}, {self.view.viewport}, {self.seat.page.map.address._covered()}"
        )

    def ways(self) -> list[list[Any]]:
        return list(self.ask(LOOK))

    def sees(self, lat: float, lon: float) -> bool:
        """Whether a place is in the part of the map that nothing covers."""
        point = f"CRU.parts().map.latLngToContainerPoint([{lat}, {lon}])"
        x, y = self.ask(f"[{point}.x, {point}.y]")
        free = self.view.width() - self.seat.page.map.address._covered()
        return 0 < x < free and 0 < y < self.view.height()


def test_a_typed_town_flies_in_with_the_vans_that_could_come(
    seated: Callable[[str], Seated], clock: Clock, record: Record
) -> None:
    seat = seated("a.shah")
    room, page = seat.room, seat.page
    seat.geography.start()
    vans = [room.on_duty(at) for at in range(5)]
    at = room.desk.clock.now()
    places = [(52.40, -0.73), (52.24, -0.89), (52.49, -0.69), (52.30, -0.60), (52.39, -0.72)]
    run(
        locate(
            record,
            [
                {
                    "van_id": str(van),
                    "fixed_at": at.isoformat(),
                    "received_at": at.isoformat(),
                    "lat": lat,
                    "lon": lon,
                    "source": "osmand",
                }
                for van, (lat, lon) in zip(vans, places, strict=True)
            ],
        )
    )
    busy = room.take()
    room.accept(busy)
    room.send(busy, vans[0], AssignmentState.MOBILE)
    room.until(lambda: all(room.desk.store.position(van) for van in vans) and page.map.view._ready)
    room.until(lambda: seat.geography._finder is not None)
    shown = Watcher(seat)
    seat.sit()
    page.new_referral()
    place = page.forms.form.page.place
    place.line.setFocus()
    QTest.keyClicks(place.line, "Kettering")
    room.until(lambda: place.has_suggestions)
    assert shown.ways() == []  # several are meant: nobody has said which
    before = page.map.view.viewport
    QTest.keySequence(place.line, "Down")
    shown.until(lambda: len(shown.ways()) == 3)
    names = {van.id: van.callsign for van in room.desk.store.vans()}
    said = shown.ways()
    # The nearest is on a job; of the others the quickest is drawn strong, and first.
    assert [words.split()[0] for words, _ in said] == [names[vans[at]] for at in (4, 2, 3)]
    assert [faint for _, faint in said] == [False, True, True]
    assert all("min" in words and "estimate" in words for words, _ in said)
    shown.until(lambda: shown.sees(52.398, -0.726) and page.map.view.viewport != before)
    shown.until(lambda: shown.sees(52.398, -0.726) and shown.sees(*places[3]))
    assert shown.ask("CRU.look().pin")[0] == pytest.approx(52.4, abs=0.02)
    # Another letter means another place; the view does not jump about meanwhile.
    moved = page.map.view.viewport
    QTest.keyClicks(place.line, "x")
    shown.until(lambda: shown.ways() == [])
    assert shown.ask("CRU.look().pin") is None
    assert page.map.view.viewport == moved != before
    page.forms.form.park()
    room.until(lambda: page.map.view.viewport == pytest.approx(before, abs=1e-6))
