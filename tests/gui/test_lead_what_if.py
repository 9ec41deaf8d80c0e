"""What if, by itself: when past nights are read, what is said, how a replay is stopped, what the panel does."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.look.style import px
from console.look.tabbing import has_keyboard
from console.running.aside import Overdue
from console.views.lead import asking
from console.views.lead.asking import StoppedReplay, WhatIfAsking
from console.views.lead.what_if import WhatIfCard
from db.domain.what_if import Compared
from db.domain.what_if_asked import ASSUMED, HEADERS, WEEKS, Stretches, WhatIf, WhatIfAnswer, WhichDays
from db.errors import Invalid, RecordError
from tests.gui.desks import Runs, put_on, qt_loop, stage
from tests.gui.test_lead_asks import AWAY, Asked, turns

__all__ = ["qt_loop", "stage"]
KEY = Qt.Key
FIVE = WhatIf(vans={22: 5})
SHOWN = Compared(before=9.0, after=6.0, low=-5.0, high=-1.0, nights=100, people=240, really=8.0)


class Nights:
    """Past nights that answer when a test lets them."""

    def __init__(self, count: int = 100, usual: dict[int, float] | None = None) -> None:
        self.nights = tuple(range(count))
        self.compared: Any = SHOWN
        self.gate = threading.Event()
        self.gate.set()
        self.stopped = False
        self._usual = usual or {22: 3.0}

    def usual(self) -> dict[int, float]:
        return self._usual

    def answer(self, question: WhatIf, told: Callable[[int], object]) -> Any:
        assert question.vans
        told(7)
        self.gate.wait(timeout=20)
        try:
            told(8)
        except StoppedReplay:
            self.stopped = True
            raise
        return self.compared


class Put:
    """The asking, with what it told."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.asking = WhatIfAsking(asked.desk)
        self.read: list[Any] = []
        self.answers: list[WhatIfAnswer] = []
        self.failed: list[RecordError] = []
        self.told = 0
        self.asking.read.connect(self.read.append)
        self.asking.answered.connect(self.answers.append)
        self.asking.failed.connect(self.failed.append)
        self.asking.told.connect(self._count)

    def _count(self) -> None:
        self.told += 1

    async def until_done(self) -> None:
        while self.asking.is_working:
            await asyncio.sleep(0.01)


@pytest.fixture
def asked(qt_loop: Runs) -> Asked:
    return Asked()


@pytest.fixture
def put(asked: Asked) -> Put:
    return Put(asked)


def test_nights_are_read_once_for_one_choice_of_them(put: Put, qt_loop: Runs) -> None:
    nights = Nights()

    async def asks() -> None:
        put.asking.look(FIVE)
        assert put.asking.is_working
        await turns()
        put.asked.waiting[0].set_result(nights)
        await put.until_done()
        assert (put.read, put.answers) == ([nights], [])
        put.asking.look(replace(FIVE, vans={}))
        assert not put.asking.is_working, "the same nights, whatever is asked of them"
        put.asking.ask(FIVE)
        await put.until_done()
        assert len(put.asked.waiting) == 1
        others: dict[str, Any] = {"weeks": 13, "which": WhichDays.WEEKEND, "stretches": Stretches.DAYS}
        for name, value in others.items():
            put.asking.look(replace(FIVE, **{name: value}))
            assert put.asking.is_working
            put.asking.stop()

    qt_loop(asks())
    (answer,) = put.answers
    assert (answer.question, answer.compared, answer.nights) == (FIVE, SHOWN, 100)
    assert (answer.who, answer.within) == ("P1", 60), "the most urgent priority"
    assert put.read == [nights, nights]
    periods, code = put.asked.given[0]
    assert (periods, code) == (FIVE.periods(put.asked.now), "P1")


@pytest.mark.parametrize("error", [AWAY, Invalid("That is no night.")])
def test_what_cannot_be_read_is_said_and_asked_for_again(put: Put, qt_loop: Runs, error: RecordError) -> None:
    async def asks() -> None:
        for at in range(2):
            put.asking.ask(FIVE)
            await turns()
            put.asked.waiting[at].set_exception(error)
            await put.until_done()

    qt_loop(asks())
    assert (put.failed, put.answers, len(put.asked.given)) == ([error, error], [], 2)


