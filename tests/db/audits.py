"""A sealed record, and what the verifier says of it: what the tests of the audit share."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine

from db.audit.sealing import SealedRun, seal
from db.audit.signing import SealingKey
from db.verifier.judging import Verification
from db.verifier.notes import PublicKey, SignedNote
from tests.db.psql import Psql

Connection = Any
KEY = SealingKey.drawn()
FORGOTTEN = "DELETE FROM cru.audit_checkpoint; DELETE FROM cru.audit_node; DELETE FROM cru.audit_leaf"
TAKEN_OUT = (
    "INSERT INTO cru.audit_pending (shape, op, row_key, digest, salt)"
    " SELECT shape, op, row_key, digest, salt FROM cru.audit_leaf ORDER BY id"
)


async def sealed(url: URL, key: SealingKey = KEY, most: int = 20_000) -> SealedRun:
    """Seal what was written."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await seal(connection, key, most=most)
    finally:
        await engine.dispose()


async def note_of(owner: Connection, number: int = 0) -> str:
    """A checkpoint of the record; the last one if no number is given."""
    sql = "SELECT note FROM cru.audit_checkpoint WHERE $1::bigint IN (number, 0) ORDER BY number DESC LIMIT 1"
    return str(await owner.fetchval(sql, number))


async def dumped(owner: Connection) -> bytes:
    """The tables as ``pg_dump`` writes them, as this session sees them: also what it will not commit."""
    tables = await owner.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'cru'::regnamespace AND relkind = 'r'"
        " AND NOT relispartition ORDER BY 1"
    )
    out = BytesIO()
    for (table,) in tables:
        columns = await owner.fetch(
            "SELECT attname FROM pg_attribute WHERE attrelid = ('cru.' || quote_ident($1))::regclass"
            " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            table,
        )
        names = [name for (name,) in columns]
        out.write(f"COPY cru.{table} ({', '.join(names)}) FROM stdin;\n".encode())
        await owner.copy_from_table(table, schema_name="cru", columns=names, output=out)
        out.write(b"\\.\n\n")
    return out.getvalue()


def judged(dump: bytes, keys: Sequence[SealingKey] = (KEY,), kept: Sequence[str] = ()) -> list[str]:
    """What the verifier says."""
    notes = [SignedNote.read(note) for note in kept]
    made = Verification([PublicKey.read(key.public) for key in keys], notes)
    made.audit.take(dump)
    made.judge_tree()
    made.rows.take(dump)
    return made.report()


async def busy(psql: Psql) -> None:
    """A room at work: referrals, jobs, a handover, and what the second hour is."""
    await psql.handover("released")
    await psql.referral("closed")
    await quiet(psql)


async def quiet(psql: Psql) -> None:
    """An hour with no van: somebody who is named, and notes with all kinds of signs in them."""
    await psql.owner.execute("SELECT cru.write_backup('backup', true, now(), 7, 1e-7)")
    one = await psql.referral()
    await psql.set(psql.shah, "referral", one, patient_name='Zoë "Q" (O\'Neill)\u00a0à\\', lat=52.24, lon=-1e-5)
    for words in ("Äpfel, 'quoted'\n\t\\N", "à", " ", "(x", "{}", "a\\b", '""', "\\."):
        sql = "INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', $2)"
        await psql.shah.execute(sql, one, words)
    await psql.shah.execute("INSERT INTO cru.message (referral_id, words) VALUES ($1, 'x')", one)
