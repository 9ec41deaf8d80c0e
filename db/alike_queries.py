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

_FIND = text(
    "SELECT * FROM cru.alike(CAST(:number AS text), CAST(:name AS text), CAST(:born AS date),"
    " CAST(:phone AS text), CAST(:incident AS text), CAST(:postcode AS text), CAST(:place AS text),"
    " CAST(:lat AS float8), CAST(:lon AS float8), CAST(:not_this AS uuid))"
)


async def alike(connection: AsyncConnection, typed: Typed, not_this: UUID | None, now: datetime) -> Likely:
    """What it may be about, the likeliest first. It reads nothing about anybody that it does not hand out.

    Args:
        connection: in a transaction of its own.
        typed: who and where, as far as it is said.
        not_this: the referral that is being typed, where the record has it.
        now: by the record's clock.
    """
    given = {name: getattr(typed, name) for name in Typed.__dataclass_fields__}
    found = await connection.execute(_FIND, given | {"not_this": not_this})
    return weighed(typed, [_candidate(row, typed) for row in found], now)


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
