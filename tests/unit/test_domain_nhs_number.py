"""The check digit of NHS numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.nhs_number import grouped, is_valid, reading


@pytest.mark.parametrize("text", ["9434765919", "943 476 5919", "943-476-5919", " 9434765919 "])
def test_valid(text: str) -> None:
    assert is_valid(text)


@pytest.mark.parametrize(
    "text", ["3478526985", "", "943476591", "94347659199", "943476591X", "٩٤٣٤٧٦٥٩١٩", "943²765919", "unknown"]
)
def test_not_valid(text: str) -> None:
    assert not is_valid(text)


@given(st.integers(0, 999_999_999))
def test_at_most_one_check_digit_fits(first_nine: int) -> None:
    fitting = [digit for digit in range(10) if is_valid(f"{first_nine:09d}{digit}")]
    assert len(fitting) <= 1


@pytest.mark.hazard("H-028")
@given(st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place: int, off: int) -> None:
    digits = list("9434765919")
    digits[place] = str((int(digits[place]) + off) % 10)
    assert not is_valid("".join(digits))


@pytest.mark.hazard("H-028")
@given(st.integers(0, 8))
def test_two_swapped_digits_are_noticed(place: int) -> None:
    digits = list("9434765919")
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    assert is_valid("".join(digits)) == (digits == list("9434765919"))


@pytest.mark.parametrize(("text", "shown"), [("9434765919", "943 476 5919"), ("12345", "12345"), ("", "")])
def test_grouped(text: str, shown: str) -> None:
    assert grouped(text) == shown


@pytest.mark.parametrize(
    ("typed", "taken_for"),
    [
        ("", ""),
        ("  ", ""),
        ("9434765919", "943 476 5919; the check digit fits"),
        ("9434765918", "kept as said"),
        ("not known", "not known"),
        ("on his card", "kept as said"),
    ],
)
def test_what_is_typed_is_said_to_be_taken_for_something(typed: str, taken_for: str) -> None:
    assert reading(typed) == taken_for
