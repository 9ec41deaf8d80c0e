"""The gate, and words in the narrative that call for a second look."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from db.domain.records import Screening
from db.domain.reference import NOT_MEASURED, ScreeningItem, ScreeningTool
from db.domain.screening import SecondLook, gate, may_accept, second_looks

_SET = tomllib.loads(resources.path("reference/northamptonshire.toml").read_text("utf-8"))
ITEMS = tuple(
    ScreeningItem(item["key"], item["section"], item["text"], tuple(item.get("watch_words", ())))
    for item in _SET["screening_item"]
)
TOOL = ScreeningTool(1, "somebody", ITEMS)
KEYS = [item.key for item in ITEMS]
ALL_NO = dict.fromkeys(KEYS, "no")
answers = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["yes", "no", "not known"]))


def screening(given_answers: dict[str, str]) -> Screening:
    return Screening(uuid4(), 1, uuid4(), 1, given_answers, "", datetime(2026, 11, 22, tzinfo=UTC), "a.shah")


@pytest.mark.hazard("H-066")
@given(answers)
def test_only_a_full_set_of_no_is_clear(given_answers: dict[str, str]) -> None:
    verdict = gate(TOOL, given_answers)
    assert verdict.is_complete == (set(given_answers) == set(KEYS))
    assert {item.key for item in verdict.blocking} == {k for k, v in given_answers.items() if v != "no"}
    assert verdict.is_clear == (given_answers == ALL_NO)
    assert may_accept(TOOL, screening(given_answers)) == (given_answers == ALL_NO)


@pytest.mark.hazard("H-008")
@given(answers)
def test_an_override_excuses_answers_and_not_silence(given_answers: dict[str, str]) -> None:
    overridden = replace(screening(given_answers), override_at=datetime(2026, 11, 22, tzinfo=UTC))
    assert may_accept(TOOL, overridden) == (set(given_answers) == set(KEYS))


def test_no_screening_lets_nobody_through() -> None:
    assert not may_accept(TOOL, None)


def lit(narrative: str, **changed: str) -> list[tuple[str, str]]:
    return [(look.item.key, look.word) for look in second_looks(TOOL, ALL_NO | changed, narrative)]


@pytest.mark.hazard("H-006")
@pytest.mark.parametrize(
    "narrative",
    [
        "",
        "Distressed, safe, wants to talk.",
        "Not suicidal.",
        "no knife",
        "No knife seen",
        "No weapons, knife or blade on scene.",
        "denies overdose",
        "Denies any overdose.",
        "Denied taking an overdose",
        "denies overdose, chest pain or head injury",
        "Pt denies overdose, chest pain, or head injury and is calm",
        "denies chest pain and overdose",
        "Denies: overdose, chest pain, seizure.",
        "She denies having taken any tablets or paracetamol.",
        "nil overdose, nil chest pain",
        "No chest pain/head injury",
        "No evidence of head injury",
        "no signs of sepsis or fever",
        "no history of seizures",
        "without weapons",
        "has never taken an overdose",
        "has not taken an overdose",
        "hasn't taken any tablets",
        "hasn\u2019t taken any tablets",
        "didn't take any tablets",
        "did not swallow anything; has not swallowed bleach",
        "does not have a knife",
        "doesn't have a knife",
        "is not bleeding",
        "isn't bleeding",
        "not currently bleeding",
        "she is not drunk or violent",
        "neither drunk nor violent",
        "not drunk, not violent, not confused",
        "ruled out: overdose. ",
        "overdose ruled out by the crew",
        "overdose denied",
        "overdose: no",
        "Overdose - nil",
        "chest pain? no",
        "no overdose.\nno chest pain.",
        "no c/o chest pain",
        "not pregnant",
        "not known to be violent",
        "nobody is violent",
        "No concerns re overdose",
        "Not drunk. Denies overdose",
        "not drunk, denies overdose",
    ],
)
def test_what_was_denied_does_not_light_up(narrative: str) -> None:
    assert lit(narrative) == []


@pytest.mark.hazard("H-005")
@pytest.mark.parametrize(
    ("narrative", "expected"),
    [
        ("overdose", [("overdose", "overdose")]),
        ("Took an overdose", [("overdose", "overdose")]),
        ("OVERDOSED at 2 am", [("overdose", "OVERDOSED")]),
        ("took an overdose but denies chest pain", [("overdose", "overdose")]),
        ("denies chest pain but took an overdose", [("overdose", "overdose")]),
        ("denies chest pain. Took an overdose", [("overdose", "overdose")]),
        ("denies chest pain; overdose at 02:00", [("overdose", "overdose")]),
        ("denies chest pain, took an overdose", [("overdose", "overdose")]),
        ("denies chest pain, has a knife", [("weapon", "knife")]),
        ("denies chest pain and has a knife", [("weapon", "knife")]),
        ("No chest pain, holding a knife", [("weapon", "knife")]),
        ("no injuries, she swallowed bleach", [("overdose", "swallowed"), ("overdose", "bleach")]),
        ("not calm, knife in hand", [("weapon", "knife")]),
        ("no longer calm: violent", [("violence", "violent")]),
        ("not sure if overdose", [("overdose", "overdose")]),
        ("cannot rule out overdose", [("overdose", "overdose")]),
        ("can't rule out head injury", [("head_injury", "head injury")]),
        ("overdose not ruled out", [("overdose", "overdose")]),
        ("denied food, took tablets", [("overdose", "tablets")]),
        ("not only violent", [("violence", "violent")]),
        ("doesn't deny overdose", [("overdose", "overdose")]),
        ("does not deny an overdose", [("overdose", "overdose")]),
        ("no doubt an overdose", [("overdose", "overdose")]),
        ("No change, chest pain since noon", [("chest_pain", "chest pain")]),
        ("not answering the door, drunk", [("intoxicated", "drunk")]),
        ("No reply. Neighbour saw a knife", [("weapon", "knife")]),
        ("possible overdose, denies knife", [("overdose", "overdose")]),
        ("He said no and grabbed a knife", [("weapon", "knife")]),
        ("knife", [("weapon", "knife")]),
        ("on a bridge over the river", [("hazard", "bridge"), ("hazard", "river")]),
        ("Northampton Knifesmiths", [("weapon", "Knifesmiths")]),
        ("short of breath, chest\npain", [("breathing", "short of breath"), ("chest_pain", "chest\npain")]),
        ("chest  pain", [("chest_pain", "chest  pain")]),
    ],
)
def test_what_was_said_lights_up(narrative: str, expected: list[tuple[str, str]]) -> None:
    assert lit(narrative) == expected


@pytest.mark.hazard("H-005")
def test_only_what_meets_a_no_or_silence_lights_up() -> None:
    assert lit("took an overdose", overdose="yes") == []
    assert lit("took an overdose", overdose="not known") == []
    open_question = {key: "no" for key in KEYS if key != "overdose"}
    assert [look.item.key for look in second_looks(TOOL, open_question, "took an overdose")] == ["overdose"]


@given(st.text(), st.sampled_from(["knife", "Chest Pain", "OVERDOSE"]), st.text())
def test_the_offsets_point_at_the_word(before: str, word: str, after: str) -> None:
    narrative = f"{before} {word} {after}"
    for look in second_looks(TOOL, ALL_NO, narrative):
        assert narrative[look.start : look.end] == look.word
        assert 0 <= look.start < look.end <= len(narrative)


@pytest.mark.parametrize("first", ["İ", "ß", "ﬁ", "\U0001f6d1"])
def test_letters_that_grow_in_lower_case_do_not_shift_the_mark(first: str) -> None:
    assert lit(f"{first * 5} knife") == [("weapon", "knife")]


@pytest.mark.hazard("H-005", "H-066")
def test_the_shipped_set_watches_what_it_should() -> None:
    assert len(KEYS) == len(set(KEYS)) == 19
    assert date.fromisoformat(str(_SET["screening_tool"][0]["signed_on"]))


@pytest.mark.parametrize(
    ("branches", "unmeasured", "wanted"),
    [
        ((), False, ["a"]),
        (("intoxication",), False, ["a", "b"]),
        (("under_18",), False, ["a"]),
        ((), True, ["a", "c"]),
        (("intoxication", "under_18"), True, ["a", "b", "c"]),
    ],
)
def test_the_gate_asks_what_an_open_branch_asks(
    branches: tuple[str, ...], unmeasured: bool, wanted: list[str]
) -> None:
    items = (
        ScreeningItem("a", "", "", ()),
        ScreeningItem("b", "", "", (), branch="intoxication"),
        ScreeningItem("c", "", "", (), branch=NOT_MEASURED),
    )
    tool = ScreeningTool(1, "", items)
    silent = gate(tool, {}, unmeasured=unmeasured, branches=branches)
    assert [item.key for item in silent.unanswered] == wanted
    assert gate(tool, dict.fromkeys(wanted, "no"), unmeasured=unmeasured, branches=branches).is_clear


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("A weapon", "a weapon"),
        ("Fits or faints", "fits or faints"),
        # A word of capitals keeps them; one letter is a word like another.
        ("GCS below 15", "GCS below 15"),
        ("A", "a"),
        ("", ""),
        (" ", " "),
    ],
)
def test_a_question_stands_within_a_sentence(text: str, asked: str) -> None:
    assert SecondLook(ScreeningItem("x", "", text, ()), "x", 0, 1).ask == f"ask again about {asked}"
