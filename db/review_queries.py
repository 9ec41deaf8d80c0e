"""What a shift lead has to look at: read from the record's own rows and events, with what was signed off."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.believable import believable
from db.domain.review import ToReview, in_order
from db.domain.texts import paragraphs

_REVIEW = text("SELECT * FROM cru.to_review(:look)")


async def to_review(connection: AsyncConnection, look: int) -> list[ToReview]:
    """What asks to be looked at, of each kind the newest thousand: what is open first.

    Args:
        connection: of a shift lead, in another transaction than the look had.
        look: as :func:`db.opening.open_list` numbered it, with its stretch of time.
    """
    found = await connection.execute(_REVIEW, {"look": look})
    return in_order([_line(row) for row in found.mappings()])


def _line(row: Any) -> ToReview:  # noqa: ANN401 - a mapping by column name
    return ToReview(
        kind=row["kind"],
        about=row["about"],
        referral_id=row["referral_id"],
        reference=row["reference"],
        at=believable(row["at"]),
        words=paragraphs(row["words"]),
        by=row["by"],
        reviewed_by=row["reviewed_by"] or "",
        reviewed_at=believable(row["reviewed_at"]) if row["reviewed_at"] is not None else None,
        line=paragraphs(row["line"] or ""),
    )
