"""What a typed line means: one thing, or a question. Pure, and whatever is typed raises nothing.

Every way to read the words is tried; those that read most of them count. Where two are left that differ, or a word
names two vans, nobody guesses: the answer is a question with the lines among which Tab chooses. What the words of
a verb do not take is the note behind it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Final
from uuid import UUID

from db.domain.clocks import wall_time
from db.domain.command_names import Nameable, NameMatch, TypedWord, is_span, match_choices, match_named, tokens
from db.domain.command_notes import as_words, unknown_name, why_no_note
from db.domain.command_reading import CommandMeaning, Other, Parsed, World, one_of_some, resolved, said
from db.domain.command_verbs import ALLOCATE, SHOW, VERBS, Verb, WordSlot
from db.domain.command_whom import addressed_to, addressee
from db.domain.reference import Choice
from db.domain.resolving import Belongs, resolve
from db.domain.spoken_times import spoken_span
from db.domain.typed_times import time_of_day

LONGEST: Final = 1000
"""Characters of a line that are read; a note has room in them."""
_GLUE: Final = frozenset(
    ["to", "for", "and", "with", "on", "at", "of", "the", "a", "van", "is", "now", "from", "in"]
)
_WHEN: Final = frozenset({"until", "till", "til", "at", "since"})
_OF_TIMES: Final = frozenset(["half", "quarter", "noon", "midday", "midnight", "hour", "an"])
_BECAUSE: Final = frozenset({"because", "as", "reason"})
_NOTE: Final = "note"
_TIME_WORDS: Final = 4
_HEAD: Final = 16
"""Words that are read before the note; nobody says one thing in more."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How far a way of reading has come."""

    at: int = 0
    verb: str = ""
    vans: tuple[UUID, ...] = ()
    referral: UUID | None = None
    time: str = ""
    reason: str = ""
    note_from: int | None = None
    glued_from: int | None = None
    between: tuple[tuple[int, int, tuple[UUID, ...]], ...] = ()


def parse(line: str, world: World) -> Parsed:
    """Read a line; see the module."""
    typed = line[:LONGEST]
    found = tokens(typed)
    if not found:
        return Parsed()
    to, rest = addressee(typed, found, world.phrases)
    return addressed_to(to, _Parser(typed, rest, world, is_addressed=bool(to)).parsed())


