"""One age at which a fix goes stale, and one tolerance for clocks, whoever asks."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from db.domain.fixes import CLOCKS_DIFFER
from db.domain.fleet import fix_age
from db.domain.ranking import rank
from db.domain.reasons import ReasonTone, weights_of
from db.domain.records import Position
from db.domain.rules import DEFAULTS
from db.domain.suiting import Asked
from db.gateway.fix import Fix
from db.gateway.sanity import Area, Memory, Sighting, judge
from db.geo.earth import moved
from db.geo.geofence import Fence, seen, waited
from tests.unit.cases import START
from tests.unit.test_ranking import candidate

SCENE = (52.4010, -0.7290)
MOMENT = timedelta(seconds=1)
AT_THE_LIMIT = pytest.mark.parametrize("over", [-MOMENT, timedelta(), MOMENT])


def position(age: timedelta, now: datetime, received: timedelta | None = None, metres: float = 5) -> Position:
    at, place = now - age, moved(SCENE, metres, 0)
    came = at + (received or timedelta())
    return Position(UUID(int=1), 1, at, came, *place, 5.0, 0.0, None, "osmand")


@pytest.mark.hazard("H-038")
@AT_THE_LIMIT
def test_the_van_row_calls_it_stale(over: timedelta) -> None:
    fresh = over <= timedelta()
    assert fix_age(position(DEFAULTS.stale_fix + over, START), START) == ("fresh" if fresh else "stale")
    assert fix_age(position(DEFAULTS.lost_van + over, START), START) == ("stale" if fresh else "doubtful")


@pytest.mark.hazard("H-038")
@AT_THE_LIMIT
def test_the_ranking_warns_of_it(over: timedelta) -> None:
    old = candidate("CRU4", 8, position=position(DEFAULTS.stale_fix + over, START))
    [ranked] = rank(Asked(), [old], START)
    [said] = [reason for reason in ranked.reasons if reason.text.startswith("fix ")]
    assert said.tone is (ReasonTone.NEUTRAL if over <= timedelta() else ReasonTone.WARN)
    assert weights_of().fix_fresh == DEFAULTS.stale_fix


@AT_THE_LIMIT
def test_the_geofence_believes_none_that_is_older(over: timedelta) -> None:
    believed = over <= timedelta()
    assert (seen(Fence(), position(DEFAULTS.stale_fix + over, START), SCENE, START) != Fence()) is believed


@AT_THE_LIMIT
def test_the_geofence_lets_silence_speak_only_as_long(over: timedelta) -> None:
    near = seen(Fence(), position(timedelta(), START), SCENE, START)
    assert waited(near, START + DEFAULTS.stale_fix + over).arrived is (over <= timedelta())


@AT_THE_LIMIT
def test_the_geofence_begins_a_new_row_after_a_longer_silence(over: timedelta) -> None:
    first = seen(Fence(), position(timedelta(), START), SCENE, START)
    later = START + DEFAULTS.stale_fix + over
    again = seen(first, position(timedelta(), later), SCENE, later)
    assert again.entered_at == (START if over <= timedelta() else later)


@AT_THE_LIMIT
def test_the_gateway_doubts_one_that_comes_in_behind_a_newer(over: timedelta) -> None:
    memory = Memory(Sighting(START, *SCENE))
    verdict, _ = judge(Fix("one", START - DEFAULTS.stale_fix - over, *SCENE), memory, START, Area())
    assert (verdict.kind, bool(verdict.doubt)) == ("late", over > timedelta())


@AT_THE_LIMIT
def test_gateway_and_geofence_bear_with_the_same_clocks(over: timedelta) -> None:
    ahead, borne = CLOCKS_DIFFER + over, over <= timedelta()
    verdict, _ = judge(Fix("one", START + ahead, *SCENE), Memory(), START, Area())
    assert (verdict.kind == "future") is not borne
    assert (seen(Fence(), position(-ahead, START), SCENE, START) != Fence()) is borne
