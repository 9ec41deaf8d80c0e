"""A file with a rota or a list of staff: chosen, shown row by row with what each would do, and taken whole."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QListWidget, QListWidgetItem, QWidget

from console.live.desk import Desk
from console.look.guard import guarded
from console.look.keyboard import Hands, name_of
from console.look.panel import MessageBar
from console.look.rota_keys import IMPORT_ROWS
from console.look.style import current, px
from console.running.tasks import spawn
from console.views.vans.sheets import Subject, VanSheet
from db.commands.base import Command
from db.domain.import_columns import RowRefusal, Settled
from db.domain.imports import answered_with
from db.domain.texts import told
from db.errors import RecordError
from db.importing import ImportKind, ImportPreview

_FILES: Final = "Spreadsheets (*.csv *.xlsx *.tsv *.txt)"
_SIGNS: Final = {"new": "+", "changed": "~", "as it is": "="}


@guarded
class ImportRowList(QListWidget):
    """One row of the file a line. A digit says what is meant, Delete leaves the row out."""

    settled = Signal(int, str)
    """A line of the list, and the digit; empty to leave its row out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        told_by = {"settle": lambda digit: self.settled.emit(self.currentRow(), digit)}
        self._hands = Hands(IMPORT_ROWS, {"leave out": lambda: self.settled.emit(self.currentRow(), "")}, told_by)
        self.setAccessibleName("What each row would do")
        self.setWordWrap(True)
        self.setMinimumHeight(px(320))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is not the list's goes on to the sheet."""
        if self._hands.part.find(name_of(event)) is None:
            event.ignore()
        elif not self._hands.take(event):
            super().keyPressEvent(event)


class ImportSheet(VanSheet):
    """What the file would do; Enter takes all of it while no row is refused. A digit settles what is asked."""

    again = Signal(object)
    """What is settled by now: try the file again so."""

    def __init__(
        self, subject: Subject, preview: ImportPreview, settled: Settled, parent: QWidget | None = None
    ) -> None:
        super().__init__("what it would do", "Import", subject, parent)
        self.preview, self._settled = preview, dict(settled)
        self.rows = ImportRowList(self)
        self._numbers: list[int] = []
        for refusal in preview.refusals:
            self._add(_asked(refusal) if refusal.answers else f"× {refusal}", "late", refusal.row)
        for number in sorted(row for row, asked in settled if not asked):
            self._add(f"– Row {number} is left out. Delete takes it after all.", "dim", number)
        for row in preview.rows:
            does = f"{_SIGNS[row.does]} Row {row.row}, {row.does}: {row.words}"
            self._add(does, "dim" if not row.command else "", row.row)
        words = QLabel(self._words(), self)
        words.setWordWrap(True)
        self.form.addRow(words)
        self.form.addRow(self.rows)
        self.rows.setCurrentRow(0)
        self.rows.settled.connect(self._settle)
        self.setFocusProxy(self.rows)

    def _words(self) -> str:
        wrong, asked = len(self.preview.refusals), sum(bool(one.answers) for one in self.preview.refusals)
        if asked:
            return f"{asked} to decide: a digit says what is meant. Nothing is taken until then."
        if wrong:
            return (
                f"{wrong} refused: put them right in the file and take it again, or leave them out with Delete."
                " Nothing is taken until then."
            )
        return (
            f"{self.preview.count} of {len(self.preview.rows)} rows change something. All of it goes, or nothing."
        )

    def _add(self, words: str, tone: str, number: int) -> None:
        shown = "\n".join(told(line) for line in words.splitlines())
        item = QListWidgetItem(shown, self.rows)
        item.setToolTip(shown)
        self._numbers.append(number)
        if tone == "late":
            item.setForeground(QColor(current().tone("late")))
        elif tone == "dim":
            item.setForeground(QColor(current().tone("dim")))

    def _settle(self, at: int, digit: str) -> None:
        """By a digit what is meant; by none the row is left out, or taken after all."""
        if not 0 <= at < len(self._numbers):
            return
        refusal = self.preview.refusals[at] if at < len(self.preview.refusals) else None
        if digit:
            answers = refusal.answers if refusal is not None else ()
            if refusal is None or int(digit) > len(answers):
                return
            asked = answered_with(refusal, self.preview.refusals)
            self._settled |= dict.fromkeys(asked, answers[int(digit) - 1])
        elif self._numbers[at] == self.preview.heading:
            return
        elif self._settled.pop((self._numbers[at], ""), None) is None:
            self._settled[(self._numbers[at], "")] = ""
        self.again.emit(dict(self._settled))

    def command(self) -> tuple[Command, str]:
        """All of it."""
        return self.preview.command(), f"Import {self.preview.count} rows"


def _asked(refusal: RowRefusal) -> str:
    """The question, and below it what may be meant, each behind its digit."""
    each = " · ".join(f"{number} {one}" for number, one in enumerate(refusal.answers, 1))
    return f"? {replace(refusal, next_step='')}\n{each}"


class Importing:
    """Asks for a file beside the live desk, and shows what it would do."""

    def __init__(
        self,
        desk: Desk,
        window: QWidget,
        kind: ImportKind,
        message: MessageBar,
        opens: Callable[[VanSheet], None],
    ) -> None:
        self._desk, self._window, self._kind = desk, window, kind
        self._message, self._opens = message, opens

    def ask(self) -> None:
        """Ask for the file; the live desk goes on meanwhile."""
        dialog = QFileDialog(self._window, "CRU console · Import", "", _FILES)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAccessibleName("The file to import")
        dialog.fileSelected.connect(lambda path: self.read(Path(path)))
        dialog.open()

    def read(self, file: Path, settled: Settled = MappingProxyType({})) -> None:
        """Try a file, as far as it is settled, and show what each of its rows would do."""
        reading = spawn(self._read(file, settled), "read a file to import", self._window)
        self._message.say("info", "The file is being read.", so=lambda: not reading.done())

    async def _read(self, file: Path, settled: Settled) -> None:
        try:
            preview = await self._desk.reads.preview_import(self._kind, file, settled)
        except RecordError as error:
            self._message.say("late", error.sentence, error.next_step)
            return
        self._message.clear()
        name = "Rota" if self._kind == "rota" else "Staff"
        sheet = ImportSheet(Subject(uuid4(), name, self._desk.clock.now()), preview, settled)
        sheet.again.connect(lambda meant: self.read(file, meant))
        self._opens(sheet)
