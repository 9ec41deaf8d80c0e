"""Alarms on two desks: raised once, answered by a name, resting, over, and told when nobody raises them."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.live.alarm_book import NOT_RAISED
from console.live.alarm_raiser import AlarmRaiser
from console.live.seals import SealKeeper
from console.views.alarms.page import AlarmsPage
from console.views.desk.seeing_to import see_to
from console.views.inbox.page import InboxPage
from console.views.status.bar import StatusBar
from db import commands
from db.domain.raised import RaisedAlarm
from tests.cluster import LOGINS, Record, run
from tests.db.audits import FORGOTTEN, TAKEN_OUT, sealed
from tests.db.psql import psql_on
from tests.gui.desks import Room, qt_loop, rooms

if TYPE_CHECKING:
    from db.domain.inbox import InboxItem

__all__ = ["qt_loop", "rooms"]
KEY = Qt.Key


class Desk:
    """A status bar, and whatever raises alarms behind it."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.bar = StatusBar(room.desk)
        self.here = self.bar.alarms
        self.raiser = AlarmRaiser(room.engine, room.desk.store, self.here.book, self.here.found)
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._task = asyncio.get_event_loop().create_task(self.raiser.run())

    def die(self) -> None:
        """As a console does whose computer is switched off: it gives nothing back."""
        if self._task is not None:
            self._task.cancel()
            self.room.run(asyncio.wait([self._task]))
            self._task = None

    def raises(self) -> bool:
        self.bar.tick()
        return self.raiser.raises

    def names(self) -> list[str]:
        self.bar.tick()
        return [alarm.key for alarm in self.bar.sounding()]

    def rows(self) -> list[RaisedAlarm]:
        return self.room.desk.store.all_of(RaisedAlarm, "alarm")

    def row(self, name: str) -> RaisedAlarm | None:
        return next((one for one in self.rows() if one.name == name and one.closed_at is None), None)


@pytest.fixture
def desks(rooms: Callable[[str], Room]) -> Iterator[Callable[[str], Desk]]:
    made: list[Desk] = []

    def sit(login: str, *, raising: bool = True) -> Desk:
        made.append(Desk(rooms(login)))
        if raising:
            made[-1].begin()
        return made[-1]

    yield sit
    for desk in made:
        desk.die()
        desk.bar.deleteLater()


def late(desk: Desk) -> UUID:
    """Somebody who waits without a van, too long."""
    return desk.room.take(received_at=desk.room.desk.clock.now() - timedelta(minutes=7))


def sql(record: Record, text: str, *given: Any) -> Any:
    async def ask() -> Any:
        async with psql_on(record, tuple(LOGINS)) as psql:
            return await psql.owner.fetchval(text, *given)

    return run(ask())


@pytest.mark.hazard("H-053")
def test_two_desks_raise_one_and_whoever_answers_quiets_both_by_name(desks: Callable[[str], Desk]) -> None:
    one, other = desks("a.shah"), desks("l.lead")
    one.room.until(lambda: one.raises() or other.raises())
    name = f"no van {late(one)}"
    one.room.until(lambda: one.row(name) and other.row(name))
    assert [row.name for row in one.rows()] == [name]
    assert name in other.names()
    assert one.bar.acknowledge_next() is not None
    assert one.names() == []
    one.room.until(lambda: other.names() == [])
    (alarm,) = other.here.all()
    assert other.here.answered_words(alarm, other.room.desk.clock.now()).startswith("A. Shah ")


@pytest.mark.hazard("H-053")
def test_when_the_console_that_raises_is_gone_another_does(record: Record, desks: Callable[[str], Desk]) -> None:
    one = desks("a.shah")
    one.room.until(one.raises)
    other = desks("l.lead")
    one.die()
    sql(record, "UPDATE cru.alarm_watch SET beat_at = beat_at - interval '7 seconds'")
    name = f"no van {late(other)}"
    other.room.until(lambda: other.raises() and other.row(name))


@pytest.mark.hazard("H-053")
def test_when_nobody_raises_every_desk_says_so(record: Record, desks: Callable[..., Desk]) -> None:
    one, other = desks("a.shah", raising=False), desks("l.lead", raising=False)
    sql(record, "UPDATE cru.alarm_watch SET beat_at = clock_timestamp() - interval '21 seconds'")
    one.room.until(lambda: NOT_RAISED in one.names() and NOT_RAISED in other.names())
    # What each hears it hears all the same.
    name = f"no van {late(one)}"
    one.room.until(lambda: name in one.names() and name in other.names())
    other.begin()
    one.room.until(lambda: NOT_RAISED not in one.names() and NOT_RAISED not in other.names())


