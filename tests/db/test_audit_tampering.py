# ruff: noqa: S608, ISC004 - the tests name tables and columns of our own, in statements of several lines
"""Every way in which a record's owner can change what happened is found by the verifier."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from db.audit.sealing import seal
from db.audit.signing import SealingKey
from db.errors import Conflict
from tests.cluster import LOGINS, Cluster, Record, run
from tests.db.audits import FORGOTTEN, KEY, TAKEN_OUT, Connection, busy, dumped, judged, note_of, quiet, sealed
from tests.db.psql import psql_on

WELL = "All is as it was sealed."
OTHER = SealingKey.drawn()
NOTE = "(SELECT id FROM cru.event WHERE kind = 'note' ORDER BY id LIMIT 1)"
"""What somebody wrote down in the first hour."""
LAST = "(SELECT max(size) FROM cru.audit_checkpoint WHERE number < 3)"


@dataclass
class Night:
    """A record that was sealed three times, and the checkpoints that somebody kept of it."""

    record: Record
    first: str
    last: str


async def _fill(record: Record) -> Night:
    async with psql_on(record, tuple(LOGINS)) as psql:
        for hour in (busy, quiet, quiet):
            await hour(psql)
            assert (await sealed(record.owner_url)).taken
        return Night(record, await note_of(psql.owner, 1), await note_of(psql.owner, 3))


@pytest.fixture(scope="module")
def night(cluster: Cluster, template: str) -> Iterator[Night]:
    del template
    record = cluster.create_record()
    yield run(_fill(record))
    cluster.drop_record(record)


@pytest.fixture
async def owner(night: Night) -> AsyncIterator[Connection]:
    """The owner, in a transaction in which no guard is asked, and which is never committed."""
    made = await asyncpg.connect(**night.record.owner_kwargs)
    doing = made.transaction()
    await doing.start()
    await made.execute("SET LOCAL session_replication_role = replica")
    yield made
    await doing.rollback()
    await made.close()


async def test_what_nobody_touched_is_as_it_was_sealed(night: Night, owner: Connection) -> None:
    for zone in ("UTC", "Europe/London", "Asia/Kathmandu"):
        await owner.execute(f"SET LOCAL TIME ZONE '{zone}'")
        said = judged(await dumped(owner), kept=[night.first, night.last])
        assert said[0] == WELL, said
        assert len(said) == 4


CHANGED = {
    "a text": (f"UPDATE cru.event SET words = 'nothing' WHERE id = {NOTE}", "event: changed"),
    "a text, by a letter": (f"UPDATE cru.event SET words = words || ' ' WHERE id = {NOTE}", "event: changed"),
    "the time of a step": (
        "UPDATE cru.assignment SET on_scene_at = on_scene_at - interval '1 minute' WHERE on_scene_at IS NOT NULL",
        "assignment: changed",
    ),
    "who did it": ("UPDATE cru.event SET recorded_by = 'x'", "event: changed"),
    "an outcome": ("UPDATE cru.referral SET outcome = 'other' WHERE state = 'closed'", "referral: changed"),
    "two, swapped": (
        f"UPDATE cru.event e SET words = o.words FROM cru.event o WHERE e.id IN ({NOTE}, {NOTE} + 1)"
        f" AND o.id = 2 * {NOTE} + 1 - e.id",
        "event: changed, 2 times",
    ),
    "removed": (f"DELETE FROM cru.event WHERE id = {NOTE}", "event: removed"),
    "all of a table removed": ("TRUNCATE cru.message CASCADE", "message: removed, 3 times"),
    "removed with its leaf": (
        f"DELETE FROM cru.audit_leaf WHERE row_key = {NOTE}::text; DELETE FROM cru.event WHERE id = {NOTE}",
        "the seal: removed",
    ),
    "a table dropped and made again without a row": (
        "CREATE TEMP TABLE was AS SELECT * FROM cru.event; DROP TABLE cru.event CASCADE;"
        " CREATE TABLE cru.event AS SELECT * FROM was WHERE kind <> 'note'",
        "event: removed",
    ),
    "put in": (
        "INSERT INTO cru.event (kind, words, recorded_at) VALUES ('note', 'x', now() - interval '2 hours')",
        "event: put in past the rules",
    ),
    "put in with a leaf of its own, in the middle": (
        f"UPDATE cru.audit_leaf SET place = place + 100000 WHERE place >= {LAST};"
        f" INSERT INTO cru.audit_leaf SELECT {LAST}, id, xid, shape, op, row_key, digest, salt"
        " FROM cru.audit_leaf LIMIT 1; UPDATE cru.audit_leaf SET place = place - 99999 WHERE place >= 100000",
        "the seal: not what was sealed",
    ),
    "leaves swapped": (
        "UPDATE cru.audit_leaf SET place = -place WHERE place IN (5, 6);"
        " UPDATE cru.audit_leaf SET place = 11 + place WHERE place < 0",
        "the seal: re-ordered",
    ),
    "the tail cut off with its leaves": (
        f"DELETE FROM cru.event WHERE id IN (SELECT row_key::bigint FROM cru.audit_leaf l JOIN cru.audit_shape"
        f" USING (shape) WHERE table_name = 'event' AND place >= {LAST});"
        f" DELETE FROM cru.audit_leaf WHERE place >= {LAST}",
        "the seal: cut off",
    ),
    "a checkpoint taken out": ("DELETE FROM cru.audit_checkpoint WHERE number = 2", "checkpoints: removed"),
    "the first checkpoint taken out": (
        "DELETE FROM cru.audit_checkpoint WHERE number = 1",
        "checkpoints: removed",
    ),
    "the time of a seal": (
        "UPDATE cru.audit_checkpoint SET made_at = made_at - interval '1 hour' WHERE number = 2",
        "checkpoints: time or number changed beside what was signed",
    ),
    "the time of a seal, where it is signed": (
        "UPDATE cru.audit_checkpoint SET note = regexp_replace(note, 'time 20', 'time 19') WHERE number = 2",
        "checkpoints: signed by another key, or changed",
    ),
    "what it is compared by": (
        f"UPDATE cru.audit_leaf SET salt = NULL WHERE row_key = {NOTE}::text",
        "event: changed",
    ),
    "a leaf made to fit": (
        f"UPDATE cru.event SET words = 'nothing' WHERE id = {NOTE}; SET LOCAL TIME ZONE UTC;"
        " UPDATE cru.audit_leaf l SET digest = cru.row_digest(l.salt, e::text) FROM cru.event e"
        f" WHERE e.id = {NOTE} AND l.row_key = {NOTE}::text",
        "the seal: not what was sealed",
    ),
    "called erased": (
        f"UPDATE cru.event SET words = '' WHERE id = {NOTE};"
        " INSERT INTO cru.audit_pending (shape, op, row_key, digest, salt)"
        " SELECT s.shape, 'E', e.id::text, cru.row_digest('00000000-0000-0000-0000-000000000000', e::text),"
        " '00000000-0000-0000-0000-000000000000'"
        f" FROM cru.event e, cru.audit_shape s WHERE s.table_name = 'event' AND e.id = {NOTE}",
        "event: called erased, and no event tells of it",
    ),
    "a shape taken away": ("DELETE FROM cru.audit_shape WHERE table_name = 'event'", "audit_shape: removed"),
    "a column beside": ("ALTER TABLE cru.event ADD COLUMN more text", "event: a column that is not sealed"),
}


@pytest.mark.parametrize("way", CHANGED)
async def test_a_change_past_the_rules_is_found(night: Night, owner: Connection, way: str) -> None:
    sql, found = CHANGED[way]
    await owner.execute("SET LOCAL TIME ZONE UTC")
    await owner.execute(sql)
    said = judged(await dumped(owner))
    assert said[0] != WELL
    assert any(line.startswith(found) for line in said), said


# With the seal's own trigger at work, since only a guard was switched off.
OVER = {
    "written over": (f"UPDATE cru.event SET words = 'nothing' WHERE id = {NOTE}", "event: changed"),
    "deleted": (f"DELETE FROM cru.event WHERE id = {NOTE}", "event: removed"),
    "deleted and put in again": (
        f"CREATE TEMP TABLE was AS SELECT * FROM cru.event WHERE id = {NOTE};"
        f" DELETE FROM cru.event WHERE id = {NOTE};"
        " INSERT INTO cru.event OVERRIDING SYSTEM VALUE SELECT * FROM was",
        "event: changed",
    ),
    "dated back": (
        "INSERT INTO cru.event (kind, words, recorded_at) VALUES ('note', 'x', (SELECT max(made_at) FROM"
        " cru.audit_checkpoint WHERE number < 3) - interval '2 minutes')",
        "event: dated back",
    ),
    "another hash": (
        "CREATE OR REPLACE FUNCTION cru.seal_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO cru.audit_pending (shape, op, row_key, digest, salt) VALUES ((SELECT shape"
        " FROM cru.audit_shape WHERE table_name = 'event'), 'I', NEW.id::text, sha256('x'), gen_random_uuid());"
        " RETURN NULL; END $$;"
        " INSERT INTO cru.event (kind, words) VALUES ('note', 'x')",
        "event: changed",
    ),
}


@pytest.mark.parametrize("way", OVER)
async def test_a_change_with_the_guard_off_is_found(night: Night, owner: Connection, way: str) -> None:
    sql, found = OVER[way]
    await owner.execute("SET LOCAL TIME ZONE UTC")
    await owner.execute("ALTER TABLE cru.event ENABLE ALWAYS TRIGGER seal")
    await owner.execute(sql)
    said = judged(await dumped(owner))
    assert any(line.startswith(found) for line in said), said


async def test_who_seals_it_all_anew_is_found_by_the_key_and_by_what_was_kept(
    cluster: Cluster, night: Night
) -> None:
    """Rows, leaves, tree and signatures, all made to fit each other."""
    cluster.execute("DROP DATABASE IF EXISTS anew WITH (FORCE)")
    cluster.execute(f"CREATE DATABASE anew TEMPLATE {night.record.database} STRATEGY file_copy")
    record = Record(cluster, "anew")
    owner = await asyncpg.connect(**record.owner_kwargs)
    await owner.execute(
        f"SET session_replication_role = replica; UPDATE cru.event SET words = 'nothing' WHERE id = {NOTE};"
        f"{FORGOTTEN}; SELECT cru.seal_rows(table_name) FROM cru.audit_shape"
    )
    for key in (OTHER, KEY):
        await owner.execute(f"{TAKEN_OUT}; {FORGOTTEN}")
        await sealed(record.owner_url, key)
        dump = await dumped(owner)
        assert judged(dump, [key])[0] == WELL, "nothing shows it by itself"
        kept = judged(dump, [key, KEY], [night.first])
        assert any("does not continue what was kept" in line for line in kept), kept
        assert (judged(dump)[0] == WELL) is (key is KEY)
    await owner.close()
    cluster.drop_record(record)


async def test_an_older_backup_is_found_by_what_was_kept(night: Night, owner: Connection) -> None:
    """As it stood at the second checkpoint, whole."""
    await owner.execute(
        f"DELETE FROM cru.audit_leaf WHERE place >= {LAST}; DELETE FROM cru.audit_checkpoint WHERE number = 3"
    )
    dump = await dumped(owner)
    assert not any("cut off" in line for line in judged(dump, kept=[night.first]))
    said = judged(dump, kept=[night.last])
    assert any(line.startswith("the seal: cut off, or an older backup") for line in said), said


async def test_what_is_not_sealed_yet_can_be_changed_and_that_is_said(owner: Connection) -> None:
    """The honest limit: a row and its hash, put in and taken out again between two checkpoints."""
    await owner.execute("ALTER TABLE cru.event ENABLE ALWAYS TRIGGER seal")
    await owner.execute("INSERT INTO cru.event (kind, words) VALUES ('note', 'gone again')")
    said = judged(await dumped(owner))
    assert said[0] == WELL
    assert any(line.endswith("; 1 wait.") for line in said), said
    await owner.execute("DELETE FROM cru.event WHERE words = 'gone again'; DELETE FROM cru.audit_pending")
    assert judged(await dumped(owner))[0] == WELL


async def test_leaves_that_nobody_signed_are_found(owner: Connection) -> None:
    await owner.execute("DELETE FROM cru.audit_checkpoint")
    assert any(line.startswith("the seal: in no checkpoint") for line in judged(await dumped(owner)))


async def test_of_another_record_nothing_is_said_to_continue(night: Night, owner: Connection) -> None:
    await owner.execute("UPDATE cru.service SET epoch = gen_random_uuid()")
    said = judged(await dumped(owner), kept=[night.last])
    assert {"checkpoints: of another record, 3 times", "what was kept: of another record"} <= set(said)


async def test_the_sealer_goes_on_from_nothing_that_was_tampered_with(night: Night) -> None:
    engine = create_async_engine(night.record.owner_url)
    try:
        for sql in (
            "DELETE FROM cru.audit_leaf WHERE place = 3",
            "UPDATE cru.audit_leaf SET digest = '' WHERE place = (SELECT max(place) FROM cru.audit_leaf)",
            "DELETE FROM cru.audit_checkpoint WHERE number = 3",
            f"DELETE FROM cru.audit_leaf WHERE place >= {LAST}",
        ):
            async with engine.connect() as connection:
                await connection.exec_driver_sql(sql)
                with pytest.raises(Conflict, match="not what stands"):
                    await seal(connection, KEY)
    finally:
        await engine.dispose()
