"""Every view on every screen: nothing that must be read is cut, squeezed, or under something else.

Sizes are logical pixels: what is left of five screens at 100 to 200 % scaling. The map's web page is not looked
at here; its labels have tests of their own.
"""

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from console.look import style
from console.look.own_window import OwnWindow
from console.look.screens import FRAME
from console.views.window.failure import FailureWindow
from console.views.window.sign_in import SignIn
from db.errors import Unavailable
from tests.cluster import Record, run
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.busy import CALLSIGNS, busy, rename
from tests.gui.desks import stage
from tests.gui.map_tools import ENGINE_NOISE
from tests.gui.openings import Desk, openings
from tests.gui.seen import Seen, look, lost
from tests.gui.usable import unusable

__all__ = ["clock", "qt_loop", "rooms", "seated", "stage"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)
Opens = Callable[[str], Seated]

SCREENS = ((1280, 720), (1366, 768), (1920, 1080), (2560, 1440), (3840, 2160))
SMALLEST = (853, 480)
"""The smallest desk that is worked at: 1280 x 720 at 150 %, 1707 x 960 at 200 %."""
TOWNS = ("Wellingborough", "Corby", "Brackley", "Kettering", "Northampton")
STATES = ("NO VAN", "with patient", "allocated", "accepted", "received", "mobile", "on scene", "available")
MUST = (*CALLSIGNS, *TOWNS, *STATES, "0001", "0002", "0003", "0004", "0005", "P1", "P2", "P3", "due", "no van for")


def sizes(text: int) -> list[tuple[int, int]]:
    """Each logical size once, the small ones first; large text only where there is a desk for it."""
    logical = {(w * 100 // scale, h * 100 // scale) for w, h in SCREENS for scale in (100, 125, 150, 200)}
    least = (SMALLEST[0] * text // 100, SMALLEST[1] * text // 100)
    return sorted(size for size in logical if size[0] >= least[0] and size[1] >= least[1])


class Looked(Desk):
    """A desk that is looked at."""

    def look(self, window: QWidget | None = None) -> list[str]:
        """What is wrong once everything has come to rest."""
        end = time.monotonic() + 1.5
        while True:
            self.page.status.tick()
            self.settle()
            seen = look(window or self.seat.window)
            faults = [
                *wrong(seen),
                *unusable(window or self.page),
                *(unsaid(self, seen) if window is None else []),
            ]
            if not faults or time.monotonic() > end:
                return faults


@pytest.fixture
def desk(seated: Opens, clock: Clock, record: Record, qapp: QApplication) -> Iterator[Looked]:
    run(rename(record))
    seat = seated("l.lead")
    found = busy(seat, record)
    seat.page.select_referral(found.on_way)
    # The mark of a practice shift takes room, too.
    seat.page.status.exercise.show()
    seat.sit()
    yield Looked(seat, found)
    style.apply(qapp, "dark", 100)


def wrong(seen: Seen) -> list[str]:
    return [*seen.faults, *lost(seen, MUST)]


def unsaid(desk: Looked, seen: Seen) -> list[str]:
    """What has to be there in so many words, and is not."""
    page, now = desk.page, desk.seat.desk.clock.now()
    status = seen.said(page.status)
    top = page.status.sounding()[0]
    pane = seen.said(page.detail)
    primary = page.detail.next.primary()
    missing = [] if top.sentence(now) in status or top.short(now) in status else [f"alarm: {status}"]
    if page.detail.isVisible() and not page.detail.visibleRegion().isEmpty():
        label = primary.label if primary is not None else ""
        missing += [] if label in pane.replace("\n", " ") else [f"next step {label!r}: {pane[-200:]}"]
        missing += [] if "CRU-" in pane else ["reference in the pane"]
    if page.board.isVisible() and not page.board.visibleRegion().isEmpty():
        rows = seen.said(page.board)
        missing += [f"{word} on the board: {rows}" for word in ("0001", "P1", "NO VAN") if word not in rows]
    return missing


@pytest.mark.hazard("H-056")
@pytest.mark.parametrize("text", [100, *(pytest.param(text, marks=pytest.mark.long) for text in (125, 150))])
def test_the_desk(desk: Looked, qapp: QApplication, text: int) -> None:
    style.apply(qapp, "dark", text)
    found: dict[str, list[str]] = {}
    for width, height in sizes(text):
        desk.resize(width, height)
        assert desk.seat.window.size() == QSize(width, height), "the desk has no room"
        for name, chosen in (("on its way", desk.found.on_way), ("no van", desk.found.no_van)):
            desk.page.select_referral(chosen)
            if faults := desk.look():
                found[f"{width}x{height} {name}"] = faults
    assert not found, told(found)


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{where}\n    " + "\n    ".join(faults[:8]) for where, faults in found.items())


# --- what opens over it ---

NARROW = ((1280, 720, 150), (1366, 768, 100), (960, 540, 100), (1706, 960, 125))
"""The hardest screens, with the size of the text."""


# All of them take minutes: the narrowest for its text is looked at each time.
_LONG = [
    pytest.param(one, marks=[pytest.mark.long] if number else [], id="x".join(map(str, one)))
    for number, one in enumerate(NARROW)
]


@pytest.fixture(params=_LONG)
def small(request: pytest.FixtureRequest, desk: Looked, qapp: QApplication) -> Looked:
    width, height, text = request.param
    style.apply(qapp, "contrast" if text == 150 else "light", text)
    desk.resize(width, height)
    return desk


def test_what_opens_over_the_desk(small: Looked) -> None:
    """One night for all of it: making a night takes longer than looking at it."""
    found: dict[str, list[str]] = {}
    room = small.seat.window.size() - FRAME
    for name, opened in openings(small):
        if isinstance(opened, OwnWindow):
            # As large as it wants to be, on this screen.
            opened.resize(opened.first_size().boundedTo(room))
            small.settle()
        if faults := small.look(opened):
            found[name] = faults
    assert not found, told(found)


@pytest.mark.parametrize(("width", "height", "text"), [*NARROW, (640, 360, 100)])
def test_before_the_desk(stage: QWidget, qapp: QApplication, width: int, height: int, text: int) -> None:
    style.apply(qapp, "dark", text)
    page, error = (
        SignIn(None, stage),
        Unavailable("The server cannot be reached.", "Check its name, then try again."),
    )
    stage.resize(width, height)
    page.resize(width, height)
    page.show()
    page.say_refused(error)
    failed = FailureWindow(error)
    failed.show()
    for window in (page, failed):
        for _ in range(5):
            QApplication.processEvents()
        assert not wrong(look(window))
    failed.close()
    failed.deleteLater()
