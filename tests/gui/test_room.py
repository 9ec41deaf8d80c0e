"""The shift log and the handover of the room: written, searched, corrected; offered, signed, taken and printed."""

import base64
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from console.live.room_now import items_of, log_entries, offered_room
from console.live.store import LinkState
from console.views.room import printing
from console.views.room.handover_page import ShiftHandoverPage
from console.views.room.log_page import ShiftLogPage
from db import commands
from db.audit.checkpoint import Checkpoint, Signature, note_of
from tests.cluster import LOGINS, Cluster, Record, password_of, run
from tests.db.psql import psql_on
from tests.gui.desks import Room, qt_loop, rooms
from tests.gui.test_pending import set_link
from tests.unit.board_records import NOW

__all__ = ["qt_loop", "rooms"]
KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
NEXT = "n.lead"
Rooms = Callable[[str], Room]


@pytest.fixture
def next_lead(cluster: Cluster, record: Record) -> Iterator[str]:
    """A second shift lead, who comes in."""

    async def known() -> None:
        async with psql_on(record, tuple(LOGINS)) as psql:
            await psql.owner.execute(
                "INSERT INTO cru.user_account (login, display_name, role) VALUES ($1, 'N. Next', 'shift lead')",
                NEXT,
            )

    cluster.execute(f"CREATE ROLE \"{NEXT}\" LOGIN PASSWORD '{password_of(NEXT)}' IN ROLE cru_shift_lead")
    run(known())
    yield NEXT
    cluster.execute(f'DROP ROLE "{NEXT}"')


def said(window: QWidget) -> str:
    return " ".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


