"""What speaks against a step: where the van was seen, how fast it went, who holds the patient; or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.objections import (
    Known,
    LastSeen,
    ObjectionKind,
    about_closing,
    about_handover,
    about_step,
)
from db.domain.party import Party
from db.domain.records import Assignment, Handover
from db.domain.situation import Facts, situation
from db.domain.states import ASSIGNMENT_MOVES, AssignmentState, HandoverState
from tests.unit.board_records import reference
from tests.unit.cases import handover, job, minutes, referral

S, H = AssignmentState, HandoverState
FAR, HASTY, TWO, NOBODY = (
    ObjectionKind.FAR,
    ObjectionKind.HASTY,
    ObjectionKind.TWO_HOLD,
    ObjectionKind.NOBODY,
)
TOLD = ("EMAS A1187", "CRU")
ON = (Party.CRU, Party.DESTINATION)


def known(
    jobs: Sequence[Assignment], links: Sequence[Handover] = (), at: float = 60, seen: LastSeen | None = None
) -> Known:
    return Known(situation(Facts(referral(), jobs, links), reference()), minutes(at), seen)


def sighted(metres: float, seconds_old: float, at: float = 60, accuracy: float = 0.0) -> LastSeen:
    return LastSeen(metres, minutes(at) - timedelta(seconds=seconds_old), accuracy)


@pytest.mark.hazard("H-022", "H-065")
@pytest.mark.parametrize(
    ("metres", "old", "accuracy", "asked"),
    [
        (7600, 1, 0, "fix 1 s old, 7.6 km away"),
        (339, 1, 0, None),
        (340, 0, 0, "fix 0 s old, 0.3 km away"),
        (300, 0, 0, None),
        (900, 0, 800, None),
        (5000, 60, 0, "fix 60 s old, 5.0 km away"),
        (5000, 130, 0, None),  # whoever drives fast may have come as far since
        (24_000, 500, 0, "fix 8 min old, 24.0 km away"),
        (90_000, 601, 0, None),  # says nothing about now
    ],
)
def test_a_van_that_cannot_be_there_is_asked_about(
    metres: float, old: float, accuracy: float, asked: str | None
) -> None:
    coming = job(S.MOBILE, {S.MOBILE: 10})
    found = about_step(coming, S.ON_SCENE, known([coming], seen=sighted(metres, old, accuracy=accuracy)))
    assert [(one.kind, one.words) for one in found] == ([(FAR, asked)] if asked else [])


@pytest.mark.parametrize("to", sorted(ASSIGNMENT_MOVES[S.MOBILE] - {S.STOOD_DOWN}))
def test_only_a_step_that_claims_a_place_is_held_against_the_fix(to: AssignmentState) -> None:
    coming = job(S.MOBILE, {S.MOBILE: 10})
    found = about_step(coming, to, known([coming], seen=sighted(9000, 3)))
    assert (FAR in {one.kind for one in found}) == (to in {S.ON_SCENE, S.WITH_PATIENT, S.AT_DESTINATION})


def test_what_is_not_known_speaks_against_nothing() -> None:
    coming = job(S.MOBILE, {S.MOBILE: 10})
    assert about_step(coming, S.ON_SCENE, known([coming])) == ()


@pytest.mark.hazard("H-022")
@pytest.mark.parametrize(
    ("state", "to", "seconds", "asked"),
    [
        (S.ALLOCATED, S.ACKNOWLEDGED, 1, False),
        (S.ACKNOWLEDGED, S.MOBILE, 1, False),
        (S.ALLOCATED, S.MOBILE, 0, False),
        (S.MOBILE, S.ON_SCENE, 59, True),
        (S.MOBILE, S.ON_SCENE, 60, False),
        (S.ACKNOWLEDGED, S.WITH_PATIENT, 20, True),
        (S.ON_SCENE, S.WITH_PATIENT, 9, True),
        (S.ON_SCENE, S.WITH_PATIENT, 10, False),
        (S.WITH_PATIENT, S.CLEAR, 119, True),
        (S.WITH_PATIENT, S.CLEAR, 120, False),
        (S.WITH_PATIENT, S.CONVEYING, 4, True),
        (S.CONVEYING, S.AT_DESTINATION, 45, True),
        (S.CONVEYING, S.AT_DESTINATION, 90, False),
    ],
)
def test_a_step_that_nobody_would_believe_so_soon_is_asked_about(
    state: AssignmentState, to: AssignmentState, seconds: float, asked: bool
) -> None:
    van = job(state, {state: 30})
    found = about_step(van, to, known([van], at=30 + seconds / 60))
    assert [one.words for one in found if one.kind is HASTY] == (
        [f"{state} only {int(seconds)} s ago"] if asked else []
    )


def test_a_fix_at_the_place_answers_for_a_step_that_came_soon() -> None:
    coming = job(S.MOBILE, {S.MOBILE: 30})
    there = known([coming], at=30.2, seen=sighted(90, 3, at=30.2))
    assert about_step(coming, S.ON_SCENE, there) == ()
    # It says nothing about how long a crew was with the person.
    with_them = job(S.WITH_PATIENT, {S.WITH_PATIENT: 30})
    leaving = known([with_them], at=30.2, seen=sighted(90, 3, at=30.2))
    assert [one.kind for one in about_step(with_them, S.CLEAR, leaving)] == [HASTY]


def test_a_patient_whom_another_van_drives_is_not_met_at_the_scene() -> None:
    away, late = job(S.CONVEYING, {S.WITH_PATIENT: 20, S.CONVEYING: 40}), job(S.ON_SCENE, {S.ON_SCENE: 50})
    found = about_step(late, S.WITH_PATIENT, known([away, late]))
    assert [(one.kind, one.words) for one in found] == [(TWO, "van is conveying with the patient")]
    assert about_step(away, S.AT_DESTINATION, known([away, late])) == ()


def test_a_destination_that_holds_the_patient_is_named() -> None:
    taken = handover({H.EXPECTED: 30, H.STARTED: 40, H.ACCEPTED: 45}, who=("CRU", "Haven"), kinds=ON)
    gone = job(S.CLEAR, {S.WITH_PATIENT: 20, S.CLEAR: 50})
    again = job(S.ON_SCENE, {S.ON_SCENE: 55})
    found = about_step(again, S.WITH_PATIENT, known([gone, again], [taken]))
    assert [(one.kind, one.words) for one in found] == [(TWO, "Haven holds the patient")]


@pytest.mark.parametrize(
    ("state", "to", "asked"),
    [
        (S.ON_SCENE, S.WITH_PATIENT, True),
        (S.ON_SCENE, S.CONVEYING, True),
        (S.MOBILE, S.AT_DESTINATION, True),
        # Neither says that it has the person; a crew that has them was asked as it met them.
        (S.MOBILE, S.ON_SCENE, False),
        (S.ON_SCENE, S.CLEAR, False),
        (S.WITH_PATIENT, S.CONVEYING, False),
        (S.CONVEYING, S.AT_DESTINATION, False),
    ],
)
def test_only_a_crew_that_comes_to_have_the_person_is_told_who_has_them(
    state: AssignmentState, to: AssignmentState, asked: bool
) -> None:
    this = job(state, {state: 40})
    for there in (S.CONVEYING, S.AT_DESTINATION):
        other = job(there, {S.WITH_PATIENT: 20, there: 30})
        assert (TWO in {one.kind for one in about_step(this, to, known([this, other]))}) is asked
    beside = job(S.ON_SCENE, {S.ON_SCENE: 30})
    assert TWO not in {one.kind for one in about_step(this, to, known([this, beside]))}
    taken = handover({H.EXPECTED: 30, H.STARTED: 40, H.ACCEPTED: 45}, who=("CRU", "Haven"), kinds=ON)
    gone = job(S.CLEAR, {S.WITH_PATIENT: 20, S.CLEAR: 50})
    assert (TWO in {one.kind for one in about_step(this, to, known([gone, this], [taken]))}) is asked


def test_two_of_our_crews_with_one_person_is_no_contradiction() -> None:
    first, second = job(S.WITH_PATIENT, {S.WITH_PATIENT: 20}), job(S.ON_SCENE, {S.ON_SCENE: 50})
    assert about_step(second, S.WITH_PATIENT, known([first, second])) == ()


@pytest.mark.hazard("H-029")
@pytest.mark.parametrize(
    ("state", "links", "asked"),
    [
        (S.WITH_PATIENT, (), None),  # supported at home: the usual end
        (S.CONVEYING, (), "the patient is in the van"),
        (S.AT_DESTINATION, (), "the destination has not accepted the patient"),
        (S.ON_SCENE, (), "nobody is known to be with the patient"),
        (S.ON_SCENE, ("expected",), None),  # the crew that waits holds the patient
        (S.ON_SCENE, ("started",), "EMAS A1187 has been handing over for 10 min"),
    ],
)
def test_a_crew_that_leaves_nobody_behind_is_asked(
    state: AssignmentState, links: tuple[str, ...], asked: str | None
) -> None:
    van = job(state, {state: 40})
    chain = [handover({H.EXPECTED: 0} | ({H.STARTED: 50} if "started" in links else {}))] if links else []
    found = about_step(van, S.CLEAR, known([van], chain))
    assert [(one.kind, one.words) for one in found] == ([(NOBODY, asked)] if asked else [])
    beside = job(S.WITH_PATIENT, {S.WITH_PATIENT: 20})
    if state is not S.CONVEYING:
        assert about_step(van, S.CLEAR, known([van, beside], chain)) == ()


@pytest.mark.parametrize(
    ("state", "to", "links", "asked"),
    [
        # Only a crew that goes leaves anybody.
        (S.CONVEYING, S.AT_DESTINATION, [], None),
        (S.ON_SCENE, S.WITH_PATIENT, [], None),
        # Whoever accepted the patient has them, wherever the van stands.
        (S.AT_DESTINATION, S.CLEAR, [{H.EXPECTED: 42, H.ACCEPTED: 45}], None),
        (S.AT_DESTINATION, S.CLEAR, [{H.EXPECTED: 42, H.STARTED: 45}], "Haven has not accepted the patient"),
        # Our own handover that has begun does not keep a crew that others are with.
        (S.WITH_PATIENT, S.CLEAR, [{H.EXPECTED: 42, H.STARTED: 45}], None),
    ],
)
def test_what_a_crew_leaves_at_a_destination(
    state: AssignmentState, to: AssignmentState, links: list[dict[HandoverState, float]], asked: str | None
) -> None:
    this = replace(job(state, {S.WITH_PATIENT: 20, state: 40} if state is not S.ON_SCENE else {state: 40}))
    this = replace(this, destination="Haven") if state is S.AT_DESTINATION else this
    chain = [handover(times, who=("CRU", "Haven"), kinds=ON) for times in links]
    found = about_step(this, to, known([this], chain))
    assert [one.words for one in found if one.kind is NOBODY] == ([asked] if asked else [])


def test_whoever_was_met_before_is_not_left_with_nobody() -> None:
    """A crew that comes after one that had the person is not asked: where they are now is known to be nobody's."""
    first = job(S.CLEAR, {S.WITH_PATIENT: 20, S.CLEAR: 40})
    second = job(S.ON_SCENE, {S.ON_SCENE: 50})
    assert about_step(second, S.CLEAR, known([first, second])) == ()
    # A time that is corrected to before they were met is asked about.
    found = about_step(second, S.CLEAR, known([first, second], at=19))
    assert NOBODY in {one.kind for one in found}
    assert NOBODY not in {one.kind for one in about_step(second, S.CLEAR, known([first, second], at=20))}


