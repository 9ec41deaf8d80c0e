"""A pane with little height: what may be done and what is read keep their room."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.style import px
from console.views.detail.note_box import NoteBox
from console.views.detail.sections import Header

_LOW = 460
"""Pixels, at 100 % text."""


@guarded
class LowPane(QObject):
    """While the pane is low, where and from whom scrolls with the rest, and the note is one line."""

    def __init__(self, pane: QWidget, header: Header, body: QVBoxLayout, note: NoteBox) -> None:
        super().__init__(pane)
        self._pane, self._header, self._body, self._note = pane, header, body, note
        self._is_low = False
        pane.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the pane and the size of the text."""
        if watched is self._pane and event.type() in (QEvent.Type.Resize, QEvent.Type.StyleChange):
            self._fit(self._pane.height() < px(_LOW))
        return super().eventFilter(watched, event)

    def _fit(self, low: bool) -> None:
        if low != self._is_low:
            self._is_low = low
            self._note.set_low(low)
            self._header.lend_details(self._body if low else None)
