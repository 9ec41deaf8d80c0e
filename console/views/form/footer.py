"""The form's last lines: the verdict, how sending goes, and what may be done now."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.key_table import FORM, IN_FORM
from console.look.palette import Tone
from console.look.style import mark, px
from console.views.form.choice import ChoiceRow, Option
from db.domain.reference import Choice


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
    decline = Signal(str)
    """The reason's code."""
    give_back = Signal()
    park = Signal()
    withdraw = Signal()

    def __init__(self, reasons: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offers = Offers()
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        self._progress = QLabel()
        mark(self._verdict, role="strong")
        mark(self._progress, role="dim")
        options = [Option(one.code, one.label, str(number)) for number, one in enumerate(reasons, start=1)]
        self.reasons = ChoiceRow("Reason for declining", options)
        self.reasons.setObjectName("decline_reason")
        self.decline_now = ActionButton("Decline for this reason", IN_FORM.key("go"), "danger")
        self._save = ActionButton("Save", FORM.key("save"), "primary")
        self._accept = ActionButton("Save and accept", FORM.key("accept"), "primary")
        self._give_back = ActionButton("Return to EMAS", FORM.key("give back"), "danger")
        self._decline = ActionButton("Decline…", FORM.key("decline"))
        self._withdraw = ActionButton("Take back", FORM.key("withdraw"))
        self._park = ActionButton("Put aside", IN_FORM.key("leave"), "quiet")
        self._lay_out()
        self._connect()
        self.close_reasons()
        self.set_offers(Offers())

    def _lay_out(self) -> None:
        self._because = QWidget()
        because = QHBoxLayout(self._because)
        because.setContentsMargins(0, 0, 0, 0)
        because.addWidget(self.reasons, 1)
        because.addWidget(self.decline_now, 0, Qt.AlignmentFlag.AlignBottom)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        for button in (self._save, self._accept, self._give_back, self._decline, self._withdraw):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._park)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(8), px(14), px(10))
        column.setSpacing(px(6))
        column.addWidget(self._verdict)
        column.addWidget(self._progress)
        column.addWidget(self._because)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._save.clicked.connect(self.save)
        self._accept.clicked.connect(self.accept)
        self._give_back.clicked.connect(self.give_back)
        self._decline.clicked.connect(self.open_reasons)
        self._withdraw.clicked.connect(self.withdraw)
        self._park.clicked.connect(self.park)
        self.decline_now.clicked.connect(self._decline_now)
        self.reasons.edited.connect(lambda: self.decline_now.setEnabled(bool(self.reasons.chosen())))

    def _decline_now(self) -> None:
        if self.reasons.chosen():
            self.decline.emit(self.reasons.chosen()[0])

    def decline_chosen(self) -> None:
        """Decline, when the keyboard is in the reasons and one of them is chosen."""
        if self.reasons.hasFocus() and self.decline_now.isEnabled():
            self._decline_now()

    def open_reasons(self) -> None:
        """Ask why, if declining is offered."""
        if self.offers.decline:
            self._because.show()
            self.reasons.setFocus()

    def close_reasons(self) -> bool:
        """Stop asking why; whether it was being asked."""
        shown = not self._because.isHidden()
        self._because.hide()
        self.reasons.choose(())
        self.decline_now.setEnabled(False)
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

    def set_progress(self, words: str, *, may_withdraw: bool = False) -> None:
        """Say how sending goes; an empty text for nothing on its way."""
        self._progress.setText(words)
        self._progress.setVisible(bool(words))
        mark(self._progress, tone="warn" if may_withdraw else "dim")
        self._withdraw.setVisible(may_withdraw)

    def progress(self) -> str:
        """What is said about sending."""
        return self._progress.text()

    def verdict(self) -> str:
        """What is said about the screening."""
        return self._verdict.text()
