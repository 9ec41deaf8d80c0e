"""When something that is committed is safe to be answered for: once the standbys have it that commits wait for.

With ``synchronous_standby_names`` a commit is answered when a standby has it. A session that ends while it waits
for that (its server was killed and started again, somebody ended it) leaves its commit behind: it stands there,
everybody on that server sees it, and a failover loses it. So who finds that something *was done before* may not
call it done by having read it.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# A transaction that writes nothing to the log waits for nobody. This word in it changes no row, anybody may write
# it, and as it stands behind the commit in question, whoever has it has that one, too.
_A_WORD = text("SELECT pg_logical_emit_message(true, 'cru', 'was done before')")


async def answers_for_what_it_read(connection: AsyncConnection) -> None:
    """Make the commit of this transaction wait for the standbys, as if it had written what it read."""
    await connection.execute(_A_WORD)
