"""What lies in a town that was said: how far it reaches, to what, and whose else it is."""

import pytest

from db.geo.earth import METRES_A_DEGREE, Point
from db.geo.search.gazetteer import GazetteerEntry
from db.geo.search.names import NameSearch
from db.geo.search.towns_said import TownsSaid
from db.geo.search.words import query_words

MIDDLE: Point = (54.6, -3.1)
ITSELF = GazetteerEntry("place", "Thistleton", "town", "", *MIDDLE, 22_500)
"""It reaches 1 km, and 1 km for its 150 × 150 people."""
OTHERS = [
    GazetteerEntry("place", "Brackmoor", "town", "", 55.4, -3.1, 9000),
    GazetteerEntry("place", "Little Fen", "village", "", 55.4, -3.2),
    GazetteerEntry("place", "Eastfield", "suburb", "Thistleton", 54.6, -3.12),
]


def at(
    km: float, kind: str = "street", name: str = "Osier Row", what: str = "street", near: str = ""
) -> GazetteerEntry:
    """Something so far north of the town."""
    return GazetteerEntry(kind, name, what, near, MIDDLE[0] + km * 1000 / METRES_A_DEGREE, MIDDLE[1])


@pytest.mark.parametrize(
    ("near", "km"),
    [
        ("", 2.0),
        ("Little Fen", 2.0),
        ("Thistleton", 8.0),
        ("Eastfield", 6.0),
        # That is another town's, however near it lies.
        ("Brackmoor", 0.0),
    ],
)
def test_how_far_a_town_reaches(near: str, km: float) -> None:
    lies = [at(km - 0.1, near=near), at(km + 0.1, near=near)]
    towns = TownsSaid(NameSearch([ITSELF, *OTHERS, *lies], [""] * 6, MIDDLE), MIDDLE)
    assert towns.inside((0,))[-2:].tolist() == [km > 0, False]


def test_a_part_of_the_town_that_is_near_no_other_belongs_to_it_three_times_as_far() -> None:
    lies = [at(km, kind="place", name=name, what="suburb") for km, name in ((5.9, "Heugh"), (6.1, "Law"))]
    towns = TownsSaid(NameSearch([ITSELF, *OTHERS, *lies], [""] * 6, MIDDLE), MIDDLE)
    assert towns.inside((0,))[-2:].tolist() == [True, False]


def twins(*south_km: float) -> TownsSaid:
    """Places of one name, so far south."""
    made = [
        GazetteerEntry("place", "Ravensby", "hamlet", "", MIDDLE[0] - km * 1000 / METRES_A_DEGREE, MIDDLE[1])
        for km in south_km
    ]
    return TownsSaid(NameSearch([ITSELF, *made], [""] * (1 + len(made)), MIDDLE), MIDDLE)


@pytest.mark.parametrize(
    ("south", "meant"),
    [
        ((44.0, 3.0, 46.0), (2, 1)),
        ((9.0, 3.0, 12.0, 6.0), (2, 4, 1)),
        # None lies around here: the nearest of those farther away.
        ((90.0, 46.0), (2, 1)),
    ],
)
def test_of_a_name_those_of_here_are_meant_the_nearest_first(
    south: tuple[float, ...], meant: tuple[int, ...]
) -> None:
    first = next(twins(*south).splits(query_words("mill lane ravensby")))
    assert (first.town, first.numbers, first.exact, set(first.words)) == ("Ravensby", meant, True, {2})
    assert len(first.rest) == 2


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("mill lane ravensbe", [("Ravensby", False, {2})]),
        ("ravensby mill lane", [("Ravensby", True, {0})]),
        ("ravensby mill lane ravensby", [("Ravensby", True, {3}), ("Ravensby", True, {0})]),
        ("mill lane rvensb", []),
    ],
)
def test_a_town_is_taken_from_the_end_or_else_from_the_beginning(
    said: str, found: list[tuple[str, bool, set[int]]]
) -> None:
    splits = list(twins(3.0).splits(query_words(said)))
    assert [(one.town, one.exact, set(one.words)) for one in splits] == found


def test_the_town_of_street_is_a_street_beside_other_words() -> None:
    street = GazetteerEntry("place", "Street", "town", "", *MIDDLE, 12_000)
    towns = TownsSaid(NameSearch([street], [""], MIDDLE), MIDDLE)
    assert [one.town for one in towns.splits(query_words("osier street"))] == []
    assert {one.town for one in towns.splits(query_words("street"))} == {"Street"}
