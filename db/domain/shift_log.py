"""The shift log: what happened in the room that belongs in nobody's record alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.domain.texts import folded_fields, needles

KEPT_IN_SIGHT: Final = timedelta(hours=24)
"""How long a console mirrors an entry; what is older is read when somebody looks for it."""
EARLIEST: Final = timedelta(days=7)
"""How long ago something may have happened that is written down now."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry. Times are UTC.

    Attributes:
        happened_at: when it was, as its author says.
        pass_on: worth telling the next shift.
        corrects: the entry that this one corrects.
        written_by: the login of its author.
        reference: of the referral that it is about, also of one that has left the board; empty for none.
    """

    id: UUID
    version: int
    happened_at: datetime
    words: str
    referral_id: UUID | None
    van_id: UUID | None
    pass_on: bool
    corrects: UUID | None
    written_by: str
    written_at: datetime
    reference: str = ""


def as_it_stands(entries: Iterable[LogEntry]) -> list[LogEntry]:
    """Without what was corrected since; newest first by when it happened."""
    known = list(entries)
    corrected = {one.corrects for one in known}
    standing = (one for one in known if one.id not in corrected)
    return sorted(standing, key=lambda one: (one.happened_at, one.written_at, one.id), reverse=True)


def before_it(entry: LogEntry, entries: Iterable[LogEntry]) -> list[LogEntry]:
    """What an entry corrects, the newest first; what is not among ``entries`` is left out."""
    known = {one.id: one for one in entries}
    found: list[LogEntry] = []
    while entry.corrects is not None and (earlier := known.get(entry.corrects)) is not None:
        found.append(earlier)
        entry = earlier
    return found


def matching(entries: Sequence[LogEntry], typed: str, names: Callable[[LogEntry], str]) -> list[LogEntry]:
    """The entries in which each typed word is found, whatever its accents and apostrophes.

    Args:
        entries: what is looked through.
        typed: what to look for; nothing finds all.
        names: what else an entry is found by: its author, referral and van.
    """
    wanted = needles(typed)
    return [one for one in entries if all(word in folded_fields((one.words, names(one))) for word in wanted)]
