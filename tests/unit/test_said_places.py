"""What callers say, and what must come first: tables of it over the real county, the small one, and any.

A verdict says what Enter does: `=` takes the first, `?` takes nothing and the list asks, `~` either, with the
first as told; `text` keeps what was typed. Where a row names words, they stand in the text that is kept. The
`more` tables were written before their first run, when 104 of their 113 rows came out right, then the `third`, of
which 79 of 82 did, and the `fourth`, from 192 things of which Enter took six that are named after another place.
"""

import random
from pathlib import Path

import pytest

from db.domain.place_words import address_of
from db.geo.boundary import read_boundary
from db.geo.earth import metres
from db.geo.search.gazetteer import read_pack
from db.geo.search.places import FoundPlace, PlaceFinder
from db.geo.search.words import fold
from tests.county import County, build_county

TABLES = Path(__file__).parent / "said"
# The county that `tests/county.py` chose, and the tables that were written for it.
REAL = {
    "Northamptonshire": (
        *("county", "county_more", "county_third", "county_fourth", "county_fifth", "county_sixth"),
        *("county_seventh", "county_eighth", "county_ninth"),
    )
}


def rows(*names: str) -> list[tuple[str, str, str]]:
    lines = [line for name in names for line in (TABLES / f"{name}.tsv").read_text("utf-8").splitlines()]
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(said, verdict, where) for said, verdict, where in cells]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> PlaceFinder:
    return PlaceFinder.build(build_county(tmp_path_factory.mktemp("made")).pack, cache)


def kept(said: str, place: FoundPlace) -> str:
    return address_of(said, place.title, place.detail, place.postcode)


def is_there(said: str, place: FoundPlace, where: str) -> bool:
    try:
        lat, lon, km = map(float, where.split())
    except ValueError:
        return set(fold(where)) <= {*fold(kept(said, place)), *fold(place.title)}
    return metres((lat, lon), (place.lat or 0, place.lon or 0)) <= km * 1000


def verdict_of(found: list[FoundPlace]) -> str:
    if found and found[0].kind == "what3words":
        return "text"
    return "=" if found and found[0].sure else "?"


def wrong(finder: PlaceFinder, table: list[tuple[str, str, str]]) -> list[str]:
    """The rows that do not come out as told."""
    failed = []
    for said, verdict, where in table:
        found = finder.find(said)
        placed = not where or (bool(found) and is_there(said, found[0], where))
        if verdict not in ("~", verdict_of(found)) or not placed:
            failed.append(f"{said} {verdict} {where} -> {verdict_of(found)} {[kept(said, f) for f in found[:2]]}")
    return failed


@pytest.mark.hazard("H-035")
def test_what_is_said_in_a_small_county(made: PlaceFinder) -> None:
    assert wrong(made, rows("made")) == []


@pytest.mark.hazard("H-035")
def test_what_is_said_by_figures(made: PlaceFinder) -> None:
    assert wrong(made, rows("codes", "codes_more")) == []


@pytest.mark.hazard("H-035")
def test_what_is_said_in_the_county_that_is_tested_with(county: County, cache: Path) -> None:
    boundary = read_boundary(county.pack.boundaries)
    tables = REAL.get(boundary.name if boundary else "", ("made",))
    assert wrong(PlaceFinder.build(county.pack, cache), rows(*tables)) == []


def test_the_tables_are_as_long_as_they_must_be() -> None:
    assert len(rows("county", "codes")) >= 150
    assert len(rows("county_more", "codes_more")) >= 80
    assert all(verdict in {"=", "?", "~", "text"} for _, verdict, _ in rows("made", "county", "codes"))


def test_only_the_first_can_be_beyond_doubt(made: PlaceFinder) -> None:
    for said, _, _ in rows("made", "codes"):
        assert not any(place.sure for place in made.find(said)[1:])


def slipped(name: str, chance: random.Random) -> str:
    """A name with a letter dropped, doubled or exchanged."""
    at = chance.randrange(1, len(name) - 1)
    begun, rest = name[:at], name[at + 1 :]
    return chance.choice((begun + rest, begun + name[at] * 2 + rest, f"{begun}{rest[:1]}{name[at]}{rest[1:]}"))


@pytest.mark.hazard("H-035", "H-036")
def test_what_is_beyond_doubt_is_right(county: County, cache: Path) -> None:
    """Streets in their own town, misspelt, and with a town that they do not lie in: Enter takes no other."""
    finder, entries, chance = PlaceFinder.build(county.pack, cache), read_pack(county.pack), random.Random(5)
    streets = [one for one in entries if one.kind == "street" and one.near and len(one.name) > 5]
    towns = [one for one in entries if one.what == "town"]
    wrong_and_sure, taken = [], 0
    for street in chance.choices(streets, k=120):
        name, town = street.name.lower(), chance.choice(towns)
        for said, there, reach in (
            (f"12 {name} {street.near.lower()}", street, 2000),
            (f"12 {slipped(name, chance)} {street.near.lower()}", street, 2000),
            (f"{name} {town.name.lower()}", town, 6000),
        ):
            first = next(iter(finder.find(said)), None)
            if first is not None and first.sure:
                taken += 1
                gap = metres((first.lat or 0, first.lon or 0), (there.lat, there.lon))
                wrong_and_sure += [f"{said} -> {first.title}, {first.detail}"] if gap > reach else []
    assert wrong_and_sure == []
    assert taken > 150
