"""Flags belong to a person or an address, are found again, and are never for life: tried at a psql prompt."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.db.psql import Psql

FLAG = (
    "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
    " VALUES ($1, $2, $3, $4, cru.clock_now() + $5::interval) RETURNING id"
)
NUMBER = "943 476 5919"


async def put(
    psql: Psql, referral: UUID, subject: str = "person", kind: str = "pets", days: float = 90, **more: Any
) -> UUID:
    words = more.get("words", "an old tortoise")
    return UUID(str(await psql.shah.fetchval(FLAG, referral, subject, kind, words, timedelta(days=days))))


async def of(psql: Psql, referral: UUID) -> set[UUID]:
    return {row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.flags_of($1)", referral)}


async def lives_at(psql: Psql, place: str, postcode: str = "NN16 8UZ") -> UUID:
    return await psql.take(location_text=place, postcode=postcode)


@pytest.mark.hazard("H-041")
async def test_a_flag_on_a_person_is_found_at_their_next_referral_and_at_no_other(psql: Psql) -> None:
    first = await psql.take(nhs_number=NUMBER, location_text="12 Mill Lane", postcode="NN18 9ND")
    flag = await put(psql, first, "person", "what helps", words="say her name before you knock")
    again = await psql.take(nhs_number=NUMBER, location_text="a friend's house")
    stranger = await psql.take(location_text="12 Mill Lane", postcode="NN18 9ND")
    assert await of(psql, again) == {flag}
    assert await of(psql, stranger) == set()
    assert again in await psql.owner.fetchval("SELECT cru.referrals_of_flag($1)", flag)


async def test_a_flag_is_told_with_what_is_open_and_what_ended_as_long_as_the_board_keeps_it(psql: Psql) -> None:
    old, fresh, still = [await psql.take(nhs_number=NUMBER) for _ in range(3)]
    flag = await put(psql, old)
    sql = (
        "UPDATE cru.referral SET state = 'cancelled', end_reason = 'duplicate',"
        " closed_at = cru.clock_now() - $2::interval WHERE id = $1"
    )
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(sql, old, timedelta(hours=11.9))
        await psql.owner.execute(sql, fresh, timedelta(hours=1))

    async def told() -> set[UUID]:
        return set(await psql.owner.fetchval("SELECT cru.referrals_of_flag($1)", flag))

    assert await told() == {old, fresh, still}
    await psql.owner.execute("UPDATE cru.rule SET value = 2, unit = 'hours' WHERE name = 'ended_board'")
    assert await told() == {fresh, still}


@pytest.mark.hazard("H-041")
@pytest.mark.parametrize(
    ("there", "code", "is_same"),
    [
        ("Flat 3, 20 High Street", "nn168uz", True),
        ("20 High St, flat 3, Kettering", "NN16 8UZ", True),
        ("Flat 4, 20 High Street", "NN16 8UZ", False),
        ("Flat 3, 20 High Street", "NN16 8UY", False),
        ("Flat 3, 20 High Street", "", False),
        ("20 High Street", "NN16 8UZ", False),
    ],
)
async def test_a_flag_on_an_address_is_found_by_postcode_and_house(
    psql: Psql, there: str, code: str, is_same: bool
) -> None:
    first = await lives_at(psql, "Flat 3, 20 High Street")
    flag = await put(psql, first, "address", "access")
    assert (flag in await of(psql, await lives_at(psql, there, code))) is is_same


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("The Old Mill, Ringstead", "the old mill", True),
        ("The Old Mill", "The New Mill", False),
        ("Rear flat, 7 Gold Street", "7 Gold Street", False),
        ("First-floor flat, 7 Gold Street", "7 Gold Street, first floor flat", True),
        ("7a Gold Street", "7b Gold Street", False),
    ],
)
async def test_a_house_is_told_by_name_number_and_floor(psql: Psql, one: str, other: str, is_same: bool) -> None:
    flag = await put(psql, await lives_at(psql, one), "address", "access")
    assert (flag in await of(psql, await lives_at(psql, other))) is is_same


async def test_an_address_flag_stays_where_it_was_put_when_the_person_turns_out_to_be_elsewhere(
    psql: Psql,
) -> None:
    first = await lives_at(psql, "5 Station Road")
    flag = await put(psql, first, "address")
    await psql.set(psql.shah, "referral", first, location_text="99 Bath Road")
    assert await of(psql, await lives_at(psql, "5 Station Road")) == {flag}
    assert await of(psql, await lives_at(psql, "99 Bath Road")) == set()


@pytest.mark.hazard("H-042")
@pytest.mark.parametrize("days", [0, -3, 367, 4000])
async def test_its_review_lies_within_twelve_months(psql: Psql, days: int) -> None:
    referral = await psql.take()
    given = (referral, "person", "access", "steep stairs", timedelta(days=days))
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.refused(who, FLAG, *given, says="within 12 months")


async def test_it_has_a_review_a_reason_and_an_author(psql: Psql) -> None:
    referral = await psql.take()
    sql = "INSERT INTO cru.flag (referral_id, subject, kind, reason) VALUES ($1, 'address', 'access', 'a gate')"
    await psql.refused(psql.shah, sql, referral, says="somebody looks at it again")
    await psql.refused(psql.shah, FLAG, referral, "person", "access", " ", timedelta(days=1), code="23514")
    row = await psql.read("flag", await put(psql, referral))
    assert (row["added_by"], row["withdrawn_at"], row["version"]) == ("a.shah", None, 1)
    for column in ("added_by", "address_key", "version", "withdrawn_by"):
        given = "1" if column == "version" else "'x'"
        made = FLAG.replace("reason, ", f"reason, {column}, ").replace("$4, ", f"$4, {given}, ")
        await psql.refused(psql.shah, made, referral, "person", "access", "x", timedelta(days=1), code="42501")


@pytest.mark.hazard("H-042")
async def test_it_is_withdrawn_with_a_reason_and_never_changed(psql: Psql) -> None:
    referral = await psql.take()
    flag = await put(psql, referral)
    gone = "UPDATE cru.flag SET withdrawn_at = now(), withdrawn_reason = $2 WHERE id = $1"
    await psql.refused(psql.shah, gone, flag, "  ", says="needs a reason")
    for column, value in (
        ("reason", "'nothing'"),
        ("expires_at", "now() + interval '1 day'"),
        ("kind", "'access'"),
    ):
        sql = f"UPDATE cru.flag SET {column} = {value} WHERE id = $1"  # noqa: S608 - columns of our own
        await psql.refused(psql.shah, sql, flag, code="42501")
        await psql.refused(psql.owner, sql, flag, code="CR002", says="never changed")
    other = psql.session("b.okafor")
    await other.execute(gone, flag, " it died ")
    row = await psql.read("flag", flag)
    assert (row["withdrawn_by"], row["withdrawn_reason"]) == ("b.okafor", "it died")
    assert await of(psql, referral) == set()
    assert (await psql.kinds(referral))[-1] == "flag withdrawn"
    await psql.refused(psql.shah, gone, flag, "again", code="CR002")
    await psql.refused(psql.owner, "DELETE FROM cru.flag", code="CR002")


@pytest.mark.hazard("H-042")
async def test_it_goes_on_only_by_a_new_act_of_somebody_who_looked_at_it(psql: Psql) -> None:
    first, again = await psql.take(nhs_number=NUMBER), await psql.take(nhs_number=NUMBER)
    flag, stranger = await put(psql, first, days=2), await psql.take()
    on = (
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at, extends_id) VALUES"
        " ($1, 'person', 'pets', 'an old tortoise', cru.clock_now() + interval '11 months', $2) RETURNING id"
    )
    await psql.refused(psql.shah, on, stranger, flag, code="CR001")
    later = UUID(str(await psql.session("b.okafor").fetchval(on, again, flag)))
    assert await of(psql, first) == {later} == await of(psql, again)
    assert (await psql.read("flag", flag))["withdrawn_by"] == "b.okafor"
    await psql.refused(psql.shah, on, again, flag, code="CR001")


async def test_what_an_older_console_calls_it_is_kept_in_words_that_harm_nobody(psql: Psql) -> None:
    flag = await put(psql, await psql.take(), kind="repeat caller", words="a walk round the block helped")
    assert (await psql.read("flag", flag))["kind"] == "contacted us before"


async def test_consoles_are_told_of_flags_that_come_and_go_with_a_number(psql: Psql) -> None:
    flag = await put(psql, await psql.take(nhs_number=NUMBER))
    noted = await psql.owner.fetchval("SELECT max(id) FROM cru.change")
    again = await psql.take(nhs_number=NUMBER)
    told = "SELECT ids FROM cru.change WHERE entity = 'flag' AND id > $1 ORDER BY id DESC LIMIT 1"
    assert flag in await psql.owner.fetchval(told, noted)
    noted = await psql.owner.fetchval("SELECT max(id) FROM cru.change")
    await psql.set(psql.shah, "referral", again, nhs_number=None)
    assert flag in await psql.owner.fetchval(told, noted), "and when it leaves"
