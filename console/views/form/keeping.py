"""Keeps a new referral in the record while it is typed: begun with its first location, then saved again."""

import asyncio
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from console.live.acts import TakenBack
from console.live.desk import Desk
from console.running.tasks import spawn
from console.views.form.open_draft import OpenDraft
from console.views.form.submission import details_of
from db import commands
from db.commands.base import Command
from db.domain.roles import may_dispatch
from db.domain.typed_form import as_kept
from db.errors import Conflict, Invalid, RecordError

KEEP_AFTER_MS: Final = 2000
"""Milliseconds from something typed until others see it: a save in so long, however fast somebody types."""


class CallKeeper(QObject):
    """One save after the other of each draft; what is typed meanwhile goes with the next."""

    lost = Signal(object, object)
    """An :class:`OpenDraft` that somebody else has now, and the :class:`db.errors.RecordError` that says who."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._due: list[OpenDraft] = []
        self.timer = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self.timer.timeout.connect(self._keep_due)

    def follow(self, draft: OpenDraft) -> None:
        """Something was typed: it is kept soon."""
        if draft not in self._due:
            self._due.append(draft)
        if not self.timer.isActive():
            self.timer.start()

    def keep_now(self, draft: OpenDraft) -> None:
        """It is put aside, or its place is known: nobody waits for the time to pass."""
        self.follow(draft)
        self.timer.start(0)

    async def bring(self, draft: OpenDraft) -> None:
        """Until the record has all that is typed by now, or has said that it would not have it."""
        while draft.keeping is not None:
            await asyncio.wait([draft.keeping])
        if self._may_keep(draft):
            draft.keeping = spawn(self._keep(draft), "keep what is typed")
            await asyncio.wait([draft.keeping])

    def _keep_due(self) -> None:
        due, self._due = self._due, []
        for draft in due:
            if not self._may_keep(draft):
                continue
            if draft.keeping is None:
                draft.keeping = spawn(self._keep(draft), "keep what is typed")
            elif draft.keep_id is not None:
                # What is typed while a save is on its way goes with the next, which the end of this one begins;
                # should the console end before, the next console begins it.
                self._desk.actions.follow_on(draft.keep_id, [(self._command(draft, ahead=1), _label(draft))])

    def _may_keep(self, draft: OpenDraft) -> bool:
        placed = bool(draft.draft.place.strip() or draft.draft.postcode)
        mine = draft.is_new and not draft.sending and not draft.call_lost
        return placed and mine and may_dispatch(self._desk.me.role) and as_kept(draft.draft) != draft.kept

    async def _keep(self, draft: OpenDraft) -> TakenBack | None:
        """Keep what is typed by now. Returns why not, where somebody took that back."""
        typed = as_kept(draft.draft)
        command = self._command(draft)
        draft.keep_id = command.command_id
        try:
            await self._desk.actions.perform(command, _label(draft))
        except Conflict as error:
            draft.call_lost = True
            self.lost.emit(draft, error)
        except Invalid:
            # Half typed: what the record would not have is told at its field, and when it is saved.
            pass
        except RecordError as error:
            self.follow(draft)
            return error if isinstance(error, TakenBack) else None
        else:
            draft.kept, draft.call_version = typed, draft.call_version + 1
            draft.follow_call(self._desk.store.call_of(draft.referral_id))
        finally:
            draft.keeping = None
            if as_kept(draft.draft) != typed:
                self.follow(draft)
        return None

    def _command(self, draft: OpenDraft, ahead: int = 0) -> Command:
        """What keeps a draft as it is typed now, after ``ahead`` saves that are on their way."""
        details, typed = details_of(draft.draft, self._desk.clock.now()), as_kept(draft.draft)
        if version := draft.call_version + ahead:
            return commands.KeepCall(referral_id=draft.referral_id, version=version, details=details, typed=typed)
        return draft.begin_command(details, typed)


def _label(draft: OpenDraft) -> str:
    return f"Keep what is typed, {draft.where}"
