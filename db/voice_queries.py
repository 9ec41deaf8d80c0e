"""Reads of what people said afterwards, and of what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.believable import believable
from db.domain.feedback import Feedback, Improvement
from db.domain.texts import paragraphs
from db.tables.voices import ImprovementRow

Row = Any
"""A mapping by column name."""
_SAID = text("SELECT (s.said).*, s.reference FROM cru.said_afterwards(:look, :most) s")
FEEDBACK_MOST = 2000
"""How much feedback is read at most; the newest."""


@dataclass(frozen=True, slots=True)
class Voices:
    """What was said in a stretch of time, with every item that is open, and what ended in it.

    Attributes:
        references: of the referrals that feedback is about, by their ids as text.
    """

    feedback: tuple[Feedback, ...]
    improvements: tuple[Improvement, ...]
    references: dict[str, str]


async def voices(connection: AsyncConnection, look: int, start: datetime, end: datetime) -> Voices:
    """What was said between two moments (aware), newest first.

    Args:
        connection: of a desk, in another transaction than the look had.
        look: as :func:`db.opening.open_list` numbered it; the feedback is that of its stretch of time.
        start: of what became of it.
        end: of what became of it.
    """
    rows = (await connection.execute(_SAID, {"look": look, "most": FEEDBACK_MOST})).mappings().all()
    item = ImprovementRow
    kept = item.state.in_(("open", "doing")) | ((item.changed_at >= start) & (item.changed_at < end))
    items = (await connection.execute(select(item.__table__).where(kept))).mappings()
    return Voices(
        tuple(_feedback(row) for row in rows),
        tuple(_improvement(row) for row in items),
        {str(row["referral_id"]): row["reference"] for row in rows if row["reference"]},
    )


def _feedback(row: Row) -> Feedback:
    return Feedback(
        id=row["id"],
        version=row["version"],
        referral_id=row["referral_id"],
        said_by=row["said_by"],
        kind=row["kind"],
        words=paragraphs(row["words"]),
        consent=row["consent"],
        themes=tuple(row["themes"]),
        recorded_by=row["recorded_by"],
        recorded_at=believable(row["recorded_at"]),
    )


def _improvement(row: Row) -> Improvement:
    return Improvement(
        id=row["id"],
        version=row["version"],
        feedback_id=row["feedback_id"],
        said=paragraphs(row["said"]),
        raised_by=row["raised_by"],
        owner=paragraphs(row["owner"]),
        due_on=row["due_on"],
        state=row["state"],
        did=paragraphs(row["did"]),
        made_by=row["made_by"],
        made_at=believable(row["made_at"]),
        changed_at=believable(row["changed_at"]),
    )
