"""Which days, and which referrals: buttons, two lines for any days, and a menu."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.hints import hint
from console.look.keyboard import Hands
from console.look.lead_keys import LEAD, LEAD_RANGE
from console.look.style import px
from console.views.lead.ranges import HOURS, RangeChoice, RangeKind
from db.domain.periods import EVERYTHING, Cut
from db.domain.reference import ReferenceData

KEYS: Final = {
    RangeKind.TONIGHT: "tonight",
    RangeKind.TODAY: "today",
    RangeKind.WEEK: "week",
    RangeKind.MONTH: "month",
    RangeKind.DAYS: "range",
}


@guarded
class LeadLine(QLineEdit):
    """A line to type in, with the keys of a part; ``most`` letters of it are taken."""

    def __init__(self, name: str, example: str, most: int, hands: Hands, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMaxLength(most)
        hint(self, example)
        self._hands = hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The part's keys; the rest is typed."""
        if not self._hands.take(event):
            super().keyPressEvent(event)


class DayField(LeadLine):
    """A day as people type it."""

    def __init__(self, name: str, hands: Hands, parent: QWidget) -> None:
        super().__init__(name, "3 Nov", 30, hands, parent)
        self.setFixedWidth(px(120))


@guarded
class RangeFields(QWidget):
    """The first and the last of any days."""

    wanted = Signal(str, str)
    """Both as they were typed."""
    let_go = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        hands = Hands(LEAD_RANGE, {"go": self._go, "leave": self.let_go.emit})
        self.first = DayField("First day", hands, self)
        self.last = DayField("Last day", hands, self)
        self.show_button = ActionButton("Show", LEAD_RANGE.key("go"), "primary", self)
        self.show_button.clicked.connect(self._go)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (QLabel("from", self), self.first, QLabel("until", self), self.last, self.show_button):
            row.addWidget(widget)
        row.addStretch(1)

    def _go(self) -> None:
        self.wanted.emit(*self.typed())

    def typed(self) -> tuple[str, str]:
        """The first and the last day as they are typed."""
        return self.first.text().strip(), self.last.text().strip()


@guarded
class RangeBar(QWidget):
    """The buttons. What is chosen is told."""

    chosen = Signal(object)
    """A :class:`RangeChoice` of a kind that needs no days."""
    days_wanted = Signal()
    cut_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {kind: ActionButton(kind.value, LEAD.key(KEYS[kind]), parent=self) for kind in RangeKind}
        self.cut_button = ActionButton("all referrals", LEAD.key("cut"), "quiet", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        for kind, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, kind=kind: self.choose(kind))
            row.addWidget(button)
        row.addWidget(self.cut_button)
        row.addStretch(1)
        self.cut_button.clicked.connect(self.cut_wanted)

    def choose(self, kind: RangeKind) -> None:
        """As if its button was pressed."""
        if kind is RangeKind.DAYS:
            self.days_wanted.emit()
        else:
            self.chosen.emit(RangeChoice(kind))

    def show_choice(self, choice: RangeChoice, cut_said: str) -> None:
        """Mark what is shown."""
        for kind, button in self.buttons.items():
            here = kind is choice.kind
            button.set_kind("primary" if here else "secondary")
            button.setAccessibleName(f"{kind.value}, shown" if here else kind.value)
        self.cut_button.setText(cut_said)
        self.cut_button.setAccessibleName(f"Which referrals: {cut_said}")


Choices = dict[str, dict[Any, str]]
"""What may be chosen of each part of a cut: by code, what it is called."""
_PARTS: Final = {"priorities": "&Priority", "sources": "&Source", "areas": "&Town", "vans": "&Van"}


def choices_of(reference: ReferenceData, areas: Iterable[str], vans: Mapping[UUID, str]) -> Choices:
    """What may be chosen, as the record has it; vans by their callsigns."""
    return {
        "priorities": {code: f"{code} · {one.meaning}" for code, one in reference.priorities.items()},
        "sources": {code: one.label for code, one in reference.sources.items()},
        "areas": {area: area for area in areas} | {"": "town not known"},
        "vans": dict(vans),
    }


class CutMenu:
    """The menu of which referrals count. Each choice is told at once."""

    def __init__(self, owner: QWidget, told: Callable[[Cut], object]) -> None:
        self._owner, self._told = owner, told

    def open(self, at: QWidget, cut: Cut, choices: Choices) -> QMenu:
        """Show it below a button."""
        menu = self._made(cut, choices)
        menu.popup(at.mapToGlobal(QPoint(0, at.height())))
        return menu

    def _made(self, cut: Cut, choices: Choices) -> QMenu:
        menu = QMenu("Which referrals", self._owner)
        menu.aboutToHide.connect(menu.deleteLater)
        every = menu.addAction("&All referrals")
        every.triggered.connect(lambda: self._told(EVERYTHING))
        every.setEnabled(cut != EVERYTHING)
        for part, title in _PARTS.items():
            inside = menu.addMenu(title)
            for code, name in choices.get(part, {}).items():
                self._add(inside, name, code in getattr(cut, part), self._turned(cut, part, code))
        hours = menu.addMenu("&Hours")
        for name, those in HOURS.items():
            self._add(
                hours, name, cut.hours == those, replace(cut, hours=frozenset() if cut.hours == those else those)
            )
        return menu

    def _turned(self, cut: Cut, part: str, code: object) -> Cut:
        """The cut with one more code, or one less."""
        return replace(cut, **{part: getattr(cut, part) ^ {code}})

    def _add(self, menu: QMenu, name: str, chosen: bool, then: Cut) -> None:
        action = menu.addAction(name.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(chosen)
        action.triggered.connect(lambda: self._told(then))
