"""What the reader keeps of a text, and what the rule makes of a screening that is only typed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.danger import Finding, TextReading, ToldOfDanger, digest, read, stands_against
from db.domain.dangers import Danger, Dangers
from db.domain.next_steps import Act, Case, next_steps
from db.domain.records import Event, Screening
from db.domain.reference import ScreeningItem, ScreeningTool
from db.domain.replay_person import StoodThen, dangers_at
from db.domain.roles import Role
from db.domain.states import AT_SCENE, ON_THE_WAY, OPEN_ASSIGNMENT, AssignmentState, ReferralState
from tests.unit.board_records import reference
from tests.unit.cases import job, referral

TOOL = ScreeningTool(
    1,
    "x",
    (
        ScreeningItem("knife", "Safety", "Blade", ("knife", "cleaver"), alone=True, no_override=True),
        ScreeningItem("pills", "Body", "Pills", ("swallowed",)),
    ),
)
NOW = datetime(2026, 11, 22, 3, 41, tzinfo=UTC)


def whats(text: str) -> set[str]:
    return {one.what for one in read(TOOL, text)}


def test_a_word_is_known_by_the_sentence_in_which_it_stands() -> None:
    before = whats("He holds a cleaver. His mother is there.")
    assert len(before) == 1
    assert whats("He holds a cleaver. His mother has left.") == before
    assert whats("He dropped a cleaver. His mother is there.") != before
    assert before < whats("He holds a cleaver. His mother is there. Now he waves the cleaver!")


@given(st.text(max_size=400), st.sampled_from(["knife", "swallowed"]), st.text(max_size=400))
def test_whatever_is_written_is_of_a_shape_that_the_record_keeps(before: str, word: str, after: str) -> None:
    for one in read(TOOL, f"{before} {word} {after}"):
        assert 1 <= len(one.word) <= 200
        assert 1 <= len(one.said) <= 500
        assert all(sign.isprintable() for sign in one.word + one.said)


def screening(**answers: str) -> Screening:
    return Screening(uuid4(), 1, uuid4(), 1, answers, "", NOW, "x")


def test_nobody_lets_on_what_is_so_now_and_a_clinician_what_was() -> None:
    first, second = screening(knife="yes", pills="no"), screening(knife="no", pills="no")
    (now,) = stands_against(ToldOfDanger({1: TOOL}, 1, [first]))
    (before,) = stands_against(ToldOfDanger({1: TOOL}, 1, [first, second]))
    assert (now.kind, now.hard) == ("yes", True)
    assert (before.kind, before.hard, before.what) == ("earlier", False, now.what)
    assert stands_against(ToldOfDanger({1: TOOL}, 1, [first, second], covered={before.what})) == ()
    assert stands_against(ToldOfDanger({1: TOOL}, 1, [first], covered={now.what})) == (now,)


def test_a_word_that_meets_a_yes_says_nothing_more() -> None:
    text = "swallowed bleach"
    found = (Finding("pills", "swallowed", text),)
    said = ToldOfDanger({1: TOOL}, 1, [screening(knife="no", pills="yes")], narrative=text)
    said = replace(said, readings=[TextReading(1, digest(text), found)])
    assert [one.kind for one in stands_against(said)] == ["yes"]
    assert [one.kind for one in stands_against(replace(said, screenings=[screening(knife="no", pills="no")]))] == [
        "words"
    ]


def test_a_past_moment_counts_from_the_newest_danger_that_was_told_by_then() -> None:
    row = referral(ReferralState.ACCEPTED)
    kinds = ("accepted", "danger", "note", "danger", "danger over")
    events = [
        Event(n, row.id, None, kind, NOW + timedelta(minutes=n), NOW, "x", "", "", {})
        for n, kind in enumerate(kinds)
    ]
    told = StoodThen(row, [screening(knife="yes", pills="no")], [], events)
    known = replace(reference(), tools={1: TOOL})
    since = {n: dangers_at(told, known, NOW + timedelta(minutes=n)).since for n in range(5)}
    one, three = NOW + timedelta(minutes=1), NOW + timedelta(minutes=3)
    assert since == {0: None, 1: one, 2: one, 3: three, 4: three}
    assert [one.kind for one in dangers_at(told, known, NOW).stands] == ["yes"]


def test_no_step_to_the_person_is_offered_while_something_stands() -> None:
    row = replace(referral(), state=ReferralState.ACCEPTED)
    stopped = Dangers(row.id, 1, (Danger("flag x", "flag", "", "caution: staff safety"),), (), NOW)
    for dangers, offered in ((None, True), (Dangers(row.id, 1), True), (stopped, False)):
        steps = next_steps(Case(row, None, TOOL, (), (), {}, dangers), Role.SHIFT_LEAD, NOW)
        acts = {step.act for step in steps}
        assert (Act.ALLOCATE in acts) is offered
        assert ({Act.SCREEN, Act.OVERRIDE, Act.ADVISE_999} <= acts) is not offered


@pytest.mark.parametrize("state", sorted(OPEN_ASSIGNMENT))
def test_a_van_that_is_on_its_way_goes_no_nearer_and_one_that_is_there_goes_on(state: AssignmentState) -> None:
    sent = job(state)
    kind = ReferralState.ALLOCATED if state in ON_THE_WAY else ReferralState.ATTENDING
    row = replace(referral(), state=kind)
    stopped = Dangers(row.id, 1, (Danger("flag x", "flag", "", "caution: staff safety"),), (), NOW)
    free, held = (
        {(step.act, step.to) for step in next_steps(case, Role.SHIFT_LEAD, NOW) if step.target == sent.id}
        for case in (Case(row, None, TOOL, (sent,), (), {}, known) for known in (None, stopped))
    )
    nearer = {AssignmentState.MOBILE, *AT_SCENE}
    gone = {(act, to) for act, to in free if act is Act.CONVEY or to in nearer} if state in ON_THE_WAY else set()
    assert free - held == gone
    assert bool(gone) is (state in ON_THE_WAY)


@pytest.mark.parametrize(
    ("stands", "looked_at", "decides"),
    [
        ((), False, False),
        ((Danger("w", "words", "", "x"),), True, True),
        ((Danger("y", "yes", "", "x"),), False, True),
        ((Danger("y", "yes", "", "x", hard=True),), False, False),
        ((Danger("w", "words", "", "x"), Danger("y", "yes", "", "x", hard=True)), True, False),
        ((Danger("w", "words", "", "x"), Danger("u", "unread", "", "x", hard=True)), True, True),
    ],
)
def test_who_looked_lets_words_on_and_a_clinician_what_is_not_hard(
    stands: tuple[Danger, ...], looked_at: bool, decides: bool
) -> None:
    row = referral(ReferralState.RECEIVED)
    for role in (Role.DISPATCHER, Role.SHIFT_LEAD):
        case = Case(row, None, TOOL, (), (), {}, Dangers(row.id, 1, stands))
        acts = {step.act for step in next_steps(case, role, NOW)}
        assert (Act.LOOKED_AT in acts) is looked_at
        assert (Act.OVERRIDE in acts) is (decides and role is Role.SHIFT_LEAD)


@pytest.mark.parametrize(("kind", "asked"), [("unscreened", False), ("unanswered", False), ("yes", True)])
def test_the_advice_to_ring_999_stands_out_once_every_question_has_an_answer(kind: str, asked: bool) -> None:
    row = referral(ReferralState.RECEIVED)
    stopped = Dangers(row.id, 1, (Danger("x", kind, "", "x", hard=True),))
    steps = {
        step.act: step for step in next_steps(Case(row, None, TOOL, (), (), {}, stopped), Role.DISPATCHER, NOW)
    }
    assert steps[Act.ADVISE_999].in_menu is not asked
