"""What two people changed differently, by itself: what stands there, and who gives way in what."""

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from console.look.buttons import ActionButton
from console.look.key_table import FORM
from console.views.form.conflicts import Conflicts
from db.domain.merge import Difference
from tests.gui.desks import put_on, stage

__all__ = ["stage"]
CALLER, STORY = (
    Difference("caller", "Caller", "Ann", "Bob"),
    Difference("narrative", "Narrative", "Calm", "Afraid"),
)


@pytest.fixture
def conflicts(stage: QWidget) -> Conflicts:
    made = Conflicts()
    put_on(stage, made, 600, 200)
    made.hide()
    return made


def rows(conflicts: Conflicts) -> list[tuple[str, ...]]:
    """The words of each row, left to right, and the key of its button."""
    grid = conflicts._grid
    found = []
    for row in range(grid.rowCount()):
        if (last := grid.itemAtPosition(row, 3)) is None:
            continue
        labels = [grid.itemAtPosition(row, column).widget() for column in range(3)]
        button = last.widget()
        assert isinstance(button, ActionButton)
        said = tuple(label.text() for label in labels if isinstance(label, QLabel))
        found.append((*said, button.accessibleName()))
    return found


def test_each_thing_in_dispute_has_a_row_while_it_is(conflicts: Conflicts) -> None:
    conflicts.set_differences([])
    assert (conflicts.isHidden(), conflicts.first(), conflicts.text()) == (True, "", "")
    conflicts.set_differences([CALLER, STORY])
    assert not conflicts.isHidden()
    assert rows(conflicts) == [
        ("Caller", "Theirs: Ann", "Yours: Bob", "Take theirs: Caller"),
        ("Narrative", "Theirs: Calm", "Yours: Afraid", "Take theirs: Narrative"),
    ]
    assert conflicts.first() == "caller"
    assert conflicts.text() == "Caller: theirs Ann, yours Bob\nNarrative: theirs Calm, yours Afraid"
    conflicts.set_differences([STORY])
    assert rows(conflicts) == [("Narrative", "Theirs: Calm", "Yours: Afraid", "Take theirs: Narrative")]
    conflicts.set_differences([])
    assert conflicts.isHidden()


def test_a_button_gives_way_in_its_own_row_and_the_first_has_the_key(conflicts: Conflicts) -> None:
    given: list[str] = []
    conflicts.take_theirs.connect(given.append)
    conflicts.set_differences([CALLER, STORY])
    first, second = conflicts.findChildren(ActionButton)
    assert (first.key(), second.key()) == (FORM.key("theirs"), "")
    second.click()
    first.click()
    assert given == ["narrative", "caller"]


def test_what_is_as_it_was_keeps_the_keyboard(conflicts: Conflicts) -> None:
    """Every change of the referral tells them anew; whoever is on a button stays there."""
    conflicts.set_differences([CALLER, STORY])
    before = conflicts.findChildren(ActionButton)
    conflicts.set_differences((CALLER, STORY))
    assert conflicts.findChildren(ActionButton) == before
