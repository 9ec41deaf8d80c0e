"""What is kept of a report: each fix once, with its verdict, and one alarm a press of the button."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from db.gateway.fix import Report
from db.gateway.intake import HELD_DOWN
from db.gateway.queue import QueueFull
from db.gateway.sanity import Sighting
from tests.unit.offline_gateway import HERE, NOW, Offline, device, fix, offline, report

ONE, TWO = device(), device("two", 2)
FAR = (54.8925, -2.9329)
CORBY = (52.4877, -0.7013)
SAME_S = HELD_DOWN.total_seconds()


async def press(made: Offline, *presses: tuple[float, float, bool]) -> None:
    """Send fixes: when each comes in and when it was made (seconds), and whether the button is down."""
    for came, at, down in presses:
        made.now = NOW + timedelta(seconds=came)
        await made.intake.take("osmand", report(fix(at, alarm=down)), ONE)


def test_a_button_that_is_heard_of_again_within_ten_seconds_is_held_down() -> None:
    assert timedelta(seconds=10) == HELD_DOWN


@pytest.mark.parametrize(
    ("presses", "alarms"),
    [
        ([(0, 0, False)], 0),
        ([(0, 0, True)], 1),
        # Held down: as long as it is heard of again at once, it is one alarm.
        ([(0, 0, True), (5, 5, True), (14, 14, True)], 1),
        ([(0, 0, True), (SAME_S - 1, SAME_S - 1, True)], 1),
        ([(0, 0, True), (SAME_S, SAME_S, True)], 2),
        ([(0, 0, True), (200, 200, True), (400, 400, True)], 3),
        # Let go of and pressed again, also at once.
        ([(0, 0, True), (3, 3, False), (6, 6, True)], 2),
        ([(0, 0, True), (10, 10, False), (20, 20, True)], 2),
        ([(0, 0, False), (10, 10, True), (20, 20, False), (30, 30, False), (40, 40, True), (45, 45, True)], 2),
        # The same request again, between others and after a long while, is no new press.
        ([(0, 0, True), (10, 10, False), (20, 0, True)], 1),
        ([(0, 0, True), (5, 5, True), (SAME_S + 50, 5, True)], 1),
    ],
)
async def test_which_presses_are_alarms(
    tmp_path: Path, presses: list[tuple[float, float, bool]], alarms: int
) -> None:
    async with offline(tmp_path) as made:
        await press(made, *presses)
        assert await made.alarms() == [ONE.van_id] * alarms


@pytest.mark.parametrize(
    ("again", "alarms"),
    [
        ([(8, 8, True)], 1),
        ([(20, 20, False), (30, 30, True)], 2),
        ([(SAME_S + 1, SAME_S + 1, True)], 2),
        ([(SAME_S + 1, 0, True)], 1),
    ],
)
async def test_a_restart_remembers_the_press(
    tmp_path: Path, again: list[tuple[float, float, bool]], alarms: int
) -> None:
    async with offline(tmp_path) as made:
        await press(made, (0, 0, True))
    for one in again:
        async with offline(tmp_path) as made:
            await press(made, one)
    async with offline(tmp_path) as made:
        assert len(await made.alarms()) == alarms


@pytest.mark.parametrize(
    ("hours", "stands"), [(0, True), (22.9, True), (23, False), (23.5, False), (800, False), (-0.1, False)]
)
async def test_a_press_of_another_day_or_to_come_is_raised_as_of_now(
    tmp_path: Path, hours: float, stands: bool
) -> None:
    pressed = NOW - timedelta(hours=hours)
    async with offline(tmp_path) as made:
        await made.intake.take("osmand", Report((ONE.device_id,), (), (pressed,)), ONE)
        assert await made.presses() == [pressed if stands else NOW]


async def test_the_alarms_of_two_devices_are_two(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        await press(made, (0, 0, True))
        await made.intake.take("osmand", report(fix(0, alarm=True, name="two")), TWO)
        assert await made.alarms() == [ONE.van_id, TWO.van_id]


async def test_what_nothing_says_of_the_button_is_not_written_down_each_time(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        await press(made, (0, 0, True), (1, 1, False))
        before = await made.on_disk(lambda db: db.total_changes)
        await press(made, (2, 2, False), (3, 3, False))
        assert await made.on_disk(lambda db: db.total_changes) == before + 2


async def test_a_fix_sent_again_is_left_out_and_counted(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        for seconds in (0, 0, 10, 0, 10):
            await made.intake.take("osmand", report(fix(seconds)), ONE)
        await made.intake.take("osmand", report(fix(10, name="two")), TWO)
        assert len(await made.fixes()) == 5
        assert made.counters.duplicates == 1
        await made.intake.take("client", report(fix(20), fix(20), fix(30)), ONE)
        assert made.counters.duplicates == 2
        assert len(await made.fixes()) == 7


async def test_a_report_of_repeats_is_written_nowhere(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        await made.intake.take("osmand", report(fix()), ONE)
        before = await made.on_disk(lambda db: db.total_changes)
        await made.intake.take("osmand", report(fix()), ONE)
        assert await made.on_disk(lambda db: db.total_changes) == before
        assert len(made.queue) == 1
        # So is a press that is heard of again, from where no place comes with it.
        press_alone = Report((ONE.device_id,), (), (NOW,))
        await made.intake.take("osmand", press_alone, ONE)
        before = await made.on_disk(lambda db: db.total_changes)
        await made.intake.take("osmand", press_alone, ONE)
        assert await made.on_disk(lambda db: db.total_changes) == before


async def test_what_is_counted(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        await made.intake.take("osmand", report(fix(0, alarm=True)), ONE)
        await made.intake.take("client", report(fix(10), fix(5), fix(20, (0, 0))), ONE)
        assert made.counters.accepted == {"osmand": 1, "client": 3}
        assert made.counters.verdicts == {"sane": 2, "late": 1, "zero": 1}


async def test_what_is_told_to_the_record(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        told = {"accuracy_m": 12.0, "speed_kmh": 36.0, "heading": 90.0, "attributes": {"batt": 80, "low": False}}
        await made.intake.take("osmand", report(fix(5, **told)), ONE)
        made.now = NOW + timedelta(seconds=9)
        await made.intake.take("client", report(fix(-1800), fix(7, FAR), fix(8, accuracy_m=9000.0)), ONE)
        full, late, jumped, poor = await made.fixes()
    assert full == {
        "van_id": str(ONE.van_id),
        "fixed_at": (NOW + timedelta(seconds=5)).isoformat(),
        "received_at": NOW.isoformat(),
        "lat": HERE[0],
        "lon": HERE[1],
        "accuracy": 12,
        "speed": 36,
        "heading": 90,
        "source": "osmand",
        "refused": "",
        "attributes": {"batt": 80, "low": False, "device": "one"},
    }
    assert (late["received_at"], late["source"]) == (made.now.isoformat(), "client")
    assert set(late["attributes"]) == {"device", "doubt", "late"}
    assert jumped["refused"].startswith("It jumped")
    assert jumped["attributes"] == {"device": "one"}
    assert poor["attributes"] == {"device": "one", "doubt": "The fix is only good to 9 km."}


def seen(seconds: float, place: tuple[float, float]) -> Sighting:
    return Sighting(NOW + timedelta(seconds=seconds), *place)


@pytest.mark.parametrize(
    ("known", "told", "refused"),
    [
        # What the record knew counts where nothing newer is known.
        ([], seen(-10, FAR), True),
        ([fix(-20)], seen(-10, FAR), True),
        ([fix(-10)], seen(-20, FAR), False),
        ([fix(-10)], seen(-10, FAR), False),
        # A van of which there are refused fixes only.
        ([fix(-20, (0, 0))], seen(-10, FAR), True),
        ([], seen(-10, HERE), False),
    ],
)
async def test_the_records_last_position_counts_where_nothing_newer_is_known(
    tmp_path: Path, known: list[object], told: Sighting, refused: bool
) -> None:
    async with offline(tmp_path) as made:
        for one in known:
            await made.intake.take("osmand", report(one), ONE)  # type: ignore[arg-type] # fixes, of the table above
        made.intake.remember([(ONE.van_id, told), (UUID(int=9), seen(0, FAR))])
        # A list that was read before the last one takes nothing back.
        made.intake.remember([(ONE.van_id, seen(-40, CORBY))])
        await made.intake.take("osmand", report(fix()), ONE)
        assert bool((await made.fixes())[-1]["refused"]) is refused


async def failing(made: Offline, *sent: float, alarm: bool = False) -> None:
    """Send to a disk that takes nothing."""
    await made.break_disk()
    with pytest.raises(sqlite3.Error):
        await made.intake.take("osmand", report(*(fix(seconds, alarm=alarm) for seconds in sent)), ONE)
    await made.mend_disk()


@pytest.mark.parametrize("before", [[], [-20.0]])
async def test_what_was_not_taken_may_come_again(tmp_path: Path, before: list[float]) -> None:
    async with offline(tmp_path) as made:
        for seconds in before:
            await made.intake.take("osmand", report(fix(seconds)), ONE)
        await failing(made, -10.0, 0.0)
        await made.intake.take("osmand", report(fix(-10), fix(0)), ONE)
        times = [datetime.fromisoformat(one["fixed_at"]) for one in await made.fixes()]
        assert times == [NOW + timedelta(seconds=seconds) for seconds in (*before, -10, 0)]
        assert not any("late" in one["attributes"] for one in await made.fixes())
        assert made.counters.accepted == {"osmand": len(times)}
        assert len(made.queue) == len(times)


async def test_the_last_fix_before_one_that_was_not_taken_is_still_known(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        await made.intake.take("osmand", report(fix(-20)), ONE)
        await failing(made, 0.0)
        await made.intake.take("osmand", report(fix(-20)), ONE)
        assert made.counters.duplicates == 1
        await made.intake.take("osmand", report(fix(0, FAR)), ONE)
        assert (await made.fixes())[-1]["refused"].startswith("It jumped")


async def test_an_alarm_that_was_not_taken_is_one_when_it_comes_again(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        await failing(made, 0.0, alarm=True)
        await press(made, (1, 0, True))
        assert await made.alarms() == [ONE.van_id]
        await press(made, (20, 20, False))
        await failing(made, 30.0, alarm=True)
        await press(made, (31, 30, True))
        assert await made.alarms() == [ONE.van_id] * 2


async def test_an_alarm_that_was_taken_is_no_new_one_after_a_failure(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        await press(made, (0, 0, True))
        await failing(made, 4.0)
        await press(made, (8, 8, True))
        assert await made.alarms() == [ONE.van_id]


async def test_nothing_of_a_full_queue_is_remembered(tmp_path: Path) -> None:
    async with offline(tmp_path, most=1) as made:
        await made.intake.take("osmand", report(fix()), ONE)
        for _ in range(2):
            with pytest.raises(QueueFull):
                await made.intake.take("osmand", report(fix(10, CORBY)), ONE)
        assert made.counters.duplicates == 0
