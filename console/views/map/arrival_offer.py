"""A strip over the live board: a van seems to be on scene, and one key says so in the record."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid5

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from console.live.arrivals import Arrivals, Offer
from console.live.desk import Desk
from console.live.reality import ANSWER, Insistence, in_words, objections
from console.live.store import Delta
from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.key_table import EVERYWHERE, OFFER
from console.look.keyboard import Hands
from console.look.layouts import nest
from console.look.painted import KeyHint
from console.look.style import current, mark, px
from console.look.tabbing import walk
from db import commands
from db.domain.clocks import local_time
from db.domain.names import number_today
from db.domain.states import AssignmentState

FOCUS_KEY = EVERYWHERE.key("offer")
ARMED_AFTER_MS = 400
"""Milliseconds for which a new offer takes no answer."""


def sentence(offer: Offer, now: datetime) -> str:
    """What the fixes say, without claiming more."""
    return f"{offer.callsign} seems to be on scene at {number_today(offer.reference, now)}"


@guarded
class ArrivalOffer(QFrame):
    """One offer at a time, the oldest first; it never takes the keyboard by itself.

    What is known against it by now is asked once, as of a step in the pane.
    """

    resized = Signal()
    """It needs another size, or came or went: place it anew."""

    def __init__(
        self, desk: Desk, arrivals: Arrivals, parent: QWidget | None = None, *, record: bool = False
    ) -> None:
        """Make the strip.

        Args:
            desk: the workplace.
            arrivals: what is offered.
            parent: owner.
            record: take each offer at once; it is shown only until the record has it, where that refuses it or
                something speaks against it.
        """
        super().__init__(parent)
        self._desk = desk
        self._arrivals = arrivals
        self._record = record
        self._shown: Offer | None = None
        self._insistence = Insistence()
        self._before: QWidget | None = None
        self._words = QLabel(self)
        self._since = QLabel(self)
        self.accept_button = ActionButton("On scene", kind="primary", parent=self)
        self.not_yet_button = ActionButton("Not yet", kind="secondary", parent=self)
        self._hint = KeyHint(FOCUS_KEY, "answer", self)
        self._arming = QTimer(self, singleShot=True, interval=ARMED_AFTER_MS)
        self._hands = Hands(OFFER, {"accept": self.accept, "not yet": self.not_yet})
        self._lay_out()
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # Not by a click: the keyboard stays where somebody types.
        for button in (self.accept_button, self.not_yet_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()
        self._renew()

    def _lay_out(self) -> None:
        mark(self, role="panel")
        mark(self._words, role="strong")
        mark(self._since, role="small")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        for label in (self._words, self._since):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            texts.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self._hint)
        buttons.addStretch(1)
        buttons.addWidget(self.accept_button)
        buttons.addWidget(self.not_yet_button)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(px(18), px(8), px(10), px(8))
        self._row.setSpacing(px(16))
        nest(self._row, texts, 1)
        nest(self._row, buttons)

    def _connect(self) -> None:
        self._arrivals.offered.connect(self._announce)
        self._arrivals.withdrawn.connect(self._renew)
        self._desk.actions.changed.connect(self._renew)
        self._desk.store.changed.connect(self._review)
        self._arming.timeout.connect(self._arm)
        self.accept_button.clicked.connect(self.accept)
        self.not_yet_button.clicked.connect(self.not_yet)

    # --- what others call ---

    @property
    def shown(self) -> Offer | None:
        """The offer on the strip."""
        return self._shown

    def take_focus(self) -> None:
        """Take the keyboard, or give it back when it is here already. Nothing when nothing is offered."""
        if self._shown is None:
            return
        # F8 once more: whoever was called by mistake is back where they were.
        if self._has_focus():
            self._give_back()
            return
        # F8 comes from anywhere: the answer gives the keyboard back to where it was.
        self._before = QApplication.focusWidget()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def accept(self) -> None:
        """Record that the van is on scene, since its first fix there; ask once where something does not fit."""
        offer = self._shown
        if offer is None or not self.accept_button.isEnabled():
            return
        words, asked = self._against(offer), self._insistence.is_asked(offer.assignment_id)
        if not words or self._insistence.insists(offer.assignment_id):
            self._insistence.forget()
            self._send(offer, words)
        elif not asked:
            self._insistence.ask(offer.assignment_id)
            self._renew()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._since.text()))

    def not_yet(self) -> None:
        """Say that it is not so."""
        if self._shown is not None and self.not_yet_button.isEnabled():
            self._arrivals.not_yet(self._shown)

    def place(self, inside: QRect) -> None:
        """Stand at the top of a rectangle, in its middle; the buttons go below the words where it is narrow."""
        # Measured side by side, however it stood before: only then is it known whether that fits.
        self._row.setDirection(QBoxLayout.Direction.LeftToRight)
        room = inside.width() - 2 * px(12)
        if self.sizeHint().width() > room:
            self._row.setDirection(QBoxLayout.Direction.TopToBottom)
        size = self.sizeHint()
        width = min(size.width(), room)
        self.setGeometry(inside.center().x() - width // 2, inside.top(), width, size.height())
        self._row.activate()

    # --- inside ---

    def _against(self, offer: Offer) -> str:
        # As things are now: that it was there at that time is what the fixes said, and what is asked about.
        step = replace(self._step(offer), at=None)
        return in_words(objections(self._desk.store, step, self._desk.clock.now()))

    def _send(self, offer: Offer, insisted: str = "") -> None:
        step = replace(self._step(offer), insisted=insisted)
        self._desk.actions.submit(step, f"{offer.callsign} on scene at {offer.reference}")

    def _step(self, offer: Offer) -> "commands.Step":
        job = self._desk.store.assignment(offer.assignment_id)
        return commands.Step(
            # Two consoles that say yes to the same arrival say one thing.
            command_id=uuid5(offer.assignment_id, AssignmentState.ON_SCENE),
            origin="geofence",
            assignment_id=offer.assignment_id,
            to=AssignmentState.ON_SCENE,
            # Somebody may have recorded a step since it was offered.
            at=max([offer.at, *(job.times.values() if job else ())]),
        )

    def _announce(self, offer: Offer) -> None:
        if self._record and not self._against(offer):
            self._send(offer)
        self._renew()
        said = sentence(offer, self._desk.clock.now())
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _renew(self) -> None:
        offers = self._arrivals.offers
        # What is on its way stays offered until the record has it; meanwhile the next one can be answered.
        fresh = next((offer for offer in offers if not self._is_sending(offer)), None)
        offer = fresh or next(iter(offers), None)
        if offer is None:
            self._put_away()
            return
        if offer != self._shown:
            self._show(offer)
        self._more(len(offers) - 1)
        self._arm()

    def _review(self, delta: Delta) -> None:
        """What was asked about may fit by now, or be farther away."""
        offer = self._shown
        if (
            offer is not None
            and self._insistence.is_asked(offer.assignment_id)
            and offer.van_id in delta.touched("position")
        ):
            self._renew()

    def _show(self, offer: Offer) -> None:
        self._shown = offer
        self._insistence.forget()
        # A click or key that was meant for what stood here a moment ago must not answer this.
        self._arming.start()
        self._words.setText(sentence(offer, self._desk.clock.now()))
        self.setAccessibleName(f"{sentence(offer, self._desk.clock.now())}. Return: on scene. Escape: not yet.")
        self.show()
        self.raise_()
        self.resized.emit()

    def _more(self, more: int) -> None:
        offer = self._shown
        if offer is None:
            return
        words = self._against(offer) if self._insistence.is_asked(offer.assignment_id) else ""
        since = local_time(offer.at, self._desk.clock.now())
        queue = f" · {more} more" if more else ""
        text = f"since {since} · {offer.metres:.0f} m from the address{queue}"
        if words:
            text = f"{words[:1].upper()}{words[1:]}.  {ANSWER}"
        mark(self._since, role="small", tone="warn" if words else "")
        if text != self._since.text():
            self._since.setText(text)
            self.resized.emit()

    def _put_away(self) -> None:
        if self._has_focus():
            self._give_back()
        self._shown = None
        self._insistence.forget()
        self.hide()
        self.resized.emit()

    def _arm(self) -> None:
        sending = self._shown is not None and self._is_sending(self._shown)
        self.accept_button.setText("Sending…" if sending else "On scene")
        for button in (self.accept_button, self.not_yet_button):
            button.setEnabled(not sending and not self._arming.isActive())

    def _is_sending(self, offer: Offer) -> bool:
        asked = (action.command for action in self._desk.actions.pending)
        return any(isinstance(one, commands.Step) and one.assignment_id == offer.assignment_id for one in asked)

    # --- keyboard ---

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def _give_back(self) -> None:
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say which keys answer now."""
        super().focusInEvent(event)
        self._show_keys(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keys answer something else now."""
        super().focusOutEvent(event)
        self._show_keys(False)

    def _show_keys(self, here: bool) -> None:
        self._hint.setVisible(not here)
        self.accept_button.set_key(OFFER.key("accept") if here else "")
        self.not_yet_button.set_key(OFFER.key("not yet") if here else "")
        self.update()
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return says on scene, Escape not yet; no other key reaches the board from here."""
        self._hands.take(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from one answer to the other; F8 leaves."""
        return walk(self, forward=forward)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar at its edge, and an outline that tells where the keyboard is."""
        super().paintEvent(event)
        colours = current()
        with QPainter(self) as painter:
            painter.fillRect(1, px(5), px(4), self.height() - 2 * px(5), QColor(colours.link))
            painter.setPen(QColor(colours.focus if self.hasFocus() else colours.edge))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
