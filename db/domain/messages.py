"""Messages between those who work at a desk, and who else looks at what. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.domain.texts import all_of

LONGEST: Final = 500
"""Letters of a message."""
IN_SIGHT: Final = timedelta(hours=12)
"""How long a console mirrors one; one to a login stays until it was seen."""
ROOM: Final = "the room"


@dataclass(frozen=True, slots=True)
class Message:
    """A message. Times are UTC.

    Attributes:
        to_login: whom it is to; empty for the room.
        seen_by: the logins that say they saw it, in that order.
        reference: of the referral that it is about, also of one that has left the board; empty for none.
    """

    id: UUID
    version: int
    referral_id: UUID | None
    to_login: str
    words: str
    written_by: str
    written_at: datetime
    seen_by: tuple[str, ...] = ()
    reference: str = ""

    def is_to(self, login: str) -> bool:
        """Whether somebody is to read it: it is to them, or to the room that they did not write to themselves."""
        return self.written_by != login and self.to_login in {"", login}

    def waits_for(self, login: str) -> bool:
        """Whether it is to somebody who has not said that they saw it."""
        return self.is_to(login) and login not in self.seen_by


@dataclass(frozen=True, slots=True)
class Presence:
    """What a console shows now; ``id`` is the console's."""

    id: UUID
    login: str
    referral_id: UUID | None
    typing: bool
    version: int = 1


def newest_first(messages: Iterable[Message]) -> list[Message]:
    """In the order in which they are read."""
    return sorted(messages, key=lambda one: (one.written_at, one.id), reverse=True)


def others_here(there: Iterable[Presence], console: UUID) -> tuple[tuple[str, bool], ...]:
    """Who else is at a referral: each login once, and whether they type there; those who type first.

    Args:
        there: every console that shows the referral.
        console: one's own, which is left out.
    """
    found: dict[str, bool] = {}
    for one in there:
        if one.id != console:
            found[one.login] = found.get(one.login, False) or one.typing
    return tuple(sorted(found.items(), key=lambda one: (not one[1], one[0])))


def here_words(names: Iterable[tuple[str, bool]]) -> str:
    """``R. Silva is typing here · A. Shah looks at it``; empty for nobody.

    Args:
        names: as people read them, and whether each types.
    """
    known = list(names)
    typing = [name for name, types in known if types]
    looking = [name for name, types in known if not types]
    parts = []
    if typing:
        parts.append(f"{all_of(typing)} {'is' if len(typing) == 1 else 'are'} typing here")
    if looking:
        parts.append(f"{all_of(looking)} {'looks' if len(looking) == 1 else 'look'} at it")
    return " · ".join(parts)
