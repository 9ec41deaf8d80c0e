"""The timelines, the replay of a past day, and the weeks that are planned."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from console.map.marks import MapConfig
from console.timeline.view import TimelineView
from console.views.replay.window import ReplayWindow
from console.views.rota.fleet import FleetWindow
from console.views.rota.settings import SettingsWindow
from console.views.rota.window import RotaWindow
from console.views.timeline.panel import TimelinePanel
from db.domain.clocks import local
from tests.gui.said.fill import FILL
from tests.gui.said.happens import NIGHT
from tests.gui.said.opening import Happens, Opening
from tests.gui.said.reference import id_of
from tests.gui.said.still import Still
from tests.unit.board_records import NOW, ago

Sits = Callable[[], Still]
_SENDS = (*FILL, "Ctrl+Return", "Return")


# --- timelines ---


def _lanes(still: Still, turn: Callable[[Any, Any], object] = lambda _panel, _view: None) -> QWidget:
    panel = TimelinePanel(still.desk, still.etas)
    still.show(panel, 900, 420)
    still.settle()
    view = panel.findChild(TimelineView)
    assert view is not None
    turn(panel, view)
    panel.setFocus()
    return panel


_ALONG = ("Right", "Left", "Down", "Down", "Up", "+", "-", "Home", "End", "PgUp", "PgDown", "Return", ",", ".")


def timeline(_sits: Sits) -> Iterator[Opening]:
    yield Opening("referrals", _lanes, (*_ALONG, *NIGHT))
    yield Opening("vans", partial(_lanes, turn=lambda panel, _: panel.switch()), (*_ALONG, *NIGHT))
    yield Opening("table", partial(_lanes, turn=lambda _, view: view.show_table()), ("Down", "Return", *NIGHT[:2]))
    of_vans = partial(_lanes, turn=lambda panel, view: (panel.switch(), view.show_table()))
    yield Opening("table of vans", of_vans, ("Down", "Return"))
    asks = partial(_lanes, turn=lambda _, view: view.ask_for_time())
    yield Opening("a time", asks, (":9999", "Return", "Escape", "G", ":0215", "Return"))
    for name, at in (("looked back", 60), ("looked far back", 3000), ("looked ahead", -900)):
        back = partial(_lanes, turn=lambda _, view, at=at: view.show_moment(ago(at)))
        yield Opening(name, back, ("Left", "Right", *NIGHT[3:7], "0"), press=False)
    past_vans = partial(_lanes, turn=lambda panel, view: (panel.switch(), view.show_moment(ago(3000))))
    yield Opening("vans looked back at", past_vans, ("Home",), press=False)
    chosen = partial(_lanes, turn=lambda panel, _: panel.select(id_of("on_way")))
    yield Opening("one is chosen", chosen, NIGHT[:2], press=False)
    van = partial(_lanes, turn=lambda panel, _: (panel.switch(), panel.select_van(id_of("CRU3"))))
    yield Opening("a van is chosen", van, NIGHT[3:5], press=False)
    then = _then_lanes
    yield Opening("of a past moment", then, NIGHT[3:5], press=False)


def _then_lanes(still: Still) -> QWidget:
    panel = TimelinePanel(still.desk, still.etas, then=True)
    still.show(panel, 900, 420)
    return panel


# --- the replay ---


def _replay(still: Still, does: Callable[[Any], object] = lambda _: None) -> QWidget:
    window = ReplayWindow(still.desk, still.geography, MapConfig())
    still.front(window)
    window.open_day(local(NOW).date())
    still.settle()
    does(window)
    still.ends(lambda: isValid(window) and window.close())
    return window


def _player(play: Callable[[Any], object]) -> Callable[[Still], object]:
    def does(_still: Still) -> object:
        return play(_shown().player)

    return does


def _shown() -> ReplayWindow:
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, ReplayWindow) and one.isVisible())


_PLAYS: tuple[Happens, ...] = (
    ("it plays", _player(lambda one: one.play(10))),
    ("a moment of it", _player(lambda one: one._tick())),
    ("it stands", _player(lambda one: one.play(0))),
    ("its end", _player(lambda one: one.seek(one.end))),
    ("its beginning", _player(lambda one: one.seek(one.start))),
)


def replay(_sits: Sits) -> Iterator[Opening]:
    keys = ("Space", "Right", "Left", "Shift+Right", "Down", "PgDown", "End", "Home", "Space")
    yield Opening("a day", _replay, (*keys, *_PLAYS, "Escape", "Escape"), in_a_row=True)
    events = partial(_replay, does=lambda window: window.events.setFocus())
    yield Opening("its events", events, ("Down", "Down", "Return", "End", "Return"), press=False)
    at = partial(_replay, does=lambda window: window.open_day(local(ago(3000)).date(), ago(3000), id_of("on_way")))
    yield Opening("another moment", at, ("Ctrl+1", "Down", "Ctrl+3"), press=False)
    yield Opening("not read", partial(_replay, does=_unread), (("it answers again", _answers_again),), press=False)


def _unread(window: ReplayWindow) -> None:
    reads: Any = window.player._live.reads
    reads.is_silent = True
    window.open_day(local(NOW).date())


def _answers_again(still: Still) -> None:
    still.answers.is_silent = False
    _shown()._read_again()


# --- the weeks ---


def _of(kind: Callable[..., Any], does: Callable[[Any], object] = lambda _: None) -> Callable[[Still], QWidget]:
    def opened(still: Still) -> QWidget:
        window: QWidget = kind(still.desk)
        still.front(window)
        still.settle()
        does(window)
        return window

    return opened


def _on_shift(window: Any, does: str) -> None:
    lane = next(one for one in window.lanes() if one.blocks)
    window.canvas.go_to(lane.id, lane.blocks[0].start)
    getattr(window, does)()


def rota(_sits: Sits) -> Iterator[Opening]:
    along = ("Down", "Right", "Right", "Left", "Up", "End", "Home")
    yield Opening("a week", _of(RotaWindow), along, in_a_row=True)
    for does in ("new", "wanted", "edit", "swap"):
        yield Opening(does, _of(RotaWindow, partial(_on_shift, does=does)), _SENDS, press=False)
    people = _of(RotaWindow, lambda window: window.turn_lanes())
    yield Opening("people", people, ("Down", "Right"), in_a_row=True)
    table = _of(RotaWindow, lambda window: window.turn_table())
    yield Opening("as a table", table, ("Down", "Return"), press=False)
    matters = _of(RotaWindow, lambda window: window.side.matters.setFocus())
    yield Opening("what is to be put right", matters, ("Down", "Return"), press=False)
    yield Opening("published", _of(RotaWindow, lambda window: window.publish()), press=False)


def fleet(_sits: Sits) -> Iterator[Opening]:
    for at, name in enumerate(("vans", "staff", "devices")):
        turned = _of(FleetWindow, lambda window, at=at: window.turn(at))
        yield Opening(name, turned, ("Down", "Down", "Up"), in_a_row=True)
    yield Opening("a van", _of(FleetWindow, lambda window: window.edit()), _SENDS, press=False)


def settings(_sits: Sits) -> Iterator[Opening]:
    yield Opening("settings", _of(SettingsWindow), ("Down", "Return", "Escape"), in_a_row=True)
    yield Opening("one of them", _of(SettingsWindow, lambda window: window.edit()), _SENDS, press=False)


TIMES = {"timeline": timeline, "replay": replay, "rota": rota, "fleet": fleet, "settings": settings}
