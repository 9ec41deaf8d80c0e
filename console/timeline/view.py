"""The timeline panel: heading with what is shown and what it means, lanes below."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.timeline_keys import TIMELINES
from console.look.widgets import ActionButton, Heading
from console.timeline.input import Lanes
from console.timeline.jump import TimeJump
from console.timeline.lanes import Kind, Lane
from console.timeline.legend import Legend
from console.timeline.scale import Scale, clock
from console.timeline.table import LaneTable
from db.domain.clocks import LONDON

NOTHING_RUNS = "No handover is running. A lane appears here with each referral."


@guarded
class TimelineView(QWidget):
    """Who holds each patient over time: one lane a referral, and a line that says now."""

    lane_clicked = Signal(str)
    """The person chose a lane, by mouse or arrow key; carries its id."""
    lane_activated = Signal(str)
    """The person wants a lane opened, by double click or Return; carries its id."""
    thing_clicked = Signal(str)
    """The person chose a length of time that is about something else than its lane; carries that id."""
    switch_wanted = Signal()
    """The person wants the other kind of lanes."""
    moved = Signal()
    """Another window of time is shown, or now began or ceased to be followed."""
    scrolled = Signal()
    """Other lanes came into sight."""

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
        self._table = LaneTable(self)
        self._both = QStackedWidget(self)
        self._both.addWidget(self._lanes)
        self._both.addWidget(self._table)
        self._jump = TimeJump(self)
        self._legend = Legend(self)
        self._now, self._more, self._wrong = now, "", ""
        for widget in (self._jump, self._back, self._legend):
            self._heading.add_right(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self._both, 1)
        self._lanes.setAccessibleName(title)
        self.setAccessibleName(title)
        self.setFocusProxy(self._lanes)
        self.set_empty_text(NOTHING_RUNS)
        self._connect()

    def _connect(self) -> None:
        self._lanes.lane_clicked.connect(self.lane_clicked)
        self._lanes.lane_activated.connect(self.lane_activated)
        self._lanes.thing_clicked.connect(self.thing_clicked)
        self._lanes.switch_wanted.connect(self.switch_wanted)
        self._lanes.moved.connect(self._moved)
        self._lanes.verticalScrollBar().valueChanged.connect(lambda _: self.scrolled.emit())
        self._lanes.table_wanted.connect(self.show_table)
        self._lanes.jump_wanted.connect(self.ask_for_time)
        self._back.clicked.connect(self.follow_now)
        self._jump.wanted.connect(self.show_moment)
        self._jump.refused.connect(self._refuse)
        self._jump.asked.connect(self._tell_window)
        self._jump.left.connect(self._left_time)
        self._table.opened.connect(self.lane_activated)
        self._table.left.connect(self.show_drawn)

    def set_lanes(self, lanes: Sequence[Lane]) -> None:
        """Show these lanes in this order.

        Selection stays while its lane is there; scrolled down, the lane on top stays on top.
        Ids must differ. Cheap to call with lanes that did not change.
        """
        self._lanes.set_lanes(lanes)
        self._fill_table()

    def set_now(self, now: datetime) -> None:
        """Move now to an instant, aware UTC; as often as wanted, it draws only when a pixel changes."""
        self._now = now
        self._lanes.set_now(now)

    def shown(self) -> tuple[Lane, ...]:
        """The lanes, in their order."""
        return self._lanes.shown()

    def lanes_in_view(self) -> tuple[Lane, ...]:
        """Those that are to be seen without scrolling."""
        return self._lanes.in_view()

    def show_kinds(self, title: str, short: str, kinds: tuple[Kind, ...]) -> None:
        """Say what the lanes are, and explain these colours."""
        self._heading.set_title(title)
        self._heading.set_short(short)
        self._legend.show_kinds(kinds)
        self._lanes.setAccessibleName(title)
        self.setAccessibleName(title)

    def show_table(self) -> None:
        """Say the same as a table, and give it the keyboard."""
        self._both.setCurrentWidget(self._table)
        self._fill_table()
        self.setFocusProxy(self._table)
        self._table.setFocus()

    def show_drawn(self) -> None:
        """Draw the lanes again, and give them the keyboard."""
        self._both.setCurrentWidget(self._lanes)
        self.setFocusProxy(self._lanes)
        self._lanes.setFocus()

    def is_table(self) -> bool:
        """Whether the table is shown."""
        return self._both.currentWidget() is self._table

    def show_moment(self, at: datetime) -> None:
        """Look at a moment, aware UTC; now is no longer followed."""
        self._jump.hide()
        self._lanes.show_moment(at)

    def ask_for_time(self) -> None:
        """Ask for a time to go to."""
        self._jump.ask(self._now)

    def say_more(self, words: str) -> None:
        """Say beside the window of time how far the lanes reach; empty for nothing to say."""
        if words != self._more:
            self._more = words
            self._tell_window()

    def _fill_table(self) -> None:
        if self.is_table():
            self._table.show_lanes(self.shown(), self._now)

    def _left_time(self) -> None:
        self._wrong = ""
        self._tell_window()
        self._lanes.setFocus()

    def _moved(self) -> None:
        self._wrong = ""
        self._tell_window()
        self.moved.emit()

    def _refuse(self, why: str) -> None:
        self._wrong = why
        self._tell_window()

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
        # While a time is typed there is room for little else, and Escape leads back to it.
        self._back.setVisible(not self._lanes.following and self._jump.isHidden())
        self._legend.setVisible(self._jump.isHidden())
        if self._wrong:
            self._heading.set_note(self._wrong, "warn")
            self._fit_legend()
            return
        away = "looking ahead" if self._lanes.scale.start > self._now else "looking back"
        back = "" if self._lanes.following else f" · {away}"
        more = f" · {self._more}" if self._more else ""
        self._heading.set_note(f"{_window(self._lanes.scale)}{more}{back}")
        self._fit_legend()

    def _fit_legend(self) -> None:
        self._heading.refit()
        # Which time is shown goes before what the colours mean, which a tooltip tells as well.
        self._legend.setMaximumWidth(self._heading.room_beside(self._legend))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the legend what the other words leave."""
        super().resizeEvent(event)
        self._fit_legend()


def _window(scale: Scale) -> str:
    first, last = scale.start.astimezone(LONDON), scale.end.astimezone(LONDON)
    if first.date() == last.date():
        return f"{clock(scale.start)} to {clock(scale.end)}"
    return f"{first:%a} {first.day} {clock(scale.start)} to {last:%a} {last.day} {clock(scale.end)}"
