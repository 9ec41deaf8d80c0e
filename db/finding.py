"""Looking for something over years. That somebody looked is put down by the record itself, without the words.

It takes two transactions: what was found is told once it stands in the record that somebody looked.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.found import FoundLine
from db.errors import Invalid

_LOOK = text("SELECT cru.look_for(:typed, coalesce(:older_than, 'infinity'::timestamptz))")
_FOUND = text("SELECT * FROM cru.found_by(:search, :typed)")


async def look_for(connection: AsyncConnection, typed: str, older_than: datetime | None = None) -> int:
    """Find the newest lines with every typed word, :data:`db.domain.found.MOST` at most. Returns its number.

    Args:
        connection: in a transaction.
        typed: words, numbers, parts of both; in any order, each as far as it is known.
        older_than: only what was before this moment (UTC).

    Raises:
        DBAPIError: nothing is typed that could be looked for.
    """
    given = {"typed": typed, "older_than": older_than}
    return int((await connection.execute(_LOOK, given)).scalar_one())


async def found_by(connection: AsyncConnection, search: int, typed: str) -> list[FoundLine]:
    """What a search of the last minutes found, newest first; nothing of one that is not committed.

    Args:
        connection: of whoever looked, in another transaction than :func:`look_for` had.
        search: its number.
        typed: as it was typed then.
    """
    found = await connection.execute(_FOUND, {"search": search, "typed": typed})
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


async def find_referral(connection: AsyncConnection, reference: str) -> UUID:
    """The referral of a reference, such as ``CRU-20261122-0042``; also one that is past.

    Raises:
        Invalid: there is none.
    """
    query = text("SELECT cru.referral_called(:reference)")
    found: UUID | None = (await connection.execute(query, {"reference": reference.strip()})).scalar_one_or_none()
    if found is None:
        raise Invalid(f"{reference.strip()} is not in the record.", "Check the reference.")
    return found
