"""When a crew will be free and a van clear: from which past, since when, and in which words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from db.domain import foreseen
from db.domain.ems_line import line_for_ems
from db.domain.foreseen import KnownPast, OwnPast, known_at, record_words, release_words, visit_of, wait_of
from db.domain.holding import Band, PredictedRelease
from db.domain.party import Party
from db.domain.prediction import Lasted, Lengths, TrackRecord
from db.domain.ranking import exclusion, rank
from db.domain.records import Assignment, Handover
from db.domain.rules import Rules
from db.domain.situation import Facts, Situation, situation
from db.domain.states import AssignmentState as Van
from db.domain.states import HandoverState as Link
from db.domain.states import ReferralState as State
from db.domain.suiting import Asked
from tests.unit.board_records import reference
from tests.unit.cases import START, handover, job, minutes, referral
from tests.unit.test_ranking import candidate

POLICE = {"who": ("Northants Police", "CRU"), "kinds": (Party.POLICE, Party.CRU)}


def past(*took: float, group: str = "ems") -> tuple[Lasted, ...]:
    began = START - timedelta(days=9)
    return tuple(
        Lasted(UUID(int=n), began, began + timedelta(minutes=one), group) for n, one in enumerate(took, 500)
    )


def known(*took: float, group: str = "ems", kept: tuple[int, int] = (41, 50)) -> KnownPast:
    lengths, record = Lengths(past(*took, group=group), START), TrackRecord(*kept)
    return KnownPast(lengths, lengths, record, record)


MANY = tuple(range(5, 46))
"""41 handovers: half of them take up to 25 min, and eight of ten of the next up to 38."""


@pytest.mark.hazard("H-084")
@pytest.mark.parametrize(
    ("now", "said"),
    [
        (30, "about 03:55, 8 in 10 by 04:08, from 41 handovers"),
        # 25 have gone: of those that lasted longer half are free after 35, and all those that go on count.
        (55, "about 04:05, 8 in 10 by 04:12, from 20 handovers"),
        (61, "about 04:08, between 04:02 and 04:15, from 14 handovers"),
        (72, "too few to say (3 so far); 04:12 by the service's target"),
    ],
)
def test_the_words_are_as_sure_as_the_numbers(now: float, said: str) -> None:
    there, link = job(Van.ON_SCENE, {Van.ON_SCENE: 30}), handover({Link.EXPECTED: 0, Link.STARTED: 33})
    found = foreseen.release([link], [there], None, minutes(now), known(*MANY))
    assert found is not None
    assert release_words(found, minutes(now)) == said
    assert found.at >= minutes(now)


def test_how_late_nobody_can_say_is_said() -> None:
    band = Band(minutes(40), None, 23, is_banded=True, of="handovers")
    words = release_words(PredictedRelease(minutes(50), "", band), minutes(30))
    assert words == "about 03:50, how late nobody can say, since some still go on, from 23 handovers"


def test_before_anybody_is_there_it_counts_from_the_arrival() -> None:
    link, sent = handover({Link.EXPECTED: 0}), job(Van.MOBILE)
    found = foreseen.release([link], [sent], minutes(40), minutes(20), known(*MANY))
    assert found is not None
    assert (found.at, found.band and found.band.n) == (minutes(65), 41)
    assert foreseen.release([link], [], None, minutes(20), known(*MANY)) is None


@pytest.mark.hazard("H-084")
def test_without_a_past_the_rule_stands_in_and_is_said() -> None:
    there, link = job(Van.ON_SCENE, {Van.ON_SCENE: 30}), handover({Link.EXPECTED: 0})
    rules = Rules(assumed_handover=timedelta(minutes=20), assumed_visit=timedelta(minutes=50))
    unread = foreseen.release([link], [there], None, minutes(31), None, rules)
    assert unread == PredictedRelease(minutes(50), "assumes 20 min for the handover")
    assert release_words(unread, minutes(31)) == "about 03:50 (assumes 20 min for the handover)"
    few = foreseen.release([link], [there], None, minutes(31), known(4, 5, 6, 7), rules)
    assert few is not None
    assert (few.at, few.few) == (minutes(50), 4)
    visit = foreseen.clear(there, None, minutes(31), known(4, 5), rules)
    assert visit is not None
    assert (visit.at, visit.few, visit.band) == (minutes(80), 2, None)


@pytest.mark.parametrize(
    ("link", "jobs", "began", "ended"),
    [
        ({Link.EXPECTED: 0}, [], None, None),
        ({Link.EXPECTED: 0, Link.STARTED: 33}, [], 33, None),
        ({Link.EXPECTED: 0, Link.STARTED: 33}, [job(Van.ON_SCENE, {Van.ON_SCENE: 30})], 30, None),
        # A swap: the wait began with the first that came.
        (
            {Link.EXPECTED: 0, Link.RELEASED: 70},
            [job(Van.CLEAR, {Van.ON_SCENE: 30, Van.CLEAR: 50}), job(Van.ON_SCENE, {Van.ON_SCENE: 48})],
            30,
            70,
        ),
        # Who was stood down did not come, and a van of before this crew waited is no part of its wait.
        ({Link.EXPECTED: 0}, [job(Van.STOOD_DOWN, {Van.ON_SCENE: 30, Van.STOOD_DOWN: 31})], None, None),
        ({Link.EXPECTED: 90}, [job(Van.CLEAR, {Van.ON_SCENE: 30, Van.CLEAR: 50})], None, None),
    ],
)
def test_a_wait_begins_when_we_come(
    link: Mapping[Link, float], jobs: Sequence[Assignment], began: float | None, ended: float | None
) -> None:
    found = wait_of(handover(link), jobs)
    assert (found and found.began) == (None if began is None else minutes(began))
    assert (found and found.ended) == (None if ended is None else minutes(ended))


def test_a_refused_handover_is_known_to_have_lasted_until_then() -> None:
    refused = wait_of(handover({Link.EXPECTED: 0, Link.STARTED: 30, Link.REFUSED: 44}), [])
    assert refused is not None
    assert refused.length(minutes(300)) == (14, False)
    other = handover(
        {Link.EXPECTED: 0, Link.STARTED: 30}, who=("A charity", "CRU"), kinds=(Party.OTHER, Party.CRU)
    )
    assert wait_of(other, []) is None


def test_a_visit_is_compared_with_those_that_go_on_to_a_destination_once_it_does() -> None:
    stayed, moved = (job(Van.CLEAR, {Van.ON_SCENE: 30, Van.WITH_PATIENT: 33, Van.CLEAR: 80}) for _ in range(2))
    moved = replace(moved, times={**moved.times, Van.CONVEYING: minutes(60)})
    found = [visit_of(one) for one in (stayed, moved)]
    assert [(one.group, one.length(minutes(99))) for one in found if one] == [
        ("", (47, True)),
        ("conveyed", (47, True)),
    ]
    far = [replace(one, id=UUID(int=900 + n)) for n, one in enumerate(past(*range(200, 240), group="conveyed"))]
    both = Lengths((*past(*range(20, 60), group=""), *far), START)
    here = job(Van.WITH_PATIENT, {Van.WITH_PATIENT: 0})
    away = replace(here, times={**here.times, Van.CONVEYING: minutes(1)})
    told = [foreseen.clear(one, None, minutes(2), KnownPast(both, both)) for one in (here, away)]
    assert [one and round((one.at - START) / timedelta(minutes=1)) for one in told] == [59, 168]


def test_what_runs_now_counts_as_running_and_goes_before_what_was_read() -> None:
    ended = past(*[20.0] * 30)
    still = [handover({Link.EXPECTED: -60, Link.STARTED: -60}) for _ in range(20)]
    live = [([link], ()) for link in still]
    found = known_at(OwnPast(ended), live, START).releases.forecast(0)
    alone = known_at(OwnPast(ended), (), START).releases.forecast(0)
    assert found is not None
    assert alone is not None
    assert (alone.last, found.last) == (20, None)
    read_earlier = Lasted(still[0].id, minutes(-60), None, "ems", minutes(-59))
    twice = known_at(OwnPast((*ended, read_earlier)), live, START).releases
    assert twice.forecast(0) == found


# --- the van that is free next ---


def test_a_van_on_a_job_says_when_it_is_free_and_from_how_many() -> None:
    busy = job(Van.WITH_PATIENT, {Van.WITH_PATIENT: 0})
    clear = foreseen.clear(busy, None, minutes(10), known(*range(30, 71)))
    one = candidate("CRU3", 5, job=busy, job_reference="0043", clear=clear)
    assert exclusion(one, minutes(10)) == "on 0043, with patient, free about 03:50, from 41 visits"


def test_of_the_vans_that_cannot_go_the_one_that_is_here_first_stands_first() -> None:
    def busy(name: str, way: float, free: float) -> object:
        return candidate(name, way, job=job(Van.CONVEYING), clear=PredictedRelease(minutes(free), ""))

    found = rank(
        Asked(), [busy("CRU1", 40, 20), busy("CRU2", 5, 30), candidate("CRU3", 9, job=job(Van.MOBILE))], START
    )  # type: ignore[list-item]
    assert [one.callsign for one in found] == ["CRU2", "CRU1", "CRU3"]


# --- the line for EMAS ---


def stands(state: State, jobs: Sequence[Assignment], links: Sequence[Handover], **changed: object) -> Situation:
    names = {one.van_id: f"CRU{at}" for at, one in enumerate(jobs, 1)}
    return situation(Facts(referral(state, **changed), tuple(jobs), tuple(links), names), reference())


def line(now_is: Situation, now: float, eta: float | None = None, from_past: KnownPast | None = None) -> str:
    facts = now_is.facts
    arrival = None if eta is None else minutes(eta)
    found = foreseen.release(facts.handovers, facts.assignments, arrival, minutes(now), from_past)
    return line_for_ems(now_is, arrival, found, minutes(now)).removeprefix("CRU-20261122-0042, ")


TAKEN = {Link.EXPECTED: 0, Link.STARTED: 33, Link.ACCEPTED: 40}


@pytest.mark.parametrize(
    ("state", "jobs", "link", "eta", "said"),
    [
        (State.ACCEPTED, [], {Link.EXPECTED: 0}, None, "no van sent yet."),
        (
            State.ALLOCATED,
            [job(Van.MOBILE)],
            {Link.EXPECTED: 0},
            50,
            "CRU1 sent, expected on scene 03:50, your crew free about 04:15, 8 in 10 by 04:28, from 41 handovers.",
        ),
        (
            State.ATTENDING,
            [job(Van.WITH_PATIENT, {Van.ON_SCENE: 30, Van.WITH_PATIENT: 36}), job(Van.MOBILE)],
            TAKEN,
            55,
            (
                "CRU1 with the patient since 03:36, CRU2 on the way as well, expected on scene 03:55,"
                " your crew handed over 03:40, your crew free about 03:59, 8 in 10 by 04:10, from 33 handovers."
            ),
        ),
        (
            State.ATTENDING,
            [job(Van.CLEAR, {Van.ON_SCENE: 20, Van.CLEAR: 35}), job(Van.WITH_PATIENT, {Van.WITH_PATIENT: 36})],
            TAKEN | {Link.RELEASED: 41},
            None,
            "CRU2 with the patient since 03:36, your crew released 03:41.",
        ),
        (
            State.ATTENDING,
            [job(Van.ON_SCENE, {Van.ON_SCENE: 30})],
            {Link.EXPECTED: 0, Link.STARTED: 36, Link.REFUSED: 41},
            None,
            "CRU1 on scene since 03:30, handover refused 03:41, your crew keeps the patient.",
        ),
        (
            State.DECLINED,
            [],
            {Link.EXPECTED: 0, Link.REFUSED: 20},
            None,
            "not taken on by us 03:20, EMAS A1187 keeps the patient.",
        ),
        (
            State.CLOSED,
            [job(Van.CLEAR, {Van.ON_SCENE: 5, Van.WITH_PATIENT: 6, Van.CLEAR: 19})],
            TAKEN | {Link.ACCEPTED: 8, Link.STARTED: 7, Link.RELEASED: 10},
            None,
            "closed 03:20, your crew released 03:10.",
        ),
    ],
)
def test_the_line_for_emas_is_right_whatever_stands(
    state: State, jobs: Sequence[Assignment], link: Mapping[Link, float], eta: float | None, said: str
) -> None:
    times = {} if state not in {State.CLOSED, State.DECLINED} else {"closed": minutes(20)}
    assert line(stands(state, jobs, [handover(link)], times=times), 42, eta, known(*MANY)) == said


def test_a_hold_is_told_to_emas_and_police_are_not_their_crew() -> None:
    held = stands(State.ACCEPTED, [], [], hold_until=minutes(75), hold_reason="call_back")
    assert line(held, 42) == "on hold until 04:15, no van sent yet."
    police = stands(
        State.ATTENDING, [job(Van.ON_SCENE, {Van.ON_SCENE: 30})], [handover({Link.EXPECTED: 0}, **POLICE)]
    )  # type: ignore[arg-type]
    assert line(police, 35, from_past=known(*MANY)) == (
        "CRU1 on scene since 03:30, police free about 03:55, 8 in 10 by 04:08, from 40 handovers."
    )


@pytest.mark.hazard("H-084")
def test_how_often_it_was_right_is_told() -> None:
    there, link = job(Van.ON_SCENE, {Van.ON_SCENE: 30}), handover({Link.EXPECTED: 0})
    found = foreseen.release([link], [there], None, minutes(31), known(*MANY))
    assert found is not None
    assert found.band is not None
    assert record_words(found.band) == "told like this, right 41 of the last 50"
    assert record_words(replace(found.band, told=0)) == ""
