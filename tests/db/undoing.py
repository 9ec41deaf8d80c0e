# ruff: noqa: S608 - the tests name tables and columns of our own
"""A room in which things are done and taken back, and pictures of what everybody sees of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import queries
from db.domain.board import board_row
from db.domain.dangers import Dangers
from db.domain.next_steps import Case, next_steps
from db.domain.records import Assignment, Handover, Record, Referral, Screening, Van, YesNo
from db.domain.reference import ReferenceData
from db.domain.roles import Role
from db.domain.situation import Facts, situation
from db.domain.states import AssignmentState, HandoverState
from db.engine import connect, transaction
from tests.cluster import Record as TestRecord
from tests.db import desk

OF_CARE = ("contact", "ending", "follow_up", "late_link")
OF_PERSON = ("about_me", "same_person", "read_back", "crew_word", "interpreter", "wish_kept")
MARKED = ("assignment", "handover", "screening", "shift", "flag", "feedback", "decision", *OF_CARE, *OF_PERSON)
TABLES = ("referral", "van", *MARKED)
ANSWERS = {"ae_avoided": YesNo.YES, "ems_released": YesNo.NO, "police_avoided": YesNo.UNKNOWN}


@dataclass
class UndoRoom:
    """Two dispatchers, a shift lead, a wall, and a look into the record."""

    engines: dict[str, AsyncEngine]
    owner: Any

    async def send(self, command: do.Command, who: str = "a.shah") -> do.Command:
        await do.execute(self.engines[who], command)
        return command

    async def back(self, command: do.Command, who: str = "a.shah", reason: str = "") -> do.Command:
        return await self.send(do.TakeBack(act_id=command.command_id, reason=reason), who)

    async def now(self) -> datetime:
        moment: datetime = await self.owner.fetchval("SELECT cru.clock_now()")
        return moment

    async def stop_clock(self) -> None:
        """A record whose clock stands still until it is moved."""
        await self.owner.execute(
            "UPDATE cru.service SET clock_origin = clock_timestamp(), clock_shown = '2026-11-22T03:00:00Z',"
            " clock_speed = 0"
        )

    async def pass_time(self, seconds: float) -> None:
        await self.owner.execute(
            "UPDATE cru.service SET clock_shown = clock_shown + $1", timedelta(seconds=seconds)
        )

    async def rows(self) -> dict[str, Any]:
        """Every row that counts, without its version."""
        found: dict[str, Any] = {}
        for table in TABLES:
            where = "taken_back_at IS NULL" if table in MARKED else "true"
            rows = await self.owner.fetch(
                f"SELECT to_jsonb(t) - 'version' AS row FROM cru.{table} t WHERE {where}"
            )
            found |= {f"{table} {row['row']}": True for row in rows}
        return dict(sorted(found.items()))

    async def seen(self) -> dict[str, Any]:
        """What every panel is worked out from, and the board rows and situations themselves."""
        lead = self.engines["l.lead"]
        async with transaction(lead) as connection:
            found = await queries.snapshot(connection, Role.SHIFT_LEAD)
        async with transaction(lead) as connection:
            reference = await queries.reference_data(connection)
        plain = {table: sorted((_plain(row) for row in rows), key=repr) for table, rows in found.items()}
        return plain | {"worked out": _worked_out(plain, reference, await self.now())}

    async def let_on(self, referral_id: UUID) -> do.LetOn:
        """A clinician's decision on everything that stands against a referral now."""
        stands = await self.owner.fetch("SELECT what FROM cru.stands_against($1)", referral_id)
        covers = tuple(row["what"] for row in stands)
        return do.LetOn(referral_id=referral_id, clinician="Dr Yu", reason="seen", covers=covers)

    async def events(self, **of: UUID | None) -> list[Any]:
        (column, key), *_ = of.items()
        return list(await self.owner.fetch(f"SELECT * FROM cru.event WHERE {column} = $1 ORDER BY id", key))


def _plain(row: Record) -> Record:
    # What stands against it again does so since it was taken back.
    return replace(row, version=0, since=None) if isinstance(row, Dangers) else replace(row, version=0)


def _worked_out(found: dict[str, list[Any]], reference: ReferenceData, now: datetime) -> list[Any]:
    referrals = [row for row in found["referral"] if isinstance(row, Referral)]
    callsigns = {van.id: van.callsign for van in found["van"] if isinstance(van, Van)}
    made: list[Any] = []
    for referral in referrals:
        jobs = [
            job for job in found["assignment"] if isinstance(job, Assignment) and job.referral_id == referral.id
        ]
        links = [one for one in found["handover"] if isinstance(one, Handover) and one.referral_id == referral.id]
        passes = [
            one for one in found["screening"] if isinstance(one, Screening) and one.referral_id == referral.id
        ]
        jobs.sort(key=lambda job: min(job.times.values()))
        links.sort(key=lambda link: link.ordinal)
        dangers = next((one for one in found["danger"] if one.id == referral.id), None)
        facts = Facts(referral, jobs, links, callsigns, dangers)
        last = max(passes, key=lambda one: one.completed_at, default=None)
        case = Case(referral, last, reference.current_tool, jobs, links, callsigns, dangers)
        made.append(
            (board_row(facts, reference), situation(facts, reference), next_steps(case, Role.SHIFT_LEAD, now))
        )
    return made


@asynccontextmanager
async def room_on(record: TestRecord) -> AsyncIterator[UndoRoom]:
    """Engines of the logins, and the owner's connection."""
    engines = {login: connect(record.url(login)) for login in ("a.shah", "b.okafor", "l.lead", "w.wall")}
    owner = await asyncpg.connect(**record.owner_kwargs)
    yield UndoRoom(engines, owner)
    await owner.close()
    for engine in engines.values():
        await engine.dispose()


# --- what was there before each thing that can be done ---


async def received(room: UndoRoom, who: str = "a.shah") -> do.TakeReferral:
    return await desk.take(room.engines[who])


async def accepted(room: UndoRoom) -> UUID:
    return await desk.accepted(room.engines["a.shah"])


async def van(room: UndoRoom, place: int = 0) -> UUID:
    return await desk.on_duty(room.engines["a.shah"], place)


async def job(room: UndoRoom, *steps: AssignmentState, place: int = 0) -> do.Allocate:
    """A van sent to a referral of its own, and moved on."""
    sent = do.Allocate(referral_id=await accepted(room), van_id=await van(room, place))
    await room.send(sent)
    for to in steps:
        await room.send(do.Step(assignment_id=sent.assignment_id, to=to, destination=_where(to)))
    return sent


def _where(to: AssignmentState) -> str:
    return "Crisis house" if to is AssignmentState.CONVEYING else ""


async def link(room: UndoRoom, *moves: HandoverState) -> UUID:
    """The handover from EMAS to us on a referral that is attended."""
    sent = await job(room, AssignmentState.ON_SCENE)
    found: UUID = await room.owner.fetchval("SELECT id FROM cru.handover WHERE referral_id = $1", sent.referral_id)
    for to in moves:
        await room.send(do.MoveHandover(handover_id=found, to=to))
    return found


async def closed(room: UndoRoom) -> UUID:
    sent = await job(room, AssignmentState.ON_SCENE, AssignmentState.CLEAR)
    await room.send(do.Close(referral_id=sent.referral_id, outcome="gp", **ANSWERS))
    return sent.referral_id
