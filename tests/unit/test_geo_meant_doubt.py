"""What speaks for and against the first meaning of a said place, rule by rule, over a county of a few names."""

from typing import Any

import pytest

from db.domain.place_said import read_said
from db.geo.search.answering import Level, Query
from db.geo.search.gazetteer import GazetteerEntry
from db.geo.search.meanings import Meanings, Meant
from db.geo.search.names import NameSearch
from db.geo.search.towns_said import TownsSaid
from tests.unit.test_geo_names import MIDDLE, entry

COUNTY = (
    entry("Barton", "place", "town", (0, 0), population=40_000),
    entry("Carlby", "place", "town", (15_000, 0), population=9_000),
    entry("Weston", "place", "suburb", (0, 2_000), "Barton"),
    entry("Dene", "place", "village", (6_000, 4_000)),
    entry("Oak Road", at=(850, 100), near="Barton"),
    entry("Oak Road", at=(6_050, 4_000), near="Dene"),
    entry("Oak Close", at=(2_900, 600), near="Barton"),
    entry("Elm Avenue", at=(15_100, 500), near="Carlby"),
    entry("Carlby Road", at=(800, 0), near="Barton"),
    entry("Barton General Hospital", "site", "hospital", (300, 200), "Barton"),
    entry("Carlby Infirmary", "site", "hospital", (15_300, 200), "Carlby"),
    entry("Danetre Hospital", "site", "hospital", (15_000, -300), "Carlby"),
    entry("Danetre Drive", at=(200, 900), near="Barton"),
    entry("Royal Library", "site", "library", (100, 100), "Barton"),
    entry("Weston Police Station", "site", "police", (100, 2_100), "Weston"),
    entry("Forge Farm", "place", "farm", (3_000, 0), "Barton"),
    entry("A43", at=(2_000, 500), near="Barton"),
    entry("A43", at=(13_000, 500), near="Carlby"),
    entry("A45", at=(2_100, 600), near="Barton"),
    entry("A6", at=(9_000, 500), near="Burton Latimer"),
    entry("A7", at=(9_500, 500)),
    entry("A43 junction 2", at=(3_000, 500), near="Barton"),
    entry("A43 junction 2", at=(3_600, 500), near="Barton"),
    entry("A43 junction 3", at=(12_000, 500), near="Carlby"),
    entry("A9 junction 1", at=(900, 900), near="Barton"),
    entry("Barton Services Northbound", "site", "services", (2_500, 500), "Barton"),
    entry("Barton Services Southbound", "site", "services", (2_520, 510), "Barton"),
)
NINE = {"Carlby", "Dene"}
Told = tuple[str, Any, str]


def meanings_of(*entries: GazetteerEntry) -> Meanings:
    names = NameSearch(entries, ["NN9" if one.near in NINE else "NN1" for one in entries], MIDDLE)
    return Meanings(names, TownsSaid(names, MIDDLE), MIDDLE, "Shire")


@pytest.fixture(scope="module")
def county() -> Meanings:
    return meanings_of(*COUNTY)


def told(one: Meant) -> Told:
    there = COUNTY[one.number]
    return f"{there.name}, {there.near}".rstrip(", "), pytest.approx(one.score, abs=2e-4), one.level.name


