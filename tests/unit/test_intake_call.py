"""A call while it goes on: what is heard and left, by whom it is taken, and what nobody is alarmed about yet."""

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.about import Said
from db.domain.alarms import as_set, referral_alarms
from db.domain.board import board_row, face, nobody_knows, urgency
from db.domain.board_line import words as line_words
from db.domain.call_steps import call_steps
from db.domain.inbox import LATER, inbox
from db.domain.intake import Draft
from db.domain.intake_call import HUNG_UP, IntakeCall, answered
from db.domain.next_steps import Act
from db.domain.raised import AlarmKind
from db.domain.records import Referral
from db.domain.ringing import ring_words, whom_to_ring
from db.domain.roles import Role
from db.domain.situation import Facts, Phase, clock_words, situation
from db.domain.states import ReferralState
from db.domain.typed_form import as_kept, as_typed, heard
from db.domain.typed_times import TypedTime
from db.domain.wall import wall
from db.exercise.record import arrange
from tests.unit.board_records import NOW, ago, reference, referral
from tests.unit.shipped_tools import first_tool

TOOL = first_tool()
REFERENCE = replace(reference(), tools={1: TOOL})
WEAPON = next(item for item in TOOL.items if "knife" in item.watch_words)
HEAD = next(item for item in TOOL.items if "head" in item.text.casefold())


def call(one: Referral, minutes: float = 3, **changed: Any) -> IntakeCall:
    given = {"typed": {}, "saved_at": ago(minutes), "taken_since": ago(minutes)} | changed
    return IntakeCall(one.id, 1, ago(minutes), "a.shah", **given)


def taken(received: float = 200, **changed: Any) -> Facts:
    """Long ago enough that it would be late, were it known what it is."""
    one = referral(received=received, state=ReferralState.RECEIVED, priority="", source="")
    return Facts(one, call=call(one, **changed))


# --- as it is kept ---

TEXT = st.text(max_size=20)
MOMENT = st.integers(-(10**6), 10**6).map(ago)
TIME = st.builds(TypedTime, TEXT, st.none() | MOMENT)
DRAFTS = st.builds(
    Draft,
    **{one.name: TEXT for one in fields(Draft) if one.type is str},
    lat=st.none() | st.floats(-90, 90),
    lon=st.none() | st.floats(-180, 180),
    ems_on_scene=TIME,
    call_connected=TIME,
    sent=TIME,
    born_on=st.none() | st.dates(date(1900, 1, 1)),
    answers=st.dictionaries(TEXT, TEXT, max_size=3),
    observations=st.dictionaries(TEXT, TEXT, max_size=3),
    together=st.lists(TEXT, max_size=3).map(tuple),
    branches=st.lists(TEXT, max_size=2).map(tuple),
    about=st.lists(st.builds(Said, TEXT, TEXT, TEXT, TEXT), max_size=3).map(tuple),
    patient_unknown=st.booleans(),
    priority_chosen=st.booleans(),
)


@given(DRAFTS)
def test_a_form_comes_back_as_it_was_typed(draft: Draft) -> None:
    assert as_typed(json.loads(json.dumps(as_kept(draft)))) == draft


@given(
    st.dictionaries(
        st.sampled_from([one.name for one in fields(Draft)] + ["later"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | TEXT,
            lambda some: st.lists(some, max_size=3) | st.dictionaries(TEXT, some, max_size=3),
        ),
    )
)
def test_what_another_version_wrote_costs_that_field_and_never_the_call(
    kept: dict[str, Any],
) -> None:
    draft = as_typed(kept)
    assert as_typed(as_kept(draft)) == draft or "nan" in repr(draft)


def test_a_form_that_stood_open_was_not_opened_for_this_call() -> None:
    assert answered(ago(10), ago(9.5)) == ago(10)
    assert answered(ago(10), ago(2)) == ago(2)


# --- what is heard ---


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        (Draft(triage_scale="A"), "scale A, immediate danger"),
        (Draft(answers={HEAD.key: "yes"}), HEAD.text),
        (Draft(answers={HEAD.key: "yes"}, triage_scale="A"), "scale A, immediate danger"),
        (Draft(answers={WEAPON.key: "no", HEAD.key: "not known"}, triage_scale="B"), ""),
        (Draft(narrative="She has a knife in her hand."), WEAPON.text),
        (Draft(narrative="She has a knife in her hand.", answers={WEAPON.key: "no"}), ""),
        (Draft(narrative="No knife, no weapon."), ""),
    ],
)
def test_danger_that_was_heard_counts_at_once_and_nothing_else_does(typed: Draft, first: str) -> None:
    assert next(iter(heard(typed, TOOL)), "") == first
    facts = taken(minutes=1, typed=as_kept(typed))
    sounding = [one for one in referral_alarms(facts, REFERENCE) if one.kind == "danger"]
    assert [first in one.words for one in sounding] == ([True] if first else [])
    assert all(one.sounds(NOW) and one.priority == 1 for one in sounding)


