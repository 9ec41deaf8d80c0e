"""What the wall shows, and that it is kept running."""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from console.start.keeping import keep
from db.domain.board import nobody_knows
from db.domain.fleet import VanFacts
from db.domain.records import Location
from db.domain.situation import Facts
from db.domain.states import AssignmentState, DutyStatus, ReferralState
from db.domain.wall import FreeAt, NearestVan, Wall, wall
from tests.unit.board_records import NOW, ago, job, position, reference, referral, shift, van

REFERENCE = reference()
SECRET = "Ottoline Underhill, 12 Studfall Avenue, knife in the kitchen"


def at(postcode: str, **changed: Any) -> Any:
    """A referral whose every free text would give somebody away."""
    given = referral(location=Location(SECRET, postcode, 52.4, -0.7), narrative=SECRET, caller=SECRET, **changed)
    return replace(given, hold_reason=SECRET) if "hold_until" in changed else given


def shown(*facts: Facts, vans: tuple[VanFacts, ...] = (), most: int = 6, **more: Any) -> Wall:
    return wall(facts, vans, REFERENCE, NOW, more.pop("eta_of", nobody_knows), most=most, **more)


def test_a_quiet_room_is_calm() -> None:
    found = shown()
    assert [tile.figure for tile in found.tiles] == ["0", "0", "0/0", "–"]
    assert {tile.tone for tile in found.tiles[:2]} == {"calm"}
    assert found.rows == ()


@pytest.mark.hazard("H-086")
def test_rows_stand_by_time_left_with_the_town_and_nothing_else_of_the_place() -> None:
    soon = at("NN18 9ND", number=44, received=49, state=ReferralState.ACCEPTED)
    later = at("NN11 4AA", number=45, received=5, state=ReferralState.ACCEPTED)
    found = shown(Facts(later), Facts(soon))
    assert [row.town for row in found.rows] == ["Corby", "Daventry"]
    assert found.rows[0].left == "11 min left"
    said = " ".join([*(row.spoken() for row in found.rows), *(f"{tile}" for tile in found.tiles)])
    assert not any(word in said for word in ("Ottoline", "Studfall", "knife", "9ND"))


@pytest.mark.parametrize(
    ("received", "left", "tone"),
    [(10, "50 min left", "calm"), (50, "10 min left", "warn"), (65, "late 5 min", "late")],
)
def test_how_long_is_left_is_said_and_coloured(received: float, left: str, tone: str) -> None:
    found = shown(Facts(on_its_way("NN18 9ND", received=received), (job_of(received),)))
    (row,) = found.rows
    assert (row.left, row.tone) == (left, tone)
    assert 0 <= row.used <= 1
    assert found.room == ("room calm" if tone != "late" else "1 late, or P1 without a van")


def on_its_way(postcode: str, **changed: Any) -> Any:
    return at(postcode, state=ReferralState.ALLOCATED, **changed)


def job_of(received: float) -> Any:
    return job(uuid4(), uuid4(), AssignmentState.MOBILE, allocated=received - 2, mobile=received - 3)


def test_who_waits_without_a_van_says_which_one_is_how_far() -> None:
    first, second = (
        at("NN18 9ND", received=8, state=ReferralState.ACCEPTED),
        at("NN11 4AA", number=45, priority="P2"),
    )
    held = at("NN14 1AA", number=46, received=30, priority="P2", hold_until=NOW + timedelta(minutes=33))
    sent = on_its_way("NN13 6AH", number=47)
    facts = [Facts(first), Facts(second), Facts(held), Facts(sent, (job_of(49),))]
    near = {first.id: NearestVan("CRU3", 8.6), second.id: NearestVan()}
    found = shown(*facts, nearest=lambda key: near.get(key, NearestVan("CRU9", 1)))
    rows = {row.town: row for row in found.rows}
    assert (rows["Corby"].beside, rows["Daventry"].beside) == ("CRU3 9 min away", "no van is free")
    # Of whom a van is on the way to, or who rests, the wall says that.
    assert [rows[town].beside for town in ("Kettering", "Brackley")] == ["back 04:15", ""]
    # The first priority without a van is as grave as what is late; the room is not calm then.
    assert [rows[town].tone for town in ("Corby", "Daventry")] == ["late", "calm"]
    assert found.room == "1 late, or P1 without a van"


@pytest.mark.parametrize(
    ("free", "off", "told"),
    [
        ((), ("CRU9",), "no van is free"),
        (("CRU4",), ("CRU9",), "CRU4 is free"),
        (("CRU4", "CRU7", "CRU8"), (), "3 vans are free"),
    ],
)
def test_a_wall_that_is_not_told_where_anybody_is_says_how_many_could_go(
    free: tuple[str, ...], off: tuple[str, ...], told: str
) -> None:
    there = [VanFacts(one := van(name), shift(one.id), position=position(one.id)) for name in free]
    vans = (*there, *(VanFacts(van(name, DutyStatus.OFF_DUTY)) for name in off))
    waits, held, sent = (
        at("NN18 9ND", received=8, state=ReferralState.ACCEPTED),
        at("NN14 1AA", number=46, received=30, priority="P2", hold_until=NOW + timedelta(minutes=33)),
        on_its_way("NN13 6AH", number=47),
    )
    rows = {
        row.town: row.beside
        for row in shown(Facts(waits), Facts(held), Facts(sent, (job_of(49),)), vans=vans).rows
    }
    assert rows == {"Corby": told, "Kettering": "back 04:15", "Brackley": ""}
    # Where somebody does know how far they are, that is said.
    (near, *_) = shown(Facts(waits), vans=vans, nearest=lambda _key: NearestVan("CRU7", 31)).rows
    assert near.beside == "CRU7 31 min away"


