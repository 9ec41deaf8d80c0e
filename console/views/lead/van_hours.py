"""Vans by the hour, as they were and as they are asked about: numbers that keys and the pointer set."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.lead_keys import WHAT_IF
from console.look.style import px, text_font
from db.domain.what_if_asked import MOST_VANS, WhatIf

_ROWS: Final = ("as it was", "vans")
_WAS, _ASKED = range(2)
_AS_IT_WAS: Final = "–"


@guarded
class VanHours(QTableWidget):
    """A column an hour. The upper row is how it was on average, the lower one is set."""

    changed = Signal()
    """Another number was set."""
    entered = Signal()
    """It has the keyboard."""
    turned = Signal(str)
    """Other nights are wanted: the act of a key of :data:`WHAT_IF`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(len(_ROWS), 0, parent)
        self.vans: dict[int, int] = {}
        """How many in which hour by the clock on the wall, also of hours not shown; others are as they were."""
        self._hours: tuple[int, ...] = ()
        self._usual: Mapping[int, float] = {}
        self.setVerticalHeaderLabels(_ROWS)
        self.setAccessibleName("Vans by the hour")
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.ContiguousSelection)
        self.setTabKeyNavigation(False)
        self._shape()
        acts = ("stretches", "which", "weeks", "ask", "table")
        does = {act: partial(self.turned.emit, act) for act in acts}
        self._hands = Hands(
            WHAT_IF,
            {**does, "more": partial(self.add, 1), "fewer": partial(self.add, -1), "clear": self.clear_hours},
            {"set": lambda digit: self.put(int(digit))},
        )
        self.currentCellChanged.connect(self._stay_below)

    def _shape(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(px(34))
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        self.verticalHeader().setSectionsClickable(False)
        self.verticalHeader().setDefaultSectionSize(px(28))

    def show_question(self, question: WhatIf, usual: Mapping[int, float]) -> None:
        """Show the hours of a question, and how it was; what is set of them stays."""
        same = question.stretches.hours == self._hours
        self._hours, self._usual = question.stretches.hours, usual
        self.vans = dict(question.vans)
        if not same:
            self.setColumnCount(len(self._hours))
            self.setHorizontalHeaderLabels([f"{hour:02}" for hour in self._hours])
        self._fill()
        if not same:
            self.setCurrentCell(_ASKED, 0)

    def _fill(self) -> None:
        for at, hour in enumerate(self._hours):
            was = f"{self._usual[hour]:.1f}".removesuffix(".0") if hour in self._usual else _AS_IT_WAS
            asked = str(self.vans[hour]) if hour in self.vans else _AS_IT_WAS
            for row, words in ((_WAS, was), (_ASKED, asked)):
                item = self.item(row, at)
                if item is None:
                    item = QTableWidgetItem()
                    self.setItem(row, at, item)
                item.setText(words)
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                item.setFont(text_font(1.0, bold=row == _ASKED and hour in self.vans))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, self._spoken(row, hour, words))
                item.setFlags(
                    Qt.ItemFlag.ItemIsEnabled | (Qt.ItemFlag.ItemIsSelectable if row else Qt.ItemFlag(0))
                )
        self.setFixedHeight(self._high())

    def _spoken(self, row: int, hour: int, words: str) -> str:
        told = "as it was" if words == _AS_IT_WAS and row == _ASKED else words.replace(_AS_IT_WAS, "not read yet")
        return f"{hour:02} to {(hour + 1) % 24:02}: {told}"

    def _high(self) -> int:
        # A bar below it where the hours have no room.
        bar = self.horizontalScrollBar().sizeHint().height() if self._is_wide() else 0
        return self.horizontalHeader().sizeHint().height() + 2 * px(28) + 2 * self.frameWidth() + bar

    def _is_wide(self) -> bool:
        wide = (
            self.verticalHeader().sizeHint().width()
            + len(self._hours) * self.horizontalHeader().minimumSectionSize()
        )
        return wide > self.width()

    # --- what is set ---

    def put(self, many: int) -> None:
        """So many vans in the chosen hours."""
        self._set(dict.fromkeys(self._chosen(), many))

    def add(self, by: int) -> None:
        """So many more in each of the chosen hours than are set, or than there were."""
        self._set({hour: self._now(hour) + by for hour in self._chosen()})

    def clear_hours(self) -> None:
        """The chosen hours are as they were."""
        self.vans = {hour: many for hour, many in self.vans.items() if hour not in self._chosen()}
        self._set({})

    def _now(self, hour: int) -> int:
        return self.vans[hour] if hour in self.vans else round(self._usual.get(hour, 0))

    def _set(self, vans: Mapping[int, int]) -> None:
        self.vans |= {hour: max(0, min(MOST_VANS, many)) for hour, many in vans.items()}
        self._fill()
        self.changed.emit()

    def _chosen(self) -> list[int]:
        columns = {index.column() for index in self.selectedIndexes()} or {max(0, self.currentColumn())}
        return [self._hours[at] for at in sorted(columns) if at < len(self._hours)]

    def _stay_below(self, row: int, column: int, _from_row: int, _from_column: int) -> None:
        if row == _WAS:
            self.setCurrentCell(_ASKED, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's keys; Qt moves."""
        if not self._hands.take(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Somebody is about to ask."""
        super().focusInEvent(event)
        self.entered.emit()