@pytest.mark.parametrize(
    ("text", "sure", "meant"),
    [
        # What stands by something else is not it, however well it is named.
        ("oak close by the station", False, [("Oak Close, Barton", 1.4988, "EXACT")]),
        ("oak close on station", False, [("Oak Close, Barton", 1.4988, "EXACT")]),
        # A hospital with a part of it is beyond doubt, unless somebody only stands near it.
        ("bgh ward 3", True, [("Barton General Hospital, Barton", 3.9972, "ALL_SAID")]),
        ("behind bgh ward 3", False, [("Barton General Hospital, Barton", 3.9972, "ALL_SAID")]),
        ("danetre drive clinic", False, [("Danetre Drive, Barton", 0.6066, "SOME")]),
        # The county says nothing; nor does a letter, where there is more.
        ("shire", False, []),
        ("s oak close", True, [("Oak Close, Barton", 1.4988, "EXACT")]),
        ("m", False, []),
        ("w", False, [("Weston, Barton", 0.6929, "SOME"), ("Weston Police Station, Weston", 0.6564, "SOME")]),
        # What few say of a name; the town beside what lies there and is not all that was said.
        (
            "carlby estate",
            True,
            [
                ("Carlby", 1.5312, "EXACT"),
                ("Carlby Infirmary, Carlby", 1.1683, "ALL_SAID"),
                ("Carlby Road, Barton", 1.1401, "ALL_SAID"),
            ],
        ),
        ("infirmary zebra carlby", False, [("Carlby", 0.9, "SOME"), ("Carlby Infirmary, Carlby", 0.832, "SOME")]),
        ("oak close nn2 barton", False, [("Oak Close, Barton", 1.6988, "EXACT"), ("Barton", 0.9, "SOME")]),
        # The district that was said, one that is not its own, and both.
        ("oak road nn9", True, [("Oak Road, Dene", 1.5240, "EXACT")]),
        ("zebra oak road nn9", True, [("Oak Road, Dene", 1.444, "EXACT")]),
        ("oak road nn9 nn1", False, [("Oak Road, Barton", 1.4297, "EXACT"), ("Oak Road, Dene", 1.4053, "EXACT")]),
        ("oak close nn9", False, [("Oak Close, Barton", 1.4988, "EXACT"), ("Oak Road, Dene", 0.4728, "SOME")]),
        # Of two numbered roads where they meet; what is along one, and not what it lies between.
        ("a43 a45 carlby", False, [("A43, Carlby", 2.099, "SOME"), ("A43, Barton", 1.8, "SOME")]),
        (
            "a43 oak close barton",
            False,
            [("A43, Barton", 2.1, "SOME"), ("Oak Close, Barton", 2.0994, "SOME"), ("A43, Carlby", 1.799, "SOME")],
        ),
        (
            "a43 between oak close and forge",
            False,
            [("A43, Barton", 1.8, "SOME"), ("A43, Carlby", 1.799, "SOME"), ("Oak Close, Barton", 1.5658, "SOME")],
        ),
        # The first word of what it lies at is enough; where it lies at nothing, nothing says it.
        ("a6", False, [("A6, Burton Latimer", 1.8, "SOME")]),
        ("a6 burton", False, [("A6, Burton Latimer", 2.0, "SOME")]),
        ("a7", False, [("A7", 1.8, "SOME")]),
        # One junction is a place; of two it is either, or between them.
        ("a43 junction 3", True, [("A43 junction 3, Carlby", 2.5, "EXACT")]),
        ("a43 junction 3 zebra", False, [("A43 junction 3, Carlby", 2.5, "SOME")]),
        (
            "a43 junction 2",
            False,
            [("A43 junction 2, Barton", 2.5, "SOME"), ("A43 junction 2, Barton", 2.49, "SOME")],
        ),
        (
            "a43 between junction 2 and 3",
            False,
            [
                ("A43 junction 2, Barton", 2.5, "SOME"),
                ("A43 junction 2, Barton", 2.49, "SOME"),
                ("A43 junction 3, Carlby", 2.48, "SOME"),
            ],
        ),
        ("a9 junction 1", False, [("A9 junction 1, Barton", 1.2544, "ALL_SAID")]),
        # Where two meet, one of them by its number, or a junction by its own.
        ("junction of a43 and a45", False, [("A43, Barton", 1.8, "SOME"), ("A43, Carlby", 1.799, "SOME")]),
        ("junction of 3 and a43", False, [("A43 junction 3, Carlby", 2.5, "SOME")]),
        (
            "junction of a9 and oak road",
            False,
            [
                ("Oak Road, Barton", 1.5897, "EXACT"),
                ("Oak Road, Dene", 1.5653, "EXACT"),
                ("A9 junction 1, Barton", 1.1900, "ALL_SAID"),
            ],
        ),
        (
            "corner of oak road and carlby road",
            False,
            [
                ("Oak Road, Barton", 2.9079, "SOME"),
                ("Carlby Road, Barton", 1.5901, "EXACT"),
                ("Oak Road, Dene", 0.1727, "SOME"),
            ],
        ),
        ("corner of oak road and barton", False, [("Oak Road, Barton", 2.6, "EXACT"), ("Barton", 1.656, "EXACT")]),
        (
            "corner of oak road and zebra",
            False,
            [("Oak Road, Barton", 1.5897, "EXACT"), ("Oak Road, Dene", 1.5653, "EXACT")],
        ),
        (
            "corner of elm avenue and oak close",
            False,
            [("Oak Close, Barton", 1.5788, "EXACT"), ("Elm Avenue, Carlby", 1.5511, "EXACT")],
        ),
        # The other side of a motorway is another place.
        (
            "barton services",
            False,
            [
                ("Barton Services Northbound, Barton", 1.4862, "ALL_SAID"),
                ("Barton Services Southbound, Barton", 1.4861, "ALL_SAID"),
            ],
        ),
    ],
)
def test_what_may_be_meant_first(county: Meanings, text: str, sure: bool, meant: list[Told]) -> None:
    found, is_sure = county.find(text, None, 2)
    assert ([told(one) for one in found[: len(meant)]], is_sure) == (meant, sure)
    assert bool(found) is bool(meant)


