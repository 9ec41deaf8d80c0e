"""A wrong link between two people is put right, and what followed from it goes with it: tried at a psql prompt."""

from typing import Any
from uuid import UUID

import pytest

from tests.db.psql import TAKE_BACK, Psql
from tests.db.test_rules_flags import of, put
from tests.db.test_rules_person import SAME, TAKE_OVER, named, say

NUMBER, OTHER = "943 476 5919", "401-023-2137"


async def holds(psql: Psql, referral: UUID) -> list[str]:
    stands = "ended_at IS NULL AND taken_back_at IS NULL AND words <> ''"
    sql = f"SELECT words FROM cru.about_me WHERE referral_id = $1 AND {stands} ORDER BY 1"  # noqa: S608 - ours
    return [row[0] for row in await psql.owner.fetch(sql, referral)]


async def item_of(psql: Psql, referral: UUID, words: str) -> UUID:
    sql = "SELECT id FROM cru.about_me WHERE referral_id = $1 AND words = $2"
    return UUID(str(await psql.owner.fetchval(sql, referral, words)))


async def linked(psql: Psql) -> tuple[UUID, UUID]:
    """Two of one name and birthday, linked by a word; the second took over what was said at the first."""
    one, two = await named(psql, "Tansy Plover"), await named(psql, "PLOVER, Tansy")
    said = await say(psql, one, "helps", words="the window open", by="the person")
    await say(psql, one, "keep", "yes", by="the person")
    await psql.shah.execute(SAME, two, one, True)
    await psql.shah.execute(TAKE_OVER, two, said)
    await say(psql, two, "avoid", words="the bell", by="a neighbour")
    assert await holds(psql, two) == ["the bell", "the window open"]
    return one, two


@pytest.mark.hazard("H-028")
async def test_what_was_taken_over_ends_and_what_was_said_there_stays(psql: Psql) -> None:
    one, two = await linked(psql)
    await psql.shah.execute(SAME, one, two, False)
    assert await holds(psql, two) == ["the bell"]
    assert "the window open" in await holds(psql, one)
    assert (await psql.kinds(two))[-1] == "about me ended"


async def test_a_link_that_is_taken_back_takes_it_along_too(psql: Psql) -> None:
    one, two = await named(psql, "Tansy Plover"), await named(psql, "Tansy Plover")
    said = await say(psql, one, "helps", words="the window open", by="the person")
    await say(psql, one, "keep", "yes", by="the person")
    await psql.shah.execute(SAME, two, one, True)
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.shah.execute(TAKE_OVER, two, said)
    await psql.shah.execute("SELECT cru.take_back($1)", act)
    assert await holds(psql, two) == []


@pytest.mark.hazard("H-028")
async def test_a_corrected_number_does_the_same(psql: Psql) -> None:
    one, two = await psql.take(nhs_number=NUMBER), await psql.take(nhs_number=NUMBER)
    said = await say(psql, one, "pets", words="an owl", by="the person")
    await say(psql, one, "keep", "yes", by="the person")
    await psql.shah.execute(TAKE_OVER, two, said)
    await psql.set(psql.shah, "referral", two, location_text="elsewhere")
    assert await holds(psql, two) == ["an owl"]
    await psql.set(psql.shah, "referral", two, nhs_number=OTHER)
    assert await holds(psql, two) == []


async def test_what_went_on_from_there_ends_too(psql: Psql) -> None:
    one, two = await linked(psql)
    await say(psql, two, "keep", "yes", by="the person")
    third = await named(psql, "Tansy Plover")
    await psql.shah.execute(SAME, third, two, True)
    await psql.shah.execute(TAKE_OVER, third, await item_of(psql, two, "the window open"))
    await psql.shah.execute(TAKE_OVER, third, await item_of(psql, two, "the bell"))
    await psql.shah.execute(SAME, one, two, False)
    assert await holds(psql, third) == ["the bell"]


async def test_a_number_that_is_corrected_where_it_was_said_ends_it_wherever_it_went(psql: Psql) -> None:
    one, two, third = [await psql.take(nhs_number=NUMBER) for _ in range(3)]
    said = await say(psql, one, "pets", words="an owl", by="the person")
    for referral in (one, two):
        await say(psql, referral, "keep", "yes", by="the person")
    await psql.shah.execute(TAKE_OVER, two, said)
    await psql.shah.execute(TAKE_OVER, third, await item_of(psql, two, "an owl"))
    await psql.set(psql.shah, "referral", one, nhs_number=OTHER)
    assert [await holds(psql, referral) for referral in (one, two, third)] == [["an owl"], [], []]


