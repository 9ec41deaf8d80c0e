"""What is looked at afterwards, by itself: what people said and what became of it, and what a lead signs off."""

from datetime import date, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from console.look.buttons import ActionButton
from console.views.room.review_page import COLUMNS, NOTHING, ReviewPage
from console.views.room.voices_page import DID, SAID, VoicesPage
from db.domain.feedback import Improvement
from db.domain.review import REVIEWED_KINDS, ToReview
from db.domain.roles import Role
from db.errors import Invalid, Unavailable
from db.voice_queries import Voices
from tests.gui.desks import Runs, eventually, qt_loop
from tests.gui.test_room_pages import Desk
from tests.unit.board_records import NOW, ago, referral
from tests.unit.test_voices import said as feedback_said

__all__ = ["qt_loop"]
KEY = Qt.Key
WHO = referral(number=44)


def shown(window: QWidget) -> str:
    return " ".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


class Read(Desk):
    """A desk whose reads a test answers; what it was asked for is kept."""

    def __init__(self, role: Role = Role.SHIFT_LEAD) -> None:
        super().__init__(role=role)
        self.store.put({"referral": [WHO]})
        self.found: Any = []
        self.desk.reads = SimpleNamespace(to_review=self._read, voices=self._read)

    async def _read(self, start: datetime) -> Any:
        self.asked.append(start)
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


