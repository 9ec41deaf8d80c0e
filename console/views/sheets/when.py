"""The field of a sheet in which a time is typed: it says the full reading before anything is sent."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from console.look.hints import hint as show_hint
from console.look.style import mark
from console.views.form.when import TypedMoment, WhatItBelongsTo
from console.views.sheets.fields import SheetField
from db.domain.resolving import reading_words


class When(SheetField):
    """A time of day; its value is the moment, as ISO 8601 in UTC, and empty while there is none."""

    def __init__(
        self,
        name: str,
        label: str,
        belongs: WhatItBelongsTo,
        hint: str = "",
        missing: str = "",
        otherwise: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        """Make the line, the reading below it, and the question that the doubled hour asks.

        Args:
            name: of the value.
            label: small words above.
            belongs: what the time belongs to, asked whenever something changes.
            hint: what it may look like.
            missing: what to say when nothing is typed; empty when it may stay empty.
            otherwise: the moment that counts while nothing is typed, to be shown too.
        """
        super().__init__(name, label, missing)
        self.edit = QLineEdit(self)
        show_hint(self.edit, hint)
        self.edit.setAccessibleName(label)
        self.moment = TypedMoment(self.edit, label, belongs, self)
        self.reading = QLabel(self)
        self.reading.setTextFormat(Qt.TextFormat.PlainText)
        self.reading.setWordWrap(True)
        mark(self.reading, role="small")
        for widget in (self.edit, self.reading, self.moment.row):
            self._column.addWidget(widget)
        self._belongs, self._otherwise = belongs, otherwise
        self.moment.changed.connect(self._show)
        self.moment.row.edited.connect(lambda: self.aimed.emit(self.value()))
        self._show()

    def value(self) -> str:
        """The moment."""
        at = self.moment.at
        return at.isoformat() if at else ""

    def missing(self) -> str:
        """What is wrong with what is typed, or what to say when nothing is."""
        if self.edit.text().strip():
            return " ".join(self.moment.problem).strip()
        return self._missing

    def take_focus(self) -> None:
        """Put the keyboard into the line, or into the question where only that is open."""
        asked = self.moment.at is None and self.moment.row.isVisibleTo(self)
        (self.moment.row if asked else self.edit).setFocus(Qt.FocusReason.TabFocusReason)

    def read_again(self) -> None:
        """What it belongs to changed."""
        self.moment.read_again()
        self._show()  # also where a filled in time stays as it is

    def _show(self) -> None:
        text, wrong = self.moment.words, self.moment.is_wrong
        other = self._otherwise() if not self.edit.text().strip() else None
        if other is not None:
            text = reading_words(other, self._belongs().now)
        self.reading.setText(text)
        self.reading.setVisible(bool(text))
        mark(self.reading, tone="late" if wrong else "dim")
        mark(self.edit, wrong="true" if wrong else "false")
        self.edit.setAccessibleDescription(text)