@pytest.mark.hazard("H-028")
async def test_flags_leave_by_themselves_and_come_back_where_they_were_gone_on_with(psql: Psql) -> None:
    one, two = await linked(psql)
    flag = await put(psql, one, "person", "staff safety", words="a dog that bites")
    assert flag in await of(psql, two)
    sql = (
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at, extends_id, danger) VALUES"
        " ($1, 'person', 'staff safety', 'a dog that bites', cru.clock_now() + interval '99 days', $2, true)"
        " RETURNING id"
    )
    on = await psql.shah.fetchval(sql, two, flag)
    onward = await psql.shah.fetchval(sql, two, on)
    own = await put(psql, two, "person", "pets", words="a cat")
    assert await of(psql, one) == {onward, own}
    await psql.shah.execute(SAME, one, two, False)
    assert await of(psql, two) == {own}
    (back,) = await of(psql, one)
    row = await psql.read("flag", back)
    assert (row["referral_id"], row["kind"], row["reason"], row["danger"]) == (
        one,
        "staff safety",
        "a dog that bites",
        True,
    )
    assert row["expires_at"] == (await psql.read("flag", onward))["expires_at"]
    assert (await psql.read("flag", onward))["withdrawn_reason"] == "not the same person"


async def test_whoever_takes_the_word_back_gets_all_of_it_back(psql: Psql) -> None:
    one, two = await linked(psql)
    flag = await put(psql, one, "person", "safeguarding", words="ask who else is in")
    sql = (
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at, extends_id) VALUES"
        " ($1, 'person', 'safeguarding', 'ask who else is in', cru.clock_now() + interval '9 days', $2)"
        " RETURNING id"
    )
    on = await psql.shah.fetchval(sql, two, flag)
    await psql.shah.execute(SAME, one, two, False)
    await psql.shah.execute(TAKE_BACK)
    assert await holds(psql, two) == ["the bell", "the window open"]
    assert await of(psql, one) == {on} == await of(psql, two)


async def test_a_word_that_they_are_one_ends_nothing(psql: Psql) -> None:
    one, two = await linked(psql)
    await psql.shah.execute(SAME, one, two, True)
    assert await holds(psql, two) == ["the bell", "the window open"]


# --- what is known, and what was said of it ---


async def known(psql: Psql, referral: UUID) -> dict[UUID, Any]:
    return {row["referral_id"]: row for row in await psql.shah.fetch("SELECT * FROM cru.known_of($1)", referral)}


async def test_a_word_stays_in_sight_so_that_it_can_be_put_right(psql: Psql) -> None:
    one, two = await linked(psql)
    assert [(row["is_same"], row["word"]) for row in (await known(psql, two)).values()] == [(True, True)]
    await psql.shah.execute(SAME, two, one, False)
    assert [(row["is_same"], row["word"]) for row in (await known(psql, two)).values()] == [(False, False)]
    assert await psql.shah.fetch("SELECT * FROM cru.known_before($1)", two) == []
    await psql.shah.execute(SAME, two, one, True)
    assert (await known(psql, two))[one]["is_same"]


@pytest.mark.parametrize("address", ["Flat 3, 20 High Street", "20 High St, flat 3"])
async def test_contacts_of_the_address_are_known_and_are_nobodys_question(psql: Psql, address: str) -> None:
    one = await psql.take(location_text="Flat 3, 20 High Street", postcode="NN16 8UZ")
    two = await psql.take(location_text=address, postcode="nn168uz")
    await psql.take(location_text="Flat 4, 20 High Street", postcode="NN16 8UZ")
    found = await known(psql, two)
    assert {key: (row["found_by"], row["at_address"], row["is_same"]) for key, row in found.items()} == {
        one: ("same address", True, False)
    }
    assert await psql.shah.fetch("SELECT * FROM cru.known_before($1)", two) == []
    await psql.refused(psql.wall, "SELECT * FROM cru.known_of($1)", two, code="42501")
