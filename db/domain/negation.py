"""Whether what was found in a narrative was denied. In doubt it was not: a needless second look costs little."""

from bisect import bisect_left
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from db.domain import cues
from db.domain.contradicted import is_contradicted
from db.domain.phrases import Match
from db.domain.said import Token

# In words: how far back a negation is looked for, how far a list goes on behind what was found, how many words
# between may be such as the grammar does not know, and how far behind it "down" or "away" may stand.
_WINDOW = 24
_LIST_AFTER = 12
_TURNS_OUT = 8
_ANSWERED = 6
_SET_OFF = 2
_FULL_STOPS = frozenset(".;!\n")
_BEFORE_ANSWER = cues.PRONOUNS | cues.ANSWERS | {"it", ","}
_MOST_UNKNOWN = 2
_AFTER = 4
_SEEN_THROUGH = cues.FILLERS | cues.VERBS | cues.TAKES_CLAUSE | {""}
_TURNING = cues.STOPPERS | cues.UNCERTAIN
_OPENS = cues.TAKES_CLAUSE | cues.AUXILIARIES | {"nobody", "none", "one"}
_LINKS = cues.VERBS | cues.UNSURE | cues.REASONS | cues.PRONOUNS | {"that", "to", "with", "of", "who"}
_NOT = cues.PLAIN_NOT | {"never"}
_BEFORE_DENIAL = cues.AUXILIARIES | {":", "?", "=", "-", "–", "all", "test", "tests", "screen", "swab"}
_OFF_SOMEBODY = frozenset({"off", "from"})
_FOUND_NONE = frozenset(cues.FOUND_NONE)
_NOUGHT = frozenset({"none", "nothing"})
_TO_SOMEBODY = frozenset({"to", "over", "in"})
_PUT_AWAY = _TO_SOMEBODY | cues.DISPOSED | {"away"}


