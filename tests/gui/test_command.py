"""The command line on the desk: said before it is done, asked between two, never round a gate; own keys."""

import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from console.live.reality import READ_AFTER
from console.look.key_table import VAN
from console.look.own_keys import OWN_KEYS
from console.look.painted import KeyHint
from console.views.command.line import CommandLine
from console.views.sheets.fields import Pick
from console.views.sheets.when import When
from db import commands
from db.domain.clocks import wall_time
from db.domain.command_reading import CommandMeaning
from db.domain.command_verbs import VERBS
from db.domain.messages import Presence
from db.domain.next_steps import Act, NextStep
from db.domain.states import AssignmentState
from tests.gui.desks import qt_loop, rooms
from tests.gui.walking import Seen, Walk, by_name, desk, walk

__all__ = ["desk", "qt_loop", "rooms"]


@pytest.fixture(autouse=True)
def as_it_came() -> Iterator[None]:
    yield
    OWN_KEYS.take({})


def typed(desk: Walk, text: str) -> CommandLine:
    line = desk.seat.shortcuts.command
    line.open()
    line.edit.clear()
    QTest.keyClicks(line.edit, text)
    return line


def entered(desk: Walk, text: str) -> list[commands.Command]:
    """What goes out by a line and Enter."""
    place = len(desk.sent)
    line = typed(desk, text)
    QTest.keySequence(line.edit, "Return")
    desk.turn()
    return desk.sent_since(place)


def number(desk: Walk, name: str) -> str:
    return desk.room.desk.store.referral(by_name(desk, name)).reference[-4:]


def vans(desk: Walk) -> list[str]:
    return [van.callsign for van in desk.room.desk.store.vans()]


def test_what_is_typed_goes_the_same_way_as_a_key(desk: Walk) -> None:
    store, names = desk.room.desk.store, vans(desk)
    free, waiting = names[4], number(desk, "accepted")
    goes_out_as_said(desk, free, waiting)
    nothing_goes_out(desk, names, waiting)
    reality_is_asked(desk, names[1])
    undo_says_what(desk)
    two_of_a_kind_are_asked_about(desk)
    a_message_goes_to_whom_it_names(desk, waiting)
    van = store.vans()[4].id
    # What it is wants a second Enter, whatever is known.
    assert entered(desk, f"emergency {free}") == []
    assert "again raises it" in desk.seat.shortcuts.command.words()
    time_to_read()
    QTest.keySequence(desk.seat.shortcuts.command.edit, "Return")
    desk.turn()
    assert (type(desk.sent[-1]), desk.sent[-1].van_id) == (commands.RaiseEmergency, van)


def a_message_goes_to_whom_it_names(desk: Walk, waiting: str) -> None:
    line = typed(desk, f"message {waiting} @okafor ring the son")
    assert line.words().startswith("message to B. Okafor about")
    [sent] = entered(desk, f"message {waiting} @okafor ring the son")
    assert (sent.to_login, sent.words) == ("b.okafor", "ring the son")
    assert "Nobody at a desk is called zed" in typed(desk, f"message {waiting} @zed ring the son").words()
    assert typed(desk, f"message {waiting} ring the son").words().startswith("message to the room about")
    # The leads are those whose console is there; without one nobody is told by a message that nobody reads.
    assert "No shift lead is at a desk now. Name one: L. Lead" in typed(desk, "tell lead ring the son").words()
    store, console = desk.room.desk.store, uuid4()
    store.put({"presence": [Presence(console, "l.lead", None, typing=False)]})
    line = typed(desk, f"tell lead {waiting} ring the son")
    assert line.words().startswith("message to L. Lead about")
    [sent] = entered(desk, f"tell lead {waiting} ring the son")
    assert (sent.to_login, sent.words) == ("l.lead", "ring the son")
    assert sent.referral_id == by_name(desk, "accepted")
    # About no referral where none is named, whichever is selected: it would stand in that person's story.
    assert desk.page.board.selected() is not None
    line = typed(desk, "msg @okafor kettle is on")
    assert line.words() == "message to B. Okafor: “kettle is on”"
    [sent] = entered(desk, "msg @okafor kettle is on")
    assert sent.referral_id is None


