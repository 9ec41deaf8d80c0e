"""The queue of acts: which may be sent when, and how each of them ends. Pure: time comes in, nothing goes out.

An act begins as ``WAITING`` and is ``SENDING`` during its first attempt. Then the record decides: it did it, it
refused it, or nobody knows, and the act waits and the same command goes again, which is safe. Whoever asked may
take it back while it waits. Acts that share a key go one after another, in the order in which they were asked.

What waits stands on the disk before it is said to wait, where there is a disk for it (``Safety``). What was asked
for long ago may no longer be true, so it waits for a person's word, and so does what was asked after it about the
same; what somebody asks for in an emergency does not.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from console.live.one_act import Progress, QueuedAct, Safety, Why
from db import commands
from db.commands.base import Command
from db.engine import NO_ANSWER
from db.errors import Busy, RecordError, Unavailable

if TYPE_CHECKING:
    from uuid import UUID

LOOK_FIRST: Final = "Look at the board before you repeat it."


class TakenBack(Unavailable):
    """Somebody took it back while it waited."""


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


A = TypeVar("A", bound=QueuedAct)


def _nobody_is_asked(_act: QueuedAct) -> str:
    return ""


class Queue(Generic[A]):
    """The acts that have not come to an end, oldest first. ``now`` is monotonic seconds throughout.

    After whatever happens to it comes ``begin``, which says what is to be sent and where every act stands.
    """

    def __init__(self, pace: Pace, *, lost: bool = False, question: Callable[[A], str] = _nobody_is_asked) -> None:
        """Begin with nothing.

        Args:
            pace: how patiently.
            lost: the link is down.
            question: why a person is to be asked before an act goes; empty for nobody.
        """
        self._pace = pace
        self._lost = lost
        self._question = question
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
        """Take in an act, unless its twin is pending. After ``close`` it ends at once.

        A twin that waits for a person's word gives way: asking for the same again is that word, at this moment.
        """
        twins = [other for other in self._acts if is_twin(act.command, other.command)]
        if not all(twin.question for twin in twins):
            return False
        for twin in twins:
            self._withdraw(twin, "It was asked for again")
        self._acts.append(act)
        if self._closed:
            self._leave(act)
        return True

    def put_back(self, acts: Sequence[A]) -> None:
        """Take in what was asked for before all that is here, in its order. A twin of what is here is let go."""
        known = self.pending
        self._acts[:0] = acts
        for act in acts:
            if any(is_twin(act.command, other.command) for other in known):
                self._withdraw(act, "It was asked for again")
            elif self._closed:
                self._leave(act)

    def vouch(self, act: A) -> None:
        """A person says that it still holds: it goes as soon as it may."""
        if act.question:
            act.question, act.vouched = "", True

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
            self._withdraw(act, "It was taken back", TakenBack)

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
        """What may go as far as the link, its pause, a person's word and the acts before it are concerned."""
        ahead: set[UUID] = set()
        asked_about: set[UUID] = set()
        for act in self._acts:
            may_go = not (self._lost or act.in_flight) and not self._asks(act) and act.due <= now
            heard = _waits_for_no_word(act) or asked_about.isdisjoint(act.keys)
            if may_go and heard and ahead.isdisjoint(act.keys):
                yield act
            # Also those of one that is under way or pauses: what was asked later about the same never overtakes
            # it. What only waits its turn behind such a word holds up no more than the word does.
            waits_for_word = bool(act.question) or not (heard or act.in_flight)
            (asked_about if waits_for_word else ahead).update(act.keys)

    def _asks(self, act: A) -> bool:
        if not act.vouched:
            # Once asked it stays asked, whatever a clock says later.
            act.question = act.question or self._question(act)
        return bool(act.question)

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
        act.left_behind = act.safety is Safety.DISK
        self._withdraw(act, "The console was closed")

    def _withdraw(self, act: A, words: str, kind: type[Unavailable] = Unavailable) -> None:
        act.may_be_done = act.may_be_done or act.in_flight
        unknown = kind(f"{words}, but the record may have done it already.", LOOK_FIRST)
        known = kind(f"{words} before it was done.")
        kept = Unavailable(f"{words}; it waits on this computer.", "It goes on when you sign in here again.")
        self._end(act, Progress.WITHDRAWN, kept if act.left_behind else unknown if act.may_be_done else known)

    def _end(self, act: A, to: Progress, error: RecordError | None) -> None:
        act.move(to)
        act.in_flight, act.error = False, error
        self._acts.remove(act)
        self._ended.append(act)


def _waits_for_no_word(act: QueuedAct) -> bool:
    # Help for a crew waits for nobody who has a list of questions to read; that somebody looked changes nothing.
    return isinstance(act.command, commands.RaiseEmergency | commands.OpenRecord)


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
