"""The board as it was at a past moment, worked out from the times that the record keeps for ever."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from db.domain.cautions import Flag
from db.domain.records import (
    REFERRAL_TIMES,
    Assignment,
    Event,
    Handover,
    Record,
    Referral,
    Screening,
    Shift,
    Van,
    YesNo,
)
from db.domain.reference import ReferenceData
from db.domain.replay_care import care_at
from db.domain.replay_person import KnownOfPeople, StoodThen, dangers_at, person_at
from db.domain.rota import Ride
from db.domain.states import (
    ASSIGNMENT_ORDER,
    AT_SCENE,
    HANDOVER_ORDER,
    OPEN_ASSIGNMENT,
    AssignmentState,
    DutyStatus,
    HandoverState,
    ReferralState,
)
from db.domain.taken_back import columns_then, moment_of, standing, times_then

Columns = Mapping[str, Any]
_DUTIES = {status.value for status in DutyStatus}
_ANSWERS = ("ae_avoided", "ems_released", "police_avoided")
_SHIFT_TIMES = ("planned_end_at", "meal_due_at", "meal_until_at", "ended_at")
_ENDS = {"closed", "declined", "cancelled"}
# Before 0068 an end that was put right was told as any detail.
_PUT_RIGHT = {"end put right", "details changed"}
_STEPS = (*ASSIGNMENT_ORDER, AssignmentState.STOOD_DOWN)
_HANDOVER_STEPS = (*HANDOVER_ORDER, HandoverState.REFUSED)


@dataclass(frozen=True, slots=True)
class Past:
    """Everything that happened in a stretch of time, as rows stand now. Times are UTC.

    Attributes:
        events: of these referrals and vans, oldest first; also from before ``start`` where a van's duty needs it,
            and from after ``end`` where something was taken back.
        care: contacts, endings, follow-ups and late links, by table.
        rides: who rode on a shift, from when until when.
        names: of staff who were called otherwise then.
        known: what was said, put and decided about the people.
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
    care: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    rides: Mapping[UUID, Sequence[Ride]] = field(default_factory=dict)
    names: Mapping[UUID, str] = field(default_factory=dict)
    known: KnownOfPeople = field(default_factory=KnownOfPeople)


def board_at(past: Past, moment: datetime) -> dict[str, list[Record]]:
    """The rows of which board, vans and timelines are made, as they were at a moment; positions are read apart.

    What the person had said and flags are among them as of then; what stood against the next step is worked out
    from these by :func:`stood_at`. What was typed into the referral is shown as it is known now. What was taken
    back after the moment is there, since everybody saw it; from its taking back on it is not.
    """
    then = columns_then(past.events, moment)
    assignments = [was for job in past.assignments if (was := _assignment_at(job, _of(then, job), moment))]
    by_referral: dict[UUID, list[Assignment]] = {}
    for job in assignments:
        by_referral.setdefault(job.referral_id, []).append(job)
    by_key = _events_before(past.events, moment)
    return {
        "referral": [
            _referral_at(row, _of(then, row), by_referral.get(row.id, []), by_key.get(row.id, []), moment)
            for row in past.referrals
            if row.received_at <= moment
        ],
        "screening": [
            _screening_at(row, _of(then, row), moment)
            for row in past.screenings
            if row.completed_at <= moment and not _gone(row, moment)
        ],
        "assignment": list(assignments),
        "handover": [link for row in past.handovers if (link := _handover_at(row, _of(then, row), moment))],
        "van": [_van_at(van, by_key.get(van.id, [])) for van in past.vans],
        "shift": [
            _crew_at(was, past.rides.get(row.id), moment)
            for row in past.shifts
            for was in _shift_at(row, _of(then, row), moment)
        ],
        **care_at(past.care, moment, then),
        **person_at(past.known, moment, then),
    }


