"""Observations as they are typed, against the limits and the NEWS2 bands of a version of the screening tool."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from db.domain.news import NewsScore, score
from db.domain.reference import NewsBand, ObservationLimit, ScreeningTool


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that a crew measures.

    Attributes:
        key: its name in a draft.
        label: as people say it.
        unit: shown behind the value.
        plausible: lowest and highest value that is no slip of the finger.
    """

    key: str
    label: str
    unit: str
    plausible: tuple[float, float]


OBSERVATIONS: tuple[Observation, ...] = (
    Observation("respirations", "Respirations", "/min", (1, 80)),
    Observation("spo2", "SpO2", "%", (40, 100)),
    Observation("pulse", "Pulse", "/min", (15, 260)),
    Observation("pressure", "Blood pressure", "mmHg", (40, 300)),
    Observation("temperature", "Temperature", "°C", (25, 45)),
    Observation("glucose", "Glucose", "mmol/L", (0.5, 60)),
)
FOR_NEWS: tuple[Observation, ...] = (
    Observation("consciousness", "ACVPU", "", (0, 1)),
    Observation("oxygen", "Air or oxygen", "", (0, 1)),
)
"""What NEWS2 asks for besides; there are no limits for these."""
TYPED = (*OBSERVATIONS, *FOR_NEWS)
EXAMPLES: Mapping[str, str] = {"pressure": "120/80", "consciousness": "alert", "oxygen": "air"}
"""What may be typed where no unit says it."""

FIRST_LIMITS: tuple[ObservationLimit, ...] = (
    ObservationLimit("respirations", 8, 22),
    ObservationLimit("spo2", 95, None),
    ObservationLimit("pulse", 50, 110),
    ObservationLimit("systolic", 100, 180),
    ObservationLimit("diastolic", None, 110),
    ObservationLimit("temperature", None, 38.0),
    ObservationLimit("glucose", 3.3, 11.1),
)
"""Those of version 1, which was written before versions brought their own."""

