"""Whom of the past a call may be about: opened by the record, put down, limited; and no call waits for it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.alike_queries import alike, open_alike
from db.domain.alike import SHOWN, Likely, MaybeSame, Typed, weighed
from db.domain.likely_names import how_alike
from db.engine import connect, transaction
from tests.cluster import Record
from tests.db.past import long_ago
from tests.db.psql import Psql

NUMBER: Final = "401 023 2137"
HOSTEL: Final[dict[str, Any]] = {"location_text": "7 Wood Hill", "postcode": "NN1 2DA"}
SURGERY: Final = "01604 555010"
BORN: Final = date(1981, 9, 2)
LOOKS: Final = "SELECT looked_by, why, referrals FROM cru.look ORDER BY id"
ASKED: Final = "'401 023 2137', '', NULL, '', '', '', '', NULL, NULL"
CAME_BACK: Final = Typed(NUMBER, "Iris Okonkwo", BORN, SURGERY, "", "NN1 2DA", "7 Wood Hill", 52.2, -0.9)


async def past(psql: Psql, *, born: date | None = None, **columns: Any) -> UUID:
    """A referral that ended a month ago."""
    one = await psql.referral("declined")
    if born is not None:
        columns["patient_born"] = born
    await psql.amend(psql.lead, "referral", one, **columns)
    await long_ago(psql.owner, one)
    return one


async def told(psql: Psql, typed: Typed) -> tuple[bool, Likely]:
    """As a console asks for it: whether the past was looked through, and what was found."""
    engine = connect(psql.record.url("a.shah"))
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    try:
        async with transaction(engine) as connection:
            looked_through = await open_alike(connection, typed, None)
        async with transaction(engine) as connection:
            return looked_through, await alike(connection, typed, None, now)
    finally:
        await engine.dispose()


async def looks(psql: Psql) -> list[tuple[str, str, list[UUID]]]:
    """The looks by which somebody was opened."""
    return [(who, why, sorted(ids)) for who, why, ids in await psql.owner.fetch(LOOKS) if ids]


def ids_of(found: Likely) -> set[UUID]:
    return {one.one.referral_id for one in found.alike}


@pytest.mark.hazard("H-092")
async def test_somebody_of_the_past_is_told_once_it_stands_in_the_record_who_looked(psql: Psql) -> None:
    one = await past(psql, nhs_number=NUMBER, patient_name="Iris Okonkwo")
    find = f"SELECT count(*) FROM cru.alike({ASKED})"  # noqa: S608 - of ours
    opens = f"SELECT cru.open_alike({ASKED})"
    assert await psql.shah.fetchval(find) == 0
    trying = psql.shah.transaction()
    await trying.start()
    assert await psql.shah.fetchval(opens) == 0
    assert await psql.shah.fetchval(find) == 0, "told before it stands in the record"
    await trying.rollback()
    assert await psql.shah.fetchval(find) == 0
    assert await looks(psql) == []
    found = await told(psql, Typed(number=NUMBER))
    assert (found[0], ids_of(found[1])) == (True, {one})
    # Whoever types on is told the same, and nothing more is put down.
    assert ids_of((await told(psql, Typed(number=NUMBER, name="Iris")))[1]) == {one}
    assert await looks(psql) == [("a.shah", "alike", [one])]
    # To nobody else.
    assert await psql.lead.fetchval(find) == 0
    assert await psql.shah.fetchval("SELECT patient_name FROM cru.referral WHERE id = $1", one) == "Iris Okonkwo"


async def test_only_whom_two_things_speak_for_is_opened(psql: Psql) -> None:
    """A birthday of sixty, a surgery's telephone, a hostel's address or a name alone opens nobody."""
    twin = await past(psql, born=BORN, patient_name="Ambrose Tarn")
    heard = await past(psql, born=BORN, patient_name="Okonkwo-Hall, Iris")
    rang = await past(psql, call_back=SURGERY, patient_name="Joan Pell")
    stayed = await past(psql, **HOSTEL, patient_name="Joan Pull")
    both = await past(psql, **HOSTEL, call_back=SURGERY, patient_name="Una Vance")
    home = Typed(postcode="nn1 2da", place="7 Wood Hill")
    for typed in (Typed(name="Ada Loft", born=BORN), Typed(phone=SURGERY), home):
        assert (await told(psql, typed))[1] == Likely()
    assert await looks(psql) == []
    assert ids_of((await told(psql, Typed(name="Iris Okonkwo Hall", born=BORN)))[1]) == {heard}
    assert ids_of((await told(psql, replace(home, phone=SURGERY)))[1]) == {both}
    assert ids_of((await told(psql, replace(home, name="Joan Pall", phone=SURGERY)))[1]) == {rang, stayed}
    assert {one for _, _, ids in await looks(psql) for one in ids} == {heard, both, rang, stayed}
    assert twin not in {one for _, _, ids in await looks(psql) for one in ids}


@pytest.mark.hazard("H-092")
async def test_beyond_the_limit_what_is_here_and_its_dangers_are_told_all_the_same(psql: Psql) -> None:
    gone = await past(psql, nhs_number=NUMBER, patient_name="Iris Okonkwo", **HOSTEL)
    await psql.owner.execute(
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        " SELECT $1, v.subject, v.kind, 'x', now() + interval '9 days'"
        " FROM (VALUES ('person', 'staff safety'), ('address', 'access')) AS v(subject, kind)",
        gone,
    )
    here = await psql.take(nhs_number=NUMBER)
    await psql.owner.execute(
        "INSERT INTO cru.look (looked_by, why, referrals) SELECT 'a.shah', 'alike', ARRAY[gen_random_uuid()]"
        " FROM generate_series(1, 240)"
    )
    looked_through, found = await told(psql, CAME_BACK)
    assert (looked_through, ids_of(found)) == (False, {here})
    assert found.flags == ("access", "staff safety")
    # Nor does it say of anybody whether they are there.
    assert await psql.shah.fetchval("SELECT cru.open_alike('', '', NULL, '', '', '', '', NULL, NULL)") is None
    # What a person opens is counted apart, either way round.
    opens = "SELECT cru.open_rows(ARRAY[$1::uuid], 'a look')"
    assert await psql.shah.fetchval(opens, gone) == 1
    await psql.owner.execute(
        "INSERT INTO cru.look (looked_by, why) SELECT 'l.lead', 'record' FROM generate_series(1, 240)"
    )
    await psql.refused(psql.lead, opens, gone, code="CR002", says="within an hour")
    assert await psql.lead.fetchval(f"SELECT cru.open_alike({ASKED})") == 0
    # Whoever looks for a crowd says what it is for.
    await psql.refused(psql.lead, "SELECT cru.open_rows(ARRAY[$1::uuid], 'alike')", gone, code="CR002")


@pytest.mark.hazard("H-054")
async def test_whoever_guesses_is_put_down_and_stopped_also_where_nobody_is_found(psql: Psql) -> None:
    """And what was found is told by nothing that a transaction may undo."""
    opens = "SELECT cru.open_alike($1, $2, $3, $4, '', '', '', NULL, NULL)"
    told_of = []
    for number in (NUMBER, "943 476 5919"):
        await past(psql, nhs_number="943 476 5919")
        for who in (psql.shah, psql.lead):
            trying = who.transaction()
            await trying.start()
            answer = await who.fetchval(opens, number, "", None, "")
            began = await who.fetchval("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
            seen = await psql.lead.fetchval("SELECT count(*) FROM cru.look")
            await trying.rollback()
            told_of.append((answer, began, seen))
    assert set(told_of) == {(0, True, 0)}
    for typed in (("401 023 2137", "", None, ""), ("", "Iris Okonkwo", BORN, ""), ("", "", None, SURGERY)):
        await psql.shah.fetchval(opens, *typed)
    # Where nothing is asked by that tells of one person alone, nobody can be found.
    await psql.shah.fetchval(opens, "", "Iris Okonkwo", None, "")
    rows = await psql.lead.fetch("SELECT looked_by, why, referrals FROM cru.look")
    assert [tuple(row) for row in rows] == [("a.shah", "alike", [])] * 3
    await psql.owner.execute(
        "INSERT INTO cru.look (looked_by, why) SELECT 'a.shah', 'alike' FROM generate_series(1, 2397)"
    )
    assert await psql.shah.fetchval(opens, NUMBER, "", None, "") is None


CALLS_AN_HOUR: Final = 15
"""One after the other, four minutes each."""


@pytest.mark.hazard("H-092")
async def test_whoever_takes_one_call_after_the_other_is_far_from_the_limit(psql: Psql) -> None:
    """A call about somebody who comes back, from a surgery to a hostel: each stage of typing it is asked for."""
    for n in range(4):
        await past(psql, born=BORN, patient_name="Iris Okonkwo", nhs_number=NUMBER, call_back=SURGERY, **HOSTEL)
        await past(psql, **HOSTEL, call_back=SURGERY, patient_name=f"Una Vance {n}")
    said: list[set[str]] = [set(), {"phone"}, {"place", "postcode", "lat", "lon"}, {"name"}, {"born"}, {"number"}]
    known: set[str] = set()
    for part in said:
        known |= set(part)
        await told(psql, Typed(**{name: getattr(CAME_BACK, name) for name in known}))
    made = await looks(psql)
    most = await psql.owner.fetchrow("SELECT * FROM cru.looks_an_hour('alike')")
    assert 3 * CALLS_AN_HOUR * len(made) <= most["looks"]
    assert 3 * CALLS_AN_HOUR * sum(len(ids) for _, _, ids in made) <= most["referrals"]


# --- what the record calls alike is never less than what the program does ---


def _likenesses() -> Iterator[MaybeSame]:
    """A referral of the past in every way in which it may be like what is typed."""
    maybe = (None, False, True)
    names = ("Iris Okonkwo", "Iris Okonkwo-Hall", "Oscar Pym", "")
    flags = product(maybe, (False, True), maybe, maybe, maybe, names)
    for number, exact, birth, phone, home, name in flags:
        yield MaybeSame(
            uuid4(),
            "CRU-1",
            datetime.fromisoformat("2026-01-01T00:00Z"),
            is_open=False,
            name=name,
            number=number,
            same_name_and_birth=exact,
            birth=birth,
            phone=phone,
            home=home,
        )


async def test_whatever_would_be_told_is_opened(psql: Psql) -> None:
    now = datetime.fromisoformat("2026-01-01T00:00Z") + timedelta(days=9)
    typed = Typed(name="Iris Okonkwo")
    worth = [one for one in _likenesses() if weighed(typed, [one], now).alike]
    assert len(worth) > 100
    assert min(one.points for it in worth for one in weighed(typed, [it], now).alike) >= SHOWN
    rows = [(one.number, one.same_name_and_birth, one.birth, one.phone, one.home, one.name) for one in worth]
    left_out = await psql.owner.fetch(
        "SELECT v FROM unnest($1::bool[], $2::bool[], $3::bool[], $4::bool[], $5::bool[], $6::text[])"
        " AS v (n, e, b, p, h, w)"
        " WHERE NOT cru.is_worth_opening(v.n, v.e, v.b, v.p, v.h, cru.are_nearly(v.w, 'Iris Okonkwo'))",
        *map(list, zip(*rows, strict=True)),
    )
    assert left_out == []


_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'`’-., _01éèöüßøØłŁæœıçñşğ ÅŽšаяИвЯάΩ"  # noqa: RUF001 - as people are called


def _two(chance: Random) -> tuple[str, str]:
    """A name, and what somebody else may have made of it: words in another order, cut short, a slip in them."""
    name = "".join(chance.choices(_LETTERS, k=chance.randint(0, 24)))
    words = name.split()
    chance.shuffle(words)
    if chance.random() < 0.3:
        words = [word[: chance.randint(1, 12)] for word in words[: chance.randint(1, 3)]]
    other = chance.choice((" ", ", ", "-")).join(words)
    for _ in range(chance.randint(0, 2)):
        at = chance.randint(0, len(other))
        other = other[:at] + chance.choice(["", *_LETTERS]) + other[at + chance.randint(0, 1) :]
    return name, other


def test_whose_name_is_nearly_the_same_is_never_left_out(record: Record) -> None:
    loop = asyncio.new_event_loop()
    owner = loop.run_until_complete(asyncpg.connect(**record.owner_kwargs))

    @settings(max_examples=3, deadline=None, derandomize=True)
    @given(st.integers(0, 1 << 32))
    def holds(seed: int) -> None:
        chance = Random(seed)
        near = [pair for pair in (_two(chance) for _ in range(1500)) if how_alike(*pair) >= 0.85]
        seen.append(len(near))
        both = [[one for one, _ in near], [other for _, other in near]]
        asked = "SELECT v FROM unnest($1::text[], $2::text[]) v (a, b) WHERE NOT cru.are_nearly(v.a, v.b)"
        assert loop.run_until_complete(owner.fetch(asked, *both)) == []

    seen: list[int] = []
    try:
        holds()
    finally:
        loop.run_until_complete(owner.close())
        loop.close()
    assert sum(seen) > 1000, "hardly a pair was alike"


async def test_whose_name_is_another_is_left_out(psql: Psql) -> None:
    others = ["Ambrose Tarn", "Una Vance", "Joan", "Oscar Okonkwo Pym", "Moira Aden", "", "Ира Оконкво"]
    asked = "SELECT n FROM unnest($1::text[]) n WHERE cru.are_nearly(n, 'Iris Okonkwo')"
    assert await psql.owner.fetch(asked, others) == []
