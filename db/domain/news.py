"""NEWS2, the National Early Warning Score, from measured values.

Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017: its chart of seven parameters, the
aggregate, and "3 in any single parameter". It counts what was measured, names what was not, and predicts nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.domain.reference import NewsBand

MEDIUM = 5
"""From this aggregate on the chart asks for an urgent response."""
WORST = 3

SPO2 = "spo2"
OXYGEN = "oxygen"
SCALE_2 = "spo2_scale_2"
SCALE_2_OXYGEN = "spo2_scale_2_oxygen"
PARAMETERS: Mapping[str, str] = {
    "respirations": "respirations",
    SPO2: "SpO2",
    OXYGEN: "air or oxygen",
    "systolic": "systolic pressure",
    "pulse": "pulse",
    "consciousness": "consciousness",
    "temperature": "temperature",
}


def _bands(measure: str, *bands: tuple[float | None, float | None, int]) -> tuple[NewsBand, ...]:
    return tuple(NewsBand(measure, low, high, points) for low, high, points in bands)


CHART: tuple[NewsBand, ...] = (
    *_bands("respirations", (None, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, None, 3)),
    *_bands(SPO2, (None, 91, 3), (92, 93, 2), (94, 95, 1), (96, None, 0)),
    *_bands(SCALE_2, (None, 83, 3), (84, 85, 2), (86, 87, 1), (88, None, 0)),
    *_bands(
        SCALE_2_OXYGEN,
        (None, 83, 3),
        (84, 85, 2),
        (86, 87, 1),
        (88, 92, 0),
        (93, 94, 1),
        (95, 96, 2),
        (97, None, 3),
    ),
    *_bands(OXYGEN, (0, 0, 0), (1, 1, 2)),
    *_bands("systolic", (None, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, None, 3)),
    *_bands("pulse", (None, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, None, 3)),
    *_bands("consciousness", (0, 0, 0), (1, 1, 3)),
    *_bands("temperature", (None, 35.0, 3), (35.1, 36.0, 1), (36.1, 38.0, 0), (38.1, 39.0, 1), (39.1, None, 2)),
)
"""The published chart, for a version of the tool that brings none of its own."""


@dataclass(frozen=True, slots=True)
class NewsScore:
    """The points of what was measured.

    Attributes:
        points: by parameter, of :data:`PARAMETERS`.
        missing: the parameters that were not measured, in words.
    """

    points: Mapping[str, int]
    missing: tuple[str, ...]

    @property
    def total(self) -> int:
        """The aggregate; of a partial score the least that it can be."""
        return sum(self.points.values())

    @property
    def worst(self) -> tuple[str, ...]:
        """The parameters with 3 points, in words."""
        return tuple(PARAMETERS[key] for key, points in self.points.items() if points == WORST)

    @property
    def is_urgent(self) -> bool:
        """Whether the chart asks for an urgent response: the aggregate, or any single 3."""
        return self.total >= MEDIUM or bool(self.worst)

    @property
    def words(self) -> str:
        """``NEWS2 6 · 3 for temperature``, ``NEWS2 at least 2 · not measured: pulse``; empty for no value."""
        if not self.points:
            return ""
        said = [f"NEWS2 {'at least ' if self.missing else ''}{self.total}"]
        if self.worst:
            said.append(f"3 for {', '.join(self.worst)}")
        if self.missing:
            said.append(f"not measured: {', '.join(self.missing)}")
        return " · ".join(said)


def score(measured: Mapping[str, float], bands: Sequence[NewsBand] = (), *, is_scale_2: bool = False) -> NewsScore:
    """Score what was measured.

    Args:
        measured: values by parameter; ``oxygen`` is 1 on oxygen, 0 on air; ``consciousness`` 0 when alert, else 1.
        bands: of the version of the tool; the published chart when it has none.
        is_scale_2: the SpO2 scale for hypercapnic respiratory failure, which a clinician has to have decided on.
    """
    chart = bands or CHART
    found = {
        key: points(_scale(key, measured, is_scale_2=is_scale_2), measured[key], chart)
        for key in PARAMETERS
        if key in measured
    }
    return NewsScore(found, tuple(words for key, words in PARAMETERS.items() if key not in measured))


def points(measure: str, value: float, bands: Sequence[NewsBand] = CHART) -> int:
    """The points of one value. Between two bands the next whole step of the chart counts: 36.05 °C as 36.1."""
    own = [band for band in bands if band.measure == measure]
    return next((band.points for band in own if band.high is None or value <= band.high), 0)


def _scale(key: str, measured: Mapping[str, float], *, is_scale_2: bool) -> str:
    if key != SPO2 or not is_scale_2:
        return key
    # Scale 2 counts high values only for who breathes oxygen.
    return SCALE_2_OXYGEN if measured.get(OXYGEN) else SCALE_2
