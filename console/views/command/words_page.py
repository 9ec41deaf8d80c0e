"""Every word and key (Ctrl+Shift+P): found by words, done from here, and given another key."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QTableWidget, QVBoxLayout, QWidget

from console.live.desk import Desk
from console.look.changing_keys import objection
from console.look.command_keys import WORDS
from console.look.guard import guarded
from console.look.hints import hint as show_hint
from console.look.key_table import EVERYWHERE
from console.look.keyboard import Hands, name_of
from console.look.keys import cap
from console.look.own_keys import OWN_KEYS
from console.look.style import mark, px
from console.look.tabbing import CameFrom
from console.look.text_table import dress, fill, over_lines
from console.views.command.entries import ALL_AS_THEY_CAME, WordEntry, entries, found

_WIDEST, _TALLEST = 900, 620
"""Pixels, at 100 % text."""
_ROWS = 80
"""As many lines are listed; nobody looks through more of them."""
_COLUMNS = ("Words", "What it does, or where its key acts", "Short forms", "Key")
_MOVES = (QEvent.Type.Resize, QEvent.Type.Show)


@guarded
class WordsPage(QFrame):
    """Lies over the desk while it has the keyboard; the keyboard stays in its line."""

    begun = Signal(str)
    """Words with which the command line is to be opened."""

    def __init__(self, desk: Desk, does: Mapping[str, Callable[[], object]], parent: QWidget) -> None:
        """Begin closed.

        Args:
            desk: the words of the record, and who looks.
            does: what the keys of everywhere do, by the acts of the table.
            parent: what it lies over.
        """
        super().__init__(parent)
        self._desk, self._does, self._page = desk, does, parent
        self._came_from = CameFrom()
        self._listed: list[WordEntry] = []
        self._changing: WordEntry | None = None
        self._more = 0
        mark(self, role="panel")
        self.edit = QLineEdit(self)
        self.edit.setAccessibleName("Every word and key")
        show_hint(self.edit, "What do you want to do? A word, a short form, or a key")
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        mark(self.told, role="small", tone="dim")
        self.table = QTableWidget(self)
        dress(self.table, "Words and keys", _COLUMNS, *_COLUMNS[:2])
        over_lines(self.table)
        # The keyboard stays in the line: arrows choose here while somebody goes on typing there.
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._hands = self._bind()
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(10), px(12), px(10))
        for widget in (self.edit, self.told, self.table):
            column.addWidget(widget)
        self.edit.installEventFilter(self)
        self.edit.textEdited.connect(self._list)
        self.table.cellDoubleClicked.connect(lambda *_: self._go())
        OWN_KEYS.changed.connect(self._changed)
        parent.installEventFilter(self)
        self.hide()

    def _bind(self) -> Hands:
        return Hands(
            WORDS,
            {
                "up": lambda: self._move(-1),
                "down": lambda: self._move(1),
                "page up": lambda: self._move(-10),
                "page down": lambda: self._move(10),
                "go": self._go,
                "change": self._ask_key,
                "as it was": self._as_it_came,
                "leave": self.leave,
            },
        )

    # --- open and close ---

    def open(self) -> None:
        """Show it, to be typed into anew; it is put away by Escape alone, as the command line is."""
        if not self.isVisible():
            self._came_from.remember()
        self.show()
        self._place()
        self.raise_()
        self.edit.clear()
        self._list()
        self.edit.setFocus()

    def leave(self) -> None:
        """Close it, and give the keyboard back to where it was."""
        self._changing = None
        self._came_from.give_back()
        self.hide()

    def _place(self) -> None:
        around = self._page.rect()
        wide, tall = min(px(_WIDEST), around.width() - px(24)), min(px(_TALLEST), around.height() - px(24))
        self.setGeometry(around.center().x() - wide // 2, around.top() + px(12), wide, tall)

    # --- the list ---

    def _list(self) -> None:
        role = self._desk.me.role
        listed = entries(self._desk.store.reference.command_words, role)
        fitting = found(listed, self.edit.text())
        self._listed, self._more = fitting[:_ROWS], max(0, len(fitting) - _ROWS)
        fill(self.table, [(one.words, one.does, ", ".join(one.short), one.cap) for one in self._listed])
        if self._listed:
            self.table.setCurrentCell(0, 0)
        self._tell()

    def _changed(self) -> None:
        if self.isVisible():
            row = self.table.currentRow()
            self._list()
            self.table.setCurrentCell(min(row, len(self._listed) - 1), 0)

    @property
    def entry(self) -> WordEntry | None:
        """The line under the hand."""
        row = self.table.currentRow()
        return self._listed[row] if 0 <= row < len(self._listed) else None

    def _move(self, rows: int) -> None:
        if self._listed:
            row = max(0, min(len(self._listed) - 1, self.table.currentRow() + rows))
            self.table.setCurrentCell(row, 0)
            self._tell()

    def _tell(self, problem: str = "") -> None:
        entry = self.entry
        if problem:
            words = problem
        elif self._changing is not None:
            words = f"Press the new key for “{self._changing.words}”, or Esc to leave it."
        elif entry is None:
            words = "Nothing is called that."
        else:
            example = f" Such as: {entry.verb.example}." if entry.verb is not None and entry.verb.example else ""
            change = f" {cap(WORDS.key('change'))}: another key." if entry.may_change else ""
            more = f" {self._more} more below: type another word." if self._more else ""
            words = f"{entry.words}: {entry.does}.{example}{change}{more}"
        self.told.setText(words)
        mark(self.told, tone="warn" if problem else "dim")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.edit, words))

    # --- what is done ---

    def _go(self) -> None:
        entry = self.entry
        if entry is None:
            return
        if entry.words == ALL_AS_THEY_CAME:
            OWN_KEYS.take({})
        elif entry.verb is not None and (entry.verb.slots or not entry.verb.everywhere):
            self.leave()
            self.begun.emit(entry.verb.words + (" " if entry.verb.slots else ""))
        elif entry.part is EVERYWHERE and entry.key is not None:
            self.leave()
            self._does[entry.key.does]()
        elif entry.part is not None:
            self._tell(f"That key acts in “{entry.part.title}”: go there, then press {entry.cap}.")

    # --- another key ---

    def _ask_key(self) -> None:
        entry = self.entry
        if entry is None or not entry.may_change:
            self._tell("That has no key that could be another one.")
            return
        self._changing = entry
        self._tell()

    def _take_key(self, name: str) -> None:
        entry, self._changing = self._changing, None
        if entry is None or entry.part is None or name == "Escape":
            self._tell()
            return
        problem = objection(entry.part, entry.came, name)
        if problem:
            self._tell(problem)
        else:
            OWN_KEYS.change(entry.part.title, entry.came, name)

    def _as_it_came(self) -> None:
        entry = self.entry
        if entry is not None and entry.part is not None and entry.came:
            OWN_KEYS.change(entry.part.title, entry.came, entry.came)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line's keys go to the list; a new key is taken before it does anything; the page's size counts."""
        if watched is self._page and event.type() in _MOVES and self.isVisible():
            self._place()
        if watched is self.edit and self._changing is not None and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(event)
        if watched is self.edit and event.type() == QEvent.Type.FocusOut and self._page.window().isActiveWindow():
            self.hide()
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        if self._changing is not None:
            name = name_of(event)
            if name:
                self._take_key(name)
            return True
        # Tab would lead to what lies below.
        return self._hands.take(event) or event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