@pytest.mark.parametrize(
    ("metres", "seconds", "accuracy", "is_there"),
    [(300, 3, 0, True), (301, 3, 0, False), (350, 3, 50, True), (100, 600, 0, True), (100, 601, 0, False)],
)
def test_only_a_good_fix_answers_for_a_step_that_came_soon(
    metres: float, seconds: float, accuracy: float, is_there: bool
) -> None:
    coming = job(S.MOBILE, {S.MOBILE: 30})
    seen = sighted(metres, seconds, at=30.2, accuracy=accuracy)
    found = {one.kind for one in about_step(coming, S.ON_SCENE, known([coming], at=30.2, seen=seen))}
    assert (HASTY in found) is not is_there


def test_a_handover_with_our_crew_elsewhere_is_asked_about() -> None:
    there = job(S.ON_SCENE, {S.ON_SCENE: 30})
    away = known([there], seen=sighted(4000, 2))
    for to in (H.STARTED, H.ACCEPTED):
        assert [one.kind for one in about_handover(to, [there], away)] == [FAR]
    assert about_handover(H.RELEASED, [there], away) == ()
    assert about_handover(H.ACCEPTED, [], away) == ()
    assert about_handover(H.ACCEPTED, [there], known([there])) == ()


@pytest.mark.hazard("H-030")
def test_closing_asks_while_a_crew_still_waits() -> None:
    done = job(S.CLEAR, {S.WITH_PATIENT: 20, S.CLEAR: 50})
    waits = handover({H.EXPECTED: 0, H.ACCEPTED: 25})
    free = handover({H.EXPECTED: 0, H.ACCEPTED: 25, H.RELEASED: 30})
    assert [one.words for one in about_closing(known([done], [waits]))] == ["EMAS A1187 is not released"]
    assert about_closing(known([done], [free])) == about_closing(known([done])) == ()


@given(
    st.sampled_from(sorted(ASSIGNMENT_MOVES)),
    st.data(),
    st.floats(0, 100_000),
    st.floats(-300, 5000),
    st.floats(0, 4000),
)
def test_a_van_at_the_place_after_a_believable_time_is_never_asked_where_it_is(
    state: AssignmentState, data: st.DataObject, metres: float, old: float, minutes_later: float
) -> None:
    moves = sorted(ASSIGNMENT_MOVES[state] - {S.STOOD_DOWN})
    if not moves:
        return
    to, van = data.draw(st.sampled_from(moves)), job(state, {state: 0})
    found = {one.kind for one in about_step(van, to, known([van], at=minutes_later, seen=sighted(metres, old)))}
    if minutes_later >= 2:
        assert HASTY not in found
    if metres <= 300:
        assert FAR not in found
