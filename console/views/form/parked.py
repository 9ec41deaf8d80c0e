"""Drafts that were put aside."""

from PySide6.QtCore import QObject, Signal

from console.views.form.open_draft import OpenDraft


class ParkedDrafts(QObject):
    """Drafts put aside, oldest first."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drafts: list[OpenDraft] = []

    def all(self) -> tuple[OpenDraft, ...]:
        """The drafts, oldest first; each has a ``label``."""
        return tuple(self._drafts)

    def __len__(self) -> int:
        return len(self._drafts)

    def add(self, draft: OpenDraft) -> None:
        """Put a draft aside."""
        if draft not in self._drafts:
            self._drafts.append(draft)
            self.changed.emit()

    def remove(self, draft: OpenDraft) -> None:
        """Take a draft out, if it is here."""
        if draft in self._drafts:
            self._drafts.remove(draft)
            self.changed.emit()
