"""The queue of acts against an oracle and a record: answered, lost, late, twice, held, taken back, closed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.live.acts import Pace, Queue
from console.live.one_act import MOVES, Progress, QueuedAct, Why
from db.commands import Accept, AddNote, Advise999, Allocate, Command, EndHold
from db.engine import translate_driver
from db.errors import Busy, Conflict, Invalid, NotAllowed, RecordError, Unavailable

NIGHT = datetime(2026, 11, 22, 3, 42, tzinfo=UTC)
PACE = Pace(answer_within=6.0)
REFERRALS = [UUID(int=number) for number in range(1, 4)]
VANS = [UUID(int=number) for number in range(11, 13)]
ENDS = {Progress.DONE, Progress.REFUSED, Progress.WITHDRAWN}
WORLD = ("ok", "refused", "lost before", "lost after", "held", "odd before", "odd after")


def command_of(kind: int, referral: int, other: int) -> tuple[Command, frozenset[UUID]]:
    """A command with an ``at``, one without, and one that joins a referral and a van."""
    about = REFERRALS[referral]
    if kind == 0:
        return Accept(referral_id=about), frozenset({about})
    if kind == 1:
        return AddNote(referral_id=about, words=f"note {other}"), frozenset({about})
    return Allocate(referral_id=about, van_id=VANS[other]), frozenset({about, VANS[other]})


@dataclass(eq=False)
class Attempt:
    """One time that a command went out, as the record sees it."""

    act: QueuedAct
    number: int
    command: Command
    is_over: bool = False


@dataclass(eq=False)
class Known:
    """What the oracle knows of an act."""

    act: QueuedAct
    essence: object
    ready: float = 0.0
    gone: float | None = None
    attempts: int = 0
    misses: int = 0
    odd: int = 0
    unknown: bool = False
    trouble: Why | None = None
    end: Progress | None = None


class QueueOracle(RuleBasedStateMachine):
    """Everything that the room, the link and the record can do to acts, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0
        self.lost = False
        self.closed = False
        self.queue: Queue[QueuedAct] = Queue(PACE)
        self.known: list[Known] = []
        self.wire: list[Attempt] = []
        self.record: list[UUID] = []
        self.told: list[QueuedAct] = []
        self.fresh: Known | None = None

    # --- the room ---

    @rule(kind=st.integers(0, 2), referral=st.integers(0, 2), other=st.integers(0, 1))
    def ask(self, kind: int, referral: int, other: int) -> None:
        command, keys = command_of(kind, referral, other)
        essence = (kind, referral, other if kind else 0)
        act = QueuedAct(command, "an act", keys, NIGHT + timedelta(seconds=self.now))
        is_new = all(one.essence != essence for one in self.pending())
        assert self.queue.ask(act) is is_new
        if is_new:
            self.fresh = Known(act, essence, end=Progress.WITHDRAWN if self.closed else None)
            self.known.append(self.fresh)
        self.step()

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.known))
        others = {id(other): self.state(other) for other in self.pending() if other is not one}
        if one.end is None and one.act.progress is Progress.WAITING:
            one.unknown = one.unknown or one.gone is not None
            one.end, one.gone = Progress.WITHDRAWN, None
        self.queue.take_back(one.act)
        assert {id(other): self.state(other) for other in self.pending() if other is not one} == others
        self.step()

    @rule(lost=st.booleans())
    def link(self, lost: bool) -> None:
        if self.lost and not lost:
            for one in self.pending():
                one.misses, one.ready = 0, self.now
        self.lost = lost
        self.queue.set_link(lost=lost)
        self.step()

    @rule(seconds=st.sampled_from([0.1, 0.3, 0.5, 1.0, 2.0, 5.9, 6.0, 20.0]))
    def wait(self, seconds: float) -> None:
        wakes = self.queue.wakes_at(self.now)
        before = [self.state(one) for one in self.pending()]
        self.now += seconds
        self.expire()
        self.step()
        if wakes is None or wakes > self.now:
            assert [self.state(one) for one in self.pending()] == before

    @precondition(lambda self: not self.closed and len(self.known) > 6)
    @rule()
    def close(self) -> None:
        for one in self.pending():
            one.unknown = one.unknown or one.gone is not None
            one.end, one.gone = Progress.WITHDRAWN, None
        self.closed = True
        self.queue.close()
        assert self.queue.pending == ()
        self.step()

    # --- the record ---

    @precondition(lambda self: self.wire)
    @rule(data=st.data(), world=st.sampled_from(WORLD), early=st.booleans())
    def happen(self, data: st.DataObject, world: str, early: bool) -> None:
        attempt = data.draw(st.sampled_from(self.wire))
        self.settle_earlier(attempt, commits=early)
        self.hear(attempt, self.carry_out(attempt, world))
        self.step()

    def settle_earlier(self, attempt: Attempt, *, commits: bool) -> None:
        # The record's locks: an attempt is answered only when every one before it is over.
        for other in self.wire:
            if other.act is attempt.act and other.number < attempt.number and not other.is_over:
                other.is_over = True
                if commits:
                    self.commit(other)

    def carry_out(self, attempt: Attempt, world: str) -> Exception | None:
        key = attempt.command.command_id
        if not attempt.is_over and world in {"ok", "lost after", "odd after"}:
            self.commit(attempt)
        was_over, attempt.is_over = attempt.is_over, True
        if world in {"ok", "refused"} and (was_over or key in self.record):
            return None if key in self.record else Conflict("Somebody was first.")
        kinds: dict[str, Exception | None] = {
            "ok": None,
            "refused": Invalid("The rules refuse this."),
            "held": Busy("Somebody else is changing this."),
        }
        if world.startswith("odd"):
            return KeyError("nobody expected this")
        return kinds.get(world, Unavailable("The record cannot be reached."))

    def commit(self, attempt: Attempt) -> None:
        if attempt.command.command_id not in self.record:
            self.record.append(attempt.command.command_id)

    def hear(self, attempt: Attempt, error: Exception | None) -> None:
        one = self.of(attempt.act)
        if one.gone is not None and one.attempts == attempt.number:
            self.expect(one, error)
        self.queue.answer(attempt.act, attempt.number, error, self.now)

    def expect(self, one: Known, error: Exception | None) -> None:
        one.gone = None
        is_odd = error is not None and not isinstance(error, RecordError)
        if error is None:
            one.end = Progress.DONE
        elif isinstance(error, Invalid | Conflict | NotAllowed):
            one.end, one.unknown = Progress.REFUSED, False
        else:
            self.miss(one, held=isinstance(error, Busy))
            one.odd += is_odd
            if is_odd and one.odd == 2:
                one.end = Progress.REFUSED

    def miss(self, one: Known, *, held: bool = False) -> None:
        one.gone = None
        one.unknown = one.unknown or not held
        one.trouble = Why.HELD if held else Why.NO_ANSWER
        one.misses += 1
        one.ready = self.now + (0.5, 1.0, 2.0, 4.0, 8.0)[min(one.misses, 5) - 1]

    # --- what has to follow ---

    def pending(self) -> list[Known]:
        return [one for one in self.known if one.end is None]

    def of(self, act: QueuedAct) -> Known:
        return next(one for one in self.known if one.act is act)

    def state(self, one: Known) -> tuple[object, ...]:
        return one.act.progress, one.act.why, one.act.attempt, one.act.in_flight, one.act.command

    def expire(self) -> None:
        for one in self.pending():
            if one.gone is not None and one.gone + 6.0 <= self.now:
                self.miss(one)

    def ready(self) -> list[Known]:
        ahead: set[UUID] = set()
        new: list[Known] = []
        again: list[Known] = []
        for one in self.pending():
            if one.gone is None and one.ready <= self.now and not ahead & one.act.keys and not self.lost:
                (again if one.misses else new).append(one)
            ahead |= one.act.keys
        flying = sum(one.gone is not None for one in self.pending())
        return [*new, *again][: 2 - flying]

    def step(self) -> None:
        """What the console does after everything that happens."""
        expected = self.ready()
        begun = self.queue.begin(self.now)
        assert begun == [one.act for one in expected]
        for one in expected:
            one.attempts, one.gone = one.attempts + 1, self.now
            command = one.act.command
            if isinstance(command, Accept):
                assert command.at == (None if one is self.fresh else one.act.asked_at)
            self.wire.append(Attempt(one.act, one.attempts, command))
        self.fresh = None
        self.told += self.queue.ended()

    @invariant()
    def each_act_is_where_it_has_to_be(self) -> None:
        assert self.queue.pending == tuple(one.act for one in self.pending())
        assert len(self.told) == len(set(self.told))
        assert set(self.told) == {one.act for one in self.known if one.end is not None}
        for one in self.known:
            if one.end is not None:
                assert one.act.progress is one.end
                assert (one.act.error is None) is (one.end is Progress.DONE)
                assert one.end is Progress.DONE or one.act.may_be_done is one.unknown
            elif one.gone is not None and one.attempts == 1:
                assert one.act.progress is Progress.SENDING
            else:
                assert one.act.progress is Progress.WAITING
                assert one.act.why is (Why.LINK if self.lost else one.trouble or Why.TURN)

    @invariant()
    def the_record_bears_it_out(self) -> None:
        done = set(self.record)
        for one in self.known:
            there = one.act.command.command_id in done
            if one.end is Progress.DONE:
                assert there
            elif one.end is not None and not one.act.may_be_done:
                assert not there
            if not one.attempts:
                assert not there

    @invariant()
    def what_belongs_together_was_done_in_the_order_in_which_it_was_asked(self) -> None:
        done = [one for one in self.known if one.end is Progress.DONE]
        for place, one in enumerate(done):
            for later in done[place + 1 :]:
                if one.act.keys & later.act.keys:
                    order = [self.record.index(each.act.command.command_id) for each in (one, later)]
                    assert order == sorted(order)

    def teardown(self) -> None:
        """With the link back and a record that answers, everything comes to an end."""
        self.link(False)
        for _ in range(200):
            if not self.pending():
                break
            for attempt in list(self.wire):
                if self.of(attempt.act).gone is not None and self.of(attempt.act).attempts == attempt.number:
                    self.settle_earlier(attempt, commits=False)
                    self.hear(attempt, self.carry_out(attempt, "ok"))
            wakes = self.queue.wakes_at(self.now)
            self.now = self.now if wakes is None else max(self.now, wakes)
            self.expire()
            self.step()
        assert not self.queue.pending
        self.each_act_is_where_it_has_to_be()
        self.the_record_bears_it_out()
        self.what_belongs_together_was_done_in_the_order_in_which_it_was_asked()


