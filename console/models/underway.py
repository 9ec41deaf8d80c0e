"""Which referrals and vans an action is on its way for."""

from collections.abc import Iterable
from uuid import UUID

from console.actions import Action
from console.store import Store
from db.commands import Command


def referral_of(command: Command, store: Store) -> UUID | None:
    """The referral that a command acts on, if it names one or one of its parts."""
    named = getattr(command, "referral_id", None)
    if isinstance(named, UUID):
        return named
    job = store.assignment(getattr(command, "assignment_id", None) or _NO_ID)
    link = store.handover(getattr(command, "handover_id", None) or _NO_ID)
    part = job or link
    return part.referral_id if part else None


def van_of(command: Command, store: Store) -> UUID | None:
    """The van that a command acts on, if it names one or its job."""
    named = getattr(command, "van_id", None)
    if isinstance(named, UUID):
        return named
    job = store.assignment(getattr(command, "assignment_id", None) or _NO_ID)
    return job.van_id if job else None


def referrals_underway(pending: Iterable[Action], store: Store) -> set[UUID]:
    """Every referral with a pending action."""
    return {key for action in pending if (key := referral_of(action.command, store)) is not None}


def vans_underway(pending: Iterable[Action], store: Store) -> set[UUID]:
    """Every van with a pending action."""
    return {key for action in pending if (key := van_of(action.command, store)) is not None}


_NO_ID = UUID(int=0)
