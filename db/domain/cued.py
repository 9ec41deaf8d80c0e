"""A narrative cut into words, sentences and their parts, with the cues of the grammar that stand in each."""

from bisect import bisect_left
from functools import cache, cached_property

from db.domain import cues
from db.domain.cue_phrases import PHRASES
from db.domain.everyday_phrases import EVERYDAY
from db.domain.hints import HINTS
from db.domain.phrases import Lexicon, Match
from db.domain.said import WordsSaid, tokens

_FAR = 30
"""How many words a cue reaches where no sentence ends: it keeps the reading of a long text linear."""
_ENDS = frozenset(".!?;\n")
_OF_THE_TIME = frozenset({cues.PAST, cues.LOSS, cues.LIVED})
_NONE: dict[str, list[Match]] = {}


class Cued:
    """Cut into tokens once.

    Args:
        text: as it was typed.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.tokens = tokens(text)
        self._words = [token.text for token in self.tokens]
        self._said = WordsSaid(self.tokens)
        self._cues_said = _grammar().find(self._said)

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        """Of each token the number of its sentence, and of its part of it."""
        sentence = part = 0
        made = []
        for at, word in enumerate(self._words):
            if self._ends_sentence(at):
                sentence += 1
                part += 1
            elif word in cues.PARTS or not (word[0].isalnum() or word == "/"):
                part += 1
            made.append((sentence, part))
        return made

    def _ends_sentence(self, at: int) -> bool:
        word = self._words[at]
        if word == ".":
            before = self.tokens[at - 1]
            return at == 0 or self._text[before.start : before.end].lower() not in cues.ABBREVIATED
        if word == "?":
            # "?overdose" is a question of its own, and no end.
            follows = self.tokens[at].end
            return not self._text[follows : follows + 1].isalnum()
        return word in _ENDS

    def _sentence(self, match: Match) -> list[str]:
        """The words of the sentence that the match stands in, as far as a cue reaches."""
        number = self._places[match.first][0]
        near = range(max(0, match.first - _FAR), min(match.end + _FAR, len(self._words)))
        return [self._words[at] for at in near if self._places[at][0] == number]

    def _part(self, at: int) -> int:
        return self._places[at][1]

    @cached_property
    def _found(self) -> dict[int, dict[str, list[Match]]]:
        """Cues by sentence and kind."""
        found: dict[int, dict[str, list[Match]]] = {}
        for cue in self._cues_said:
            found.setdefault(self._places[cue.first][0], {}).setdefault(cue.about, []).append(cue)
        return found

    def _kinds(self, match: Match) -> dict[str, list[Match]]:
        """All cues in the sentence of the match, by their kind."""
        return self._found.get(self._places[match.first][0], _NONE)

    def _cues(self, kind: str, match: Match) -> list[Match]:
        """Cues of a kind in the sentence of the match, as far as they reach: some notes have no full stop."""
        cues_of = self._kinds(match).get(kind)
        if not cues_of:
            return []
        if kind in _OF_THE_TIME:
            # What the phrase says itself dates nothing: "sats in the seventies", "starving himself to death".
            cues_of = [cue for cue in cues_of if not self._is_of(cue, match)]
        if not cues_of or (cues_of[0].first >= match.first - _FAR and cues_of[-1].first < match.end + _FAR):
            return cues_of
        # They are in the order of the text, so the ones within reach are found without walking over all of them.
        first = bisect_left(cues_of, match.first - _FAR, key=_first)
        return cues_of[first : bisect_left(cues_of, match.end + _FAR, lo=first, key=_first)]

    def _is_of(self, cue: Match, match: Match) -> bool:
        """Whether a cue is words of the match itself; not a year, nor what is over: "drank himself to death"."""
        return (
            set(cue.places) <= set(match.places)
            and not self._words[cue.first].isdigit()
            and self._words[match.first] not in cues.FINITE
        )


@cache
def _grammar() -> Lexicon:
    # Made when the first narrative is read: at every start it would hold the board back.
    return Lexicon(PHRASES | EVERYDAY | HINTS)


def _first(match: Match) -> int:
    return match.first
