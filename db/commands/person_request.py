"""What somebody asks about a person's record: written down, answered, given out, corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Select, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, give_reason, record_now, verb
from db.commands.locks import lock_referral
from db.commands.person import WithdrawFlag, withdraw_flag
from db.commands.reading import read_narrative
from db.domain import nhs_number
from db.domain.cautions import flag_label
from db.domain.clocks import local
from db.domain.person_requests import CORRECTABLE, PLACE, RequestKind, RequestState
from db.domain.states import OPEN_REFERRAL
from db.domain.typed_dates import read_date
from db.errors import Conflict, Invalid
from db.tables import AboutMeRow, AboutTopicRow, FlagRow, PersonRequestRow, ReferralRow

_LOOK: Final = text(
    "INSERT INTO cru.event (referral_id, kind, words, source, command_id)"
    " SELECT p.referral_id, 'record opened', :words, :source, :command FROM cru.referrals_of_person(:referral) p"
)
_WANTED_FROM: Final = "Look at it again before you go on."


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAboutRecord(Command):
    """Somebody asks for a copy, a correction, or that the person is erased. A shift lead answers, or the owner.

    Attributes:
        referral_id: one of theirs.
        said_by: who asks.
        words: in their words.
        about: what in the record it is about, in a few words; empty for all of it.
    """

    referral_id: UUID
    kind: Literal["copy", "correction", "erasing"]
    said_by: str
    words: str
    about: str = ""
    request_id: UUID = field(default_factory=uuid4)


@verb(AskAboutRecord)
async def ask_about_record(connection: AsyncConnection, command: AskAboutRecord) -> None:
    """Write it down; it waits for its answer."""
    await lock_referral(connection, command.referral_id)
    await _write_down(connection, command, command.kind, about=command.about)
    await read_narrative(connection, command.referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAboutRecord(Command):
    """It is not granted, and why; or whoever asked wants it no longer.

    Attributes:
        statement: what they want to stand beside what is not changed, in their words.
        kind: of a request that nobody had written down before: both are written down at once.
        referral_id, said_by, words, about: likewise; of one that waits they are left out.
    """

    request_id: UUID
    state: Literal["refused", "withdrawn"]
    answer: str
    statement: str = ""
    referral_id: UUID | None = None
    kind: Literal["copy", "correction", "erasing"] = "correction"
    said_by: str = ""
    words: str = ""
    about: str = ""


@verb(AnswerAboutRecord)
async def answer_about_record(connection: AsyncConnection, command: AnswerAboutRecord) -> None:
    """Put down the answer with the reason; the person's statement stays beside it."""
    if not command.answer.strip():
        raise Invalid("Nothing is refused without a reason.", "Say why, as the person will read it.", "answer")
    answer = {"answer": command.answer.strip(), "statement": command.statement.strip()}
    if command.referral_id is None:
        await _answer(connection, command.request_id, command.state, answer)
        return
    await lock_referral(connection, command.referral_id)
    await _write_down(
        connection, command, command.kind, about=command.about, answered={"state": command.state, **answer}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOutPerson(Command):
    """Everything that is held about a person is given out. Shift lead only.

    Attributes:
        referral_id: one of theirs.
        said_by: whom it is given to.
        words: what for.
        formats: as which files, such as ``"PDF, XLSX"``.
        answers: the request that it answers; None where nobody had written one down.
    """

    referral_id: UUID
    said_by: str
    words: str
    formats: str
    answers: UUID | None = None
    request_id: UUID = field(default_factory=uuid4)


@verb(GiveOutPerson)
async def give_out_person(connection: AsyncConnection, command: GiveOutPerson) -> None:
    """Put it down with each of their referrals, and with what was asked."""
    await lock_referral(connection, command.referral_id)
    told = f"Given out to {command.said_by.strip()}: {command.formats}, {command.words.strip()}"
    answered = {"state": RequestState.DONE, "answer": told}
    if command.answers is not None:
        await _answer(connection, command.answers, RequestState.DONE, {"answer": told})
    else:
        await _write_down(connection, command, RequestKind.COPY, answered=answered)
    given = {"referral": command.referral_id, "words": told, "source": command.origin}
    await connection.execute(_LOOK, given | {"command": command.command_id})


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectRecord(Command):
    """Something in the record is wrong, as the person says, and is put right. What it was stays in the events.

    Attributes:
        thing: a column of the referral, something that was said about the person, or a flag.
        what: the column's name; the row's id for the others.
        was: what stood there when somebody looked, as text.
        value: what it is instead; of a flag nothing, since it is withdrawn.
        said_by: at whose request.
        words: what they say is wrong.
        reason: what it was corrected by.
        answers: the request that it answers; None where nobody had written one down.
    """

    referral_id: UUID
    thing: Literal["column", "said", "flag"]
    what: str
    was: str
    value: str
    said_by: str
    words: str
    reason: str
    answers: UUID | None = None
    request_id: UUID = field(default_factory=uuid4)


@verb(CorrectRecord)
async def correct_record(connection: AsyncConnection, command: CorrectRecord) -> None:
    """Change it with the reason, and put down at whose request."""
    if not command.reason.strip():
        raise Invalid("What is corrected needs a reason.", "Say what it is corrected by.", "reason")
    if command.thing != "flag" and command.value.strip() == command.was.strip():
        raise Invalid("That is what stands there.", "Type what it should be.", "value")
    state = (await lock_referral(connection, command.referral_id)).state
    await give_reason(connection, f"{command.said_by.strip()} asked: {command.reason.strip()}")
    match command.thing:
        case "column":
            about = await _change_column(connection, command, is_open=state in OPEN_REFERRAL)
        case "said":
            about = await _say_anew(connection, command)
        case "flag":
            about = await _withdraw(connection, command)
    answer = {"answer": f"Corrected: {command.reason.strip()}"}
    if command.answers is not None:
        await _answer(connection, command.answers, RequestState.DONE, answer)
    else:
        done = {"state": RequestState.DONE, **answer}
        await _write_down(connection, command, RequestKind.CORRECTION, about=about, answered=done)
    await read_narrative(connection, command.referral_id)


async def _change_column(connection: AsyncConnection, command: CorrectRecord, *, is_open: bool) -> str:
    column = command.what
    if column not in CORRECTABLE:
        raise Invalid("That is not corrected this way.", "Write down what the person says of it.")
    if column in PLACE and is_open:
        raise Invalid("Where somebody is now is changed on the desk.", "Change it in the referral's form.")
    row = ReferralRow
    found = select(getattr(row, column)).where(row.id == command.referral_id)
    was = (await connection.execute(found)).scalar_one()
    if as_text(was) != command.was:
        raise Conflict("Somebody else changed it meanwhile.", _WANTED_FROM)
    today = local(await record_now(connection)).date()
    values = _values(column, command.value.strip(), today)
    await connection.execute(update(row).where(row.id == command.referral_id).values(values))
    return CORRECTABLE[column]


def _values(column: str, typed: str, today: date) -> Mapping[str, object]:
    if column == "patient_born":
        born = read_date(typed, today) if typed else None
        if typed and born is None:
            raise Invalid(f'"{typed}" is no date of birth.', "Type it such as 1 Feb 1980.", "value")
        # An age that somebody guessed goes with the date that was wrong.
        ages = dict.fromkeys(("patient_age_low", "patient_age_high", "patient_age_on"))
        return {column: born, "patient_born_said": "", **ages}
    if column == "nhs_number":
        return {column: nhs_number.kept(typed) or None}
    if column == "patient_name":
        return {column: typed or None}
    # Where it was on the map goes with the words that were wrong.
    return {column: typed} | ({"lat": None, "lon": None} if column in PLACE else {})


def as_text(value: object) -> str:
    """What stands in a column, as it is shown and compared; empty for nothing."""
    return "" if value is None else str(value)


async def _say_anew(connection: AsyncConnection, command: CorrectRecord) -> str:
    said, topic = AboutMeRow, AboutTopicRow
    query = select(said.topic, said.code, said.words, topic.label).join(topic, topic.key == said.topic)
    standing = said.id == UUID(command.what), said.referral_id == command.referral_id, said.ended_at.is_(None)
    found = (await connection.execute(query.where(*standing, said.taken_back_at.is_(None)))).first()
    if found is None or (found.words or found.code) != command.was:
        raise Conflict("Somebody else changed what was said meanwhile.", _WANTED_FROM)
    await connection.execute(update(said).where(*standing).values(ended_at=text("cru.clock_now()")))
    if command.value.strip():
        row = {
            # Made from the command's id, so that the same command has the same row whenever it is repeated.
            "id": uuid5(command.command_id, command.what),
            "referral_id": command.referral_id,
            "topic": found.topic,
            "words": command.value.strip(),
            "said_by": command.said_by.strip(),
        }
        await connection.execute(insert(said).values(row))
    return str(found.label)


async def _withdraw(connection: AsyncConnection, command: CorrectRecord) -> str:
    flag_id = UUID(command.what)
    query: Select[str] = select(FlagRow.kind).where(FlagRow.id == flag_id)
    kind = (await connection.execute(query.where(FlagRow.referral_id == command.referral_id))).scalar_one_or_none()
    if kind is None:
        raise Conflict("That flag is not there any more.", _WANTED_FROM)
    reason = f"{command.said_by.strip()} asked: {command.reason.strip()}"
    await withdraw_flag(connection, WithdrawFlag(flag_id=flag_id, reason=reason))
    return f"Flag: {flag_label(kind)}"


async def _write_down(
    connection: AsyncConnection,
    command: AskAboutRecord | AnswerAboutRecord | GiveOutPerson | CorrectRecord,
    kind: str,
    *,
    about: str = "",
    answered: Mapping[str, str] | None = None,
) -> None:
    if not command.said_by.strip():
        raise Invalid("It does not say who asks.", "Say who: the person, a solicitor, the GP.", "said_by")
    if not command.words.strip():
        raise Invalid("There is nothing written.", "Say what they ask, in their words.", "words")
    values: dict[str, object] = {
        "id": command.request_id,
        "referral_id": command.referral_id,
        "kind": kind,
        "about": about.strip(),
        "said_by": command.said_by.strip(),
        "words": command.words.strip(),
    }
    await connection.execute(insert(PersonRequestRow).values(values | dict(answered or {})))


async def _answer(connection: AsyncConnection, request_id: UUID, state: str, answer: Mapping[str, str]) -> None:
    row = PersonRequestRow
    # Whether it was answered already says the record.
    if (await connection.execute(select(row.id).where(row.id == request_id))).first() is None:
        raise Conflict("That is not in the record.", "Look at the list again.")
    await connection.execute(update(row).where(row.id == request_id).values(state=str(state), **answer))
