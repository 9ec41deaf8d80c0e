"""From a draft to the record: the commands in their order, each made once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.desk import Desk
from console.running.tasks import spawn
from console.views.form import overflow
from console.views.form.open_draft import OpenDraft
from db import commands
from db.commands.base import Command
from db.commands.details import Details
from db.domain import another_call, answered, intake, phone
from db.domain.about import change
from db.domain.clocks import local
from db.domain.intake import Draft
from db.domain.intake_call import KNOWN, REFERRAL
from db.domain.records import Referral
from db.domain.reference import ReferenceData, ScreeningTool
from db.domain.screening import DANGER_SCALE
from db.domain.typed_times import SAID_TIMES, TypedTime, kept_words
from db.errors import Conflict, RecordError


@dataclass(frozen=True, slots=True)
class Ending:
    """What is to be done with the referral when it is in the record.

    Attributes:
        accept: take it on.
        decline: the reason's code, for not taking it on.
        next: with whom the person stays then, and who told whom.
        joins: the open referral that it becomes notes of, instead of one of its own.
    """

    accept: bool = False
    decline: str = ""
    next: "commands.Responsible" = field(default_factory=lambda: commands.Responsible())
    joins: UUID | None = None

    @property
    def is_return(self) -> bool:
        """Whether the person goes back to EMAS because of what the screening or the scale says."""
        return self.decline in {intake.RETURN_PHYSICAL, intake.RETURN_DANGER}


def details_of(draft: Draft, now: datetime) -> Details:
    """What the record keeps of a draft, without what nobody sees; ``now`` is the record's time, UTC."""
    draft, today = overflow.fitted(intake.bared(draft)), local(now).date()
    return Details(
        source=draft.source,
        priority=draft.priority,
        location=draft.location,
        triage_scale=draft.triage_scale,
        caller=draft.caller.strip(),
        call_back=phone.as_dialled(draft.call_back),
        ems_incident=draft.ems_incident.strip(),
        ems_callsign=draft.ems_callsign.strip(),
        waiting_party=draft.waiting_party.strip(),
        patient=draft.patient(today),
        narrative=draft.narrative.strip(),
        legal_status=draft.legal_status,
        police=draft.police,
        **_times_of(draft, now),
    )


def _times_of(draft: Draft, now: datetime) -> dict[str, Any]:
    """The typed times: each as a moment, in words, or both."""
    typed: dict[str, TypedTime] = {name: getattr(draft, name) for name in SAID_TIMES}
    moments = {f"{name}_at": one.at if one.at and one.at <= now else None for name, one in typed.items()}
    return moments | {f"{name}_said": kept_words(one, now) for name, one in typed.items()}


def after_details(open_draft: OpenDraft, ending: Ending, tool: ScreeningTool) -> Sequence[tuple[Command, str]]:
    """The commands that follow when the referral itself is in the record, with their labels."""
    draft, key = open_draft.draft, open_draft.referral_id
    steps: list[tuple[Command, str]] = []
    # In the order in which the record lets them through: what was advised before what may be refused, and the
    # screening before *accept*, which asks for it.
    if open_draft.advised or ending.decline == intake.RETURN_DANGER:
        steps.append((commands.Advise999(referral_id=key), "Record that 999 was advised"))
    # Who it is comes before *accept*: flags that come along have their say there.
    for other, (reference, is_same) in open_draft.said_same.items():
        word = commands.SayWhoItIs(referral_id=key, other_id=other, is_same=is_same)
        steps.append((word, f"{'The same person as' if is_same else 'Not the same as'} {reference}"))
    too_long = overflow.notes(intake.bared(draft))
    steps += [(commands.AddNote(referral_id=key, words=words), "Note what was too long") for words in too_long]
    if told := change(open_draft.items, intake.bared(draft).about):
        tell = commands.TellAbout(referral_id=key, says=told.says, ends=told.ends)
        steps.append((tell, "Record what they said"))
    if screening := _screening(open_draft, ending, tool):
        steps.append(screening)
    if ending.accept:
        steps.append((commands.Accept(referral_id=key), "Accept"))
    elif ending.decline:
        steps.append((commands.Decline(referral_id=key, reason=ending.decline, next=ending.next), "Decline"))
    return [(open_draft.once(command), f"{label}, {open_draft.where}") for command, label in steps]


def joining(open_draft: OpenDraft, other: UUID, reference: ReferenceData) -> Sequence[tuple[Command, str]]:
    """The commands by which a second call becomes notes of an open referral, with their labels."""
    draft = intake.bared(open_draft.draft)
    begun = open_draft.begun or open_draft.opened
    made: list[tuple[Command, str]] = [
        (commands.AddNote(referral_id=other, words=words), "Note the other call")
        for words in another_call.notes(draft, begun, reference)
    ]
    if draft.about:
        made.append((commands.TellAbout(referral_id=other, says=draft.about), "Record what they said"))
    if open_draft.call_version:
        # By the trust's own list, of which "known already" may be gone.
        codes = [one.code for one in reference.reasons.get("call", ())]
        reason = KNOWN if KNOWN in codes or not codes else codes[0]
        made.append((commands.EndCall(referral_id=open_draft.referral_id, reason=reason), "End the call"))
    return [(open_draft.once(command), f"{label}, {open_draft.where}") for command, label in made]


