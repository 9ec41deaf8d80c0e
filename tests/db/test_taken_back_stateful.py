"""Random things that people do and take back, against a model that knows no rule of the record.

The model keeps what each act changed, column by column. Whatever is taken back, in whatever order, the rows must
be what the acts that stand made of them, where a referral stands must follow from its vans, and replay must show
each moment as everybody saw it then.
"""

import asyncio
import json
import os
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from db import commands as do
from db.domain.party import Party
from db.domain.replay import board_at
from db.domain.states import ASSIGNMENT_MOVES, AT_SCENE, HANDOVER_MOVES, ON_THE_WAY, AssignmentState, HandoverState
from db.engine import connect, transaction
from db.errors import RecordError
from db.replay import load_past
from tests.cluster import Cluster, Record
from tests.db import desk
from tests.db.undoing import ANSWERS, MARKED, OF_CARE, UndoRoom

EXAMPLES = int(os.environ.get("CRU_UNDO_EXAMPLES", "4"))
"""Random histories; a few run always, since each costs seconds on a real record."""

T = TypeVar("T")
Rows = dict[tuple[str, str], dict[str, Any]]
SHAH, LEAD = "a.shah", "l.lead"
TABLES = ("referral", "van", "screening", "assignment", "handover", "shift", *OF_CARE)
Likely = Callable[[], do.Command]


@dataclass
class Done:
    """An act that stands, and what it changed: before and after, by row and column."""

    command: do.Command
    who: str
    changed: dict[tuple[str, str], dict[str, tuple[Any, Any]]]


