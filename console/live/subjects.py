"""What a command is about: whichever share a subject depend on their order."""

from collections.abc import Iterator
from dataclasses import fields
from uuid import UUID, uuid5

from console.live.store import Store
from db import commands
from db.commands.base import Command


def subjects(command: Command, store: Store) -> frozenset[UUID]:
    """The ids that a command names, and the referral, van and crew that they belong to.

    An emergency is a subject of its own: it waits for no step of its van, only for what was said about it before.
    """
    if isinstance(command, commands.RaiseEmergency):
        return frozenset({_emergency(command.van_id)})
    found = set(_named(command))
    found.update(key for key in (referral_of(command, store), van_of(command, store)) if key is not None)
    # Whoever rides in the van is a subject, too: what is done to a crew keeps its order beside what its van does.
    for van_id in tuple(found):
        shift = store.shift_of(van_id)
        found.update(shift.staff_ids if shift is not None else ())
    if isinstance(command, commands.ClearEmergency):
        found.add(_emergency(command.van_id))
    return frozenset(found)


def referral_of(command: Command, store: Store) -> UUID | None:
    """The referral that a command acts on, if it names one or one of its parts."""
    named = getattr(command, "referral_id", None)
    if isinstance(named, UUID):
        return named
    for key in _named(command):
        part = store.assignment(key) or store.handover(key)
        if part is not None or store.referral(key) is not None:
            return part.referral_id if part is not None else key
    return None


def van_of(command: Command, store: Store) -> UUID | None:
    """The van that a command acts on, if it names one or its job."""
    named = getattr(command, "van_id", None)
    if isinstance(named, UUID):
        return named
    jobs = (store.assignment(key) for key in _named(command))
    return next((job.van_id for job in jobs if job is not None), None)


def _emergency(van_id: UUID) -> UUID:
    return uuid5(van_id, "emergency")


def _named(command: Command) -> Iterator[UUID]:
    for field in fields(command):
        value = getattr(command, field.name)
        if field.name != "command_id":
            yield from (one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, UUID))
