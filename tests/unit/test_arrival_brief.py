"""The arrival brief: at most 50 words, the gravest first, and what was asked for against the van that goes."""

from dataclasses import replace
from textwrap import wrap
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from db.domain.about import Mobility, Said, TopicKind
from db.domain.arrival_brief import MOST_WORDS, Going, arrival_brief, length
from db.domain.brief import Informed
from db.domain.languages import Language, Languages
from db.domain.read_back import Booking
from db.domain.records import Screening, StaffMember
from db.domain.suiting import Asked
from tests.unit.cases import REFERRAL, START, van
from tests.unit.test_brief import REFERENCE, TOPICS, flag, informed

PHONE_COLUMNS, PHONE_LINES = 36, 20
"""What a phone of 360 by 640 pixels shows in letters of 16 pixels, without scrolling."""


def crew_member(gender: str = "", codes: tuple[str, ...] = ()) -> StaffMember:
    return StaffMember(uuid4(), "Ann Example", "Nurse", gender, (), codes, registered=True)


def screened(**answers: str) -> Screening:
    return Screening(uuid4(), 1, REFERRAL, 2, answers, "", START, "a.shah")


def going(known: Informed, *crew: Any, **changed: Any) -> Going:
    asked = Asked(tuple(known.items), tuple(known.flags), languages=REFERENCE.languages, mobility=CHAIR)
    return Going(van(callsign="CRU2", **changed), crew, asked)


CHAIR = (Mobility("chair", "Uses a wheelchair", ("tail lift",)),)


def test_danger_goes_before_the_name_and_the_name_before_what_was_asked_for() -> None:
    known = informed(
        Said("call_me", "", "Nush"),
        Said("helps", "", "her cat"),
        flags=[flag("pets", "two dogs"), flag("staff safety", "go as two"), DANGER],
        screening=screened(knife="yes", fit="no"),
    )
    lines = arrival_brief(known).splitlines()
    assert lines == [
        "Danger now: a crossbow behind the door.",
        "Flag, staff safety: go as two.",
        "Safety, yes: A blade.",
        "Flag, pets: two dogs.",
        "Nush, 38.",
        "How to arrive: gate code 4.",
        "What helps: her cat.",
        "With them now: EMAS N1420.",
    ]


DANGER = replace(flag("access", "a crossbow behind the door"), danger=True)


def test_what_was_asked_for_is_told_by_what_the_van_and_its_crew_have() -> None:
    known = informed(
        Said("wish", "", "Unmarked van"),
        Said("safer_with", "woman"),
        Said("language", "urd"),
        Said("mobility", "chair"),
        Said("avoid", "", "uniforms"),
        reference=replace(REFERENCE, mobility=CHAIR, topics=(*TOPICS, *MORE)),
    )
    amina = crew_member("Female", ("urd",))
    fits = arrival_brief(known, going(known, amina, livery="unmarked", equipment=("Tail lift",)))
    assert "As asked: Unmarked van; a woman; Urdu; Uses a wheelchair." in fits.splitlines()
    assert "cannot" not in fits
    none = arrival_brief(known, going(known, crew_member("male"), livery="marked"))
    assert none.splitlines()[0] == "CRU2 cannot: Unmarked van; a woman; Urdu; Uses a wheelchair."
    assert "As asked" not in none
    assert "Please avoid: uniforms." in none, "what no van keeps by itself is told as it was said"
    nobody = arrival_brief(known)
    assert "cannot" not in nobody
    assert "Language: Urdu." in nobody


MORE = (
    replace(TOPICS[0], key="wish", label="Asked for"),
    replace(TOPICS[0], key="mobility", label="Gets about", kind=TopicKind.MOBILITY),
)


def test_an_interpreter_who_is_booked_is_told_and_is_nothing_that_the_van_lacks() -> None:
    booking = Booking(uuid4(), uuid4(), "urd", "the agency", "77", None, "a.shah", START)
    known = informed(Said("language", "urd"), Said("interpreter", "yes"), bookings=[booking])
    said = arrival_brief(known, going(known, crew_member()))
    assert "cannot" not in said
    assert "Urdu booked with the agency, 77" in said


def test_what_has_no_room_is_said_to_be_in_the_record_and_warnings_are_counted() -> None:
    long = "the side door by the garages past the second gate where the light is broken and the path steep"
    known = informed(Said("arrive", "", long), Said("helps", "", "music"))
    said = arrival_brief(known).splitlines()
    assert said[-1] == "More in the record."
    assert said[1].endswith("…")
    assert "What helps: music." in said, "one long story leaves the rest its room"
    many = informed(flags=[flag("staff safety", f"{long} {number}") for number in range(5)])
    assert arrival_brief(many).splitlines()[-1] == "5 more warnings in the record."
    assert arrival_brief(informed()).splitlines()[-1] != "More in the record.", "nothing was left out"


WORDS = st.text(alphabet=st.sampled_from("abc d,.\n…Ωя"), max_size=300)


@given(texts=st.lists(WORDS, min_size=9, max_size=9), warnings=st.integers(0, 9), with_van=st.booleans())
def test_it_is_never_longer_than_can_be_read_out_in_twenty_seconds_and_fits_a_phone(
    texts: list[str], warnings: int, with_van: bool
) -> None:
    known = informed(
        *(Said(topic.key, "", text) for topic, text in zip(TOPICS, texts, strict=True)),
        flags=[flag("staff safety", texts[number]) for number in range(warnings)],
        reference=replace(REFERENCE, languages=Languages.of([Language("urd", "Urdu")])),
        with_them=texts[0],
        screening=screened(knife="yes"),
    )
    said = arrival_brief(known, going(known, crew_member()) if with_van else None)
    assert length(said) <= MOST_WORDS
    assert len([row for line in said.splitlines() for row in wrap(line, PHONE_COLUMNS)]) <= PHONE_LINES
    # Whatever else there is to say, the first line is the gravest.
    assert said.splitlines()[0].startswith(("Flag, staff safety", "Safety, yes"))
