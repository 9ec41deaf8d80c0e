"""Names ranked: the index of words against a slow and simple one, and the weights that decide between names."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from db.geo.earth import metres, moved
from db.geo.search.gazetteer import GazetteerEntry
from db.geo.search.names import NameSearch, _generic, _importance, _wholes
from db.geo.search.word_index import WordIndex
from db.geo.search.words import fold, query_words

Query = Sequence[tuple[str, ...]]


class SlowIndex:
    """The same scores, one entry and one word after the other."""

    def __init__(self, names: list[list[str]], contexts: list[list[str]], wholes: list[list[str]]) -> None:
        self.names, self.contexts, self.wholes = names, contexts, wholes
        self.words = sorted({word for lists in (names, contexts, wholes) for words in lists for word in words})

    def rarity(self, word: str) -> float:
        own = sum(word in words for words in self.names)
        beside = sum(word in words for words in self.contexts)
        return math.log(1 + len(self.names) / (1 + own + 0.1 * beside))

    def weight(self, entry: int, generic: list[str]) -> float:
        whole = sum(self.rarity(word) for word in set(self.names[entry]))
        return max(1e-6, whole - 0.9 * sum(self.rarity(word) for word in set(generic)))

    def spellings(self, word: str, last: bool, thorough: bool) -> dict[str, float]:
        """Each word of the index that may be meant, and how alike it is."""
        alike = {}
        for other in self.words:
            if other == word:
                alike[other] = 1.0
            elif other.startswith(word):
                part = len(word) / len(other)
                is_said = any(other in words for lists in (self.names, self.contexts) for words in lists)
                if part > 0.75 or is_said:
                    alike[other] = (0.85 if last else 0.6) + 0.14 * part
        settled = word in alike or (last and alike and len(word) <= 5)
        if len(word) >= 4 and not word.isdigit() and (thorough or not settled):
            for other, score in self.misspelt(word).items():
                alike[other] = max(alike.get(other, 0), score)
            if last and not alike:
                return self.begun(word)
        return alike

    def misspelt(self, word: str) -> dict[str, float]:
        least = 0.66 if len(word) > 5 else 0.74
        scores = {other: OSA.normalized_similarity(word, other) for other in self.words}
        return {
            other: 0.88 * score
            for other, score in scores.items()
            if score >= least and 0.66 <= len(other) / len(word) <= 1 / 0.66
        }

    def begun(self, word: str) -> dict[str, float]:
        least = 0.66 if len(word) > 5 else 0.74
        longer = [other for other in self.words if len(other) > len(word)]
        scores = {other: OSA.normalized_similarity(word, other[: len(word)]) for other in longer}
        return {other: 0.75 * score for other, score in scores.items() if score >= least}

    def score(self, query: Query, generic: list[list[str]], thorough: bool) -> list[float]:
        if len(query) > 1 and len(query[-1][0]) == 1:
            query = query[:-1]
        asked = 0.0
        answered, said = [0.0] * len(self.names), [0.0] * len(self.names)
        for position, meanings in enumerate(query):
            alike: dict[str, float] = {}
            for meaning in meanings:
                for word, score in self.spellings(meaning, position == len(query) - 1, thorough).items():
                    alike[word] = max(score, alike.get(word, 0))
            if not alike:
                asked += sum(map(self.rarity, self.words)) / len(self.words)
                continue
            weight = self.rarity(max(alike, key=lambda word: alike[word]))
            asked += weight
            for entry in range(len(self.names)):
                best, own = self.answer(entry, alike, 0.9 if position else 0.8, self.weight(entry, generic[entry]))
                answered[entry] += best * weight
                said[entry] += own
        if not asked:
            return answered
        covered = [min(1.0, one / self.weight(n, generic[n])) for n, one in enumerate(said)]
        return [a / asked * (0.75 + 0.25 * c) for a, c in zip(answered, covered, strict=True)]

    def answer(self, entry: int, alike: dict[str, float], beside: float, weight: float) -> tuple[float, float]:
        best = own = 0.0
        for word, score in sorted(alike.items(), key=lambda item: item[1]):
            if word in self.contexts[entry]:
                best = max(best, score * beside)
            if word in self.names[entry]:
                best, own = max(best, score), self.rarity(word) * score
            if word in self.wholes[entry]:
                best, own = max(best, score), weight * score
        return best, own


WORDS = [
    "abington",
    "abingdon",
    "king",
    "kings",
    "heath",
    "hospital",
    "general",
    "moor",
    "moore",
    "moors",
    "moorlands",
    "road",
    "kettering",
    "ket",
    "12",
    "weedon",
    "1640",
]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)
ASKED = [
    *WORDS,
    *("abbington", "kettring", "hosp", "gen", "k", "moorish", "xylophone", "weeden", "heth"),
    # Short words that one letter would make another; a beginning that is misspelt, with and without a whole word.
    *("rod", "mor", "hospet", "moer"),
    # The beginning of one that one letter would make another.
    "moorl",
    # One number is never another.
    "1641",
]
asked = st.sampled_from(ASKED)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(words, st.lists(st.sampled_from(WORDS), max_size=2), st.booleans()), min_size=1, max_size=6
    ),
    st.lists(st.tuples(asked) | st.tuples(asked, asked), min_size=1, max_size=3),
    st.booleans(),
)
def test_scores_agree_with_a_slow_and_simple_way(
    entries: list[tuple[list[str], list[str], bool]], query: Query, thorough: bool
) -> None:
    names, contexts = [name for name, _, _ in entries], [context for _, context, _ in entries]
    wholes = [["".join(name)] if joined else [] for name, _, joined in entries]
    generic = [[word for word in name if word in ("hospital", "general")] for name in names]
    slow, index = SlowIndex(names, contexts, wholes), WordIndex(names, contexts, wholes, generic)
    found = index.score(query, thorough=thorough)
    expected = slow.score(query, generic, thorough)
    # Of two words that are equally alike, either may say how rare what was asked for is.
    if not _tied(slow, query, thorough):
        assert found.tolist() == pytest.approx(expected, abs=1e-4)
    for word in (*WORDS, "kettring", "zz", ""):
        assert index.has(word) is (word in slow.words)


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("word", ASKED)
def test_each_word_is_meant_as_by_a_slow_and_simple_way(word: str, thorough: bool) -> None:
    names = [[name] for name in WORDS]
    nothing: list[list[str]] = [[] for _ in WORDS]
    slow, index = SlowIndex(names, nothing, nothing), WordIndex(names, nothing, nothing, nothing)
    for query in ([(word,)], [(word,), ("road",)], [("general",), (word,)]):
        if not _tied(slow, query, thorough):
            expected = slow.score(query, nothing, thorough)
            assert index.score(query, thorough=thorough).tolist() == pytest.approx(expected, abs=1e-4)


def _tied(slow: SlowIndex, query: Query, thorough: bool) -> bool:
    for position, meanings in enumerate(query):
        last = position == len(query) - 1
        for lasts in (last, True):
            scores = [s for one in meanings for s in slow.spellings(one, lasts, thorough).values()]
            if any(abs(a - b) < 1e-9 for a, b in pairwise(sorted(scores))):
                return True
    return False


@pytest.mark.parametrize(
    ("what", "population", "weight"),
    [
        ("city", 0, 0.9),
        ("town", 0, 0.8),
        ("village", 0, 0.55),
        ("suburb", 0, 0.5),
        ("hamlet", 0, 0.35),
        ("neighbourhood", 0, 0.4),
        ("place", 0, 0.3),
        ("hospital", 0, 1.0),
        ("police", 0, 0.5),
        ("fire station", 0, 0.4),
        ("street", 0, 0.3),
        ("locality", 0, 0.2),
        ("road", 0, 0.15),
        ("farm", 0, 0.15),
        # People count where they weigh more than the kind: a million weigh as much as a hospital.
        ("village", 9_999, 4 / 6),
        ("town", 99, 0.8),
        ("town", 99_999, 5 / 6),
        ("place", 9, 0.3),
        ("city", 9_999_999, 1.0),
    ],
)
def test_what_a_name_stands_for_weighs(what: str, population: int, weight: float) -> None:
    assert _importance(entry("X", "place", what, population=population)) == pytest.approx(weight)


MIDDLE = (52.24, -0.90)


def entry(
    name: str,
    kind: str = "street",
    what: str = "street",
    at: tuple[float, float] = (0, 0),
    near: str = "",
    population: int = 0,
) -> GazetteerEntry:
    """An entry some metres north and east of the middle."""
    return GazetteerEntry(kind, name, what, near, *moved(MIDDLE, *at), population)


@pytest.mark.parametrize(
    ("name", "kind", "wholes"),
    [
        ("King's Heath", "place", ["kingsheath"]),
        ("Heath", "place", []),
        ("St Andrews Hospital", "street", []),
        ("St Andrews Hospital", "site", ["sah"]),
        ("Kettering General Hospital", "site", ["kgh"]),
        ("Berrywood Hospital", "site", ["berrywoodhospital"]),
        ("A B C D", "site", ["abcd"]),
    ],
)
def test_a_name_is_also_written_as_one_word(name: str, kind: str, wholes: list[str]) -> None:
    assert _wholes(entry(name, kind), fold(name)) == wholes


@pytest.mark.parametrize(
    ("name", "kind", "what", "generic"),
    [
        ("Kettering General Hospital", "site", "hospital", ["hospital"]),
        ("Abbey Medical Centre", "site", "doctors", ["medical", "centre"]),
        ("Health Centre", "site", "doctors", []),
        ("Weston Favell Police", "site", "police", ["police"]),
        ("Hospital Road", "street", "street", []),
    ]
    + [
        (f"Abbey {word}", "site", "x", [word.lower()])
        for word in ("Surgery", "Practice", "Pharmacy", "Station", "Clinic")
    ],
)
def test_few_say_what_a_site_is(name: str, kind: str, what: str, generic: list[str]) -> None:
    assert _generic(entry(name, kind, what), fold(name)) == generic


TOWN = entry("Barton", "place", "town", (0, 0), population=9_000)
FAR_TOWN = entry("Carlby", "place", "town", (0, 30_000), population=9_000)


def search(*entries: GazetteerEntry, outwards: str = "") -> NameSearch:
    return NameSearch(entries, [outwards] * len(entries), MIDDLE)


@pytest.mark.parametrize(
    ("away", "town"), [(0, "Barton"), (8_900, "Barton"), (9_100, ""), (20_500, ""), (25_000, "Carlby")]
)
def test_a_street_belongs_to_a_town_within_nine_kilometres(away: float, town: str) -> None:
    street = entry("Mill Lane", at=(0, away))
    assert search(TOWN, FAR_TOWN, street).town_of(street) == town


@pytest.mark.parametrize(
    ("people", "others", "away", "town"),
    # A town's distance counts less the more people it has: a third less for each nought.
    [
        (0, 0, 4_900, "Barton"),
        (0, 0, 5_100, "Elby"),
        (0, 999, 3_250, "Barton"),
        (0, 999, 3_400, "Elby"),
        (9, 999, 3_900, "Barton"),
        (9, 999, 4_100, "Elby"),
        (999, 999, 4_900, "Barton"),
        (99_999, 999, 5_650, "Barton"),
        (99_999, 999, 5_800, "Elby"),
    ],
)
def test_a_bigger_town_reaches_further(people: int, others: int, away: float, town: str) -> None:
    # Elby lies ten kilometres east of Barton.
    small = entry("Barton", "place", "town", (0, 0), population=people)
    other = entry("Elby", "place", "city", (0, 10_000), population=others)
    street = entry("Mill Lane", at=(0, away))
    assert search(small, other, street).town_of(street) == town


def test_a_city_beyond_four_nearer_towns_is_not_what_people_say() -> None:
    near = [entry(name, "place", "town", (0, 4_000)) for name in ("Elby", "Ashby", "Derby", "Corby")]
    city = entry("Metropolis", "place", "city", (0, 6_000), population=999_999_999)
    street = entry("Mill Lane")
    assert search(*near, city, street).town_of(street) != "Metropolis"
    assert search(*near[1:], city, street).town_of(street) == "Metropolis"


def test_only_towns_and_cities_are_added_to_a_name() -> None:
    street = entry("Mill Lane", at=(0, 3_000))
    village = entry("Dene", "place", "village", (0, 3_000), population=9_000_000)
    site = entry("Town", "site", "town", (0, 3_000))
    assert search(TOWN, village, site, street).town_of(street) == "Barton"
    assert search(village, site, street).town_of(street) == ""
    assert search(TOWN, street).town_of(entry("Mill Lane", at=(0, 3_000), near="Dene")) == "Dene"
    assert search(TOWN, street).town_of(entry("Elsewhere")) == ""


@pytest.mark.parametrize(
    ("one", "detail"),
    [
        (entry("Mill Lane", near="Dene"), "Dene, Barton · NN9"),
        (entry("Mill Lane", near="Barton"), "Barton · NN9"),
        (entry("Mill Lane", at=(0, 15_000)), "NN9"),
        (entry("Dene", "place", "village", (0, 2_000)), "village near Barton · NN9"),
        (entry("Dene", "place", "village", (0, 15_000)), "village · NN9"),
        (entry("Barton", "place", "suburb"), "suburb · NN9"),
        (entry("Danetre", "site", "hospital"), "hospital, Barton · NN9"),
        (entry("Danetre", "site", "hospital", (0, 15_000)), "hospital · NN9"),
    ],
)
def test_where_a_name_is(one: GazetteerEntry, detail: str) -> None:
    names = search(TOWN, one, outwards="NN9")
    assert names.detail(one) == detail
    assert search(TOWN, one).detail(one) == detail.removesuffix("NN9").removesuffix(" · ")


@pytest.mark.parametrize(
    ("at", "where"),
    [
        ((0, 100), "Barton"),
        ((0, 4_900), "Dene, Barton"),
        ((0, 8_900), "Dene, Barton"),
        ((0, 9_100), "Dene"),
        ((0, 13_900), "Dene"),
        ((0, 14_100), ""),
        ((0, 29_000), "Carlby"),
    ],
)
def test_whereabouts_are_a_settlement_and_its_town(at: tuple[float, float], where: str) -> None:
    dene = entry("Dene", "place", "village", (0, 5_000))
    site = entry("Police", "site", "police", (0, 4_900))
    assert search(TOWN, FAR_TOWN, dene, site).whereabouts(*moved(MIDDLE, *at)) == where


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert search().whereabouts(*MIDDLE) == ""
    assert search().find("barton", None, 8) == []
    assert search(entry("Dene", "place", "village")).whereabouts(*MIDDLE) == "Dene"
    assert search(entry("Mill Lane")).whereabouts(*MIDDLE) == ""
    assert search(TOWN).find("the", None, 8) == []


def found(names: NameSearch, text: str, near: tuple[float, float] | None = None, limit: int = 8) -> list[str]:
    return [one.name for one, _ in names.find(text, near, limit)]


def test_scores_fall_with_the_distance_by_a_known_law() -> None:
    lanes = [entry("Mill Lane", at=(0, km * 1000)) for km in (0, 3, 27)]
    scores = [score for _, score in search(*lanes).find("mill lane", None, 8)]
    assert scores[0] == pytest.approx(1 + 0.12 * 0.3)
    assert [scores[0] - score for score in scores] == pytest.approx(
        [0, 0.025 * math.log(2), 0.025 * math.log(10)], abs=1e-4
    )
    # From where the caller is, not from the middle.
    near = moved(MIDDLE, 0, 27_000)
    assert search(*lanes).find("mill lane", near, 8)[0][0] is lanes[2]
    north = [entry("Mill Lane", at=(3_000, 0)), entry("Mill Lane", at=(0, 3_000))]
    ahead = [score for _, score in search(*north).find("mill lane", None, 8)]
    assert ahead[0] == pytest.approx(ahead[1], abs=1e-5)


def test_weight_decides_between_equal_names() -> None:
    dene = [entry("Dene", "place", what) for what in ("hamlet", "town", "village")]
    ranked = search(*dene).find("dene", None, 8)
    assert [one.what for one, _ in ranked] == ["town", "village", "hamlet"]
    scores = [score for _, score in ranked]
    assert scores[0] - scores[2] == pytest.approx(0.12 * (0.8 - 0.35), abs=1e-5)


def test_at_most_twice_as_many_as_are_wanted_are_handed_on() -> None:
    lanes = [entry("Mill Lane", at=(0, n * 100)) for n in range(9)]
    assert len(search(*lanes).find("mill lane", None, 3)) == 6


def test_two_words_may_be_one_and_one_two() -> None:
    names = search(entry("Berrywood", "place", "village"), entry("Kings Heath", "place", "suburb"))
    assert found(names, "berry wood") == ["Berrywood"]
    assert found(names, "kingsheath") == ["Kings Heath"]
    names = search(entry("Old Berrywood", "place", "village"), entry("Berrywood Farm", "place", "farm"))
    assert names.find("old berry wood", MIDDLE, 8)[0][1] == pytest.approx(1 + 0.12 * 0.55)
    assert names.find("berry wood farm", MIDDLE, 8)[0][1] == pytest.approx(1 + 0.12 * 0.15)


def test_far_behind_the_best_is_left_out_and_so_is_what_is_hardly_alike() -> None:
    names = search(entry("Abington Street"), entry("Abington Park"), entry("Cliftonville"), entry("Street"))
    assert found(names, "abington street")[0] == "Abington Street"
    assert "Cliftonville" not in found(names, "abington street")
    assert found(names, "qwertyuiop") == []
    for text in ("abington street", "abington", "street", "clifton"):
        scores = [score for _, score in names.find(text, MIDDLE, 8)]
        assert min(scores) >= 0.45
        assert min(scores) - 0.036 >= 0.72 * (max(scores) - 0.036) - 1e-4


def test_a_word_that_exists_is_doubted_only_when_nothing_answers_well() -> None:
    names = search(entry("More Close"), entry("Moore Street", near="Kingsley"))
    assert found(names, "more close")[0] == "More Close"
    assert found(names, "more street kingsley")[0] == "Moore Street"
    for text, thorough in (("more close", False), ("more xylophone kingsley", True), ("moore", False)):
        scores = {way: float(names._index.score(query_words(text), thorough=way).max()) for way in (False, True)}
        assert (scores[False] < 0.6) is thorough
        assert names.find(text, MIDDLE, 8)[0][1] == pytest.approx(scores[thorough] + 0.12 * 0.3, abs=1e-5)
    # Where one name answers well, others are not taken for misspelt.
    names = search(entry("More Close"), entry("Moore Close"))
    ranked = dict(found_scores(names, "more close"))
    assert ranked.get("Moore Close", 0) < 0.8


def found_scores(names: NameSearch, text: str) -> list[tuple[str, float]]:
    return [(one.name, score) for one, score in names.find(text, MIDDLE, 8)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12b Mill Ln", [("mill",), ("lane",)]),
        ("St James Rd", [("street", "saint"), ("james",), ("road",)]),
        ("Dr Gray", [("drive", "doctor"), ("gray",)]),
        ("flat 3, the Elms", [("elms",)]),
        ("A43", [("a43",)]),
        ("12-14 N Park", [("north",), ("park",)]),
        ("Café O'Neill", [("cafe",), ("oneill",)]),
        ("  ", []),
    ],
)
def test_what_is_typed_is_split_into_words(typed: str, words: list[tuple[str, ...]]) -> None:
    assert query_words(typed) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("St James Street", ["saint", "james", "street"]),
        ("St. James St", ["saint", "james", "street"]),
        ("The St", ["street"]),
        ("Dr Gray Dr", ["doctor", "gray", "drive"]),
        ("Ashton-under-Lyne", ["ashton", "under", "lyne"]),
        ("Gt Billing Hse", ["great", "billing", "house"]),
        ("King\N{RIGHT SINGLE QUOTATION MARK}s Cres", ["kings", "crescent"]),
    ],
)
def test_names_are_made_alike(name: str, words: list[str]) -> None:
    assert fold(name) == words


def test_the_middle_is_where_it_is_said_to_be() -> None:
    assert metres(MIDDLE, moved(MIDDLE, 0, 9_000)) == pytest.approx(9_000, rel=1e-4)
    assert np.isclose(search(TOWN).find("barton", None, 1)[0][1], 1 + 0.12 * 0.8)


@pytest.mark.parametrize(
    ("begun", "unfinished", "alike"),
    [
        # A name written as one word counts once three quarters of it are there.
        ("berrywood", True, 1.0),
        ("berrywoo", True, 0.85 + 0.14 * 8 / 9),
        ("berrywo", True, 0.85 + 0.14 * 7 / 9),
        ("berryw", True, None),
        ("berry", True, None),
    ],
)
def test_a_name_written_as_one_word_is_begun_late(begun: str, unfinished: bool, alike: float | None) -> None:
    index = WordIndex([["berry", "wood"]], [[]], [["berrywood"]], [[]])
    found = {index._words[at]: one for at, one in index._work_out_spellings(begun, unfinished, False)}
    if alike is None:
        assert found.get("berrywood", 0) < 0.8
    else:
        assert found["berrywood"] == pytest.approx(alike)
