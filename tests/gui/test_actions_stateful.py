"""The window's side of the queue: real signals, tasks and futures over a record that answers in every way."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from console import tasks
from console.actions import PACE, Action, Actions, Progress, Why
from console.store import Link, LinkState, Store
from db.clock import ClockReading, RecordClock
from db.commands import Accept, AddNote, Command
from db.engine import ANSWER_WITHIN, connect
from db.errors import Busy, Conflict, Invalid, RecordError, Unavailable
from tests.unit.board_records import NOW, reference

REFERRALS = [UUID(int=number) for number in range(1, 5)]
ENDS = (Progress.DONE, Progress.REFUSED, Progress.WITHDRAWN)
WORLD = ("ok", "refused", "lost before", "lost after", "held", "odd before", "odd after")


class StandingLoop(asyncio.SelectorEventLoop):
    """A loop in which time passes only by ``skip``: nothing ever waits, and everything is in its order."""

    moment = 1000.0

    def time(self) -> float:
        return self.moment

    def settle(self) -> None:
        """Run what can run now."""
        self.run_until_complete(_turns(30))

    def skip(self, seconds: float) -> None:
        self.moment += seconds
        self.settle()

    def now(self, call: Callable[[], Any]) -> Any:
        """Call something as a slot of Qt would be called while the loop runs."""

        async def calling() -> Any:
            return call()

        found = self.run_until_complete(calling())
        self.settle()
        return found


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@dataclass(eq=False)
class Attempt:
    """One call of the sender."""

    command: Command
    answer: "asyncio.Future[Exception | None]"
    is_over: bool = False
    is_given_up: bool = False


class World:
    """The other side: a record with a log of commands, behind a link on which everything may get lost."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.record: list[UUID] = []
        self.stubborn = False
        self.begins: Callable[[Attempt], None] = lambda _attempt: None

    async def execute(self, _engine: AsyncEngine, command: Command) -> None:
        attempt = Attempt(command, asyncio.get_running_loop().create_future())
        self.begins(attempt)
        self.attempts.append(attempt)
        while not attempt.answer.done():
            try:
                await asyncio.shield(attempt.answer)
            except asyncio.CancelledError:
                attempt.is_given_up = True
                if not self.stubborn:
                    raise
        error = attempt.answer.result()
        if error is not None:
            raise error

    def unanswered(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if not attempt.answer.done()]

    def live(self) -> list[Attempt]:
        return [attempt for attempt in self.unanswered() if not attempt.is_given_up]

    def happen(self, attempt: Attempt, what: str, *, early: bool = False) -> None:
        for other in self.attempts[: self.attempts.index(attempt)]:
            if other.command.command_id == attempt.command.command_id and not other.is_over:
                # Its locks held this one up until now.
                other.is_over = True
                self.commit(other) if early else None
        if not attempt.is_over and what in {"ok", "lost after", "odd after"}:
            self.commit(attempt)
        attempt.is_over = True
        attempt.answer.set_result(self.answer(attempt, what))

    def answer(self, attempt: Attempt, what: str) -> Exception | None:
        if what in {"ok", "refused"} and attempt.command.command_id in self.record:
            return None
        if what.startswith("odd"):
            return KeyError("somebody's name")
        kinds = {"held": Busy("held"), "refused": Invalid("refused")}
        return kinds.get(what, Unavailable("lost"))

    def commit(self, attempt: Attempt) -> None:
        if attempt.command.command_id not in self.record:
            self.record.append(attempt.command.command_id)


@dataclass
class Heard:
    """What was said about one action."""

    signals: list[Progress] = field(default_factory=list)
    thens: int = 0


class Bench:
    """Actions on a store, over a world, on a loop in which time stands."""

    def __init__(self) -> None:
        self.loop = StandingLoop()
        self.world = World()
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        clock = RecordClock()
        clock.set(ClockReading(NOW, 1.0))
        self.engine = connect(make_url("postgresql://nobody@localhost/nowhere"))  # opens nothing
        self.actions = Actions(self.engine, self.store, clock, execute=self.world.execute)

    def submit(self, command: Command, then: Callable[[Action], None] | None = None) -> Action | None:
        found = self.loop.now(partial(self.actions.submit, command, "an action", then))
        assert found is None or isinstance(found, Action)
        return found

    def link(self, state: LinkState) -> None:
        self.loop.now(lambda: self.store.set_link(Link(state, NOW)))

    def happen(self, what: str) -> None:
        """The record answers the oldest attempt."""
        self.world.happen(self.world.unanswered()[0], what)
        self.loop.settle()

    def end(self) -> None:
        """As the program ends: nothing is left running."""
        self.world.stubborn = False
        for attempt in self.world.unanswered():
            attempt.answer.set_result(None)
        self.loop.run_until_complete(tasks.cancel_all())
        self.loop.settle()
        assert not tasks._running
        self.loop.close()


