"""Who holds the patient, from the first crew to the last."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.domain.care import HowItEnded
from db.domain.holding import Holding, after_end, holdings, predicted_release, stretches, waiting_crew
from db.domain.party import Party
from db.domain.states import AssignmentState as Van
from db.domain.states import HandoverState as Link
from db.domain.states import ReferralState
from tests.unit.cases import START, handover, job, minutes, referral


def test_emas_holds_from_its_arrival_until_the_handover_is_accepted() -> None:
    case = referral(times={"ems_on_scene": minutes(-35)})
    link = handover({Link.EXPECTED: 0, Link.STARTED: 36, Link.ACCEPTED: 40})
    first, second = holdings(case, [link], [job(Van.WITH_PATIENT)])
    assert (first.party, first.name, first.start, first.end) == (
        Party.EMS,
        "EMAS A1187",
        minutes(-35),
        minutes(40),
    )
    assert first.handing_since == minutes(36)
    assert (second.party, second.start, second.end) == (Party.CRU, minutes(40), None)


@pytest.mark.hazard("H-030")
def test_a_release_does_not_move_the_moment_the_patient_changed_hands() -> None:
    accepted = handover({Link.EXPECTED: 0, Link.ACCEPTED: 40})
    released = handover({Link.EXPECTED: 0, Link.ACCEPTED: 40, Link.RELEASED: 52})
    jobs = [job(Van.WITH_PATIENT)]
    assert holdings(referral(), [accepted], jobs) == holdings(referral(), [released], jobs)


@pytest.mark.hazard("H-032")
def test_a_refused_link_leaves_the_patient_where_they_were_and_a_later_one_counts() -> None:
    refused = handover({Link.EXPECTED: 0, Link.STARTED: 20, Link.REFUSED: 25})
    again = handover({Link.EXPECTED: 26, Link.ACCEPTED: 60}, ordinal=2)
    (only,) = holdings(referral(), [refused], [])
    assert (only.party, only.end, only.handing_since) == (Party.EMS, None, None)
    first, second = holdings(referral(), [refused, again], [job(Van.ON_SCENE, {Van.ON_SCENE: 10})])
    assert (first.party, first.end) == (Party.EMS, minutes(60))
    assert second.party is Party.CRU


def test_the_chain_goes_on_to_the_destination() -> None:
    chain = [
        handover({Link.EXPECTED: 0, Link.ACCEPTED: 40, Link.RELEASED: 41}),
        handover(
            {Link.EXPECTED: 50, Link.STARTED: 70, Link.ACCEPTED: 75},
            ordinal=2,
            who=("CRU", "Crisis House"),
            kinds=(Party.CRU, Party.DESTINATION),
        ),
    ]
    held = holdings(referral(times={"closed": minutes(100)}), chain, [job(Van.CLEAR, {Van.CLEAR: 90})])
    assert [(one.party, one.end) for one in held] == [
        (Party.EMS, minutes(40)),
        (Party.CRU, minutes(75)),
        (Party.DESTINATION, minutes(100)),
    ]


def test_with_no_crew_waiting_the_cru_holds_from_with_patient_until_clear() -> None:
    case = referral(times={"closed": minutes(120)})
    (only,) = holdings(case, [], [job(Van.CLEAR, {Van.WITH_PATIENT: 30, Van.CLEAR: 90})])
    assert (only.party, only.start, only.end) == (Party.CRU, minutes(30), minutes(90))


def test_a_crew_that_skipped_with_patient_holds_from_conveying() -> None:
    (only,) = holdings(referral(), [], [job(Van.CONVEYING, {Van.ON_SCENE: 30, Van.CONVEYING: 55})])
    assert only.start == minutes(55)


HOUSE = (("CRU", "Crisis House"), (Party.CRU, Party.DESTINATION))
WAITING = [("EMAS A1187", Party.EMS), ("Car 12", Party.POLICE), ("Night team", Party.OTHER)]
OUT = [Van.CONVEYING, Van.AT_DESTINATION]
NOT_TAKEN: dict[str, list[dict[Link, float]]] = {
    "nobody wrote a handover": [{Link.EXPECTED: 0}],
    "begun and not taken": [{Link.EXPECTED: 0, Link.STARTED: 32}],
    "refused": [{Link.EXPECTED: 0, Link.STARTED: 32, Link.REFUSED: 35}],
    "refused twice": [{Link.EXPECTED: 0, Link.REFUSED: 5}, {Link.EXPECTED: 9, Link.STARTED: 33, Link.REFUSED: 38}],
    "taken when they had long left": [{Link.EXPECTED: 0, Link.ACCEPTED: 80}],
}


@pytest.mark.parametrize(
    "waiting", [("EMAS A1187", Party.EMS), ("Car 12", Party.POLICE), ("Night team", Party.OTHER)]
)
@pytest.mark.parametrize("step", OUT)
@pytest.mark.parametrize("links", NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_whom_our_crew_drives_off_with_nobody_else_holds(
    links: list[dict[Link, float]], step: Van, waiting: tuple[str, Party]
) -> None:
    name, kind = waiting
    chain = [handover(times, at, (name, "CRU"), (kind, Party.CRU)) for at, times in enumerate(links, 1)]
    for met in ({}, {Van.WITH_PATIENT: 40.0}):
        job_of = job(step, {Van.ON_SCENE: 30, **met, step: 55})
        told = [(one.party, one.start, one.end) for one in holdings(referral(), chain, [job_of])]
        assert told == [(kind, START, minutes(55)), (Party.CRU, minutes(55), None)]


def test_what_began_after_they_had_left_is_not_shown_as_a_handover_of_theirs() -> None:
    late = handover({Link.EXPECTED: 0, Link.STARTED: 70})
    first, second = holdings(referral(), [late], [job(Van.CONVEYING, {Van.ON_SCENE: 30, Van.CONVEYING: 55})])
    assert (first.handing_since, second.handing_since) == (None, None)


def test_the_next_link_hands_on_whom_we_drove_off_with() -> None:
    house = handover(
        {Link.EXPECTED: 60, Link.STARTED: 88}, 2, ("CRU", "Crisis House"), (Party.CRU, Party.DESTINATION)
    )
    there = job(Van.AT_DESTINATION, {Van.CONVEYING: 55, Van.AT_DESTINATION: 85})
    emas, ours = holdings(referral(), [handover({Link.EXPECTED: 0}), house], [there])
    assert (emas.party, emas.end) == (Party.EMS, minutes(55))
    assert (ours.party, ours.end, ours.handing_since) == (Party.CRU, None, minutes(88))


def test_a_destination_keeps_whom_an_earlier_crew_brought() -> None:
    house = handover(
        {Link.EXPECTED: 50, Link.ACCEPTED: 70}, 1, ("CRU", "Crisis House"), (Party.CRU, Party.DESTINATION)
    )
    late = job(Van.AT_DESTINATION, {Van.WITH_PATIENT: 30, Van.AT_DESTINATION: 75})
    assert [one.party for one in holdings(referral(), [house], [late])] == [Party.CRU, Party.DESTINATION]


def test_whoever_took_them_from_our_van_keeps_them() -> None:
    link = handover({Link.EXPECTED: 60, Link.ACCEPTED: 75}, 1, ("CRU", "EMAS B7"), (Party.CRU, Party.EMS))
    brought = job(Van.CONVEYING, {Van.WITH_PATIENT: 30, Van.CONVEYING: 50})
    assert [one.name for one in holdings(referral(), [link], [brought])] == ["CRU", "EMAS B7"]


@pytest.mark.parametrize("step", [Van.ON_SCENE, Van.WITH_PATIENT, *OUT])
def test_a_handover_typed_before_the_crew_came_counts_for_the_first_that_came(step: Van) -> None:
    taken = handover({Link.EXPECTED: 0, Link.ACCEPTED: 38})
    first = job(step, {Van.ON_SCENE: 40} | ({step: 60} if step is not Van.ON_SCENE else {}))
    second = job(Van.ON_SCENE, {Van.ON_SCENE: 50})
    assert stretches([second, first], [taken]) == ((minutes(38), None),)
    _, ours = holdings(referral(), [taken], [second, first])
    assert (ours.party, ours.start) == (Party.CRU, minutes(38))
    gone = job(Van.STOOD_DOWN, {Van.ON_SCENE: 40, Van.STOOD_DOWN: 45})
    assert stretches([gone, second], [taken]) == ((minutes(38), minutes(45)),)


@pytest.mark.hazard("H-029")
def test_nobody_is_known_to_hold_a_patient_whom_nobody_met() -> None:
    assert holdings(referral(), [], [job(Van.MOBILE)]) == ()


@pytest.mark.parametrize("kind", [kind for kind in Party if kind is not Party.CRU])
def test_a_name_says_nothing_of_its_kind(kind: Party) -> None:
    """Whatever the two are called, they are what the record says."""
    names = ("CRU friends", "Police Road Hospital")
    chain = holdings(
        referral(),
        [handover({Link.EXPECTED: 0, Link.ACCEPTED: 9}, who=names, kinds=(kind, Party.EMS))],
        [],
    )
    assert [(one.party, one.name) for one in chain] == [(kind, names[0]), (Party.EMS, names[1])]


@pytest.mark.parametrize("kind", [*Party])
def test_only_crews_wait_to_be_released(kind: Party) -> None:
    link = handover({Link.EXPECTED: 0}, who=("EMAS A1", "CRU"), kinds=(kind, Party.CRU))
    assert (waiting_crew([link]) is not None) == (kind in {Party.EMS, Party.POLICE})


@pytest.mark.parametrize(
    ("link", "on_scene", "eta", "free"),
    [
        ({Link.EXPECTED: 0}, None, None, None),
        ({Link.EXPECTED: 0}, None, 30, 45),
        ({Link.EXPECTED: 0}, 20, 30, 35),
        ({Link.EXPECTED: 0, Link.STARTED: 25}, 20, None, 40),
        ({Link.EXPECTED: 0, Link.STARTED: 1}, 0, None, 28),
        ({Link.EXPECTED: 0, Link.STARTED: 1, Link.ACCEPTED: 5, Link.RELEASED: 6}, 0, None, None),
    ],
)
def test_release_is_predicted_from_arrival_and_never_lies_in_the_past(
    link: dict[Link, int], on_scene: int | None, eta: int | None, free: int | None
) -> None:
    jobs = [job(Van.ON_SCENE, {Van.ON_SCENE: on_scene}) if on_scene is not None else job(Van.MOBILE)]
    arrival = minutes(eta) if eta is not None else None
    found = predicted_release([handover(link)], jobs, arrival, START + timedelta(minutes=28))
    assert (found.at if found else None) == (minutes(free) if free is not None else None)


@pytest.mark.hazard("H-030")
def test_a_crew_waits_until_it_is_released_and_not_only_until_accepted() -> None:
    assert waiting_crew([handover({Link.EXPECTED: 0, Link.ACCEPTED: 5})]) is not None
    assert waiting_crew([handover({Link.EXPECTED: 0, Link.ACCEPTED: 5, Link.RELEASED: 9})]) is None
    assert waiting_crew([handover({Link.EXPECTED: 0}, kinds=(Party.CRU, Party.DESTINATION))]) is None


def test_only_the_stretches_within_a_holding_are_parts_of_it() -> None:
    """A crew that had left before the handover, and one that came after the next, are none of its holding."""
    before = job(Van.CLEAR, {Van.WITH_PATIENT: 10, Van.CLEAR: 20})
    taker = job(Van.CLEAR, {Van.ON_SCENE: 35, Van.CLEAR: 80})
    after = job(Van.WITH_PATIENT, {Van.WITH_PATIENT: 90})
    chain = [
        handover({Link.EXPECTED: 0, Link.ACCEPTED: 40}),
        handover(
            {Link.EXPECTED: 50, Link.ACCEPTED: 75},
            ordinal=2,
            who=("CRU", "Haven"),
            kinds=(Party.CRU, Party.DESTINATION),
        ),
    ]
    held = [(one.name, one.start, one.end) for one in holdings(referral(), chain, [before, taker, after])]
    assert held == [
        ("EMAS A1187", minutes(0), minutes(40)),
        ("CRU", minutes(40), minutes(75)),
        ("Haven", minutes(75), minutes(90)),
        ("CRU", minutes(90), None),
    ]


@pytest.mark.parametrize(
    ("kind", "name", "goes_on"),
    [(Party.EMS, "EMAS A1187", True), (Party.EMS, "EMAS B2", False), (Party.OTHER, "EMAS A1187", False)],
)
def test_whoever_is_named_at_the_end_and_had_them_goes_on(kind: Party, name: str, goes_on: bool) -> None:
    case = referral(ReferralState.CANCELLED, times={"closed": minutes(60)})
    chain = (Holding(Party.EMS, "EMAS A1187", minutes(0), None),)
    ending = HowItEnded(case.id, 1, case.id, "cancelled", "x", minutes(60), kind, name)
    found = [(one.party, one.name, one.start, one.end) for one in after_end(case, chain, ending)]
    before = (Party.EMS, "EMAS A1187", minutes(0), None if goes_on else minutes(60))
    assert found == [before, *([] if goes_on else [(kind, name, minutes(60), None)])]
    # Before it ended, and of what was entered in error, nothing is asked.
    assert after_end(replace(case, state=ReferralState.ACCEPTED), chain, ending) == chain
    assert after_end(replace(case, entered_in_error_at=minutes(61)), chain, ending) == chain
    assert after_end(replace(case, times={}), chain, ending) == chain


@pytest.mark.parametrize("party", [Party.EMS, Party.POLICE, Party.OTHER, Party.CRU, Party.DESTINATION])
def test_a_declined_person_stays_with_whoever_was_there_before_us(party: Party) -> None:
    case = referral(ReferralState.DECLINED, times={"closed": minutes(60)})
    (last,) = after_end(case, (Holding(party, "x", minutes(70), None),), None)
    assert last.end == (None if party in {Party.EMS, Party.POLICE, Party.OTHER} else minutes(70))
    (cancelled,) = after_end(
        replace(case, state=ReferralState.CANCELLED), (Holding(party, "x", minutes(0), None),), None
    )
    assert cancelled.end == minutes(60)
    assert after_end(case, (), None) == ()
