"""What was read of a stretch of time, as charts and figures: who stands in which row, and what is said of each."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from console.charts.chart import ChartRoom
from console.views.lead.pictures import (
    ON_CARDS,
    Pictures,
    beside_value,
    dot_in_words,
    series_of,
    shorter_beside,
    usual_words,
    value_in_words,
)
from db.domain.clocks import hours_in_words
from db.domain.measures import Better, Dot, Figure, HourOfDay, Measure, PastFigure, Unit, VanDay, VanJob
from db.domain.party import Party
from db.domain.periods import EVERYTHING, Period
from db.domain.reference import Source
from db.lead_page import EndedSo, LeadRead
from db.measures import Measured
from tests.unit.board_records import reference

NOW = datetime(2026, 11, 22, 3, 42, tzinfo=UTC)
ROOM = ChartRoom(800, 300)
MINUTE = timedelta(minutes=1)
WEEK = Period(NOW - timedelta(days=7), NOW)
NIGHT = Period(NOW - timedelta(hours=8), NOW)
CRU1 = UUID(int=901)


def key(n: int) -> UUID:
    return UUID(int=n)


def dot(n: int, value: float | None = 30.0, group: str = "P1", source: str = "ems_crew", **more: Any) -> Dot:
    given: dict[str, Any] = {"area": "Corby", "van_id": CRU1, "received": 60.0, "of": 1} | more
    return Dot(
        referral_id=key(n),
        reference=f"CRU-20261122-{n:04}",
        received_at=NOW - given["received"] * MINUTE,
        group=group,
        source=source,
        area=given["area"],
        van_id=given["van_id"],
        value=value,
        of=given["of"],
    )


def measure(name: str, unit: Unit = Unit.MINUTES, **more: Any) -> Measure:
    fields: dict[str, Any] = {
        "better": Better.LOWER,
        "balance": "",
        "source": "",
        "author": "",
        "dated": date(2026, 1, 1),
    }
    return Measure(key=name, title=f"Title of {name}", definition="", unit=unit, **(fields | more))


def figure(name: str, unit: Unit = Unit.MINUTES, value: float | None = 38.0, past: int = 0, **more: Any) -> Figure:
    earlier = tuple(
        PastFigure(value=40.0, n=9, period=Period(WEEK.start - 7 * n * timedelta(days=1), WEEK.start))
        for n in range(past, 0, -1)
    )
    return Figure(key=name, unit=unit, value=value, n=14, past=earlier, **more)


def measured(period: Period, *names: str, past: int = 0) -> Measured:
    return Measured(
        period, EVERYTHING, tuple(map(measure, names)), {name: figure(name, past=past) for name in names}
    )


def pictures(period: Period = WEEK, **more: Any) -> Pictures:
    fields: dict[str, Any] = {
        "measured": measured(period, "response", "wait"),
        "weeks": measured(WEEK, "response", "wait", past=2),
        "days": None,
        "received": (),
        "waits": (),
        "hours": (),
        "ends": (),
        "vans": (),
        "areas": (),
        "baselines": {},
    }
    known = reference()
    known.sources["police"] = Source("police", "Police on scene", "police", "P1", Party.POLICE)
    known.sources["ward"] = Source("ward", "A ward", "a nurse", "P1", Party.OTHER)
    known.sources["self"] = Source("self", "Themselves", "", "P1", Party.NOBODY)
    return Pictures(LeadRead(**(fields | more)), known, NOW, {CRU1: "CRU1"})


# --- how long people waited ---


def test_those_of_the_most_urgent_priority_that_was_met_stand_by_who_waited_with_them() -> None:
    waits = (
        dot(1, source="self"),
        dot(2, source="ward"),
        dot(3, source="police"),
        dot(4, source="ems_crew"),
        dot(5, source="unheard of"),
        dot(6, None, source="police"),
        dot(7, group="P2"),
    )
    shown = pictures(waits=waits)
    urgent = shown.priority()
    assert urgent is not None
    assert urgent.code == "P1"
    drawn = shown.waits()(ROOM)
    rows: dict[str, list[UUID]] = {}
    for ids, cells in zip(drawn.table.ids, drawn.table.rows, strict=True):
        rows.setdefault(cells[0], []).extend(ids)
    assert list(rows) == ["P1 EMAS", "P1 police", "P1 other crew", "P1 alone"]
    assert {one for mark in drawn.marks for one in mark.ids} == {key(n) for n in (1, 2, 3, 4, 5)}
    assert "of 1 more the time is not recorded" in drawn.sentence


def test_without_the_most_urgent_the_next_is_shown_and_of_nobody_none() -> None:
    shown = pictures(waits=(dot(1, group="P3"), dot(2, group="P2"), dot(3, group="P3")))
    urgent = shown.priority()
    assert urgent is not None
    assert urgent.code == "P2"
    assert {one for mark in shown.waits()(ROOM).marks for one in mark.ids} == {key(2)}
    assert pictures().priority() is None
    assert pictures().waits()(ROOM).empty
    unknown = pictures(waits=(dot(1, group="P9"), dot(2, group="")))
    assert unknown.priority() is None
    assert {one for mark in unknown.waits()(ROOM).marks for one in mark.ids} == {key(1), key(2)}


# --- demand and vans ---


@pytest.mark.parametrize(("hours", "days"), [(1, 1), (12, 1), (35, 1), (37, 2), (7 * 24, 7), (7 * 24 - 1, 7)])
def test_how_many_days_stand_behind_an_hour(hours: int, days: int) -> None:
    assert pictures(Period(NOW - timedelta(hours=hours), NOW)).days() == days


def test_demand_is_told_of_an_average_day() -> None:
    came = (dot(1, received=10), dot(2, received=20), dot(3, received=70))
    hours = (HourOfDay(3, 14, 21.0, 2.0, 1.0, 7.0), HourOfDay(2, 7, None, 3.0, 1.0, 7.0))
    drawn = pictures(received=came, hours=hours).demand()(ROOM)
    hour = [cells[0].partition(":")[0].partition(" ")[0] for cells in drawn.table.rows]
    rows = dict(zip(hour, drawn.table.rows, strict=True))
    assert ("2" in rows["03"][1], "3" in rows["03"][2], rows["02"][2]) == (True, True, "not known")
    ids = {name: set(one) for name, one in zip(hour, drawn.table.ids, strict=True)}
    assert ids == {"03": {key(1), key(2)}, "02": {key(3)}}


def test_lanes_show_the_last_day_of_a_longer_stretch() -> None:
    assert pictures(WEEK).lanes_of() == Period(NOW - timedelta(days=1), NOW)
    assert pictures(NIGHT).lanes_of() == NIGHT


def lane(*jobs: VanJob, **more: Any) -> list[tuple[str, datetime, datetime, str]]:
    day = VanDay(CRU1, "CRU1", more.get("duties", ()), more.get("meals", ()), jobs)
    return [(one.kind, one.start, one.end, one.about) for one in pictures()._spans(day)]


def job(until: float | None = 5, stood_down: bool = False, taken: float | None = None, **steps: float) -> VanJob:
    told = {name.replace("_", " "): ago_(minutes) for name, minutes in steps.items()}
    end = None if until is None else ago_(until)
    handed = (None, None if taken is None else ago_(taken))
    return VanJob(key(1), "CRU-20261122-0001", told, end, stood_down, handed)


def ago_(minutes: float) -> datetime:
    return NOW - minutes * MINUTE


def test_a_van_is_on_its_way_then_at_a_handover_then_with_somebody() -> None:
    every = job(allocated=60, acknowledged=58, mobile=55, on_scene=40, with_patient=38, taken=30)
    assert lane(every) == [
        ("travel", ago_(55), ago_(40), ""),
        ("handover", ago_(40), ago_(30), ""),
        ("with patient", ago_(30), ago_(5), ""),
    ]
    assert lane(job(allocated=60, on_scene=40)) == [
        ("travel", ago_(60), ago_(40), ""),
        ("with patient", ago_(40), ago_(5), ""),
    ]
    assert lane(job(acknowledged=58, with_patient=38))[0] == ("travel", ago_(58), ago_(38), "")
    assert lane(job(allocated=60, acknowledged=58))[0][1] == ago_(58)


def test_a_van_that_never_came_was_on_its_way_and_one_that_was_there_at_once_was_not() -> None:
    assert lane(job(mobile=55, stood_down=True)) == [("travel", ago_(55), ago_(5), "stood down")]
    assert lane(job(None, mobile=55)) == [("travel", ago_(55), NOW, "")]
    assert lane(job(mobile=40, on_scene=40)) == [("with patient", ago_(40), ago_(5), "")]
    assert lane(job()) == []
    assert lane(job(None, on_scene=40)) == [("with patient", ago_(40), NOW, "")]


@pytest.mark.parametrize(("taken", "shown"), [(40, False), (41, False), (39, True), (5, True), (4, False)])
def test_a_handover_lies_within_its_job(taken: float, shown: bool) -> None:
    found = lane(job(on_scene=40, taken=taken))
    assert [kind for kind, *_ in found] == (["handover"] if shown else []) + ["with patient"]


def test_duties_and_meals_that_run_reach_until_now() -> None:
    found = lane(duties=((ago_(90), ago_(80)), (ago_(70), None)), meals=((ago_(60), None),))
    assert found == [
        ("duty", ago_(90), ago_(80), ""),
        ("duty", ago_(70), NOW, ""),
        ("meal", ago_(60), NOW, ""),
    ]


def test_how_it_ended_is_drawn_with_those_behind_it() -> None:
    ends = (EndedSo("Supported at home", (key(1), key(2))), EndedSo("Declined", (key(3),)))
    drawn = pictures(ends=ends).ends()(ROOM)
    assert sorted(len(mark.ids) for mark in drawn.marks) == [1, 2]


# --- the referrals behind a mark ---


def test_a_referral_behind_a_mark_is_listed_once_by_what_is_known_of_it() -> None:
    day = VanDay(CRU1, "CRU1", (), (), (job(mobile=55, on_scene=40),))
    shown = pictures(
        waits=(dot(2, 31.0),), received=(dot(2), dot(3, None, van_id=None, source="unheard of")), vans=(day,)
    )
    rows = shown.rows([key(3), key(2), key(3), key(1), key(9)])
    assert [row.id for row in rows] == [key(3), key(2), key(1)]
    assert [row.part for row in rows] == ["", "31 min", ""]
    assert [row.received for row in rows][2] == "before this time"
    assert rows[2].received_at == ago_(55)
    assert (rows[0].van, rows[1].van) == ("", "CRU1")
    assert (rows[0].source, rows[1].source) == ("unheard of", "EMAS crew on scene")
    assert rows[1].cells() == ("0002", rows[1].received, "31 min", "P1", "EMAS crew on scene", "CRU1", "Corby")
    assert shown.row(dot(4, van_id=key(77))).van == "", "a van that is gone"
    assert shown._of_job(VanJob(key(5), "CRU-20261122-0005", {}, None, False)).received_at == NOW


# --- figures and their weeks ---


def test_cards_show_what_is_seen_first_in_its_order() -> None:
    names = ("wait", *ON_CARDS[::-1])
    shown = pictures(measured=measured(WEEK, *names))
    assert [one.key for one, _ in shown.cards()] == list(ON_CARDS)
    assert [one.key for one, _ in shown.measures()] == list(names)
    half = Measured(WEEK, EVERYTHING, (measure("response"), measure("within")), {"within": figure("within")})
    assert [one.key for one, _ in pictures(measured=half).measures()] == ["within"]


def test_while_weeks_are_few_it_is_told_by_days_and_judged_once() -> None:
    by_week, by_day = pictures(), pictures(days=measured(NIGHT, "response", past=4))
    weeks, days = by_week.over_time("response"), by_day.over_time("response")
    assert weeks is not None
    assert days is not None
    assert (weeks.telling.period, days.telling.period) == ("week", "day")
    assert (len(weeks.judged), len(days.judged)) == (3, 5)
    assert by_week.over_time("response") is weeks
    assert by_day.over_time("wait") is None
    assert by_week.over_time("nothing") is None
    assert by_week.over_time("nothing") is None


@pytest.mark.parametrize(
    ("length", "drawn"),
    [(timedelta(hours=8), False), (timedelta(days=6, hours=22), False), (timedelta(days=6, hours=23), True)],
)
def test_a_week_is_judged_as_it_is_drawn_and_less_by_its_own_past(length: timedelta, drawn: bool) -> None:
    shown = pictures(Period(NOW - length, NOW))
    one, known = measure("response"), figure("response", past=4)
    assert (shown.series(one, known) is shown.over_time("response")) is drawn
    assert len(shown.series(one, known).judged) == (3 if drawn else 5)
    # Of what has no weeks its own past serves.
    assert len(shown.series(measure("nothing"), figure("nothing", past=4)).judged) == 5


@pytest.mark.parametrize(
    ("unit", "value", "target", "shown", "aim"),
    [
        (Unit.MINUTES, 38.0, 30.0, 38.0, 30.0),
        (Unit.SHARE, 0.5, 0.9, 50.0, 90.0),
        (Unit.TIME, 0.25, None, 25.0, None),
        (Unit.COUNT, None, None, None, None),
    ],
)
def test_shares_are_drawn_in_per_cent(
    unit: Unit, value: float | None, target: float | None, shown: float | None, aim: float | None
) -> None:
    series = series_of(measure("x", unit, target=target), figure("x", unit, value), WEEK)
    assert series.judged[-1].point.value == shown
    assert series.target == aim
    share = unit in {Unit.SHARE, Unit.TIME}
    assert series.telling.most == (100.0 if share else float("inf"))
    assert series.telling.period == ("week" if WEEK.weeks_apart == 1 else "stretch")


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        (Unit.MINUTES, 38.2, "38 min"),
        (Unit.HOURS, 11.4, hours_in_words(11.4)),
        (Unit.SHARE, 86.6, "87 %"),
        (Unit.TIME, 86.4, "86 %"),
        (Unit.COUNT, 9.0, "9"),
    ],
)
def test_a_figure_of_a_series_in_words(unit: Unit, value: float, words: str) -> None:
    assert value_in_words(unit, value) == words or (
        unit is Unit.HOURS and value_in_words(unit, value).startswith("11")
    )


def test_what_stands_beside_a_value() -> None:
    long = figure("x", ninth=57.0, missing=1)
    assert beside_value(long) == "n 14 · 1 missing · 90 % within 57 min"
    assert shorter_beside(long) == ("n 14 · 1 missing · 90 % in 57 min", "n 14 · 1 missing")
    assert beside_value(figure("x")) == "n 14 · 0 missing"
    assert beside_value(figure("x", Unit.SHARE, 0.5, ninth=57.0)) == "n 14 · 0 missing"


def test_what_was_usual() -> None:
    assert usual_words(measure("x"), figure("x")) == "no past weeks to compare"
    assert usual_words(measure("x"), figure("x", past=3)) == "usual 40 min"
    half = Figure(
        key="x",
        unit=Unit.SHARE,
        value=0.5,
        n=4,
        past=tuple(PastFigure(value=0.5, n=4, period=WEEK) for _ in range(3)),
    )
    assert usual_words(measure("x", Unit.SHARE), half) == "usual 50 %"


@pytest.mark.parametrize(
    ("value", "of", "unit", "words"),
    [
        (None, 1, Unit.MINUTES, "not recorded"),
        (38.0, 1, Unit.MINUTES, "38 min"),
        (38.0, 1, Unit.TIME, "38 min"),
        (1.0, 1, Unit.SHARE, "yes"),
        (0.0, 1, Unit.SHARE, "no"),
        (2.0, 1, Unit.COUNT, "2"),
        (1.5, 1, Unit.COUNT, "1.5"),
    ],
)
def test_a_part_in_a_figure_in_words(value: float | None, of: int, unit: Unit, words: str) -> None:
    assert dot_in_words(dot(1, value, of=of), unit) == words


def test_a_part_of_several_and_of_hours() -> None:
    assert dot_in_words(dot(1, 1.0, of=2), Unit.SHARE).startswith("1 of 2")
    assert dot_in_words(dot(1, 2.0), Unit.HOURS).startswith("2")
    assert "min" not in dot_in_words(dot(1, 2.0), Unit.HOURS)