class Log:
    """The log in front of somebody."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.window = ShiftLogPage(room.desk)
        self.window.show()

    def write(self, words: str, about: str = "", when: str = "") -> None:
        writing = self.window.writing
        writing.words.setPlainText(words)
        writing.about.setText(about)
        writing.when.setText(when)
        QTest.keyClick(writing.words, KEY.Key_Return, CTRL)

    def wrote(self, words: str, about: str = "", when: str = "") -> None:
        self.write(words, about, when)
        self.room.until(lambda: self.window.writing.words.toPlainText() == "" and words in self.words())

    def words(self) -> list[str]:
        return [line[1] for line in self.window.table.lines()]


@pytest.fixture
def log(rooms: Rooms) -> Iterator[Log]:
    made = Log(rooms("a.shah"))
    yield made
    made.window.close()


def test_what_is_written_is_there_for_everybody_with_what_it_is_about(log: Log, rooms: Rooms) -> None:
    room = log.room
    referral_id = room.take()
    reference = room.desk.store.referral(referral_id).reference
    callsign = room.desk.store.vans()[2].callsign
    log.wrote("Waits for the keys of the flat.", f"{reference[-4:]} {callsign.lower()}", "2 min ago")
    other = Log(rooms("b.okafor"))
    other.room.until(lambda: other.words() == ["Waits for the keys of the flat."])
    line = other.window.table.lines()[0]
    assert line[2:] == [f"{reference[-4:]} {callsign}", "A. Shah", ""]
    shown: list[Any] = []
    other.window.wanted.connect(lambda *ids: shown.append(ids))
    QTest.keyClick(other.window.table, KEY.Key_Return)
    assert shown == [(referral_id, room.desk.store.vans()[2].id)]
    other.window.set_private(True)
    assert other.words() == ["hidden"]
    other.window.close()


@pytest.mark.parametrize(
    ("words", "about", "when", "says"),
    [
        ("", "", "", "There is nothing written"),
        ("x" * 4001, "", "", "4,000"),
        ("x", "9876", "", "names no live referral or van"),
        ("x", "", "later", "later"),
        ("x", "", "9 days ago", "ago"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_typed_is_lost(
    log: Log, words: str, about: str, when: str, says: str
) -> None:
    log.write(words, about, when)
    assert says in said(log.window)
    writing = log.window.writing
    assert (writing.words.toPlainText(), writing.about.text(), writing.when.text()) == (words, about, when)
    assert log_entries(log.room.desk.store) == []


@pytest.mark.hazard("H-026", "H-069")
def test_an_entry_that_waits_for_the_link_goes_once_at_its_time_and_what_is_typed_next_stays(log: Log) -> None:
    room, writing = log.room, log.window.writing
    set_link(room, LinkState.LOST)
    asked = room.desk.clock.now()
    log.write("The lift stands still.")
    QTest.keyClick(writing.words, KEY.Key_Return, CTRL)
    assert len(room.desk.actions.pending) == 1
    assert "on its way already" in said(log.window)
    writing.words.setPlainText("The lift runs again.")
    waits = room.desk.actions.pending[0].command
    assert abs(waits.happened_at - asked) < timedelta(seconds=2), "it was when it was written, not when it arrives"
    set_link(room, LinkState.LIVE)
    room.until(lambda: log.words() == ["The lift stands still."])
    assert writing.words.toPlainText() == "The lift runs again."
    QTest.keyClick(writing.words, KEY.Key_Return, CTRL)
    room.until(lambda: writing.words.toPlainText() == "")


@pytest.mark.hazard("H-026")
def test_words_that_the_record_refuses_later_stand_below_those_that_were_typed_meanwhile(
    log: Log, rooms: Rooms
) -> None:
    log.wrote("Two beds at the crisis house.")
    QTest.keyClick(log.window.table, KEY.Key_C)
    set_link(log.room, LinkState.LOST)
    log.write("One bed at the crisis house.")
    log.window.writing.words.setPlainText("Fire drill at six.")
    entry = log.window.shown[0]
    log.room.do(commands.WriteLog(words="No beds at the crisis house.", corrects=entry.id))
    set_link(log.room, LinkState.LIVE)
    log.room.until(lambda: "was corrected already" in said(log.window))
    assert log.window.writing.words.toPlainText() == "Fire drill at six.\nOne bed at the crisis house."


@pytest.mark.hazard("H-026", "H-069")
def test_what_was_typed_is_there_again_after_a_correction_and_what_was_typed_of_that_too(log: Log) -> None:
    for words in ("The lift stands still.", "The gate sticks."):
        log.wrote(words)
    assert QApplication.focusWidget() is log.window.writing.words or not log.window.isActiveWindow()
    writing, table = log.window.writing, log.window.table
    writing.words.setPlainText("Two beds")
    writing.when.setText("2 min ago")
    meant = writing.moment.at
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, KEY.Key_C)
    writing.words.setPlainText("The gate sticks, push it.")
    table.setCurrentCell(1, 0)
    QTest.keyClick(table, KEY.Key_C)
    assert writing.words.toPlainText() == "The lift stands still."
    writing.words.setPlainText("The lift runs again.")
    QTest.keyClick(writing.words, KEY.Key_Escape)
    assert (writing.words.toPlainText(), writing.when.text(), writing.moment.at) == (
        "Two beds",
        "2 min ago",
        meant,
    )
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, KEY.Key_C)
    assert writing.words.toPlainText() == "The gate sticks, push it."
    QTest.keyClick(writing.words, KEY.Key_Return, CTRL)
    log.room.until(lambda: "The gate sticks, push it. (corrected)" in log.words())
    log.room.until(lambda: writing.words.toPlainText() == "Two beds")
    table.setCurrentCell(1, 0)
    QTest.keyClick(table, KEY.Key_C)
    assert writing.words.toPlainText() == "The lift runs again."
    writing.words.setPlainText("The lift stands still.")
    QTest.keyClick(writing.words, KEY.Key_Escape)
    writing.words.clear()
    writing.when.clear()
    assert not log.window.holds_typed()


@pytest.mark.hazard("H-019")
def test_the_chosen_entry_stays_when_another_desk_writes_one(log: Log, rooms: Rooms) -> None:
    for words in ("The lift stands still.", "The gate sticks."):
        log.wrote(words)
    log.window.table.setCurrentCell(1, 0)
    rooms("b.okafor").do(commands.WriteLog(words="Two beds at the crisis house."))
    log.room.until(lambda: len(log.words()) == 3)
    QTest.keyClick(log.window.table, KEY.Key_P)
    log.room.until(lambda: [line[1] for line in log.window.table.lines() if line[4]] == ["The lift stands still."])


def test_an_entry_is_corrected_and_the_old_one_is_shown_no_more(log: Log) -> None:
    log.wrote("Crisis house: two beds.")
    QTest.keyClick(log.window.table, KEY.Key_C)
    writing = log.window.writing
    assert writing.words.toPlainText() == "Crisis house: two beds."
    QTest.keyClick(writing.words, KEY.Key_Escape)
    assert writing.correcting is None
    assert log.window.isVisible(), "the correction is put away first"
    QTest.keyClick(log.window.table, KEY.Key_C)
    writing.words.setPlainText("Crisis house: one bed.")
    QTest.keyClick(writing.words, KEY.Key_Return, CTRL)
    log.room.until(lambda: log.words() == ["Crisis house: one bed. (corrected)"])
    assert len(log_entries(log.room.desk.store)) == 2


def test_it_is_searched_and_marked_for_the_next_shift(log: Log) -> None:
    for words in ("Mr O’Brien has the keys", "Zoë rang again", "The gate code is 4471"):
        log.wrote(words)
    log.window.search.setText("obrien")
    assert log.words() == ["Mr O’Brien has the keys"]
    QTest.keyClick(log.window.table, KEY.Key_P)
    log.room.until(lambda: log.window.table.lines()[0][4] == "yes")
    log.window.search.setText("nothing of the kind")
    assert "Nothing of that is found" in said(log.window)
    log.window.search.clear()
    assert len(log.words()) == 3
    log.window.copy()
    assert QGuiApplication.clipboard().text().splitlines()[0].split("\t")[:2] == ["When", "What"]


def test_what_is_older_than_a_day_is_read_when_it_is_asked_for(log: Log) -> None:
    log.wrote("Tonight.")
    log.window.period.setCurrentIndex(3)
    log.room.until(lambda: len(log.window._older) == 1)
    assert log.words() == ["Tonight."], "read and followed, it is one entry"


# --- the handover ---


class Handing:
    """The handover in front of a lead."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.window = ShiftHandoverPage(room.desk)
        self.window.show()

    def words(self) -> list[str]:
        return [line[1] for line in self.window.table.lines()]

    def signed(self) -> list[str]:
        return [line[4] for line in self.window.table.lines()]

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.window.activateWindow()
        self.room.until(self.window.isActiveWindow)
        QTest.keyClick(self.window.table, key, held)


