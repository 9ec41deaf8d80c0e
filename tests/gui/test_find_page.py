"""Looking something up by keys: from the line to what was found, to the desk, or to an old record."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.views.find.page import BEGIN, NOTHING, FindPage
from console.views.find.record import RecordPage
from db.domain.found import MOST, FoundLine, count_words
from db.domain.records import Patient
from db.reports.document import Document
from tests.cluster import Record
from tests.gui.desks import Room, qt_loop, room, rooms, stage

__all__ = ["qt_loop", "room", "rooms", "stage"]
KEY = Qt.Key
OPENED = "SELECT count(*) FROM cru.event WHERE kind = 'record opened' AND recorded_by = $1"
LOOKED = "SELECT count(*) FROM cru.search"


@pytest.fixture
def page(room: Room, stage: QWidget) -> Iterator[FindPage]:
    made = FindPage(room.desk)
    made.show()
    yield made
    made.close()


def ask(page: FindPage, room: Room, qtbot: QtBot, words: str) -> None:
    page.words.clear()
    qtbot.keyClicks(page.words, words)
    page.empty.setText("")
    qtbot.keyClick(page.words, KEY.Key_Return)
    room.until(lambda: page.empty.text() == NOTHING)


def test_return_looks_and_return_goes_to_the_desk(
    page: FindPage, room: Room, qtbot: QtBot, record: Record
) -> None:
    made = room.take(patient=Patient("Zoë O’Brien"), narrative="Afraid of the lift")
    wanted: list[tuple[UUID | None, UUID | None]] = []
    page.wanted.connect(lambda *given: wanted.append(given))
    assert (page.empty.text(), page.panel.heading.note()) == (BEGIN, "")
    qtbot.keyClicks(page.words, "obrien lift")
    assert count(record, LOOKED) == 0, "nothing is looked for while somebody types"
    ask(page, room, qtbot, "obrien lift")
    assert count(record, LOOKED) == 1
    assert [one.id for one in page.found] == [made]
    assert page.panel.heading.note() == count_words(1, more=False)
    assert page.table.hasFocus() or page.focusWidget() is page.table
    line = page.table.lines()[0]
    assert line[2] == "Zoë O’Brien"
    assert "in the narrative" in line[4]
    qtbot.keyClick(page.table, KEY.Key_Return)
    assert wanted == [(made, None)]
    page.words.setText("nobody like that")
    page.look()
    assert page.panel.heading.note() == "looking…"
    ask(page, room, qtbot, "nobody like that")
    assert page.found == []
    assert page.empty.isVisible()


def test_names_hidden_are_hidden_here_and_what_is_typed_too(page: FindPage, room: Room, qtbot: QtBot) -> None:
    room.take(patient=Patient("Mia Quill"))
    ask(page, room, qtbot, "quill")
    page.set_private(True)
    assert "Quill" not in str(page.table.lines())
    assert "quill" not in page.words.displayText()
    page.set_private(False)
    assert "Mia Quill" in str(page.table.lines())


OLD = UUID(int=0xCA11)
LONG_AGO = """
SET session_replication_role = replica;
INSERT INTO cru.referral (id, reference, source, priority, state, outcome, location_text, patient_name, narrative,
    received_at, closed_at) VALUES ('00000000-0000-0000-0000-00000000ca11', 'CRU-20240203-0007', 'ems_crew', 'P1',
    'closed', 'in_van', 'The canal', 'Mia Quill', 'Sits by the <b>canal</b>',
    '2024-02-03 20:00Z', '2024-02-03 23:00Z');
