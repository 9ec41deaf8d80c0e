"""The button of the gravest alarm: how loud it looks, how it shows that it sounds, and what it says aloud."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from console.look.buttons import ActionButton
from console.look.key_table import EVERYWHERE
from db.domain.alarms import Alarm

_FLASH_MS: Final = 400
"""Milliseconds for which it shows that it sounds, for whoever does not hear it."""


class AlarmButton(ActionButton):
    """Its words are the status bar's to fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", EVERYWHERE.key("alarm"), "danger", parent)
        self._grave = True
        self._flash = QTimer(self, singleShot=True, interval=_FLASH_MS)
        self._flash.timeout.connect(self._rest)

    def look_like(self, alarm: Alarm, now: datetime) -> None:
        """As grave as an alarm, and named by it."""
        self._grave = alarm.priority == 1
        self.setAccessibleName(said(alarm, now))
        if not self._flash.isActive():
            self._rest()

    def flash(self) -> None:
        """For a moment it looks as another button does."""
        self.set_kind("primary")
        self._flash.start()

    def announce(self, alarm: Alarm, now: datetime) -> None:
        """Have it read aloud at once by whoever reads the screen."""
        event = QAccessibleAnnouncementEvent(self, said(alarm, now))
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def _rest(self) -> None:
        self.set_kind("danger" if self._grave else "secondary")


def said(alarm: Alarm, now: datetime) -> str:
    """An alarm as it is read aloud."""
    return f"Alarm, priority {alarm.priority}: {alarm.sentence(now)}"
