"""What waited when a console ended, in front of whoever signs in next."""

import asyncio
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication

from console.live import kept_act
from console.live.actions import Action, Progress
from console.live.one_act import Why
from console.live.outbox_folder import OutboxFolder
from console.live.taking_up import TakenUp
from console.look.widgets import ActionButton
from console.start import outbox_seat
from console.start.outbox_seat import OutboxSeat, words
from console.views.status.pending import PendingPanel
from db import commands
from db.domain.states import AssignmentState
from tests.e2e.windows import Clock, Seated, clock, seated
from tests.gui.desks import Room, eventually, qt_loop, rooms
from tests.gui.outboxes import Disked, disks, store
from tests.keyrings import FileKeyring

__all__ = ["clock", "disks", "qt_loop", "rooms", "seated", "store"]
Rooms = Callable[[str], Room]
Disks = Callable[[Room], Disked]


def note(who: UUID, words: str) -> commands.AddNote:
    return commands.AddNote(referral_id=who, words=words)


def notes(room: Room, who: UUID) -> list[str]:
    return [event.words for event in room.run(room.desk.reads.events_of(who)) if event.kind == "note"]


def killed_with(disk: Disked, *asked: tuple[commands.Command, str]) -> None:
    disk.lose()
    for command, label in asked:
        disk.ask(command, label)
    disk.die()


@pytest.mark.hazard("H-027")
def test_the_same_person_goes_on_in_order_and_nothing_is_done_twice(rooms: Rooms, disks: Disks) -> None:
    first = disks(rooms("a.shah"))
    who, other = first.room.take(), first.room.take()
    done = note(who, "came through unheard")
    killed_with(
        first, (done, "a"), (note(other, "of another"), "b"), (note(who, "second"), "c"), (note(who, "third"), "d")
    )
    first.room.do(done)  # the record did it, and its answer was lost
    again = disks(rooms("a.shah"))
    assert again.told == ["4 actions go on from before the console ended."]
    again.room.until(lambda: not again.actions.pending)
    assert notes(again.room, who) == ["came through unheard", "second", "third"]
    assert notes(again.room, other) == ["of another"]
    again.room.run(again.seat.close())
    assert disks(rooms("a.shah")).told == []


@pytest.mark.hazard("H-054")
def test_a_colleague_hears_how_many_and_sends_none(rooms: Rooms, disks: Disks) -> None:
    first = disks(rooms("a.shah"))
    who = first.room.take()
    killed_with(first, (note(who, "mine"), "Note on Robin Sample"), (note(who, "mine too"), "Note"))
    colleague = disks(rooms("b.okafor"))
    assert colleague.told == ["2 actions wait on this computer for a colleague to sign in."]
    assert colleague.actions.pending == ()
    assert notes(colleague.room, who) == []
    own = disks(rooms("a.shah"))
    own.room.until(lambda: not own.actions.pending)
    assert notes(own.room, who) == ["mine", "mine too"]


def test_another_record_gets_none_of_it(rooms: Rooms, disks: Disks, cluster: Any) -> None:
    first = disks(rooms("a.shah"))
    killed_with(first, (note(first.room.take(), "here"), "Note"))
    database = first.room.engine.url.database
    cluster.execute("UPDATE cru.service SET epoch = gen_random_uuid()", database=database)
    there = disks(rooms("a.shah"))
    assert there.told == ["1 action waits on this computer for you to sign in to another record."]
    assert there.actions.pending == ()