def _screening(open_draft: OpenDraft, ending: Ending, tool: ScreeningTool) -> tuple[Command, str] | None:
    draft, key = open_draft.draft, open_draft.referral_id
    same = draft.answers == open_draft.saved_answers and draft.not_measured == open_draft.saved.not_measured
    if not draft.answers or (same and not draft.observations):
        return None
    if intake.verdict(draft, tool).is_complete or ending.is_return:
        command = commands.CompleteScreening(
            referral_id=key,
            tool_version=tool.version,
            answers=answered.all_answers(draft, tool),
            how=answered.how_answered(draft, tool),
            not_measured=intake.why_not_measured(draft),
            note=intake.screening_note(draft, tool),
        )
        return command, "Record the screening"
    # It is not called complete, and what was said is not lost.
    return commands.AddNote(
        referral_id=key, words=intake.unfinished_words(draft, tool)
    ), "Note the unfinished screening"


def _taking(open_draft: OpenDraft) -> str:
    return f"Take the referral, {open_draft.where}"


class Sender(QObject):
    """Sends open drafts, on the screen or put aside, and tells how it ended."""

    finished = Signal(object)
    """An :class:`OpenDraft` that is in the record."""
    refused = Signal(object, object)
    """An :class:`OpenDraft` and the :class:`db.errors.RecordError`; nothing that was typed is lost."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def send(self, open_draft: OpenDraft, ending: Ending) -> bool:
        """Begin to send; False when it is on its way already."""
        if open_draft.sending:
            return False
        open_draft.sending = True
        spawn(self._carry(open_draft, ending), "send a referral")
        return True

    async def _carry(self, open_draft: OpenDraft, ending: Ending) -> None:
        # The form said to advise 999 when A was chosen; what was A before was recorded then. Kept for a second
        # try.
        if open_draft.draft.triage_scale == DANGER_SCALE != open_draft.base.triage_scale:
            open_draft.advised = True
        try:
            self._follow_keeping(open_draft, ending)
            while (keeping := open_draft.keeping) is not None:  # it gives the call its version
                await asyncio.wait([keeping])
                if (taken_back := keeping.result()) is not None:
                    raise taken_back  # whoever does not want what goes first does not want what follows it
            await self._desk.actions.perform_all(await self._commands(open_draft, ending))
        except RecordError as error:
            refusal: RecordError | None = error
        else:
            refusal = None
        finally:
            open_draft.sending = False
        if refusal is None:
            self.finished.emit(open_draft)
        else:
            self.refused.emit(open_draft, refusal)

    def _follow_keeping(self, open_draft: OpenDraft, ending: Ending) -> None:
        """While a save of the call has no answer, what is sent after it stands beside it."""
        if open_draft.keeping is None or open_draft.keep_id is None:
            return
        if ending.joins is not None:
            following = joining(open_draft, ending.joins, self._desk.store.reference)
        else:
            finish = open_draft.finish_command(details_of(open_draft.draft, self._desk.clock.now()))
            following = [(finish, _taking(open_draft)), *self._after(open_draft, ending)]
        self._desk.actions.follow_on(open_draft.keep_id, following)

    def _after(self, open_draft: OpenDraft, ending: Ending) -> Sequence[tuple[Command, str]]:
        return after_details(open_draft, ending, self._desk.store.reference.current_tool)

    async def _commands(self, open_draft: OpenDraft, ending: Ending) -> Sequence[tuple[Command, str]]:
        open_draft.joins = ending.joins
        if ending.joins is not None:
            return joining(open_draft, ending.joins, self._desk.store.reference)
        await self._details(open_draft, self._after(open_draft, ending))
        return self._after(open_draft, ending)

    async def _details(self, open_draft: OpenDraft, following: Sequence[tuple[Command, str]]) -> None:
        """Bring the referral itself into the record, before what follows."""
        now = self._desk.clock.now()
        details = details_of(open_draft.draft, now)
        if open_draft.version is None and open_draft.call_version:
            if await self._finish(open_draft, details, following):
                return
        elif open_draft.version is None:
            take = open_draft.take_command(details)
            await self._desk.actions.perform(take, _taking(open_draft), following)
            open_draft.is_taken()
            if open_draft.is_certain:
                return
            # An earlier try may have come through after all, with what was typed then.
            open_draft.adopt(await self._arrival(open_draft))
        # Taken in an earlier try, of which the rest was refused: the edit needs the version that the record gave
        # it.
        elif open_draft.version == 0:
            open_draft.version = (await self._arrival(open_draft)).version
        if details != details_of(open_draft.base, now):
            version = open_draft.version or 0
            edit = commands.EditReferral(
                referral_id=open_draft.referral_id, version=version, details=details, reason=open_draft.why.strip()
            )
            label = f"Change {open_draft.reference}"
            try:
                await self._desk.actions.perform(open_draft.once(edit), label, following)
            except Conflict:
                open_draft.conflicted = True
                raise
            open_draft.is_taken()

    async def _finish(
        self, open_draft: OpenDraft, details: Details, following: Sequence[tuple[Command, str]]
    ) -> bool:
        """Make a referral of the call; False where an earlier try did, with what was typed then."""
        call = self._desk.store.call_of(open_draft.referral_id)
        if call is not None and call.ended_how == REFERRAL:
            open_draft.adopt(await self._arrival(open_draft))
            return False
        await self._desk.actions.perform(open_draft.finish_command(details), _taking(open_draft), following)
        open_draft.is_taken()
        return True

    async def _arrival(self, open_draft: OpenDraft) -> Referral:
        """The referral as the mirror has it, when it has."""
        store, there = self._desk.store, asyncio.Event()
        store.changed.connect(there.set)
        try:
            while (referral := store.referral(open_draft.referral_id)) is None:
                there.clear()
                await there.wait()
        finally:
            store.changed.disconnect(there.set)
        return referral
