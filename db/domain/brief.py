"""The brief: one text for the crew, worked out from what is known, in the words of the person first.

What the person likes to be called, how to arrive, what helps and what to avoid come before flags and dangers. A
crew reads it back before it drives; a brief that has changed since was not read back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.domain import about
from db.domain.about import Said, Topic, TopicKind
from db.domain.cautions import Flag, counting, flag_label
from db.domain.person_words import years_words
from db.domain.read_back import Booking, ReadBack
from db.domain.records import Referral, Screening
from db.domain.reference import ReferenceData, ScreeningTool
from db.domain.screening import weighed
from db.domain.situation import Situation
from db.domain.texts import one_line

_HEAD: Final = (about.NAME, about.PRONOUNS)


@dataclass(frozen=True, slots=True)
class Informed:
    """What a brief is made of.

    Attributes:
        items: about the person, as it counts.
        flags: of the person and the address.
        with_them: who is with the person now; empty for nobody who is known.
    """

    referral: Referral
    items: Sequence[Said]
    flags: Sequence[Flag]
    bookings: Sequence[Booking]
    screening: Screening | None
    tool: ScreeningTool
    with_them: str
    reference: ReferenceData
    now: datetime


@dataclass(frozen=True, slots=True)
class BriefLine:
    """A part of the brief. ``label`` is empty for its head; ``warns`` for flags and dangers."""

    label: str
    words: str
    warns: bool = False

    @property
    def text(self) -> str:
        """As it is read aloud."""
        said = f"{self.label}: {self.words}" if self.label else self.words
        return said if said.endswith((".", "!", "?")) else f"{said}."


def with_them(now_is: Situation) -> str:
    """Who is with the person, for a crew on its way: whoever waits for it, else whoever holds them."""
    if now_is.crew is not None:
        return now_is.crew.from_party
    return now_is.holder.name if now_is.holder is not None else ""


def brief(told: Informed) -> tuple[BriefLine, ...]:
    """The lines of the brief, in the order in which a crew needs them."""
    lines = [BriefLine("", _head(told)), *_said(told), *_there(told), *_flags(told), *_dangers(told)]
    return tuple(lines)


def text(lines: Sequence[BriefLine]) -> str:
    """The whole brief, as it is read out and read back."""
    # One line of plain text, since it is kept with the read-back and compared with what stands later.
    return " ".join(one_line(line.text) for line in lines)


def changed_since(lines: Sequence[BriefLine], read: ReadBack | None) -> bool:
    """Whether somebody read another brief back than the one that stands now."""
    return read is not None and read.brief != text(lines)


def last_read(read_backs: Sequence[ReadBack], job: object) -> ReadBack | None:
    """The last time that the brief was read back for a job, by the assignment's id."""
    mine = [one for one in read_backs if one.assignment_id == job]
    return max(mine, key=lambda one: one.recorded_at, default=None)


def _head(told: Informed) -> str:
    who = told.referral.patient
    # In the words of the person first: what they like to be called goes before the name in the papers.
    called = about.words_of(told.items, about.NAME) or who.name or "Name not known"
    years = years_words(who, told.now)
    return ", ".join(part for part in (called, years, about.words_of(told.items, about.PRONOUNS)) if part)


def _said(told: Informed) -> Iterator[BriefLine]:
    for topic in told.reference.topics:
        if topic.key in _HEAD or not topic.in_brief:
            continue
        # In an order of their own: the same things are the same brief, in whatever order they were read.
        parts = [_rendered(told, topic, one) for one in sorted(about.of_topic(told.items, topic.key))]
        if topic.key == about.ARRIVE:
            parts += [told.referral.location.access_note]
        if topic.key == about.INTERPRETER:
            parts += [_booked(told, one) for one in sorted(told.bookings, key=lambda one: one.recorded_at)]
        if topic.key == about.HELPS:
            parts += [flag.reason for flag in counting(told.flags, told.now) if flag.helps]
        words = "; ".join(dict.fromkeys(one_line(part).rstrip(".") for part in parts if part.strip()))
        if words:
            yield BriefLine(topic.label, words)


def _rendered(told: Informed, topic: Topic, said: Said) -> str:
    return about.rendered(said, labels_of(topic, told.reference))


def labels_of(topic: Topic, reference: ReferenceData) -> dict[str, str]:
    """What the codes of a topic are called."""
    if topic.kind is TopicKind.LANGUAGE:
        return {one.code: one.label for one in reference.languages.rows}
    if topic.kind is TopicKind.MOBILITY:
        return {one.code: one.label for one in reference.mobility}
    return dict(about.SAFER_WITH) if topic.kind is TopicKind.SAFER else {}


def _booked(told: Informed, one: Booking) -> str:
    words = f"{told.reference.languages.label(one.language)} booked with {one.booked_with}"
    return f"{words}, {one.reference}" if one.reference else words


def _there(told: Informed) -> Iterator[BriefLine]:
    if told.with_them:
        yield BriefLine("With them now", told.with_them)
    if told.referral.legal_status:
        yield BriefLine("Legal", told.referral.legal_status)


def _flags(told: Informed) -> Iterator[BriefLine]:
    for flag in counting(told.flags, told.now):
        if not flag.helps:
            yield BriefLine(f"Flag, {flag_label(flag.kind)}", one_line(flag.reason), warns=True)


def _dangers(told: Informed) -> Iterator[BriefLine]:
    found = told.screening
    if found is None:
        return
    blocking = weighed(told.tool, found).blocking
    for answer in ("yes", "not known"):
        asked = [item.text for item in blocking if found.answers.get(item.key, "not known") == answer]
        if asked:
            yield BriefLine(f"Safety, {answer}", "; ".join(asked), warns=True)
    if found.is_overridden:
        yield BriefLine("Decided by", f"{found.override_clinician}: {one_line(found.override_reason)}", warns=True)
