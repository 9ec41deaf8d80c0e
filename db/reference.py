"""Load configurable data. What is there already is the trust's own and stays as it is.

The shipped versions of the screening tool are files of their own, ``reference/screening/version-2.toml`` and so
on: ``version``, ``title``, ``author``, ``dated`` and ``in_use`` at the top; then ``[[item]]`` with the fields of
:class:`db.domain.reference.ScreeningItem`, ``[[limit]]`` with ``measure``, ``low`` and ``high``, ``[[band]]`` of
NEWS2 with ``points`` besides, ``[[scale]]`` with what a ``letter`` means, and ``[[branch]]`` with its ``when``. A
version that is there is never touched: its text does not change.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

import resources
from db.engine import connect
from db.errors import Invalid
from db.tables import configured
from db.tables.alarms import AlarmKindRow
from db.tables.base import Base
from db.tables.care import ContactScheduleRow, EndingRuleRow
from db.tables.crew import StaffRow, VanRow
from db.tables.gate import NewsBandRow, ToolBranchRow, ToolLetterRow, ToolLifeRow, ToolLimitRow
from db.tables.person import AboutTopicRow, LanguageRow, MobilityRow
from db.tables.rota import CoverWantedRow
from db.tables.voices import FeedbackThemeRow

DEFAULT_SET = "reference/northamptonshire.toml"
Amended = Callable[[dict[str, Any]], dict[str, Any]]

# In the order in which rows refer to each other; with the column that tells one row from another.
_ORDER: Mapping[str, type[Base]] = {
    table.__tablename__: table
    for table in (
        configured.PriorityRow,
        configured.ReferralSourceRow,
        configured.ScreeningToolRow,
        configured.ScreeningItemRow,
        configured.ReasonRow,
        configured.OutcomeRow,
        configured.WishRow,
        FeedbackThemeRow,
        configured.CommandWordRow,
        AlarmKindRow,
        configured.VanBaseRow,
        configured.DestinationRow,
        configured.RuleRow,
        LanguageRow,
        MobilityRow,
        AboutTopicRow,
        ContactScheduleRow,
        EndingRuleRow,
        CoverWantedRow,
        StaffRow,
        VanRow,
    )
}


_PLACES = ("van_base", "destination", "van")


def shipped_name() -> str:
    """The county of the shipped set."""
    return str(_read(resources.path(DEFAULT_SET))["service"]["name"])


def without_places(rows: dict[str, Any]) -> dict[str, Any]:
    """A set without its bases, destinations and vans: those of another county are no rows that are missing."""
    return {name: given for name, given in rows.items() if name not in _PLACES}


async def load(url: URL, file: Path | None = None, amended: Amended | None = None) -> int:
    """Add the rows of a reference set that are missing.

    Args:
        url: the owner's connection.
        file: a set in TOML; the shipped Northamptonshire set when None.
        amended: makes another set of it before it is loaded; a practice in another county has other places.

    Returns:
        How many rows were added.

    Raises:
        Invalid: the file cannot be read or is not such a set.
    """
    return await _run(url, file, [], amended, keep=True)


async def preview(url: URL, file: Path | None = None) -> list[str]:
    """What :func:`load` would add, one line a row: ``staff: Ewa Template``. Nothing is changed. Raises as that."""
    told: list[str] = []
    await _run(url, file, told, None, keep=False)
    return told


async def _run(url: URL, file: Path | None, told: list[str], amended: Amended | None, *, keep: bool) -> int:
    # A console that finds its record loads no reference set.
    from db.reference_check import checked

    given = _read(file or resources.path(DEFAULT_SET))
    rows = checked(amended(given) if amended else given, _ORDER)
    shipped = [] if file else [_read(one) for one in tool_files()]
    engine = connect(url, "cru-admin", answer_within=None)
    try:
        async with engine.connect() as connection:
            added = await connection.run_sync(_load, rows, shipped, told)
            if keep:
                await connection.commit()
            else:
                await connection.rollback()
        return added
    finally:
        await engine.dispose()


def tool_files() -> list[Path]:
    """The shipped versions of the screening tool, oldest first."""
    found = resources.path("reference").glob("screening/version-*.toml")
    return sorted(found, key=lambda one: int(one.stem.rpartition("-")[2]))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(f"The reference set {file.name} cannot be read.", str(error)) from error


def _load(connection: Connection, rows: dict[str, Any], shipped: list[dict[str, Any]], told: list[str]) -> int:
    author = str(rows.get("author", ""))
    name = rows.get("service", {}).get("name", "")
    service = insert(configured.ServiceRow).values(id=1, name=name).on_conflict_do_nothing()
    added = connection.execute(service).rowcount
    for table_name, table in _ORDER.items():
        given = _complete(table_name, rows.get(table_name, []), author)
        # A version that has begun its life is left alone; once it is approved the
        # record refuses it another question.
        if table_name == "screening_item":
            given = [row for row in given if not _is_begun(connection, row["tool_version"])]
        for row in _not_there(connection, given) if table is StaffRow else given:
            if _is_added(connection, table, row):
                told.append(_line(table, row))
                added += 1
    more = _tools(connection, shipped)
    told += ["screening tool: a shipped version"] if more else []
    return added + more


def _is_added(connection: Connection, table: type[Base], row: dict[str, Any]) -> bool:
    try:
        return connection.execute(insert(table).values(row).on_conflict_do_nothing()).rowcount > 0
    except DBAPIError as error:
        from db.reference_check import refused

        raise refused(table.__tablename__, row, error) from error


def _line(table: type[Base], row: dict[str, Any]) -> str:
    """A row by what people call it, or by its key."""
    keys = [column.name for column in table.__table__.primary_key]
    called = [row[name] for name in ("name", "callsign", "label", "title") if name in row][:1]
    said = called or [row[name] for name in keys if name in row]
    return f"{table.__tablename__.replace('_', ' ')}: {' '.join(map(str, said))}"


# --- the life of the screening tool ---


def _has_life(connection: Connection) -> bool:
    """Whether the schema knows it; a set is also loaded into older ones."""
    return connection.execute(text("SELECT to_regclass('cru.tool_life')")).scalar_one() is not None


def _is_begun(connection: Connection, version: int) -> bool:
    if not _has_life(connection):
        return False
    life = select(ToolLifeRow.id).where(ToolLifeRow.tool_version == version).limit(1)
    return connection.execute(life).first() is not None


def _tools(connection: Connection, shipped: list[dict[str, Any]]) -> int:
    if not _has_life(connection):
        return 0
    added = sum(_tool(connection, one) for one in shipped)
    there = set(connection.execute(select(configured.ScreeningToolRow.version)).scalars())
    for version in sorted(there):
        if not _is_begun(connection, version):
            connection.execute(insert(ToolLifeRow).values(tool_version=version, step="drafted"))
    in_use = [one["version"] for one in shipped if one.get("in_use")]
    _bring_into_force(connection, max(in_use, default=max(there, default=None)))
    return added


def _bring_into_force(connection: Connection, version: int | None) -> None:
    """A service that has no tool yet begins with one; what is in force stays so."""
    steps = select(func.count()).where(ToolLifeRow.step == "in force")
    if version is not None and connection.execute(steps).scalar_one() == 0:
        connection.execute(
            insert(ToolLifeRow).values(
                tool_version=version, step="in force", from_at=text("cru.clock_now() - interval '1 second'")
            )
        )


def _tool(connection: Connection, given: dict[str, Any]) -> int:
    version = given["version"]
    row: dict[str, Any] = {name: given[name] for name in ("version", "title", "author", "dated") if name in given}
    row |= {"signed_by": given["author"], "signed_on": given["dated"]}
    tool = insert(configured.ScreeningToolRow).values(row).on_conflict_do_nothing()
    if connection.execute(tool).rowcount == 0:
        return 0
    parts = (
        (configured.ScreeningItemRow, "item"),
        (ToolLimitRow, "limit"),
        (NewsBandRow, "band"),
        (ToolLetterRow, "scale"),
        (ToolBranchRow, "branch"),
    )
    added = 1
    for table, name in parts:
        for place, one in enumerate(given.get(name, []), 1):
            numbered = {"ordinal": place} if "ordinal" in table.__table__.columns else {}
            row = {"tool_version": version, **numbered, **one}
            if "when" in row:  # a word of SQL's own
                row["asked_when"] = row.pop("when")
            connection.execute(insert(table).values(row))
            added += 1
    return added


def _complete(table_name: str, rows: list[dict[str, Any]], author: str) -> list[dict[str, Any]]:
    columns = _ORDER[table_name].__table__.columns
    numbers = count(1)
    for row in rows:
        if "author" in columns and table_name != "screening_tool":
            row.setdefault("author", author)
        for numbered in ("rank", "ordinal"):
            if numbered in columns:
                row.setdefault(numbered, next(numbers))
        if table_name == "screening_item":
            row.setdefault("tool_version", 1)
    return rows


def _not_there(connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Staff have no natural key but their name: one row of a name is taken for each that the record lacks."""
    there = Counter(connection.execute(select(StaffRow.name)).scalars())
    new = []
    for row in rows:
        there[row["name"]] -= 1
        if there[row["name"]] < 0:
            new.append(row)
    return new
