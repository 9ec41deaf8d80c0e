"""The queue of acts: which may be sent when, and how each of them ends. Pure: time comes in, nothing goes out.

An act begins as ``WAITING`` and is ``SENDING`` during its first attempt. Then the record decides: it did it, it
refused it, or nobody knows, and the act waits and the same command goes again, which is safe. Whoever asked may
take it back while it waits. Acts that share a key go one after another, in the order in which they were asked.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from db.commands import Command
from db.engine import NO_ANSWER
from db.errors import Busy, RecordError, Unavailable

LOOK_FIRST: Final = "Look at the board before you repeat it."


class Progress(StrEnum):
    """Where an act stands. The last three are ends, and an end never changes."""

    SENDING = "sending"
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_ENDS = frozenset({Progress.DONE, Progress.REFUSED, Progress.WITHDRAWN})
MOVES: Final[Mapping[Progress, frozenset[Progress]]] = {
    # A second attempt goes out while the act is still said to wait: nothing flickers, and it can be taken back.
    Progress.WAITING: _ENDS | {Progress.SENDING},
    Progress.SENDING: _ENDS | {Progress.WAITING},
    **{end: frozenset() for end in _ENDS},
}


class Why(StrEnum):
    """What an act waits for, in words."""

    TURN = "waiting its turn"
    LINK = "waiting for the link"
    NO_ANSWER = "no answer yet, trying again"
    HELD = "somebody else is changing it, trying again"


@dataclass(frozen=True, slots=True)
class Pace:
    """How patiently acts are sent; seconds.

    Attributes:
        answer_within: an attempt without an answer by then is given up.
        first_pause: from the first attempt that failed to the second; each later pause is twice as long.
        longest_pause: no pause is longer.
        at_once: how many attempts may be on their way.
    """

    answer_within: float
    first_pause: float = 0.5
    longest_pause: float = 8.0
    at_once: int = 2

    def pause(self, misses: int) -> float:
        """The pause after that many attempts without an answer."""
        # Held at 30: what waits over a long outage misses so often that the power would overflow a float.
        return min(self.first_pause * 2.0 ** min(misses - 1, 30), self.longest_pause)


_WHEN: Final = ("at", "happened_at")
"""The time of what is told, in the commands that have one; left out it is now."""


class QueuedAct:
    """One thing somebody asked for.

    Attributes:
        command: what to do. Unless it went out at once, its ``at`` says when it was asked for.
        label: what it is, as people say it: ``"Allocate CRU2 to 0042"``.
        keys: what it is about; acts that share one keep their order.
        asked_at: by the record's clock, UTC.
        progress: where it stands.
        why: what it waits for, while it waits.
        may_be_done: an attempt ended without an answer, so the record may have carried it out.
        error: why it was refused, or what is known of it when it was taken back.
        attempt: the number of the attempt that was begun last.
        in_flight: that attempt has not been answered.
        due: monotonic seconds: when the answer must be there, or when the next attempt may go.
        misses: attempts without an answer since the link was last back.
        was_odd: an attempt ended with an error that no refusal and no lost link explains.
        trouble: what was wrong with the last attempt; None before the first one failed.
        said: what the record said was wrong, such as who holds what is wanted; empty where it said nothing.
    """

    def __init__(self, command: Command, label: str, keys: frozenset[UUID], asked_at: datetime) -> None:
        self.command = command
        self.label = label
        self.keys = keys
        self.asked_at = asked_at
        self.progress = Progress.WAITING
        self.why = Why.TURN
        self.may_be_done = False
        self.error: RecordError | None = None
        self.attempt = 0
        self.in_flight = False
        self.due = 0.0
        self.misses = 0
        self.was_odd = False
        self.trouble: Why | None = None
        self.said = ""

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back before the record answered."""
        return self.progress is Progress.WITHDRAWN

    @property
    def waits_for(self) -> str:
        """What it waits for, in words: the record's own, where the link is there and it said what is wrong."""
        told = self.said if self.why in {Why.HELD, Why.NO_ANSWER} else ""
        return f"{told.rstrip('.')}, trying again" if told else str(self.why)

    def move(self, to: Progress) -> None:
        """Go to another state.

        Raises:
            ValueError: there is no such move; an act ends once.
        """
        if to is not self.progress:
            if to not in MOVES[self.progress]:
                raise ValueError(f"an act that is {self.progress} cannot be {to}")
            self.progress = to

    def _freeze(self) -> None:
        # It happened when it was asked for, not when the link came back.
        # A verb without a time of its own has none of these, and the act itself, which is not None, stands for it.
        for name in _WHEN:
            if getattr(self.command, name, self) is None:
                self.command = replace(self.command, **{name: self.asked_at})  # type: ignore[arg-type] # it has it

    def review(self, *, lost: bool) -> None:
        """Say again where it stands, and what it waits for."""
        if self.in_flight and self.trouble is None:
            self.move(Progress.SENDING)
            return
        self.move(Progress.WAITING)
        self.why = Why.LINK if lost else self.trouble or Why.TURN
        self._freeze()


A = TypeVar("A", bound=QueuedAct)