class ActionsOracle(RuleBasedStateMachine):
    """Everything that a room can do to its actions, and the link and the record to both."""

    def __init__(self) -> None:
        super().__init__()
        logging.disable(logging.ERROR)
        self.bench = Bench()
        self.loop, self.world, self.actions = self.bench.loop, self.bench.world, self.bench.actions
        self.world.begins = self.begins
        self.asked: list[Action] = []
        self.heard: dict[Action, Heard] = {}
        self.waiting: dict[Action, asyncio.Task[None]] = {}
        self.shown: list[tuple[Action, Progress, Why]] = []
        self.closed = False
        self.actions.changed.connect(self.look)
        for signal, end in zip(
            (self.actions.done, self.actions.refused, self.actions.withdrawn), ENDS, strict=True
        ):
            signal.connect(partial(self.hear, end))

    def hear(self, end: Progress, action: Action) -> None:
        # The first thing that a panel does is to look at what is left.
        assert action not in self.actions.pending
        self.heard.setdefault(action, Heard()).signals.append(end)

    def look(self) -> None:
        self.shown = [(action, action.progress, action.why) for action in self.actions.pending]

    def begins(self, attempt: Attempt) -> None:
        pending = self.actions.pending
        place, action = next(
            (place, one)
            for place, one in enumerate(pending)
            if one.command.command_id == attempt.command.command_id
        )
        assert self.bench.store.link.state is not LinkState.LOST
        assert len(self.world.live()) < 2
        assert all(action.keys.isdisjoint(earlier.keys) for earlier in pending[:place])
        before = [one for one in self.world.attempts if one.command.command_id == attempt.command.command_id]
        if before and isinstance(attempt.command, Accept):
            assert attempt.command.at == action.asked_at

    # --- the room ---

    @rule(referral=st.integers(0, 3), word=st.integers(0, 1), how=st.integers(0, 2))
    def ask(self, referral: int, word: int, how: int) -> None:
        key = REFERRALS[referral]
        command = AddNote(referral_id=key, words="once") if word else Accept(referral_id=key)
        has_twin = any(
            type(one.command) is type(command) and one.command.referral_id == key for one in self.actions.pending
        )
        if how == 2 and not has_twin:
            self.perform(command)
            return
        action = self.bench.submit(command, self.count if how else None)
        assert (action is None) is has_twin
        if action is not None:
            assert action.awaited is bool(how)
            self.asked.append(action)

    def count(self, action: Action) -> None:
        self.heard.setdefault(action, Heard()).thens += 1
        raise KeyError("a panel is broken")

    def perform(self, command: Command) -> None:
        before = self.actions.pending
        if self.closed:
            with pytest.raises(Unavailable):
                self.loop.run_until_complete(self.actions.perform(command, "an action"))
            return
        task = self.loop.create_task(self.actions.perform(command, "an action"))
        self.loop.settle()
        (action,) = (one for one in self.actions.pending if one not in before)
        assert action.awaited is True
        self.asked.append(action)
        self.waiting[action] = task

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        action = data.draw(st.sampled_from(self.asked))
        was = action.progress
        begun = len(self.world.attempts)
        others = [one for one in self.actions.pending if one is not action]
        ready = [one for one in others if not one.keys.isdisjoint(action.keys)]
        flying = len(self.world.live())
        self.loop.now(lambda: self.actions.withdraw(action))
        assert action.progress is (Progress.WITHDRAWN if was is Progress.WAITING else was)
        assert [one for one in self.actions.pending if one is not action] == others
        for attempt in self.world.attempts[begun:]:
            # Only what waited for this very action, or for its place, goes on.
            released = [one for one in ready if one.command.command_id == attempt.command.command_id]
            assert released or flying == 2

    @rule(state=st.sampled_from(LinkState))
    def link(self, state: LinkState) -> None:
        self.bench.link(state)

    @rule(seconds=st.sampled_from([0.1, 0.5, 1.0, 3.0, 6.0, 10.0]))
    def wait(self, seconds: float) -> None:
        live = self.world.live()
        self.loop.skip(seconds)
        if seconds >= 6.0:
            assert not set(live) & set(self.world.live())

    @rule(stubborn=st.booleans())
    def senders_that_hang(self, stubborn: bool) -> None:
        self.world.stubborn = stubborn

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def walk_away(self, data: st.DataObject) -> None:
        action = data.draw(st.sampled_from([*self.waiting]))
        task = self.waiting.pop(action)
        was = action.progress
        task.cancel()
        self.loop.settle()
        assert action.progress is was

    @precondition(lambda self: len(self.asked) > 4 and not self.closed)
    @rule(by_hand=st.booleans())
    def close(self, by_hand: bool) -> None:
        pending = self.actions.pending
        self.closed = by_hand or bool(pending) or self.closed
        if by_hand:
            self.loop.now(self.actions.close)
        else:
            self.world.stubborn = False
            for attempt in self.world.unanswered():
                if attempt.is_given_up:
                    attempt.answer.set_result(None)
            self.loop.run_until_complete(tasks.cancel_all())
            self.loop.settle()
        assert not self.actions.pending
        assert not self.world.live()
        assert all(action.progress in ENDS for action in pending)

    # --- the record ---

    @precondition(lambda self: self.world.unanswered())
    @rule(data=st.data(), what=st.sampled_from(WORLD), early=st.booleans())
    def happen(self, data: st.DataObject, what: str, early: bool) -> None:
        attempt = data.draw(st.sampled_from(self.world.unanswered()))
        self.world.happen(attempt, what, early=early)
        self.loop.settle()

    # --- what has to follow ---

    @invariant()
    def each_action_has_one_end_and_everybody_hears_it_once(self) -> None:
        pending = self.actions.pending
        for action in self.asked:
            heard = self.heard.get(action, Heard())
            if action in pending:
                assert action.progress not in ENDS
                assert heard == Heard()
                assert not action.finished.done()
            else:
                assert heard.signals == [action.progress]
                assert heard.thens == (action.then is not None)
                assert action.finished.done()

    @invariant()
    def whoever_waits_is_answered(self) -> None:
        for action, task in self.waiting.items():
            assert task.done() is action.finished.done()
            if task.done() and not task.cancelled():
                assert task.exception() is action.error

    @invariant()
    def the_record_bears_it_out(self) -> None:
        for action in self.asked:
            there = action.command.command_id in self.world.record
            assert action.progress is not Progress.DONE or there
            if action.progress in {Progress.REFUSED, Progress.WITHDRAWN} and not action.may_be_done:
                assert not there

    @invariant()
    def what_is_shown_is_how_it_stands(self) -> None:
        assert self.shown == [(action, action.progress, action.why) for action in self.actions.pending]
        lost = self.bench.store.link.state is LinkState.LOST
        for action in self.actions.pending:
            if action.progress is Progress.WAITING:
                assert (action.why is Why.LINK) is lost

    @invariant()
    def nothing_of_one_referral_is_under_way_twice(self) -> None:
        for one, other in combinations(self.world.live(), 2):
            assert one.command.referral_id != other.command.referral_id

    def teardown(self) -> None:
        """With the link back and a record that answers, nothing is left."""
        self.world.stubborn = False
        self.bench.link(LinkState.LIVE)
        for _ in range(100):
            for attempt in self.world.unanswered():
                self.world.happen(attempt, "ok")
            self.loop.skip(8.0)
        assert not self.actions.pending
        self.each_action_has_one_end_and_everybody_hears_it_once()
        self.whoever_waits_is_answered()
        self.the_record_bears_it_out()
        self.bench.end()
        logging.disable(logging.NOTSET)


