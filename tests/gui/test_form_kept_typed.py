"""What is typed and not in the record stands on the disk: a console that ends loses none of it."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.live.geography import Geography
from console.live.outbox_folder import KEY_BYTES, OutboxFolder, Whose
from console.live.typed_on_disk import TypedOnDisk, Written, take_typed
from console.start.outbox_seat import typed_again
from console.views.desk.leaving import not_saved
from console.views.form.form import ReferralForm
from console.views.form.sheet import FormSheet
from db import commands
from db.domain.typed_times import TypedTime
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import dressed, form, open_form, press, save, start, tab_to, type_keys
from tests.gui.outboxes import Disked, disks, store
from tests.gui.test_form_two import PLACE, theirs

__all__ = ["disks", "dressed", "form", "qt_loop", "room", "rooms", "store"]
Rooms = Callable[[str], Room]
KEY: Final = bytes(range(KEY_BYTES))


@dataclass
class Disk:
    """A console's disk under its form."""

    room: Room
    form: ReferralForm
    folder: OutboxFolder
    typed: TypedOnDisk
    found: list[Written]

    def until_kept(self) -> None:
        """All that is typed stands on the disk."""
        self.form.typed.look()
        self.room.until(lambda: self.typed._working is None or self.typed._working.done())

    def die(self) -> None:
        """As the system ends the process."""
        self.until_kept()
        self.form.typed.timer.stop()
        self.form.typed._disk = None
        self.folder._lock.release()

    def files(self) -> list[Path]:
        return [file for file in self.folder._box.iterdir() if file.name not in {"about", "lock"}]


def begun(room: Room, form: ReferralForm, root: Path, login: str = "a.shah") -> Disk:
    folder = OutboxFolder(root, KEY, Whose(login, "record"))
    typed, found = take_typed(folder)

    async def attached() -> None:
        for draft in form.typed.attach(typed, found):
            form.drafts.add(draft)

    room.run(attached())
    return Disk(room, form, folder, typed, found)


@pytest.mark.hazard("H-026")
def test_an_edit_is_there_again_and_stands_on_what_the_record_has_by_now(
    room: Room, rooms: Rooms, form: ReferralForm, qtbot: QtBot, tmp_path: Path
) -> None:
    disk = begun(room, form, tmp_path)
    taken, other = room.take(), room.take()
    form.open_edit(other)
    tab_to("access_note")
    type_keys("Side gate.")
    form.open_edit(taken)
    tab_to("narrative")
    type_keys("Sings to herself, calmer.")
    form.current.declining["person_told_at"] = TypedTime("0310")
    form.current.why = "rang back"
    disk.until_kept()
    assert len(disk.files()) == 2
    assert all(form.typed.holds(one) for one in (form.current, *form.drafts.all()))
    assert not any(b"Sings" in file.read_bytes() for file in disk.files())
    disk.die()
    theirs(rooms("b.okafor"), taken, caller="Crew lead", narrative="Has left the house.")

    again = rooms("a.shah")
    again.until(lambda: getattr(again.desk.store.referral(taken), "caller", "") == "Crew lead")
    later = begun(again, open_form(again, qtbot), tmp_path)
    gate, told = later.form.drafts.all()
    assert (gate.draft.access_note, gate.label[-4:]) == (
        "Side gate.",
        again.desk.store.referral(other).reference[-4:],
    )
    assert (told.draft.narrative, told.draft.caller, told.why) == (
        "Sings to herself, calmer.",
        "Crew lead",
        "rang back",
    )
    assert told.declining == {"person_told_at": TypedTime("0310")}
    later.form.open_parked(told)
    assert later.form.conflicts.text() == "Narrative: theirs Has left the house., yours Sings to herself, calmer."
    save()
    again.until(lambda: later.form.message.text().startswith("This referral was changed") or not told.sending)
    save()
    again.until(lambda: again.desk.store.referral(taken).narrative == "Sings to herself, calmer.")
    again.until(lambda: told not in (later.form.current, *later.form.drafts.all()))
    later.until_kept()
    assert len(later.files()) == 1
    again.run(later.typed.close())


def test_what_came_to_the_record_after_all_is_not_there_twice(
    room: Room, rooms: Rooms, form: ReferralForm, qtbot: QtBot, tmp_path: Path
) -> None:
    disk = begun(room, form, tmp_path)
    taken = room.take()
    form.open_edit(taken)
    tab_to("caller")
    type_keys("Mr Quill")
    form.open_new()
    tab_to("caller")
    type_keys("Mrs Vane")
    call = form.current.referral_id
    disk.die()
    theirs(rooms("b.okafor"), taken, caller="Mr Quill")
    details = commands.Details(source="ems_crew", priority="P2", location=PLACE)
    room.do(commands.TakeReferral(referral_id=call, details=details, received_at=room.desk.clock.now()))

    again = rooms("a.shah")
    again.until(lambda: getattr(again.desk.store.referral(taken), "caller", "") == "Mr Quill")
    again.until(lambda: again.desk.store.referral(call))
    later = begun(again, open_form(again, qtbot), tmp_path)
    assert len(later.found) == 2
    assert later.form.drafts.all() == ()
    later.until_kept()
    assert later.files() == []
    again.run(later.typed.close())


