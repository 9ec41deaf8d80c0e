"""The menu: each of its lists is in sight as a whole on the smallest screen, and each entry is one key away."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu

from console.look import style
from console.look.key_table import EVERYWHERE
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated

__all__ = ["clock", "qt_loop", "rooms", "seated"]
Opens = Callable[[str], Seated]
LOWEST = QRect(0, 0, 1280, 680)
"""What a task bar leaves of the smallest screen, logical pixels."""
AT_HAND = {"board", "vans", "map", "timelines", "detail", "new", "aside", "filter", "place", "offer", "alarm"}
"""Keys of a moment or of the panels in sight: no list of a menu is faster than they are."""
AT_HAND |= {"silence", "pending", "sound test", "menu", "command", "words"}


@pytest.fixture
def menus(seated: Opens, clock: Clock, qapp: QApplication) -> Iterator[Callable[[str], dict[str, QMenu]]]:
    def lists(login: str) -> dict[str, QMenu]:
        whole: QMenu = seated(login).shortcuts._menu()
        return {"": whole} | {words(one): one.menu() for one in whole.actions() if one.menu()}

    yield lists
    style.apply(qapp, "dark", 100)


def words(action: QAction) -> str:
    return action.text().partition("\t")[0].replace("&", "")


@pytest.mark.parametrize("login", ["l.lead", "a.shah"])
def test_each_list_of_the_menu_is_in_sight_whole_and_each_letter_is_one_entry(
    menus: Callable[[str], dict[str, QMenu]], qapp: QApplication, login: str
) -> None:
    found = menus(login)
    for text in (100, 125, 150):
        style.apply(qapp, "dark", text)
        for name, menu in found.items():
            assert menu.sizeHint().height() <= LOWEST.height(), (name, text)
    for name, menu in found.items():
        letters = [one.text()[one.text().index("&") + 1].lower() for one in menu.actions() if "&" in one.text()]
        assert sorted(set(letters)) == sorted(letters), name


def test_whatever_has_a_key_everywhere_is_in_the_menu_with_that_key(
    menus: Callable[[str], dict[str, QMenu]],
) -> None:
    said = [one.text() for menu in menus("l.lead").values() for one in menu.actions()]
    keys = {text.partition("\t")[2] for text in said}
    acts = {key.does for key in EVERYWHERE.keys} - AT_HAND
    assert {act for act in acts if EVERYWHERE.key(act) not in keys} == set()
