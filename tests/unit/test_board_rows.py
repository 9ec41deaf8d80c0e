"""What the board's rows say, and where they stand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.board import Group, board_row, face, group, place, urgency
from db.domain.board_line import line
from db.domain.party import Party
from db.domain.records import Location
from db.domain.situation import Facts, situation
from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, handover, job, reference, referral, van

REFERENCE = reference()


@pytest.mark.hazard("H-015")
def test_a_person_who_waits_with_a_crew() -> None:
    who = referral(times={"ems_on_scene": ago(31)})
    row = board_row(Facts(who, (), (handover(who.id),)), REFERENCE)
    shown = face(row, NOW)
    assert shown.title == "CRU-0044 Kettering · NN16 8UZ"
    assert shown.line == "EMAS 31 min · NO VAN"
    assert shown.full == "EMAS A1187 on scene 31 min · NO VAN"
    assert (shown.right, shown.below) == ("11 min", "left of 60")
    assert shown.urgency == "due soon"
    assert shown.used == pytest.approx(49 / 60)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([HandoverState.EXPECTED], "EMAS A1187 waiting 49 min"),
        ([HandoverState.STARTED], "EMAS A1187 handing over 5 min"),
        ([HandoverState.ACCEPTED], "handed over, EMAS A1187 not released 5 min"),
        ([HandoverState.RELEASED], "EMAS A1187 released"),
        # The person stayed with who had them; the next link says who that is.
        ([HandoverState.REFUSED, HandoverState.EXPECTED], "Police waiting 49 min"),
        ([HandoverState.REFUSED], "EMAS A1187 keeps the person 5 min"),
        ([], "EMAS crew on scene"),
    ],
)
def test_the_row_says_who_has_the_person(states: list[HandoverState], said: str) -> None:
    of = referral()
    links = [handover(of.id, state, **{state.value: 5}) for state in states]
    if len(links) == 2:
        links[1] = replace(links[1], ordinal=2, from_party="Police", from_kind=Party.POLICE)
    shown = face(board_row(Facts(of, (), links), REFERENCE), NOW)
    assert said in shown.full.split(" · ")


@pytest.mark.parametrize("state", [state for state in HandoverState if state is not HandoverState.RELEASED])
def test_in_its_first_minute_a_state_has_no_length(state: HandoverState) -> None:
    of = referral(received=0.5)
    link = handover(of.id, state, **{state.value: 0.5})
    young, older = (face(board_row(Facts(of, (), [link]), REFERENCE), NOW + timedelta(minutes=n)) for n in (0, 1))
    assert "min" not in young.full
    assert "1 min" in older.full
    assert older.full.replace(" 1 min", "") == young.full


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (HandoverState.EXPECTED, "Haven next"),
        (HandoverState.STARTED, "handing over to Haven 5 min"),
        (HandoverState.ACCEPTED, "handed over to Haven 5 min"),
        (HandoverState.REFUSED, "CRU keeps the person 5 min"),
    ],
)
@pytest.mark.parametrize("before", [(), (HandoverState.RELEASED,), (HandoverState.ACCEPTED,)])
def test_the_row_says_whom_our_crew_hands_over_to(
    state: HandoverState, said: str, before: tuple[HandoverState, ...]
) -> None:
    of = referral(state=ReferralState.ATTENDING)
    ours = handover(of.id, state, **{state.value: 5})
    ours = replace(
        ours, ordinal=2, from_party="CRU", from_kind=Party.CRU, to_party="Haven", to_kind=Party.DESTINATION
    )
    first = [handover(of.id, one, **{one.value: 20}) for one in before]
    shown = face(board_row(Facts(of, (), [*first, ours]), REFERENCE), NOW)
    # A crew that is needed elsewhere goes first.
    waits = HandoverState.ACCEPTED in before
    assert shown.full.split(" · ")[0] == ("handed over, EMAS A1187 not released 20 min" if waits else said)


@pytest.mark.parametrize(
    ("kind", "times", "said"),
    [
        (Party.EMS, {}, "EMAS A1187 waiting 49 min"),
        (Party.EMS, {"ems_on_scene": ago(31)}, "EMAS A1187 on scene 31 min"),
        (Party.POLICE, {"ems_on_scene": ago(31)}, "EMAS A1187 waiting 49 min"),
    ],
)
def test_only_an_ambulance_whose_arrival_was_put_down_is_on_scene(
    kind: Party, times: dict[str, datetime], said: str
) -> None:
    of = referral(times=times)
    link = replace(handover(of.id), from_kind=kind)
    assert face(board_row(Facts(of, (), [link]), REFERENCE), NOW).full.split(" · ")[0].startswith(said[:-7])


@pytest.mark.hazard("H-013", "H-015")
@pytest.mark.parametrize(
    ("received", "right", "below", "loudness"),
    [
        (10, "50 min", "left of 60", "calm"),
        (44.9, "15 min", "left of 60", "calm"),
        (45, "15 min", "left of 60", "due soon"),
        (60 - 1 / 60, "under 1 min", "left of 60", "due soon"),
        (60, "under 1 min", "over 60", "late"),
        (75, "15 min", "over 60", "late"),
    ],
)
def test_the_clock_gets_louder(received: float, right: str, below: str, loudness: str) -> None:
    shown = face(board_row(Facts(referral(received=received)), REFERENCE), NOW)
    assert (shown.right, shown.below, shown.urgency) == (right, below, loudness)


def test_long_clocks_are_told_in_hours() -> None:
    shown = face(board_row(Facts(referral(received=58, priority="P2", source="hub")), REFERENCE), NOW)
    assert (shown.right, shown.below) == ("3 h 02", "left of 4 h")
    assert shown.line == "no van · 111 option 2"


def test_what_is_still_to_do_outlasts_who_referred() -> None:
    lengths = line(
        situation(Facts(referral(state=ReferralState.RECEIVED, source="hub")), REFERENCE), REFERENCE
    ).lengths
    said = [" · ".join(words for words, _ in one) for one in lengths]
    assert said[:3] == ["NO VAN · not accepted · 111 option 2", "NO VAN · not accepted", "NO VAN"]


def test_with_the_patient_the_clock_stands_and_the_row_goes_after_those_who_wait() -> None:
    two = van()
    who = referral(42, 41, state=ReferralState.ATTENDING)
    there = job(who.id, two.id, AssignmentState.WITH_PATIENT, allocated=35, with_patient=6)
    link = handover(who.id, HandoverState.STARTED, expected=40, started=3)
    reached = board_row(Facts(who, (there,), (link,), {two.id: "CRU2"}), REFERENCE)
    shown = face(reached, NOW)
    assert (shown.right, shown.below, shown.urgency) == ("6 min", "with patient", "reached")
    assert shown.used == pytest.approx(35 / 60)
    assert shown.line == "EMAS handing over 3 min · CRU2"
    assert shown.full == "EMAS A1187 handing over 3 min · CRU2 with patient"
    waits = board_row(Facts(referral(38, 1, priority="P3")), REFERENCE)
    assert place(waits, NOW) < place(reached, NOW)


def test_a_referral_that_was_reopened_waits_again() -> None:
    who = referral(42, 70, state=ReferralState.ACCEPTED)
    was = job(who.id, van().id, AssignmentState.CLEAR, allocated=60, with_patient=30, clear=10)
    row = board_row(Facts(who, (was,)), REFERENCE)
    assert row.stands_since is None
    assert urgency(row, NOW) == "late"


def test_when_every_van_is_clear_only_the_closing_is_missing() -> None:
    who = referral(42, 70, state=ReferralState.ATTENDING)
    was = job(who.id, van().id, AssignmentState.CLEAR, allocated=60, with_patient=30, clear=10)
    shown = face(board_row(Facts(who, (was,)), REFERENCE), NOW)
    assert (shown.right, shown.below) == ("10 min", "since clear")
    assert "clear, not closed" in shown.line


@pytest.mark.hazard("H-014")
def test_a_hold_ends_by_itself() -> None:
    until = NOW + timedelta(minutes=33)
    row = board_row(Facts(referral(hold_until=until, hold_reason="call_back")), REFERENCE)
    assert group(row, NOW) is Group.HELD
    assert "on hold until 04:15: Call back agreed" in face(row, NOW).line
    assert group(row, until) is Group.OPEN
    assert place(row, until) == row.place


def test_ended_rows_say_how_they_ended() -> None:
    who = referral(state=ReferralState.CANCELLED, end_reason="by_caller", times={"closed": ago(2)}, hold_until=NOW)
    shown = face(board_row(Facts(who), REFERENCE), NOW)
    assert shown.line == "cancelled · Cancelled by the caller"
    assert (shown.right, shown.below, shown.urgency) == ("03:40", "ended", "ended")
    closed = referral(state=ReferralState.CLOSED, outcome="home", times={"closed": ago(2)})
    assert face(board_row(Facts(closed), REFERENCE), NOW).line == "closed · Supported at home"


@pytest.mark.hazard("H-018")
def test_entered_in_error_is_kept_and_not_counted() -> None:
    row = board_row(Facts(referral(entered_in_error_at=ago(1))), REFERENCE)
    assert not row.counts
    assert group(row, NOW) is Group.CLOSED
    assert face(row, NOW).line == "entered in error"


def test_the_wall_holds_no_place_and_no_name() -> None:
    who = referral(ems_incident="EM-1", caller="Jo", location=Location("3 Abington Street", "NN16 8UZ"))
    row = board_row(Facts(who, (), (handover(who.id),)), REFERENCE, wall=True)
    assert face(row, NOW).title == "CRU-0044 · NN16"
    for told in (str(row), face(row, NOW).spoken("P1")):
        assert "Abington" not in told
        assert "8UZ" not in told
        assert "jo" not in row.haystack.split("\n")


def test_yesterdays_number_says_its_day() -> None:
    late = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
    assert face(board_row(Facts(referral()), REFERENCE), late).title.startswith("CRU-0044 Sun · ")


@pytest.mark.hazard("H-016")
def test_an_unknown_priority_gets_the_tightest_clock() -> None:
    assert board_row(Facts(referral(priority="P9")), REFERENCE).within_minutes == 60


@pytest.mark.hazard("H-013")
@given(
    received=st.floats(0, 3000),
    priority=st.sampled_from(["P1", "P2", "P3"]),
    other=st.floats(0, 3000),
    passed=st.floats(0, 600),
)
def test_order_is_by_time_left_and_time_does_not_change_it(
    received: float, priority: str, other: float, passed: float
) -> None:
    one = board_row(Facts(referral(1, received, priority=priority)), REFERENCE)
    two = board_row(Facts(referral(2, other)), REFERENCE)
    later = NOW + timedelta(minutes=passed)
    before = place(one, NOW) < place(two, NOW)
    assert before == (place(one, later) < place(two, later))
    left = one.clock.left(later), two.clock.left(later)
    if left[0] != left[1]:
        assert before == (left[0] < left[1])
