"""The situation of a referral: who holds the patient, whether anybody waits, since when, and until when.

Board row, lane, marker, pane, alarms, counts and the line for EMAS are all worked out from here, so that no two of
them contradict each other. Pure, and without the time of day: it changes when a record does, not as seconds pass.

What "our crew has the person" means, and who holds them, is decided in :mod:`db.domain.holding`.

What the response clock does follows from it (``docs/record.md``: "Response = with patient − received"):

* It starts when the referral was received and stops when the crew that has the person now came to them; crews that
  took over from each other without a gap count as one.
* Nobody there again (a reopened referral, a crew swap): it runs again, from the same start, since one person has
  waited since then.
* When the last crew is clear it stays stopped, and only the closing is missing; unless a later crew came and left
  without having met anybody.
* While the call goes on by which a referral comes in it runs, and nothing is late yet: how urgent it is, and
  whether it is a referral, is still being said.
* A hold does not stop it: "the response clock runs on, since the person still waits".
* A priority that nobody configured has the tightest clock (:meth:`ReferenceData.priority_of`), so that it is seen.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from uuid import UUID

from db.domain.care import Contact, FollowUp, HowItEnded, LateLink
from db.domain.cautions import Flag
from db.domain.clocks import ResponseClock, in_words, response_clock
from db.domain.dangers import Danger, Dangers
from db.domain.holding import Holding, Stretch, after_end, handed_on, holdings, left_at, stretches, waiting_crew
from db.domain.intake_call import HUNG_UP, IntakeCall
from db.domain.party import Party, is_present
from db.domain.records import Assignment, Handover, Referral
from db.domain.reference import Priority, ReferenceData
from db.domain.rules import Rules
from db.domain.states import (
    ASSIGNMENT_ORDER,
    AT_SCENE,
    ON_THE_WAY,
    AssignmentState,
    ReferralState,
)
from db.domain.texts import told

EtaOf = Callable[[UUID], datetime | None]
"""When the van of an assignment, by its id, is expected on scene, UTC; None if nobody can say."""


class Phase(StrEnum):
    """What is the matter with a referral, in the words of the screen."""

    TAKEN = "being taken"
    WAITING = "waiting"
    REACHED = "with patient"
    HANDED_ON = "handed over"
    CLEAR = "vans clear"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Facts:
    """The records of one referral.

    Attributes:
        assignments: in the order of allocation.
        handovers: first link first.
        callsigns: of the vans, by id.
        contacts: words with the person, oldest first.
        ending: how it ended, once it did.
        follow_ups: by when they are due.
        late_links: EMAS or police who came into it later.
        dangers: what stands against the next step; None where nobody may know.
        flags: of its person and its address, those past their review too.
        call: by which it comes in, or came in; None for one that did not come by telephone.
    """

    referral: Referral
    assignments: Sequence[Assignment] = ()
    handovers: Sequence[Handover] = ()
    callsigns: Mapping[UUID, str] = field(default_factory=dict)
    dangers: Dangers | None = None
    contacts: Sequence[Contact] = ()
    ending: HowItEnded | None = None
    follow_ups: Sequence[FollowUp] = ()
    late_links: Sequence[LateLink] = ()
    flags: Sequence[Flag] = ()
    call: IntakeCall | None = None

    @property
    def open_call(self) -> IntakeCall | None:
        """The call while it goes on: whatever is not known yet may still be said."""
        return self.call if self.call is not None and self.call.is_open and self.referral.is_open else None

    @property
    def died(self) -> Danger | None:
        """That another referral of the person says that they died, while nobody has said otherwise."""
        return self.dangers.died if self.dangers is not None and self.referral.is_open else None

    @property
    def told_since(self) -> tuple[Danger, ...]:
        """What stands against a referral that was accepted: told since, or not asked; of any, a death."""
        if self.dangers is None or not self.referral.is_open:
            return ()
        if self.referral.state is ReferralState.RECEIVED:
            return tuple(one for one in self.dangers.seen_to if one.is_death)
        return self.dangers.seen_to

    def callsign(self, job: Assignment) -> str:
        """The van's name as people say it."""
        return told(self.callsigns.get(job.van_id, "van"))


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a referral stands. All times are UTC.

    Attributes:
        facts: what it was worked out from.
        rules: the trust's numbers that count for it.
        priority: the rule that counts for it.
        standing: how many priorities go before this one; 0 for the first.
        phase: whether the person waits, and if not, why.
        clock: the response clock; it runs exactly while the person waits.
        jobs: the vans committed to it, the one that is furthest on first.
        stretches: when our crews had the person, oldest first.
        chain: who held the patient, oldest first.
        crew: the EMAS or police link whose crew is not released yet.
        clear_at: since when every van is clear and only the closing is missing.
    """

    facts: Facts
    rules: Rules
    priority: Priority
    standing: int
    phase: Phase
    clock: ResponseClock
    jobs: tuple[Assignment, ...]
    stretches: tuple[Stretch, ...]
    chain: tuple[Holding, ...]
    crew: Handover | None
    clear_at: datetime | None

    @property
    def phase_words(self) -> str:
        """The phase, as every panel calls it; of a call in which nobody speaks any more, that."""
        call = self.facts.open_call
        return HUNG_UP if call is not None and call.call_back_at is not None else str(self.phase)

    @property
    def reached_at(self) -> datetime | None:
        """Since when our crew has, or had, the person; None while the person waits."""
        return self.clock.stopped

    @property
    def holder(self) -> Holding | None:
        """Who holds the patient now, as far as anybody knows."""
        running = self.chain and self.chain[-1].end is None
        return self.chain[-1] if running else None

    @property
    def needs_van(self) -> bool:
        """Whether the person waits and no van is committed to them."""
        return self.phase is Phase.WAITING and not self.jobs

    @property
    def coming(self) -> tuple[UUID, ...]:
        """The assignments of the vans that are on their way, by id."""
        return tuple(job.id for job in self.jobs if job.state in ON_THE_WAY)

    @property
    def awaited(self) -> tuple[UUID, ...]:
        """Those of ``coming`` on whose arrival it hangs whether the time allowed is met.

        None once a crew is at the scene: a second van that comes after them makes nobody late.
        """
        there = any(job.state in AT_SCENE for job in self.jobs)
        return self.coming if self.phase is Phase.WAITING and not there else ()

    @property
    def wants_van(self) -> bool:
        """Whether vans are looked at for it now: accepted, or still being taken."""
        taken = self.facts.referral.is_open and self.facts.referral.state is ReferralState.ACCEPTED
        return taken or self.facts.open_call is not None

    @property
    def police_present(self) -> bool:
        """Whether police are known to be there although no handover says that they hold the patient."""
        return self.holder is None and is_present(self.facts.referral.police) and self.facts.referral.is_open

    def stays_with_others(self, now: datetime) -> bool:
        """Whether it was declined lately and somebody is with the person: lane and map go on showing with whom."""
        referral, ended = self.facts.referral, self.facts.referral.times.get("closed")
        lately = ended is not None and now - ended < self.rules.ended_lanes
        return referral.state is ReferralState.DECLINED and lately and self.holder is not None

    def arrival(self, eta_of: EtaOf) -> datetime | None:
        """When the first van that is on its way is expected on scene."""
        return first_arrival(self.coming, eta_of)

    def late_by(self, arrival: datetime | None) -> timedelta | None:
        """By how much a van that arrives then will miss the time allowed; None if it will not, or nobody waits."""
        return late_by(self.clock, arrival) if self.awaited else None


def first_arrival(coming: Iterable[UUID], eta_of: EtaOf) -> datetime | None:
    """When the first of these assignments' vans is expected on scene; None if nobody can say of any."""
    return min((eta for key in coming if (eta := eta_of(key)) is not None), default=None)