class _Parser:
    def __init__(self, line: str, found: Sequence[TypedWord], world: World, *, is_addressed: bool) -> None:
        self._line, self._found, self._world, self._is_addressed = line, found, world, is_addressed
        self._ends: list[_Way] = []
        self._seen: set[_Way] = set()

    def parsed(self) -> Parsed:
        ends = self._ways(prefixes=False)
        # A beginning of a word counts only where whole ones leave something that they cannot read.
        if not any(end.verb and end.verb != SHOW for end in ends) and not self._is_all(ends):
            begun = self._ways(prefixes=True)
            if begun and (not ends or self._read(begun[0]) > self._read(ends[0])):
                ends = begun
        return self._settle(ends) if ends else self._unknown()

    def _ways(self, *, prefixes: bool) -> list[_Way]:
        self._ends, self._seen = [], set()
        self._go(_Way(), prefixes=prefixes)
        return self._furthest()

    def _is_all(self, ends: Sequence[_Way]) -> bool:
        return bool(ends) and self._read(ends[0]) == len(self._found)

    # --- every way to read the words ---

    def _go(self, state: _Way, *, prefixes: bool) -> None:
        if state in self._seen or len(self._seen) > 3000:
            return
        self._seen.add(state)
        # Also what goes on may end here: behind it may stand what its verb does not take, and that is the note.
        self._ends.append(state)
        if state.at < min(len(self._found), _HEAD) and state.note_from is None:
            for after in self._options(state, prefixes=prefixes):
                self._go(after, prefixes=prefixes)

    def _options(self, state: _Way, *, prefixes: bool) -> Iterator[_Way]:
        text = self._found[state.at].text
        yield from self._verbs(state, prefixes=prefixes)
        yield from self._vans(state)
        yield from self._referrals(state)
        yield from self._times(state)
        if text in _BECAUSE and state.verb and VERBS[state.verb].reasons:
            yield from self._reason(state)
        is_note = text == _NOTE and not (state.verb and WordSlot.TEXT in VERBS[state.verb].slots)
        if is_note and (state.verb or state.vans) and state.at + 1 < len(self._found):
            yield replace(state, at=state.at + 1, note_from=state.at + 1, glued_from=None)
        if text in _GLUE and not self._is_text(state) and state.at + 1 < len(self._found):
            glued = state.at if state.glued_from is None else state.glued_from
            yield replace(state, at=state.at + 1, glued_from=glued)

    def _is_text(self, state: _Way) -> bool:
        """Whether all that follows is the words that the verb is about."""
        verb = VERBS.get(state.verb)
        if verb is None or WordSlot.TEXT not in verb.slots:
            return False
        return WordSlot.REFERRAL not in verb.slots or state.referral is not None

    def _verbs(self, state: _Way, *, prefixes: bool) -> Iterator[_Way]:
        if state.verb:
            return
        texts = [token.text for token in self._found[state.at : state.at + 5]]
        phrases = self._world.phrases
        for length in range(len(texts), 0, -1):
            verbs = phrases.get(tuple(texts[:length]))
            if verbs:
                yield from (self._with_verb(state, verb, length) for verb in sorted(verbs))
                return
        # A beginning is enough where the vans and the referral do not say already what is meant.
        if prefixes and len(texts[0]) > 1 and not (state.vans and state.referral):
            begun = {verb for words, some in phrases.items() if words[0].startswith(texts[0]) for verb in some}
            yield from (self._with_verb(state, verb, 1) for verb in sorted(begun))

    def _with_verb(self, state: _Way, verb: str, length: int) -> _Way:
        return replace(state, at=state.at + length, verb=verb, glued_from=None)

    def _vans(self, state: _Way) -> Iterator[_Way]:
        if self._is_text(state) or not self._may(state, WordSlot.VAN, WordSlot.VANS):
            return
        found = self._match(state, self._world.vans, self._world.referrals)
        full = bool(state.vans) and state.referral is not None
        if found is None or (full and not found.is_whole):
            return
        if set(found.ids) & set(state.vans):
            return
        yield self._take(state, found, vans=(*state.vans, found.ids[0]))

    def _referrals(self, state: _Way) -> Iterator[_Way]:
        if state.referral is not None or self._is_text(state) or not self._may(state, WordSlot.REFERRAL):
            return
        found = self._match(state, self._world.referrals, self._world.vans)
        if found is not None:
            yield self._take(state, found, referral=found.ids[0])

    @staticmethod
    def _may(state: _Way, *slots: WordSlot) -> bool:
        """Whether the verb takes one of these, as far as it is said yet."""
        return not state.verb or bool(VERBS[state.verb].slots.intersection(slots))

    def _match(self, state: _Way, named: Sequence[Nameable], others: Sequence[Nameable] = ()) -> NameMatch | None:
        """What is named here; no part of a name where the words are the whole name of something else."""
        here = self._found[state.at : state.at + 5]
        found = match_named(here, named) if not is_span(here) else None
        if found is None or found.is_whole:
            return found
        other = match_named(here, others)
        return None if other is not None and other.is_whole else found

    def _take(
        self, state: _Way, found: NameMatch, *, vans: tuple[UUID, ...] | None = None, referral: UUID | None = None
    ) -> _Way:
        between = state.between
        if len(found.ids) > 1:
            between = (*between, (state.at, state.at + found.length, found.ids))
        return replace(
            state,
            at=state.at + found.length,
            vans=state.vans if vans is None else vans,
            referral=referral or state.referral,
            between=between,
            glued_from=None,
        )

    def _times(self, state: _Way) -> Iterator[_Way]:
        if state.time or self._is_text(state) or not self._may(state, WordSlot.COMING, WordSlot.PAST):
            return
        told = self._found[state.at].text in _WHEN
        said_from = state.at + 1 if told else state.at
        # A referral goes before a time of day: "at" and "till" tell a time from it.
        one = None if told or is_span(self._found[state.at :]) else self._match(state, self._world.referrals)
        if one is not None and (one.is_whole or (state.referral is None and self._may(state, WordSlot.REFERRAL))):
            return
        for length in range(min(_TIME_WORDS, len(self._found) - said_from), 0, -1):
            typed = self._line[self._found[said_from].start : self._found[said_from + length - 1].end].strip(".!")
            if self._is_time(typed):
                yield replace(state, at=said_from + length, time=typed, glued_from=None)
                return

    def _is_time(self, typed: str) -> bool:
        has_digit = any(char.isdigit() for char in typed)
        if not has_digit and _OF_TIMES.isdisjoint(typed.lower().split()):
            return False
        if time_of_day(typed) is not None or spoken_span(typed.lower()):
            return True
        now = self._world.now
        if not has_digit:
            return False
        meant = (resolve(typed, Belongs(now, to_come=coming)) for coming in (True, False))
        return any(one.at or one.choices for one in meant)

    def _reason(self, state: _Way) -> Iterator[_Way]:
        rest = self._found[state.at + 1 :]
        length, fitting = match_choices(rest, self._reasons(state.verb), whole=False)
        if len(fitting) == 1:
            after = state.at + 1 + length
            yield replace(state, at=after, reason=fitting[0].code, glued_from=None)

    def _reasons(self, verb: str) -> Sequence[Choice]:
        return self._world.reasons.get(VERBS[verb].reasons, ()) if verb in VERBS else ()

    # --- which of them count ---

    def _furthest(self) -> list[_Way]:
        legal = [end for end in map(self._with_meaning, self._ends) if end is not None]
        furthest = max((self._read(end) for end in legal), default=0)
        kept = [end for end in legal if self._read(end) == furthest]
        return list({self._key(end): end for end in kept}.values())

    @staticmethod
    def _read(end: _Way) -> int:
        """How many words were read, without the glue that nothing came behind."""
        return end.at if end.glued_from is None else end.glued_from

    @staticmethod
    def _key(end: _Way) -> _Way:
        return replace(end, at=0, glued_from=None)

    def _with_meaning(self, end: _Way) -> _Way | None:
        """The state with the verb that is meant where none is said; None for what no verb takes."""
        verb = end.verb or self._meant(end)
        if verb not in VERBS:
            return None
        slots = VERBS[verb].slots
        many = WordSlot.VANS in slots or (WordSlot.VAN in slots and len(end.vans) < 2)
        fits = (
            (many or not end.vans)
            and (end.referral is None or WordSlot.REFERRAL in slots)
            and (not end.time or bool(slots & {WordSlot.COMING, WordSlot.PAST}))
        )
        return replace(end, verb=verb) if fits else None

    @staticmethod
    def _meant(end: _Way) -> str:
        if end.vans and end.referral:
            return ALLOCATE
        return SHOW if end.vans or end.referral else ""

    # --- one meaning, or a question ---

    def _settle(self, ends: list[_Way]) -> Parsed:
        if len(ends) > 1:
            return self._which(ends)
        end = ends[0]
        if end.between:
            return self._between(end)
        time = resolved(end.time, end.verb, self._world)
        if time.choices:
            return self._twice(end, time.choices)
        if end.time and time.at is None:
            return Parsed(question=f"{time.refusal} {time.next_step}".strip())
        return self._finished(end, time.at)

    def _which(self, ends: list[_Way]) -> Parsed:
        by_verb = {end.verb for end in ends}
        others = []
        for end in sorted(ends, key=lambda one: tuple(VERBS).index(one.verb)):
            reading = self._reading(end)
            # A verb that was only begun is completed; the rest of the line stays as it was typed.
            line = said(reading, self._world)
            others.append(Other(f"{line} " if reading == CommandMeaning(end.verb) else line, line))
        words = ", ".join(f"“{one.words}”" for one in others[:4])
        more = f" and {len(others) - 4} more" if len(others) > 4 else ""
        kind = "That may be" if len(by_verb) > 1 else "Which is meant:"
        return Parsed(question=f"{kind} {words}{more}.", others=tuple(others))

    def _between(self, end: _Way) -> Parsed:
        first, last, ids = end.between[0]
        start, stop = self._found[first].start, self._found[last - 1].end
        named = [one for one in (*self._world.vans, *self._world.referrals) if one.id in ids]
        others = tuple(
            Other(f"{self._line[:start]}{self._sure(one)}{self._line[stop:]}", f"{one.name} {one.told}".strip())
            for one in named
        )
        typed = self._line[start:stop]
        return Parsed(question=f"“{typed}” may be {one_of_some([one.words for one in others])}.", others=others)

    def _sure(self, one: Nameable) -> str:
        """What names it and nothing else."""
        alike = [other for other in self._world.referrals if other.name == one.name]
        return one.whole if len(alike) > 1 else one.name

    def _twice(self, end: _Way, choices: Sequence[datetime]) -> Parsed:
        words = [wall_time(at) for at in choices]
        lines = [said(replace(self._reading(end), at=at), self._world) for at in choices]
        others = tuple(Other(line, word) for line, word in zip(lines, words, strict=True))
        return Parsed(question=f"That time comes twice: {one_of_some(words)}.", others=others)

    def _finished(self, end: _Way, at: datetime | None) -> Parsed:
        reading, verb = replace(self._reading(end), at=at), VERBS[end.verb]
        rest = self._rest(end)
        if end.note_from is None and WordSlot.PLACE in verb.slots:
            return self._placed(end, reading, rest)
        if end.note_from is None and verb.reasons and not reading.reason and rest:
            length, fitting = match_choices(rest, self._reasons(end.verb), whole=True)
            if len(fitting) > 1:
                return self._listed(rest[:length], fitting)
            if fitting:
                return self._checked(end, replace(reading, reason=fitting[0].code, note=""), verb, rest[length:])
        return self._checked(end, reading, verb, rest)

    def _placed(self, end: _Way, reading: CommandMeaning, rest: Sequence[TypedWord]) -> Parsed:
        named = rest[1:] if rest and rest[0].text in _GLUE else rest
        length, fitting = match_choices(named, self._world.places, whole=False)
        if len({one.code for one in fitting}) > 1:
            return self._listed(named[:length], fitting)
        if not fitting:
            return self._checked(end, reading, VERBS[end.verb], named)
        behind = named[length:]
        behind = behind[1:] if len(behind) > 1 and behind[0].text == _NOTE else behind
        return Parsed(replace(reading, place=fitting[0].code, note=self._text(behind)))

    def _listed(self, words: Sequence[TypedWord], fitting: Sequence[Choice]) -> Parsed:
        start, stop = words[0].start, words[-1].end
        others = tuple(Other(f"{self._line[:start]}{one.label}{self._line[stop:]}", one.label) for one in fitting)
        names = one_of_some([one.words for one in others])
        return Parsed(question=f"“{self._line[start:stop]}” may be {names}.", others=others)

    def _checked(self, end: _Way, reading: CommandMeaning, verb: Verb, rest: Sequence[TypedWord]) -> Parsed:
        if not rest:
            return Parsed(reading)
        if not {WordSlot.NOTE, WordSlot.TEXT} & verb.slots:
            return self._left_over(end, reading, rest)
        # What is addressed to somebody is a message, whatever it begins with.
        is_note = end.note_from is not None or self._is_addressed
        if not is_note and (question := why_no_note(rest, reading, self._world)):
            return Parsed(question=question, others=as_words(self._text(rest), reading, self._world))
        return Parsed(replace(reading, note=self._text(rest)))

    def _left_over(self, end: _Way, reading: CommandMeaning, rest: Sequence[TypedWord]) -> Parsed:
        typed = self._text(rest)
        if end.verb == SHOW and not any(VERBS[SHOW].words == token.text for token in self._found):
            near = self._near(rest[0].text)
            if (unknown := unknown_name(rest, self._world)) != "":
                return Parsed(question=unknown, others=near)
            return Parsed(question=f"What is to be done? “{typed}” is no word of the command line.", others=near)
        whole = said(replace(reading, note=""), self._world)
        return Parsed(question=f"“{typed}” says nothing here: “{whole}” takes no note.")

    def _reading(self, end: _Way) -> CommandMeaning:
        note = self._text(self._rest(end))
        return CommandMeaning(end.verb, end.vans, end.referral, None, end.reason, note=note)

    def _rest(self, end: _Way) -> Sequence[TypedWord]:
        return self._found[self._read(end) :]

    def _text(self, rest: Sequence[TypedWord]) -> str:
        return " ".join(self._line[rest[0].start :].split()).strip() if rest else ""

    # --- nothing that it could be ---

    def _unknown(self) -> Parsed:
        typed = self._line[self._found[0].start : self._found[0].end]
        near = self._near(self._found[0].text)
        meant = f" Did you mean {one_of_some([f'“{one.words}”' for one in near])}?" if near else ""
        return Parsed(question=f"“{typed}” is no van, referral or word of the command line.{meant}", others=near)

    def _near(self, text: str) -> tuple[Other, ...]:
        """Words that are much like it, first of all those that the rest of the line fits: only ever offered."""
        singles = [words[0] for words in self._world.phrases if len(words) == 1]
        near = tuple(
            Other(self._line.replace(self._line.split()[0], word, 1), word)
            for word in get_close_matches(text, singles, n=3, cutoff=0.75)
        )
        return tuple(one for one in near if parse(one.line, self._world).reading is not None) or near
