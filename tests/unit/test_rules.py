"""Every number of the rules is gone by: set otherwise, the thing it is about moves."""

import re
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from console.views.detail import words
from console.views.detail.rich import toned
from console.views.timeline.lanes import belongs, lane
from db.domain.alarms import referral_alarms, van_alarms
from db.domain.board import Facts, board_row, face, urgency
from db.domain.fleet import VanFacts, fix_age
from db.domain.holding import predicted_release
from db.domain.ranking import predicted_clear, rank
from db.domain.reasons import weights_of
from db.domain.records import Position
from db.domain.rules import DEFAULTS, Rules, rules_of
from db.domain.situation import situation
from db.domain.states import AssignmentState, HandoverState, ReferralState
from db.domain.suiting import Asked
from db.geo.earth import moved
from db.geo.geofence import Fence, seen, waited
from tests.unit.board_records import NOW, ago, handover, job, position, reference, referral, shift, van
from tests.unit.cases import START
from tests.unit.test_ranking import candidate

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
SCENE = (52.41, -0.72)


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


def test_the_program_assumes_what_the_record_ships_with() -> None:
    """Two homes of one set of numbers: whoever changes one is told of the other."""
    sql = Path(__file__).resolve().parents[2] / "db/migrations/sql"
    row = re.compile(
        r"'(\w+)', ([\d.]+), '(minutes|hours|seconds|metres|minutes of travel|share|people|yes or no)'"
    )
    shipped = [found for file in sorted(sql.glob("*/*.sql")) for found in row.findall(file.read_text("utf-8"))]
    assert {name for name, _, _ in shipped} == {one.name for one in fields(Rules)}
    assert rules_of((name, float(value), unit) for name, value, unit in shipped) == Rules()


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (("no_van", 2, "hours"), timedelta(hours=2)),
        (("no_van", 7, "minutes"), timedelta(minutes=7)),
        (("no_van", 7, "people"), Rules().no_van),
        (("no_van", 7, "parsecs"), Rules().no_van),
        (("registered_least", 2, "people"), 2),
        (("registered_least", 1, "yes or no"), 1),
        (("registered_binds", 1, "yes or no"), True),
        (("registered_binds", 0, "yes or no"), False),
        (("registered_binds", 1, "people"), False),
        (("due_soon", 1, "share"), 1.0),
    ],
)
def test_a_number_counts_in_the_unit_of_its_kind_alone(row: tuple[str, float, str], kept: object) -> None:
    assert getattr(rules_of([row, ("of a newer program", 1, "people")]), row[0]) == kept


def test_a_van_has_arrived_and_left_where_the_rules_say() -> None:
    def stands(metres: float, second: int) -> Position:
        at = START + timedelta(seconds=second)
        return Position(UUID(int=1), 1, at, at, *moved(SCENE, metres, 0), None, 0.0, None, "osmand")

    def after(*metres: float, rules: Rules) -> Fence:
        fence = Fence()
        for place, away in enumerate(metres):
            fix = stands(away, 10 * place)
            fence = seen(fence, fix, SCENE, fix.fixed_at, rules)
        return fence

    wide = replace(DEFAULTS, arrives_within=300.0, leaves_beyond=600.0)
    assert after(250, 250, rules=wide).arrived
    assert not after(250, 250, rules=DEFAULTS).arrived
    assert after(50, 50, 550, 550, rules=wide).arrived
    assert not after(50, 50, 550, 550, rules=DEFAULTS).arrived
    silent, quiet = after(50, rules=DEFAULTS), replace(DEFAULTS, arrives_silent=timedelta(seconds=60))
    assert waited(silent, START + timedelta(seconds=30), DEFAULTS).arrived
    assert not waited(silent, START + timedelta(seconds=30), quiet).arrived


def test_a_fix_is_old_and_a_van_lost_when_the_rules_say() -> None:
    def age(minutes: float, rules: Rules) -> str:
        at = START - timedelta(minutes=minutes)
        return fix_age(Position(UUID(int=1), 1, at, at, *SCENE, None, 0.0, None, "osmand"), START, rules)

    patient = replace(DEFAULTS, stale_fix=timedelta(minutes=8), lost_van=timedelta(minutes=20))
    assert [age(minutes, patient) for minutes in (7, 9, 21)] == ["fresh", "stale", "doubtful"]
    assert [age(minutes, DEFAULTS) for minutes in (1, 3, 7)] == ["fresh", "stale", "doubtful"]


def test_every_weight_of_the_ranking_is_a_rule() -> None:
    # Each is set to something of its own, and must be found again: none is read from another's row.
    names = [field.name for field in fields(Rules) if field.name.startswith(("weigh_", "gain_"))]
    own = {name: 100.0 + place for place, name in enumerate(names)}
    values = {
        name: timedelta(minutes=value) if isinstance(getattr(DEFAULTS, name), timedelta) else value
        for name, value in own.items()
    }
    weights = weights_of(replace(DEFAULTS, **values))
    said = [
        getattr(weights, field.name) for field in fields(weights) if field.name not in {"fix_fresh", "too_few"}
    ]
    minutes = [one / timedelta(minutes=1) if isinstance(one, timedelta) else abs(one) for one in said]
    assert sorted(minutes) == sorted(own.values())
    assert all(value < 0 for value in (weights.right_livery, weights.safer, weights.language))
    heavy = replace(DEFAULTS, weigh_no_fix=77.0)
    [ranked] = rank(Asked(rules=heavy), [candidate("CRU4", 8, position=None)], START)
    assert any(reason.cost == 77.0 for reason in ranked.reasons)