def late_by(clock: ResponseClock, arrival: datetime | None) -> timedelta | None:
    """By how much an arrival misses the time allowed, in whole minutes and at least one; None if it does not.

    Rounded up, because the time left beside it is rounded down: 27 min away with 26 left is late.
    """
    if clock.stopped is not None or arrival is None or arrival <= clock.due:
        return None
    return timedelta(minutes=ceil((arrival - clock.due) / timedelta(minutes=1)))


def late_words(late: timedelta) -> str:
    """What is said of it, on every panel: ``will be late by 6 min``."""
    return f"will be late by {in_words(late)}"


def situation(facts: Facts, reference: ReferenceData) -> Situation:
    """Work out where a referral stands."""
    referral = facts.referral
    priority = reference.priority_of(referral.priority)
    jobs = _furthest_first(facts.assignments)
    # Most rows of a full board have no van yet.
    found = stretches(facts.assignments, facts.handovers) if facts.assignments else ()
    chain = after_end(referral, holdings(referral, facts.handovers, facts.assignments), facts.ending)
    phase = _phase(facts, jobs, found, chain)
    # Phase before clock: what the clock does follows from whether anybody has the person, and never the
    # other way round.
    reached = _reached_at(referral, phase, found, chain)
    said = bool(referral.priority) or phase is not Phase.TAKEN
    return Situation(
        facts=facts,
        rules=reference.rules,
        priority=priority,
        # What is not said yet is not the gravest; a code that nobody configured is.
        standing=reference.standing(referral.priority) if said else len(reference.priorities),
        phase=phase,
        clock=response_clock(referral.received_at, priority.within_minutes, reached),
        jobs=jobs,
        stretches=found,
        chain=chain,
        crew=waiting_crew(facts.handovers) if referral.is_open else None,
        clear_at=_last_left(facts.assignments) if phase is Phase.CLEAR else None,
    )


