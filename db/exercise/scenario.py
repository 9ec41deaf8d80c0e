"""What a practice shift is made of: words, names and rates from the shipped file, and places of the county."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

import resources
from db import tables
from db.domain.records import Van
from db.geo.earth import Point, metres
from db.geo.search import postcode_data
from db.geo.search.boxes import boxes
from db.geo.search.postcodes import PostcodeIndex, PostcodePlace, place_of
from db.geo.search.service_area import NORTHAMPTONSHIRE, ServiceArea

FILE = "reference/exercise.toml"
ADULTS = (18, 84)
"""Years; the youngest and the oldest that ring in when nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerNarrative:
    """What a caller says, and what comes of it.

    Attributes:
        words: the narrative.
        sources: codes of those who may say it.
        outcomes: codes of outcomes that fit, likeliest first.
        answers: screening answers that are not a plain *no*, by item key.
        later: what a call back brings for *not known*: ``clear``, ``blocked`` or empty.
        scale: the triage letter when it is not the priority's own.
        police: present, asked for, or empty.
        same_gender: whether the person asks for a woman.
        interpreter: whether the person needs another language.
        ages: the youngest and the oldest that the words leave possible, in years.
        home: where the words say that they live; empty when they do not.
    """

    words: str
    sources: tuple[str, ...]
    outcomes: tuple[str, ...]
    answers: Mapping[str, str] = field(default_factory=dict)
    later: str = ""
    scale: str = ""
    police: str = ""
    same_gender: bool = False
    interpreter: bool = False
    ages: tuple[int, int] = ADULTS
    home: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody may live, and at what age, in years."""

    words: str
    ages: tuple[int, int] = ADULTS


@dataclass(frozen=True, slots=True)
class Caller:
    """A source of referrals: its code, its share of them, and the odds of each priority."""

    code: str
    weight: float
    priorities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Scenario:
    """The whole file.

    Attributes:
        rates: expected referrals an hour, by local hour; 24 numbers.
        callers: who refers.
        narratives: what they say.
        homes: where people live.
        localities: words for a part of the county, by outward postcode, or by a sector of it, which goes before.
        destinations: postcodes of destinations that the reference set leaves without coordinates.
        lists: every other list of words, by its name in the file.
    """

    rates: tuple[float, ...]
    callers: tuple[Caller, ...]
    narratives: tuple[CallerNarrative, ...]
    homes: tuple[Home, ...]
    localities: Mapping[str, str]
    destinations: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]


def load_scenario() -> Scenario:
    """Read the shipped file."""
    raw = tomllib.loads(resources.path(FILE).read_text("utf-8"))
    words = {name: tuple(value) for name, value in raw.items() if _is_words(value)}
    return Scenario(
        rates=tuple(raw["rates"]),
        callers=tuple(Caller(row["code"], row["weight"], row["priorities"]) for row in raw["source"]),
        narratives=tuple(_narrative(row) for row in raw["narrative"]),
        homes=tuple(Home(row["words"], _ages(row)) for row in raw["home"]),
        localities=raw["localities"],
        destinations=raw["destinations"],
        lists=words,
    )


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _narrative(row: dict[str, Any]) -> CallerNarrative:
    lists = {name: tuple(row[name]) for name in ("sources", "outcomes")}
    return CallerNarrative(**row | lists | {"ages": _ages(row)})


def _ages(row: dict[str, Any]) -> tuple[int, int]:
    youngest, oldest = row.get("ages", ADULTS)
    return youngest, oldest


def seeded_random(*named: object) -> Random:
    """A generator that throws the same for the same names, such as the shift's seed and what is drawn."""
    return Random(":".join(map(str, named)))  # noqa: S311 - a practice world, nothing to keep secret


@dataclass(frozen=True, slots=True)
class CountyPostcode:
    """A postcode, its middle in WGS 84 degrees, and the words for its part of the county."""

    postcode: str
    lat: float
    lon: float
    locality: str


