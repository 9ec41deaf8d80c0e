"""The form's last lines: the verdict, how sending goes, and what may be done now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.key_table import FORM, IN_FORM
from console.look.layouts import nest
from console.look.palette import Tone
from console.look.style import mark, px
from console.views.form.amending import Amending
from console.views.form.declining import Declining
from db.domain.reference import Choice
from db.domain.resolving import Belongs
from db.domain.typed_times import TypedTime


@dataclass(frozen=True, slots=True)
class Offers:
    """What may be done now. What may not is absent.

    Attributes:
        save: keep it.
        accept: keep it and take the referral on.
        decline: not take it on.
        give_back: return the person to EMAS.
    """

    save: bool = False
    accept: bool = False
    decline: bool = False
    give_back: bool = False


class Footer(QWidget):
    """Buttons with their keys; the keys themselves are bound by the form."""

    save = Signal()
    accept = Signal()
    decline = Signal(str, object)
    """The reason's code, and what is said of the end: a :class:`db.commands.Responsible`."""
    give_back = Signal()
    park = Signal()
    withdraw = Signal()
    vouch = Signal()

    def __init__(
        self, reasons: Sequence[Choice], told: Callable[[], Belongs], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.offers = Offers()
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        self._progress = QLabel()
        mark(self._verdict, role="strong")
        mark(self._progress, role="dim")
        self.amending = Amending()
        self.declining = Declining(reasons, told)
        self.reasons = self.declining.reasons
        self._save = ActionButton("Save", FORM.key("save"), "primary")
        self._accept = ActionButton("Save and accept", FORM.key("accept"), "primary")
        self._give_back = ActionButton("Return to EMAS", FORM.key("give back"), "danger")
        self._decline = ActionButton("Decline…", FORM.key("decline"))
        self._withdraw = ActionButton("Take back", FORM.key("withdraw"))
        self._vouch = ActionButton("Send it", FORM.key("vouch"))
        self._park = ActionButton("Put aside", IN_FORM.key("leave"), "quiet")
        self._lay_out()
        self._connect()
        self.close_reasons()
        self.set_offers(Offers())

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        for button in (self._save, self._accept, self._give_back, self._decline, self._vouch, self._withdraw):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._park)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(8), px(14), px(10))
        column.setSpacing(px(6))
        column.addWidget(self._verdict)
        column.addWidget(self._progress)
        column.addWidget(self.amending)
        column.addWidget(self.declining)
        nest(column, buttons)

    def _connect(self) -> None:
        self._save.clicked.connect(self.save)
        self._accept.clicked.connect(self.accept)
        self._give_back.clicked.connect(self.give_back)
        self._decline.clicked.connect(self.open_reasons)
        self._withdraw.clicked.connect(self.withdraw)
        self._vouch.clicked.connect(self.vouch)
        self._park.clicked.connect(self.park)
        self.declining.decided.connect(self.decline)

    def decline_chosen(self) -> None:
        """Decline, when the keyboard is in what is asked of it and a reason is chosen."""
        focus = QApplication.focusWidget()
        if focus is not None and self.declining.isAncestorOf(focus):
            self.declining.decide()

    def open_reasons(self) -> None:
        """Ask why, if declining is offered."""
        if self.offers.decline:
            self.declining.ask()

    def begin(self, typed: dict[str, TypedTime | str]) -> None:
        """Be about another draft: what was typed about declining it is there, and is not asked now."""
        self.declining.show_typed(typed)
        self.close_reasons()

    def close_reasons(self) -> bool:
        """Stop asking why; whether it was being asked. What was typed stays."""
        shown = not self.declining.isHidden()
        self.declining.hide()
        return shown

    def set_offers(self, offers: Offers) -> None:
        """Offer this and nothing else."""
        self.offers = offers
        self._save.setVisible(offers.save)
        self._accept.setVisible(offers.accept)
        # One button at most looks like the usual one, and where more can be done that is not to save alone.
        self._save.set_kind("secondary" if offers.accept or offers.give_back else "primary")
        self._decline.setVisible(offers.decline)
        self._give_back.setVisible(offers.give_back)
        # A state that changed meanwhile: the question why has lost its object.
        if not offers.decline:
            self.close_reasons()

    def set_verdict(self, words: str, tone: Tone) -> None:
        """Say what the screening comes to."""
        self._verdict.setText(words)
        mark(self._verdict, tone=tone)

    def set_progress(self, words: str, *, may_withdraw: bool = False, asks: bool = False) -> None:
        """Say how sending goes; an empty text for nothing on its way."""
        self._progress.setText(words)
        self._progress.setVisible(bool(words))
        mark(self._progress, tone="warn" if may_withdraw else "dim")
        self._withdraw.setVisible(may_withdraw)
        self._vouch.setVisible(asks)

    def progress(self) -> str:
        """What is said about sending."""
        return self._progress.text()

    def verdict(self) -> str:
        """What is said about the screening."""
        return self._verdict.text()