@pytest.fixture
def handing(rooms: Rooms) -> Iterator[Handing]:
    made = Handing(rooms("l.lead"))
    yield made
    made.window.close()


def test_it_writes_itself_and_follows_the_room(handing: Handing) -> None:
    room = handing.room
    assert "nothing to hand over" in said(handing.window)
    referral_id = room.take(priority="P2")
    number = room.desk.store.referral(referral_id).reference[-4:]
    room.until(lambda: any(number in one for one in handing.words()))
    room.do(commands.WriteLog(words="Lift is out.", pass_on=True))
    room.until(lambda: any("Lift is out." in one for one in handing.words()))
    assert handing.window.table.lines()[0][0] == "People"
    handing.window.set_private(True)
    assert not any("Lift" in one for one in handing.words())


@pytest.mark.hazard("H-069", "H-087")
def test_one_lead_offers_it_and_the_next_signs_each_risk_and_takes_it(
    handing: Handing, rooms: Rooms, next_lead: str
) -> None:
    room, store = handing.room, handing.room.desk.store
    for _ in range(2):
        room.take()
    room.until(lambda: len(handing.words()) >= 2)
    handing.window.notes.setPlainText("Quiet after three.")
    handing.press(KEY.Key_Return, CTRL)
    room.until(lambda: offered_room(store) is not None and items_of(store, offered_room(store)))
    handing.press(KEY.Key_S)
    assert not handing.window.sign_it.isVisible(), "whoever offers it signs nothing"
    assert not handing.window.go_on.isVisible()
    incoming = Handing(rooms(next_lead))
    incoming.room.until(lambda: len(incoming.words()) >= 2 and incoming.window.notes.isReadOnly())
    assert incoming.window.notes.toPlainText() == "Quiet after three."
    incoming.press(KEY.Key_Return, CTRL)
    assert "not signed yet" in said(incoming.window)
    risks = sum(line[3] == "risk" for line in incoming.window.table.lines())
    incoming.window.remark.setText("rang her, she is calm")
    incoming.window.table.setCurrentCell(0, 0)
    incoming.press(KEY.Key_S)
    incoming.room.until(lambda: "rang her" in incoming.signed()[0])
    incoming.room.until(lambda: incoming.window.remark.text() == "")
    for done in range(1, risks):
        row = next(at for at, line in enumerate(incoming.window.table.lines()) if line[3] and not line[4])
        incoming.window.table.setCurrentCell(row, 0)
        incoming.press(KEY.Key_S)
        incoming.room.until(lambda done=done: sum(map(bool, incoming.signed())) == done + 1)
    room.until(lambda: sum(map(bool, handing.signed())) == risks)
    # Somebody else waits by now, and stands in no line that was signed.
    late = room.take(priority="P2")
    incoming.room.until(lambda: "came since" in incoming.window.panel.heading.note())
    incoming.press(KEY.Key_Return, CTRL)
    assert room.desk.store.referral(late).reference[-4:] in said(incoming.window)
    assert offered_room(store) is not None
    incoming.press(KEY.Key_Return, CTRL)
    room.until(lambda: offered_room(store) is None)
    incoming.room.until(lambda: incoming.window.shown.room is None)
    incoming.press(KEY.Key_Return, CTRL)  # out of habit: by now the key would offer what was just taken
    assert "You took the room just now. Offer it all the same?" in said(incoming.window)
    assert offered_room(incoming.room.desk.store) is None
    assert not incoming.room.desk.actions.pending
    room.until(lambda: handing.window.which.count() == 1)
    # Whoever offered it sees under *Now* who has it, without looking for it.
    room.until(lambda: handing.window.panel.heading.note().startswith("taken by N. Next "))
    handing.window.refresh()
    room.until(lambda: handing.window.which.count() == 2)
    handing.window.which.setCurrentIndex(1)
    assert handing.window.notes.toPlainText() == "Quiet after three."
    assert "taken by N. Next" in handing.window.panel.heading.note()
    assert handing.window.notes.isReadOnly()
    handing.window.which.setCurrentIndex(0)
    assert not handing.window.notes.isReadOnly()
    assert handing.window.notes.toPlainText() == "", "they were said, and are no notes of the next shift"
    incoming.window.close()


