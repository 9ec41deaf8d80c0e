"""Whether a van and its crew suit the person: wishes, language, how they get about, who makes them feel safe.

Everything is matched by code. What could not be read for certain is told as it was said, and speaks for no van and
against none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from db.domain import about
from db.domain.about import Mobility, Said
from db.domain.cautions import Flag
from db.domain.languages import NO_LANGUAGES, Languages, Need, need_of, speaks
from db.domain.reasons import Reason, ReasonTone, Weights
from db.domain.records import StaffMember, Van
from db.domain.rules import DEFAULTS, Rules
from db.domain.texts import folded, told

# As a list of staff has it, which somebody typed or brought from a spreadsheet; folded.
_GENDERS: Mapping[str, frozenset[str]] = {
    "woman": frozenset(("female", "f", "woman", "w", "lady", "sheher", "ciswoman", "transwoman", "cisfemale")),
    "man": frozenset(("male", "m", "man", "hehim", "cisman", "transman", "cismale")),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What matters about a person for the choice of a van.

    Attributes:
        said: about the person, as it counts.
        flags: of the person and the address, that count now.
        booked: languages by code for which an interpreter is booked.
        languages: what codes of languages are called.
        mobility: the ways to get about, with what each needs.
        rules: how many registered clinicians a crew has at least.
    """

    said: tuple[Said, ...] = ()
    flags: tuple[Flag, ...] = ()
    booked: tuple[str, ...] = ()
    languages: Languages = NO_LANGUAGES
    mobility: tuple[Mobility, ...] = ()
    rules: Rules = DEFAULTS

    @property
    def need(self) -> Need:
        """How they can be spoken with."""
        return need_of(self.said, self.booked)


def too_few(crew: Sequence[StaffMember], rules: Rules) -> str:
    """What to say of a crew with fewer registered clinicians than the rule says; empty for one that has them."""
    there = sum(member.registered for member in crew)
    if there >= rules.registered_least:
        return ""
    if rules.registered_least == 1:
        return "no registered clinician on the crew"
    return f"{there} of at least {rules.registered_least} registered clinicians on the crew"


def suits(asked: Asked, van: Van, crew: Sequence[StaffMember], weights: Weights) -> Iterator[Reason]:
    """What of the person speaks for a van, or against it."""
    words = too_few(crew, asked.rules)
    if words:
        yield Reason(words, ReasonTone.WARN, weights.too_few)
    yield from _looks(asked, van, weights)
    yield from _safer(asked, crew, weights)
    yield from _language(asked, crew, weights)
    yield from _getting_about(asked, van, weights)
    yield from _flags(asked, crew, weights)


def kept(asked: Asked, said: Said, van: Van, crew: Sequence[StaffMember]) -> bool | None:
    """Whether a van keeps what was said; None for what is about conduct, or cannot be told."""
    if said.topic == about.WISH and _is_about_livery(said):
        return van.livery == "unmarked"
    if said.topic == about.SAFER and said.code in _GENDERS:
        return _rides(said.code, crew)
    if said.topic == about.LANGUAGE and said.code:
        return any(said.code in member.language_codes for member in crew)
    if said.topic == about.MOBILITY and (need := _needs(asked, said)):
        return bool(_has(van, need))
    return None


def _is_about_livery(said: Said) -> bool:
    return "unmarked" in said.words.lower()


def _looks(asked: Asked, van: Van, weights: Weights) -> Iterator[Reason]:
    if not any(_is_about_livery(one) for one in about.of_topic(asked.said, about.WISH)):
        # Told of every van, and weighed only where somebody asked.
        yield Reason(van.livery)
    elif van.livery == "unmarked":
        yield Reason("unmarked, as asked", ReasonTone.GOOD, weights.right_livery)
    else:
        yield Reason("marked, unmarked was asked for", ReasonTone.WARN, weights.wrong_livery)


def _rides(code: str, crew: Sequence[StaffMember]) -> bool:
    return any(folded(member.gender) in _GENDERS[code] for member in crew)


def _safer(asked: Asked, crew: Sequence[StaffMember], weights: Weights) -> Iterator[Reason]:
    wanted = [code for code in about.codes(asked.said, about.SAFER) if code in _GENDERS]
    # Two who said different things: either will do.
    if len(wanted) == 1:
        name = wanted[0]
        if _rides(name, crew):
            yield Reason(f"a {name} on the crew, as asked", ReasonTone.GOOD, weights.safer)
        else:
            yield Reason(f"no {name} on the crew: would feel safer with one", ReasonTone.WARN, weights.not_safer)
    words = about.words_of(asked.said, about.SAFER)
    if words:
        yield Reason(f"safer with: {told(words)}")


def _language(asked: Asked, crew: Sequence[StaffMember], weights: Weights) -> Iterator[Reason]:
    need = asked.need
    spoken = {code for member in crew for code in member.language_codes}
    if need.wanted:
        both = [asked.languages.label(code) for code in need.wanted if code in spoken]
        names = " or ".join(asked.languages.label(code) for code in need.wanted)
        if speaks(need, spoken):
            yield Reason(f"speaks {' and '.join(both)}", ReasonTone.GOOD, weights.language)
        elif set(need.wanted) & set(need.booked):
            yield Reason(f"nobody speaks {names}, interpreter booked", ReasonTone.NEUTRAL, weights.no_language / 2)
        else:
            yield Reason(f"nobody speaks {names}, no interpreter booked", ReasonTone.WARN, weights.no_language)
    elif need.is_open:
        yield Reason("needs an interpreter, none is booked", ReasonTone.WARN)
    if need.as_told:
        yield Reason(f"language, as told: {told(need.as_told)}")


def _needs(asked: Asked, said: Said) -> tuple[str, ...]:
    return next((one.equipment for one in asked.mobility if one.code == said.code), ())


def _has(van: Van, equipment: Sequence[str]) -> str:
    """The first thing of a list that a van has; empty for none."""
    # Folded, since a trust writes equipment as it likes: "Tail-lift" is a tail lift.
    wanted = set(map(folded, equipment))
    return next((one for one in van.equipment if folded(one) in wanted), "")


def _getting_about(asked: Asked, van: Van, weights: Weights) -> Iterator[Reason]:
    labels = {one.code: one.label for one in asked.mobility}
    for said in about.of_topic(asked.said, about.MOBILITY):
        need = _needs(asked, said)
        label = labels.get(said.code, said.words)
        if need and (there := _has(van, need)):
            yield Reason(f"{told(there)} ({label.lower()})", ReasonTone.GOOD)
        elif need:
            yield Reason(f"no {need[0]} ({label.lower()})", ReasonTone.WARN, weights.no_equipment)


def _flags(asked: Asked, crew: Sequence[StaffMember], weights: Weights) -> Iterator[Reason]:
    if any(flag.kind == "staff safety" for flag in asked.flags) and len(crew) < 2:
        yield Reason("one person only, and a flag speaks of staff safety", ReasonTone.WARN, weights.alone)