@pytest.mark.hazard("H-070")
def test_what_is_old_waits_for_a_word_and_goes_at_the_time_of_then(
    clock: Clock, rooms: Rooms, disks: Disks, seated: Callable[[str], Seated]
) -> None:
    first = disks(rooms("a.shah"))
    who, other = first.room.take(), first.room.take()
    van = first.room.on_duty(0)
    first.room.accept(who)
    job = first.room.send(who, van)
    asked_at = first.room.desk.clock.now()
    step = commands.Step(assignment_id=job, to=AssignmentState.MOBILE)
    killed_with(
        first,
        (step, "CRU1 mobile to CRU-20261122-0001"),
        (note(who, "left late"), "Note on 0001"),
        (note(other, "no more true"), "Note on 0002"),
    )
    clock.advance(40)
    seat = seated("a.shah")
    again = disks(seat.room)
    assert again.told == ["3 actions wait for your word: see the status bar."]
    bar = seat.page.status
    assert bar.pending.text() == "3 for your word ▸"
    seat.sit()
    # By the keyboard alone: the list, Tab to the first button, Space.
    bar.pending.setFocus()
    seat.press("Space")
    panel = bar.waiting
    assert isinstance(panel, PendingPanel)
    # That the desk shows a referral is told beside them, and waits for no word.
    # Within the minutes that the test has been running for, not those that passed for the record since.
    asks = re.compile(r"asked for at 03:0\d: does it still hold\?")
    seat.room.until(lambda: len(panel.states()) == 3 and all(map(asks.fullmatch, panel.states())))
    # The second is of the same referral: its word counts, and it waits for the first.
    press(seat, "Send: Note on 0001")
    assert panel.states()[1].endswith("waiting its turn")
    press(seat, "Let it go: Note on 0002")
    seat.room.until(lambda: len(panel.states()) == 2)
    assert [one.why for one in again.actions.pending] == [Why.WORD, Why.TURN]
    press(seat, "Send: CRU1 mobile to 0001")
    seat.room.until(lambda: not again.actions.pending)
    seat.room.until(lambda: seat.desk.store.assignment(job).state == "mobile")
    mobile_at = seat.desk.store.assignment(job).times[AssignmentState.MOBILE]
    assert abs(mobile_at - asked_at) < timedelta(seconds=20)
    assert (notes(seat.room, who), notes(seat.room, other)) == (["left late"], [])
    assert bar.waiting is None


def press(seat: Seated, name: str) -> None:
    """Tab to the button of that name, and press it."""
    for _ in range(12):
        focus = QApplication.focusWidget()
        if isinstance(focus, ActionButton) and focus.accessibleName() == name:
            seat.press("Space")
            return
        seat.press("Tab")
    pytest.fail(f"Tab never came to {name}")


@pytest.mark.hazard("H-070")
def test_what_the_record_refuses_is_said(rooms: Rooms, disks: Disks, seated: Callable[[str], Seated]) -> None:
    first = disks(rooms("a.shah"))
    who = first.room.take()
    killed_with(first, (commands.Decline(referral_id=who, reason="no_capacity"), "Decline CRU-20261122-0001"))
    colleague = rooms("b.okafor")
    colleague.do(commands.Cancel(referral_id=who, reason="duplicate"))
    seat = seated("a.shah")
    again = disks(seat.room)
    seat.room.until(lambda: not again.actions.pending)
    assert seat.page.message.text().startswith(
        "Decline 0001: CRU-20261122-0001 is cancelled. Last: cancelled, B. Okafor"
    )


@pytest.mark.hazard("H-026")
def test_without_a_store_it_is_said_and_all_goes_as_before(rooms: Rooms, tmp_path: Path) -> None:
    disk = Disked(rooms("a.shah"), tmp_path / "outbox").begin()
    who = disk.room.take()
    send = disk.actions._execute
    disk.lose()
    action = disk.ask(note(who, "rang back"), "Note")
    sentence = "This computer has no key store, or it is locked: what waits would be lost if the console ended."
    disk.room.until(lambda: disk.told)
    assert disk.told == [sentence]
    panel = PendingPanel(disk.actions, disk.room.desk.clock.now)
    assert panel.lost() == sentence
    panel.deleteLater()
    assert action.progress is Progress.WAITING
    assert not list(tmp_path.rglob("*.new"))
    disk.actions._execute = send
    disk.room.until(lambda: not disk.actions.pending)
    assert notes(disk.room, who) == ["rang back"]
    disk.room.run(disk.seat.close())