def clock_words(now_is: Situation, now: datetime, eta_of: EtaOf | None = None) -> str:
    """The shortest word for it: the time left, ``late 5 min``, or what the person has instead of a wait.

    An arrival that will miss it is told beside the time left: ``26 min, late by 1 min``.
    """
    if now_is.phase is Phase.ENDED and now_is.holder is not None:
        return f"with {now_is.holder.name}"
    if now_is.phase is not Phase.WAITING:
        return now_is.phase_words
    left = in_words(now_is.clock.left(now))
    if now_is.clock.share(now) >= 1:
        return f"late {left}"
    late = now_is.late_by(now_is.arrival(eta_of)) if eta_of is not None else None
    return f"{left}, late by {in_words(late)}" if late is not None else left


def _furthest_first(assignments: Sequence[Assignment]) -> tuple[Assignment, ...]:
    jobs = [job for job in assignments if job.is_open]
    return tuple(sorted(jobs, key=lambda job: -ASSIGNMENT_ORDER.index(job.state)))


def _last_left(assignments: Sequence[Assignment]) -> datetime | None:
    clear = [job for job in assignments if job.state is AssignmentState.CLEAR]
    return max((left_at(job) for job in clear), default=None)


# --- what follows from it ---


def _phase(facts: Facts, jobs: Sequence[Assignment], found: Sequence[Stretch], chain: Sequence[Holding]) -> Phase:
    if not facts.referral.is_open:
        return Phase.ENDED
    if facts.open_call is not None:
        return Phase.TAKEN
    last = chain[-1] if chain and chain[-1].end is None else None
    if jobs and found and found[-1][1] is None:
        return Phase.HANDED_ON if handed_on(chain) and last is not None else Phase.REACHED
    # No step says so, and the handover was accepted with a crew at the scene.
    if jobs and last is not None and last.party is Party.CRU:
        return Phase.REACHED
    attended = facts.referral.state is ReferralState.ATTENDING and not jobs
    return Phase.CLEAR if attended and found and not _came_for_nothing(facts, found) else Phase.WAITING


def _came_for_nothing(facts: Facts, found: Sequence[Stretch]) -> bool:
    """Whether a crew came to the scene after the last one that had the person had left, and met nobody."""
    end = found[-1][1]
    came = (job.times.get(AssignmentState.ON_SCENE) for job in facts.assignments if _is_clear(job))
    return end is not None and any(at is not None and at > end for at in came)


def _is_clear(job: Assignment) -> bool:
    return job.state is AssignmentState.CLEAR


def _reached_at(
    referral: Referral, phase: Phase, found: Sequence[Stretch], chain: Sequence[Holding]
) -> datetime | None:
    # Only what was attended is closed: whoever declined or cancelled reached nobody.
    if phase in {Phase.WAITING, Phase.TAKEN} or (
        phase is Phase.ENDED and referral.state is not ReferralState.CLOSED
    ):
        return None
    if found:
        return found[-1][0]
    return next((held.start for held in reversed(chain) if held.party is Party.CRU), None)
