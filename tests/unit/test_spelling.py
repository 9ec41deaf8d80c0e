"""One slip of the hand: what counts as one, letter by letter."""

import pytest

from db.domain.sounding import sound
from db.domain.spelling import Speller, _is_slip, _is_swapped


@pytest.mark.parametrize(
    ("typed", "swapped"),
    [
        ("overdsoe", True),
        ("voerdose", False),  # the first letter is not mistyped
        ("ovredose", True),
        ("overdoes", True),
        # Two that do not stand side by side, two that are no swap, more than two, none, another length.
        ("oredvose", False),
        ("ovordese", False),
        ("ovxydose", False),
        ("ovrdeose", False),
        ("ovredsoe", False),
        ("overdose", False),
        ("overdos", False),
    ],
)
def test_two_letters_in_the_wrong_order(typed: str, swapped: bool) -> None:
    assert _is_swapped(typed, "overdose") is swapped


@pytest.mark.parametrize(
    ("typed", "whole", "slip"),
    [
        ("overdoze", "overdose", True),
        ("overdse", "overdose", True),
        ("overdosse", "overdose", True),
        ("overrdose", "overdose", True),
        ("ovverrdosse", "overdose", True),
        ("agresive", "aggressive", True),
        ("overdase", "overdose", True),
        ("owerdaze", "overdose", False),
        ("overds", "overdose", False),
        ("overdoseab", "overdose", False),
        ("uverdose", "overdose", False),
        # Short words are too near to others; the longer of the two counts.
        ("knifes", "knife", True),
        ("knive", "knife", False),
        ("knif", "knife", False),
        ("kniife", "knife", True),
        ("kknif", "knif", False),
    ],
)
def test_a_letter_too_many_too_few_or_wrong(typed: str, whole: str, slip: bool) -> None:
    assert _is_slip(typed, whole) is slip
    assert _is_slip(whole, typed) is slip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("strnagle", {"strangl*"}),
        ("strangeld", {"strangl*"}),
        ("overdsoe", {"overdose"}),
        ("overdoze", {"overdose"}),
        # Of these only a swap is known.
        ("razro", {"razor"}),
        ("razer", set()),
        # A word of its own, too short, no word at all, or nothing like any.
        ("overdone", set()),
        ("straggle", set()),
        ("razo", set()),
        ("overd0se", set()),
        ("umbrella", set()),
    ],
)
def test_the_word_that_was_meant(typed: str, meant: set[str]) -> None:
    speller = Speller({"overdose": True, "strangl*": True, "razor": False})
    assert speller.meant(typed) == meant


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("nife", "knife"),
        ("gnaw", "naw"),
        ("rist", "wrist"),
        ("wip", "whip"),
        ("fone", "phone"),
        ("ditch", "dich"),
        ("brige", "bridge"),
        ("gug", "jug"),
        ("suiside", "suicide"),
        ("unconshus", "unconscious"),
        ("seesors", "scesors"),
        ("psicotic", "sicotik"),
        ("raser", "razor"),
        ("kaliks", "calyx"),
        ("lim", "limb"),
        ("nite", "night"),
        ("jawlt", "jault"),
        ("slashd", "slashed"),
        ("machetty", "machete"),
        ("gipsum", "gypsum"),
        ("swollowed", "swallowed"),
        ("siezure", "seizure"),
        ("munths", "months"),
        ("hamer", "hammer"),
        ("takan", "taken"),
    ],
)
def test_what_sounds_alike_is_alike(typed: str, word: str) -> None:
    assert sound(typed) == sound(word)


@pytest.mark.parametrize(
    ("typed", "word"),
    [("bled", "blood"), ("nap", "knob"), ("rope", "ropey_"), ("hat", "hit"), ("match", "mask"), ("shh", "hush")],
)
def test_what_sounds_otherwise_is_not(typed: str, word: str) -> None:
    assert sound(typed) != sound(word)


def test_a_word_is_known_by_ear_unless_it_is_one_of_its_own_or_too_short() -> None:
    speller = Speller({"knife": True, "bottl*": False, "fit": False})
    assert speller.heard("nife") == {"knife"}
    assert speller.heard("bottel") == frozenset()
    assert speller.heard("botled") == {"bottl*"}
    assert speller.heard("nif") == frozenset()
    assert speller.heard("fitt") == {"fit"}
    assert speller.heard("caller") == frozenset()
    assert speller.heard("nif3") == frozenset()
