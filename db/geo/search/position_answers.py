"""Points as answers: coordinates, grid references, plus codes; and three words, which stay text."""

from collections.abc import Callable

from db.geo.earth import Point, metres
from db.geo.search.coordinates import read_position
from db.geo.search.found import FoundPlace
from db.geo.search.gridref import TypedPosition, gridref_of, parse_what3words
from db.geo.search.names import NameSearch
from db.geo.search.plus_codes import PlusCode, middle_of, read_plus_code
from db.geo.search.towns_said import TownsSaid
from db.geo.search.words import query_words

# NN15 is likelier a postcode district than a square of 10 km in the Highlands.
_SQUARE_SCORES = {1000: 1.65, 10_000: 0.6}
_SURE_METRES = 100
_FAR_METRES = 50_000.0


class PositionAnswers:
    """Answers what names a point by figures.

    Args:
        names: the names of the map, to say where a point is.
        towns: the towns that a short code may be said with.
        middle: (lat, lon) of the service area.
        outside: says that a point lies outside the service area; None when it does not.
    """

    def __init__(
        self, names: NameSearch, towns: TownsSaid, middle: Point, outside: Callable[[float, float], str | None]
    ) -> None:
        self._names, self._towns, self._middle, self._outside = names, towns, middle, outside

    def find(self, text: str) -> FoundPlace | None:
        """Return the point that a text names; None when it names none."""
        if words := parse_what3words(text):
            return _what3words(words)
        if code := read_plus_code(text):
            return self._plus(code)
        if read := read_position(text):
            return self._position(*read)
        return None

    def _position(self, position: TypedPosition, beside: str) -> FoundPlace:
        detail = gridref_of(position.lat, position.lon) if position.kind == "coordinates" else ""
        where = self._names.whereabouts(position.lat, position.lon)
        warnings = []
        if position.swapped:
            warnings.append("Latitude and longitude were exchanged.")
        if position.size_m >= 1000:
            warnings.append(f"Only a square of {position.size_m // 1000} km.")
        outside = self._outside(position.lat, position.lon)
        if outside:
            warnings.append(outside)
            if self._is_here(position.lat, -position.lon):
                warnings.append("With a minus before the second number it is here.")
        return FoundPlace(
            kind=position.kind,
            title=position.text,
            detail=" · ".join(part for part in (where, detail) if part),
            lat=position.lat,
            lon=position.lon,
            postcode=None,
            warning=" ".join(warnings) or None,
            score=_SQUARE_SCORES.get(position.size_m, 2.0),
            sure=not warnings and not beside and position.size_m <= _SURE_METRES,
        )

    def _is_here(self, lat: float, lon: float) -> bool:
        return self._outside(lat, lon) is None

    def _plus(self, code: PlusCode) -> FoundPlace:
        """A whole code anywhere; a short one near the town that was said, else near the middle of the area."""
        words = query_words(code.beside)
        split = next((s for s in self._towns.splits(words) if not s.rest), None) if words else None
        near = self._middle
        if split is not None:
            town = self._names.entries[split.numbers[0]]
            near = (town.lat, town.lon)
        lat, lon = middle_of(code, near)
        outside = self._outside(lat, lon)
        said = not code.is_short or split is not None
        doubt = "" if said else "Short code: ask for the town."
        warning = " ".join(part for part in (doubt, outside) if part) or None
        where = self._names.whereabouts(lat, lon)
        detail = " · ".join(part for part in (where, gridref_of(lat, lon)) if part)
        sure = said and not outside and (not code.beside or split is not None) and self._is_near(lat, lon)
        return FoundPlace("plus code", code.code, detail, lat, lon, None, warning, 2.0, sure)

    def _is_near(self, lat: float, lon: float) -> bool:
        return metres(self._middle, (lat, lon)) < 2 * _FAR_METRES


def _what3words(words: str) -> FoundPlace:
    return FoundPlace(
        "what3words", words, "kept as text", None, None, None, "Not on the map: ask for a street.", 1.0
    )
