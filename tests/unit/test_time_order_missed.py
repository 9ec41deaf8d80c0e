"""The steps that nobody reported, as a shift lead is offered them."""

from uuid import uuid4

import pytest

from db.domain.states import AssignmentState, HandoverState
from db.domain.time_order import belongs, known_times, missed_times
from tests.unit.board_records import NOW, ago, handover, job, referral

WHO = referral(44)


@pytest.mark.parametrize(
    ("state", "times", "missed"),
    [
        (AssignmentState.ALLOCATED, {"allocated": 60}, []),
        (AssignmentState.ON_SCENE, {"allocated": 60, "on_scene": 20}, ["acknowledged", "mobile", "at_rendezvous"]),
        (AssignmentState.MOBILE, {"allocated": 60, "acknowledged": 59, "mobile": 50}, []),
        (AssignmentState.STOOD_DOWN, {"allocated": 60, "stood_down": 20}, []),
        # Nothing says by when: between two times that are not known nobody can be asked for one.
        (AssignmentState.ON_SCENE, {"allocated": 60}, []),
    ],
)
def test_the_steps_that_a_van_skipped(state: AssignmentState, times: dict[str, float], missed: list[str]) -> None:
    one = job(WHO.id, uuid4(), state, **times)
    found = missed_times([one], [], {one.van_id: "CRU2"})
    assert [each.field for each in found] == missed
    assert all(each.missed and each.whose == "CRU2" for each in found)


def test_a_handover_that_was_accepted_at_once() -> None:
    link = handover(WHO.id, HandoverState.RELEASED, expected=40, accepted=20, released=10)
    (found,) = missed_times([], [link], {})
    assert (found.words, found.at) == ("handover started", ago(20))
    refused = handover(WHO.id, HandoverState.REFUSED, expected=40, refused=20)
    assert missed_times([], [refused], {}) == []


def test_a_missed_step_lies_between_those_around_it_and_binds_no_other() -> None:
    one = job(WHO.id, uuid4(), AssignmentState.CLEAR, allocated=60, on_scene=20, clear=5)
    known = known_times(WHO, [one], [], {one.van_id: "CRU2"})
    missed = missed_times([one], [], {one.van_id: "CRU2"})
    mobile = next(each for each in missed if each.field == "mobile")
    bound = belongs(mobile, [*known, *missed], NOW)
    assert bound.not_before is not None
    assert bound.not_after is not None
    assert (bound.not_before.at, bound.not_after.at) == (ago(60), ago(20))
    scene = next(each for each in known if each.field == "on_scene")
    assert belongs(scene, [*known, *missed], NOW).not_before == bound.not_before