_NUMBER = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)")
_PRESSURE = re.compile(r"(\d{2,3})\s*(?:/|over|\\|-)\s*(\d{2,3})")
_SCALE_2 = re.compile(r"[,(\s]*(?:scale|s)\s*2\)?$")
_LITRES = re.compile(r"\d{1,2}(?:[.,]\d)?\s*(?:l|litres?|l/min)(?:\s*(?:o2|oxygen))?|\d{2}\s*%\s*(?:o2|oxygen)")
_SAID: Mapping[str, Mapping[str, float]] = {
    "consciousness": {"a": 0, "alert": 0}
    | dict.fromkeys(("c", "new confusion", "confused", "confusion"), 1)
    | dict.fromkeys(("v", "voice", "p", "pain", "u", "unresponsive"), 1),
    "oxygen": dict.fromkeys(("air", "room air", "a", "ra", "no"), 0)
    | dict.fromkeys(("oxygen", "o2", "yes", "o"), 1),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What typed observations come to. Each tuple holds the observations in the order in which they are listed.

    Attributes:
        within: within the limits, and without a point of NEWS2.
        scoring: within the limits, but with a point of NEWS2: for a person to weigh.
        outside: outside the limits.
        missing: not typed.
        unread: typed, and no believable value.
    """

    within: tuple[Observation, ...]
    scoring: tuple[Observation, ...]
    outside: tuple[Observation, ...]
    missing: tuple[Observation, ...]
    unread: tuple[Observation, ...]
    news: NewsScore

    @property
    def answer(self) -> str | None:
        """``yes``: anything is outside, or NEWS2 urgent; ``no``: all is measured and within; else None."""
        if self.outside or self.news.is_urgent:
            return "yes"
        # The program says no only where nothing is left to weigh; a yes needs no more than one value.
        return None if self.missing or self.unread or self.scoring or self.news.total else "no"


def values(observation: Observation, text: str) -> tuple[float, float] | None:
    """The value (or systolic and diastolic) of a typed text; None if it is no believable value."""
    typed = text.strip().lower()
    if observation.key in _SAID:
        found = _said(observation.key, typed)
    elif observation.key == "pressure":
        match = _PRESSURE.fullmatch(typed.removesuffix("mmhg").strip())
        found = (float(match[1]), float(match[2])) if match else None
    else:
        bare = _SCALE_2.sub("", typed) if observation.key == "spo2" else typed
        match = _NUMBER.fullmatch(bare.removesuffix(observation.unit.lower()).strip())
        found = (float(match[1].replace(",", ".")), 0.0) if match else None
    # The second value is the lower pressure, which is never above the upper; whatever has one value has 0 there.
    low, high = observation.plausible
    return found if found and low <= found[0] <= high and found[1] <= found[0] else None


def _said(key: str, typed: str) -> tuple[float, float] | None:
    value = _SAID[key].get(typed)
    # How much oxygen is an answer to whether.
    if value is None and key == "oxygen" and _LITRES.fullmatch(typed):
        value = 1
    return None if value is None else (value, 0.0)


def weigh(typed: Mapping[str, str], tool: ScreeningTool | None = None) -> Reading:
    """Sort the observations by what was typed for each, by key.

    Args:
        typed: by key of :data:`TYPED`.
        tool: whose limits and bands count; version 1's limits and the published chart where it brings none.
    """
    kinds = {one: _kind(one, typed.get(one.key, ""), tool) for one in TYPED}
    sorted_into = {
        name: tuple(
            one for one, kind in kinds.items() if kind == name and (one in OBSERVATIONS or name == "unread")
        )
        for name in ("within", "scoring", "outside", "missing", "unread")
    }
    return Reading(**sorted_into, news=news(typed, tool))


def news(typed: Mapping[str, str], tool: ScreeningTool | None = None) -> NewsScore:
    """NEWS2 of what was typed. SpO2 with "scale 2" behind it counts by that scale."""
    measured = dict(_measures(typed))
    is_scale_2 = bool(_SCALE_2.search(typed.get("spo2", "").strip().lower()))
    return score(measured, _bands(tool), is_scale_2=is_scale_2)


def _measures(typed: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    for one in TYPED:
        found = values(one, typed.get(one.key, ""))
        if found is not None:
            yield from _of(one, found)


def _of(observation: Observation, found: tuple[float, float]) -> Iterator[tuple[str, float]]:
    """Its measures: blood pressure is two."""
    if observation.key == "pressure":
        yield from (("systolic", found[0]), ("diastolic", found[1]))
    else:
        yield observation.key, found[0]


def _bands(tool: ScreeningTool | None) -> tuple[NewsBand, ...]:
    return tool.bands if tool is not None else ()


def _limits(tool: ScreeningTool | None) -> tuple[ObservationLimit, ...]:
    return (tool.limits if tool is not None else ()) or FIRST_LIMITS


def _kind(observation: Observation, text: str, tool: ScreeningTool | None) -> str:
    if not text.strip():
        return "missing"
    found = values(observation, text)
    if found is None:
        return "unread"
    if is_outside(observation, text, tool):
        return "outside"
    return "scoring" if news({observation.key: text}, tool).total else "within"


def is_outside(observation: Observation, text: str, tool: ScreeningTool | None = None) -> bool:
    """Whether a typed text is a believable value that lies outside the limits of a version."""
    found = values(observation, text)
    measured = {} if found is None else dict(_of(observation, found))
    return any(_is_beyond(one, measured[one.measure]) for one in _limits(tool) if one.measure in measured)


def _is_beyond(limit: ObservationLimit, value: float) -> bool:
    return (limit.low is not None and value < limit.low) or (limit.high is not None and value > limit.high)


def limit_words(observation: Observation, tool: ScreeningTool | None = None) -> str:
    """What counts as outside, in words: ``< 50 or > 110``."""
    measures = {"pressure": ("systolic", "diastolic")}.get(observation.key, (observation.key,))
    own = [one for measure in measures for one in _limits(tool) if one.measure == measure]
    said = [
        f"{one.measure if len(measures) > 1 else ''} {sign} {bound:g}".strip()
        for one in own
        for sign, bound in (("<", one.low), (">", one.high))
        if bound is not None
    ]
    return " or ".join(said)


def reading_words(reading: Reading, tool: ScreeningTool | None = None) -> str:
    """What the typed values come to, in one line; empty when none was typed."""
    if reading.outside:
        names = ", ".join(f"{one.label} ({limit_words(one, tool)})" for one in reading.outside)
        return _joined(f"Outside limits: {names}", reading.news.words)
    if reading.scoring:
        names = ", ".join(one.label.lower() if one.label != "SpO2" else one.label for one in reading.scoring)
        return _joined(f"Not within the normal range: {names}. Answer the question yourself", reading.news.words)
    if not reading.within:
        return reading.news.words
    if reading.missing:
        missing = ", ".join(one.label.lower() for one in reading.missing)
        said = f"{len(reading.within)} within limits; not measured: {missing}. Answer the question yourself"
        return _joined(said, reading.news.words.partition(" · not")[0])
    return _joined("All six within limits", reading.news.words)


def _joined(*said: str) -> str:
    return " ".join(f"{one}." for one in said if one)


def in_words(typed: Mapping[str, str], tool: ScreeningTool | None = None) -> str:
    """The typed values on one line with NEWS2, for the screening's note; empty when none was typed."""
    said = [
        f"{observation.label} {typed[observation.key].strip()} {observation.unit}".strip()
        for observation in TYPED
        if typed.get(observation.key, "").strip()
    ]
    return ", ".join([*said, *([words] if (words := news(typed, tool).words) else [])])