TestActionsOracle = ActionsOracle.TestCase
TestActionsOracle.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.end()


def note(words: str, referral: int = 0) -> AddNote:
    return AddNote(referral_id=REFERRALS[referral], words=words)


def test_taking_one_back_sends_no_other(bench: Bench) -> None:
    bench.link(LinkState.LOST)
    asked = [bench.submit(note(f"note {number}", number)) for number in range(4)]
    assert asked[1] is not None
    bench.loop.now(lambda: bench.actions.withdraw(asked[1]))
    assert bench.world.attempts == []
    bench.link(LinkState.LIVE)
    while bench.world.unanswered():
        bench.happen("ok")
    assert [attempt.command for attempt in bench.world.attempts] == [
        one.command for one in asked if one is not None and one is not asked[1]
    ]


def test_what_was_asked_for_while_lost_carries_its_time(bench: Bench) -> None:
    bench.link(LinkState.LOST)
    action = bench.submit(Accept(referral_id=REFERRALS[0]))
    assert action is not None
    bench.loop.skip(600)
    bench.link(LinkState.LIVE)
    (attempt,) = bench.world.attempts
    assert isinstance(attempt.command, Accept)
    assert attempt.command.at == action.asked_at
    assert (action.asked_at - NOW).total_seconds() < 60


