"""What the mirror knows is held against the command that is about to be sent, and against no other."""

from dataclasses import fields, replace
from datetime import timedelta
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QApplication

from console.live import reality
from console.live.reality import READ_AFTER, STANDS_FOR, Insistence, bare, in_words, objections
from console.live.store import Link, LinkState, Store
from db.commands import Accept, AddNote, Allocate, Close, Command, MoveHandover, Step
from db.domain.objections import Objection, ObjectionKind
from db.domain.read_back import ReadBack
from db.domain.records import Assignment, Handover, Location, Position, Referral, StaffMember, Van
from db.domain.rules import Rules
from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.unit.board_records import NOW, ago, job, reference, referral, shift, van
from tests.unit.test_brief import TOOL
from tests.unit.test_lanes import link

S = AssignmentState
KETTERING = Location("Station Road", "NN15 7HJ", 52.3931, -0.7300)
CORBY = (52.4877, -0.7010)


class Mirror:
    """A P1 with a van on its way, seen ten kilometres off a second ago."""

    def __init__(self) -> None:
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        self.van: Van = van("CRU4")
        self.referral: Referral = referral(location=KETTERING, state=ReferralState.ALLOCATED)
        self.job: Assignment = job(self.referral.id, self.van.id, S.MOBILE, allocated=20, mobile=15)
        self.link: Handover = link(self.referral.id, expected=40)
        self.put(self.van, self.referral, self.job, self.link, self.fix())

    def fix(self, seconds_old: float = 1, place: tuple[float, float] = CORBY) -> Position:
        at = NOW - timedelta(seconds=seconds_old)
        return Position(self.van.id, 1, at, at, *place, 5.0, 0.0, None, "device")

    def put(self, *records: Van | Referral | Assignment | Handover | Position) -> None:
        names = {Van: "van", Referral: "referral", Assignment: "assignment", Handover: "handover"}
        for record in records:
            self.store.put({names.get(type(record), "position"): [record]})

    def told(self, command: Command) -> list[str]:
        return [one.words for one in objections(self.store, command, NOW)]

    def step(self, to: AssignmentState, at_minutes_ago: float | None = None) -> Step:
        at = None if at_minutes_ago is None else ago(at_minutes_ago)
        return Step(assignment_id=self.job.id, to=to, at=at)


@pytest.fixture
def mirror(qapp: QApplication) -> Mirror:
    return Mirror()


def test_a_van_that_is_seen_elsewhere_is_not_on_scene(mirror: Mirror) -> None:
    assert mirror.told(mirror.step(S.ON_SCENE)) == ["fix 1 s old, 10.7 km away"]
    assert mirror.told(mirror.step(S.AT_RENDEZVOUS)) == []
    mirror.put(mirror.fix(place=(52.3930, -0.7301)))
    assert mirror.told(mirror.step(S.ON_SCENE)) == []


def test_a_step_written_down_late_is_weighed_at_its_own_time(mirror: Mirror) -> None:
    """Where the van went afterwards says nothing about then."""
    assert mirror.told(mirror.step(S.ON_SCENE, at_minutes_ago=9)) == []
    mirror.put(mirror.fix(seconds_old=9 * 60 + 2))
    assert mirror.told(mirror.step(S.ON_SCENE, at_minutes_ago=9)) == ["fix 2 s old, 10.7 km away"]


def test_a_place_that_is_not_on_the_map_speaks_against_nothing(mirror: Mirror) -> None:
    mirror.put(replace(mirror.referral, version=2, location=Location("somewhere in Corby")))
    assert mirror.told(mirror.step(S.ON_SCENE)) == []


def test_where_a_destination_lies_nobody_knows(mirror: Mirror) -> None:
    mirror.put(replace(mirror.job, version=2, state=S.CONVEYING, times=mirror.job.times | {S.CONVEYING: ago(10)}))
    assert mirror.told(mirror.step(S.AT_DESTINATION)) == []


def test_a_handover_is_where_our_crew_is(mirror: Mirror) -> None:
    accepted = MoveHandover(handover_id=mirror.link.id, to=HandoverState.ACCEPTED)
    assert mirror.told(accepted) == []  # nobody of ours is said to be there
    mirror.put(replace(mirror.job, version=2, state=S.ON_SCENE, times=mirror.job.times | {S.ON_SCENE: ago(5)}))
    assert mirror.told(accepted) == ["fix 1 s old, 10.7 km away"]


def test_closing_with_a_crew_that_still_waits_is_asked_about(mirror: Mirror) -> None:
    command = Close(
        referral_id=mirror.referral.id, outcome="home", ae_avoided="yes", ems_released="no", police_avoided="no"
    )
    assert mirror.told(command) == [f"{mirror.link.from_party} is not released"]