def test_what_is_over_and_was_not_seen_stays_until_somebody_has_seen_it(desks: Callable[[str], Desk]) -> None:
    desk = desks("a.shah")
    desk.room.until(desk.raises)
    who = late(desk)
    name = f"no van {who}"
    desk.room.until(lambda: desk.row(name))
    desk.room.do(commands.Cancel(referral_id=who, reason="duplicate"))
    desk.room.until(lambda: (row := desk.row(name)) and row.returned_at is not None)
    desk.bar.tick()
    (alarm,) = desk.bar.sounding()
    assert "over, nobody has answered it" in alarm.sentence(desk.room.desk.clock.now())
    desk.bar.acknowledge_next()
    desk.room.until(lambda: desk.row(name) is None and desk.here.all() == [])


def test_a_kind_that_is_out_of_service_sounds_nowhere(record: Record, desks: Callable[[str], Desk]) -> None:
    desk = desks("a.shah")
    name = f"no van {late(desk)}"
    desk.room.until(lambda: name in desk.names())
    sql(record, "UPDATE cru.alarm_kind SET active = false WHERE code = 'no_van'")
    desk.room.until(lambda: name not in desk.names())
    assert NOT_RAISED not in desk.names()


def test_a_lead_lets_one_rest_in_the_list_and_it_stands_there_with_why(desks: Callable[[str], Desk]) -> None:
    lead, desk = desks("l.lead"), desks("a.shah")
    name = f"no van {late(lead)}"
    lead.room.until(lambda: lead.names() == [name] and lead.row(name))
    page = AlarmsPage(lead.room.desk, lead.here)
    page.show()
    lead.room.until(page.table.rowCount)
    assert page.table.lines()[0][3] == "Send a van, or tell the shift lead that there is none."
    QTest.keyClick(page.table, KEY.Key_R)
    sheet = page.sheets.current
    assert sheet is not None
    sheet.field("for").row.choose(["30"])
    QTest.keyClicks(sheet.field("reason").edit, "the crew is ")
    # What is half typed is there again after a look at the list, and the window is not given up with it.
    page.leave()
    assert (page.sheets.current, page.isVisible(), page.holds_typed()) == (None, True, True)
    QTest.keyClick(page.table, KEY.Key_R)
    assert page.sheets.current is sheet
    QTest.keyClicks(sheet.field("reason").edit, "at the door")
    QTest.keyClick(sheet.field("reason").edit, KEY.Key_Return)
    desk.room.until(lambda: desk.names() == [])
    lead.room.until(lambda: "the crew is at the door" in page.table.lines()[0][4])
    QTest.keyClick(page.table, KEY.Key_R)
    lead.room.until(lambda: page.table.lines()[0][4].startswith("L. Lead "))
    assert lead.names() == []
    assert not page.holds_typed()
    QTest.keyClick(page.table, KEY.Key_A)
    assert "answered that already" in page.message.text()
    page.period.setCurrentIndex(1)
    lead.room.until(lambda: page.load.text().startswith("1 alarm · ") and page.table.rowCount() == 1)
    # Whoever turned to another list goes to a line of it first: what stood under the hand before is gone.
    QTest.keyClick(page.table, KEY.Key_Home)
    QTest.keyClick(page.table, KEY.Key_A)
    assert "in the past" in page.message.text()
    page.search.setText("no such words")
    assert page.table.rowCount() == 0
    page.leave()
    assert not page.isVisible()
    page.deleteLater()


def test_a_console_that_is_silenced_still_shows_what_sounds(desks: Callable[[str], Desk]) -> None:
    desk = desks("a.shah")
    felt: list[int] = []
    heard: list[int] = []
    desk.bar.pulse.felt.connect(felt.append)
    desk.bar.pulse.heard.connect(heard.append)
    desk.bar.pulse.beat()
    assert (felt, heard) == ([], [])
    late(desk)
    desk.room.until(lambda: felt)
    assert heard == felt == [1]
    desk.bar.pulse.silence()
    desk.bar.pulse.beat()
    assert (felt, heard) == ([1, 1], [1])
    # It answers nothing, and says that it is on.
    assert desk.bar.sounding()
    assert "no sound" in desk.bar.silent.text


def test_each_priority_is_heard_once_in_a_sound_test(desks: Callable[[str], Desk]) -> None:
    desk = desks("a.shah")
    heard: list[int] = []
    desk.bar.pulse.heard.connect(heard.append)
    desk.bar.pulse.test()
    desk.room.until(lambda: len(heard) == 3)
    assert heard == [1, 2, 3]


