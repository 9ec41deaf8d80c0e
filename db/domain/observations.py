"""Observations against the limits of the screening tool: typed values in, what lies outside out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that a crew measures.

    Attributes:
        key: its name in a draft.
        label: as people say it.
        unit: shown behind the value.
        limits: what counts as outside, in words.
        outside: whether a value (for blood pressure: systolic, diastolic) lies outside.
        plausible: lowest and highest value that is no slip of the finger.
    """

    key: str
    label: str
    unit: str
    limits: str
    outside: Callable[[float, float], bool]
    plausible: tuple[float, float]


OBSERVATIONS: tuple[Observation, ...] = (
    Observation("respirations", "Respirations", "/min", "< 8 or > 22", lambda x, _: x < 8 or x > 22, (1, 80)),
    Observation("spo2", "SpO2", "%", "< 95", lambda x, _: x < 95, (40, 100)),
    Observation("pulse", "Pulse", "/min", "< 50 or > 110", lambda x, _: x < 50 or x > 110, (15, 260)),
    Observation(
        "pressure",
        "Blood pressure",
        "mmHg",
        "systolic < 100, or > 180/110",
        lambda systolic, diastolic: systolic < 100 or systolic > 180 or diastolic > 110,
        (40, 300),
    ),
    Observation("temperature", "Temperature", "°C", "> 38.0", lambda x, _: x > 38.0, (25, 45)),
    Observation("glucose", "Glucose", "mmol/L", "< 3.3 or > 11.1", lambda x, _: x < 3.3 or x > 11.1, (0.5, 60)),
)
_NUMBER = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)")
_PRESSURE = re.compile(r"(\d{2,3})\s*(?:/|over|\\|-)\s*(\d{2,3})")


@dataclass(frozen=True, slots=True)
class Reading:
    """What typed observations come to. Each tuple holds the observations in the order in which they are listed."""

    within: tuple[Observation, ...]
    outside: tuple[Observation, ...]
    missing: tuple[Observation, ...]
    unread: tuple[Observation, ...]

    @property
    def answer(self) -> str | None:
        """``yes`` when anything is outside, ``no`` when all were measured and lie within, else None: ask."""
        if self.outside:
            return "yes"
        return None if self.missing or self.unread else "no"


def values(observation: Observation, text: str) -> tuple[float, float] | None:
    """The value (or systolic and diastolic) of a typed text; None if it is no believable value."""
    typed = text.strip().lower().removesuffix(observation.unit.lower()).strip()
    if observation.key == "pressure":
        match = _PRESSURE.fullmatch(typed)
        found = (float(match[1]), float(match[2])) if match else None
    else:
        match = _NUMBER.fullmatch(typed)
        found = (float(match[1].replace(",", ".")), 0.0) if match else None
    low, high = observation.plausible
    return found if found and low <= found[0] <= high and found[1] <= found[0] else None


def weigh(typed: Mapping[str, str]) -> Reading:
    """Sort the observations by what was typed for each, by key."""
    sorted_into: dict[str, list[Observation]] = {"within": [], "outside": [], "missing": [], "unread": []}
    for observation in OBSERVATIONS:
        sorted_into[_kind(observation, typed.get(observation.key, ""))].append(observation)
    return Reading(**{name: tuple(found) for name, found in sorted_into.items()})


def _kind(observation: Observation, text: str) -> str:
    if not text.strip():
        return "missing"
    found = values(observation, text)
    if found is None:
        return "unread"
    return "outside" if observation.outside(*found) else "within"


def in_words(typed: Mapping[str, str]) -> str:
    """The typed values on one line, for the screening's note; empty when none was typed."""
    said = [
        f"{observation.label} {typed[observation.key].strip()} {observation.unit}"
        for observation in OBSERVATIONS
        if typed.get(observation.key, "").strip()
    ]
    return ", ".join(said)
