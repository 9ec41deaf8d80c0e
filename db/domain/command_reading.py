"""What a command line may name and mean, and how a meaning is said: words that, typed as a line, mean the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from db.domain.clocks import local_time, wall_time
from db.domain.command_names import Nameable, NameIndex, phrase
from db.domain.command_verbs import ALLOCATE, SHOW, VERBS, Verb, WordSlot
from db.domain.reference import Choice
from db.domain.resolving import Belongs, Limit, ResolvedTime, resolve
from db.domain.spoken_times import spoken_span
from db.domain.texts import one_of


def phrases_of(rows: Iterable[tuple[str, str]]) -> Mapping[tuple[str, ...], frozenset[str]]:
    """Every phrase that is a verb, with the plain words of all that it may be; a plain one is always itself.

    Args:
        rows: short forms with the plain words of their verbs; one that no verb has is passed over.
    """
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for words, verb in rows:
        typed = phrase(words)
        if typed and verb in VERBS:
            found[typed] = found.get(typed, frozenset()) | {verb}
    return found | {phrase(words): frozenset({words}) for words in VERBS}


@dataclass(frozen=True)
class World:
    """What there is to name, at one moment.

    Attributes:
        phrases: every phrase that is a verb: see :func:`phrases_of`.
        reasons: by the kind of reason, as reference data has them.
        selected: the referral that is selected, which is meant where none is named.
        now: the record's clock, UTC.
        longest_hold: from now, as far as a hold may go.
    """

    vans: NameIndex
    referrals: NameIndex
    now: datetime
    phrases: Mapping[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    reasons: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    places: Sequence[Choice] = ()
    selected: UUID | None = None
    longest_hold: timedelta = timedelta(hours=24)

    def called(self, key: UUID | None) -> str:
        """The name of a van or a referral; empty for what is not there."""
        return next((one.name for one in (*self.vans, *self.referrals) if one.id == key), "")


@dataclass(frozen=True, slots=True)
class CommandMeaning:
    """One meaning of a line.

    Attributes:
        verb: its plain words.
        vans: in the order in which they were named.
        referral: the one that is named; None leaves the selected one.
        time: as it was typed; ``at`` is the moment it means, UTC.
        reason: the code.
        place: as it is listed.
        note: whatever was typed behind.
    """

    verb: str
    vans: tuple[UUID, ...] = ()
    referral: UUID | None = None
    at: datetime | None = None
    reason: str = ""
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """A line that Tab would put in place of the typed one, and what it is, in words."""

    line: str
    words: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a line means; without a reading, ``question`` says why there is none.

    Attributes:
        others: lines among which Tab goes.
    """

    reading: CommandMeaning | None = None
    question: str = ""
    others: tuple[Other, ...] = ()


def one_of_some(words: Sequence[str]) -> str:
    """The first few of what it may be, each once: ``CRU1, CRU2 or CRU3``."""
    return one_of([*dict.fromkeys(words)][:5])


def resolved(typed: str, verb: str, world: World) -> ResolvedTime:
    """The moment of a time that was typed for a verb; of nothing typed, none."""
    if not typed:
        return ResolvedTime()
    coming = WordSlot.COMING in VERBS[verb].slots
    span = spoken_span(typed.lower()) if coming else None
    if span:
        # A minute is a whole one, and never one too few.
        end = world.now + span + timedelta(seconds=59, microseconds=999_999)
        return ResolvedTime(end.replace(second=0, microsecond=0))
    return resolve(typed, _belongs(coming=coming, world=world))


def _belongs(*, coming: bool, world: World) -> Belongs:
    limit = Limit(world.now + world.longest_hold, "the longest hold,") if coming else None
    return Belongs(world.now, to_come=coming, not_after=limit)


def said(reading: CommandMeaning, world: World) -> str:
    """A reading in plain words, whole: typed as a line, they mean the same."""
    verb = VERBS[reading.verb]
    parts = [*_who(reading, world, verb)]
    if reading.at is not None:
        parts.append(
            f"{'until' if WordSlot.COMING in verb.slots else 'at'} {clock_words(reading.at, reading.verb, world)}"
        )
    if reading.reason:
        labels = {one.code: one.label for one in world.reasons.get(verb.reasons, ())}
        parts.append(f"because {labels.get(reading.reason, reading.reason)}")
    if reading.place:
        labels = {one.code: one.label for one in world.places}
        parts.append(f"to {labels.get(reading.place, reading.place)}")
    if reading.note:
        parts.append(reading.note if WordSlot.TEXT in verb.slots else f"note {reading.note}")
    return " ".join(parts)


def _who(reading: CommandMeaning, world: World, verb: Verb) -> Iterator[str]:
    vans = " and ".join(_sure_name(key, world) for key in reading.vans)
    referral = _sure_name(reading.referral, world)
    if verb.words == ALLOCATE:
        yield verb.words
        yield from ([vans] if vans else [])
        yield from ([f"to {referral}"] if referral else [])
        return
    if verb.words == SHOW or verb.van is not None or not vans:
        yield verb.words
        yield from (words for words in (vans, referral) if words)
        return
    yield from (words for words in (vans, verb.words, f"for {referral}" if referral else "") if words)


def _sure_name(key: UUID | None, world: World) -> str:
    named: list[Nameable] = [*world.vans, *world.referrals]
    one = next((one for one in named if one.id == key), None)
    if one is None:
        return ""
    alike = [other for other in named if other.name == one.name]
    return one.whole if len(alike) > 1 and one.whole else one.name


def clock_words(at: datetime, verb: str, world: World) -> str:
    """The time of day; with its day where the time alone would mean another moment."""
    short = wall_time(at)
    return short if resolved(short, verb, world).at == at else local_time(at, world.now)
