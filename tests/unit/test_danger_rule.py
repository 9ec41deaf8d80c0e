"""Each line of the rule by itself: what stands, how grave it is, and what nobody lets on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.domain.answered import all_answers, how_answered, with_screening
from db.domain.board import board_row, face
from db.domain.danger import (
    DangerFlag,
    DiedElsewhere,
    Finding,
    TextReading,
    ToldOfDanger,
    digest,
    read,
    stands_against,
)
from db.domain.dangers import UNREAD, Danger, Dangers
from db.domain.intake import Draft
from db.domain.records import Screening
from db.domain.reference import NOT_MEASURED, ScreeningItem, ScreeningTool
from db.domain.screening import OBSERVATIONS_KEY
from db.domain.situation import Facts
from db.domain.states import ReferralState
from tests.unit.board_records import NOW, reference, referral

KNIFE = ScreeningItem("knife", "Safety", "Blade", (), no_override=True)
PILLS = ScreeningItem("pills", "Body", "Pills", ())
PULSE = ScreeningItem(OBSERVATIONS_KEY, "Body", "Observations", ())
FAINT = ScreeningItem("faint", "Body", "Fainted", (), branch=NOT_MEASURED)
BABY = ScreeningItem("baby", "Body", "With child", (), branch="pregnant")
FIRST = ScreeningTool(1, "x", (KNIFE, PILLS, PULSE))
SECOND = ScreeningTool(2, "x", (PILLS, replace(KNIFE, text="A blade", no_override=False), PULSE, FAINT, BABY))
TOOLS = {1: FIRST, 2: SECOND}
ALL_NO = {"knife": "no", "pills": "no", OBSERVATIONS_KEY: "no"}
EARLY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def passed(version: int = 1, answers: Mapping[str, str] | None = None, **changed: Any) -> Screening:
    given = ALL_NO if answers is None else answers
    return replace(Screening(uuid4(), 1, UUID(int=1), version, given, "", EARLY, "x"), **changed)


def told(*screenings: Screening, **changed: Any) -> ToldOfDanger:
    return replace(ToldOfDanger(TOOLS, 1, screenings), **changed)


def words(said: ToldOfDanger) -> list[tuple[str, bool]]:
    return [(one.words, one.hard) for one in stands_against(said)]


def test_nothing_was_asked() -> None:
    unscreened = [("not screened", True)]
    assert words(told()) == unscreened
    assert words(told(in_force=None)) == unscreened
    assert words(told(passed(7, {}))) == unscreened, "by a version that nobody has"
    assert words(told(passed(), tools={1: replace(FIRST, items=())})) == unscreened
    assert words(told(passed(), in_force=None)) == []
    assert words(told(passed(2, ALL_NO), in_force=7)) == []


@pytest.mark.parametrize(
    ("scale", "was", "found"),
    [
        ("A", None, [("scale A, immediate danger", True)]),
        ("A", 4, [("scale A, immediate danger", True)]),
        ("B", 4, [("scale A earlier", False)]),
        ("", 4, [("scale A earlier", False)]),
        ("B", None, []),
    ],
)
def test_the_scale(scale: str, was: int | None, found: list[tuple[str, bool]]) -> None:
    assert words(told(passed(), scale=scale, scale_was=was)) == found


def test_flags_say_what_they_are_and_until_when() -> None:
    flag = DangerFlag(UUID(int=3), "a dog", NOW)
    (found,) = stands_against(told(passed(), flags=[flag]))
    assert (found.what, found.kind, found.words, found.until, found.hard) == (
        f"flag {flag.id}",
        "flag",
        "caution: a dog",
        NOW,
        False,
    )
    assert words(told(passed(), flags=[flag], covered={found.what})) == []


def test_a_death_on_another_referral_stands_until_somebody_lets_it_on() -> None:
    end = DiedElsewhere(UUID(int=4), "CRU-20261122-0004")
    (found,) = stands_against(told(passed(), died=[end]))
    assert (found.what, found.kind, found.words) == (
        f"died {end.ending_id}",
        "died",
        "died, recorded on CRU-20261122-0004",
    )
    assert words(told(passed(), died=[end], covered={found.what})) == []
    # It comes behind the scale, and before every answer.
    grave = told(passed(1, ALL_NO | {"knife": "yes"}), died=[end], scale="A")
    assert [one.kind for one in stands_against(grave)] == ["scale", "died", "yes"]


@pytest.mark.parametrize(
    ("answers", "changed", "found"),
    [
        (ALL_NO, {}, []),
        (ALL_NO | {"pills": "yes"}, {}, [("yes: Pills", False)]),
        (ALL_NO | {"pills": "not known"}, {}, [("not known: Pills", False)]),
        ({"knife": "no", "pills": "no"}, {}, [("not asked: Observations", True)]),
        ({"pills": "no"}, {}, [("not asked: A blade", True), ("not asked: Observations", True)]),
        # What could not be measured is excused where somebody says why, and the version asks instead.
        (
            ALL_NO | {OBSERVATIONS_KEY: "not known", "faint": "no"},
            {"how": {OBSERVATIONS_KEY: "not measured"}, "not_measured": "he runs"},
            [],
        ),
        (
            ALL_NO | {OBSERVATIONS_KEY: "not known"},
            {"how": {OBSERVATIONS_KEY: "not measured"}, "not_measured": "he runs"},
            [("not asked: Fainted", True)],
        ),
        (
            ALL_NO | {OBSERVATIONS_KEY: "not known"},
            {"how": {OBSERVATIONS_KEY: "asked"}, "not_measured": "he runs"},
            [("not known: Observations", False)],
        ),
        (
            ALL_NO | {OBSERVATIONS_KEY: "not known", "faint": "no"},
            {"how": {OBSERVATIONS_KEY: "not measured"}},
            [("not known: Observations", False)],
        ),
        (
            ALL_NO | {"pills": "not known", "faint": "no"},
            {"how": {OBSERVATIONS_KEY: "not measured"}, "not_measured": "he runs"},
            [("not known: Pills", False)],
        ),
    ],
)
def test_the_answers_of_now(
    answers: dict[str, str], changed: dict[str, Any], found: list[tuple[str, bool]]
) -> None:
    assert words(told(passed(2, answers, **changed))) == found


def test_a_version_that_asks_nothing_instead_excuses_nothing() -> None:
    unmeasured = {"how": {OBSERVATIONS_KEY: "not measured"}, "not_measured": "he runs"}
    said = told(passed(1, ALL_NO | {OBSERVATIONS_KEY: "not known"}, **unmeasured))
    assert words(said) == [("not known: Observations", False)]


def test_an_answer_is_of_the_pass_in_which_it_began() -> None:
    first, again = passed(1, ALL_NO | {"pills": "yes"}), passed(2, ALL_NO | {"pills": "yes"})
    (found,) = stands_against(told(first, again))
    assert (found.what, found.words) == (f"yes {first.id} pills", "yes: Pills")
    # Asked in the words of its version, weighed by the version of now.
    assert words(told(passed(1, ALL_NO | {"knife": "yes"}), passed(2, ALL_NO | {"knife": "yes"}))) == [
        ("yes: Blade", False)
    ]
    # Left out since, or said otherwise since: an earlier yes; an earlier not known is nothing.
    left_out = {"knife": "no", OBSERVATIONS_KEY: "no"}
    assert words(told(first, passed(1, left_out))) == [("yes earlier: Pills", False), ("not asked: Pills", True)]
    unsure = passed(1, ALL_NO | {"pills": "not known"})
    assert words(told(unsure, passed())) == []
    assert words(told(unsure, passed(1, left_out))) == [("not asked: Pills", True)]
    assert words(told(first, passed(), passed(1, ALL_NO | {"pills": "yes"}))) == [
        ("yes: Pills", False),
        ("yes earlier: Pills", False),
    ]
    # A question that no version has is called by its key.
    assert words(told(passed(1, ALL_NO | {"ghost": "yes"}))) == [("yes: ghost", False)]
    assert words(told(passed(1, ALL_NO | {"ghost": "not known"}))) == [("not known: ghost", False)]


def test_words_count_for_the_narrative_of_now_and_for_notes_of_any_version() -> None:
    text = "swallowed bleach"
    found = (Finding("pills", "swallowed", text), Finding("pills", "swallowed", text))
    says = [("says “swallowed”: Pills", False)]
    clean = told(passed(), narrative=text)
    for reading, expected in (
        (TextReading(1, digest(text), found), says),
        (TextReading(1, digest("before"), found), []),
        (TextReading(2, digest(text), found), []),
        (TextReading(2, "", found, of_note=True), says),
    ):
        left = [one for one in words(replace(clean, readings=[reading])) if "was not read" not in one[0]]
        assert left == expected
    read = TextReading(1, digest(text), found)
    assert words(replace(clean, readings=[read], screenings=[passed(1, ALL_NO | {"pills": "not known"})])) == [
        ("not known: Pills", False)
    ]
    ghost = TextReading(1, digest(text), (Finding("ghost", "bleach", text),))
    assert words(replace(clean, readings=[ghost])) == [("says “bleach”: ghost", False)]
    # Before anybody was asked the words count by the version in force.
    assert words(replace(clean, screenings=[], readings=[read]))[1:] == says


@pytest.mark.parametrize(
    ("narrative", "readings", "unread"),
    [
        ("", [], False),
        ("  ", [], False),
        ("x", [], True),
        ("x", [TextReading(1, digest("x"), ())], False),
        ("x", [TextReading(2, digest("x"), ())], True),
        ("x", [TextReading(1, digest("y"), ())], True),
        ("x", [TextReading(1, digest("x"), (), of_note=True)], True),
    ],
)
def test_a_narrative_is_read_by_the_version_of_now(
    narrative: str, readings: list[TextReading], unread: bool
) -> None:
    found = stands_against(told(passed(), narrative=narrative, readings=readings))
    assert [(one.kind, one.hard) for one in found] == [(UNREAD, True)] * unread


def test_the_gravest_stands_first_and_of_one_kind_the_first_question() -> None:
    text = "swallowed bleach"
    said = told(
        passed(2, {"pills": "yes", "baby": "yes", "ghost": "yes"}),
        passed(2, {"knife": "yes", "pills": "not known", "ghost": "not known", "other": "yes"}),
        scale="A",
        flags=[DangerFlag(UUID(int=3), "a dog")],
        narrative=text,
        readings=[TextReading(2, "", (Finding("faint", "fell", text),), of_note=True)],
    )
    assert [one.words for one in stands_against(said)] == [
        "scale A, immediate danger",
        "yes: A blade",
        "yes: other",
        "caution: a dog",
        "says “fell”: Fainted",
        "not known: Pills",
        "not known: ghost",
        "yes earlier: Pills",
        "yes earlier: With child",
        "yes earlier: ghost",
        "not asked: Observations",
        "the narrative was not read since it changed",
    ]
    assert [one.words for one in stands_against(replace(said, scale="B", scale_was=3))][-2] == "scale A earlier"


def test_a_referral_that_was_accepted_says_in_its_row_what_stands() -> None:
    who = referral(state=ReferralState.ACCEPTED, source="hub")
    one, other = Danger("x", "flag", "", "caution: a dog"), Danger("y", "words", "", "says “bleach”: Pills")
    unread = Danger(UNREAD, UNREAD, "", "not read", hard=True)
    unasked = Danger("z", "unanswered", "", "not asked: Pills", hard=True)
    for stands, line in (
        ((), None),
        ((unread,), None),
        ((one, other), "▲ danger · caution: a dog"),
        ((unasked,), "▲ stop · not asked: Pills"),
        ((unasked, one), "▲ danger · not asked: Pills"),
    ):
        row = board_row(Facts(who, dangers=Dangers(who.id, 1, stands)), reference())
        full = face(row, NOW).full
        assert full.startswith(line) if line else "▲" not in full
        shown = [pieces[0][0] for pieces in row.line.lengths]
        assert all(text.startswith("▲") for text in shown) is bool(line)
        if line:
            assert (row.line.state, row.line.lengths[-1]) == (line.partition(" · ")[0], ((row.line.state, None),))
            assert any(len(pieces) == 1 and pieces[0][0] == line for pieces in row.line.lengths)
    asked = replace(who, state=ReferralState.RECEIVED)
    assert "▲" not in face(board_row(Facts(asked, dangers=Dangers(who.id, 1, (one,))), reference()), NOW).full


# --- how the answers of a draft came about ---


def test_every_question_that_is_to_be_asked_has_an_answer_and_a_way_it_came_about() -> None:
    draft = Draft(
        answers={"knife": "no", "pills": "no", OBSERVATIONS_KEY: "not known", "baby": "no"},
        together=("knife", "faint"),
        changed=("pills", "knife"),
        not_measured=" he runs ",
    )
    assert all_answers(draft, SECOND) == dict(draft.answers) | {"faint": "not known"}
    assert how_answered(draft, SECOND) == {
        "knife": "group",
        "pills": "changed",
        OBSERVATIONS_KEY: "not measured",
        "faint": "not asked",
        "baby": "asked",
    }
    # A yes was never said to a group; measured, nothing is asked instead.
    other = replace(draft, answers=ALL_NO | {"knife": "yes"}, not_measured="  ")
    assert how_answered(other, SECOND) == {"knife": "changed", "pills": "changed", OBSERVATIONS_KEY: "asked"}
    assert how_answered(replace(other, changed=(), together=("knife",)), FIRST)["knife"] == "asked"
    assert all_answers(Draft(), FIRST) == dict.fromkeys(ALL_NO, "not known")


def test_what_the_record_has_is_typed_again_as_it_came_about() -> None:
    how = {"knife": "group", "pills": "changed", OBSERVATIONS_KEY: "not measured"}
    kept = passed(1, ALL_NO | {OBSERVATIONS_KEY: "not known"}, how=how, not_measured="he runs")
    draft = with_screening(Draft(place="x"), kept)
    assert (draft.place, draft.answers, draft.not_measured) == ("x", kept.answers, "he runs")
    assert (draft.together, draft.changed) == (("knife",), ("pills",))
    assert how_answered(draft, FIRST) == how
    assert how_answered(draft, FIRST) == how_answered(with_screening(draft, kept), FIRST)


# --- what is said around a word ---


def test_around_a_word_stands_its_sentence_and_no_more_than_fits() -> None:
    tool = replace(FIRST, items=(replace(KNIFE, watch_words=("cleaver",)),))
    before, after = "".join(f" a{n:03}" for n in range(90)), "".join(f" b{n:03}" for n in range(90))
    text = f"{before} cleaver{after}"
    (found,) = read(tool, text)
    start = text.index("cleaver")
    assert found.said == text[start - 150 : start + 300].strip()
    for sign in ".!?;\n":
        (found,) = read(tool, f"One{sign} a cleaver here{sign} two")
        assert found.said.startswith("a cleaver here")
        assert "One" not in found.said
        assert "two" not in found.said
