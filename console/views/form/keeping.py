"""Keeps a new referral in the record while it is typed: begun with its first location, then saved again."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from console.live.desk import Desk
from console.running.tasks import spawn
from console.views.form.open_draft import OpenDraft
from console.views.form.submission import details_of
from db.commands import Command, KeepCall
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

    def _keep_due(self) -> None:
        due, self._due = self._due, []
        for draft in due:
            # What is typed while a save is on its way goes with the next, which the end of this one begins.
            if draft.keeping is None and self._may_keep(draft):
                draft.keeping = spawn(self._keep(draft), "keep what is typed")

    def _may_keep(self, draft: OpenDraft) -> bool:
        placed = bool(draft.draft.place.strip() or draft.draft.postcode)
        mine = draft.is_new and not draft.sending and not draft.call_lost
        return placed and mine and may_dispatch(self._desk.me.role) and as_kept(draft.draft) != draft.kept

    async def _keep(self, draft: OpenDraft) -> None:
        typed = as_kept(draft.draft)
        try:
            await self._desk.actions.perform(self._command(draft), f"Keep what is typed, {draft.where}")
        except Conflict as error:
            draft.call_lost = True
            self.lost.emit(draft, error)
        except Invalid:
            # Half typed: what the record would not have is told at its field, and when it is saved.
            pass
        except RecordError:
            self.follow(draft)
        else:
            draft.kept, draft.call_version = typed, draft.call_version + 1
        finally:
            draft.keeping = None
            if as_kept(draft.draft) != typed:
                self.follow(draft)

    def _command(self, draft: OpenDraft) -> Command:
        details, typed = details_of(draft.draft, self._desk.clock.now()), as_kept(draft.draft)
        if draft.call_version:
            version = draft.call_version
            return KeepCall(referral_id=draft.referral_id, version=version, details=details, typed=typed)
        return draft.begin_command(details, typed)
