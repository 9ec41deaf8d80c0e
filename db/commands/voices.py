"""What people said afterwards, what becomes of it, and what a shift lead has looked at."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.commands.base import Command, verb
from db.errors import Conflict, Invalid
from db.tables import FeedbackRow, ImprovementRow, ReviewRow

Speaker = Literal["EMAS crew", "person", "carer", "other professional"]
FeedbackKind = Literal["comment", "thanks", "idea", "complaint"]
Consent = Literal["not asked", "team only", "may be quoted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFeedback(Command):
    """What somebody said afterwards, in their own words.

    Attributes:
        referral_id: which visit it is about; None for none.
        consent: what whoever said it agreed to.
        themes: labels of the record's themes.
    """

    said_by: Speaker
    words: str
    referral_id: UUID | None = None
    kind: FeedbackKind = "comment"
    consent: Consent = "not asked"
    themes: tuple[str, ...] = ()
    feedback_id: UUID = field(default_factory=uuid4)


@verb(AddFeedback)
async def add_feedback(connection: AsyncConnection, command: AddFeedback) -> None:
    """Insert the words; they are never changed."""
    if not command.words.strip():
        raise Invalid("There is nothing written.", "Type something first.", "words")
    values = {
        "id": command.feedback_id,
        "referral_id": command.referral_id,
        "said_by": command.said_by,
        "words": command.words.strip(),
        "kind": command.kind,
        "consent": command.consent,
        "themes": list(command.themes),
    }
    await connection.execute(insert(FeedbackRow).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class SortFeedback(Command):
    """Of which kind feedback is, what it is about, and what may be done with it by now.

    Attributes:
        version: that the change was made from; None asks nothing.
    """

    feedback_id: UUID
    kind: FeedbackKind
    consent: Consent
    themes: tuple[str, ...] = ()
    version: int | None = None


@verb(SortFeedback)
async def sort_feedback(connection: AsyncConnection, command: SortFeedback) -> None:
    """Set them; the words stay. Told, if somebody else sorted it meanwhile."""
    row = FeedbackRow
    query = select(row.version).where(row.id == command.feedback_id).with_for_update()
    version = (await connection.execute(query)).scalar_one_or_none()
    if version is None:
        raise Conflict("That is not in the record.", "Look at the list again.")
    # What somebody agreed to must not be set back by a sheet that was opened before they took it back.
    if command.version not in {None, version}:
        raise Conflict("Somebody else sorted it meanwhile.", "Look at it again.")
    values = {"kind": command.kind, "consent": command.consent, "themes": list(command.themes)}
    await connection.execute(update(row).where(row.id == command.feedback_id).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetImprovement(Command):
    """Something that was said gets an owner and a day, and at last what changed.

    Attributes:
        said: in words that name no person.
        owner: who sees to it, by name.
        did: what changed, or why nothing did.
        version: that the change was made from; None for a new one.
    """

    said: str
    raised_by: Literal["EMAS crew", "person", "carer", "other professional", "team"] = "team"
    owner: str = ""
    due_on: date | None = None
    state: Literal["open", "doing", "done", "not done"] = "open"
    did: str = ""
    feedback_id: UUID | None = None
    version: int | None = None
    improvement_id: UUID = field(default_factory=uuid4)


@verb(SetImprovement)
async def set_improvement(connection: AsyncConnection, command: SetImprovement) -> None:
    """Make it, or change it; told, if somebody else changed it meanwhile."""
    if not command.said.strip():
        raise Invalid("It does not say what was said.", "Say it without naming anybody.", "said")
    row = ImprovementRow
    changes = {
        "said": command.said.strip(),
        "owner": command.owner.strip(),
        "due_on": command.due_on,
        "state": command.state,
        "did": command.did.strip(),
    }
    if command.version is None:
        first = {"id": command.improvement_id, "feedback_id": command.feedback_id, "raised_by": command.raised_by}
        await connection.execute(insert(row).values(first | changes))
        return
    asked = update(row).where(row.id == command.improvement_id).values(changes | {"version": command.version})
    if (await connection.execute(asked.returning(row.id))).first() is None:
        raise Conflict("That is not in the record.", "Look at the list again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff(Command):
    """A shift lead has looked at something, and says a line about it. ``kind`` and ``about`` name it."""

    kind: str
    about: str
    words: str
    referral_id: UUID | None = None


@verb(SignOff)
async def sign_off(connection: AsyncConnection, command: SignOff) -> None:
    """Sign it, once."""
    if not command.words.strip():
        raise Invalid("A line is needed.", "Say what you saw, such as: no van free, rota looked at.", "words")
    values = {
        "kind": command.kind,
        "about": command.about,
        "referral_id": command.referral_id,
        "words": command.words.strip(),
    }
    await connection.execute(insert(ReviewRow).values(values))
