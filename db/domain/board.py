"""The referral board: what one row says, and where it stands. Pure; the time comes in as an argument.

A :class:`BoardRow` is worked out once, when something about the referral changes. It holds no running time, so its
place on the board does not move because a second passed; :func:`face` adds the time when a row is painted.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from math import inf
from typing import Final, Literal
from uuid import UUID

from db.domain.board_line import Line, line, words
from db.domain.calls import call_due, call_words, last_heard
from db.domain.cautions import Flag, counting
from db.domain.clocks import (
    EARLIEST,
    ResponseClock,
    allowance_in_words,
    in_words,
    local_time,
)
from db.domain.names import short_name
from db.domain.records import Location, Referral
from db.domain.reference import ReferenceData
from db.domain.rules import DEFAULTS
from db.domain.situation import (
    EtaOf,
    Facts,
    Phase,
    Situation,
    first_arrival,
    late_by,
    late_words,
    situation,
)
from db.domain.texts import folded_fields, told
from db.domain.towns import Whereabouts, titled, whereabouts

Urgency = Literal["calm", "due soon", "will be late", "late", "reached", "ended"]


UNREADABLE: Final = "unreadable"
_ASK: Final = "this record cannot be shown: ask for it in the record itself"
_NOWHERE: Final = Whereabouts("", "", "")
_CALL_BACK: Final = "call back due"


class Group(IntEnum):
    """The parts of the board, top to bottom."""

    OPEN = 0
    HELD = 1
    CLOSED = 2


Place = tuple[int, int, float, str]
"""Sorts the board: group; waiting (0) before with patient (1); a moment in seconds; the reference."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One referral on the board.

    Attributes:
        place: where it stands when it is not on hold.
        standing: how many priorities go before this one.
        clock: the response clock; it runs exactly while the person waits.
        within_minutes: what the priority allows.
        where: the place, town first; any part may be empty.
        line: the second line, in several lengths.
        coming: the assignments of the vans on their way while the person waits.
        stands_since: what the person has instead of a wait, and since when; None while the person waits.
        haystack: all that the filter finds it by, folded (:func:`db.domain.texts.folded`), a field a line.
        due_soon: the share of the allowed time from which it counts as due soon.
        heard_at: the last word with the person.
        call_at: when somebody who waits without a van is called next; None where no call is due.
        flags: of the person and the address; none where nothing personal may be shown.
        is_call: it is still being taken, and no clock is late yet.
        readable: False for the row of :func:`unreadable_row`, of which only the reference and the group are true.
    """

    referral_id: UUID
    reference: str
    place: Place
    priority: str
    standing: int
    clock: ResponseClock
    within_minutes: int
    where: Whereabouts
    line: Line
    hold_until: datetime | None
    hold_reason: str
    stands_since: tuple[str, datetime] | None
    ended_at: datetime | None
    counts: bool
    haystack: str
    coming: tuple[UUID, ...] = ()
    readable: bool = True
    due_soon: float = DEFAULTS.due_soon
    heard_at: datetime | None = None
    call_at: datetime | None = None
    flags: tuple[Flag, ...] = ()
    is_call: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """A row as it is painted at one moment.

    Attributes:
        name: the short reference.
        where: the place; its town must be seen whatever the room.
        full: the second line in whole words.
        lines: the second line in several lengths, fullest first.
        state: the words of it that must be seen whatever the room.
        right: the large words on the right, ``11 min``.
        below: the small words under them, ``left of 60``.
        used: share of the allowed time that is used; above 1 when late.
        flags: what the flags that count say, what helps first.
        warns: one of them says what to beware of.
    """

    name: str
    where: Whereabouts
    full: str
    lines: tuple[str, ...]
    state: str
    right: str
    below: str
    used: float
    urgency: Urgency
    flags: tuple[str, ...] = ()
    warns: bool = False

    @property
    def title(self) -> str:
        """The first line: ``CRU-0044 Corby · NN18 9ND · 12 Studfall Avenue``."""
        return titled(self.name, self.where, self.where.full)

    @property
    def line(self) -> str:
        """The second line where there is room for it."""
        return self.lines[0]

    def spoken(self, priority: str) -> str:
        """The whole row as one sentence for a screen reader."""
        flags = f"flags: {'; '.join(self.flags)}" if self.flags else ""
        parts = (priority, self.title, self.full, f"{self.right} {self.below}", flags)
        return ", ".join(part for part in parts if part)


def board_row(facts: Facts, reference: ReferenceData, *, wall: bool = False) -> BoardRow:
    """Work out the row of a referral.

    Args:
        facts: the records it is made of.
        reference: priorities, sources and reasons.
        wall: leave out where the person is, but for the postcode's first half.
    """
    referral, now_is = facts.referral, situation(facts, reference)
    where = _on_wall(referral.location) if wall else whereabouts(referral.location)
    second, heard = line(now_is, reference), last_heard(facts.contacts)
    # Nothing here may hang on the time of day: the row is worked out anew only when a record changes.
    return BoardRow(
        referral_id=referral.id,
        reference=referral.reference,
        place=_place(referral, now_is.clock),
        priority=referral.priority,
        standing=now_is.standing,
        clock=now_is.clock,
        within_minutes=now_is.priority.within_minutes,
        where=where,
        line=second,
        hold_until=referral.hold_until if referral.is_open else None,
        hold_reason=""
        if wall or not referral.hold_reason
        else reference.reason_label("hold", referral.hold_reason),
        stands_since=_stands_since(now_is),
        ended_at=None if referral.is_open else _ended_at(referral),
        counts=referral.entered_in_error_at is None,
        haystack=_haystack(facts, where, second, wall=wall),
        coming=now_is.awaited,
        due_soon=reference.rules.due_soon,
        heard_at=heard.made_at if heard is not None else None,
        call_at=None if wall else call_due(now_is, reference),
        flags=() if wall else tuple(facts.flags),
        is_call=facts.open_call is not None,
    )


def unreadable_row(referral: Referral) -> BoardRow:
    """The row of a referral that nothing can be worked out for: first in its group, as nobody knows how long."""
    return BoardRow(
        referral_id=referral.id,
        reference=referral.reference,
        place=(Group.OPEN if referral.is_open else Group.CLOSED, 0, -inf, referral.reference),
        priority=referral.priority,
        standing=0,
        clock=ResponseClock(EARLIEST, EARLIEST),
        within_minutes=0,
        where=_NOWHERE,
        line=Line((), ((),), ""),
        hold_until=None,
        hold_reason="",
        stands_since=None,
        ended_at=None,
        counts=referral.entered_in_error_at is None,
        haystack=folded_fields((referral.reference, _bare(referral.reference))),
        readable=False,
    )


def unreadable_face(row: BoardRow, now: datetime) -> Face:
    """What a row says that cannot be shown: which one it is, and that it has to be looked at."""
    name = told(short_name(row.reference, now))
    return Face(name, _NOWHERE, _ASK, (_ASK,), "", UNREADABLE, "", 2.0, "late")


def _stands_since(now_is: Situation) -> tuple[str, datetime] | None:
    call = now_is.facts.open_call
    if call is not None:
        return (_CALL_BACK, call.call_back_at) if call.call_back_at else ("on the phone", call.answered_at)
    if now_is.phase is Phase.CLEAR and now_is.clear_at is not None:
        return "since clear", now_is.clear_at
    if now_is.phase is Phase.HANDED_ON and now_is.holder is not None:
        return str(now_is.phase), now_is.holder.start
    if now_is.phase is Phase.REACHED and now_is.reached_at is not None:
        return str(now_is.phase), now_is.reached_at
    return None


def _ended_at(referral: Referral) -> datetime:
    return referral.times.get("closed") or referral.entered_in_error_at or referral.received_at


def _place(referral: Referral, clock: ResponseClock) -> Place:
    if not referral.is_open:
        # Negative: the newest first. The reference settles what is equal, so that rows never change places
        # by themselves.
        return (Group.CLOSED, 0, -_ended_at(referral).timestamp(), referral.reference)
    if clock.stopped is not None:
        return (Group.OPEN, 1, clock.stopped.timestamp(), referral.reference)
    return (Group.OPEN, 0, clock.due.timestamp(), referral.reference)


def _on_wall(location: Location) -> Whereabouts:
    """No more of the place than the postcode's first half."""
    return Whereabouts("", told(location.postcode).partition(" ")[0], "")


