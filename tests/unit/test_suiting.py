"""Whether a van and its crew suit the person: told in words, weighed in minutes."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from db.domain.about import Mobility, Said
from db.domain.cautions import Flag
from db.domain.languages import Language, Languages
from db.domain.ranking import rank
from db.domain.reasons import ReasonTone
from db.domain.records import StaffMember
from db.domain.rules import DEFAULTS
from db.domain.suiting import Asked, kept, too_few
from tests.unit.cases import START, clinician, van
from tests.unit.test_ranking import candidate, only, order, texts

LANGUAGES = Languages.of([Language("eng", "English"), Language("lit", "Lithuanian"), Language("bfi", "BSL")])
MOBILITY = (
    Mobility("walks", "Walks"),
    Mobility("chair", "Uses a wheelchair", ("tail lift", "wheelchair lift")),
)
WARN, GOOD, NEUTRAL = ReasonTone.WARN, ReasonTone.GOOD, ReasonTone.NEUTRAL


def asked(*said: Said, **more: object) -> Asked:
    return Asked(said, languages=LANGUAGES, mobility=MOBILITY, **more)  # type: ignore[arg-type] # by name


def peer() -> StaffMember:
    return StaffMember(uuid4(), "P", "Peer support worker", "female", ("English",), ("eng",), registered=False)


def flag(kind: str) -> Flag:
    return Flag(uuid4(), 1, uuid4(), "person", kind, "x", START + timedelta(days=9), "a.shah", START)


def test_a_crew_that_speaks_it_goes_before_one_that_does_not() -> None:
    lithuanian = asked(Said("language", "lit"), Said("interpreter", "yes"))
    speaks, english = (
        candidate("CRU1", 15, crew=(clinician("male", "English", "Lithuanian"),)),
        candidate("CRU2", 9),
    )
    assert order(speaks, english, asked=lithuanian) == ["CRU1", "CRU2"]
    assert "speaks Lithuanian" in texts(only(speaks, lithuanian), GOOD)
    assert "nobody speaks Lithuanian, no interpreter booked" in texts(only(english, lithuanian), WARN)
    booked = replace(lithuanian, booked=("lit",))
    assert "nobody speaks Lithuanian, interpreter booked" in texts(only(english, booked), NEUTRAL)


@pytest.mark.hazard("H-043")
def test_words_that_could_not_be_read_match_no_van_and_are_told() -> None:
    told = asked(Said("language", "", "some sort of sign language"))
    one = only(candidate("CRU1", 9), told)
    assert "language, as told: some sort of sign language" in texts(one, NEUTRAL)
    assert not [text for text in texts(one, GOOD) if "speaks" in text]


@pytest.mark.hazard("H-043")
@pytest.mark.parametrize(
    ("code", "gender", "good"),
    [
        *(("woman", gender, True) for gender in ("female", "F", "Woman", " w ", "Trans  woman", "f.")),
        *(("man", gender, True) for gender in ("male", "M", "MAN", "he/him")),
        *(("woman", gender, False) for gender in ("male", "m", "non-binary", "x", "")),
        *(("man", gender, False) for gender in ("woman", "F", "agender")),
    ],
)
def test_who_they_would_feel_safer_with_rides_or_does_not(code: str, gender: str, good: bool) -> None:
    found = only(candidate("CRU1", 9, crew=(clinician(gender),)), asked(Said("safer_with", code)))
    words = [text for text in texts(found, GOOD if good else WARN) if f"{code} on the crew" in text]
    assert len(words) == 1


def test_either_is_fine_and_two_who_differ_speak_against_nobody() -> None:
    for said in ((Said("safer_with", "either"),), (Said("safer_with", "man"), Said("safer_with", "woman"))):
        found = only(candidate("CRU1", 9, crew=(clinician("male"),)), asked(*said))
        assert not [reason for reason in found.reasons if "on the crew" in reason.text]


@pytest.mark.hazard("H-043")
def test_getting_about_is_matched_against_what_the_van_has() -> None:
    chair = asked(Said("mobility", "chair"))
    lift, none = candidate("CRU1", 20, equipment=("Tail Lift",)), candidate("CRU2", 9, equipment=("no tail lift",))
    assert order(lift, none, asked=chair) == ["CRU1", "CRU2"]
    assert "Tail Lift (uses a wheelchair)" in texts(only(lift, chair), GOOD)
    assert "no tail lift (uses a wheelchair)" in texts(only(none, chair), WARN)
    assert not [text for text in texts(only(none, asked(Said("mobility", "walks"))), WARN) if "lift" in text]


@pytest.mark.hazard("H-044")
def test_a_crew_below_the_rule_comes_last_with_the_reason() -> None:
    below, far = candidate("CRU1", 2, crew=(peer(), peer())), candidate("CRU2", 400)
    assert order(below, far) == ["CRU2", "CRU1"]
    assert "no registered clinician on the crew" in texts(only(below), WARN)
    binds = asked(rules=replace(DEFAULTS, registered_binds=True))
    excluded = {one.callsign: one.excluded for one in rank(binds, [below, far], START)}
    assert excluded == {"CRU1": "no registered clinician on the crew", "CRU2": ""}


def test_how_many_is_the_trusts_number() -> None:
    two = replace(DEFAULTS, registered_least=2)
    assert too_few([clinician(), peer()], two) == "1 of at least 2 registered clinicians on the crew"
    assert not too_few([clinician(), clinician()], two)
    assert not too_few([], replace(DEFAULTS, registered_least=0))


def test_a_flag_of_staff_safety_speaks_against_one_person_alone() -> None:
    warned = asked(flags=(flag("staff safety"),))
    alone, both = candidate("CRU1", 9), candidate("CRU2", 9, crew=(clinician(), peer()))
    assert order(alone, both, asked=warned) == ["CRU2", "CRU1"]
    assert not [text for text in texts(only(alone, asked(flags=(flag("what helps"),))), WARN) if "flag" in text]


def test_what_a_van_keeps_is_told_of_each_thing_and_conduct_is_left_out() -> None:
    crew = (clinician("female", "English", "Lithuanian"),)
    them = asked()
    said = {
        Said("wish", "", "unmarked van"): False,
        Said("wish", "", "quiet arrival"): None,
        Said("safer_with", "woman"): True,
        Said("safer_with", "either"): None,
        Said("language", "lit"): True,
        Said("language", "bfi"): False,
        Said("language", "", "Frisian"): None,
        Said("mobility", "chair"): True,
        Said("mobility", "walks"): None,
    }
    marked = van(livery="marked", equipment=("wheelchair lift",))
    assert {one: kept(them, one, marked, crew) for one in said} == said


def test_what_was_said_in_words_is_told_of_every_crew() -> None:
    found = only(candidate("CRU1", 9), asked(Said("safer_with", "", "her aunt")))
    assert "safer with: her aunt" in texts(found, NEUTRAL)
    for said, told_so in (
        ((Said("interpreter", "yes"),), True),
        ((Said("interpreter", "no"),), False),
        ((), False),
    ):
        found = only(candidate("CRU1", 9), asked(*said))
        assert ("needs an interpreter, none is booked" in texts(found, WARN)) is told_so
