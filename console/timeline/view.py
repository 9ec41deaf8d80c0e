"""The timeline panel: heading with what is shown and what it means, lanes below."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.look.key_table import TIMELINES
from console.look.widgets import ActionButton, Heading
from console.timeline.input import Lanes
from console.timeline.lanes import Lane
from console.timeline.legend import Legend
from console.timeline.scale import Scale, clock
from db.domain.clocks import LONDON

NOTHING_RUNS = "No handover is running. A lane appears here with each referral."


class TimelineView(QWidget):
    """Who holds each patient over time: one lane a referral, and a line that says now."""

    lane_clicked = Signal(str)
    """The person chose a lane, by mouse or arrow key; carries its id."""
    lane_activated = Signal(str)
    """The person wants a lane opened, by double click or Return; carries its id."""

    def __init__(self, now: datetime, title: str = "Handover timelines", parent: QWidget | None = None) -> None:
        """Make an empty view.

        Args:
            now: aware UTC; move it with ``set_now``.
            title: of the panel, for the heading and screen readers.
            parent: owner.
        """
        super().__init__(parent)
        self._heading = Heading(title, parent=self)
        self._heading.set_short("Timelines")
        self._back = ActionButton("Back to now", TIMELINES.key("now"), "quiet", self)
        self._lanes = Lanes(now, self)
        self._heading.add_right(self._back)
        self._heading.add_right(Legend(self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self._lanes, 1)
        self._lanes.setAccessibleName(title)
        self.setAccessibleName(title)
        self.setFocusProxy(self._lanes)
        self.set_empty_text(NOTHING_RUNS)
        self._connect()

    def _connect(self) -> None:
        self._lanes.lane_clicked.connect(self.lane_clicked)
        self._lanes.lane_activated.connect(self.lane_activated)
        self._lanes.moved.connect(self._tell_window)
        self._back.clicked.connect(self.follow_now)

    def set_lanes(self, lanes: Sequence[Lane]) -> None:
        """Show these lanes in this order.

        Selection stays while its lane is there; scrolled down, the lane on top stays on top.
        Ids must differ. Cheap to call with lanes that did not change.
        """
        self._lanes.set_lanes(lanes)

    def set_now(self, now: datetime) -> None:
        """Move now to an instant, aware UTC; as often as wanted, it draws only when a pixel changes."""
        self._lanes.set_now(now)

    def select(self, lane_id: str | None) -> None:
        """Select a lane and bring it into view, without a signal; ``None`` or an unknown id selects nothing."""
        self._lanes.select(lane_id)

    def selected(self) -> str | None:
        """Id of the selected lane, if any."""
        return self._lanes.selected

    def follow_now(self) -> None:
        """Bring now back to the middle and keep it there."""
        self._lanes.follow_now()

    def following(self) -> bool:
        """Whether the window moves along with now; a pan by the person ends that, Home brings it back."""
        return self._lanes.following

    def scale(self) -> Scale:
        """The window of time shown."""
        return self._lanes.scale

    def set_empty_text(self, sentence: str) -> None:
        """What to say while there are no lanes."""
        self._lanes.set_empty_text(sentence)

    def _tell_window(self) -> None:
        self._back.setVisible(not self._lanes.following)
        self._heading.set_note(_window(self._lanes.scale))


def _window(scale: Scale) -> str:
    first, last = scale.start.astimezone(LONDON), scale.end.astimezone(LONDON)
    if first.date() == last.date():
        return f"{clock(scale.start)} to {clock(scale.end)}"
    return f"{first:%a} {first.day} {clock(scale.start)} to {last:%a} {last.day} {clock(scale.end)}"
