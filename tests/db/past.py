# ruff: noqa: S608 - the tests name tables and columns of our own
"""A referral made one of the past, with all that hangs on it."""

from datetime import timedelta
from uuid import UUID

from tests.db.psql import Connection


async def policed(owner: Connection) -> list[str]:
    """Every table whose rows are in sight, or opened."""
    rows = await owner.fetch(
        "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid AND polname = 'in_sight'"
        " WHERE relnamespace = 'cru'::regnamespace AND relrowsecurity ORDER BY 1"
    )
    return [row["relname"] for row in rows]


async def long_ago(owner: Connection, referral: UUID, by: timedelta = timedelta(days=30)) -> None:
    """Let a referral have happened earlier with all that hangs on it, and everybody have been told of its end."""
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await owner.execute(
            "UPDATE cru.ending SET holder_kind = 'cru', holder_name = 'Zebedee', person_not_told = 'x',"
            " caller_not_told = 'x', referrer_not_told = 'x' WHERE referral_id = $1",
            referral,
        )
        for table in [*(await policed(owner)), "assignment"]:
            columns = await owner.fetch(
                "SELECT attname, atttypid = 'timestamptz'::regtype AS is_time FROM pg_attribute"
                " WHERE attrelid = ('cru.' || $1)::regclass AND attnum > 0 AND NOT attisdropped",
                table,
            )
            key = "id" if table == "referral" else "referral_id"
            if key in {column["attname"] for column in columns}:
                times = [column["attname"] for column in columns if column["is_time"]]
                moved = ", ".join(f"{name} = {name} - $2::interval" for name in times)
                await owner.execute(f"UPDATE cru.{table} SET {moved} WHERE {key} = $1", referral, by)
