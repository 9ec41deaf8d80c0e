"""What was asked for of a referral and is not seen in the mirror yet."""

from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from console.live.actions import Action
from console.live.desk import Desk
from console.live.joins import touched_referrals
from console.live.store import Delta
from console.live.subjects import referral_of
from console.live.underway import steps_underway

_SEEN_WITHIN: Final = 3000
"""Milliseconds in which the mirror shows what the record has done, or says by itself that it is late."""


class StepsUnderway(QObject):
    """The steps of a referral that are not seen yet: without an answer, or done and not in the mirror.

    The answer comes by one way and the row by another. Between the two what is shown is what was before, and a key
    that is pressed twice would ask for the same again, to be refused for what the same hand has just done.
    """

    changed = Signal()
    """Something that was done is seen now."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._actions, self._store = desk.actions, desk.store
        self._done: list[Action] = []
        self._seen: set[UUID] = set()
        desk.actions.done.connect(self._answered)
        desk.store.changed.connect(self._look)

    def of(self, referral_id: UUID) -> list[Action]:
        """Those of a referral, oldest first."""
        return steps_underway((*self._done, *self._actions.pending), self._store, referral_id)

    def _look(self, delta: Delta) -> None:
        touched = touched_referrals(delta, self._store)
        if not touched:
            return
        # The row may be here before the answer.
        self._seen = {one.command.command_id for one in self._actions.pending if self._is_of(one, touched)}
        for action in [one for one in self._done if self._is_of(one, touched)]:
            self._forget(action)

    def _is_of(self, action: Action, referrals: set[UUID]) -> bool:
        return action.command.command_id in self._seen or referral_of(action.command, self._store) in referrals

    def _answered(self, action: Action) -> None:
        if action.command.command_id not in self._seen and referral_of(action.command, self._store) is not None:
            self._done.append(action)
            QTimer.singleShot(_SEEN_WITHIN, self, partial(self._forget, action))

    def _forget(self, action: Action) -> None:
        if action in self._done:
            self._done.remove(action)
            self.changed.emit()
