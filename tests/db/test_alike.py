"""Which referrals the record finds for something that is being typed: as a dispatcher's console asks for it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from db.alike_queries import alike
from db.domain.alike import Alike, Likely, Typed
from db.engine import connect
from tests.db.psql import Psql, age

NUMBER = "943 476 5919"
WHO: dict[str, Any] = {"patient_name": "Perpetua Quill", "call_back": "07700 900123"}
WHERE: dict[str, Any] = {
    "location_text": "14 Abington Street",
    "postcode": "NN1 4LP",
    "lat": 52.2405,
    "lon": -0.8901,
}
TYPED = Typed(name="quill, PERPETUA", born=date(1968, 4, 30), phone="+44 7700 900123")
HERE = Typed(place="flat at 14 abington st, NN1 4LP", postcode="nn1 4lp", lat=52.2405, lon=-0.8901)


async def found_of(psql: Psql, typed: Typed, not_this: UUID | None = None) -> Likely:
    engine = connect(psql.record.url("a.shah"))
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    try:
        async with engine.connect() as connection:
            return await alike(connection, typed, not_this, now)
    finally:
        await engine.dispose()


async def asked(psql: Psql, typed: Typed, not_this: UUID | None = None) -> dict[UUID, Alike]:
    return {one.one.referral_id: one for one in (await found_of(psql, typed, not_this)).alike}


async def born(psql: Psql, referral: UUID, day: str) -> UUID:
    await psql.owner.execute("UPDATE cru.referral SET patient_born = $2::text::date WHERE id = $1", referral, day)
    return referral


@pytest.mark.hazard("H-068")
@pytest.mark.parametrize(
    ("there", "typed", "why"),
    [
        ({"nhs_number": NUMBER}, Typed(number=NUMBER.replace(" ", "-")), ("same NHS number",)),
        ({"call_back": "+44 7700 900123"}, TYPED, ("same telephone",)),
        ({"ems_incident": "emas 22-1187"}, Typed(incident="EMAS221187"), ("same EMAS incident",)),
        (WHERE, HERE, ("same address",)),
        ({**WHERE, "location_text": "Abington Street"}, replace(HERE, place="outside the bank"), ("same place",)),
    ],
)
async def test_an_open_one_is_found_by_each_key(
    psql: Psql, there: dict[str, Any], typed: Typed, why: tuple[str, ...]
) -> None:
    one = await psql.take(**there)
    await psql.take(location_text="2 Bridge Street", postcode="NN1 1NS", call_back="07700 900999")
    (found,) = (await asked(psql, typed)).values()
    assert (found.one.referral_id, found.why, found.one.is_open) == (one, why, True)


async def test_of_each_that_is_found_it_is_told_what_is_the_same_and_what_is_another(psql: Psql) -> None:
    elsewhere = {"location_text": "2 Bridge Street", "postcode": "NN1 1NS", "call_back": "07700 900999"}
    same = {
        "same_number": await psql.take(**elsewhere, nhs_number=NUMBER.replace(" ", "")),
        "same_phone same_postcode": await psql.take(**WHO | {"location_text": "9 Elm Road", "postcode": "nn14lp"}),
        "same_incident": await psql.take(**elsewhere, ems_incident="EMAS 7"),
        "same_home same_postcode": await psql.take(**WHERE),
        "same_birth same_name_and_birth": await psql.take(**elsewhere, patient_name="Perpetua Quill"),
        "same_birth same_number": await psql.take(**elsewhere, nhs_number=NUMBER, patient_name="Ambrose Tarn"),
    }
    for told, one in same.items():
        await born(psql, one, "1968-04-30" if "birth" in told else "1968-04-29")
    typed = (
        "$1, 'quill perpetua', '1968-04-30', '07700900123', 'emas7', 'NN1 4LP', '14 Abington Street', NULL, NULL"
    )
    rows = await psql.shah.fetch(f"SELECT * FROM cru.alike({typed})", NUMBER)  # noqa: S608 - of ours
    found = {row["referral_id"]: {name for name, value in row.items() if value is True} for row in rows}
    assert {one: found.get(one, set()) - {"is_open"} for one in same.values()} == {
        one: set(told.split()) for told, one in same.items()
    }


@pytest.mark.hazard("H-068")
async def test_a_birthday_finds_the_name_that_was_heard_otherwise(psql: Psql) -> None:
    one = await born(psql, await psql.take(patient_name="Perpetua Quil"), "1968-04-30")
    await born(psql, await psql.take(patient_name="Ambrose Tarn"), "1968-04-30")
    found = await asked(psql, replace(TYPED, phone=""))
    assert {key: value.why for key, value in found.items()} == {one: ("same date of birth, name nearly the same",)}
    assert not found[one].one.may_be_linked


async def test_what_ended_long_ago_is_found_by_who_it_was_and_not_by_where(psql: Psql) -> None:
    one = await psql.referral("closed")
    there = {"lat": 52.2405, "lon": -0.8901, "postcode": "NN1 4LP"}
    await psql.amend(psql.shah, "referral", one, nhs_number=NUMBER, **there)
    await age(psql.owner, "90 days")
    assert await asked(psql, HERE) == {}
    assert list(await asked(psql, replace(HERE, number=NUMBER))) == [one]


async def test_what_somebody_said_already_is_asked_no_more(psql: Psql) -> None:
    mine, other = await psql.take(nhs_number=NUMBER), await psql.take(nhs_number=NUMBER)
    typed = Typed(number=NUMBER)
    assert list(await asked(psql, typed, mine)) == [other]
    word = "INSERT INTO cru.same_person (referral_id, other_id, is_same) VALUES ($1, $2, false)"
    await psql.shah.execute(word, mine, other)
    assert await asked(psql, typed, mine) == {}
    # Of another call nobody has said anything.
    assert set(await asked(psql, typed)) == {mine, other}


async def test_what_was_entered_in_error_is_nobody(psql: Psql) -> None:
    one = await psql.take(nhs_number=NUMBER)
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    await psql.set(psql.lead, "referral", one, entered_in_error_at=now, entered_in_error_reason="typed twice")
    assert await asked(psql, Typed(number=NUMBER)) == {}


async def test_nothing_typed_finds_nobody_and_the_wall_asks_nothing(psql: Psql) -> None:
    await psql.take(**WHO)
    assert await asked(psql, Typed()) == {}
    sql = "SELECT * FROM cru.alike('', '', NULL, '07700900123', '', '', '', NULL, NULL)"
    for who in (psql.wall, psql.gateway):
        await psql.refused(who, sql, code="42501")
    assert len(await psql.shah.fetch(sql)) == 1


async def test_flags_of_this_home_and_of_this_person_are_told_and_of_no_other(psql: Psql) -> None:
    home = await psql.take(**WHERE, nhs_number="401 023 2137")
    person = await psql.take(nhs_number=NUMBER, location_text="2 Bridge Street", postcode="NN1 1NS")
    flag = (
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        " VALUES ($1, $2, $3, 'x', cru.clock_now() + interval '1 day') RETURNING id"
    )
    for one, subject, kind in (
        (home, "address", "access"),
        (home, "person", "safeguarding"),
        (person, "person", "staff safety"),
        (person, "address", "pets"),
    ):
        await psql.shah.fetchval(flag, one, subject, kind)
    await age(psql.owner, "30 days")
    assert (await found_of(psql, HERE)).flags == ("access",)
    assert (await found_of(psql, replace(HERE, number=NUMBER))).flags == ("access", "staff safety")
    await psql.shah.execute(
        "UPDATE cru.flag SET withdrawn_at = now(), withdrawn_reason = 'moved' WHERE kind = 'access'"
    )
    assert (await found_of(psql, HERE)).flags == ()
