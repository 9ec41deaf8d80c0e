"""The handover timelines: a lane a referral, or a lane a van; now, and as far back as somebody looks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.live.desk import Desk
from console.live.etas import Etas
from console.live.lookback import LookBack
from console.live.store import Delta
from console.live.unread import unread_words
from console.timeline.lanes import Lane, in_window, starts_at
from console.timeline.legend import OF_REFERRALS, OF_VANS
from console.timeline.view import NOTHING_RUNS, TimelineView
from console.views.detail.story import StoryLine, story
from console.views.timeline.book import LaneBook
from console.views.timeline.stories import Stories
from console.views.timeline.van_lanes import VansShown, van_lanes
from db.domain.holding import PredictedRelease
from db.domain.records import Assignment, Van
from db.domain.roles import may_dispatch

NOTHING_WAS: Final = "Nothing was running in this window of time."
NO_VANS: Final = "No van is in use."
_TOLD_EVERY: Final = timedelta(seconds=10)
SETTLED: Final = 120
"""Milliseconds after the last move of the window or the lanes until what came into sight is read."""


class TimelinePanel(QWidget):
    """Lanes of the open referrals and of those that ended lately; looked back at, of those that were then."""

    referral_selected = Signal(object)
    referral_activated = Signal(object)
    van_selected = Signal(object)

    def __init__(self, desk: Desk, etas: Etas, parent: QWidget | None = None, *, then: bool = False) -> None:
        """Show a desk's lanes.

        Args:
            desk: live, or a replay's.
            etas: expected arrivals.
            parent: owner.
            then: it shows a past moment: nothing is told that came later, so the record is not asked.
        """
        super().__init__(parent)
        self._desk = desk
        self._etas = etas
        self._asks = not then and may_dispatch(desk.me.role)
        self._of_vans = False
        self._selected: UUID | None = None
        self._stories = Stories(self._read_stories, self)
        self._book = LaneBook(desk.store, etas, desk.foresight, self._stories)
        self._back = LookBack(desk.reads.past_stretch, lambda: desk.store.reference.rules.ended_board, self)
        self._view = TimelineView(desk.clock.now(), parent=self)
        self._later = _timer(self, 0, self._work)
        self._settling = _timer(self, SETTLED, self._settle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        self.setFocusProxy(self._view)
        self._connect()
        self._tell_empty()
        self._told_at = desk.clock.now()
        self._work()

    def _connect(self) -> None:
        store, view = self._desk.store, self._view
        view.lane_clicked.connect(self._clicked)
        view.thing_clicked.connect(lambda key: self.referral_selected.emit(UUID(key)))
        view.lane_activated.connect(self._activated)
        view.switch_wanted.connect(self.switch)
        for moved in (view.moved, view.scrolled):
            moved.connect(self._settling.start)
        store.changed.connect(self._take)
        store.reference_changed.connect(self._owe_all)
        store.link_changed.connect(self._tell_empty)
        store.events_changed.connect(self._take_events)
        self._etas.changed.connect(self._draw_coming)
        self._stories.came.connect(self._draw)
        self._desk.foresight.changed.connect(self._draw_open)
        self._back.changed.connect(self._take_past)

    # --- what is chosen ---

    def select(self, referral_id: UUID | None) -> None:
        """Mark the lane of a referral, or of the van that is on it."""
        self._selected = referral_id
        if self._of_vans:
            jobs = self._desk.store.assignments_of(referral_id) if referral_id is not None else []
            self._view.select(next((str(job.van_id) for job in jobs if job.is_open), None))
        else:
            self._view.select(str(referral_id) if referral_id is not None else None)

    def select_van(self, van_id: UUID | None) -> None:
        """Mark the lane of a van, where each has one."""
        if self._of_vans and van_id is not None:
            self._view.select(str(van_id))

    def _clicked(self, key: str) -> None:
        (self.van_selected if self._of_vans else self.referral_selected).emit(UUID(key))

    def _activated(self, key: str) -> None:
        job = self._desk.store.job_of(UUID(key)) if self._of_vans else None
        if job is not None:
            self.referral_activated.emit(job.referral_id)
        elif self._desk.store.van(UUID(key)) is None:
            self.referral_activated.emit(UUID(key))

    def show_drawn(self) -> None:
        """Draw the lanes, where they are told as a table."""
        if self._view.is_table():
            self._view.show_drawn()

    # --- which lanes ---

    def switch(self) -> None:
        """Show a lane a van, or a lane a referral."""
        self._of_vans = not self._of_vans
        if self._of_vans:
            self._view.show_kinds("The vans' day", "Vans", OF_VANS)
        else:
            self._view.show_kinds("Handover timelines", "Timelines", OF_REFERRALS)
        self._tell_empty()
        self._publish()
        self.select(self._selected)

    def tick(self) -> None:
        """Move the now line; every few seconds the lengths in the labels too, as in the pane and on the map."""
        now = self._desk.clock.now()
        self._view.set_now(now)
        # A minute of the clock is none of a wait: by that the lane said 27 min for as long as the board said 28.
        if abs(now - self._told_at) >= _TOLD_EVERY:
            self._told_at = now
            self._draw_open()

    def _take(self, delta: Delta) -> None:
        self._view.set_now(self._desk.clock.now())
        self._book.take(delta)
        self._work()

    def _take_events(self, referrals: frozenset[UUID]) -> None:
        self._stories.changed(referrals)
        self._want_stories()

    # Methods and no lambdas: Qt lets go of them with the panel, while the mirror goes on.

    def _owe_all(self) -> None:
        self._book.owe_all()
        self._work()

    def _draw_open(self) -> None:
        self._book.draw_open()
        self._work()

    def _draw_coming(self) -> None:
        self._book.draw_coming()
        self._work()

    def _draw(self, referrals: frozenset[UUID]) -> None:
        self._book.draw(referrals)
        self._work()

    def _work(self) -> None:
        """Work out what is owed, a little at a time; no lane takes its place before that of each is known."""
        done = self._book.work(self._desk.clock.now())
        if self._book.is_ordered:
            self._publish()
        if not done:
            self._later.start()

    def _publish(self) -> None:
        now = self._desk.clock.now()
        self._view.set_now(now)
        self._view.set_lanes(self._vans() if self._of_vans else self._referrals())
        if not self._of_vans and self._book.draw_now(self._view.lanes_in_view(), now):
            self._view.set_lanes(self._referrals())
        self._view.say_more(self._back.words(now) if not self._view.following() else "")
        self._want_stories()

    def _referrals(self) -> list[Lane]:
        now, window = self._desk.clock.now(), self._view.scale()
        if self._view.following():
            return self._book.live(now)
        # Looked back at, a lane stands by when it began: what is urgent now says nothing about then.
        return sorted(in_window(self._book.all(), window.start, window.end), key=starts_at)

    def _vans(self) -> list[Lane]:
        store, past, now = self._desk.store, self._back.past, self._desk.clock.now()
        vans: dict[UUID, Van] = {van.id: van for van in store.vans()}
        if past is not None and not self._view.following():
            vans |= {van.id: van for van in past.vans}
        found = ((van.id, store.shift_of(van.id)) for van in store.vans())
        ordered = sorted(vans.values(), key=lambda van: (len(van.callsign), van.callsign))

        def clear(job: Assignment, eta: datetime | None) -> PredictedRelease | None:
            return self._desk.foresight.clear(store, job, eta, now)

        fleet = VansShown(
            ordered,
            self._book.facts(),
            now,
            self._etas.of,
            clear,
            {van_id: shift for van_id, shift in found if shift is not None},
            past.duties if past is not None else (),
            store.reference.plans,
            self._stories.of,
        )
        return van_lanes(fleet)

    # --- looking back ---

    def _settle(self) -> None:
        """The window stands still: read what it shows and the console does not have."""
        if self._view.following():
            self._back.forget()
        elif self._asks:
            window = self._view.scale()
            self._back.want(window.start, window.end, self._desk.clock.now())
        self._tell_empty()
        self._publish()

    def _take_past(self) -> None:
        past = self._back.past
        self._book.take_past(past.facts if past is not None else ())
        self._work()

    def _want_stories(self) -> None:
        if not self._asks:
            return
        seen = self._view.lanes_in_view()
        if self._of_vans:
            self._stories.want(UUID(one) for one in dict.fromkeys(_about(seen)))
        else:
            self._stories.want(UUID(lane.id) for lane in seen)

    async def _read_stories(self, keys: Sequence[UUID]) -> Mapping[UUID, Sequence[StoryLine]]:
        store = self._desk.store

        def callsign(van_id: UUID) -> str:
            van = store.van(van_id)
            return van.callsign if van is not None else "A van"

        found = await self._desk.reads.steps_of(keys)
        return {key: story(events, store.reference, callsign).lines for key, events in found.items()}

    def _tell_empty(self) -> None:
        nothing = NO_VANS if self._of_vans else NOTHING_RUNS if self._view.following() else NOTHING_WAS
        self._view.set_empty_text(unread_words(self._desk.store, "record") or nothing)


def _about(lanes: Iterable[Lane]) -> Iterable[str]:
    return (part.about for lane in lanes for part in lane.segments if part.about)


def _timer(owner: QWidget, milliseconds: int, done: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(done)
    return timer
