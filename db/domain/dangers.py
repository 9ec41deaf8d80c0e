"""Records of what stands against the next step of a referral, and of what was decided about it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.domain.care import DIED

UNREAD = "unread"
"""The kind of what stands there until the program has read the narrative: nothing that a person has to see to."""


@dataclass(frozen=True, slots=True)
class Danger:
    """One thing that stands against the next step of a referral.

    Attributes:
        what: its name in the record, which a decision covers.
        kind: such as ``yes``, ``scale``, ``flag`` or ``words``.
        key: the question that it is about; empty if none.
        words: what it is, for people.
        hard: nobody may let it on.
        until: when it ends by itself, UTC.
    """

    what: str
    kind: str
    key: str
    words: str
    hard: bool = False
    until: datetime | None = None

    @property
    def is_death(self) -> bool:
        """That another referral of the person says that they died."""
        return self.kind == DIED


@dataclass(frozen=True, slots=True)
class Decision:
    """A named person let something on, or looked at words and found no danger."""

    kind: str
    clinician: str
    reason: str
    by: str
    at: datetime
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dangers:
    """What stands against the next step of a referral, as the record says, and what was decided about it.

    Attributes:
        stands: the gravest first.
        since: when the newest of them came, UTC; None while there is none.
    """

    referral_id: UUID
    version: int
    stands: tuple[Danger, ...] = ()
    decided: tuple[Decision, ...] = ()
    since: datetime | None = None

    @property
    def id(self) -> UUID:
        """A referral has one, so the referral's id names it."""
        return self.referral_id

    @property
    def seen_to(self) -> tuple[Danger, ...]:
        """What a person has to see to."""
        return tuple(one for one in self.stands if one.kind != UNREAD)

    @property
    def died(self) -> Danger | None:
        """The first of the deaths that other referrals of the person tell of."""
        return next((one for one in self.stands if one.is_death), None)

    @property
    def in_danger(self) -> bool:
        """Whether something other stands than that they died, which is neither screened nor told to 999."""
        return any(not one.is_death for one in self.seen_to)

    @property
    def called(self) -> str:
        """One word for it: danger, that they died, or that something was not asked or is not known."""
        if self.died is not None:
            return DIED
        unsure = {"unscreened", "unanswered", "not known"}
        return "stop" if all(one.kind in unsure for one in self.seen_to) else "danger"