def _bare(reference: str) -> str:
    """How the number is typed to find it, whatever its day."""
    return f"{reference.partition('-')[0]}-{reference.rpartition('-')[2]}"


def _haystack(facts: Facts, where: Whereabouts, second: Line, *, wall: bool) -> str:
    referral = facts.referral
    fields = [
        referral.reference,
        _bare(referral.reference),
        where.town,
        where.postcode,
        referral.priority,
        referral.state.value,
        *(text for text, _ in second.full),
        *(facts.callsigns.get(job.van_id, "") for job in facts.assignments),
    ]
    if not wall:
        # What the wall does not show it does not find by either.
        fields += [referral.location.text, referral.location.postcode, referral.ems_callsign]
        fields += [referral.ems_incident, referral.patient.name or "", referral.caller]
    # Each once, and all folded in one go: a board opens with thousands of them.
    return folded_fields(dict.fromkeys(fields))


def group(row: BoardRow, now: datetime) -> Group:
    """The part of the board it belongs to; a held referral comes back by itself."""
    # Asked at each moment and not kept in ``place``, since the end of a hold changes no record.
    held = row.hold_until is not None and row.hold_until > now
    return Group.HELD if held else Group(row.place[0])


def place(row: BoardRow, now: datetime) -> Place:
    """Where it stands: open by time left, on hold by when it comes back, closed by newest first."""
    if row.hold_until is not None and row.hold_until > now:
        return (Group.HELD, 0, row.hold_until.timestamp(), row.reference)
    return row.place