def test_the_services_of_a_town_come_before_those_of_another_that_lie_on_the_side_that_was_said() -> None:
    made = meanings_of(*COUNTY, entry("Carlby Services", "site", "services", (15_400, 800), "Carlby"))
    for said, first in {
        "carlby services northbound": "Carlby Services",
        "carlby services": "Carlby Services",
        "barton services southbound": "Barton Services Southbound",
    }.items():
        found, is_sure = made.find(said, None, 3)
        assert (made._names.entries[found[0].number].name, is_sure) == (
            first,
            said != "carlby services northbound",
        )
    # Where a town has none, that is said first.
    found, _ = meanings_of(*COUNTY).find("carlby services northbound", None, 3)
    assert [COUNTY[one.number].name for one in found[:2]] == ["Carlby", "Barton Services Northbound"]


@pytest.mark.parametrize("text", ["barton", "corner of oak road and barton", "bgh ward oak", "a43 junction 2"])
def test_twice_as_many_are_weighed_as_are_wanted(county: Meanings, text: str) -> None:
    every = county.find(text, None, 9)[0]
    assert [one.number for one in county.find(text, None, 1)[0]] == [one.number for one in every[:2]]


def test_of_a_street_outside_its_district_the_one_nearest_to_that_is_meant(county: Meanings) -> None:
    dene = next((one.lat, one.lon) for one in COUNTY if one.name == "Dene")
    found = [told(one) for one in county.find("oak road nn2", dene, 2)[0]]
    assert found == [("Oak Road, Dene", 1.5131, "EXACT"), ("Oak Road, Barton", 1.1644, "EXACT")]


def test_words_before_a_street_do_not_unsay_that_another_lies_in_another_town(county: Meanings) -> None:
    found, is_sure = county.find("rose cottage oak road barton", None, 4)
    said = [(COUNTY[one.number].near, one.doubt, one.dropped, one.cut) for one in found]
    assert said == [("Barton", "", True, True), ("Dene", "Not in Barton.", True, True)]
    assert is_sure


def test_a_road_that_meets_another_is_one_of_those_of_its_name_where_there_are_any(county: Meanings) -> None:
    assert [COUNTY[one.number].name for one in county._weighed_of("oak close", None)] == ["Oak Close"]
    assert [COUNTY[one.number].name for one in county._weighed_of("dene oak", None)] == ["Oak Road"]
    begun = county._weighed_of("w", None)
    assert [(COUNTY[one.number].name, one.level.name) for one in begun] == [
        ("Weston", "SOME"),
        ("Weston Police Station", "SOME"),
    ]


def test_the_county_alone_is_what_is_called_so() -> None:
    hall = meanings_of(entry("Shire Hall", "site", "library", near="Barton"), entry("Oak Hall", near="Barton"))
    assert [one.number for one in hall.find("shire", None, 2)[0]] == [0]
    assert hall.find("shire oak hall", None, 2)[0][0].number == 1


def said(text: str) -> Query:
    return tuple((word,) for word in text.split())


@pytest.mark.parametrize(
    ("text", "hospitals"),
    [
        # Those of here that have an emergency department; those of a town; none where something else is said.
        ("", ["Barton General Hospital", "Carlby Infirmary"]),
        ("general hospital", ["Barton General Hospital", "Carlby Infirmary"]),
        ("carlby", ["Carlby Infirmary"]),
        ("royal carlby", ["Carlby Infirmary"]),
        ("zebra", []),
        ("zebra carlby", []),
    ],
)
def test_where_the_emergencies_of_a_place_are(county: Meanings, text: str, hospitals: list[str]) -> None:
    found = county._emergencies(said(text))
    assert [(COUNTY[one.number].name, one.level) for one in found] == [
        (name, Level.ALL_SAID) for name in hospitals
    ]
    assert all(1.4 < one.score < 1.5 for one in found)


def test_a_road_of_which_only_a_junction_is_known_is_no_numbered_road(county: Meanings) -> None:
    assert county._on_road(read_said("a9 junction 1"), between=False) == []
    assert county._on_road(read_said("oak road"), between=False) == []


# --- two of them, one against the other ---

