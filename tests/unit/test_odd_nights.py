"""What is seldom, told right where it is read: the hour that comes twice, a second van, a reopening, an error."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from console.timeline.lanes import told
from console.views.timeline.lanes import Around, lane_of
from db.domain.board import nobody_knows
from db.domain.handing_over import Room, to_hand_over
from db.domain.shift_log import LogEntry
from db.domain.situation import Facts, situation
from db.domain.states import AssignmentState, HandoverState, ReferralState
from db.reports.document import minute_words, moment_words
from tests.unit.board_records import NOW, ago, handover, job, reference, referral, van
from tests.unit.test_handing_over import entry

REFERENCE = reference()
FIRST, AGAIN = datetime(2026, 10, 25, 0, 40, tzinfo=UTC), datetime(2026, 10, 25, 1, 40, tzinfo=UTC)
"""Twenty to two by the clock on the wall, and an hour later once more."""
ONE, TWO = van("CRU1"), van("CRU2")


def handed(now: datetime, *facts: Facts, entries: tuple[LogEntry, ...] = ()) -> list[str]:
    return [one.words for one in to_hand_over(Room(facts, (), (), entries), REFERENCE, now)]


def test_in_the_hour_that_comes_twice_the_handover_says_which() -> None:
    held = referral(44, state=ReferralState.ACCEPTED, times={"received": FIRST - timedelta(minutes=20)})
    for until, zone in ((FIRST, "BST"), (AGAIN, "GMT")):
        of = Facts(replace(held, hold_until=until, hold_reason="day_visit"))
        (line,) = (one for one in handed(FIRST - timedelta(minutes=10), of) if "on hold until" in one)
        assert f"until 01:40 {zone}" in line
    told_at = handed(AGAIN, entries=(entry("lift", happened_at=FIRST, pass_on=True),))
    assert told_at == ["01:40 BST · lift"]


@pytest.mark.parametrize(("at", "said"), [(FIRST, "25 Oct 2026 01:40 BST"), (AGAIN, "25 Oct 2026 01:40 GMT")])
def test_in_a_report_too(at: datetime, said: str) -> None:
    assert minute_words(at) == said
    assert moment_words(at) == said.replace("01:40", "01:40:00")


def test_in_the_hour_that_is_missing_no_time_is_told() -> None:
    spring = datetime(2026, 3, 29, 1, 10, tzinfo=UTC)
    assert minute_words(spring) == "29 Mar 2026 02:10"


def test_two_vans_stand_in_one_lane_and_in_one_line_of_the_handover() -> None:
    of = referral(44, received=60, state=ReferralState.ATTENDING)
    there = job(of.id, ONE.id, AssignmentState.WITH_PATIENT, allocated=50, mobile=48, on_scene=20, with_patient=18)
    coming = job(of.id, TWO.id, AssignmentState.MOBILE, allocated=15, mobile=12)
    facts = Facts(of, (there, coming), (), {ONE.id: "CRU1", TWO.id: "CRU2"})
    shown = told(lane_of(situation(facts, REFERENCE), Around(nobody_knows, NOW)), NOW)
    assert "CRU1" in shown
    (line,) = handed(NOW, facts)
    assert "CRU1 with patient" in line
    assert "CRU2 mobile" in line


def test_one_that_was_taken_up_again_is_with_the_person_as_before_and_not_ended() -> None:
    of = referral(44, received=200, state=ReferralState.ACCEPTED, times={"accepted": ago(190)})
    before = job(of.id, ONE.id, AssignmentState.CLEAR, allocated=180, mobile=178, on_scene=150, clear=60)
    link = handover(of.id, HandoverState.RELEASED, expected=180, started=149, accepted=140, released=138)
    facts = Facts(of, (before,), (link,), {ONE.id: "CRU1"})
    now_is = situation(facts, REFERENCE)
    shown = told(lane_of(now_is, Around(nobody_knows, NOW)), NOW)
    assert shown.startswith("0044 no van")
    assert "EMAS: EMAS on scene 51 min" in shown
    assert "CRU 80 min" in shown
    assert now_is.holder is None
    assert any("no van" in one.lower() for one in handed(NOW, facts))


def test_what_was_entered_in_error_is_handed_over_to_nobody() -> None:
    wrong = referral(44, state=ReferralState.ACCEPTED, entered_in_error_at=ago(5), entered_in_error_reason="twice")
    assert handed(NOW, Facts(wrong)) == []
