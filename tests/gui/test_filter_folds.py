"""The board's filter and the lists to pick from find a name however it is spelt and typed."""

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.live.store import Link, LinkState, Store
from console.look.style import text_font
from console.models.referrals import ReferralModel
from console.views.sheets.pick_list import PickList
from console.views.sheets.row_layout import Row
from db.domain.records import Location, Patient
from tests.gui.desks import put_on, stage
from tests.unit.board_records import NOW, reference, referral

__all__ = ["stage"]
PEOPLE = {
    "Bríd Ní Dhónaill": ("14 King’s Close, Oundle", "PE8 4AA"),
    "Jürgen Groß": ("St. Peter's Way, Corby", "NN17 1QB"),
    "Noémie D’Arcy-Lévêque": ("Mill Lane, Kettering", "NN16 8UZ"),
    "Łukasz Sørensen": ("Rear of 9 Ash-Tree Road, Rushden", "NN10 0AB"),
}


@pytest.mark.hazard("H-068")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("brid", "Bríd Ní Dhónaill"),
        ("dhonaill ni", "Bríd Ní Dhónaill"),
        ("nidhonaill", "Bríd Ní Dhónaill"),
        ("kings close", "Bríd Ní Dhónaill"),
        ("king's", "Bríd Ní Dhónaill"),
        ("pe84aa", "Bríd Ní Dhónaill"),
        ("jurgen", "Jürgen Groß"),
        ("GROSS", "Jürgen Groß"),
        ("corby st peters", "Jürgen Groß"),
        ("nn171qb", "Jürgen Groß"),
        ("NN17 1QB", "Jürgen Groß"),
        ("darcy", "Noémie D’Arcy-Lévêque"),
        ("d'arcy", "Noémie D’Arcy-Lévêque"),
        ("leveque noemie", "Noémie D’Arcy-Lévêque"),
        ("lukasz", "Łukasz Sørensen"),
        ("sorensen", "Łukasz Sørensen"),
        ("ash tree", "Łukasz Sørensen"),
        ("ashtree rushden", "Łukasz Sørensen"),
    ],
)
def test_the_board_finds_it(qapp: object, typed: str, found: str) -> None:
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    rows = [
        referral(number, location=Location(*where), patient=Patient(name))
        for number, (name, where) in enumerate(PEOPLE.items(), 1)
    ]
    store.put({"referral": rows})
    model = ReferralModel(store, lambda: NOW)
    for end in range(1, len(typed) + 1):
        model.set_filter(typed[:end])  # as it is typed, key by key
    shown = [row.patient.name for row in rows if model.row_of(row.id) >= 0]
    assert shown == [found]
    model.set_filter("'")
    assert model.matches() == len(rows)


@pytest.mark.parametrize(("letter", "at"), [("o", 1), ("D", 2), ("z", 3), ("c", 0)])
def test_a_list_finds_it_by_its_first_letter_however_that_is_spelt(stage: QWidget, letter: str, at: int) -> None:
    names = ("Café Crisis", "Östra House", "D’Arcy Ward", "Zoë House")
    shown = PickList("Places", [Row(name, name) for name in names])
    put_on(stage, shown, 300, 200)
    QTest.keyClicks(shown, letter)
    assert shown.currentRow() == at


def test_a_row_has_a_line_for_each_that_its_reasons_take(stage: QWidget) -> None:
    shown = PickList("Vans")
    put_on(stage, shown, 900, 400)

    def height(wide: int, *said: str) -> int:
        shown.setFixedWidth(wide)
        shown.set_rows([Row("a", "CRU1", details=tuple((one, "dim") for one in said))])
        return shown.sizeHintForRow(0)

    line, short = QFontMetrics(text_font(0.9)).height(), "in the next town"
    bare, one = height(800), height(800, short)
    assert bare < one
    assert height(800, short, short) == one
    assert height(200, short, short) == one + line
    assert height(200, short, short, short) == one + 2 * line
    assert height(200, short * 9) > one + 2 * line, (
        "one that is wider than the list goes on in the next line, uncut"
    )
