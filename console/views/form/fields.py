"""Fields of the form. Each knows which parts of the draft it holds: shown from a draft, read into its values."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.hints import hint as show_hint
from console.look.style import mark, px
from console.views.form.choice import ChoiceRow, Option
from console.views.form.when import TypedMoment, WhatItBelongsTo
from db.domain.intake import Draft
from db.domain.typed_times import NO_TIME, TypedTime, is_rough

Now = Callable[[], datetime]


class FormField(Protocol):
    """A part of the form."""

    edited: SignalInstance
    """A person changed it."""

    def values(self) -> dict[str, Any]:
        """What it holds, by the draft's field names."""

    def show_draft(self, draft: Draft) -> None:
        """Show what a draft says, and forget everything shown before. ``edited`` is silent."""

    def editors(self) -> dict[str, QWidget]:
        """The widgets that take the focus, by name."""

    def say(self, name: str, sentence: str, *, wrong: bool) -> None:
        """Put a sentence below the editor of that name; an empty one takes it away."""


class Labelled(QWidget):
    """A small label, something to edit, and room for a sentence about it."""

    edited = Signal()

    def __init__(self, name: str, label: str, editor: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.editor = editor
        self._label = QLabel(label, self)
        self._note = QLabel(self)
        self._own_note = ""
        self._told: tuple[str, bool, bool] | None = None
        mark(self._label, role="small")
        mark(self._note, role="small")
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.hide()
        editor.setObjectName(name)
        if not editor.accessibleName():
            editor.setAccessibleName(label)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        for widget in (self._label, editor, self._note):
            column.addWidget(widget)
        column.addStretch(1)
        # By its share of the row alone: a long sentence below one field must not make the others narrow.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def editors(self) -> dict[str, QWidget]:
        """The one editor."""
        return {self.name: self.editor}

    def say(self, name: str, sentence: str, *, wrong: bool) -> None:
        """Put a sentence below the editor."""
        if name != self.name:
            return
        text = sentence or self._own_note
        if self._told == (text, bool(sentence), wrong):  # every field is told at each key
            return
        self._told = text, bool(sentence), wrong
        self._note.setText(text)
        self._note.setVisible(bool(text))
        mark(self._note, tone="late" if wrong else "warn" if sentence else "dim")
        mark(self.editor, wrong="true" if wrong else "false")
        self.editor.setAccessibleDescription(text)

    def set_label(self, label: str) -> None:
        """Call the field something else."""
        self._label.setText(label)
        self.editor.setAccessibleName(label)

    def note(self) -> str:
        """The sentence shown; empty for none."""
        return self._note.text()

    def remark(self, text: str) -> None:
        """Say something quiet below the editor, unless there is something to put right."""
        # What is wrong stays to be read until it is put right; the remark waits behind it.
        if self._note.text() in {"", self._own_note}:
            self._own_note = text
            self.say(self.name, "", wrong=False)
        self._own_note = text


class LineField(Labelled):
    """One line of text, for one text field of the draft."""

    def __init__(self, name: str, label: str, hint: str = "", parent: QWidget | None = None) -> None:
        self.line = QLineEdit()
        super().__init__(name, label, self.line, parent)
        show_hint(self.line, hint)
        # Not ``textChanged``: a draft that is shown is no edit.
        self.line.textEdited.connect(lambda _text: self.edited.emit())

    def values(self) -> dict[str, Any]:
        """The text."""
        return {self.name: self.line.text()}

    def show_draft(self, draft: Draft) -> None:
        """Show the text."""
        self.line.setText(getattr(draft, self.name))


@guarded
class WordsField(Labelled):
    """A few lines of text. Tab goes on to the next field."""

    def __init__(self, name: str, label: str, lines: int, hint: str = "", parent: QWidget | None = None) -> None:
        self.words = QPlainTextEdit()
        self._lines = lines
        super().__init__(name, label, self.words, parent)
        self.words.setTabChangesFocus(True)
        show_hint(self.words, hint)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fit()
        # QPlainTextEdit has no signal for what a person typed alone: it tells of ``show_draft`` too.
        self._showing = False
        self.words.textChanged.connect(self._tell)

    def _fit(self) -> None:
        self.words.setFixedHeight(self.words.fontMetrics().lineSpacing() * self._lines + px(16))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font scale."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit()
        super().changeEvent(event)

    def _tell(self) -> None:
        if not self._showing:
            self.edited.emit()

    def values(self) -> dict[str, Any]:
        """The text."""
        return {self.name: self.words.toPlainText()}

    def show_draft(self, draft: Draft) -> None:
        """Show the text."""
        self._showing = True
        self.words.setPlainText(getattr(draft, self.name))
        self.words.moveCursor(QTextCursor.MoveOperation.End)
        self._showing = False


class TimeField(Labelled):
    """A time of day or an age, read at the moment at which it is typed."""

    def __init__(self, name: str, label: str, belongs: WhatItBelongsTo, parent: QWidget | None = None) -> None:
        self.line = QLineEdit()
        super().__init__(name, label, self.line, parent)
        self.moment = TypedMoment(self.line, label, belongs, self)
        self._column.insertWidget(self._column.count() - 1, self.moment.row)
        show_hint(self.line, "0255, 35 min ago")
        self.moment.changed.connect(self._read)
        self.line.editingFinished.connect(self._settle)

    @property
    def at(self) -> datetime | None:
        """The moment that is meant, UTC."""
        return self.moment.at

    def editors(self) -> dict[str, QWidget]:
        """The line, and which of two moments is meant."""
        return {self.name: self.line, f"{self.name}_which": self.moment.row}

    def values(self) -> dict[str, Any]:
        """The typed time."""
        text = self.line.text().strip()
        sentence, step = self.moment.problem
        return {self.name: TypedTime(text, self.moment.at, f"{sentence} {step}".strip()) if text else NO_TIME}

    def show_draft(self, draft: Draft) -> None:
        """Show the time; one that the record has is amended there, not here."""
        typed: TypedTime = getattr(draft, self.name)
        self.moment.show_text(typed.text, typed.at)
        self.tell_age()

    def lock(self, *, locked: bool) -> None:
        """Make it readable only: the record has the time."""
        self.line.setReadOnly(locked)
        self.line.setFocusPolicy(Qt.FocusPolicy.NoFocus if locked else Qt.FocusPolicy.StrongFocus)

    def _read(self) -> None:
        self.tell_age()
        self.edited.emit()

    def _settle(self) -> None:
        # The moment is the one meant when it was typed: "35 min ago" does not move on with the clock.
        if self.moment.at is not None:
            self.moment.fill(self.moment.at, rough=is_rough(self.line.text()))

    def tell_age(self) -> None:
        """Say the full reading, and how long ago it is by now; while it is being typed "02" is no mistake yet."""
        self.remark(self.moment.words)


class ChoiceField(Labelled):
    """One choice, for one text field of the draft."""

    def __init__(self, name: str, label: str, options: Sequence[Option], parent: QWidget | None = None) -> None:
        self.row = ChoiceRow(label, options)
        super().__init__(name, label, self.row, parent)
        self.row.edited.connect(self.edited)

    def values(self) -> dict[str, Any]:
        """The chosen value, or an empty text."""
        return {self.name: next(iter(self.row.chosen()), "")}

    def show_draft(self, draft: Draft) -> None:
        """Show the choice."""
        self.row.choose((getattr(draft, self.name),))


class SwitchField(QWidget):
    """Yes or no, for one truth of the draft."""

    edited = Signal()

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.box = QCheckBox(label, self)
        self.box.setObjectName(name)
        # Not ``toggled``, which a draft that is shown would set off.
        self.box.clicked.connect(lambda _on: self.edited.emit())
        # Stands where the labels of its neighbours are, so that the box is level with their lines.
        above = QLabel(" ")
        mark(above, role="small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        column.addWidget(above)
        column.addWidget(self.box)
        column.addStretch(1)

    def values(self) -> dict[str, Any]:
        """Whether it is on."""
        return {self.name: self.box.isChecked()}

    def show_draft(self, draft: Draft) -> None:
        """Show it."""
        self.box.setChecked(getattr(draft, self.name))

    def editors(self) -> dict[str, QWidget]:
        """The box."""
        return {self.name: self.box}

    def say(self, name: str, sentence: str, *, wrong: bool) -> None:
        """A switch is never wrong."""
