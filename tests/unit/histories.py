"""Random histories of one referral that the record's triggers would let through, for tests of the pure domain.

Nothing here judges who holds whom; it only keeps to the legal moves (``db/migrations/sql/0001``).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from db.domain.party import Party
from db.domain.records import Assignment, Handover, Referral
from db.domain.situation import Facts
from db.domain.states import (
    ASSIGNMENT_MOVES,
    AT_SCENE,
    HANDOVER_MOVES,
    ON_THE_WAY,
    AssignmentState,
    HandoverState,
    ReferralState,
)

Move = tuple[str, Callable[[], None]]
Who = tuple[str, Party]
CREW, CRU, HOUSE = ("EMAS A1187", Party.EMS), ("CRU", Party.CRU), ("Northampton Crisis House", Party.DESTINATION)
_MAY_SEND = {ReferralState.ACCEPTED, ReferralState.ALLOCATED, ReferralState.ATTENDING}


class History:
    """A referral and what hangs on it, changed one legal move at a time."""

    def __init__(self, referral: Referral, *, crew_waits: bool) -> None:
        self.referral = referral
        self.jobs: list[Assignment] = []
        self.links: list[Handover] = []
        self.now = referral.received_at
        self.told: list[str] = []
        if crew_waits:
            self._expect(CREW, CRU)

    @property
    def facts(self) -> Facts:
        """As the console reads it."""
        names = {job.van_id: f"CRU{at}" for at, job in enumerate(self.jobs, 1)}
        return Facts(self.referral, tuple(self.jobs), tuple(self.links), names)

    def go(self, choice: int, minutes: int) -> None:
        """Let time pass, then do one of what is legal."""
        self.now += timedelta(minutes=minutes)
        moves = list(self._legal())
        name, move = moves[choice % len(moves)]
        self.told.append(f"{self.now:%H:%M} {name}")
        move()

    def _legal(self) -> Iterator[Move]:
        yield "nothing", lambda: None
        state = self.referral.state
        if state is ReferralState.RECEIVED:
            yield "accept", lambda: self._move(ReferralState.ACCEPTED)
            yield "decline", lambda: self._end(ReferralState.DECLINED)
        if state in _MAY_SEND and sum(job.is_open for job in self.jobs) < 3:
            yield "allocate", self._allocate
        if state is ReferralState.ATTENDING and not self._open:
            yield "close", lambda: self._end(ReferralState.CLOSED)
        if state is ReferralState.CLOSED:
            yield "reopen", self._reopen
        for at, job in enumerate(self.jobs):
            yield from self._steps(at, job)
        if self.referral.is_open:
            for at, link in enumerate(self.links):
                yield from self._handover_moves(at, link)
            if state is ReferralState.ATTENDING and all(_is_done(link) for link in self.links):
                yield "expect house", lambda: self._expect(CRU, HOUSE)

    @property
    def _open(self) -> list[Assignment]:
        return [job for job in self.jobs if job.is_open]

    def _steps(self, at: int, job: Assignment) -> Iterator[Move]:
        for to in sorted(ASSIGNMENT_MOVES[job.state]):
            if to is not AssignmentState.STOOD_DOWN or self._may_stand_down(job):
                yield f"CRU{at + 1} {to}", lambda to=to: self._step(at, to)

    def _may_stand_down(self, job: Assignment) -> bool:
        if self.referral.state is not ReferralState.ATTENDING:
            return True
        return any(one.is_open or one.state is AssignmentState.CLEAR for one in self.jobs if one.id != job.id)

    def _handover_moves(self, at: int, link: Handover) -> Iterator[Move]:
        for to in sorted(HANDOVER_MOVES[link.state]):
            starts = to in {HandoverState.STARTED, HandoverState.ACCEPTED}
            if not starts or self.referral.state is ReferralState.ATTENDING:
                yield f"{link.from_party} to {link.to_party} {to}", lambda to=to: self._hand(at, to)

    # --- the moves ---

    def _move(self, state: ReferralState, **times: datetime) -> None:
        self.referral = replace(self.referral, state=state, times={**self.referral.times, **times})

    def _end(self, state: ReferralState) -> None:
        self._move(state, closed=self.now)

    def _reopen(self) -> None:
        times = {name: at for name, at in self.referral.times.items() if name != "closed"}
        self.referral = replace(self.referral, state=ReferralState.ACCEPTED, times=times)

    def _allocate(self) -> None:
        number, state = len(self.jobs) + 1, AssignmentState.ALLOCATED
        times = {state: self.now}
        self.jobs.append(Assignment(UUID(int=number), 1, self.referral.id, UUID(int=100 + number), state, times))
        self._follow(state)

    def _step(self, at: int, to: AssignmentState) -> None:
        job = self.jobs[at]
        self.jobs[at] = replace(job, state=to, times={**job.times, to: self.now})
        self._follow(to)

    def _follow(self, now_is: AssignmentState) -> None:
        states = {job.state for job in self._open}
        if now_is in AT_SCENE or now_is is AssignmentState.CLEAR or states & AT_SCENE:
            self._move(ReferralState.ATTENDING)
        elif states & ON_THE_WAY:
            self._move(ReferralState.ALLOCATED)
        elif self.referral.state is not ReferralState.ATTENDING:
            self._move(ReferralState.ACCEPTED)

    def _expect(self, giver: Who, taker: Who) -> None:
        number, state = len(self.links) + 1, HandoverState.EXPECTED
        self.links.append(
            Handover(UUID(int=200 + number), 1, self.referral.id, number, *giver, *taker, state, {state: self.now})
        )

    def _hand(self, at: int, to: HandoverState) -> None:
        link = self.links[at]
        self.links[at] = replace(link, state=to, times={**link.times, to: self.now})


def _is_done(link: Handover) -> bool:
    return link.state in {HandoverState.RELEASED, HandoverState.REFUSED, HandoverState.ACCEPTED}
