"""What is usual of each measure from a day on, as shift leads said it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.rota import london
from db.domain.spc import Baseline
from db.names_of import name_of

Baselines = Mapping[str, tuple[Baseline, ...]]
"""Those in force, by the key of the measure, oldest first."""
_IN_FORCE = text(
    f"SELECT b.*, {name_of('b.author')} AS says FROM cru.spc_baseline b"  # noqa: S608 - of ours
    " WHERE withdrawn_at IS NULL ORDER BY measure, since_on"
)


async def baselines(connection: AsyncConnection) -> Baselines:
    """Read them; for a shift lead."""
    found: dict[str, list[Baseline]] = {}
    for row in await connection.execute(_IN_FORCE):
        found.setdefault(row.measure, []).append(_baseline(row))
    return {measure: tuple(those) for measure, those in found.items()}


def _baseline(row: Row[Any]) -> Baseline:
    until = london(row.until_on + timedelta(days=1)) if row.until_on is not None else None
    return Baseline(london(row.since_on), None, row.reason, row.says, until, row.id)
