"""Tables of lines are dressed and filled in one place."""

from pathlib import Path

import console

ROOT = Path(console.__file__).parent
HOME = ROOT / "look" / "text_table.py"
# Of numbers that are set cell by cell, and of no lines.
GRID = ROOT / "views" / "lead" / "van_hours.py"


def test_no_other_file_dresses_a_table_of_lines_or_fills_one() -> None:
    for path in ROOT.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path not in {HOME, GRID} and "QTableWidget" in text:
            assert "QTableWidgetItem(" not in text, path
            assert "setSelectionBehavior" not in text, path
            assert "setShowGrid" not in text, path
