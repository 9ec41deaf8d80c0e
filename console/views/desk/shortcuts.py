"""Keys that work wherever the keyboard is, and the menu that says them all."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from console.look.key_table import EVERYWHERE, UNDO
from console.look.keyboard import Hands, bind_chords
from console.views.desk.page import DeskPage
from console.views.desk.profiles import PROFILES, Profile
from console.views.desk.torn import TornKeys
from console.views.desk.typed import hook

THEMES = (("dark", "&Dark"), ("light", "&Light"), ("contrast", "&High contrast"))
TEXT_SIZES = (100, 110, 125, 150)


class Shortcuts:
    """Binds the desk's keys. Letters stay free for what is typed."""

    def __init__(
        self, page: DeskPage, theme: str, text_size: int, lock: Callable[[], object] = lambda: None
    ) -> None:
        self._page, self._lock = page, lock
        self._theme = theme
        self._text_size = text_size
        # Of the window: a replay has keys of its own. Panels that are torn off have the same as the desk.
        does = self._does()
        self.command, self.words = hook(page, does)
        does |= {"command": self.command.open, "words": self.words.open}
        bind_chords(Hands(EVERYWHERE, does), page, Qt.ShortcutContext.WindowShortcut)
        for dock in page.dock.values():
            TornKeys(dock, page, does, page.undo)
        bind_chords(Hands(UNDO, {"undo": page.undo}), page, Qt.ShortcutContext.WindowShortcut)
        page.menu_button.clicked.connect(self.open_menu)

    def _does(self) -> dict[str, Callable[[], object]]:
        page = self._page
        return {
            **{name: dock.reveal for name, dock in page.dock.items()},
            **{f"tear {name}": dock.tear_or_put_back for name, dock in page.dock.items()},
            **{act: partial(take_profile, page, profile) for act, profile in PROFILES.items()},
            "first layout": partial(first_layout, page),
            "new": page.new_referral,
            "aside": page.forms.take_up,
            "filter": page.focus_filter,
            "place": page.find_place,
            "offer": page.answer_offer,
            "alarm": page.status.acknowledge_next,
            "alarms": page.beside.open_alarms,
            "pending": page.status.open_pending,
            "silence": page.status.pulse.silence,
            "sound test": page.status.pulse.test,
            "hide": page.privacy.toggle,
            "lock": self._lock,
            "menu": self.open_menu,
            "lead": page.beside.open_lead,
            "replay": page.beside.open_replay,
            "care": page.beside.open_care,
            "inbox": page.beside.open_inbox,
            "look up": page.beside.open_find,
            "person": lambda: page.beside.open_person(page.board.selected()),
            "messages": lambda: page.beside.open_messages(page.board.selected()),
            "log": page.beside.open_log,
            "room": page.beside.open_room,
            "voices": page.beside.open_voices,
            "wall": page.beside.open_wall,
            "review": page.beside.open_review,
            "fixes": page.beside.open_fixes,
            "insisted": page.beside.open_insisted,
            "measures": page.beside.open_measures,
            "tools": page.beside.open_tools,
            "rota": page.beside.open_rota,
            "fleet": page.beside.open_fleet,
            "settings": page.beside.open_settings,
            "keys": page.keys.toggle,
        }

    def open_menu(self) -> None:
        """Show the menu below the status bar."""
        menu = self._menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self._page.menu_button.rect().bottomRight() - QPoint(menu.sizeHint().width(), 0)
        menu.popup(self._page.menu_button.mapToGlobal(corner))

    def _menu(self) -> QMenu:
        page, beside = self._page, self._page.beside
        menu = QMenu("Menu", page)
        if beside.may_dispatch:
            _offer(menu, "&Inbox", "inbox", beside.open_inbox)
            _offer(menu, "&Alarms", "alarms", beside.open_alarms)
            _offer(menu, "&Calls and endings", "care", beside.open_care)
            _offer(menu, "Loo&k up", "look up", beside.open_find)
            _offer(menu, "Asked about rec&ords", "person", partial(beside.open_person, None))
            self._add_room(menu.addMenu("The &room"))
        if beside.may_lead:
            self._add_lead(menu.addMenu("Shift l&ead"))
        menu.addSeparator()
        self._add_panels(menu.addMenu("&Panels"))
        self._add_looks(menu.addMenu("The&me and text size"))
        menu.addAction(self._hide_names(menu))
        _offer(menu, "Ke&ys", "keys", page.keys.toggle)
        menu.addSeparator()
        _offer(menu, "Lock &now", "lock", self._lock)
        menu.addAction("&Sign out", page.sign_out)
        return menu

    def _add_room(self, menu: QMenu) -> None:
        beside = self._page.beside
        _offer(menu, "&Messages", "messages", beside.open_messages)
        _offer(menu, "Shift &log", "log", beside.open_log)
        _offer(menu, "&Handing over the room", "room", beside.open_room)
        _offer(menu, "&Feedback", "voices", beside.open_voices)
        _offer(menu, "&Wall", "wall", beside.open_wall)

    def _add_lead(self, menu: QMenu) -> None:
        beside = self._page.beside
        _offer(menu, "&Lead's page", "lead", beside.open_lead)
        _offer(menu, "To re&view", "review", beside.open_review)
        _offer(menu, "&Replay a past day", "replay", beside.open_replay)
        _offer(menu, "R&ota", "rota", beside.open_rota)
        _offer(menu, "&Fleet and staff", "fleet", beside.open_fleet)
        _offer(menu, "&Settings", "settings", beside.open_settings)
        _offer(menu, "Screening &tool", "tools", beside.open_tools)
        _offer(menu, "&Measures", "measures", beside.open_measures)
        _offer(menu, "Recorded &although", "insisted", beside.open_insisted)
        _offer(menu, "Ref&used positions", "fixes", beside.open_fixes)

    def _add_panels(self, menu: QMenu) -> None:
        for dock in self._page.dock.values():
            menu.addAction(dock.toggleViewAction())
        menu.addSeparator()
        for name, dock in self._page.dock.items():
            words = "Put back" if dock.isFloating() else "Tear off"
            _offer(menu, f"{words} {dock.name}", f"tear {name}", dock.tear_or_put_back)
        menu.addSeparator()
        for act, profile in PROFILES.items():
            _offer(menu, profile.title, act, partial(take_profile, self._page, profile))
        _offer(menu, "First layout", "first layout", partial(first_layout, self._page))

    def _add_looks(self, menu: QMenu) -> None:
        self._choices(menu, THEMES, self._theme, self._choose_theme)
        menu.addSeparator()
        sizes = tuple((str(size), f"Text {size} %") for size in TEXT_SIZES)
        self._choices(menu, sizes, str(self._text_size), self._choose_text_size)

    def _hide_names(self, menu: QMenu) -> QAction:
        privacy = self._page.privacy
        action = QAction(
            f"&Hide names and addresses\t{EVERYWHERE.key('hide')}", menu, checkable=True, checked=privacy.is_on
        )
        action.setEnabled(not privacy.always)
        action.triggered.connect(privacy.toggle)
        return action

    def _choices(
        self, menu: QMenu, choices: tuple[tuple[str, str], ...], chosen: str, choose: Callable[[str], None]
    ) -> None:
        group = QActionGroup(menu)
        for value, label in choices:
            action = QAction(label, menu, checkable=True, checked=value == chosen)
            group.addAction(action)
            action.triggered.connect(lambda _checked=False, value=value: choose(value))
            menu.addAction(action)

    def _choose_theme(self, theme: str) -> None:
        self._theme = theme
        self._page.theme_wanted.emit(theme)

    def _choose_text_size(self, size: str) -> None:
        self._text_size = int(size)
        self._page.text_size_wanted.emit(int(size))


def _offer(menu: QMenu, words: str, act: str, do: Callable[[], object]) -> None:
    """Add an entry that says its key of everywhere; what ``triggered`` sends along is nobody's argument."""
    menu.addAction(f"{words}\t{EVERYWHERE.key(act)}").triggered.connect(lambda _checked=False: do())


def take_profile(page: DeskPage, profile: Profile) -> None:
    """Put the panels as a profile has them, and the keyboard where it works."""
    page.docks.take_profile(profile)
    page.dock[profile.front].reveal()


def first_layout(page: DeskPage) -> None:
    """Put every panel where it was at first, and let windows open where they open at first."""
    page.first_layout()
    page.beside.forget_places()