def test_an_offer_is_withdrawn_and_what_is_typed_meanwhile_stays(handing: Handing) -> None:
    room, store = handing.room, handing.room.desk.store
    room.take()
    room.until(handing.words)
    handing.window.notes.setPlainText("Draft.")
    handing.press(KEY.Key_Return, CTRL)
    room.until(lambda: handing.window.withdraw_it.isVisible())
    handing.press(KEY.Key_W, Qt.KeyboardModifier.AltModifier)
    room.until(lambda: offered_room(store) is None and handing.window.go_on.isVisible())
    assert handing.window.notes.toPlainText() == "Draft."


@pytest.mark.hazard("H-026", "H-069")
def test_what_is_signed_is_not_let_go_by_one_key_and_a_refused_remark_stays(
    handing: Handing, rooms: Rooms, next_lead: str
) -> None:
    room, store = handing.room, handing.room.desk.store
    for _ in range(2):
        room.take()
    room.until(lambda: len(handing.words()) == 2)
    handing.press(KEY.Key_Return, CTRL)
    incoming = Handing(rooms(next_lead))
    incoming.room.until(lambda: incoming.window.sign_it.isVisible() and len(incoming.words()) == 2)
    incoming.press(KEY.Key_S)
    incoming.room.until(lambda: incoming.window.table.currentRow() == 1)
    room.until(lambda: handing.signed()[0])
    handing.press(KEY.Key_W, Qt.KeyboardModifier.AltModifier)
    assert "signed already" in said(handing.window)
    assert not room.desk.actions.pending
    set_link(incoming.room, LinkState.LOST)
    incoming.window.remark.setText("rang, no answer")
    incoming.press(KEY.Key_S)
    assert incoming.window.table.currentRow() == 1, "nothing is signed yet"
    handing.press(KEY.Key_W, Qt.KeyboardModifier.AltModifier)
    room.until(lambda: offered_room(store) is None)
    set_link(incoming.room, LinkState.LIVE)
    incoming.room.until(lambda: "over" in incoming.window.message.text())
    assert incoming.window.remark.text() == "rang, no answer"
    incoming.window.close()


