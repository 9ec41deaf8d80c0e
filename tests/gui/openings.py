"""Everything that opens over the desk or beside it, one after the other: ``for name, opened in openings(desk)``.

Sheets are found by the steps that a referral offers, not by a list of their names.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from PySide6.QtWidgets import QApplication, QWidget

from console.timeline.view import TimelineView
from console.views.alarms.page import AlarmsPage
from console.views.detail.orders import direct
from console.views.find.page import FindPage
from console.views.find.record import RecordPage
from console.views.lead.window import LeadWindow
from console.views.lock.lock import Lock
from console.views.person.page import PersonPage
from console.views.room.handover_page import ShiftHandoverPage
from console.views.room.log_page import ShiftLogPage
from console.views.room.messages_page import MessagesPage
from console.views.room.review_page import ReviewPage
from console.views.room.voices_page import VoicesPage
from console.views.rota.fleet import FleetWindow
from console.views.rota.importing import ImportSheet
from console.views.rota.settings import SettingsWindow
from console.views.rota.window import RotaWindow
from console.views.wall.window import WallWindow
from db.commands import AddFeedback, AskAboutRecord, SendMessage, SetImprovement, WriteLog
from db.domain.fleet import VanAction
from db.domain.import_columns import RowRefusal
from db.domain.kept_lists import KEPT_LISTS
from db.importing import ImportedRow, ImportPreview
from tests.e2e.windows import Seated
from tests.gui.busy import Busy


class Desk:
    """The busy night, at whatever size."""

    def __init__(self, seat: Seated, found: Busy) -> None:
        self.seat, self.found, self.page = seat, found, seat.page

    def resize(self, width: int, height: int) -> None:
        self.seat.window.resize(width, height)
        self.settle()

    def settle(self) -> None:
        """Let Qt carry out what was put off, until nothing moves; not from inside a task, which runs others."""
        before: list[object] = []
        for _ in range(20):
            QApplication.processEvents()
            now = [one.geometry() for one in self.page.findChildren(QWidget)]
            if now == before:
                return
            before = list(now)


def openings(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    yield from sheets(desk)
    yield from vans(desk)
    yield from form(desk)
    yield from timelines(desk)
    yield from towns(desk)
    yield from pages(desk)


def sheets(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    pane, seen = desk.page.detail, set()
    for key in (desk.found.received, desk.found.no_van, desk.found.on_way, desk.found.handing):
        desk.page.select_referral(key)
        for step in pane.next.steps:
            if step.act in seen or direct(desk.seat.desk.store.referral(key), step) is not None:
                continue
            pane.do(step)
            seen.add(step.act)
            if pane.sheets.current is not None:
                yield f"sheet {step.label}", pane.sheets.current
                pane.sheets.close()
            desk.page.forms.form.park()
        pane.open_menu()
        yield "more actions", pane.sheets.current
        pane.sheets.close()
    assert len(seen) > 5, "too few sheets were found"


def vans(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    panel, store = desk.page.vans, desk.seat.desk.store
    desk.page.dock["vans"].reveal()
    asking = (VanAction.ON_DUTY, VanAction.MEAL, VanAction.OUT)
    for van in store.vans():
        panel.select(van.id)
        yield f"van {van.callsign}", panel
        for action in asking:
            panel.act(action)
            if panel.sheet is not None:
                yield f"{van.callsign} {action}", panel
                panel.sheet.closed.emit()


def form(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    desk.page.new_referral()
    form = desk.page.forms.form
    for section in range(1, 8):
        form.go_to(section)
        yield f"form {section}", form
    form.footer.open_reasons()
    yield "form declined", form
    # One line more below the page than ever else.
    form.footer.set_progress("The link is lost: a save will wait until it is back.")
    yield "form declined, the link lost", form
    form.park()


def timelines(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    panel = desk.page.timelines
    desk.page.dock["timelines"].reveal()
    panel.switch()
    yield "the vans' day", panel
    panel.switch()
    view = panel.findChild(TimelineView)
    assert view is not None
    view.show_table()
    yield "timelines as a table", panel
    view.show_drawn()
    view.ask_for_time()
    yield "a time to go to", panel
    view.show_moment(desk.seat.desk.clock.now() - timedelta(hours=1))
    yield "timelines looked back at", panel
    view.follow_now()
    view.show_drawn()


def towns(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    layer = desk.page.map.towns
    layer.turn_table()
    desk.seat.room.until(layer.table.rowCount)
    yield "the towns as a table", desk.page.map
    layer.turn_table()


def pages(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    page = desk.page
    page.keys.toggle()
    yield "keys", page.keys
    page.keys.toggle()
    line, words = desk.seat.shortcuts.command, desk.seat.shortcuts.words
    for typed in (
        "",
        "alloc 1",
        "cl 1",
        "alocate the nearest van to the house with the green door",
        "note 1 the step is loose",
    ):
        line.open(typed)
        yield f"command line {typed}", line
    line.edit.clear()
    line.leave()
    words.open()
    yield "words and keys", words
    words.leave()
    page.message.say("late", "The van is on its way to somebody else already.", "Choose another van.")
    yield "message", page.message
    page.message.clear()
    page.status.meanwhile.tell(
        [(desk.found.no_van, "0001"), (desk.found.on_way, "0002"), (desk.found.held, "0005")]
    )
    yield "link back", page.status
    # Nothing changed: its words are all that it says, and take room from nothing that must be read.
    page.status.meanwhile.tell([])
    yield "link back, nothing changed", page.status
    page.status.meanwhile.clear()
    page.beside.open_care()
    page.beside.open_fixes()
    page.beside.open_insisted()
    page.beside.open_measures()
    page.beside.open_tools()
    for listed in list(page.beside.lists.values()):
        desk.seat.room.until(listed.refresh_button.isEnabled)
        yield listed.windowTitle(), listed
        close(listed)
    page.beside.open_lead()
    lead = page.beside.lists[LeadWindow]
    assert isinstance(lead, LeadWindow)
    desk.seat.room.until(lambda: lead.pictures)
    for name, does in (
        ("lead", lead.update),
        ("lead, every measure", lead.figures.turn),
        ("lead, any days", lead.ask_days),
        ("lead, what is usual", lead.ask_usual),
        ("lead, what was asked", lead.what_if.turn),
        ("lead, a report", lead.reporting.ask),
    ):
        does()
        yield name, lead
    lead.reporting.leave()
    lead.open_measure("received")
    desk.seat.room.until(lead.behind.isVisible)
    yield "lead, referrals", lead
    close(lead)
    page.beside.open_rota()
    rota = page.beside.lists[RotaWindow]
    assert isinstance(rota, RotaWindow)
    desk.seat.room.until(lambda: rota.week)
    for name, does in (
        ("rota", rota.canvas.update),
        ("rota, a shift", rota.new),
        ("rota, people", rota.turn_lanes),
    ):
        does()
        yield name, rota
        rota.side.close_sheet()
    rota.turn_table()
    yield "rota, table", rota
    wrong = RowRefusal(12, "Crew 2", "There is nobody called Ana Exampel.", "Perhaps Ana Example is meant.")
    taken = ImportedRow(2, "new", "CRU1 Mon 30 Nov 07:00 to 19:00 · Ana Example, Ben Sample")
    meant = ("Fri 04 Dec", "Sun 12 Apr")
    asked = RowRefusal(13, "Date", "4/12 may be either of two days.", asked="4/12", answers=meant)
    for name, refused, left_out in (
        ("rota, a file", (wrong,), {}),
        ("rota, a file that is asked about", (asked, wrong), {(14, ""): ""}),
    ):
        preview = ImportPreview("rota.csv", (taken,), refused)
        rota.side.open(ImportSheet(rota.orders.subject(uuid4()), preview, left_out))
        yield name, rota
        rota.side.close_sheet()
    close(rota)
    yield from room(desk)
    yield from looked_up(desk)
    page.beside.open_wall()
    wall = page.beside.lists[WallWindow]
    assert isinstance(wall, WallWindow)
    yield "the wall", wall
    wall.page.turn()
    yield "the wall as a table", wall
    close(wall)
    page.beside.open_settings()
    settings = page.beside.lists[SettingsWindow]
    assert isinstance(settings, SettingsWindow)
    desk.seat.room.until(settings.table.rowCount)
    settings.edit()
    yield "settings", settings
    settings.leave_sheet()
    for at, kept in enumerate(KEPT_LISTS, 1):
        settings.which.setCurrentCell(at, 0)
        desk.seat.room.until(settings.lists.table.rowCount)
        yield f"settings, {kept.title}", settings
    settings.edit()
    yield "settings, a row", settings
    settings.leave_sheet()
    close(settings)
    page.beside.open_fleet()
    fleet = page.beside.lists[FleetWindow]
    assert isinstance(fleet, FleetWindow)
    desk.seat.room.until(fleet.vans.rowCount)
    fleet.edit()
    yield "fleet, a van", fleet
    fleet.turn(1)
    fleet.edit()
    yield "fleet, staff", fleet
    fleet.turn(2)
    fleet.devices.give()
    yield "fleet, devices", fleet
    close(fleet)
    page.beside.open_replay()
    replay = page.beside.replay
    assert replay is not None
    desk.seat.room.until(lambda: replay.player.events)
    yield "replay", replay
    gone: list[object] = []
    replay.destroyed.connect(lambda *_: gone.append(True))
    close(replay)
    desk.seat.room.until(lambda: gone)


def room(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    """The shift log, and the room as it is handed over."""
    page = desk.page
    page.beside.open_log()
    log = page.beside.lists[ShiftLogPage]
    assert isinstance(log, ShiftLogPage)
    words = "Lift at Berrywood out of order, use the ramp behind the garages until the engineer has been. " * 2
    command = WriteLog(words=words, pass_on=True)
    desk.seat.room.do(command)
    desk.seat.room.until(log.table.rowCount)
    yield "the shift log", log
    log.correct()
    log.writing.about.setText("9876 CRU99")
    yield "the shift log, corrected", log
    log.writing.written()
    close(log)
    page.beside.open_alarms()
    alarms = page.beside.lists[AlarmsPage]
    assert isinstance(alarms, AlarmsPage)
    desk.seat.room.until(alarms.table.rowCount)
    yield "alarms", alarms
    alarms.rest()
    yield "an alarm that is to rest", alarms
    alarms.period.setCurrentIndex(2)
    desk.seat.room.until(lambda: alarms.load.text() or alarms.empty.isVisible())
    yield "alarms that were", alarms
    close(alarms)
    page.beside.open_room()
    handing = page.beside.lists[ShiftHandoverPage]
    assert isinstance(handing, ShiftHandoverPage)
    desk.seat.room.until(handing.table.rowCount)
    yield "handing over the room", handing
    handing.take_or_offer()
    desk.seat.room.until(handing.withdraw_it.isVisible)
    yield "the room offered", handing
    # As the next lead has it.
    for widget in (handing.sign_it, handing.remark, handing.go_on):
        widget.show()
    yield "the room to be taken", handing
    handing.withdraw()
    desk.seat.room.until(lambda: handing.shown.room is None)
    close(handing)
    said = "They sat down with me and did not look at the clock, and nobody raised their voice all the while. " * 2
    desk.seat.room.do(AddFeedback(said_by="person", words=said, consent="may be quoted", themes=("who came",)))
    desk.seat.room.do(SetImprovement(said="We never hear how it ended.", raised_by="EMAS crew", owner="R. Silva"))
    page.beside.open_voices()
    voices = page.beside.lists[VoicesPage]
    assert isinstance(voices, VoicesPage)
    desk.seat.room.until(voices.items.rowCount)
    voices.make()
    yield "feedback", voices
    close(voices)
    page.beside.open_review()
    review = page.beside.lists[ReviewPage]
    assert isinstance(review, ReviewPage)
    desk.seat.room.until(review.table.rowCount)
    review.sign()
    yield "to review", review
    close(review)


def looked_up(desk: Desk) -> Iterator[tuple[str, QWidget | None]]:
    """What was found, an old record, the messages, and the console locked."""
    page, until = desk.page, desk.seat.room.until
    page.beside.open_find("northampton")
    find = page.beside.lists[FindPage]
    assert isinstance(find, FindPage)
    until(lambda: find.found)
    yield "look up", find
    close(find)
    page.beside.open_record(desk.found.no_van)
    old = page.beside.lists[RecordPage]
    assert isinstance(old, RecordPage)
    until(old.text.toPlainText)
    yield "an old record", old
    close(old)
    page.beside.open_person(desk.found.no_van)
    whole = page.beside.lists[PersonPage]
    assert isinstance(whole, PersonPage)
    until(whole.things.rowCount)
    for name, does in (
        ("a person's record", whole.show_lines),
        ("a person's record, corrected", whole.correct),
        ("a person's record, given out", whole.give),
        ("a person's record, asked about", whole.ask),
    ):
        does()
        yield name, whole
    words = "The night of the 3rd was not like that: nobody shouted, and the door was open all the time. " * 2
    asks = AskAboutRecord(
        referral_id=desk.found.no_van, kind="correction", said_by="her solicitor", words=words, about="narrative"
    )
    desk.seat.room.do(asks)
    whole.sheets.close()
    until(lambda: whole.asked_shown and whole.asked_shown[0].request)
    whole.events.setFocus()
    whole.events.setCurrentCell(0, 0)
    whole.answer()
    assert whole.sheets.current is not None, "nothing is there to be answered"
    yield "a person's record, answered", whole
    whole.sheets.close()
    close(whole)
    words = "Her sister is on her way with the key to the side door, and the dog is with a neighbour until then."
    desk.seat.room.do(SendMessage(words=words, referral_id=desk.found.no_van))
    page.beside.open_messages(desk.found.no_van)
    told = page.beside.lists[MessagesPage]
    assert isinstance(told, MessagesPage)
    until(told.table.rowCount)
    yield "messages", told
    told.words.clear()
    close(told)
    page.select_referral(desk.found.no_van)
    yield "a referral with a message", page.detail
    lock = Lock(desk.seat.window, page, "secret", 0)
    lock.lock()
    yield "locked", lock.page
    lock.end()
    page.privacy.lock(False)


def close(window: QWidget | None) -> None:
    assert window is not None
    window.close()
