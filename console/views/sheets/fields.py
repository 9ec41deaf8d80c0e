"""The fields of a sheet. Each has a name, a value, and a sentence for when it is missing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.hints import hint as show_hint
from console.look.key_table import LINES
from console.look.keyboard import Hands
from console.look.style import mark, px
from console.views.form.choice import ChoiceRow, Option
from console.views.form.limits import too_long
from console.views.sheets.pick_list import PickList
from console.views.sheets.row_layout import Row
from db.domain.shown import is_name, said
from db.tables.bounds import most

_MOST: Final[Mapping[str, int]] = {
    "clinician": most("screening", "override_clinician"),
    "other": most("handover", "to_party"),
    "feedback": most("feedback", "words"),
}
_MOST_ELSE: Final = most("event", "reason")
"""Characters, for the reasons, which are most of what is typed into sheets."""
_NAMES: Final = frozenset({"booked_with", "clinician", "owner", "said_by", "spoken_name", "with_name"})
"""Lines in which somebody is named."""
_REASONS: Final = frozenset({"spoken_not", "why_not"})
"""Lines that say why nobody was spoken to."""


class SheetField(QWidget):
    """A small label over something to answer."""

    done = Signal()
    """The person wants what the sheet is for."""
    aimed = Signal(str)
    """The value under the hand changed."""
    lost = Signal(str)
    """What was chosen cannot be had any more, in a sentence: nothing is chosen now."""

    stretch = 0
    takes_return = False
    is_typed = False

    def __init__(self, name: str, label: str, missing: str) -> None:
        super().__init__()
        self.name = name
        self._missing = missing
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(3))
        self._label = QLabel(label, self)
        # What a person asked for stands in some: shown as it is, and over lines, since a sheet that was wider than
        # its pane was scrolled aside, and the beginning of each line with its keys was out of sight.
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        mark(self._label, role="small")
        self._label.setVisible(bool(label))
        self._column.addWidget(self._label)

    def relabel(self, words: str) -> None:
        """Ask the same in other words."""
        self._label.setText(words)

    def value(self) -> str:
        """What was answered; empty for nothing."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Put the keyboard into it."""
        raise NotImplementedError

    def begin(self) -> None:
        """The sheet is opened, for the first time or again: what it shows of the record is looked at anew."""

    def flaw(self) -> str:
        """What to say of an answer that the record would not take, naming the field; empty when it would."""
        # By its name: a new field whose column has a limit of its own is listed above.
        limit = _MOST.get(self.name, _MOST_ELSE)
        return too_long(self._label.text() or "This", self.value(), limit)

    def missing(self) -> str:
        """What to say while it lacks an answer; empty when it has one or needs none."""
        return "" if self.value() else self._missing


class Note(SheetField):
    """Words to read before the rest is answered. Nothing is typed there."""

    def __init__(self, name: str, words: str, anew: Callable[[], str] | None = None) -> None:
        """Show words; ``anew`` gives those of the moment whenever the sheet is opened."""
        super().__init__(name, "", "")
        self._anew = anew
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._column.addWidget(self._words)
        self.say(words)

    def begin(self) -> None:
        """Say what is so now."""
        if self._anew is not None:
            self.say(self._anew())

    def say(self, words: str) -> None:
        """Show other words."""
        self._words.setText(words)
        self._words.setAccessibleName(words)

    def value(self) -> str:
        """The words that are shown."""
        return self._words.text()

    def take_focus(self) -> None:
        """It takes none."""

    def flaw(self) -> str:
        """Nothing can be wrong with it."""
        return ""


