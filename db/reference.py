"""Load configurable data. What is there already is the trust's own and stays as it is."""

import tomllib
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, select
from sqlalchemy.dialects.postgresql import insert

import resources
from db import tables
from db.engine import connect
from db.errors import Invalid

DEFAULT_SET = "reference/northamptonshire.toml"

# In the order in which rows refer to each other; with the column that tells one row from another.
_ORDER: Mapping[str, type[tables.Base]] = {
    table.__tablename__: table
    for table in (
        tables.PriorityRow,
        tables.ReferralSourceRow,
        tables.ScreeningToolRow,
        tables.ScreeningItemRow,
        tables.ReasonRow,
        tables.OutcomeRow,
        tables.WishRow,
        tables.VanBaseRow,
        tables.DestinationRow,
        tables.RuleRow,
        tables.LanguageRow,
        tables.MobilityRow,
        tables.AboutTopicRow,
        tables.StaffRow,
        tables.VanRow,
    )
}


async def load(url: URL, file: Path | None = None) -> int:
    """Add the rows of a reference set that are missing.

    Args:
        url: the owner's connection.
        file: a set in TOML; the shipped Northamptonshire set when None.

    Returns:
        How many rows were added.

    Raises:
        Invalid: the file cannot be read or is not such a set.
    """
    chosen = file or resources.path(DEFAULT_SET)
    try:
        rows = tomllib.loads(chosen.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(f"The reference set {chosen.name} cannot be read.", str(error)) from error
    engine = connect(url, "cru-admin", answer_within=None)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_load, rows)
    finally:
        await engine.dispose()


def _load(connection: Connection, rows: dict[str, Any]) -> int:
    author = str(rows.get("author", ""))
    name = rows.get("service", {}).get("name", "")
    service = insert(tables.ServiceRow).values(id=1, name=name).on_conflict_do_nothing()
    added = connection.execute(service).rowcount
    for table_name, table in _ORDER.items():
        given = _complete(table_name, rows.get(table_name, []), author)
        if given and not _names_kept(connection, table, given):
            added += sum(
                connection.execute(insert(table).values(row).on_conflict_do_nothing()).rowcount for row in given
            )
    return added


def _complete(table_name: str, rows: list[dict[str, Any]], author: str) -> list[dict[str, Any]]:
    columns = _ORDER[table_name].__table__.columns
    numbers = count(1)
    for row in rows:
        if "author" in columns:
            row.setdefault("author", author)
        for numbered in ("rank", "ordinal"):
            if numbered in columns:
                row.setdefault(numbered, next(numbers))
        if table_name == "screening_item":
            row.setdefault("tool_version", 1)
    return rows


def _names_kept(connection: Connection, table: type[tables.Base], rows: list[dict[str, Any]]) -> bool:
    # Staff have no natural key but their name: a set that was loaded once is not loaded twice.
    if table is not tables.StaffRow:
        return False
    names = [row["name"] for row in rows]
    return (
        connection.execute(select(tables.StaffRow.id).where(tables.StaffRow.name.in_(names)).limit(1)).first()
        is not None
    )