def test_a_backup_that_failed_is_the_lead_s_alarm_whichever_console_raises_it(
    record: Record, desks: Callable[[str], Desk]
) -> None:
    record.cluster.execute(f"ALTER DATABASE {record.database} SET cru.embedded = 'off'")
    one = desks("a.shah")
    one.room.until(one.raises)
    other = desks("l.lead", raising=False)
    sql(record, "SELECT cru.write_backup('backup', false, NULL, 0, 1)")
    other.room.until(other.names)
    (name,) = other.names()
    assert name.startswith("backup failed")
    one.room.until(lambda: one.raises() and one.row(name))
    assert one.names() == [], "no dispatcher can do anything about it"
    sql(record, "SELECT cru.write_backup('backup', true, now(), 1, 1)")
    other.room.until(lambda: one.raises() and other.names() == [] and one.row(name) is None)


LATE = """
SET session_replication_role = replica;
INSERT INTO cru.person_request (id, referral_id, kind, said_by, words, made_by, made_at)
SELECT '00000000-0000-0000-0000-0000000000aa', id, 'copy', 'a solicitor', 'all of it', 'a.shah',
    now() - interval '40 days' FROM cru.referral"""


def test_what_was_asked_about_a_record_and_not_answered_in_time_is_the_lead_s_alarm_until_it_is(
    record: Record, desks: Callable[[str], Desk], qtbot: QtBot
) -> None:
    one = desks("a.shah")
    one.room.until(one.raises)
    other = desks("l.lead", raising=False)
    whose = one.room.take()
    one.room.accept(whose)
    record.cluster.execute(LATE, database=record.database)
    asked = commands.AskAboutRecord(
        referral_id=whose, kind="erasing", said_by="their sister", words="Forget them."
    )
    one.room.do(asked)
    key = f"request {UUID(int=0xAA)}"
    other.room.until(lambda: key in other.names() and one.raises() and one.row(key))
    assert key not in one.names(), "who cannot give anything out is not told"
    assert "solicitor" not in one.row(key).words
    inbox = InboxPage(other.room.desk, other.here)
    inbox.show()
    wanted: list[InboxItem] = []
    inbox.do_wanted.connect(wanted.append)
    inbox.table.setCurrentCell([line.key for line in inbox.shown].index(key), 0)
    qtbot.keyClick(inbox.table, KEY.Key_Return)
    opened: list[object] = []
    see_to(wanted[0], None, opened.append, lambda: None, open_person=opened.append)  # type: ignore[arg-type]
    assert opened == [whose]
    # What has its month yet is no alarm, and in the inbox only in its last week.
    assert [line.key for line in inbox.shown if line.is_record] == [key]
    one.room.do(
        commands.AnswerAboutRecord(request_id=UUID(int=0xAA), state="withdrawn", answer="He rang: no more.")
    )
    other.room.until(lambda: one.raises() and key not in other.names() and one.row(key) is None)
    assert sql(record, "SELECT count(*) FROM cru.alarm WHERE name = $1", key) == 1
    inbox.close()


def test_a_console_says_that_the_record_is_not_what_it_saw_sealed(
    record: Record, desks: Callable[[str], Desk], tmp_path: Path
) -> None:
    one = desks("l.lead")
    keeper = SealKeeper(one.room.desk.store.seal, one.room.desk.reads, tmp_path)
    keeping = asyncio.get_event_loop().create_task(keeper.run())
    one.room.take()
    run(sealed(record.owner_url))
    one.room.until(lambda: list(tmp_path.rglob("newest.txt")))
    one.room.take()
    run(sealed(record.owner_url))
    one.room.until(lambda: "number 2" in next(tmp_path.rglob("newest.txt")).read_text("utf-8"))
    assert one.names() == []
    # The owner writes another history, that fits itself.
    sql(record, "SELECT cru.write_backup('backup', true, now(), 1, 1)")
    run(anew(record))
    one.room.until(lambda: any(name.startswith("seal broken") for name in one.names()))
    (alarm,) = one.bar.sounding()
    assert alarm.sentence(one.room.desk.clock.now()).startswith("the record is not as it was sealed")
    keeping.cancel()
    one.room.run(asyncio.wait([keeping]))


async def anew(record: Record) -> None:
    async with psql_on(record, tuple(LOGINS)) as psql:
        await psql.owner.execute(f"{TAKEN_OUT}; {FORGOTTEN}")
        await psql.owner.execute("UPDATE cru.audit_pending SET digest = sha256('x')")
    for most in (5, 5, 20_000):
        await sealed(record.owner_url, most=most)
