"""How the program looks on this workstation: theme and size of text, remembered."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from console.look import style
from console.look.own_keys import OWN_KEYS, own_of
from console.start.settings import Settings
from console.views.desk.layout import LayoutMemory

if TYPE_CHECKING:
    from console.look.palette import Theme


class Looks(QObject):
    """Theme and size of text in force; what was chosen last wins over the settings."""

    def __init__(self, app: QApplication, settings: Settings, memory: LayoutMemory) -> None:
        super().__init__(app)
        self._app = app
        self._login = ""
        self.memory = memory
        self._theme = memory.recall("theme", settings.theme)
        self.text_size = int(memory.recall("text_size", str(settings.font_percent)))
        style.apply(app, self._theme, self.text_size)
        OWN_KEYS.changed.connect(self._keep_keys)

    @property
    def theme(self) -> "Theme":
        """The theme; dark for a name that is none."""
        return "light" if self._theme == "light" else "contrast" if self._theme == "contrast" else "dark"

    def set_theme(self, theme: str) -> None:
        """Change the theme, at once and for the next start."""
        self._theme = theme
        self.memory.remember("theme", theme)
        style.apply(self._app, theme, self.text_size)

    def set_text_size(self, percent: int) -> None:
        """Change the size of text, at once and for the next start."""
        self.text_size = percent
        self.memory.remember("text_size", str(percent))
        style.apply(self._app, self._theme, percent)

    def take_keys_of(self, login: str) -> None:
        """What somebody changed at this workstation is in force: keys, theme, size of text; and is kept."""
        OWN_KEYS.take(own_of(self.memory.recall(f"keys/{login}", "")))
        self._login = login
        self.memory.take(login)
        self._theme = self.memory.recall("theme", self._theme)
        self.text_size = int(self.memory.recall("text_size", str(self.text_size)))
        style.apply(self._app, self._theme, self.text_size)

    def leave_keys(self) -> None:
        """The keys are those of the table again, until somebody signs in."""
        self._login = ""
        self.memory.take("")
        OWN_KEYS.take({})

    def _keep_keys(self) -> None:
        if self._login:
            self.memory.remember(f"keys/{self._login}", OWN_KEYS.as_text())
