"""A sheet: a title, a few fields one after another, and one thing that it does. By keyboard from start to end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.key_table import SHEET
from console.look.keyboard import Hands
from console.look.layouts import nest
from console.look.style import current, mark, px
from console.look.tabbing import walk
from console.look.widgets import ActionButton, KeyHint, MessageBar
from console.views.sheets.fields import SheetField
from db.commands.base import Command
from db.errors import Invalid, RecordError


@dataclass(frozen=True, slots=True)
class Order:
    """A command to submit, and how people call it."""

    command: Command
    label: str

    def insisting(self, words: str) -> "Order":
        """The same, although this was known to speak against it."""
        return replace(self, command=replace(self.command, insisted=words))


Make = Callable[[Mapping[str, str]], Sequence[Order]]
"""Turns what was typed, by the fields' names, into orders. Raises :class:`db.errors.Invalid` with a sentence."""


@guarded
class Sheet(QFrame):
    """Fields and a button. It says what it wants done, and never does it itself."""

    submitted = Signal(object)
    """The orders, a list of :class:`Order`, in the order in which they are to be sent."""
    left = Signal()
    """The person pressed Escape; what was typed stays."""
    aimed = Signal(str, str)
    """A field's name and its value, as somebody moves through a list."""
    grew = Signal()
    """A field came or went, so that another height is wanted."""

    def __init__(
        self, title: str, fields: Sequence[SheetField], make: Make, go: str, parent: QWidget | None = None
    ) -> None:
        """Lay out a sheet.

        Args:
            title: what it is about, such as ``"Decline CRU-20261122-0042"``.
            fields: top to bottom.
            make: what to do with the answers.
            go: the words on the button.
            parent: owner.
        """
        super().__init__(parent)
        self.setObjectName("sheet")
        self._fields = tuple(fields)
        self._make = make
        self._wanted = 0
        self.setAccessibleName(title)
        self.message = MessageBar(self)
        # The key on it is the one that does it from everywhere in this sheet: in lines of text Return is a new
        # line.
        self._sending = ""
        self._button = ActionButton(go, SHEET.keys[0].names[0 if self._is_short else 1], "primary", self)
        self._button.clicked.connect(self.submit)
        self._hands = Hands(SHEET, {"go": self.submit, "leave": self.left.emit})
        self._lay_out(title)
        for field in self._fields:
            field.installEventFilter(self)
            field.done.connect(self.submit)
            field.lost.connect(partial(self._lost, field))
            field.aimed.connect(lambda value, field=field: self.aimed.emit(field.name, value))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._reveal)

    @property
    def title(self) -> str:
        """What it is about."""
        return self.accessibleName()

    @property
    def _asked(self) -> list[SheetField]:
        # A field may be hidden while another's answer makes it needless.
        return [field for field in self._fields if field.isVisibleTo(self)]

    @property
    def _is_short(self) -> bool:
        return not any(field.takes_return for field in self._fields)

    def _lay_out(self, title: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(8), px(12), px(10))
        column.setSpacing(px(8))
        top = QHBoxLayout()
        words = QLabel(title, self)
        words.setWordWrap(True)
        mark(words, role="strong")
        top.addWidget(words, 1)
        top.addWidget(KeyHint(SHEET.key("leave"), "close", self))
        nest(column, top)
        self._scroll = self._page()
        column.addWidget(self._scroll, 1)
        column.addWidget(self.message)
        column.addWidget(self._button)

    def _page(self) -> QScrollArea:
        page = QWidget(self)
        mark(page, role="page")
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(px(8))
        for field in self._fields:
            inner.addWidget(field, field.stretch)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        self._inner = inner
        return scroll

    def _reveal(self, _before: QWidget | None, focus: QWidget | None) -> None:
        # Also where the keyboard comes from the button, or a refusal names a field: Qt scrolls for neither.
        if focus is not None and self._scroll.isAncestorOf(focus):
            self._scroll.ensureWidgetVisible(focus, 0, px(24))

    def wanted_height(self) -> int:
        """The height at which nothing has to be scrolled."""
        width = max(px(240), self.width() - 2 * px(12))
        body = self._inner.totalHeightForWidth(width)
        # Qt gives no height for a width where no field wraps.
        body = body if body > 0 else self._inner.totalSizeHint().height()
        rest = self._button.sizeHint().height() + px(34) + 4 * px(10)
        if self.message.isVisibleTo(self):
            rest += max(self.message.sizeHint().height(), self.message.heightForWidth(width)) + px(8)
        return body + rest + px(12)

    # --- what is in it ---

    def field(self, name: str) -> SheetField:
        """The field of that name.

        Raises:
            KeyError: there is none.
        """
        return {field.name: field for field in self._fields}[name]

    def values(self) -> dict[str, str]:
        """What was chosen and typed, by the fields' names."""
        return {field.name: field.value() for field in self._fields}

    def typed(self) -> dict[str, str]:
        """What was typed alone: choices are made again in a moment, and lists change by themselves."""
        return {field.name: field.value() for field in self._fields if field.is_typed}

    def start(self) -> None:
        """Put the keyboard into the first field that wants something."""
        self.message.clear()
        for field in self._fields:
            field.begin()
        # A sheet that was kept goes on where it was left.
        target = next((field for field in self._asked if not field.value()), self._fields[0])
        target.take_focus()

    def submit(self) -> None:
        """Say what is to be done, or what is missing. Nothing while the record has yet to answer."""
        if not self._button.isEnabled():
            return
        gap = next((field for field in self._asked if field.missing() or field.flaw()), None)
        if gap is not None:
            self.message.say("warn", gap.missing() or gap.flaw(), so=lambda: bool(gap.missing() or gap.flaw()))
            gap.take_focus()
            return
        try:
            orders = list(self._make(self.values()))
        except Invalid as error:
            self.message.say("warn", error.sentence, error.next_step, so=self._while_so())
            self._point_at(error.field)
            return
        self.submitted.emit(orders)

    def _lost(self, field: SheetField, words: str) -> None:
        self.message.say("warn", words, "Choose again.", so=lambda: not field.value())

    def _while_so(self) -> Callable[[], bool]:
        """Whether the same is chosen and typed, to be asked later: of anything else it was not said."""
        given = self.values()
        return lambda: self.values() == given

    def doubt(self, words: str) -> None:
        """Say what is known against it; doing it once more insists."""
        self.message.say("warn", f"{words[:1].upper()}{words[1:]}.", "Once more: it is so.", so=self._while_so())

    def set_sending(self, words: str) -> None:
        """Show that the record has not answered yet; empty words when it has."""
        same = self._sending == words
        self._sending = words
        self._button.setEnabled(not words)
        if words and not same:
            self.message.say("info", words, so=lambda: not self._button.isEnabled())

    def refuse(self, error: RecordError) -> None:
        """Say why the record refused; everything typed stays."""
        self.set_sending("")
        self.message.say("late", error.sentence, error.next_step)
        self._point_at(error.field)

    def _point_at(self, name: str) -> None:
        """Put the keyboard into the field that a refusal is about, if it is one of these."""
        about = next((field for field in self._asked if field.name == name), None)
        if about is not None:
            about.take_focus()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Its own ground: it lies over the pane, so it covers what is below."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(current().panel))
            painter.fillRect(0, 0, self.width(), px(3), QColor(current().link))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice fields that come and go, and a list that has other rows by now."""
        # ToParent: also while the sheet itself is not shown yet.
        came = event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
        changed = event.type() == QEvent.Type.LayoutRequest and self.wanted_height() != self._wanted
        if came or changed:
            self._wanted = self.wanted_height()
            self.grew.emit()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves, Return does it, and no other key reaches the pane below."""
        self._hands.take(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in the sheet."""
        return walk(self, forward=forward)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Nor does the menu key."""
        event.accept()
