"""Nothing that was typed of a place is lost, whichever suggestion is picked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.place_words import _is_slip, _is_written, address_of
from db.domain.texts import letters

BEFORE = (
    "flat 3", "Flat B,", "apartment 12b", "unit 5", "12", "14a", "12-14", "nr", "behind the", "opposite",
    "Rose Cottage,", "the old forge,", "2nd house past", "blue door", "room 7", "rear of", "c/o Mrs Kaur,",
)  # fmt: skip
BEHIND = ("behind the co-op", "a&e", "car park", "top floor", "red gate", "ask at no 9", "by the swings", "unit 4")
SAID = (
    "high street",
    "alder st kettering",
    "berrywood hospital",
    "m1 junction 15",
    "M1 J15",
    "oak rd",
    "ketering",
    "St Giles St",
)
PICKED = (
    ("High Street", "Moulton, Northampton · NN3"),
    ("Alder Street", "Kettering · NN16"),
    ("Berrywood Hospital", "hospital, Northampton · NN5"),
    ("M1", "Collingtree, Northampton · NN4"),
    ("Kettering", "town · NN16"),
    ("Saint Giles Street", "Northampton · NN1"),
    ("Rose Cottage Lane", "Old, Kettering · NN6"),
    ("52.24050, -0.90270", "Northampton · SP 7502 6082"),
    ("///one.two.three", "kept as text"),
    ("64PX+M8", "Great Billing, Northampton · SP 7851 6045"),
)
LINKING = {"the", "of", "in", "at", "on", "and"}
MEANS = {"st": ("street", "saint"), "rd": ("road",), "ketering": ("kettering",)}


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", letters(text).replace(".", ""))


def is_kept(word: str, kept: list[str]) -> bool:
    """A word that was typed stands there, spelt out or begun if not so."""
    whole = not any(char.isdigit() for char in word)
    return word in kept or any(
        other in MEANS.get(word, ()) or (whole and len(word) >= 3 and other.startswith(word)) for other in kept
    )


@pytest.mark.hazard("H-035")
@given(
    st.lists(st.sampled_from(BEFORE), max_size=3),
    st.sampled_from(SAID),
    st.lists(st.sampled_from(BEHIND), max_size=2),
    st.sampled_from(PICKED),
)
def test_every_word_typed_stays_whichever_suggestion_is_picked(
    before: list[str], said: str, behind: list[str], picked: tuple[str, str]
) -> None:
    typed = " ".join((*before, said, *behind))
    kept = words(address_of(typed, *picked, None))
    lost = [word for word in words(typed) if word not in LINKING and not is_kept(word, kept)]
    assert lost == []


@given(st.sampled_from(BEFORE), st.sampled_from(SAID), st.sampled_from(("NN1 5BD", "nn15bd", "NNI 5BD")))
def test_words_around_a_postcode_stay(before: str, said: str, code: str) -> None:
    kept = words(address_of(f"{before} {said} {code}", "NN1 5BD", "Northampton", "NN1 5BD"))
    assert [word for word in words(f"{before} {said}") if word not in kept] == []


@pytest.mark.parametrize(
    ("typed", "title", "detail", "kept"),
    [
        ("kettering general a&e", "Kettering General Hospital", "hospital, Kettering · NN16",
         "Kettering General Hospital (a&e), hospital, Kettering"),
        ("behind the co-op high st rothwell", "High Street", "Rothwell · NN14",
         "behind the co-op High Street, Rothwell"),
        ("12 high street wellingborough", "High Street", "Earls Barton, Wellingborough · NN6",
         "12 High Street, Earls Barton, Wellingborough"),
        ("M1 J15 northbound", "M1", "Flore, Daventry · NN7", "M1 (J15 northbound), Flore, Daventry"),
        ("foxley", "Foxley", "village near Kettering · NN14", "Foxley, Kettering"),
        # Another town than was said is picked: what was said stays to be read.
        ("12 high street rushden", "High Street", "Raunds · NN9", "12 High Street (rushden), Raunds"),
        ("Rose Cottage, High Street, Brixworth", "High Street", "Brixworth · NN6",
         "Rose Cottage, High Street, Brixworth"),
        ("he is in the barn 52.2405, -0.9027", "52.24050, -0.90270", "Northampton · SP 7502 6082",
         "he is in the barn 52.2405, -0.9027, Northampton"),
        ("lat 52.2405 lon -0.9027", "52.24050, -0.90270", "Northampton · SP 7502 6082",
         "52.24050, -0.90270, Northampton"),
        # A lone letter beside the figures says nothing.
        ("x 52.2405 y -0.9027", "52.24050, -0.90270", "Northampton · SP 7502 6082",
         "52.24050, -0.90270, Northampton"),
        ("52.2405, -0.9027", "52.24050, -0.90270", " · SP 7502 6082", "52.24050, -0.90270"),
        ("https://maps.example/@52.2405,-0.9027 by the barn", "52.24050, -0.90270", "", "52.24050, -0.90270"),
    ],
)  # fmt: skip
def test_what_is_kept_reads_as_it_was_said(typed: str, title: str, detail: str, kept: str) -> None:
    assert address_of(typed, title, detail, None) == kept


@pytest.mark.parametrize(
    ("said", "word", "same"),
    [
        ("rd", "road", True),
        ("road", "rd", True),
        ("st", "street", True),
        ("st", "saint", True),
        ("saint", "st", True),
        ("gdns", "road", False),
        # The beginning of a word, from three letters on.
        ("wel", "wellingborough", True),
        ("we", "wellingborough", False),
        # A slip, from four letters on; in three it is another word.
        ("hospitla", "hospital", True),
        ("meda", "mead", True),
        ("cot", "cat", False),
        ("church", "chapel", False),
        # A number is that number.
        ("1234", "1235", False),
        ("a45", "a43", False),
        ("a45", "a45", True),
    ],
)
def test_a_word_is_the_same_as_it_is_shortened_begun_or_slipped(said: str, word: str, same: bool) -> None:
    assert (_is_written(said, word) or _is_slip(said, word)) is same


@pytest.mark.parametrize(
    ("typed", "title", "where", "kept"),
    [
        ("kings sutton station", "Kings Sutton", "village near Banbury", "Kings Sutton (station), Banbury"),
        ("moulton moulting pen", "Moulton", "village near Northampton", "Moulton (moulting pen), Northampton"),
        ("kettering catering tent", "Kettering", "town", "Kettering (catering tent)"),
        # A slip is one where the word is not written right as well.
        ("kings suton", "Kings Sutton", "village near Banbury", "Kings Sutton, Banbury"),
        ("suton suton", "Sutton", "village", "Sutton"),
    ],
)
def test_what_is_like_a_word_of_the_name_is_kept_beside_it(typed: str, title: str, where: str, kept: str) -> None:
    assert address_of(typed, title, where, None) == kept
