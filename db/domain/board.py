"""The referral board: what one row says, and where it stands. Pure; the time comes in as an argument.

A :class:`BoardRow` is worked out once, when something about the referral changes. It holds no running time, so its
place on the board does not move because a second passed; :func:`face` adds the time when a row is painted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from math import inf
from typing import Final, Literal
from uuid import UUID

from db.domain.clocks import (
    EARLIEST,
    ResponseClock,
    allowance_in_words,
    in_words,
    local_time,
)
from db.domain.names import short_name
from db.domain.party import Party
from db.domain.records import Handover, Referral
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
from db.domain.states import HandoverState, ReferralState

Urgency = Literal["calm", "due soon", "will be late", "late", "reached", "ended"]
Piece = tuple[str, datetime | None]
"""Some words, and the moment whose age follows them."""


UNREADABLE: Final = "unreadable"


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
        where: the place in words, and ``postcode`` behind it; both may be empty.
        pieces: the second line, each with the moment whose age is told behind it.
        coming: the assignments of the vans on their way while the person waits.
        stands_since: what the person has instead of a wait, and since when; None while the person waits.
        haystack: all that the filter finds it by, in lower case.
        due_soon: the share of the allowed time from which it counts as due soon.
        readable: False for the row of :func:`unreadable_row`, of which only the reference and the group are true.
    """

    referral_id: UUID
    reference: str
    place: Place
    priority: str
    standing: int
    clock: ResponseClock
    within_minutes: int
    where: str
    postcode: str
    pieces: tuple[Piece, ...]
    hold_until: datetime | None
    hold_reason: str
    stands_since: tuple[str, datetime] | None
    ended_at: datetime | None
    counts: bool
    haystack: str
    coming: tuple[UUID, ...] = ()
    readable: bool = True
    due_soon: float = DEFAULTS.due_soon


@dataclass(frozen=True, slots=True)
class Face:
    """A row as it is painted at one moment.

    Attributes:
        title: the reference and the place.
        tail: the end of the title that must not be cut off: the postcode.
        used: share of the allowed time that is used; above 1 when late.
        right: the large words on the right, ``11 min``.
        below: the small words under them, ``left of 60``.
    """

    title: str
    tail: str
    line: str
    right: str
    below: str
    used: float
    urgency: Urgency

    def spoken(self, priority: str) -> str:
        """The whole row as one sentence for a screen reader."""
        return ", ".join(part for part in (priority, self.title, self.line, f"{self.right} {self.below}") if part)


def board_row(facts: Facts, reference: ReferenceData, *, wall: bool = False) -> BoardRow:
    """Work out the row of a referral.

    Args:
        facts: the records it is made of.
        reference: priorities, sources and reasons.
        wall: leave out where the person is, but for the postcode's first half.
    """
    referral, now_is = facts.referral, situation(facts, reference)
    where, postcode = _where(referral, wall=wall)
    pieces = _pieces(now_is, reference)
    return BoardRow(
        referral_id=referral.id,
        reference=referral.reference,
        place=_place(referral, now_is.clock),
        priority=referral.priority,
        standing=now_is.standing,
        clock=now_is.clock,
        within_minutes=now_is.priority.within_minutes,
        where=where,
        postcode=postcode,
        pieces=pieces,
        hold_until=referral.hold_until if referral.is_open else None,
        hold_reason="" if wall else reference.reason_label("hold", referral.hold_reason),
        stands_since=_stands_since(now_is),
        ended_at=None if referral.is_open else _ended_at(referral),
        counts=referral.entered_in_error_at is None,
        haystack=_haystack(facts, f"{where} {postcode}", pieces, wall=wall),
        coming=now_is.coming if now_is.phase is Phase.WAITING else (),
        due_soon=reference.rules.due_soon,
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
        where="",
        postcode="",
        pieces=(),
        hold_until=None,
        hold_reason="",
        stands_since=None,
        ended_at=None,
        counts=referral.entered_in_error_at is None,
        haystack=f"{referral.reference}\n{_bare(referral.reference)}".lower(),
        readable=False,
    )


def unreadable_face(row: BoardRow, now: datetime) -> Face:
    """What a row says that cannot be shown: which one it is, and that it has to be looked at."""
    line = "this record cannot be shown: ask for it in the record itself"
    return Face(short_name(row.reference, now), "", line, UNREADABLE, "", 2.0, "late")


def _stands_since(now_is: Situation) -> tuple[str, datetime] | None:
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
        return (Group.CLOSED, 0, -_ended_at(referral).timestamp(), referral.reference)
    if clock.stopped is not None:
        return (Group.OPEN, 1, clock.stopped.timestamp(), referral.reference)
    return (Group.OPEN, 0, clock.due.timestamp(), referral.reference)


def _where(referral: Referral, *, wall: bool) -> tuple[str, str]:
    text, postcode = referral.location.text.strip(), referral.location.postcode.strip()
    if wall:
        return "", postcode.split(" ")[0]
    return ("" if text == postcode else text), postcode


def _title(row: BoardRow, now: datetime) -> tuple[str, str]:
    """The first line, and its end that must not be cut off."""
    name = short_name(row.reference, now)
    tail = f", {row.postcode}" if row.where and row.postcode else row.postcode
    return (f"{name} · {row.where}{tail}" if row.where or tail else name), tail


