"""A narrative as it is read: what was found in it, and whether that was denied, is past, supposed or another's."""

from functools import lru_cache
from itertools import pairwise

from db.domain import cues
from db.domain.everyday import Everyday
from db.domain.hints import ABOUT, HINTS, together
from db.domain.measured import outside
from db.domain.negation import Denials
from db.domain.phrases import Lexicon, Match
from db.domain.reference import ScreeningTool

# In words.
_NEAR = 3
_FAR = 30
_INTENT_REACHES = 4
_TO_ONESELF = frozenset({"overdose", "attempt", "ligature", "bleeding"})
"""What somebody close did to themself weeks ago is theirs; a weapon or violence of anybody who is there is not."""
_OF_PERSON = _TO_ONESELF | cues.OF_ILLNESS
_OF_BODY = _TO_ONESELF - {"bleeding"} | {"chest_pain", "seizure", "pregnancy", "head_injury"}
_OF_THINGS = frozenset({"weapon", "ligature", "restraint", "overdose", "means"})
_OWNERS = frozenset({"her", "his", "their", "best"})
_THEIR_OWNERS = _OWNERS | {"a", "the", "an", "another", "one"}
_OWNER_REACHES = _AGO_REACHES = 6
_OWNERS_AGO = _OWNERS | {"a", "the"}
_OTHERS_AGO = (cues.OTHERS - cues.KIN) | cues.NOT_HERE
_AWAY_FROM_IT = frozenset({"hospital", "itu", "prison"})
_LEAVING = frozenset({cues.AFTERMATH, cues.REGRET, cues.SHAKEN})


