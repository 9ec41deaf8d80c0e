"""Leaving a call from the form: the caller hung up, or it is no referral. A sheet of the pane asks the rest."""

import asyncio
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from console.live.desk import Desk
from console.running.tasks import spawn
from console.views.form.calls import Form, OpenCalls
from console.views.form.open_draft import OpenDraft
from db.domain.next_steps import Act
from db.domain.roles import may_dispatch


class CallForm(Form, Protocol):
    """What this asks of the form."""

    calls: OpenCalls


class CallEnds(QObject):
    """Brings what is typed into the record first: what went out after the sheet would undo what it says."""

    wanted = Signal(object, object)
    """A referral's id, and the :class:`Act` whose sheet is to be opened; the record has all that is typed."""

    def __init__(self, desk: Desk, form: CallForm, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._form = desk, form

    def may_ask(self, draft: OpenDraft) -> bool:
        """Whether a call is being taken here that could end so."""
        return draft.is_new and not draft.sending and may_dispatch(self._desk.me.role)

    def hung_up(self) -> None:
        """The caller is gone, and is called back."""
        self._ask(Act.HUNG_UP, "The caller hung up")

    def no_referral(self) -> None:
        """The call ends without a referral."""
        self._ask(Act.END_CALL, "No referral")

    def _ask(self, act: Act, said: str) -> None:
        draft = self._form.current
        if not self.may_ask(draft):
            return
        if draft.call_lost:
            lost = f"{said}: somebody else goes on with this call."
            self._form.message.say("warn", lost, "Theirs to end.", so=lambda: self._is_here(draft))
        elif not draft.where:
            # Without a place the record does not have the call, and nobody else has seen it.
            last = "Type it, or put the form aside." if draft.is_touched else "Nothing is typed: Escape closes it."
            nowhere = f"{said}: there is no location yet."
            self._form.message.say("warn", nowhere, last, so=lambda: self._is_here(draft) and not draft.where)
        else:
            bringing = spawn(self._bring(draft, act, said), "keep a call that is left", self)
            words = f"{said}: what is typed is kept first …"
            self._form.message.say("info", words, so=lambda: self._is_here(draft) and not bringing.done())

    def _is_here(self, draft: OpenDraft) -> bool:
        return draft is self._form.current

    async def _bring(self, draft: OpenDraft, act: Act, said: str) -> None:
        await self._form.calls.keeper.bring(draft)
        if draft.call_version and not draft.call_lost:
            await self._mirrored(draft)
        if draft is not self._form.current:  # whoever went on meanwhile is not called back
            return
        if draft.call_version and not draft.call_lost:
            self._form.message.clear()
            self.wanted.emit(draft.referral_id, act)
        elif not draft.call_lost:  # that it is lost was said
            words, step = (
                f"{said}: the record does not have this call yet.",
                "Put right what is marked, and try again.",
            )
            self._form.message.say("warn", words, step, so=lambda: self._is_here(draft) and not draft.call_version)

    async def _mirrored(self, draft: OpenDraft) -> None:
        """Until the mirror has the call, or another draft is on the screen."""
        store, news = self._desk.store, asyncio.Event()
        store.changed.connect(news.set)
        try:
            while store.call_of(draft.referral_id) is None and draft is self._form.current:
                news.clear()
                await news.wait()
        finally:
            store.changed.disconnect(news.set)
