"""A word from a crew that is with somebody: tried at a psql prompt."""

from uuid import UUID, uuid4

import pytest

from db import commands as do
from db.domain.read_back import CHANNELS
from db.engine import connect
from db.errors import Conflict
from tests.db.psql import Psql

HEARD = (
    "INSERT INTO cru.crew_word (referral_id, assignment_id, channel, said_by, words)"
    " VALUES ($1, $2, $3, $4, $5) RETURNING id"
)


async def with_somebody(psql: Psql, state: str = "with patient") -> tuple[UUID, UUID]:
    job = await psql.assignment(state)
    return (await psql.read("assignment", job))["referral_id"], job


@pytest.mark.hazard("H-045")
@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_word_is_whoever_s_who_wrote_it_down(psql: Psql, channel: str) -> None:
    referral, job = await with_somebody(psql)
    row = await psql.read("crew_word", await psql.shah.fetchval(HEARD, referral, job, channel, "the ward", "tea"))
    assert (row["recorded_by"], row["said_by"], row["channel"]) == ("a.shah", "the ward", channel)
    event = await psql.owner.fetchrow("SELECT * FROM cru.event WHERE kind = 'crew well'")
    assert (event["referral_id"], event["words"]) == (referral, "tea")
    assert event["van_id"] == (await psql.read("assignment", job))["van_id"]


@pytest.mark.parametrize(
    ("state", "heard"),
    [
        ("allocated", False),
        ("mobile", False),
        ("at rendezvous", False),
        ("on scene", True),
        ("with patient", True),
        ("conveying", True),
        ("at destination", True),
        ("clear", False),
    ],
)
async def test_only_of_a_crew_that_is_with_somebody(psql: Psql, state: str, heard: bool) -> None:
    referral, job = await with_somebody(psql, state)
    if heard:
        assert await psql.shah.fetchval(HEARD, referral, job, "radio", "", "")
    else:
        await psql.refused(psql.shah, HEARD, referral, job, "radio", "", "", code="CR001", says="not with anybody")


async def test_what_is_no_word(psql: Psql) -> None:
    referral, job = await with_somebody(psql)
    elsewhere = await psql.referral()
    await psql.refused(psql.shah, HEARD, elsewhere, job, "radio", "", "", code="CR001")
    await psql.refused(psql.shah, HEARD, referral, job, "smoke", "", "", code="23514")
    await psql.refused(psql.shah, HEARD, referral, job, "radio", "x" * 501, "", code="23514")
    await psql.refused(psql.shah, HEARD, referral, job, "radio", "", "x" * 20001, code="23514")
    await psql.refused(psql.session("w.wall"), HEARD, referral, job, "radio", "", "", code="42501")
    given = "INSERT INTO cru.crew_word (referral_id, assignment_id, channel, {}) VALUES ($1, $2, 'radio', {})"
    for column, value in (("recorded_by", "'x'"), ("recorded_at", "now()"), ("taken_back_at", "now()")):
        await psql.refused(psql.shah, given.format(column, value), referral, job, code="42501")
    await psql.shah.execute(HEARD, referral, job, "radio", "", "")
    await psql.refused(psql.owner, "UPDATE cru.crew_word SET channel = 'message'", code="CR002")
    await psql.refused(psql.owner, "DELETE FROM cru.crew_word", code="CR002")


async def test_by_command_once_and_never_of_a_crew_that_left(psql: Psql) -> None:
    _, job = await with_somebody(psql)
    engine = connect(psql.record.url("a.shah"))
    try:
        word = do.CrewWell(assignment_id=job, channel="telephone", said_by=" a nurse ")
        await do.execute(engine, word)
        await do.execute(engine, word)
        rows = await psql.owner.fetch("SELECT said_by FROM cru.crew_word")
        assert [row["said_by"] for row in rows] == ["a nurse"], "asked for twice, heard once"
        await psql.set(psql.shah, "assignment", job, state="clear")
        with pytest.raises(Conflict, match="not with anybody"):
            await do.execute(engine, do.CrewWell(assignment_id=job, channel="radio"))
        with pytest.raises(Conflict, match="not in the record"):
            await do.execute(engine, do.CrewWell(assignment_id=uuid4(), channel="radio"))
    finally:
        await engine.dispose()


@pytest.mark.parametrize(
    ("name", "value"),
    [("welfare_lost", 5), ("welfare_lost", 4), ("welfare_close_first", 31), ("welfare_every", 14)],
)
async def test_numbers_that_contradict_each_other_are_refused(psql: Psql, name: str, value: float) -> None:
    sql = "UPDATE cru.rule SET value = $2 WHERE name = $1"
    await psql.refused(psql.lead, sql, name, value, code="CR003")


async def test_a_crew_silent_kind_is_never_shelved(psql: Psql) -> None:
    rows = await psql.owner.fetch("SELECT code FROM cru.alarm_kind WHERE code LIKE 'crew%' AND NOT shelvable")
    assert {row["code"] for row in rows} == {"crew_word", "crew_silent", "crew_lost"}
