"""Who covers a town now, and which town waits when a van goes: by hand."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from db.domain.cover import HEADERS, FreeVan, Town, TownCover, cover_of, left_bare

TOWNS = (Town("Oundle", 52.48, -0.47), Town("Brackley", 52.03, -1.15), Town("Raunds", 52.34, -0.53))


def van(callsign: str) -> FreeVan:
    return FreeVan(UUID(int=sum(callsign.encode())), callsign, 52.3, -0.9)


def covered(callsigns: Sequence[str], *minutes: Sequence[float]) -> tuple[TownCover, ...]:
    return cover_of(TOWNS, [van(one) for one in callsigns], minutes)


def who(found: Sequence[TownCover]) -> list[tuple[str, str | None, float | None, float | None]]:
    return [(one.town.name, one.nearest and one.nearest.callsign, one.minutes, one.then) for one in found]


def test_the_nearest_covers_a_town_and_the_next_one_tells_what_it_waits_without() -> None:
    found = covered(["CRU1", "CRU2", "CRU7"], (40, 12, 28), (8, 61, 33), (22, 22.4, 5))
    assert who(found) == [
        ("Oundle", "CRU2", 12, 28),
        ("Brackley", "CRU1", 8, 33),
        ("Raunds", "CRU7", 5, 22),
    ]
    assert found[0].cells() == ("Oundle", "12 min", "CRU2", "28 min", "CRU7")
    assert len(HEADERS) == len(found[0].cells())


def test_with_one_van_nobody_is_next_and_with_none_nobody_is_free() -> None:
    assert covered(["CRU4"], (9,), (59,), (14,))[1].cells() == (
        "Brackley",
        "59 min",
        "CRU4",
        "nobody else free",
        "",
    )
    none = covered([], (), (), ())
    assert none[2].cells() == ("Raunds", "nobody free", "", "", "")
    assert left_bare(none, van("CRU4").id) is None
    assert left_bare(covered(["CRU4"], (9,), (59,), (14,)), van("CRU4").id) is None


def test_of_two_that_take_as_long_the_lower_callsign_is_named_whatever_their_order() -> None:
    for order in (["CRU10", "CRU9"], ["CRU9", "CRU10"]):
        assert who(covered(order, (15, 15), (20, 20), (25, 25)))[0] == ("Oundle", "CRU9", 15, 15)


@pytest.mark.hazard("H-081")
def test_the_town_that_waits_longest_because_a_van_goes_is_named() -> None:
    found = covered(["CRU1", "CRU2"], (10, 31), (12, 44), (50, 6))
    bare = left_bare(found, van("CRU1").id)
    assert bare is not None
    assert (bare.town.name, bare.then) == ("Brackley", 44)
    bare = left_bare(found, van("CRU2").id)
    assert bare is not None
    assert (bare.town.name, bare.then) == ("Raunds", 50)


@pytest.mark.parametrize(("then", "told"), [(44.9, False), (45.0, True)])
def test_a_town_that_hardly_waits_longer_is_left_as_covered_as_before(then: float, told: bool) -> None:
    found = covered(["CRU1", "CRU2"], (40, then), (90, 20), (90, 20))
    assert (left_bare(found, van("CRU1").id) is not None) == told
