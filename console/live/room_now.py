"""What the console knows of the room: its log, how it is handed over, and what there is to hand over now."""

from console.live.joins import referral_facts, van_facts
from console.live.store import Store
from console.running.faults import attempt
from db.domain.alarms import as_set, in_order, referral_alarms, van_alarms
from db.domain.fleet import VanFacts
from db.domain.handing_over import Room
from db.domain.raised import RaisedAlarm
from db.domain.shift_handover import HandedItem, ShiftHandover
from db.domain.shift_log import LogEntry
from db.domain.situation import Facts


def log_entries(store: Store) -> list[LogEntry]:
    """The entries of the last day, in no order."""
    return store.all_of(LogEntry, "shift_log")


def offered_room(store: Store) -> ShiftHandover | None:
    """The handover that waits for somebody to take the room."""
    rooms = store.all_of(ShiftHandover, "shift_handover")
    return next((one for one in rooms if one.is_offered), None)


def last_room(store: Store) -> ShiftHandover | None:
    """The handover that ended last, taken or withdrawn; None where none is known."""
    ended = [one for one in store.all_of(ShiftHandover, "shift_handover") if not one.is_offered]
    return max(ended, key=lambda one: one.taken_at or one.withdrawn_at or one.offered_at, default=None)


def items_of(store: Store, room: ShiftHandover) -> list[HandedItem]:
    """The lines of a handover that is mirrored, in their order."""
    items = store.all_of(HandedItem, "shift_handover_item")
    return sorted((one for one in items if one.shift_handover_id == room.id), key=lambda one: one.rank)


def facts_now(store: Store) -> tuple[list[Facts], list[VanFacts]]:
    """Every referral and every van in use. What cannot be worked out of one record costs that record."""
    referrals = (attempt("a referral", referral_facts, store, one.id) for one in store.referrals())
    vans = (attempt("a van", van_facts, store, one.id) for one in store.vans())
    return [one for one in referrals if one is not None], [one for one in vans if one is not None]


def room_now(store: Store) -> Room:
    """All that the next shift may have to be told. What cannot be worked out of one record costs that record."""
    reference = store.reference
    referrals, vans = facts_now(store)
    found = (attempt("the alarms of a referral", referral_alarms, facts, reference) or () for facts in referrals)
    of_vans = (attempt("the alarms of a van", van_alarms, known, reference.rules) or () for known in vans)
    alarms = in_order(as_set([alarm for some in (*found, *of_vans) for alarm in some], reference.alarm_kinds))
    shelved = {row.name: row for row in store.all_of(RaisedAlarm, "alarm") if row.shelved_until is not None}
    return Room(referrals, vans, alarms, log_entries(store), shelved)
