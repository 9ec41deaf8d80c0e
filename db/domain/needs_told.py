"""What a narrative tells of the language somebody speaks and of what they need: offered, never taken by itself.

Read with the grammar by which a narrative is read for danger, since it knows what is denied, asked or supposed.
There a doubt is told; here, too, but nothing follows from it unless a person takes it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from db.domain import about, cues
from db.domain.about import YES, Mobility, Said
from db.domain.languages import ENGLISH, Language, Languages
from db.domain.narrative import Narrative
from db.domain.needs_phrases import ONLY, written
from db.domain.phrases import Lexicon, Match
from db.domain.texts import folded

THE_CALLER: Final = "the caller"
"""Who said it, as far as anybody knows, where nobody is named as telling."""
_OWNERS: Final = frozenset({"her", "his", "their"})
_REACHES, _AFTER, _WORDS_AROUND = 6, 3, 5
_WAS: Final = frozenset({"was", "were", "had", "used", "needed", "spoke"})
_SINCE: Final = frozenset({"since", "been", "born", "from"})
_DECLINED: Final = frozenset({"declined", "refused", "declines", "refuses", "cancelled"})
_JOINED_BY: Final = cues.JOINTS | cues.PARTS
_ANIMALS: Final = frozenset({"dog", "dog's", "cat", "cat's", "horse", "puppy", "kitten"})


@dataclass(frozen=True, slots=True)
class NeedTold:
    """Something that may be put under *about me*.

    Attributes:
        said: as it would be kept, one topic.
        by: of each of these the words of the narrative that say so.
    """

    said: tuple[Said, ...]
    by: tuple[str, ...]

    @property
    def heard(self) -> str:
        """The words of the narrative that say it, once each."""
        return "; ".join(dict.fromkeys(self.by))

    @property
    def topic(self) -> str:
        """The topic that it answers."""
        return self.said[0].topic


class _Needs(Narrative):
    """A narrative read for needs, where the present counts, and whose they are."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        super().__init__(text, lexicon)
        self._lexicon = lexicon

    def _is_past(self, match: Match) -> bool:
        """Whether it was so: "used to have a wheelchair"; not "deaf since 2009", and no language is forgotten."""
        before = self._before(match)
        if {"used", "to"} <= set(before) or {"previously", "formerly", "until"} & set(before):
            return True
        if match.about.startswith(about.LANGUAGE) or _SINCE & {*before, *self._words[match.end : match.end + 1]}:
            return False
        was = _WAS & {*before, *self._words[match.first : match.end]}
        return bool(was and self._cues(cues.PAST, match)) and not self._is_now(match)

    def is_told(self, match: Match) -> bool:
        """As of danger, and nobody asks it: "is he deaf?"."""
        sentence = self._places[match.first][0]
        end = next((at for at in range(match.end, len(self._words)) if self._places[at][0] != sentence), None)
        # The sign that ends a sentence is counted to the next one.
        return super().is_told(match) and (end is None or self._words[end] != "?")

    def _is_loss(self, match: Match) -> bool:
        """Whether it is somebody else's: "her mum is deaf", "with his blind brother"; not "my mum is deaf"."""
        if match.about == about.INTERPRETER:
            return self._declined(match)
        follows = self._words[match.end : match.end + 2]
        if follows[:1] and follows[0] in cues.KIN and follows[1:] != ["of"]:
            return True
        before = self._before(match)
        owned = [at for at, (one, kin) in enumerate(pairwise(before)) if self._owns(one, kin)]
        owned += [at for at, word in enumerate(before) if word in _ANIMALS]
        return bool(owned) and cues.PRONOUNS.isdisjoint(before[max(owned) :])

    @staticmethod
    def _owns(one: str, kin: str) -> bool:
        return one in _OWNERS and kin.removesuffix("'s") in cues.OTHERS

    def _declined(self, match: Match) -> bool:
        return not _DECLINED.isdisjoint(self._words[match.end : match.end + _AFTER])

    def _before(self, match: Match) -> list[str]:
        """The words of its sentence right before it."""
        sentence = self._places[match.first][0]
        first = max(0, match.first - _REACHES)
        return [self._words[at] for at in range(first, match.first) if self._places[at][0] == sentence]

    def heard(self, match: Match) -> str:
        """Its part of the sentence, as it was typed: "her daughter interprets"."""
        first = match.first
        while first and match.first - first < _WORDS_AROUND and self._part(first - 1) == self._part(match.first):
            first -= 1
        last = match.end - 1
        while (
            last + 1 < len(self.tokens)
            and last + 1 - match.end < _WORDS_AROUND
            and self._part(last + 1) == self._part(match.end - 1)
        ):
            last += 1
        if first < match.first and self._words[first] in _JOINED_BY:
            first += 1
        return " ".join(self._text[self.tokens[first].start : self.tokens[last].end].split()).strip(" ,.;:-")

    def languages(self, match: Match, known: Languages) -> Iterator[str]:
        """The codes of what it says, and of those that go on behind it: "speaks Urdu, Punjabi and English"."""
        yield from (code for code in match.about.split(" ")[1:] if code != ONLY)
        yield from (code for code in (self._code(at, known) for at in match.places) if code)
        at = match.end
        while at + 1 < len(self._words) and self._words[at] in cues.JOINTS:
            at += self._words[at + 1] in cues.JOINTS
            code = self._code(at + 1, known)
            if not code:
                return
            yield code
            at += 2

    def _code(self, at: int, known: Languages) -> str:
        """Of the language that is named at a place, by two words where those are its name; empty for none."""
        word = self._words[at]
        two = known.code_of(f"{word} {self._words[at + 1]}") if at + 1 < len(self._words) else ""
        names = (word, *sorted(self._lexicon.meant(word)))
        return two or next((code for name in names if (code := known.code_of(name)) and code != name), "")