def two_of_a_kind_are_asked_about(desk: Walk) -> None:
    """Two promises, or two flags to look at: the words name no one of them."""
    line, referral = desk.seat.shortcuts.command, desk.room.desk.store.referral(by_name(desk, "accepted"))
    two = [NextStep(Act.PROMISE, f"Promise: {what}", target=uuid4()) for what in ("a call", "no uniforms")]
    meant, world = CommandMeaning("promise", referral=referral.id), line._worlds.now(None)
    plan = line._planner._act(meant, VERBS["promise"], referral, two, world)
    assert "Promise: a call or Promise: no uniforms" in plan.problem
    assert not plan.does_something
    assert line._planner._act(meant, VERBS["promise"], referral, two[:1], world).step == two[0]


def goes_out_as_said(desk: Walk, free: str, waiting: str) -> None:
    line = typed(desk, f"{waiting} {free} mind the dog")
    assert line.words().startswith(f"allocate {free} (")
    assert f"to {waiting}" in line.words()
    assert "note “mind the dog”" in line.words()
    assert line._caps["go"].isVisible()
    [sent] = entered(desk, f"{waiting} {free} mind the dog")
    assert isinstance(sent, commands.Allocate)
    assert sent.referral_id == by_name(desk, "accepted")
    # The van and the note are one act of one person: one key takes both back.
    assert len(desk.room.desk.actions.pressed_with(sent.command_id)) == 2
    # It was refused: the note stays unsent, the sentence is said, and nothing typed is lost.
    assert desk.page.message.isVisible()
    assert line.edit.text() == f"{waiting} {free} mind the dog"
    [kept] = entered(desk, f"note {waiting} steps at the back")
    assert (type(kept), kept.words) == (commands.AddNote, "steps at the back")
    orders = typed(desk, f"off duty {free} and {vans(desk)[3]}").plan.orders
    assert [type(order.command) for order in orders] == [commands.GoOffDuty] * 2


def nothing_goes_out(desk: Walk, names: list[str], waiting: str) -> None:
    """Between two, round a gate, for somebody else: words, and no command."""
    unscreened, room_now = number(desk, "received"), desk.room.desk.clock.now()
    for text, says in (
        ("", "allocate"),
        ("xyzzy", "no van, referral or word"),
        (f"cl {waiting}", "That may be"),
        (f"{names[0]} {waiting}", f"{names[0]} cannot be sent"),
        (f"accept {unscreened}", "no “accept” now. It is not screened yet"),
        (f"{names[4]} {unscreened}", "A van goes to an accepted referral"),
        (f"{names[1]} mobile {waiting}", f"{names[1]} is on"),
        # A time is told by its step: not before the one before it, nor on the evening before.
        (f"{names[0]} os at {wall_time(room_now - timedelta(minutes=40))}", f"{names[0]} mobile"),
        (f"{names[0]} os at {wall_time(room_now + timedelta(minutes=2))}", f"{names[0]} mobile"),
        (f"{names[4]} os", "is on no referral"),
        (f"reopen {number(desk, 'declined')}", "is for a shift lead"),
        ("rota", "is for a shift lead"),
    ):
        assert entered(desk, text) == [], text
        assert says in desk.seat.shortcuts.command.words(), text


def reality_is_asked(desk: Walk, busy: str) -> None:
    """Once, by the words; a hurried second Enter is one press; then it is kept that somebody insisted."""
    line = typed(desk, f"{busy} clr")
    assert "handing over" in line.words() or "ago" in line.words()
    assert entered(desk, f"{busy} clr") == []
    QTest.keySequence(line.edit, "Return")
    assert "again: it is so" in line.words()
    time_to_read()
    place = len(desk.sent)
    QTest.keySequence(line.edit, "Return")
    desk.turn()
    [sent] = desk.sent_since(place)
    assert (type(sent), sent.to, bool(sent.insisted)) == (commands.Step, AssignmentState.CLEAR, True)


