"""Which referral a desk shows, and whether somebody types in it: what other consoles are told."""

from uuid import UUID

from console.views.detail import DetailPane
from console.views.form.sheet import FormSheet


def where(detail: DetailPane, forms: FormSheet) -> tuple[UUID | None, bool]:
    """The referral of the form that is open, else that of the pane; and whether something is typed about it.

    Args:
        detail: the pane.
        forms: the form over it.
    """
    if forms.isVisible():
        return forms.form.current.referral_id, forms.form.current.referral_id is not None
    shown = detail.note.referral
    return shown, shown is not None and (detail.sheets.current is not None or detail.note.is_typing())
