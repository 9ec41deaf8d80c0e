"""Two desks: a message goes over and comes back seen; who looks and types is told, and is gone."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import event

from console.live import presence
from console.live.alarms_here import AlarmsHere
from console.live.presence import PresenceTeller, others_at
from console.live.store import Link, LinkState
from console.live.talk import messages, unseen
from console.running.tasks import spawn
from console.views.board.panel import BoardPanel
from console.views.desk.arrived import Arrived
from console.views.inbox.page import InboxPage
from console.views.room.messages_page import MessagesPage
from tests.gui.desks import Room, put_on, qt_loop, rooms, stage
from tests.unit.board_records import NOW

__all__ = ["qt_loop", "rooms", "stage"]
KEY = Qt.Key
Rooms = Callable[[str], Room]


def test_a_message_is_sent_seen_and_answered_by_keys(rooms: Rooms, stage: QWidget, qtbot: QtBot) -> None:
    lead, shah = rooms("l.lead"), rooms("a.shah")
    about = lead.take()
    shah.until(lambda: shah.desk.store.referral(about))
    said: list[str] = []
    arrived = Arrived(shah.desk, said.append, stage)
    theirs, mine = MessagesPage(lead.desk), MessagesPage(shah.desk)
    theirs.show()
    theirs.begin(about)
    assert theirs.about.text()
    qtbot.keyClick(theirs.words, KEY.Key_Return)
    assert "nothing written" in theirs.message.text()
    qtbot.keyClicks(theirs.words, "sister is on her way")
    theirs.to.setCurrentIndex(theirs.to.findData("a.shah"))
    qtbot.keyClick(theirs.words, KEY.Key_Return)
    shah.until(lambda: unseen(shah.desk))
    lead.until(lambda: not theirs.words.text())
    assert said == ["Message: L. Lead to A. Shah. Ctrl M"]
    assert "sister" not in said[0]
    mine.show()
    assert mine.table.lines()[0][3] == "● sister is on her way"
    qtbot.keyClick(mine.table, KEY.Key_A)
    assert mine.to.currentData() == "l.lead"
    assert mine.about.text() == theirs.about.text()
    qtbot.keyClick(mine.table, KEY.Key_S)
    lead.until(lambda: [one.seen_by for one in messages(lead.desk)] == [("a.shah",)])
    assert theirs.table.lines()[0][4] == "seen by A. Shah"
    shah.until(lambda: not unseen(shah.desk))
    theirs.set_private(True)
    assert "sister" not in str(theirs.table.lines())
    wanted: list[tuple[UUID | None, UUID | None]] = []
    mine.wanted.connect(lambda *given: wanted.append(given))
    qtbot.keyClick(mine.table, KEY.Key_Return)
    assert wanted == [(about, None)]
    for page in (theirs, mine):
        page.end()
    arrived.deleteLater()


def test_what_names_no_referral_is_not_sent(rooms: Rooms, stage: QWidget, qtbot: QtBot) -> None:
    room = rooms("a.shah")
    page = MessagesPage(room.desk)
    page.show()
    page.about.setText("9999")
    qtbot.keyClicks(page.words, "hello")
    qtbot.keyClick(page.words, KEY.Key_Return)
    assert "names no live referral" in page.message.text()
    assert room.desk.actions.pending == ()
    assert page.words.text() == "hello"
    page.end()


def test_it_stays_in_the_inbox_until_it_is_seen_there(rooms: Rooms, stage: QWidget, qtbot: QtBot) -> None:
    lead, shah = rooms("l.lead"), rooms("a.shah")
    page = MessagesPage(lead.desk)
    page.words.setText("kettle is on")
    page.send()
    shah.until(lambda: unseen(shah.desk))
    here = AlarmsHere(shah.desk, stage)
    inbox = InboxPage(shah.desk, here)
    inbox.show()
    assert [one.words for one in inbox.shown] == ["L. Lead: kettle is on"]
    qtbot.keyClick(inbox.table, KEY.Key_A)
    shah.until(lambda: not unseen(shah.desk))
    inbox.show_lines()
    assert inbox.shown == []
    inbox.close()
    page.end()


def test_who_types_is_told_on_row_and_goes_when_they_leave(rooms: Rooms, stage: QWidget) -> None:
    lead, shah = rooms("l.lead"), rooms("a.shah")
    about = lead.take()
    shah.until(lambda: shah.desk.store.referral(about))
    board = BoardPanel(shah.desk)
    put_on(stage, board, 460, 500)
    now: list[tuple[UUID | None, bool]] = [(about, False)]
    teller = PresenceTeller(lead.engine, lead.desk, lead.session.sync, lambda: now[0])
    tells, taken = spawn(teller.run(), "tell where it is"), list[object]()
    event.listen(lead.engine.sync_engine, "checkout", lambda *_: taken.append(True))
    told = partial(others_at, shah.desk, about)
    shah.until(lambda: told() == "L. Lead looks at it")
    assert others_at(lead.desk, about) == ""
    now[0] = (about, True)
    shah.until(lambda: told() == "L. Lead is typing here")
    index = board.model.index(0)
    assert "L. Lead is typing here" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "L. Lead is typing here" in index.data(Qt.ItemDataRole.ToolTipRole)
    # It went with the beats of the board: no connection was taken from what people ask for.
    assert taken == []
    tells.cancel()
    shah.until(lambda: told() == "")
    assert lead.session.sync.after_beat is None


def test_a_console_that_shows_nothing_says_so_once_and_lets_its_connection_rest(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, said, takes = rooms("a.shah"), [], [True]

    async def say_here(_console: UUID, referral_id: UUID | None, *, typing: bool) -> bool:
        said.append((referral_id, typing))
        return takes[0]

    feed: Any = SimpleNamespace(say_here=say_here)
    here: tuple[UUID | None, bool] = (None, False)
    teller = PresenceTeller(room.engine, room.desk, room.session.sync, lambda: here)
    for _ in range(3):
        room.run(teller.look(feed))
    assert said == [here]
    # What the record would have had to wait for is said with the next beat, and then no more.
    said.clear()
    here, takes[0] = (UUID(int=1), True), False
    room.run(teller.look(feed))
    takes[0] = True
    for _ in range(3):
        room.run(teller.look(feed))
    assert said == [here, here]
    monkeypatch.setattr(presence, "SAY_EVERY", 0.0)
    room.run(teller.look(feed))
    assert said == [here, here, here], "now and then it is said that it is still so"
    # Good-bye is said by whoever said something, and not into a link that is lost.
    gone: list[UUID] = []

    async def be_gone(_connection: object, console: UUID) -> None:
        gone.append(console)

    monkeypatch.setattr(presence, "be_gone", be_gone)
    room.run(PresenceTeller(room.engine, room.desk, room.session.sync, lambda: here)._leave())
    away: Any = SimpleNamespace(store=SimpleNamespace(link=Link(LinkState.LOST, NOW)), console=room.desk.console)
    cut_off = PresenceTeller(room.engine, away, room.session.sync, lambda: here)
    cut_off._said = here
    room.run(cut_off._leave())
    assert gone == []
    room.run(teller._leave())
    assert gone == [room.desk.console]
