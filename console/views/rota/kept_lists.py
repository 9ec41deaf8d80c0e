"""The lists that a shift lead keeps, a table each: who set a row and when; added, changed, retired."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from uuid import uuid4

from PySide6.QtWidgets import QStackedWidget

from console.live.again import Again
from console.live.desk import Desk
from console.look.guard import guarded
from console.look.once_more import OnceMore
from console.look.panel import MessageBar
from console.look.rota_keys import KEPT_LIST
from console.running.tasks import spawn
from console.views.rota.fleet_table import FleetTable
from console.views.rota.list_sheets import ListSheet, shown
from console.views.rota.sending import send
from console.views.vans.sheets import Subject, VanSheet
from db.commands import RetireListed
from db.domain.kept_lists import KEPT_LISTS, KeptList, ListColumn, Value
from db.domain.texts import told
from db.list_queries import KeptRow

_LAST = ("State", "Set by", "On")


@guarded
class KeptLists(QStackedWidget):
    """A table for each list. Read when it is shown and whenever something configurable changes."""

    def __init__(self, desk: Desk, message: MessageBar, open_sheet: Callable[[VanSheet, str], None]) -> None:
        super().__init__()
        self._desk = desk
        self._again = Again(desk.store, self.refresh, self)
        self._message = message
        self._open = open_sheet
        self._once_more = OnceMore(message)
        self.rows: list[KeptRow] = []
        self.tables = {one.table: self._table(one) for one in KEPT_LISTS}

    def _table(self, kept: KeptList) -> FleetTable:
        labels = [column.label for column in kept.columns]
        does = {"edit": self.edit, "new": self.new, "retire": self.retire}
        table = FleetTable(kept.title, (*labels, *_LAST), kept.wide, KEPT_LIST, dict(does))
        table.chose_other.connect(self._once_more.let_go)
        table.cellDoubleClicked.connect(lambda *_: self.edit())
        self.addWidget(table)
        return table

    @property
    def kept(self) -> KeptList:
        """The list that is shown."""
        return KEPT_LISTS[self.currentIndex()]

    @property
    def table(self) -> FleetTable:
        """Its table."""
        return self.tables[self.kept.table]

    def turn(self, at: int) -> None:
        """Show another one."""
        self._once_more.let_go()
        self.setCurrentIndex(at)
        self.rows = []
        self.table.show_lines({})
        self.refresh()

    def refresh(self) -> None:
        """Read it again."""
        spawn(self._read(self.kept), "read a list", self)

    async def _read(self, kept: KeptList) -> None:
        await self._again.tried(partial(self._read_rows, kept), self._message)

    async def _read_rows(self, kept: KeptList) -> None:
        rows = await self._desk.reads.kept_rows(kept.table)
        if kept is self.kept:
            self.rows = rows
            self.table.show_lines({tuple(one.values[name] for name in kept.key): self._line(one) for one in rows})

    def _line(self, row: KeptRow) -> tuple[str, ...]:
        said = [shown(one, row.values[one.name], self.choices(one)) for one in self.kept.columns]
        on = f"{row.dated.day} {row.dated:%b %Y}"
        return (
            *said,
            "in use" if row.active else "out of use",
            told(self._desk.store.reference.who(row.author)),
            on,
        )

    def choices(self, column: ListColumn) -> Sequence[tuple[str, str]]:
        """What may be chosen for a column: value and label."""
        reference = self._desk.store.reference
        if column.of_list == "priority":
            return [(one.code, one.code) for one in reference.priorities.values()]
        if column.of_list == "ending":
            ways = (
                *reference.outcomes,
                *reference.reasons.get("decline", ()),
                *reference.reasons.get("cancel", ()),
            )
            return list({one.code: (one.code, one.label) for one in ways}.values())
        return column.choices

    # --- what is done ---

    def edit(self) -> None:
        """Change what the row says."""
        row = self._chosen()
        if row is not None:
            self._sheet(row.values, self._called(row))

    def new(self) -> None:
        """A new row, where the program need not know each."""
        if not self.kept.grows:
            kept = self.kept
            words = f"There is no new {kept.one}: the program knows each of them."
            self._message.say("warn", words, so=lambda: self.kept is kept)
            return
        self._sheet({}, f"A new {self.kept.one}")

    def retire(self) -> None:
        """Out of use, or back; the same key once more does it."""
        row = self._chosen()
        if row is None:
            return
        name, key = self._called(row), {name: row.values[name] for name in self.kept.key}
        words = f"{name}: not offered any more?" if row.active else f"{name}: offered again?"
        what = (self.kept.table, *key.values(), row.active)
        if not self._once_more.is_meant(what, words, "Delete once more does it. What was said by it stays."):
            return
        command = RetireListed(table=self.kept.table, key=key, back=not row.active)
        send(self._desk, command, f"{name} {'out of use' if row.active else 'back'}", self._message, self.refresh)

    def _sheet(self, before: Mapping[str, Value], name: str) -> None:
        subject = Subject(uuid4(), name, self._desk.clock.now())
        sheet = ListSheet(subject, self.kept, before, self.choices, self)
        self._open(sheet, self.kept.title)

    def _called(self, row: KeptRow) -> str:
        column = next(one for one in self.kept.columns if one.name == self.kept.label)
        return shown(column, row.values[column.name], self.choices(column))

    def _chosen(self) -> KeptRow | None:
        at = self.table.currentRow()
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def copied(self) -> list[Sequence[str]]:
        """The table with its heads, as a spreadsheet takes it."""
        heads = [column.label for column in self.kept.columns]
        return [(*heads, *_LAST), *self.table.lines()]
