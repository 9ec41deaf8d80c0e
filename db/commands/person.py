"""The person: what they say about themselves, who they are, what is flagged, and what was done of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4, uuid5

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, give_reason, verb
from db.commands.locks import lock_referral
from db.commands.reading import read_narrative
from db.domain.about import Said
from db.errors import Conflict, Invalid
from db.ethnicity import categories
from db.neighbourhoods import TENTHS
from db.tables import AboutMeRow, FlagRow, InterpreterRow, ReadBackRow, ReferralRow, SamePersonRow, WishKeptRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TellAbout(Command):
    """What somebody says about the person, and what of it does not hold any more.

    Attributes:
        ends: items that no longer hold.
        says: what is said now, each with who said it.
    """

    referral_id: UUID
    says: tuple[Said, ...] = ()
    ends: tuple[UUID, ...] = ()


@verb(TellAbout)
async def tell_about(connection: AsyncConnection, command: TellAbout) -> None:
    """End what does not hold, and insert what is said."""
    await lock_referral(connection, command.referral_id)
    await _end(connection, command)
    rows = [_said(command, place, said) for place, said in enumerate(command.says)]
    if rows:
        await connection.execute(insert(AboutMeRow), rows)
        await read_narrative(connection, command.referral_id)


async def _end(connection: AsyncConnection, command: TellAbout) -> None:
    if not command.ends:
        return
    mine = AboutMeRow.id.in_(command.ends), AboutMeRow.referral_id == command.referral_id
    gone = await connection.execute(
        update(AboutMeRow)
        .where(*mine, AboutMeRow.ended_at.is_(None), AboutMeRow.taken_back_at.is_(None))
        .values(ended_at=text("cru.clock_now()"))
    )
    # All or nothing: what somebody else has ended already was not seen as it stands by whoever typed this.
    if gone.rowcount != len(set(command.ends)):
        raise Conflict("Somebody else changed what was said meanwhile.", "Look at it again; yours is still here.")


def _said(command: TellAbout, place: int, said: Said) -> dict[str, object]:
    if not (said.code or said.words.strip()):
        raise Invalid("There is nothing written.", "Type something first.")
    return {
        # Made from the command's id, so that the same command has the same rows whenever it is repeated.
        "id": uuid5(command.command_id, str(place)),
        "referral_id": command.referral_id,
        "topic": said.topic,
        "code": said.code,
        "words": said.words.strip(),
        "said_by": said.said_by.strip(),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver(Command):
    """What was kept from an earlier referral of the same person holds now too: somebody chose it, item by item."""

    referral_id: UUID
    item_ids: tuple[UUID, ...]


@verb(TakeOver)
async def take_over(connection: AsyncConnection, command: TakeOver) -> None:
    """Say again what was said then, with who said it; the record checks the person and the consent."""
    await lock_referral(connection, command.referral_id)
    wanted = select(AboutMeRow).where(AboutMeRow.id.in_(command.item_ids))
    found = {row.id: row for row in await connection.execute(wanted)}
    if not command.item_ids or len(found) != len(set(command.item_ids)):
        raise Invalid("Nothing was chosen.", "Choose what still holds.")
    names = ("topic", "code", "words", "said_by")
    rows = [
        {"referral_id": command.referral_id, "from_id": key}
        | {name: getattr(found[key], name) for name in names}
        | {"id": uuid5(command.command_id, str(key))}
        for key in dict.fromkeys(command.item_ids)
    ]
    await connection.execute(insert(AboutMeRow), rows)
    await read_narrative(connection, command.referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SayWhoItIs(Command):
    """Two referrals are of one person, or are not. Without the NHS number it takes name and date of birth."""

    referral_id: UUID
    other_id: UUID
    is_same: bool
    row_id: UUID = field(default_factory=uuid4)


@verb(SayWhoItIs)
async def say_who_it_is(connection: AsyncConnection, command: SayWhoItIs) -> None:
    """Insert the word; the last one counts."""
    await lock_referral(connection, command.referral_id)
    await connection.execute(
        insert(SamePersonRow).values(
            id=command.row_id,
            referral_id=command.referral_id,
            other_id=command.other_id,
            is_same=command.is_same,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFlag(Command):
    """Something whoever goes there must know, of the person or the address.

    Attributes:
        expires_at: when somebody looks at it again, UTC; at most twelve months on.
        extends_id: the flag that this one goes on with, after somebody looked at it again.
        danger: it speaks against going there now; None for what the record takes its kind to mean.
    """

    referral_id: UUID
    subject: Literal["person", "address"]
    kind: str
    reason: str
    expires_at: datetime
    extends_id: UUID | None = None
    danger: bool | None = None
    flag_id: UUID = field(default_factory=uuid4)


@verb(AddFlag)
async def add_flag(connection: AsyncConnection, command: AddFlag) -> None:
    """Insert the flag with its author, reason and day of review."""
    if not command.reason.strip():
        raise Invalid("There is nothing written.", "Type something first.")
    await connection.execute(
        insert(FlagRow).values(
            id=command.flag_id,
            referral_id=command.referral_id,
            subject=command.subject,
            kind=command.kind,
            reason=command.reason.strip(),
            expires_at=command.expires_at,
            extends_id=command.extends_id,
            danger=command.danger,
        )
    )
    # What a flag of any kind says meets the same gate as the narrative.
    await read_narrative(connection, command.referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawFlag(Command):
    """A flag does not hold, and why; it stays readable."""

    flag_id: UUID
    reason: str
    referral_id: UUID | None = None


@verb(WithdrawFlag)
async def withdraw_flag(connection: AsyncConnection, command: WithdrawFlag) -> None:
    """Mark it with the reason."""
    if not command.reason.strip():
        raise Invalid("Withdrawing a flag needs a reason.", "Say why.")
    query = select(FlagRow.withdrawn_at).where(FlagRow.id == command.flag_id).with_for_update()
    row = (await connection.execute(query)).first()
    if row is None:
        raise Invalid("That flag is not in the record.")
    if row.withdrawn_at is not None:
        raise Conflict("That flag was withdrawn already.", "Look at it again.")
    values = {"withdrawn_at": text("cru.clock_now()"), "withdrawn_reason": command.reason.strip()}
    await connection.execute(update(FlagRow).where(FlagRow.id == command.flag_id).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBriefBack(Command):
    """A crew read its brief back.

    Attributes:
        read_by: who of the crew.
        brief: the words that were read, as they stood then.
    """

    referral_id: UUID
    assignment_id: UUID
    read_by: str
    channel: str
    brief: str
    row_id: UUID = field(default_factory=uuid4)


@verb(ReadBriefBack)
async def read_brief_back(connection: AsyncConnection, command: ReadBriefBack) -> None:
    """Insert who read what."""
    await lock_referral(connection, command.referral_id)
    await connection.execute(
        insert(ReadBackRow).values(
            id=command.row_id,
            referral_id=command.referral_id,
            assignment_id=command.assignment_id,
            read_by=command.read_by.strip(),
            channel=command.channel,
            # Not trimmed: another text than the one that stands counts as not read back.
            brief=command.brief,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookInterpreter(Command):
    """An interpreter is booked: for which language, with whom, under which reference, for when (UTC)."""

    referral_id: UUID
    language: str
    booked_with: str
    booking: str = ""
    booked_for: datetime | None = None
    row_id: UUID = field(default_factory=uuid4)


@verb(BookInterpreter)
async def book_interpreter(connection: AsyncConnection, command: BookInterpreter) -> None:
    """Insert the booking."""
    await lock_referral(connection, command.referral_id)
    await connection.execute(
        insert(InterpreterRow).values(
            id=command.row_id,
            referral_id=command.referral_id,
            language=command.language,
            booked_with=command.booked_with.strip(),
            booking=command.booking.strip(),
            booked_for_at=command.booked_for,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWishes(Command):
    """Afterwards: whether what was asked for, or promised, was kept.

    Attributes:
        kept: yes, partly or no, by the id of what was asked for.
        said_by: who says so.
        words: in their words, of all of it.
        whys: why one of them was not kept or only partly, by its id; ``words`` where it has none of its own.
    """

    referral_id: UUID
    kept: tuple[tuple[UUID, str], ...]
    said_by: str
    words: str = ""
    whys: tuple[tuple[UUID, str], ...] = ()


@verb(ReportWishes)
async def report_wishes(connection: AsyncConnection, command: ReportWishes) -> None:
    """Insert one answer a wish."""
    if not command.kept:
        raise Invalid("Nothing was answered.", "Say of one wish whether it was kept.")
    whys = {about_id: why.strip() for about_id, why in command.whys if why.strip()}
    rows: list[dict[str, object]] = [
        {
            "id": uuid5(command.command_id, str(about_id)),
            "referral_id": command.referral_id,
            "about_id": about_id,
            "kept": kept,
            "said_by": command.said_by.strip(),
            "words": whys.get(about_id, command.words.strip()),
        }
        for about_id, kept in command.kept
    ]
    await connection.execute(insert(WishKeptRow), rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class SayEthnicity(Command):
    """How the person describes their ethnicity, or that they do not say it. For measures alone.

    Attributes:
        group: one of the record's groups; :mod:`db.ethnicity` has the categories that lead to them.
        reason: why another is said once the referral is over.
    """

    referral_id: UUID
    group: str
    reason: str = ""


@verb(SayEthnicity)
async def say_ethnicity(connection: AsyncConnection, command: SayEthnicity) -> None:
    """Set it; the event keeps what it was before."""
    await lock_referral(connection, command.referral_id)
    if command.group not in {one.group for one in categories()}:
        raise Invalid("That is no group that the record knows.", "Choose one.", "ethnicity")
    await give_reason(connection, command.reason)
    query = update(ReferralRow).where(ReferralRow.id == command.referral_id)
    await connection.execute(query.values(ethnicity=command.group))


@dataclass(frozen=True, slots=True, kw_only=True)
class SayDeprivation(Command):
    """In which tenth of neighbourhoods the person lives, where the postcode does not tell it. For measures alone.

    Attributes:
        tenth: 1, the most deprived, to 10; none where nobody knows.
        reason: why it is another once the referral is over.
    """

    referral_id: UUID
    tenth: int | None
    reason: str = ""


@verb(SayDeprivation)
async def say_deprivation(connection: AsyncConnection, command: SayDeprivation) -> None:
    """Set it; the event keeps what it was before, and another postcode brings its own."""
    await lock_referral(connection, command.referral_id)
    if command.tenth is not None and not 1 <= command.tenth <= TENTHS:
        raise Invalid(f"There are {TENTHS} tenths.", "Choose one.", "tenth")
    await give_reason(connection, command.reason)
    query = update(ReferralRow).where(ReferralRow.id == command.referral_id)
    await connection.execute(query.values(deprivation=command.tenth))
