"""Postcodes as answers: whole, begun, slipped in, or beside a town that they do not lie in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from db.domain.postcode import Partial, groups, normalise, partials
from db.domain.postcode_slips import CodeReading, ends, readings, slips, swallowed
from db.domain.texts import all_of
from db.domain.towns import post_town
from db.geo.earth import Point, metres
from db.geo.search.found import FoundPlace
from db.geo.search.names import NameSearch
from db.geo.search.postcodes import PostcodeIndex, PostcodePlace
from db.geo.search.service_area import AreaIndex
from db.geo.search.towns_said import TownsSaid
from db.geo.search.words import query_words

Named = Callable[[str, Point | None, int], list[FoundPlace]]
_CLOSE_BY_METRES = 3000.0
_TOWN_METRES = 5000.0
_MOST_SLIPS = 4
_SLIP, _HALF = 1.95, 1.85
_HALVES = (2, 3, 4)
"""How many signs a second half may have that somebody mistook."""


class PostcodeAnswers:
    """Answers what holds a postcode, or the beginning of one.

    Args:
        postcodes: the directory.
        area: the service area.
        names: the names of the map, to say where a postcode is.
        towns: the towns that may be said beside it.
        named: finds what else was said, as names near a point.
    """

    def __init__(
        self, postcodes: PostcodeIndex, area: AreaIndex, names: NameSearch, towns: TownsSaid, named: Named
    ) -> None:
        self._postcodes, self._area = postcodes, area
        self._names, self._towns, self._named = names, towns, named

    def whole(self, text: str) -> Iterator[FoundPlace]:
        """Answer a full postcode, alone or inside an address; one that a hand slipped in is only offered."""
        read = readings(text)
        known = [(one, place) for one in read if (place := self._known(one))]
        if not known:
            yield from self._slipped(text, [one for one in read if _has_figure(one)])
            return
        single = len({place.postcode for _, place in known}) == 1
        for n, (reading, place) in enumerate(known):
            doubt = self._doubt(reading, place)
            yield self._full(place, 2.0 - n * 0.01, doubt, sure=single and reading.sure and not doubt)
        reading, place = known[0]
        for other in self._swallowed(place):
            yield self._full(other, 1.9, f"Typed as {reading.typed.upper()}.", sure=False)
        if reading.rest:
            yield from self._beside(reading.rest, (place.lat, place.lon), far=bool(self._doubt(reading, place)))

    def _beside(self, rest: str, around: Point, *, far: bool) -> Iterator[FoundPlace]:
        """What else was said, near the postcode; anywhere, when the two contradict each other."""
        for one in self._named(rest, around, 3):
            if far or metres(around, (one.lat or 0.0, one.lon or 0.0)) < _CLOSE_BY_METRES:
                yield replace(one, score=min(one.score, 1.9))

    def _known(self, reading: CodeReading) -> PostcodePlace | None:
        """The postcode of a reading; words without a figure are one only if it is of here."""
        place = self._postcodes.find(reading.code)
        return place if place and (_has_figure(reading) or self._area.covers(place.district)) else None

    def _swallowed(self, place: PostcodePlace) -> list[PostcodePlace]:
        """For a postcode from elsewhere, those of here that it is with a doubled sign typed once."""
        if self._area.covers(place.district):
            return []
        others = (self._postcodes.find(code) for code in swallowed(place.postcode))
        return [other for other in others if other and self._area.covers(other.district)]

    def _doubt(self, reading: CodeReading, place: PostcodePlace) -> str:
        if self._swallowed(place):
            return "One like it is here."
        if not reading.sure:
            return f"Typed as {reading.typed}."
        words = query_words(reading.rest)
        for split in self._towns.splits(words) if words else ():
            # A town before other words is the name of a road: Kettering Road.
            at_end = len(words) - 1 in split.words
            if split.exact and at_end and not self._is_in(place, split.town, split.numbers):
                return f"Not in {split.town}."
        return ""

    def _is_in(self, place: PostcodePlace, town: str, numbers: tuple[int, ...]) -> bool:
        entries = [self._names.entries[number] for number in numbers]
        close = any(metres((e.lat, e.lon), (place.lat, place.lon)) < _TOWN_METRES for e in entries)
        where = self._names.whereabouts(place.lat, place.lon).split(", ")
        return close or town in where or post_town(place.postcode.partition(" ")[0]) == town

    def _slipped(self, text: str, read: list[CodeReading]) -> Iterator[FoundPlace]:
        """Offer the postcodes of here that one slip makes into what was typed."""
        if (half := self._half(text)) is not None:
            yield half
        typed = read[0] if read and half is None else None
        if typed is not None and (middles := list(self._middles(typed.code))):
            yield from middles
            if self._is_of_here(typed.code):
                return
        parts = [(typed.typed, typed.rest)] if typed else [(text, ""), *ends(text)]
        # One of elsewhere that does not exist is more likely one of here with a sign too few.
        longer = [replace(typed, code=code, sure=False) for code in swallowed(typed.code)] if typed else []
        known = (
            (reading, place)
            for reading in (*longer, *(reading for part in parts for reading in slips(*part)))
            if (place := self._postcodes.find(reading.code)) and self._area.covers(place.district)
        )
        for count, (reading, place) in enumerate(islice(known, _MOST_SLIPS)):
            yield self._full(place, _SLIP - count * 0.01, f"Typed as {reading.typed.upper()}.", sure=False)

    def _half(self, text: str) -> FoundPlace | None:
        """The middle of a district of here before something that is no second half: ``NN11 4D7``."""
        first, *others = groups(text.upper())[:3] or [""]
        second = others[0] if len(others) == 1 and len(others[0]) in _HALVES else ""
        if not second or not any(part.outward == first and not part.inward for part in partials(first)):
            return None
        # It may be one with a figure and letters in their places, or the beginning of one: others answer those.
        whole = normalise(f"{first} {second}") or ""
        if whole.startswith(f"{first} ") or any(part.inward for part in partials(f"{first} {second}")):
            return None
        middle = self._postcodes.middle(Partial(first, ""))
        if middle is None or not self._area.covers(middle.district):
            return None
        warning = f"{second} is no second half of a postcode; this is the middle of {first}."
        return replace(self._part(middle, _HALF), warning=warning)

    def _is_of_here(self, code: str) -> bool:
        middle = self._postcodes.middle(Partial(code.split()[0], ""))
        return middle is not None and self._area.covers(middle.district)

    def _middles(self, code: str) -> Iterator[FoundPlace]:
        outward, inward = code.split()
        for part in (Partial(outward, inward[0]), Partial(outward, "")):
            middle = self._postcodes.middle(part)
            if middle:
                warning = f"{code} is not in the directory; this is the middle of {part}."
                yield replace(self._part(middle, 1.9), warning=warning)
                return

    def begun(self, text: str, limit: int) -> Iterator[FoundPlace]:
        """Answer the beginning of a postcode with its middle and what it begins."""
        for n, part in enumerate(partials(text)):
            middle = self._postcodes.middle(part)
            if middle is None:
                continue
            # One or two letters begin many names; with a digit it is meant as a postcode.
            base = 1.6 if any(char.isdigit() for char in part.outward) else 0.7
            mine = 0.1 if self._area.covers(middle.district) else 0.0
            # Each further reading of the same letters is less likely; the county's own postcodes are
            # likelier than others.
            yield self._part(middle, base + mine - n * 0.2)
            if part.inward:
                for m, place in enumerate(self._postcodes.beginning(part, limit)):
                    yield self._full(place, base - 0.3 - n * 0.2 - m * 0.001, "", sure=False)

    def around(self, text: str) -> Point | None:
        """The middle of the district of here that is said with an address: ``118 Wellingborough Road NN1``."""
        first, last = text.upper().split()[:1], text.upper().split()[1:][-1:]
        for word in (*last, *first):
            for part in partials(word) if any(char.isdigit() for char in word) else ():
                middle = self._postcodes.middle(part) if not part.inward else None
                if middle is not None and self._area.covers(middle.district):
                    return middle.lat, middle.lon
        return None

    def _full(self, place: PostcodePlace, score: float, doubt: str, *, sure: bool) -> FoundPlace:
        warnings = [doubt] if doubt else []
        if place.live is False:
            warnings.append("Terminated postcode, or newer than the list: check with the caller.")
        if not self._area.covers(place.district):
            warnings.append(f"Outside {self._area.area.name}.")
        detail = self._names.whereabouts(place.lat, place.lon)
        warning = " ".join(warnings) or None
        return FoundPlace(
            "postcode", place.postcode, detail, place.lat, place.lon, place.postcode, warning, score, sure
        )

    def _part(self, middle: PostcodePlace, score: float) -> FoundPlace:
        outside = None if self._area.covers(middle.district) else f"Outside {self._area.area.name}."
        # In the middle of a district of several towns lies none of them, or one that is not of it.
        towns = self._names.towns_in(middle.postcode)
        where = all_of(towns) if len(towns) > 1 else self._names.whereabouts(middle.lat, middle.lon)
        detail = f"{where} · middle of {middle.count:,} postcodes".lstrip(" ·")
        return FoundPlace("postcode part", middle.postcode, detail, middle.lat, middle.lon, None, outside, score)


def _has_figure(reading: CodeReading) -> bool:
    return any(char.isdigit() for char in reading.typed)
