"""The window that says why the console cannot begin."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from console.start.preflight import has_screen
from console.views.window.failure import FailureWindow
from db.errors import Invalid


def test_it_says_the_sentence_and_the_next_step_and_closes_by_key(qtbot: QtBot) -> None:
    window = FailureWindow(Invalid("The settings file cannot be read.", "Mend it, then start again."))
    qtbot.addWidget(window)
    closed: list[bool] = []
    window.closed.connect(lambda: closed.append(True))
    window.show()
    said = " ".join(label.text() for label in window.findChildren(QLabel))
    assert "cannot be read" in said
    assert "start again" in said
    QTest.keyClick(window, Qt.Key.Key_Return)
    assert closed == [True]


def test_nobody_sees_a_window_offscreen() -> None:
    assert not has_screen()
