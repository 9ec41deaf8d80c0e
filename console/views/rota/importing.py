"""A file with a rota or a list of staff: chosen, shown row by row with what each would do, and taken whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFileDialog, QLabel, QListWidget, QListWidgetItem, QWidget

from console.live.desk import Desk
from console.look.panel import MessageBar
from console.look.style import current, px
from console.running.tasks import spawn
from console.views.vans.sheets import Subject, VanSheet
from db.commands import Command
from db.domain.texts import told
from db.errors import RecordError
from db.importing import ImportKind, ImportPreview

_FILES: Final = "Spreadsheets (*.csv *.xlsx *.tsv *.txt)"
_SIGNS: Final = {"new": "+", "changed": "~", "as it is": "="}


class ImportSheet(VanSheet):
    """What the file would do; Enter takes all of it, while no row is refused."""

    def __init__(self, subject: Subject, preview: ImportPreview, parent: QWidget | None = None) -> None:
        super().__init__("what it would do", "Import", subject, parent)
        self.preview = preview
        self.rows = QListWidget(self)
        self.rows.setAccessibleName("What each row would do")
        self.rows.setWordWrap(True)
        self.rows.setMinimumHeight(px(320))
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for refusal in preview.refusals:
            self._add(f"× {refusal}", "late")
        for row in preview.rows:
            self._add(
                f"{_SIGNS[row.does]} Row {row.row}, {row.does}: {row.words}", "dim" if not row.command else ""
            )
        words = QLabel(self._words(), self)
        words.setWordWrap(True)
        self.form.addRow(words)
        self.form.addRow(self.rows)
        self.rows.setCurrentRow(0)
        self.setFocusProxy(self.rows)

    def _words(self) -> str:
        wrong = len(self.preview.refusals)
        if wrong:
            return f"{wrong} refused: put them right in the file and take it again. Nothing is taken until then."
        return (
            f"{self.preview.count} of {len(self.preview.rows)} rows change something. All of it goes, or nothing."
        )

    def _add(self, words: str, tone: str) -> None:
        item = QListWidgetItem(told(words), self.rows)
        item.setToolTip(told(words))
        if tone == "late":
            item.setForeground(QColor(current().tone("late")))
        elif tone == "dim":
            item.setForeground(QColor(current().tone("dim")))

    def command(self) -> tuple[Command, str]:
        """All of it."""
        return self.preview.command(), f"Import {self.preview.count} rows"


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

    def read(self, file: Path) -> None:
        """Try a file, and show what each of its rows would do."""
        self._message.say("info", "The file is being read.")
        spawn(self._read(file), "read a file to import", self._window)

    async def _read(self, file: Path) -> None:
        try:
            preview = await self._desk.reads.preview_import(self._kind, file)
        except RecordError as error:
            self._message.say("late", error.sentence, error.next_step)
            return
        self._message.clear()
        name = "Rota" if self._kind == "rota" else "Staff"
        self._opens(ImportSheet(Subject(uuid4(), name, self._desk.clock.now()), preview))