def stood_at(
    past: Past, board: Mapping[str, Sequence[Record]], reference: ReferenceData, moment: datetime
) -> list[Record]:
    """What stood against the next step of each referral of a board that :func:`board_at` made for that moment."""
    then = columns_then(past.events, moment)
    flags = [row for row in board["flag"] if isinstance(row, Flag)]
    events = _by_referral(past.events)
    passes = _by_referral(row for row in board["screening"] if isinstance(row, Screening))
    return [
        dangers_at(
            StoodThen(
                row,
                passes.get(row.id, []),
                flags,
                events.get(row.id, []),
                past.known.of(row.id),
                _of(then, row).get("triage_scale"),
            ),
            reference,
            moment,
        )
        for row in board["referral"]
        if isinstance(row, Referral)
    ]


Of = TypeVar("Of", Event, Screening)


def _by_referral(rows: Iterable[Of]) -> dict[UUID, list[Of]]:
    found: dict[UUID, list[Of]] = {}
    for row in rows:
        if row.referral_id is not None:
            found.setdefault(row.referral_id, []).append(row)
    return found


def _of(then: Mapping[str, Columns], row: Record) -> Columns:
    return then.get(str(row.id), {})


def _gone(row: Assignment | Handover | Screening | Shift, moment: datetime) -> bool:
    return row.taken_back_at is not None and row.taken_back_at <= moment


def _screening_at(row: Screening, then: Columns, moment: datetime) -> Screening:
    overridden = moment_of(then.get("override_at", row.override_at))
    if overridden is not None and overridden > moment:
        overridden = None  # every reader asks by the time whether there was one
    return replace(row, override_at=overridden, taken_back_at=None)


def _shift_at(row: Shift, then: Columns, moment: datetime) -> Iterator[Shift]:
    times: dict[str, Any] = {name: moment_of(then[name]) for name in _SHIFT_TIMES if name in then}
    was = replace(row, **times)
    if was.started_at <= moment and not _gone(was, moment) and (was.ended_at is None or was.ended_at > moment):
        yield replace(was, ended_at=None, taken_back_at=None)


def _crew_at(was: Shift, rides: Sequence[Ride] | None, moment: datetime) -> Shift:
    if rides is None:
        return was
    aboard = (one.staff_id for one in rides if one.from_at <= moment and (one.until_at or moment) >= moment)
    return replace(was, staff_ids=tuple(dict.fromkeys(aboard)))


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
            known=past.known.of(row.id),
            vans=(),
            shifts=(),
        )
    yield replace(past, referrals=(), screenings=(), assignments=(), handovers=(), known=KnownOfPeople())


