"""Which referrals and vans an action is on its way for."""

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from console.live.actions import Action
from console.live.store import Store
from console.live.subjects import referral_of, van_of
from db import commands
from db.commands.base import Command


@cache
def _words() -> tuple[type[Command], ...]:
    """What is said beside the steps: it brings nothing further, and keeps no step from its button."""
    return (
        commands.AddFeedback,
        commands.AddFlag,
        commands.AddNote,
        commands.BookInterpreter,
        commands.OpenRecord,
        commands.ReadBriefBack,
        commands.ReportWishes,
        commands.SayDeprivation,
        commands.SayEthnicity,
        commands.SayWhoItIs,
        commands.TakeOver,
        commands.TellAbout,
        commands.WithdrawFlag,
    )


def referrals_underway(pending: Iterable[Action], store: Store) -> set[UUID]:
    """Every referral with a pending action that changes something; a look hides nothing of its row."""
    asked = (action.command for action in pending if not isinstance(action.command, commands.OpenRecord))
    return {key for command in asked if (key := referral_of(command, store)) is not None}


def vans_underway(pending: Iterable[Action], store: Store) -> set[UUID]:
    """Every van with a pending action."""
    return {key for action in pending if (key := van_of(action.command, store)) is not None}


def steps_underway(pending: Iterable[Action], store: Store, referral_id: UUID) -> list[Action]:
    """The pending actions that bring a referral further, oldest first; words beside it do not."""
    steps = (action for action in pending if not isinstance(action.command, _words()))
    return [action for action in steps if referral_of(action.command, store) == referral_id]
