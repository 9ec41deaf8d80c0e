"""What a practice shift is made of: words, names and rates from the shipped file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import resources

FILE = "reference/exercise.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrative:
    """What a caller says, and what comes of it.

    Attributes:
        words: the narrative.
        sources: codes of those who may say it.
        outcomes: codes of outcomes that fit, likeliest first.
        answers: screening answers that are not a plain *no*, by item key.
        later: what a call back brings for *not known*: ``clear``, ``blocked`` or empty.
        scale: the triage letter when it is not the priority's own.
        police: present, asked for, or empty.
        same_gender: whether the person asks for a woman.
        interpreter: whether the person needs another language.
    """

    words: str
    sources: tuple[str, ...]
    outcomes: tuple[str, ...]
    answers: Mapping[str, str] = field(default_factory=dict)
    later: str = ""
    scale: str = ""
    police: str = ""
    same_gender: bool = False
    interpreter: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """A source of referrals: its code, its share of them, and the odds of each priority."""

    code: str
    weight: float
    priorities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Script:
    """The whole file.

    Attributes:
        rates: expected referrals an hour, by local hour; 24 numbers.
        callers: who refers.
        narratives: what they say.
        localities: words for a part of the county, by outward postcode.
        destinations: postcodes of destinations that the reference set leaves without coordinates.
        lists: every other list of words, by its name in the file.
    """

    rates: tuple[float, ...]
    callers: tuple[Caller, ...]
    narratives: tuple[Narrative, ...]
    localities: Mapping[str, str]
    destinations: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]


def load_script() -> Script:
    """Read the shipped file."""
    raw = tomllib.loads(resources.path(FILE).read_text("utf-8"))
    words = {name: tuple(value) for name, value in raw.items() if _is_words(value)}
    return Script(
        rates=tuple(raw["rates"]),
        callers=tuple(Caller(row["code"], row["weight"], row["priorities"]) for row in raw["source"]),
        narratives=tuple(_narrative(row) for row in raw["narrative"]),
        localities=raw["localities"],
        destinations=raw["destinations"],
        lists=words,
    )


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _narrative(row: dict[str, Any]) -> Narrative:
    return Narrative(**row | {"sources": tuple(row["sources"]), "outcomes": tuple(row["outcomes"])})