PLACE = entry("Elmley", "place", "village")
STREET = entry("Elmley", at=(5_000, 0), near="Elmley")


@pytest.mark.parametrize(
    ("one", "other", "is_part"),
    [
        (STREET, PLACE, True),
        (PLACE, STREET, False),
        (entry("Elmley", near="Barton"), PLACE, False),
        (entry("Elm Lane", near="Elmley"), PLACE, False),
        (entry("Elmley", "site", "library", near="Elmley"), PLACE, False),
        (STREET, entry("Elmley", "site", "library"), False),
        (STREET, entry("Elmley", near="Elmley"), False),
        (STREET, entry("Oakley", "place", "village"), False),
    ],
)
def test_a_street_that_is_called_as_its_village_is_part_of_it(
    one: GazetteerEntry, other: GazetteerEntry, is_part: bool
) -> None:
    assert Meanings._is_part_of(one, other) is is_part


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # Called alike they are one at a greater distance, whichever has more to its name.
        (entry("Oak Road"), entry("Oak Road", at=(1_400, 0)), True),
        (entry("Oak Road"), entry("Oak Road", at=(1_600, 0)), False),
        (entry("Oak Road"), entry("Oak Road North", at=(1_400, 0)), True),
        (entry("Oak Road North"), entry("Oak Road", at=(1_400, 0)), True),
        (entry("Oak Road"), entry("Oak Close", at=(390, 0)), True),
        (entry("Oak Road"), entry("Oak Close", at=(410, 0)), False),
        # Its village is the same, however far its middle; the other carriageway is not, however near.
        (STREET, PLACE, True),
        (PLACE, STREET, True),
        (entry("Oak Services Northbound"), entry("Oak Services Southbound", at=(20, 0)), False),
        (entry("Oak Services Northbound"), entry("Oak Services Northbound", at=(20, 0)), True),
        (entry("Oak Services Northbound"), entry("Oak Services", at=(20, 0)), False),
    ],
)
def test_what_is_the_same_place(one: GazetteerEntry, other: GazetteerEntry, same: bool) -> None:
    ours = Meant(0, 1, Level.EXACT), Meant(1, 1, Level.EXACT)
    assert meanings_of(one, other)._is_same_place(*ours) is same


SITE = entry("Oak Surgery", "site", "doctors' surgery")
FAR = (9_000, 0)


@pytest.mark.parametrize(
    ("one", "other", "level", "doubt", "rivals"),
    [
        (SITE, entry("Elm Surgery", "site", "doctors' surgery", FAR), Level.ALL_NAMED, "", True),
        (SITE, entry("Elm Surgery", "site", "doctors' surgery", FAR), Level.ALL_SAID, "", True),
        (SITE, entry("Elm Surgery", "site", "doctors' surgery", FAR), Level.SOME, "", False),
        (SITE, entry("Elm Surgery", "site", "doctors' surgery", FAR), Level.EXACT, "Not in Barton.", False),
        (SITE, entry("Elm Surgery", "site", "doctors' surgery", (100, 0)), Level.EXACT, "", False),
        # Of a street's name its kind is said: without it the site is meant. Of two streets either may be.
        (SITE, entry("Oak Drive", at=FAR), Level.ALL_SAID, "", False),
        (SITE, entry("Oak Drive", at=FAR), Level.ALL_NAMED, "", True),
        (entry("Oak Road"), entry("Oak Drive", at=FAR), Level.ALL_SAID, "", True),
        (entry("Oak Road"), entry("Oak Surgery", "site", "doctors' surgery", FAR), Level.ALL_SAID, "", True),
    ],
)
def test_what_may_be_meant_as_well(
    one: GazetteerEntry, other: GazetteerEntry, level: Level, doubt: str, rivals: bool
) -> None:
    first = Meant(0, 1, Level.ALL_SAID)
    assert meanings_of(one, other)._rivals(first, Meant(1, 1, level, doubt)) is rivals


