"""A typed time beside its full reading: which moment it means, by what it belongs to, or why it means none."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from console.views.form.choice import ChoiceRow, Option
from db.domain.clocks import local
from db.domain.resolving import Belongs, ResolvedTime, reading_words, resolve
from db.domain.typed_times import known_time

WhatItBelongsTo = Callable[[], Belongs]


class TypedMoment(QObject):
    """Reads a line while it is typed. Whoever shows it puts ``row`` below the line, and ``words`` between the two.

    The moment is the one that was meant when it was typed: ``35 min ago`` does not move on with the clock, and a
    time that was filled in and left as it is stays what it was.
    """

    changed = Signal()
    """What is typed, or which of two moments is meant, changed."""

    def __init__(self, line: QLineEdit, label: str, belongs: WhatItBelongsTo, parent: QWidget) -> None:
        super().__init__(parent)
        self.line = line
        self.row = ChoiceRow(f"{label}: which of the two", (), parent)
        self.row.hide()
        self._belongs = belongs
        self._kept: datetime | None = None
        self._reading = ResolvedTime()
        line.textChanged.connect(self._typed)
        self.row.edited.connect(self.changed)

    @property
    def at(self) -> datetime | None:
        """The moment that is meant, UTC; None while there is none, or two."""
        if self._kept is not None:
            return self._kept
        chosen = {one.isoformat(): one for one in self._reading.choices}
        return self._reading.at or next((chosen[one] for one in self.row.chosen() if one in chosen), None)

    @property
    def problem(self) -> tuple[str, str]:
        """What is wrong with what is typed and what to do about it; empty for nothing."""
        if self.at is None and self._reading.choices:
            return f"{self._twice} comes twice in this night.", "Choose which is meant."
        return (self._reading.refusal, self._reading.next_step) if self.at is None else ("", "")

    @property
    def words(self) -> str:
        """The full reading, ``Sun 22 Nov 08:55, 24 h 10 min ago``, or what is wrong; empty for nothing typed."""
        return reading_words(self.at, self._belongs().now) if self.at else " ".join(self.problem).strip()

    @property
    def is_wrong(self) -> bool:
        """Whether something is typed that means no moment."""
        return bool(self._reading.refusal) and self.at is None

    def fill(self, at: datetime | None) -> None:
        """Show a moment as if it had been typed, and keep it until somebody types."""
        # Its text would be read anew as if it was typed now, and could mean another day.
        silent = self.line.blockSignals(True)
        self.line.setText(known_time(at).text)
        self.line.blockSignals(silent)
        self._kept = at
        self._take(ResolvedTime(at))

    def show_text(self, text: str, at: datetime | None) -> None:
        """Show what was typed before, and the moment that it meant then."""
        silent = self.line.blockSignals(True)
        self.line.setText(text)
        self.line.blockSignals(silent)
        self._kept = at
        self._take(ResolvedTime(at) if at else resolve(text, self._belongs()))

    def read_again(self) -> None:
        """What it belongs to changed."""
        if self._kept is None:
            self._take(resolve(self.line.text(), self._belongs()))
            self.changed.emit()

    def _typed(self, text: str) -> None:
        self._kept = None
        self._take(resolve(text, self._belongs()))
        self.changed.emit()

    @property
    def _twice(self) -> str:
        return f"{local(self._reading.choices[0]):%H:%M}"

    def _take(self, reading: ResolvedTime) -> None:
        if reading.choices != self._reading.choices:
            now = self._belongs().now
            self.row.set_options(
                [Option(one.isoformat(), _short(one, now), str(key)) for key, one in enumerate(reading.choices, 1)]
            )
            # The choice was between two other moments.
            self.row.choose(())
        self._reading = reading
        self.row.setVisible(bool(reading.choices))


def _short(at: datetime, now: datetime) -> str:
    """``01:30 BST, 4 h 30 min ago``: the day is the same for both."""
    # Behind weekday, day and month.
    return reading_words(at, now).split(maxsplit=3)[3]