def test_how_the_room_is_counts_whom_there_is_no_room_for_and_an_emergency() -> None:
    facts = [Facts(at("NN18 9ND", number=n, received=n, state=ReferralState.ACCEPTED)) for n in range(1, 10)]
    assert shown(*facts, most=4).room == "9 late, or P1 without a van"
    one = van("CRU4")
    alarmed = VanFacts(replace(one, emergency_at=ago(1)), shift(one.id), position=position(one.id))
    assert shown(vans=(alarmed,)).room == "EMERGENCY CRU4"
    assert shown(facts[0], vans=(alarmed,)).room == "EMERGENCY CRU4 · 1 late, or P1 without a van"
    assert shown().room == "room calm"


def test_a_van_on_its_way_says_when_it_is_there_and_whether_in_time() -> None:
    who = at("NN18 9ND", received=40, state=ReferralState.ALLOCATED)
    one = job(who.id, uuid4(), AssignmentState.MOBILE, allocated=9, mobile=8)
    facts = Facts(who, (one,), callsigns={one.van_id: "CRU2"})
    (early,) = shown(facts, eta_of=lambda _key: NOW + timedelta(minutes=9)).rows
    (late,) = shown(facts, eta_of=lambda _key: NOW + timedelta(minutes=27)).rows
    assert (early.beside, late.beside) == ("there 03:51 · in time", "there 04:09 · late by 7 min")
    assert late.tone == "late"
    assert late.left == "20 min left"


def test_with_the_patient_is_good_and_on_hold_says_when_it_comes_back() -> None:
    who = at("NN18 9ND", received=40, state=ReferralState.ATTENDING)
    one = job(who.id, uuid4(), AssignmentState.WITH_PATIENT, allocated=30, with_patient=12)
    held = at("NN11 4AA", number=45, received=30, priority="P2", hold_until=NOW + timedelta(minutes=33))
    rows = {row.town: row for row in shown(Facts(who, (one,)), Facts(held)).rows}
    assert (rows["Corby"].left, rows["Corby"].tone) == ("with patient 12 min", "good")
    assert (rows["Daventry"].beside, rows["Daventry"].tone) == ("back 04:15", "plain")
    tiles = shown(Facts(held)).tiles
    assert tiles[1].figure == "0", "on hold nobody is waited for by the room"


def test_the_first_tiles_say_who_waits_the_longest() -> None:
    facts = [Facts(at("NN18 9ND", number=n, received=10 * n, state=ReferralState.ACCEPTED)) for n in (1, 2, 3)]
    second = Facts(at("NN18 9ND", number=9, received=70, priority="P2", state=ReferralState.ACCEPTED))
    gone = Facts(replace(at("NN18 9ND", number=8), entered_in_error_at=ago(1)))
    first, other, *_ = shown(*facts, second, gone).tiles
    assert (first.figure, first.caption, first.below, first.tone) == ("3", "waiting, P1", "longest 30 min", "late")
    assert (other.figure, other.below, other.tone) == ("1", "longest 70 min", "warn")


def test_the_vans_that_are_free_not_seen_or_in_an_emergency() -> None:
    one, two, off = van("CRU1"), van("CRU2"), van("CRU3", DutyStatus.OFF_DUTY)
    vans = (
        VanFacts(one, shift(one.id), position=position(one.id)),
        VanFacts(two, shift(two.id), position=position(two.id, 400)),
        VanFacts(off),
    )
    tile = shown(vans=vans).tiles[2]
    assert (tile.figure, tile.below, tile.tone) == ("2/2", "not seen lately: CRU2", "good")
    alarmed = replace(vans[0], van=replace(one, emergency_at=ago(1)))
    tile = shown(vans=(alarmed,)).tiles[2]
    assert (tile.below, tile.tone) == ("EMERGENCY CRU1", "late")


def test_when_the_next_crew_is_free_is_told_with_how_sure_that_is() -> None:
    tile = shown(free=FreeAt(NOW + timedelta(minutes=9), "8 in 10 by 03:58")).tiles[3]
    assert (tile.figure, tile.below) == ("03:51", "8 in 10 by 03:58")


def test_what_has_no_room_is_counted() -> None:
    facts = [Facts(at("NN18 9ND", number=n, received=n, state=ReferralState.ACCEPTED)) for n in range(1, 10)]
    found = shown(*facts, most=4)
    assert (len(found.rows), found.more) == (4, 5)


# --- kept running ---


def program(folder: Path, body: str) -> list[str]:
    """A wall that counts how often it was started."""
    script, runs = folder / "wall.py", folder / "runs"
    head = (
        "import sys, time, pathlib",
        f"runs = pathlib.Path({str(runs)!r})",
        "count = int(runs.read_text()) + 1 if runs.exists() else 1",
        "runs.write_text(str(count))",
    )
    script.write_text("\n".join((*head, body)))
    return [sys.executable, str(script)]


def test_a_wall_that_ends_is_started_again_after_longer_and_longer(tmp_path: Path) -> None:
    waited: list[float] = []
    command = program(tmp_path, "sys.exit(0 if count == 5 else 3)\n")
    assert keep(command, wait=waited.append) == 0
    assert waited == [1.0, 2.0, 5.0, 15.0]


def test_one_that_hangs_is_ended_and_started_again(tmp_path: Path) -> None:
    body = "print('beat', flush=True)\nif count == 1:\n    time.sleep(600)\n"
    assert keep(program(tmp_path, body), wait=lambda _seconds: None, hung_after=1.5) == 0
    assert (tmp_path / "runs").read_text() == "2"


def test_one_that_somebody_closed_stays_closed(tmp_path: Path) -> None:
    assert keep(program(tmp_path, "sys.exit(0)\n"), wait=lambda _seconds: pytest.fail("started again")) == 0
