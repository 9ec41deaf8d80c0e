"""Rows about the room itself, its log and its handover, turned into records as :mod:`db.rows` does."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from db.domain.believable import believable, believable_if_any
from db.domain.messages import Message, Presence
from db.domain.raised import RaisedAlarm
from db.domain.records import Record
from db.domain.shift_handover import HandedItem, ShiftHandover
from db.domain.shift_log import LogEntry
from db.domain.texts import paragraphs

Row = Any
"""A mapping by column name; asyncpg's is none by its type."""
REFERENCE: Final = "(SELECT r.reference FROM cru.referral_times r WHERE r.id = t.referral_id) AS reference"
"""What a row ``t`` is about, as a column beside its own: its referral may have left the board long ago."""


def log_entry(row: Row) -> LogEntry:
    """A row of ``shift_log``, with :data:`REFERENCE`."""
    return LogEntry(
        id=row["id"],
        version=row["version"],
        happened_at=believable(row["happened_at"]),
        words=paragraphs(row["words"]),
        referral_id=row["referral_id"],
        van_id=row["van_id"],
        pass_on=row["pass_on"],
        corrects=row["corrects"],
        written_by=row["written_by"],
        written_at=believable(row["written_at"]),
        reference=row["reference"] or "",
    )


def shift_handover(row: Row) -> ShiftHandover:
    """A row of ``shift_handover``."""
    return ShiftHandover(
        id=row["id"],
        version=row["version"],
        since_at=believable(row["since_at"]),
        notes=paragraphs(row["notes"]),
        offered_by=row["offered_by"],
        offered_at=believable(row["offered_at"]),
        taken_by=row["taken_by"],
        taken_at=believable_if_any(row["taken_at"]),
        withdrawn_by=row["withdrawn_by"],
        withdrawn_at=believable_if_any(row["withdrawn_at"]),
    )


def handed_item(row: Row) -> HandedItem:
    """A row of ``shift_handover_item``."""
    return HandedItem(
        id=row["id"],
        version=row["version"],
        shift_handover_id=row["shift_handover_id"],
        rank=row["rank"],
        kind=row["kind"],
        words=paragraphs(row["words"]),
        referral_id=row["referral_id"],
        van_id=row["van_id"],
        due_at=believable_if_any(row["due_at"]),
        is_risk=row["is_risk"],
        signed_by=row["signed_by"],
        signed_at=believable_if_any(row["signed_at"]),
        remark=paragraphs(row["remark"]),
    )


def alarm(row: Row) -> RaisedAlarm:
    """A row of ``alarm``, with :data:`REFERENCE`."""
    return RaisedAlarm(
        id=row["id"],
        version=row["version"],
        name=row["name"],
        kind=row["kind"],
        priority=row["priority"],
        words=paragraphs(row["words"]),
        referral_id=row["referral_id"],
        van_id=row["van_id"],
        since_at=believable(row["since_at"]),
        raised_at=believable(row["raised_at"]),
        again_at=believable_if_any(row["again_at"]),
        acknowledged_at=believable_if_any(row["acknowledged_at"]),
        acknowledged_by=row["acknowledged_by"],
        shelved_by=row["shelved_by"],
        shelved_until=believable_if_any(row["shelved_until"]),
        shelved_reason=paragraphs(row["shelved_reason"]),
        returned_at=believable_if_any(row["returned_at"]),
        closed_at=believable_if_any(row["closed_at"]),
        reference=row["reference"] or "",
    )


def message(row: Row) -> Message:
    """A row of ``message``, with who saw it and :data:`REFERENCE`."""
    return Message(
        id=row["id"],
        version=row["version"],
        referral_id=row["referral_id"],
        to_login=row["to_login"],
        words=paragraphs(row["words"]),
        written_by=row["written_by"],
        written_at=believable(row["written_at"]),
        seen_by=tuple(row["seen_by"]),
        reference=row["reference"] or "",
    )


def presence(row: Row) -> Presence:
    """A row of ``presence``."""
    return Presence(row["id"], row["login"], row["referral_id"], row["typing"])


RECORDS: Mapping[str, Callable[[Row], Record]] = {
    "shift_log": log_entry,
    "shift_handover": shift_handover,
    "shift_handover_item": handed_item,
    "alarm": alarm,
    "message": message,
    "presence": presence,
}
"""What makes the record of a row, by table."""
