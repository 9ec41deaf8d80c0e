"""A locked console: nothing is seen or done, alarms are a bare number, and after the password all is as it was."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.views.desk.privacy import Privacy
from console.views.lock.cover import LockCover
from console.views.lock.lock import WRONG, Lock
from db.domain.records import Patient
from tests.e2e.windows import Seated, clock, qt_loop, rooms, seated

__all__ = ["clock", "qt_loop", "rooms", "seated"]
SECRET = "pa55 for Tests"
MINUTES = 10


class Sitting:
    """Somebody at a desk that can be locked, at a time of this computer that the test sets."""

    def __init__(self, seat: Seated, password: str = SECRET) -> None:
        self.seat, self.page, self.room = seat, seat.page, seat.room
        self.now = 1000.0
        self.lock = Lock(seat.window, seat.page, password, MINUTES, lambda: self.now)
        seat.sit()

    def type(self, text: str, *, enter: bool = True) -> None:
        assert self.lock.page is not None
        QTest.keyClicks(self.lock.page.password, text)
        if enter:
            QTest.keyClick(self.lock.page.password, Qt.Key.Key_Return)


@pytest.fixture
def sits(seated: Callable[[str], Seated]) -> Iterator[Sitting]:
    made = Sitting(seated("a.shah"))
    yield made
    made.lock.end()


def test_after_the_password_all_is_as_it_was(sits: Sitting) -> None:
    page, seat = sits.page, sits.seat
    who = sits.room.take(patient=Patient("Mia Quill"))
    page.select_referral(who)
    page.detail.focus_note()
    seat.type("afraid of the li")
    before = QApplication.focusWidget()
    assert before is page.detail.note.edit
    sits.lock.lock()
    assert sits.lock.page is not None
    assert sits.lock.page.geometry() == seat.window.rect()
    assert page.privacy.is_on
    # Nothing that is pressed or clicked comes through.
    for key in ("Ctrl+N", "Ctrl+J", "F9", "Ctrl+H", "Escape", "Tab"):
        seat.press(key)
    assert not page.forms.isVisible()
    assert page.beside.lists == {}
    assert page.privacy.is_on
    under = sits.lock.page.childAt(QPoint(5, 5)) or sits.lock.page
    QTest.mouseClick(under, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is sits.lock.page.password
    assert page.detail.note.edit.toPlainText() == "afraid of the li"
    sits.type(SECRET)
    assert not sits.lock.is_locked
    assert not page.privacy.is_on
    assert QApplication.focusWidget() is before
    seat.type("ft")
    assert page.detail.note.edit.toPlainText() == "afraid of the lift"
    assert not seat.window.findChildren(LockCover) or not any(
        one.isVisible() for one in seat.window.findChildren(LockCover)
    )


@pytest.mark.hazard("H-074")
@pytest.mark.parametrize("wrong", ["", "pa55", SECRET.upper(), SECRET + " "])
def test_a_wrong_password_opens_nothing_and_is_not_kept(sits: Sitting, wrong: str) -> None:
    sits.lock.lock()
    sits.type(wrong)
    page = sits.lock.page
    assert page is not None
    assert WRONG in page.message.text()
    assert page.password.text() == ""
    # Not at once again; then it is taken.
    assert not page.password.isEnabled()
    sits.room.until(page.password.isEnabled)
    sits.type(SECRET)
    assert not sits.lock.is_locked


def test_every_window_is_covered_also_one_that_comes_later(sits: Sitting) -> None:
    sits.page.beside.open_log()
    sits.page.dock["vans"].tear_or_put_back()
    sits.lock.lock()
    later = QWidget()
    later.show()
    sits.lock.tick()
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.isWindow()]
    assert later in shown
    assert len(shown) >= 4
    for window in shown:
        covers = [one for one in window.children() if isinstance(one, LockCover)]
        assert [(one.isVisible(), one.size()) for one in covers] == [(True, window.size())], window
    later.resize(333, 222)
    QApplication.processEvents()
    assert next(one for one in later.children() if isinstance(one, LockCover)).size() == later.size()
    sits.type(SECRET)
    assert not any(one.isVisible() for window in shown for one in window.children() if isinstance(one, LockCover))
    later.deleteLater()


def test_alarms_are_a_bare_number(sits: Sitting) -> None:
    sits.lock.lock()
    assert sits.lock.page is not None
    assert sits.lock.page.alarms.text() == "No alarm waits."
    at = sits.room.desk.clock.now() - timedelta(minutes=90)
    who = sits.room.take(patient=Patient("Mia Quill"), received_at=at)
    sits.room.accept(who)
    sits.page.status.tick()
    sits.room.until(lambda: sits.page.status.alarms.unanswered())
    sits.lock.tick()
    waits = len(sits.page.status.alarms.unanswered())
    assert f"{waits} alarm" in sits.lock.page.alarms.text()
    assert "Quill" not in sits.lock.page.alarms.text()
    assert "00" not in sits.lock.page.alarms.text()


@pytest.mark.hazard("H-074")
def test_it_locks_by_itself_when_nobody_touched_it(sits: Sitting) -> None:
    sits.lock.tick()
    sits.now += 60 * MINUTES - 1
    sits.lock.tick()
    assert not sits.lock.is_locked
    handle = sits.seat.window.windowHandle()
    assert handle is not None
    sits.lock.eventFilter(handle, QEvent(QEvent.Type.MouseMove))
    sits.now += 60 * MINUTES - 1
    sits.lock.tick()
    assert not sits.lock.is_locked
    sits.lock.eventFilter(handle, QEvent(QEvent.Type.UpdateRequest))
    sits.now += 1
    sits.lock.tick()
    assert sits.lock.is_locked
    sits.type(SECRET)
    # The hand that unlocks is a touch.
    sits.lock.tick()
    assert not sits.lock.is_locked


def test_keys_that_are_pressed_are_touches(sits: Sitting) -> None:
    sits.lock.tick()
    sits.now += 60 * MINUTES - 1
    handle = sits.seat.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_F2)
    sits.now += 2
    sits.lock.tick()
    assert not sits.lock.is_locked


def test_somebody_else_takes_over_and_is_told_what_is_not_saved(sits: Sitting) -> None:
    out: list[bool] = []
    sits.page.sign_out_wanted.connect(lambda: out.append(True))
    sits.page.select_referral(sits.room.take())
    sits.page.detail.note.edit.setPlainText("not added")
    sits.lock.lock()
    assert sits.lock.page is not None
    QTest.keyClick(sits.lock.page.password, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    assert out == []
    assert "press it again" in sits.lock.page.message.text()
    QTest.keyClick(sits.lock.page.password, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    assert out == [True]


def test_where_no_password_was_typed_return_unlocks(seated: Callable[[str], Seated]) -> None:
    one = Sitting(seated("a.shah"), password="")
    one.lock.lock()
    one.type("")
    assert not one.lock.is_locked
    one.lock.end()


def test_names_that_were_hidden_stay_hidden_after_the_lock() -> None:
    told: list[bool] = []
    privacy = Privacy(always=False)
    privacy.changed.connect(told.append)
    privacy.toggle()
    privacy.lock(True)
    privacy.toggle()
    privacy.lock(False)
    assert (privacy.is_on, told) == (True, [True, True, True])
    privacy.toggle()
    privacy.lock(True)
    assert privacy.is_on
    privacy.lock(False)
    assert not privacy.is_on
