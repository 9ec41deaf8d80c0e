"""The inbox: what stands in it, in which order, and until when."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from db.domain.alarms import Alarm, in_order, referral_alarms, van_alarms
from db.domain.care import FollowUp
from db.domain.fleet import VanFacts
from db.domain.inbox import LATER, InboxItem, inbox
from db.domain.next_steps import Act
from db.domain.raised import AlarmKind
from db.domain.shift_handover import ShiftHandover
from db.domain.situation import Facts
from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, handover, job, reference, referral, van

REFERENCE = reference()


def found(
    *referrals: Facts,
    vans: tuple[VanFacts, ...] = (),
    alarms: tuple[Alarm, ...] = (),
    room: ShiftHandover | None = None,
    now: datetime = NOW,
) -> list[InboxItem]:
    return inbox(referrals, vans, alarms, room, REFERENCE, now)


def follow_up(due: float, referral_id: UUID) -> FollowUp:
    return FollowUp(uuid4(), 1, referral_id, ago(-due), "ring them", ago(300), "a.shah")


def test_nothing_needs_a_hand() -> None:
    there = referral(state=ReferralState.ATTENDING)
    facts = Facts(there, (job(there.id, van().id, AssignmentState.WITH_PATIENT, allocated=50, with_patient=9),))
    assert found(facts) == []


def test_the_gravest_first_and_then_what_is_due_first() -> None:
    first, second = referral(1, received=70), referral(2, received=9)
    alarms = [one for who in (first, second) for one in referral_alarms(Facts(who), REFERENCE) if one.sounds(NOW)]
    new = referral(3, received=1, state=ReferralState.RECEIVED, priority="P3")
    shown = found(Facts(first), Facts(second), Facts(new), alarms=tuple(alarms))
    assert [(one.grave, one.words.split(",")[0]) for one in shown] == [
        (1, "CRU-0001 P1"),
        (1, "CRU-0002 P1"),
        (2, "CRU-0001 P1 late by 10 min"),
        (3, "0003 Kettering P3 is neither accepted nor declined"),
    ]
    assert [one.act for one in shown] == [Act.ALLOCATE, Act.ALLOCATE, Act.CONTACT, Act.SCREEN]
    assert shown[0].alarm in in_order(alarms)


@pytest.mark.parametrize(("priority", "grave"), [("P1", 2), ("P2", 3), ("P3", 3), ("P7", 2)])
def test_who_is_not_accepted_is_as_grave_as_the_priority(priority: str, grave: int) -> None:
    (one,) = found(Facts(referral(state=ReferralState.RECEIVED, priority=priority)))
    assert (one.grave, one.act) == (grave, Act.SCREEN)


@pytest.mark.parametrize(
    ("due", "grave"), [(90, None), (61, None), (60, LATER), (5, LATER), (0, LATER - 1), (-30, LATER - 1)]
)
def test_what_is_due_stands_there_from_an_hour_before(due: float, grave: int | None) -> None:
    who = referral(state=ReferralState.CLOSED, times={"closed": ago(200)})
    shown = found(Facts(who, follow_ups=(follow_up(due, who.id),)))
    about = [one for one in shown if one.act is Act.DO_FOLLOW_UP]
    assert [one.grave for one in about] == ([grave] if grave is not None else [])
    assert all("ring them" in one.words and one.due == ago(-due) for one in about)


def test_what_sounds_stands_there_once() -> None:
    who = referral(state=ReferralState.CLOSED, times={"closed": ago(200)})
    facts = Facts(who, follow_ups=(follow_up(-3, who.id),))
    alarms = tuple(one for one in referral_alarms(facts, REFERENCE) if one.sounds(NOW))
    assert [one.kind for one in alarms] == ["follow_up"]
    assert [one.alarm is not None for one in found(facts, alarms=alarms) if one.act is Act.DO_FOLLOW_UP] == [True]


@pytest.mark.parametrize(("minutes", "stands"), [(14, False), (16, True), (29, True), (31, False)])
def test_a_crew_that_is_to_be_heard_soon(minutes: float, stands: bool) -> None:
    there = job(uuid4(), uuid4(), AssignmentState.WITH_PATIENT, allocated=90, with_patient=minutes)
    shown = found(vans=(VanFacts(van(), job=there),))
    assert bool(shown) is stands
    assert all(one.van_id is not None and one.due is not None for one in shown)


def test_what_is_to_be_entered_and_the_room_that_is_offered() -> None:
    who = referral(state=ReferralState.ATTENDING)
    link = handover(who.id, HandoverState.RELEASED, expected=30, accepted=20, released=10)
    room = ShiftHandover(uuid4(), 1, ago(600), "", "l.lead", ago(3), "", None, "", None)
    there = job(who.id, uuid4(), AssignmentState.WITH_PATIENT, allocated=50, with_patient=9)
    shown = found(Facts(who, (there,), (link,)), room=room)
    assert [one.is_room for one in shown] == [True, False]
    assert shown[1].act is Act.AMEND
    assert "handover from EMAS" in shown[1].words
    assert "started" in shown[1].words


def test_a_row_of_an_error_needs_no_hand() -> None:
    wrong = replace(referral(state=ReferralState.RECEIVED), entered_in_error_at=NOW - timedelta(minutes=1))
    assert found(Facts(wrong)) == []


def test_what_is_to_be_done_is_the_same_before_and_when_the_alarm_sounds() -> None:
    kinds = {
        code: AlarmKind(
            code, code, 3, timedelta(0), 1, timedelta(minutes=10), None, False, True, f"{code}: ring", True
        )
        for code in ("follow_up", "crew_word")
    }
    known = replace(REFERENCE, alarm_kinds=kinds)
    who = referral(state=ReferralState.CLOSED, times={"closed": ago(200)})
    there = job(uuid4(), uuid4(), AssignmentState.WITH_PATIENT, allocated=90, with_patient=20)
    for now in (NOW, NOW + timedelta(minutes=11)):
        facts, crew = Facts(who, follow_ups=(follow_up(5, who.id),)), VanFacts(van(), job=there)
        alarms = [*referral_alarms(facts, known), *van_alarms(crew, known.rules)]
        shown = inbox([facts], [crew], [one for one in alarms if one.sounds(now)], None, known, now)
        assert {one.why for one in shown if "to enter" not in one.words} >= {"follow_up: ring", "crew_word: ring"}


def test_another_thing_of_the_same_person_stands_there_though_one_sounds() -> None:
    who = referral(state=ReferralState.CLOSED, times={"closed": ago(200)})
    late, soon = follow_up(-3, who.id), follow_up(20, who.id)
    facts = Facts(who, follow_ups=(late, soon))
    alarms = tuple(one for one in referral_alarms(facts, REFERENCE) if one.sounds(NOW))
    about = [
        (one.key, one.alarm is not None) for one in found(facts, alarms=alarms) if one.act is Act.DO_FOLLOW_UP
    ]
    assert about == [(f"follow-up {late.id}", True), (f"follow-up {soon.id}", False)]


@pytest.mark.parametrize(
    ("state", "act"), [(ReferralState.RECEIVED, Act.SCREEN), (ReferralState.ACCEPTED, Act.ALLOCATE)]
)
def test_who_has_no_van_is_screened_first(state: ReferralState, act: Act) -> None:
    facts = Facts(referral(received=7, state=state))
    (alarm,) = (one for one in referral_alarms(facts, REFERENCE) if one.sounds(NOW))
    (shown,) = (one for one in found(facts, alarms=(alarm,)) if one.alarm is alarm)
    assert shown.act is act
