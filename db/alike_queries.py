"""Which referrals something that is being typed may be about: found by the record, weighed by the domain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain import nhs_number
from db.domain.alike import Likely, MaybeSame, Typed, weighed
from db.domain.texts import paragraphs
from db.geo.earth import metres

_ASKED = (
    "(CAST(:number AS text), CAST(:name AS text), CAST(:born AS date),"
    " CAST(:phone AS text), CAST(:incident AS text), CAST(:postcode AS text), CAST(:place AS text),"
    " CAST(:lat AS float8), CAST(:lon AS float8), CAST(:not_this AS uuid))"
)
_OPEN = text(f"SELECT cru.open_alike{_ASKED}")
_FIND = text(f"SELECT * FROM cru.alike{_ASKED}")  # noqa: S608 - of ours


async def open_alike(connection: AsyncConnection, typed: Typed, not_this: UUID | None) -> bool:
    """Open whom of the past it may be about, and put that down; :func:`alike` tells of them once it is committed.

    Args:
        connection: in a transaction of its own.
        typed: who and where, as far as it is said.
        not_this: the referral that is being typed, where the record has it.

    Returns:
        Whether the past was looked through; not where this login opened too much of it within the hour.
    """
    return (await connection.execute(_OPEN, _given(typed, not_this))).scalar_one() is not None


async def alike(connection: AsyncConnection, typed: Typed, not_this: UUID | None, now: datetime) -> Likely:
    """What it may be about, the likeliest first: what is in sight, and what :func:`open_alike` opened before.

    Flags of this home or person are told whatever is in sight, by their kinds alone.

    Args:
        connection: in a transaction of its own.
        typed: who and where, as far as it is said.
        not_this: the referral that is being typed, where the record has it.
        now: by the record's clock.
    """
    found = await connection.execute(_FIND, _given(typed, not_this))
    return weighed(typed, [_candidate(row, typed) for row in found], now)


def _given(typed: Typed, not_this: UUID | None) -> dict[str, object]:
    return {name: getattr(typed, name) for name in Typed.__dataclass_fields__} | {"not_this": not_this}


def _candidate(row: Row[Any], typed: Typed) -> MaybeSame:
    far = None
    if typed.lat is not None and typed.lon is not None and row.lat is not None:
        far = metres((typed.lat, typed.lon), (row.lat, row.lon))
    # One that does not fit proves nothing, also not that they are two.
    is_number = bool(typed.number and row.nhs_number and nhs_number.is_valid(row.nhs_number))
    return MaybeSame(
        referral_id=row.referral_id,
        reference=row.reference,
        received_at=row.received_at,
        is_open=row.is_open,
        name=paragraphs(row.patient_name or ""),
        metres=far,
        same_name_and_birth=row.same_name_and_birth,
        number=row.same_number or (False if is_number else None),
        birth=row.same_birth,
        phone=row.same_phone,
        incident=row.same_incident,
        home=row.same_home,
        postcode=row.same_postcode,
        flags=tuple(row.flags),
    )
