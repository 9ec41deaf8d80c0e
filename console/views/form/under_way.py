"""How far the save of a draft has come."""

from typing import NamedTuple

from console.live.actions import Action, Progress, Why
from console.live.desk import Desk
from console.live.store import LinkState
from console.views.form import offering
from console.views.form.open_draft import OpenDraft


class UnderWay(NamedTuple):
    """How a save goes.

    Attributes:
        words: in a sentence; empty while nothing of it is on its way.
        may_withdraw: it waits, and may be taken back.
        asks: it waits for somebody to say that it still holds.
    """

    words: str
    may_withdraw: bool = False
    asks: bool = False


def _waiting(draft: OpenDraft, desk: Desk) -> Action | None:
    """What of it is on its way to the record: a save, or what it waits for, which keeps what is typed."""
    pending = desk.actions.pending
    made = next((one for one in pending if draft.has_made(one.command)), None)
    if made is None and draft.sending and draft.keep_id is not None:
        return next((one for one in pending if one.command.command_id == draft.keep_id), None)
    return made


def sending_words(draft: OpenDraft, desk: Desk) -> UnderWay:
    """How its save goes, whether it may be taken back, and whether it waits for somebody's word."""
    action = _waiting(draft, desk)
    why = action.why if action is not None and action.progress is Progress.WAITING else None
    label = action.name(desk.clock.now()) if action else None
    lost = desk.store.link.state is LinkState.LOST
    said = action.said if action is not None else ""
    words = offering.progress(label, draft.sending, why, lost=lost, said=said)
    if draft.sending and why is Why.WORD and action is not None and not lost:
        words = f"The save was {action.question}: does it still hold?"
    return UnderWay(words, why is not None, why is Why.WORD)


def withdraw(draft: OpenDraft, desk: Desk) -> None:
    """Send what waits of it no more."""
    action = _waiting(draft, desk)
    if action is not None:
        desk.actions.withdraw(action)


def vouch(draft: OpenDraft, desk: Desk) -> None:
    """It still holds: what waits for that goes, and what is asked for after it."""
    action = _waiting(draft, desk)
    if action is not None and action.why is Why.WORD:
        desk.actions.vouch(action)
