"""The figures of a stretch of time: the first of them as cards, and every one of them as a table."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QStackedWidget,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.lead_keys import FIGURE_TABLE
from console.look.style import px
from console.look.text_table import dress, fill, lines_of
from console.views.lead.figure import FigureCard, FigureTold
from console.views.lead.pictures import usual_words

_WIDE: Final = 196
"""Pixels of a card, at 100 % text, below which fewer stand in a row."""
_HEADERS: Final = ("Measure", "Value", "n", "Missing", "Same hours of past weeks", "Says", "Target", "Definition")
_TABLE: Final = 250


@guarded
class FigureTable(QTableWidget):
    """Every measure in a row."""

    opened = Signal(str)
    """The key of the measure whose referrals are wanted."""
    weeks_wanted = Signal(str)
    defined = Signal(str)
    cards_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        dress(self, "Every measure", _HEADERS, "Definition", row=26)
        self._hands = Hands(
            FIGURE_TABLE,
            {
                "open": lambda: self.opened.emit(self.key()),
                "weeks": lambda: self.weeks_wanted.emit(self.key()),
                "define": lambda: self.defined.emit(self.key()),
                "table": self.cards_wanted.emit,
            },
        )

    def key(self) -> str:
        """Of the measure in the row; empty for none."""
        row = self.currentRow()
        return self._keys[row] if 0 <= row < len(self._keys) else ""

    def show_figures(self, told: Sequence[FigureTold]) -> None:
        """Show these; the row stays."""
        row = self.currentRow()
        self._keys = [one.key for one in told]
        fill(self, [_cells(one) for one in told], [_HEADERS.index("Definition")])
        self.setCurrentCell(max(0, min(row, len(told) - 1)), 0)

    def copy_all(self) -> None:
        """Put the table on the clipboard, headings first."""
        copy_table([_HEADERS, *lines_of(self)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys; Qt moves."""
        if not self._hands.take(event):
            super().keyPressEvent(event)


def _cells(one: FigureTold) -> tuple[str, ...]:
    figure = one.figure
    past = usual_words(one.measure, figure)
    return (
        one.measure.title,
        figure.words(),
        str(figure.n),
        str(figure.missing),
        past,
        one.says(),
        one.target(),
        one.definition(),
    )


@guarded
class FigureStrip(QWidget):
    """Cards in as many rows as they need, or the table in their place."""

    opened = Signal(str)
    """The key of the measure whose referrals are wanted."""
    weeks_wanted = Signal(str)
    defined = Signal(str)

    def __init__(self, cards: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = [FigureCard(self) for _ in range(cards)]
        self.table = FigureTable(self)
        self.table.setFixedHeight(px(_TABLE))
        self._columns = 0
        self._shelf = QWidget(self)
        self._grid = QGridLayout(self._shelf)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(6))
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self._shelf)
        self.stack.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._connect()
        self._arrange()

    def _connect(self) -> None:
        for at, card in enumerate(self.cards):
            card.neighbour_wanted.connect(lambda by, at=at: self._go(at + by))
            card.table_wanted.connect(self.turn)
        self.table.cards_wanted.connect(self.turn)
        shown: list[FigureCard | FigureTable] = [*self.cards, self.table]
        for one in shown:
            one.opened.connect(self.opened)
            one.weeks_wanted.connect(self.weeks_wanted)
            one.defined.connect(self.defined)

    def _go(self, at: int) -> None:
        shown = [card for card in self.cards if not card.isHidden()]
        if 0 <= at < len(shown):
            shown[at].setFocus()

    def show_figures(self, on_cards: Sequence[FigureTold], every: Sequence[FigureTold]) -> None:
        """Show these on cards, and all in the table."""
        for card, told in zip(self.cards, on_cards, strict=False):
            card.show_figure(told)
        for at, card in enumerate(self.cards):
            card.setVisible(at < len(on_cards))
        self.table.show_figures(every)
        self._arrange(anew=True)

    def choose(self, key: str) -> None:
        """Mark the one whose weeks are shown."""
        for card in self.cards:
            card.choose(chosen=card.key == key)

    def turn(self) -> None:
        """As a table, or as cards."""
        as_cards = self.stack.currentWidget() is self._shelf
        self.stack.setCurrentWidget(self.table if as_cards else self._shelf)
        self._fit()
        self.focus_first()

    def focus_first(self) -> None:
        """Give the keyboard to the first figure."""
        (self.cards[0] if self.stack.currentWidget() is self._shelf else self.table).setFocus()

    # --- as wide as there is room ---

    def _arrange(self, *, anew: bool = False) -> None:
        shown = [card for card in self.cards if not card.isHidden()] or self.cards
        # No narrower than the longest title: what a figure is of goes before how many stand in a row.
        wide = max(px(_WIDE), *(card.title_width() for card in shown))
        columns = max(1, min(len(shown), self.width() // wide))
        # Six in two rows are three and three, not five and one.
        columns = -(-len(shown) // -(-len(shown) // columns))
        if columns == self._columns and not anew:
            return
        self._columns = columns
        for at, card in enumerate(shown):
            self._grid.addWidget(card, at // columns, at % columns)
        for at in range(len(self.cards)):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)
        self._fit()

    def _fit(self) -> None:
        # A stack is as high as the highest of its pages, also while that is not shown.
        shown = self.stack.currentWidget()
        high = px(_TABLE) if shown is self.table else self._rows() * px(98) + (self._rows() - 1) * px(6)
        self.setFixedHeight(high)

    def minimumSizeHint(self) -> QSize:
        """The width of one card: how many stand in a row follows from the room and not the other way round."""
        return QSize(px(_WIDE), super().minimumSizeHint().height())

    def _rows(self) -> int:
        shown = sum(not card.isHidden() for card in self.cards) or len(self.cards)
        return -(-shown // max(1, self._columns))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange them by the width that there is."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.table.setFixedHeight(px(_TABLE))
            self._arrange(anew=True)