def test_without_priorities_nobody_can_say(put: Put, qt_loop: Runs) -> None:
    put.asked.store.set_reference(replace(put.asked.store.reference, priorities={}))

    async def asks() -> None:
        put.asking.ask(FIVE)
        await put.until_done()

    qt_loop(asks())
    assert [str(one) for one in put.failed] == ["Nothing is known of priorities yet. Try again in a moment."]


def test_a_replay_that_takes_long_says_how_far_it_is_and_can_be_stopped(put: Put, qt_loop: Runs) -> None:
    nights = Nights()
    nights.gate.clear()

    async def asks() -> None:
        put.asking.ask(FIVE)
        assert put.asking.progress() == ""
        assert put.asking._task is not None
        put.asking._say_slow(put.asking._task)
        assert (put.asking.is_slow, put.asking.progress()) == (True, "Reading past nights…")
        await turns()
        put.asked.waiting[0].set_result(nights)
        while put.asking._replay.done != 7:
            await asyncio.sleep(0.01)
        assert put.asking.progress() == "Replayed 7 of 100…"
        before, told = put.asking._task, put.told
        while put.told == told:
            await asyncio.sleep(0.01)
        put.asking.stop()
        assert (put.asking.is_working, put.asking.is_slow, put.asking.progress()) == (False, False, "")
        # What was said to be slow of it is true no more.
        put.asking._say_slow(before)
        assert not put.asking.is_slow
        nights.gate.set()
        while not nights.stopped:
            await asyncio.sleep(0.01)

    qt_loop(asks())
    assert put.answers == []