class Narrative(Everyday):
    """Cut into tokens once, with all that was found in it.

    Args:
        text: as it was typed.
        lexicon: the phrases that are looked for.
        tool: whose limits say which observations are told besides; none without one.
    """

    def __init__(self, text: str, lexicon: Lexicon, tool: ScreeningTool | None = None) -> None:
        super().__init__(text)
        figures = {place for cue in self._cues_said if cue.about == cues.FIGURE for place in cue.places}
        self.matches = [one for one in lexicon.find(self._said) if figures.isdisjoint(one.places)]
        if tool is not None:
            self.matches += outside(self.tokens, tool)
        self._watched = frozenset(place for one in self.matches for place in one.places)
        self._denials = Denials(self.tokens, self._watched)
        self._hints = [one for one in self._cues_said if one.about in HINTS and figures.isdisjoint(one.places)]

    def span(self, match: Match) -> tuple[int, int]:
        """Where the match stands in the text."""
        return self.tokens[match.first].start, self.tokens[match.end - 1].end

    def told(self) -> list[Match]:
        """All that is told, without what lies within something wider that is told about the same."""
        told: list[Match] = []
        hints = [one for one in self._hints if self.is_told(Match(ABOUT, one.places))]
        # The widest of all would hide what it denies in part: "does not know what day it is".
        for match in sorted({*self.matches, *together(hints)}, key=lambda one: (one.about, one.first, -one.end)):
            is_within = bool(told) and told[-1].about == match.about and match.end <= told[-1].end
            if not is_within and self.is_told(match):
                told.append(match)
        return told

    def is_told(self, match: Match) -> bool:
        """Whether it is told as something that is, was just now, or will be. When in doubt it is."""
        return not (
            self._is_street(match)
            or self._denials.denies(match)
            or (
                bool(self._kinds(match))
                and (
                    self._is_past(match)
                    or self._is_supposed(match)
                    or self._is_work(match)
                    or self._is_as_always(match)
                    or self._is_everyday(match)
                )
            )
            or self._is_loss(match)
        )

    def is_intended(self, match: Match) -> bool:
        """Whether somebody wants, plans or threatens it, so that it has not happened yet."""
        return any(
            cue.end <= match.first <= cue.end + _INTENT_REACHES
            and not set(self._words[cue.end : match.first]) & cues.STOPPING
            and self._part(cue.end - 1) == self._part(match.first)
            for cue in self._cues(cues.INTENT, match)
        )

    def _is_street(self, match: Match) -> bool:
        """Whether it is part of a name with capitals, such as "Bridge Street", "Railway Terrace"."""
        first, follows = self.tokens[match.first], match.end
        return (
            follows < len(self.tokens)
            and self._words[follows] in cues.STREETS
            and self._text[first.start].isupper()
            and self._text[self.tokens[follows].start].isupper()
        )

    # --- past ---

    def _is_past(self, match: Match) -> bool:
        if self._is_renewed(match):
            return False
        # Before "now" is asked: who has flashbacks tonight lived through it then.
        if any(self._governs(cue, match) for cue in self._cues(cues.LIVED, match)):
            return True
        if any(self._is_former(cue, match) for cue in self._cues(cues.FORMER, match)):
            return True
        if self._is_now(match):
            return False
        return any(self._dates(cue, match) for cue in self._cues(cues.PAST, match))

    def _is_now(self, match: Match) -> bool:
        parts = {self._part(place) for place in match.places}
        return any(self._part(cue.first) in parts for cue in self._cues(cues.NOW, match))

    def _dates(self, cue: Match, match: Match) -> bool:
        """Whether a time of the past is that of the match."""
        # A phrase that asks for the time itself is about it: "gave birth three weeks ago".
        if any(place in match.places and self._words[place] in cues.UNITS for place in cue.places):
            return False
        # "Straps used to get her out": for what, and not when. "The assaults used to happen" is when.
        if self._words[cue.first] == "used" and cue.first == match.end and match.about in _OF_THINGS:
            return False
        if self._words[match.end - 1] in cues.OF_DEATH and match.end <= cue.first:
            return False
        # "overdose aged 16", and not "male aged 16, overdose".
        if self._words[cue.first] in {"aged", "age"}:
            return cue.first == match.end
        if self._part(cue.first) in {self._part(match.first), self._part(match.end - 1)}:
            return True
        # "in 2006 had a knife and has a rope": the present begins something of now.
        if cue.end <= match.first:
            return not self._is_cut_off(cue.end, match.first, by=cues.PRESENT)
        between = self._words[match.end : cue.first]
        if set(between) <= cues.ONLY_TIME:
            return True
        if "," in between and set(between[between.index(",") :]) <= cues.DATING:
            return True
        return "," not in between and "but" not in between and not set(between) & cues.PRESENT

    def _is_former(self, cue: Match, match: Match) -> bool:
        """Whether it was: "previous overdoses and cutting"; not "former boyfriend with a knife"."""
        if self._words[cue.first] == "old":
            return match.first == cue.end and self._words[match.first].startswith(cues.OLD)
        between = range(cue.end, match.first)
        return cue.end <= match.first and all(
            self._words[at] in cues.OF_FORMER or at in self._watched for at in between
        )

    def _governs(self, cue: Match, match: Match) -> bool:
        """Whether the match is what somebody lived through or asks about: "flashbacks of", "history of"."""
        # They may share a word: "a programme about" and "about knife crime".
        if cue.first >= match.first or cue.end > match.first + 1 or self._words[cue.end : cue.end + 1] == [","]:
            return False
        if self._is_now(match) and self._part(cue.end - 1) != self._part(match.first):
            return False
        begins = self._words[match.first] in cues.EVENTS
        # "flashbacks of an overdose, cut herself": a deed behind a comma is no memory.
        is_new = begins and self._words[match.first - 1] in {",", "and"}
        return not is_new and not self._is_cut_off(cue.end, match.first, by=cues.BEGINS)

    def _is_renewed(self, match: Match) -> bool:
        """Whether it was, and is again: "..., has one on now", "and again tonight"."""
        later = [cue for cue in self._cues(cues.AGAIN, match) if self._part(cue.first) > self._part(match.end - 1)]
        if not later:
            return False
        now = {self._part(cue.first) for cue in self._cues(cues.NOW, match)}
        return any(
            self._part(cue.first) in now or set(self._words[cue.first - 2 : cue.first]) & cues.PRESENT
            for cue in later
        )

    def _is_cut_off(self, start: int, end: int, by: frozenset[str]) -> bool:
        """Whether something new begins between two places: a *but*, or a joint with one of ``by`` behind it."""
        for at in range(start, end):
            word = self._words[at]
            if word in {"but", "however", "-", "–"}:
                return True
            # "if he gets worse, or says that he would": an *or* begins nothing new.
            follows = self._words[at + 1 : min(at + 1 + _NEAR, end + 1)]
            if word in {",", "and"} and follows[:1] != ["or"] and set(follows) & by:
                return True
        return False

    # --- supposed, and another's ---

    def _is_supposed(self, match: Match) -> bool:
        # "asked if he has a knife: yes", "asked about the bus, will use a knife": neither is a supposition.
        if self._words[match.first] in cues.QUESTIONS:
            return False
        if any(self._is_set_in(cue, match) for cue in self._cues(cues.FICTION, match)):
            return True
        if match.about in cues.OF_ILLNESS and self._would_follow(match):
            return True
        said = self._cues(cues.AFFIRMED, match)
        return any(
            self._governs(cue, match)
            and not self._is_open(cue)
            and not self._is_answered(cue, match)
            and not any(self._is_threat(cue, will, match) for will in self._cues(cues.WILL, match))
            and not any(yes.first > cue.first for yes in said)
            for cue in self._cues(cues.SUPPOSED, match)
        )

    def _would_follow(self, match: Match) -> bool:
        """Whether a body is told what may become of it: "may have a fit if he stops his tablets"."""
        before = set(self._words[max(0, match.first - _NEAR) : match.first])
        after = self._words[match.end : match.end + _NEAR]
        return bool(before & cues.MAY) and "if" in after

    def _is_work(self, match: Match) -> bool:
        """Whether it belongs to somebody's work: "works in a knife factory"; not "works there and has a knife"."""
        return not self._is_now(match) and any(
            cue.first < match.first <= cue.end + _NEAR and self._part(cue.end - 1) == self._part(match.first)
            for cue in self._cues(cues.WORK, match)
        )

    def _is_as_always(self, match: Match) -> bool:
        """Whether somebody who knows them says so: "her sats are always 90, that's normal for her"."""
        return match.about in cues.OF_ILLNESS and self._leaves(cues.USUAL, match) and not self._is_now(match)

    def _is_set_in(self, cue: Match, match: Match) -> bool:
        """Whether it happens in a story: "a stabbing in a film"."""
        return match.end <= cue.first <= match.end + _NEAR and self._part(cue.first) == self._part(match.first)

    def _is_answered(self, cue: Match, match: Match) -> bool:
        """Whether it tells what they did then: "asked about weapons he pulled a knife"; not "asked if he did"."""
        return any(
            self._words[at] in cues.PRONOUNS
            and self._words[at + 1] in cues.EVENTS | {"pulled", "showed", "produced"}
            for at in range(cue.end + 1, match.first + 1)
            if at + 1 < len(self._words)
        )

    def _is_threat(self, cue: Match, will: Match, match: Match) -> bool:
        """Whether they say what they will do: "if my money stops I'll jump"; not "asked if he'll jump"."""
        between = self._words[cue.end : will.first]
        return cue.end <= will.first <= match.first and (len(between) >= _NEAR or "," in between)

    def _is_open(self, cue: Match) -> bool:
        """Whether nobody can answer it, so that it is no supposition: "not sure if", "nobody knows whether"."""
        if self._words[cue.first] not in {"if", "whether"}:
            return False
        before = set(self._words[max(0, cue.first - _NEAR) : cue.first])
        return bool(before & (cues.UNCERTAIN | cues.WONDERING)) or bool(
            before & (cues.UNSURE | cues.AMAZED) and before & cues.NEGATORS
        )

    def _is_loss(self, match: Match) -> bool:
        """Whether somebody else died of it, or lived with it, in the past."""
        elsewhere = (*self._cues(cues.ELSEWHERE, match), *self._cues(cues.ILLNESS, match))
        if any(self._is_of_one_elsewhere(cue, match) for cue in elsewhere):
            return True
        if self._is_over_for_another(match):
            return True
        if self._is_now(match):
            return False
        if self._words[match.first] in cues.COMPLETED and self._is_anothers(match):
            return True
        if match.about in _OF_PERSON and self._cues(cues.AGO, match) and self._is_anothers(match):
            return True
        if self._is_elsewhere(match):
            return True
        return any(
            self._governs(cue, match)
            or self._part(cue.first) == self._part(match.first)
            or self._ended_so(cue, match)
            for cue in self._cues(cues.LOSS, match)
        )

    def _is_of_one_elsewhere(self, cue: Match, match: Match) -> bool:
        """Whether it is told of somebody in hospital, in prison or next door, and not of now."""
        said = set(self._words[cue.first : match.end + _NEAR])
        is_of_it = self._governs(cue, match) or cue.first <= match.first < cue.end
        if cue.about == cues.ILLNESS:
            is_of_it = match.about in cues.OF_ILLNESS and cue.first < match.first
        if not is_of_it or said & cues.HERE_AND_NOW:
            return False
        return not cues.PRONOUNS & set(self._words[cue.end : match.first])

    def _is_over_for_another(self, match: Match) -> bool:
        """Whether somebody else did or suffered it, and what is told then is what it left behind."""
        if _LEAVING.isdisjoint(self._kinds(match)):
            return False
        if set(self._words[match.first : match.first + _FAR]) & cues.HERE_AND_NOW - {"now"}:
            return False
        # Who was hit and is scared tells of now, unless it was somebody else and is some time ago.
        is_dated = (
            bool(self._cues(cues.AGO, match)) or "last" in self._words[match.first : match.end + _AGO_REACHES]
        )
        is_shaken = is_dated and self._leaves(cues.SHAKEN, match)
        if is_shaken and any(self._governs(cue, match) for cue in self._cues(cues.WITNESSED, match)):
            return True
        is_of_body = match.about in _OF_PERSON | _OF_BODY
        is_left = is_of_body and (is_shaken or self._leaves(cues.REGRET, match))
        if not (is_left or self._leaves(cues.AFTERMATH, match)):
            return False
        before = self._words[max(0, match.first - _OWNER_REACHES) : match.first]
        owned = [at for at, word in enumerate(before) if word.removesuffix("'s") in cues.OTHERS]
        if not owned or set(before[owned[-1] :]) & (cues.PRONOUNS | {"has", "have"}):
            return False
        return bool(set(before[: owned[-1]]) & _THEIR_OWNERS)

    def _leaves(self, kind: str, match: Match) -> bool:
        return any(cue.first >= match.end for cue in self._cues(kind, match))

    def _ended_so(self, cue: Match, match: Match) -> bool:
        """Whether somebody died of it: "took an overdose and died"."""
        return (
            match.end <= cue.first
            and self._words[cue.first] == "and"
            and "," not in self._words[match.end : cue.first]
        )

    def _is_elsewhere(self, match: Match) -> bool:
        """Whether it is the body of somebody who is not there: "his boss has had a heart attack"."""
        said = self._words[max(0, match.first - _OWNER_REACHES) : match.first]
        # "A neighbour's boy has taken an overdose" may be whom the call is about; last week he was not.
        is_ago = bool(self._cues(cues.AGO, match))
        owners, whose = (_OWNERS_AGO, _OTHERS_AGO) if is_ago else (_OWNERS, cues.AT_WORK)
        owned = [
            at
            for at, (owner, one) in enumerate(pairwise(said))
            if owner in owners and one.removesuffix("'s") in whose
        ]
        if not owned or not any(cues.PRONOUNS.isdisjoint(said[at:]) for at in owned):
            return False
        # Who lies in hospital because of it is there, and not at the scene.
        before = {word.removesuffix("'s") for word in said}
        is_at_work = is_ago and not cues.AT_WORK.isdisjoint(before)
        return match.about in _OF_BODY or is_at_work or not _AWAY_FROM_IT.isdisjoint(before)

    def _is_anothers(self, match: Match) -> bool:
        """Whether the subject is somebody of the person's: "her father hanged himself"; not "caller's son"."""
        if self._cues(cues.LOSS, match):
            return True
        before = self._words[max(0, match.first - 4) : match.first]
        return (
            not _OWNERS.isdisjoint(before)
            and any(
                owner in _OWNERS and (kin in cues.KIN or after in cues.KIN)
                for owner, kin, after in zip(before, before[1:], [*before[2:], ""], strict=False)
            )
            and not {"has", "have"} & set(before)
        )


@lru_cache(maxsize=8)
def lexicon_of(phrases: tuple[tuple[str, tuple[str, ...]], ...]) -> Lexicon:
    """What is looked for, by the phrases of each item. A version whose phrases know no star means beginnings."""
    stars = any(sign in phrase for _, texts in phrases for phrase in texts for sign in ("*", "|", "#", ".."))
    return Lexicon(dict(phrases), beginnings=not stars)
