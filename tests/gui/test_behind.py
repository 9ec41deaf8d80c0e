"""The referrals behind a figure: which is opened, which is replayed, and how the list is let go."""

from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.views.lead.behind import BehindPanel
from console.views.lead.pictures import BehindRow
from tests.gui.desks import put_on, stage
from tests.unit.board_records import NOW

__all__ = ["stage"]
ROWS = tuple(
    BehindRow(UUID(int=n), NOW, f"00{n}", "03:42", "38 min", "P1", "EMAS crew", van, "Corby")
    for n, van in ((1, "CRU1"), (2, ""), (3, "CRU3"))
)


@pytest.fixture
def behind(stage: QWidget) -> tuple[BehindPanel, list[tuple[str, Any]]]:
    panel, told = BehindPanel(), []
    panel.record_wanted.connect(lambda row: told.append(("record", row)))
    panel.replay_wanted.connect(lambda row: told.append(("replay", row)))
    panel.let_go.connect(lambda: told.append(("let go", None)))
    put_on(stage, panel, 900, 400)
    return panel, told


def test_a_row_is_opened_or_replayed(behind: tuple[BehindPanel, list[tuple[str, Any]]]) -> None:
    panel, told = behind
    panel.show_rows("Response", ROWS)
    assert panel.table.accessibleName() == "Referrals behind Response"
    assert panel.table.rowCount() == 3
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, Qt.Key.Key_R)
    panel.table.cellDoubleClicked.emit(1, 0)
    assert told == [("record", ROWS[0]), ("replay", ROWS[1]), ("record", ROWS[1])]
    told.clear()
    panel.show_rows("Response", ())
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert told == []
    panel.close_button.click()
    assert told == [("let go", None)]


def test_what_is_hidden_is_not_copied_and_what_is_not_known_is_read_as_blank(
    behind: tuple[BehindPanel, list[tuple[str, Any]]],
) -> None:
    panel, _ = behind
    panel.show_rows("Response", ROWS)
    spoken = [panel.table.item(row, 5).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]  # type: ignore[union-attr] # there
    assert spoken == [None, "blank", None]
    for private in (True, False):
        panel.set_private(private)
        panel.copy_all()
        text = QGuiApplication.clipboard().text()
        assert ("Corby" in text) is not private
        assert text.splitlines()[1].split("\t")[:2] == ["001", "03:42"]
        assert ("Town" in text.splitlines()[0]) is not private
