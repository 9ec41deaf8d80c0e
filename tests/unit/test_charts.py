"""Chart models: where marks stand, what is said, and that table and drawing agree."""

from datetime import UTC, datetime, timedelta
from math import hypot
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.charts import axes
from console.charts.chart import Box, Chart, ChartMark, ChartRoom, step
from console.charts.control import ControlSeries, control, spark
from console.charts.demand import DemandHour, demand
from console.charts.distribution import WaitDot, WaitGroup, WaitTargets, distribution
from console.charts.outcomes import OutcomeCount, outcomes
from console.charts.swarm import swarm
from console.charts.van_day import VanLane, VanSpan, van_day
from db.domain.measures import Better
from db.domain.spc import Baseline, SpcPoint, judge
from db.domain.spc_words import SpcIcon, SpcTelling

ROOM = ChartRoom(640, 240)
START = datetime(2026, 2, 3, 19, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ids(n: int) -> tuple[UUID, ...]:
    return tuple(uuid4() for _ in range(n))


def inside(chart: Chart) -> bool:
    edges = [edge for one in chart.marks for edge in (one.box.left, one.box.bottom, one.box.right, one.box.top)]
    edges += [edge for one in (*chart.x_ticks, *chart.y_ticks) for edge in (one.at,)]
    return all(-1e-9 <= edge <= 1 + 1e-9 for edge in edges)


# --- axes ---


@pytest.mark.parametrize(
    ("most", "values"),
    [(0, (0, 1)), (1, (0, 1)), (3, (0, 1, 2, 3)), (7, (0, 2, 4, 6, 8)), (48, (0, 10, 20, 30, 40, 50))],
)
def test_counts_have_whole_ticks(most: float, values: tuple[float, ...]) -> None:
    assert axes.counts(most).values() == values


@pytest.mark.parametrize(
    ("most", "step"), [(5, 1), (33, 5), (62, 10), (74, 15), (180, 30), (400, 60), (2000, 360), (90000, 20000)]
)
def test_minutes_have_the_steps_of_a_clock(most: float, step: float) -> None:
    axis = axes.minutes(most)
    assert axis.step == step
    assert axis.most >= most > axis.most - step


@given(st.floats(-1e5, 1e5), st.floats(0, 1e5))
def test_an_axis_around_values_holds_them(least: float, span: float) -> None:
    axis = axes.around(least, least + span)
    assert -1e-6 <= axis.at(least) <= axis.at(least + span) <= 1 + 1e-6
    assert 2 <= len(axis.values()) <= 12


@pytest.mark.parametrize(
    ("value", "step", "told"), [(3, 1, "3"), (0.25, 0.05, "0.25"), (0.5, 0.1, "0.5"), (20, 20, "20")]
)
def test_a_number_has_the_places_of_its_step(value: float, step: float, told: str) -> None:
    assert axes.number(value, step) == told


# --- dots ---


@given(st.lists(st.floats(0, 300), max_size=60), st.floats(3, 12))
def test_no_dot_lies_over_another(places: list[float], wide: float) -> None:
    aside = swarm(places, wide, 1e6)
    assert aside is not None
    dots = list(zip(places, aside, strict=True))
    for at, (x, y) in enumerate(dots):
        assert all(hypot(x - a, y - b) >= wide - 1e-3 for a, b in dots[at + 1 :])


@given(st.lists(st.floats(0, 60), max_size=40), st.floats(5, 40))
def test_dots_stay_in_their_room_or_say_so(places: list[float], room: float) -> None:
    aside = swarm(places, 6, room)
    assert aside is None or all(abs(y) <= room for y in aside)


def test_as_many_as_fit_find_room() -> None:
    assert swarm([5.0] * 5, 4, 8.1) is not None
    assert swarm([5.0] * 6, 4, 8.1) is None


def waits(*minutes: float) -> tuple[WaitDot, ...]:
    return tuple(WaitDot(one, uuid4(), f"{at:04}", "CRU4", "Tue 21:14") for at, one in enumerate(minutes))


P2 = WaitTargets(240, None)
P1 = WaitTargets(50, 35)


def test_a_distribution_says_and_shows_the_same() -> None:
    groups = [WaitGroup("P1 EMAS", waits(20, 30, 41), 2), WaitGroup("P1 alone", waits(55.5))]
    chart = distribution(groups, P1, ROOM)
    assert chart.sentence == (
        "4 met: median 35 min, 3 of 4 within 50 min, longest 55 min; of 2 more the time is not recorded."
    )
    assert chart.lanes == ("P1 EMAS", "P1 alone")
    assert [one.label for one in chart.strokes] == ["aim 35", "50", "30", "55"]
    assert [(one.shape, one.role) for one in chart.marks] == [("dot", "cru")] * 3 + [("square", "late")]
    assert chart.marks[3].words == "0000 · 55 min · late by 5 min · CRU4"
    assert chart.table.rows[3] == ("P1 EMAS", "2 without a time", "not recorded", "")
    assert [row for row, mark in zip(chart.table.ids, chart.marks, strict=False)][:3] == [
        one.ids for one in chart.marks[:3]
    ]
    assert inside(chart)


def test_on_the_target_is_in_time() -> None:
    chart = distribution([WaitGroup("P1", waits(50, 50.2))], P1, ROOM)
    assert "1 of 2 within 50 min" in chart.sentence
    assert chart.marks[1].words == "0001 · 50 min · late by under 1 min · CRU4"


def test_one_long_wait_squeezes_no_others() -> None:
    chart = distribution([WaitGroup("P1", waits(20, 40, 45, 900))], P1, ROOM)
    assert chart.marks[1].box.left > 0.2
    beyond = chart.marks[3]
    assert (beyond.shape, beyond.label, beyond.box.left) == ("beyond", "15 h 00", 1.0)
    assert inside(chart)


@pytest.mark.parametrize("count", [10, 1600, 4000])
def test_many_dots_get_smaller_and_at_last_columns(count: int) -> None:
    chart = distribution([WaitGroup("P1", waits(*(15 + (at * 7919) % 60 for at in range(count))))], P1, ROOM)
    assert sum(len(one.ids) for one in chart.marks) == count
    assert (chart.marks[0].shape == "bar") is (count == 4000)
    assert (chart.dot < ROOM.dot) is (count == 1600)
    assert inside(chart)


def test_nobody_met_is_said() -> None:
    chart = distribution([WaitGroup("P1", (), 3)], P2, ROOM)
    assert chart.empty
    assert chart.sentence == "No response time; of 3 more the time is not recorded."


# --- hours ---


def test_demand_tells_the_busiest_hour_and_where_vans_were_few() -> None:
    hours = [DemandHour("22", 2, 1.5, 3, ids(2)), DemandHour("23", 4, 2.5, 3, ids(4)), DemandHour("00", 0, 1, 1)]
    chart = demand(hours, ROOM)
    assert chart.sentence == "6 referrals, most at 23 (4); usual 5; more referrals than vans at 23."
    assert [len(one.ids) for one in chart.marks] == [2, 4, 0]
    assert [one.box.top for one in chart.marks] == [0.5, 1.0, 0.0]
    assert chart.marks[1].words == "23: 4 referrals · usual 2.5 · 3 vans on duty"
    assert chart.table.rows[2] == ("00", "0", "1", "1")
    assert inside(chart)


def test_an_average_day_is_told_as_one() -> None:
    chart = demand([DemandHour("09", 1.5, None, 2.25), DemandHour("10", 0.5, None, 2)], ROOM, days=28)
    assert chart.sentence == "56 referrals, most at 09 (1.5 a day on average)."
    assert chart.marks[0].words == "09: 1.5 referrals a day · 2.2 vans on duty"
    assert chart.table.rows[0] == ("09", "1.5", "not known", "2.2")


def test_an_hour_of_which_nobody_knows_the_vans_breaks_their_line() -> None:
    hours = [DemandHour(f"{at:02}", 1, None, None if at == 3 else 2) for at in range(6)]
    assert len([one for one in demand(hours, ROOM).strokes if one.role == "good"]) == 2


@pytest.mark.parametrize("labels", [23, 25])
def test_every_hour_of_an_odd_day_has_its_bar(labels: int) -> None:
    hours = [DemandHour(f"{at:02}", 1) for at in range(labels)]
    chart = demand(hours, ChartRoom(300, 200))
    assert len(chart.marks) == labels
    assert 4 <= len(chart.x_ticks) < labels


def test_an_empty_night_is_said() -> None:
    assert demand([DemandHour("04", 0, 0, 0)], ROOM).empty
    assert demand([], ROOM).sentence == "No referrals."


# --- vans ---


def span(start: float, end: float, kind: str, id_: UUID | None = None) -> VanSpan:
    return VanSpan(START + start * HOUR, START + end * HOUR, kind, "0031" if id_ else "", id_)  # type: ignore[arg-type]


def test_a_vans_day_in_lanes() -> None:
    job = uuid4()
    spans = (
        span(-1, 10, "duty"),
        span(1, 1.5, "travel", job),
        span(1.5, 2, "handover", job),
        span(2, 4, "with patient", job),
        span(5, 5.5, "meal"),
        span(11, 14, "with patient", uuid4()),
        span(14, 15, "travel", uuid4()),
    )
    chart = van_day(
        [VanLane("CRU8", spans), VanLane("CRU9", (span(-3, -1, "duty"),))], START, START + 12 * HOUR, ROOM
    )
    assert chart.lanes == ("CRU8", "", "", "")
    assert [(one.hatched, one.dashed, one.label) for one in chart.marks] == [
        (False, False, ""),
        (True, False, ""),
        (False, False, "0031"),
        (False, True, ""),
        (False, False, "0031"),
    ]
    # 10 of 12 h on duty; 3 h on the first job, 1 h of the second within the time shown.
    assert chart.sentence == "1 van, 2 referrals: 40 % of 10 h on duty spent on them."
    assert chart.marks[2].words == "CRU8 with patient · 0031 · 21:00 to 23:00 · 2 h 00"
    assert chart.marks[-1].box.right == 1.0
    assert len(chart.table.rows) == 6
    assert chart.table.ids[2] == (job,)
    assert inside(chart)


def test_the_night_of_the_clock_change_has_its_hour_twice() -> None:
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    chart = van_day([VanLane("CRU8", (VanSpan(start, start + 6 * HOUR, "duty"),))], start, start + 6 * HOUR, ROOM)
    labels = [one.label for one in chart.x_ticks]
    assert [one for one in labels if one.startswith("01:00")] == ["01:00 BST", "01:00 GMT"]


# --- outcomes ---


def test_outcomes_stand_by_how_many() -> None:
    chart = outcomes(
        [OutcomeCount("GP", ids(1)), OutcomeCount("advice only", ids(5)), OutcomeCount("police", ())], ROOM
    )
    assert chart.lanes == ("advice only", "GP", "", "")
    assert chart.sentence == "6 ended, most often advice only, 5 of 6."
    assert [one.beside for one in chart.marks] == ["5 of 6", "1 of 6"]
    assert chart.table.rows[0] == ("advice only", "5", "5 of 6")
    assert inside(chart)


def test_the_rarest_stand_together_where_there_is_no_room_and_the_table_has_all() -> None:
    many = [OutcomeCount(f"outcome {at:02}", ids(30 - at)) for at in range(20)]
    chart = outcomes(many, ChartRoom(400, 100))
    assert chart.lanes[-1] == "16 others"
    assert len(chart.lanes) == 5
    assert sum(len(one.ids) for one in chart.marks) == sum(one.n for one in many)
    assert len(chart.table.rows) == 20


# --- series ---


def series(
    values: list[float | None], target: float | None = None, baselines: list[Baseline] | None = None
) -> ControlSeries:
    points = [SpcPoint(START + at * timedelta(weeks=1), value, 9) for at, value in enumerate(values)]
    return ControlSeries(
        "Median minutes",
        judge(points, baselines or []),
        Better.LOWER,
        SpcTelling("{:.0f} min".format),
        target,
        ids=lambda _at: ids(2),
    )


STEADY: list[float | None] = [42, 40, 44, 40, 42, 45, 41, 43, 40, 42, 44, 41, 43, 42]
FIRST = [Baseline(START, 14, "the first quarter", "l.lead")]


def test_a_control_chart_marks_by_colour_shape_and_letter() -> None:
    one = series([*STEADY, 66, None, 38, 37, 36, 38, 37, 36, 35], 45, FIRST)
    chart = control(one, ROOM)
    looks = {(mark.role, mark.shape, mark.label) for mark in chart.marks}
    assert looks == {
        ("spc_common", "dot", ""),
        ("spc_concern", "square", "H"),
        ("spc_improving", "dot", "L"),
    }
    assert len(chart.marks) == 22
    assert one.icons() == (SpcIcon("improving", "L"),)
    assert chart.sentence == (
        "35 min, lower than usual for seven weeks. Earlier: one week H concern."
        " By chance alone it may meet or miss the target of 45 min."
    )
    assert [tick.label for tick in chart.y_ticks] == ["42", "35", "49"]
    assert inside(chart)


def test_chart_and_table_agree() -> None:
    chart = control(series([*STEADY, 66, None, 38], 45, FIRST), ROOM)
    told = [row for row in chart.table.rows if row[1] != "no figure"]
    assert [row[1] in mark.words for row, mark in zip(told, chart.marks, strict=True)] == [True] * len(told)
    assert [row[6] for row in told] == ["common cause"] * 14 + ["H concern", "common cause"]
    assert told[14][7] == "outside the limits"
    assert chart.table.rows[15][1] == "no figure"


def test_a_new_baseline_is_drawn_with_its_reason() -> None:
    moved = Baseline(START + timedelta(weeks=14), None, "a sixth van", "l.lead")
    chart = control(series([*STEADY, *([30.0, 32.0] * 7)], None, [moved]), ROOM)
    assert "a sixth van" in [one.label for one in chart.strokes]
    levels = {round(one.points[0][1], 6) for one in chart.strokes if one.width == 1.6 and one.behind}
    assert len(levels) == 2


def test_a_limit_that_no_figure_can_reach_is_none() -> None:
    chart = control(series([1, 9] * 7), ROOM)
    assert chart.table.rows[0][4] == "none"
    assert len([one for one in chart.strokes if one.dashed]) == 1
    assert inside(chart)


def test_fewer_than_thirteen_points_have_no_icon_but_a_word() -> None:
    one = series([40, 41, 90])
    assert one.icons() == (SpcIcon("trial limits"),)
    assert {mark.role for mark in control(one, ROOM).marks} == {"spc_common"}
    assert "trial limits" in one.sentence()


@pytest.mark.parametrize("values", [[100.0] * 15, [0.0] * 15])
def test_what_never_moves_can_be_drawn(values: list[float | None]) -> None:
    for chart in (control(series(values), ROOM), spark(series(values), ROOM)):
        assert inside(chart)
        assert chart.marks


def test_a_small_line_has_its_last_point_and_what_speaks() -> None:
    chart = spark(series([*STEADY, 66, 42], None, FIRST), ROOM)
    assert [(mark.role, mark.label) for mark in chart.marks] == [("spc_concern", ""), ("spc_common", "")]
    assert spark(series([None]), ROOM).empty


# --- walking ---


def at(x: float, row: int) -> ChartMark:
    return ChartMark(Box.at(x, 0), "dot", "cru", "", row=row)


MARKS = [at(0.9, 0), at(0.1, 0), at(0.5, 1), at(0.4, 0), at(0.8, 1)]


@pytest.mark.parametrize(
    ("start", "along", "across", "found"),
    [
        (None, 1, 0, 1),
        (1, 1, 0, 3),
        (3, 1, 0, 0),
        (0, 1, 0, 0),
        (1, -1, 0, 1),
        (3, 0, 1, 2),
        (0, 0, 1, 4),
        (2, 0, -1, 3),
        (2, 0, 1, 2),
        (9, 1, 0, 1),
    ],
)
def test_the_keyboard_walks_along_and_across(start: int | None, along: int, across: int, found: int) -> None:
    assert step(MARKS, start, along=along, across=across) == found


def test_nothing_to_walk_to() -> None:
    assert step([], None, along=1) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4)), min_size=1, max_size=20))
def test_every_mark_can_be_reached(places: list[tuple[float, int]]) -> None:
    marks = [at(x, row) for x, row in places]
    seen, todo = set(), [step(marks, None)]
    while todo:
        here = todo.pop()
        if here is not None and here not in seen:
            seen.add(here)
            todo += [step(marks, here, along=by) for by in (-1, 1)] + [
                step(marks, here, across=by) for by in (-1, 1)
            ]
    assert seen == set(range(len(marks)))