class Undoing(RuleBasedStateMachine):
    """A short shift of two referrals and two vans."""

    record: Record

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.made = self.record.cluster.create_record()
        self.stands: list[Done] = []
        self.came: dict[tuple[str, str], int] = {}
        self.seen: list[tuple[datetime, dict[str, Any]]] = []
        self.run(self._begin())

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)

    def teardown(self) -> None:
        try:
            self.run(self._replayed())
        finally:
            self.run(self._end())
            self.runner.close()
            self.made.cluster.drop_record(self.made)

    async def _begin(self) -> None:
        engines = {login: connect(self.made.url(login)) for login in (SHAH, LEAD)}
        self.room = UndoRoom(engines, await asyncpg.connect(**self.made.owner_kwargs))
        await self.room.stop_clock()
        self.vans = [await desk.on_duty(engines[SHAH], place) for place in (0, 1)]
        self.referrals = [(await desk.take(engines[SHAH])).referral_id for _ in range(2)]
        self.staff = tuple(row["id"] for row in await self.room.owner.fetch("SELECT id FROM cru.staff LIMIT 2"))
        screened = await desk.answered(engines[SHAH], self.referrals[0])
        self.no = {"tool_version": screened.tool_version, "answers": screened.answers}
        await desk.screen(engines[SHAH], self.referrals[0])
        await self.room.send(do.Accept(referral_id=self.referrals[0]))
        self.now_is = await self.rows()
        await self._look()

    async def _end(self) -> None:
        await self.room.owner.close()
        for engine in self.room.engines.values():
            await engine.dispose()

    async def rows(self) -> Rows:
        """Every row that counts, by table and id, without its version; in the order in which they came to be seen.

        Neither ids nor where Postgres puts a row decide what is done next: a history is the same each time.
        """
        found: Rows = {}
        for table in TABLES:
            where = "taken_back_at IS NULL" if table in MARKED else "true"
            sql = f"SELECT (to_jsonb(t) - 'version') AS row FROM cru.{table} t WHERE {where}"  # noqa: S608 - ours
            for row in await self.room.owner.fetch(sql):
                columns = _read(row["row"])
                found[table, columns["id"]] = columns
        for table in TABLES:
            rows = [key for key in found if key[0] == table]
            for key in sorted(rows, key=lambda key: (self._label(found[key]), key)):
                self.came.setdefault(key, len(self.came))
        return {key: found[key] for key in sorted(found, key=self.came.__getitem__)}

    def _label(self, columns: dict[str, Any]) -> str:
        """Says which of several rows that came at once is which, whatever their ids."""
        of = [self.came.get((table, columns.get(f"{table}_id", "")), -1) for table in ("referral", "van")]
        return str(columns.get("reference") or columns.get("callsign") or of)

    # --- what people do ---

    @rule(pick=st.integers(0, 10_000))
    def act(self, pick: int) -> None:
        likely = [*self._of_vans(), *self._of_jobs(), *self._of_referrals(), *self._of_handovers()]
        self.run(self._do(likely[pick % len(likely)]()))

    @rule(pick=st.integers(0, 10_000))
    def send_or_step(self, pick: int) -> None:
        likely = [*self._of_jobs(), *self._sendings()]
        if likely:
            self.run(self._do(likely[pick % len(likely)]()))

    def _of(self, table: str) -> list[dict[str, Any]]:
        return [row for (name, _), row in self.now_is.items() if name == table]

    def _of_jobs(self) -> Iterator[Likely]:
        for row in self._of("assignment"):
            job, state = UUID(row["id"]), AssignmentState(row["state"])
            for to in sorted(ASSIGNMENT_MOVES[state] - {AssignmentState.STOOD_DOWN}):
                where = "ED" if to is AssignmentState.CONVEYING else ""
                yield partial(do.Step, assignment_id=job, to=to, destination=where)
            if AssignmentState.STOOD_DOWN in ASSIGNMENT_MOVES[state]:
                yield partial(do.StandDown, assignment_id=job, reason="not_needed")

    def _sendings(self) -> Iterator[Likely]:
        for row in self._of("referral"):
            if row["state"] in {"accepted", "allocated", "attending"}:
                for van in self.vans:
                    yield partial(do.Allocate, referral_id=UUID(row["id"]), van_id=van)

    def _of_referrals(self) -> Iterator[Likely]:
        later = self.clock + timedelta(hours=1)
        for row in self._of("referral"):
            referral = UUID(row["id"])
            yield partial(do.CompleteScreening, referral_id=referral, **self.no)
            told = do.Spoken("Ottoline")
            yield partial(do.Hold, referral_id=referral, until=later, reason="call_back", spoken=told)
            yield partial(do.RecordContact, referral_id=referral, spoke_with="carer", with_name="Her brother")
            yield partial(do.PlanFollowUp, referral_id=referral, due=later, what_for="Ask how the night went")
            if row["state"] in {"closed", "declined", "cancelled"}:
                next_with = do.Responsible(Party.OTHER, "Her brother")
                yield partial(do.NameResponsible, referral_id=referral, said=next_with)
            yield partial(do.Cancel, referral_id=referral, reason="duplicate")
            yield partial(do.ExpectHandover, referral_id=referral, from_party="CRU", to_party="ED")
            match row["state"]:
                case "received":
                    yield partial(do.Accept, referral_id=referral)
                    yield partial(do.Decline, referral_id=referral, reason="physical")
                case "attending":
                    yield partial(do.Close, referral_id=referral, outcome="gp", **ANSWERS)
                case "closed" | "declined" | "cancelled":
                    yield partial(do.Reopen, referral_id=referral, reason="rang again")
            if row["hold_until"]:
                yield partial(do.EndHold, referral_id=referral)

    def _of_handovers(self) -> Iterator[Likely]:
        for row in self._of("handover"):
            link = UUID(row["id"])
            for to in sorted(HANDOVER_MOVES[HandoverState(row["state"])] - {HandoverState.REFUSED}):
                yield partial(do.MoveHandover, handover_id=link, to=to)
            yield partial(do.RefuseHandover, handover_id=link, reason="physical")

    def _of_vans(self) -> Iterator[Likely]:
        later = self.clock + timedelta(hours=1)
        for row in self._of("van"):
            van = UUID(row["id"])
            if row["duty_status"] == "off duty" and van in self.vans:
                yield partial(do.GoOnDuty, van_id=van, staff_ids=self.staff, planned_end=later)
            elif row["duty_status"] == "available":
                yield partial(do.StartMealBreak, van_id=van, until=later)
                yield partial(do.GoOffDuty, van_id=van)
            elif row["duty_status"] != "off duty":
                yield partial(do.MakeAvailable, van_id=van)

    async def _do(self, command: do.Command) -> str:
        """The refusal; empty if it was done."""
        who = LEAD if isinstance(command, do.Reopen) else SHAH
        await self.room.pass_time(1)
        if refused := await self._refusal(command, who):
            assert await self.rows() == self.now_is
            return refused
        before, self.now_is = self.now_is, await self.rows()
        changed = _changes(before, self.now_is)
        if changed:
            self.stands.append(Done(command, who, changed))
        await self._look()
        return ""

    async def _refusal(self, command: do.Command, who: str) -> str:
        refused = ""
        try:
            await self.room.send(command, who)
        except RecordError as refusal:
            refused = refusal.sentence
        note(f"{self.clock:%H:%M:%S} {who} {command}: {refused or 'done'}")
        return refused

    # --- and take back ---

    @rule(lead=st.booleans())
    def take_the_last_back(self, lead: bool) -> None:
        if self.stands:
            self.run(self._take_back(self.stands[-1], lead=lead, must=True))

    @rule()
    def take_the_last_back_and_do_it_after_all(self) -> None:
        """What did not happen hinders nothing, so it can happen now."""
        if self.stands:
            last = self.stands[-1]
            self.run(self._take_back(last, lead=True, must=True))
            assert self.run(self._do(_anew(last.command))) == ""

    @rule(pick=st.integers(0, 10_000))
    def take_any_back(self, pick: int) -> None:
        if self.stands:
            self.run(self._take_back(self.stands[pick % len(self.stands)], lead=True, must=False))

    async def _take_back(self, one: Done, *, lead: bool, must: bool) -> None:
        await self.room.pass_time(1)
        fresh = await self.room.owner.fetchval(
            "SELECT cru.clock_now() - done_at <= '60 s' FROM cru.act WHERE id = $1", one.command.command_id
        )
        who = LEAD if lead or not fresh else one.who
        refused = await self._refusal(do.TakeBack(act_id=one.command.command_id, reason="no"), who)
        if refused:
            assert not must, refused
            assert "has been built on since" in refused
            assert await self.rows() == self.now_is
            return
        self.stands.remove(one)
        before, self.now_is = self.now_is, await self.rows()
        self._expect(before, one)
        await self._look()

    def _expect(self, before: Rows, one: Done) -> None:
        """Every column that the act changed is as before it; no other column of any row has changed."""
        wanted = {key: dict(columns) for key, columns in before.items()}
        for key, columns in one.changed.items():
            if self._carried(key, columns):
                continue
            for name, (was, _) in columns.items():
                if name == "":
                    del wanted[key]
                else:
                    wanted[key][name] = was
        assert self.now_is == wanted

    def _carried(self, key: tuple[str, str], columns: dict[str, tuple[Any, Any]]) -> bool:
        """Another van that was sent meanwhile keeps the referral where it is: the change is that act's now."""
        if key[0] != "referral" or columns.get("state", ("", ""))[1] not in {"allocated", "attending"}:
            return False
        if self.now_is[key]["state"] != columns["state"][1] or columns["state"][0] not in {
            "accepted",
            "allocated",
        }:
            return False
        carriers = [
            done
            for done in self.stands
            for table, row in done.changed
            if table == "assignment" and self.now_is[table, row]["referral_id"] == key[1]
        ]
        assert carriers
        carriers[-1].changed[key] = columns
        return True

    # --- what must be true at any moment ---

    @invariant()
    def a_referral_stands_where_its_vans_have_brought_it(self) -> None:
        for (table, key), row in self.now_is.items():
            if table == "referral":
                jobs = [
                    one["state"]
                    for (name, _), one in self.now_is.items()
                    if name == "assignment" and one["referral_id"] == key
                ]
                there, coming = set(jobs) & AT_SCENE, set(jobs) & ON_THE_WAY
                assert row["state"] != "allocated" or (coming and not there)
                assert row["state"] in {"allocated", "attending"} or not coming
                assert row["state"] == "attending" or not there
                assert row["state"] != "attending" or there or "clear" in jobs
            if table == "van":
                held = [
                    one
                    for (name, _), one in self.now_is.items()
                    if name == "assignment" and one["van_id"] == key and one["state"] in AT_SCENE | ON_THE_WAY
                ]
                crews = [
                    one
                    for (name, _), one in self.now_is.items()
                    if name == "shift" and one["van_id"] == key and one["ended_at"] is None
                ]
                assert len(held) <= 1
                assert not held or row["duty_status"] == "available"
                assert bool(crews) == (row["duty_status"] != "off duty")

    async def _look(self) -> None:
        self.clock = await self.room.now()
        self.seen.append((self.clock, _summary(self.now_is)))

    async def _replayed(self) -> None:
        """Replay of each moment shows what was seen then."""
        await self.room.pass_time(1)
        now = await self.room.now()
        async with transaction(self.room.engines[LEAD]) as connection:
            past = await load_past(connection, now - timedelta(hours=1), now)
        for moment, seen in self.seen:
            told = board_at(past, moment)
            for name in ("assignment", "handover", "referral"):
                assert {str(row.id): str(row.state) for row in told[name]} == seen[name], (moment, name)  # type: ignore[union-attr] # these have states
            vans = {str(van.id): str(van.duty_status) for van in told["van"]}  # type: ignore[union-attr] # vans
            assert {key: vans[key] for key in map(str, self.vans)} == seen["van"], moment
            assert {str(row.id) for row in told["shift"]} == seen["shift"], moment
            assert {str(row.id) for row in told["screening"]} == seen["screening"], moment


