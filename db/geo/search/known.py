"""Every name that the search knows, worked out once and kept on disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from db.geo.earth import Point
from db.geo.pack import MapPack
from db.geo.search.gazetteer import GazetteerEntry, merged, open_places, read_pack
from db.geo.search.index_file import Arrays, fingerprint, keep_index, packed, read_index, unpacked
from db.geo.search.names import NameSearch, WorkedOut
from db.geo.search.postcode_data import version
from db.geo.search.service_area import AreaIndex, Inside
from db.geo.search.word_index import WordIndex

_TEXTS = ("kind", "name", "what", "near")


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names of the map and of open data.

    Attributes:
        names: finds them.
        inside: which of them lie in the service area, one for each entry.
    """

    names: NameSearch
    inside: Inside


def known_names(entries: Sequence[GazetteerEntry], area: AreaIndex) -> KnownNames:
    """Work out what the search needs of some names."""
    at = np.array([(e.lat, e.lon) for e in entries], dtype=np.float64).reshape(-1, 2)
    outwards, inside = area.around(at)
    return KnownNames(NameSearch(entries, outwards, _middle(area)), inside)


def kept_names(pack: MapPack | None, area: AreaIndex, folder: Path) -> KnownNames:
    """Read the names of a pack as an earlier start kept them, or work them out and keep them.

    Raises:
        MapPackError: a file of the pack is damaged.
        DataMissing: the postcode data package is not there or is damaged.
    """
    mark = fingerprint(pack, version(), repr(area.area))
    arrays = read_index(folder, mark)
    if arrays is not None:
        try:
            return _restored(arrays, area)
        except (KeyError, ValueError):
            # Damaged: as if it had never been kept.
            pass
    entries = read_pack(pack) if pack else []
    known = known_names(merged(entries, open_places()), area)
    keep_index(folder, mark, _arrays(known))
    return known


def _middle(area: AreaIndex) -> Point:
    return area.area.lat, area.area.lon


def _arrays(known: KnownNames) -> Arrays:
    names, worked_out = known.names, known.names.worked_out
    columns: Arrays = {text: packed([getattr(e, text) for e in names.entries]) for text in _TEXTS}
    for name, texts in (
        ("outward", names.outwards),
        ("town", worked_out.towns),
        ("own_words", worked_out.own),
        ("near_words", worked_out.near),
    ):
        columns[name] = packed(texts)
    columns["lat"] = np.array([e.lat for e in names.entries])
    columns["lon"] = np.array([e.lon for e in names.entries])
    columns["people"] = np.array([e.population for e in names.entries], dtype=np.int64)
    return {**columns, "inside": known.inside, "importance": worked_out.importance, **worked_out.index.arrays()}


def _restored(arrays: Arrays, area: AreaIndex) -> KnownNames:
    count = len(arrays["lat"])
    kind, name, what, near, outward, town, own, near_words = (
        unpacked(arrays[text], count) for text in (*_TEXTS, "outward", "town", "own_words", "near_words")
    )
    figures = (arrays[figure].tolist() for figure in ("lat", "lon", "people"))
    entries = list(map(GazetteerEntry._make, zip(kind, name, what, near, *figures, strict=True)))
    index = WordIndex((), (), (), ()).restored(arrays)
    worked_out = WorkedOut(town, own, near_words, arrays["importance"], index)
    return KnownNames(NameSearch(entries, outward, _middle(area), worked_out), arrays["inside"])
