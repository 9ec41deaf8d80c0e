"""The record as the players have it: one reading of what is live, and the same commands as a person's."""

import asyncio
import logging
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import queries
from db.commands import Command, execute
from db.domain.about import AboutItem
from db.domain.care import Contact, FollowUp, HowItEnded, LateLink
from db.domain.cautions import Flag
from db.domain.dangers import Dangers
from db.domain.intake_call import IntakeCall
from db.domain.read_back import Booking, CrewWord, ReadBack
from db.domain.records import Assignment, Handover, Record, Referral, Screening, Shift, Van
from db.domain.roles import Role
from db.domain.states import DutyStatus
from db.errors import Conflict, Invalid, NotAllowed, Unavailable
from db.exercise.people import People

T = TypeVar("T", Assignment, Handover, Screening, Contact, FollowUp, LateLink)
_log = logging.getLogger(__name__)
_TRY_AGAIN = 1.0
# Of the exercise clock: until then what was refused is not asked for again.
_REST = timedelta(minutes=3)
_KEPT = 200
# The closest thing first: what rests after a refusal is one job's step, and not everything about its referral.
_NAMES = ("assignment_id", "handover_id", "screening_id", "contact_id", "follow_up_id", "van_id", "referral_id")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is live. Lists are in the order in which things were received or are called, so that choices repeat.

    Attributes:
        referrals: by id, oldest first.
        vans: by id, by callsign.
        assignments: of a referral, oldest first.
        handovers: of a referral, first link first.
        screenings: of a referral, oldest first.
        dangers: what stands against a referral.
        jobs: the open assignment of a van.
        shifts: the open shift of a van.
        contacts: words with the person of a referral, oldest first.
        endings: how a referral ended.
        follow_ups: of a referral, by when they are due.
        late_links: EMAS or police who came into a referral later, in the order in which it was put down.
        people: what was said about whom, flagged, read back and booked.
    """

    referrals: Mapping[UUID, Referral]
    vans: Mapping[UUID, Van]
    assignments: Mapping[UUID, Sequence[Assignment]]
    handovers: Mapping[UUID, Sequence[Handover]]
    screenings: Mapping[UUID, Sequence[Screening]]
    dangers: Mapping[UUID, Dangers]
    jobs: Mapping[UUID, Assignment]
    shifts: Mapping[UUID, Shift]
    contacts: Mapping[UUID, Sequence[Contact]] = field(default_factory=dict)
    endings: Mapping[UUID, HowItEnded] = field(default_factory=dict)
    follow_ups: Mapping[UUID, Sequence[FollowUp]] = field(default_factory=dict)
    late_links: Mapping[UUID, Sequence[LateLink]] = field(default_factory=dict)
    people: People = field(default_factory=People)

    def open_referrals(self) -> Iterator[Referral]:
        """Referrals somebody still has to do something for, oldest first."""
        return (referral for referral in self.referrals.values() if referral.is_open)

    def free_vans(self) -> list[Van]:
        """Vans that may be sent."""
        return [
            van
            for van in self.vans.values()
            if van.duty_status is DutyStatus.AVAILABLE and van.emergency_at is None and van.id not in self.jobs
        ]


async def read_snapshot(connection: AsyncConnection) -> Snapshot:
    """Read what is live, in one snapshot."""
    return arrange(await queries.snapshot(connection, Role.DISPATCHER))


def arrange(found: Mapping[str, Sequence[Record]]) -> Snapshot:
    """Arrange a snapshot."""
    # Nobody who is played takes a call over from whoever practises.
    calls = {one.id for one in found.get("intake_call", ()) if isinstance(one, IntakeCall) and one.is_open}
    referrals = [one for one in found["referral"] if isinstance(one, Referral) and one.id not in calls]
    vans = [record for record in found["van"] if isinstance(record, Van)]
    assignments = [record for record in found["assignment"] if isinstance(record, Assignment)]
    handovers = [record for record in found["handover"] if isinstance(record, Handover)]
    screenings = [record for record in found["screening"] if isinstance(record, Screening)]
    shifts = [record for record in found["shift"] if isinstance(record, Shift)]
    contacts = [record for record in found.get("contact", ()) if isinstance(record, Contact)]
    follow_ups = [record for record in found.get("follow_up", ()) if isinstance(record, FollowUp)]
    late_links = [record for record in found.get("late_link", ()) if isinstance(record, LateLink)]
    # In an order of their own, since the record has none: what the players decide goes by it, and must repeat.
    return Snapshot(
        referrals={record.id: record for record in sorted(referrals, key=lambda one: one.reference)},
        vans={record.id: record for record in sorted(vans, key=lambda one: one.callsign)},
        assignments=_of_referral(sorted(assignments, key=lambda one: min(one.times.values()))),
        handovers=_of_referral(sorted(handovers, key=lambda one: one.ordinal)),
        screenings=_of_referral(sorted(screenings, key=lambda one: one.completed_at)),
        dangers={record.id: record for record in found["danger"] if isinstance(record, Dangers)},
        jobs={record.van_id: record for record in assignments if record.is_open},
        shifts={record.van_id: record for record in shifts},
        contacts=_of_referral(sorted(contacts, key=lambda one: one.made_at)),
        endings={
            record.referral_id: record for record in found.get("ending", ()) if isinstance(record, HowItEnded)
        },
        follow_ups=_of_referral(sorted(follow_ups, key=lambda one: one.due_at)),
        late_links=_of_referral(sorted(late_links, key=lambda one: one.made_at)),
        people=_people(found),
    )


def _people(found: Mapping[str, Sequence[Record]]) -> People:
    known = People(flags=tuple(row for row in found.get("flag", ()) if isinstance(row, Flag)))
    for row in (
        one for table in ("about_me", "read_back", "crew_word", "interpreter") for one in found.get(table, ())
    ):
        if isinstance(row, AboutItem):
            known.items.setdefault(row.referral_id, []).append(row)
        elif isinstance(row, ReadBack):
            known.read_backs.setdefault(row.referral_id, []).append(row)
        elif isinstance(row, CrewWord):
            known.words.setdefault(row.referral_id, []).append(row)
        elif isinstance(row, Booking):
            known.bookings.setdefault(row.referral_id, []).append(row)
    return known


def _of_referral(records: Sequence[T]) -> Mapping[UUID, Sequence[T]]:
    found: defaultdict[UUID, list[T]] = defaultdict(list)
    for record in records:
        found[record.referral_id].append(record)
    return found


class Login(StrEnum):
    """Whose login does it."""

    CALLS = "calls"
    CREWS = "crews"
    DISPATCH = "dispatch"
    DISPATCH_TOO = "dispatch too"
    LEAD = "night lead"
    LEAD_TOO = "day lead"


@dataclass(frozen=True, slots=True)
class DueCommand:
    """One command, and whose login gives it."""

    login: Login
    command: Command

    @property
    def key(self) -> str:
        """Names what is done to what, whatever the command's own id."""
        what = next(str(getattr(self.command, name)) for name in _NAMES if hasattr(self.command, name))
        return f"{type(self.command).__name__}:{getattr(self.command, 'to', '')}:{what}"


