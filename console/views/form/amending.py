"""Why a referral is changed that is over: the record keeps it with what was there before."""

from PySide6.QtWidgets import QLineEdit, QWidget

from console.look.hints import hint as show_hint
from console.views.form.fields import Labelled
from console.views.form.open_draft import OpenDraft
from db.domain.records import Referral


class Amending(Labelled):
    """A line above the form's buttons; hidden for whatever is not over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._draft: OpenDraft | None = None
        self.edit = QLineEdit()
        super().__init__("why", "Why it is changed, now that it is over", self.edit, parent)
        self.edit.setMaxLength(500)
        show_hint(self.edit, "the referrer rang back, a slip of the hand …")
        self.edit.textEdited.connect(self._keep)
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