def test_a_replay_that_takes_too_long_is_given_up(
    put: Put, qt_loop: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    within: list[float] = []

    async def overdue(_work: object, seconds: float) -> None:
        within.append(seconds)
        raise Overdue

    monkeypatch.setattr(put.asking._aside, "run", overdue)

    async def asks() -> None:
        put.asking.ask(FIVE)
        await turns()
        put.asked.waiting[0].set_result(Nights())
        await put.until_done()

    qt_loop(asks())
    assert [str(one) for one in put.failed] == ["The replay takes too long. Ask about fewer weeks."]
    assert within == [120.0]
    assert put.asking._replay.stopped
    assert (asking._SLOW, asking._TELL) == (1.0, 0.25)


# --- the panel ---


class Panel:
    def __init__(self, asked: Asked, stage: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
        self.card = WhatIfCard(asked.desk)
        self.done: list[tuple[str, WhatIf | None]] = []
        monkeypatch.setattr(self.card.asking, "ask", lambda what: self.done.append(("ask", what)))
        monkeypatch.setattr(self.card.asking, "look", lambda what: self.done.append(("look", what)))
        put_on(stage, self.card, 1100, 420)
        stage.activateWindow()
        QApplication.processEvents()
        # Whatever the window gave the keyboard to first: nobody is about to ask.
        stage.setFocus()
        self.done.clear()

    def choices(self) -> list[str]:
        return [one.text() for one in self.card.choices.values()]

    def took(self) -> list[tuple[str, WhatIf | None]]:
        found, self.done = self.done, []
        return found


@pytest.fixture
def panel(asked: Asked, stage: QWidget, monkeypatch: pytest.MonkeyPatch) -> Panel:
    return Panel(asked, stage, monkeypatch)


def test_it_begins_with_nothing_asked(panel: Panel) -> None:
    card = panel.card
    assert card.said.text() == "Set how many vans there were in some hours, then replay."
    assert (card.check.isVisible(), card.stop_button.isVisible()) == (False, False)
    assert card.assumed.text() == " ".join(ASSUMED)
    assert panel.choices() == [str(Stretches.NIGHTS), str(WhichDays.EVERY), "26 weeks back"]
    assert card.accessibleName() == "What if"
    assert card.minimumSizeHint().width() == px(380)
    for label in (card.said, card.check, card.assumed):
        assert label.wordWrap()
        assert label.textFormat() is Qt.TextFormat.PlainText
    card.ask_button.click()
    assert panel.took() == []
    assert card.said.text().startswith("Set how many")


def test_its_buttons_choose_set_and_ask(panel: Panel) -> None:
    card = panel.card
    for act, wanted in (
        ("stretches", replace(WhatIf(), stretches=Stretches.DAYS)),
        ("which", replace(WhatIf(), stretches=Stretches.DAYS, which=WhichDays.WEEK)),
        ("weeks", replace(WhatIf(), stretches=Stretches.DAYS, which=WhichDays.WEEK, weeks=52)),
        ("weeks", replace(WhatIf(), stretches=Stretches.DAYS, which=WhichDays.WEEK, weeks=13)),
    ):
        card.choices[act].click()
        assert panel.took() == [("look", wanted)]
        assert card.question == wanted
    assert panel.choices() == [str(Stretches.DAYS), str(WhichDays.WEEK), "13 weeks back"]
    assert card.hours.columnCount() == len(Stretches.DAYS.hours)
    assert WEEKS == (13, 26, 52)
    card.hours.setCurrentCell(1, 2)
    card.more_button.click()
    card.more_button.click()
    card.fewer_button.click()
    assert card.question.vans == {9: 1}
    card.ask_button.click()
    assert panel.took() == [("ask", replace(card.question, vans={9: 1}))]
    # Other days keep what was set of their hours.
    card.choices["which"].click()
    assert card.question.vans == {9: 1}
    card.clear_button.click()
    assert card.question.vans == {}


def test_its_keys_do_the_same(panel: Panel) -> None:
    card = panel.card
    card.focus()
    assert panel.took() == [("look", WhatIf())], "somebody is about to ask"
    QTest.keyClick(card.hours, KEY.Key_3)
    QTest.keyClick(card.hours, KEY.Key_Return)
    assert panel.took() == [("ask", WhatIf(vans={19: 3}))]
    QTest.keyClick(card.hours, KEY.Key_T)
    assert card.twin.isVisible()
    assert has_keyboard(card.twin)
    card.focus()
    assert card.twin.hasFocus()
    QTest.keyClick(card.twin, KEY.Key_T)
    assert card.hours.hasFocus()
    assert card.stack.currentIndex() == 0
    # While an answer is awaited nothing is looked for beside it.
    panel.took()
    card.asking._task = SimpleNamespace(cancel=lambda: None)  # type: ignore[assignment] # one that is under way
    card.hours.entered.emit()
    assert panel.took() == []
    card.stop_button.click()
    assert not card.asking.is_working


def test_what_came_of_it_is_said_and_kept(panel: Panel) -> None:
    card = panel.card
    card.asking.read.emit(Nights(usual={19: 2.0}))
    assert card.hours.item(0, 0).text() == "2"  # type: ignore[union-attr] # there
    answers = [WhatIfAnswer(WhatIf(vans={22: many}), SHOWN, 100, "P1", 60) for many in range(1, 15)]
    for one in answers:
        card.asking.answered.emit(one)
    assert card.said.text() == answers[-1].sentence()
    assert (card.check.text(), card.check.isVisible()) == (answers[-1].check(), True)
    assert card.answers == answers[-12:]
    assert [tuple(line) for line in card.twin.lines()] == [one.row() for one in answers[:1:-1]]
    card.copy()
    copied = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert copied[0] == list(HEADERS)
    assert copied[1][0] == answers[-1].row()[0]
    assert len(copied) == 13
    card.asking.failed.emit(Invalid("That is no night.", "Ask for others."))
    assert card.said.text() == "That is no night. Ask for others."
    assert not card.check.isVisible()
    card.asking.is_slow = True
    card.asking.told.emit()
    assert (card.said.text(), card.stop_button.isVisible()) == ("Reading past nights…", True)
    card.asking.is_slow = False
    card.asking.told.emit()
    assert (card.said.text(), card.stop_button.isVisible()) == ("Reading past nights…", False)
