"""What each person changes of how the console looks and is pressed, kept at the workstation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from console.look import style
from console.look.own_keys import OWN_KEYS
from console.look.palette import PALETTES
from console.start.looks import Looks
from console.start.settings import Settings
from console.views.desk.layout import LayoutMemory


@pytest.fixture(autouse=True)
def as_they_came() -> Iterator[None]:
    yield
    OWN_KEYS.take({})


def test_each_login_has_its_own_keys_and_nobody_has_them_after_signing_out(
    qapp: QApplication, tmp_path: Path
) -> None:
    memory = LayoutMemory(tmp_path)
    looks = Looks(qapp, Settings(data_dir=tmp_path), memory)
    for login, key in (("a.shah", "H"), ("l.lead", "J")):
        looks.take_keys_of(login)
        assert len(OWN_KEYS) == 0
        OWN_KEYS.change("A van", "M", key)
        looks.leave_keys()
        assert len(OWN_KEYS) == 0
    for login, key in (("l.lead", "J"), ("a.shah", "H")):
        looks.take_keys_of(login)
        assert OWN_KEYS.shown("A van", "M") == key
        looks.leave_keys()
    # Nobody is signed in: what is changed now is nobody's.
    OWN_KEYS.change("A van", "D", "K")
    looks.take_keys_of("a.shah")
    assert OWN_KEYS.shown("A van", "D") == "D"
    looks.leave_keys()
    looks.deleteLater()


def test_what_was_chosen_last_wins_over_the_settings_also_at_the_next_start(
    qapp: QApplication, tmp_path: Path
) -> None:
    given = Settings(data_dir=tmp_path, theme="light", font_percent=125)
    looks = Looks(qapp, given, LayoutMemory(tmp_path))
    assert (looks.theme, looks.text_size) == ("light", 125)
    for theme in ("contrast", "dark", "light", "contrast"):
        looks.set_theme(theme)
        assert looks.theme == theme
        assert style.current() is PALETTES[theme]
    looks.set_text_size(150)
    assert style.scale() == 1.5
    again = Looks(qapp, given, LayoutMemory(tmp_path))
    assert (again.theme, again.text_size) == ("contrast", 150)
    again.set_theme("of an older version")
    assert again.theme == "dark"
    style.apply(qapp, "dark", 100)
    for one in (looks, again):
        one.deleteLater()
