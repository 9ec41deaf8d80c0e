"""What a handover of the room says, line by line and as a whole."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from db.domain.clocks import local_time
from db.domain.shift_handover import TITLES, HandedItem, ShiftHandover, ToHandOver, unsigned
from db.domain.texts import folded_fields, needles, told

if TYPE_CHECKING:
    from db.room_queries import HandedOver

_PERSONAL = frozenset({"call", "safety", "log"})
"""What these lines say is hidden where a bystander may read it."""

Who = Callable[[str], str]
"""What somebody is called, by login."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows: the room as it is now, or one handover of it.

    Attributes:
        room: the handover; None for what writes itself and is not offered yet.
        came: risks that came up after it was offered, and that stand in no line of it.
        before: the handover that ended last, where none is offered now: whoever offered it may look for it here.
    """

    room: ShiftHandover | None
    items: tuple[HandedItem, ...] = ()
    lines: tuple[ToHandOver, ...] = ()
    came: tuple[ToHandOver, ...] = ()
    before: ShiftHandover | None = None

    def rows(self) -> Sequence[HandedItem | ToHandOver]:
        """What stands in the table."""
        return self.items or self.lines

    def about(self, row: int) -> tuple[UUID | None, UUID | None]:
        """The referral and the van of a line."""
        some: Sequence[HandedItem | ToHandOver] = self.items if self.room is not None else self.lines
        return (some[row].referral_id, some[row].van_id) if 0 <= row < len(some) else (None, None)


def handovers_found(earlier: "Sequence[HandedOver]", typed: str, who: Who, *, private: bool) -> "list[HandedOver]":
    """The handovers in which each typed word is found, whatever its accents; nothing typed finds all."""
    wanted = needles(typed)
    return [one for one in earlier if all(word in _folded(one, who, private=private) for word in wanted)]


def line_found(items: Sequence[HandedItem], typed: str) -> int:
    """The line in which the first typed word is found that stands in any; the first line where none is."""
    for word in needles(typed):
        for at, one in enumerate(items):
            if word in folded_fields((one.words, one.remark)):
                return at
    return 0


def _folded(one: "HandedOver", who: Who, *, private: bool) -> str:
    room = one.room
    # What is hidden is not found either: that it is there would be told by finding it.
    lines = [item for item in one.items if not (private and item.kind in _PERSONAL)]
    people = (who(login) for login in (room.offered_by, room.taken_by) if login)
    said = (text for item in lines for text in (item.words, item.remark))
    return folded_fields((*people, "" if private else room.notes, *said))


def row_key(one: HandedItem | ToHandOver) -> Hashable:
    """What a line is about: what it says changes with the time, and does not make it another line."""
    return one.id if isinstance(one, HandedItem) else (one.kind, one.referral_id, one.van_id, one.due_at)


def row_cells(one: HandedItem | ToHandOver, now: datetime, who: Who, *, private: bool) -> tuple[str, ...]:
    """A line of the table: about, what, by when, whether it is a risk, and who signed it."""
    words = "hidden" if private and one.kind in _PERSONAL else told(one.words)
    due = local_time(one.due_at, now) if one.due_at is not None else ""
    signed = ""
    if isinstance(one, HandedItem) and one.signed_at is not None:
        by_when = f"{who(one.signed_by)} {local_time(one.signed_at, now)}"
        signed = " · ".join(part for part in (by_when, one.remark) if part)
    return (TITLES[one.kind], words, due, "risk" if one.is_risk else "", signed)


def heading_note(shown: Shown, now: datetime, who: Who) -> str:
    """How it stands with all of it."""
    room = shown.room
    if room is None:
        risks = sum(one.is_risk for one in shown.lines)
        ended = f"{_ended(shown.before, now, who)} · " if shown.before is not None else ""
        return f"{ended}{len(shown.lines)} lines · {risks} risks to sign · as of {local_time(now, now)}"
    told_of = f"since {local_time(room.since_at, now)}"
    told_of += f" · offered by {told(who(room.offered_by))} {local_time(room.offered_at, now)}"
    if not room.is_offered:
        return f"{told_of} · {_ended(room, now, who)}"
    # What is left to do comes first: on a narrow screen the end of a heading is cut.
    came = [came_words(len(shown.came))] if shown.came else []
    left = len(unsigned(shown.items))
    return " · ".join([*came, f"{risks_are(left)} not signed yet" if left else "every risk is signed", told_of])


def _ended(room: ShiftHandover, now: datetime, who: Who) -> str:
    """How a handover ended: ``taken by N. Next 07:02``."""
    if room.taken_at is not None:
        return f"taken by {told(who(room.taken_by))} {local_time(room.taken_at, now)}"
    if room.withdrawn_at is not None:
        return f"withdrawn by {told(who(room.withdrawn_by))} {local_time(room.withdrawn_at, now)}"
    return ""


def lines_are(signed: int) -> str:
    """How many lines something is said of."""
    return "One line is" if signed == 1 else f"{signed} lines are"


def risks_are(risks: int) -> str:
    """How many risks something is said of."""
    return "One risk is" if risks == 1 else f"{risks} risks are"


def came_words(risks: int) -> str:
    """How many risks came up since."""
    return f"{'1 risk' if risks == 1 else f'{risks} risks'} came since it was offered"