class Denials:
    """Negations of a narrative.

    Args:
        tokens: of the narrative.
        watched: the places of all that was found, since it may stand in a list with what is asked about.
    """

    def __init__(self, tokens: Sequence[Token], watched: AbstractSet[int]) -> None:
        self._words = _joined([token.text for token in tokens])
        self._watched = watched
        self._negators = [at for at, word in enumerate(self._words) if word in cues.NEGATORS]

    def denies(self, match: Match) -> bool:
        """Whether the match was denied: before, within or right after it; and nothing later says otherwise."""
        is_denied = (
            self._is_stopped(match)
            or any(
                self._denies_within(at, match) for at in range(match.first, match.end) if at not in match.places
            )
            or self._is_answered_no(match)
            or self._denied_after(match)
            or self._is_something_else(match)
            or self._denied_before(match)
            or self._put_away(match)
        )
        return is_denied and not is_contradicted(self._words[match.end : match.end + _WINDOW])

    def _is_stopped(self, match: Match) -> bool:
        """Such as "has stopped cutting", "rang instead of cutting"; not "hasn't stopped cutting"."""
        before = self._words[max(0, match.first - _AFTER) : match.first]
        return (
            bool(before)
            and (before[-1] in cues.STOPPED or tuple(before[-2:]) in cues.NOT_DONE)
            and self._words[match.first].endswith("ing")
            and cues.NEGATORS.isdisjoint(before)
        )

    def _is_negator(self, at: int, match: Match) -> bool:
        """A negation that is part of something found ("not breathing") denies nothing but what follows at once."""
        return self._words[at] in cues.NEGATORS and (at not in self._watched or at == match.first - 1)

    def _denies_within(self, at: int, match: Match) -> bool:
        """Not in "hands won't stop shaking", nor in "can't get no air", where two negations say one thing."""
        if not self._is_negator(at, match):
            return False
        follows = next((self._words[place] for place in range(at + 1, match.end)), "")
        is_said_twice = any(self._words[place] in cues.NEGATORS for place in match.places if place < at)
        return follows not in cues.STOPPERS and not is_said_twice and not self._is_doubled(at)

    # --- after it ---

    def _denied_after(self, match: Match) -> bool:
        """Such as "overdose: denied", "knife was not found", "tablets all accounted for"."""
        said = self._said_after(match)
        if not said:
            return False
        if said[0] == "but":
            return self._is_left_out(said[1:])
        # "asked re weapons, none" ends there; in "knife, none hurt" something else begins.
        if said[0] == "," and said[1:2] and said[1] in {"none", "nil", "denied"}:
            return len(said) == 2 or said[2] in {*".;\n"} or bool(set(said[2:5]) & cues.NEVER_FOUND)
        if not _NOUGHT.isdisjoint(said) and _FOUND_NONE & set(pairwise(said)) and "." not in said[:-1]:
            return True
        if said[0] == "there" and said[1:2] and said[1] in cues.PLAIN_NOT | {"is", "was"}:
            return bool(set(said[1:4]) & {"one", "any", "none"}) and bool(
                set(said[1:4]) & (cues.PLAIN_NOT | {"none"})
            )
        if said[0] in cues.DENIERS or self._is_shut_off(match, said[0]):
            return True
        # "knife: no" ends there, or goes on to say by whom; in "knife no reply" something else begins.
        if said[0] in cues.DENIED_AFTER:
            return len(said) == 1 or said[1] in {*".;,!)\n", "", "by", "and", "found", "seen", "taken", "used"}
        if said[0] in _NOT:
            follows = set(said[1:3])
            is_somewhere = self._words[match.first - 1] in cues.DEFINITE and follows & cues.STILL_TO_FIND
            return bool(follows & cues.NEVER_FOUND) and "ruled-out" not in follows and not is_somewhere
        if said[0] == "taken" and said[1:2] and said[1] in _OFF_SOMEBODY:
            return bool(set(said[2:3]) & cues.OBJECTS)
        return (said[0],) in cues.MADE_SAFE or tuple(said[:2]) in cues.MADE_SAFE

    def _said_after(self, match: Match) -> list[str]:
        """What is said of it, from the first word that may deny it: "overdose of tablets: denied"."""
        said = [word for word in self._words[match.end : match.end + 7] if word != "("]
        while said and said[0] in _BEFORE_DENIAL and said[:2] != ["all", "there"]:
            said = said[1:]
        if ":" in said[:_AFTER] and all(word.isalnum() for word in said[: said.index(":")]):
            said = said[said.index(":") + 1 :]
        return said

    @staticmethod
    def _is_left_out(said: list[str]) -> bool:
        """Whether a clause says no more than *not*: "accused of having hit her but had not"."""
        said = said[1:] if said[:1] and said[0] in cues.PRONOUNS else said
        if said[:1] and said[0] in cues.AUXILIARIES:
            said = said[1:]
        return said[:1] != [] and said[0] in cues.NOT_OF_VERB and (len(said) == 1 or said[1] in _FULL_STOPS)

    def _is_shut_off(self, match: Match, after: str) -> bool:
        """Such as "the gas was turned off"; not "hasn't been turned off"."""
        said = self._words[max(0, match.first - _AFTER) : match.end]
        return (
            after in {"off", "out"}
            and said[-1] in {"turned", "switched", "shut", "put"}
            and cues.NEGATORS.isdisjoint(said)
        )

    def _is_something_else(self, match: Match) -> bool:
        """Whether it was taken for it: "the blood on his shirt turned out to be beetroot"."""
        said = self._words[match.end : match.end + _TURNS_OUT]
        for at, two in enumerate(pairwise(said)):
            if two in cues.TURNED_OUT:
                what = range(match.end + at + 2, min(match.end + at + 2 + _AFTER, len(self._words)))
                is_that = any(place in self._watched or self._words[place] in cues.AS_FEARED for place in what)
                return "be" in {self._words[place] for place in what} and not is_that
            if not two[0][:1].isalnum() or two[0] in cues.JOINTS:
                return False
        return False

    def _is_answered_no(self, match: Match) -> bool:
        """Whether somebody says no to what was asked: "Did she take any? She says never."."""
        asked = self._words[match.end : match.end + _LIST_AFTER]
        if self._is_asked_about(match) and _FULL_STOPS.isdisjoint(self._until_answer(asked)):
            return True
        if "?" not in asked or not _FULL_STOPS.isdisjoint(asked[: asked.index("?")]):
            return False
        said = self._words[match.end + asked.index("?") + 1 :][:_ANSWERED]
        answer = [word for word in said if word not in _BEFORE_ANSWER] or [""]
        return answer[0] in cues.NOES or (
            answer[0] in cues.NOT_OF_VERB and not cues.NOT_SO.isdisjoint(answer[1:2])
        )

    def _is_asked_about(self, match: Match) -> bool:
        """Whether it is what somebody was asked: "asked whether she had cut herself"."""
        before = self._words[max(0, match.first - _ANSWERED) : match.first]
        return any(one in cues.ASKED and other in cues.WHETHER for one, other in pairwise(before))

    @staticmethod
    def _until_answer(said: list[str]) -> list[str]:
        """What stands before a *no* that somebody says; a full stop where nobody does."""
        for at, (word, answer) in enumerate(pairwise(said)):
            if word in cues.ANSWERS and answer in cues.NOES:
                return said[:at]
        return ["."]

    def _put_away(self, match: Match) -> bool:
        """Such as "threw the tablets away", "has given the blades to her mum", "had tablets and flushed them"."""
        after = self._words[match.end : match.end + 4]
        # "Passed out in the street": what happens to somebody is nothing to be handed in.
        if match.about in cues.OF_ILLNESS:
            return False
        if _PUT_AWAY.isdisjoint(after):
            return False
        if not cues.NEGATORS.isdisjoint(self._words[max(0, match.first - 4) : match.first]):
            return False
        before = self._words[max(0, match.first - 4) : match.end]
        return (
            ("away" in after[:2] and not cues.THROWN.isdisjoint(before))
            or (after[0] in _TO_SOMEBODY and not cues.HANDED.isdisjoint(before))
            or any(
                word in cues.DISPOSED and next_word in {"them", "it", "those"} and "not" not in after
                for word, next_word in pairwise(after)
            )
        )

    # --- before it ---

    def _denied_before(self, match: Match) -> bool:
        """Walk back to a negation over what may stand between: fillers, watched words and the joints of a list."""
        behind = match.first
        for number in range(bisect_left(self._negators, match.first) - 1, -1, -1):
            at = self._negators[number]
            if at < match.first - _WINDOW or any(self._ends_clause(here) for here in range(at + 1, behind)):
                return False
            if self._is_negator(at, match):
                return self._reaches(at, match)
            behind = at
        return False

    def _ends_clause(self, at: int) -> bool:
        word = self._words[at]
        if word == ":":
            return not set(self._words[max(0, at - 2) : at]) & cues.DENIERS
        if word == "yet":
            begins = self._words[at - 1] == "," or self._words[at + 1] in cues.BEGINS
            return at > 0 and begins
        if word == "once" and at > 0 and self._words[at - 1] in _NOT:
            return False
        return word in cues.CLAUSE_ENDS or not (word in cues.JOINTS or word[:1].isalnum() or word == "")

    def _reaches(self, at: int, match: Match) -> bool:
        """Whether the negation at ``at`` denies the match."""
        between = range(at + 1, match.first)
        if self._is_by_the_way(at, match):
            return True
        if self._is_turned(at, match) or self._is_doubled(at):
            return False
        # It denies the word behind it and nothing further.
        if self._words[at] == "non":
            return not between
        pieces = self._pieces(between)
        # "Is not, and has never been, violent": what stands between commas is said by the way.
        while len(pieces) > 1 and not pieces[-1] and {self._words[at] for at in pieces[-2]} <= cues.AUXILIARIES:
            pieces.pop()
        # "no pills, sheep, knife or rope": the "or" shows that the list goes on, so words that the grammar does
        # not know may stand in each part of it; without one they may in the first part only.
        closed = any(self._words[place] in cues.CLOSING for place in between) or self._reaches_or(match.end)
        if not all(
            self._is_clear(piece, self._words[at], most=_MOST_UNKNOWN if closed or piece is pieces[0] else 0)
            for piece in pieces
        ):
            return False
        if len(pieces) == 1:
            # "no reply took pills": behind a plain *no* a finite verb begins something new.
            return not self._begins_anew(at, match)
        said = {self._words[place] for place in pieces[-1]}
        if closed:
            return not said & {"will", "else", "she'll", "he'll"}
        # "not violent, drunk" denies one thing only, and "denies chest pain, has a knife" begins something new.
        begins = said & (cues.VERBS | cues.FINITE) or self._words[match.first] in cues.FINITE | cues.PRESENT
        return self._words[at] in cues.DENIERS and not begins

    def _is_by_the_way(self, at: int, match: Match) -> bool:
        """Whether something stands between that commas set off: "hasn't, as far as we know, taken any"."""
        between = self._words[at + 1 : match.first]
        if self._words[at] not in cues.NOT_OF_VERB or between[:1] != [","] or between.count(",") != _SET_OFF:
            return False
        begins = at + 2 + between.index(",", 1)
        rest = list(range(begins, match.first))
        return self._watched.isdisjoint(range(at + 1, begins)) and self._is_clear(
            rest, self._words[at], most=_MOST_UNKNOWN
        )

    def _pieces(self, between: range) -> list[list[int]]:
        pieces: list[list[int]] = [[]]
        for place in between:
            if self._words[place] in cues.JOINTS:
                pieces.append([])
            else:
                pieces[-1].append(place)
        return pieces

    def _is_clear(self, piece: list[int], negation: str, *, most: int) -> bool:
        """Whether a negation is seen through these words."""
        words = [self._words[place] for place in piece]
        unknown = [
            word
            for place, word in zip(piece, words, strict=True)
            if word not in _SEEN_THROUGH and place not in self._watched
        ]
        if set(words) & cues.CLOSED or self._has_new_subject(words, negation):
            return False
        return len(unknown) <= most or bool(set(words) & cues.POLARITY)

    @staticmethod
    def _has_new_subject(words: list[str], negation: str) -> bool:
        """Such as "no injuries she swallowed bleach"; not "no sign that she did", "nor has she"."""
        # "nothing she could hurt herself with": what nobody has does not begin anew.
        is_of_it = negation in cues.NO_THING and bool(set(words) & cues.COULD)
        return (
            any(word in cues.PRONOUNS and before not in _OPENS for before, word in pairwise([negation, *words]))
            and not set(words) & {"that", "suggest"}
            and not is_of_it
        )

    def _begins_anew(self, at: int, match: Match) -> bool:
        next_word = self._words[at + 1] if at + 1 < len(self._words) else ""
        is_nobody = self._words[at] == "no" and next_word == "one"
        return (
            self._words[at] in cues.PLAIN_NOT
            and not is_nobody
            and not (self._words[at] in cues.NOT_OF_VERB and at + 1 == match.first)
            and self._words[match.first] in cues.FINITE
        ) and not set(self._words[at + 1 : match.first]) & (cues.TAKES_CLAUSE | cues.PRONOUNS)

    def _reaches_or(self, start: int) -> bool:
        for at in range(start, min(start + _LIST_AFTER, len(self._words))):
            word = self._words[at]
            if word in cues.CLOSING:
                return True
            if not (at in self._watched or word == "," or word in cues.FILLERS):
                return False
        return False

    # --- negations that deny nothing ---

    def _is_turned(self, at: int, match: Match) -> bool:
        """Whether what follows is not denied: "not only", "won't put it down", "nobody knows", "no doubt"."""
        words = self._words[at + 1 : match.first]
        found, after = self._words[match.first : match.end], self._words[match.first : match.end + _AFTER]
        if found[0] in cues.LETTING_GO or (set(found) & cues.THROWN and set(after) & cues.OUT_OF_REACH):
            return True
        if not _TURNING.isdisjoint(words):
            return True
        if set(words) & cues.MOVES and {*words, *after} & cues.AWAY:
            return True
        if set(words) & cues.MOVES and (set(pairwise(after)) & {("from", one) for one in cues.FROM_SOMEBODY}):
            return True
        if self._words[at] == "never" and words and words[-1] in cues.SO:
            return True
        # "Could not find the knife": there is one, and it is somewhere.
        if words and words[-1] in cues.DEFINITE and not cues.FINDS.isdisjoint(words):
            return True
        # "won't give the nurse the scissors", "never handed over her blades"; not "was not given any".
        if words and set(words[:2]) & cues.KEPT_BACK and words[-1] in cues.DEFINITE:
            return True
        # Who denies saying so has denied it.
        return (
            self._words[at] not in cues.DENIERS
            and not set(words[:1]) & cues.REASONS
            and any(
                word in cues.UNSURE
                and (word, words[0]) != ("known", "known")
                and next_word not in {"of", "to", "for", "any"}
                and not (word in cues.SAID and next_word == "anything")
                and not (word in cues.BELIEVING and cues.POLARITY & {*words, *found})
                for word, next_word in pairwise([*words, ""])
            )
        )

    def _is_doubled(self, at: int) -> bool:
        """Two negations, one over the other, are none: "never without", "cannot be ruled out"."""
        if self._words[at] == "nor":
            return False
        for before in range(at - 1, max(-1, at - 10), -1):
            word = self._words[before]
            if word in cues.UNCERTAIN or (word in cues.WRONG and self._words[before + 1] in cues.TO_SAY):
                return True
            # "Won't lie and say": one denial over both; in "no plan and says" another thing begins.
            goes_on = (
                self._words[before + 1] in cues.UNSURE and self._words[before - 1] in cues.UNSURE | cues.WRONG
            )
            if word == "and" and goes_on:
                continue
            if word in cues.NEGATORS and before not in self._watched:
                return self._is_linked(before, at)
            if word in cues.JOINTS or not (word[:1].isalnum() or word == ""):
                return False
        return False

    def _is_linked(self, outer: int, inner: int) -> bool:
        """Whether the inner negation hangs on the outer one, and is not the next of a list without commas."""
        if self._words[inner] in {"without", *cues.DENIERS} or outer == inner - 1:
            return True
        close = range(max(outer + 1, inner - 3), inner)
        # A word that links may be part of what was found, but nothing else of it stands between them.
        return any(self._words[at] in _LINKS for at in close) and all(
            self._words[at] in _LINKS or self._words[at] in cues.OBJECTS for at in self._watched & set(close)
        )


def _joined(words: list[str]) -> list[str]:
    """Words of which two say one thing, at the place of the first: ``ruled out``."""
    made = list(words)
    for at, (word, after) in enumerate(pairwise(words)):
        if word in {"ruled", "rule", "rules", "ruling"} and after == "out":
            made[at], made[at + 1] = "ruled-out", ""
    return made