def undo_says_what(desk: Walk) -> None:
    """By the words of the line that names it; and nothing while that is out of sight."""
    desk.page.select_referral(by_name(desk, "accepted"))
    desk.room.do(commands.AddNote(referral_id=by_name(desk, "accepted"), words="the side door"))
    desk.room.until(lambda: "note" in desk.page.detail.undone.named())
    assert typed(desk, "undo").plan.words == f"undo: {desk.page.detail.undone.named()}"
    desk.page.detail.open_menu()
    assert "Nothing of yours" in typed(desk, "undo").plan.problem
    desk.page.detail.sheets.close()


def time_to_read() -> None:
    until = time.monotonic() + READ_AFTER
    while time.monotonic() < until:
        QApplication.processEvents()


def test_a_sheet_has_what_was_typed_and_goes_when_nothing_is_missing(desk: Walk) -> None:
    now, sheets = desk.room.desk.clock.now(), desk.page.detail.sheets
    received = number(desk, "received")
    assert entered(desk, f"h {received} for 40 min") == []
    sheet = sheets.current
    assert sheet is not None
    time, reason = sheet.field("time"), sheet.field("reason")
    assert isinstance(time, When)
    assert isinstance(reason, Pick)
    assert time.value()
    assert not reason.value()
    # The keyboard is where the answer is missing.
    assert reason.isAncestorOf(desk.seat.focused())
    desk.clear()
    # Past the time by which a crew is due the person agrees first: no line goes round that.
    assert entered(desk, f"hold {received} for 55 min call back") == []
    assert sheets.current is not None
    assert "spoke" in sheets.current.message.text()
    desk.clear()
    [sent] = entered(desk, f"hold {received} for 20 min call back")
    assert (type(sent), sent.reason) == (commands.Hold, "call_back")
    assert 19 <= (sent.until - now).total_seconds() / 60 <= 22
    desk.clear()
    assert entered(desk, f"decline {received} outside") == []
    declining = sheets.current
    assert declining is not None
    assert declining.values()["reason"] == "out_of_area"
    desk.clear()
    [meal] = entered(desk, f"meal {vans(desk)[4]} for 35 min")
    assert isinstance(meal, commands.StartMealBreak)
    assert 34 <= (meal.until - now).total_seconds() / 60 <= 37
    desk.clear()
    # Longer than a break may be: the sheet stays open for a person to look at.
    assert entered(desk, f"meal {vans(desk)[4]} for 5 hours") == []
    assert desk.page.vans.sheet is not None
    desk.clear()
    tab_goes_among_the_ranked(desk)
    lines_come_back(desk)
    windows_and_panels(desk)
    every_word_and_key_and_another_key_for_one(desk)


def tab_goes_among_the_ranked(desk: Walk) -> None:
    waiting = number(desk, "accepted")
    line = typed(desk, f"alloc {waiting}")
    assert "which van" in line.words()
    desk.room.until(lambda: len(line.offered) > 1)
    ranked = [one.words.split()[0] for one in line.offered]
    QTest.keySequence(line.edit, "Tab")
    assert line.edit.text() == f"allocate {ranked[0]} to {waiting}"
    QTest.keySequence(line.edit, "Tab")
    assert line.edit.text() == f"allocate {ranked[1]} to {waiting}"
    QTest.keySequence(line.edit, "Shift+Tab")
    assert line.edit.text() == f"allocate {ranked[0]} to {waiting}"
    QTest.keySequence(line.edit, "Escape")
    assert not line.isVisible()
    line.open()
    assert line.edit.text() == f"allocate {ranked[0]} to {waiting}"


def lines_come_back(desk: Walk) -> None:
    waiting = number(desk, "accepted")
    entered(desk, f"note {waiting} one")
    entered(desk, f"note {waiting} two")
    line = typed(desk, "beg")
    QTest.keySequence(line.edit, "Up")
    QTest.keySequence(line.edit, "Up")
    assert line.edit.text() == f"note {waiting} one"
    QTest.keySequence(line.edit, "Down")
    QTest.keySequence(line.edit, "Down")
    assert line.edit.text() == "beg"