def needs_told(text: str, known: Languages, ways: Iterable[Mobility]) -> tuple[NeedTold, ...]:
    """Everything that a narrative tells, in the order in which it does, a topic once. Never raises.

    Args:
        text: the narrative.
        known: the languages that a service has.
        ways: its ways to get about.
    """
    read = _Needs(text, _lexicon(known.rows, tuple(one.code for one in ways if one.offered)))
    told = sorted(read.told(), key=lambda one: (one.first, one.end))
    found = (_languages, _interpreter, _words_of, _mobility)
    made = [one for topic in found if (one := topic(read, told, known)) is not None]
    return tuple(made)


@lru_cache(maxsize=2)
def _lexicon(rows: tuple[Language, ...], ways: tuple[str, ...]) -> Lexicon:
    # It takes long to make, and a narrative is read at every key.
    return Lexicon(dict(written(Languages.of(rows), ways)))


def _languages(read: _Needs, told: Sequence[Match], known: Languages) -> NeedTold | None:
    matches = [one for one in told if one.about.split(" ")[0] == about.LANGUAGE]
    by = _first_heard(read, ((code, one) for one in matches for code in read.languages(one, known)))
    # English alone says nothing that would change who is sent.
    if not set(by) - {ENGLISH}:
        return None
    return _coded(about.LANGUAGE, by)


def _interpreter(read: _Needs, told: Sequence[Match], _known: Languages) -> NeedTold | None:
    alone = [one for one in told if one.about.endswith(f" {ONLY}")]
    matches = sorted([*alone, *(one for one in told if one.about == about.INTERPRETER)])
    if not matches:
        return None
    heard = _heard(read, matches)
    return NeedTold((Said(about.INTERPRETER, YES, heard, THE_CALLER),), (heard,))


def _words_of(read: _Needs, told: Sequence[Match], _known: Languages) -> NeedTold | None:
    matches = [one for one in told if one.about == about.COMMUNICATION]
    words = list({folded(read.heard(one)): read.heard(one) for one in matches}.values())
    said = tuple(Said(about.COMMUNICATION, "", one, THE_CALLER) for one in words)
    return NeedTold(said, tuple(words)) if words else None


def _mobility(read: _Needs, told: Sequence[Match], _known: Languages) -> NeedTold | None:
    matches = [one for one in told if one.about.startswith(f"{about.MOBILITY} ")]
    by = _first_heard(read, ((one.about.split(" ")[1], one) for one in matches))
    if "transfers" in by:
        # Of the two the narrower, for which any van will do.
        by.pop("wheelchair", None)
    return _coded(about.MOBILITY, by) if by else None


def _first_heard(read: _Needs, told: Iterable[tuple[str, Match]]) -> dict[str, str]:
    """By code the words in which it is said first."""
    by: dict[str, str] = {}
    for code, match in told:
        by.setdefault(code, read.heard(match))
    return by


def _coded(topic: str, by: Mapping[str, str]) -> NeedTold:
    return NeedTold(tuple(Said(topic, code, "", THE_CALLER) for code in by), tuple(by.values()))


def _heard(read: _Needs, matches: Iterable[Match]) -> str:
    return "; ".join(dict.fromkeys(read.heard(one) for one in matches))


def still_new(told: NeedTold, said: Collection[Said]) -> NeedTold | None:
    """What of it nobody has said yet; None where all of it is there, or the question has its answer."""
    here = [one for one in said if one.topic == told.topic]
    if told.topic == about.INTERPRETER:
        return None if any(one.code for one in here) else told
    codes, words = {one.code for one in here}, folded(" ".join(one.words for one in here))
    left = [
        (one, by)
        for one, by in zip(told.said, told.by, strict=True)
        if (one.code not in codes if one.code else folded(one.words) not in words)
    ]
    # English beside a language that is there already is worth no question.
    if all(one.code == ENGLISH for one, _ in left):
        return None
    return NeedTold(tuple(one for one, _ in left), tuple(by for _, by in left))
