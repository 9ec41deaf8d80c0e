"""What is known of the past beside a referral that is here, and what the room wrote: opened, and put down."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from db import commands as do
from db import migrate, opening, queries, room_queries
from db.engine import connect, transaction
from db.errors import Invalid
from tests.cluster import Cluster
from tests.db.past import long_ago
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned

OPENS = "SELECT cru.open_rows(ARRAY[$1::uuid], 'a look')"
NUMBER = "401 023 2137"
KEPT = "INSERT INTO cru.about_me (referral_id, topic, words, code, said_by) VALUES ($1, $2, $3, $4, 'the person')"


async def _of_somebody(psql: Psql) -> UUID:
    """A visit of a month ago, at which somebody said what helps, and that it is kept."""
    one = await psql.referral("closed")
    await psql.amend(psql.lead, "referral", one, nhs_number=NUMBER)
    for topic, words, code in (("helps", "a quiet room", ""), ("keep", "", "yes")):
        await psql.shah.execute(KEPT, one, topic, words, code)
    await long_ago(psql.owner, one)
    return one


@pytest.mark.hazard("H-092")
async def test_what_is_known_here_is_told_once_it_is_opened(psql: Psql) -> None:
    past = await _of_somebody(psql)
    here = await psql.take(nhs_number=NUMBER)
    told = "SELECT (SELECT count(*) FROM cru.known_of($1)), (SELECT count(*) FROM cru.about_before($1))"
    assert tuple(await psql.shah.fetchrow(told, here)) == (0, 0)
    assert await psql.shah.fetchval("SELECT cru.open_known($1)", here) == 0
    assert tuple(await psql.shah.fetchrow(told, here)) == (1, 1)
    assert [tuple(row) for row in await psql.owner.fetch("SELECT looked_by, why, referrals FROM cru.look")] == [
        ("a.shah", "known", [past])
    ]
    # Asked again while it is read, it is the same look; of what is past itself nothing is opened by it.
    assert await psql.shah.fetchval("SELECT cru.open_known($1)", here) == 0
    assert await psql.lead.fetchval("SELECT cru.open_known($1)", past) == 0
    assert tuple(await psql.lead.fetchrow(told, here)) == (0, 0)


async def test_a_referral_made_up_to_ask_by_tells_nothing_that_is_not_put_down(psql: Psql) -> None:
    """Somebody asks by a number that they know, and undoes all of it."""
    await _of_somebody(psql)
    trying = psql.shah.transaction()
    await trying.start()
    await psql.shah.execute("SAVEPOINT one")
    made = await psql.take(nhs_number=NUMBER)
    assert await psql.shah.fetchval("SELECT cru.open_known($1)", made) == 0
    await psql.shah.execute("RELEASE one")
    for function in ("known_of", "about_before", "known_before"):
        assert await psql.shah.fetch(f"SELECT * FROM cru.{function}($1)", made) == [], function  # noqa: S608
    await trying.rollback()
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.look") == 0


@pytest.mark.hazard("H-092")
async def test_beyond_the_limit_what_is_here_is_told_and_that_the_rest_is_left_out(psql: Psql) -> None:
    await _of_somebody(psql)
    here, other = await psql.take(nhs_number=NUMBER), await psql.take(nhs_number=NUMBER)
    await psql.owner.execute(
        "INSERT INTO cru.look (looked_by, why) SELECT 'a.shah', 'known' FROM generate_series(1, 480)"
    )
    engine = connect(psql.record.url("a.shah"))
    try:
        async with transaction(engine) as connection:
            assert await opening.open_known(connection, here) is False
        async with transaction(engine) as connection:
            found = await queries.known_here(connection, here)
    finally:
        await engine.dispose()
    assert ([one.referral_id for one in found.referrals], found.kept) == ([other], ())


@pytest.mark.hazard("H-092")
async def test_how_much_of_the_past_is_a_trusts_to_say_within_bounds(psql: Psql) -> None:
    past = await _of_somebody(psql)
    sets = "UPDATE cru.rule SET value = $2 WHERE name = $1"
    await psql.refused(psql.shah, sets, "looks_opened", 500, code="42501")
    for value in (0, 59, 5000):
        await psql.refused(psql.lead, sets, "looks_opened", value, code="CR003", says="between")
    await psql.owner.execute(
        "INSERT INTO cru.look (looked_by, why) SELECT 'a.shah', 'record' FROM generate_series(1, 60)"
    )
    await psql.lead.execute(sets, "looks_opened", 60)
    await psql.refused(psql.shah, OPENS, past, code="CR002", says="within an hour")
    await psql.lead.execute(sets, "looks_opened", 61)
    assert await psql.shah.fetchval(OPENS, past) == 1
    assert await psql.owner.fetchval("SELECT author FROM cru.rule WHERE name = 'looks_opened'") == "l.lead"


async def test_what_the_room_wrote_long_ago_is_opened_as_a_list(psql: Psql) -> None:
    entry = await psql.shah.fetchval("INSERT INTO cru.shift_log (words) VALUES ('Zebedee rang') RETURNING id")
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute(
        "INSERT INTO cru.shift_handover (notes, taken_by, taken_at) VALUES ('Zebedee', 'l.lead', now());"
        " INSERT INTO cru.shift_handover_item (shift_handover_id, rank, kind, words)"
        " SELECT id, 1, 'person', 'Zebedee waits' FROM cru.shift_handover;"
        " INSERT INTO cru.shift_handover (notes, offered_at) VALUES ('nobody took it', now() - interval '9 days')"
    )
    engine = connect(psql.record.url("a.shah"))
    now: datetime = await psql.owner.fetchval("SELECT cru.clock_now()")
    since = now - timedelta(days=40)
    try:

        async def seen() -> tuple[int, int, int]:
            async with transaction(engine) as connection:
                log = await room_queries.log_between(connection, since, now)
                rooms = await room_queries.handovers_since(connection, since)
                return len(log), len(rooms), sum(len(one.items) for one in rooms)

        assert await seen() == (1, 2, 1)
        await psql.owner.execute(
            "UPDATE cru.shift_log SET written_at = written_at - interval '30 days';"
            " UPDATE cru.shift_handover SET offered_at = offered_at - interval '30 days',"
            " taken_at = taken_at - interval '30 days'"
        )
        # One that nobody took waits for somebody.
        assert await seen() == (0, 1, 0)
        with pytest.raises(Invalid, match="not in sight"):
            await do.execute(engine, do.PassOn(entry_id=entry))
        await opening.list_opened(engine, "log", since, now - timedelta(days=31))
        assert await seen() == (0, 1, 0)
        await opening.list_opened(engine, "log", since)
        await opening.list_opened(engine, "handed over", since)
        assert await seen() == (1, 2, 1)
        await do.execute(engine, do.PassOn(entry_id=entry))
    finally:
        await engine.dispose()
    said = await psql.owner.fetch("SELECT why FROM cru.look WHERE looked_by = 'a.shah' ORDER BY id")
    assert [row["why"] for row in said] == ["log", "log", "handed over"]
    assert await psql.lead.fetchval("SELECT count(*) FROM cru.shift_log") == 0


async def _keeps_what_was_no_name(psql: Psql, unsaid: UUID, named: UUID) -> None:
    """What breaks a limit that came with this program stands as it was, and is refused where it is written."""
    limits = "SELECT count(*) FILTER (WHERE convalidated), count(*) FROM pg_constraint WHERE conname ~ $1"
    assert tuple(await psql.owner.fetchrow(limits, "^contact_spoken_to_by_name")) == (0, 1)
    assert tuple(await psql.owner.fetchrow(limits, "^(contact_promise_(in|was)|flag_reason_given)")) == (3, 3)
    kept = "UPDATE cru.contact SET promise_outcome = 'kept' WHERE id = $1"
    await psql.shah.execute(kept, named)
    await psql.refused(psql.shah, kept, unsaid, code="23514", says="spoken_to_by_name")
    assert await psql.owner.fetchval("SELECT with_name FROM cru.contact WHERE id = $1", unsaid) == "\u200b"


async def test_a_record_in_use_goes_on_counting_what_was_opened(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0057")) as psql:
        entry = await psql.shah.fetchval("INSERT INTO cru.shift_log (words) VALUES ('x') RETURNING id")
        await psql.owner.execute("UPDATE cru.service SET clock_origin = now(), clock_shown = now() + '9 days'")
        await psql.owner.execute(
            "INSERT INTO cru.look (looked_by, why) SELECT 'a.shah', 'record' FROM generate_series(1, 239)"
        )
        assert await psql.shah.fetchval("SELECT count(*) FROM cru.shift_log") == 1
        unsaid = await psql.call(await psql.take(), with_name="\u200b", promised="?")
        named = await psql.call(await psql.take(), with_name="?", promised="to ring")
        assert await migrate.upgrade(psql.record.owner_url) == {}
        await _keeps_what_was_no_name(psql, unsaid, named)
        rules = "SELECT name, value FROM cru.rule WHERE unit = 'times an hour' ORDER BY name"
        assert [tuple(row) for row in await psql.owner.fetch(rules)] == [
            ("looks_alike", 240),
            ("looks_known", 480),
            ("looks_opened", 240),
            ("looks_search", 240),
        ]
        assert await psql.shah.fetchval("SELECT count(*) FROM cru.shift_log") == 0
        lists = "SELECT cru.open_list('log', cru.clock_now() - interval '10 days', cru.clock_now())"
        await psql.shah.execute(lists)
        assert await psql.shah.fetchval("SELECT id FROM cru.shift_log") == entry
        # With those of before it is as many as somebody opens within an hour.
        await psql.refused(psql.shah, lists, code="CR002", says="within an hour")
