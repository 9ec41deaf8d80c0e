"""What a typed line means: any word order, any unambiguous part, one thing or a question, and back again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.domain.command_line import LONGEST, parse
from db.domain.command_names import Nameable, NameIndex
from db.domain.command_reading import CommandMeaning, Parsed, World, phrases_of, said
from db.domain.command_verbs import VERBS, WordSlot
from db.domain.reference import Choice

NOW = datetime(2027, 2, 9, 21, 14, 33, tzinfo=UTC)
VANS = {name: UUID(int=place) for place, name in enumerate(("CRU1", "CRU2", "CRU7", "CRU17", "Relief North"), 1)}
REFERRALS = {
    name: UUID(int=place)
    for place, name in enumerate(("0007", "0031", "0058", "0112", "0058 Mon", "0200 Mon", "1930"), 100)
}


def whole(name: str) -> str:
    return f"CRU-2027020{'8' if name.endswith('Mon') else '9'}-{name[:4]}"


WORDS = {"alloc": "allocate", "os": "on scene", "mob": "mobile", "clr": "clear", "h": "hold", "rota sheet": "rota"}
WORLD = World(
    NameIndex(Nameable(key, name) for name, key in VANS.items()),
    NameIndex(
        Nameable(key, name, whole(name), ("B2204",) if name == "0031" else ()) for name, key in REFERRALS.items()
    ),
    NOW,
    phrases_of([*WORDS.items(), ("back", "bring back"), ("back", "available")]),
    {
        "hold": (Choice("tea", "Crew at tea"), Choice("gp", "GP rings first"), Choice("gq", "GP visits first")),
        "stand_down": (Choice("swap", "Crew swap"),),
        "out_of_service": (Choice("tyre", "Flat tyre"),),
        "decline": (Choice("far", "Too far away"),),
        "cancel": (Choice("better", "Feels better"),),
        "refuse_handover": (Choice("ill", "Chest pain found"),),
    },
    (Choice("Maple House", "Maple House"), Choice("Maple Ward", "Maple Ward"), Choice("City ED", "City ED")),
)


def read(line: str) -> CommandMeaning:
    found = parse(line, WORLD)
    assert found.reading is not None, found.question
    return found.reading


def ask(line: str) -> Parsed:
    found = parse(line, WORLD)
    assert found.reading is None
    assert found.question
    return found


def job(verb: str, *vans: str, ref: str = "", **more: object) -> CommandMeaning:
    key = REFERRALS[ref] if ref else None
    return CommandMeaning(verb, tuple(VANS[van] for van in vans), key, **more)  # type: ignore[arg-type] # by name


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("alloc cru2 31", job("allocate", "CRU2", ref="0031")),
        ("31 cru2", job("allocate", "CRU2", ref="0031")),
        ("cru2 0031 alloc", job("allocate", "CRU2", ref="0031")),
        ("2 31", job("allocate", "CRU2", ref="0031")),
        ("send", None),
        ("v7 b2204", job("allocate", "CRU7", ref="0031")),
        ("ALLOCATE Cru1, cru2 and v17 to 0112", job("allocate", "CRU1", "CRU2", "CRU17", ref="0112")),
        ("relief 112 use the side gate", job("allocate", "Relief North", ref="0112", note="use the side gate")),
        ("alloc v7 112 clear the drive", job("allocate", "CRU7", ref="0112", note="clear the drive")),
        ("v7 112 clear", job("clear", "CRU7", ref="0112")),
        ("v1 os", job("on scene", "CRU1")),
        ("os v1 112", job("on scene", "CRU1", ref="0112")),
        ("on scene", job("on scene")),
        ("v1 v2 mob", job("mobile", "CRU1", "CRU2")),
        ("os v1 at 2105", job("on scene", "CRU1", at=datetime(2027, 2, 9, 21, 5, tzinfo=UTC))),
        ("2105 v1 os", job("on scene", "CRU1", at=datetime(2027, 2, 9, 21, 5, tzinfo=UTC))),
        ("h 31 till 2245", job("hold", ref="0031", at=datetime(2027, 2, 9, 22, 45, tzinfo=UTC))),
        ("h 31 0015 gp rings", job("hold", ref="0031", at=datetime(2027, 2, 10, 0, 15, tzinfo=UTC), reason="gp")),
        ("note 7 hours since the call", job("note", note="7 hours since the call")),
        ("hold for 7 hours", job("hold", at=datetime(2027, 2, 10, 4, 15, tzinfo=UTC))),
        ("meal break v1 for 31 minutes", job("meal break", "CRU1", at=datetime(2027, 2, 9, 21, 46, tzinfo=UTC))),
        # Where no other referral can be meant, the short form of one is a time of day.
        ("os v1 31 112", job("on scene", "CRU1", ref="0031", at=datetime(2027, 2, 9, 1, 12, tzinfo=UTC))),
        ("meal break v1 112", job("meal break", "CRU1", at=datetime(2027, 2, 10, 1, 12, tzinfo=UTC))),
        ("hold 31 for 45 min", job("hold", ref="0031", at=datetime(2027, 2, 9, 22, 0, tzinfo=UTC))),
        ("hold 31 because crew at tea note she agreed", job("hold", ref="0031", reason="tea", note="she agreed")),
        ("stand down v2 swap", job("stand down", "CRU2", reason="swap")),
        ("v2 conveying to city ed", job("conveying", "CRU2", place="City ED")),
        ("hand over 31 maple ward her own", job("hand over", ref="0031", place="Maple Ward", note="her own")),
        ("31", job("show", ref="0031")),
        ("#31", job("show", ref="0031")),
        ("cru-0031 note the son rang", job("note", ref="0031", note="the son rang")),
        ("note cru-0200 mon the son rang", job("note", ref="0200 Mon", note="the son rang")),
        ("cru17", job("show", "CRU17")),
        ("58 mon", job("show", ref="0058 Mon")),
        ("0058", job("show", ref="0058")),
        ("20270208-0058", job("show", ref="0058 Mon")),
        ("note 31 58 steps up", job("note", ref="0031", note="58 steps up")),
        ("find cru2 31", job("find", note="cru2 31")),
        ("rota sheet", job("rota")),
        ("back 31", job("bring back", ref="0031")),
        ("back v1 v2", job("available", "CRU1", "CRU2")),
        ("oos v1 flat", None),
        ("out of service v1 flat", job("out of service", "CRU1", reason="tyre")),
        ("cru 7 31", job("allocate", "CRU7", ref="0031")),
        ("cru 1 and cru 17 mob", job("mobile", "CRU1", "CRU17")),
        ("stand down v2 crew swap", job("stand down", "CRU2", reason="swap")),
        ("hold till tomorrow 2015", job("hold", at=datetime(2027, 2, 10, 20, 15, tzinfo=UTC))),
        ("v7 31 two steps up, then left", job("allocate", "CRU7", ref="0031", note="two steps up, then left")),
        ("v1 os 31 at the side door", job("on scene", "CRU1", ref="0031", note="at the side door")),
        ("close 31 note crew were great", job("close", ref="0031", note="crew were great")),
    ],
)
def test_it_is_read_in_any_order(line: str, meant: CommandMeaning | None) -> None:
    if meant is None:
        ask(line)
    else:
        assert read(line) == meant


@pytest.mark.parametrize(
    ("line", "others"),
    [
        ("58", {"0058", "0058 Mon"}),
        ("alloc v1 58", {"alloc v1 0058", "alloc v1 0058 Mon"}),
        ("7 7", set()),
        ("os v1 7", {"CRU1 and CRU7 on scene", "CRU1 on scene for 0007"}),
        ("cru", {"CRU1", "CRU2", "CRU7", "CRU17"}),
        ("cl 31", {"clear 0031", "close 0031"}),
        ("conveying v1 maple", {"conveying v1 Maple House", "conveying v1 Maple Ward"}),
        ("hold 31 2300 gp", {"hold 31 2300 GP rings first", "hold 31 2300 GP visits first"}),
        ("aloc v1 31", {"alloc v1 31"}),
    ],
)
def test_between_two_it_asks_and_tab_has_the_lines(line: str, others: set[str]) -> None:
    if not others:
        assert read(line) == job("allocate", "CRU7", ref="0007")
        return
    found = ask(line)
    assert {other.line.strip() for other in found.others} == others
    if "may be" in found.question:
        # Each of them settles it.
        assert all(parse(other.line, WORLD).reading is not None for other in found.others)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("clear 44", "No referral or van is called “44”"),
        ("hold 9 gp", "No referral or van is called “9”"),
        ("os cru3", "No referral or van is called “cru3”"),
        ("os cru0", "No referral or van is called “cru0”"),
        ("cancel v23 she rang", "No referral or van is called “v23”"),
        ("note cru-20270209-0999 the gate sticks", "No referral or van is called “cru-20270209-0999”"),
        ("note 64 cats", "No referral or van is called “64”"),
        ("note #64 cats", "No referral or van is called “64”"),
        ("note 0064, cats", "No referral or van is called “0064”"),
        ("note cru-0064 cats", "No referral or van is called “cru-0064”"),
        ("note 20270209-0064 cats", "No referral or van is called “20270209-0064”"),
        ("message 64 the son rang", "No referral or van is called “64”"),
        ("alloc v1 31 112", "“112” is a second one"),
        ("alloc v1 31 2 steps up", "“2” is a second one"),
        ("alloc v1 31 cru1", "“cru1” is a second one"),
        ("v1 os 31 0007", "“0007” is a second one"),
        ("31 v1 2130", "“2130” is a second one"),
        ("close 31 cru2 was kind", "“cru2” is a second one"),
        ("off duty v1 tired", "takes no note"),
        # What is named and not found, or found too late, never leaves the selected one to be meant.
        ("alloc v1 46", "No referral or van is called “46”"),
        ("v1 os 46 at the door", "No referral or van is called “46”"),
        ("alloc v1 and cru9 to 31", "No referral or van is called “cru9”"),
        ("alloc v1 then v46 31", "No referral or van is called “v46”"),
        ("mobile v1 as well as 31", "Is “31” meant?"),
        ("alloc v1 straight to 0112", "Is “0112” meant?"),
        ("alloc 31 nearest is cru17", "Is “cru17” meant?"),
        ("alloc 31 cru9", "No referral or van is called “cru9”"),
        ("31 v1 stand down and alloc v2", "“alloc” is another"),
        ("clr v1 and on scene v2", "“on” is another"),
        ("hold 31 till five", "“till five” is no time"),
        ("hold 31 until the gp rings", "“until the…” is no time"),
        ("os v1 at 25:10", "“at 25:10” is no time"),
        ("hold 31 she sleeps until 0415", "Type the time before any other words"),
        ("31 nonsense", "“nonsense” is no word"),
        ("xyzzy", "no van, referral or word"),
        ("v1 and cru8 to 31", "No referral or van is called “cru8”."),
        ("cru7 46", "No referral or van is called “46”."),
        ("hold 31 till 22 feb 0900", "longest hold"),
    ],
)
def test_what_does_not_fit_is_never_done_by_half(line: str, words: str) -> None:
    assert words in ask(line).question


@pytest.mark.parametrize("number", ["64", "0064", "#64", "cru-0064", "20270209-0064"])
def test_no_verb_takes_a_number_that_is_found_nowhere_for_the_selected_one(number: str) -> None:
    here = replace(WORLD, selected=REFERRALS["0112"])
    of_referrals = [verb for verb in VERBS.values() if WordSlot.REFERRAL in verb.slots]
    lines = [
        f"{van}{verb.words} {number}{behind}"
        for verb in of_referrals
        for van in ("", "v1 ")[: 1 + bool({WordSlot.VAN, WordSlot.VANS} & verb.slots)]
        for behind in ("", " till 2245", " cats", " maple house")
    ]
    assert [line for line in lines if parse(line, here).reading is not None] == []


def test_what_was_no_number_of_a_referral_says_with_tab_where_it_goes() -> None:
    here = replace(WORLD, selected=REFERRALS["0112"])
    [on_it] = parse("note 64 cats", here).others
    assert on_it.words == "note on 0112 “64 cats”"
    assert parse(on_it.line, here).reading == job("note", ref="0112", note="64 cats")
    [to_all] = parse("message 2 tyres flat", here).others
    assert parse(to_all.line, here).reading == job("message", note="@room 2 tyres flat")
    assert parse("note 64 cats", WORLD).others == ()


def test_the_hour_that_comes_twice_is_asked_about() -> None:
    night = replace(WORLD, now=datetime(2027, 10, 30, 23, 20, tzinfo=UTC))
    found = parse("hold 31 till 0130", night)
    assert [other.words for other in found.others] == ["01:30 BST", "01:30 GMT"]
    moments = [parse(other.line, night).reading for other in found.others]
    assert [one.at for one in moments if one] == [
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    ]


PIECES = [
    *VANS,
    *REFERRALS,
    *map(whole, REFERRALS),
    *VERBS,
    *WORDS,
    *(
        "v1",
        "7",
        "31",
        "58",
        "till",
        "at",
        "note",
        "because",
        "to",
        "and",
        ",",
        "0415",
        "21:05",
        "half past ten pm",
    ),
    *("Maple House", "maple", "GP rings first", "30 min", "side door", "“", "é", "\u202e", "Ж", "  "),
]


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join)))
def test_whatever_is_typed_it_means_one_thing_or_asks(line: str) -> None:
    found = parse(line, WORLD)
    assert (found.reading is None) or not found.question
    reading = found.reading
    if reading is None:
        return
    verb = VERBS[reading.verb]
    assert not reading.vans or {WordSlot.VAN, WordSlot.VANS} & verb.slots
    assert len(reading.vans) < 2 or WordSlot.VANS in verb.slots
    assert reading.referral is None or WordSlot.REFERRAL in verb.slots
    # The preview's own words mean the same.
    again = parse(said(reading, WORLD), WORLD)
    assert again.reading == reading, (said(reading, WORLD), again.question)


@settings(max_examples=10)
@given(st.text(min_size=LONGEST, max_size=LONGEST + 50))
def test_no_line_is_too_long(line: str) -> None:
    parse(line, WORLD)


def verb_readings(verb: str) -> st.SearchStrategy[CommandMeaning]:
    slots = VERBS[verb].slots
    vans = st.lists(st.sampled_from(list(VANS.values())), unique=True, max_size=3 if WordSlot.VANS in slots else 1)
    reasons = [one.code for one in WORLD.reasons.get(VERBS[verb].reasons, ())]
    times = st.integers(1, 600)
    step = 1 if WordSlot.COMING in slots else -1
    minute = NOW.replace(second=0)
    return st.builds(
        CommandMeaning,
        st.just(verb),
        vans.map(tuple) if {WordSlot.VAN, WordSlot.VANS} & slots else st.just(()),
        st.none() | st.sampled_from(list(REFERRALS.values())) if WordSlot.REFERRAL in slots else st.none(),
        st.none() | times.map(lambda m: minute + step * timedelta(minutes=m))
        if {WordSlot.COMING, WordSlot.PAST} & slots
        else st.none(),
        st.sampled_from(["", *reasons]),
        st.sampled_from(["", *(one.code for one in WORLD.places)]) if WordSlot.PLACE in slots else st.just(""),
        st.sampled_from(["", "mind the dog", "31 steps up", "note this", "clear of traffic"])
        if {WordSlot.NOTE, WordSlot.TEXT} & slots
        else st.just(""),
    )


@given(st.sampled_from(sorted(VERBS)).flatmap(verb_readings))
def test_every_meaning_can_be_said_and_is_read_back(meant: CommandMeaning) -> None:
    line = said(meant, WORLD)
    found = parse(line, WORLD)
    # A text that begins like the name of a referral is one, where none is named before it.
    if meant.verb == "note" and meant.referral is None and meant.note.startswith("31"):
        return
    assert found.reading == meant, (line, found.question)


@pytest.mark.parametrize(
    ("line", "about", "note"),
    [
        ("tell @osei 31 the son has a key", "0031", "@osei the son has a key"),
        ("tell 31 @osei the son has a key", "0031", "@osei the son has a key"),
        ("message lead 58 mon nobody answers", "0058 Mon", "@lead nobody answers"),
        ("tell the leads nobody answers", None, "@leads nobody answers"),
        ("tell room kettle is on", None, "@room kettle is on"),
        # Only right behind the verb: anywhere else it is a word of the message.
        ("tell 31 lead on the door is loose", "0031", "lead on the door is loose"),
        ("tell osei 31", None, "osei 31"),
        ("n 31 @osei was told", "0031", "@osei was told"),
    ],
)
def test_whom_a_message_is_to_stands_before_or_behind_what_it_is_about(
    line: str, about: str | None, note: str
) -> None:
    world = replace(WORLD, phrases=phrases_of([*WORDS.items(), ("tell", "message"), ("n", "note")]))
    meant = parse(line, world).reading
    assert meant is not None
    assert (meant.referral, meant.note) == (REFERRALS[about] if about else None, note)
    assert parse(said(meant, world), world).reading == meant, "the preview's own words mean the same"
