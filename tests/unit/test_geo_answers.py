"""How likely each answer to a typed place is, on a small directory: the likelier meaning stands first."""

import pytest

from db.geo.search import gazetteer, places, postcode_answers
from db.geo.search.gazetteer import GazetteerEntry
from db.geo.search.places import PlaceFinder
from tests.unit.test_geo_directory import degrees, finder

__all__ = ["finder"]
Scored = dict[str, float]


def test_the_numbers_that_were_chosen() -> None:
    assert (places._CLOSE_METRES, places._STREET_METRES) == (250, 250)
    assert (postcode_answers._CLOSE_BY_METRES, gazetteer._TWIN_METRES) == (3000, 4000)


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        # A postcode in full is what is meant; one that is not known gives way a little.
        ("NN1 1AA", {"NN1 1AA": 2.0}),
        ("NN1 1AB", {"NN1 1AB": 2.0}),
        ("NN1 1ZZ", {"NN1 1": 1.9}),
        ("NN1 9ZZ", {"NN1": 1.9}),
        # A part with a digit is a postcode, of ours a little likelier; letters alone begin many names.
        ("NN1", {"NN1": 1.7}),
        ("NE1", {"NE1": 1.6}),
        ("NN", {"NN": 0.8}),
        ("NE", {"NE": 0.7}),
        # The whole before the part that it may be, and a part before what it begins, in order; squares last.
        ("NN12", {"NN12": 1.6, "NN1 2": 1.5, "NN1 2AA": 1.1, "NN 1500 2500": 0.6}),
        ("NN1 1", {"NN1 1": 1.7, "NN1 1AA": 1.3, "NN1 1AD": 1.299, "NN1 1AB": 1.298, "NN 1500 1500": 0.6}),
        # A square of the grid is the less likely the larger it is.
        ("SP 75 62", {"SP 7550 6250": 1.65}),
        ("SP 7 6", {"SP 7500 6500": 0.6}),
        ("SP 751 621", {"SP 7515 6215": 2.0}),
        ("52.2512, -0.9011", {"52.25120, -0.90110": 2.0}),
        ("filled.count.soap", {"///filled.count.soap": 1.0}),
        ("", {}),
    ],
)
def test_how_likely_each_answer_is(finder: PlaceFinder, text: str, scores: Scored) -> None:
    found = {one.title: one.score for one in finder.find(text) if one.kind not in ("street", "place", "site")}
    assert list(found) == list(scores)
    assert list(found.values()) == pytest.approx(list(scores.values()))


@pytest.mark.parametrize(
    ("typed", "warning"),
    [
        ("SP 751 621", None),
        ("SP 75 62", "Only a square of 1 km."),
        ("SP 7 6", "Only a square of 10 km."),
        ("52.2512, -0.9011", None),
        ("-0.9011, 52.2512", "Latitude and longitude were exchanged."),
        ("51.5010, -0.1416", "Outside Shire."),
        ("-0.1416, 51.5010", "Latitude and longitude were exchanged. Outside Shire."),
        ("TQ 29 79", "Only a square of 1 km. Outside Shire."),
    ],
)
def test_what_needs_a_second_look_is_said(finder: PlaceFinder, typed: str, warning: str | None) -> None:
    assert finder.find(typed)[0].warning == warning


@pytest.mark.parametrize(
    ("typed", "detail"),
    [
        ("52.2512, -0.9011", "Barton · SP "),
        ("SP 7510 6210", "Barton"),
        ("NN1 1AA", "Barton"),
        ("NN1 1", "Barton · middle of 2 postcodes"),
    ],
)
def test_where_it_is_is_said_beside_it(finder: PlaceFinder, typed: str, detail: str) -> None:
    found = finder.find(typed)[0].detail
    assert found.startswith(detail)
    assert (found == detail) is ("·" not in detail or "middle" in detail)


def test_no_more_answers_than_are_wanted_and_none_twice(finder: PlaceFinder) -> None:
    assert [one.title for one in finder.find("NN1 1", limit=2)] == ["NN1 1", "NN1 1AA"]
    for text in ("lane", "NN1 1", "mill lane NN1 1AA"):
        found = [(one.kind, one.title, one.detail) for one in finder.find(text)]
        assert len(set(found)) == len(found) <= 8
        assert [one.score for one in finder.find(text)] == sorted(
            (o.score for o in finder.find(text)), reverse=True
        )


def test_a_text_is_cut_at_two_hundred_letters(finder: PlaceFinder) -> None:
    assert finder.find(f"{' ' * 193}NN1 1AA")[0].title == "NN1 1AA"
    assert [one.kind for one in finder.find(f"{' ' * 194}NN1 1AA")] != ["postcode"]


def place(name: str, north: float, people: int = 0, kind: str = "place") -> GazetteerEntry:
    return GazetteerEntry(kind, name, "town", "", *degrees(0, north), people)


@pytest.mark.parametrize(
    ("mine", "other", "merged"),
    [
        # The same within four kilometres: what the pack does not know of it is taken over, and nothing else.
        (("Barton", 0, 0), ("Barton", 3_900, 700), [("Barton", 0, 700)]),
        (("Barton", 0, 500), ("BARTON", 3_900, 700), [("Barton", 0, 500)]),
        (("Barton", 0, 0), ("Barton", 4_100, 700), [("Barton", 0, 0), ("Barton", 4_100, 700)]),
        (("Barton", 0, 0), ("Carlby", 0, 700), [("Barton", 0, 0), ("Carlby", 0, 700)]),
    ],
)
def test_a_place_of_two_lists_is_one(
    mine: tuple[str, float, int], other: tuple[str, float, int], merged: list[tuple[str, float, int]]
) -> None:
    assert gazetteer.merged([place(*mine)], [place(*other)]) == [place(*one) for one in merged]
    # A street of that name is no place.
    street = place(*mine, kind="street")
    assert gazetteer.merged([street], [place(*other)]) == [street, place(*other)]
