"""What each person changes of how the console looks and is pressed, kept at the workstation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from console.look.own_keys import OWN_KEYS
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
