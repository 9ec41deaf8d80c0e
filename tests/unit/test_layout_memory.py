"""What a workstation remembers of each person, and of the desk when somebody takes it over."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication, QMainWindow

from console.views.desk.layout import LayoutMemory


class Panels:
    """Stands for an arrangement."""

    def __init__(self, state: bytes = b"") -> None:
        self.state = state

    def arrangement(self, _version: int) -> QByteArray:
        return QByteArray(self.state)

    def take_arrangement(self, state: QByteArray, _version: int) -> bool:
        self.state = bytes(state.data())
        return bool(self.state)


@pytest.fixture
def window(qapp: QApplication) -> QMainWindow:
    return QMainWindow()


def restored(memory: LayoutMemory, window: QMainWindow, login: str) -> bytes:
    panels = Panels()
    memory.take(login)
    memory.restore(window, panels)
    return panels.state


def leave(memory: LayoutMemory, window: QMainWindow, login: str, state: bytes) -> None:
    memory.take(login)
    memory.save(window, Panels(state))
    memory.save_windows({"InboxPage": QByteArray(state)}, ["InboxPage"])
    memory.take("")


def test_each_has_their_own_and_a_newcomer_what_the_last_one_left(tmp_path: Path, window: QMainWindow) -> None:
    leave(LayoutMemory(tmp_path), window, "a.shah", b"hers")
    leave(LayoutMemory(tmp_path), window, "r/silva é", b"his")
    memory = LayoutMemory(tmp_path)
    assert restored(memory, window, "a.shah") == b"hers"
    assert restored(memory, window, "r/silva é") == b"his"
    assert restored(memory, window, "new.comer") == b"his"
    assert memory.windows(["InboxPage", "Gone"]) == ({"InboxPage": QByteArray(b"his")}, ["InboxPage"])


def test_whoever_takes_the_desk_over_has_it_as_it_stands_and_their_own_looks(
    tmp_path: Path, window: QMainWindow
) -> None:
    memory = LayoutMemory(tmp_path)
    leave(memory, window, "b.okafor", b"an older one")
    memory.take("b.okafor")
    memory.remember("text_size", "150")
    leave(memory, window, "a.shah", b"as it stands")
    memory.take("a.shah")
    memory.remember("text_size", "100")
    memory.carry()
    assert restored(memory, window, "b.okafor") == b"as it stands"
    assert memory.recall("text_size", "0") == "150"
    assert memory.windows(["InboxPage"])[0] == {"InboxPage": QByteArray(b"as it stands")}
    # Once: the next time it is their own again.
    assert restored(memory, window, "b.okafor") == b"an older one"


def test_what_is_chosen_is_chosen_for_oneself(tmp_path: Path) -> None:
    memory = LayoutMemory(tmp_path)
    for login, theme in (("a.shah", "light"), ("l.lead", "contrast")):
        memory.take(login)
        memory.remember("theme", theme)
    memory.take("a.shah")
    assert memory.recall("theme", "dark") == "light"
    memory.take("")
    # The sign-in page looks as the last one left it.
    assert memory.recall("theme", "dark") == "contrast"
