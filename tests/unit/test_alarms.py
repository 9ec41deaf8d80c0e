"""Alarms: when each begins and ends, and what it says."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from db.domain.alarms import (
    OVER,
    Alarm,
    depends_on_link,
    in_order,
    link_alarm,
    referral_alarms,
    to_do,
    unreadable_alarm,
    van_alarms,
)
from db.domain.dangers import Danger, Dangers
from db.domain.fleet import VanFacts
from db.domain.raised import AlarmKind
from db.domain.records import Referral
from db.domain.situation import Facts
from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, contact, handover, job, position, reference, referral, shift, van

REFERENCE = reference()


def sounding(alarms: list[Alarm], now: datetime = NOW) -> list[str]:
    return [alarm.sentence(now) for alarm in in_order(alarms) if alarm.sounds(now)]


def with_van(who: Referral) -> Facts:
    return Facts(who, (job(who.id, van().id, AssignmentState.MOBILE),))


@pytest.mark.hazard("H-013")
@pytest.mark.parametrize(
    ("received", "heard"),
    [
        (4.9, []),
        (5, ["CRU-0044 P1, no van for 5 min"]),
        (61, ["CRU-0044 P1, no van for 61 min", "CRU-0044 P1 late by 1 min"]),
    ],
)
def test_a_first_priority_without_a_van(received: float, heard: list[str]) -> None:
    assert sounding(referral_alarms(Facts(referral(received=received)), REFERENCE)) == heard


@pytest.mark.hazard("H-013")
@pytest.mark.parametrize(
    ("received", "heard"),
    [
        (44, []),
        (45, ["CRU-0044 P1 due soon"]),
        (59.9, ["CRU-0044 P1 due soon"]),
        (60, ["CRU-0044 P1 late by under 1 min"]),
    ],
)
def test_the_response_clock_at_75_and_100_per_cent(received: float, heard: list[str]) -> None:
    who = referral(received=received, state=ReferralState.ALLOCATED)
    assert sounding(referral_alarms(with_van(who), REFERENCE)) == heard


def test_a_lower_priority_may_wait_for_its_van() -> None:
    assert sounding(referral_alarms(Facts(referral(received=100, priority="P2")), REFERENCE)) == []


def test_nothing_sounds_once_a_crew_is_there_or_it_has_ended() -> None:
    who = referral(received=100, state=ReferralState.ATTENDING)
    there = job(who.id, van().id, AssignmentState.WITH_PATIENT, allocated=90, with_patient=30)
    assert referral_alarms(Facts(who, (there,)), REFERENCE) == []
    assert referral_alarms(Facts(referral(state=ReferralState.CANCELLED)), REFERENCE) == []


@pytest.mark.hazard("H-053")
def test_what_rests_on_purpose_is_quiet_until_it_comes_back() -> None:
    until = NOW + timedelta(minutes=10)
    agreed = contact(agreed_until=until)
    alarms = referral_alarms(Facts(referral(received=100, hold_until=until), contacts=(agreed,)), REFERENCE)
    assert sounding(alarms) == []
    assert sounding(alarms, until) == ["CRU-0044 P1, no van for 1 h 50", "CRU-0044 P1 late by 50 min"]


@pytest.mark.hazard("H-030")
def test_a_handover_that_takes_long() -> None:
    who = referral(received=50, state=ReferralState.ATTENDING)
    there = job(who.id, van().id, AssignmentState.WITH_PATIENT, allocated=40, with_patient=20)

    def heard(link_state: HandoverState, started: float) -> list[str]:
        link = handover(who.id, link_state, started=started)
        return sounding(referral_alarms(Facts(who, (there,), (link,)), REFERENCE))

    assert heard(HandoverState.STARTED, 14.9) == []
    assert heard(HandoverState.STARTED, 15) == ["CRU-0044 handover from EMAS A1187 takes 15 min"]
    assert heard(HandoverState.ACCEPTED, 40) == []


@pytest.mark.hazard("H-038", "H-045")
def test_a_committed_van_of_which_nobody_knows_the_place() -> None:
    two = van()
    sent = job(referral().id, two.id, AssignmentState.MOBILE, allocated=20)

    def heard(seconds: float) -> list[str]:
        return sounding(van_alarms(VanFacts(two, shift(two.id), sent, position=position(two.id, seconds))))

    assert heard(299) == []
    assert heard(300) == ["CRU2 on a job, no fix for 5 min"]
    assert sounding(van_alarms(VanFacts(two, shift(two.id), sent))) == ["CRU2 on a job, no fix for 20 min"]
    assert van_alarms(VanFacts(two, shift(two.id))) == []


@pytest.mark.hazard("H-046")
def test_a_shift_that_ends_on_a_job() -> None:
    two = van()
    sent = job(referral().id, two.id, AssignmentState.MOBILE, allocated=20)

    def heard(ends: float) -> list[str]:
        return sounding(van_alarms(VanFacts(two, shift(two.id, ends), sent, position=position(two.id))))

    assert heard(31) == []
    assert heard(30) == ["CRU2 on a job, its shift ends within 30 min"]


@pytest.mark.hazard("H-045")
def test_an_emergency_is_the_gravest() -> None:
    (alarm,) = van_alarms(VanFacts(van(emergency_at=ago(2))))
    assert (alarm.priority, alarm.sentence(NOW)) == (1, "EMERGENCY CRU2, for 2 min")
    assert not depends_on_link(alarm)


def test_the_link_speaks_for_the_fixes_that_it_lets_grow_old() -> None:
    two = van()
    sent = job(referral().id, two.id, AssignmentState.MOBILE, allocated=20)
    fix = next(one for one in van_alarms(VanFacts(two, job=sent)) if "no fix" in one.words)
    assert depends_on_link(fix)
    assert link_alarm(ago(2)).sentence(NOW) == "Link to the record lost for 2 min"


def told(*stands: Danger, state: ReferralState = ReferralState.ALLOCATED, since: float | None = 3) -> list[Alarm]:
    """The alarms of what was told, some minutes ago, of a referral that was accepted."""
    who = referral(received=10, state=state)
    dangers = Dangers(who.id, 1, stands, since=ago(since) if since is not None else None)
    sent = () if state is ReferralState.RECEIVED else (job(who.id, van().id, AssignmentState.MOBILE),)
    found = referral_alarms(Facts(who, sent, dangers=dangers), REFERENCE)
    return [alarm for alarm in found if alarm.key.startswith("danger")]


BLADE = Danger("yes weapon", "yes", "weapon", "a blade within reach", until=NOW + timedelta(minutes=20))
DOG = Danger("flag dog", "flag", "", "a dog that bites", until=NOW + timedelta(minutes=50))
PILLS = Danger("yes overdose", "yes", "overdose", "pills")
UNSURE = Danger("not known breathing", "not known", "breathing", "breathing not known")


@pytest.mark.parametrize(
    ("stands", "words", "until"),
    [
        ((PILLS,), "danger · pills", None),
        ((BLADE,), "danger · a blade within reach", 20),
        ((BLADE, DOG), "danger · a blade within reach · 1 more", 50),
        ((PILLS, BLADE, DOG), "danger · pills · 2 more", None),
        ((BLADE, PILLS), "danger · a blade within reach · 1 more", None),
        ((UNSURE,), "stop · breathing not known", None),
    ],
)
def test_danger_that_was_told_sounds_at_once_and_until_all_of_it_ends(
    stands: tuple[Danger, ...], words: str, until: float | None
) -> None:
    (alarm,) = told(*stands)
    ends = NOW + timedelta(minutes=until) if until is not None else None
    assert (alarm.priority, alarm.words, alarm.since, alarm.until) == (1, words, ago(3), ends)
    assert alarm.reference == "CRU-20261122-0044"


def test_what_is_told_later_is_another_alarm_and_of_nothing_there_is_none() -> None:
    assert told(PILLS)[0].key.partition(" ")[2] != told(PILLS, since=1)[0].key.partition(" ")[2]
    assert told() == told(PILLS, since=None) == []
    assert told(PILLS, state=ReferralState.RECEIVED) == told(PILLS, state=ReferralState.CLOSED) == []


def test_what_was_promised_counts_from_when_it_was_due_and_names_nobody() -> None:
    promised = contact(promised="to ring back", promise_due_at=ago(4))
    kept = contact(promised="to ring", promise_due_at=ago(4), promise_outcome="kept")
    closed = referral(state=ReferralState.CLOSED)
    (alarm,) = referral_alarms(Facts(closed, contacts=(promised, kept)), REFERENCE)
    assert (alarm.priority, alarm.since, alarm.sentence(NOW)) == (3, ago(4), "CRU-0044 promise due for 4 min")
    assert (alarm.key, alarm.referral_id) == (f"promise {promised.id}", closed.id)
    wrong = referral(state=ReferralState.CLOSED, entered_in_error_at=ago(1))
    assert referral_alarms(Facts(wrong, contacts=(promised,)), REFERENCE) == []


def test_a_small_screen_says_the_same_in_fewer_words() -> None:
    counted = next(alarm for alarm in referral_alarms(Facts(referral(received=7)), REFERENCE) if alarm.counts_from)
    assert counted.sentence(NOW).startswith("CRU-0044 ")
    assert counted.short(NOW) == counted.sentence(NOW).removeprefix("CRU-").replace(" for ", " ", 1)
    plain = replace(counted, words="waits for nobody for ever", counts_from=None)
    assert plain.short(NOW) == "0044 waits for nobody for ever"


def test_what_cannot_be_read_is_said_of_whose_it_is() -> None:
    key = UUID(int=4)
    one, van_one = unreadable_alarm(key, "CRU-1", 1, NOW), unreadable_alarm(key, "CRU2", 2, NOW, is_van=True)
    assert (one.referral_id, one.van_id, one.reference, one.priority) == (key, None, "CRU-1", 1)
    assert (van_one.referral_id, van_one.van_id, van_one.reference) == (None, key, "")
    assert van_one.sentence(NOW).startswith("CRU2 cannot be read")
    assert one.key == van_one.key


@pytest.mark.hazard("H-047")
def test_a_crews_emergency_goes_before_all_that_is_as_grave() -> None:
    one = van("CRU4")
    (pressed,) = [
        alarm
        for alarm in van_alarms(
            VanFacts(replace(one, emergency_at=ago(1)), shift(one.id), position=position(one.id))
        )
        if alarm.kind == "emergency"
    ]
    older = referral_alarms(Facts(referral(received=30)), REFERENCE)
    graver = replace(older[0], key="x", kind="link", priority=0)
    assert in_order([*older, pressed, graver])[:2] == [graver, pressed]


@pytest.mark.parametrize(
    ("words", "counts", "short"),
    [
        ("P1, no van for", ago(7), "0044 P1, no van 7 min"),
        ("danger told · yes: Head injury · 2 more", None, "0044 danger told"),
        (f"danger told · yes: Head injury, or anything like it{OVER}", None, "0044 danger told: over"),
        (f"call left lying{OVER}", None, "0044 call left lying: over"),
        ("handover takes", ago(3), "0044 handover takes 3 min"),
    ],
)
def test_on_a_small_screen_an_alarm_says_its_first_thing(words: str, counts: datetime | None, short: str) -> None:
    alarm = Alarm("k", 1, words, ago(9), counts_from=counts, reference="CRU-20261122-0044")
    assert alarm.short(NOW) == short
    assert replace(alarm, unanswered=True).short(NOW) == f"{short} · nobody answers"
    assert alarm.sentence(NOW).startswith(f"CRU-0044 {words}")


def test_each_alarm_says_what_is_to_be_done_also_where_no_record_can_tell() -> None:
    lost, waits = link_alarm(ago(1)), Alarm("k", 1, "P1, no van for", ago(9), kind="no_van")
    nothing, never = timedelta(0), None
    kinds = {"no_van": AlarmKind("no_van", "x", 1, nothing, 1, nothing, never, False, True, "Send a van.", True)}
    assert "telephone and on paper" in to_do(lost, kinds)
    assert to_do(waits, kinds) == "Send a van."
    assert to_do(waits, {}) == ""
