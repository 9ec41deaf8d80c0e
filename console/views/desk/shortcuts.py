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
from console.views.desk.typed import hook

THEMES = (("dark", "Dark"), ("light", "Light"), ("contrast", "High contrast"))
TEXT_SIZES = (100, 110, 125, 150)


class Shortcuts:
    """Binds the desk's keys. Letters stay free for what is typed."""

    def __init__(
        self, page: DeskPage, theme: str, text_size: int, lock: Callable[[], object] = lambda: None
    ) -> None:
        self._page, self._lock = page, lock
        self._theme = theme
        self._text_size = text_size
        # Of the window: panels that are torn off belong to it too, and a replay has keys of its own.
        does = self._does()
        self.command, self.words = hook(page, does)
        does |= {"command": self.command.open, "words": self.words.open}
        bind_chords(Hands(EVERYWHERE, does), page, Qt.ShortcutContext.WindowShortcut)
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
        menu = QMenu("Menu", self._page)
        panels = menu.addMenu("&Panels")
        for dock in self._page.dock.values():
            panels.addAction(dock.toggleViewAction())
        panels.addSeparator()
        for dock in self._page.dock.values():
            tear = panels.addAction(f"Tear off {dock.name}" if not dock.isFloating() else f"Put back {dock.name}")
            tear.triggered.connect(lambda _checked=False, dock=dock: dock.tear_or_put_back())
        panels.addSeparator()
        for act, profile in PROFILES.items():
            panels.addAction(f"{profile.title}\t{EVERYWHERE.key(act)}", partial(take_profile, self._page, profile))
        panels.addAction(f"First layout\t{EVERYWHERE.key('first layout')}", partial(first_layout, self._page))
        self._choices(menu.addMenu("&Theme"), THEMES, self._theme, self._choose_theme)
        sizes = tuple((str(size), f"{size} %") for size in TEXT_SIZES)
        self._choices(menu.addMenu("Te&xt size"), sizes, str(self._text_size), self._choose_text_size)
        menu.addAction(self._hide_names(menu))
        if self._page.beside.may_dispatch:
            menu.addAction(f"&Calls and endings\t{EVERYWHERE.key('care')}", self._page.beside.open_care)
            menu.addAction(f"&Inbox\t{EVERYWHERE.key('inbox')}", self._page.beside.open_inbox)
            menu.addAction(f"&Alarms\t{EVERYWHERE.key('alarms')}", self._page.beside.open_alarms)
            menu.addAction(f"Loo&k up\t{EVERYWHERE.key('look up')}", self._page.beside.open_find)
            person = partial(self._page.beside.open_person, None)
            menu.addAction(f"Asked about records\t{EVERYWHERE.key('person')}", person)
            menu.addAction(f"Messa&ges\t{EVERYWHERE.key('messages')}", self._page.beside.open_messages)
            menu.addAction(f"Shift lo&g\t{EVERYWHERE.key('log')}", self._page.beside.open_log)
            menu.addAction(f"&Wall\t{EVERYWHERE.key('wall')}", self._page.beside.open_wall)
            menu.addAction(f"Feed&back\t{EVERYWHERE.key('voices')}", self._page.beside.open_voices)
            menu.addAction(f"Handing over the roo&m\t{EVERYWHERE.key('room')}", self._page.beside.open_room)
        if self._page.beside.may_lead:
            menu.addAction(f"Lea&d's page\t{EVERYWHERE.key('lead')}", self._page.beside.open_lead)
            menu.addAction(f"To re&view\t{EVERYWHERE.key('review')}", self._page.beside.open_review)
            menu.addAction(f"&Replay a past day\t{EVERYWHERE.key('replay')}", self._page.beside.open_replay)
            menu.addAction(f"Ref&used positions\t{EVERYWHERE.key('fixes')}", self._page.beside.open_fixes)
            menu.addAction(f"Recorded a&lthough\t{EVERYWHERE.key('insisted')}", self._page.beside.open_insisted)
            menu.addAction(f"&Measures\t{EVERYWHERE.key('measures')}", self._page.beside.open_measures)
            menu.addAction(f"R&ota\t{EVERYWHERE.key('rota')}", self._page.beside.open_rota)
            menu.addAction(f"Fl&eet and staff\t{EVERYWHERE.key('fleet')}", self._page.beside.open_fleet)
            menu.addAction(f"Sett&ings\t{EVERYWHERE.key('settings')}", self._page.beside.open_settings)
            menu.addAction(f"Screening &tool\t{EVERYWHERE.key('tools')}", self._page.beside.open_tools)
        menu.addAction(f"&Keys\t{EVERYWHERE.key('keys')}", self._page.keys.toggle)
        menu.addSeparator()
        menu.addAction(f"Lock &now\t{EVERYWHERE.key('lock')}", self._lock)
        menu.addAction("&Sign out", self._page.sign_out)
        return menu

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


def take_profile(page: DeskPage, profile: Profile) -> None:
    """Put the panels as a profile has them, and the keyboard where it works."""
    page.docks.take_profile(profile)
    page.dock[profile.front].reveal()


def first_layout(page: DeskPage) -> None:
    """Put every panel where it was at first, and let windows open where they open at first."""
    page.first_layout()
    page.beside.forget_places()
