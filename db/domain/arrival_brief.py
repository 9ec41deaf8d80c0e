"""The arrival brief: what a crew must know before the door, short enough for a phone and to be read out in 20 s.

It is made from the whole brief (:mod:`db.domain.brief`), which stays what a crew reads back: the gravest first,
then who the person is, then what they asked for, matched against the van that goes. What has no room is in the
record, and that there is more is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from db.domain import about
from db.domain.about import Said, Topic
from db.domain.brief import BriefLine, Informed, brief, labels_of
from db.domain.cautions import STAFF_SAFETY, flag_label
from db.domain.records import StaffMember, Van
from db.domain.suiting import Asked, kept
from db.domain.texts import one_line, told

MOST_WORDS: Final = 50
"""As many as are read out in 20 seconds."""
_ENDS_WITH: Final = 6
"""Words kept free for the last line."""
_DANGER_MOST: Final = 20
_LINE_MOST: Final = 12
"""Words of one line at most: one long story must not push out all the rest."""
_LEAST: Final = 4
"""With less room a line says nothing."""
_LETTERS: Final = 14
"""A word is read out as one up to here."""
_HARD: Final = ("Danger now", f"Flag, {flag_label(STAFF_SAFETY)}", "Safety, yes")
"""What goes before every other warning, in this order."""


@dataclass(frozen=True, slots=True)
class Going:
    """The van that goes there, and who rides in it."""

    van: Van
    crew: Sequence[StaffMember]
    asked: Asked


def arrival_brief(known: Informed, going: Going | None = None) -> str:
    """The text, a thing a line; at most :data:`MOST_WORDS` words, however much is known.

    Args:
        known: what the brief is made of.
        going: what is on its way; None while no van is, and then what was asked for is told as it was said.
    """
    matched = _Matched(known, going)
    found = sorted(_lines(known, matched), key=_rank)
    shown: list[str] = []
    room, left = MOST_WORDS - _ENDS_WITH, []
    for line in found:
        words, is_whole = _fitted(line, room)
        if words:
            shown.append(words)
            room -= length(words)
        if not is_whole:
            left.append(line)
    return "\n".join([*shown, *_end(left)])


def _lines(known: Informed, matched: "_Matched") -> Iterator[BriefLine]:
    yield from brief(matched.rest)
    yield from _danger_flags(known)
    if matched.missing:
        yield BriefLine(f"{matched.name} cannot", "; ".join(matched.missing), warns=True)
    if matched.there:
        yield BriefLine("As asked", "; ".join(matched.there))


def _danger_flags(known: Informed) -> Iterator[BriefLine]:
    for flag in known.flags:
        if flag.danger and flag.is_active(known.now):
            yield BriefLine(_HARD[0], one_line(flag.reason), warns=True)


def _rank(line: BriefLine) -> int:
    """Warnings first, the hardest of them before the rest; all else in the order of the brief."""
    if line.label in _HARD:
        return _HARD.index(line.label)
    if line.warns:
        return len(_HARD)
    # Sorting is stable, so what was asked for stays where it was among the rest.
    return len(_HARD) + 1 + (line.label != "")


def length(words: str) -> int:
    """How many words are read out: a very long one takes as long as several."""
    return sum(ceil(len(word) / _LETTERS) for word in words.split())


def _fitted(line: BriefLine, room: int) -> tuple[str, bool]:
    """A line in the room that there is, and whether it is whole; no words where it would say nothing."""
    most = min(room, _DANGER_MOST if line.warns else _LINE_MOST)
    if length(line.text) <= most:
        return " ".join(line.text.split()), True
    shown: list[str] = []
    for word in line.text.split():
        if length(" ".join([*shown, word])) > most:
            break
        shown.append(word)
    return (f"{' '.join(shown).rstrip('.,;:')}…", False) if most >= _LEAST and shown else ("", False)


def _end(left: Sequence[BriefLine]) -> Iterator[str]:
    warnings = sum(line.warns for line in left)
    if warnings:
        yield f"{warnings} more {'warning' if warnings == 1 else 'warnings'} in the record."
    elif left:
        yield "More in the record."


class _Matched:
    """What was asked for, against what the van that goes has.

    Attributes:
        name: its callsign.
        missing: what it has not.
        there: what it has.
        rest: all that is left to tell, as the brief tells it.
    """

    def __init__(self, known: Informed, going: Going | None) -> None:
        self.name = told(going.van.callsign) if going is not None else ""
        self.missing: list[str] = []
        self.there: list[str] = []
        self.rest = _without_danger(known)
        if going is not None:
            self._match(known, going)

    def _match(self, known: Informed, going: Going) -> None:
        topics = {topic.key: topic for topic in known.reference.topics}
        rest = [one for one in known.items if not self._is_matched(known, going, one, topics.get(one.topic))]
        self.rest = replace(self.rest, items=rest)

    def _is_matched(self, known: Informed, going: Going, said: Said, topic: Topic | None) -> bool:
        has = kept(going.asked, said, going.van, going.crew) if topic is not None else None
        if topic is None or has is None:
            return False
        words = one_line(about.rendered(said, labels_of(topic, known.reference)))
        booked = said.topic == about.LANGUAGE and any(one.language == said.code for one in known.bookings)
        if booked and not has:
            return False  # the brief says with whom
        target = self.there if has else self.missing
        if words not in target:
            target.append(words)
        return True


def _without_danger(known: Informed) -> Informed:
    """The same without flags of danger now, which are told in lines of their own."""
    return replace(known, flags=[flag for flag in known.flags if not flag.danger])
