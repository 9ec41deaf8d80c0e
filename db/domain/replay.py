"""The board as it was at a past moment, worked out from the times that the record keeps for ever."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from db.domain.records import (
    Assignment,
    Event,
    Handover,
    Record,
    Referral,
    Screening,
    Shift,
    Van,
)
from db.domain.states import (
    ASSIGNMENT_ORDER,
    AT_SCENE,
    OPEN_ASSIGNMENT,
    AssignmentState,
    DutyStatus,
    HandoverState,
    ReferralState,
)

_DUTIES = {status.value for status in DutyStatus}
_ENDS = {"closed", "declined", "cancelled"}
_HANDOVER_ORDER = (
    HandoverState.EXPECTED,
    HandoverState.STARTED,
    HandoverState.ACCEPTED,
    HandoverState.RELEASED,
    HandoverState.REFUSED,
)


@dataclass(frozen=True, slots=True)
class Past:
    """Everything that happened in a stretch of time, as rows stand now. Times are UTC.

    Attributes:
        events: of these referrals and vans, oldest first; also from before ``start`` where a van's duty needs it.
    """

    start: datetime
    end: datetime
    referrals: Sequence[Referral]
    screenings: Sequence[Screening]
    assignments: Sequence[Assignment]
    handovers: Sequence[Handover]
    vans: Sequence[Van]
    shifts: Sequence[Shift]
    events: Sequence[Event]


def board_at(past: Past, moment: datetime) -> dict[str, list[Record]]:
    """The rows of each mirrored table but ``position``, as they were at a moment."""
    assignments = [was for job in past.assignments if (was := _assignment_at(job, moment)) is not None]
    by_referral: dict[UUID, list[Assignment]] = {}
    for job in assignments:
        by_referral.setdefault(job.referral_id, []).append(job)
    by_key = _events_before(past.events, moment)
    return {
        "referral": [
            _referral_at(row, by_referral.get(row.id, []), by_key.get(row.id, []), moment)
            for row in past.referrals
            if row.received_at <= moment
        ],
        "screening": [row for row in past.screenings if row.completed_at <= moment],
        "assignment": list(assignments),
        "handover": [link for row in past.handovers if (link := _handover_at(row, moment)) is not None],
        "van": [_van_at(van, by_key.get(van.id, [])) for van in past.vans],
        "shift": [
            replace(shift, ended_at=None)
            for shift in past.shifts
            if shift.started_at <= moment and (shift.ended_at is None or shift.ended_at > moment)
        ],
    }


def by_referral(past: Past) -> Iterator[Past]:
    """The same day in parts: each referral with its own rows, then the vans. For rows that cannot all be read."""
    for row in past.referrals:
        yield replace(
            past,
            referrals=[row],
            screenings=[one for one in past.screenings if one.referral_id == row.id],
            assignments=[one for one in past.assignments if one.referral_id == row.id],
            handovers=[one for one in past.handovers if one.referral_id == row.id],
            events=[one for one in past.events if one.referral_id == row.id],
            vans=(),
            shifts=(),
        )
    yield replace(past, referrals=(), screenings=(), assignments=(), handovers=())


def _events_before(events: Iterable[Event], moment: datetime) -> Mapping[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = {}
    for event in events:
        key = event.referral_id or event.van_id
        if key is not None and event.happened_at <= moment:
            found.setdefault(key, []).append(event)
    return found


def _referral_at(
    row: Referral, jobs: Collection[Assignment], events: Sequence[Event], moment: datetime
) -> Referral:
    times = {name: at for name, at in row.times.items() if at <= moment}
    last = next((event for event in reversed(events) if event.kind in _ENDS | {"reopened"}), None)
    ended = last is not None and last.kind in _ENDS
    if ended and last is not None:
        times["closed"] = last.happened_at
        state = ReferralState(last.kind)
    else:
        times.pop("closed", None)
        # After a reopening, what the vans did before it no longer counts.
        since = last.happened_at if last is not None else row.received_at
        state = _open_state(
            [job for job in jobs if min(job.times.values()) >= since], accepted="accepted" in times
        )
    hold = next((event for event in reversed(events) if event.kind in {"on hold", "hold ended"}), None)
    held = hold is not None and hold.kind == "on hold"
    until = datetime.fromisoformat(hold.detail["until"]) if held and hold is not None else None
    return replace(
        row,
        state=state,
        times=times,
        hold_until=until,
        hold_reason=hold.words if held and hold is not None else "",
        outcome=row.outcome if ended else "",
        end_reason=row.end_reason if ended else "",
    )


def _open_state(jobs: Collection[Assignment], *, accepted: bool) -> ReferralState:
    if any(job.state in AT_SCENE or job.state is AssignmentState.CLEAR for job in jobs):
        return ReferralState.ATTENDING
    if any(job.state in OPEN_ASSIGNMENT for job in jobs):
        return ReferralState.ALLOCATED
    return ReferralState.ACCEPTED if accepted else ReferralState.RECEIVED


def _assignment_at(job: Assignment, moment: datetime) -> Assignment | None:
    times = {state: at for state, at in job.times.items() if at <= moment}
    if not times:
        return None
    if AssignmentState.STOOD_DOWN in times:
        state = AssignmentState.STOOD_DOWN
    else:
        state = max(times, key=ASSIGNMENT_ORDER.index)
    return replace(job, state=state, times=times)


def _handover_at(row: Handover, moment: datetime) -> Handover | None:
    times = {state: at for state, at in row.times.items() if at <= moment}
    if not times:
        return None
    return replace(row, state=max(times, key=_HANDOVER_ORDER.index), times=times)


def _van_at(van: Van, events: Sequence[Event]) -> Van:
    duty = next((event for event in reversed(events) if event.kind in _DUTIES), None)
    alarm = next((event for event in reversed(events) if event.kind in {"emergency", "emergency cleared"}), None)
    raised = alarm.happened_at if alarm is not None and alarm.kind == "emergency" else None
    if duty is None:
        return replace(van, duty_status=DutyStatus.OFF_DUTY, duty_reason="", emergency_at=raised)
    return replace(
        van,
        duty_status=DutyStatus(duty.kind),
        duty_reason=duty.words,
        duty_since=duty.happened_at,
        emergency_at=raised,
    )


class Renumbered:
    """Gives each changed row a version above the last one, so that a mirror takes the past in any order."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, UUID], Record] = {}
        self._number = 0

    def number(self, frame: Mapping[str, Sequence[Record]]) -> dict[str, list[Record]]:
        """The frame with versions that count up where a row differs from the frame before."""
        self._number += 1
        return {table: [self._row(table, row) for row in rows] for table, rows in frame.items()}

    def _row(self, table: str, row: Record) -> Record:
        known = self._known.get((table, row.id))
        if known is None or replace(row, version=known.version) != known:
            known = replace(row, version=self._number)
            self._known[table, row.id] = known
        return known