TestQueueOracle = QueueOracle.TestCase
TestQueueOracle.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)


def an_act(label: str = "an act", about: UUID = REFERRALS[0], seconds: float = 0.0) -> QueuedAct:
    command = Accept(referral_id=about)
    return QueuedAct(command, label, frozenset({about}), NIGHT + timedelta(seconds=seconds))


def asked(queue: Queue[QueuedAct], *acts: QueuedAct, now: float = 0.0) -> list[QueuedAct]:
    for act in acts:
        assert queue.ask(act)
    return queue.begin(now)


def test_what_went_out_at_once_is_timed_by_the_record_and_what_did_not_by_the_asking() -> None:
    queue: Queue[QueuedAct] = Queue(PACE)
    first = an_act()
    assert asked(queue, first) == [first]
    assert first.command.at is None
    queue.answer(first, 1, Unavailable("lost"), 1.0)
    queue.begin(1.0)
    assert first.command.at == first.asked_at
    queue.set_link(lost=True)
    second = an_act(about=REFERRALS[1], seconds=7)
    assert asked(queue, second, now=2.0) == []
    assert second.command.at == NIGHT + timedelta(seconds=7)
    assert second.command.command_id != first.command.command_id


def test_a_time_that_was_given_is_kept() -> None:
    queue: Queue[QueuedAct] = Queue(PACE, lost=True)
    earlier = NIGHT - timedelta(minutes=3)
    act = QueuedAct(Accept(referral_id=REFERRALS[0], at=earlier), "Accept", frozenset(), NIGHT)
    asked(queue, act)
    assert act.command.at == earlier


