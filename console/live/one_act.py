"""One act that somebody asked for: where it stands, what it waits for, and where it is safe. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias
from uuid import UUID

from console.live.asked import AskedAt
from db.commands.base import Command

if TYPE_CHECKING:
    from db.errors import RecordError

Following: TypeAlias = tuple[Command, str]
"""A command and its label."""


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
    WORD = "waiting for your word"


class Safety(StrEnum):
    """Where an act that waits stands."""

    MEMORY = "memory"
    """Nowhere else: it ends with the console."""
    WANTED = "wanted"
    """It is not said to wait before it stands on the disk, or cannot."""
    DISK = "disk"
    """It survives the console."""


_WHEN: Final = ("at", "happened_at")
"""The time of what is told, in the commands that have one; left out it is now."""


class QueuedAct:
    """One thing somebody asked for.

    Attributes:
        command: what to do. Unless it went out at once, its ``at`` says when it was asked for.
        label: what it is, as people say it: ``"Allocate CRU2 to 0042"``.
        following: what is to be asked for once it is done, in order, each with its label.
        keys: what it is about; acts that share one keep their order.
        asked: when and where; ``asked_at`` is by the record's clock, UTC.
        number: in the order in which things were asked for; those of a console before this one are below zero.
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
        waits: it is to be said to wait; while it is written to the disk it is not said yet.
        safety: where it stands.
        question: why a person is asked before it goes, as a sentence; empty where nobody is asked.
        vouched: a person said that it still holds.
        left_behind: it ended with the console, and waits on the disk for the next one.
    """

    def __init__(
        self,
        command: Command,
        label: str,
        keys: frozenset[UUID],
        asked_at: datetime | AskedAt,
        following: Sequence[Following] = (),
        number: int = 0,
    ) -> None:
        self.command = command
        self.label = label
        self.following = tuple(following)
        self.keys = keys
        self.asked = asked_at if isinstance(asked_at, AskedAt) else AskedAt(asked_at, asked_at)
        self.number = number
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
        self.waits = False
        self.safety = Safety.MEMORY
        self.question = ""
        self.vouched = False
        self.left_behind = False

    @property
    def asked_at(self) -> datetime:
        """When it was asked for, by the record's clock, UTC."""
        return self.asked.at

    @property
    def has_ended(self) -> bool:
        """Whether it came to its end."""
        return self.progress in _ENDS

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

    def freeze(self) -> None:
        """Say in the command when it was asked for, if it has a time and says none."""
        # It happened when it was asked for, not when the link came back.
        # A verb without a time of its own has none of these, and the act itself, which is not None, stands for it.
        for name in _WHEN:
            if getattr(self.command, name, self) is None:
                self.command = replace(self.command, **{name: self.asked_at})  # type: ignore[arg-type] # it has it

    def review(self, *, lost: bool) -> None:
        """Say again where it stands, and what it waits for."""
        self.waits = not self.in_flight or self.trouble is not None
        if self.waits:
            self.why = Why.LINK if lost else Why.WORD if self.question else self.trouble or Why.TURN
            self.freeze()
        self.move(Progress.WAITING if self.waits and self.safety is not Safety.WANTED else Progress.SENDING)
