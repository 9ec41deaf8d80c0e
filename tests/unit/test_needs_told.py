"""A language or a need that a narrative tells is offered; none that it denies, asks, or tells of others."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.domain import about
from db.domain.about import Mobility, Said
from db.domain.languages import Language, Languages
from db.domain.needs_told import NeedTold, needs_told, still_new

SHIPPED = tomllib.loads(Path("resources/reference/northamptonshire.toml").read_text(encoding="utf-8"))
KNOWN = Languages.of(
    Language(one["code"], one["label"], tuple(one.get("aliases", ()))) for one in SHIPPED["language"]
)
WAYS = [Mobility(one["code"], one["label"], tuple(one.get("equipment", ()))) for one in SHIPPED["mobility"]]
TOLD = {
    # what is spoken
    "Wife rang. He speaks no English, only Kurdish, and is pacing": "kur interpreter",
    "25F, Lithuanian speaking, tearful on the landing": "lit",
    "Patient talking in Urdu to somebody who is not there": "urd",
    "Patient talks Urdu to somebody who is not there": "urd",
    "She understands Somali and a bit of English": "som interpreter",
    "First language is Gujarati, gets by in English": "guj",
    "Needs a Vietnamese interpreter please": "vie interpreter",
    "speeks only Tamil": "tam interpreter",
    "speaks only Tamill, brother translates for her": "tam interpreter",
    "Bulgarian man, can't speak English, friend on the line": "bul interpreter",
    "Speaks Hindi, Urdu and English": "hin urd eng",
    "His English is very basic and he gets frustrated": "interpreter",
    "there is a language barrier, EMAS used Language Line": "interpreter",
    "Mandarin Chinese only, wants to go home": "cmn interpreter",
    "Mandarin Chinese speaker": "cmn",
    "English is her second language": "",
    "English is not his main language": "interpreter",
    "asked if an interpreter is needed: yes": "interpreter",
    "cannot understand a word of English": "interpreter",
    # other ways to talk
    "She signs, BSL, and there is no interpreter booked": "bfi",
    "Uses British Sign Language": "bfi",
    "He communicates by Makaton and picture cards": "x-makaton x-pictures",
    # how to talk
    "profoundly deaf gentleman": "words",
    "HOH, please speak up": "words",
    "He is registered blind and has a guide dog": "words",
    "lost her hearing in 2011": "words",
    "deaf since a fever in childhood": "words",
    "aphasia after his stroke": "words",
    "a severe stammer, give him time": "words",
    "autistic, needs warning before anybody touches her": "words",
    "She has a learning disability": "words",
    "she's got a hearing impairment, and is partially sighted": "words",
    "Can't read or write": "words",
    "My wife is deaf and will not open to a knock": "words",
    # getting about
    "in an electric wheelchair": "wheelchair",
    "Wheelchair user, ground floor flat": "wheelchair",
    "gets from the wheelchair to a car seat by himself, transfers independently": "transfers",
    "walks very slowly with a rollator": "slowly",
    "He mobilises on crutches": "slowly",
    "unable to climb stairs since the operation": "steps",
    "needs a ramp": "steps",
    "Needs two sticks to move": "slowly",
    "She is housebound": "home",
    "cannot leave her bed": "home",
    "bariatric patient": "bariatric",
    "Hard of hearing, walks with a zimmer, Welsh speaker": "cym words slowly",
}
NOT_TOLD = (
    "speaks excellent English",
    "Her English is fluent",
    "no language barrier, speaks clearly",
    "he isn't hard of hearing",
    "Neither blind nor partially sighted",
    "denies any difficulty with stairs",
    "Doesn't need a wheelchair",
    "no need for an interpreter",
    "Interpreter declined",
    "Refused the interpreter",
    "Interpreter: not needed",
    "Is she autistic?",
    "We asked whether he uses a wheelchair",
    "Does he need an interpreter?",
    "used to have hearing aids",
    "was in a wheelchair in 2016 after a crash",
    "Her father is blind",
    "lives with his deaf uncle",
    "He looks after his wheelchair-bound mum",
    "Their dog is deaf and barks",
    "blind panic, ran into the road",
    "Turned a blind eye",
    "pulled the kitchen blind down",
    "Our pleas fell on deaf ears",
    "teaches at the deaf school",
    "he has pulled the blinds down",
    "Swigging furniture polish",
    "A German shepherd is loose in the garden",
    "Her Romanian neighbours called",
    "French windows are smashed",
    "learning Italian on his phone",
    "knows a little Spanish",
    "works as a Polish interpreter",
    "Attacked her with his walking frame",
    "threw a wheelchair down the corridor",
    "The crew cannot leave the house until police come",
    "hears voices in his head",
    "can't hear himself think",
    "climbed the steps to the roof",
    "has drawn pictures of knives",
    "wrote a note in writing nobody can read",
)


def _told(text: str, known: Languages = KNOWN, ways: list[Mobility] = WAYS) -> list[NeedTold]:
    return list(needs_told(text, known, ways))


def _shorthand(told: list[NeedTold]) -> Iterator[str]:
    for one in told:
        if one.topic in {about.LANGUAGE, about.MOBILITY}:
            yield from (said.code for said in one.said)
        else:
            yield "words" if one.topic == about.COMMUNICATION else one.topic


@pytest.mark.hazard("H-043")
def test_what_is_told_is_offered() -> None:
    wrong = {text: " ".join(_shorthand(_told(text))) for text in TOLD}
    assert {text: got for text, got in wrong.items() if got != TOLD[text]} == {}


@pytest.mark.hazard("H-043")
def test_nothing_is_offered_of_what_is_denied_asked_another_s_or_a_figure_of_speech() -> None:
    assert {text: told for text in NOT_TOLD if (told := _told(text))} == {}


def test_what_is_kept_are_the_words_of_that_part_of_the_sentence() -> None:
    told = _told(
        "He was found in town. She only speaks Czech, and her daughter is interpreting; walks with a stick."
    )
    assert [(one.topic, one.heard) for one in told] == [
        (about.LANGUAGE, "She only speaks Czech"),
        (about.INTERPRETER, "her daughter is interpreting; She only speaks Czech"),
        (about.MOBILITY, "walks with a stick"),
    ]
    assert told[1].said == (Said(about.INTERPRETER, "yes", told[1].heard, "the caller"),)


def test_a_service_is_offered_what_it_has() -> None:
    few = Languages.of([Language("eng", "English"), Language("x-sle", "Signs of our own", ("Ourway",))])
    assert list(_shorthand(_told("speaks only Polish, wheelchair user, knows Ourway", few, WAYS[:2]))) == ["x-sle"]
    given_up = [Mobility("wheelchair", "Wheelchair", offered=False)]
    assert _told("wheelchair user", KNOWN, given_up) == []


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ((), ["pol", "lit"]),
        ((Said(about.LANGUAGE, "lit"),), ["pol"]),
        ((Said(about.LANGUAGE, "lit"), Said(about.LANGUAGE, "pol", "", "a son")), None),
        ((Said(about.MOBILITY, "pol"),), ["pol", "lit"]),
    ],
)
def test_what_is_said_already_is_offered_no_more(said: tuple[Said, ...], left: list[str] | None) -> None:
    told = _told("speaks Polish and Lithuanian")[0]
    there = still_new(told, said)
    assert (there and [one.code for one in there.said]) == left


def test_an_answer_of_either_kind_closes_the_question_about_an_interpreter_and_words_are_found_in_any_case() -> (
    None
):
    (need,) = _told("interpreter needed")
    assert still_new(need, (Said(about.INTERPRETER, "no"),)) is None
    assert still_new(need, (Said(about.INTERPRETER, "", "a cousin helps"),)) == need
    (deaf,) = _told("Deaf. Partially sighted.")
    left = still_new(deaf, (Said(about.COMMUNICATION, "", "is DEAF, lip-reads"),))
    assert left is not None
    assert [one.words for one in left.said] == ["Partially sighted"]
    (speaks,) = _told("speaks Polish and English")
    assert still_new(speaks, (Said(about.LANGUAGE, "pol"),)) is None


def test_what_is_left_is_quoted_alone() -> None:
    languages = next(
        one for one in _told("She speaks Urdu. She also speaks Tamil.") if one.topic == about.LANGUAGE
    )
    left = still_new(languages, languages.said[:1])
    assert left is not None
    assert left.said == languages.said[1:]
    assert left.heard == languages.by[1] != languages.heard
