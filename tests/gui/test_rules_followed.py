"""What the mirror's watchers and lanes make of the rules that the record says."""

from dataclasses import replace
from datetime import timedelta

from console.live.alarm_watch import AlarmWatch
from console.live.joins import referral_facts
from console.live.store import Link, LinkState, Store
from console.views.timeline.lanes import lane, lanes
from db.domain.rules import Rules
from db.domain.situation import situation
from db.domain.states import AssignmentState, ReferralState
from tests.unit.board_records import NOW, ago, handover, job, position, reference, referral, van

RULES = Rules(
    lost_fix=timedelta(minutes=2), assumed_handover=timedelta(minutes=50), ended_lanes=timedelta(minutes=20)
)


def store_with(rules: Rules) -> Store:
    return Store(replace(reference(), rules=rules), Link(LinkState.LIVE, NOW))


def test_the_watch_follows_rules_that_are_set_while_it_watches(qapp: object) -> None:
    store = store_with(Rules())
    watch = AlarmWatch(store)
    store.reference_changed.connect(watch.read_all)
    store.changed.connect(watch.follow)
    two, who = van(), referral(received=1)
    sent = job(who.id, two.id, AssignmentState.MOBILE, allocated=1)
    store.put({"van": [two], "referral": [who], "assignment": [sent], "position": [position(two.id, 0)]})
    moment = NOW + timedelta(minutes=3)
    assert watch.sounding(moment) == []
    store.set_reference(replace(reference(), rules=RULES))
    assert [alarm.van_id for alarm in watch.sounding(moment)] == [two.id]


def test_a_lane_predicts_by_the_rules(qapp: object) -> None:
    who, eta = referral(received=1), NOW + timedelta(minutes=10)
    sent = job(who.id, van().id, AssignmentState.MOBILE, allocated=1)
    store = store_with(RULES)
    store.put({"referral": [who], "assignment": [sent], "handover": [handover(who.id)]})
    facts = referral_facts(store, who.id)
    assert facts is not None
    drawn = lane(situation(facts, store.reference), lambda _: eta, NOW).segments
    assert [one.end for one in drawn if one.label == "crew free"] == [eta + RULES.assumed_handover]


def test_a_lane_goes_by_the_rules(qapp: object) -> None:
    closed = referral(state=ReferralState.CLOSED, outcome="home", times={"closed": ago(30)})
    for rules, shown in ((Rules(), 1), (RULES, 0)):
        store = store_with(rules)
        store.put({"referral": [closed]})
        assert len(lanes(store, lambda _: None, NOW)) == shown
