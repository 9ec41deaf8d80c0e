"""The map, the whole desk, and what lies over it. The map's page is never loaded: what it would draw is told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from console.live.arrivals import Arrivals
from console.look.key_table import EVERYWHERE
from console.map.marks import MapConfig
from console.views.command.line import CommandLine
from console.views.command.words_page import WordsPage
from console.views.desk.page import DeskPage
from console.views.desk.shortcuts import Shortcuts
from console.views.lock.lock import Lock
from console.views.map.arrival_offer import ArrivalOffer
from console.views.map.panel import MapPanel
from tests.gui.said.hands import shortcuts_of
from tests.gui.said.happens import NIGHT, REFUSED
from tests.gui.said.opening import Happens, Opening
from tests.gui.said.reference import id_of
from tests.gui.said.still import Still
from tests.unit.board_records import ago

Does = Callable[[Any], object]
Sits = Callable[[], Still]


# --- the map ---


def _map(still: Still, does: Does = lambda _: None) -> QWidget:
    panel = MapPanel(still.desk, still.etas, still.geography, MapConfig())
    still.show(panel, 900, 600)
    still.settle()
    does(panel)
    return panel


def _clicked(panel: MapPanel) -> None:
    view = panel.view
    view.ready.emit()
    view.van_clicked.emit(str(id_of("CRU1")))
    view.referral_clicked.emit(str(id_of("on_way")))
    view.background_clicked.emit(52.3, -0.8)


def _picked(panel: MapPanel) -> None:
    panel.pick_place((52.3, -0.7))
    panel.view.pin_moved.emit(52.31, -0.71)
    panel.view.middle_pointed.emit(52.32, -0.72)


def map_(_sits: Sits) -> Iterator[Opening]:
    yield Opening("the map", _map, NIGHT)
    for name, does in (
        ("clicked", _clicked),
        ("a place is picked", _picked),
        ("picked no more", lambda panel: (panel.pick_place(None), panel.stop_picking())),
        ("one is chosen", lambda panel: (panel.select_referral(id_of("on_way")), panel.select_van(id_of("CRU1")))),
        ("another van", lambda panel: (panel.select_referral(id_of("no_van")), panel.select_van(id_of("CRU2")))),
        ("gone to", lambda panel: (panel.show_referral(id_of("sent")), panel.show_van(id_of("CRU3")))),
        ("an address", lambda panel: panel.show_address((52.3, -0.7))),
        ("an address no more", lambda panel: (panel.show_address((52.3, -0.7)), panel.end_address())),
        ("towns", lambda panel: panel.towns.turn()),
        ("towns as a table", lambda panel: panel.towns.turn_table()),
        ("nothing to follow", lambda panel: panel.view.nothing_to_follow.emit()),
    ):
        yield Opening(name, partial(_map, does=does), NIGHT[3:5], in_a_row=True)
    searched = partial(_map, does=lambda panel: panel.search("NN1"))
    yield Opening("searched", searched, (":x", "Down", "Return", "Escape"), press=False)


# --- a van that came ---


def _offer(still: Still) -> QWidget:
    arrivals = Arrivals(still.desk.store, still.desk.clock, still.window)
    strip = ArrivalOffer(still.desk, arrivals, still.window)
    still.show(strip, 900, 60)
    scene = still.desk.store.referral(id_of("on_way")).location
    for seconds in (30, 20, 10, 0):
        known = still.desk.store.position(id_of("CRU1"))
        at = ago(seconds / 60)
        there = replace(known, lat=scene.lat, lon=scene.lon, speed=0, fixed_at=at, received_at=at)
        still.desk.store.put({"position": [there]})
    return strip


def offer(_sits: Sits) -> Iterator[Opening]:
    yield Opening("a van came", _offer, ("Return",))
    yield Opening("refused", _offer, (REFUSED, "Return", "Return", "Escape"))


# --- the desk ---


def _desk(still: Still, does: Does = lambda _: None) -> QWidget:
    page = DeskPage(still.desk, still.geography, MapConfig())
    page.shortcuts = Shortcuts(page, "dark", 100)
    still.show(page, 1380, 880)
    still.settle()
    page.select_referral(id_of("on_way"))
    page.focus_board()
    still.settle()
    does(page)
    still.ends(page.shutdown)
    return page


_EVERYWHERE = (
    *("Ctrl+1 ; Ctrl+2", "Ctrl+3", "Ctrl+5", "F6", "Ctrl+F ; :cor", "Escape", "Ctrl+H", "Ctrl+H"),
    *("Ctrl+N", "Escape", "F1", "Escape"),
)


def desk(_sits: Sits) -> Iterator[Opening]:
    yield Opening("the desk", _desk, _EVERYWHERE, press=False)
    yield Opening("its keys", _keys, _ALL_KEYS, press=False)
    menu = tuple((f"of the menu, {number}", partial(_of_menu, number=number)) for number in range(60))
    yield Opening("its menu", _keys, menu, press=False)
    for name, does in (
        ("a message", lambda page: page.message.say("late", "The van is away.", "Choose another.")),
        ("a draft put aside", lambda page: (page.new_referral(), page.forms.form.park())),
        (
            "left with something typed",
            lambda page: (page.detail.note.edit.setPlainText("x"), page.leaving.may_leave("F12")),
        ),
        ("gone to a van", lambda page: page.show_on_desk(None, id_of("CRU2"))),
        ("dropped on a van", lambda page: page._allocate_dropped(id_of("no_van"), id_of("CRU1"))),
    ):
        yield Opening(name, partial(_desk, does=does), press=False)
    torn = partial(_desk, does=lambda page: page.dock["vans"].tear_or_put_back())
    closed = ("its window is closed", lambda still: still.window.findChild(DeskPage).dock["vans"].close())
    yield Opening("torn off", torn, (closed,), press=False)


def _keys(still: Still) -> QWidget:
    """What is pressed anywhere on the desk; what it opens is told, and not what stands in it."""
    page = _desk(still)
    assert isinstance(page, DeskPage)
    return page.status


def _of_menu(still: Still, number: int) -> object:
    page = still.window.findChild(DeskPage)
    still.close_others(page)
    page.shortcuts.open_menu()
    menu = QApplication.activePopupWidget()
    # What has a key is tried by that.
    acts = [one for one in _leaves(menu) if one.isEnabled() and "\t" not in one.text()]
    if number >= len(acts):
        menu.close()
        return False
    words = acts[number].text()
    menu.close()
    acts[number].trigger()
    return [f"chosen {words!r}"]


def _leaves(menu: Any) -> list[QAction]:
    found = ((one, one.menu()) for one in menu.actions() if not one.isSeparator())
    return [leaf for one, inner in found for leaf in (_leaves(inner) if inner is not None else (one,))]


def _by_key(still: Still, key: str) -> object:
    page = still.window.findChild(DeskPage)
    still.close_others(page)
    shortcut = shortcuts_of(page).get(f"shortcut {key}")
    return shortcut.activated.emit() if shortcut is not None else False


_ALL_KEYS = tuple(
    (name, partial(_by_key, key=name)) for one in EVERYWHERE.keys for name in one.names if "F12" not in name
)


# --- the command line ---


def _line(still: Still, typed: str) -> QWidget:
    line = CommandLine(still.desk, still.etas, still.geography, lambda: id_of("on_way"), still.window)
    still.front(still.window)
    line.open(typed)
    return line


def _words(still: Still) -> QWidget:
    page = WordsPage(still.desk, {}, still.window)
    still.front(still.window)
    page.open()
    return page


_TYPED: tuple[tuple[str, tuple[str | Happens, ...]], ...] = (
    ("", ("a", "Up", "Escape")),
    ("acc 43", ("Return", "Return")),
    ("alloc 44", ("Tab", "Tab", "Return", "Return")),
    ("hold 44 30", ("Tab", "Return", "Return")),
    ("note 46 the step is loose", (REFUSED, "Return", "Return")),
    ("msg @b.okafor come back", ("Return",)),
    ("mobile 10", ("Return",)),
    ("nothing of the kind", ("Tab", "Return", "Backspace ; Backspace")),
    ("cl 53", ("Return", "Escape")),
)


def command(_sits: Sits) -> Iterator[Opening]:
    for at, (typed, then) in enumerate(_TYPED):
        yield Opening(f"typed {typed!r}", partial(_line, typed=typed), then, press=not at, in_a_row=True)
    chosen = partial(_line, typed="acc 43")
    yield Opening("while the night goes on", chosen, NIGHT[:5], press=False)
    yield Opening("all words", _words, ("Down", ":hold", "Down", "Escape"), press=False)


def _locked(still: Still) -> QWidget:
    page = _desk(still)
    lock = Lock(still.window, page, "secret", 0, lambda: 0.0)
    lock.lock()
    still.ends(lock.end)
    return lock.page


def lock(_sits: Sits) -> Iterator[Opening]:
    yield Opening("locked", _locked, (":wrong ; Return", "Tab", ":secret ; Return"), press=False)


WHOLES = {"map": map_, "offer": offer, "desk": desk, "command": command, "lock": lock}
