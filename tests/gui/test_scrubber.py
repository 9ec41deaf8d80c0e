"""The bar under a replay, by itself: its keys, its buttons, the length of its day, and what it says."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.look.buttons import ActionButton
from console.views.replay.player import Player
from console.views.replay.scrubber import Scrubber
from db.domain.replay import Past
from tests.gui.desks import Runs, put_on, qt_loop, stage
from tests.gui.test_replay import player_of
from tests.unit.board_records import NOW, ago

__all__ = ["qt_loop", "stage"]
KEY, SHIFT, NONE = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
MIDDAY = timedelta(hours=2)


@pytest.fixture
def player(qt_loop: Runs) -> Iterator[Player]:
    made = player_of(Past(ago(600), NOW, [], [], [], [], [], [], []))
    qt_loop(made.load(NOW.date(), NOW))
    yield made
    made.stop()


@pytest.fixture
def bar(player: Player, qt_loop: Runs, stage: QWidget) -> Scrubber:
    made = Scrubber(player, stage)
    put_on(stage, made, 1380, 60)
    qt_loop(player.load(NOW.date(), player.start + MIDDAY))
    return made


def button(bar: Scrubber, begins: str) -> ActionButton:
    return next(one for one in bar.findChildren(ActionButton) if one.text().startswith(begins))


def test_it_says_the_moment_and_stands_at_it_in_its_day(bar: Scrubber, player: Player) -> None:
    assert bar._when.text() == "Sun 22 Nov 2026 02:00:00"
    assert (bar._slider.minimum(), bar._slider.maximum()) == (0, int((player.end - player.start).total_seconds()))
    assert bar._slider.value() == MIDDAY.total_seconds()
    player.seek(player.start + timedelta(seconds=61))
    assert bar._when.text().endswith("00:01:01")
    assert bar._slider.value() == 61


@pytest.mark.parametrize(
    ("key", "with_", "moved"),
    [
        (KEY.Key_Right, NONE, timedelta(minutes=1)),
        (KEY.Key_Left, NONE, timedelta(minutes=-1)),
        (KEY.Key_Right, SHIFT, timedelta(minutes=10)),
        (KEY.Key_Left, SHIFT, timedelta(minutes=-10)),
    ],
)
def test_a_key_goes_a_step(
    bar: Scrubber, player: Player, key: Qt.Key, with_: Qt.KeyboardModifier, moved: timedelta
) -> None:
    QTest.keyClick(bar._slider, key, with_)
    assert player.moment == player.start + MIDDAY + moved


@pytest.mark.parametrize(
    ("press", "days"),
    [
        (lambda bar: QTest.keyClick(bar._slider, KEY.Key_PageUp), -1),
        (lambda bar: QTest.keyClick(bar._slider, KEY.Key_PageDown), 1),
        (lambda bar: button(bar, "Day before").click(), -1),
        (lambda bar: button(bar, "Day after").click(), 1),
    ],
)
def test_another_day_is_asked_for(bar: Scrubber, press: Callable[[Scrubber], object], days: int) -> None:
    wanted: list[int] = []
    bar.day_wanted.connect(wanted.append)
    press(bar)
    assert wanted == [days]


def test_it_plays_and_stands_still_by_key_and_by_click(bar: Scrubber, player: Player) -> None:
    for press in (lambda: QTest.keyClick(bar._slider, KEY.Key_Space), bar._play.click):
        press()
        assert (player.speed, bar._play.text().partition(" ")[0]) == (10, "Pause")
        press()
        assert (player.speed, bar._play.text().partition(" ")[0]) == (0, "Play")


def test_the_next_speed_counts_at_once_while_it_plays_and_comes_round(bar: Scrubber, player: Player) -> None:
    bar._speed.click()
    assert (player.speed, bar._speed.text()) == (0, "30 ×")
    bar.toggle()
    assert player.speed == 30
    for speed in (60, 1, 10):
        bar._speed.click()
        assert (player.speed, bar._speed.text()) == (speed, f"{speed} ×")


def test_at_the_end_of_the_day_it_offers_to_play_again(bar: Scrubber, player: Player) -> None:
    bar.toggle()
    player.play(0)
    player.seek(player.end)
    assert bar._play.text().startswith("Play")


def test_the_hand_that_drags_it_is_followed_and_not_fought(bar: Scrubber, player: Player) -> None:
    bar._slider.setSliderDown(True)
    bar._slider.sliderMoved.emit(600)
    assert player.moment == player.start + timedelta(seconds=600)
    bar._slider.setValue(700)
    player.seek(player.start + timedelta(seconds=900))
    assert bar._slider.value() == 700
    bar._slider.setSliderDown(False)
    bar._slider.triggerAction(bar._slider.SliderAction.SliderPageStepAdd)
    assert player.moment == player.start + timedelta(seconds=1300)
    bar._slider.triggerAction(bar._slider.SliderAction.SliderSingleStepSub)
    assert player.moment == player.start + timedelta(seconds=1240)


def test_the_keyboard_goes_to_the_length_of_the_day_and_stays_in_the_row(bar: Scrubber) -> None:
    assert bar.focusProxy() is bar._slider
    assert bar._slider.accessibleName() == "Time of day"
    assert bar._speed.accessibleName() == "Speed"
    row = [button(bar, "Day before"), bar._play, bar._speed, bar._when, bar._slider, button(bar, "Day after")]
    places = [one.geometry() for one in row]
    assert all(one.right() < other.left() for one, other in pairwise(places))
    assert bar._slider.height() >= 24
    assert bar._slider.width() == max(one.width() for one in places) > 400, "the day has what room is left"
