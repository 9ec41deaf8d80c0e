"""Vans as lanes: the day of each, its jobs from the allocation to clear, its shift and its meal."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from console.look.palette import Tone
from console.running.faults import attempt
from console.timeline.lanes import Lane, Mark, Segment
from console.views.detail.story import StoryLine
from console.views.timeline.lanes import foreseen_segment
from console.views.timeline.marks import before_amended, job_steps, noted, with_note
from db.domain.clocks import in_words, local_time, shifted
from db.domain.holding import PredictedRelease, left_at
from db.domain.names import number_today
from db.domain.party import CREWS
from db.domain.records import Assignment, Shift, Van
from db.domain.rota import Duty, PlannedShift
from db.domain.situation import EtaOf, Facts
from db.domain.states import AssignmentState, DutyStatus, HandoverState

_WHAT: Final = "the lane of a van"
_MEAL: Final = timedelta(minutes=30)
"""How long a meal is drawn of which only the time is known at which it is due."""
_TONES: Final[Mapping[DutyStatus, Tone]] = {DutyStatus.OUT_OF_SERVICE: "warn"}


@dataclass(frozen=True, slots=True)
class VansShown:
    """What the lanes of vans are drawn from. Times are aware, UTC.

    Attributes:
        vans: in their order.
        facts: the referrals whose jobs are drawn, live and past ones.
        shifts: the open shift of each van.
        duties: shifts that were.
        plans: shifts that are to come.
        eta_of: when a van on its way is expected.
        clear: when a van is likely to be clear of a job, from when it is expected on scene.
        lines_of: what the events told of a referral.
    """

    vans: Sequence[Van]
    facts: Iterable[Facts]
    now: datetime
    eta_of: EtaOf
    clear: Callable[[Assignment, datetime | None], PredictedRelease | None]
    shifts: Mapping[UUID, Shift] = field(default_factory=dict)
    duties: Sequence[Duty] = ()
    plans: Sequence[PlannedShift] = ()
    lines_of: Callable[[UUID], Sequence[StoryLine]] = lambda _: ()


_Job = tuple[Assignment, Facts]


def van_lanes(fleet: VansShown) -> list[Lane]:
    """One lane a van, in their order."""
    jobs: dict[UUID, dict[UUID, _Job]] = {}
    for facts in fleet.facts:
        # A referral may come twice, from the mirror and from the past: the first counts.
        for job in facts.assignments:
            jobs.setdefault(job.van_id, {}).setdefault(job.id, (job, facts))
    return [
        attempt(_WHAT, _lane, van, list(jobs.get(van.id, {}).values()), fleet)
        or Lane(str(van.id), van.callsign, "cannot be shown", "late")
        for van in fleet.vans
    ]


def _lane(van: Van, jobs: Sequence[_Job], fleet: VansShown) -> Lane:
    ordered = sorted(jobs, key=lambda one: min(one[0].times.values()))
    segments = [part for job, facts in ordered for part in _parts(job, facts, fleet)]
    marks = [mark for job, facts in ordered for mark in _marks(van, job, fleet.lines_of(facts.referral.id))]
    subtitle, tone = _now_on(van, ordered, fleet.now)
    ground = (*_duties(van, fleet), *_meal(fleet.shifts.get(van.id)))
    return Lane(str(van.id), van.callsign, subtitle, tone, _apart(segments), (*marks, *_ends(van, fleet)), ground)


def _now_on(van: Van, jobs: Sequence[_Job], now: datetime) -> tuple[str, Tone]:
    for job, facts in jobs:
        if job.is_open:
            return f"{number_today(facts.referral.reference, now)} {job.state}", "link"
    return str(van.duty_status), _TONES.get(van.duty_status, "dim")


# --- a job ---


def _parts(job: Assignment, facts: Facts, fleet: VansShown) -> Iterator[Segment]:
    found = [*_driven(job, facts, fleet), *_there(job, facts, fleet)]
    about, lines = str(facts.referral.id), fleet.lines_of(facts.referral.id)
    for part in (*noted(found, lines), *_ahead(job, fleet)):
        yield Segment(
            part.start, part.end, part.kind, part.label, part.late, part.shorter, part.until, part.note, about
        )


def _driven(job: Assignment, facts: Facts, fleet: VansShown) -> Iterator[Segment]:
    """From the allocation to the scene, or until it was stood down."""
    number = number_today(facts.referral.reference, fleet.now)
    begun = min(job.times.values())
    there = min((at for state, at in job.times.items() if state in _SCENE), default=None)
    end = there or (None if job.is_open else left_at(job))
    if end is None or end > begun:
        stood = " stood down" if job.state is AssignmentState.STOOD_DOWN else ""
        yield Segment(begun, end, "travel", f"{number}{stood}", shorter=(number, number.partition(" ")[0]))


_SCENE: Final = (
    AssignmentState.ON_SCENE,
    AssignmentState.WITH_PATIENT,
    AssignmentState.CONVEYING,
    AssignmentState.AT_DESTINATION,
)


def _there(job: Assignment, facts: Facts, fleet: VansShown) -> Iterator[Segment]:
    """At the scene, with the patient, and at the destination; the handover from a crew is hatched."""
    came = min((at for state, at in job.times.items() if state in _SCENE), default=None)
    if came is None or job.state is AssignmentState.STOOD_DOWN:
        return
    end = None if job.is_open else max(came, left_at(job))
    number = number_today(facts.referral.reference, fleet.now)
    taken, started = _handover(facts, came, end)
    if started is not None:
        if started > came:
            yield _with(came, started, number, fleet.now, "on scene")
        yield Segment(started, taken or end, "handover", "handover", shorter=("h/o",))
        if taken is None:
            return
        came = taken
    at_destination = job.times.get(AssignmentState.AT_DESTINATION)
    if at_destination is not None and at_destination >= came:
        yield _with(came, at_destination, number, fleet.now)
        where = job.destination or "destination"
        yield Segment(at_destination, end, "destination", where, shorter=(number, number.partition(" ")[0]))
        return
    if end is None or end > came:
        yield _with(came, end, number, fleet.now)


def _with(start: datetime, end: datetime | None, number: str, now: datetime, what: str = "") -> Segment:
    length = in_words((end or now) - start)
    words = f"{number} {what}".strip()
    return Segment(start, end, "cru", f"{words} {length}", shorter=(words, number, number.partition(" ")[0]))


def _handover(facts: Facts, came: datetime, end: datetime | None) -> tuple[datetime | None, datetime | None]:
    """When the crew took the person over and when that began, if it was while this van was there."""
    for link in facts.handovers:
        started, taken = link.times.get(HandoverState.STARTED), link.times.get(HandoverState.ACCEPTED)
        over = taken or link.times.get(HandoverState.REFUSED)
        begun = started if started is not None else over
        here = begun is not None and (end is None or begun < end) and (over is None or over > came)
        if link.from_kind in CREWS and begun is not None and here:
            return (min(over, end) if over and end else over), max(begun, came)
    return None, None


def _ahead(job: Assignment, fleet: VansShown) -> Iterator[Segment]:
    if not job.is_open:
        return
    now, eta = fleet.now, fleet.eta_of(job.id)
    after = now
    if eta is not None and eta > now:
        label = f"ETA {in_words(eta - now)}"
        yield Segment(now, eta, "predicted", label, shorter=(label, label.removeprefix("ETA ")))
        after = eta
    clear = fleet.clear(job, eta)
    if clear is not None and clear.at > after:
        yield foreseen_segment(clear, after, now, "clear")


def _marks(van: Van, job: Assignment, lines: Sequence[StoryLine]) -> Iterator[Mark]:
    for mark in job_steps(job, van.callsign):
        yield with_note(mark, lines)
    yield from (mark for mark in before_amended(lines) if mark.label.startswith(van.callsign))


def _apart(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    return tuple(sorted(segments, key=lambda one: one.start))


# --- the shift ---


def _duties(van: Van, fleet: VansShown) -> Iterator[Segment]:
    shift = fleet.shifts.get(van.id)
    for duty in fleet.duties:
        if duty.van_id == van.id and duty.ended_at is not None:
            yield Segment(duty.starts_at, duty.ended_at, "duty", "shift")
    if shift is not None:
        end = max(shift.planned_end_at, shift.started_at)
        yield Segment(shift.started_at, end, "duty", f"shift, planned to end {local_time(end, fleet.now)}")
    for plan in fleet.plans:
        # One that began is drawn as it is, and not as it was planned.
        begun = shift is not None and plan.starts_at < shift.planned_end_at and plan.ends_at > shift.started_at
        if plan.van_id == van.id and plan.cancelled_at is None and not begun and plan.ends_at > fleet.now:
            yield Segment(plan.starts_at, plan.ends_at, "duty", "planned shift")


def _ends(van: Van, fleet: VansShown) -> Iterator[Mark]:
    shift = fleet.shifts.get(van.id)
    if shift is not None:
        yield Mark(shift.planned_end_at, f"{van.callsign}'s shift is planned to end", "end")


def _meal(shift: Shift | None) -> Iterator[Segment]:
    if shift is None or (shift.meal_due_at is None and shift.meal_until_at is None):
        return
    due, until = shift.meal_due_at, shift.meal_until_at
    if until is not None:
        begun = due if due is not None and due < until and until - due < 3 * _MEAL else shifted(until, -_MEAL)
        yield Segment(begun, until, "meal", "meal break", shorter=("meal",))
    elif due is not None:
        yield Segment(due, shifted(due, _MEAL), "meal", "meal due", shorter=("meal",))