@pytest.mark.parametrize("later", [None, NIGHT])
def test_a_twin_is_not_asked_for_twice_whenever_it_happened(later: datetime | None) -> None:
    queue: Queue[QueuedAct] = Queue(PACE, lost=True)
    act = an_act()
    asked(queue, act)
    twin = QueuedAct(Accept(referral_id=REFERRALS[0], at=later), "Accept", frozenset(), NIGHT)
    other = QueuedAct(Accept(referral_id=REFERRALS[1]), "Accept", frozenset(), NIGHT)
    assert not queue.ask(twin)
    assert queue.ask(other)
    queue.take_back(act)
    assert queue.ask(twin)
    assert queue.pending == (other, twin)


def test_a_different_verb_or_word_on_the_same_referral_is_no_twin() -> None:
    queue: Queue[QueuedAct] = Queue(PACE, lost=True)
    about = REFERRALS[0]
    notes = [AddNote(referral_id=about, words=words) for words in "ab"]
    # Verbs that are asked for with the same fields are different things all the same.
    asks = [Accept(referral_id=about), Advise999(referral_id=about), EndHold(referral_id=about), *notes]
    assert all(queue.ask(QueuedAct(one, "an act", frozenset({about}), NIGHT)) for one in asks)


def test_the_pauses_grow_to_a_limit_and_a_returned_link_ends_them() -> None:
    queue: Queue[QueuedAct] = Queue(PACE)
    act, now, pauses = an_act(), 0.0, []
    asked(queue, act)
    for _ in range(8):
        queue.answer(act, act.attempt, Unavailable("lost"), now)
        wakes = queue.wakes_at(now)
        assert wakes is not None
        assert queue.begin(wakes - 0.01) == []
        assert queue.begin(wakes) == [act]
        pauses.append(wakes - now)
        now = wakes
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]
    queue.answer(act, act.attempt, Unavailable("lost"), now)
    queue.set_link(lost=True)
    assert queue.wakes_at(now) is None
    queue.set_link(lost=False)
    assert queue.begin(now) == [act]
    queue.answer(act, act.attempt, Unavailable("lost"), now)
    assert queue.wakes_at(now) == now + 0.5