class CountyPostcodes:
    """Draws postcodes as people live: each one of the county's as likely as another.

    Args:
        scenario: names the parts of the county.
        cache_dir: where the quick copy of the postcode directory is kept.
        area: the county; the one that the shipped file is about when left out.
        named: names the part of another county around a (lat, lon); its words go before the scenario's.

    Raises:
        DataMissing: the postcode directory is not installed.
    """

    def __init__(
        self,
        scenario: Scenario,
        cache_dir: Path,
        area: ServiceArea = NORTHAMPTONSHIRE,
        named: Callable[[float, float], str] | None = None,
    ) -> None:
        self._index = PostcodeIndex(cache_dir)
        self._localities, self._named = scenario.localities, named
        # The shipped words are about the county's own letters only.
        letters = area.postcode_areas if named else area.postcode_areas[:1]
        rows = np.concatenate([self._index.area(one) for one in letters])
        inside = np.isin(rows["district"], [postcode_data.district_number(code) for code in area.districts])
        self._rows = rows[inside & (rows["live"] != postcode_data.TERMINATED)]
        self._boxes = boxes(self._rows)

    def draw(self, rng: Random) -> CountyPostcode:
        """One postcode of a part of the county that has a name."""
        while True:
            number = rng.randrange(len(self._rows))
            row = self._rows[number]
            found = place_of(row)
            locality = self._locality(found)
            if locality and not self._boxes[number]:
                return CountyPostcode(found.postcode, found.lat, found.lon, locality)

    def _locality(self, found: PostcodePlace) -> str:
        if self._named is not None:
            return self._named(found.lat, found.lon)
        code = found.postcode
        return self._localities.get(code[:-2]) or self._localities.get(code.split()[0]) or ""

    def locate(self, postcode: str) -> Point | None:
        """The (lat, lon) of a postcode; None when the directory does not have it."""
        found = self._index.find(postcode)
        return (found.lat, found.lon) if found else None


@dataclass(frozen=True, slots=True)
class Waypoints:
    """Points are (lat, lon) in WGS 84 degrees.

    Attributes:
        standby: where each van waits between jobs.
        destinations: by name.
        kinds: the kind of each destination, by name.
    """

    standby: Mapping[UUID, Point]
    destinations: Mapping[str, Point]
    kinds: Mapping[str, str]

    def of_kind(self, kind: str, near: Point) -> str:
        """The name of the nearest destination of a kind; empty when there is none."""
        names = [name for name, its in self.kinds.items() if its == kind]
        return min(names, key=lambda name: metres(near, self.destinations[name]), default="")


async def read_waypoints(
    connection: AsyncConnection, vans: Sequence[Van], scenario: Scenario, postcodes: CountyPostcodes
) -> Waypoints:
    """Read destinations and bases.

    Args:
        connection: a dispatcher's.
        vans: by callsign.
        scenario: fills in what the reference set leaves open.
        postcodes: finds the scenario's postcodes.
    """
    bases = {row.name: (row.lat, row.lon) for row in await connection.execute(select(tables.VanBaseRow.__table__))}
    found: dict[str, Point] = {}
    kinds: dict[str, str] = {}
    for row in await connection.execute(
        select(tables.DestinationRow.__table__).order_by(tables.DestinationRow.name)
    ):
        point = _point(row, scenario, postcodes)
        if row.active and point is not None:
            found[row.name], kinds[row.name] = point, row.kind
    posts = [postcodes.locate(postcode) for postcode in scenario.lists["standby"]]
    standby = {van.id: posts[at % len(posts)] or bases[van.base] for at, van in enumerate(vans)}
    return Waypoints(standby, found, kinds)


def _point(row: Row[tuple[str, float, float]], scenario: Scenario, postcodes: CountyPostcodes) -> Point | None:
    if row.lat is not None and row.lon is not None:
        return row.lat, row.lon
    postcode = scenario.destinations.get(row.name)
    return postcodes.locate(postcode) if postcode else None
