"""How much speaks for two referrals being about one person or one call, and how it is said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from db.domain.alike import LIKELY, SHOWN, Alike, MaybeSame, Typed, sentence, typed_of, weighed
from db.domain.intake import Draft
from db.domain.likely_names import how_alike

NOW = datetime(2026, 11, 22, 3, 41, tzinfo=UTC)
TYPED = Typed(name="Perpetua Quill", born=date(1968, 4, 30), lat=52.24, lon=-0.89)
LONG_AGO, JUST_NOW = timedelta(days=400), timedelta(minutes=12)


def of(ago: timedelta, *, is_open: bool = False, **more: object) -> MaybeSame:
    return replace(MaybeSame(uuid4(), "CRU-20261122-0042", NOW - ago, is_open), **more)  # type: ignore[arg-type] # any field


def only(one: MaybeSame, typed: Typed = TYPED) -> Alike | None:
    return next(iter(weighed(typed, [one], NOW).alike), None)


@pytest.mark.hazard("H-068")
@pytest.mark.parametrize(
    ("one", "why"),
    [
        (of(LONG_AGO, number=True), "same NHS number"),
        (
            of(LONG_AGO, same_name_and_birth=True, name="quill, perpetua", birth=True),
            "same name and date of birth",
        ),
        (of(LONG_AGO, name="Perpetua Quil", birth=True), "same date of birth, name nearly the same"),
        (of(LONG_AGO, name="Perp Quill", birth=True), "same date of birth, name nearly the same"),
        (of(LONG_AGO, phone=True, name="quill perpetua"), "same telephone, same name"),
        (of(LONG_AGO, phone=True, home=True), "same telephone, same address"),
        (of(JUST_NOW, phone=True), "same telephone"),
        (of(JUST_NOW, incident=True), "same EMAS incident"),
        (of(JUST_NOW, home=True), "same address"),
        (of(JUST_NOW, metres=31.0), "same place"),
        (of(LONG_AGO, is_open=True, phone=True, metres=140.0), "same telephone, 140 m away"),
        (of(timedelta(hours=9), is_open=True, home=True), "same address"),
    ],
)
def test_what_is_likely_is_told_with_why(one: MaybeSame, why: str) -> None:
    found = only(one)
    assert found is not None
    assert ", ".join(found.why) == why


@pytest.mark.parametrize(
    "one",
    [
        # A surgery's telephone, a care home's address, a birthday, a name and a street that many share.
        of(LONG_AGO, phone=True),
        of(LONG_AGO, home=True),
        of(LONG_AGO, birth=True, name="Ambrose Tarn"),
        of(JUST_NOW, name="Perpetua Quill"),
        of(timedelta(hours=5), metres=140.0),
        of(LONG_AGO, metres=1.0),
        of(timedelta(days=3), incident=True),
        # Another name at the telephone of a ward, and another number under the same name.
        of(JUST_NOW, phone=True, name="Ambrose Tarn", birth=False),
        of(JUST_NOW, phone=True, name="Ambrose Tarn"),
        of(LONG_AGO, same_name_and_birth=True, name="Perpetua Quill", birth=True, number=False),
    ],
)
def test_what_many_share_is_not_told(one: MaybeSame) -> None:
    assert only(one) is None


def test_only_an_open_one_that_is_likely_is_told_before_saving() -> None:
    both = {"phone": True, "metres": 10.0}
    now_open, ended = only(of(JUST_NOW, is_open=True, **both)), only(of(JUST_NOW, **both))
    weak = only(of(JUST_NOW, is_open=True, metres=10.0))
    assert now_open is not None
    assert ended is not None
    assert weak is not None
    assert (now_open.stops, ended.stops, weak.stops) == (True, False, False)
    assert SHOWN <= weak.points < LIKELY <= ended.points


def test_a_link_rests_on_what_the_record_takes() -> None:
    assert of(LONG_AGO, number=True).may_be_linked
    assert of(LONG_AGO, same_name_and_birth=True, birth=True).may_be_linked
    assert not of(JUST_NOW, phone=True, home=True, incident=True, birth=True, name="Perpetua Quil").may_be_linked


def test_the_likeliest_is_first_and_five_are_enough() -> None:
    many = [of(timedelta(minutes=n), phone=True) for n in range(1, 9)]
    sure = of(LONG_AGO, number=True)
    found = weighed(TYPED, [*many, sure], NOW).alike
    assert [one.one for one in found] == [sure, *many[:4]]


def test_it_is_one_sentence() -> None:
    found = only(of(JUST_NOW, is_open=True, phone=True, metres=44.0))
    assert found is not None
    assert sentence(found, NOW) == (
        "This may be CRU-20261122-0042, open, received 03:29, 12 min ago: same telephone, same place."
    )
    old = only(of(LONG_AGO, number=True))
    assert old is not None
    assert sentence(old, NOW) == "This may be CRU-20261122-0042, ended, received 18 Oct 2025: same NHS number."


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("Sorrel Ann Wren", "wren sorrel", True),
        ("Seán Ó Broin", "Sean O'Broin", True),
        ("Kataryzna Nowak", "Katarzyna Nowak", True),
        ("Wren", "Sorrel Wren", True),
        ("Sorrel Wren", "Robin Campion", False),
        ("", "Robin Campion", False),
    ],
)
def test_a_name_is_as_people_write_it(name: str, other: str, alike: bool) -> None:
    assert (how_alike(name, other) >= 0.85) is alike
    assert how_alike(name, other) == how_alike(other, name)


def test_of_a_draft_only_what_is_said_is_asked() -> None:
    assert not typed_of(Draft(name="Perpetua Quill", patient_unknown=False), NOW).says_anything
    blank = typed_of(Draft(), NOW)
    assert not blank.says_anything
    said = Draft(patient_unknown=False, name=" Perpetua Quill ", born="30/4/68", nhs_number="943 476 5918")
    assert typed_of(said, NOW) == Typed(name="Perpetua Quill", born=date(1968, 4, 30))
    hidden = replace(said, patient_unknown=True, nhs_number="943 476 5919", call_back="07700900555")
    assert typed_of(hidden, NOW) == Typed(phone="07700 900555")
    assert typed_of(replace(hidden, patient_unknown=False), NOW).number == "9434765919"


def test_flags_are_told_also_of_what_is_not_likely() -> None:
    old = of(LONG_AGO, home=True, flags=("staff_safety",))
    found = weighed(TYPED, [old, of(LONG_AGO, number=True, flags=("helps", "staff_safety"))], NOW)
    assert found.flags == ("helps", "staff_safety")
    assert len(found.alike) == 1
