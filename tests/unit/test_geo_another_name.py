"""A street of another name than was said is asked about; a house before its street is no part of the name."""

import pytest

from db.domain.place_words import address_of
from db.geo.search.another_name import is_cut_from_another, is_doubtful, is_no_slip
from db.geo.search.answering import Level
from db.geo.search.words import fold, query_words

CUT = [
    ("Acacia Avenue", "The Avenue", True),
    ("12 Sorrel Green", "The Green", True),
    ("The Avenue", "The Avenue", False),
    ("12 The Green", "The Green", False),
    ("Ivy Cottage, The Green", "The Green", False),
    ("ivy cottage the green", "The Green", False),
    ("Ivy Cottage, Green", "The Green", False),
    ("upper mill lane", "Mill Lane", True),
    ("42 Great Park Street", "Park Street", True),
    ("8 Cedar Park Road", "Park Road", True),
    ("8 Cedar Court Park Road", "Park Road", False),
    ("Cedar Court, 8 Park Road", "Park Road", False),
    ("8 Cedar, Park Road", "Park Road", False),
    ("flat 2 The Old Dairy Park Road", "Park Road", True),
    ("The Old Dairy, Park Road", "Park Road", False),
    ("old dairy park road", "Park Road", False),
    ("saint giles st", "St Giles Street", False),
    ("1 O'Brien Way", "Quarry Way", True),
]


def test_what_stands_before_a_street_is_a_house_or_a_part_of_another_name() -> None:
    told = [(said, name, is_cut_from_another(said, name, fold(name))) for said, name, _ in CUT]
    assert told == CUT


@pytest.mark.parametrize(
    ("said", "name", "beside", "no_slip"),
    [
        ("prince close", "Princess Close", "", True),
        ("mill street", "Hill Street", "", True),
        ("princes close", "Princess Close", "", False),
        ("hil street", "Hill Street", "", False),
        ("hill st barton", "Hill Street", "barton", False),
        ("st hill", "Hill Street", "", False),
    ],
)
def test_a_word_of_another_name_is_no_slip(said: str, name: str, beside: str, no_slip: bool) -> None:
    known = {"prince", "mill", "hill", "princess", "street", "close"}
    assert is_no_slip(query_words(said), fold(name), fold(beside), known.__contains__) is no_slip


def test_a_slip_is_sure_among_words_that_are_none() -> None:
    one, two = query_words("dirft"), query_words("hihg street")
    said = [(one, Level.ALL_NAMED), (two, Level.ALL_NAMED), (one, Level.EXACT)]
    assert [is_doubtful(words, level, dropped=False) for words, level in said] == [True, False, False]
    assert [is_doubtful(words, level, dropped=True) for words, level in said] == [True, True, False]


@pytest.mark.parametrize(
    ("typed", "title", "kept"),
    [
        ("chapel street weldon", "High Street", "High Street (chapel street), Weldon"),
        ("the old bakery, main road, weldon", "Church Road", "the old bakery, Church Road (main road), Weldon"),
        ("flat 4, 9 elder rd weldon", "Alder Road", "flat 4, 9 Alder Road, Weldon"),
        ("17 larch gardens, weldon", "The Gardens", "17 The Gardens (larch gardens), Weldon"),
        ("17 The Gardens, weldon", "The Gardens", "17 The Gardens, Weldon"),
        ("rose cottage mill lane weldon", "Mill Lane", "rose cottage Mill Lane, Weldon"),
        ("wgh general maple ward", "Weldon General", "wgh Weldon General (maple ward), Weldon"),
        ("The Laurels, The Gardens, weldon", "The Gardens", "The Laurels, The Gardens, Weldon"),
        ("at the end of the lane, The Gardens", "The Gardens", "at the end of the lane, The Gardens, Weldon"),
    ],
)
def test_a_name_that_was_typed_and_not_picked_stands_by_itself(typed: str, title: str, kept: str) -> None:
    """Half of it before the street that was picked would be a street that there is not."""
    assert address_of(typed, title, "Weldon · NN17", None) == kept
