"""The keyboard model: a table that says all, and hands that do what it says."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from console.look import (
    alarm_keys,
    command_keys,
    find_keys,
    inbox_keys,
    key_table,
    lead_keys,
    lock_keys,
    person_keys,
    room_keys,
    rota_keys,
    talk_keys,
    van_keys,
    wall_keys,
)
from console.look.key_table import TABLE, page_text
from console.look.keyboard import DIGIT, LETTER, QT, Hands, Key, Part, name_of
from db.domain.fleet import VanAction
from db.domain.next_steps import PRIMARY_KEY

ROOT = Path(__file__).resolve().parents[2]
PARTS = [part for parts in TABLE.values() for part in parts]
NOTHING, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def pressed(key: Qt.Key, text: str = "", held: Qt.KeyboardModifier = NOTHING, *, again: bool = False) -> QKeyEvent:
    event = QKeyEvent(QEvent.Type.KeyPress, key, held, text, again)
    event.ignore()
    return event


def test_the_page_of_architecture_is_the_table() -> None:
    assert page_text() in (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def test_every_part_is_in_the_table_and_no_key_stands_twice_in_one() -> None:
    rooms = (
        key_table,
        alarm_keys,
        command_keys,
        find_keys,
        inbox_keys,
        lead_keys,
        person_keys,
        rota_keys,
        room_keys,
    )
    rooms += (lock_keys, talk_keys, van_keys, wall_keys)
    listed = {id(value) for room in rooms for value in vars(room).values() if isinstance(value, Part)}
    assert listed == {id(part) for part in PARTS}
    for part in PARTS:
        names = [name for key in part.keys for name in key.names]
        assert len(names) == len(set(names)), part.title


def test_what_sends_says_for_whom() -> None:
    for part in PARTS:
        assert any(key.sends for key in part.keys) <= bool(part.about) or part is key_table.LINES, part.title


def test_the_keys_of_the_domain_are_the_table_s() -> None:
    assert key_table.PANE.key("primary") == PRIMARY_KEY
    duty = {VanAction.ON_DUTY, VanAction.OFF_DUTY}
    acts = {"duty" if action in duty else action.value.lower() for action in VanAction}
    assert acts <= key_table.VAN.acts()


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (pressed(Qt.Key.Key_V, "v"), "V"),
        (pressed(Qt.Key.Key_V, "V", SHIFT), "Shift+V"),
        (pressed(Qt.Key.Key_Question, "?", SHIFT), "?"),
        (pressed(Qt.Key.Key_Slash, "/", SHIFT), "/"),
        (pressed(Qt.Key.Key_5, "5", Qt.KeyboardModifier.KeypadModifier), "5"),
        (pressed(Qt.Key.Key_Enter, "\r", Qt.KeyboardModifier.KeypadModifier), "Return"),
        (pressed(Qt.Key.Key_Return, "\r", CTRL | SHIFT), "Ctrl+Shift+Return"),
        (pressed(Qt.Key.Key_Escape, "\x1b"), "Escape"),
        (pressed(Qt.Key.Key_Delete, "\x7f"), "Delete"),
        (pressed(Qt.Key.Key_Space, " "), "Space"),
        (pressed(Qt.Key.Key_Plus, "+", CTRL), "Ctrl++"),
        (pressed(Qt.Key.Key_Shift, "", SHIFT), ""),
        (pressed(Qt.Key.Key_F9), "F9"),
    ],
)
def test_a_key_has_one_name_on_every_layout(event: QKeyEvent, name: str) -> None:
    assert name_of(event) == name


PART = Part(
    "A part",
    "",
    (
        Key(("Return",), "go", "go"),
        Key(("X",), "own", "its own"),
        Key((LETTER,), "letter", "any other"),
        Key((DIGIT,), "digit", "a digit", repeats=True),
        Key(("Up",), QT, "move"),
    ),
)


def hands() -> tuple[Hands, list[str]]:
    done: list[str] = []
    does = {"go": lambda: done.append("go"), "own": lambda: done.append("own")}
    told = {"letter": done.append, "digit": done.append}
    return Hands(PART, does, told), done


def test_a_named_key_goes_before_its_family_and_what_is_unknown_goes_nowhere() -> None:
    bound, done = hands()
    for event in (pressed(Qt.Key.Key_X, "x"), pressed(Qt.Key.Key_Q, "q"), pressed(Qt.Key.Key_4, "4")):
        assert bound.take(event)
        assert event.isAccepted()
    assert done == ["own", "Q", "4"]
    for event in (pressed(Qt.Key.Key_0, "0"), pressed(Qt.Key.Key_D, "", CTRL), pressed(Qt.Key.Key_F7)):
        assert bound.take(event)
        assert event.isAccepted()
    assert done == ["own", "Q", "4"]


def test_escape_alone_goes_on_outwards_and_qt_keeps_what_is_its_own() -> None:
    bound, done = hands()
    escape, up = pressed(Qt.Key.Key_Escape), pressed(Qt.Key.Key_Up)
    assert bound.take(escape)
    assert not escape.isAccepted()
    assert not bound.take(up)
    assert done == []


def test_holding_a_key_down_does_nothing_twice_unless_it_moves() -> None:
    bound, done = hands()
    bound.take(pressed(Qt.Key.Key_Return, "\r", again=True))
    bound.take(pressed(Qt.Key.Key_3, "3", again=True))
    assert done == ["3"]


def test_a_table_and_a_program_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="letter"):
        Hands(PART, {"go": print, "own": print}, {"digit": print})
    with pytest.raises(ValueError, match="jump"):
        Hands(PART, {"go": print, "own": print, "jump": print}, {"digit": print, "letter": print})
