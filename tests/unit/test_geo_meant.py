"""What a said place may mean, over a county of a few names: how likely it is, and whether Enter takes it."""

from typing import Any

import pytest

from db.geo.search.meanings import Meanings, Meant
from db.geo.search.towns_said import TownsSaid
from tests.unit.test_geo_names import MIDDLE, entry, search

COUNTY = (
    entry("Barton", "place", "town", (0, 0), population=40_000),
    entry("Carlby", "place", "town", (15_000, 0), population=9_000),
    entry("Dene", "place", "village", (6_000, 4_000)),
    entry("Mill Lane", at=(500, 0), near="Barton"),
    entry("Mill Lane", at=(15_400, 0), near="Carlby"),
    entry("Mill Close", at=(900, 300), near="Barton"),
    entry("Carlby Road", at=(800, 0), near="Barton"),
    entry("Oak Road", at=(850, 100), near="Barton"),
    entry("Oak Road", at=(6_050, 4_000), near="Dene"),
    entry("Elm Avenue", at=(15_100, 500), near="Carlby"),
    entry("Fir Trading Estate", "place", "locality", (1_000, 1_500), "Barton"),
    entry("Barton General Hospital", "site", "hospital", (300, 200), "Barton"),
    entry("Carlby Infirmary", "site", "hospital", (15_300, 200), "Carlby"),
    entry("Danetre Hospital", "site", "hospital", (15_000, -300), "Carlby"),
    entry("Danetre Drive", at=(200, 900), near="Barton"),
    entry("Abbey Park Surgery", "site", "doctors' surgery", (400, 400), "Barton"),
    entry("Forge Farm", "place", "farm", (3_000, 0), "Barton"),
    entry("A43", "street", "road", (2_000, 500), "Barton"),
    entry("A43", "street", "road", (13_000, 500), "Carlby"),
)
Told = tuple[str, Any, str, str, str]
"""Where, how likely, how far it is what was said, what was said beside its name, and what speaks against it."""
SAID: list[tuple[str, bool, list[Told]]] = [
    # A name said in whole; in the town that was said; two of a name leave a question.
    (
        "mill lane",
        False,
        [("Mill Lane, Barton", 1.5921, "EXACT", "", ""), ("Mill Lane, Carlby", 1.5507, "EXACT", "", "")],
    ),
    ("mill lane barton", True, [("Mill Lane, Barton", 1.7921, "EXACT", "", "")]),
    ("mill lane carlby", True, [("Mill Lane, Carlby", 1.7929, "EXACT", "", "")]),
    (
        "barton mill lane",
        True,
        [
            ("Mill Lane, Barton", 1.7921, "EXACT", "", ""),
            ("Mill Lane, Carlby", 0.1629, "SOME", "", "Not in Barton."),
        ],
    ),
    ("oak road dene", True, [("Oak Road, Dene", 1.7956, "EXACT", "", "")]),
    ("carlby road barton", True, [("Carlby Road, Barton", 1.7901, "EXACT", "", "")]),
    (
        "m mill lane",
        False,
        [("Mill Lane, Barton", 1.5921, "EXACT", "", ""), ("Mill Lane, Carlby", 1.5507, "EXACT", "", "")],
    ),
    # Where it lies in another town than was said; where nothing of that name lies in the town.
    (
        "mill lane dene",
        False,
        [
            ("Dene", 0.9, "SOME", "", "Only the town: mill lane is not known there."),
            ("Mill Lane, Barton", 0.134, "SOME", "", "Not in Dene."),
            ("Mill Lane, Carlby", 0.0925, "SOME", "", "Not in Dene."),
        ],
    ),
    (
        "elm avenue barton",
        False,
        [
            ("Barton", 0.9, "SOME", "", "Only the town: elm avenue is not known there."),
            ("Elm Avenue, Carlby", 0.21, "SOME", "", "Not in Barton."),
        ],
    ),
    ("zebra carlby", False, [("Carlby", 0.9, "SOME", "", "Only the town: zebra is not known there.")]),
    ("elm avenue elby", False, [("Elm Avenue, Carlby", 0.581, "SOME", "", "")]),
    # What is no part of the name costs, each word the same.
    (
        "forge oak road",
        False,
        [
            ("Oak Road, Barton", 1.5097, "EXACT", "more before", ""),
            ("Oak Road, Dene", 1.4853, "EXACT", "more before", ""),
        ],
    ),
    (
        "forge cottage mill lane",
        False,
        [
            ("Mill Lane, Barton", 1.4321, "EXACT", "more before", ""),
            ("Mill Lane, Carlby", 1.3907, "EXACT", "more before", ""),
        ],
    ),
    ("the old forge oak road dene", True, [("Oak Road, Dene", 1.6356, "EXACT", "more before", "")]),
    (
        "chapel on mill lane",
        False,
        [
            ("Mill Lane, Barton", 1.5121, "EXACT", "more before", ""),
            ("Mill Lane, Carlby", 1.4707, "EXACT", "more before", ""),
        ],
    ),
    ("mil lane barton", False, [("Mill Lane, Barton", 1.3553, "ALL_SAID", "more before", "")]),
    # The district that was said, and another; what few say of a name.
    (
        "oak road nn9",
        False,
        [("Oak Road, Barton", 1.5546, "EXACT", "", ""), ("Oak Road, Dene", 1.5302, "EXACT", "", "")],
    ),
    (
        "oak road nn2",
        False,
        [
            ("Oak Road, Barton", 1.5097, "EXACT", "more", "The map names it outside NN2."),
            ("Oak Road, Dene", 1.4853, "EXACT", "more", "The map names it outside NN2."),
        ],
    ),
    (
        "oak road nn2 carlby",
        False,
        [
            ("Carlby", 0.9, "SOME", "", "Only the town: oak road nn2 is not known there."),
            ("Oak Road, Barton", -0.0428, "SOME", "", "Not in Carlby."),
            ("Oak Road, Dene", -0.0672, "SOME", "", "Not in Carlby."),
        ],
    ),
    ("fir estate", True, [("Fir Trading Estate, Barton", 1.2489, "ALL_SAID", "", "")]),
    ("fir industrial estate", True, [("Fir Trading Estate, Barton", 1.0056, "ALL_SAID", "more", "")]),
    ("fir trading estate barton", True, [("Fir Trading Estate, Barton", 1.7722, "EXACT", "", "")]),
    # One that is misspelt.
    (
        "mill lane bartn",
        True,
        [
            ("Mill Lane, Barton", 1.6721, "ALL_NAMED", "", ""),
            ("Mill Lane, Carlby", 0.1629, "SOME", "", "Not in Barton."),
        ],
    ),
    (
        "bartn",
        True,
        [("Barton", 1.1871, "ALL_NAMED", "", ""), ("Barton General Hospital, Barton", 1.0075, "ALL_SAID", "", "")],
    ),
    # A site, its kind left out; a park that a surgery is called after; a farm and its name.
    ("general hospital", True, [("Barton General Hospital, Barton", 1.4372, "ALL_SAID", "", "")]),
    (
        "danetre",
        True,
        [
            ("Danetre Hospital, Carlby", 1.6133, "EXACT", "", ""),
            ("Danetre Drive, Barton", 1.214, "ALL_SAID", "", ""),
        ],
    ),
    ("danetre drive", True, [("Danetre Drive, Barton", 1.5893, "EXACT", "", "")]),
    ("abbey park", False, [("Abbey Park Surgery, Barton", 1.562, "EXACT", "", "")]),
    ("abbey park surgery", True, [("Abbey Park Surgery, Barton", 1.5737, "EXACT", "", "")]),
    ("forge", True, [("Forge Farm, Barton", 1.1969, "ALL_SAID", "", "")]),
    (
        "behind mill lane",
        False,
        [("Mill Lane, Barton", 1.5921, "EXACT", "", ""), ("Mill Lane, Carlby", 1.5507, "EXACT", "", "")],
    ),
    # Where there are emergencies, all of here or those of a town.
    (
        "a&e",
        False,
        [
            ("Barton General Hospital, Barton", 1.4972, "ALL_SAID", "", ""),
            ("Carlby Infirmary, Carlby", 1.4548, "ALL_SAID", "", ""),
        ],
    ),
    ("a&e carlby", True, [("Carlby Infirmary, Carlby", 1.4548, "ALL_SAID", "", "")]),
    ("casualty at barton general", True, [("Barton General Hospital, Barton", 1.4972, "ALL_SAID", "", "")]),
    # Numbered roads: each place, that in the town, what is along it; between two places is neither.
    ("a43", False, [("A43, Barton", 1.8, "SOME", "", ""), ("A43, Carlby", 1.799, "SOME", "", "")]),
    ("a43 carlby", False, [("A43, Carlby", 2.1, "SOME", "", ""), ("A43, Barton", 1.799, "SOME", "", "")]),
    (
        "a43 mill lane",
        False,
        [
            ("Mill Lane, Barton", 2.1032, "SOME", "", ""),
            ("Mill Lane, Carlby", 2.0991, "SOME", "", ""),
            ("A43, Barton", 1.8, "SOME", "", ""),
            ("A43, Carlby", 1.799, "SOME", "", ""),
        ],
    ),
    (
        "between barton and dene a43",
        False,
        [("A43, Barton", 2.0, "SOME", "", ""), ("A43, Carlby", 1.799, "SOME", "", "")],
    ),
    ("a43 zebra", False, [("A43, Barton", 1.8, "SOME", "", ""), ("A43, Carlby", 1.799, "SOME", "", "")]),
    # Where two roads meet, in the town that was said last.
    (
        "mill lane and oak road",
        False,
        [
            ("Mill Lane, Barton", 2.7952, "EXACT", "", ""),
            ("Oak Road, Barton", 1.5897, "EXACT", "", ""),
            ("Oak Road, Dene", 1.5653, "EXACT", "", ""),
            ("Mill Lane, Carlby", 1.5507, "EXACT", "", ""),
        ],
    ),
    (
        "oak road and mill close barton",
        False,
        [
            ("Oak Road, Barton", 2.9729, "EXACT", "", ""),
            ("Mill Close, Barton", 1.7891, "EXACT", "", ""),
            ("Oak Road, Dene", 1.0842, "EXACT", "", "Not in Barton."),
        ],
    ),
    (
        "corner of carlby road and oak road",
        False,
        [
            ("Carlby Road, Barton", 3.0472, "EXACT", "", ""),
            ("Oak Road, Barton", 1.5897, "EXACT", "", ""),
            ("Oak Road, Dene", 1.5653, "EXACT", "", ""),
        ],
    ),
    (
        "oak road and elm avenue",
        False,
        [
            ("Oak Road, Barton", 1.5897, "EXACT", "", ""),
            ("Oak Road, Dene", 1.5653, "EXACT", "", ""),
            ("Elm Avenue, Carlby", 1.5511, "EXACT", "", ""),
        ],
    ),
    (
        "a43 and mill lane",
        False,
        [
            ("Mill Lane, Barton", 2.1032, "SOME", "", ""),
            ("Mill Lane, Carlby", 2.0991, "SOME", "", ""),
            ("A43, Barton", 1.8, "SOME", "", ""),
            ("A43, Carlby", 1.799, "SOME", "", ""),
        ],
    ),
]


