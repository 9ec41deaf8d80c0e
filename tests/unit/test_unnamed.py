"""Words that go out of the room: what tells who somebody is is left out, and all else stays as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.unnamed import LEFT_OUT, unnamed


@pytest.mark.parametrize(
    ("words", "names", "told"),
    [
        ("They asked Mari first", ("Mari Osei",), f"They asked {LEFT_OUT} first"),
        ("mari's mother rang", ("Mari Osei",), f"{LEFT_OUT} mother rang"),
        (
            "Mr Osei-Bonsu and MARI were glad",
            ("Mari Osei-Bonsu",),
            f"Mr {LEFT_OUT}-{LEFT_OUT} and {LEFT_OUT} were glad",
        ),
        ("Zoe was calm", ("Zoë Łęcka",), f"{LEFT_OUT} was calm"),
        ("Lecka, please", ("Zoë Łęcka",), f"{LEFT_OUT}, please"),
        ("O’Brien rang", ("Pat O'Brien",), f"{LEFT_OUT} rang"),
        ("Mari Osei said so", ("Mari Osei",), f"{LEFT_OUT} said so"),
        ("his sister Ines", ("", "Ines Duarte"), f"his sister {LEFT_OUT}"),
        ("Иван was there", ("Иван Петров",), f"{LEFT_OUT} was there"),
    ],
)
def test_whoever_is_known_there_is_not_named(words: str, names: tuple[str, ...], told: str) -> None:
    assert unnamed(words, names) == told


@pytest.mark.parametrize(
    "telling",
    [
        "07700 900123",
        "+44 7700 900 456",
        "(01604) 555 0199".strip("()"),
        "943 476 5919",
        "9434765919",
        "nn1 4lp",
        "NN14LP",
        "CRU-20261122-0042",
        "mari.o@example.org",
        "03/02/1981",
        "1981-02-03",
    ],
)
def test_what_finds_somebody_is_left_out_whoever_it_is(telling: str) -> None:
    assert unnamed(f"ring {telling} again") == f"ring {LEFT_OUT} again"


@pytest.mark.parametrize(
    "words",
    [
        "A loud knock is the worst part.",
        "With us in 45 minutes, and 3 of us could go to a cardiac arrest at 03:40.",
        "I slept in my own bed; 10 out of 10.",
        "The crew of CRU2 came by the A45, not the M1.",
        "From 3 Nov on crews text from outside.",
        "Kept 9 of 9 in 2026.",
    ],
)
def test_all_else_stays_as_it_was_written(words: str) -> None:
    assert unnamed(words, ("Mari Osei", "the person", "Unknown", "Al")) == words


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Grace Field showed us how", f"{LEFT_OUT} showed us how"),
        ("GRACE  FIELD'S mother", f"{LEFT_OUT} mother"),
        ("with good grace, in a field", "with good grace, in a field"),
        ("Prince was there", "Prince was there"),
        ("asked for Zoe Lecka", f"asked for {LEFT_OUT}"),
    ],
)
def test_everybody_else_is_left_out_by_their_whole_name(words: str, told: str) -> None:
    assert unnamed(words, (), ("Grace Field", "Prince", "Zoë Łęcka")) == told


@given(st.text(max_size=60), st.lists(st.text(min_size=3, max_size=12), max_size=3))
def test_it_is_the_same_when_it_is_done_twice(words: str, names: list[str]) -> None:
    once = unnamed(words, names)
    assert unnamed(once, names).replace(LEFT_OUT, "") == once.replace(LEFT_OUT, "")