@dataclass(slots=True)
class ShiftSummary:
    """What a practice shift did.

    Attributes:
        done: commands carried out, by verb.
        refused: sentences of the last refusals, with the verb before each.
        fixes: positions sent.
    """

    done: Counter[str] = field(default_factory=Counter)
    refused: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT))
    fixes: int = 0


class CommandExecutor:
    """Carries out what is due, one command after the other.

    Args:
        engines: a signed-in engine a login; closed by ``close``.
        stop: set when the shift ends.
        summary: counts what was done.
    """

    def __init__(self, engines: Mapping[Login, AsyncEngine], stop: asyncio.Event, summary: ShiftSummary) -> None:
        self._engines = engines
        self._stop = stop
        self._resting: dict[str, datetime] = {}
        self.summary = summary

    @property
    def reading(self) -> AsyncEngine:
        """The login that looks at the record for everybody."""
        # One of the dispatchers' logins, which all read the same.
        return self._engines[Login.CREWS]

    async def carry_out(self, due: DueCommand, now: datetime) -> bool:
        """Carry a command out; a lost answer is asked again with the same command.

        A refusal is expected, since a person may have acted first: the same thing then rests a while.

        Returns:
            Whether the record took it.
        """
        if now < self._resting.get(due.key, now):
            return False
        verb = type(due.command).__name__
        while not self._stop.is_set():
            try:
                await execute(self._engines[due.login], due.command)
            # The same command with the same id, however often: the record does it once.
            except Unavailable:
                await pause(self._stop, _TRY_AGAIN)
            except (Conflict, Invalid, NotAllowed) as refusal:
                self._refuse(due, verb, refusal, now)
                return False
            else:
                self.summary.done[verb] += 1
                return True
        return False

    def _refuse(self, due: DueCommand, verb: str, refusal: Exception, now: datetime) -> None:
        self._resting[due.key] = now + _REST
        self.summary.refused.append(f"{verb}: {refusal}")
        # The sentence may name people: the log says only what kind of thing was refused.
        _log.info("practice world: %s was refused (%s)", verb, type(refusal).__name__)

    async def close(self) -> None:
        """Close all engines."""
        for engine in self._engines.values():
            await engine.dispose()


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait a while, or until the shift ends."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            await stop.wait()