@pytest.mark.parametrize(
    ("other", "level", "doubt", "twin"),
    [
        # Another surgery is called by a word that was said, which the first is not.
        (entry("Elm Surgery", "site", "doctors' surgery", FAR), Level.ALL_SAID, "", True),
        (entry("Elm Surgery", "site", "doctors' surgery", FAR), Level.SOME, "", False),
        (entry("Elm Surgery", "site", "doctors' surgery", FAR), Level.ALL_SAID, "Not in Barton.", False),
        (entry("Elm Library", "site", "library", FAR), Level.ALL_SAID, "", False),
        (entry("Elm Surgery", "street", "doctors' surgery", FAR), Level.ALL_SAID, "", False),
        (entry("Yew Surgery", "site", "doctors' surgery", FAR), Level.ALL_SAID, "", False),
        (entry("Oak Surgery", "site", "doctors' surgery", FAR), Level.ALL_SAID, "", False),
    ],
)
def test_a_twin_is_another_of_the_sort_that_was_said(
    other: GazetteerEntry, level: Level, doubt: str, twin: bool
) -> None:
    found = [Meant(0, 1, Level.ALL_SAID), Meant(1, 0.9, level, doubt)]
    assert meanings_of(SITE, other)._has_twin(found, said("elm surgery")) is twin
    assert meanings_of(SITE, other)._has_twin(found[:1], said("elm surgery")) is False


def test_two_streets_or_places_are_no_twins() -> None:
    pair = entry("Oak Road"), entry("Elm Road", at=FAR)
    found = [Meant(0, 1, Level.EXACT), Meant(1, 0.9, Level.EXACT)]
    assert meanings_of(*pair)._has_twin(found, said("elm")) is False


# --- the first of them by itself ---


@pytest.mark.parametrize(
    ("one", "level", "cut", "half"),
    [
        (entry("Oak Road"), Level.ALL_SAID, False, True),
        (entry("Oak Road"), Level.ALL_NAMED, False, False),
        (entry("Oak Road"), Level.EXACT, True, False),
        (entry("Oak Services"), Level.ALL_SAID, False, False),
        (entry("Oakley", "place", "village"), Level.ALL_SAID, False, False),
        (entry("Oakley", "place", "village"), Level.EXACT, True, True),
        (SITE, Level.ALL_SAID, True, False),
    ],
)
def test_what_is_said_in_half(one: GazetteerEntry, level: Level, cut: bool, half: bool) -> None:
    assert meanings_of(one)._is_half_said(Meant(0, 1, level, cut=cut)) is half


POLICE = entry("Weston Police Station", "site", "police", near="Barton")


@pytest.mark.parametrize(
    ("one", "text", "dropped", "cut", "another"),
    [
        # No site: only where words were left out, and of them a building in a place, or a farm for an estate.
        (entry("Oak Road"), "oak road station", True, False, False),
        (entry("Weston", "place", "suburb"), "weston station", True, False, True),
        (entry("Weston", "place", "suburb"), "weston station", False, False, False),
        (entry("Weston", "place", "suburb"), "weston zebra", True, False, False),
        (entry("Weston Station", "place", "suburb"), "weston station", True, False, False),
        (entry("Forge Farm", "place", "farm"), "forge estate", True, False, True),
        (entry("Forge Farm", "place", "farm"), "forge estate", False, False, False),
        # A site of which something before it is no part; one whose kind was said, and one whose was not.
        (POLICE, "zebra weston police station", True, True, True),
        (POLICE, "weston police station", False, False, False),
        (POLICE, "weston police station", True, False, False),
        (POLICE, "weston", False, False, True),
        (POLICE, "weston station", False, False, True),
        (entry("Weston Pharmacy", "site", "pharmacy"), "weston", False, False, True),
        (entry("Weston Pharmacy", "site", "pharmacy"), "weston pharmacy", False, False, False),
        (entry("Saint Anne Hospital", "site", "hospital"), "saint anne", False, False, True),
        (entry("Abbey Park Surgery", "site", "doctors' surgery"), "abbey park", False, False, True),
        (entry("Abbey Surgery", "site", "doctors' surgery"), "abbey", False, False, False),
        (entry("Abbey Surgery", "site", "doctors' surgery"), "abbey", True, False, True),
        (entry("Elby Station Hospital", "site", "hospital"), "elby", False, False, False),
    ],
)
def test_something_else_of_that_name_may_be_meant(
    one: GazetteerEntry, text: str, dropped: bool, cut: bool, another: bool
) -> None:
    first = Meant(0, 1, Level.ALL_SAID, dropped=dropped, cut=cut)
    assert meanings_of(one)._is_another_kind([first], said(text)) is another


def test_a_part_of_the_town_may_have_the_name_of_what_stands_there() -> None:
    surgery = entry("Weston Surgery", "site", "doctors' surgery", near="Weston")
    found = [Meant(0, 1, Level.ALL_SAID)]
    assert meanings_of(surgery)._is_another_kind(found, said("weston")) is True
    elsewhere = entry("Weston Surgery", "site", "doctors' surgery", near="Barton")
    assert meanings_of(elsewhere)._is_another_kind(found, said("weston")) is False
