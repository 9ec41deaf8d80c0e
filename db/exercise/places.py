"""Where referrals come from: real postcodes of the county."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from db.domain.postcode import text_of
from db.exercise.scenario import Script
from db.geo.earth import Point
from db.geo.search import postcode_data
from db.geo.search.postcodes import PostcodeIndex, place_of
from db.geo.search.service_area import NORTHAMPTONSHIRE


@dataclass(frozen=True, slots=True)
class Place:
    """A postcode, its middle in WGS 84 degrees, and the words for its part of the county."""

    postcode: str
    lat: float
    lon: float
    locality: str


class Places:
    """Draws postcodes as people live: each one of the county's as likely as another.

    Args:
        script: names the parts of the county.
        cache_dir: where the quick copy of the postcode directory is kept.

    Raises:
        DataMissing: the postcode directory is not installed.
    """

    def __init__(self, script: Script, cache_dir: Path) -> None:
        self._index = PostcodeIndex(cache_dir)
        self._localities = script.localities
        rows = self._index.area(NORTHAMPTONSHIRE.postcode_areas[0])
        numbers = [postcode_data.district_number(code) for code in NORTHAMPTONSHIRE.districts]
        inside = (rows["district"] == numbers[0]) | (rows["district"] == numbers[1])
        self._rows = rows[inside & (rows["live"] != postcode_data.TERMINATED)]

    def draw(self, rng: Random) -> Place:
        """One postcode of a part of the county that has a name."""
        while True:
            row = self._rows[rng.randrange(len(self._rows))]
            outward = text_of(bytes(row["key"])).split()[0]
            if outward in self._localities:
                found = place_of(row)
                return Place(found.postcode, found.lat, found.lon, self._localities[outward])

    def locate(self, postcode: str) -> Point | None:
        """The (lat, lon) of a postcode; None when the directory does not have it."""
        found = self._index.find(postcode)
        return (found.lat, found.lon) if found else None
