"""Languages by code: read where it is certain, kept as words where not, matched by what a crew speaks."""

import pytest

from db.domain import about
from db.domain.about import Said
from db.domain.languages import Language, Languages, Need, need_of, read, speaks

KNOWN = Languages.of(
    [
        Language("eng", "English"),
        Language("pol", "Polish"),
        Language("lit", "Lithuanian"),
        Language("som", "Somali"),
        Language("bfi", "BSL", ("British Sign Language",)),
        Language("x-makaton", "Makaton"),
    ]
)
WORDS = [
    "a little Polish from school",
    "Polish, I think",
    "Kashubian",
    "not sure",
    "Somali or Arabic",
    "Polish (Silesian)",
    "speaks some English",
    "Polish, limited English",
    "Polish, daughter interprets",
    "deaf",
    "no Polish",
    "not Polish, Somali",
]


@pytest.mark.parametrize(
    ("typed", "codes", "interpreter"),
    [
        ("Somali, no English", ("som",), "yes"),
        ("lithuanian", ("lit",), ""),
        ("British Sign Language", ("bfi",), ""),
        ("Makaton and English", ("x-makaton", "eng"), ""),
        ("Polish, interpreter by phone", ("pol",), "yes"),
        ("Lithuanian speaker; no interpreter needed", ("lit",), "no"),
        ("only Somali", ("som",), "yes"),
        ("only English", ("eng",), ""),
        ("Polish/Lithuanian", ("pol", "lit"), ""),
        ("no English", (), "yes"),
        ("Polish interpreter", ("pol",), "yes"),
        ("Lithuanian - no English", ("lit",), "yes"),
        ("Somali (no english)", ("som",), "yes"),
        ("needs Lithuanian interp", ("lit",), "yes"),
        ("Somali no english", ("som",), "yes"),
        ("no english – Polish", ("pol",), "yes"),
        ("Polish speaker needs an interpreter", ("pol",), "yes"),
        ("polish speaking only", ("pol",), "yes"),
        ("only speaks Somali", ("som",), "yes"),
        ("Somali w/ interp", ("som",), "yes"),
        ("Lithuanian. Interp req'd pls", ("lit",), "yes"),
        ("uses BSL", ("bfi",), ""),
        ("non-English speaking, Polish", ("pol",), "yes"),
        ("needs a British Sign Language interpreter", ("bfi",), "yes"),
    ],
)
def test_what_is_certain_is_read_by_code(typed: str, codes: tuple[str, ...], interpreter: str) -> None:
    said = read(typed, KNOWN, "the crew")
    assert tuple(one.code for one in said if one.topic == about.LANGUAGE) == codes
    assert "".join(one.code for one in said if one.topic == about.INTERPRETER) == interpreter
    assert {one.said_by for one in said} == {"the crew"}


def test_what_is_said_beside_a_language_stays_in_words() -> None:
    said = read("deaf, BSL only", KNOWN, "the crew")
    assert [(one.topic, one.code, one.words) for one in said] == [
        (about.LANGUAGE, "bfi", ""),
        (about.LANGUAGE, "", "deaf"),
        (about.INTERPRETER, "yes", ""),
    ]
    need = need_of(said)
    assert (need.wanted, need.as_told, need.is_open) == (("bfi",), "deaf", True)


@pytest.mark.parametrize("typed", WORDS)
def test_what_is_not_certain_stays_words(typed: str) -> None:
    assert read(typed, KNOWN, "a friend") == (Said(about.LANGUAGE, "", typed, "a friend"),)


@pytest.mark.hazard("H-043")
@pytest.mark.parametrize(
    ("typed", "spoken", "can"),
    [
        ("Somali, no English", {"eng"}, False),
        ("Somali, no English", {"eng", "som"}, True),
        ("Somali", {"eng"}, False),
        ("Somali, English", {"eng"}, True),
        ("Somali, English, interpreter needed", {"eng"}, False),
        ("Lithuanian, no interpreter needed", {"eng"}, True),
        ("BSL", {"eng"}, False),
        ("English", set(), True),
        ("a little Polish from school", {"eng"}, True),
        ("", {"eng"}, True),
    ],
)
def test_a_crew_matches_by_what_it_speaks(typed: str, spoken: set[str], can: bool) -> None:
    assert speaks(need_of(read(typed, KNOWN, "x")), spoken) is can


def test_two_who_say_different_things_are_answered_with_care() -> None:
    said = [Said(about.INTERPRETER, "no", "", "a son"), Said(about.INTERPRETER, "yes", "", "the person")]
    assert need_of(said).interpreter == "yes"
    assert need_of([Said(about.INTERPRETER, "not known")]).interpreter == "not known"


def test_an_interpreter_who_is_booked_is_no_open_question() -> None:
    said = read("Somali, no English", KNOWN, "x")
    assert need_of(said).is_open
    assert not need_of(said, ("som",)).is_open
    assert Need(("som",), "yes", booked=("som",)).wanted == ("som",)