def test_a_dispatcher_reads_it_and_has_nothing_to_press(rooms: Rooms) -> None:
    made = Handing(rooms("a.shah"))
    window = made.window
    assert not any(one.isVisible() for one in (window.go_on, window.sign_it, window.withdraw_it, window.remark))
    assert window.notes.isReadOnly()
    made.press(KEY.Key_Return, CTRL)
    assert offered_room(made.room.desk.store) is None
    window.close()


def test_it_fits_two_pages_and_says_nothing_in_markup(handing: Handing, tmp_path: Path) -> None:
    lines = [printing.PrintedLine("person", f"00{n:02} Corby P2 · waits <b>{n}</b>", True, "") for n in range(40)]
    lines += [printing.PrintedLine("log", "02:12 · gate", False, "")] * 22
    made = Checkpoint("cru-audit/633c21f5-a83b-4abd-a6b5-25bd23d9076d", 523, bytes(range(32)), 3, NOW, NOW)
    sealed = note_of(made, Signature("cru-audit", b"key ", bytes(range(64))))
    told = ["offered by T. Okafor"]
    html = printing.as_html("Handover of the room", told, lines, "Quiet.\nThen busy & late.", sealed)
    assert "&lt;b&gt;" in html
    assert sealed.rstrip() in html, "to the letter, as it is verified by"
    square = html.partition("base64,")[2].partition("'")[0]
    assert QImage.fromData(base64.b64decode(square)).width() > 50
    assert html.count("☐") == 40
    elsewhere = QPrinter()
    elsewhere.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    printer = printing.on_a4(elsewhere)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "room.pdf"))
    document = printing.as_document(html)
    document.print_(printer)
    assert (tmp_path / "room.pdf").stat().st_size > 5_000
    assert printer.pageLayout().pageSize().id() is QPageSize.PageSizeId.A4
    document.setPageSize(printer.pageRect(QPrinter.Unit.Point).size())
    assert document.pageCount() <= 2
    handing.room.take()
    handing.room.until(handing.words)
    assert handing.words()[0].split(" · ")[0] in handing.window.page()
    dialogue = handing.window.print_page()
    assert isinstance(dialogue, QPrintDialog)
    assert not dialogue.isModal() or dialogue.windowModality() is Qt.WindowModality.WindowModal
    dialogue.reject()


def test_the_time_that_it_tells_of_is_said(handing: Handing) -> None:
    handing.room.take()
    handing.room.until(handing.words)
    handing.press(KEY.Key_Return, CTRL)
    handing.room.until(lambda: "offered by" in handing.window.panel.heading.note())
    store = handing.room.desk.store
    since = offered_room(store).since_at
    assert handing.room.desk.clock.now() - since >= timedelta(hours=11, minutes=59)
    assert " · since " in handing.window.panel.heading.note()