@pytest.mark.hazard("H-082")
def test_what_another_version_asked_for_costs_itself_and_a_sentence(
    rooms: Rooms, disks: Disks, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = disks(rooms("a.shah"))
    who = first.room.take()
    with monkeypatch.context() as newer:
        first.lose()
        first.ask(note(who, "known"), "Note")
        newer.setattr(kept_act, "FORMAT", 2)
        first.ask(note(who, "unknown"), "Send a drone to 0001")
        first.die()
    second, third = rooms("a.shah"), rooms("a.shah")
    for room in (second, third):  # it stays for the version that knows it
        again = disks(room)
        assert again.told[0].endswith("Only another version of this program can send: Send a drone to 0001.")
        room.until(partial(nothing_waits, again))
        room.run(again.seat.close())
    assert notes(third, who) == ["known"]


def nothing_waits(disk: Disked) -> bool:
    return not disk.actions.pending


def test_leaving_says_what_stays_and_it_stays(rooms: Rooms, disks: Disks, seated: Callable[[str], Seated]) -> None:
    seat = seated("a.shah")
    disk = disks(seat.room)
    who = seat.room.take()
    disk.lose()
    for number in range(2):
        disk.ask(note(who, f"note {number}"), "Note")
    assert not seat.page.may_close()
    said = "2 actions are not answered by the record; they wait on this computer until you sign in again."
    assert seat.page.message.text().startswith(said)
    ended: list[Action] = []
    disk.actions.withdrawn.connect(ended.append)
    disk.actions.close()
    seat.room.run(disk.seat.close())
    assert [str(one.error) for one in ended] == [
        "The console was closed; it waits on this computer. It goes on when you sign in here again."
    ] * 2
    again = disks(rooms("a.shah"))
    again.room.until(lambda: not again.actions.pending)
    assert notes(again.room, who) == ["note 0", "note 1"]


@pytest.mark.hazard("H-027")
def test_taken_back_it_is_gone_from_the_disk(rooms: Rooms, disks: Disks) -> None:
    disk = disks(rooms("a.shah"))
    who = disk.room.take()
    disk.lose()
    kept, gone = (disk.ask(note(who, words), "Note") for words in ("stays", "goes"))
    disk.actions.withdraw(gone)
    disk.die()
    again = disks(rooms("a.shah"))
    again.room.until(lambda: not again.actions.pending)
    assert notes(again.room, who) == ["stays"]
    assert kept.command.command_id != gone.command.command_id


def test_what_is_told_names_nobody() -> None:
    taken = TakenUp()
    taken.found.colleagues, taken.found.elsewhere, taken.found.unread, taken.found.sealed = 1, 2, 3, 1
    assert words(taken, 0) == (
        "1 action waits on this computer for a colleague to sign in."
        " 2 actions wait on this computer for you to sign in to another record."
        " 3 actions were damaged on this computer, and cannot be sent."
        " 1 action is sealed on this computer with a key that is gone."
    )
    assert words(TakenUp(), 0) == ""


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("name", ["take_up", "take_typed"])
def test_a_folder_that_is_being_opened_is_let_go_of_when_the_desk_is_left(
    rooms: Callable[[str], Room],
    store: FileKeyring,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    late: bool,
) -> None:
    """Who signs in next finds what waits there; a disk that hangs holds up nobody who leaves."""
    room, begun, go_on = rooms("a.shah"), threading.Event(), threading.Event()
    read = getattr(outbox_seat, name)

    def slowly(folder: OutboxFolder) -> object:
        begun.set()
        go_on.wait()
        return read(folder)

    monkeypatch.setattr(outbox_seat, name, slowly)
    monkeypatch.setattr(outbox_seat, "END_WITHIN", 0.01 if late else 10.0)
    seat = OutboxSeat(room.session, tmp_path / "outbox", lambda _: None)

    async def leave() -> None:
        seat.begin()
        await eventually(begun.is_set)
        leaving = asyncio.ensure_future(seat.close())
        if late:
            await leaving
        go_on.set()
        await leaving
        assert seat._opening is not None
        await asyncio.wait({seat._opening})

    room.run(leave())
    # An empty box goes with its lock.
    assert [*tmp_path.glob("outbox/*/lock"), *tmp_path.glob("typed/*/lock")] == []
