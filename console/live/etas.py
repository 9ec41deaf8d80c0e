"""When each van on its way is expected on scene: from its last fix, along the roads, kept fresh."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.geography import Geography
from console.live.store import Delta, Store
from console.running.faults import attempt_later
from console.running.tasks import Supervisor, again_and_again
from db.clock import RecordClock
from db.domain.records import Assignment
from db.domain.states import ON_THE_WAY, AssignmentState

AGAIN_AFTER = 10.0
"""Seconds between two looks, whatever moved."""


class Etas(QObject):
    """Expected arrivals by assignment. Worked out at most every ten seconds, and when a van's job changes."""

    changed = Signal()

    def __init__(
        self,
        store: Store,
        geography: Geography,
        clock: RecordClock,
        parent: QObject | None = None,
        *,
        supervisor: Supervisor | None = None,
    ) -> None:
        super().__init__(parent)
        self._supervisor = supervisor or Supervisor(self)
        self._store = store
        self._geography = geography
        self._clock = clock
        self._etas: dict[UUID, datetime] = {}
        self._job_changed = asyncio.Event()
        store.changed.connect(self._look)
        geography.loaded.connect(self._job_changed.set)

    def of(self, assignment_id: UUID) -> datetime | None:
        """When the van is expected on scene, UTC; None if it is not on its way or nobody can say."""
        return self._etas.get(assignment_id)

    def start(self) -> None:
        """Keep working them out."""
        sentence = "The expected arrivals stopped; they are being worked out again."
        self._supervisor.keep(
            "expected arrivals", self._keep_fresh, sentence, again=self._job_changed.set, owner=self
        )

    def _look(self, delta: Delta) -> None:
        if delta.touched("assignment"):
            self._job_changed.set()

    async def _keep_fresh(self) -> None:
        await again_and_again(self._work_out, self._job_changed, AGAIN_AFTER)

    async def _work_out(self) -> None:
        found: dict[UUID, datetime] = {}
        for van in self._store.vans():
            job = self._store.job_of(van.id)
            if job is None or job.state not in ON_THE_WAY:
                continue
            eta = await attempt_later("an expected arrival", self._eta(job))
            if eta is not None:
                found[job.id] = eta
        if found != self._etas:
            self._etas = found
            self.changed.emit()

    async def _eta(self, job: Assignment) -> datetime | None:
        referral, position = self._store.referral(job.referral_id), self._store.position(job.van_id)
        scene = referral.location.point if referral is not None else None
        if scene is None or position is None or not position.on_map:
            return None
        (travel,) = await self._geography.minutes(scene, [(position.lat, position.lon)])
        # A crew that has not set off yet leaves now at the earliest; one that has, left from where it was seen.
        leaves = position.fixed_at if job.state is AssignmentState.MOBILE else self._clock.now()
        return max(leaves + timedelta(minutes=travel.minutes), self._clock.now())
