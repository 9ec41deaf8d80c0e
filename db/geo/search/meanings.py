"""What a said place may mean among the names of the map, and whether the first of it is beyond doubt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from db.domain.place_said import PlaceSaid, read_said
from db.geo.earth import Point, metres
from db.geo.search.another_name import ON, FoundName, has_another_name, is_what_is_on
from db.geo.search.answering import Fit, Level, Query, fit, is_said
from db.geo.search.gazetteer import HOUSE, GazetteerEntry
from db.geo.search.hospitals import Hospitals
from db.geo.search.names import NameSearch
from db.geo.search.numbered import NumberedRoads, junctions_said, road_words
from db.geo.search.towns_said import Mask, Split, TownsSaid
from db.geo.search.words import SHORT_COUNTIES, fold, query_words

_WEIGHED = 30
_LEVEL_WORTH = 0.12
_ALL_WORTH = 0.2
_IN_TOWN = 0.2
_ELSEWHERE = 0.45
_DROPPED = 0.08
_UNSAID = 0.2
_TOWN_ONLY = 0.9
_HOUSE_NAME_WORDS = 5
_SAME_PLACE_METRES = 400.0
_SAME_NAME_METRES = 1500.0
_CROSSING_METRES = 800.0
_DISTRICT_METRES = 20_000.0
_BETWEEN = re.compile(r"\b(?:between|from)\b", re.IGNORECASE)
_OUTCODE = re.compile(r"[a-z]{1,2}\d{1,2}[a-z]?")
_SIDES = frozenset(("northbound", "southbound", "eastbound", "westbound"))
_NEEDLESS = frozenset((
    "industrial", "trading", "estate", "business", "retail", "village", "town", "city", "centre", "area", "site",
    "hospital", "station", "surgery",
))  # fmt: skip
# What is called so is as often a place of its own as what is named after it: Abington Park is no surgery.
_OPEN_PLACES = frozenset((
    "park", "green", "common", "wood", "woods", "lake", "lakes", "gardens", "square", "school", "church",
    "college", "street", "road", "lane", "avenue", "way",
))  # fmt: skip
_BUILDINGS = ("hospital", "station", "surgery", "centre")
_NO_ESTATE = frozenset(("farm", "isolated dwelling"))
_HOSPITAL = frozenset(("general", "infirmary", "hospital", "royal"))
_WITH_EMERGENCIES = frozenset(("general", "infirmary", "royal"))


@dataclass(frozen=True, slots=True)
class Meant:
    """One entry that may be meant.

    Attributes:
        number: of the entry.
        score: higher is likelier.
        level: how far its name is what was said.
        doubt: what speaks against it, as a sentence; may be empty.
        dropped: words that were said are no part of its name.
        cut: and they stood before it, and are not such as `estate`.
    """

    number: int
    score: float
    level: Level
    doubt: str = ""
    dropped: bool = False
    cut: bool = False


def _worth(answer: Fit) -> float:
    whole = _ALL_WORTH if answer.level > Level.SOME else 0.0
    return whole + _LEVEL_WORTH * answer.level - _UNSAID * (1 - answer.share)


def _not_in(code: str) -> str:
    return f"The map names it outside {code.upper()}." if code else ""


def _all(words: Query) -> list[str]:
    return [meanings[0] for meanings in words]


class Meanings:
    """Ranks names by what was said, the town deciding; says whether the first needs no question."""

    def __init__(self, names: NameSearch, towns: TownsSaid, middle: Point, county: str = "") -> None:
        self._names, self._towns = names, towns
        # Everything is in the county: its name says nothing of where in it.
        self._county = frozenset((*fold(county), SHORT_COUNTIES.get(county.lower(), "")))
        self._roads, self._hospitals = NumberedRoads(names.entries, middle), Hospitals(names)

    def find(self, text: str, near: Point | None, limit: int) -> tuple[list[Meant], bool]:
        """Return what may be meant, likeliest first, and whether the first is beyond doubt.

        Args:
            text: what was typed, without a postcode.
            near: (lat, lon) that is likelier than the middle of the service area.
            limit: most entries to return.
        """
        said = read_said(text)
        if said.crossing:
            found = self._crossing(said.crossing, near)
        else:
            found = self._on_road(said, between=bool(_BETWEEN.search(text))) or self._by_name(said, near)
        found = sorted(found, key=lambda one: -one.score)
        sure = not said.beside and self._is_sure(found) and not (found[0].dropped and ON.search(said.name))
        words = self._words(said.name)
        sure = sure and not self._is_another_kind(found, words) and not self._has_twin(found, words)
        sure = sure and not self._has_another_name(found[0], words, said.name)
        # It may lie on the other side of the road, or on both.
        sure = sure and not (found[0].dropped and _SIDES.intersection(_all(words)))
        # The custody of Daventry is in some building, and not in the middle of Daventry.
        sure = sure and not (said.within and self._names.entries[found[0].number].kind == "place")
        hospital = None if said.crossing else self._hospitals.said(text)
        is_one = bool(found) and self._names.entries[found[0].number].what == "hospital"
        if hospital is None or (found and hospital.is_faint) or (is_one and not hospital.is_part):
            return found[: limit * 2], sure
        there = [Meant(at, 4 - self._names.cost(at), Level.ALL_SAID) for at in hospital.numbers]
        return self._together(there, found)[: limit * 2], hospital.is_part and not said.beside

    # --- names ---

    def _by_name(self, said: PlaceSaid, near: Point | None) -> list[Meant]:
        words = self._words(said.name)
        splits = [split for split in self._towns.splits(words) if split.rest]
        if said.emergency and (found := self._emergencies(words)):
            return found
        found = self._weighed(words, near, splits)
        best = max((one.level for one in found), default=Level.SOME)
        if best is Level.SOME:
            found = self._together(found, self._without(words, near))
        if splits and not any(one.level > Level.SOME and not one.doubt for one in found):
            found = self._together(found, [self._town_only(splits[0])])
        return found

    def _words(self, name: str) -> Query:
        words = query_words(name)
        words = [one for one in words if one[0] not in self._county] or words
        # One letter says nothing yet, and begins a thousand names.
        whole = [one for one in words if len(one[0]) > 1]
        return whole or words

    def _weighed(self, words: Query, near: Point | None, splits: list[Split]) -> list[Meant]:
        """What all the words may mean: a name with its town beside it, or a name in the town that was said."""
        found = [self._weigh(at, score, words, splits) for at, score in self._names.ranked(words, near, _WEIGHED)]
        for split in splits:
            inside = self._towns.inside(split.numbers)
            answers = self._names.ranked(split.rest, self._place_of(split), _WEIGHED, inside)
            found = self._together(found, [self._in_town(at, score, split) for at, score in answers])
        return found

    def _weigh(self, at: int, score: float, words: Query, splits: list[Split]) -> Meant:
        answer = self._fit(at, words)
        doubt = next((doubt for split in splits if (doubt := self._elsewhere(at, answer, split))), "")
        inside = any(self._towns.inside(split.numbers)[at] for split in splits)
        score += (_IN_TOWN if inside else 0) - (_ELSEWHERE if doubt else 0)
        return Meant(at, score + _worth(answer), answer.level, doubt)

    def _in_town(self, at: int, score: float, split: Split) -> Meant:
        answer = self._fit(at, split.rest)
        level = min(answer.level, Level.EXACT if split.exact else Level.ALL_NAMED)
        return Meant(at, score + _IN_TOWN + _worth(replace(answer, level=level)), level)

    def _elsewhere(self, at: int, answer: Fit, split: Split) -> str:
        """Say that an entry lies in another town than was said, unless the town is part of its name."""
        if split.words <= answer.own or self._towns.inside(split.numbers)[at] or at in split.numbers:
            return ""
        return f"Not in {split.town}."

    def _fit(self, at: int, words: Query) -> Fit:
        named = self._names.named(at)
        return max((fit(one, named) for one in (words, *self._names.joined(words))), key=lambda one: one.share)

    def _without(self, words: Query, near: Point | None) -> list[Meant]:
        """What the words may mean when some are no part of the name: a house's name before it, or `estate`."""
        found: list[Meant] = []
        for fewer in self._fewer(words):
            again = self._weighed(fewer, near, [s for s in self._towns.splits(fewer) if s.rest])
            cost = _DROPPED * (len(words) - len(fewer))
            cut = fewer == words[-len(fewer) :]
            code = next((word for word in _all(words) if _OUTCODE.fullmatch(word) and word not in _all(fewer)), "")
            # Where the district is said, the street of that name that comes nearest to it.
            apart = near if code else None
            # "Northampton services northbound" are not those of Watford Gap.
            lost = next(self._towns.splits(words[: len(words) - len(fewer)]), None) if cut else None
            good = []
            for one in again:
                if one.level > Level.SOME:
                    elsewhere = self._apart_from(one, lost) if lost else ""
                    score = one.score - cost - self._far_from(apart, one) - (_ELSEWHERE if elsewhere else 0)
                    doubt = one.doubt or _not_in(code) or elsewhere
                    good.append(replace(one, score=score, dropped=True, cut=cut, doubt=doubt))
            found = self._together(found, good)
            if any(not one.doubt or code for one in good):
                break
        return found

    def _apart_from(self, one: Meant, town: Split) -> str:
        # There are villages that are called Old, and Lodge: only a town is said before what lies in it.
        is_town = town.exact and self._names.entries[town.numbers[0]].is_town
        return f"Not in {town.town}." if is_town and not self._towns.inside(town.numbers)[one.number] else ""

    @staticmethod
    def _fewer(words: Query) -> Iterator[Query]:
        # A long street lies in several districts, and the map names one of them.
        inside = [one for one in words if not _OUTCODE.fullmatch(one[0])]
        if len(inside) > 1 and len(inside) < len(words):
            yield inside
        # Many services lie on one side of a road, or are named once for both.
        needed = [one for one in words if one[0] not in _NEEDLESS | _SIDES]
        if needed and len(needed) < len(words):
            yield needed
        # One word alone is too little to throw away all that stood before it.
        for count in range(1, min(_HOUSE_NAME_WORDS, len(words) - 2) + 1):
            yield words[count:]

    def _town_only(self, split: Split) -> Meant:
        words = " ".join(one[-1] for one in split.rest)
        return Meant(split.numbers[0], _TOWN_ONLY, Level.SOME, f"Only the town: {words} is not known there.")

    def _place_of(self, split: Split) -> Point:
        entry = self._names.entries[split.numbers[0]]
        return entry.lat, entry.lon

    @staticmethod
    def _together(some: list[Meant], more: list[Meant]) -> list[Meant]:
        """Both, each entry once with its better score."""
        best: dict[int, Meant] = {}
        for one in (*some, *more):
            if one.number not in best or one.score > best[one.number].score:
                best[one.number] = one
        return list(best.values())

    def _emergencies(self, words: Query) -> list[Meant]:
        """The hospitals with an emergency department: all of here, or those of the town that was said."""
        inside: Mask | None = None
        if words:
            split = next((s for s in self._towns.splits(words) if _HOSPITAL.issuperset(_all(s.rest))), None)
            if split is None and not _HOSPITAL.issuperset(_all(words)):
                return []
            inside = self._towns.inside(split.numbers) if split else None
        found = []
        for at, entry in enumerate(self._names.entries):
            if entry.what == "hospital" and (inside is None or inside[at]) and self._has_emergencies(at):
                found.append(Meant(at, 1.5 - self._names.cost(at), Level.ALL_SAID))
        return found

    def _has_emergencies(self, at: int) -> bool:
        named = self._names.named(at)
        return bool(_WITH_EMERGENCIES.intersection(named.own))

    # --- roads ---

    def _on_road(self, said: PlaceSaid, *, between: bool) -> list[Meant]:
        refs, rest = road_words(said.name)
        if not refs or not self._roads.knows(refs):
            return []
        words = self._words(rest)
        split = next(iter(self._towns.splits(words)), None) if words else None
        inside = self._towns.inside(split.numbers) if split else None
        places = self._roads.nearest(refs, self._place_of(split)) if split and len(refs) == 1 else None
        found = [
            Meant(at, 1.8 - n * 0.001 + self._is_by(at, words, inside), Level.SOME)
            for n, at in enumerate(self._roads.places(refs) if places is None else places)
        ]
        if words and (split is None or split.rest):
            along = self._names.ranked(words, None, _WEIGHED, self._roads.along(refs, self._names))
            # Between two places is neither of them.
            base = 1.5 if between else 2.0
            found = self._together(found, [Meant(at, base + score / 10, Level.SOME) for at, score in along])
        return self._together(found, self._at_junctions(refs, said.name, sure=not words))

    def _is_by(self, at: int, words: Query, inside: Mask | None) -> float:
        """What it is worth that a place on a road is called by what was said, or lies in the town that was."""
        named = bool(words) and all(is_said(word, words) for word in fold(self._names.entries[at].near)[:1])
        return (0.2 if named else 0) + (0.1 if inside is not None and inside[at] else 0)

    def _at_junctions(self, refs: list[str], text: str, *, sure: bool) -> list[Meant]:
        said = junctions_said(text)
        found = self._roads.junctions(refs, said)
        # Of two the place lies between them, and with more words somewhere about it.
        level = Level.EXACT if sure and len(found) == len(said) == 1 else Level.SOME
        return [Meant(at, 2.5 - n * 0.01, level) for n, at in enumerate(found)]

    def _crossing(self, roads: tuple[str, str], near: Point | None) -> list[Meant]:
        """The ends of two roads that lie closest together, in the town that was said with the second."""
        refs, _ = road_words(" ".join(roads))
        if refs and self._roads.knows(refs):
            road = [Meant(at, 1.8 - n * 0.001, Level.SOME) for n, at in enumerate(self._roads.places(refs))]
            return self._together(road, self._at_junctions(refs, f"junction {' and '.join(roads)}", sure=False))
        last = self._weighed_of(roads[1], near)
        split = next((s for s in self._towns.splits(self._words(roads[1])) if s.rest), None)
        town = f" {split.town}" if split else ""
        first = self._weighed_of(roads[0] + town, near)
        pairs = [(self._apart(a, b), a) for a in first[:_WEIGHED] for b in last[:_WEIGHED] if a.number != b.number]
        close = [replace(a, score=3 + a.score / 10 - gap / 1000) for gap, a in pairs if gap < _CROSSING_METRES]
        return self._together(close, [*first, *last])

    def _weighed_of(self, text: str, near: Point | None) -> list[Meant]:
        words = self._words(text)
        found = self._weighed(words, near, [s for s in self._towns.splits(words) if s.rest])
        whole = [one for one in found if one.level > Level.SOME]
        return sorted(whole or found, key=lambda one: -one.score)

    def _far_from(self, place: Point | None, one: Meant) -> float:
        return metres(place, self._at(one)) / _DISTRICT_METRES if place is not None else 0.0

    def _apart(self, one: Meant, other: Meant) -> float:
        return metres(self._at(one), self._at(other))

    # --- doubt ---

    def _is_sure(self, found: list[Meant]) -> bool:
        if not found or found[0].level is Level.SOME or found[0].doubt or self._is_half_said(found[0]):
            return False
        return not any(self._rivals(found[0], other) for other in found[1:])

    def _is_half_said(self, first: Meant) -> bool:
        """Whether a street's name was not said in whole and in order, or nothing was understood but the place."""
        kind = self._names.entries[first.number].kind
        # Few say who runs the services.
        is_street = kind == "street" and "services" not in self._names.named(first.number).own
        return (is_street and first.level is Level.ALL_SAID) or (kind == "place" and first.cut)

    def _has_another_name(self, first: Meant, words: Query, text: str) -> bool:
        entry, named = self._names.entries[first.number], self._names.named(first.number)
        # A road that is called after a town was taken as one name: "church on Northampton Road".
        if not {*named.own}.issuperset(self._towns.in_road_names(words)) or not is_what_is_on(named.own, text):
            return True
        found = FoundName(entry.kind, entry.name, named, first.level, dropped=first.dropped, cut=first.cut)
        return has_another_name(found, words, text, self._names.worked_out.index.has)

    def _is_another_kind(self, found: list[Meant], words: Query) -> bool:
        """Whether something else that has the name may be meant: a station, a park, a church, an estate."""
        first = found[0]
        entry, named = self._names.entries[first.number], self._names.named(first.number)
        if entry.kind != "site":
            buildings = [word for word in _BUILDINGS if is_said(word, words) and word not in named.own]
            return first.dropped and (entry.what in _NO_ESTATE or bool(buildings and entry.kind == "place"))
        if first.cut:
            # A health centre is no other town's, because nobody knows the town's own.
            return True
        said = [word for word in named.needless if is_said(word, words)]
        if len(said) == len(named.needless):
            return False
        if entry.what == "pharmacy":
            # Few who say the name of a part of the town mean its chemist.
            return True
        bare = [word for word in named.own if word not in named.needless]
        open_name = bool(bare) and (bare[0] == "saint" or bare[-1] in _OPEN_PLACES)
        # Weston Favell is a part of the town, and its police station has the name of it.
        around = any(fold(self._names.entries[one.number].near) == bare for one in found)
        open_name = open_name or around or (entry.what != "hospital" and "station" in named.needless)
        return first.dropped or (open_name and not said) or any("station" in meanings for meanings in words)

    def _has_twin(self, found: list[Meant], words: Query) -> bool:
        """Whether another of the sort is called by a word that was said, where the first is only of that sort."""
        one, own = self._names.entries[found[0].number], self._names.named(found[0].number).own
        for other in found[1:]:
            entry = self._names.entries[other.number]
            alike = entry.kind == one.kind == "site" and entry.what == one.what and other.level > Level.SOME
            more = set(self._names.named(other.number).own) - set(own)
            if alike and not other.doubt and any(is_said(word, words) for word in more):
                return True
        return False

    def _rivals(self, first: Meant, other: Meant) -> bool:
        """Whether another may be meant as well as the first."""
        if other.level < first.level or other.doubt or self._is_same_place(first, other):
            return False
        # Nobody leaves the kind of a street unsaid: Danetre is the hospital, not Danetre Drive.
        kinds = (self._names.entries[first.number].kind, self._names.entries[other.number].kind)
        return not (other.level is Level.ALL_SAID and kinds[0] != "street" and kinds[1] == "street")

    def _is_same_place(self, one: Meant, other: Meant) -> bool:
        a, b = self._names.entries[one.number], self._names.entries[other.number]
        if self._is_part_of(a, b) or self._is_part_of(b, a):
            return True
        # Two houses of a name are two, however near.
        if a.what == b.what == HOUSE and a.near != b.near:
            return False
        if _SIDES.intersection(self._names.named(one.number).own) != _SIDES.intersection(
            self._names.named(other.number).own
        ):
            return False
        same = _SAME_NAME_METRES if self._is_called_alike(one, other) else _SAME_PLACE_METRES
        return metres((a.lat, a.lon), (b.lat, b.lon)) < same

    @staticmethod
    def _is_part_of(street: GazetteerEntry, place: GazetteerEntry) -> bool:
        """Whether a street is called as the place that it lies in."""
        return street.kind == "street" and place.kind == "place" and street.near == street.name == place.name

    def _is_called_alike(self, one: Meant, other: Meant) -> bool:
        a, b = self._names.named(one.number), self._names.named(other.number)
        return set(a.own) <= set(b.own) or set(b.own) <= set(a.own)

    def _at(self, one: Meant) -> Point:
        return self._names.entries[one.number].lat, self._names.entries[one.number].lon
