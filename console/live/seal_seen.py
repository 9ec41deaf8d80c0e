"""What a console knows of the seal of the record: the last checkpoint, and whether one did not continue."""

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from db.audit.checkpoint import read_note
from db.domain.seals import Sealed
from db.errors import Invalid


class SealSeen(QObject):
    """Told by each beat."""

    changed = Signal(str)
    """A checkpoint that did not come before."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sealed = Sealed(None)
        self.note = ""

    def known(self, since: datetime | None) -> Sealed:
        """What is known, where it ought to be sealed since a moment; None where it need not be."""
        return replace(self._sealed, since=since)

    def see(self, note: str) -> None:
        """Take the last checkpoint of the record; one that cannot be read counts for none."""
        if note == self.note:
            return
        self.note = note
        try:
            self._sealed = replace(self._sealed, last_at=read_note(note)[0].at)
        except Invalid:
            return
        self.changed.emit(note)

    def doubt(self, since: datetime | None) -> None:
        """Since when a checkpoint does not continue the one that was kept; None where all do."""
        self._sealed = replace(self._sealed, broken_at=since)
