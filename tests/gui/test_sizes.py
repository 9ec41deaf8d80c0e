"""Every view on every screen: nothing that must be read is cut, squeezed, or under something else.

Sizes are logical pixels: what is left of five screens at 100 to 200 % scaling. The map's web page is not looked
at here; its labels have tests of their own.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from console.look import style
from console.views.detail.orders import direct
from console.views.window.failure import FailureWindow
from console.views.window.sign_in import SignIn
from db.domain.fleet import VanAction
from db.errors import Unavailable
from tests.cluster import Record, run
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.busy import CALLSIGNS, Busy, busy, rename
from tests.gui.desks import stage
from tests.gui.map_tools import ENGINE_NOISE
from tests.gui.seen import Seen, look, lost

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


class Desk:
    """The busy night, at whatever size."""

    def __init__(self, seat: Seated, found: Busy) -> None:
        self.seat, self.found, self.page = seat, found, seat.page

    def resize(self, width: int, height: int) -> None:
        self.seat.window.resize(width, height)
        self.settle()

    def settle(self) -> None:
        """Let Qt carry out what was put off, until nothing moves."""
        before: list[object] = []
        for _ in range(20):
            QApplication.processEvents()
            now = [one.geometry() for one in self.page.findChildren(QWidget)]
            if now == before:
                return
            before = list(now)

    def look(self, window: QWidget | None = None) -> list[str]:
        """What is wrong once everything has come to rest."""
        found: list[list[str]] = []

        def right() -> bool:
            self.settle()
            seen = look(window or self.seat.window)
            found.append([*wrong(seen), *(unsaid(self, seen) if window is None else [])])
            return not found[-1]

        with suppress(AssertionError):  # what is still wrong is given back
            self.seat.room.until(right, within=1.5)
        return found[-1]


@pytest.fixture
def desk(seated: Opens, clock: Clock, record: Record, qapp: QApplication) -> Iterator[Desk]:
    run(rename(record))
    seat = seated("l.lead")
    found = busy(seat, record)
    seat.page.select_referral(found.on_way)
    seat.sit()
    yield Desk(seat, found)
    style.apply(qapp, "dark", 100)


def wrong(seen: Seen) -> list[str]:
    return [*seen.faults, *lost(seen, MUST)]


def unsaid(desk: Desk, seen: Seen) -> list[str]:
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


@pytest.mark.parametrize("text", [100, 125, 150])
def test_the_desk(desk: Desk, qapp: QApplication, text: int) -> None:
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


@pytest.fixture(params=NARROW, ids=lambda one: "x".join(map(str, one)))
def small(request: pytest.FixtureRequest, desk: Desk, qapp: QApplication) -> Desk:
    width, height, text = request.param
    style.apply(qapp, "contrast" if text == 150 else "light", text)
    desk.resize(width, height)
    return desk


def test_what_opens_over_the_desk(small: Desk) -> None:
    """One night for all of it: making a night takes longer than looking at it."""
    found: dict[str, list[str]] = {}
    for name, opened in openings(small):
        if faults := small.look(opened):
            found[name] = faults
    assert not found, told(found)


def openings(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    yield from sheets(desk)
    yield from vans(desk)
    yield from form(desk)
    yield from pages(desk)


def sheets(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    pane, seen = desk.page.detail, set()
    for key in (desk.found.received, desk.found.no_van, desk.found.on_way, desk.found.handing):
        desk.page.select_referral(key)
        for step in pane.next.steps:
            if step.act in seen or direct(desk.seat.desk.store.referral(key), step) is not None:
                continue
            pane.do(step)
            seen.add(step.act)
            if pane.sheets.current is not None:
                yield f"sheet {step.label}", pane.sheets.current
                pane.sheets.close()
            desk.page.forms.form.park()
        pane.open_menu()
        yield "more actions", pane.sheets.current
        pane.sheets.close()
    assert len(seen) > 5, "too few sheets were found"


def vans(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    panel, store = desk.page.vans, desk.seat.desk.store
    desk.page.dock["vans"].reveal()
    asking = (VanAction.ON_DUTY, VanAction.MEAL, VanAction.OUT)
    for van in store.vans():
        panel.select(van.id)
        yield f"van {van.callsign}", panel
        for action in asking:
            panel.act(action)
            if panel.sheet is not None:
                yield f"{van.callsign} {action}", panel
                panel.sheet.closed.emit()


def form(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    desk.page.new_referral()
    form = desk.page.forms.form
    for section in range(1, 8):
        form.go_to(section)
        yield f"form {section}", form
    form.footer.open_reasons()
    yield "form declined", form
    form.park()


def pages(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    page = desk.page
    page.keys.toggle()
    yield "keys", page.keys
    page.keys.toggle()
    page.message.say("late", "The van is on its way to somebody else already.", "Choose another van.")
    yield "message", page.message
    page.message.clear()
    page.status.meanwhile.tell(
        [(desk.found.no_van, "0001"), (desk.found.on_way, "0002"), (desk.found.held, "0005")]
    )
    yield "link back", page.status
    page.status.meanwhile.clear()
    page.open_fixes()
    yield "positions", page.fixes
    close(page.fixes)
    page.open_replay()
    yield "replay", page.replay
    close(page.replay)


def close(window: QWidget | None) -> None:
    assert window is not None
    window.close()


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
