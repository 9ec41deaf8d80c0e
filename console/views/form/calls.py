"""The calls behind the form: each is kept while it is typed, taken over from others, and watched for its end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from console.live.actions import Action, Progress
from console.live.desk import Desk
from console.live.store import Delta
from console.look.widgets import MessageBar
from console.views.form.keeping import CallKeeper
from console.views.form.open_draft import OpenDraft
from console.views.form.parked import ParkedDrafts
from db import commands
from db.domain.clocks import local_time
from db.errors import RecordError

TICK_MS = 1000
_STILL_HERE = "What you typed is still here, and kept no more."


class Form(Protocol):
    """What this asks of the form."""

    drafts: ParkedDrafts
    message: MessageBar

    @property
    def current(self) -> OpenDraft:
        """The draft on the screen."""
        ...

    def open_parked(self, draft: OpenDraft) -> None:
        """Show a draft."""
        ...

    def forget(self, draft: OpenDraft) -> bool:
        """Have a draft no more; whether it was on the screen."""
        ...

    def tell_clock(self) -> None:
        """Say how long ago the telephone was answered."""
        ...


class OpenCalls(QObject):
    """New referrals that are being taken at this desk."""

    ended = Signal()
    """The call on the screen is over, and was no referral."""

    def __init__(self, desk: Desk, form: Form, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._form, self._shown = desk, form, parent
        self._asked: UUID | None = None
        self.keeper = CallKeeper(desk, self)
        self.keeper.lost.connect(self._lost)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        if self._shown.isVisible():
            self._form.tell_clock()

    def typed(self, draft: OpenDraft, *, at_the_place: bool) -> None:
        """Something was typed: others see it soon, once there is a place and nobody is still at it."""
        placed = draft.draft.lat is not None or bool(draft.draft.postcode)
        if draft.is_new and (draft.call_version or placed or not at_the_place):
            self.keeper.follow(draft)

    def put_aside(self, draft: OpenDraft) -> None:
        """It leaves the screen: what is typed is kept at once."""
        if draft.is_new and draft.is_touched:
            self.keeper.keep_now(draft)

    def note(self, draft: OpenDraft, now: datetime) -> str:
        """The clock of a call: ``answered 02:51 · 3:20``; empty for what is no new referral."""
        if not draft.is_new:
            return ""
        at = draft.answered or draft.opened
        seen = " · others see it" if draft.call_version else ""
        return f"answered {local_time(at, now)} · {clock(now - at)}{seen}"

    def go_on(self, referral_id: UUID) -> bool:
        """Go on with a call, if that is one: here, from where it was left, or taken over from whoever has it."""
        call, referral = self._desk.store.call_of(referral_id), self._desk.store.referral(referral_id)
        if call is None or not call.is_open or referral is None:
            return False
        here = next((one for one in self._all() if one.referral_id == referral_id and not one.call_lost), None)
        if call.taken_by != self._desk.me.login:
            self._take_over(referral_id, call.taken_by)
        else:
            self._form.open_parked(here or OpenDraft.resumed(call, referral))
        return True

    def follow(self, delta: Delta) -> None:
        """Somebody else took a call, or it was ended; one that was asked for is here."""
        for key in delta.touched("intake_call"):
            call = self._desk.store.call_of(key)
            here = [one for one in self._all() if one.referral_id == key]
            if call is None:
                continue
            if call.is_no_referral:
                self._end(here)
            elif call.is_open and call.taken_by != self._desk.me.login:
                self._tell_taken(here, call.taken_by)
            elif key == self._asked:
                self._asked = None
                self._forget(here)
                self.go_on(key)
            else:
                for draft in (one for one in here if one.keeping is None):
                    draft.follow_call(call)

    def _forget(self, drafts: Sequence[OpenDraft]) -> bool:
        shown = [self._form.forget(one) for one in drafts]
        return any(shown)

    def _end(self, drafts: Sequence[OpenDraft]) -> None:
        if self._forget(drafts):
            self.ended.emit()

    def _all(self) -> list[OpenDraft]:
        return [self._form.current, *self._form.drafts.all()]

    def _take_over(self, referral_id: UUID, was: str) -> None:
        self._asked = referral_id
        who = self._desk.store.reference.who(was)
        words = f"Taking the call over from {who} …"
        self._form.message.say("info", words, so=lambda: self._asked == referral_id)
        label = f"Take the call over from {who}"
        self._desk.actions.submit(commands.TakeCallOver(referral_id=referral_id), label, self._answered)

    def _answered(self, action: Action) -> None:
        if action.progress is Progress.REFUSED and action.error is not None:
            self._asked = None
            self._form.message.say("late", action.error.sentence, action.error.next_step)

    def _tell_taken(self, drafts: Sequence[OpenDraft], by: str) -> None:
        for draft in drafts:
            if draft.is_new and not draft.call_lost:
                draft.call_lost = True
                who = self._desk.store.reference.who(by)
                self._form.message.say("late", f"{draft.label}: {who} took this call over.", _STILL_HERE)

    def _lost(self, draft: OpenDraft, error: RecordError) -> None:
        self._form.message.say("late", f"{draft.label}: {error.sentence}", f"{error.next_step} {_STILL_HERE}")


def clock(length: timedelta) -> str:
    """A length as a clock: ``3:20``, ``1:02:05``."""
    seconds = max(0, int(length.total_seconds()))
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
