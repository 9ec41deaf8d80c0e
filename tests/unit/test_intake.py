"""Drafts: what is typed, what is wrong with it, and what its screening comes to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain import answered, intake, observations, phone
from db.domain.intake import Draft
from db.domain.party import Party
from db.domain.place_words import address_of, postcode_in
from db.domain.records import Patient
from db.domain.reference import Choice, Priority, ReferenceData, ScreeningItem, ScreeningTool, Source
from db.domain.resolving import Belongs, resolve
from db.domain.typed_dates import age, read_date
from db.domain.typed_times import TypedTime, known_time
from tests.unit.shipped_tools import first_tool

NOW = datetime(2026, 11, 22, 3, 42, 17, tzinfo=UTC)
TODAY = date(2026, 11, 22)
TOOL = ScreeningTool(
    1,
    "lead",
    (
        ScreeningItem("chest_pain", "Physical health", "Chest pain", ("chest pain",)),
        ScreeningItem("overdose", "Physical health", "Overdose", ("tablets",)),
        ScreeningItem("observations", "Physical health", "Observations outside limits", ()),
        ScreeningItem("weapon", "Safety", "Weapon", ("knife",)),
    ),
)
REFERENCE = ReferenceData(
    service="Northamptonshire",
    priorities={
        "P1": Priority("P1", "A crew is waiting", 60, 45, 1, ""),
        "P2": Priority("P2", "Very urgent", 240, None, 2, "B"),
        "P3": Priority("P3", "Urgent", 1440, None, 3, "C"),
    },
    sources={
        "ems_crew": Source("ems_crew", "EMAS crew on scene", "EMAS", "P1", Party.EMS),
        "hub": Source("hub", "Hub", "", "P2"),
    },
    tools={1: TOOL},
    reasons={"decline": (Choice("ems_physical", "Returned"),)},
    outcomes=(),
    staff={},
    users={},
    wishes=(),
    destinations=(),
    bases={},
)
WHOLE = Draft(
    place="Abington Street", postcode="NN1 4LP", lat=52.2, lon=-0.9, source="hub", priority="P2", ems_callsign="A1"
)
CLEAR = dict.fromkeys((item.key for item in TOOL.items), "no")


def blocking(draft: Draft) -> list[str]:
    return [one.field for one in intake.problems(draft, REFERENCE, NOW) if one.blocks]


def warned(draft: Draft) -> list[str]:
    return [one.field for one in intake.problems(draft, REFERENCE, NOW) if not one.blocks]


@pytest.mark.hazard("H-028")
@pytest.mark.parametrize(
    "typed",
    [
        "3/7/91",
        "03.07.1991",
        "3-7-91",
        "03 Jul 1991",
        "3rd July 91",
        "3 july, 1991",
        "1991-07-03",
        "030791",
        "3Jul91",
    ],
)
def test_dates_of_birth_as_people_type_them(typed: str) -> None:
    assert read_date(typed, TODAY) == date(1991, 7, 3)


@pytest.mark.parametrize(
    "typed", ["", "31/2/91", "7/1991", "3/13/91", "22/11/2027", "1/1/1850", "3 Jux 91", "\u0663/7/91"]
)
def test_what_is_no_date_of_birth(typed: str) -> None:
    assert read_date(typed, TODAY) is None


@pytest.mark.hazard("H-028")
def test_a_year_of_two_digits_is_never_in_the_future() -> None:
    assert read_date("22/11/26", TODAY) == date(2026, 11, 22)
    assert read_date("23/11/26", TODAY) == date(1926, 11, 23)
    assert age(date(1991, 11, 23), TODAY) == 34
    assert age(date(1991, 11, 22), TODAY) == 35


def read_time(text: str, now: datetime) -> datetime | None:
    return resolve(text, Belongs(now)).at


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("35 min ago", 35),
        ("35m", 35),
        ("1 h 20", 80),
        ("1h20", 80),
        ("2 hours ago", 120),
        ("35 ago", 35),
        ("now", 0),
    ],
)
def test_times_counted_back(typed: str, minutes: int) -> None:
    assert read_time(typed, NOW) == NOW.replace(second=0) - timedelta(minutes=minutes)


def test_a_time_of_day_is_the_last_one() -> None:
    assert read_time("0255", NOW) == datetime(2026, 11, 22, 2, 55, tzinfo=UTC)
    assert read_time("23:10", NOW) == datetime(2026, 11, 21, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["35", "2599", "soon", "", "ago", "h", "-5 min"])
def test_what_is_no_time(typed: str) -> None:
    assert read_time(typed, NOW) is None


def test_a_typed_time_keeps_its_moment() -> None:
    assert known_time(read_time("35 min ago", NOW)) == TypedTime("03:07", datetime(2026, 11, 22, 3, 7, tzinfo=UTC))
    assert TypedTime("half three").is_unread


@pytest.mark.hazard("H-075")
@given(st.text(max_size=40))
def test_reading_never_raises(text: str) -> None:
    draft = replace(
        WHOLE,
        place=text,
        call_back=text,
        born=text,
        nhs_number=text,
        patient_unknown=False,
        narrative=text,
        priority=text,
        source=text,
        ems_on_scene=TypedTime(text, read_time(text, NOW)),
        observations=dict.fromkeys((one.key for one in observations.TYPED), text),
        answers={text: text},
    )
    intake.problems(draft, REFERENCE, NOW)
    intake.weighed(draft)
    intake.verdict_in_words(draft, TOOL)
    intake.screening_note(draft, TOOL)
    intake.unfinished_words(draft, TOOL)
    draft.label(NOW)
    draft.patient(TODAY)
    phone.as_dialled(text)
    postcode_in(text)
    address_of(text, text, text, text or None)


@given(st.dates(date(1902, 1, 1), TODAY))
def test_a_date_that_is_shown_can_be_read_again(born: date) -> None:
    for shown in (f"{born:%d %b %Y}", f"{born:%d/%m/%Y}", f"{born:%d%m%Y}", f"{born:%Y-%m-%d}"):
        assert read_date(shown, TODAY) == born


@given(st.integers(0, 60 * 24 - 1))
def test_a_known_time_is_shown_so_that_it_reads_the_same(minutes: int) -> None:
    at = NOW.replace(second=0) - timedelta(minutes=minutes)
    assert read_time(known_time(at).text, NOW) == at


@pytest.mark.hazard("H-078")
@pytest.mark.parametrize(
    ("typed", "likely", "dialled"),
    [
        ("07700 900123", True, "07700 900123"),
        ("+44 7700 900123", True, "07700 900123"),
        ("0044 1604 630000", True, "01604 630000"),
        ("(01604) 630 000 ext 12", True, "01604 630000 x12"),
        ("07700 9001", False, "07700 9001"),
        ("12", False, "12"),
        ("ask the crew", False, "ask the crew"),
    ],
)
def test_call_back_numbers(typed: str, likely: bool, dialled: str) -> None:
    assert (phone.is_likely(typed), phone.as_dialled(typed)) == (likely, dialled)


def test_what_the_record_needs() -> None:
    assert blocking(Draft()) == ["place", "source", "priority"]
    assert blocking(WHOLE) == []
    assert blocking(replace(WHOLE, ems_on_scene=TypedTime("half three"))) == []


@pytest.mark.hazard("H-075", "H-078")
def test_what_is_only_warned_about() -> None:
    assert warned(WHOLE) == []
    assert warned(replace(WHOLE, lat=None, lon=None)) == ["place"]
    assert warned(replace(WHOLE, place_warning="Outside.")) == ["place_warning"]
    assert warned(replace(WHOLE, source="ems_crew", ems_callsign="")) == ["ems_callsign"]
    assert warned(replace(WHOLE, nhs_number="943 476 5918", patient_unknown=False)) == ["nhs_number"]
    assert warned(replace(WHOLE, observations={"pulse": "fast"})) == ["observations"]
    assert warned(replace(WHOLE, sent=known_time(read_time("0355", NOW)))) == ["sent"]
    assert warned(replace(WHOLE, sent=known_time(NOW + timedelta(minutes=5)))) == ["sent"]
    assert warned(replace(WHOLE, ems_on_scene=TypedTime("half three"))) == ["ems_on_scene"]
    assert warned(replace(WHOLE, born="31/2/91", patient_unknown=False)) == ["born"]
    assert warned(replace(WHOLE, born="31/2/91", patient_unknown=True)) == []


@pytest.mark.hazard("H-016", "H-073")
@pytest.mark.parametrize(
    ("source", "scale", "priority"),
    [
        ("ems_crew", "", "P1"),
        ("ems_crew", "C", "P1"),
        ("hub", "", "P2"),
        ("hub", "C", "P3"),
        ("", "B", "P2"),
        ("", "", ""),
    ],
)
def test_the_priority_follows_source_and_scale(source: str, scale: str, priority: str) -> None:
    assert intake.default_priority(Draft(source=source, triage_scale=scale), REFERENCE) == priority
    chosen = Draft(source=source, triage_scale=scale, priority="P3", priority_chosen=True)
    assert intake.default_priority(chosen, REFERENCE) == "P3"


@pytest.mark.hazard("H-007")
@pytest.mark.parametrize(
    ("key", "text"),
    [("pulse", "1118"), ("temperature", "368"), ("pressure", "120"), ("spo2", "ok"), ("spo2", "101")],
)
def test_a_slip_of_the_finger_is_not_weighed(key: str, text: str) -> None:
    assert [one.key for one in observations.weigh({key: text}).unread] == [key]


@pytest.mark.hazard("H-007")
def test_values_outrank_the_key() -> None:
    fast = Draft(answers={"observations": "no"}, observations={"pulse": "118"})
    assert intake.weighed(fast).answers == {"observations": "yes"}
    some = Draft(answers={"observations": "no"}, observations={"pulse": "72"})
    assert intake.weighed(some) == some


@pytest.mark.parametrize(
    ("changed", "words", "reason"),
    [
        ({}, "4 no — may be accepted", None),
        ({"weapon": "not known"}, "3 no · 1 not known — cannot be accepted until a clinician overrides", None),
        (
            {"overdose": "yes"},
            "YES: Overdose · 3 no — physical need: return to EMAS, or a clinician overrides",
            "ems_physical",
        ),
        (
            {"weapon": "yes", "overdose": "yes"},
            "YES: Overdose; Weapon · 2 no — 999 / return to EMAS",
            "ems_danger",
        ),
    ],
)
def test_the_verdict(changed: dict[str, str], words: str, reason: str | None) -> None:
    draft = Draft(answers=CLEAR | changed)
    assert intake.verdict_in_words(draft, TOOL) == words
    assert intake.return_reason(draft, TOOL) == reason
    assert intake.may_accept(draft, TOOL) is (not changed)


@pytest.mark.hazard("H-011")
def test_what_was_not_asked_does_not_let_through() -> None:
    draft = Draft(answers={key: "no" for key in CLEAR if key != "weapon"})
    assert intake.verdict_in_words(draft, TOOL) == "3 no · 1 not asked — ask every question"
    assert not intake.may_accept(draft, TOOL)
    assert answered.all_answers(draft, TOOL)["weapon"] == "not known"
    assert intake.screening_note(draft, TOOL) == "Not asked: Weapon."


@pytest.mark.hazard("H-003")
def test_scale_a_is_never_accepted() -> None:
    draft = Draft(answers=CLEAR, triage_scale="A")
    assert not intake.may_accept(draft, TOOL)
    assert intake.return_reason(draft, TOOL) == "ems_danger"


@pytest.mark.hazard("H-004")
def test_the_rest_of_a_section_leaves_out_what_needs_a_question_of_its_own() -> None:
    draft = Draft(narrative="has tablets in her hand", answers={})
    assert intake.rest_of_section(draft, TOOL, "Physical health") == ("chest_pain",)
    done = intake.with_rest_no(draft, TOOL, "Physical health")
    assert (done.answers, done.together) == ({"chest_pain": "no"}, ("chest_pain",))
    assert "Answered no together after reading aloud: Chest pain." in intake.screening_note(done, TOOL)
    one_by_one = Draft(answers=CLEAR, together=tuple(key for key in CLEAR if key != "weapon"))
    assert intake.screening_note(one_by_one, TOOL) == "Answered no together after reading aloud: all but Weapon."
    denied = Draft(narrative="denies taking tablets")
    assert intake.rest_of_section(denied, TOOL, "Physical health") == ("chest_pain", "overdose")


@pytest.mark.hazard("H-035")
@pytest.mark.parametrize(
    ("typed", "title", "detail", "postcode", "kept"),
    [
        ("nn1 4lp", "NN1 4LP", "Abington, Northampton · 3 streets", "NN1 4LP", "Abington, Northampton"),
        ("12 Abington St NN1 4LP", "NN1 4LP", "Abington", "NN1 4LP", "12 Abington St"),
        ("12 abington str", "Abington Street", "Northampton", None, "12 Abington Street, Northampton"),
        ("flat 3, 12a abington", "Abington Street", "", None, "flat 3, 12a Abington Street"),
        ("berrywood", "Berrywood Hospital", "Northampton", None, "Berrywood Hospital, Northampton"),
    ],
)
def test_nothing_said_is_lost_when_a_place_is_picked(
    typed: str, title: str, detail: str, postcode: str | None, kept: str
) -> None:
    assert address_of(typed, title, detail, postcode) == kept


def test_what_a_branch_asks_of_needs_sends_nobody_back() -> None:
    needs = ScreeningItem("carer", "The person's needs", "Nobody is at home", (), branch="under_18")
    asked = ScreeningItem("colour", "Physical health", "Grey or clammy", (), branch="not_measured")
    tool = replace(TOOL, items=(*TOOL.items, needs, asked))
    assert intake.return_reason(Draft(answers={"carer": "yes"}), tool) is None
    assert intake.return_reason(Draft(answers={"colour": "yes"}), tool) == intake.RETURN_PHYSICAL


def test_what_was_not_typed_of_the_person_is_not_known() -> None:
    assert Draft().patient(date(2026, 11, 22)) == Patient()
    typed = Draft(name=" Ann ", nhs_number="943 476 5919", patient_unknown=False)
    assert typed.patient(date(2026, 11, 22)) == Patient("Ann", None, "9434765919")
    assert replace(typed, patient_unknown=True).patient(date(2026, 11, 22)) == Patient()


def test_one_yes_is_named_before_all_that_is_not_known() -> None:
    tool = first_tool()
    everything = {item.key: "not known" for item in tool.items}
    for item in tool.items:
        said = intake.verdict_in_words(Draft(answers=everything | {item.key: "yes"}), tool)
        assert said.startswith(f"YES: {item.text} · {len(tool.items) - 1} not known — ")
    three = everything | {item.key: "yes" for item in tool.items[:3]}
    assert " and 1 more · " in intake.verdict_in_words(Draft(answers=three), tool)
