"""Notices that a van seems to be on scene, and offers to say so in the record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.store import Delta, Store
from console.running.faults import attempt
from db.clock import RecordClock
from db.domain.records import Assignment
from db.domain.states import ON_THE_WAY
from db.geo.earth import Point, metres
from db.geo.geofence import Fence, seen, waited

ASK_AGAIN_AFTER = timedelta(minutes=3)
"""Of the record's clock, after somebody said that the van is not there yet."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A van that seems to be on scene and has not said so.

    Attributes:
        callsign: of the van.
        reference: of the referral.
        at: its first fix there, UTC.
        metres: how far from the scene its last fix is.
    """

    assignment_id: UUID
    van_id: UUID
    referral_id: UUID
    callsign: str
    reference: str
    at: datetime
    metres: float


@dataclass(slots=True)
class _Watch:
    """One van on its way to one scene."""

    job: Assignment
    scene: Point
    fence: Fence
    quiet_until: datetime


class Arrivals(QObject):
    """Follows the vans that are on their way; an offer falls when the record says so itself, or the van leaves."""

    offered = Signal(object)
    """An :class:`Offer` that is new."""
    withdrawn = Signal(object)
    """The assignment's id of an offer that no longer stands."""

    def __init__(self, store: Store, clock: RecordClock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._clock = clock
        self._watches: dict[UUID, _Watch] = {}
        self._offers: dict[UUID, Offer] = {}
        store.changed.connect(self._follow)
        # Whoever signs in while a van stands there is offered it, too.
        for van in store.vans():
            attempt("an arrival", self._look, van.id)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is offered now, the oldest offer first."""
        return tuple(self._offers.values())

    def not_yet(self, offer: Offer) -> None:
        """Somebody knows better: begin to watch that van anew, and be quiet about it for three minutes."""
        watch = self._watches.get(offer.van_id)
        if watch is not None:
            # The last fix was weighed already: only a newer one can speak for it again.
            watch.fence = Fence(last=watch.fence.last)
            watch.quiet_until = self._clock.now() + ASK_AGAIN_AFTER
        self._withdraw(offer.assignment_id)

    def tick(self) -> None:
        """Let time pass: a van that stands there in silence has arrived too."""
        now = self._clock.now()
        for watch in list(self._watches.values()):
            attempt("an arrival", self._wait, watch, now)

    def _wait(self, watch: _Watch, now: datetime) -> None:
        watch.fence = waited(watch.fence, now, self._store.reference.rules)
        self._judge(watch, now)

    def _follow(self, delta: Delta) -> None:
        for van_id in delta.touched("position") | self._vans_of(delta):
            attempt("an arrival", self._look, van_id)

    def _vans_of(self, delta: Delta) -> set[UUID]:
        jobs, referrals = delta.touched("assignment"), delta.touched("referral")
        if not jobs and not referrals:
            return set()
        known = [job for key in jobs if (job := self._store.assignment(key)) is not None]
        for key in referrals:
            known += attempt("an arrival", self._store.assignments_of, key) or []
        # A job that has gone names no van any more; its watch does.
        lost = {key for key, watch in self._watches.items() if watch.job.id in jobs}
        return {job.van_id for job in known} | lost

    def _look(self, van_id: UUID) -> None:
        now, position = self._clock.now(), self._store.position(van_id)
        watch = self._watch_of(van_id, now)
        if watch is not None and position is not None:
            watch.fence = seen(watch.fence, position, watch.scene, now, self._store.reference.rules)
            self._judge(watch, now)

    def _watch_of(self, van_id: UUID, now: datetime) -> _Watch | None:
        """The watch for the van's job as it is now; what was watched for another job or scene is forgotten."""
        job, watch = self._store.job_of(van_id), self._watches.get(van_id)
        scene = self._scene_of(job) if job is not None and job.state in ON_THE_WAY else None
        # Another place for the same job is another ring: what was seen at the old one proves nothing.
        if watch is not None and (job is None or watch.job.id != job.id or watch.scene != scene):
            del self._watches[van_id]
            self._withdraw(watch.job.id)
            watch = None
        if job is None or scene is None:
            return None
        if watch is None:
            watch = self._watches[van_id] = _Watch(job, scene, Fence(), now)
        # The same job a step on: an offer must not be earlier than its newest time.
        watch.job = job
        return watch

    def _scene_of(self, job: Assignment) -> Point | None:
        referral = self._store.referral(job.referral_id)
        return referral.location.point if referral is not None else None

    def _judge(self, watch: _Watch, now: datetime) -> None:
        if watch.fence.arrived_at is None:
            self._withdraw(watch.job.id)
        elif watch.job.id not in self._offers and now >= watch.quiet_until:
            self._offer(watch, watch.fence.arrived_at)

    def _offer(self, watch: _Watch, arrived_at: datetime) -> None:
        job, last = watch.job, watch.fence.last
        van, referral = self._store.van(job.van_id), self._store.referral(job.referral_id)
        if van is None or referral is None or last is None:
            return
        offer = Offer(
            job.id,
            van.id,
            referral.id,
            van.callsign,
            referral.reference,
            # A step is never earlier than the one before it.
            max(arrived_at, *job.times.values()),
            metres((last.lat, last.lon), watch.scene),
        )
        self._offers[job.id] = offer
        self.offered.emit(offer)

    def _withdraw(self, assignment_id: UUID) -> None:
        if self._offers.pop(assignment_id, None) is not None:
            self.withdrawn.emit(assignment_id)