def test_an_error_that_nobody_expected_goes_once_more_and_is_logged_by_its_type(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    action = bench.submit(note("Robin Sample rang"))
    assert action is not None
    for _ in range(2):
        bench.happen("odd before")
        bench.loop.skip(0.5)
    assert len(bench.world.attempts) == 2
    assert action.progress is Progress.REFUSED
    assert str(action.error) == (
        "The console failed while it was sent, and it may have been done. Look at the board before you repeat it."
    )
    assert [record.getMessage() for record in caplog.records] == ["AddNote failed: KeyError"] * 2
    assert "somebody's name" not in caplog.text
    assert "Robin" not in caplog.text


def test_a_broken_panel_is_logged_and_stops_nothing(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_action: Action) -> None:
        raise LookupError("Robin Sample")

    one, other = bench.submit(note("a"), broken), bench.submit(note("b"))
    assert one is not None
    assert other is not None
    for _ in range(2):
        bench.happen("ok")
    assert (one.progress, other.progress) == (Progress.DONE, Progress.DONE)
    assert [record.getMessage() for record in caplog.records] == ["what waited for an action failed: LookupError"]
    assert "Robin" not in caplog.text


def test_whoever_asks_for_the_same_and_waits_is_told_so(bench: Bench) -> None:
    bench.submit(note("a"))
    with pytest.raises(Conflict, match="on its way already"):
        bench.loop.run_until_complete(bench.actions.perform(note("a"), "Note"))


def test_all_tasks_are_ended_before_anything_began(bench: Bench) -> None:
    """As when the window is closed in the instant of a key press."""

    async def press_and_go() -> Action | None:
        action = bench.actions.submit(note("a"), "Note")
        await tasks.cancel_all()
        return action

    action = bench.loop.run_until_complete(press_and_go())
    bench.loop.settle()
    assert action is not None
    assert action.is_withdrawn
    assert action.finished.done()
    late = bench.submit(note("b"))
    assert late is not None
    assert late.is_withdrawn
    assert bench.world.attempts == []


def test_an_action_asked_for_in_answer_to_the_last_one_is_watched_too(bench: Bench) -> None:
    def again(_action: Action) -> None:
        bench.actions.submit(note("b"), "Note")

    bench.submit(note("a"), again)
    bench.happen("ok")
    bench.happen("lost before")
    bench.loop.skip(0.5)
    assert len(bench.world.attempts) == 3


@pytest.mark.parametrize("turns", range(8))
def test_an_action_asked_for_at_any_moment_after_the_last_end_is_watched(bench: Bench, turns: int) -> None:
    async def ask_a_little_later() -> None:
        await _turns(turns)
        bench.actions.submit(note("b"), "Note")

    bench.submit(note("a"))
    bench.world.happen(bench.world.unanswered()[0], "ok")
    bench.loop.run_until_complete(ask_a_little_later())
    bench.loop.settle()
    bench.loop.skip(PACE.answer_within)
    bench.loop.skip(PACE.first_pause)
    assert [attempt.command.words for attempt in bench.world.attempts] == ["a", "b", "b"]


def test_the_engine_has_the_first_word_on_an_answer_that_does_not_come() -> None:
    assert PACE.answer_within > ANSWER_WITHIN


def test_a_reason_to_wait_is_never_the_link_while_it_is_up(bench: Bench) -> None:
    lost, held = bench.submit(note("a")), bench.submit(note("b", 1))
    behind, third = bench.submit(note("c")), bench.submit(note("d", 2))
    for attempt, what in zip(bench.world.unanswered(), ("lost after", "held"), strict=True):
        bench.world.happen(attempt, what)
    bench.loop.settle()
    actions = [one for one in (lost, held, behind, third) if one is not None]
    assert [one.why for one in actions[:3]] == [Why.NO_ANSWER, Why.HELD, Why.TURN]
    assert actions[3].progress is Progress.SENDING
    bench.link(LinkState.LOST)
    assert [one.why for one in actions[:3]] == [Why.LINK] * 3
    bench.link(LinkState.LIVE)
    assert [one.why for one in actions[:3]] == [Why.NO_ANSWER, Why.HELD, Why.TURN]


def test_whoever_waited_for_an_action_hears_why_not(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    async def waits() -> RecordError | None:
        with suppress(asyncio.CancelledError):
            try:
                await bench.actions.perform(note("a"), "Note")
            except RecordError as error:
                return error
        return None

    def ask() -> "asyncio.Task[RecordError | None]":
        work: Coroutine[Any, Any, RecordError | None] = waits()
        return asyncio.get_running_loop().create_task(work)

    for what, kind in (("ok", None), ("refused", Invalid)):
        task = bench.loop.now(ask)
        bench.happen(what)
        assert task.done()
        assert (task.result() is None) if kind is None else isinstance(task.result(), kind)
    assert caplog.records == []  # a refusal is no fault
