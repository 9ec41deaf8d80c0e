"""Postcodes of Great Britain: where they are, and whether they are still in use."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from db.domain.postcode import Partial, area_of, key_of, normalise, text_of
from db.geo.grid import to_latlons
from db.geo.search import postcode_data as data

SOURCE = data.SOURCE


@dataclass(frozen=True, slots=True)
class PostcodePlace:
    """A full postcode, or the middle of a partial one.

    Attributes:
        postcode: as Royal Mail writes it, or the part that was asked for.
        lat: degrees north, WGS 84.
        lon: degrees east, WGS 84.
        district: ONS code of the local authority packed by `district_number`; 0 when not known.
        live: False for a terminated postcode; None when the data cannot tell.
        count: how many full postcodes it stands for; 1 for a full one.
    """

    postcode: str
    lat: float
    lon: float
    district: int
    live: bool | None
    count: int = 1


class PostcodeIndex:
    """Look-up by letter files that are opened when first asked for."""

    def __init__(self, cache_dir: Path) -> None:
        self._cache_dir = cache_dir
        self._letters: dict[str, data.Rows] = {}
        self._middle = lru_cache(maxsize=4096)(self._work_out_middle)

    def letter(self, letter: str) -> data.Rows:
        """Return the sorted rows for a first letter, empty when there are none.

        Raises:
            DataMissing: the data package is not there or is damaged.
        """
        rows = self._letters.get(letter)
        if rows is None:
            known = letter in data.LETTERS and letter
            rows = data.cached_letter(letter, self._cache_dir) if known else np.empty(0, dtype=data.ROW)
            self._letters[letter] = rows
        return rows

    def prepare(self, letters: str = data.LETTERS) -> None:
        """Make the quick copies, so that no later look-up waits for one.

        Raises:
            DataMissing: the data package is not there or is damaged.
        """
        for letter in letters:
            self.letter(letter)

    def area(self, area: str) -> data.Rows:
        """Return the rows of a postcode area such as `NN`, sorted by key."""
        return data.of_area(self.letter(area[:1]), area)

    def find(self, text: str) -> PostcodePlace | None:
        """Look up a full postcode.

        Args:
            text: one postcode in any case and spacing.

        Returns:
            Its place, or None when it is not a postcode or the directory does not have it.
        """
        postcode = normalise(text)
        if postcode is None:
            return None
        rows, key = self.letter(postcode[0]), key_of(postcode)
        at = int(np.searchsorted(rows["key"], key))
        return place_of(rows[at]) if at < len(rows) and rows["key"][at] == key else None

    def middle(self, part: Partial) -> PostcodePlace | None:
        """Find the middle of an area, district, sector or the beginning of a unit.

        Args:
            part: as from `partials`.

        Returns:
            The mean place of the postcodes in use there, or None when there are none.
        """
        return self._middle(part)

    def beginning(self, part: Partial, limit: int) -> list[PostcodePlace]:
        """List full postcodes that begin as typed, in order, those in use first."""
        rows = self._rows_of(part)
        order = np.argsort(rows["live"] == data.TERMINATED, kind="stable")
        return [place_of(rows[at]) for at in order[:limit]]

    def _rows_of(self, part: Partial) -> data.Rows:
        if part.outward == area_of(part.outward):
            return self.area(part.outward)
        rows = self.letter(part.outward[0])
        prefix = f"{part.outward:<4}{part.inward}".encode()
        low = int(np.searchsorted(rows["key"], prefix))
        # Behind every key that begins so: no letter or digit comes after this character.
        high = int(np.searchsorted(rows["key"], prefix + b"\x7f"))
        return rows[low:high]

    def _work_out_middle(self, part: Partial) -> PostcodePlace | None:
        rows = self._rows_of(part)
        in_use = rows[rows["live"] != data.TERMINATED]
        rows = in_use if len(in_use) else rows
        if not len(rows):
            return None
        lat, lon = _to_latlon(np.mean(rows["east"]), np.mean(rows["north"]))
        codes, counts = np.unique(rows["district"], return_counts=True)
        return PostcodePlace(str(part), lat, lon, int(codes[counts.argmax()]), live=None, count=len(rows))


def place_of(row: np.void) -> PostcodePlace:
    """Turn one row of the directory into a place."""
    lat, lon = _to_latlon(row["east"], row["north"])
    live = None if row["live"] == data.UNKNOWN else bool(row["live"])
    return PostcodePlace(text_of(bytes(row["key"])), lat, lon, int(row["district"]), live)


def _to_latlon(east: np.number[Any], north: np.number[Any]) -> tuple[float, float]:
    [[lat, lon]] = to_latlons(np.array([(east, north)], dtype=np.float64)).tolist()
    return round(lat, 6), round(lon, 6)
