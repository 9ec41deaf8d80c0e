"""The handover timelines of the live board."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.live.desk import Desk
from console.live.etas import Etas
from console.live.unread import unread_words
from console.timeline.view import NOTHING_RUNS, TimelineView
from console.views.timeline.lanes import lanes


class TimelinePanel(QWidget):
    """Lanes of the open referrals and of those that ended lately."""

    referral_selected = Signal(object)
    referral_activated = Signal(object)

    def __init__(self, desk: Desk, etas: Etas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._etas = etas
        self._view = TimelineView(desk.clock.now(), parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        self.setFocusProxy(self._view)
        self._view.lane_clicked.connect(lambda key: self.referral_selected.emit(UUID(key)))
        self._view.lane_activated.connect(lambda key: self.referral_activated.emit(UUID(key)))
        desk.store.changed.connect(self._rebuild)
        desk.store.link_changed.connect(self._tell_empty)
        etas.changed.connect(self._rebuild)
        self._tell_empty()
        self._rebuild()

    def select(self, referral_id: UUID | None) -> None:
        """Mark the lane of a referral."""
        self._view.select(str(referral_id) if referral_id is not None else None)

    def tick(self) -> None:
        """Move the now line; once a minute the lengths in the labels too."""
        now = self._desk.clock.now()
        self._view.set_now(now)
        if now.minute != self._minute:
            self._rebuild()

    def _tell_empty(self) -> None:
        self._view.set_empty_text(unread_words(self._desk.store, "record") or NOTHING_RUNS)

    def _rebuild(self) -> None:
        now = self._desk.clock.now()
        self._minute = now.minute
        self._view.set_now(now)
        self._view.set_lanes(lanes(self._desk.store, self._etas.of, now))
