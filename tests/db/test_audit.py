# ruff: noqa: S608 - the tests name tables and columns of our own
"""Each row that tells what happened is hashed, taken into the tree and signed, and nobody waits for it."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from db import migrate
from db.admin.check import check
from db.admin.where import as_owner
from db.audit.checkpoint import read_note
from db.audit.own import keep_sealed
from db.audit.parts import parts_of
from db.audit.sealing import SealedRun, keep_sealing, seal
from db.audit.signing import SealingKey
from db.audit.tree import between, continues
from db.domain.roles import Role
from db.errors import Conflict
from db.follow import Follower
from db.hosts import Route
from db.tables import Base
from db.verifier.dump import in_utc, row_text
from tests.cluster import LOGINS, Cluster, Record
from tests.db.audits import KEY, busy, dumped, judged, note_of, quiet, sealed
from tests.db.psql import Psql
from tests.db.test_erased import a_person, erase, later
from tests.db.upgrades import LeftBy, cloned

WELL = "All is as it was sealed."
NOTE = "INSERT INTO cru.event (kind, words) VALUES ('note', 'x')"
NOT_SEALED = {
    # Worked out from what is sealed.
    *("referral_fact", "job_fact", "fact_due", "findable", "danger", "reading", "mended", "alarm_onset"),
    "message_waiting",
    # Shown, and then over; or how something may still be taken back.
    *(
        "position",
        "position_fix",
        "presence",
        "opened",
        "search_line",
        "intake_call",
        "alarm_watch",
        "change",
        "act",
        "act_part",
    ),
    # Plans, and where things stand of which each change is an event.
    *("planned_shift", "planned_ride", "rota_published", "cover_wanted", "van", "device", "device_stay"),
    # Lists and settings of a trust: who changed one, and when, stands in its row.
    *(
        "alarm_kind",
        "about_topic",
        "command_word",
        "contact_schedule",
        "destination",
        "ending_rule",
        "feedback_theme",
    ),
    *("language", "legal_move", "measure", "mobility", "neighbourhood", "news_band", "outcome", "places_free"),
    *("priority", "reason", "referral_day", "referral_source", "screening_item", "screening_tool", "service"),
    *("spc_baseline", "staff", "tool_branch", "tool_letter", "tool_life", "tool_limit", "van_base", "wish"),
    # The seal itself.
    *("audit_pending", "audit_leaf", "audit_node", "audit_checkpoint"),
}


async def test_every_table_is_sealed_or_said_not_to_be_as_it_stands(psql: Psql) -> None:
    shapes = {
        row["table_name"]: row for row in await psql.owner.fetch("SELECT * FROM cru.audit_shape ORDER BY shape")
    }
    assert set(shapes) | NOT_SEALED == {table.name for table in Base.metadata.tables.values()}
    assert not set(shapes) & NOT_SEALED
    columns = await psql.owner.fetch(
        "SELECT relname,"
        " jsonb_agg(jsonb_build_array(attname, format_type(atttypid, NULL)) ORDER BY attnum)::text AS all,"
        " bool_or(attgenerated <> '') AS made, string_agg(DISTINCT format_type(atttypid, NULL), ',') AS kinds"
        " FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'cru'::regnamespace"
        " AND attnum > 0 AND NOT attisdropped AND relkind = 'r' GROUP BY relname"
    )
    kinds = set()
    for row in columns:
        if row["relname"] in shapes:
            assert row["all"] == shapes[row["relname"]]["columns"], f"{row['relname']}: call cru.seal_table again"
            assert not row["made"], "what is worked out stands in no dump"
            kinds |= set(row["kinds"].split(","))
    # What these look like depends on no setting but those of the triggers.
    told = {
        "text",
        "uuid",
        "bigint",
        "integer",
        "smallint",
        "boolean",
        "date",
        "jsonb",
        "text[]",
        "double precision",
    }
    assert kinds <= told | {"timestamp with time zone", "uuid[]", "integer[]"}
    on = await psql.owner.fetch(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'seal' AND tgenabled = 'O'"
    )
    assert {name.removeprefix("cru.") for (name,) in on} == set(shapes)


async def test_the_verifier_writes_a_row_as_the_server_does(psql: Psql) -> None:
    """Every sign of the first thousand, alone and between others; and moments, told in any zone."""
    texts = [words for code in (*range(1, 0x400), 0x2028, 0x1F6B2) for words in (chr(code), f"a{chr(code)}b")]
    texts = [words for words in (*texts, "", "  ", "NULL", "\\N") if "\0" not in words]
    sql = "SELECT ROW(t, NULL, t)::text AS said FROM unnest($1::text[]) WITH ORDINALITY u (t, n) ORDER BY n"
    for row, words in zip(await psql.owner.fetch(sql, texts), texts, strict=True):
        assert row["said"] == row_text([words, None, words])
    moments = (
        "SELECT (timestamptz '2026-10-25 00:00Z' + n * interval '17 min 1.2345678 s')::text"
        " FROM generate_series(0, 200) n"
    )
    await psql.owner.execute("SET TIME ZONE UTC")
    told = [said for (said,) in await psql.owner.fetch(moments)]
    for zone in ("Europe/London", "Asia/Kathmandu", "America/St_Johns"):
        await psql.owner.execute(f"SET TIME ZONE '{zone}'")
        assert [in_utc(said) for (said,) in await psql.owner.fetch(moments)] == told


async def test_a_writer_who_sleeps_holds_up_nobody_and_is_taken_later(psql: Psql, record: Record) -> None:
    await sealed(record.owner_url)
    sleeper = psql.shah.transaction()
    await sleeper.start()
    await psql.shah.execute(NOTE)
    await psql.lead.execute(NOTE)
    taken = [(await sealed(record.owner_url)).taken]
    await psql.lead.execute(NOTE)
    held = read_note((run := await sealed(record.owner_url)).note)[0]
    taken.append(run.taken)
    await sleeper.commit()
    taken.append((await sealed(record.owner_url)).taken)
    await psql.lead.execute(NOTE)
    done = read_note((await sealed(record.owner_url)).note)[0]
    assert taken == [1, 1, 1]
    assert held.complete_to is not None
    assert done.complete_to is not None
    second = read_note(await note_of(psql.owner, 2))[0]
    assert held.complete_to < second.at, "of what was written since then, one is still to come"
    assert done.complete_to > second.at
    assert judged(await dumped(psql.owner))[0] == WELL


async def test_one_sealer_at_a_time_and_nobody_waits_for_it(psql: Psql, record: Record) -> None:
    await psql.shah.execute("SET lock_timeout = '200ms'")
    engine = create_async_engine(record.owner_url)
    async with engine.begin() as connection:
        await seal(connection, KEY)
        with pytest.raises(Conflict, match="Another sealer"):
            await sealed(record.owner_url)
        await psql.shah.execute(NOTE)
        assert await psql.shah.fetch("SELECT note FROM cru.audit_checkpoint") == []
        assert await psql.owner.fetchval("SELECT count(*) FROM cru.audit_leaf") == 0, "a dump goes on as well"
    await engine.dispose()
    assert (await sealed(record.owner_url)).taken == 1


async def test_no_login_of_the_room_touches_it(psql: Psql) -> None:
    keys = ("shape", "id", "place", "level", "number")
    tables = ("audit_shape", "audit_pending", "audit_leaf", "audit_node", "audit_checkpoint")
    functions = ("seal_table('event', true)", "seal_rows('event')", "rub_out_sealed('{}')", "sealed_part(0, 0)")
    tried = [f"{verb} cru.{table}" for table in tables for verb in ("LOCK TABLE", "DELETE FROM", "TRUNCATE")]
    tried += [f"INSERT INTO cru.{table} DEFAULT VALUES" for table in tables]
    tried += [f"UPDATE cru.{table} SET {column} = DEFAULT" for table, column in zip(tables, keys, strict=True)]
    tried += [f"SELECT cru.{function}" for function in functions]
    for login in LOGINS:
        for sql in tried:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with psql.session(login).transaction():
                    await psql.session(login).execute(sql)


async def test_what_seals_may_do_that_and_nothing_else(psql: Psql, record: Record) -> None:
    await psql.shah.execute(NOTE)
    run = await sealed(record.url("s.sealer"))
    assert (run.taken > 0, judged(await dumped(psql.owner))[0]) == (True, WELL)
    await psql.shah.execute(NOTE)
    again = await sealed(record.url("s.sealer"))
    assert (again.taken, judged(await dumped(psql.owner))[0]) == (1, WELL)
    said = [str(line) async for line in check(record.url("s.sealer"))]
    assert said[-2:] == [
        "ok       Signed in as s.sealer, what seals the record.",
        "ok       The rights are those of a sealer.",
    ]
    sealer = psql.session("s.sealer")
    for table in ("service", "event", "referral", "user_account", "audit_leaf", "audit_checkpoint"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sealer.fetch(f"SELECT FROM cru.{table}")
    size = await psql.owner.fetchval("SELECT max(place) + 1 FROM cru.audit_leaf")
    told = "SELECT cru.end_seal({}, {}, cru.clock_now(){}, {}, '{{}}', '{{}}', '{{}}')"
    for wrong in ((2, size, "", "'x'"), (3, size + 1, "", "'x'"), (3, size, " - interval '2 h'", "'x'")):
        with pytest.raises(asyncpg.PostgresError, match="not what comes next"):
            await psql.owner.execute(told.format(*wrong))
    for words in ("''", "repeat('x', 4001)", "NULL"):
        with pytest.raises(asyncpg.PostgresError, match="not what comes next"):
            await psql.owner.execute(told.format(3, size, "", words))
    for login in set(LOGINS) - {"s.sealer"}:
        for call in ("begin_seal()", "take_leaves(1)", "end_seal(3, 1, now(), 'x', '{}', '{}', '{}')"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await psql.session(login).execute(f"SELECT cru.{call}")


async def test_it_is_taken_in_parts_in_the_order_in_which_it_was_written(psql: Psql, record: Record) -> None:
    await quiet(psql)
    waiting = await psql.owner.fetchval("SELECT count(*) FROM cru.audit_pending")
    runs = [await sealed(record.owner_url, most=7)]
    while runs[-1].more:
        runs.append(await sealed(record.owner_url, most=7))
    assert sum(run.taken for run in runs) == waiting
    order = [row["id"] for row in await psql.owner.fetch("SELECT id FROM cru.audit_leaf ORDER BY place")]
    assert order == sorted(order)
    assert judged(await dumped(psql.owner))[0] == WELL
    assert (await sealed(record.owner_url)).note == "", "nothing was written, and the last seal is young"
    older = (
        "UPDATE cru.service SET clock_origin = now(), clock_speed = 1, clock_shown = now() + interval '11 minutes'"
    )
    await psql.owner.execute(older)
    # The setting is no row of the seal, and an idle night has its checkpoints too.
    again = await sealed(record.owner_url)
    assert (again.taken, bool(again.note)) == (0, True)


async def test_a_console_sees_that_a_checkpoint_continues_the_one_it_kept(psql: Psql, record: Record) -> None:
    notes = []
    for more in (3, 400, 150):
        await psql.shah.execute(
            f"INSERT INTO cru.event (kind, words) SELECT 'note', 'x' FROM generate_series(1, {more})"
        )
        notes.append(read_note((await sealed(record.owner_url)).note)[0])
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.audit_node") == 3, (
        "two of 256 leaves, and one of both"
    )
    engine = create_async_engine(record.url("w.wall"))
    async with engine.connect() as connection:
        for old, new in ((0, 1), (0, 2), (1, 2), (2, 2)):
            hashes = await parts_of(connection, between(notes[old].size, notes[new].size))
            whole = [said for said in hashes if said is not None]
            assert continues(notes[old].tree, notes[new].tree, whole)
        assert await parts_of(connection, [(9, 3), (0, 10_000), (7, 9), (61, 0)]) == [None, None, None]
    await engine.dispose()


async def test_each_console_is_told_by_its_beat_and_by_the_check(psql: Psql, record: Record) -> None:
    made = (await sealed(record.owner_url)).note
    for login, role in (("a.shah", Role.DISPATCHER), ("w.wall", Role.VIEWER)):
        follower = await Follower.open(Route(record.url(login)), role)
        assert (await follower.beat()).sealed == made
        follower.close()
    lines = [str(line) async for line in check(record.owner_url)]
    assert not any("sealed" in line for line in lines), (
        "of the server that a console brings along none is asked for"
    )
    await psql.owner.execute(f"ALTER DATABASE {record.database} SET cru.embedded = 'off'")
    said = [str(line) async for line in check(record.owner_url)]
    assert "ok       The record was sealed under 1 min ago." in said
    await psql.owner.execute("UPDATE cru.audit_checkpoint SET made_at = made_at - interval '1 hour'")
    late = [str(line) async for line in check(record.owner_url) if "sealed" in str(line)]
    assert late[0].startswith("problem  The record was sealed 60 min ago. Let main.py admin seal")


async def test_it_goes_on_in_another_life_of_the_record(psql: Psql, record: Record) -> None:
    """A restored record: what was not sealed yet has numbers of transactions that this server does not know."""
    await sealed(record.owner_url)
    await psql.shah.execute(NOTE)
    await psql.owner.execute("UPDATE cru.audit_pending SET xid = xid + 1000000000")
    await psql.owner.execute("UPDATE cru.audit_checkpoint SET life = 'another', xid = 1")
    await psql.shah.execute(NOTE)
    run = await sealed(record.owner_url)
    assert run.taken == 2
    assert read_note(run.note)[0].complete_to is None, "of another server's transactions nothing is known here"
    await sealed(record.owner_url)
    assert judged(await dumped(psql.owner))[0] == WELL


async def test_it_goes_on_until_it_is_ended_whatever_goes_wrong_meanwhile(psql: Psql, record: Record) -> None:
    made: list[SealedRun] = []
    heard = asyncio.Event()

    def told(run: SealedRun) -> None:
        made.append(run)
        heard.set()

    other = create_async_engine(record.owner_url)
    async with other.begin() as connection:
        await connection.exec_driver_sql("LOCK TABLE cru.audit_checkpoint IN SHARE ROW EXCLUSIVE MODE")
        running = asyncio.create_task(keep_sealing(lambda: as_owner(record.owner_url), KEY, every=0.05, told=told))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(heard.wait(), 0.3)
    for _ in range(2):
        await asyncio.wait_for(heard.wait(), 10)
        heard.clear()
        await psql.shah.execute(NOTE)
    await asyncio.wait_for(heard.wait(), 10)
    running.cancel()
    await other.dispose()
    assert len(made) >= 2
    assert judged(await dumped(psql.owner))[0] == WELL


async def test_a_computer_s_own_record_is_sealed_by_whichever_console_is_there(
    psql: Psql, record: Record, tmp_path: Path
) -> None:
    file = tmp_path / "audit.key"
    consoles = [asyncio.create_task(keep_sealed(record.cluster.server, record.database, file)) for _ in range(2)]
    async with asyncio.timeout(20):
        while await psql.owner.fetchval("SELECT count(*) FROM cru.audit_pending"):
            await asyncio.sleep(0.02)
    for one in consoles:
        one.cancel()
    assert judged(await dumped(psql.owner), [SealingKey.read(file)])[0] == WELL


async def test_who_is_erased_is_told_apart_from_who_was_tampered_with(psql: Psql, record: Record) -> None:
    one, other = await a_person(psql), await psql.referral("closed")
    await sealed(record.owner_url)
    kept = await note_of(psql.owner)
    await later(psql)
    async with psql.lead.transaction():
        # What else is done at the same time is no erasing.
        await psql.lead.execute("UPDATE cru.rule SET value = value + 1 WHERE name = 'lost_fix'")
        await erase(psql, one)
    await psql.shah.execute(NOTE)
    await sealed(record.owner_url)
    said = judged(await dumped(psql.owner), kept=[kept])
    assert said[0] == WELL, said
    told = [line for line in said if line.startswith("Erased by the trust's rule")]
    assert len(told) == 1
    assert "by l.lead" in told[0]
    # What it said cannot be tried out any more, and what nobody erased can still be compared.
    gone = "SELECT op, salt IS NULL AS gone FROM cru.audit_leaf WHERE row_key = $1 ORDER BY id"
    rows = [tuple(row) for row in await psql.owner.fetch(gone, str(one))]
    assert rows[-1] == ("E", False)
    assert set(rows[:-1]) <= {("I", True), ("U", True)}
    assert {gone for _, gone in await psql.owner.fetch(gone, str(other))} == {False}
    # An owner who erases by hand, or makes it say something else, is found.
    events = f"SELECT id FROM cru.event WHERE referral_id = '{one}' AND kind = 'note'"
    for sql, found in (
        (f"UPDATE cru.event SET words = 'otherwise' WHERE id IN ({events})", "event: changed"),
        ("DELETE FROM cru.event WHERE kind = 'erased'", "event: removed"),
    ):
        doing = psql.owner.transaction()
        await doing.start()
        await psql.owner.execute(f"SET LOCAL session_replication_role = replica; {sql}")
        said = judged(await dumped(psql.owner))
        assert any(line.startswith(found) for line in said), said
        await doing.rollback()


@pytest.mark.long
async def test_a_record_in_use_is_sealed_as_it_stands(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0045")) as old:
        await busy(old)
        counted = await old.owner.fetchval("SELECT count(*) FROM cru.event")
        await migrate.upgrade(old.record.owner_url)
        first = await sealed(old.record.owner_url)
        assert first.taken > counted
        events = (
            "SELECT count(*) FROM cru.audit_leaf JOIN cru.audit_shape USING (shape)"
            " WHERE table_name = 'event' AND op = 'S'"
        )
        assert await old.owner.fetchval(events) == counted
        await quiet(old)
        await sealed(old.record.owner_url)
        assert judged(await dumped(old.owner), kept=[first.note])[0] == WELL
        await old.owner.execute(
            "SET session_replication_role = replica; UPDATE cru.event SET words = 'y' WHERE id = 1"
        )
        assert any(line.startswith("event: changed") for line in judged(await dumped(old.owner)))


async def test_columns_that_come_later_and_rows_that_an_upgrade_mends(psql: Psql, record: Record) -> None:
    """What a revision does: new columns, and rows mended past the triggers, sealed anew by it."""
    await quiet(psql)
    await sealed(record.owner_url)
    kept = await note_of(psql.owner)
    await psql.owner.execute(
        "ALTER TABLE cru.event ADD COLUMN more text NOT NULL DEFAULT '';"
        " SELECT cru.seal_table('event', true, 'recorded_at')"
    )
    await psql.shah.execute(NOTE)
    await sealed(record.owner_url)
    assert judged(await dumped(psql.owner), kept=[kept])[0] == WELL
    await psql.owner.execute("SELECT cru.seal_rows('event')")
    await sealed(record.owner_url)
    assert judged(await dumped(psql.owner), kept=[kept])[0] == WELL
    # Who sealed anew what was changed before is found by the older seal.
    await psql.owner.execute(
        "SET session_replication_role = replica;"
        " UPDATE cru.event SET words = 'y' WHERE id = (SELECT min(id) FROM cru.event);"
        " SELECT cru.seal_rows('event'); SET session_replication_role = origin"
    )
    await sealed(record.owner_url)
    said = judged(await dumped(psql.owner), kept=[kept])
    assert any(line.startswith("event: changed") for line in said), said