def _anew(command: do.Command) -> do.Command:
    """The same, as somebody asks for it again: with ids of its own, and for what it inserts."""
    ids = [one.name for one in fields(command) if one.name.endswith("_id") and one.default_factory is uuid4]
    return replace(command, **{name: uuid4() for name in ids})


def _read(row: str) -> dict[str, Any]:
    columns: dict[str, Any] = json.loads(row)
    return columns


def _changes(before: Rows, after: Rows) -> dict[tuple[str, str], dict[str, tuple[Any, Any]]]:
    found: dict[tuple[str, str], dict[str, tuple[Any, Any]]] = {}
    for key, row in after.items():
        if key not in before:
            found[key] = {"": (None, None)}
        elif row != before[key]:
            found[key] = {
                name: (before[key][name], value) for name, value in row.items() if value != before[key][name]
            }
    return found


def _summary(rows: Rows) -> dict[str, Any]:
    def of(table: str) -> dict[str, dict[str, Any]]:
        return {key: row for (name, key), row in rows.items() if name == table}

    states = {
        name: {key: row["state"] for key, row in of(name).items()}
        for name in ("assignment", "handover", "referral")
    }
    on_duty = {row["van_id"] for row in of("shift").values()}
    return states | {
        "van": {key: row["duty_status"] for key, row in of("van").items() if key in on_duty},
        "shift": {key for key, row in of("shift").items() if row["ended_at"] is None},
        "screening": set(of("screening")),
    }


@pytest.mark.hazard("H-077")
def test_whatever_is_done_and_taken_back(cluster: Cluster, template: str) -> None:
    Undoing.record = Record(cluster, template)
    run_state_machine_as_test(
        Undoing,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            # The same few histories each time, so that a red run is of what changed; others are asked for.
            derandomize="CRU_UNDO_EXAMPLES" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
