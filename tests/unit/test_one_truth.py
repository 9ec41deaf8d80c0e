"""Board row, lane, marker, pane, alarms and the line for EMAS never contradict each other, whatever happened."""

from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.timeline.lanes import Lane
from console.views.detail import words
from console.views.timeline.lanes import lane
from db.domain.alarms import referral_alarms
from db.domain.board import board_row, face
from db.domain.clocks import in_words
from db.domain.ems_line import line_for_ems
from db.domain.party import CREWS, Party
from db.domain.situation import Phase, Situation, clock_words, late_words, situation
from db.domain.states import AssignmentState, ReferralState
from tests.unit.board_records import reference, referral
from tests.unit.histories import History

REFERENCE = reference()
MOVES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), max_size=25)
_KINDS = {Party.EMS: "ems", Party.CRU: "cru", Party.DESTINATION: "destination"}


@pytest.mark.hazard("H-031")
@settings(max_examples=300, deadline=None)
@given(MOVES, st.booleans(), st.sampled_from(["P1", "P2", "P9"]), st.integers(0, 90))
def test_all_say_the_same(moves: list[tuple[int, int]], crew_waits: bool, priority: str, later: int) -> None:
    history = History(referral(priority=priority, state=ReferralState.RECEIVED), crew_waits=crew_waits)
    for choice, minutes in moves:
        history.go(choice, minutes)
    now = history.now + timedelta(minutes=later)
    now_is = situation(history.facts, REFERENCE)
    agree_on_the_wait(now_is, now)
    agree_on_the_vans(now_is, now)
    agree_on_the_holder(now_is, now)


def sounding(now_is: Situation, now: datetime) -> set[str]:
    alarms = referral_alarms(now_is.facts, REFERENCE)
    return {alarm.key.rpartition(" ")[0] for alarm in alarms if alarm.sounds(now)}


def shown(now_is: Situation, now: datetime, eta: datetime | None = None) -> Lane:
    return lane(now_is, lambda _: eta, now)


def agree_on_the_wait(now_is: Situation, now: datetime) -> None:
    row = face(board_row(now_is.facts, REFERENCE), now)
    waits, late = now_is.phase is Phase.WAITING, row.urgency == "late"
    header, heard = words.clock_words(now_is, now), sounding(now_is, now)
    assert waits == (row.urgency in {"calm", "due soon", "late"}) == row.below.startswith(("left of", "over"))
    assert waits == (now_is.clock.stopped is None and now_is.facts.referral.is_open)
    assert late == clock_words(now_is, now).startswith("late") == (" late" in header) == ("late" in heard)
    assert waits or not heard & {"due soon", "late", "no van"}
    assert (row.below == "with patient") == (clock_words(now_is, now) == "with patient")
    if waits and not late:
        assert row.right == clock_words(now_is, now)
        assert f"{row.right} left" in header


def agree_on_the_vans(now_is: Situation, now: datetime) -> None:
    told, arrival = shown(now_is, now), now + timedelta(minutes=9)
    line = line_for_ems(now_is, now_is.arrival(lambda _: arrival), None, now)
    assert now_is.needs_van == (told.subtitle == "no van")
    if now_is.facts.referral.is_open:
        assert now_is.needs_van == ("no van sent" in line)
        assert ("expected on scene" in line) == (bool(now_is.coming) and now_is.phase is not Phase.HANDED_ON)
    if now_is.phase is not Phase.WAITING:
        assert not any(part.late for part in shown(now_is, now, arrival).segments)
    exists = any(one.key.startswith("no van") for one in referral_alarms(now_is.facts, REFERENCE))
    assert exists == (now_is.needs_van and now_is.standing == 0)


@pytest.mark.hazard("H-017")
@settings(max_examples=200, deadline=None)
@given(MOVES, st.sampled_from(["P1", "P2"]), st.integers(0, 90), st.integers(0, 400))
def test_all_foresee_the_same(
    moves: list[tuple[int, int]], priority: str, later: int, seconds_beyond_due: int
) -> None:
    history = History(referral(priority=priority, state=ReferralState.RECEIVED), crew_waits=True)
    for choice, minutes in moves:
        history.go(choice, minutes)
    now_is, now = situation(history.facts, REFERENCE), history.now + timedelta(minutes=later)
    agree_on_what_comes(now_is, now, now_is.clock.due + timedelta(seconds=seconds_beyond_due - 200))


def agree_on_what_comes(now_is: Situation, now: datetime, eta: datetime) -> None:
    def eta_of(_: UUID) -> datetime:
        return eta

    late = now_is.late_by(now_is.arrival(eta_of))
    row = face(board_row(now_is.facts, REFERENCE), now, eta_of)
    header = words.clock_words(now_is, now, now_is.arrival(eta_of))
    on_the_map = clock_words(now_is, now, eta_of)
    assert (late is not None) == (late_words(late or timedelta(0)) in header) == ("will be late" in header)
    if late is None:
        assert row.urgency != "will be late"
        assert ", late by" not in on_the_map
    else:
        assert row.urgency in {"will be late", "late"}
        assert (row.urgency == "will be late") == (row.below == late_words(late))
        assert (row.urgency == "will be late") == on_the_map.endswith(f", late by {in_words(late)}")
    ahead = [part for part in shown(now_is, now, eta).segments if part.label.startswith("ETA")]
    if late is None and now < now_is.clock.due:
        assert not any(part.late for part in shown(now_is, now, eta).segments)
    for part in ahead:
        assert part.late == (late is not None) == part.label.endswith(late_words(late or timedelta(0)))


def agree_on_the_holder(now_is: Situation, now: datetime) -> None:
    chain, holder = now_is.chain, now_is.holder
    assert all(one.end is not None and one.end <= after.start for one, after in pairwise(chain))
    assert all(held.end is None or held.start <= held.end for held in chain)
    if holder is None:
        assert now_is.phase in {Phase.WAITING, Phase.CLEAR, Phase.ENDED}
        assert "holds the patient" not in words.who_holds(now_is, now)
        return
    assert words.who_holds(now_is, now).startswith(f"{holder.name} holds the patient")
    assert (holder.party is Party.CRU) <= (now_is.phase is Phase.REACHED)
    if any(job.state in {AssignmentState.CONVEYING, AssignmentState.AT_DESTINATION} for job in now_is.jobs):
        assert holder.party not in CREWS
    running = [part for part in shown(now_is, now).segments if part.end is None and part.kind != "predicted"]
    assert [part.kind for part in running[-1:]] in ([_KINDS[holder.party]], ["handover"])
    assert len(running) == 1


def test_the_histories_come_to_every_phase_and_to_swaps_and_reopenings() -> None:
    seen: set[object] = set()
    for seed in range(400):
        chance = Random(seed)
        history = History(referral(state=ReferralState.RECEIVED), crew_waits=seed % 2 == 0)
        for _ in range(25):
            history.go(chance.randrange(60), chance.randrange(1, 40))
            now_is = situation(history.facts, REFERENCE)
            seen.add(now_is.phase)
            if len(now_is.stretches) > 1:
                seen.add("a second visit")
            if any("reopen" in told for told in history.told):
                seen.add("reopened")
            if now_is.stretches and now_is.phase is Phase.WAITING and now_is.jobs:
                seen.add("swapped")
    # While somebody is on the telephone there is no history yet.
    assert seen == {*Phase, "a second visit", "reopened", "swapped"} - {Phase.TAKEN}
