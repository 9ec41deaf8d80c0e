"""Import a rota or a list of staff: what each row would do, tried and taken back; then all of it, or nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db import tables
from db.commands import Command, ImportRows, PlannedSeat, SaveStaff, SetPlan
from db.commands.base import record_now, run
from db.commands.imported import refusal_of
from db.domain.clocks import local
from db.domain.import_columns import RowRefusal, Settled, key_of
from db.domain.imports import ADD_OR_CHANGE, ShiftLine, StaffLine, shift_lines, staff_lines
from db.domain.likely_names import is_nearly
from db.domain.records import StaffMember
from db.domain.rota import PlannedShift
from db.domain.rota_view import when_words
from db.errors import Invalid, RecordError
from db.rota_queries import plans_between
from db.sheet_files import SheetRow, read_sheet

ImportKind = Literal["rota", "staff"]


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row, and what it would do: ``new``, ``changed`` or ``as it is``; for the last there is no command."""

    row: int
    does: str
    words: str
    command: Command | None = None


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file would do. Nothing has been changed.

    Attributes:
        rows: those that can be taken.
        refusals: why the others cannot; while there is one, nothing of the file is taken.
        heading: the number of the row that names the columns.
    """

    file: str
    rows: tuple[ImportedRow, ...]
    refusals: tuple[RowRefusal, ...]
    heading: int = 1

    @property
    def count(self) -> int:
        """How many rows would change something."""
        return sum(one.command is not None for one in self.rows)

    def command(self) -> ImportRows:
        """All of it at once.

        Raises:
            Invalid: a row is refused, or nothing would change.
        """
        if self.refusals:
            raise Invalid(f"{_counted(len(self.refusals))} refused.", "Put the file right and take it again.")
        if not self.count:
            raise Invalid("Everything in it is there already.")
        steps = [(one.command, one.row) for one in self.rows if one.command is not None]
        return ImportRows(steps=tuple(step for step, _ in steps), numbers=tuple(row for _, row in steps))


def _counted(rows: int) -> str:
    return "1 row is" if rows == 1 else f"{rows} rows are"


async def preview_import(connection: AsyncConnection, kind: ImportKind, file: Path) -> ImportPreview:
    """Read a file, and try each of its rows on the record; whatever was tried is taken back.

    Raises:
        Invalid: the file as a whole cannot be read.
        NotAllowed: this login plans nothing.
    """
    sheet = await asyncio.to_thread(read_sheet, file)
    return await preview_rows(connection, kind, sheet, file.name)


async def preview_rows(
    connection: AsyncConnection,
    kind: ImportKind,
    sheet: Sequence[SheetRow],
    name: str,
    settled: Settled = MappingProxyType({}),
) -> ImportPreview:
    """The same for rows that were read, with what somebody settled of them."""
    given = [(row.number, row.cells) for row in sheet]
    staff = await _staff(connection)
    if kind == "staff":
        people, wrong = staff_lines(given, settled)
        found = [_of_staff(line, staff) for line in people]
    else:
        vans = await _vans(connection)
        today = local(await record_now(connection)).date()
        shifts, wrong = shift_lines(given, vans, staff, today, settled)
        plans = await _plans(connection, shifts)
        names = {one.id: one.name for one in staff}
        found = [_of_rota(line, plans, names) for line in shifts]
    good = [one for one in found if isinstance(one, ImportedRow)]
    wrong += [one for one in found if isinstance(one, RowRefusal)]
    wrong += await _tried(connection, good)
    bad = {one.row for one in wrong}
    kept = tuple(one for one in good if one.row not in bad)
    return ImportPreview(name, kept, tuple(sorted(wrong, key=lambda one: one.row)), given[0][0])


async def _tried(connection: AsyncConnection, good: Sequence[ImportedRow]) -> list[RowRefusal]:
    """What the record has against each row, with those before it in place."""
    wrong = []
    all_of_it = await connection.begin_nested()
    try:
        for one in good:
            if one.command is None:
                continue
            step = await connection.begin_nested()
            try:
                await run(connection, one.command)
                await step.commit()
            except (RecordError, DBAPIError) as error:
                said = refusal_of(error)
                if said is None:
                    raise
                await step.rollback()
                wrong.append(RowRefusal(one.row, "", said.sentence, said.next_step))
    finally:
        if all_of_it.is_active:
            await all_of_it.rollback()
    return wrong


# --- what is there ---


async def _staff(connection: AsyncConnection) -> list[StaffMember]:
    table = tables.StaffRow
    query = select(table.__table__).where(table.active).order_by(table.name, table.id)
    return [
        StaffMember(row.id, row.name, row.profession, row.gender, tuple(row.languages), registered=row.registered)
        for row in await connection.execute(query)
    ]


async def _vans(connection: AsyncConnection) -> dict[str, UUID]:
    table = tables.VanRow
    query = select(table.callsign, table.id).where(table.active)
    return {row.callsign: row.id for row in await connection.execute(query)}


async def _plans(connection: AsyncConnection, shifts: Sequence[ShiftLine]) -> tuple[PlannedShift, ...]:
    if not shifts:
        return ()
    first, last = min(one.starts_at for one in shifts), max(one.ends_at for one in shifts)
    return await plans_between(connection, first, last)


# --- what a row would do ---


def _of_staff(line: StaffLine, staff: Sequence[StaffMember]) -> ImportedRow | RowRefusal:
    named = [one for one in staff if key_of(one.name) == key_of(line.name)]
    same = [one for one in named if key_of(one.profession) == key_of(line.profession)]
    words = " · ".join(part for part in (line.name, line.profession, ", ".join(line.languages)) if part)
    command = SaveStaff(
        name=line.name,
        profession=line.profession,
        gender=line.gender,
        languages=line.languages,
        registered=line.registered,
        insisted="the file says that it is somebody else" if named else "",
    )
    nearly = [] if named else [one for one in staff if is_nearly(line.name, one.name)]
    if line.do == "add" or not (named or nearly):
        return ImportedRow(line.row, "new", words, command)
    known = same if len(same) == 1 else (named or nearly) if line.do == "change" else []
    if len(known) != 1:
        which = " and ".join(one.profession for one in named)
        said = f"{line.name} is known already, as {which}."
        if nearly:
            said = f"{line.name} is nearly {' and '.join(one.name for one in nearly)}, who is known."
        answers = ("add", "change") if len(named or nearly) == 1 else ("add",)
        step = "Write add or change into a column called Do."
        return RowRefusal(line.row, "name", said, step, ADD_OR_CHANGE, answers)
    if _stays(known[0], line):
        return ImportedRow(line.row, "as it is", words)
    change = replace(command, is_new=False, staff_id=known[0].id, insisted="")
    return ImportedRow(line.row, "changed", words, change)


def _stays(one: StaffMember, line: StaffLine) -> bool:
    said = (line.name, line.profession, line.gender, line.languages, line.registered)
    return (one.name, one.profession, one.gender, one.languages, one.registered) == said


def _of_rota(line: ShiftLine, plans: Sequence[PlannedShift], names: Mapping[UUID, str]) -> ImportedRow:
    crew = ", ".join(names[one] for one in line.crew) or "nobody yet"
    words = f"{line.callsign} {when_words(line.starts_at, line.ends_at)} · {crew}"
    seats = tuple(PlannedSeat(one) for one in line.crew)
    command = SetPlan(
        van_id=line.van_id, starts_at=line.starts_at, ends_at=line.ends_at, crew=seats, note=line.note
    )
    there = next((one for one in plans if (one.van_id, one.starts_at) == (line.van_id, line.starts_at)), None)
    if there is None:
        return ImportedRow(line.row, "new", words, command)
    now = {PlannedSeat(ride.staff_id, ride.from_at, ride.until_at) for ride in there.crew}
    if (there.ends_at, there.note, now) == (line.ends_at, line.note, set(seats)):
        return ImportedRow(line.row, "as it is", words)
    change = replace(command, planned_shift_id=there.id, version=there.version)
    return ImportedRow(line.row, "changed", words, change)