def test_what_somebody_holds_keeps_nothing_new_waiting() -> None:
    queue: Queue[QueuedAct] = Queue(PACE)
    held = [an_act(about=UUID(int=100 + number)) for number in range(4)]
    asked(queue, *held)
    for act in held:
        queue.answer(act, 1, Busy("held"), 0.0)
        queue.begin(0.0)
    assert queue.begin(1.0) == held[:2]
    emergency = an_act(about=UUID(int=200))
    assert asked(queue, emergency, now=1.0) == []
    queue.answer(held[0], 2, Busy("held"), 1.5)
    assert queue.begin(1.5) == [emergency]
    queue.answer(emergency, 1, None, 1.6)
    assert queue.begin(1.6) == [held[2]]


def test_a_link_that_stays_up_ends_no_pause() -> None:
    queue: Queue[QueuedAct] = Queue(PACE)
    act = an_act()
    asked(queue, act)
    queue.answer(act, 1, Unavailable("lost"), 0.0)
    queue.set_link(lost=False)  # as every beat of the feed says
    assert queue.begin(0.1) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Busy("M. Roy at WS-7 holds this just now."), "M. Roy at WS-7 holds this just now, trying again"),
        (translate_driver(asyncpg.DiskFullError("")), "The record's disk is full, trying again"),
        (translate_driver(asyncpg.QueryCanceledError("")), "The record was too long over this, trying again"),
        (translate_driver(asyncpg.LockNotAvailableError("")), "Somebody else holds what this needs, trying again"),
        (
            translate_driver(asyncpg.TooManyConnectionsError("")),
            "The record's server has no free connection, trying again",
        ),
        (translate_driver(TimeoutError()), Why.NO_ANSWER),
        (KeyError("ours"), Why.NO_ANSWER),
    ],
)
def test_what_an_act_waits_for_is_said_in_the_records_words(error: Exception, words: str) -> None:
    queue: Queue[QueuedAct] = Queue(PACE)
    act = an_act()
    asked(queue, act)
    queue.begin(0.0)
    queue.answer(act, 1, error, 0.0)
    act.review(lost=False)
    assert act.waits_for == words
    act.review(lost=True)
    assert act.waits_for == Why.LINK
    queue.set_link(lost=False)
    # What it waits for next is not what was said before.
    (again,) = queue.begin(20.0)
    queue.answer(again, 2, translate_driver(TimeoutError()), 20.0)
    act.review(lost=False)
    assert act.waits_for == Why.NO_ANSWER


