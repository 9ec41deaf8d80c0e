"""Acts, a disk, and a console that may be killed: what was said to wait is not lost, doubled or out of order."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import make_url

from console.live.actions import Action, Actions
from console.live.asked import OLD
from console.live.one_act import Following, Progress, Safety
from console.live.outbox import Outbox
from console.live.outbox_folder import KEY_BYTES, OutboxFolder, Whose
from console.live.store import Link, LinkState, Store
from console.live.taking_up import TakenUp, take_up
from console.running import aside, tasks
from db.clock import ClockReading, RecordClock
from db.commands import AddNote
from db.engine import connect
from tests.gui.test_actions_stateful import REFERRALS, Attempt, StandingLoop, World
from tests.unit.board_records import NOW, reference

KEY = bytes(range(KEY_BYTES))
SHAH, OTHER, ELSEWHERE = Whose("a.shah", "one"), Whose("b.okafor", "one"), Whose("a.shah", "two")


class SteadyLoop(StandingLoop):
    """What a thread does is done when the next turn begins, so that the same rules always lead to the same."""

    def settle(self, turns: int = 40) -> None:
        for _ in range(turns):
            self.run_until_complete(asyncio.sleep(0))
            for thread in tuple(aside._threads):
                thread.join()

    def just(self, call: Any, turns: int) -> None:
        """Call something, and let so many turns pass."""

        async def calling() -> None:
            call()

        self.run_until_complete(calling())
        self.settle(turns)


class Disk(OutboxFolder):
    """A real folder on a disk that may be full of other things."""

    is_full = False
    hears: Callable[[str], object] = staticmethod(lambda _what: None)

    def drop(self, name: str) -> None:
        self.hears("drop")
        super().drop(name)

    def put(self, said: dict[str, Any], name: str = "") -> str:
        self.hears("put")
        return super().put(said, name)

    def _write(self, name: str, key: bytes, said: dict[str, Any]) -> int:
        if self.is_full:
            raise OSError
        return super()._write(name, key, said)

    def die(self) -> None:
        """What the system does for a process that ends."""
        for lock in (self._lock, *(lock for _, lock in self._taken_over)):
            if lock.acquired:
                lock.release()


class Desk:
    """One run of a console."""

    def __init__(self, loop: SteadyLoop, world: World, root: Path, moment: Any) -> None:
        self.loop, self.world = loop, world
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        self.clock = RecordClock()
        self.clock.set(ClockReading(moment, 1.0))
        engine = connect(make_url("postgresql://nobody@localhost/nowhere"))  # opens nothing
        self.actions = Actions(engine, self.store, self.clock, execute=world.execute)
        self.disk = Disk(root, KEY, SHAH)
        self.taken: TakenUp = take_up(self.disk)
        self.outbox = Outbox(self.disk, self.actions.look_again)
        self.actions.attach(self.outbox, "here")
        self.is_dead = False

    def settle(self) -> None:
        """Until all that is due stands on the disk."""
        self.loop.settle()
        while (work := self.outbox._working) is not None and not work.done():
            self.loop.settle()

    def kill(self) -> None:
        """Nothing more is done: what a thread has begun comes to the disk, or does not."""
        self.is_dead = True
        self.outbox._is_over = True
        self.outbox._due.clear()
        self.actions.outbox = None
        self.loop.run_until_complete(tasks.cancel_all())
        self.loop.settle()
        self.disk.die()

    def leave(self) -> None:
        """In order, as somebody signs out."""
        self.loop.now(self.actions.close)
        self.loop.run_until_complete(self.outbox.close())
        self.loop.run_until_complete(tasks.cancel_all())
        self.loop.settle()
        self.disk.die()


@dataclass(eq=False)
class Ask:
    """What the oracle knows of something that was asked for."""

    words: str
    key: UUID
    command_id: UUID
    is_safe: bool = False
    is_open: bool = True


class OutboxOracle(RuleBasedStateMachine):
    """Everything that happens to acts while consoles come and go."""

    def __init__(self) -> None:
        super().__init__()
        logging.disable(logging.ERROR)
        self.root = Path(tempfile.mkdtemp(prefix="cru-outbox-"))
        self.loop, self.world = SteadyLoop(), World()
        self.world.begins = self.begins
        self.moment, self.asks, self.begun = NOW, list[Ask](), dict[str, UUID]()
        self.full = False
        self.sit()

    def sit(self) -> None:
        """Sign in, and go on with what was left."""

        async def made() -> Desk:
            return Desk(self.loop, self.world, self.root, self.moment)

        self.desk = self.loop.run_until_complete(made())
        self.desk.disk.is_full = self.full
        for signal in (self.desk.actions.done, self.desk.actions.refused, self.desk.actions.withdrawn):
            signal.connect(self.ended)
        assert (self.desk.taken.unknown, self.desk.taken.found.unread) == ([], 0)
        self.loop.now(lambda: self.desk.actions.resume(self.desk.taken.kept))
        self.desk.settle()
        self.follow()

    def of(self, action: Action) -> Ask:
        """What is known of an action; what follows another is asked for when it is first seen."""
        command = action.command
        assert isinstance(command, AddNote)
        for one in self.asks:
            if one.words == command.words:
                assert one.command_id == command.command_id  # the record tells a repeat by nothing else
                return one
        self.asks.append(Ask(command.words, command.referral_id, command.command_id))
        return self.asks[-1]

    def follow(self) -> None:
        for action in self.desk.actions.pending:
            one = self.of(action)
            one.is_safe = one.is_safe or action.safety is Safety.DISK

    def ended(self, action: Action) -> None:
        if self.desk.is_dead:
            return  # a process that was killed says nothing
        one = self.of(action)
        assert one.is_open
        one.is_open = action.left_behind

    def begins(self, attempt: Attempt) -> None:
        (action,) = (
            one for one in self.desk.actions.pending if one.command.command_id == attempt.command.command_id
        )
        one = self.of(action)
        earlier = self.asks[: self.asks.index(one)]
        assert not [other for other in earlier if other.is_open and other.key == one.key], "out of order"
        assert action.vouched or self.moment - action.asked_at <= OLD + timedelta(seconds=9), "too old, unasked"
        assert one.is_open

    # --- the room ---

    @rule(referral=st.integers(0, 2), more=st.integers(0, 2), times=st.integers(1, 3))
    def ask(self, referral: int, more: int, times: int) -> None:
        key = REFERRALS[referral]
        for _ in range(times):
            notes = [AddNote(referral_id=key, words=f"{len(self.asks)}.{part}") for part in range(more + 1)]
            following: list[Following] = [(note, "then") for note in notes[1:]]
            action = self.loop.now(partial(self.desk.actions.submit, notes[0], "note", following=following))
            self.of(action)

    @precondition(lambda self: self.desk.actions.pending)
    @rule(data=st.data(), sends=st.booleans())
    def answer_or_take_back(self, data: st.DataObject, sends: bool) -> None:
        action = data.draw(st.sampled_from(self.desk.actions.pending))
        self.loop.now(partial(self.desk.actions.vouch if sends else self.desk.actions.withdraw, action))

    @rule(state=st.sampled_from([LinkState.LIVE, LinkState.LOST]))
    def link(self, state: LinkState) -> None:
        self.loop.now(lambda: self.desk.store.set_link(Link(state, NOW)))

    @rule(seconds=st.sampled_from([0.5, 3.0, 8.0]))
    def wait(self, seconds: float) -> None:
        self.loop.skip(seconds)

    @rule(minutes=st.sampled_from([6, 20]))
    def time_passes(self, minutes: int) -> None:
        self.moment += timedelta(minutes=minutes)
        self.desk.clock.set(ClockReading(self.moment, 1.0))

    @rule()
    def rest(self) -> None:
        self.desk.settle()

    @rule(full=st.booleans())
    def disk(self, full: bool) -> None:
        self.full = self.desk.disk.is_full = full

    # --- the record ---

    @precondition(lambda self: self.world.unanswered())
    @rule(data=st.data(), what=st.sampled_from(["ok", "refused", "lost before", "lost after", "held"]))
    def happen(self, data: st.DataObject, what: str) -> None:
        self.world.happen(data.draw(st.sampled_from(self.world.unanswered())), what, early=True)
        self.loop.settle()

    # --- the end of a console ---

    @rule(
        commits=st.booleans(),
        looks=st.sampled_from([None, OTHER, ELSEWHERE]),
        turns=st.sampled_from([None, 0, 1, 2, 3, 4, 6, 9]),
        how=st.sampled_from(["asked", "taken back", "ok", "lost before"]),
    )
    def killed(self, commits: bool, looks: Whose | None, turns: int | None, how: str) -> None:
        """At rest, or so many turns after something happened."""
        if turns is None:
            self.desk.settle()
        else:
            self.in_this_moment(how, turns)
        self.follow()
        # What was answered or taken back in the very moment of the end may stand there still, and comes again.
        outbox = self.desk.outbox
        there = [*outbox._names, *([outbox._at_hand] if outbox._at_hand is not None else [])]
        ended = {self.of(action).command_id for action in there if action.has_ended}
        assert turns is not None or not {self.of(one).command_id for one in outbox._names if one.has_ended}
        self.desk.kill()
        for attempt in self.world.unanswered():
            self.world.happen(attempt, "lost after" if commits else "lost before", early=commits)
        for folder in self.root.iterdir():
            (folder / "0123456789abcdef.new").write_bytes(b"cru1 half of somethi")
        if looks is not None:
            self.somebody_else(looks)
        self.next_console(ended)

    def in_this_moment(self, how: str, turns: int) -> None:
        pending, unanswered = self.desk.actions.pending, self.world.unanswered()
        if how == "asked":
            note = AddNote(referral_id=REFERRALS[0], words=f"{len(self.asks)}.0")
            self.loop.just(lambda: self.of(self.desk.actions.submit(note, "note")), turns)
        elif how == "taken back" and pending:
            self.loop.just(partial(self.desk.actions.withdraw, pending[-1]), turns)
        elif how in {"ok", "lost before"} and unanswered:
            self.loop.just(partial(self.world.happen, unanswered[0], how), turns)

    @rule()
    def left(self) -> None:
        self.desk.settle()
        self.follow()
        stays = [] if self.full else [self.of(action) for action in self.desk.actions.pending]
        self.desk.leave()
        for attempt in self.world.unanswered():
            self.world.happen(attempt, "lost before")
        for one in stays:
            one.is_safe = True
        self.next_console(set())

    def next_console(self, may_come_again: set[UUID]) -> None:
        due = [one for one in self.asks if one.is_open and one.is_safe]
        self.full = False
        # What was never said to wait may be gone with its console, or may have come to the disk just so.
        unsafe = [one for one in self.asks if one.is_open and not one.is_safe]
        unsafe += [one for one in self.asks if one.command_id in may_come_again]
        for one in unsafe:
            one.is_open = False
        before = len(self.asks)
        found = self.found()
        for one in unsafe:
            one.is_open = one.command_id in found
        assert {one.command_id for one in due} <= found, "lost"
        self.sit()
        pending = [action.command.command_id for action in self.desk.actions.pending]
        assert [one.command_id for one in self.asks[:before] if one.is_open] == pending, "lost, or out of order"

    def found(self) -> set[UUID]:
        """What a console of the same person finds; looked at, and nothing done."""
        disk = Disk(self.root, KEY, SHAH)
        kept = take_up(disk).kept
        disk.die()
        return {one.command_id for one, _ in kept}

    def somebody_else(self, whose: Whose) -> None:
        disk = Disk(self.root, KEY, whose)
        taken = take_up(disk)
        assert (taken.kept, taken.unknown) == ([], [])
        safe = sum(one.is_open and one.is_safe for one in self.asks)
        assert taken.found.colleagues + taken.found.elsewhere >= safe
        disk.close()

    # --- what has to follow ---

    @invariant()
    def what_waits_stands_on_the_disk(self) -> None:
        self.follow()
        for action in self.desk.actions.pending:
            if action.progress is Progress.WAITING and action.safety is not Safety.MEMORY:
                assert (self.desk.disk._box / self.desk.outbox._names[action]).exists()
            if action.progress is Progress.WAITING and action.safety is Safety.MEMORY:
                assert self.desk.outbox.trouble or action in self.desk.outbox._due or self.desk.outbox._working

    @invariant()
    def once_all_rests_the_disk_has_what_is_pending_and_no_more(self) -> None:
        if self.desk.outbox._working is None or self.desk.outbox._working.done():
            assert set(self.desk.outbox._names) <= set(self.desk.actions.pending)

    def teardown(self) -> None:
        self.desk.kill()
        for attempt in self.world.unanswered():
            attempt.answer.set_result(None)
        self.loop.run_until_complete(tasks.cancel_all())
        self.loop.settle()
        self.loop.close()
        shutil.rmtree(self.root)
        logging.disable(logging.NOTSET)


TestOutbox = OutboxOracle.TestCase
TestOutbox.settings = settings(max_examples=8, stateful_step_count=30, deadline=None)


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    yield
    logging.disable(logging.NOTSET)


def test_what_follows_comes_to_the_disk_before_what_it_follows_goes(tmp_path: Path) -> None:
    """Between the two the console may end."""
    loop, world = SteadyLoop(), World()
    done: list[str] = []

    async def made() -> Desk:
        return Desk(loop, world, tmp_path, NOW)

    desk = loop.run_until_complete(made())
    desk.disk.hears = done.append
    loop.now(lambda: desk.store.set_link(Link(LinkState.LOST, NOW)))
    first, then = (AddNote(referral_id=REFERRALS[0], words=words) for words in "ab")
    loop.now(lambda: desk.actions.submit(first, "a", following=[(then, "b")]))
    desk.settle()
    loop.now(lambda: desk.store.set_link(Link(LinkState.LIVE, NOW)))
    world.happen(world.unanswered()[0], "ok")
    loop.settle()
    desk.settle()
    world.happen(world.unanswered()[0], "ok")
    loop.settle()
    desk.settle()
    assert done == ["put", "put", "drop", "drop"]
    desk.kill()
    loop.close()
