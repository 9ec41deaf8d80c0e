"""How well a name answers what was said, word for word, and what that is worth."""

import pytest

from db.geo.search.answering import Fit, Level, NameWords, Query, fit, is_said
from db.geo.search.gazetteer import GazetteerEntry
from db.geo.search.meanings import Meanings, _worth
from db.geo.search.numbered import NumberedRoads
from db.geo.search.short_towns import spelt_out

HOSPITAL = NameWords(("kettering", "general", "hospital"), ("kgh",), ("hospital",), ("kettering", "corby"))
TWICE = NameWords(("saint", "james", "saint"), (), (), ())


def words(text: str) -> Query:
    return tuple((word,) for word in text.split())


@pytest.mark.parametrize(
    ("said", "level", "share", "own"),
    [
        ("kettering general hospital", Level.EXACT, 1, {0, 1, 2}),
        ("kettering genral hospital", Level.ALL_NAMED, 1, {0, 1, 2}),
        # Few say what it is; but the town alone is not its hospital.
        ("kettering general", Level.EXACT, 1, {0, 1}),
        ("kettering", Level.ALL_SAID, 1, {0}),
        ("corby", Level.ALL_SAID, 1, set()),
        ("general", Level.ALL_SAID, 1, {0}),
        ("general kettering", Level.ALL_SAID, 1, {0, 1}),
        ("kgh", Level.EXACT, 1, {0}),
        ("kgh corby", Level.EXACT, 1, {0}),
        ("kettering general kettering", Level.EXACT, 1, {0, 1}),
        ("kettering general library", Level.SOME, 2 / 3, {0, 1}),
        ("library", Level.SOME, 0, set()),
        ("", Level.SOME, 0, set()),
    ],
)
def test_how_far_a_name_is_what_was_said(said: str, level: Level, share: float, own: set[int]) -> None:
    found = fit(words(said), HOSPITAL)
    assert (found.level, found.own) == (level, frozenset(own))
    assert found.share == pytest.approx(share, abs=0.06 if level is Level.ALL_NAMED else 1e-9)


def test_each_word_of_a_name_is_used_once() -> None:
    assert fit(words("saint james saint"), TWICE).level is Level.EXACT
    assert fit(words("saint james"), TWICE).level is Level.ALL_SAID
    assert fit(words("saint saint saint"), TWICE).level is Level.SOME


def test_any_meaning_of_a_word_does() -> None:
    assert fit((("st", "saint"), ("james",), ("street", "saint")), TWICE).level is Level.EXACT


@pytest.mark.parametrize(
    ("word", "said", "is_it"),
    [
        ("hospital", "hospital", True),
        # Begun: six letters, or most of the word.
        ("northamptonshire", "northa", True),
        ("northamptonshire", "north", False),
        ("general", "gener", True),
        ("general", "gene", False),
        # Misspelt; a first letter seldom is.
        ("hospital", "hospitl", True),
        ("hospital", "hosiptal", True),
        ("northampton", "morthampton", True),
        ("gorse", "horse", False),
        ("hazel", "hazle", True),
        ("alder", "elder", False),
        # Short words and figures are right or wrong.
        ("oak", "oat", False),
        ("1234", "123", False),
        ("12345", "12346", False),
        ("fir", "fir", True),
    ],
)
def test_what_is_close_enough(word: str, said: str, is_it: bool) -> None:
    assert is_said(word, words(f"zebra {said}")) is is_it


def test_what_an_answer_is_worth() -> None:
    """A whole name more than a part of one, a right one more than a misspelt; what was not of it takes away."""
    assert list(Level) == [0, 1, 2, 3]
    worth = [_worth(Fit(level, 1.0, frozenset())) for level in Level]
    assert worth == pytest.approx([0.0, 0.32, 0.44, 0.56])
    assert _worth(Fit(Level.SOME, 0.5, frozenset())) == pytest.approx(-0.1)


@pytest.mark.parametrize(
    ("said", "fewer"),
    [
        # A house's name before it, of up to five words; never so much that one word is left.
        ("oak", []),
        ("oak road", []),
        ("forge oak road", ["oak road"]),
        ("old forge oak road", ["forge oak road", "oak road"]),
        ("a b c d e f g h", ["b c d e f g h", "c d e f g h", "d e f g h", "e f g h", "f g h"]),
        # Where the district is said, without it first; then without what few people say.
        ("oak road nn1", ["oak road", "road nn1"]),
        ("oak nn1", []),
        ("fir estate", ["fir"]),
        ("fir industrial estate", ["fir", "industrial estate"]),
        ("industrial estate", []),
        ("mill trading estate nn16", ["mill trading estate", "mill nn16", "trading estate nn16", "estate nn16"]),
    ],
)
def test_what_is_left_out_where_all_of_it_names_nothing(said: str, fewer: list[str]) -> None:
    assert [" ".join(one[0] for one in some) for some in Meanings._fewer(words(said))] == fewer


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("N'pton", "Northampton"),
        ("12 Hill St, n\u2019pton", "12 Hill St, Northampton"),
        ("W/boro and K'ring", "Wellingborough and Kettering"),
        ("K ' ring", "Kettering"),
        # Two towns may be meant, none, or a word that is no town at all.
        ("R'den", "R'den"),
        ("X'pton", "X'pton"),
        ("St James' Road", "St James' Road"),
        ("N'on", "N'on"),
    ],
)
def test_a_town_that_is_written_short_is_spelt_out_where_one_alone_is_meant(typed: str, read: str) -> None:
    towns = ("Northampton", "Wellingborough", "Kettering", "Rushden", "Raunden", "Naseby on the Hill")
    assert spelt_out(typed, towns) == read


def test_a_numbered_road_is_known_by_its_places_and_its_junctions() -> None:
    middle, there = (52.2, -0.9), (52.3, -0.8)
    said = [
        ("street", "A45 junction 1", middle),
        ("street", "A43 junction 2", middle),
        ("street", "A43", there),
        ("street", "a43", middle),
        ("street", "A45", (52.301, -0.801)),
        ("place", "A6", middle),
        ("street", "A43 junction", middle),
    ]
    entries = [GazetteerEntry(kind, name, "", "", *at) for kind, name, at in said]
    roads = NumberedRoads(entries, middle)
    assert [roads.knows([ref, "A43"]) for ref in ("A43", "A45", "A6", "M1")] == [True, True, False, False]
    # A junction of whichever road has it, the first before the others.
    asked = (["A43", "A45"], ["1"]), (["A43", "A45"], ["2"]), (["A45", "A43"], ["1", "2"]), (["A45"], ["9"])
    assert [roads.junctions(*one) for one in asked] == [[0], [1], [0], []]
    assert (roads.nearest(["A43"], there), roads.nearest(["A43"], middle)) == ([2, 3], [3, 2])
    assert roads.nearest(["M1"], there) == []
    # Of one road what lies in the middle first; of two, where they meet.
    assert (roads.places(["A43"]), roads.places(["A43", "A45"]), roads.places(["M1", "A43"])) == (
        [3, 2],
        [2, 3],
        [],
    )
