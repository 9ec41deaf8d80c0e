"""Messages and who looks at what, at a psql prompt: nobody speaks for another, and nothing is unsaid."""

import asyncio
import json
import time
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from db import commands as do
from db import queries
from db.alarm_queries import alarms_between
from db.domain.messages import Message, Presence
from db.domain.roles import Role
from db.engine import connect, transaction
from db.follow import Follower
from db.hosts import Route
from db.listener import ANSWER_WITHIN
from db.mirror import whole
from db.room_queries import log_between
from tests.db.psql import TAKE_BACK, Connection, Psql, looked_up

SEND = "INSERT INTO cru.message (words, to_login, referral_id) VALUES ($1, $2, $3) RETURNING id"
SEE = "INSERT INTO cru.message_seen (message_id) VALUES ($1)"
HERE = "SELECT cru.be_present($1, $2, $3)"


async def sent(who: Connection, words: str = "Kettle is on", to: str = "", about: UUID | None = None) -> UUID:
    found: UUID = await who.fetchval(SEND, words, to, about)
    return found


async def live(psql: Psql, name: str) -> list[object]:
    found = await whole(psql.lead, Role.SHIFT_LEAD)
    assert name not in found.unreadable
    return list(found.records[name])


async def test_whoever_sends_it_is_its_author(psql: Psql) -> None:
    await sent(psql.shah, "  Kettle is on\n")
    (one,) = await live(psql, "message")
    assert isinstance(one, Message)
    assert (one.words, one.written_by, one.to_login, one.seen_by) == ("Kettle is on", "a.shah", "", ())
    for column in ("written_by", "written_at", "version"):
        sql = f"INSERT INTO cru.message (words, {column}) VALUES ('x', DEFAULT)"  # noqa: S608 - ours
        await psql.refused(psql.shah, sql, code="42501")


@pytest.mark.parametrize(
    ("words", "to", "says"),
    [
        ("x", "a.shah", "That is you"),
        ("x", "nobody.here", "Nobody at a desk"),
        ("x", "w.wall", "Nobody at a desk"),
        ("x", "g.gateway", "Nobody at a desk"),
        (" \n", "", "message_words_given"),
        ("x" * 501, "", "message_words_length"),
    ],
)
async def test_a_message_says_something_to_somebody_at_a_desk(psql: Psql, words: str, to: str, says: str) -> None:
    await psql.refused(psql.shah, SEND, words, to, None, code="", says=says)


async def test_what_is_about_a_referral_tells_which_when_no_board_shows_that_any_more(psql: Psql) -> None:
    gone = await psql.take()
    reference = await psql.owner.fetchval("SELECT reference FROM cru.referral WHERE id = $1", gone)
    told = {"name": "late", "kind": "late", "words": "is late", "since": "2026-11-22T03:00Z"}
    await psql.shah.execute("SELECT cru.raise_alarms($1)", json.dumps([told | {"referral_id": str(gone)}]))
    await psql.shah.execute("INSERT INTO cru.shift_log (words, referral_id) VALUES ('x', $1), ('y', NULL)", gone)
    await sent(psql.lead, about=gone)
    await sent(psql.lead)
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute(
        "UPDATE cru.referral SET state = 'cancelled', end_reason = 'duplicate',"
        " closed_at = now() - interval '9 days', received_at = now() - interval '10 days' WHERE id = $1",
        gone,
    )
    found = (await whole(psql.shah, Role.DISPATCHER)).records
    assert found["referral"] == []
    for table in ("alarm", "shift_log", "message"):
        assert {(one.referral_id, one.reference) for one in found[table]} >= {(gone, reference)}  # type: ignore[attr-defined] # by table
        assert {one.reference for one in found[table] if one.referral_id is None} <= {""}  # type: ignore[attr-defined] # by table
    engine = connect(psql.record.url("a.shah"))
    try:
        async with transaction(engine) as connection:
            now = await queries.now(connection)
            night = (now - timedelta(hours=1), now + timedelta(hours=1))
            past = [*await alarms_between(connection, *night), *await log_between(connection, *night)]
    finally:
        await engine.dispose()
    assert [one.reference for one in past if one.referral_id == gone] == [reference] * 2


async def test_nothing_is_unsaid(psql: Psql) -> None:
    made = await sent(psql.shah, about=await psql.take())
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.refused(who, "UPDATE cru.message SET words = 'y' WHERE id = $1", made)
        await psql.refused(who, "DELETE FROM cru.message WHERE id = $1", made)
    # To take back the last act leaves the message.
    await psql.refused(psql.shah, TAKE_BACK)


async def test_who_saw_it_says_so_for_themselves_and_once(psql: Psql) -> None:
    room, own, other = await sent(psql.lead), await sent(psql.shah), await sent(psql.lead, "x", "b.okafor")
    await psql.shah.execute(SEE, room)
    with pytest.raises(Exception, match="message_seen_pkey"):
        await psql.shah.execute(SEE, room)
    for which in (own, other):
        await psql.refused(psql.shah, SEE, which, code="CR002", says="not to you")
    await psql.refused(psql.shah, "INSERT INTO cru.message_seen VALUES ($1, 'b.okafor')", room, code="42501")
    await psql.refused(psql.owner, "UPDATE cru.message_seen SET seen_by = 'l.lead'", code="CR002")
    assert [one.seen_by for one in await live(psql, "message") if one.id == room] == [("a.shah",)]  # type: ignore[attr-defined] # Messages


