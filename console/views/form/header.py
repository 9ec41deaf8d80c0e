"""The form's first line: what it is about, and the drafts that were put aside."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.key_table import FORM
from console.look.layouts import empty
from console.look.style import px
from console.look.widgets import Heading
from console.views.form.open_draft import OpenDraft


class FormHeader(QWidget):
    """A heading, and a button for each draft that was put aside."""

    opened = Signal(object)
    """The :class:`OpenDraft` to take up again."""
    hung_up = Signal()
    """The caller is gone."""
    no_referral = Signal()
    """The call is no referral."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = Heading("New referral")
        self._ends = (
            ActionButton("Caller hung up …", FORM.key("hung up"), "quiet"),
            ActionButton("No referral …", FORM.key("no referral"), "quiet"),
        )
        for button, wanted in zip(self._ends, (self.hung_up, self.no_referral), strict=True):
            button.clicked.connect(wanted)
            self._heading.add_right(button)
        self._drafts = QWidget()
        self._row = QHBoxLayout(self._drafts)
        self._row.setContentsMargins(px(14), px(6), px(14), px(2))
        self._row.setSpacing(px(8))
        self._drafts.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self._drafts)

    def set_title(self, title: str, note: str) -> None:
        """Say what the form is about."""
        self._heading.set_title(title)
        self._heading.set_note(note)

    def offer_ends(self, offered: bool) -> None:
        """Offer the two ways in which a call ends that is no referral, or not yet."""
        for button in self._ends:
            button.setVisible(offered)
        self._heading.refit()

    def set_drafts(self, drafts: Sequence[OpenDraft]) -> None:
        """Offer these drafts, oldest first."""
        empty(self._row)
        for number, draft in enumerate(drafts):
            words = f"{draft.label}, on its way" if draft.sending else draft.label
            button = ActionButton(words, FORM.key("parked") if number == 0 else "")
            button.setAccessibleName(f"Put aside: {words}")
            # Many drafts share the width there is; the form never grows over the board.
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _on=False, one=draft: self.opened.emit(one))
            self._row.addWidget(button)
        self._row.addStretch(1)
        self._drafts.setVisible(bool(drafts))