# --- what is late, and what is not ---

LEFT = AlarmKind("call_left", "", 2, timedelta(minutes=10), 1, timedelta(), None, False, True, "", True)


def test_nobody_is_late_while_it_is_being_said_what_it_is() -> None:
    facts = taken()
    now_is = situation(facts, REFERENCE)
    assert (now_is.phase, now_is.needs_van, now_is.wants_van) == (Phase.TAKEN, False, True)
    assert clock_words(now_is, NOW) == "being taken"
    assert {one.kind for one in referral_alarms(facts, REFERENCE)} == {"call_left"}
    row = board_row(facts, REFERENCE)
    assert urgency(row, NOW) == "calm"
    assert face(row, NOW).right == "3 min"
    assert face(row, NOW).below == "on the phone"
    assert (row.priority, row.standing) == ("", len(REFERENCE.priorities)), "unsaid, and not the gravest"
    over = Facts(facts.referral, call=replace(facts.call, ended_at=NOW, ended_how="referral"))  # type: ignore[type-var] # it has one
    assert situation(over, REFERENCE).phase is Phase.WAITING
    assert urgency(board_row(over, REFERENCE), NOW) == "late"


def test_a_call_that_nobody_goes_on_with_is_an_alarm_after_the_delay_that_a_trust_sets() -> None:
    for minutes, sounds in ((9, False), (11, True)):
        (alarm,) = as_set(referral_alarms(taken(minutes=minutes), REFERENCE), {"call_left": LEFT})
        assert alarm.sounds(NOW) is sounds
    again = taken(minutes=30, taken_since=ago(2))
    (alarm,) = as_set(referral_alarms(again, REFERENCE), {"call_left": LEFT})
    assert not alarm.sounds(NOW), "whoever took it over has begun anew"


def test_a_caller_who_hung_up_stands_in_the_inbox_until_the_alarm_does() -> None:
    soon, over = taken(call_back_at=ago(-8)), taken(call_back_at=ago(2))
    (before,) = inbox([soon], [], [], None, REFERENCE, NOW)
    assert (before.grave, before.due, before.act) == (LATER - 1, ago(-8), Act.EDIT)
    assert before.words.endswith("a.shah calls back: no number is known")
    assert [one.sounds(NOW) for one in referral_alarms(soon, REFERENCE)] == [False]
    sounding = [one for one in referral_alarms(over, REFERENCE) if one.sounds(NOW)]
    assert [one.kind for one in sounding] == ["call_back"]
    (after,) = inbox([over], [], sounding, None, REFERENCE, NOW)
    assert (after.alarm, after.act) == (sounding[0], Act.EDIT)
    danger = taken(minutes=1, typed=as_kept(Draft(triage_scale="A")))
    (loud,) = inbox([danger], [], referral_alarms(danger, REFERENCE)[:1], None, REFERENCE, NOW)
    assert (loud.grave, loud.act) == (1, Act.EDIT), "nothing is screened before the call is gone on with"
    assert inbox([taken()], [], [], None, REFERENCE, NOW) == [], "whoever is on the telephone needs no reminder"


