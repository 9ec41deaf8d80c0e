"""Every place of the form and of a van's sheets × every key."""

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from console.look.tabbing import has_keyboard
from db.domain.fleet import VanAction
from tests.gui.walking import (
    DIGITS,
    LEAVES,
    LETTERS,
    Seen,
    Walk,
    by_name,
    desk,
    every_key,
    qt_loop,
    rooms,
    seen,
    walk,
)

__all__ = ["desk", "qt_loop", "rooms", "seen"]


def test_the_form(desk: Walk, seen: Seen) -> None:
    forms, shown = desk.page.forms, by_name(desk, "received")

    def build() -> QWidget:
        forms.edit(shown)
        forms.form.footer.open_reasons()
        return forms

    def also(place: QWidget, key: str, sent: bool) -> str:
        focus = QApplication.focusWidget()
        if key in LETTERS + DIGITS and (sent or focus is not place):
            return f"sent {sent}, the keyboard is on {focus}"
        return "" if LEAVES.fullmatch(key) or has_keyboard(forms) or key == "Space" else f"it left for {focus}"

    walk(desk, seen, "form", build, every_key(), also)
    assert seen.wrong == []
    assert {which for *_, which in seen.went_out} >= {"Decline"}
    assert {key for _, key, _ in seen.went_out} <= {"Return", "Ctrl+Return", "Ctrl+Shift+Return", "Alt+E", "Space"}


@pytest.mark.parametrize("action", [VanAction.MEAL, VanAction.OUT, VanAction.ON_DUTY])
def test_a_van_s_sheets(desk: Walk, seen: Seen, action: VanAction) -> None:
    vans = desk.page.vans
    which = desk.room.desk.store.vans()[5 if action is VanAction.ON_DUTY else 4]

    def build() -> QWidget:
        vans.select(which.id)
        vans.act(action)
        return vans.sheet

    def also(_place: QWidget, key: str, sent: bool) -> str:
        if sent and key not in {"Return", "Ctrl+Return", "Space"}:
            return "one key sent it"
        left = not LEAVES.fullmatch(key) and key != "Space" and not (vans.sheet and has_keyboard(vans.sheet))
        return f"it left for {QApplication.focusWidget()}" if left else ""

    walk(desk, seen, str(action), build, every_key(), also)
    assert seen.wrong == []
    assert seen.went_out