@pytest.fixture(scope="module")
def meanings() -> Meanings:
    names = search(*COUNTY, outwards="NN9")
    return Meanings(names, TownsSaid(names, MIDDLE), MIDDLE, "Shire")


def told(one: Meant) -> Told:
    there = COUNTY[one.number]
    where = f"{there.name}, {there.near}".rstrip(", ")
    beside = ("more" if one.dropped else "") + (" before" if one.cut else "")
    return where, pytest.approx(one.score, abs=2e-4), one.level.name, beside, one.doubt


@pytest.mark.parametrize(("text", "sure", "meant"), SAID)
def test_what_may_be_meant(meanings: Meanings, text: str, sure: bool, meant: list[Told]) -> None:
    found, is_sure = meanings.find(text, None, 2)
    assert ([told(one) for one in found], is_sure) == (meant, sure)


SITES = (
    entry("Barton", "place", "town", population=40_000),
    entry("Weston", "place", "suburb", (2_000, 0)),
    entry("Kingsley Police Station", "site", "police", (500, 0), "Barton"),
    entry("Weston Police Station", "site", "police", (2_100, 0), "Weston"),
    entry("Elby Station Hospital", "site", "hospital", (900, 0), "Barton"),
    entry("St Anne Hospital", "site", "hospital", (0, 900), "Barton"),
    entry("Danetre Hospital", "site", "hospital", (0, 1_900), "Barton"),
    entry("Elmley", "place", "village", (6_000, 0)),
    entry("Elmley", at=(8_000, 0), near="Elmley"),
    entry("Oakley", "place", "village", (6_000, 6_000)),
    entry("Oakley", at=(900, 0), near="Barton"),
)


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        # A station, a saint's church and a part of the town have the name as well; a hospital's name is its own.
        ("kingsley", False),
        ("kingsley station", False),
        ("kingsley police", True),
        ("kingsley police station", True),
        ("weston police", True),
        ("elby", True),
        ("elby hospital", True),
        ("st anne", False),
        ("st anne hospital", True),
        ("danetre", True),
        # What is said to be at a place is what was found, by its whole name.
        ("danetre hospital at barton", True),
        ("danetre chapel at barton", False),
        # A street that is called as the village it lies in is the village; one in the town is another.
        ("elmley", True),
        ("oakley", False),
    ],
)
def test_what_else_may_be_called_so_leaves_a_question(text: str, sure: bool) -> None:
    names = search(*SITES)
    assert Meanings(names, TownsSaid(names, MIDDLE), MIDDLE).find(text, None, 3)[1] is sure
