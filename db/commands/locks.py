"""Row locks, always in the same order: referral, then van, assignment or handover. So nothing deadlocks.

A van, and a row of a list, is locked without its key, since others go on naming it: a desk that falls asleep over
a van must not stop its first position, nor a lead's over the settings whoever is referred meanwhile.
"""

from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import Invalid
from db.tables import AssignmentRow, HandoverRow, ReferralRow, VanRow


async def lock_referral(connection: AsyncConnection, referral_id: UUID) -> Row[str, str, str | None, int]:
    """Lock a referral until the transaction ends. Returns reference, state, source and version."""
    query = select(ReferralRow.reference, ReferralRow.state, ReferralRow.source, ReferralRow.version)
    row = (await connection.execute(query.where(ReferralRow.id == referral_id).with_for_update())).first()
    if row is None:
        raise Invalid("That referral is not in the record.")
    return row


# The van behind the referral, as everywhere: its lock waits for what the first part found.
_BOTH = text(
    "WITH r AS MATERIALIZED (SELECT reference, state FROM cru.referral WHERE id = :referral FOR UPDATE),"
    " v AS MATERIALIZED (SELECT callsign FROM cru.van WHERE id = :van AND EXISTS (SELECT FROM r)"
    " FOR NO KEY UPDATE)"
    " SELECT r.reference, r.state, v.callsign FROM r LEFT JOIN v ON true"
)


async def lock_both(connection: AsyncConnection, referral_id: UUID, van_id: UUID) -> Row[str, str, str]:
    """Lock a referral, then a van, until the transaction ends. Returns reference, state and callsign."""
    row = (await connection.execute(_BOTH, {"referral": referral_id, "van": van_id})).first()
    if row is None:
        raise Invalid("That referral is not in the record.")
    if row.callsign is None:
        raise Invalid("That van is not in the record.")
    return row


async def lock_van(connection: AsyncConnection, van_id: UUID) -> Row[str, str]:
    """Lock a van until the transaction ends. Returns callsign and duty status."""
    query = select(VanRow.callsign, VanRow.duty_status).where(VanRow.id == van_id).with_for_update(key_share=True)
    row = (await connection.execute(query)).first()
    if row is None:
        raise Invalid("That van is not in the record.")
    return row


async def lock_assignment(connection: AsyncConnection, assignment_id: UUID) -> Row[UUID, UUID, str, str]:
    """Lock an assignment and its referral. Returns referral id, van id, callsign and state."""
    # Read without a lock, to know which referral to lock first; whose assignment it is never changes. What may
    # change, its state, is read below under the lock.
    found = select(AssignmentRow.referral_id).where(AssignmentRow.id == assignment_id)
    referral_id = (await connection.execute(found)).scalar_one_or_none()
    if referral_id is None:
        raise Invalid("That assignment is not in the record.")
    await lock_referral(connection, referral_id)
    query = (
        select(AssignmentRow.referral_id, AssignmentRow.van_id, VanRow.callsign, AssignmentRow.state)
        .join(VanRow, VanRow.id == AssignmentRow.van_id)
        .where(AssignmentRow.id == assignment_id)
        # Not of the van that is joined: it would be locked out of turn.
        .with_for_update(of=AssignmentRow)
    )
    return (await connection.execute(query)).one()


async def lock_handover(connection: AsyncConnection, handover_id: UUID) -> Row[UUID, str, str, str]:
    """Lock a handover and its referral. Returns referral id, from party, to party and state."""
    found = select(HandoverRow.referral_id).where(HandoverRow.id == handover_id)
    referral_id = (await connection.execute(found)).scalar_one_or_none()
    if referral_id is None:
        raise Invalid("That handover is not in the record.")
    await lock_referral(connection, referral_id)
    query = select(HandoverRow.referral_id, HandoverRow.from_party, HandoverRow.to_party, HandoverRow.state)
    return (await connection.execute(query.where(HandoverRow.id == handover_id).with_for_update())).one()
