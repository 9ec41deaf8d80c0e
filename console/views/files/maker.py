"""Makes files from a window: asks for the folder, makes them step by step beside the desk, and is given up."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QProgressBar, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.panel import MessageBar
from console.look.style import px
from console.running.tasks import spawn
from db.errors import RecordError
from db.reports.making import files_of, save

if TYPE_CHECKING:
    from db.reports.document import Document


@guarded
class ReportLine(QWidget):
    """How far a report has come, and the way to give it up."""

    stopped = Signal()

    def __init__(self, leave: str, parent: QWidget | None = None) -> None:
        """Show nothing yet; ``leave`` is the key by which the window gives it up."""
        super().__init__(parent)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How far the report has come")
        self.bar.setFixedWidth(px(220))
        self.stop_button = ActionButton("Give the report up", leave, "secondary", self)
        self.stop_button.clicked.connect(self.stopped)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar)
        row.addWidget(self.words, 1)
        row.addWidget(self.stop_button)
        self.hide()

    def tell(self, words: str, done: int, of: int) -> None:
        """Show a step."""
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self.words.setText(words)
        self.show()


class FileMaker(QObject):
    """Makes one report at a time. Nothing is written before all of it is made."""

    def __init__(self, window: QWidget, message: MessageBar, leave: str) -> None:
        """Make nothing yet.

        Args:
            window: over which the dialog opens.
            message: says how it ended.
            leave: the key by which the window gives a report up.
        """
        super().__init__(window)
        self._window, self._message = window, message
        self._task: asyncio.Task[None] | None = None
        self._folder = Path.home()
        self.line = ReportLine(leave, window)
        self.line.stopped.connect(self.stop)

    @property
    def is_making(self) -> bool:
        """Whether a report is being made."""
        return self._task is not None

    def stop(self) -> None:
        """Give the report up; nothing of it was written."""
        if self._task is not None:
            self._task.cancel()
            self._end()
            self._message.say("info", "The report was given up.", "Nothing was written.")

    def refuses_another(self) -> bool:
        """Whether one is being made, which is said."""
        if self.is_making:
            step = "Wait for it, or give it up with Escape."
            self._message.say("info", "A report is being made.", step, so=lambda: self.is_making)
        return self.is_making

    def ask_folder(self, then: Callable[[Path], object]) -> None:
        """Ask for the folder, beside the live desk."""
        dialog = QFileDialog(self._window, "CRU console · Report", str(self._folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAccessibleName("Which folder takes the report")
        dialog.fileSelected.connect(lambda path: then(Path(path)))
        dialog.open()

    def begin(self, work: Coroutine[Any, Any, int], folder: Path) -> None:
        """Make it by some work, which says how many files there are, and put it into a folder."""
        self._folder = folder
        self._task = spawn(self._made(work), "make a report", self)

    async def _made(self, work: Coroutine[Any, Any, int]) -> None:
        try:
            count = await work
        except RecordError as error:
            self._message.say("late", error.sentence, error.next_step)
        else:
            files = "One file was" if count == 1 else f"{count} files were"
            self._message.say("info", f"{files} written.", f"They are in {self._folder}.")
        self._end()

    def _end(self) -> None:
        self._task = None
        self.line.hide()

    async def write(
        self, document: "Document", stem: str, formats: Sequence[str], folder: Path, at: tuple[int, int]
    ) -> int:
        """Write a report as several kinds of file, from step ``at`` on. Returns how many files there are."""
        done, steps = at
        made: dict[str, bytes] = {}
        for number, kind in enumerate(formats):
            self.line.tell(f"Making the {kind.upper()}", done + number, steps)
            made |= await asyncio.to_thread(files_of, document, stem, kind)
        self.line.tell("Writing", steps - 1, steps)
        return len(await asyncio.to_thread(save, made, folder))
