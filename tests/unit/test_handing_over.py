"""The handover of the room writes itself; what is missing of a job; the log as it stands."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.domain.alarms import link_alarm, referral_alarms
from db.domain.care import HowItEnded
from db.domain.cautions import Flag
from db.domain.fleet import VanFacts
from db.domain.handing_over import Room, to_hand_over
from db.domain.party import Party
from db.domain.raised import RaisedAlarm
from db.domain.records import YesNo
from db.domain.shift_handover import HandedItem, ToHandOver, came_since, unsigned
from db.domain.shift_log import LogEntry, as_it_stands, before_it, matching
from db.domain.situation import Facts
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState
from db.domain.to_finish import unfinished
from tests.unit.board_records import NOW, ago, contact, handover, job, position, reference, referral, shift, van

REFERENCE = reference()


def entry(words: str = "x", minutes: float = 10, **changed: Any) -> LogEntry:
    given = {
        "id": uuid4(),
        "version": 1,
        "happened_at": ago(minutes),
        "words": words,
        "referral_id": None,
        "van_id": None,
        "pass_on": False,
        "corrects": None,
        "written_by": "a.shah",
        "written_at": ago(minutes),
    }
    return LogEntry(**(given | changed))


def room(*facts: Facts, **changed: Any) -> Room:
    return replace(Room(facts, (), (), ()), **changed)


def lines(of: Room) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in to_hand_over(of, REFERENCE, NOW):
        found.setdefault(one.kind, []).append(one.words)
    return found


def test_an_empty_room_has_nothing_to_hand_over() -> None:
    assert to_hand_over(room(), REFERENCE, NOW) == []


@pytest.mark.hazard("H-069", "H-087")
def test_people_stand_first_whoever_is_gravest_first_and_by_town_and_not_by_name() -> None:
    soon = referral(44, received=49, state=ReferralState.ACCEPTED)
    later = referral(45, received=5, state=ReferralState.ACCEPTED)
    mild = referral(46, received=200, priority="P3", state=ReferralState.ACCEPTED)
    over = referral(47, received=300, state=ReferralState.CLOSED, times={"received": ago(300), "closed": ago(1)})
    wrong = replace(referral(48), entered_in_error_at=ago(1))
    found = lines(room(*(Facts(one) for one in (mild, over, later, wrong, soon))))["person"]
    assert [one[:4] for one in found] == ["0044", "0045", "0046"]
    assert found[0].startswith("0044 Kettering P1 · ")
    assert "11 min left" in found[0]
    name = soon.patient.name if soon.patient else ""
    assert not name or name not in " ".join(found)


@pytest.mark.hazard("H-087")
def test_a_hold_says_until_when_and_why_and_is_a_risk() -> None:
    held = replace(referral(44), hold_until=NOW + timedelta(minutes=90), hold_reason="day_visit")
    line = to_hand_over(room(Facts(held)), REFERENCE, NOW)[0]
    assert line.is_risk
    assert "on hold until 05:12" in line.words


@pytest.mark.hazard("H-087")
def test_what_is_due_within_a_day_is_told_and_what_is_later_is_not() -> None:
    who = referral(44, state=ReferralState.ACCEPTED)
    promised = contact(30, promised="a call from the crew", promise_due_at=ago(-20))
    late = contact(40, promised="her charger back", promise_due_at=ago(5))
    far = contact(50, promised="a letter", promise_due_at=ago(-25 * 60))
    found = lines(room(Facts(who, contacts=(far, late, promised))))["call"]
    assert [("overdue" in one, one.split(" · ")[2]) for one in found] == [
        (True, "her charger back"),
        (False, "a call from the crew"),
    ]
    assert all("last word" in one for one in found)


@pytest.mark.hazard("H-087")
def test_an_ending_that_names_nobody_stays_on_the_list() -> None:
    who = referral(44, received=300, state=ReferralState.CLOSED, times={"received": ago(300), "closed": ago(30)})
    ending = HowItEnded(uuid4(), 1, who.id, "closed", "gp", ago(30))
    (found,) = lines(room(Facts(who, ending=ending)))["ending"]
    assert "nobody named" in found
    named = replace(ending, holder_kind=Party.OTHER, holder_name="her sister")
    told = {who_: replace(named.person, by="K", at=ago(3)) for who_ in ("person", "caller", "referrer")}
    assert "ending" not in lines(room(Facts(who, ending=replace(named, **told))))


@pytest.mark.hazard("H-087")
def test_staff_safety_and_an_emergency_come_before_the_vans() -> None:
    who = referral(44)
    flag = Flag(uuid4(), 1, who.id, "address", "staff safety", "two crew", NOW + timedelta(days=2), "x", ago(9))
    old = replace(flag, id=uuid4(), review_at=ago(1), reason="long ago")
    pets = replace(flag, id=uuid4(), kind="pets", reason="a dog")
    alarmed = VanFacts(van(emergency_at=ago(2)))
    found = to_hand_over(room(Facts(who, flags=(flag, old, pets)), vans=(alarmed,)), REFERENCE, NOW)
    safety = [one for one in found if one.kind == "safety"]
    assert [one.is_risk for one in safety] == [True, True]
    assert "EMERGENCY since 03:40" in safety[0].words
    assert safety[1].words.endswith("staff safety: two crew")
    kinds = [one.kind for one in found]
    assert kinds.index("safety") < kinds.index("van")


def test_vans_off_duty_are_left_out_and_one_out_of_service_is_a_risk() -> None:
    off = VanFacts(van("CRU1", DutyStatus.OFF_DUTY))
    out = VanFacts(van("CRU2", DutyStatus.OUT_OF_SERVICE, duty_reason="fault"))
    three = van("CRU3")
    free = VanFacts(three, shift(three.id, -5), position=position(three.id, 400))
    found = to_hand_over(room(vans=(off, out, free)), REFERENCE, NOW)
    said = {one.words.split(" · ")[0]: one for one in found if one.kind == "van"}
    assert set(said) == {"CRU2", "CRU3"}
    four = van("CRU4")
    assert "van" not in lines(room(vans=(VanFacts(four, shift(four.id), position=position(four.id)),)))
    assert (said["CRU2"].is_risk, said["CRU3"].is_risk) == (True, False)
    assert "Vehicle fault" in said["CRU2"].words
    assert "fix 6 min" in said["CRU3"].words
    (crew,) = (one for one in found if one.kind == "crew")
    assert crew.words.startswith("CRU3 · available · ")
    assert "past its end" in crew.words


def test_a_crew_says_when_its_meal_is_due_or_over() -> None:
    two = van("CRU2")
    due = VanFacts(two, shift(two.id, meal_due_at=NOW + timedelta(minutes=18)))
    resting = van("CRU4", DutyStatus.MEAL_BREAK)
    back = VanFacts(resting, shift(resting.id, meal_until_at=NOW + timedelta(minutes=3)))
    found = lines(room(vans=(due, back)))["crew"]
    assert "meal due 04:00" in found[0]
    assert "meal until 03:45" in found[1]


def test_alarms_that_sound_are_told_but_not_those_of_vans_or_to_come() -> None:
    who = referral(44, received=49, state=ReferralState.ACCEPTED)
    alarms = (*referral_alarms(Facts(who), REFERENCE), replace(link_alarm(ago(-9)), key="later"))
    found = lines(room(Facts(who), alarms=alarms))["alarm"]
    assert len(found) == 1
    assert "no van" in found[0]


@pytest.mark.parametrize(("minutes", "rests"), [(30, True), (-1, False)])
def test_an_alarm_that_rests_is_handed_over_with_until_when_and_why(minutes: float, rests: bool) -> None:
    who = referral(44, received=49, state=ReferralState.ACCEPTED)
    alarms = [one for one in referral_alarms(Facts(who), REFERENCE) if "no van" in one.words]
    row = RaisedAlarm(UUID(int=7), 1, alarms[0].key, "no_van", 1, "x", who.id, None, ago(9), ago(9))
    row = replace(row, shelved_by="l.lead", shelved_until=ago(-minutes), shelved_reason="van from Kettering")
    (found,) = lines(room(Facts(who), alarms=alarms, shelved={row.name: row}))["alarm"]
    assert found.endswith(": van from Kettering") is rests


@pytest.mark.hazard("H-069")
def test_the_log_hands_over_what_is_marked_and_as_it_was_corrected() -> None:
    first = entry("bed from 22:00", 50, pass_on=True)
    right = entry("bed from 23:00", 50, pass_on=True, corrects=first.id, written_at=ago(20))
    quiet, early = entry("tea", 5), entry("gate code 4471", 90, pass_on=True)
    found = lines(room(entries=(right, quiet, first, early)))["log"]
    assert found == ["02:12 · gate code 4471", "02:52 · bed from 23:00"]


# --- the log as it stands ---


def test_a_corrected_entry_is_read_beside_its_correction_and_not_for_itself() -> None:
    first = entry("one", 30)
    second = entry("two", 30, corrects=first.id, written_at=ago(20))
    third = entry("three", 30, corrects=second.id, written_at=ago(10))
    all_of = (second, first, third)
    assert as_it_stands(all_of) == [third]
    assert before_it(third, all_of) == [second, first]
    assert before_it(third, (third,)) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [("", 2), ("obrien", 1), ("o'brien keys", 1), ("zoe", 1), ("Zoë flat", 1), ("keys flat", 0), ("cru3", 2)],
)
def test_the_log_is_searched_whatever_accents_and_apostrophes(typed: str, found: int) -> None:
    entries = (entry("Keys with Mr O’Brien"), entry("Zoë has the flat"))
    assert len(matching(entries, typed, lambda _: "CRU3")) == found


# --- what is missing ---


def closed(**changed: Any) -> Any:
    answers = {"ae_avoided": YesNo.YES, "ems_released": YesNo.NO, "police_avoided": YesNo.YES}
    times = {"received": ago(300), "closed": ago(10)}
    return replace(referral(44, state=ReferralState.CLOSED, times=times), **(answers | changed))


def clear_job(who: UUID, *steps: str) -> Any:
    times = {step: 100 - place for place, step in enumerate(("allocated", *steps, "clear"))}
    return job(who, uuid4(), AssignmentState.CLEAR, **times)


@pytest.mark.parametrize(
    ("steps", "missing"),
    [
        (("mobile", "on_scene", "with_patient"), []),
        (("mobile", "on_scene"), []),
        (("on_scene", "with_patient"), ["mobile"]),
        (("mobile", "with_patient"), ["on scene"]),
        (("mobile", "on_scene", "conveying", "at_destination"), ["with patient"]),
        ((), ["mobile", "on scene"]),
    ],
)
def test_the_times_that_a_clear_job_lacks(steps: tuple[str, ...], missing: list[str]) -> None:
    who = closed()
    made = clear_job(who.id, *steps)
    found = unfinished(Facts(who, (made,), callsigns={made.van_id: "CRU2"}))
    assert [one.words for one in found] == [f"CRU2 {step}" for step in missing]
    assert {(one.entity, one.id) for one in found} <= {("assignment", made.id)}


def test_a_job_that_goes_on_or_was_stood_down_lacks_nothing() -> None:
    who = referral(44)
    going = job(who.id, uuid4(), AssignmentState.WITH_PATIENT, allocated=9, with_patient=1)
    down = job(who.id, uuid4(), AssignmentState.STOOD_DOWN, allocated=9, stood_down=1)
    assert unfinished(Facts(who, (going, down))) == []


def test_a_crew_that_was_never_released_and_a_handover_without_a_start() -> None:
    who = closed()
    waits = handover(who.id, HandoverState.ACCEPTED, expected=90, accepted=60)
    gone = handover(who.id, HandoverState.RELEASED, expected=90, accepted=60, released=55)
    assert [one.step for one in unfinished(Facts(who, handovers=(waits, gone)))] == ["released", "started"]
    assert unfinished(Facts(referral(44), handovers=(waits,))) == []


def test_answers_that_nobody_gave_at_the_end() -> None:
    who = closed(ae_avoided=None, police_avoided=YesNo.UNKNOWN)
    assert [one.words for one in unfinished(Facts(who))] == [
        "A&E avoided: not answered",
        "police avoided: not answered",
    ]
    assert unfinished(Facts(replace(who, entered_in_error_at=ago(1)))) == []
    assert unfinished(Facts(referral(44))) == []


def test_a_risk_is_open_until_somebody_signs_it() -> None:
    risk = HandedItem(uuid4(), 1, uuid4(), 1, "person", "x", None, None, None, True, "", None, "")
    assert unsigned((risk, replace(risk, is_risk=False), replace(risk, signed_at=NOW, signed_by="n"))) == [risk]


@pytest.mark.hazard("H-087")
def test_what_came_since_it_was_offered_is_told_and_nothing_that_only_grew_older() -> None:
    who, van = uuid4(), uuid4()
    lines = [
        ToHandOver("person", "waits 10 min", who, is_risk=True),
        ToHandOver("call", "promised: ring back", who, is_risk=True),
        ToHandOver("van", "CRU1, no fix", None, van, is_risk=True),
    ]
    item = HandedItem(uuid4(), 1, uuid4(), 1, "x", "x", None, None, None, True, "", None, "")
    items = [
        replace(item, kind=one.kind, referral_id=one.referral_id, van_id=one.van_id, words="older")
        for one in lines
    ]
    assert came_since(items, lines) == []
    another = ToHandOver("call", "promised: no police", who, is_risk=True)
    new = ToHandOver("person", "waits 1 min", uuid4(), is_risk=True)
    harmless = ToHandOver("crew", "CRU2, meal due", None, uuid4())
    assert came_since(items, [new, *lines, another, harmless]) == [new, another]
    assert came_since(items, lines[1:]) == [], "what is over is no risk that came"
