"""Whether what was found in a narrative is everyday: an animal's illness, work with tools, what others keep."""

from typing import Final

from db.domain import cues
from db.domain.cued import Cued
from db.domain.everyday_phrases import DREADED, HABIT, HANDIWORK, HEALED, KEPT_SAFE, LEISURE, PET
from db.domain.phrases import Match

_NEAR: Final = 3
_OF_ANIMALS: Final = cues.OF_ILLNESS | {"overdose", "bleeding", "head_injury", "pregnancy"}
_OF_TOOLS: Final = frozenset({"weapon", "bleeding"})
_OF_MEANS: Final = frozenset({"weapon", "overdose", "means"})
_BEFORE_ANIMALS: Final = cues.AUXILIARIES | cues.words("just also then a an the got nearly recently who found")
_MENACE: Final = cues.LETTING_GO | cues.words(
    "threat threatens threatened threatening smash smashed smashing swinging swung swings waving waved brandishing"
    " stab stabbed stabbing throwing threw hold holding holds held grab grabbed chase chased chasing hide hides"
    " hidden refuses refusing kill hurt harm self himself herself themselves myself wrist wrists throat neck arm"
    " arms leg legs thigh thighs stomach hand hands finger fingers bleeding blood shouting screaming angry"
    " pointing pointed down"
)
_NOT_ALL: Final = cues.CONTRAST | cues.words("another still more except apart pocket waistband sock jacket")
_OF_SOMEBODY: Final = cues.OBJECTS | cues.TELLERS | cues.words("neighbours people passers-by")


class Everyday(Cued):
    """A narrative of which is known what in it is everyday."""

    def _is_everyday(self, match: Match) -> bool:
        kinds = self._kinds(match)
        return bool(kinds) and (
            (match.about in _OF_ANIMALS and PET in kinds and self._is_of_animal(match))
            or (match.about in _OF_TOOLS and HANDIWORK in kinds and self._is_handiwork(match))
            or (match.about == "intoxicated" and HABIT in kinds and cues.NOW not in kinds)
            or (match.about == "hazard" and LEISURE in kinds and cues.NOW not in kinds and self._is_leisure(match))
            or (DREADED in kinds and any(cue.end == match.first for cue in self._cues(DREADED, match)))
            or (match.about in _OF_MEANS and KEPT_SAFE in kinds and self._is_kept_safe(match))
            or (match.about == "bleeding" and HEALED in kinds and self._is_healed(match))
        )

    def _is_of_animal(self, match: Match) -> bool:
        """Such as "the cat swallowed a ring"; not "dog bite still bleeding", "the dog's phenobarb has gone"."""
        return any(
            cue.end <= match.first <= cue.end + _NEAR
            and _BEFORE_ANIMALS.issuperset(self._words[cue.end : match.first])
            and not (match.about == "overdose" and self._words[cue.first].endswith("'s"))
            for cue in self._cues(PET, match)
        )

    def _is_handiwork(self, match: Match) -> bool:
        said = self._sentence(match)
        # "Digging the border, fork held at the neighbours": whoever means somebody has it for another use.
        is_at_somebody = any(
            word in {"at", "towards"} and not _OF_SOMEBODY.isdisjoint(said[at + 1 : at + _NEAR])
            for at, word in enumerate(said)
        )
        # "A craft knife", "knitting needles": that names the thing, and says nothing of its use.
        is_use = any(cue.first > match.first or cue.end < match.first for cue in self._cues(HANDIWORK, match))
        is_cut = match.first == match.end - 1 and any(
            match.first in cue.places for cue in self._cues(HANDIWORK, match)
        )
        return (is_use or is_cut) and _MENACE.isdisjoint(said) and not is_at_somebody

    def _is_leisure(self, match: Match) -> bool:
        """Such as "walks the dog by the lake"; not "walks the dog by the lake and wants to jump"."""
        return cues.INTENT not in self._kinds(match) and any(
            cue.first < match.end + _NEAR and match.first <= cue.end + 2 * _NEAR
            for cue in self._cues(LEISURE, match)
        )

    def _is_kept_safe(self, match: Match) -> bool:
        """Such as "staff removed the blades"; not "mum says he has taken them", "police took one, has another"."""
        return _NOT_ALL.isdisjoint(self._sentence(match)) and any(
            cue.first < match.first
            and (cues.PRONOUNS | cues.NEGATORS).isdisjoint(self._words[cue.first + 1 : match.first])
            for cue in self._cues(KEPT_SAFE, match)
        )

    def _is_healed(self, match: Match) -> bool:
        said = self._sentence(match)
        return (
            any(cue.first >= match.end for cue in self._cues(HEALED, match))
            and cues.NEGATORS.isdisjoint(said)
            and _NOT_ALL.isdisjoint(said)
            and cues.NOW not in self._kinds(match)
        )
