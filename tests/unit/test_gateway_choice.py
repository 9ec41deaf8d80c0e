"""Two devices in one van: which is shown, and that the van is not pulled to and fro between them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from db.gateway.choice import ShownDevice, Standing
from db.gateway.devices import RegisteredDevice, VanStay
from db.gateway.sanity import Sighting, Verdict
from db.geo.earth import moved
from tests.unit.offline_gateway import HERE, NOW, Offline, device, fix, offline, report

PHONE, MODEM = device("phone"), device("modem")
STREET = (52.2440, -0.9027)
CORBY = (52.4877, -0.7013)


async def hear(made: Offline, who: RegisteredDevice, seconds: float, late: float = 0.0, **more: Any) -> None:
    """A fix so many seconds after NOW that was ``late`` seconds on its way."""
    made.now = NOW + timedelta(seconds=seconds + late)
    place = more.pop("place", HERE)
    await made.intake.take("osmand", report(fix(seconds, place, name=who.device_id, **more)), who)


async def shown(made: Offline) -> list[str]:
    """The devices whose fixes the map shows, in order."""
    return [one["attributes"]["device"] for one in await made.fixes() if not one["refused"]]


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def phone_shown(doubt_m: float = 100.0, accuracy_m: float = 0.0) -> ShownDevice:
    """The phone is shown, and was heard at NOW."""
    seen = Sighting(NOW, *HERE, accuracy_m, "phone")
    return ShownDevice("phone", standings={"phone": Standing(doubt_m, seen, NOW)})


def weighed(shown: ShownDevice, seconds: float, accuracy_m: float | None = 5.0, **more: Any) -> Verdict:
    """A fix of the modem that came in at once."""
    place = more.get("place", HERE)
    return shown.weigh(fix(seconds, place, name="modem", accuracy_m=accuracy_m), Verdict(), after(seconds))


@pytest.mark.parametrize(
    ("every", "fixes", "taken_over"),
    [
        # Six of them, over half a minute: neither alone is enough.
        (6, 6, True),
        (6, 5, False),
        (5, 6, False),
        (5, 7, True),
        (5.9, 6, False),
        (12, 5, False),
        (12, 6, True),
        (1, 30, False),
        (1, 31, True),
    ],
)
def test_for_how_long_another_must_be_better(every: float, fixes: int, taken_over: bool) -> None:
    shown = phone_shown()
    said = [weighed(shown, every * n) for n in range(fixes)]
    assert shown.shown == ("modem" if taken_over else "phone")
    assert [one.refused == "" for one in said] == [False] * (fixes - 1) + [taken_over]
    # Whoever takes over begins anew, and so does whoever gives way.
    assert {one.better for one in shown.standings.values()} == ({0} if taken_over else {0, fixes})
    assert shown.changes == ([(after(every * (fixes - 1)), "modem")] if taken_over else [])


@pytest.mark.parametrize(
    ("mine", "other", "better"),
    [
        # By a good part of it where it is much, by ten metres where it is little.
        (70.0, 100.0, 0),
        (69.9, 100.0, 1),
        (10.0, 20.0, 0),
        (9.9, 20.0, 1),
        (23.4, 33.4, 0),
        (23.3, 33.4, 1),
        (None, 71.0, 0),
        (None, 72.0, 1),
    ],
)
def test_what_is_clearly_better(mine: float | None, other: float, better: int) -> None:
    shown = phone_shown(other)
    weighed(shown, 0, mine)
    assert shown.standings["modem"].better == better
    assert shown.standings["modem"].better_since == (NOW if better else None)
    # One that is no better begins its row anew.
    weighed(shown, 1, 500.0)
    assert (shown.standings["modem"].better, shown.standings["modem"].better_since) == (0, None)


@pytest.mark.parametrize(("seconds", "taken_over"), [(60, False), (60.1, True)])
def test_after_how_long_silence_says_enough(seconds: float, taken_over: bool) -> None:
    shown = phone_shown(1.0)
    weighed(shown, seconds, 900.0)
    assert (shown.shown == "modem") is taken_over


@pytest.mark.parametrize(
    ("north", "mine", "phones", "apart"),
    [
        # Five hundred metres beyond what both claim; who claims nothing is taken to know it by fifty.
        (519, 10.0, 10.0, False),
        (521, 10.0, 10.0, True),
        (559, None, 10.0, False),
        (561, None, 10.0, True),
        (559, 10.0, 0.0, False),
        (561, 10.0, 0.0, True),
    ],
)
def test_how_far_apart_is_another_place(north: float, mine: float | None, phones: float, apart: bool) -> None:
    shown = phone_shown(1.0, phones)
    assert (weighed(shown, 0, mine, place=moved(HERE, north, 0)).kind == "apart") is apart
    # Ten seconds later either may have gone three hundred metres.
    assert weighed(shown, 10, mine, place=moved(HERE, north + 250, 0)).kind == "aside"


def test_a_place_whose_accuracy_nobody_knows_is_remembered_as_such() -> None:
    shown = ShownDevice("phone")
    shown.weigh(fix(0, name="phone"), Verdict(), NOW)
    assert shown.standings["phone"].last == Sighting(NOW, *HERE, 0.0, "phone")
    assert shown.standings["phone"].doubt_m == 50.0


@pytest.mark.parametrize(
    ("seconds", "device"),
    [(-10, "phone"), (0, "phone"), (9, "phone"), (10, "modem"), (11, "modem"), (99, "phone")],
)
def test_what_comes_in_late_is_of_whoever_was_shown_then(seconds: float, device: str) -> None:
    shown = ShownDevice("phone", [(after(0), "phone"), (after(10), "modem"), (after(30), "phone")])
    late = Verdict(kind="late")
    for name in ("phone", "modem"):
        verdict = shown.weigh(fix(seconds, name=name), late, after(200))
        assert verdict == (late if name == device else replace(verdict, kind="aside"))
    assert shown.standings == {}


def changes(names: Sequence[str]) -> int:
    return sum(one != other for one, other in pairwise(names))


@pytest.mark.parametrize(
    ("phone", "modem"),
    [
        # Nearly alike, by turns a little better, and one whose accuracy nobody knows.
        ([8.0], [7.0]),
        ([8.0], [5.5]),
        ([5.0, 12.0], [12.0, 5.0]),
        ([4.0, 60.0, 9.0], [30.0, 6.0, 10.0]),
        ([None], [35.0]),
        ([9.0], [None]),
    ],
)
async def test_devices_that_are_nearly_alike_do_not_pull_the_van_to_and_fro(
    tmp_path: Path, phone: list[float | None], modem: list[float | None]
) -> None:
    async with offline(tmp_path) as made:
        for n in range(60):
            await hear(made, PHONE, 5 * n, accuracy_m=phone[n % len(phone)])
            await hear(made, MODEM, 5 * n + 2, accuracy_m=modem[n % len(modem)], place=STREET)
        names = await shown(made)
        assert set(names) == {"phone"}
        # Nothing is lost: the other's are kept, and say whose are shown.
        others = [one for one in await made.fixes() if one["refused"]]
        assert len(others) == 60
        assert all(one["attributes"] == {"device": "modem", "aside": True} for one in others)
        assert "phone" in others[0]["refused"]


@pytest.mark.parametrize(
    ("phone", "modem"),
    [
        # Accuracy, freshness (by what is on its way, and how seldom it speaks), steadiness.
        ({"accuracy_m": 90.0}, {"accuracy_m": 8.0}),
        ({"accuracy_m": 8.0, "late": 40.0}, {"accuracy_m": 12.0}),
        ({"accuracy_m": 8.0, "every": 6}, {"accuracy_m": 12.0}),
        ({"accuracy_m": 8.0, "jumps": 3}, {"accuracy_m": 12.0}),
    ],
)
async def test_the_better_one_takes_over_once_and_stays(
    tmp_path: Path, phone: dict[str, Any], modem: dict[str, Any]
) -> None:
    every, jumps = phone.pop("every", 1), phone.pop("jumps", 0)
    async with offline(tmp_path) as made:
        for n in range(60):
            if n % every == 0:
                elsewhere = {"place": CORBY} if jumps and n % jumps == jumps - 1 else {}
                await hear(made, PHONE, 5 * n, **phone, **elsewhere)
            await hear(made, MODEM, 5 * n + 2, **modem)
        names = await shown(made)
        assert changes(names) == 1
        assert (names[0], names[-1]) == ("phone", "modem")
        # Not at once: for half a minute and six fixes it was the better one.
        first = next(one for one in await made.fixes() if one["attributes"]["device"] == "modem")
        assert first["refused"]
        assert names.index("modem") >= 30 / 5 / every


async def test_whoever_falls_silent_is_replaced_and_does_not_come_back_for_one_fix(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        for n in range(10):
            await hear(made, PHONE, 5 * n, accuracy_m=6.0)
            await hear(made, MODEM, 5 * n + 1, accuracy_m=30.0)
        for n in range(10, 40):
            await hear(made, MODEM, 5 * n + 1, accuracy_m=30.0)
        names = await shown(made)
        assert changes(names) == 1
        assert 46 + 60 < 5 * (names.count("phone") + 60 / 5 + names.count("modem")) < 46 + 250
        before = len(names)
        # Back, it is not shown at once; clearly better, it is after a while.
        await hear(made, PHONE, 201, accuracy_m=6.0)
        assert len(await shown(made)) == before
        for n in range(41, 80):
            await hear(made, MODEM, 5 * n + 1, accuracy_m=30.0)
            await hear(made, PHONE, 5 * n + 2, accuracy_m=6.0)
        names = await shown(made)
        assert (changes(names), names[-1]) == (2, "phone")


async def test_a_buffer_that_is_emptied_does_not_pull_the_trail_to_and_fro(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        for n in range(20):
            await hear(made, PHONE, 5 * n, accuracy_m=9.0)
        for n in (19, *range(19)):
            # The modem had no cover: its fixes of the same time come in all at once, the newest first.
            await hear(made, MODEM, 5 * n + 2, late=100.0 - 5 * n, accuracy_m=9.0, place=STREET)
        assert set(await shown(made)) == {"phone"}
        # What the one that is shown sends late is part of the trail.
        await hear(made, PHONE, 12, late=100.0, accuracy_m=9.0)
        assert (await made.fixes())[-1]["refused"] == ""


async def test_two_that_are_far_apart_are_told_apart(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        for n in range(6):
            await hear(made, PHONE, 5 * n, accuracy_m=9.0)
            # It was in Corby all along: a tablet that was left at the base.
            await hear(made, MODEM, 5 * n + 2, accuracy_m=9.0, place=CORBY)
        last = (await made.fixes())[-1]
        assert "They are 30." in last["refused"]
        assert last["attributes"] == {"device": "modem", "aside": True}
        assert set(await shown(made)) == {"phone"}
        assert made.counters.verdicts["apart"] >= 3


async def test_a_restart_knows_which_one_was_shown(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        seen = Sighting(NOW - timedelta(seconds=4), *HERE, 9.0, "modem")
        made.intake.remember([(PHONE.van_id, seen)])
        await hear(made, PHONE, 0, accuracy_m=9.0)
        await hear(made, MODEM, 1, accuracy_m=9.0)
        await hear(made, PHONE, 5, accuracy_m=9.0)
        assert await shown(made) == ["modem"]


async def test_one_that_is_with_another_van_now_is_not_waited_for(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        made.intake.know([PHONE, MODEM])
        await hear(made, PHONE, 0, accuracy_m=9.0)
        await hear(made, MODEM, 1, accuracy_m=9.0)
        made.intake.know([device("phone", 2), MODEM])
        await hear(made, MODEM, 6, accuracy_m=9.0)
        assert await shown(made) == ["phone", "modem"]


async def test_a_van_with_one_device_shows_it_however_bad(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        for n in range(5):
            await hear(made, PHONE, 100 * n, late=90.0, accuracy_m=900.0)
        assert await shown(made) == ["phone"] * 5


def stayed(*stays: tuple[int, float, float | None]) -> RegisteredDevice:
    """The tablet: van, from and until, minutes from NOW."""

    def at(minutes: float) -> Any:
        return NOW + timedelta(minutes=minutes)

    known = tuple(
        VanStay(UUID(int=van), at(since), None if until is None else at(until)) for van, since, until in stays
    )
    return RegisteredDevice("tab", known[-1].van_id, "Tango", "", True, known)


@pytest.mark.parametrize(
    ("stays", "minutes", "van", "off"),
    [
        ([(1, -60, None)], -5, 1, False),
        ([(1, -60, None)], -600, 1, False),
        ([(1, -60, -30), (2, -30, None)], -31, 1, False),
        ([(1, -60, -30), (2, -30, None)], -29, 2, False),
        ([(1, -60, -30), (2, -30, None)], -90, 1, False),
        ([(1, -60, -30), (2, -30, -10), (1, -10, None)], -20, 2, False),
        # Switched off for a while: what it saw then is nobody's, but for clocks that differ.
        ([(1, -60, -30), (1, -10, None)], -20, 1, True),
        ([(1, -60, -30), (1, -10, None)], -11, 1, False),
        ([(1, -60, -30), (1, -10, None)], -31, 1, False),
        ([(1, -60, -30), (2, -10, None)], -5, 2, False),
    ],
)
async def test_a_fix_and_a_panic_are_of_the_van_of_then(
    tmp_path: Path, stays: list[tuple[int, float, float | None]], minutes: float, van: int, off: bool
) -> None:
    async with offline(tmp_path) as made:
        tablet = stayed(*stays)
        await made.intake.take("osmand", report(fix(60 * minutes, name="tab", alarm=minutes > -300)), tablet)
        (one,) = await made.fixes()
        assert one["van_id"] == str(UUID(int=van))
        assert one["refused"] == ("The device was switched off then." if off else "")
        if minutes > -300:
            assert await made.alarms() == [UUID(int=van)]


async def test_a_moved_device_is_no_jump_of_its_new_van(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        await hear(made, device("other", 2), -40, place=CORBY)
        await hear(made, device("tab", 1), -20)
        tablet = stayed((1, -60, -0.2), (2, -0.2, None))
        made.intake.know([tablet, device("other", 3)])
        await hear(made, tablet, 0)
        assert [(one["van_id"][-1], one["refused"]) for one in await made.fixes()] == [
            ("2", ""),
            ("1", ""),
            ("2", ""),
        ]