class Queue(Generic[A]):
    """The acts that have not come to an end, oldest first. ``now`` is monotonic seconds throughout.

    After whatever happens to it comes ``begin``, which says what is to be sent and where every act stands.
    """

    def __init__(self, pace: Pace, *, lost: bool = False) -> None:
        self._pace = pace
        self._lost = lost
        self._closed = False
        self._acts: list[A] = []
        self._ended: deque[A] = deque()

    @property
    def pending(self) -> tuple[A, ...]:
        """What is on its way or waits, oldest first."""
        return tuple(self._acts)

    def ended(self) -> Iterator[A]:
        """Every act that came to its end and was not handed out here before."""
        while self._ended:
            yield self._ended.popleft()

    def wakes_at(self, now: float) -> float | None:
        """When ``begin`` will have something to do though nothing else happened."""
        # While the link is lost only a missing answer is awaited; the link's return wakes the rest.
        paused = (act.due for act in self._acts if act.in_flight or (not self._lost and act.due > now))
        return min(paused, default=None)

    # --- what happens to it ---

    def ask(self, act: A) -> bool:
        """Take in an act, unless its twin is pending. After ``close`` it ends at once."""
        if any(is_twin(act.command, other.command) for other in self._acts):
            return False
        self._acts.append(act)
        if self._closed:
            self._leave(act)
        return True

    def begin(self, now: float) -> list[A]:
        """Give up the attempts whose time is over, and begin those that may go now. Returns what to send."""
        for act in self._acts:
            if act.in_flight and act.due <= now:
                self._miss(act, Unavailable("The record did not answer in time."), now)
        free = self._pace.at_once - sum(act.in_flight for act in self._acts)
        # What is new goes first: acts that somebody else holds up must not keep an emergency waiting.
        begun = sorted(self._ready(now), key=lambda act: act.misses > 0)[:free]
        for act in begun:
            act.attempt, act.in_flight, act.due = act.attempt + 1, True, now + self._pace.answer_within
        for act in self._acts:
            act.review(lost=self._lost)
        return begun

    def answer(self, act: A, attempt: int, error: Exception | None, now: float) -> None:
        """Take the answer to an attempt. One that comes too late is dropped: the next attempt says the same.

        Args:
            act: what was sent.
            attempt: which of its attempts.
            error: None if the record did it.
            now: monotonic seconds.
        """
        if not act.in_flight or attempt != act.attempt:
            return
        if error is None:
            self._end(act, Progress.DONE, None)
        elif isinstance(error, RecordError) and not isinstance(error, Unavailable):
            # The record knows its id by now: refused means that no earlier attempt did it either.
            act.may_be_done = False
            self._end(act, Progress.REFUSED, error)
        else:
            self._miss(act, error, now)

    def take_back(self, act: A) -> None:
        """End an act that waits; the others stay where they are."""
        # In its first attempt it cannot be taken back: the answer is on its way, and nobody could say what it is.
        if act.progress is Progress.WAITING:
            self._withdraw(act, "It was taken back")

    def set_link(self, *, lost: bool) -> None:
        """The link is down, or may be used. When it comes back everything goes at once, in its order."""
        # Until it is back nothing goes, so it does not matter when the pauses are forgotten.
        if self._lost:
            for act in self._acts:
                act.misses = 0
                if not act.in_flight:
                    act.due = 0.0
        self._lost = lost

    def close(self) -> None:
        """The console goes: everything comes to an end, and so does what is asked from now on."""
        self._closed = True
        for act in self.pending:
            self._leave(act)

    # --- inside ---

    def _ready(self, now: float) -> Iterator[A]:
        """What may go as far as the link, its pause and the acts before it are concerned."""
        ahead: set[UUID] = set()
        for act in self._acts:
            if not (self._lost or act.in_flight) and act.due <= now and ahead.isdisjoint(act.keys):
                yield act
            # Also those of one that is under way or pauses: what was asked later about the same never overtakes
            # it.
            ahead |= act.keys

    def _miss(self, act: A, error: Exception, now: float) -> None:
        """An attempt ended without an answer."""
        act.in_flight = False
        is_odd = not isinstance(error, RecordError)
        act.trouble = Why.HELD if isinstance(error, Busy) else Why.NO_ANSWER
        # Without an answer nobody knows more than that.
        act.said = error.sentence if isinstance(error, RecordError) and error.sentence != NO_ANSWER else ""
        act.may_be_done = act.may_be_done or act.trouble is Why.NO_ANSWER
        if is_odd and act.was_odd:
            # It went once more to learn what the record knows of it; a fault of our own would go on for ever.
            words = "The console failed while it was sent, and it may have been done."
            self._end(act, Progress.REFUSED, RecordError(words, LOOK_FIRST))
            return
        act.was_odd = act.was_odd or is_odd
        act.misses += 1
        act.due = now + self._pace.pause(act.misses)

    def _leave(self, act: A) -> None:
        self._withdraw(act, "The console was closed")

    def _withdraw(self, act: A, words: str) -> None:
        act.may_be_done = act.may_be_done or act.in_flight
        unknown = Unavailable(f"{words}, but the record may have done it already.", LOOK_FIRST)
        known = Unavailable(f"{words} before it was done.")
        self._end(act, Progress.WITHDRAWN, unknown if act.may_be_done else known)

    def _end(self, act: A, to: Progress, error: RecordError | None) -> None:
        act.move(to)
        act.in_flight, act.error = False, error
        self._acts.remove(act)
        self._ended.append(act)


def is_twin(one: Command, other: Command) -> bool:
    """Whether two commands ask for the same."""
    return type(one) is type(other) and _essence(one) == _essence(other)


def _essence(command: Command) -> dict[str, Any]:
    # Ids that the client makes up differ between two presses of the same key; what they act on does not.
    return {
        field.name: getattr(command, field.name)
        for field in fields(command)
        if field.default_factory is MISSING and field.name != "at"
    }
