"""The record as the practice world sees it: one reading, arranged for decisions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from db import queries
from db.domain.records import Assignment, Handover, Record, Referral, Screening, Shift, Van
from db.domain.roles import Role
from db.domain.states import DutyStatus

T = TypeVar("T", Assignment, Handover, Screening)


@dataclass(frozen=True, slots=True)
class View:
    """What is live. Lists are in the order in which things were received or are called, so that choices repeat.

    Attributes:
        referrals: by id, oldest first.
        vans: by id, by callsign.
        assignments: of a referral, oldest first.
        handovers: of a referral, first link first.
        screenings: of a referral, oldest first.
        jobs: the open assignment of a van.
        shifts: the open shift of a van.
    """

    referrals: Mapping[UUID, Referral]
    vans: Mapping[UUID, Van]
    assignments: Mapping[UUID, Sequence[Assignment]]
    handovers: Mapping[UUID, Sequence[Handover]]
    screenings: Mapping[UUID, Sequence[Screening]]
    jobs: Mapping[UUID, Assignment]
    shifts: Mapping[UUID, Shift]

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


async def read(connection: AsyncConnection) -> View:
    """Read what is live, in one snapshot."""
    return arrange(await queries.snapshot(connection, Role.DISPATCHER))


def arrange(found: Mapping[str, Sequence[Record]]) -> View:
    """Arrange a snapshot."""
    referrals = [record for record in found["referral"] if isinstance(record, Referral)]
    vans = [record for record in found["van"] if isinstance(record, Van)]
    assignments = [record for record in found["assignment"] if isinstance(record, Assignment)]
    handovers = [record for record in found["handover"] if isinstance(record, Handover)]
    screenings = [record for record in found["screening"] if isinstance(record, Screening)]
    shifts = [record for record in found["shift"] if isinstance(record, Shift)]
    return View(
        referrals={record.id: record for record in sorted(referrals, key=lambda one: one.reference)},
        vans={record.id: record for record in sorted(vans, key=lambda one: one.callsign)},
        assignments=_of_referral(sorted(assignments, key=lambda one: min(one.times.values()))),
        handovers=_of_referral(sorted(handovers, key=lambda one: one.ordinal)),
        screenings=_of_referral(sorted(screenings, key=lambda one: one.completed_at)),
        jobs={record.van_id: record for record in assignments if record.is_open},
        shifts={record.van_id: record for record in shifts},
    )


def _of_referral(records: Sequence[T]) -> Mapping[UUID, Sequence[T]]:
    found: defaultdict[UUID, list[T]] = defaultdict(list)
    for record in records:
        found[record.referral_id].append(record)
    return found
