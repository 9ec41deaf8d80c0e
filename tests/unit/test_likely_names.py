"""Whom somebody may have meant who wrote a name otherwise: the likeliest first, as many as there are digits."""

import pytest

from db.domain.likely_names import called, is_nearly, likely_people, likely_vans
from tests.unit.test_imports import member

KIM, SAM, SANDS = member(1, "Kim Bell"), member(2, "Sam Roy"), member(3, "Roy Sands")


@pytest.mark.parametrize(
    ("said", "name", "may_be"),
    [
        # Every word is a word of the name, or begins one, in any order.
        ("Bell Kim", "Kim Bell", True),
        ("K B", "Kim Bell", True),
        ("B. K.", "Kim Bell", True),
        ("Kim", "Kim Bell", True),
        ("Bell", "Kim Bell", True),
        ("Ann", "Kim Ann Bell", False),
        ("K A", "Kim Ann Bell", True),
        ("K X", "Kim Bell", False),
        ("K K", "Kim Bell", False),
        # A word that only begins a name is too little by itself.
        ("Ki", "Kim Bell", False),
        # Alike by the letters.
        ("Kim Bll", "Kim Bell", True),
        ("Kim Bell Ann", "Kim Bell", True),
        ("Kin Ball", "Kim Bell", False),
        ("Bellkim", "Kim Bell", True),
        # A name of five words still goes by its words; of six by its letters alone.
        ("E A", "Ana Bo Cruz Dias Eca", True),
        ("E A", "Ana Bo Cruz Dias Eca Fa", False),
    ],
)
def test_a_name_is_told_by_its_words_or_its_letters(said: str, name: str, may_be: bool) -> None:
    assert likely_people(said, [member(1, name)]) == ((name,) if may_be else ())


def test_whose_name_it_is_part_of_goes_before_whose_letters_it_has() -> None:
    near = member(4, "Roy Sand")
    assert likely_people("Roy Sands", [near, SANDS]) == ("Roy Sands",)
    assert likely_people("Roy Sandz", [near, SANDS]) == ("Roy Sand", "Roy Sands")
    assert likely_people("Roy S", [SANDS, SAM, KIM]) == ("Roy Sands", "Sam Roy")


def test_as_many_as_there_are_digits_to_choose_by() -> None:
    many = [member(n, f"Kim Bell{n:02}") for n in range(12)]
    assert likely_people("Kim B", many) == tuple(one.name for one in many[:9])
    vans = dict.fromkeys([f"{letter}3" for letter in "ABCDEFGHIJKL"], None)
    assert likely_vans("3", vans) == tuple(f"{letter}3" for letter in "ABCDEFGHI")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("3", ("CRU3",)),
        ("03", ("CRU3",)),
        (" 3 ", ("CRU3",)),
        ("12", ("CRU12", "Echo 012")),
        ("2", ()),
        ("CRU", ()),
        ("", ()),
        ("x3", ()),
    ],
)
def test_a_number_is_the_van_that_ends_so(said: str, found: tuple[str, ...]) -> None:
    assert likely_vans(said, dict.fromkeys(("CRU3", "CRU12", "Echo 012", "M25 unit"), None)) == found


def test_who_shares_a_name_is_called_by_the_profession_too() -> None:
    nurse, driver = member(5, "Pat Vale"), member(6, "pat  VALE", "Driver")
    assert called(nurse, [nurse, KIM]) == "Pat Vale"
    assert called(nurse, [nurse, driver, KIM]) == f"Pat Vale ({nurse.profession})"
    assert called(driver, [nurse, driver]) == "pat  VALE (Driver)"


@pytest.mark.parametrize(
    ("name", "other", "nearly"),
    [
        ("Kim Bell", "Kim Bell", True),
        ("Kim Bell", "KIM  BELL", True),
        ("Łukasz Nowak", "Lukasz Nowak", True),
        ("Catherine Hughes", "Katherine Hughes", True),
        ("Kim Bell", "Kim Ball", False),
        ("Bell Kim", "Kim Bell", False),
    ],
)
def test_a_slip_in_a_name_is_told_from_another_name(name: str, other: str, nearly: bool) -> None:
    assert is_nearly(name, other) is nearly
    assert is_nearly(other, name) is nearly
