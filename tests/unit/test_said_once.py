"""What one panel says no other contradicts: police who are there, codes in words, what is dangerous first."""

import pytest

from console.views.detail import words
from console.views.detail.sections import _blocking_lines
from console.views.timeline.lanes import lane
from db.domain.board import board_row, face
from db.domain.party import is_present
from db.domain.reference import ReferenceData, ScreeningItem, ScreeningTool
from db.domain.screening import gate
from db.domain.situation import Facts, situation
from db.domain.states import ReferralState
from tests.unit.board_records import NOW, reference, referral
from tests.unit.test_lanes import link


@pytest.mark.hazard("H-080")
@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("present", True),
        (" Present, two officers", True),
        ("PRESENT since 02:10", True),
        ("asked for", False),
        ("avoided", False),
        ("not present", False),
        ("left again", False),
        ("", False),
    ],
)
def test_police_who_are_there_are_said_to_be_there_everywhere(said: str, there: bool) -> None:
    facts = Facts(referral(source="hub", police=said))
    now_is = situation(facts, reference())
    assert is_present(said) == now_is.police_present == there
    told = words.who_holds(now_is, NOW)
    drawn = lane(now_is, lambda _: None, NOW).segments[0].label
    row = face(board_row(facts, reference()), NOW).line
    assert told.startswith("Police are with the person" if there else "No crew is known")
    assert (drawn == "police present") == ("police present" in row) == there


def test_a_crew_that_holds_the_patient_is_told_and_police_beside_it_are_not() -> None:
    who = referral(police="present")
    now_is = situation(Facts(who, (), (link(who.id, expected=49),)), reference())
    assert now_is.holder is not None
    assert not now_is.police_present
    assert words.who_holds(now_is, NOW).startswith(f"{now_is.holder.name} holds the patient")


def test_nobody_is_with_a_person_whose_referral_has_ended() -> None:
    ended = referral(state=ReferralState.DECLINED, end_reason="x", police="present", source="hub")
    assert not situation(Facts(ended), reference()).police_present


@pytest.mark.hazard("H-060")
@pytest.mark.parametrize(
    ("kind", "code", "told"),
    [
        ("hold", "call_back", "Call back agreed"),
        ("refuse_handover", "by_caller", "Cancelled by the caller"),
        ("stand_down", "fault", "Vehicle fault"),
        ("unheard_of", "call_back", "Call back agreed"),
        ("hold", "gone_home_by_bus", "gone home by bus"),
        ("hold", "Typed by hand", "Typed by hand"),
    ],
)
def test_no_reason_is_shown_as_a_code(kind: str, code: str, told: str) -> None:
    assert reference().reason_label(kind, code) == told


def test_nor_is_an_outcome_or_a_source() -> None:
    known: ReferenceData = reference()
    assert known.outcome_label("home") == "Supported at home"
    assert known.outcome_label("left_with_family") == "left with family"
    assert known.source_label("hub") == "111 option 2"
    assert known.source_label("new_partner") == "new partner"


@pytest.mark.hazard("H-012")
def test_one_yes_stands_before_everything_that_is_not_known() -> None:
    items = tuple(ScreeningItem(f"q{n}", "Safety", f"Question {n}", ()) for n in range(12))
    tool = ScreeningTool(1, "", items)
    answers = {item.key: "not known" for item in items} | {"q7": "yes"}
    first, second = _blocking_lines(gate(tool, answers), answers)
    assert "yes: Question 7" in first
    assert "not known (11): " in second
    assert "Question 7" not in second
    assert list(_blocking_lines(gate(tool, dict.fromkeys(answers, "no")), dict.fromkeys(answers, "no"))) == []


def test_what_was_entered_in_error_wants_no_van() -> None:
    assert situation(Facts(referral()), reference()).wants_van
    marked = referral(entered_in_error_at=NOW, entered_in_error_reason="double")
    assert not situation(Facts(marked), reference()).wants_van
    assert not situation(Facts(referral(state=ReferralState.ALLOCATED)), reference()).wants_van
