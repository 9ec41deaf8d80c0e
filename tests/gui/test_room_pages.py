"""What the windows of the room show and send, by themselves: lines, notes, and who may do what."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from console.live.store import Link, LinkState, Store
from console.views.room import log_page
from console.views.room.handover_page import COLUMNS, NOTHING, ShiftHandoverPage
from console.views.room.log_page import ShiftLogPage
from db.commands import OfferRoom, PassOn, SignRisk, TakeRoom, WithdrawOffer, WriteLog
from db.domain.roles import Role
from db.domain.shift_handover import HandedItem, ShiftHandover
from db.domain.shift_log import LogEntry
from db.errors import Invalid, Unavailable
from db.room_queries import HandedOver
from tests.gui.desks import Runs, qt_loop
from tests.unit.board_records import NOW, ago, reference, referral, van

__all__ = ["qt_loop"]
KEY, CTRL, ALT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
ROOM, WHO, ON = uuid4(), referral(number=44), van("CRU3")


def line(rank: int, kind: str = "person", *, risk: bool = True, signed: bool = False, **more: Any) -> HandedItem:
    fields: dict[str, Any] = {
        "referral_id": None,
        "van_id": None,
        "due_at": None,
        "signed_by": "n.lead" if signed else "",
        "signed_at": ago(5) if signed else None,
        "remark": "",
    }
    return HandedItem(
        id=uuid4(),
        version=1,
        shift_handover_id=ROOM,
        rank=rank,
        kind=kind,
        words=f"line {rank}",
        is_risk=risk,
        **(fields | more),
    )


def room(by: str = "l.lead", **ends: Any) -> ShiftHandover:
    fields: dict[str, Any] = {"taken_by": "", "taken_at": None, "withdrawn_by": "", "withdrawn_at": None}
    return ShiftHandover(
        id=ROOM,
        version=1,
        since_at=ago(600),
        notes="Quiet.",
        offered_by=by,
        offered_at=ago(20),
        **(fields | ends),
    )


class Desk:
    """A mirror, and what was sent; a test answers."""

    def __init__(self, login: str = "l.lead", role: Role = Role.SHIFT_LEAD) -> None:
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        self.store.put({"referral": [], "van": []})
        self.sent: list[tuple[Any, str, Callable[[Any], None]]] = []
        self.past: Any = []
        self.asked: list[datetime] = []
        reads = SimpleNamespace(room_handovers=self._handovers, log_since=self._handovers)
        changed = SimpleNamespace(connect=lambda _told: None)
        actions = SimpleNamespace(submit=lambda *given: self.sent.append(given), changed=changed, pending=())
        self.desk: Any = SimpleNamespace(
            store=self.store,
            clock=SimpleNamespace(now=lambda: NOW),
            me=SimpleNamespace(login=login, role=role),
            reads=reads,
            actions=actions,
        )

    async def _handovers(self, since: datetime) -> Any:
        self.asked.append(since)
        if isinstance(self.past, Exception):
            raise self.past
        return self.past

    def answer(self, error: Exception | None = None) -> Any:
        """Answer what was sent last; its command."""
        command, _, then = self.sent.pop()
        then(SimpleNamespace(error=error))
        return command

    def offered(self, *items: HandedItem, by: str = "l.lead") -> None:
        self.store.put({"shift_handover": [room(by)], "shift_handover_item": items})


def said(window: QWidget) -> str:
    return " ".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def handing(qt_loop: Runs) -> Callable[[Desk], ShiftHandoverPage]:
    def opened(desk: Desk) -> ShiftHandoverPage:
        page = ShiftHandoverPage(desk.desk)
        page.show()
        qt_loop(page._read())
        return page

    return opened


# --- handing over ---


def test_a_kind_is_said_once_and_what_is_signed_by_whom(handing: Any) -> None:
    desk = Desk("n.lead")
    desk.offered(
        line(1, due_at=NOW + timedelta(minutes=9)),
        line(2, signed=True, remark="rang"),
        line(3, "call", risk=False),
        line(4, "call", signed=True),
        line(5, "log", risk=False),
    )
    page = handing(desk)
    assert page.table.lines() == [
        ["People", "line 1", "03:51", "risk", ""],
        ["", "line 2", "", "risk", "n.lead 03:37 · rang"],
        ["Calls, promises and holds", "line 3", "", "", ""],
        ["", "line 4", "", "risk", "n.lead 03:37"],
        ["From the shift log", "line 5", "", "", ""],
    ]
    assert page.panel.heading.note() == (
        "One risk is not signed yet · since 17:42 Sat 21 Nov · offered by l.lead 03:22"
    )
    page.set_private(True)
    assert [one[1] for one in page.table.lines()] == ["line 1", "line 2", "hidden", "hidden", "hidden"]
    page.set_private(False)
    page.copy()
    copied = [one.split("\t") for one in QGuiApplication.clipboard().text().splitlines()]
    assert copied[0] == list(COLUMNS)
    assert [one[0] for one in copied[1:]] == [
        *["People"] * 2,
        *["Calls, promises and holds"] * 2,
        "From the shift log",
    ]
    desk.store.seal.see("cru-audit 523")
    html = page.page()
    assert "cru-audit 523" in html, "what was sealed last stands on the paper"
    assert "Handover of the room, 03:22" in html
    assert (html.count("☐"), html.count("☑"), html.count("<h4>People")) == (1, 2, 1)
    assert "line 1 · 03:51" in html
    assert "Quiet." in html
    page.close()


@pytest.mark.parametrize(
    ("login", "role", "by", "go_on", "withdraw", "sign"),
    [
        ("l.lead", Role.SHIFT_LEAD, "", "Offer the room", False, False),
        ("l.lead", Role.SHIFT_LEAD, "l.lead", "", True, False),
        ("n.lead", Role.SHIFT_LEAD, "l.lead", "Take the room", True, True),
        ("a.shah", Role.DISPATCHER, "", "", False, False),
        ("a.shah", Role.DISPATCHER, "l.lead", "", False, False),
    ],
)
def test_who_may_do_what(
    handing: Any, login: str, role: Role, by: str, go_on: str, withdraw: bool, sign: bool
) -> None:
    desk = Desk(login, role)
    if by:
        desk.offered(line(1), by=by)
    page = handing(desk)
    assert (page.go_on.text() if page.go_on.isVisible() else "") == go_on
    assert page.withdraw_it.isVisible() is withdraw
    assert (page.sign_it.isVisible(), page.remark.isVisible()) == (sign, sign)
    assert page.notes.isReadOnly() is (bool(by) or role is Role.DISPATCHER)
    assert page.is_mine is (by == login)
    for act in (page.take_or_offer, page.withdraw, page.sign):
        act()
    kinds = [type(command) for command, *_ in desk.sent]
    expected = {
        "Offer the room": [OfferRoom],
        "Take the room": [WithdrawOffer, SignRisk],
        "": [WithdrawOffer] * withdraw,
    }
    assert kinds == expected[go_on]
    page.close()


def test_each_risk_is_signed_before_the_room_is_taken(handing: Any) -> None:
    desk = Desk("n.lead")
    items = [line(1), line(2, risk=False), line(3), line(4, signed=True)]
    desk.offered(*items)
    page = handing(desk)
    page.take_or_offer()
    assert desk.sent == []
    assert "2 risks are not signed yet." in said(page)
    assert page.table.currentRow() == 0
    page.remark.setText("called, no answer")
    page.sign()
    assert (page.remark.text(), page.table.currentRow()) == ("called, no answer", 0), "the record has it not yet"
    command = desk.answer()
    assert (page.remark.text(), page.table.currentRow()) == ("", 2), "on to the next that is open"
    assert (command.item_id, command.remark) == (items[0].id, "called, no answer")
    page.sign()
    page.table.setCurrentCell(1, 0)
    assert desk.answer().item_id == items[2].id
    assert page.table.currentRow() == 1, "whoever went elsewhere meanwhile stays there"
    page.table.setCurrentCell(3, 0)
    page.sign()
    assert desk.sent == []
    assert "signed already" in said(page)
    signed = [replace(one, signed_by="n.lead", signed_at=NOW) for one in (items[0], items[2])]
    desk.offered(signed[0], items[1], items[2], items[3])
    page.take_or_offer()
    assert "One risk is not signed yet." in said(page)
    assert page.table.currentRow() == 2
    desk.offered(*signed)
    page.take_or_offer()
    (sent,) = desk.sent
    assert (type(sent[0]), sent[0].handover_id, sent[1]) == (TakeRoom, ROOM, "room taken")
    desk.answer(Unavailable("The record cannot be reached.", "Wait."))
    assert "The record cannot be reached." in said(page)
    page.close()


def test_the_notes_that_are_typed_stay_while_an_offer_comes_and_goes(handing: Any) -> None:
    desk = Desk()
    page = handing(desk)
    page.notes.setPlainText("Draft.")
    page.take_or_offer()
    assert desk.answer().notes == "Draft."
    desk.offered(line(1))
    assert (page.notes.toPlainText(), page.notes.isReadOnly()) == ("Quiet.", True)
    desk.store.put({"shift_handover": [room(withdrawn_at=NOW, withdrawn_by="l.lead")]})
    assert (page.notes.toPlainText(), page.notes.isReadOnly()) == ("Draft.", False)
    page.close()


def test_how_it_was_handed_over_before(handing: Any, qt_loop: Runs) -> None:
    desk = Desk()
    taken = replace(room(), id=uuid4(), taken_by="n.lead", taken_at=ago(10))
    gone = replace(room("n.lead"), id=uuid4(), withdrawn_by="n.lead", withdrawn_at=ago(1500), offered_at=ago(1510))
    desk.past = [HandedOver(taken, (line(1),)), HandedOver(room(), ()), HandedOver(gone, ())]
    page = handing(desk)
    assert desk.asked[-1] == NOW - timedelta(days=92)
    assert [page.which.itemText(at) for at in range(page.which.count())] == [
        "Now",
        "03:22 l.lead, taken by n.lead",
        "02:32 Sat 21 Nov n.lead, withdrawn",
    ]
    page.which.setCurrentIndex(1)
    assert page.panel.heading.note().endswith("offered by l.lead 03:22 · taken by n.lead 03:32")
    assert not page.go_on.isVisible()
    page.which.setCurrentIndex(2)
    assert page.panel.heading.note().endswith("withdrawn by n.lead 02:42 Sat 21 Nov")
    qt_loop(page._read())
    assert page.which.currentIndex() == 2, "what is looked at stays"
    desk.past = []
    qt_loop(page._read())
    assert (page.which.count(), page.which.currentIndex()) == (1, 0)
    desk.past = Unavailable("The record cannot be reached.")
    qt_loop(page._read())
    assert "The record cannot be reached." in said(page)
    page.close()


def test_earlier_handovers_are_searched_and_what_is_hidden_is_not_found(handing: Any) -> None:
    desk = Desk()
    kept = []
    for nth, (words, kind, notes) in enumerate(
        (
            ("CRU3 at the garage until ten", "van", "EMAS short in the north"),
            ("0044 Zoë wants her sister told", "call", ""),
            ("Key safe at O’Brien’s", "log", "Ward full; CRU3 back"),
        )
    ):
        when = ago(700 * (nth + 1))
        one = replace(room(), id=uuid4(), offered_at=when, taken_by="n.lead", taken_at=when, notes=notes)
        kept.append(HandedOver(one, (line(1), replace(line(2), words=words, kind=kind, remark="rang twice"))))
    desk.past = kept
    page = handing(desk)

    def found(typed: str) -> list[int]:
        page.search.setText(typed)
        return [kept.index(one) for one in page._found] if page.which.count() > 1 else []

    assert found("cru3") == [0, 2], "in a line, and in the notes"
    assert (page.which.count(), page.which.currentIndex()) == (3, 1)
    assert page.shown.room == kept[0].room
    assert page.table.currentRow() == 1
    assert found("garage CRU3") == [0]
    assert found("obrien") == [2]
    assert found("zoe  SISTER") == [1]
    assert found("twice n.lead") == [0, 1, 2], "a remark, and who took it"
    assert found("nowhere") == []
    assert page.shown.room is None
    assert "Nothing of that is found" in said(page)
    page.set_private(True)
    assert found("sister") == found("obrien") == found("ward") == []
    assert found("garage") == [0]
    page.set_private(False)
    assert page.which.count() == 2
    assert found("") == [0, 1, 2]
    assert page.which.currentIndex() == 0
    assert "Nothing of that" not in said(page)
    page.close()


def test_a_line_leads_to_what_it_is_about_and_nothing_is_said_where_nothing_is(handing: Any) -> None:
    desk = Desk()
    page = handing(desk)
    assert NOTHING in said(page)
    assert not page.table.isVisible()
    assert page.panel.heading.note() == "0 lines · 0 risks to sign · as of 03:42"
    gone: list[tuple[UUID | None, UUID | None]] = []
    page.wanted.connect(lambda *ids: gone.append(ids))
    page.go()
    desk.offered(line(1), line(2, referral_id=WHO.id), line(3, van_id=ON.id))
    assert NOTHING not in said(page)
    assert page.table.isVisible()
    for row in range(3):
        page.table.setCurrentCell(row, 0)
        QTest.keyClick(page.table, KEY.Key_Return)
    page.table.cellDoubleClicked.emit(2, 0)
    assert gone == [(WHO.id, None), (None, ON.id), (None, ON.id)]
    page.close()


def test_it_follows_the_room_only_while_it_is_seen(handing: Any) -> None:
    desk = Desk()
    page = handing(desk)
    assert (page._beat.isActive(), page._beat.interval()) == (True, 15_000)
    page.hide()
    desk.offered(line(1))
    page._as_time_passes()
    assert page.table.rowCount() == 0
    page.show()
    assert page.table.rowCount() == 1
    page.close()


@pytest.mark.parametrize(
    ("here", "told"),
    [(None, True), (room(), True), (room(taken_by="n.lead", taken_at=ago(5)), False)],
    ids=["nobody offered it", "it is offered", "it was taken"],
)
def test_what_goes_on_is_told_anew_as_time_passes(handing: Any, here: ShiftHandover | None, told: bool) -> None:
    page = handing(Desk())
    before = page.shown = replace(page.shown, room=here)
    page._as_time_passes()
    assert (page.shown is not before) is told
    page.close()


# --- the log ---


def entry(minutes: float, words: str, **more: Any) -> LogEntry:
    fields: dict[str, Any] = {"referral_id": None, "van_id": None, "pass_on": False, "corrects": None}
    return LogEntry(
        id=uuid4(),
        version=1,
        happened_at=ago(minutes),
        words=words,
        written_by="a.shah",
        written_at=ago(minutes),
        **(fields | more),
    )


@pytest.fixture
def log(qt_loop: Runs) -> Callable[..., tuple[Desk, ShiftLogPage]]:
    def opened(*entries: LogEntry) -> tuple[Desk, ShiftLogPage]:
        desk = Desk("a.shah", Role.DISPATCHER)
        desk.store.put({"referral": [WHO], "van": [ON], "shift_log": entries})
        page = ShiftLogPage(desk.desk)
        page.show()
        return desk, page

    return opened


def test_entries_newest_first_with_what_they_are_about(log: Any) -> None:
    first = entry(90, "Two cars.")
    rows = [
        first,
        entry(60, "One car.", corrects=first.id, pass_on=True),
        entry(30, "Gate\ncode.", referral_id=WHO.id, van_id=ON.id, reference=WHO.reference),
        # One that has left the board is told by its number all the same.
        entry(1500, "Yesterday.", referral_id=uuid4(), reference="CRU-20261120-0031"),
    ]
    desk, page = log(*rows)
    assert page.table.lines() == [
        ["03:12", "Gate code.", "0044 CRU3", "a.shah", ""],
        ["02:42", "One car. (corrected)", "", "a.shah", "yes"],
        ["02:42 Sat 21 Nov", "Yesterday.", "0031 Fri", "a.shah", ""],
    ]
    assert page.panel.heading.note() == "3 entries · 1 for the next shift · 03:42"
    page.table.setCurrentCell(1, 0)
    desk.store.put({"shift_log": [entry(1, "New.")]})
    assert page.chosen() == rows[1], "the entry that is chosen stays chosen"
    page.search.setText("cru3")
    assert [one[1] for one in page.table.lines()] == ["Gate code."]
    assert page.panel.heading.note().startswith("1 entry · 0 for")
    page.search.setText("nothing of the kind")
    assert page.empty.isVisible()
    assert not page.table.isVisible()
    assert page.empty.text() == "Nothing of that is found."
    page.search.clear()
    page.copy()
    assert QGuiApplication.clipboard().text().splitlines()[0].split("\t") == list(log_page.COLUMNS)
    page.set_private(True)
    assert {one[1].removesuffix(" (corrected)") for one in page.table.lines()} == {"hidden"}
    page.correct()
    assert page.writing.correcting is None, "what is hidden is not put into the field"
    page.close()


def test_it_is_passed_on_or_not_and_leads_to_the_desk(log: Any) -> None:
    there, bare = entry(1, "There.", van_id=ON.id, pass_on=True), entry(2, "Bare.")
    desk, page = log(there, bare)
    gone: list[tuple[UUID | None, UUID | None]] = []
    page.wanted.connect(lambda *ids: gone.append(ids))
    for row, one in enumerate((there, bare)):
        page.table.setCurrentCell(row, 0)
        QTest.keyClick(page.table, KEY.Key_P)
        command = desk.answer()
        assert (type(command), command.entry_id, command.pass_on) == (PassOn, one.id, not one.pass_on)
        QTest.keyClick(page.table, KEY.Key_Return)
    assert gone == [(None, ON.id)]
    page.toggle_passed()
    desk.answer(Unavailable("Not now.", ""))
    assert "Not now." in said(page)
    page.close()


def test_what_is_older_than_a_day_is_read_from_when_it_is_asked_for(log: Any, qt_loop: Runs) -> None:
    desk, page = log(entry(1, "Now."))
    assert desk.asked == []
    for at, days in ((1, 7), (2, 28), (3, 366)):
        desk.past = [entry(3000, "Then.")]
        page.period.setCurrentIndex(at)
        qt_loop(page._read())
        assert desk.asked[-1] == NOW - timedelta(days=days)
        assert [one[1] for one in page.table.lines()] == ["Now.", "Then."]
    page.period.setCurrentIndex(0)
    assert [one[1] for one in page.table.lines()] == ["Now."]
    desk.past = Unavailable("The record cannot be reached.")
    qt_loop(page._read())
    assert "The record cannot be reached." in said(page)
    page.close()


def test_what_is_typed_stays_until_the_record_has_it(log: Any) -> None:
    desk, page = log()
    writing = page.writing
    page.write()
    assert "There is nothing written." in said(page)
    writing.words.setPlainText("  Keys at the desk. ")
    writing.about.setText("0044 cru3")
    writing.when.setText("0330")
    writing.pass_on.setChecked(True)
    assert "Kettering" in writing.reading.text()
    assert "CRU3" in writing.reading.text()
    QTest.keyClick(writing.words, KEY.Key_Return, CTRL)
    page.write()
    assert len(desk.sent) == 1
    assert "on its way already" in said(page)
    assert writing.words.toPlainText() == "  Keys at the desk. "
    command = desk.answer(Unavailable("Not now.", ""))
    assert command == WriteLog(
        words="Keys at the desk.",
        happened_at=command.happened_at,
        referral_id=WHO.id,
        van_id=ON.id,
        pass_on=True,
        corrects=None,
        command_id=command.command_id,
        entry_id=command.entry_id,
    )
    assert abs(command.happened_at - ago(12)) < timedelta(minutes=1)
    assert "Not now." in said(page)
    page.write()
    desk.answer()
    assert (writing.words.toPlainText(), writing.about.text(), writing.when.text()) == ("", "", "")
    assert not writing.pass_on.isChecked()
    assert "Not now." not in said(page)
    # Enter by itself is a line of its own.
    QTest.keyClick(writing.words, KEY.Key_Return)
    assert desk.sent == []
    page.close()


def test_a_correction_begins_with_the_entry_and_is_put_away_first(log: Any) -> None:
    old = entry(5, "One bed.", van_id=ON.id, pass_on=True)
    desk, page = log(old)
    QTest.keyClick(page.table, KEY.Key_C)
    writing = page.writing
    assert (writing.words.toPlainText(), writing.about.text(), writing.pass_on.isChecked()) == (
        "One bed.",
        "CRU3",
        True,
    )
    assert writing.go.text() == "Write the correction"
    assert writing.reading.text().startswith("corrects a.shah")
    page.write()
    command = desk.answer()
    assert (command.corrects, command.van_id) == (old.id, ON.id)
    assert (writing.correcting, writing.go.text()) == (None, "Write")
    page.correct()
    page.leave()
    assert page.isVisible()
    page.leave()
    assert not page.isVisible()


@pytest.mark.parametrize(("about", "wrong"), [("9876", "9876"), ("0044 zz top", "zz top"), ("", ""), ("cru3", "")])
def test_what_names_nothing_is_said_while_it_is_typed(log: Any, about: str, wrong: str) -> None:
    _, page = log()
    page.writing.about.setText(about)
    assert (f'"{wrong}" names no live referral' in page.writing.reading.text()) is bool(wrong)
    assert page.writing.about.accessibleDescription() == page.writing.reading.text()
    page.writing.words.setPlainText("x")
    if wrong:
        with pytest.raises(Invalid, match="names no live referral"):
            page.writing.command()
    else:
        assert page.writing.command().words == "x"
    page.close()
