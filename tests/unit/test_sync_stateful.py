"""Whatever is committed, fails, waits or is restored: at rest the mirror is the record, and nothing is missed."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from console import sync as live
from console.store import Delta, Link, LinkState, Store
from console.sync import Sync
from db.clock import RecordClock
from db.domain.records import Record
from db.domain.reference import ReferenceData
from tests.unit.fake_record import FAILURES, NOW, FakeRecord, Rows, assignment, referral, van

VANS = [UUID(int=n) for n in range(1, 4)]
REFERRALS = [UUID(int=n) for n in range(11, 15)]
JOBS = {UUID(int=20 + n): (REFERRALS[n], VANS[n % 3]) for n in range(4)}
NOBODY = ReferenceData("", {}, {}, {}, {}, (), {}, {}, (), (), {})
KEYS = st.sampled_from([*VANS, *REFERRALS, *JOBS])
CALLS = ("open", "heard", "beat", "changes", "changes sent", "rows", "rows sent", "whole", "whole sent")


def made(key: UUID, version: int) -> tuple[str, Record]:
    if key in VANS:
        return "van", van(key, version)
    if key in REFERRALS:
        return "referral", referral(key, version)
    return "assignment", assignment(key, version, *JOBS[key])


class Following(RuleBasedStateMachine):
    """Transactions of several writers, interleaved with a console that follows."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.record = FakeRecord()
        self.store = Store(NOBODY, Link(LinkState.CONNECTING, NOW))
        self.store.changed.connect(self.look)
        self.sync = Sync(self.record.open, self.store, RecordClock())
        self.version = 0
        self.kept: Rows = {}
        self.wrongly_gone: list[object] = []
        self.task: asyncio.Task[None] | None = None

    # --- helpers ---

    def run(self, work: Coroutine[Any, Any, Any]) -> None:
        self.loop.run_until_complete(work)

    def look(self, delta: Delta) -> None:
        """Nothing is gone that is there, and was there all the time since the last picture."""
        for name, keys in delta.gone.items():
            there = [key for key in keys if (name, key) in self.record.rows]
            taken = self.taken | {job for job, (of, _) in JOBS.items() if of in self.taken}
            self.wrongly_gone += [key for key in there if key not in taken]

    async def _let_run(self, turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)

    async def _until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.001)

    # --- rules ---

    @initialize()
    def start(self) -> None:
        self.taken: set[UUID] = set()
        self.follow()

    def follow(self) -> None:
        async def begin() -> None:
            self.task = asyncio.ensure_future(self.sync.run())

        self.run(begin())

    @rule(key=KEYS, remove=st.integers(0, 3), beside=st.booleans())
    def somebody_writes(self, key: UUID, remove: int, beside: bool) -> None:
        """In a transaction that goes on, or in one of their own that is committed at once."""
        # A row is locked by whoever writes it: no two transactions write the same one.
        name, _ = made(key, 0)
        if any((name, key) in {*one.put, *one.gone} for one in self.record.running.values()):
            return
        going_on = sorted(self.record.running)
        number = going_on[0] if beside and len(going_on) == 3 else self.record.begin()
        self.write(number, key, remove=remove == 0)
        if not beside:
            self.record.commit(number)
            self.run(self._let_run(3))

    def write(self, number: int, key: UUID, *, remove: bool) -> None:
        self.version += 1
        name, row = made(key, self.version)
        writing = self.record.running[number]
        if remove:
            self.taken.add(key)
            writing.gone.add((name, key))
        else:
            writing.put[name, key] = row

    @precondition(lambda self: self.record.running)
    @rule(data=st.data(), keep=st.integers(0, 3))
    def end(self, data: st.DataObject, keep: int) -> None:
        number = data.draw(st.sampled_from(sorted(self.record.running)))
        if keep:
            self.record.commit(number)
        else:
            del self.record.running[number]

    @rule(turns=st.integers(1, 40))
    def time_passes(self, turns: int) -> None:
        self.run(self._let_run(turns))

    @rule(name=st.sampled_from(CALLS), failure=st.sampled_from(FAILURES))
    def something_will_fail(self, name: str, failure: Callable[[], Exception]) -> None:
        self.record.failure = failure
        self.record.fails.append(name)

    @rule(slow=st.booleans(), hears=st.booleans())
    def answers_and_notices(self, slow: bool, hears: bool) -> None:
        """Answers wait from now on, or come again; notices come through, or do not."""
        self.record.hears = hears
        if slow:
            self.record.gate = self.record.gate or asyncio.Event()
        else:
            self.answers_come_again()

    def answers_come_again(self) -> None:
        if self.record.gate is not None:
            self.record.gate.set()
        self.record.gate = None

    @rule(hint=st.sampled_from(["", "nonsense", "referral", "position", "all", "beat"]))
    def somebody_forges_a_notice(self, hint: str) -> None:
        self.record.wake(frozenset({hint}))

    @rule(restore=st.integers(0, 1), life=st.integers(0, 2**32))
    def a_backup_is_made_or_restored(self, restore: int, life: int) -> None:
        if not restore:
            self.kept = dict(self.record.rows)
            return
        self.taken |= {key for _, key in self.record.rows.keys() - self.kept.keys()}
        self.record.restore(str(life), dict(self.kept))

    @rule(key=st.sampled_from([*REFERRALS, *JOBS]), poison=st.booleans())
    def a_row_turns_unreadable(self, key: UUID, poison: bool) -> None:
        self.taken.add(key)
        (self.record.unreadable.add if poison else self.record.unreadable.discard)(key)
        name, _ = made(key, 0)
        self.record.last = next(self.record.numbers)
        self.record.entries.append((self.record.last, name, key))

    @rule()
    def everything_is_asked_for(self) -> None:
        self.sync.read_everything()

    @rule()
    def the_task_is_killed_and_begun_again(self) -> None:
        async def kill() -> None:
            assert self.task is not None
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
            assert self.store.link.state is not LinkState.LIVE

        self.answers_come_again()
        self.run(kill())
        self.follow()

    @rule()
    def comes_to_rest(self) -> None:
        # A failure to come would heal what was missed: what was done so far must be seen without one.
        self.record.fails.clear()
        self.answers_come_again()
        self.run(self._until(self.mirrors))

    def mirrors(self) -> bool:
        return self.store.link.state is LinkState.LIVE and self.store._tables == self.record.picture()

    @invariant()
    def nothing_is_gone_that_is_there(self) -> None:
        assert not self.wrongly_gone

    def teardown(self) -> None:
        self.comes_to_rest()

        async def end() -> None:
            assert self.task is not None
            assert not self.task.done(), self.task
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

        self.run(end())
        self.loop.close()


TestFollowing = Following.TestCase
TestFollowing.settings = settings(
    max_examples=150, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same program with a clock that ticks a hundred times faster."""
    monkeypatch.setattr(live, "BEAT_EVERY", 0.004)
    monkeypatch.setattr(live, "GATHER", 0.0005)
    monkeypatch.setattr(live, "POSITIONS_AT_MOST", 0.002)
    monkeypatch.setattr(live, "_RETRY_AFTER", (0.0005, 0.001))
