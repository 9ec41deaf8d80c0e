"""What somebody does in the month before the shift, and when the record hears of it."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from db.commands.base import Command
from db.exercise.record import Login
from db.exercise.referrals import minutes

_NAMESPACE = uuid.UUID("0b0f3d0e-6c52-4f3c-9a1e-5d1c0f8a7e42")
_LATE_ODDS = 0.07
_LATE_MINUTES = (3, 16)
_BREATH = timedelta(seconds=4)


@dataclass(frozen=True, slots=True)
class SeeToWords:
    """Somebody looks at what the reader found in a narrative; what that is, the record knows."""

    referral_id: UUID


@dataclass(frozen=True, slots=True)
class DoFollowUps:
    """Somebody does what was put down for later for a person."""

    referral_id: UUID


@dataclass(frozen=True, slots=True)
class HandOverRoom:
    """A lead offers the room as it stands, or signs each risk and takes it."""

    offered: bool


@dataclass(frozen=True, slots=True)
class LookAtReviews:
    """A lead looks at what asks to be looked at of a stretch of time, UTC, and signs most of it off."""

    since: datetime
    until: datetime


What = Command | SeeToWords | DoFollowUps | HandOverRoom | LookAtReviews


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that is done.

    Attributes:
        at: when the record hears of it, UTC.
        number: in which order, within one moment.
    """

    at: datetime
    number: int
    login: Login
    what: What


def command_id(deed: Deed) -> UUID:
    """The id of a deed that is a command: the record calls its act by it."""
    if not isinstance(deed.what, Command):
        raise TypeError
    return deed.what.command_id


@dataclass(frozen=True, slots=True)
class Happening:
    """A step that somebody takes, and may write down only later.

    Attributes:
        at: when it happens, UTC.
        command: is told when it happened.
    """

    at: datetime
    command: Callable[[datetime], Command]
    login: Login = Login.CREWS


@dataclass(slots=True)
class Deeds:
    """Everything that is done, in the order in which the record hears of it.

    Args:
        seed: the shift's number, from which the ids of commands are made.
        until: what would be heard later is left to whoever plays the shift.
    """

    seed: int
    until: datetime
    _found: list[Deed] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def add(self, at: datetime, login: Login, what: What) -> Deed:
        """Somebody does something, and writes it down at once."""
        number = next(self._numbers)
        if isinstance(what, Command):
            # Named by its number, so that what is made from it is the same for the same seed.
            what = replace(what, command_id=uuid.uuid5(_NAMESPACE, f"{self.seed}:{number}"))
        deed = Deed(at, number, login, what)
        self._found.append(deed)
        return deed

    def written(self, rng: Random, moments: Sequence[Happening], after: datetime) -> list[Deed]:
        """Steps of one crew, in their order; now and then one is written down late, and those behind it too.

        Args:
            rng: of the referral.
            moments: what happens.
            after: nothing is written down before that.
        """
        found, last = [], after
        for one in sorted(moments, key=lambda moment: moment.at):
            late = minutes(rng.uniform(*_LATE_MINUTES)) if rng.random() < _LATE_ODDS else timedelta()
            last = max(one.at + late, last + _BREATH)
            found.append(self.add(last, one.login, one.command(one.at)))
        return found

    def in_order(self) -> list[Deed]:
        """All that the record hears of before the shift."""
        return sorted((one for one in self._found if one.at < self.until), key=lambda one: (one.at, one.number))
