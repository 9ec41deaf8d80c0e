"""When somebody who waits is called next, what alarms, and what the row says of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.domain.alarms import referral_alarms
from db.domain.board import board_row, face
from db.domain.board_line import line
from db.domain.calls import Care, call_due, calls_due, care_of, hold_is_silent, next_call
from db.domain.care import CallSchedule, Contact, FollowUp, HowItEnded, LateLink, Telling
from db.domain.care_steps import with_care
from db.domain.dangers import Danger, Dangers
from db.domain.holding import Holding
from db.domain.next_steps import Act, NextStep
from db.domain.party import Party
from db.domain.records import Referral
from db.domain.replay_care import care_at
from db.domain.roles import Role
from db.domain.situation import Facts, situation
from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, contact, handover, job, reference, referral, van

EVERY = CallSchedule(timedelta(minutes=20), timedelta(minutes=50), timedelta(minutes=7))
REFERENCE = replace(reference(), schedules={"P2": EVERY, "P3": EVERY})


def ahead(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def waits(received: float = 90, **changed: Any) -> Referral:
    return referral(received=received, priority="P2", **changed)


def sounding(facts: Facts) -> list[str]:
    return [alarm.sentence(NOW) for alarm in referral_alarms(facts, REFERENCE) if alarm.sounds(NOW)]


@pytest.mark.hazard("H-015")
@pytest.mark.parametrize(
    ("calls", "due"),
    [
        ((), ago(70)),
        ((contact(40),), ahead(10)),
        ((contact(80), contact(40, spoke_with="carer")), ahead(10)),
        # The night porter is no word with the person.
        ((contact(40, spoke_with="other"),), ago(70)),
        # Nobody answered: a little later again, and the first attempt counts no longer once somebody was heard.
        ((contact(3, spoke_with="nobody"),), ahead(4)),
        ((contact(30, spoke_with="nobody"), contact(20)), ahead(30)),
        ((contact(60), contact(1, spoke_with="nobody")), ahead(6)),
        # They agreed to be left in peace until then.
        ((contact(40, agreed_until=ahead(300)),), ahead(300)),
        ((contact(80, agreed_until=ahead(300)), contact(40)), ahead(10)),
    ],
)
def test_the_next_call(calls: tuple[Contact, ...], due: datetime) -> None:
    assert next_call(ago(90), calls, EVERY) == due
    assert next_call(ago(90), calls[::-1], EVERY) == due


@pytest.mark.hazard("H-015")
def test_who_has_a_van_or_a_crew_is_not_called() -> None:
    who = waits()
    assert call_due(situation(Facts(who), REFERENCE), REFERENCE) == ago(70)
    sent = job(who.id, van().id, AssignmentState.MOBILE, allocated=9)
    assert call_due(situation(Facts(who, (sent,)), REFERENCE), REFERENCE) is None
    # Whoever was to be visited after all waits again, whatever they agreed to before that.
    stood_down = job(who.id, van().id, AssignmentState.STOOD_DOWN, allocated=9, stood_down=2)
    before, since = contact(10, agreed_until=ahead(300)), contact(1, agreed_until=ahead(300))
    again = EVERY.again - timedelta(minutes=2)
    for calls, due in (((), ago(70)), ((before,), NOW + again), ((before, since), ahead(300))):
        facts = Facts(who, (stood_down,), contacts=calls)
        assert call_due(situation(facts, REFERENCE), REFERENCE) == due
    assert call_due(situation(Facts(referral(received=90)), REFERENCE), REFERENCE) is None
    ended = waits(state=ReferralState.DECLINED, times={"closed": ago(1)})
    assert call_due(situation(Facts(ended), REFERENCE), REFERENCE) is None


@pytest.mark.hazard("H-015")
def test_an_overdue_call_sounds_and_a_promise_that_is_due() -> None:
    assert sounding(Facts(waits())) == ["CRU-0044 P2, call overdue for 70 min"]
    heard = contact(10, promised="a call", promise_due_at=ago(1))
    assert sounding(Facts(waits(), contacts=(heard,))) == ["CRU-0044 promise due for 1 min"]
    kept = replace(heard, promise_outcome="kept", promise_closed_at=NOW)
    assert sounding(Facts(waits(), contacts=(kept,))) == []


def test_a_follow_up_sounds_low_also_after_the_end_and_not_once_it_is_done() -> None:
    over = waits(state=ReferralState.CLOSED, times={"closed": ago(60)})
    item = FollowUp(over.id, 1, over.id, ago(5), "Ring", ago(60), "a.shah")
    (alarm,) = referral_alarms(Facts(over, follow_ups=(item,)), REFERENCE)
    assert (alarm.priority, alarm.sentence(NOW)) == (3, "CRU-0044 follow-up overdue for 5 min")
    done = replace(item, done_at=NOW, outcome="slept")
    assert referral_alarms(Facts(over, follow_ups=(done,)), REFERENCE) == []


@pytest.mark.hazard("H-014")
def test_a_hold_whose_due_time_passes_is_alarmed_though_it_rests() -> None:
    """The priority was raised after the hold: nobody asked the person about the new time."""
    held = referral(received=70, hold_until=ahead(200))
    assert sounding(Facts(held)) == ["CRU-0044 P1 rests past its time and nobody spoke to them, for 10 min"]
    short = contact(30, agreed_until=ahead(199))
    assert sounding(Facts(held, contacts=(short,))) != []
    carer = contact(30, spoke_with="carer", agreed_until=None)
    assert sounding(Facts(held, contacts=(carer,))) != []
    assert sounding(Facts(held, contacts=(contact(30, agreed_until=ahead(200)),))) == []
    assert sounding(Facts(referral(received=70, hold_until=ahead(200), state=ReferralState.DECLINED))) == []


@pytest.mark.parametrize(
    ("held", "due", "agreed", "silent"),
    [
        (60, 59, (), True),
        (60, 60, (), False),
        (60, 61, (), False),
        (60, 10, (60,), False),
        (60, 10, (61,), False),
        (60, 10, (59,), True),
        (60, 10, (59, 60), False),
        (60, 10, (None,), True),
        (None, 10, (), False),
    ],
)
def test_a_hold_is_silent_past_the_due_time_until_the_person_agrees(
    held: float | None, due: float, agreed: tuple[float | None, ...], silent: bool
) -> None:
    who = waits(hold_until=None if held is None else ahead(held))
    words = [contact(9, agreed_until=None if until is None else ahead(until)) for until in agreed]
    assert hold_is_silent(Facts(who, contacts=words), ahead(due)) is silent
    past = held is not None and held > due
    # Nor where a carer agreed, nor where it is more urgent since.
    for changed in ({"spoke_with": "carer"}, {"agreed_ended_at": ahead(-1)}):
        others = [replace(word, **changed) for word in words]
        assert hold_is_silent(Facts(who, contacts=others), ahead(due)) is past
    assert not hold_is_silent(Facts(replace(who, state=ReferralState.CANCELLED)), ahead(due))
    gone = Dangers(who.id, 1, (Danger("died 7", "died", "", "died, recorded on CRU-20261122-0007"),))
    assert not hold_is_silent(Facts(who, dangers=gone), ahead(due))


def test_what_is_due_at_once_stands_by_its_weight() -> None:
    """The call before the promise, that before the follow-up; then by the reference."""
    one, two = waits(number=2), waits(number=1)
    due = ago(70)
    promise = contact(20, promised="ring", promise_due_at=due, spoke_with="carer", agreed_until=None)
    item = FollowUp(one.id, 1, one.id, due, "Ring", ago(80), "a.shah")
    held = replace(one, hold_until=ahead(500), priority="P1", times={"received": ago(130)})
    schedule = replace(REFERENCE, schedules={"P2": EVERY})
    several = [Facts(held, contacts=(promise,), follow_ups=(item,)), Facts(two)]
    found = calls_due(several, schedule)
    assert [(each.kind, each.due == due) for each in found] == [
        (Care.CALL, True),
        (Care.SILENT_HOLD, True),
        (Care.PROMISE, True),
        (Care.FOLLOW_UP, True),
    ]
    both = calls_due([Facts(one), Facts(two)], REFERENCE)
    assert [each.referral.reference for each in both] == [two.reference, one.reference]


@pytest.mark.hazard("H-015")
@pytest.mark.parametrize(
    ("calls", "line"),
    [
        ((), "call due 02:32 · no van · 111 option 2"),
        ((contact(40),), "no van · 111 option 2 · called 03:02, next 03:52"),
        ((contact(2, spoke_with="nobody"),), "no van · 111 option 2 · first call 03:47"),
        ((contact(40, agreed_until=ahead(300)),), "no van · 111 option 2 · called 03:02, next 08:42"),
    ],
)
def test_the_row_says_the_next_call(calls: tuple[Contact, ...], line: str) -> None:
    row = board_row(Facts(waits(source="hub"), contacts=calls), REFERENCE)
    shown = face(row, NOW)
    assert shown.full == line
    assert all(shown.state in words for words in shown.lines)
    assert any("call due" in words or "next" in words or "first call" in words for words in shown.lines)
    assert "next" not in face(board_row(Facts(waits(), contacts=calls), REFERENCE, wall=True), NOW).full


def test_the_room_has_one_list_of_what_is_due() -> None:
    one, two, over = waits(90), waits(30), waits(state=ReferralState.CLOSED, times={"closed": ago(100)})
    promise = contact(25, promised="ring back", promise_due_at=ahead(3))
    item = FollowUp(one.id, 1, one.id, ahead(60), "Ring", ago(60), "a.shah")
    ending = HowItEnded(over.id, 1, over.id, "closed", "gp", ago(100))
    everybody = (
        Facts(over, ending=ending),
        Facts(two, contacts=(promise,), follow_ups=(item,)),
        Facts(one),
        Facts(waits(entered_in_error_at=ago(2))),
    )
    found = calls_due(everybody, REFERENCE)
    assert [(each.kind, each.is_overdue(NOW)) for each in found] == [
        (Care.CALL, True),
        (Care.PROMISE, False),
        (Care.CALL, False),
        (Care.FOLLOW_UP, False),
        (Care.ENDING, True),
    ]
    assert found[-1].words == "nobody named; not said who told: person, caller, referrer"
    named = replace(
        ending,
        holder_kind=Party.OTHER,
        holder_name="Bram",
        person=Telling("K. Bell", ago(99)),
        caller=Telling(not_told="hung up"),
    )
    assert [each.words for each in calls_due([Facts(over, ending=named)], REFERENCE)] == [
        "not said who told: referrer"
    ]
    settled = replace(named, referrer=Telling("K. Bell", ago(99)))
    assert calls_due([Facts(over, ending=settled)], REFERENCE) == []


# --- who is with them after the end ---


def holder(who: Referral, links: tuple[Any, ...] = (), ending: HowItEnded | None = None) -> Holding | None:
    return situation(Facts(who, (), links, ending=ending), REFERENCE).holder


def test_a_declined_person_is_still_with_the_crew_that_waits() -> None:
    who = referral(state=ReferralState.DECLINED, times={"closed": ago(5)})
    link = handover(who.id, HandoverState.REFUSED, expected=49, refused=5)
    found = holder(who, (link,))
    assert found is not None
    assert (found.party, found.name, found.end) == (Party.EMS, "EMAS A1187", None)
    # Cancelled, nobody knows; entered in error, nobody asks.
    assert holder(replace(who, state=ReferralState.CANCELLED), (link,)) is None
    assert holder(who) is None


def test_who_was_named_is_with_them_from_the_end_on() -> None:
    who = referral(state=ReferralState.CANCELLED, times={"closed": ago(5)})
    ending = HowItEnded(who.id, 1, who.id, "cancelled", "x", ago(5), Party.OTHER, "Her aunt")
    assert holder(who, (), ending) == Holding(Party.OTHER, "Her aunt", ago(5), None)
    line = board_row(Facts(who, ending=ending), REFERENCE).line.full
    assert line[-1] == ("with Her aunt", None)
    unnamed = HowItEnded(who.id, 1, who.id, "cancelled", "x", ago(5))
    assert holder(who, (), unnamed) is None
    assert board_row(Facts(who, ending=unnamed), REFERENCE).line.full[-1] == ("nobody named", None)


@pytest.mark.hazard("H-032")
def test_who_looks_for_somebody_is_not_with_them() -> None:
    who = waits(state=ReferralState.CANCELLED, end_reason="not_found", times={"closed": ago(5)})
    looks = {"asks_search": True, "looks_until": ahead(60)}
    police = HowItEnded(
        who.id, 1, who.id, "cancelled", "not_found", ago(5), Party.POLICE, "Sgt Amin", person=Telling("x"), **looks
    )
    assert holder(who, (), police) is None
    assert board_row(Facts(who, ending=police), REFERENCE).line.full[-1] == ("Sgt Amin looks for them", None)
    nobody = replace(police, holder_kind=None, holder_name="", looks_until=None)
    assert board_row(Facts(who, ending=nobody), REFERENCE).line.full[-1] == ("nobody looks for them", None)
    (item,) = care_of(Facts(who, ending=nobody), REFERENCE)
    assert item.words.split("; ") == [
        "nobody is told to look for them",
        "not said until when they are looked for",
        "not said who told: caller, referrer",
    ]


# --- steps ---


def acts(facts: Facts, role: Role = Role.DISPATCHER) -> dict[Act, bool]:
    found = with_care((), situation(facts, REFERENCE), REFERENCE, role, NOW)
    return {step.act: step.in_menu for step in found}


@pytest.mark.hazard("H-032")
def test_what_is_due_is_a_button_and_the_rest_in_the_menu() -> None:
    assert acts(Facts(waits()))[Act.CONTACT] is False
    assert acts(Facts(waits(10)))[Act.CONTACT] is True
    assert acts(Facts(waits()), Role.VIEWER) == {}
    assert acts(Facts(waits(entered_in_error_at=ago(1)))) == {}
    over = waits(state=ReferralState.DECLINED, times={"closed": ago(5)})
    ending = HowItEnded(over.id, 1, over.id, "declined", "x", ago(5))
    # What is open of an end is what Return does, before what was said afterwards.
    said = NextStep(Act.FEEDBACK, "Add feedback", "W", "primary")
    for steps in ((), (said,)):
        now_is = situation(Facts(over, ending=ending), REFERENCE)
        first, *others = with_care(steps, now_is, REFERENCE, Role.DISPATCHER, NOW)
        assert (first.act, first.kind, first.label) == (Act.NAME_NEXT, "primary", "Say who is responsible")
        assert all(step.kind != "primary" for step in others)


@pytest.mark.parametrize(
    ("changed", "in_menu"),
    [({"promise_due_at": ago(0)}, False), ({"promise_due_at": ahead(1)}, True), ({}, True)],
)
def test_an_open_promise_is_a_button_once_it_is_due(changed: dict[str, Any], in_menu: bool) -> None:
    promised = contact(10, promised="a call", **changed)
    kept = replace(promised, promise_outcome="kept")
    assert acts(Facts(waits(), contacts=(promised,)))[Act.PROMISE] is in_menu
    assert Act.PROMISE not in acts(Facts(waits(), contacts=(kept, contact(5))))


@pytest.mark.parametrize(("due", "in_menu"), [(ago(0), False), (ago(5), False), (ahead(1), True)])
def test_a_follow_up_is_a_button_once_it_is_due_and_nothing_once_it_is_done(due: datetime, in_menu: bool) -> None:
    over = waits(state=ReferralState.CLOSED, times={"closed": ago(60)})
    item = FollowUp(over.id, 1, over.id, due, "Ring", ago(60), "a.shah")
    assert acts(Facts(over, follow_ups=(item,)))[Act.DO_FOLLOW_UP] is in_menu
    done = replace(item, done_at=NOW, outcome="slept")
    assert Act.DO_FOLLOW_UP not in acts(Facts(over, follow_ups=(done,)))


def test_who_is_responsible_is_asked_after_the_end_only_and_until_it_is_answered() -> None:
    over = waits(state=ReferralState.DECLINED, times={"closed": ago(5)})
    ending = HowItEnded(over.id, 1, over.id, "declined", "x", ago(5))
    named = replace(ending, holder_kind=Party.OTHER, holder_name="Bram", named_by="a.shah", named_at=ago(4))
    by = Telling("K. Bell", ago(3))
    told = replace(named, person=by, caller=by, referrer=by)
    labels = {
        step.label: step.in_menu
        for one in (ending, named, told)
        for step in with_care((), situation(Facts(over, ending=one), REFERENCE), REFERENCE, Role.DISPATCHER, NOW)
        if step.act is Act.NAME_NEXT
    }
    assert labels == {"Say who is responsible": False, "Say who was told": True}
    assert Act.NAME_NEXT not in acts(Facts(waits(), ending=ending)), "it has not ended"
    assert Act.PLACES in acts(Facts(waits()))
    assert Act.PLACES not in acts(Facts(over))


def test_a_letter_that_is_taken_stays_with_whoever_has_it() -> None:
    facts = Facts(waits(), contacts=(contact(80, promised="x", promise_due_at=ago(1)),))
    now_is = situation(facts, REFERENCE)
    mine = NextStep(Act.ACCEPT, "Accept", "Y", "primary"), NextStep(Act.CANCEL, "Cancel", "C", in_menu=True)
    found = with_care(mine, now_is, REFERENCE, Role.DISPATCHER, NOW)
    keys = {step.act: step.key for step in found}
    assert (keys[Act.ACCEPT], keys[Act.CONTACT], keys[Act.PROMISE]) == ("Y", "", "J")
    shown = [step for step in found if not step.in_menu]
    assert shown[0].act is Act.ACCEPT
    assert [step.kind for step in shown].count("primary") == 1
    assert [step.in_menu for step in found] == sorted(step.in_menu for step in found)
    # Without a step of the referral the first of these is what Return does.
    (first, *_) = with_care(mine[1:], now_is, REFERENCE, Role.DISPATCHER, NOW)
    assert first.kind == "primary"


# --- the past ---


def test_a_past_moment_shows_what_was_known_then() -> None:
    who = waits()
    call = contact(30, promised="x", promise_outcome="kept", promise_closed_at=ago(10))
    ending = HowItEnded(
        who.id,
        1,
        who.id,
        "closed",
        "gp",
        ago(20),
        Party.OTHER,
        "Bram",
        "a.shah",
        ago(8),
        Telling("K. Bell", ago(5)),
    )
    item = FollowUp(who.id, 1, who.id, ahead(9), "Ring", ago(20), "a.shah", ago(4), "a.shah", "slept")
    link = LateLink(who.id, 1, who.id, "police", "", "NP 33", None, ago(15), "a.shah", taken_back_at=ago(6))
    care = {"contact": [call], "ending": [ending], "follow_up": [item], "late_link": [link]}
    counts = {
        minutes: {name: len(rows) for name, rows in care_at(care, ago(minutes)).items()}
        for minutes in (31, 25, 12, 1)
    }
    assert counts[31] == {"contact": 0, "ending": 0, "follow_up": 0, "late_link": 0}
    assert counts[25] == {"contact": 1, "ending": 0, "follow_up": 0, "late_link": 0}
    assert counts[12] == {"contact": 1, "ending": 1, "follow_up": 1, "late_link": 1}
    assert counts[1] == {"contact": 1, "ending": 1, "follow_up": 1, "late_link": 0}
    then = care_at(care, ago(12))
    assert then["contact"][0].is_promise_open
    assert not then["ending"][0].is_named
    assert then["ending"][0].person == Telling()
    assert then["follow_up"][0].is_open
    assert care_at(care, ago(1))["ending"] == [ending]


@pytest.mark.hazard("H-094")
@pytest.mark.parametrize("state", [ReferralState.RECEIVED, ReferralState.ACCEPTED])
def test_of_who_may_have_died_one_alarm_asks_whether_it_is_so(state: ReferralState) -> None:
    who = waits(received=600, state=state, hold_until=ago(60))
    gone = Danger("died 7", "died", "", "died, recorded on CRU-20261122-0007")
    also = replace(gone, what="died 9", words="died, recorded on CRU-20261122-0009")
    pills = Danger("yes 1 pills", "yes", "pills", "yes: pills")
    # Two that say so are one question.
    facts = Facts(who, dangers=Dangers(who.id, 1, (gone, also), since=ago(2)))
    assert call_due(situation(facts, REFERENCE), REFERENCE) is None
    (alarm,) = (one for one in referral_alarms(facts, REFERENCE) if one.sounds(NOW))
    assert (alarm.kind, alarm.priority) == ("died", 1)
    assert care_of(facts, REFERENCE) == []
    assert "▲ died, recorded on CRU-20261122-0007" in str(line(situation(facts, REFERENCE), REFERENCE).full)
    # What else stands sounds beside it, once it was accepted; and what was let on is called again.
    both = replace(facts, dangers=Dangers(who.id, 1, (gone, pills), since=ago(2)))
    kinds = {one.kind for one in referral_alarms(both, REFERENCE) if one.sounds(NOW)}
    assert kinds == ({"died"} if state is ReferralState.RECEIVED else {"died", "danger"})
    assert call_due(situation(replace(facts, dangers=None), REFERENCE), REFERENCE) is not None
