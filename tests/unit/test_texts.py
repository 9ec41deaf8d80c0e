"""Odd texts: nothing hidden, one line, their own direction, and found however they are typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.texts import FSI, LRI, PDI, bare, folded, needles, one_line, paragraphs, told

HEBREW, ARABIC = "דנה לוי", "مريم علي"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("4 Fish Street\n  Northampton\r\nNN1 2AA\t\tEngland", "4 Fish Street, Northampton, NN1 2AA England"),
        ("Flat 2,\nHigh Street,\n\n\nBrackley", "Flat 2, High Street, Brackley"),
        ("back\u2028door\u0085left", "back, door, left"),
        ("twenty" + " " * 20 + "blanks\u00a0here", "twenty blanks here"),
        ("\u202eNN1 4LP\u202c", "NN1 4LP"),
        ("a\u200bb\ufeffc\u2060d\u00ade", "abcde"),
        ("a\x00\x07\x1b[31m", "a[31m"),
        ("\u3164\u3164 \u2800", ""),
        ("Siân O’Brien", "Siân O’Brien"),
        ("e" + "\u0301" * 40, "e" + "\u0301" * 3),
        ("👩🏽\u200d🚒 crew", "👩🏽\u200d🚒 crew"),
        ("x\u200dy", "xy"),
    ],
)
def test_one_line_and_nothing_hidden(text: str, line: str) -> None:
    assert told(text, ", ") == line


@pytest.mark.hazard("H-056")
@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (HEBREW, FSI),
        (f"{ARABIC} 12", FSI),
        (f"\u202e{HEBREW}\u200f", FSI),
        ("٣ شارع", FSI),
        (f"Mr {ARABIC} 12", LRI),
        (f"{HEBREW} says that she is safe.", LRI),
    ],
)
def test_what_runs_leftward_keeps_it_to_itself(text: str, mark: str) -> None:
    shown = told(text)
    assert (shown[0], shown[-1]) == (mark, PDI)
    assert len([char for char in shown if char in (FSI, LRI, PDI)]) == 2
    assert not {"\u202e", "\u200f"} & set(shown)


def test_each_line_of_several_has_its_own_direction() -> None:
    assert paragraphs(f"She says\n{HEBREW}\nand no") == f"She says\n{FSI}{HEBREW}{PDI}\nand no"


def test_joined_words_stay_as_they_were_joined() -> None:
    joined = f"EMAS {told(HEBREW)} 31 min · {told(ARABIC)}"
    assert told(joined) == paragraphs(joined) == joined
    assert told(f"EMAS {PDI}{HEBREW}{FSI} 31 min") == f"{LRI}EMAS {HEBREW} 31 min{PDI}"
    assert told(f"{FSI}left open") == "left open"


@given(st.text())
def test_asked_twice_it_is_the_same_and_safe(text: str) -> None:
    line, several = told(text, ", "), paragraphs(text)
    assert told(line, ", ") == line
    assert paragraphs(several) == several
    assert bare(bare(text)) == bare(text)
    assert not any(char in "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029" for char in line)
    assert not any(
        char in bare(text) for char in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    )
    depth = 0
    for char in line:
        depth += (char in (FSI, LRI)) - (char == PDI)
        assert depth >= 0
        assert depth or unicodedata.bidirectional(char) not in {"R", "AL", "AN"}
    assert depth == 0


@pytest.mark.parametrize("code", [*range(0x600, 0x606), 0x6DD, 0x70F, 0x8E2])
def test_signs_that_are_seen_stay(code: int) -> None:
    assert chr(code) in told(f"a{chr(code)}b")


@pytest.mark.parametrize("code", [0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0xA0, 0x2003])
def test_letters_that_are_drawn_as_nothing_are_blanks(code: int) -> None:
    assert told(f"a{chr(code)}{chr(code)}b{chr(code)}") == "a b"


@pytest.mark.parametrize("code", [0x200B, 0x2060, 0xFEFF, 0xAD, 0x61C, 0x7, 0xD800])
def test_what_nobody_sees_is_gone(code: int) -> None:
    assert chr(code) not in told(f"a{chr(code)}b")


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_english_comes_back_as_it_was(text: str) -> None:
    assert paragraphs(text) == text
    assert one_line(text) == told(text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("o'neill", "Seán O’Neill"),
        ("oneill", "O'NEILL"),
        ("o’neill", "ONeill"),
        ("o neill", "O\N{LEFT SINGLE QUOTATION MARK}Neill"),
        ("dsouza", "D`Souza"),
        ("goring", "Göring"),
        ("chloe", "Chloë"),
        ("CHLOË", "chloe"),
        ("soren", "Søren"),
        ("wojtyla", "Wojtyła"),
        ("weiss", "Weiß"),
        ("weiß", "WEISS"),
        ("aeroskobing", "Ærøskøbing"),
        ("annemarie", "Anne-Marie"),
        ("anne marie", "Anne-Marie"),
        ("anne-marie", "Anne Marie"),
        ("nn164ab", "NN16 4AB"),
        ("NN16 4AB", "nn164ab"),
        ("marie anne", "Anne Marie"),
        ("st james", "St. James’ Retail Park"),
        ("nguyen", "Nguyễn"),
        ("ibrahim", "İbrahim"),
        (ARABIC, f"{FSI}{ARABIC}{PDI}"),
    ],
)
def test_it_is_found_however_it_is_typed(typed: str, stored: str) -> None:
    assert all(needle in folded(stored) for needle in needles(typed))
    assert needles(typed)


def test_what_has_no_letters_hides_nothing() -> None:
    assert needles("· ' -") == ()
    assert "oneill" not in folded("O'Neal")


@pytest.mark.parametrize("text", ["Corby", "Corby Road", "12 a, Corby", ""])
def test_what_needs_nothing_is_left_alone(text: str) -> None:
    assert told(text) == one_line(text) == text


@pytest.mark.parametrize(("text", "line"), [("Corby  Road", "Corby Road"), ("a   b  c", "a b c")])
def test_blanks_beside_each_other_are_one_also_in_plain_letters(text: str, line: str) -> None:
    assert told(text) == one_line(text) == line