async def test_it_stands_in_the_story_and_is_found_and_read_for_danger(psql: Psql) -> None:
    about = await psql.take(patient_name="Ann Bell")
    engine = connect(psql.record.url("a.shah"))
    try:
        await do.execute(engine, do.SendMessage(words="She says she has taken an overdose", referral_id=about))
    finally:
        await engine.dispose()
    assert "message" in await psql.kinds(about)
    assert [row["id"] for row in await looked_up(psql.shah, "bell overdose")] == [about]
    read = "SELECT count(*) FROM cru.reading r JOIN cru.event e ON e.id = r.event_id WHERE e.kind = 'message'"
    assert await psql.owner.fetchval(f"{read} AND r.found <> '[]'") == 1


async def test_one_to_somebody_stays_until_they_saw_it_and_one_to_the_room_for_a_shift(psql: Psql) -> None:
    to_room, to_shah = await sent(psql.lead), await sent(psql.lead, "ring me", "a.shah")
    sql = "UPDATE cru.service SET clock_shown = cru.clock_now() + $1, clock_origin = now(), clock_speed = 1"
    await psql.owner.execute(sql, timedelta(hours=13))
    assert [one.id for one in await live(psql, "message")] == [to_shah]  # type: ignore[attr-defined] # Messages
    await psql.shah.execute(SEE, to_shah)
    assert await live(psql, "message") == []
    assert to_room


async def test_neither_the_wall_nor_the_gateway_reads_or_sends(psql: Psql) -> None:
    for who in (psql.wall, psql.gateway):
        await psql.refused(who, SEND, "x", "", None, code="42501")
        for table in ("message", "message_seen", "presence"):
            await psql.refused(who, f"SELECT * FROM cru.{table}", code="42501")  # noqa: S608 - ours
        await psql.refused(who, HERE, uuid4(), None, False, code="42501")


# --- presence ---


async def changes(psql: Psql) -> int:
    return int(await psql.owner.fetchval("SELECT count(*) FROM cru.change WHERE entity = 'presence'"))


async def test_a_console_has_one_row_and_only_what_changed_is_told(psql: Psql) -> None:
    about, console = await psql.take(), uuid4()
    await psql.shah.execute(HERE, console, about, False)
    for _ in range(3):
        await psql.shah.execute(HERE, console, about, False)
    assert await changes(psql) == 1
    await psql.shah.execute(HERE, console, about, True)
    assert await changes(psql) == 2
    assert await live(psql, "presence") == [Presence(console, "a.shah", about, True)]
    assert await psql.owner.fetchval("SELECT relpersistence = 'u' FROM pg_class WHERE relname = 'presence'")
    assert "presence" not in await psql.kinds(about)


async def test_nobody_speaks_for_another_console_or_by_another_way(psql: Psql) -> None:
    console = uuid4()
    await psql.shah.execute(HERE, console, None, False)
    await psql.refused(psql.lead, HERE, console, None, True, code="CR002", says="somebody else")
    await psql.lead.execute("SELECT cru.be_gone($1)", console)
    assert len(await live(psql, "presence")) == 1
    for sql in ("DELETE FROM cru.presence", "UPDATE cru.presence SET login = 'l.lead'"):
        await psql.refused(psql.shah, sql, code="42501")
    await psql.shah.execute("SELECT cru.be_gone($1)", console)
    assert await live(psql, "presence") == []


async def test_who_is_silent_is_gone_when_the_next_one_speaks(psql: Psql) -> None:
    dead, alive, beats = uuid4(), uuid4(), uuid4()
    for who, console in ((psql.shah, dead), (psql.lead, alive), (psql.lead, beats)):
        await who.execute(HERE, console, None, False)
    aged = "UPDATE cru.presence SET beat_at = beat_at - $2::text::interval WHERE id = $1"
    await psql.owner.execute(aged, dead, "31 seconds")
    await psql.owner.execute(aged, beats, "20 seconds")
    before = await changes(psql)
    await psql.lead.execute(HERE, alive, None, False)
    assert {one.id for one in await live(psql, "presence")} == {alive, beats}  # type: ignore[attr-defined] # Presences
    assert await changes(psql) == before + 1


async def test_two_consoles_that_clear_up_at_once_do_not_wait_for_each_other(psql: Psql) -> None:
    for number in range(6):
        await psql.shah.execute(HERE, UUID(int=number), None, False)
    await psql.owner.execute("UPDATE cru.presence SET beat_at = beat_at - interval '1 minute'")
    mine = psql.shah.transaction()
    await mine.start()
    await psql.shah.execute(HERE, uuid4(), None, False)
    await asyncio.wait_for(psql.lead.execute(HERE, uuid4(), None, False), 5)
    await mine.commit()
    assert len(await live(psql, "presence")) == 2


async def test_where_a_console_is_waits_for_nobody_since_its_board_would_wait_with_it(psql: Psql) -> None:
    about, console = await psql.take(), uuid4()
    feed = await Follower.open(Route(psql.record.url("a.shah")), Role.DISPATCHER)
    try:
        async with psql.owner.transaction():
            await psql.owner.execute("LOCK TABLE cru.presence")
            begun = time.monotonic()
            assert not await feed.say_here(console, about, typing=False)
            assert time.monotonic() - begun < ANSWER_WITHIN
        assert await feed.say_here(console, about, typing=False), (
            "the link is as it was, and it is said another time"
        )
        assert (await feed.beat()).life
    finally:
        feed.close()
    assert await live(psql, "presence") == [Presence(console, "a.shah", about, False)]
