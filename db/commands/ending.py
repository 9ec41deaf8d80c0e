"""Say of an end who is with the person or looks for them, who told whom, on what ground; put the end right."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, give_reason, record_now, verb
from db.commands.care import Spoken, put_down_spoken
from db.commands.locks import lock_referral
from db.commands.seen import meanwhile, refuse_unseen
from db.domain.care import CANCEL, TOLD, Telling
from db.domain.party import Party, once
from db.domain.records import YesNo
from db.domain.states import ReferralState
from db.domain.texts import paragraphs
from db.errors import Conflict, Invalid
from db.tables import EndingRow, ReferralRow


@dataclass(frozen=True, slots=True)
class LegalGround:
    """That something was with the person's consent, or on what legal ground, and how.

    Attributes:
        code: of the list of grounds.
        decided_by: who decided it.
        rights: who told the person their rights, or why not.
        force_used: whether anybody used force; None where nobody puts it down.
    """

    code: str
    decided_by: str = ""
    rights: Telling = field(default_factory=Telling)
    force_used: YesNo | None = None


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who is with the person or responsible next, and who told whom. All of it may be left open.

    Attributes:
        kind: of what kind they are; None while nobody is named.
        name: as people say it.
        told: by ``person``, ``caller`` and ``referrer``: who told them and when, or why not; a telling without a
            time was now.
        looks_until: they look for somebody who was not found, until then.
        ground: what was done was on this ground; None where nobody says.
        died: the person died after it had ended.
        lives: why it is taken back that they died after it had ended; only a shift lead says so.
    """

    kind: Party | None = None
    name: str = ""
    told: Mapping[str, Telling] = field(default_factory=dict)
    looks_until: datetime | None = None
    ground: LegalGround | None = None
    died: bool = False
    lives: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        said = self.name.strip() or self.looks_until or self.ground or self.died or self.lives.strip()
        return not said and not any(one.is_said for one in self.told.values())


async def put_down_ending(connection: AsyncConnection, referral_id: UUID, said: Responsible) -> None:
    """Say about the end of a referral what is known; what is left open stays as it is."""
    if said.is_empty:
        return
    if bool(said.name.strip()) != (said.kind is not None):
        raise Invalid("Who is responsible next has a kind and a name.", "Say both.", "holder")
    values: dict[str, Any] = {"looks_until": said.looks_until} if said.looks_until is not None else {}
    if said.ground is not None:
        values |= _ground(said.ground)
        await _force(connection, referral_id, said.ground)
    if said.kind is not None:
        values |= {"holder_kind": said.kind.value, "holder_name": said.name.strip()}
    now = await record_now(connection)
    for who in TOLD:
        one = said.told.get(who, Telling())
        if one.is_said:
            by = one.by.strip()
            values |= {f"{who}_told_by": by, f"{who}_told_at": (one.at or now) if by else None}
            values[f"{who}_not_told"] = "" if by else one.not_told.strip()
    if said.died:
        values["died_known_at"] = now
    elif said.lives.strip():
        await give_reason(connection, said.lives.strip())
        values["died_known_at"] = None
    await connection.execute(update(EndingRow).where(_stands_of(referral_id)).values(values))


def _stands_of(referral_id: UUID) -> ColumnElement[bool]:
    """The end of a referral that stands: one that was reopened, or taken back, is history."""
    row = EndingRow
    return and_(row.referral_id == referral_id, row.reopened_at.is_(None), row.taken_back_at.is_(None))


def _ground(ground: LegalGround) -> dict[str, str]:
    values = {"ground": ground.code}
    if ground.decided_by.strip():
        values["ground_by"] = ground.decided_by.strip()
    if ground.rights.is_said:
        by = ground.rights.by.strip()
        values |= {"rights_told_by": by, "rights_not_told": "" if by else ground.rights.not_told.strip()}
    return values


async def _force(connection: AsyncConnection, referral_id: UUID, ground: LegalGround) -> None:
    """Put down whether force was used, where nobody has yet: anything else is amended with a reason."""
    if ground.force_used is not None:
        row = ReferralRow
        query = update(row).where(row.id == referral_id, row.force_used.is_(None))
        await connection.execute(query.values(force_used=ground.force_used.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class NameResponsible(Command):
    """Say afterwards who is with the person or responsible next, and who told whom.

    Attributes:
        was: who was named when somebody began to say so, empty for nobody; None where nobody looked. Then nothing
            is said over what somebody else has said meanwhile.
    """

    referral_id: UUID
    said: Responsible
    was: str | None = None


@verb(NameResponsible)
async def name_responsible(connection: AsyncConnection, command: NameResponsible) -> None:
    """Update the ending."""
    row = await lock_referral(connection, command.referral_id)
    if command.said.is_empty:
        raise Invalid("Nothing is said.", "Say who is with the person or responsible next.", "holder")
    there = select(EndingRow).where(_stands_of(command.referral_id))
    ending = (await connection.execute(there)).mappings().first()
    if ending is None:
        raise Invalid(f"{row.reference} is {row.state}: it has no ending to speak of.")
    said = command.said if command.was is None else await _unheard(connection, ending, command.said, command.was)
    await put_down_ending(connection, command.referral_id, said)


async def _unheard(connection: AsyncConnection, ending: RowMapping, said: Responsible, was: str) -> Responsible:
    """What is said over nothing that somebody else has said meanwhile; a name left as it was says nothing."""
    now = once(paragraphs(ending["holder_name"]))  # as a console reads it
    if said.name.strip() and now not in {was, said.name.strip()}:
        if said.name.strip() != was:
            raise await meanwhile(connection, ending["named_by"], f"named {now}")
        said = replace(said, kind=None, name="")
    for who in TOLD:
        there = ending[f"{who}_told_by"] or ending[f"{who}_not_told"]
        if who in said.told and there:
            how = "" if ending[f"{who}_told_by"] else "not told: "
            raise Conflict(
                f"Who told the {who} was said meanwhile: {how}{there}.", "Look at it again.", f"told_{who}"
            )
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendEnd(Command):
    """Put right how a referral ended, in the words of the same kind of end: another outcome, or another reason.

    Attributes:
        was: the code that stood there when somebody looked.
        end: the code that is true.
        reason: why it is amended.
        spoken: that the person was spoken to, or why not: needed where it was the caller who cancelled.
    """

    referral_id: UUID
    was: str
    end: str
    reason: str
    spoken: Spoken = field(default_factory=Spoken)


@verb(AmendEnd)
async def amend_end(connection: AsyncConnection, command: AmendEnd) -> None:
    """Update the outcome, or the reason, of a referral that has ended."""
    row = await lock_referral(connection, command.referral_id)
    there = select(EndingRow.reason).where(_stands_of(command.referral_id))
    ending = (await connection.execute(there)).mappings().first()
    if ending is None:
        raise Invalid(f"{row.reference} is {row.state}: it has no ending to speak of.")
    if not command.reason.strip():
        raise Invalid("How it ended is amended with a reason.", "Say why.", "reason")
    refuse_unseen("How it ended", ending, {"reason": command.was})
    # Before the end, which is refused where the caller cancelled and nobody spoke to the person.
    await put_down_spoken(connection, command.referral_id, command.spoken, CANCEL)
    await give_reason(connection, command.reason.strip())
    column = "outcome" if row.state == ReferralState.CLOSED else "end_reason"
    query = update(ReferralRow).where(ReferralRow.id == command.referral_id)
    await connection.execute(query.values({column: command.end}))
