"""NEWS2 against its published chart: Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.news import CHART, SCALE_2, SCALE_2_OXYGEN, points, score
from db.domain.reference import NewsBand
from tests.unit.shipped_tools import tool_of

# Chart 1, row by row as printed: (lowest, highest) of each band, both ends included, by points; None is open.
PUBLISHED: dict[str, list[tuple[float | None, float | None, int]]] = {
    "respirations": [(None, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, None, 3)],
    "spo2": [(None, 91, 3), (92, 93, 2), (94, 95, 1), (96, None, 0)],
    SCALE_2: [(None, 83, 3), (84, 85, 2), (86, 87, 1), (88, None, 0)],
    SCALE_2_OXYGEN: [
        (None, 83, 3),
        (84, 85, 2),
        (86, 87, 1),
        (88, 92, 0),
        (93, 94, 1),
        (95, 96, 2),
        (97, None, 3),
    ],
    "oxygen": [(0, 0, 0), (1, 1, 2)],
    "systolic": [(None, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, None, 3)],
    "pulse": [(None, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, None, 3)],
    "consciousness": [(0, 0, 0), (1, 1, 3)],
    "temperature": [(None, 35.0, 3), (35.1, 36.0, 1), (36.1, 38.0, 0), (38.1, 39.0, 1), (39.1, None, 2)],
}
BOUNDARIES = [
    (measure, bound, row[2])
    for measure, rows in PUBLISHED.items()
    for row in rows
    for bound in row[:2]
    if bound is not None
]
WELL = {
    "respirations": 16.0,
    "spo2": 98.0,
    "oxygen": 0.0,
    "systolic": 124.0,
    "pulse": 70.0,
    "consciousness": 0.0,
    "temperature": 36.8,
}


@pytest.mark.hazard("H-007")
@pytest.mark.parametrize(("measure", "value", "expected"), BOUNDARIES)
@pytest.mark.parametrize(
    "bands", [CHART, tool_of(2).bands, tool_of(3).bands], ids=["chart", "version 2", "version 3"]
)
def test_every_boundary_of_the_chart(
    bands: tuple[NewsBand, ...], measure: str, value: float, expected: int
) -> None:
    assert points(measure, value, bands) == expected


@pytest.mark.parametrize(
    ("changed", "is_scale_2", "total", "worst"),
    [
        ({}, False, 0, ()),
        ({"respirations": 8}, False, 3, ("respirations",)),
        ({"spo2": 90}, False, 3, ("SpO2",)),
        ({"spo2": 90}, True, 0, ()),
        ({"spo2": 98, "oxygen": 1}, False, 2, ()),
        ({"spo2": 98, "oxygen": 1}, True, 5, ("SpO2",)),
        ({"spo2": 98}, True, 0, ()),
        ({"consciousness": 1}, False, 3, ("consciousness",)),
        ({"pulse": 95, "temperature": 38.4, "respirations": 22}, False, 4, ()),
        ({"systolic": 92, "pulse": 118, "temperature": 38.2}, False, 5, ()),
        ({"respirations": 26, "systolic": 84}, False, 6, ("respirations", "systolic pressure")),
    ],
)
def test_aggregates(changed: dict[str, float], is_scale_2: bool, total: int, worst: tuple[str, ...]) -> None:
    found = score(WELL | changed, is_scale_2=is_scale_2)
    assert (found.total, found.worst, found.missing) == (total, worst, ())
    assert found.is_urgent is (total >= 5 or bool(worst))


def test_a_partial_score_names_what_is_missing_and_is_a_least() -> None:
    found = score({"respirations": 22, "pulse": 100})
    assert found.total == 3
    assert found.missing == ("SpO2", "air or oxygen", "systolic pressure", "consciousness", "temperature")
    assert found.words == (
        "NEWS2 at least 3 · not measured: SpO2, air or oxygen, systolic pressure, consciousness, temperature"
    )
    assert not found.is_urgent
    assert score({"temperature": 34.4}).is_urgent
    assert score({}).words == ""


def test_a_whole_score_in_words() -> None:
    assert score(WELL).words == "NEWS2 0"
    assert score(WELL | {"temperature": 34.0, "pulse": 45}).words == "NEWS2 4 · 3 for temperature"


@given(st.sampled_from(sorted(PUBLISHED)), st.floats(0, 300))
def test_no_value_falls_between_two_bands(measure: str, value: float) -> None:
    assert points(measure, value) in {0, 1, 2, 3}
    own = sorted(PUBLISHED[measure], key=lambda row: -1 if row[0] is None else row[0])
    reached = [row for row in own if row[1] is None or value <= row[1]]
    assert points(measure, value) == (reached[0][2] if reached else 0)
