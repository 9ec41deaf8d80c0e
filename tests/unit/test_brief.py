"""The brief: one text for the crew, in the words of the person first; and steps and objections around it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.domain import brief as briefs
from db.domain.about import Mobility, Said, Topic, TopicKind
from db.domain.brief import Informed, brief, changed_since, labels_of, last_read, with_them
from db.domain.cautions import Flag
from db.domain.languages import Language, Languages
from db.domain.next_steps import Act, Case, next_steps
from db.domain.objections import Known, ObjectionKind, about_crew, about_step
from db.domain.person_steps import AboutThem, joined, person_steps
from db.domain.read_back import Booking, ReadBack
from db.domain.records import Location, Patient, Screening
from db.domain.reference import NOT_MEASURED, ScreeningItem, ScreeningTool
from db.domain.roles import Role
from db.domain.screening import OBSERVATIONS_KEY
from db.domain.situation import Facts, situation
from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.unit import board_records
from tests.unit.cases import START, handover, job, referral

WORDS = TopicKind.WORDS
TOPICS = (
    Topic("call_me", "Call me", "", WORDS),
    Topic("pronouns", "Pronouns", "", WORDS),
    Topic("arrive", "How to arrive", "", WORDS),
    Topic("safer_with", "Safer with", "", TopicKind.SAFER),
    Topic("language", "Language", "", TopicKind.LANGUAGE),
    Topic("interpreter", "Needs an interpreter", "", TopicKind.ANSWER),
    Topic("helps", "What helps", "", WORDS),
    Topic("avoid", "Please avoid", "", WORDS),
    Topic("keep", "Keep for next time", "", TopicKind.ANSWER, in_brief=False),
)
TOOL = ScreeningTool(
    2, "", (ScreeningItem("knife", "Safety", "A blade", ()), ScreeningItem("fit", "Physical", "A fit", ()))
)
REFERENCE = replace(
    board_records.reference(),
    topics=TOPICS,
    languages=Languages.of([Language("urd", "Urdu"), Language("eng", "English")]),
)


def informed(*said: Said, **changed: Any) -> Informed:
    known: dict[str, Any] = {
        "referral": referral(
            patient=Patient("Noor Example", date(1988, 5, 1)), location=Location("x", access_note="gate code 4")
        ),
        "items": said,
        "flags": (),
        "bookings": (),
        "screening": None,
        "tool": TOOL,
        "with_them": "EMAS N1420",
        "reference": REFERENCE,
        "now": START,
    }
    return Informed(**(known | changed))


def words(told: Informed) -> str:
    return briefs.text(brief(told))


def flag(kind: str, reason: str, days: float = 9) -> Flag:
    return Flag(uuid4(), 1, uuid4(), "person", kind, reason, START + timedelta(days=days), "a.shah", START)


@pytest.mark.hazard("H-079")
def test_it_begins_with_the_name_they_like_and_says_how_to_arrive() -> None:
    told = informed(
        Said("call_me", "", "Nush"),
        Said("pronouns", "", "they/them"),
        Said("arrive", "", "by the garden, no bell"),
        Said("helps", "", "her cat"),
        Said("avoid", "", "Standing over me."),
        Said("safer_with", "woman"),
        Said("keep", "yes"),
    )
    assert words(told) == (
        "Nush, 38, they/them. How to arrive: by the garden, no bell; gate code 4. Safer with: a woman."
        " What helps: her cat. Please avoid: Standing over me. With them now: EMAS N1420."
    )


def test_somebody_of_whom_nothing_is_known_has_a_brief_too() -> None:
    assert words(informed(referral=referral(patient=Patient()), with_them="")) == "Name not known."


def test_what_could_not_be_measured_is_not_told_as_left_out() -> None:
    """As the pane says it: others were asked instead."""
    instead = ScreeningItem("pale", "Physical", "Pale or grey", (), branch=NOT_MEASURED)
    tool = ScreeningTool(2, "", (ScreeningItem(OBSERVATIONS_KEY, "Physical", "Outside limits", ()), instead))
    answers = {OBSERVATIONS_KEY: "not known", "pale": "not known"}
    found = Screening(uuid4(), 1, UUID(int=1), 2, answers, "", START, "a.shah")
    assert "Safety, not known: Outside limits; Pale or grey" in words(informed(screening=found, tool=tool))
    by_phone = replace(found, not_measured="by telephone")
    assert "Safety, not known: Pale or grey" in words(informed(screening=by_phone, tool=tool))


def test_it_is_the_same_in_whatever_order_things_are_read() -> None:
    said = [Said("helps", "", "walks"), Said("helps", "", "air", "a son"), Said("avoid", "", "noise")]
    assert words(informed(*said)) == words(informed(*reversed(said)))


def test_a_language_stands_beside_its_interpreter() -> None:
    booked = Booking(uuid4(), uuid4(), "urd", "DA Languages", "ref 77", None, "a.shah", START)
    told = informed(Said("language", "urd"), Said("interpreter", "yes"), bookings=(booked,))
    assert "Language: Urdu. Needs an interpreter: yes; Urdu booked with DA Languages, ref 77." in words(told)


def test_what_helps_comes_before_flags_and_dangers_and_what_is_past_its_review_not_at_all() -> None:
    flags = (flag("staff safety", "two of you"), flag("what helps", "music"), flag("access", "old flag", days=-1))
    screening = Screening(uuid4(), 1, UUID(int=1), 2, {"knife": "yes", "fit": "not known"}, "", START, "a.shah")
    lines = brief(informed(Said("helps", "", "tea"), flags=flags, screening=screening))
    assert [(line.label, line.words) for line in lines][2:] == [
        ("What helps", "tea; music"),
        ("With them now", "EMAS N1420"),
        ("Flag, staff safety", "two of you"),
        ("Safety, yes", "A blade"),
        ("Safety, not known", "A fit"),
    ]
    assert [line.warns for line in lines] == [False] * 4 + [True] * 3


def test_who_decided_on_a_danger_is_named() -> None:
    screening = Screening(
        uuid4(),
        1,
        UUID(int=1),
        2,
        {"knife": "yes", "fit": "no"},
        "",
        START,
        "a.shah",
        "Dr Vale",
        "locked away",
        "l",
        START,
    )
    assert "Decided by: Dr Vale: locked away." in words(informed(screening=screening))


def test_a_brief_that_has_changed_was_not_read_back() -> None:
    told, this = informed(Said("avoid", "", "sirens")), uuid4()
    read = ReadBack(uuid4(), uuid4(), this, "K. Bell", "radio", words(told), "a.shah", START)
    assert not changed_since(brief(told), read)
    assert changed_since(brief(informed(Said("avoid", "", "dogs"))), read)
    later = replace(read, id=uuid4(), recorded_at=START + timedelta(minutes=2))
    assert last_read([later, read, replace(read, assignment_id=uuid4())], this) is later
    assert last_read([read], uuid4()) is None


# --- the step, and what is asked about it ---


def case(state: AssignmentState) -> Case:
    held = referral(state=ReferralState.ALLOCATED)
    return Case(held, None, TOOL, [replace(job(state), referral_id=held.id)], (), {})


def labels(found: Case, them: AboutThem, role: Role = Role.DISPATCHER) -> dict[Act, bool]:
    return {step.act: step.in_menu for step in person_steps(found, them, role)}


def test_reading_back_has_a_button_until_it_is_done_or_the_van_drives() -> None:
    early, late = case(AssignmentState.ACKNOWLEDGED), case(AssignmentState.MOBILE)
    read = AboutThem(read_back={early.jobs[0].id})
    assert labels(early, AboutThem())[Act.READ_BACK] is False
    assert labels(early, read)[Act.READ_BACK] is True
    assert labels(late, AboutThem())[Act.READ_BACK] is True
    assert labels(early, AboutThem(), Role.VIEWER) == {}


@pytest.mark.parametrize("state", [AssignmentState.ALLOCATED, AssignmentState.ACKNOWLEDGED])
def test_while_it_is_a_button_it_has_a_key_of_its_own(state: AssignmentState) -> None:
    found = case(state)
    usual = next_steps(found, Role.SHIFT_LEAD, START)
    steps = joined(usual, person_steps(found, AboutThem(), Role.SHIFT_LEAD))
    assert [step.label for step in steps if not step.in_menu and not step.key and step.kind != "primary"] == []


def test_steps_about_the_person_never_become_the_usual_one_nor_take_a_key() -> None:
    found = case(AssignmentState.ALLOCATED)
    them = AboutThem(flags=True, others=True, kept=True, said=True, interpreter=True)
    usual = next_steps(found, Role.DISPATCHER, START)
    steps = joined(usual, person_steps(found, them, Role.DISPATCHER))
    assert steps[0] == usual[0]
    keys = [step.key for step in steps if step.key]
    assert len(keys) == len(set(keys))
    shown = [step.in_menu for step in steps]
    assert shown == sorted(shown)
    assert {Act.TAKE_OVER, Act.WHO_IS_IT, Act.INTERPRETER, Act.LOOK_AT_FLAG} <= {step.act for step in steps}


@pytest.mark.hazard("H-044")
def test_mobile_without_a_read_back_is_asked_about_and_no_other_step_is() -> None:
    acknowledged = case(AssignmentState.ACKNOWLEDGED)
    now_is = situation(Facts(acknowledged.referral, acknowledged.jobs), REFERENCE)
    known = Known(now_is, START + timedelta(hours=1), unread="CRU4 has not read the brief back")
    kinds = {to: [one.kind for one in about_step(acknowledged.jobs[0], to, known)] for to in AssignmentState}
    assert kinds[AssignmentState.MOBILE] == [ObjectionKind.UNREAD]
    assert not [
        to for to, found in kinds.items() if ObjectionKind.UNREAD in found and to is not AssignmentState.MOBILE
    ]
    assert about_step(acknowledged.jobs[0], AssignmentState.MOBILE, replace(known, unread="")) == ()


def test_a_crew_below_the_rule_is_asked_about() -> None:
    (one,) = about_crew("CRU4 has no registered clinician on the crew")
    assert one.kind is ObjectionKind.TOO_FEW
    assert about_crew("") == ()


def test_the_law_under_which_somebody_is_held_is_told_and_codes_have_their_names() -> None:
    held = referral(legal_status="section 136")
    assert "Legal: section 136." in words(informed(referral=held))
    assert "Legal" not in words(informed())
    known = replace(REFERENCE, mobility=(Mobility("chair", "Uses a wheelchair"),))
    named = [
        labels_of(Topic("x", "X", "", kind), known) for kind in (TopicKind.MOBILITY, TopicKind.LANGUAGE, WORDS)
    ]
    assert named == [{"chair": "Uses a wheelchair"}, {"urd": "Urdu", "eng": "English"}, {}]


def test_whoever_waits_is_with_them_and_else_whoever_holds_them() -> None:
    held = referral()
    crew = handover({HandoverState.EXPECTED: 0})
    there = job(AssignmentState.WITH_PATIENT, {AssignmentState.WITH_PATIENT: 20})
    for jobs, links, name in (((), (crew,), "EMAS A1187"), ((there,), (), "CRU"), ((), (), "")):
        assert with_them(situation(Facts(held, jobs, links), REFERENCE)) == name


def test_wishes_are_reported_on_from_the_attendance_on() -> None:
    them = AboutThem(said=True)
    offered = {
        state: Act.WISHES in labels(Case(referral(state=state), None, TOOL, (), (), {}), them)
        for state in ReferralState
    }
    assert {state for state, is_so in offered.items() if is_so} == {ReferralState.ATTENDING, ReferralState.CLOSED}
    attended = Case(referral(), None, TOOL, (), (), {})
    assert Act.WISHES not in labels(attended, AboutThem())
