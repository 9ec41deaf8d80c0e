"""Which stretch of time the lead's page shows, and how what was read becomes figures and pictures."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from console.views.lead.figure import FigureTold
from console.views.lead.layout import places
from console.views.lead.pictures import (
    beside_value,
    dot_in_words,
    series_of,
    usual_words,
    value_in_words,
)
from console.views.lead.ranges import HOURS, RangeChoice, RangeKind, cut_words, period_words, read_days
from db.domain.measures import Better, Dot, Figure, Measure, PastFigure, Unit
from db.domain.periods import EVERYTHING, Cut, Period
from db.lead_page import DayByDay

NOW = datetime(2026, 3, 30, 2, 40, tzinfo=UTC)
"""03:40 on a Monday in London; the clocks went forward on the Sunday."""


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (RangeChoice(), "Sun 29 Mar 19:00 to Mon 30 Mar 03:40"),
        (RangeChoice(RangeKind.TODAY), "Mon 30 Mar 00:00 to 03:40"),
        # Until today where nobody says until when; of today where nobody says anything.
        (RangeChoice(RangeKind.DAYS, date(2026, 3, 28)), "Sat 28 Mar 00:00 to Mon 30 Mar 03:40"),
        (RangeChoice(RangeKind.DAYS), "Mon 30 Mar 00:00 to 03:40"),
        (RangeChoice(RangeKind.WEEK), "Mon 23 Mar 03:40 to Mon 30 Mar 03:40"),
        (RangeChoice(RangeKind.MONTH), "Mon 2 Mar 03:40 to Mon 30 Mar 03:40"),
        (
            RangeChoice(RangeKind.DAYS, date(2026, 3, 28), date(2026, 3, 29)),
            "Sat 28 Mar 00:00 to Mon 30 Mar 00:00",
        ),
        (RangeChoice(RangeKind.DAYS, date(2026, 3, 29), date(2026, 4, 3)), "Sun 29 Mar 00:00 to Mon 30 Mar 03:40"),
    ],
)
def test_a_choice_is_a_stretch_of_local_time(choice: RangeChoice, words: str) -> None:
    assert period_words(choice.period(NOW)) == words


def test_the_day_of_the_clock_change_has_23_hours() -> None:
    day = RangeChoice(RangeKind.DAYS, date(2026, 3, 29), date(2026, 3, 29)).period(NOW)
    assert day.length == timedelta(hours=23)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("3 feb", "9/2/26", RangeChoice(RangeKind.DAYS, date(2026, 2, 3), date(2026, 2, 9))),
        ("28/03", "", RangeChoice(RangeKind.DAYS, date(2026, 3, 28), date(2026, 3, 28))),
        ("2025-12-24", "Thu 1 Jan", RangeChoice(RangeKind.DAYS, date(2025, 12, 24), date(2026, 1, 1))),
    ],
)
def test_days_are_read_as_people_type_them(first: str, last: str, found: RangeChoice) -> None:
    assert read_days(first, last, NOW) == found


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        ("soon", "", "“soon” is no day"),
        ("", "", "“” is no day"),
        ("1 Mar", "never", "“never” is no day"),
        ("9 Mar", "8 Mar", "lies before the first"),
        ("31 Mar", "2 Apr", "still to come"),
        ("1 Jan 2020", "1 Mar 2026", "more than three years"),
    ],
)
def test_what_is_no_stretch_of_days_is_said_with_a_next_step(first: str, last: str, wrong: str) -> None:
    told = read_days(first, last, NOW)
    assert isinstance(told, str)
    assert wrong in told
    assert told.count(".") == 2


def test_a_cut_is_told_in_words() -> None:
    van = uuid4()
    cut = Cut(
        frozenset({"P2"}), frozenset({"hub"}), frozenset({"", "Corby"}), HOURS["Day, 07 to 19"], frozenset({van})
    )
    assert (
        cut_words(cut, {"hub": "Hub"}, {van: "CRU9"}) == "P2 · Hub · Corby · town not known · Day, 07 to 19 · CRU9"
    )
    assert cut_words(EVERYTHING, {}, {}) == "all referrals"


# --- a figure ---


def measure(unit: Unit, better: Better = Better.LOWER, target: float | None = None) -> Measure:
    return Measure(
        key="response",
        title="Time until met",
        definition="Minutes.",
        clock_start="received",
        clock_stop="with patient",
        unit=unit,
        better=better,
        target=target,
        balance="back",
        source="docs",
        author="l.lead",
        dated=date(2026, 2, 1),
    )


PERIOD = Period(NOW - timedelta(hours=8), NOW)


def past(unit_values: list[tuple[float | None, int]]) -> tuple[PastFigure, ...]:
    stretches = PERIOD.past(len(unit_values))
    return tuple(
        PastFigure(value=v, n=n, period=when) for (v, n), when in zip(unit_values, stretches, strict=True)
    )


def figure(unit: Unit, value: float | None, before: list[tuple[float | None, int]], **more: float) -> Figure:
    known = {"n": 14, "missing": 1} | more
    return Figure(key="response", unit=unit, value=value, past=past(before), **known)  # type: ignore[arg-type]


def told_of(one: Measure, its: Figure) -> FigureTold:
    return FigureTold(one, its, series_of(one, its, PERIOD))


def test_a_figure_is_never_alone() -> None:
    one = told_of(
        measure(Unit.MINUTES, target=60.0), figure(Unit.MINUTES, 38.2, [(41.0, 9), (44.0, 8)], ninth=57.0)
    )
    assert one.value() == ("38 min", "median")
    assert beside_value(one.figure) == "n 14 · 1 missing · 90 % within 57 min"
    assert one.below() == "usual 42 min · trial limits · target 60 min"
    assert one.definition().endswith(
        "Clock: received to with patient. Source: docs. Worded by l.lead, 01 Feb 2026."
    )
    assert "38 min" in one.whole()


def test_what_a_figure_assumes_stands_beside_it_before_its_day_and_itself_give_way() -> None:
    hours = figure(Unit.HOURS, 11.4, [(9.0, 8)])
    one = told_of(replace(measure(Unit.HOURS, Better.HIGHER), assumes="94 min, 1 Apr 2026"), hours)
    told = one.beside()
    assert told[:3] == (
        "n 14 · 1 missing · assumes 94 min, 1 Apr 2026",
        "n 14 · 1 missing · assumes 94 min",
        "n 14 · 1 missing · if 94 min",
    )
    assert told[-1] == "n 14 · 1 missing"
    assert told[0] in one.whole()
    assert "assumes" not in told_of(measure(Unit.HOURS), hours).whole()


def test_what_is_unusual_goes_before_the_usual_where_there_is_little_room() -> None:
    calm = [(40.0 + 2 * (at % 2), 9) for at in range(12)]
    usual = told_of(measure(Unit.MINUTES), figure(Unit.MINUTES, 41.0, calm))
    loud = told_of(measure(Unit.MINUTES), figure(Unit.MINUTES, 75.0, calm))
    assert usual.shorter()[1:] == ("usual 41 min", "common cause", "")
    assert loud.shorter()[1:] == ("H concern", "usual 41 min", "")


def test_before_the_first_referral_there_was_no_zero() -> None:
    one = figure(Unit.HOURS, 4.0, [(0.0, 0), (0.0, 0), (3.0, 5), (0.0, 0), (3.0, 4)])
    series = series_of(measure(Unit.HOURS, Better.HIGHER), one, PERIOD)
    assert [point.point.value for point in series.judged] == [3.0, 0.0, 3.0, 4.0]
    assert usual_words(measure(Unit.HOURS), one) == "usual 2.0 h"
    assert usual_words(measure(Unit.HOURS), figure(Unit.HOURS, 4.0, [(0.0, 0)] * 3)) == "no past weeks to compare"


def test_days_stand_beside_a_day_by_the_clock_on_the_wall() -> None:
    day = DayByDay.days(1, datetime(2026, 3, 30, 9, tzinfo=UTC))
    before = day.past(3)
    assert [period_words(one) for one in before] == [
        "Thu 26 Mar 10:00 to Fri 27 Mar 10:00",
        "Fri 27 Mar 10:00 to Sat 28 Mar 10:00",
        "Sat 28 Mar 10:00 to Sun 29 Mar 10:00",
    ]
    assert before[-1].length == timedelta(hours=23)


def test_shares_are_judged_in_per_cent() -> None:
    one = figure(Unit.SHARE, 0.9, [(0.95, 20)] * 12)
    series = series_of(measure(Unit.SHARE, Better.HIGHER, 0.85), one, PERIOD)
    assert series.target == 85
    assert series.telling.most == 100
    assert series.sentence().startswith("90 %, ")


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        (Unit.MINUTES, 135.0, "2 h 15"),
        (Unit.SHARE, 66.7, "67 %"),
        (Unit.TIME, 12.0, "12 %"),
        (Unit.HOURS, 11.44, "11.4 h"),
        (Unit.COUNT, 7.0, "7"),
    ],
)
def test_values_have_their_unit(unit: Unit, value: float, words: str) -> None:
    assert value_in_words(unit, value) == words


@pytest.mark.parametrize(
    ("unit", "value", "of", "words"),
    [
        (Unit.MINUTES, 61.9, 1, "61 min"),
        (Unit.SHARE, 1.0, 1, "yes"),
        (Unit.SHARE, 0.0, 1, "no"),
        (Unit.SHARE, 2.0, 3, "2 of 3"),
        (Unit.SHARE, None, 1, "not recorded"),
        (Unit.HOURS, 0.75, 1, "0.8 h"),
        (Unit.COUNT, 1.0, 1, "1"),
    ],
)
def test_a_referral_s_part_in_a_figure(unit: Unit, value: float | None, of: int, words: str) -> None:
    dot = Dot(uuid4(), "CRU-20260330-0009", NOW, "P1", "hub", "Corby", None, value, of)
    assert dot_in_words(dot, unit) == words


@pytest.mark.parametrize("size", [(700, 500), (1000, 700), (1340, 720), (1900, 1000), (2540, 1400)])
def test_every_panel_has_one_place_and_none_another_s(size: tuple[int, int]) -> None:
    found = places(*size)
    assert {name for name, *_ in found} == {"waits", "demand", "ends", "vans", "weeks", "what if"}
    cells = [(row, column + at) for _, row, column, span in found for at in range(span)]
    assert len(cells) == len(set(cells))
    assert max(column for _, column in cells) < 14
