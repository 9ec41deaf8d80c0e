"""Why a referral is changed that is over: the record keeps it with what was there before."""

from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from console.look.style import mark, px
from console.views.form.open_draft import OpenDraft
from db.domain.records import Referral

_LABEL = "Why it is changed, now that it is over"


class Amending(QWidget):
    """A line above the form's buttons; hidden for whatever is not over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft: OpenDraft | None = None
        self.edit = QLineEdit()
        self.edit.setObjectName("why")
        self.edit.setMaxLength(500)
        self.edit.setAccessibleName(_LABEL)
        self.edit.setPlaceholderText("the referrer rang back, a slip of the hand …")
        self.edit.textEdited.connect(self._keep)
        label = QLabel(_LABEL)
        label.setBuddy(self.edit)
        mark(label, role="small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        column.addWidget(label)
        column.addWidget(self.edit)
        self.hide()

    def follow(self, draft: OpenDraft, referral: Referral | None) -> None:
        """Ask for it, if this draft changes a referral that is over; what was typed stays with the draft."""
        if draft is not self._draft:
            self._draft = draft
            self.edit.setText(draft.why)
        self.setVisible(referral is not None and not referral.is_open)
        self.edit.setEnabled(not draft.sending)

    def _keep(self, typed: str) -> None:
        if self._draft is not None:
            self._draft.why = typed