def windows_and_panels(desk: Walk) -> None:
    page = desk.page
    entered(desk, "find towcester")
    assert page.board.filter.text() == "towcester"
    page.board.filter.clear()
    entered(desk, number(desk, "attending"))
    assert page.board.selected() == by_name(desk, "attending")
    entered(desk, vans(desk)[2])
    assert page.vans.selected() == page.desk.store.vans()[2].id
    entered(desk, "log")
    assert [type(window).__name__ for window in page.beside.lists.values()] == ["ShiftLogPage"]
    page.beside.close()
    desk.seat.sit()


def every_word_and_key_and_another_key_for_one(desk: Walk) -> None:
    page = desk.seat.shortcuts.words
    QTest.keySequence(desk.page.board.list, "Ctrl+Shift+P")
    assert page.isVisible()
    QTest.keyClicks(page.edit, "oos")
    assert page.entry is not None
    assert (page.entry.words, page.entry.short) == ("out of service", ("oos",))
    QTest.keySequence(page.edit, "Return")
    line = desk.seat.shortcuts.command
    assert (page.isVisible(), line.edit.text()) == (False, "out of service ")
    # The key once more, out of habit: what is typed on is no step of the panel below.
    for key, typed in (("F12", line), ("Ctrl+K", line), ("Ctrl+Shift+P", page), ("Ctrl+Shift+P", page)):
        QTest.keySequence(QApplication.focusWidget() or desk.page, key)
        QTest.keyClicks(QApplication.focusWidget() or desk.page, "mob")
        assert (typed.isVisible(), typed.edit.text()) == (True, "mob"), key
    page.leave()
    line.edit.clear()
    line.leave()
    another_key(desk)
    the_keys_of_here_come_first(desk)
    seen = Seen()

    def opened() -> CommandLine:
        line.open()
        line.edit.clear()
        return line

    walk(
        desk, seen, "the command line", opened, ["A", "1", "Tab", "Up", "Down", "Return", "Escape", "Ctrl+Z", "V"]
    )
    assert (seen.wrong, {which for *_, which in seen.went_out} - {"TakeBack"}) == ([], set())


def another_key(desk: Walk) -> None:
    page, line = desk.seat.shortcuts.words, desk.seat.shortcuts.command
    page.open()
    QTest.keyClicks(page.edit, "the command line")
    for taken, says in (("Ctrl+N", "new referral"), ("B", "is typed here"), ("Escape", "")):
        QTest.keySequence(page.edit, "Ctrl+Return")
        QTest.keySequence(page.edit, taken)
        assert says in page.told.text()
        assert len(OWN_KEYS) == 0
    QTest.keySequence(page.edit, "Ctrl+Return")
    QTest.keySequence(page.edit, "Ctrl+E")
    assert page.isVisible()
    assert page.table.item(page.table.currentRow(), 3).text().startswith("Ctrl E")
    page.leave()
    QTest.keySequence(desk.page.board.list, "F12")
    assert not line.isVisible()
    QTest.keySequence(desk.page.board.list, "Ctrl+E")
    assert line.isVisible()
    line.leave()
    page.open()
    QTest.keyClicks(page.edit, "the command line")
    QTest.keySequence(page.edit, "Ctrl+Delete")
    page.leave()
    QTest.keySequence(desk.page.board.list, "F12")
    assert line.isVisible()


def the_keys_of_here_come_first(desk: Walk) -> None:
    """F1 where a van has the keyboard: its keys stand above all others, as they are now."""
    keys = desk.page.keys
    OWN_KEYS.change(VAN.title, "M", "H")
    desk.page.vans.focus_list()
    desk.page.vans.select(desk.page.desk.store.vans()[0].id)
    keys.toggle()
    heading = keys.findChildren(QLabel)
    told = [label.text() for label in heading if label.isVisible()]
    assert "Here: a van" in told
    caps = [cap.accessibleName() for cap in keys.findChildren(KeyHint)]
    assert any(cap.startswith("H") for cap in caps)
    keys.leave()
