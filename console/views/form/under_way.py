"""How far the save of a draft has come."""

from console.live.actions import Action, Progress
from console.live.desk import Desk
from console.live.store import LinkState
from console.views.form import offering
from console.views.form.open_draft import OpenDraft


def _waiting(draft: OpenDraft, desk: Desk) -> Action | None:
    """What of it is on its way to the record."""
    return next((one for one in desk.actions.pending if draft.has_made(one.command)), None)


def sending_words(draft: OpenDraft, desk: Desk) -> tuple[str, bool]:
    """How its save goes, in a sentence, and whether it may be taken back."""
    action = _waiting(draft, desk)
    why = action.why if action is not None and action.progress is Progress.WAITING else None
    label = action.name(desk.clock.now()) if action else None
    lost = desk.store.link.state is LinkState.LOST
    said = action.said if action is not None else ""
    return offering.progress(label, draft.sending, why, lost=lost, said=said), why is not None


def withdraw(draft: OpenDraft, desk: Desk) -> None:
    """Send what waits of it no more."""
    action = _waiting(draft, desk)
    if action is not None:
        desk.actions.withdraw(action)