def test_nothing_else_is_asked_about_and_nothing_unknown(mirror: Mirror) -> None:
    assert mirror.told(Accept(referral_id=mirror.referral.id)) == []
    assert mirror.told(AddNote(referral_id=mirror.referral.id, words="x")) == []
    assert mirror.told(Step(assignment_id=uuid4(), to=S.ON_SCENE)) == []
    assert mirror.told(MoveHandover(handover_id=uuid4(), to=HandoverState.STARTED)) == []


# --- asked once ---


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(reality.time, "monotonic", lambda: now[0])
    return now


def test_only_a_second_press_that_was_read_insists(clock: list[float]) -> None:
    asked = Insistence()
    assert not asked.insists(None)
    assert not asked.insists("clear")
    asked.ask("clear")
    assert asked.is_asked("clear")
    assert not asked.is_asked("other")
    for passed, insists in ((0.0, False), (READ_AFTER - 0.01, False), (READ_AFTER + 0.01, True), (9.0, True)):
        clock[0] = 100.0 + passed
        # The same question again does not begin anew.
        asked.ask("clear")
        assert asked.insists("clear") is insists
        assert not asked.insists("other")
    asked.ask("other")
    assert not asked.insists("other")
    assert not asked.is_asked("clear")
    clock[0] += READ_AFTER + 0.01
    assert asked.insists("other")
    asked.forget()
    assert not asked.is_asked("other")
    assert not asked.insists(None)


def test_a_question_that_nobody_answered_for_long_is_asked_anew(clock: list[float]) -> None:
    asked = Insistence()
    asked.ask("on scene")
    clock[0] += STANDS_FOR - 0.1
    assert asked.insists("on scene")
    clock[0] += 0.2
    assert not asked.is_asked("on scene")
    assert not asked.insists("on scene")
    asked.ask("on scene")
    assert asked.is_asked("on scene")
    assert not asked.insists("on scene"), "it has to be read again"
    clock[0] += READ_AFTER + 0.01
    assert asked.insists("on scene")


def test_two_presses_of_one_key_are_about_the_same(mirror: Mirror) -> None:
    one, other = mirror.step(S.ON_SCENE), mirror.step(S.ON_SCENE)
    assert one != other
    assert bare(one) == bare(replace(other, insisted="so it is"))
    assert bare(one) != bare(mirror.step(S.CLEAR))
    sent = [Allocate(referral_id=mirror.referral.id, van_id=mirror.van.id) for _ in range(2)]
    assert bare(sent[0]) == bare(sent[1])
    assert {
        one.name for one in fields(Allocate) if getattr(bare(sent[0]), one.name) != getattr(sent[0], one.name)
    } == {
        "command_id",
        "assignment_id",
    }


def test_what_speaks_against_it_is_one_line() -> None:
    found = [Objection(ObjectionKind.FAR, "far"), Objection(ObjectionKind.HASTY, "soon")]
    assert (in_words(found), in_words(found[:1]), in_words(())) == ("far; soon", "far", "")


def test_what_nobody_read_back_is_asked_about_unless_the_rule_binds(mirror: Mirror) -> None:
    mirror.put(replace(mirror.job, state=S.ACKNOWLEDGED))
    known = replace(mirror.store.reference, tools={TOOL.version: TOOL})
    mirror.store.set_reference(known)
    assert mirror.told(mirror.step(S.MOBILE)) == ["CRU4 has not read the brief back"]
    mirror.store.set_reference(replace(known, rules=Rules(read_back_binds=True)))
    assert mirror.told(mirror.step(S.MOBILE)) == []
    # Of a brief that has changed since, the record knows nothing: that is asked all the same.
    read = ReadBack(uuid4(), mirror.referral.id, mirror.job.id, "K. Bell", "radio", "another", "a.shah", NOW)
    mirror.store.put({"read_back": [read]})
    (changed,) = mirror.told(mirror.step(S.MOBILE))
    assert changed.startswith("the brief has changed since K. Bell read it back")


def test_a_crew_below_the_rule_is_asked_about_unless_the_rule_binds(mirror: Mirror) -> None:
    peer = StaffMember(uuid4(), "P", "Peer support worker", "", (), (), registered=False)
    nurse = replace(peer, id=uuid4(), registered=True)
    mirror.store.set_reference(reference({peer.id: peer, nurse.id: nurse}))
    sent = Allocate(referral_id=mirror.referral.id, van_id=mirror.van.id)
    mirror.store.put({"shift": [replace(shift(mirror.van.id), staff_ids=(peer.id,))]})
    assert mirror.told(sent) == ["CRU4 has no registered clinician on the crew"]
    nobody = Allocate(referral_id=mirror.referral.id, van_id=uuid4())
    assert mirror.told(nobody) == ["the van has no registered clinician on the crew"]
    mirror.store.set_reference(replace(mirror.store.reference, rules=Rules(registered_binds=True)))
    assert mirror.told(sent) == []
    mirror.store.set_reference(replace(mirror.store.reference, rules=Rules(registered_least=0)))
    assert mirror.told(sent) == []