def test_the_board_says_who_has_it_and_when_the_caller_is_called_back() -> None:
    for facts, said, state in (
        (taken(), "being taken by a.shah", "being taken"),
        (
            taken(call_back_at=ago(-8)),
            "caller hung up, a.shah calls back · no number is known",
            "caller hung up",
        ),
    ):
        row = board_row(facts, REFERENCE)
        assert line_words(row.line.full, NOW) == said
        assert row.line.state == state
        # The map and the lanes say the same of it.
        now_is = situation(facts, REFERENCE)
        assert clock_words(now_is, NOW) == now_is.phase_words == state
        assert face(row, NOW).lines[-1] == state
    assert face(row, NOW).below == "call back due"
    ended = referral(entered_in_error_at=NOW, state=ReferralState.RECEIVED)
    over = Facts(ended, call=call(ended, ended_at=NOW, ended_how="wrong_number"))
    assert line_words(board_row(over, REFERENCE).line.full, NOW).startswith("no referral · ")


@pytest.mark.parametrize(
    ("known", "whom", "words"),
    [
        (
            {"caller": "J. Bell", "call_back": "01604 630000"},
            "J. Bell, 01604 630000",
            "To ring: J. Bell, 01604 630000.",
        ),
        ({"call_back": "01604 630000"}, "01604 630000", "To ring: 01604 630000."),
        (
            {"caller": "J. Bell", "ems_callsign": "A1187", "ems_incident": "4471"},
            "no number is known",
            "No number is known. Type it in the form, or ask EMAS for A1187 by incident 4471.",
        ),
        (
            {"ems_incident": "4471"},
            "no number is known",
            "No number is known. Type it in the form, or ask EMAS by incident 4471.",
        ),
        ({}, "no number is known", "No number is known. Type it in the form, or ask whoever referred."),
    ],
)
def test_whom_to_ring_and_what_to_do_without_a_number(known: dict[str, str], whom: str, words: str) -> None:
    one = referral(**({"caller": "", "call_back": "", "ems_callsign": "", "ems_incident": ""} | known))
    assert (whom_to_ring(one), ring_words(one)) == (whom, words)
    called_back = Facts(one, call=call(one, call_back_at=ago(-8)))
    (waits,) = inbox([called_back], [], [], None, REFERENCE, NOW)
    assert waits.words.endswith(f"calls back: {whom}")
    on_board = line_words(board_row(called_back, REFERENCE).line.full, NOW)
    assert ("no number" in on_board) is (not one.call_back)
    assert "01604" not in on_board, "the board is read by everybody"


# --- what may be done ---


def acts(role: Role, me: str, **changed: Any) -> list[tuple[Act, str]]:
    one = referral()
    return [(step.act, step.kind) for step in call_steps(call(one, **changed), me, "A. Shah", role)]


def test_whoever_has_the_call_goes_on_leaves_or_ends_it_and_others_take_it_over_first() -> None:
    mine = [(Act.EDIT, "primary"), (Act.HUNG_UP, "secondary"), (Act.END_CALL, "danger")]
    assert acts(Role.DISPATCHER, "a.shah") == mine
    assert acts(Role.SHIFT_LEAD, "l.lead") == [(Act.EDIT, "secondary")], "never by one unthinking Enter"
    assert acts(Role.DISPATCHER, "b.okafor", call_back_at=NOW) == [(Act.EDIT, "primary")]
    assert acts(Role.VIEWER, "a.shah") == []
    (step,) = call_steps(call(referral()), "b.okafor", "A. Shah", Role.DISPATCHER)
    assert step.label == "Take the call over from A. Shah"


def test_in_a_practice_shift_the_played_room_leaves_a_call_alone_until_it_is_saved() -> None:
    mine, theirs = referral(1), referral(2)
    found = dict.fromkeys(("van", "assignment", "handover", "screening", "shift", "danger"), ())
    for over, seen in ((None, {theirs.id}), (NOW, {mine.id, theirs.id})):
        rows = {"referral": (mine, theirs), "intake_call": (call(mine, ended_at=over),)}
        assert set(arrange(found | rows).referrals) == seen


@pytest.mark.hazard("H-086")
def test_the_wall_does_not_name_who_takes_a_call() -> None:
    who, calls = REFERENCE.who("a.shah"), [taken(), taken(call_back_at=ago(-5))]
    assert any(who in face(board_row(one, REFERENCE), NOW).full for one in calls)
    rows = wall(calls, [], REFERENCE, NOW, nobody_knows).rows
    assert {row.doing for row in rows} == {"being taken", HUNG_UP}
    assert who not in " ".join(row.spoken() for row in rows)
