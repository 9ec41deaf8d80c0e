"""Row locks, always in the same order: referral, then van, assignment or handover. So nothing deadlocks."""

from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import Invalid
from db.tables import Assignment, Handover, Referral, Van


async def lock_referral(connection: AsyncConnection, referral_id: UUID) -> Row[str, str, str, int]:
    """Lock a referral until the transaction ends. Returns reference, state, source and version."""
    query = select(Referral.reference, Referral.state, Referral.source, Referral.version)
    row = (await connection.execute(query.where(Referral.id == referral_id).with_for_update())).first()
    if row is None:
        raise Invalid("That referral is not in the record.")
    return row


async def lock_van(connection: AsyncConnection, van_id: UUID) -> Row[str, str]:
    """Lock a van until the transaction ends. Returns callsign and duty status."""
    query = select(Van.callsign, Van.duty_status).where(Van.id == van_id).with_for_update()
    row = (await connection.execute(query)).first()
    if row is None:
        raise Invalid("That van is not in the record.")
    return row


async def lock_assignment(connection: AsyncConnection, assignment_id: UUID) -> Row[UUID, UUID, str, str]:
    """Lock an assignment and its referral. Returns referral id, van id, callsign and state."""
    found = select(Assignment.referral_id).where(Assignment.id == assignment_id)
    referral_id = (await connection.execute(found)).scalar_one_or_none()
    if referral_id is None:
        raise Invalid("That assignment is not in the record.")
    await lock_referral(connection, referral_id)
    query = (
        select(Assignment.referral_id, Assignment.van_id, Van.callsign, Assignment.state)
        .join(Van, Van.id == Assignment.van_id)
        .where(Assignment.id == assignment_id)
        .with_for_update(of=Assignment)
    )
    return (await connection.execute(query)).one()


async def lock_handover(connection: AsyncConnection, handover_id: UUID) -> Row[UUID, str, str, str]:
    """Lock a handover and its referral. Returns referral id, from party, to party and state."""
    found = select(Handover.referral_id).where(Handover.id == handover_id)
    referral_id = (await connection.execute(found)).scalar_one_or_none()
    if referral_id is None:
        raise Invalid("That handover is not in the record.")
    await lock_referral(connection, referral_id)
    query = select(Handover.referral_id, Handover.from_party, Handover.to_party, Handover.state)
    return (await connection.execute(query.where(Handover.id == handover_id).with_for_update())).one()