class Sheets:
    """Which sheet is wanted, in the place of the host."""

    def __init__(self, page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wanted: list[tuple[object, ...]] = []
        monkeypatch.setattr(page.sheets, "open", lambda key, _build: self.wanted.append(key))


# --- to review ---


def look(kind: str, about: str, minutes: float, **more: Any) -> ToReview:
    fields: dict[str, Any] = {"referral_id": None, "reference": "", "words": "words of it", "by": ""}
    return ToReview(kind=kind, about=about, at=ago(minutes), **(fields | more))


@pytest.fixture
def found() -> list[ToReview]:
    return [
        look("late", "a", 9, referral_id=WHO.id, reference=WHO.reference, by="a.shah"),
        look("refused", "b", 90, referral_id=uuid4(), reference="CRU-20261121-0009", words="no\nroom"),
        look("late", "c", 99, reviewed_by="l.lead", reviewed_at=ago(1), line="seen"),
    ]


def test_what_is_to_be_looked_at_and_what_was(qt_loop: Runs, found: list[ToReview]) -> None:
    desk = Read()
    desk.found = found
    page = ReviewPage(desk.desk)
    page.show()
    qt_loop(page.read_and_show())
    assert set(desk.asked) == {NOW - timedelta(days=7)}
    assert page.table.lines() == [
        ["late", "0044", "words of it", "03:33", "a.shah", ""],
        ["refused", "0009 Sat 21 Nov", "no room", "02:12", "", ""],
        ["late", "", "words of it", "02:03", "", "l.lead 03:41 · seen"],
    ] or page.table.lines()[1][1].startswith("0009")
    assert page.panel.heading.note() == "2 of 3 to sign off"
    page.table.setCurrentCell(2, 0)
    page.kind.setCurrentText("late")
    assert (page.table.rowCount(), page.table.currentRow()) == (2, 1), "the line that is chosen stays"
    assert page.panel.heading.note() == "1 of 2 to sign off"
    page.kind.setCurrentText("amended")
    assert NOTHING in shown(page)
    assert not page.table.isVisible()
    page.kind.setCurrentIndex(0)
    assert [page.kind.itemText(at) for at in range(page.kind.count())] == ["Everything", *REVIEWED_KINDS]
    page.set_private(True)
    assert {line[2] for line in page.table.lines()} == {"hidden"}
    assert page.table.lines()[2][5] == "l.lead 03:41"
    page.copy()
    assert QGuiApplication.clipboard().text().splitlines()[0].split("\t") == list(COLUMNS)
    for at, back in ((0, timedelta(hours=24)), (2, timedelta(days=28))):
        page.period.setCurrentIndex(at)
        qt_loop(page.read_and_show())
        assert desk.asked[-1] == NOW - back
    desk.found = Unavailable("The record cannot be reached.")
    qt_loop(page.read_and_show())
    assert "The record cannot be reached." in shown(page)
    assert page.table.rowCount() == 3, "what is shown stays"
    desk.found = []
    qt_loop(page.read_and_show())
    assert "The record cannot be reached." not in shown(page)
    page.close()


def test_what_was_refused_is_still_said_when_the_list_is_read_again(qt_loop: Runs) -> None:
    desk = Read()
    desk.found = []
    page = ReviewPage(desk.desk)
    qt_loop(page.read_and_show())
    page.sheets.refused_unseen.emit("Sign off late", Invalid("Somebody signed that.", "Look again."))
    assert page.message.text() == "Sign off late: Somebody signed that. Look again."
    qt_loop(page.read_and_show())
    assert page.message.text() == "Sign off late: Somebody signed that. Look again."
    desk.found = Unavailable("The record cannot be reached.")
    qt_loop(page.read_and_show())
    desk.found = []
    qt_loop(page.read_and_show())
    assert page.message.isHidden(), "it was read after all"
    page.end()


@pytest.mark.parametrize(("window", "found"), [(ReviewPage, []), (VoicesPage, Voices((), (), {}))])
def test_what_a_sheet_did_is_read_when_it_closes(qt_loop: Runs, window: Any, found: object) -> None:
    desk = Read()
    desk.found = found
    page = window(desk.desk)
    page.show()
    qt_loop(page.read_and_show())
    before = len(desk.asked)
    page.sheets.closed.emit()
    qt_loop(eventually(lambda: len(desk.asked) > before))
    page.close()


def test_each_leads_to_its_moment_and_is_signed_off_once(
    qt_loop: Runs, found: list[ToReview], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Read()
    page = ReviewPage(desk.desk)
    page.show()
    gone: list[tuple[object, ...]] = []
    page.wanted.connect(lambda *ids: gone.append(("desk", *ids)))
    page.replay_wanted.connect(lambda *where: gone.append(("replay", *where)))
    sheets = Sheets(page, monkeypatch)
    for act in (page.go, page.replay, page.sign):
        act()
    assert (gone, sheets.wanted) == ([], [])
    desk.found = found
    qt_loop(page.read_and_show())
    for row in range(3):
        page.table.setCurrentCell(row, 0)
        QTest.keyClick(page.table, KEY.Key_Return)
        QTest.keyClick(page.table, KEY.Key_R)
        QTest.keyClick(page.table, KEY.Key_S)
    one, two, three = found
    assert gone == [
        ("desk", WHO.id, None),
        ("replay", one.at, WHO.id),
        # No longer on the board: Enter goes to the moment, too.
        ("replay", two.at, two.referral_id),
        ("replay", two.at, two.referral_id),
        ("replay", three.at, None),
    ]
    assert sheets.wanted == [("sign off", "late", "a"), ("sign off", "refused", "b")]
    assert "signed off already" in shown(page)
    page.leave()
    assert not page.isVisible()


# --- you said, we did ---


said = partial(feedback_said, recorded_at=ago(9))


def item(said_: str, state: str, due: date | None, did: str = "") -> Improvement:
    made = {"made_by": "l.lead", "made_at": ago(60), "changed_at": ago(60)}
    return Improvement(
        id=uuid4(),
        version=3,
        feedback_id=None,
        said=said_,
        raised_by="carer",
        owner="A. Lead",
        due_on=due,
        state=state,
        did=did,
        **made,  # type: ignore[arg-type] # as named
    )


VOICES = Voices(
    (
        said("Zoë\nwas kind", "Kindness", referral_id=WHO.id, consent="may be quoted"),
        said("Too long", "Waiting", "Kindness", kind="complaint"),
    ),
    (
        item("Tea", "open", date(2026, 11, 20)),
        item("Keys", "doing", date(2026, 12, 1)),
        item("Map", "done", None, "A new one"),
    ),
    {str(WHO.id): WHO.reference},
)


def opened(qt_loop: Runs, role: Role = Role.SHIFT_LEAD) -> tuple[Read, VoicesPage]:
    desk = Read(role)
    desk.found = VOICES
    page = VoicesPage(desk.desk)
    page.show()
    qt_loop(page.read_and_show())
    return desk, page


def test_what_was_said_beside_what_became_of_it(qt_loop: Runs) -> None:
    desk, page = opened(qt_loop)
    assert set(desk.asked) == {NOW - timedelta(days=28)}
    assert page.voices.lines() == [
        ["03:33", "carer", "Zoë was kind", "Kindness", "yes", "0044"],
        ["03:33", "carer, complaint", "Too long", "Waiting, Kindness", "no", ""],
    ]
    assert page.items.lines() == [
        ["Tea (carer)", "A. Lead", "▲ 20 Nov 2026", "open", ""],
        ["Keys (carer)", "A. Lead", "1 Dec 2026", "doing", ""],
        ["Map (carer)", "A. Lead", "", "done", "A new one"],
    ]
    assert page.said.heading.note() == "2 comments · 1 may be quoted · 2 Kindness · 1 Waiting"
    assert page.did.heading.note() == "2 open · 1 past their day · 1 done"
    page.search.setText("0044")
    assert len(page.voices.lines()) == 1
    page.search.setText("")
    page.set_private(True)
    assert {line[2] for line in page.voices.lines()} == {"hidden"}
    for at, days in ((1, 92), (2, 366)):
        page.period.setCurrentIndex(at)
        qt_loop(page.read_and_show())
        assert desk.asked[-1] == NOW - timedelta(days=days)
    desk.found = Unavailable("The record cannot be reached.")
    qt_loop(page.read_and_show())
    assert "The record cannot be reached." in shown(page)
    assert len(page.voices.lines()) == 2
    desk.found = VOICES
    qt_loop(page.read_and_show())
    assert "The record cannot be reached." not in shown(page)
    page.close()


@pytest.mark.parametrize(("role", "leads"), [(Role.SHIFT_LEAD, True), (Role.DISPATCHER, False)])
def test_a_lead_makes_items_and_everybody_writes_down_and_sorts(
    qt_loop: Runs, monkeypatch: pytest.MonkeyPatch, role: Role, leads: bool
) -> None:
    _, page = opened(qt_loop, role)
    sheets = Sheets(page, monkeypatch)
    gone: list[tuple[UUID | None, UUID | None]] = []
    page.wanted.connect(lambda *ids: gone.append(ids))
    first, second = page.feedback
    for row in range(2):
        page.voices.setCurrentCell(row, 0)
        for key in (KEY.Key_Return, KEY.Key_T, KEY.Key_M):
            QTest.keyClick(page.voices, key)
    QTest.keyClick(page.voices, KEY.Key_N)
    page.items.setCurrentCell(1, 0)
    for key in (KEY.Key_Return, KEY.Key_N):
        QTest.keyClick(page.items, key)
    made = [[("make", one.id)] if leads else [] for one in (first, second)]
    change = page.improvements[1]
    assert sheets.wanted == [
        ("sort", first.id, 1),
        *made[0],
        ("sort", second.id, 1),
        *made[1],
        ("feedback",),
        *([("change", change.id, 3), ("make",)] if leads else []),
    ]
    assert gone == [(WHO.id, None)]
    words = {one.text() for one in page.findChildren(ActionButton)}
    assert ("Make an item" in words, "Change" in words) == (leads, leads)
    assert {"Add", "Sort"} <= words
    page.leave()
    assert not page.isVisible()


def test_nothing_was_said_and_the_table_with_the_keyboard_is_copied(
    qt_loop: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, page = opened(qt_loop)
    page.activateWindow()
    for table, heads in ((page.items, DID), (page.voices, SAID)):
        table.setFocus()
        page.copy()
        assert QGuiApplication.clipboard().text().splitlines()[0].split("\t") == list(heads)
    sheets = Sheets(page, monkeypatch)
    desk.found = Voices((), (), {})
    qt_loop(page.read_and_show())
    for act in (page.sort, page.make, page.change, page.go):
        act()
    assert sheets.wanted == []
    page.close()
