"""Shows one sheet at a time over the bottom of a pane, sends what it asks for, and keeps what was typed."""

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from console.live.actions import Action, Progress, Why
from console.live.desk import Desk
from console.live.reality import Insistence, bare, in_words, objections
from console.look.guard import guarded
from console.look.key_table import EVERYWHERE
from console.look.keys import cap
from console.look.style import px
from console.look.tabbing import has_keyboard
from console.running.tasks import spawn
from console.views.sheets.sheet import Order, Sheet
from db.errors import RecordError

if TYPE_CHECKING:
    from uuid import UUID


def _waiting_words(action: Action) -> str:
    if action.why is Why.WORD:
        return f"It was {action.question}: does it still hold? {cap(EVERYWHERE.key('pending'))} asks."
    words = action.waits_for
    return f"{words[:1].upper()}{words[1:]}. {cap(EVERYWHERE.key('pending'))} takes it back."


@guarded
class SheetHost(QObject):
    """The sheets of one pane. A sheet that was left is kept, with all that was typed, until its work is done."""

    opened = Signal()
    """A sheet lies over the pane."""
    closed = Signal()
    """No sheet is open any more."""
    refused_unseen = Signal(str, object)
    """What was asked for, and the :class:`db.errors.RecordError`, when its sheet was put away meanwhile."""

    def __init__(self, pane: QWidget, desk: Desk) -> None:
        super().__init__(pane)
        self._pane = pane
        self._desk = desk
        self._insistence = Insistence()
        self._kept: dict[Hashable, Sheet] = {}
        self._begun: dict[Hashable, Mapping[str, str]] = {}
        self._open: Hashable | None = None
        self._sent: dict[Hashable, set[str]] = {}
        self._on_way: dict[Hashable, frozenset[UUID]] = {}
        desk.actions.changed.connect(self._tell_how)
        pane.installEventFilter(self)

    @property
    def current(self) -> Sheet | None:
        """The sheet that is open."""
        return self._kept.get(self._open) if self._open is not None else None

    def open(self, key: Hashable, build: Callable[[], Sheet]) -> Sheet:
        """Show the sheet of that key, as it was left, or a new one.

        Args:
            key: what it is about: the referral, the act, the target.
            build: makes the sheet, if there is none yet.
        """
        self.hide()
        # Only what may be done now is offered. What was sent before is not done any more, or it would not be.
        self._sent.pop(key, None)
        sheet = self._kept.get(key)
        if sheet is None:
            sheet = self._kept[key] = build()
            self._begun[key] = sheet.typed()
            sheet.setParent(self._pane)
            sheet.submitted.connect(lambda orders: self._send(key, orders))
            sheet.left.connect(self.close)
            sheet.grew.connect(self._place)
        self._open = key
        sheet.show()
        self.opened.emit()
        self._place()
        sheet.raise_()
        # Placed before, since only what has a place takes the keyboard, and after, since its list may have other
        # rows by now.
        sheet.start()
        self._place()
        return sheet

    def hide(self) -> None:
        """Put the open sheet away, with what was typed."""
        sheet = self.current
        self._open = None
        if sheet is None:
            return
        if has_keyboard(sheet):
            # Only then: whoever went on to something else meanwhile is not called back.
            self._pane.setFocus(Qt.FocusReason.OtherFocusReason)
        sheet.hide()
        self.closed.emit()

    def close(self) -> None:
        """Put the open sheet away; the keyboard goes back to the pane if it was in the sheet."""
        self.hide()

    def forget(self, key: Hashable) -> None:
        """Drop a sheet whose work is done."""
        if self._open == key:
            self.hide()
        sheet = self._kept.pop(key, None)
        self._sent.pop(key, None)
        self._begun.pop(key, None)
        if sheet is not None:
            sheet.deleteLater()

    def _send(self, key: Hashable, orders: list[Order]) -> None:
        weighed = self._weighed(key, orders)
        if weighed is None:
            return
        if weighed:
            spawn(self._carry(key, weighed), "carry out a sheet")
        else:
            self.forget(key)

    def _weighed(self, key: Hashable, orders: list[Order]) -> list[Order] | None:
        """The orders to send; None while one of them is asked about, since something known speaks against it."""
        store, now = self._desk.store, self._desk.clock.now()
        against = [in_words(objections(store, order.command, now)) for order in orders]
        # With what was typed: another time or place is another question.
        about = (key, tuple(bare(order.command) for order in orders))
        if any(against) and not self._insistence.insists(about):
            self._insistence.ask(about)
            self._kept[key].doubt("; ".join(words for words in against if words))
            self._place()
            return None
        self._insistence.forget()
        return [order.insisting(words) if words else order for order, words in zip(orders, against, strict=True)]

    async def _carry(self, key: Hashable, orders: list[Order]) -> None:
        sheet = self._kept[key]
        self._on_way[key] = frozenset(one.command.command_id for one in orders)
        sheet.set_sending("Sending…")
        self._place()
        sent = self._sent.setdefault(key, set())
        try:
            # When the second of two was refused, the first is done and is not sent again.
            left = [one for one in orders if type(one.command).__name__ not in sent]
            following = [(one.command, one.label) for one in left]
            self._desk.actions.as_one(one.command for one in left)
            for number, order in enumerate(left, 1):
                await self._desk.actions.perform(order.command, order.label, following[number:])
                sent.add(type(order.command).__name__)
        except RecordError as error:
            if key in self._kept:
                sheet.refuse(error)
                self._place()
            if self._open != key:
                # It would be read by nobody there.
                self.refused_unseen.emit(order.label, error)
            return
        finally:
            self._on_way.pop(key, None)
        self.forget(key)

    def _tell_how(self) -> None:
        """Say what waits instead of that it is sent, and the key that answers for it."""
        for key, mine in self._on_way.items():
            waits = (one for one in self._desk.actions.pending if one.command.command_id in mine)
            action = next((one for one in waits if one.progress is Progress.WAITING), None)
            if key in self._kept:
                self._kept[key].set_sending("Sending…" if action is None else _waiting_words(action))

    def holds_typed(self) -> bool:
        """Whether something was typed into a sheet, open or put away, that was not done yet."""
        return any(sheet.typed() != self._begun[key] for key, sheet in self._kept.items())

    # --- where it is ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pane's size."""
        if watched is self._pane and event.type() in (QEvent.Type.Resize, QEvent.Type.StyleChange):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        sheet = self.current
        if sheet is None:
            return
        pane = self._pane.rect()
        sheet.resize(pane.width() - 2, sheet.height())
        # The top of the pane stays in sight, to the end of a line: who it is about.
        height = min(max(sheet.wanted_height(), px(140)), pane.height() - px(48))
        sheet.setGeometry(1, pane.height() - height - 1, pane.width() - 2, height)

    def owns(self, widget: QWidget | None) -> bool:
        """Whether a widget is part of the open sheet."""
        sheet = self.current
        return sheet is not None and widget is not None and (widget is sheet or sheet.isAncestorOf(widget))