@pytest.mark.hazard("H-026")
def test_a_call_of_which_no_place_is_known_goes_on_with_its_clock(
    room: Room, rooms: Rooms, form: ReferralForm, qtbot: QtBot, tmp_path: Path
) -> None:
    disk = begun(room, form, tmp_path)
    tab_to("caller")
    type_keys("Mrs Vane, a neighbour")
    call, answered_at = form.current.referral_id, form.current.answered
    disk.die()

    colleague = begun(room, form, tmp_path, "b.okafor")
    assert colleague.found == []
    room.run(colleague.typed.close())
    again = rooms("a.shah")
    later = begun(again, open_form(again, qtbot), tmp_path)
    (draft,) = later.form.drafts.all()
    later.form.open_parked(draft)
    assert (draft.referral_id, draft.answered) == (call, answered_at)
    assert later.form.page.caller.line.text() == "Mrs Vane, a neighbour"
    later.form.go_to(1)
    start(again, later.form)
    again.until(lambda: again.desk.store.call_of(call))
    # From here on the record keeps it.
    again.until(lambda: draft.call_version)
    later.until_kept()
    assert later.files() == []
    save()
    again.until(lambda: getattr(again.desk.store.referral(call), "caller", "") == "Mrs Vane, a neighbour")
    again.run(later.typed.close())


def test_the_desk_says_what_is_here_again(
    room: Room, rooms: Rooms, form: ReferralForm, qtbot: QtBot, tmp_path: Path
) -> None:
    disk = begun(room, form, tmp_path)
    form.open_edit(room.take())
    tab_to("caller")
    type_keys("Mr Quill")
    press(Qt.Key.Key_Escape)
    # Who leaves at once, before the disk was next looked at, has it all the same.
    room.run(disk.typed.close())

    again = rooms("a.shah")
    window = QWidget()
    qtbot.addWidget(window)
    sheet, told = FormSheet(again.desk, Geography(None, tmp_path, again.desk.clock, window), window), list[str]()
    sheet.place(QRect(0, 0, 900, 700))
    sheet.typed_again.connect(lambda count: told.append(typed_again(count)))
    counts = list[int]()
    sheet.put_aside.connect(counts.append)
    folder = OutboxFolder(tmp_path, KEY, Whose("a.shah", "record"))

    async def taken() -> TypedOnDisk:
        typed, found = take_typed(folder)
        sheet.take_typed(typed, found)
        sheet.prepare()
        return typed

    typed = again.run(taken())
    assert told == ["1 referral typed before the console ended, and not saved: see “1 not saved”."]
    assert (counts[-1], sheet.draft_count(), sheet.stay_count()) == (1, 1, 1)
    assert not_saved(1, 1) == (
        "1 referral is typed but not saved; it waits on this computer until you sign in again"
    )
    again.run(typed.close())
    assert sheet.stay_count() == 0


def test_a_full_disk_is_not_said_to_hold_it(room: Room, form: ReferralForm, tmp_path: Path) -> None:
    disk = begun(room, form, tmp_path)
    form.open_edit(room.take())
    tab_to("narrative")
    type_keys("Wants to walk.")
    disk.folder._sizes["other"] = 4_000_000
    disk.until_kept()
    assert not form.typed.holds(form.current)
    del disk.folder._sizes["other"]
    type_keys(" Now.")
    disk.until_kept()
    assert form.typed.holds(form.current)
    room.run(disk.typed.close())
    (file,) = disk.files()
    stood = file.read_bytes()
    type_keys(" Later.")
    disk.until_kept()
    # Another console may have taken the box over by now.
    assert file.read_bytes() == stood


def test_what_waits_goes_on_where_what_was_typed_cannot_be_read(
    rooms: Rooms, disks: Callable[[Room], Disked], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = disks(rooms("a.shah"))
    who = first.room.take()
    first.lose()
    first.ask(commands.AddNote(referral_id=who, words="rang back"), "Note")
    first.die()
    shutil.rmtree(tmp_path / "typed")
    (tmp_path / "typed").write_text("no folder")
    with caplog.at_level(logging.CRITICAL):
        again = disks(rooms("a.shah"))
        assert again.told == ["1 action goes on from before the console ended."]
        again.room.until(lambda: not again.actions.pending)
