"""The rows as they were at a moment: states by the times they keep, holds and endings by the events."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from db.domain.dangers import Dangers
from db.domain.records import Event, Record, Referral, Screening
from db.domain.reference import ScreeningItem, ScreeningTool
from db.domain.replay import Past, Renumbered, board_at, by_referral, stood_at
from db.domain.rota import Ride
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, handover, job, reference, referral, shift, van

State = ReferralState


def event(number: int, kind: str, minutes: float, of: UUID, *, is_van: bool = False, **changed: Any) -> Event:
    known = {"recorded_by": "a.shah", "source": "user", "words": "", "detail": {}} | changed
    at = ago(minutes)
    whose = {"referral_id": None if is_van else of, "van_id": of if is_van else None}
    return Event(id=number, kind=kind, happened_at=at, recorded_at=at, **whose, **known)


def past(**parts: Any) -> Past:
    empty = dict.fromkeys(("referrals", "screenings", "assignments", "handovers", "vans", "shifts", "events"), ())
    return Past(ago(600), NOW, **empty | parts)


def at(minutes: float, **parts: Any) -> dict[str, list[Any]]:
    return board_at(past(**parts), ago(minutes))  # type: ignore[return-value] # rows of every kind


OF = referral(1, received=60, times={"accepted": ago(50)}, state=State.CLOSED, outcome="gp", end_reason="x")


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        (60, State.RECEIVED),
        (51, State.RECEIVED),
        (50, State.ACCEPTED),
        (40, State.ALLOCATED),
        (20, State.ATTENDING),
        (6, State.ATTENDING),  # clear, and not closed yet
        (5, State.CLOSED),
    ],
)
def test_a_referral_stands_where_it_stood(minutes: float, state: State) -> None:
    two = van("CRU2")
    sent = job(OF.id, two.id, AssignmentState.CLEAR, allocated=40, on_scene=20, clear=8)
    events = [event(1, "closed", 5, OF.id)]
    (row,) = at(minutes, referrals=[OF], assignments=[sent], events=events)["referral"]
    assert row.state is state
    is_over = state is State.CLOSED
    assert (row.outcome, row.end_reason) == (("gp", "x") if is_over else ("", ""))
    assert row.times.get("closed") == (ago(5) if is_over else None)
    assert all(moment <= ago(minutes) for moment in row.times.values())


@pytest.mark.parametrize(("minutes", "marked"), [(30, False), (21, False), (20, True), (5, True)])
def test_a_mark_and_an_override_that_came_later_were_not_there_yet(minutes: float, marked: bool) -> None:
    of = replace(
        referral(1, received=60, times={"accepted": ago(50)}, state=State.ACCEPTED),
        entered_in_error_at=ago(20),
        entered_in_error_reason="a test call",
    )
    screening = Screening(
        UUID(int=7), 1, of.id, 1, {}, "", ago(55), "a.shah", override_reason="seen on video", override_at=ago(20)
    )
    found = at(minutes, referrals=[of], screenings=[screening])
    (row,), (answered,) = found["referral"], found["screening"]
    assert (row.is_open, row.entered_in_error_reason) == (not marked, "a test call" if marked else "")
    assert answered.is_overridden is marked


def test_before_it_was_received_there_is_none() -> None:
    assert at(61, referrals=[OF])["referral"] == []


def test_a_reopened_one_forgets_what_its_vans_did_before() -> None:
    two, five = van("CRU2"), van("CRU5")
    first = job(OF.id, two.id, AssignmentState.CLEAR, allocated=40, on_scene=30, clear=22)
    second = job(OF.id, five.id, AssignmentState.MOBILE, allocated=10, mobile=9)
    events = [event(1, "closed", 20, OF.id), event(2, "reopened", 15, OF.id)]

    def state(minutes: float) -> Referral:
        (row,) = at(minutes, referrals=[OF], assignments=[first, second], events=events)["referral"]
        return row  # type: ignore[no-any-return] # a referral

    assert state(18).state is State.CLOSED
    assert state(14).state is State.ACCEPTED
    assert "closed" not in state(14).times
    assert state(8).state is State.ALLOCATED


@pytest.mark.parametrize("kind", ["declined", "cancelled"])
def test_one_that_fell_away_says_how(kind: str) -> None:
    (row,) = at(5, referrals=[OF], events=[event(1, kind, 6, OF.id)])["referral"]
    assert (row.state, row.end_reason) == (kind, "x")


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [(29, "in_van"), (20, "crisis_house"), (15, "in_van"), (10, "gp"), (8, "home_treatment"), (5, "gp")],
)
def test_how_it_ended_is_as_it_was_said_then(minutes: float, outcome: str) -> None:
    def right(number: int, kind: str, ago: float, was: str, end: str) -> Event:
        return event(number, kind, ago, OF.id, words=end, detail={"outcome": {"from": was, "to": end}})

    events = [
        event(1, "closed", 30, OF.id, words="in_van"),
        right(2, "details changed", 25, "in_van", "crisis_house"),
        right(3, "end put right", 18, "crisis_house", "in_van"),
        right(4, "end put right", 12, "in_van", "gp"),
        right(5, "end put right", 9, "gp", "home_treatment"),
        event(6, "end put right taken back", 7, OF.id, amends=5),
        event(7, "follow-up done", 4, OF.id, detail={"outcome": {"to": "slept well"}}),
    ]
    (row,) = at(minutes, referrals=[OF], events=events)["referral"]
    assert row.outcome == outcome


@pytest.mark.parametrize(("minutes", "held"), [(31, False), (30, True), (11, True), (10, False)])
def test_a_hold_is_told_by_its_events(minutes: float, held: bool) -> None:
    on = event(1, "on hold", 30, OF.id, words="call_back", detail={"until": NOW.isoformat()})
    off = event(2, "hold ended", 10, OF.id)
    (row,) = at(minutes, referrals=[OF], events=[on, off])["referral"]
    assert (row.hold_until, row.hold_reason) == ((NOW, "call_back") if held else (None, ""))


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        (41, None),
        (40, AssignmentState.ALLOCATED),
        (30, AssignmentState.MOBILE),
        (20, AssignmentState.STOOD_DOWN),
    ],
)
def test_an_assignment_is_in_its_last_step(minutes: float, state: AssignmentState | None) -> None:
    sent = job(OF.id, van().id, AssignmentState.STOOD_DOWN, allocated=40, mobile=30, stood_down=20)
    assert [row.state for row in at(minutes, assignments=[sent])["assignment"]] == ([state] if state else [])


@pytest.mark.parametrize(
    ("minutes", "state"),
    [(41, None), (40, HandoverState.EXPECTED), (20, HandoverState.ACCEPTED), (10, HandoverState.RELEASED)],
)
def test_a_handover_is_in_its_last_moment(minutes: float, state: HandoverState | None) -> None:
    link = handover(OF.id, HandoverState.RELEASED, expected=40, accepted=20, released=10)
    assert [row.state for row in at(minutes, handovers=[link])["handover"]] == ([state] if state else [])


@pytest.mark.parametrize(
    ("minutes", "status", "reason", "alarm"),
    [
        (60, DutyStatus.OFF_DUTY, "", None),
        (50, DutyStatus.AVAILABLE, "", None),
        (40, DutyStatus.OUT_OF_SERVICE, "fault", None),
        (30, DutyStatus.OUT_OF_SERVICE, "fault", 30),
        (20, DutyStatus.OUT_OF_SERVICE, "fault", None),
    ],
)
def test_a_van_is_on_the_duty_it_was_on(
    minutes: float, status: DutyStatus, reason: str, alarm: float | None
) -> None:
    two = van("CRU2", DutyStatus.MEAL_BREAK, duty_reason="now", emergency_at=NOW)
    events = [
        event(1, "available", 50, two.id, is_van=True),
        event(2, "out of service", 40, two.id, is_van=True, words="fault"),
        event(3, "emergency", 30, two.id, is_van=True),
        event(4, "emergency cleared", 20, two.id, is_van=True),
    ]
    (row,) = at(minutes, vans=[two], events=events)["van"]
    assert (row.duty_status, row.duty_reason) == (status, reason)
    assert row.emergency_at == (None if alarm is None else ago(alarm))
    if status is not DutyStatus.OFF_DUTY:
        assert row.duty_since == (ago(50) if status is DutyStatus.AVAILABLE else ago(40))


@pytest.mark.parametrize(("minutes", "there"), [(301, False), (300, True), (101, True), (100, False)])
def test_a_shift_is_there_from_its_start_to_its_end(minutes: float, there: bool) -> None:
    crew = shift(van().id, ended_at=ago(100))
    rows = at(minutes, shifts=[crew])["shift"]
    assert [row.ended_at for row in rows] == ([None] if there else [])


def frame(*rows: Record) -> dict[str, list[Record]]:
    return {"referral": list(rows)}


def test_only_what_changed_gets_a_higher_version() -> None:
    numbers, one, two = Renumbered(), referral(1), referral(2)
    first = numbers.number(frame(one, two))["referral"]
    again = numbers.number(frame(one, replace(two, caller="Ann")))["referral"]
    back = numbers.number(frame(replace(one, version=9), two))["referral"]
    versions: list[list[int]] = [[row.version for row in rows] for rows in (first, again, back)]  # type: ignore[attr-defined] # referrals
    assert versions == [[1, 1], [1, 2], [1, 3]]


def test_rows_of_the_same_id_in_two_tables_are_not_taken_for_one_another() -> None:
    numbers, one = Renumbered(), referral(1)
    other = replace(van(), id=one.id)
    made = numbers.number({"referral": [one], "van": [other]})
    assert made == {"referral": [one], "van": [replace(other, version=1)]}


def test_what_was_taken_back_later_had_no_reason_then() -> None:
    """The reason of the taking back was written over what stood there; of it nobody knew at that moment."""
    two = van("CRU2")
    sent = replace(
        job(OF.id, two.id, AssignmentState.STOOD_DOWN, allocated=40, stood_down=30), stand_down_reason="x"
    )
    link = replace(handover(OF.id, HandoverState.REFUSED, expected=45, refused=30), refusal_reason="y")
    for back, reasons in ((None, ("x", "y")), (ago(10), ("", ""))):
        rows = {
            "assignments": [replace(sent, taken_back_at=back)],
            "handovers": [replace(link, taken_back_at=back)],
        }
        found = at(20, referrals=[OF], **rows)
        (one,), (other,) = found["assignment"], found["handover"]
        assert (one.stand_down_reason, other.refusal_reason) == reasons
        assert (one.taken_back_at, other.taken_back_at) == (None, None)
        assert (one.state, other.state) == (AssignmentState.STOOD_DOWN, HandoverState.REFUSED)


def test_who_rode_then_is_who_was_aboard() -> None:
    two = van("CRU2")
    kept = shift(two.id)
    ann, ben = UUID(int=5), UUID(int=6)
    rides = [Ride(ann, ago(200), ago(100)), Ride(ben, ago(100)), Ride(ann, ago(50))]
    for minutes, aboard in ((201, ()), (200, (ann,)), (100, (ann, ben)), (99, (ben,)), (20, (ben, ann))):
        (row,) = at(minutes, shifts=[kept], rides={kept.id: rides})["shift"]
        assert row.staff_ids == aboard
    (row,) = at(20, shifts=[replace(kept, staff_ids=(ben,))])["shift"]
    assert row.staff_ids == (ben,), "of a shift of which nobody knows who rode, what stands there"


def test_what_stood_against_each_referral_is_worked_out_from_its_own_rows() -> None:
    first, second = (referral(number, received=60, state=State.ACCEPTED, triage_scale="B") for number in (1, 2))
    tool = ScreeningTool(1, "x", (ScreeningItem("knife", "Safety", "Blade", ()),))
    known = replace(reference(), tools={1: tool})
    passes = [
        Screening(UUID(int=7), 1, first.id, 1, {"knife": "yes"}, "", ago(55), "a.shah"),
        Screening(UUID(int=8), 1, second.id, 1, {"knife": "no"}, "", ago(55), "a.shah"),
    ]
    changed = event(3, "details changed", 20, second.id, detail={"triage_scale": {"from": "A", "to": "B"}})
    of_a_van = event(4, "available", 20, UUID(int=9), is_van=True)
    told_of = event(5, "danger", 54, first.id)
    for minutes, stands in (
        (57, {first.id: ["unscreened"], second.id: ["scale", "unscreened"]}),
        (30, {first.id: ["yes"], second.id: ["scale"]}),
        (10, {first.id: ["yes"], second.id: ["scale earlier"]}),
    ):
        then = past(referrals=[first, second], screenings=passes, events=[changed, of_a_van, told_of])
        board = board_at(then, ago(minutes))
        rows = stood_at(then, board, known, ago(minutes))
        found = {row.id: sorted(one.kind for one in row.stands) for row in rows if isinstance(row, Dangers)}
        assert found == {key: sorted(kinds) for key, kinds in stands.items()}
        since = {row.id: row.since for row in rows if isinstance(row, Dangers)}
        assert since == {first.id: ago(54) if minutes < 54 else None, second.id: None}


def test_a_day_in_parts_has_each_row_once() -> None:
    first, second = referral(1, received=60), referral(2, received=50)
    two = van("CRU2")
    parts = {
        "referrals": [first, second],
        "screenings": [Screening(UUID(int=7), 1, second.id, 1, {}, "", ago(40), "x")],
        "assignments": [job(first.id, two.id, AssignmentState.MOBILE)],
        "handovers": [handover(second.id)],
        "events": [event(1, "note", 30, first.id), event(2, "available", 30, two.id, is_van=True)],
        "vans": [two],
        "shifts": [shift(two.id)],
    }
    cut = list(by_referral(past(**parts)))
    assert len(cut) == 3
    for name, of in (("screenings", second), ("assignments", first), ("handovers", second)):
        assert [[row.referral_id for row in getattr(one, name)] for one in cut[:2]] == [
            [of.id] if of is whose else [] for whose in (first, second)
        ]
        assert not getattr(cut[2], name)
    assert [len(one.events) for one in cut] == [1, 0, 2]
    assert [(len(one.vans), len(one.shifts)) for one in cut] == [(0, 0), (0, 0), (1, 1)]
