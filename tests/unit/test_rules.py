"""Every number of the rules is gone by: set otherwise, the thing it is about moves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from console.views.detail import words
from console.views.detail.rich import toned
from console.views.timeline.lanes import belongs, lane
from db.domain.alarms import referral_alarms, van_alarms
from db.domain.board import Facts, board_row, face, urgency
from db.domain.fleet import VanFacts
from db.domain.holding import predicted_release
from db.domain.ranking import predicted_clear
from db.domain.rules import Rules, rules_of
from db.domain.situation import situation
from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, handover, job, position, reference, referral, shift, van

OTHERS = Rules(
    due_soon=0.5,
    no_van=timedelta(minutes=11),
    long_handover=timedelta(minutes=22),
    lost_fix=timedelta(minutes=3),
    shift_end=timedelta(minutes=44),
    assumed_handover=timedelta(minutes=130),
    assumed_visit=timedelta(minutes=70),
    ended_lanes=timedelta(hours=9),
)
REFERENCE = replace(reference(), rules=OTHERS)


def test_alarms_of_a_referral_begin_when_the_rules_say() -> None:
    who = referral(received=0)
    link = handover(who.id, HandoverState.STARTED, expected=30, started=20)
    begins = {one.key.rpartition(" ")[0]: one.since for one in referral_alarms(Facts(who, (), (link,)), REFERENCE)}
    assert begins["no van"] == NOW + OTHERS.no_van
    assert begins["handover"] == ago(20) + OTHERS.long_handover
    sent = job(who.id, van().id, AssignmentState.MOBILE)
    soon = next(one for one in referral_alarms(Facts(who, (sent,)), REFERENCE) if "due soon" in one.key)
    assert soon.since == NOW + timedelta(minutes=30)


def test_alarms_of_a_van_begin_when_the_rules_say() -> None:
    two = van()
    sent = job(referral().id, two.id, AssignmentState.MOBILE)
    alarms = van_alarms(VanFacts(two, shift(two.id, 100), sent, position=position(two.id, 0)), OTHERS)
    begins = {one.key.rpartition(" ")[0]: one for one in alarms}
    assert begins["fix"].since == NOW + OTHERS.lost_fix
    assert begins["shift end"].since == NOW + timedelta(minutes=56)
    assert begins["shift end"].words.endswith("its shift ends within 44 min")


def test_a_row_is_due_soon_when_the_rules_say() -> None:
    row = board_row(Facts(referral(received=31)), REFERENCE)
    assert urgency(row, NOW) == "due soon"
    assert urgency(board_row(Facts(referral(received=31)), reference()), NOW) == "calm"


def test_the_pane_and_the_lane_go_by_the_rules_too() -> None:
    half = Facts(referral(received=31))
    assert [
        words.clock_words(situation(half, rules), NOW) == toned("29 min left", "warn")
        for rules in (REFERENCE, reference())
    ] == [True, False]
    who, eta = referral(received=1), NOW + timedelta(minutes=5)
    now_is = situation(
        Facts(who, (job(who.id, van().id, AssignmentState.MOBILE),), (handover(who.id),)), REFERENCE
    )
    free = next(part for part in lane(now_is, lambda _: eta, NOW).segments if part.label == "crew free")
    assert free.end == eta + OTHERS.assumed_handover


def test_predictions_assume_what_the_rules_say() -> None:
    link, eta = handover(referral().id), NOW + timedelta(minutes=5)
    found = predicted_release([link], [], eta, NOW, OTHERS.assumed_handover)
    assert found is not None
    assert (found.at, found.assumption) == (eta + timedelta(minutes=130), "assumes 2 h 10 for the handover")
    sent = job(referral().id, van().id, AssignmentState.MOBILE)
    assert predicted_clear(sent, eta, NOW, OTHERS.assumed_visit) == eta + timedelta(minutes=70)


def test_a_lane_stays_as_long_as_the_rules_say() -> None:
    closed = referral(state=ReferralState.CLOSED, times={"closed": ago(8 * 60)})
    assert belongs(closed, NOW, OTHERS)
    assert not belongs(closed, NOW, Rules())


@pytest.mark.hazard("H-014")
def test_a_hold_pauses_no_response_clock() -> None:
    """The person still waits: the board says both."""
    back = NOW + timedelta(minutes=20)
    held, free = (
        board_row(Facts(referral(received=31, **hold)), REFERENCE) for hold in ({"hold_until": back}, {})
    )
    assert held.clock == free.clock
    assert face(held, NOW).right == face(free, NOW).right == "29 min"
    assert "on hold until" in face(held, NOW).line


def test_what_no_row_speaks_of_is_as_the_service_began() -> None:
    minutes = {
        name: getattr(Rules(), name) / timedelta(minutes=1) for name in ("no_van", "long_handover", "lost_fix")
    }
    minutes |= {name: getattr(Rules(), name) / timedelta(minutes=1) for name in ("shift_end", "assumed_handover")}
    assert minutes == {"no_van": 5, "long_handover": 15, "lost_fix": 5, "shift_end": 30, "assumed_handover": 15}
    assert (Rules().due_soon, Rules().registered_least, Rules().registered_binds) == (0.75, 1, False)
    assert (Rules().assumed_visit, Rules().ended_lanes) == (timedelta(hours=1), timedelta(hours=3))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("no_van", 7.0, "minutes"), replace(Rules(), no_van=timedelta(minutes=7))),
        (("ended_lanes", 2.0, "hours"), replace(Rules(), ended_lanes=timedelta(hours=2))),
        (("due_soon", 1, "share"), replace(Rules(), due_soon=1.0)),
        (("registered_least", 2.0, "people"), replace(Rules(), registered_least=2)),
        (("registered_binds", 1.0, "yes or no"), replace(Rules(), registered_binds=True)),
        (("registered_binds", 0.0, "yes or no"), Rules()),
        # A unit that does not fit, one that nobody knows, and a rule of a newer program.
        (("no_van", 7.0, "people"), Rules()),
        (("registered_least", 1.0, "yes or no"), Rules()),
        (("registered_binds", 1.0, "people"), Rules()),
        (("due_soon", 1.0, "people"), Rules()),
        (("no_van", 7.0, "fortnights"), Rules()),
        (("of_a_newer_program", 7.0, "minutes"), Rules()),
    ],
)
def test_a_row_sets_its_rule_in_its_own_unit(row: tuple[str, float, str], expected: Rules) -> None:
    found = rules_of([row])
    assert found == expected
    assert type(found.registered_least) is int
    assert type(found.registered_binds) is bool
    assert type(found.due_soon) is float


def test_rows_are_taken_together() -> None:
    rows = [("lost_fix", 3.0, "minutes"), ("shift_end", 0.5, "hours"), ("odd", 1.0, "people")]
    assert rules_of(rows) == replace(Rules(), lost_fix=timedelta(minutes=3), shift_end=timedelta(minutes=30))
