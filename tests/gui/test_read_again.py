"""What could not be read without the link is read again once it is back: by itself, as it is said."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from PySide6.QtCore import QObject

from console.live.again import Again
from console.live.desk import Desk
from console.live.store import Link, LinkState, Store
from console.running.tasks import spawn
from console.views.alarms.page import AlarmsPage
from console.views.lead.window import LeadWindow
from console.views.lists.insisted import InsistedPage
from console.views.room.handover_page import ShiftHandoverPage
from console.views.room.lines_window import LinesWindow
from console.views.room.review_page import ReviewPage
from console.views.room.voices_page import VoicesPage
from console.views.rota.fleet import FleetWindow
from console.views.rota.settings import SettingsWindow
from console.views.rota.window import RotaWindow
from console.views.status.bar import StatusBar
from db.clock import ClockReading, RecordClock
from db.commands import AddFeedback
from db.errors import TRIES_AGAIN, NotAllowed, Passing, RecordError, Unavailable
from tests.gui.desks import Room, qt_loop, rooms
from tests.unit.board_records import NOW, reference

__all__ = ["qt_loop", "rooms"]
AWAY = Passing("The record cannot be reached.")


@pytest.mark.parametrize(
    ("error", "states", "read"),
    [
        (AWAY, ["live"], 1),
        (AWAY, ["lost", "connecting"], 0),
        (AWAY, ["lost", "live", "live"], 1),
        (Passing("No server of that name is found.", f"Check the network. {TRIES_AGAIN}"), ["live"], 1),
        (Unavailable("The record's disk is full.", "Make room."), ["live"], 0),
        (NotAllowed("That is for a shift lead."), ["live"], 0),
        (None, ["lost", "live"], 0),
    ],
)
def test_once_and_only_what_the_console_says_that_it_tries(
    qt_loop: object, error: RecordError | None, states: list[str], read: int
) -> None:
    owner, found = QObject(), []
    store = Store(reference(), Link(LinkState.LOST, NOW))
    again = Again(store, lambda: found.append(1), owner)
    if error is not None:
        again.owe(error)
    for state in states:
        store.set_link(Link(LinkState(state), NOW))
    assert len(found) == read
    assert again.is_read() is (error is not None)
    assert not again.is_read()


def past_alarms(desk: Desk) -> AlarmsPage:
    bar = StatusBar(desk)
    page = AlarmsPage(desk, bar.alarms)
    page.closed.connect(bar.deleteLater)
    page.period.setCurrentIndex(1)
    return page


WINDOWS: Final[dict[str, Any]] = {
    "lead_page": LeadWindow,
    "insisted_on": InsistedPage,
    "room_handovers": ShiftHandoverPage,
    "voices": VoicesPage,
    "to_review": ReviewPage,
    "alarms_since": past_alarms,
    "rota": RotaWindow,
    "fleet": FleetWindow,
    "settings": SettingsWindow,
}


def test_a_window_that_could_not_read_reads_when_the_link_is_back(
    rooms: Callable[[str], Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    room, asked = rooms("l.lead"), Counter[str]()
    reads = type(room.desk.reads)

    def away_at_first(name: str) -> Callable[..., Any]:
        there = getattr(reads, name)

        async def read(*given: Any, **more: Any) -> Any:
            asked[name] += 1
            if asked[name] == 1:
                raise AWAY
            return await there(*given, **more)

        return read

    for name, kind in WINDOWS.items():
        monkeypatch.setattr(reads, name, away_at_first(name))
        window = kind(room.desk)
        window.show()
        room.until(lambda name=name: asked[name] >= 2)
        room.until(lambda window=window: AWAY.sentence not in window.message.text() or window.message.isHidden())
        window.close()


def test_what_was_just_written_is_read_by_a_console_whose_clock_runs_behind(rooms: Callable[[str], Room]) -> None:
    room = rooms("l.lead")
    room.do(AddFeedback(said_by="person", words="Nobody rushed me.", consent="may be quoted"))
    behind = RecordClock()
    behind.set(ClockReading(room.desk.clock.now() - timedelta(seconds=40), 1.0))
    desk = replace(room.desk, clock=behind)
    voices, review = VoicesPage(desk), ReviewPage(desk)
    for page in (voices, review):
        page.show()
    room.until(lambda: voices.voices.rowCount() == 1)
    room.until(lambda: review.table.rowCount() == 1)
    for page in (voices, review):
        page.end()


class Listed(LinesWindow):
    """Reads what the record says when it is asked, and is answered when a test says so."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Listed", 400, 300)
        self.said, self.found, self.shown = "nothing", "", 0
        self.answers = [asyncio.Event(), asyncio.Event()]

    def refresh(self) -> None:
        spawn(self.read_and_show(), "read it", self)

    async def read(self) -> None:
        said = self.said
        await self.answers.pop(0).wait()
        self.found = said

    def show_lines(self) -> None:
        self.shown += 1


def test_what_was_read_before_never_takes_the_place_of_what_was_read_after(rooms: Callable[[str], Room]) -> None:
    room = rooms("a.shah")
    window = Listed(room.desk)
    first, second = window.answers
    window.refresh()
    room.until(lambda: len(window.answers) < 2)
    window.said = "something"
    window.refresh()
    second.set()
    first.set()
    room.until(lambda: window.shown == 2)
    assert window.found == "something"
    window.end()