def _pieces(now_is: Situation, reference: ReferenceData) -> tuple[Piece, ...]:
    referral = now_is.facts.referral
    if referral.entered_in_error_at is not None:
        return (("entered in error", None),)
    if not referral.is_open:
        label = reference.outcome_label(referral.outcome) if referral.outcome else _why_ended(referral, reference)
        return ((f"{referral.state.value}", None), (label, None)) if label else ((referral.state.value, None),)
    if not now_is.facts.handovers:
        # Nobody waits with the person: what is still to do comes first, where it is not cut off.
        beside = ("police present", None) if now_is.police_present else _source(referral, reference)
        return (_van_words(now_is), beside)
    return (_handover_words(now_is) or _source(referral, reference), _van_words(now_is))


def _source(referral: Referral, reference: ReferenceData) -> Piece:
    return (reference.source_label(referral.source), None)


def _why_ended(referral: Referral, reference: ReferenceData) -> str:
    kind = "decline" if referral.state is ReferralState.DECLINED else "cancel"
    return reference.reason_label(kind, referral.end_reason)


def _handover_words(now_is: Situation) -> Piece | None:
    """The link that matters now: the crew that waits, then the next one, then how the last one went."""
    links = now_is.facts.handovers
    running = (link for link in links if link.state in {HandoverState.EXPECTED, HandoverState.STARTED})
    link = now_is.crew or next(running, None)
    if link is None:
        return _last_link_words(links[-1])
    if link.from_kind is Party.CRU:
        started = link.times.get(HandoverState.STARTED)
        return (f"handing over to {link.to_party}" if started else f"{link.to_party} next", started)
    if link.state is HandoverState.EXPECTED:
        there = link.from_kind is Party.EMS and "ems_on_scene" in now_is.facts.referral.times
        since = now_is.holder.start if now_is.holder is not None else now_is.facts.referral.received_at
        return (f"{link.from_party} {'on scene' if there else 'waiting'}", since)
    if link.state is HandoverState.STARTED:
        return (f"{link.from_party} handing over", link.times.get(HandoverState.STARTED))
    return (f"handed over, {link.from_party} not released", link.times.get(HandoverState.ACCEPTED))


def _last_link_words(link: Handover) -> Piece:
    if link.state is HandoverState.REFUSED:
        return (f"{link.from_party} keeps the person", link.times.get(HandoverState.REFUSED))
    if link.from_kind is Party.CRU:
        return (f"handed over to {link.to_party}", link.times.get(HandoverState.ACCEPTED))
    return (f"{link.from_party} released", None)


def _van_words(now_is: Situation) -> Piece:
    facts = now_is.facts
    if now_is.jobs:
        told = (f"{facts.callsign(job)} {job.state.value}" for job in facts.assignments if job.is_open)
        return (", ".join(told), None)
    words = {
        ReferralState.RECEIVED: "not accepted yet",
        ReferralState.ATTENDING: "vans clear, not closed",
    }
    return (words.get(facts.referral.state, "not allocated"), None)


def _bare(reference: str) -> str:
    """How the number is typed to find it, whatever its day."""
    return f"{reference.partition('-')[0]}-{reference.rpartition('-')[2]}"


def _haystack(facts: Facts, where: str, pieces: Sequence[Piece], *, wall: bool) -> str:
    referral = facts.referral
    words = [
        referral.reference,
        _bare(referral.reference),
        where,
        referral.priority,
        referral.state.value,
        *(text for text, _ in pieces),
    ]
    words += [facts.callsigns.get(job.van_id, "") for job in facts.assignments]
    if not wall:
        words += [referral.ems_callsign, referral.ems_incident, referral.patient.name or "", referral.caller]
    return "\n".join(words).lower()


def group(row: BoardRow, now: datetime) -> Group:
    """The part of the board it belongs to; a held referral comes back by itself."""
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
    title, tail = _title(row, now)
    late = late_by(row.clock, first_arrival(row.coming, eta_of))
    right, below = _right(row, now)
    loud = urgency(row, now)
    if late is not None and loud != "late":
        loud, below = "will be late", late_words(late)
    used = row.clock.share(row.ended_at or now)
    return Face(title, tail, _line(row, now), right, below, used, loud)


def urgency(row: BoardRow, now: datetime) -> Urgency:
    """How loud the row is: due soon from a share of the time, late from all of it, reached with a crew there."""
    if row.ended_at is not None:
        return "ended"
    if row.stands_since is not None:
        return "reached"
    share = row.clock.share(now)
    if share >= 1:
        return "late"
    return "due soon" if share >= row.due_soon else "calm"


def _line(row: BoardRow, now: datetime) -> str:
    told = [text if since is None else f"{text} {in_words(now - since)}" for text, since in row.pieces]
    if row.ended_at is None and row.hold_until is not None and row.hold_until > now:
        back = f"on hold until {local_time(row.hold_until, now)}"
        told = [f"{back}: {row.hold_reason}" if row.hold_reason else back, *told[:1]]
    return " · ".join(told)


def _right(row: BoardRow, now: datetime) -> tuple[str, str]:
    if row.ended_at is not None:
        return local_time(row.ended_at, now), "ended"
    if row.stands_since is not None:
        words, since = row.stands_since
        return in_words(now - since), words
    left = row.clock.left(now)
    allowed = allowance_in_words(row.within_minutes).removesuffix(" min")
    if left.total_seconds() <= 0:
        return in_words(left), f"over {allowed}"
    return in_words(left), f"left of {allowed}"