def _events_before(events: Iterable[Event], moment: datetime) -> Mapping[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = {}
    # By the moment first: what was taken back after it still stood then.
    for event in standing(event for event in events if event.happened_at <= moment):
        key = event.referral_id or event.van_id
        if key is not None:
            found.setdefault(key, []).append(event)
    return found


def _referral_at(
    row: Referral, then: Columns, jobs: Collection[Assignment], events: Sequence[Event], moment: datetime
) -> Referral:
    # As the times stood before what was taken back later; one that was amended later is told as amended.
    known = times_then(row.times, then, REFERRAL_TIMES)
    times = {name: at for name, at in known.items() if at <= moment}
    # The row knows its last end only; which one stood then is told by the events.
    last = next((event for event in reversed(events) if event.kind in _ENDS | {"reopened"}), None)
    end = last if last is not None and last.kind in _ENDS else None
    if end is not None:
        times["closed"] = end.happened_at
        state = ReferralState(end.kind)
    else:
        times.pop("closed", None)
        # After a reopening, what the vans did before it no longer counts.
        since = last.happened_at if last is not None else row.received_at
        state = _open_state(
            [job for job in jobs if min(job.times.values()) >= since], accepted="accepted" in times
        )
    hold = next((event for event in reversed(events) if event.kind in {"on hold", "hold ended"}), None)
    held = hold if hold is not None and hold.kind == "on hold" else None
    answers: dict[str, Any] = {name: YesNo(then[name]) for name in _ANSWERS if then.get(name)}
    return replace(
        row,
        state=state,
        times=times,
        hold_until=datetime.fromisoformat(held.detail["until"]) if held is not None else None,
        hold_reason=held.words if held is not None else "",
        outcome=_end_said("outcome", row.outcome, end, events, then),
        end_reason=_end_said("end_reason", row.end_reason, end, events, then),
        **_in_error_at(row, then, moment),
        **answers,
    )


def _in_error_at(row: Referral, then: Columns, moment: datetime) -> dict[str, Any]:
    """A mark that came later was not there yet: the referral stood on the board."""
    marked = moment_of(then.get("entered_in_error_at", row.entered_in_error_at))
    if marked is None or marked > moment:
        return {"entered_in_error_at": None, "entered_in_error_reason": ""}
    reason = _words(then, "entered_in_error_reason", row.entered_in_error_reason)
    return {"entered_in_error_at": marked, "entered_in_error_reason": reason}


def _end_said(column: str, is_now: str, end: Event | None, events: Sequence[Event], then: Columns) -> str:
    """How it ended as that was said then: an end is put right by a later event."""
    if end is None:
        return ""
    said = _words(then, column, is_now)
    if (column == "outcome") is (end.kind == "closed"):
        said = end.words or said
    for one in reversed(events):
        change: Any = one.detail.get(column)
        if one.id > end.id and one.kind in _PUT_RIGHT and isinstance(change, dict):
            return str(change.get("to") or "")
    return said


def _words(then: Columns, column: str, otherwise: str) -> str:
    return str(then.get(column, otherwise) or "")


def _open_state(jobs: Collection[Assignment], *, accepted: bool) -> ReferralState:
    """Where its vans have brought it, one step after the other, as the record's own trigger follows them."""
    now_is = ReferralState.ACCEPTED if accepted else ReferralState.RECEIVED
    # Steps of the same moment in their own order, as they must have been taken.
    steps = sorted((at, _STEPS.index(state), job.id, state) for job in jobs for state, at in job.times.items())
    states: dict[UUID, AssignmentState] = {}
    for _, _, job_id, state in steps:
        states[job_id] = state
        now_is = _followed(state, states.values(), now_is)
    return now_is


def _followed(step: AssignmentState, states: Collection[AssignmentState], was: ReferralState) -> ReferralState:
    if step is AssignmentState.CLEAR or any(state in AT_SCENE for state in states):
        return ReferralState.ATTENDING
    if any(state in OPEN_ASSIGNMENT for state in states):
        return ReferralState.ALLOCATED
    still = was is ReferralState.ATTENDING and AssignmentState.CLEAR in states
    return ReferralState.ATTENDING if still else ReferralState.ACCEPTED


def _assignment_at(job: Assignment, then: Columns, moment: datetime) -> Assignment | None:
    known = times_then(job.times, then, AssignmentState)
    times = {state: at for state, at in known.items() if at <= moment}
    if not times or _gone(job, moment):
        return None
    if AssignmentState.STOOD_DOWN in times:
        state = AssignmentState.STOOD_DOWN
    else:
        state = max(times, key=ASSIGNMENT_ORDER.index)
    # What was taken back has the taking back as its reason, of which nobody knew then.
    reason = "" if job.taken_back_at else _words(then, "stand_down_reason", job.stand_down_reason)
    where = _words(then, "destination", job.destination)
    return replace(job, state=state, times=times, stand_down_reason=reason, destination=where, taken_back_at=None)


def _handover_at(row: Handover, then: Columns, moment: datetime) -> Handover | None:
    known = times_then(row.times, then, HandoverState)
    times = {state: at for state, at in known.items() if at <= moment}
    if not times or _gone(row, moment):
        return None
    reason = "" if row.taken_back_at else _words(then, "refusal_reason", row.refusal_reason)
    state = max(times, key=_HANDOVER_STEPS.index)
    return replace(row, state=state, times=times, refusal_reason=reason, taken_back_at=None)


def _van_at(van: Van, events: Sequence[Event]) -> Van:
    # A van's row keeps what it does now, and nothing of before: the events alone know.
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