class Pick(SheetField):
    """One of a list. ``missing`` empty means that it may stay unanswered."""

    stretch = 1

    def __init__(
        self,
        name: str,
        label: str,
        rows: Sequence[Row],
        missing: str = "Choose one.",
        *,
        first: bool = False,
        again: Callable[[], Sequence[Row]] | None = None,
    ) -> None:
        """Make the list.

        Args:
            name: of the value.
            label: small words above.
            rows: what may be picked.
            missing: what to say when nothing is.
            first: whether the first row is current from the start.
            again: what may be picked when the sheet is opened again, since the world goes on.
        """
        super().__init__(name, label, missing)
        self._again = again
        self.list = PickList(label or name, rows, self)
        self._column.addWidget(self.list, 1)
        self.list.picked.connect(self.done)
        self.list.itemSelectionChanged.connect(lambda: self.aimed.emit(self.value()))
        self._first = first
        self._began = False
        if first:
            self.prefer("")

    def value(self) -> str:
        """The value of the current row."""
        return self.list.value()

    def offer(self, rows: Sequence[Row], *, anew: bool = False) -> None:
        """List other rows in an order that does not jump: those already there keep their places.

        What was chosen and cannot be had any more leaves nothing chosen: Enter was meant for that and no other.

        Args:
            rows: what may be picked now.
            anew: somebody opens the list just now, and has chosen nothing in it yet.
        """
        chosen = next((row for row in self.list.rows if row.value == self.list.value()), None)
        known = [row.value for row in self.list.rows]
        places = {value: place for place, value in enumerate(known)}
        # A ranking that changes must not put another van under the digit that somebody is about to press.
        self.list.set_rows(sorted(rows, key=lambda row: (not row.enabled, places.get(row.value, len(known)))))
        if chosen is not None and not self.list.value() and not anew:
            self.lost.emit(f"{chosen.text} cannot be had any more.")
        elif self._first and not self._began:
            self.prefer("")

    def prefer(self, value: str) -> None:
        """Make a row current; the first one that can be picked when that is not there."""
        can = [row.value for row in self.list.rows if row.enabled]
        self.list.set_value(value if value in can else next(iter(can), ""))
        self._began = bool(can)

    def take_focus(self) -> None:
        """Put the keyboard into the list."""
        # Whenever the keyboard comes: the list of a sheet that was kept may be hours old.
        if self._again is not None:
            self.list.set_rows(self._again())
        self.list.setFocus(Qt.FocusReason.TabFocusReason)


class Choose(SheetField):
    """One of a few, side by side, each with its key."""

    def __init__(
        self, name: str, label: str, options: Sequence[Option], missing: str = "Choose one.", value: str = ""
    ) -> None:
        super().__init__(name, label, missing)
        self.row = ChoiceRow(label, options, self)
        self.row.choose([value])
        self._column.addWidget(self.row)

    def value(self) -> str:
        """The value chosen."""
        return next(iter(self.row.chosen()), "")

    def take_focus(self) -> None:
        """Put the keyboard into the row."""
        self.row.setFocus(Qt.FocusReason.TabFocusReason)


class ChooseMany(SheetField):
    """Any number of a few; its value is one of them a line."""

    def __init__(
        self, name: str, label: str, options: Sequence[Option], chosen: Sequence[str] = (), missing: str = ""
    ) -> None:
        super().__init__(name, label, missing)
        self.row = ChoiceRow(label, options, self, many=True)
        self.row.choose(chosen)
        self._column.addWidget(self.row)

    def value(self) -> str:
        """The values chosen."""
        return "\n".join(self.row.chosen())

    def take_focus(self) -> None:
        """Put the keyboard into the row."""
        self.row.setFocus(Qt.FocusReason.TabFocusReason)


class Write(SheetField):
    """A line to type."""

    is_typed = True

    def __init__(self, name: str, label: str, hint: str = "", missing: str = "") -> None:
        super().__init__(name, label, missing)
        self.edit = QLineEdit(self)
        show_hint(self.edit, hint)
        self.edit.setAccessibleName(label)
        self._column.addWidget(self.edit)

    def value(self) -> str:
        """What was typed, without the space around it."""
        # Marks that nobody sees come with pasted text, and would make two equal texts differ.
        return said(self.edit.text())

    def flaw(self) -> str:
        """The same, and of a name or a reason that it is one."""
        value = self.value()
        if self.name in _REASONS and value and not is_name(value):
            return f"“{value[:40]}” is no reason. Say why, such as no answer."
        if self.name in _NAMES and value and not is_name(value):
            return f"“{value[:40]}” is nobody's name. Type who it is, or what is known of them."
        return super().flaw()

    def take_focus(self) -> None:
        """Put the keyboard into the line."""
        # As if by Tab, at which Qt selects what is there: typing replaces it.
        self.edit.setFocus(Qt.FocusReason.TabFocusReason)


@guarded
class WriteLines(SheetField):
    """A few lines to type. Return is a new line there, so the sheet goes by Ctrl+Return."""

    takes_return = is_typed = True

    def __init__(self, name: str, label: str, hint: str = "", missing: str = "") -> None:
        super().__init__(name, label, missing)
        self.edit = QPlainTextEdit(self)
        show_hint(self.edit, hint)
        self.edit.setAccessibleName(label)
        self.edit.setTabChangesFocus(True)
        self._hands = Hands(LINES, {"go": self.done.emit})
        self.edit.setFixedHeight(3 * self.edit.fontMetrics().lineSpacing() + px(12))
        self.edit.installEventFilter(self)
        self._column.addWidget(self.edit)

    def value(self) -> str:
        """What was typed, without the space around it."""
        return said(self.edit.toPlainText())

    def take_focus(self) -> None:
        """Put the keyboard into the lines."""
        self.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Ctrl+Return through to the sheet."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._hands.take(event):
            return True
        return super().eventFilter(watched, event)
