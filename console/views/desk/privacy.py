"""Names and addresses hidden on request: one switch for every panel that shows them. Not remembered."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal


class Coverable(Protocol):
    """A panel that can go on without what is personal."""

    def set_private(self, private: bool) -> None:
        """Hide or show what is personal."""


class Privacy(QObject):
    """Whether names and addresses are hidden on this console. It begins as it must be: open, or hidden always."""

    changed = Signal(bool)

    def __init__(self, *, always: bool, parent: QObject | None = None) -> None:
        """Start.

        Args:
            always: nothing personal is ever shown, whatever is asked.
            parent: owner.
        """
        super().__init__(parent)
        self.always = always
        self._on = always
        self._locked = False

    @property
    def is_on(self) -> bool:
        """Whether they are hidden now."""
        return self._on or self._locked

    def cover(self, panel: Coverable) -> None:
        """Bring a panel in line, now and from now on."""
        panel.set_private(self.is_on)
        self.changed.connect(panel.set_private)

    def toggle(self) -> None:
        """Hide them, or show them again where that is allowed."""
        if not self.always and not self._locked:
            self._on = not self._on
            self.changed.emit(self._on)

    def lock(self, is_locked: bool) -> None:
        """Hide them while the console is locked; after that they are as they were."""
        self._locked = is_locked
        self.changed.emit(self.is_on)
