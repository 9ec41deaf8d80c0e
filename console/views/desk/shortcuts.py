"""Keys that work wherever the keyboard is, and the menu that says them all."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from console.views.desk.page import DeskPage

THEMES = (("dark", "Dark"), ("light", "Light"), ("contrast", "High contrast"))
TEXT_SIZES = (100, 110, 125, 150)


class Shortcuts:
    """Binds the desk's keys. Letters stay free for what is typed."""

    def __init__(self, page: DeskPage, theme: str, text_size: int) -> None:
        self._page = page
        self._theme = theme
        self._text_size = text_size
        self._bind("Ctrl+N", page.new_referral)
        self._bind("Ctrl+Shift+N", page.forms.take_up)
        self._bind("Ctrl+F", page.focus_filter)
        for key, name in (("F2", "board"), ("F3", "vans"), ("F4", "map"), ("F5", "timelines"), ("F6", "detail")):
            self._bind(key, page.dock[name].reveal)
            self._bind(f"Shift+{key}", page.dock[name].tear_or_put_back)
        self._bind("F8", page.answer_offer)
        self._bind("F9", page.status.acknowledge_next)
        self._bind("Ctrl+H", page.privacy.toggle)
        self._bind("F10", self.open_menu)
        if page.may_lead:
            self._bind("Ctrl+R", page.open_replay)
            self._bind("Ctrl+Shift+P", page.open_fixes)
        self._bind("F1", page.keys.toggle)
        page.menu_button.clicked.connect(self.open_menu)

    def _bind(self, key: str, do: Callable[[], object]) -> None:
        # Of the window: panels that are torn off belong to it too, and a replay has keys of its own.
        shortcut = QShortcut(QKeySequence(key), self._page)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(do)

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
        panels.addAction("First layout", self._page.first_layout)
        self._choices(menu.addMenu("&Theme"), THEMES, self._theme, self._choose_theme)
        sizes = tuple((str(size), f"{size} %") for size in TEXT_SIZES)
        self._choices(menu.addMenu("Te&xt size"), sizes, str(self._text_size), self._choose_text_size)
        menu.addAction(self._hide_names(menu))
        if self._page.may_lead:
            menu.addAction("&Replay a past day\tCtrl+R", self._page.open_replay)
            menu.addAction("Ref&used positions\tCtrl+Shift+P", self._page.open_fixes)
        menu.addAction("&Keys\tF1", self._page.keys.toggle)
        menu.addSeparator()
        menu.addAction("&Sign out", self._page.sign_out)
        return menu

    def _hide_names(self, menu: QMenu) -> QAction:
        privacy = self._page.privacy
        action = QAction("&Hide names and addresses\tCtrl+H", menu, checkable=True, checked=privacy.is_on)
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
