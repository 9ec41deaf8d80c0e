"""Where a referral stands: whether the person waits, since when a crew has them, who holds them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from console.live.alarm_watch import Tally
from console.live.store import Link as StoreLink
from console.live.store import LinkState, Store
from console.views.detail import words
from console.views.timeline.lanes import lane
from db.domain.alarms import referral_alarms
from db.domain.board import Group, board_row, face, group
from db.domain.ems_line import line_for_ems
from db.domain.party import Party
from db.domain.records import Assignment, Handover
from db.domain.reference import ReferenceData
from db.domain.situation import Facts, Phase, Situation, clock_words, situation
from db.domain.states import AssignmentState as Van
from db.domain.states import HandoverState as Link
from db.domain.states import ReferralState as State
from tests.unit.board_records import reference
from tests.unit.cases import handover, job, minutes, referral

REFERENCE: ReferenceData = reference()
OUT = (Party.CRU, Party.DESTINATION)
MET = (Van.WITH_PATIENT, Van.CONVEYING, Van.AT_DESTINATION)


def stands(
    state: State, jobs: Sequence[Assignment] = (), links: Sequence[Handover] = (), **changed: object
) -> Situation:
    names = {one.van_id: f"CRU{at}" for at, one in enumerate(jobs, 1)}
    return situation(Facts(referral(state, **changed), jobs, links, names), REFERENCE)


# --- since when a crew has the person now ---


def test_a_crew_swap_starts_the_wait_again() -> None:
    gone = job(Van.CLEAR, {Van.ON_SCENE: 20, Van.WITH_PATIENT: 25, Van.CLEAR: 50})
    for coming in (job(Van.MOBILE, {Van.ALLOCATED: 40}), job(Van.ON_SCENE, {Van.ON_SCENE: 70})):
        swapped = stands(State.ATTENDING, [gone, coming])
        assert (swapped.phase, swapped.reached_at, swapped.holder) == (Phase.WAITING, None, None)
        assert swapped.clock.due == minutes(60)
    there = job(Van.WITH_PATIENT, {Van.ON_SCENE: 70, Van.WITH_PATIENT: 75})
    assert stands(State.ATTENDING, [gone, there]).reached_at == minutes(75)


def test_a_van_that_was_stood_down_at_the_scene_reached_nobody() -> None:
    gone = job(Van.STOOD_DOWN, {Van.ON_SCENE: 20, Van.STOOD_DOWN: 25})
    now_is = stands(State.ALLOCATED, [gone, job(Van.ACKNOWLEDGED)])
    assert (now_is.phase, now_is.stretches) == (Phase.WAITING, ())


def test_a_reopened_referral_waits_until_a_crew_of_now_comes() -> None:
    before = job(Van.CLEAR, {Van.ON_SCENE: 20, Van.WITH_PATIENT: 25, Van.CLEAR: 50})
    assert stands(State.ACCEPTED, [before]).phase is Phase.WAITING
    assert stands(State.ATTENDING, [before, job(Van.ON_SCENE, {Van.ON_SCENE: 200})]).reached_at is None
    again = job(Van.CONVEYING, {Van.ON_SCENE: 200, Van.CONVEYING: 230})
    assert stands(State.ATTENDING, [before, again]).reached_at == minutes(230)


def test_crews_that_take_over_without_a_gap_count_as_one() -> None:
    first = job(Van.CLEAR, {Van.WITH_PATIENT: 25, Van.CLEAR: 50})
    second = job(Van.WITH_PATIENT, {Van.WITH_PATIENT: 48})
    now_is = stands(State.ATTENDING, [first, second])
    assert now_is.stretches == ((minutes(25), None),)
    (held,) = now_is.chain
    assert (held.party, held.start, held.end) == (Party.CRU, minutes(25), None)


@pytest.mark.parametrize("step", MET)
def test_the_first_step_with_the_person_counts_when_others_were_skipped(step: Van) -> None:
    now_is = stands(State.ATTENDING, [job(step, {Van.ON_SCENE: 30, step: 44})])
    assert (now_is.phase, now_is.reached_at) == (Phase.REACHED, minutes(44))


def test_a_handover_taken_on_scene_stops_the_clock_too() -> None:
    taken = handover({Link.EXPECTED: 0, Link.STARTED: 33, Link.ACCEPTED: 37})
    now_is = stands(State.ATTENDING, [job(Van.ON_SCENE, {Van.ON_SCENE: 30})], [taken])
    assert (now_is.phase, now_is.reached_at) == (Phase.REACHED, minutes(37))
    assert now_is.holder is not None
    assert now_is.holder.party is Party.CRU


def test_a_handover_not_taken_yet_leaves_the_person_with_the_crew_that_waits() -> None:
    begun = handover({Link.EXPECTED: 0, Link.STARTED: 33})
    now_is = stands(State.ATTENDING, [job(Van.WITH_PATIENT, {Van.WITH_PATIENT: 31})], [begun])
    assert now_is.holder is not None
    assert (now_is.phase, now_is.holder.name) == (Phase.REACHED, "EMAS A1187")


@pytest.mark.parametrize("link", [{Link.EXPECTED: 0}, {Link.EXPECTED: 0, Link.REFUSED: 20}])
@pytest.mark.parametrize("step", [Van.CONVEYING, Van.AT_DESTINATION])
def test_board_and_pane_agree_on_a_crew_that_skipped_with_patient(step: Van, link: dict[Link, int]) -> None:
    now_is = stands(State.ATTENDING, [job(step, {Van.ON_SCENE: 30, step: 44})], [handover(link)])
    assert now_is.holder is not None
    assert (now_is.holder.party, now_is.holder.start) == (Party.CRU, now_is.reached_at)
    assert words.who_holds(now_is, minutes(50)).startswith("CRU holds the patient")
    gone = job(Van.CLEAR, {Van.ON_SCENE: 30, step: 44, Van.CLEAR: 70})
    after = stands(State.ATTENDING, [gone], [handover(link)])
    assert (after.phase, after.holder) == (Phase.CLEAR, None)


def test_a_time_typed_before_the_crew_came_stays_when_it_drives_off() -> None:
    taken = handover({Link.EXPECTED: 0, Link.ACCEPTED: 38})
    for step in (Van.CONVEYING, Van.AT_DESTINATION):
        now_is = stands(State.ATTENDING, [job(step, {Van.ON_SCENE: 40, step: 60})], [taken])
        assert now_is.holder is not None
        assert now_is.reached_at == now_is.holder.start == minutes(38)


def test_a_handover_of_an_earlier_visit_is_not_taken_by_the_next_crew() -> None:
    taken = handover({Link.EXPECTED: 0, Link.ACCEPTED: 30, Link.RELEASED: 31})
    before = job(Van.CLEAR, {Van.ON_SCENE: 20, Van.CLEAR: 50})
    now_is = stands(State.ATTENDING, [before, job(Van.ON_SCENE, {Van.ON_SCENE: 90})], [taken])
    assert (now_is.phase, now_is.holder) == (Phase.WAITING, None)
    assert now_is.stretches == ((minutes(30), minutes(50)),)


# --- when the vans have left ---


def test_all_clear_leaves_only_the_closing() -> None:
    gone = job(Van.CLEAR, {Van.ON_SCENE: 20, Van.WITH_PATIENT: 25, Van.CLEAR: 50})
    beside = job(Van.CLEAR, {Van.ON_SCENE: 40, Van.CLEAR: 58})
    now_is = stands(State.ATTENDING, [gone, beside])
    assert (now_is.phase, now_is.reached_at, now_is.clear_at) == (Phase.CLEAR, minutes(25), minutes(58))
    assert not now_is.needs_van


def test_a_later_crew_that_met_nobody_leaves_a_person_who_waits() -> None:
    gone = job(Van.CLEAR, {Van.ON_SCENE: 20, Van.WITH_PATIENT: 25, Van.CLEAR: 50})
    in_vain = job(Van.CLEAR, {Van.ON_SCENE: 90, Van.CLEAR: 95})
    now_is = stands(State.ATTENDING, [gone, in_vain])
    assert (now_is.phase, now_is.needs_van) == (Phase.WAITING, True)


@pytest.mark.parametrize(
    ("then", "came", "waits"),
    [
        (Van.CLEAR, 51, True),
        (Van.CLEAR, 50, False),  # while the others were there
        (Van.CLEAR, None, False),  # never there at all
        (Van.STOOD_DOWN, 90, False),  # called off by the room, which knows why
    ],
)
def test_who_comes_when_the_others_have_left_comes_for_nothing(then: Van, came: int | None, waits: bool) -> None:
    gone = job(Van.CLEAR, {Van.ON_SCENE: 20, Van.WITH_PATIENT: 25, Van.CLEAR: 50})
    later = job(then, ({} if came is None else {Van.ON_SCENE: came}) | {then: 95})
    now_is = stands(State.ATTENDING, [gone, later])
    assert now_is.phase is (Phase.WAITING if waits else Phase.CLEAR)


def test_a_destination_that_took_over_holds_the_person() -> None:
    link = handover({Link.EXPECTED: 60, Link.ACCEPTED: 75}, who=("CRU", "Crisis House"), kinds=OUT)
    there = job(Van.AT_DESTINATION, {Van.WITH_PATIENT: 30, Van.AT_DESTINATION: 70})
    now_is = stands(State.ATTENDING, [there], [link])
    assert now_is.holder is not None
    assert (now_is.phase, now_is.holder.name, now_is.reached_at) == (Phase.HANDED_ON, "Crisis House", minutes(30))
    shown = face(board_row(now_is.facts, REFERENCE), minutes(85))
    assert (shown.right, shown.below) == ("10 min", "handed over")


@pytest.mark.parametrize("taker", [("Emsley Chaplaincy", Party.OTHER), ("A2201", Party.EMS)])
def test_whoever_took_the_person_from_us_holds_them_not_only_a_destination(taker: tuple[str, Party]) -> None:
    name, kind = taker
    link = handover({Link.EXPECTED: 60, Link.ACCEPTED: 75}, who=("CRU", name), kinds=(Party.CRU, kind))
    now_is = stands(State.ATTENDING, [job(Van.WITH_PATIENT, {Van.WITH_PATIENT: 30})], [link])
    assert now_is.holder is not None
    assert (now_is.phase, now_is.holder.name) == (Phase.HANDED_ON, name)


def test_what_a_party_is_called_says_nothing_about_its_kind() -> None:
    link = handover(
        {Link.EXPECTED: 0, Link.ACCEPTED: 33}, who=("Dr Ems", "Night team"), kinds=(Party.OTHER, Party.CRU)
    )
    now_is = stands(State.ATTENDING, [job(Van.ON_SCENE, {Van.ON_SCENE: 30})], [link])
    assert now_is.crew is None
    assert (now_is.phase, now_is.reached_at) == (Phase.REACHED, minutes(33))


def test_a_crew_sent_after_a_reopening_takes_the_person_back() -> None:
    link = handover({Link.EXPECTED: 60, Link.ACCEPTED: 75}, who=("CRU", "Crisis House"), kinds=OUT)
    before = job(Van.CLEAR, {Van.WITH_PATIENT: 30, Van.CLEAR: 80})
    again = job(Van.WITH_PATIENT, {Van.WITH_PATIENT: 300})
    now_is = stands(State.ATTENDING, [before, again], [link])
    told = [(held.name, held.start, held.end) for held in now_is.chain]
    assert told == [
        ("CRU", minutes(30), minutes(75)),
        ("Crisis House", minutes(75), minutes(300)),
        ("CRU", minutes(300), None),
    ]
    assert now_is.phase is Phase.REACHED


# --- the clock ---


@pytest.mark.hazard("H-014")
def test_a_hold_does_not_stop_the_clock_and_the_board_shows_both() -> None:
    held = referral(State.ACCEPTED, hold_until=minutes(90), hold_reason="call_back")
    facts, now = Facts(held), minutes(50)
    assert situation(facts, REFERENCE).clock == situation(Facts(referral(State.ACCEPTED)), REFERENCE).clock
    row = board_row(facts, REFERENCE)
    shown = face(row, now)
    assert group(row, now) is Group.HELD
    assert (shown.right, shown.below, shown.urgency) == ("10 min", "left of 60", "due soon")
    assert "on hold until" in shown.line


@pytest.mark.hazard("H-016")
@pytest.mark.parametrize("code", ["P0", "urgent", ""])
def test_an_unknown_priority_is_the_first_everywhere(code: str) -> None:
    now_is = stands(State.ACCEPTED, priority=code)
    known = stands(State.ACCEPTED)
    assert (now_is.clock, now_is.standing) == (known.clock, 0)
    assert clock_words(now_is, minutes(20)) == "40 min"
    assert lane(now_is, lambda _: None, minutes(20)).subtitle_role == "late"
    told = {alarm.key.rpartition(" ")[0] for alarm in referral_alarms(now_is.facts, REFERENCE)}
    assert told == {"late", "no van"}


def test_standing_is_by_rank_and_not_by_code() -> None:
    assert [REFERENCE.standing(code) for code in ("P3", "P1", "P2", "?")] == [2, 0, 1, 0]


# --- the line for EMAS ---


@pytest.mark.parametrize(
    ("jobs", "eta", "said"),
    [
        ([], None, "no van sent yet"),
        ([job(Van.MOBILE)], 50, "CRU1 sent, expected on scene 03:50"),
        ([job(Van.MOBILE), job(Van.ALLOCATED)], 50, "CRU1 and CRU2 sent, first expected on scene 03:50"),
        ([job(Van.MOBILE)], 30, "CRU1 sent"),
        (
            [job(Van.MOBILE), job(Van.ON_SCENE, {Van.ON_SCENE: 35})],
            50,
            "CRU2 on scene since 03:35, CRU1 on the way as well, expected on scene 03:50",
        ),
        (
            [job(Van.MOBILE), job(Van.WITH_PATIENT, {Van.WITH_PATIENT: 35})],
            50,
            "CRU2 with the patient since 03:35, CRU1 on the way as well, expected on scene 03:50",
        ),
        ([job(Van.CLEAR, {Van.WITH_PATIENT: 10, Van.CLEAR: 35})], None, "our crew has left"),
    ],
)
def test_the_line_for_emas_tells_the_crew_that_is_furthest_on(
    jobs: list[Assignment], eta: int | None, said: str
) -> None:
    arrival: datetime | None = minutes(eta) if eta is not None else None
    line = line_for_ems(stands(State.ATTENDING, jobs), arrival, None, minutes(40))
    assert line == f"CRU-20261122-0042, {said}."


@pytest.mark.hazard("H-017")
def test_an_arrival_after_the_due_time_is_late_by_the_difference() -> None:
    coming = stands(State.ALLOCATED, [job(Van.MOBILE)])
    assert coming.late_by(minutes(60)) is None
    assert coming.late_by(minutes(66)) == timedelta(minutes=6)
    met = stands(State.ATTENDING, [job(Van.WITH_PATIENT, {Van.WITH_PATIENT: 5}), job(Van.MOBILE)])
    assert met.late_by(minutes(66)) is None


def test_what_a_reopened_referral_had_as_its_outcome_is_not_told_as_its_state() -> None:
    again = referral(State.ACCEPTED, outcome="home")
    assert words.state_words(situation(Facts(again), REFERENCE), REFERENCE, minutes(90)) == "accepted"


def test_a_short_visit_within_a_longer_one_does_not_end_it() -> None:
    long, short = {Van.WITH_PATIENT: 20, Van.CLEAR: 60}, {Van.WITH_PATIENT: 30, Van.CLEAR: 40}
    assert stands(State.ATTENDING, [job(Van.CLEAR, long), job(Van.CLEAR, short)]).stretches == (
        (minutes(20), minutes(60)),
    )


def test_a_van_at_the_scene_is_not_expected_there() -> None:
    there, coming = job(Van.ON_SCENE, {Van.ON_SCENE: 20}), job(Van.MOBILE)
    etas = {there.id: minutes(21), coming.id: minutes(33)}
    both = stands(State.ATTENDING, [there, coming])
    assert both.arrival(etas.get) == minutes(33)
    # Too late for the time allowed, and nobody's lateness: somebody is at the door.
    etas[coming.id] = minutes(75)
    assert (both.phase, both.late_by(both.arrival(etas.get)), both.awaited) == (Phase.WAITING, None, ())
    alone = stands(State.ALLOCATED, [coming])
    assert alone.late_by(alone.arrival(etas.get)) == timedelta(minutes=15)
    said = [face(board_row(one.facts, REFERENCE), minutes(30), etas.get).below for one in (both, alone)]
    assert said == ["left of 60", "will be late by 15 min"]


def test_times_typed_in_the_wrong_order_leave_one_holder() -> None:
    taken = handover({Link.EXPECTED: 0, Link.ACCEPTED: 38})
    there = stands(State.ATTENDING, [job(Van.ON_SCENE, {Van.ON_SCENE: 40})], [taken])
    assert there.holder is not None
    assert (there.phase, there.holder.party, there.reached_at) == (Phase.REACHED, Party.CRU, minutes(38))
    coming = stands(State.ALLOCATED, [job(Van.MOBILE)], [taken])
    assert (coming.phase, coming.holder) == (Phase.WAITING, None)


def test_a_refused_handover_is_told_as_what_it_means() -> None:
    refused = handover({Link.EXPECTED: 0, Link.STARTED: 36, Link.REFUSED: 41})
    now_is = stands(State.ATTENDING, [job(Van.ON_SCENE, {Van.ON_SCENE: 30})], [refused])
    assert now_is.holder is not None
    assert now_is.holder.name == "EMAS A1187"
    assert face(board_row(now_is.facts, REFERENCE), minutes(50)).full.startswith(
        "EMAS A1187 keeps the person 9 min"
    )


def test_the_counts_of_those_who_wait_go_by_the_same_rule() -> None:
    gone = job(Van.CLEAR, {Van.WITH_PATIENT: 25, Van.CLEAR: 50})
    store = Store(REFERENCE, StoreLink(LinkState.LIVE, minutes(0)))
    store.put({"referral": [referral(State.ATTENDING)], "assignment": [gone]})
    assert Tally(store).counts().first_waiting == 0
    store.put({"assignment": [job(Van.MOBILE)]})
    assert Tally(store).counts().first_waiting == 1


@pytest.mark.parametrize(("closed", "now", "stays"), [(None, 20, False), (10, 20, True), (10, 10_000, False)])
def test_who_was_declined_lately_is_shown_with_whom_they_are(closed: int | None, now: int, stays: bool) -> None:
    times = {"received": minutes(0)} | ({} if closed is None else {"closed": minutes(closed)})
    now_is = stands(State.DECLINED, links=[handover({Link.EXPECTED: 0})], times=times)
    assert now_is.holder is not None
    assert now_is.stays_with_others(minutes(now)) is stays


def test_without_a_step_the_handover_to_us_says_when_we_had_the_person() -> None:
    """And no later holder does: the clock of a closed referral stood still when we took them."""
    chain = [
        handover({Link.EXPECTED: 0, Link.ACCEPTED: 40}),
        handover(
            {Link.EXPECTED: 50, Link.ACCEPTED: 75},
            ordinal=2,
            who=("CRU", "Haven"),
            kinds=(Party.CRU, Party.DESTINATION),
        ),
    ]
    closed = referral(State.CLOSED, times={"closed": minutes(90)})
    assert situation(Facts(closed, (), chain), REFERENCE).reached_at == minutes(40)
    assert situation(Facts(closed, (), chain[1:]), REFERENCE).reached_at != minutes(75)
    for state in (State.DECLINED, State.CANCELLED):
        ended = referral(state, times={"closed": minutes(90)})
        assert situation(Facts(ended, (), chain), REFERENCE).reached_at is None
