"""Looking for something over years. That somebody looked is put down by the record itself, without the words."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.found import FoundLine
from db.errors import Invalid

_FIND = text("SELECT * FROM cru.find(:typed, coalesce(:older_than, 'infinity'::timestamptz))")
_OPENED = text("INSERT INTO cru.event (referral_id, kind) VALUES (:referral, 'record opened')")


async def find(connection: AsyncConnection, typed: str, older_than: datetime | None = None) -> list[FoundLine]:
    """The newest lines in which every typed word is found, :data:`db.domain.found.MOST` at most.

    Args:
        connection: in a transaction.
        typed: words, numbers, parts of both; in any order, each as far as it is known.
        older_than: only what was before this moment (UTC).

    Raises:
        DBAPIError: nothing is typed that could be looked for.
    """
    found = await connection.execute(_FIND, {"typed": typed, "older_than": older_than})
    return [
        FoundLine(
            row["id"],
            row["referral_id"],
            row["is_log"],
            row["at"],
            row["reference"],
            row["patient_name"],
            row["patient_born"],
            ", ".join(filter(None, (row["location_text"], _beside(row["postcode"], row["location_text"])))),
            row["state"],
            row["in_error"],
            row["words"],
            tuple(row["found_in"]),
        )
        for row in found.mappings()
    ]


def _beside(postcode: str, place: str) -> str:
    return "" if postcode.casefold() in place.casefold() else postcode


async def note_opened(connection: AsyncConnection, referral_id: UUID) -> None:
    """Write down that this login looks at a referral's record."""
    await connection.execute(_OPENED, {"referral": referral_id})


async def find_referral(connection: AsyncConnection, reference: str) -> UUID:
    """The referral of a reference, such as ``CRU-20261122-0042``.

    Raises:
        Invalid: there is none.
    """
    query = text("SELECT id FROM cru.referral WHERE reference = upper(:reference)")
    found: UUID | None = (await connection.execute(query, {"reference": reference.strip()})).scalar_one_or_none()
    if found is None:
        raise Invalid(f"{reference.strip()} is not in the record.", "Check the reference.")
    return found