def nobody_knows(_assignment_id: UUID) -> datetime | None:
    """No arrival can be told."""
    return None


def face(row: BoardRow, now: datetime, eta_of: EtaOf = nobody_knows) -> Face:
    """The row at one moment, with what is known of the vans on their way."""
    if not row.readable:
        return unreadable_face(row, now)
    late = late_by(row.clock, first_arrival(row.coming, eta_of))
    right, below = _right(row, now)
    loud = urgency(row, now)
    # What is late already is louder than what will be.
    if late is not None and loud != "late":
        loud, below = "will be late", late_words(late)
    used = row.clock.share(row.ended_at or now)
    name = told(short_name(row.reference, now))
    flags = counting(row.flags, now)
    said = tuple(told(flag.words) for flag in flags)
    warns = not all(flag.helps for flag in flags)
    return Face(name, row.where, *_second_line(row, now), right, below, used, loud, said, warns)


def urgency(row: BoardRow, now: datetime) -> Urgency:
    """How loud the row is: due soon from a share of the time, late from all of it, reached with a crew there."""
    if row.ended_at is not None:
        return "ended"
    if row.stands_since is not None:
        return "calm" if row.is_call else "reached"
    share = row.clock.share(now)
    if share >= 1:
        return "late"
    return "due soon" if share >= row.due_soon else "calm"


def _second_line(row: BoardRow, now: datetime) -> tuple[str, tuple[str, ...], str]:
    """In whole words, in several lengths, and the state in it."""
    full, lengths = words(row.line.full, now), tuple(words(pieces, now) for pieces in row.line.lengths)
    if group(row, now) is not Group.HELD or row.hold_until is None:
        return _with_call(row, now, full, lengths, row.line.state)
    back = f"on hold until {local_time(row.hold_until, now)}"
    why = f"{back}: {told(row.hold_reason)}" if row.hold_reason else back
    return _with_call(row, now, f"{why} · {full}", (f"{why} · {lengths[0]}", why, back, "on hold"), "on hold")


def _with_call(
    row: BoardRow, now: datetime, full: str, lengths: tuple[str, ...], state: str
) -> tuple[str, tuple[str, ...], str]:
    """The same with the next call: ``no van · called 03:10, next 04:05``; one that is due goes before the rest."""
    if row.call_at is None:
        return full, lengths, state
    if row.call_at <= now:
        due = f"call due {local_time(row.call_at, now)}"
        # Two lengths may come out the same; each is tried once for room.
        told_first = dict.fromkeys((f"{due} · {lengths[0]}", f"{due} · {state}", *lengths))
        return f"{due} · {full}", tuple(told_first), state
    said = call_words(row.heard_at, row.call_at)
    some = dict.fromkeys((f"{lengths[0]} · {said}", f"{state} · {said}", *lengths))
    return f"{full} · {said}", tuple(some), state


def _right(row: BoardRow, now: datetime) -> tuple[str, str]:
    if row.ended_at is not None:
        return local_time(row.ended_at, now), "ended"
    if row.stands_since is not None:
        words, since = row.stands_since
        # A call back lies ahead, and then behind.
        return (local_time(since, now) if row.is_call and words == _CALL_BACK else in_words(now - since)), words
    left = row.clock.left(now)
    allowed = allowance_in_words(row.within_minutes).removesuffix(" min")
    if left.total_seconds() <= 0:
        return in_words(left), f"over {allowed}"
    return in_words(left), f"left of {allowed}"