SELECT cru.make_findable(ARRAY['00000000-0000-0000-0000-00000000ca11'::uuid])"""


def test_what_left_the_board_is_read_and_that_is_an_event(
    record: Record, rooms: Callable[[str], Room], stage: QWidget, qtbot: QtBot
) -> None:
    record.cluster.execute(LONG_AGO, database=record.database)
    room = rooms("a.shah")
    page = FindPage(room.desk)
    page.show()
    wanted: list[tuple[UUID | None, UUID | None]] = []
    page.wanted.connect(lambda *given: wanted.append(given))
    ask(page, room, qtbot, "canal 0007")
    qtbot.keyClick(page.table, KEY.Key_Return)
    assert wanted == [(OLD, None)]
    page.close()
    old = RecordPage(room.desk)
    old.show()
    old.read(OLD)
    room.until(lambda: "Sits by the <b>canal</b>" in old.text.toPlainText())
    assert "Mia Quill" in old.text.toPlainText()
    assert count(record, OPENED, "a.shah") == 1
    assert "Quill" not in old.windowTitle()
    old.set_private(True)
    assert "Quill" not in old.text.toPlainText()
    old.set_private(False)
    # Another one takes its place at once, and nobody reads the first for it.
    old.read(UUID(int=7))
    assert old.text.toPlainText() == ""
    room.until(old.message.isVisible)
    old.close()


def test_a_lead_goes_to_the_replay_and_a_dispatcher_does_not(
    rooms: Callable[[str], Room], stage: QWidget, qtbot: QtBot
) -> None:
    lead, shah = rooms("l.lead"), rooms("a.shah")
    made = lead.take(patient=Patient("Mia Quill"))
    for who, goes in ((lead, 1), (shah, 0)):
        page = FindPage(who.desk)
        page.show()
        asked: list[tuple[object, UUID]] = []
        page.replay_wanted.connect(lambda *given, asked=asked: asked.append(given))
        ask(page, who, qtbot, "quill")
        qtbot.keyClick(page.table, KEY.Key_R)
        assert [one[1] for one in asked] == [made] * goes
        page.close()


def count(record: Record, sql: str, *given: object) -> int:
    found = record.cluster.fetchval(sql, *given, database=record.database)
    return int(found)


def test_an_answer_that_comes_late_is_not_taken_for_the_record_that_is_wanted(
    room: Room, stage: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = uuid4(), uuid4()
    late, answered = asyncio.Event(), []

    async def read(_reads: object, referral_id: UUID, _by: str) -> Document:
        if referral_id == first:
            await late.wait()
        answered.append(referral_id)
        title = "the first" if referral_id == first else "the second"
        return Document(title=title, service="CRU", subject="", made_at=room.desk.clock.now(), made_by="A. Shah")

    monkeypatch.setattr(type(room.desk.reads), "old_record", read)
    page = RecordPage(room.desk)
    page.show()
    page.read(first)
    page.read(second)
    room.until(lambda: "the second" in page.text.toPlainText())
    late.set()
    room.until(lambda: len(answered) == 2)
    room.run(asyncio.sleep(0))
    assert "the first" not in page.text.toPlainText()
    page.close()


def test_older_lines_come_once_however_often_they_are_asked_for(
    page: FindPage, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = room.desk.clock.now()
    answers, answered = asyncio.Event(), []

    async def find(_reads: object, _asked: str, older_than: datetime | None) -> list[FoundLine]:
        if older_than is not None:
            await answers.wait()
        answered.append(older_than)
        begin = MOST if older_than is not None else 0
        return [line(now - timedelta(minutes=number)) for number in range(begin, begin + MOST)]

    monkeypatch.setattr(type(room.desk.reads), "find", find)
    page.words.setText("northampton")
    page.look()
    room.until(lambda: len(page.found) == MOST)
    page.older()
    page.older()
    answers.set()
    room.until(lambda: len(answered) == 3)
    room.run(asyncio.sleep(0))
    assert len({one.id for one in page.found}) == len(page.found) == 2 * MOST


def line(at: datetime) -> FoundLine:
    return FoundLine(
        uuid4(), uuid4(), False, at, "CRU-20261101-0001", "", None, "Northampton", "closed", False, "", ()
    )
