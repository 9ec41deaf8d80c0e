"""A draft on the desk: what is typed, since when, and the commands that will carry it, made once."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from db import commands
from db.commands.base import Command
from db.commands.details import Details
from db.domain.about import AboutItem, Said, bared
from db.domain.alike import NOBODY
from db.domain.answered import with_screening
from db.domain.clocks import wall_time
from db.domain.intake import Draft, draft_of
from db.domain.intake_call import IntakeCall, answered
from db.domain.merge import Difference, Merged, differences, merge, take
from db.domain.records import Referral, Screening
from db.domain.reference import ReferenceData
from db.domain.typed_form import as_kept, as_typed, said_kept, said_typed
from db.domain.typed_times import NO_TIME, TypedTime

if TYPE_CHECKING:
    import asyncio

    from console.live.acts import TakenBack


def _said(items: Sequence[AboutItem]) -> tuple[Said, ...]:
    return tuple(sorted({bared(item.said) for item in items}))


C = TypeVar("C", bound=Command)
_OF_SCREENING = ("answers", "together", "changed", "not_measured", "branches")


class OpenDraft:
    """A new referral, or an edit of one, that is not in the record yet.

    Attributes:
        draft: what is typed.
        base: what it was when the edit began, as the record had it; blank for a new referral.
        version: the record's version that ``base`` stands for; None while the referral is not in the record, 0
            while it is there but not yet seen.
        opened: when it was opened; UTC.
        begun: when the first thing was typed, which is when a new referral was received; UTC.
        focus: name of the editor to go back to.
        sending: it is on its way.
        advised: it is to be recorded that 999 was advised.
        conflicted: the record refused because somebody else was first.
        saved: the screening that the record has, as a draft of nothing else.
        items: what the record has about the person.
        declining: what is typed about declining it, by the questions' names.
        likely: whom it may be about, as the record last found it.
        said_same: what somebody said of those, by referral: its reference, and whether it is the same person.
        not_so: what the narrative seemed to tell about the person, and somebody said that it does not.
        joins: the open referral that it became notes of, instead of one of its own.
        answered: when the telephone was answered; None while nothing is typed. UTC.
        call_version: the record's version of the call; 0 while it is not in the record.
        kept: what the record has of it while it is typed.
        keeping: the save that is on its way.
        keep_id: the id of its command.
        call_lost: somebody else goes on with the call.
        why: why it is changed, of a referral that is over.
    """

    def __init__(
        self,
        opened: datetime,
        referral: Referral | None = None,
        screening: Screening | None = None,
        items: Sequence[AboutItem] = (),
    ) -> None:
        self.opened = opened
        self.begun: datetime | None = None
        self.referral_id: UUID = referral.id if referral else uuid4()
        self.reference = referral.reference if referral else ""
        self.items = tuple(items)
        self.declining: dict[str, TypedTime | str] = {}
        self.likely = NOBODY
        self.said_same: dict[UUID, tuple[str, bool]] = {}
        self.not_so: set[Said] = set()
        self.joins: UUID | None = None
        self.base = replace(draft_of(referral) if referral else Draft(), about=_said(items))
        self.saved = with_screening(Draft(), screening) if screening else Draft()
        self.draft = self._with_saved(self.base)
        self.version = referral.version if referral else None
        self.focus = ""
        self.sending = False
        self.conflicted = False
        self._theirs = Draft()
        self._disputed: tuple[str, ...] = ()
        self.advised = False
        self.answered: datetime | None = None
        self.call_version = 0
        self.kept: Mapping[str, Any] = {}
        self.keeping: asyncio.Task[TakenBack | None] | None = None
        self.keep_id: UUID | None = None
        self.call_lost = False
        self.why = ""
        # Drawn once: however often it is tried, it is one referral with one handover.
        self._take_id, self._handover_id, self._begin_id = uuid4(), uuid4(), uuid4()
        self._tried: list[Details] = []
        self._made: list[Command] = []

    @classmethod
    def resumed(cls, call: IntakeCall, referral: Referral) -> "OpenDraft":
        """A call that goes on, as it was kept last."""
        one = cls(call.answered_at)
        one.referral_id, one.begun, one.answered = referral.id, referral.received_at, call.answered_at
        one.call_version, one.kept, one.draft = call.version, call.typed, as_typed(call.typed)
        return one

    def written(self) -> dict[str, Any]:
        """All of it as JSON, for the disk; what it is about stands under ``referral``."""
        return {
            "referral": str(self.referral_id),
            "reference": self.reference,
            "version": self.version,
            "made": [str(one) for one in (self._take_id, self._handover_id, self._begin_id)],
            "times": [one.isoformat() if one else None for one in (self.opened, self.begun, self.answered)],
            "base": as_kept(self.base),
            "saved": as_kept(self.saved),
            "draft": as_kept(self.draft),
            "declining": said_kept(self.declining),
            "same": {str(other): said for other, said in self.said_same.items()},
            "advised": self.advised,
            "why": self.why,
        }

    @classmethod
    def again(cls, said: Mapping[str, Any]) -> "OpenDraft":
        """A draft as it was written.

        Raises:
            ValueError, TypeError, KeyError: another version of the program wrote it otherwise.
        """
        opened, begun, answered_at = (datetime.fromisoformat(at) if at else None for at in said["times"])
        if opened is None:
            raise ValueError
        one = cls(opened)
        one.begun, one.answered = begun, answered_at
        one.referral_id, one.reference, one.version = UUID(said["referral"]), said["reference"], said["version"]
        one._take_id, one._handover_id, one._begin_id = map(UUID, said["made"])
        one.base, one.saved, one.draft = (as_typed(said[name]) for name in ("base", "saved", "draft"))
        one.declining = said_typed(said["declining"])
        one.said_same = {UUID(other): (named, same) for other, (named, same) in said["same"].items()}
        one.advised, one.why = said["advised"], said["why"]
        return one

    @property
    def where(self) -> str:
        """The place in a word or two."""
        return self.draft.postcode or self.draft.place.strip()

    @property
    def is_new(self) -> bool:
        """Whether the referral is not known to be in the record."""
        return self.version is None

    @property
    def is_touched(self) -> bool:
        """Whether anything would be lost without it."""
        declining = any(one not in {"", NO_TIME} for one in self.declining.values())
        said = bool(self.said_same or self.why.strip())
        return self.sending or declining or said or self.draft != self._with_saved(self.base)

    @property
    def saved_answers(self) -> Mapping[str, str]:
        """The screening answers that the record has."""
        return self.saved.answers

    def _with_saved(self, draft: Draft) -> Draft:
        return replace(draft, **{name: getattr(self.saved, name) for name in _OF_SCREENING})

    def ask_anew(self) -> None:
        """Take every answer away, so that each question is put again."""
        nothing = Draft()
        self.draft = replace(self.draft, **{name: getattr(nothing, name) for name in _OF_SCREENING})

    @property
    def title(self) -> str:
        """What the form is about."""
        return f"Edit {self.reference}" if self.reference else "New referral"

    @property
    def label(self) -> str:
        """Its name among the drafts put aside."""
        if self.reference:
            return f"edit {wall_time(self.opened)} {self.reference.rpartition('-')[2]}"
        return self.draft.label(self.begun or self.opened)

    def take(self, draft: Draft, now: datetime) -> None:
        """Keep what is typed."""
        # The clock of a new referral begins with the first thing typed, not with the form that was opened for it.
        if draft != self.draft:
            self.begun = self.begun or now
            self.answered = self.answered or answered(self.opened, self.begun)
            self.draft = draft

    def once(self, command: C) -> C:
        """The command as it was made before, ids and all, if it says the same; else this one, for next time.

        So a repeat after a lost answer does nothing twice, and a changed text is a new command.
        """
        made_up = [one.name for one in fields(command) if one.default_factory is not MISSING]
        for before in self._made:
            if isinstance(before, type(command)):
                ids = {name: getattr(before, name) for name in made_up}
                if replace(command, **ids) == before:
                    return before
        self._made.append(command)
        return command

    def has_made(self, command: Command) -> bool:
        """Whether this command is one of its own."""
        mine = {made.command_id for made in self._made} | {self._take_id}
        return command.command_id in mine

    def take_command(self, details: Details) -> "commands.TakeReferral":
        """The command that takes this referral: always the same ids, whatever is typed by now."""
        if details not in self._tried:
            self._tried.append(details)
        return commands.TakeReferral(
            command_id=self._take_id,
            referral_id=self.referral_id,
            handover_id=self._handover_id,
            details=details,
            received_at=self.begun or self.opened,
            answered_at=self.answered or self.opened,
        )

    def begin_command(self, details: Details, typed: Mapping[str, Any]) -> "commands.BeginCall":
        """The command that puts it into the record while it is typed: a repeat begins nothing twice."""
        return commands.BeginCall(
            command_id=self._begin_id,
            referral_id=self.referral_id,
            details=details,
            answered_at=self.answered or self.opened,
            received_at=self.begun or self.opened,
            typed=typed,
        )

    def follow_call(self, call: IntakeCall | None) -> None:
        """Stand on the record's version of the call if it has what was kept here: the caller may have hung up."""
        if call is not None and call.typed == self.kept:
            self.call_version = max(self.call_version, call.version)

    def finish_command(self, details: Details) -> "commands.FinishCall":
        """The command that makes a referral of the call, once the save that is on its way is answered."""
        version, link = self.call_version + (self.keeping is not None), self._handover_id
        finish = commands.FinishCall(
            referral_id=self.referral_id, version=version, details=details, handover_id=link
        )
        return self.once(finish)

    @property
    def is_certain(self) -> bool:
        """Whether the record can only have what was tried last."""
        return len(self._tried) == 1

    def adopt(self, referral: Referral) -> None:
        """The record has it like this, whatever is typed here."""
        self.base = replace(draft_of(referral), about=self.base.about)
        self.version, self.reference = referral.version, referral.reference

    def is_taken(self) -> None:
        """The record has it, as it is typed now; which version that is, the mirror will say."""
        self.base = replace(
            self.draft, answers={}, together=(), changed=(), not_measured="", branches=(), about=self.base.about
        )
        self.version = self.version or 0

    def rebase(self, referral: Referral, reference: ReferenceData) -> Merged:
        """Follow the record, which changed while it was being edited.

        What only others changed is taken over. What both changed stays as typed and is told; the edit then
        still stands on the old version, so that the record refuses it and says who was first. After that
        refusal it stands on the new one: whoever saves again has seen both.
        """
        theirs = replace(draft_of(referral), about=self.base.about)
        merged = merge(self.base, self.draft, theirs, reference)
        self.draft = merged.draft
        self.reference = referral.reference
        if merged.disputed:
            self._theirs, self._disputed = theirs, tuple(one.group for one in merged.disputed)
        # Moved on to their version only then: before, the record itself has to refuse the edit.
        if self.conflicted or not merged.disputed:
            self.base, self.version, self.conflicted = theirs, referral.version, False
        return merged

    def follow_about(self, items: Sequence[AboutItem]) -> bool:
        """Follow what somebody else said or ended; what was typed here stays. Whether anything came."""
        theirs, was, mine = _said(items), set(self.base.about), set(self.draft.about)
        if self.sending or theirs == self.base.about:
            return False
        self.items = tuple(items)
        self.base = replace(self.base, about=theirs)
        # Theirs, without what was taken away here, and with what was added here.
        both = (set(theirs) - (was - mine)) | (mine - was)
        self.draft = replace(self.draft, about=tuple(sorted(both)))
        return True

    def differences(self, reference: ReferenceData) -> tuple[Difference, ...]:
        """What both changed and still do not agree on."""
        return differences(self._disputed, self.draft, self._theirs, reference)

    def take_theirs(self, group: str) -> None:
        """Give way in one thing."""
        self.draft = take(group, self.draft, self._theirs)
