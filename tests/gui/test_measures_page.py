"""The lead's page of measures: a figure never stands alone, and the table can be taken along."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from console.views.lists.measures import COLUMNS, TOO_FEW, MeasuresPage
from tests.cluster import Record, run
from tests.db.psql import age, psql_on
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["qt_loop", "rooms"]


def lines(page: MeasuresPage) -> dict[str, dict[str, str]]:
    table = page.table
    rows = [[table.item(row, column).text() for column in range(len(COLUMNS))] for row in range(table.rowCount())]
    return {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in rows}


async def night(record: Record) -> None:
    """Six who were declined, one who was met."""
    async with psql_on(record, ("a.shah", "l.lead", "w.wall", "g.gateway")) as psql:
        for _ in range(6):
            await psql.referral("declined")
        await psql.assignment("with patient")
        await age(psql.owner)


@pytest.fixture
def page(rooms: Callable[[str], Room], record: Record) -> MeasuresPage:
    lead = rooms("l.lead")
    run(night(record))
    made = MeasuresPage(lead.desk)
    made.show()
    lead.until(lambda: made.table.rowCount() > 40)
    return made


@pytest.mark.hazard("H-061")
def test_each_figure_has_its_n_what_is_missing_its_balance_and_its_definition(page: MeasuresPage) -> None:
    found = lines(page)
    never = found["Never met"]
    assert (never["Value"], never["n"], never["Missing"]) == ("6 of 6", "6", "0")
    assert never["Beside it"].startswith("median ")
    assert never["Beside it"].endswith("n 1 · Time until met")
    assert "Clock: received to closed." in never["Definition"]
    assert found["Promises kept"]["Value"] in {"none", "not recorded"}
    named = [line for title, line in found.items() if " · " not in title]
    assert len(named) == 48
    assert all(line["Value"] and line["Beside it"] and line["Definition"] for line in named)
    page.close()


@pytest.mark.hazard("H-062")
def test_groups_of_few_are_not_shown(page: MeasuresPage) -> None:
    found = lines(page)
    assert found["Never met · age: not recorded"]["Value"] == "6 of 6"
    assert found["Time until met · age: not recorded"]["Value"] == TOO_FEW
    assert found["Time until met · age: not recorded"]["n"] == ""
    page.close()


def test_it_is_read_by_key_and_copied_whole(page: MeasuresPage) -> None:
    page.table.setFocus()
    page.table.setCurrentCell(0, 0)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    within = lines(page)["Met within the time of their priority"]
    assert page.told.text() == f"{within['Definition']} Beside it: {within['Beside it']}."
    for row in range(page.table.rowCount()):
        page.table.setCurrentCell(row, 0)
        assert page.told.text()
        assert page.told.text() == page.told.text().strip(), "no half of it is missing"
    assert page.table.isColumnHidden(COLUMNS.index("Definition")), "it stands below"
    page.copy()
    copied = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert tuple(copied[0]) == COLUMNS
    assert len(copied) == page.table.rowCount() + 1
    assert {len(line) for line in copied} == {len(COLUMNS)}
    page.close()


def test_the_record_gives_it_to_leads_only(rooms: Callable[[str], Room]) -> None:
    room = rooms("a.shah")
    page = MeasuresPage(room.desk)
    page.show()
    room.until(lambda: page.message.isVisibleTo(page))
    assert page.table.rowCount() == 0
    page.close()
