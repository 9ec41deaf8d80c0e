"""Every key on one page (F1), as the table has them; first those of where the keyboard is."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from console.look.guard import guarded
from console.look.key_table import KEYS_PAGE, TABLE
from console.look.keyboard import Hands, Part
from console.look.layouts import empty, nest, nest_in_cell
from console.look.own_keys import OWN_KEYS
from console.look.painted import KeyHint
from console.look.style import mark, px
from console.look.tabbing import CameFrom

_THREE = 1500
"""Pixels, at 100 % text, from which the columns stand side by side; below each other where there are fewer."""
_COLUMNS = (("Always", "Over the desk", "Windows of their own"), ("Panels",), ("Sheets and the form",))


@guarded
class KeysPage(QFrame):
    """A sheet over the desk. It has the keyboard as long as it is open, and gives it back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = parent
        self._came_from = CameFrom()
        self._hands = Hands(KEYS_PAGE, {"close": self.leave}, {"scroll": self._scroll_by})
        mark(self, role="panel")
        self.setAccessibleName("Keys")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._page = QWidget(self)
        mark(self._page, role="page")
        column = QVBoxLayout(self._page)
        column.setContentsMargins(px(20), px(12), px(20), px(16))
        self._here, self._across = QVBoxLayout(), QBoxLayout(QBoxLayout.Direction.LeftToRight)
        nest(column, self._here)
        nest(column, self._across)
        self._across.setSpacing(px(28))
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._page)
        around = QVBoxLayout(self)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(self._scroll)
        OWN_KEYS.changed.connect(self._fill_anew)
        self.hide()

    def _show_here(self) -> None:
        """The keys of where the keyboard was, above all others."""
        empty(self._here)
        for part in part_of(QApplication.focusWidget()):
            nest(self._here, self._column((part,), f"Here: {part.title.lower()}"))

    def _fill_anew(self) -> None:
        """Other keys are in force."""
        empty(self._across)
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        """Write the page when it is asked for first: a desk opens sooner without its three hundred labels."""
        if self._across.count() == 0:
            for groups in _COLUMNS:
                nest(self._across, self._column([part for group in groups for part in TABLE[group]]), 1)

    def _column(self, parts: Sequence[Part], title: str = "") -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(4))
        for part in parts:
            heading = QLabel(title or part.title, self._page)
            mark(heading, role="heading")
            column.addWidget(heading)
            nest(column, self._table(part))
        column.addStretch(1)
        return column

    def _table(self, part: Part) -> QGridLayout:
        table = QGridLayout()
        table.setColumnStretch(1, 1)
        table.setVerticalSpacing(px(1))
        table.setHorizontalSpacing(px(10))
        for row, key in enumerate(part.keys):
            caps = QHBoxLayout()
            caps.setSpacing(px(3))
            for name in part.names_of(key):
                caps.addWidget(KeyHint(name, parent=self._page))
            caps.addStretch(1)
            words = QLabel(key.words, self._page)
            words.setWordWrap(True)
            mark(words, role="small")
            nest_in_cell(table, caps, row, 0, Qt.AlignmentFlag.AlignLeft)
            table.addWidget(words, row, 1)
        return table

    def toggle(self) -> None:
        """Show or hide the page."""
        if self.isVisible():
            self.leave()
            return
        self._fill()
        self._show_here()
        self._came_from.remember()
        self.show()
        self.place(self._desk.rect())
        self._across.activate()
        self.raise_()
        self.setFocus()

    def leave(self) -> None:
        """Hide the page and give the keyboard back to where it was."""
        self._came_from.give_back()
        self.hide()

    def place(self, inside: QRect) -> None:
        """Stand in the middle of a rectangle, as large as there is need and room."""
        wanted = self._page.sizeHint().grownBy(self._scroll.contentsMargins())
        beside = inside.width() >= px(_THREE)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._across.setDirection(way)
        for at in range(self._across.count()):
            self._across.setStretch(at, 1 if beside else 0)
        self._across.invalidate()
        wide = min(max(wanted.width() + px(40), px(1280)), inside.width() - px(24))
        tall = min(self._page.heightForWidth(wide) + px(8), inside.height() - px(24))
        self.setGeometry(inside.center().x() - wide // 2, inside.center().y() - tall // 2, wide, tall)

    def _scroll_by(self, key: str) -> None:
        bar = self._scroll.verticalScrollBar()
        line, page = px(60), bar.pageStep() * 9 // 10
        steps = {"Up": -line, "Down": line, "PgUp": -page, "PgDown": page}
        ends = {"Home": bar.minimum(), "End": bar.maximum()}
        bar.setValue(ends.get(key, bar.value() + steps.get(key, 0)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key goes through the page to what lies behind it."""
        self._hands.take(event)

    def focusNextPrevChild(self, _forward: bool) -> bool:
        """There is nothing else on the page."""
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever went on to something else wants to see that."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.hide()


def part_of(focus: QWidget | None) -> Iterator[Part]:
    """The part of the table that the keyboard is in, if it is in one: the innermost."""
    while focus is not None:
        hands = getattr(focus, "_hands", None)
        found = hands() if callable(hands) and not isinstance(hands, Hands) else hands
        if isinstance(found, Hands):
            yield found.part
            return
        focus = focus.parentWidget()
