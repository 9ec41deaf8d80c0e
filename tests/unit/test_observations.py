"""Typed observations against the limits and the NEWS2 bands of the version that is in force."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain import intake, observations
from db.domain.intake import Draft
from db.domain.observations import Reading, limit_words, reading_words, weigh
from db.domain.reference import NewsBand, ObservationLimit, ScreeningTool
from tests.unit.shipped_tools import first_tool, tool_of

WELL = {
    "respirations": "16",
    "spo2": "98",
    "pulse": "70",
    "pressure": "124/78",
    "temperature": "36.8",
    "glucose": "5.4",
    "consciousness": "alert",
    "oxygen": "air",
}


def kind(reading: Reading, key: str) -> str:
    kinds = {
        name: [one.key for one in getattr(reading, name)] for name in ("within", "scoring", "outside", "unread")
    }
    return next(name for name, keys in kinds.items() if key in keys)


@pytest.mark.hazard("H-007")
@pytest.mark.parametrize(
    ("key", "text", "first", "second"),
    [
        ("respirations", "7", "outside", "outside"),
        ("respirations", "9", "scoring", "scoring"),
        ("respirations", "12", "within", "within"),
        ("respirations", "20", "within", "within"),
        ("respirations", "21", "scoring", "outside"),
        ("respirations", "23", "outside", "outside"),
        ("spo2", "94", "outside", "outside"),
        ("spo2", "95", "scoring", "scoring"),
        ("spo2", "100 %", "within", "within"),
        ("spo2", "90 scale 2", "outside", "outside"),
        ("pulse", "49", "outside", "outside"),
        ("pulse", "50", "scoring", "scoring"),
        ("pulse", "51", "within", "within"),
        ("pulse", "110", "scoring", "scoring"),
        ("pulse", "111", "outside", "outside"),
        ("pressure", "99/60", "outside", "outside"),
        ("pressure", "100/60", "scoring", "outside"),
        ("pressure", "105/60", "scoring", "scoring"),
        ("pressure", "120 over 80", "within", "within"),
        ("pressure", "180/110", "within", "within"),
        ("pressure", "181/80", "outside", "outside"),
        ("pressure", "150/111", "outside", "outside"),
        ("temperature", "33", "scoring", "outside"),
        ("temperature", "35,0", "scoring", "outside"),
        ("temperature", "35.1", "scoring", "scoring"),
        ("temperature", "36,8", "within", "within"),
        ("temperature", "38.0", "within", "within"),
        ("temperature", "38.1", "outside", "outside"),
        ("glucose", "3.2", "outside", "outside"),
        ("glucose", "3.6", "within", "outside"),
        ("glucose", "11.1", "within", "within"),
        ("glucose", "11.2", "outside", "outside"),
    ],
)
def test_limits_belong_to_the_version(key: str, text: str, first: str, second: str) -> None:
    assert kind(weigh({key: text}), key) == first
    assert kind(weigh({key: text}, first_tool()), key) == first
    assert kind(weigh({key: text}, tool_of(2)), key) == second
    assert kind(weigh({key: text}, tool_of(3)), key) == second


def test_another_version_has_other_limits_and_bands() -> None:
    own = ScreeningTool(
        9,
        "",
        (),
        limits=(ObservationLimit("pulse", 60, None),),
        bands=(NewsBand("pulse", None, 99, 0), NewsBand("pulse", 100, None, 3)),
    )
    assert kind(weigh({"pulse": "59"}, own), "pulse") == "outside"
    assert kind(weigh({"pulse": "99"}, own), "pulse") == "within"
    assert kind(weigh({"pulse": "100"}, own), "pulse") == "scoring"
    assert weigh({"pulse": "100"}, own).answer == "yes"
    pulse = next(one for one in observations.OBSERVATIONS if one.key == "pulse")
    assert limit_words(pulse, own) == "< 60"


@pytest.mark.parametrize("tool", [None, first_tool(), tool_of(2), tool_of(3)])
@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, "no"),
        ({"consciousness": "", "oxygen": ""}, "no"),
        ({"respirations": "10"}, None),
        ({"oxygen": "2 l"}, None),
        ({"glucose": ""}, None),
        ({"pulse": "fast"}, None),
        ({"temperature": "34.2"}, "yes"),
        ({"consciousness": "v"}, "yes"),
        ({"pulse": "105", "oxygen": "o2", "spo2": "95", "respirations": "11"}, "yes"),
        ({"glucose": "2.9"}, "yes"),
    ],
)
def test_what_the_values_answer(tool: ScreeningTool | None, changed: dict[str, str], answer: str | None) -> None:
    assert weigh(WELL | changed, tool).answer == answer
    answers = {"observations": "not known"}
    done = intake.weighed(Draft(answers=answers, observations=WELL | changed), tool)
    assert done.answers == ({"observations": answer} if answer else answers)


@pytest.mark.hazard("H-007")
def test_values_at_the_edge_never_read_as_within_limits() -> None:
    edge = {"respirations": "9", "spo2": "95", "pressure": "100/60", "pulse": "110", "temperature": "33"}
    for tool in (first_tool(), tool_of(2)):
        for key, text in edge.items():
            words = reading_words(weigh(WELL | {key: text}, tool), tool)
            assert not words.startswith("All"), (key, words)
            assert weigh(WELL | {key: text}, tool).answer != "no"
        assert weigh(WELL | edge, tool).news.total == 8


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, ""),
        (WELL, "All six within limits. NEWS2 0."),
        (
            WELL | {"pulse": "96"},
            "Not within the normal range: pulse. Answer the question yourself. NEWS2 1.",
        ),
        (
            WELL | {"temperature": "34", "spo2": "95"},
            "Outside limits: Temperature (< 35.1 or > 38). NEWS2 4 · 3 for temperature.",
        ),
        (
            {"pressure": "190/100"},
            (
                "Outside limits: Blood pressure (systolic < 101 or systolic > 180 or diastolic > 110)."
                " NEWS2 at least 0 · not measured: respirations, SpO2, air or oxygen, pulse, consciousness,"
                " temperature."
            ),
        ),
        (
            {"pulse": "70", "spo2": "99"},
            (
                "2 within limits; not measured: respirations, blood pressure, temperature, glucose."
                " Answer the question yourself. NEWS2 at least 0."
            ),
        ),
    ],
)
def test_the_values_in_words(typed: dict[str, str], words: str) -> None:
    assert reading_words(weigh(typed, tool_of(2)), tool_of(2)) == words


def test_the_note_keeps_what_was_measured_and_the_score() -> None:
    assert observations.in_words({}) == ""
    assert observations.in_words(WELL | {"pulse": "132"}) == (
        "Respirations 16 /min, SpO2 98 %, Pulse 132 /min, Blood pressure 124/78 mmHg, Temperature 36.8 °C,"
        " Glucose 5.4 mmol/L, ACVPU alert, Air or oxygen air, NEWS2 3 · 3 for pulse"
    )


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("consciousness", "A", 0),
        ("consciousness", "New confusion", 1),
        ("consciousness", "p", 1),
        ("oxygen", "room air", 0),
        ("oxygen", "15 l/min", 1),
        ("oxygen", "28% O2", 1),
        ("spo2", "89 (scale 2)", 89),
        ("spo2", "89% s2", 89),
        ("consciousness", "sleepy-ish", None),
        ("oxygen", "some", None),
        ("spo2", "101", None),
        ("pulse", "1118", None),
        ("pressure", "80/120", None),
    ],
)
def test_what_can_be_typed(key: str, text: str, value: float | None) -> None:
    one = next(one for one in observations.TYPED if one.key == key)
    found = observations.values(one, text)
    assert (found[0] if found else None) == value
    if value is None:
        assert kind(weigh({key: text}), key) == "unread"


def test_scale_two_counts_only_where_it_is_said() -> None:
    assert weigh({"spo2": "89"}).news.total == 3
    assert weigh({"spo2": "89 scale 2"}).news.total == 0
    assert weigh({"spo2": "98 scale 2", "oxygen": "2 l"}).news.total == 5


@given(st.dictionaries(st.sampled_from([one.key for one in observations.TYPED]), st.text(max_size=12)))
def test_nothing_that_is_typed_breaks_it(typed: dict[str, str]) -> None:
    for tool in (None, tool_of(2)):
        reading = weigh(typed, tool)
        reading_words(reading, tool)
        observations.in_words(typed, tool)
        measured = [
            one.key for name in ("within", "scoring", "outside", "missing") for one in getattr(reading, name)
        ]
        six = {one.key for one in observations.OBSERVATIONS}
        assert len(measured) == len(set(measured))
        assert set(measured) | {one.key for one in reading.unread} >= six