@pytest.mark.parametrize(
    ("answers", "unknown"),
    [
        ([], False),
        ([Busy("held")], False),
        ([Unavailable("lost")], True),
        ([Unavailable("lost"), Busy("held")], True),
    ],
    ids=["never sent", "held", "lost", "lost, then held"],
)
def test_taking_back_says_what_is_known(answers: list[Exception], unknown: bool) -> None:
    queue: Queue[QueuedAct] = Queue(PACE)
    act = an_act()
    blocker = an_act("before it")
    asked(
        queue,
        *([] if answers else [QueuedAct(AddNote(referral_id=REFERRALS[0], words=""), "", blocker.keys, NIGHT)]),
        act,
    )
    now = 0.0
    for error in answers:
        queue.answer(act, act.attempt, error, now)
        queue.begin(now)
        now += 100
        queue.begin(now) if error is not answers[-1] else None
    queue.take_back(act)
    assert act.is_withdrawn
    assert act.may_be_done is unknown
    assert ("may have done it already" in str(act.error)) is unknown
    assert ("taken back before it was done" in str(act.error)) is not unknown


def test_an_error_that_nobody_expected_is_asked_about_once_more() -> None:
    queue: Queue[QueuedAct] = Queue(PACE)
    broken, lucky, wrong = (an_act(about=about) for about in REFERRALS)
    asked(queue, broken, lucky)
    for act in (broken, lucky):
        queue.answer(act, 1, KeyError("x"), 0.0)
    assert asked(queue, wrong) == [wrong]
    queue.answer(wrong, 1, KeyError("x"), 0.0)
    assert queue.begin(1.0) == [broken, lucky]
    assert broken.may_be_done
    queue.answer(lucky, 2, None, 1.0)
    queue.answer(broken, 2, Unavailable("lost"), 1.0)
    assert queue.begin(5.0) == [broken, wrong]
    queue.answer(wrong, 2, Invalid("The rules refuse this."), 5.0)
    queue.answer(broken, 3, TypeError("x"), 5.0)
    assert [act.progress for act in (broken, lucky, wrong)] == [Progress.REFUSED, Progress.DONE, Progress.REFUSED]
    assert "may have been done" in str(broken.error)
    assert (broken.may_be_done, wrong.may_be_done) == (True, False)
    assert str(wrong.error) == "The rules refuse this."
    assert queue.pending == ()


def test_an_act_in_its_first_attempt_cannot_be_taken_back_and_in_its_second_it_can() -> None:
    queue: Queue[QueuedAct] = Queue(PACE)
    act = an_act()
    asked(queue, act)
    queue.take_back(act)
    assert act.progress is Progress.SENDING
    assert queue.begin(6.0) == []  # the time for an answer is over
    assert act.progress is Progress.WAITING
    assert queue.begin(6.5) == [act]
    queue.take_back(act)
    assert act.is_withdrawn
    queue.answer(act, 2, None, 7.0)
    assert act.is_withdrawn
    assert list(queue.ended()) == [act]
    assert list(queue.ended()) == []


def test_an_end_never_changes() -> None:
    for end in ENDS:
        for to in Progress:
            act = an_act()
            act.progress = end
            if to is end:
                act.move(to)
            else:
                with pytest.raises(ValueError, match=f"that is {end}"):
                    act.move(to)
    assert {state for state, moves in MOVES.items() if not moves} == ENDS
    assert set(MOVES) == set(Progress)


def test_a_closed_console_sends_nothing_any_more() -> None:
    queue: Queue[QueuedAct] = Queue(PACE)
    sent, waiting, late = (
        an_act(),
        QueuedAct(Accept(referral_id=uuid4()), "", frozenset(REFERRALS[:1]), NIGHT),
        an_act(),
    )
    asked(queue, sent, waiting)
    queue.close()
    assert asked(queue, late, now=1.0) == []
    assert [act.progress for act in queue.ended()] == [Progress.WITHDRAWN] * 3
    assert [act.may_be_done for act in (sent, waiting, late)] == [True, False, False]
    assert str(waiting.error) == "The console was closed before it was done."
    assert str(sent.error).startswith("The console was closed, but the record may have done it already.")
