"""The whole window: one selection, one refusal, nothing that jumps, and nothing typed that is lost from sight."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from console.views.board.list import SteadyList
from console.views.desk.note import QuietNote
from db import commands
from db.errors import Invalid
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated

__all__ = ["clock", "qt_loop", "rooms", "seated"]
Opens = Callable[[str], Seated]


def test_screening_puts_the_keyboard_on_the_questions(seated: Opens, clock: Clock) -> None:
    seat = seated("l.lead")
    referral = seat.room.take()
    seat.sit()
    seat.page.forms.screen_referral(referral)
    grid = seat.page.forms.form.page.screening.grid
    seat.room.until(lambda: seat.focused() is grid or grid.isAncestorOf(seat.focused()))


def test_a_draft_that_was_put_aside_is_in_sight_and_comes_back(seated: Opens, clock: Clock) -> None:
    seat = seated("l.lead")
    seat.sit()
    seat.press("Ctrl+N", "Alt+4")
    seat.type("says little")
    assert not seat.page.aside.isVisible()
    seat.press("Escape")
    assert seat.page.aside.isVisible()
    assert seat.page.aside.text() == "1 not saved"
    assert seat.focused() is seat.page.board.list
    assert not seat.page.may_close()
    assert seat.page.message.text().startswith("1 referral is typed but not saved.")
    seat.press("Ctrl+Shift+N")
    assert seat.page.forms.isVisible()
    assert seat.page.forms.form.current.draft.narrative == "says little"
    assert not seat.page.aside.isVisible()


@dataclass(frozen=True)
class Place:
    """What is near a pin."""

    title: str
    postcode: str
    lat: float = 52.2
    lon: float = -0.9
    warning: str = ""


def test_a_pin_that_is_dragged_on_says_where_it_is_now(seated: Opens, clock: Clock) -> None:
    form = seated("l.lead").page.forms.form
    form.set_location_from_map(52.2, -1.2, Place("Near Charwelton", "NN11 3YY"))
    form.set_location_from_map(52.3, -1.1, Place("Near Weedon", "NN7 4QF"))
    assert (form.current.draft.place, form.current.draft.postcode) == ("Near Weedon", "NN7 4QF")
    form.page.place.line.setText("The barn")
    form.set_location_from_map(52.4, -1.0, Place("Near Long Buckby", "NN6 7AA"))
    assert form.current.draft.place == "The barn"


def test_a_message_and_an_alarm_move_nothing(seated: Opens, clock: Clock) -> None:
    seat = seated("l.lead")
    seat.room.take()
    page = seat.page
    seat.room.until(lambda: not page.status.alarm.isVisible())
    before = {name: dock.geometry() for name, dock in page.dock.items()}, page.status.height()
    page.message.say("warn", "Something happened.", "Look at it.")
    page.status.alarm.setVisible(True)
    page.status.more.setVisible(True)
    settle(seat)
    assert ({name: dock.geometry() for name, dock in page.dock.items()}, page.status.height()) == before
    # Nor does it lie over what the form says of itself, where there is room beside that.
    page.new_referral()
    settle(seat)
    assert not page.message.geometry().intersects(page.forms.geometry())
    assert not page.message.isHidden()
    page.forms.form.park()


def test_no_column_changes_its_width_with_a_sheet(seated: Opens, clock: Clock) -> None:
    seat = seated("l.lead")
    room, page = seat.room, seat.page
    referral = room.take()
    room.on_duty(0)
    room.accept(referral)
    page.select_referral(referral)
    settle(seat)
    before = {name: dock.width() for name, dock in page.dock.items()}
    page.detail.open_allocate()
    settle(seat)
    assert {name: dock.width() for name, dock in page.dock.items()} == before


def test_allocating_from_the_board_selects_that_referral(seated: Opens, clock: Clock) -> None:
    seat = seated("l.lead")
    room, page = seat.room, seat.page
    other, wanted = room.take(), room.take(priority="P2")
    room.on_duty(0)
    room.accept(wanted)
    page.select_referral(other)
    seat.sit()
    seat.press("F2", "Home", "End")
    assert page.board.list.current == wanted
    seat.press("V")
    assert page.detail.view().referral.id == wanted
    assert page.detail.sheets.current is not None


def test_a_refusal_is_said_once(seated: Opens, clock: Clock) -> None:
    seat = seated("l.lead")
    room, page = seat.room, seat.page
    referral = room.take()
    heard: list[object] = []
    page.desk.actions.refused.connect(heard.append)
    page.desk.actions.submit(commands.Accept(referral_id=referral), "Accept", then=lambda _action: None)
    room.until(lambda: len(heard) == 1)
    assert not page.message.isVisible()
    page.desk.actions.submit(commands.Accept(referral_id=referral), "Accept")
    room.until(lambda: len(heard) == 2)
    assert page.message.isVisible()
    assert page.message.text().startswith("Accept: ")


def test_the_frame_says_where_the_keyboard_is(seated: Opens, clock: Clock) -> None:
    seat = seated("l.lead")
    seat.sit()
    seat.press("F3")
    frames = {name: dock.widget().property("keyboard") for name, dock in seat.page.dock.items()}
    assert [name for name, here in frames.items() if here == "here"] == ["vans"]


def settle(seat: Seated) -> None:
    """Let Qt lay out what was asked for: until nothing has moved for ten turns of the loop."""
    looks: list[list[QRect]] = []

    def rests() -> bool:
        looks.append([one.geometry() for one in seat.page.window().findChildren(QWidget)])
        return looks[-10:].count(looks[-1]) == 10

    seat.room.until(rests, within=5)


def test_a_refusal_is_said_when_the_form_was_closed_before_it(seated: Opens) -> None:
    one = seated("a.shah")
    one.sit()
    one.page.new_referral()
    one.type("NN1 4LP")
    draft = one.page.forms.form.current
    one.press("Escape")
    one.page.forms.form.outbox.refused.emit(draft, Invalid("The record refuses this value.", "Check it."))
    assert "refuses this value" in one.page.message.text()
    assert "put aside" in one.page.message.text()


def test_an_accept_that_cannot_be_says_why(seated: Opens) -> None:
    one = seated("a.shah")
    one.sit()
    one.page.new_referral()
    one.press("Ctrl+Shift+Return")
    assert "Not accepted" in one.page.forms.form.message.text()
    one.press("Escape")


def test_a_quiet_note_moves_nothing_takes_no_keyboard_and_is_put_away_by_a_key(
    seated: Opens, clock: Clock
) -> None:
    seat = seated("l.lead")
    page = seat.page
    note = QuietNote(page, page.forms, page.detail.empty, (page.vans.list, page.board.list), page.map, lambda: 0)
    seat.sit()
    before = {name: dock.geometry() for name, dock in page.dock.items()}, seat.focused()
    note.say("You are watching the tide come in.")
    settle(seat)
    assert ({name: dock.geometry() for name, dock in page.dock.items()}, seat.focused()) == before
    assert note.text() == "You are watching the tide come in."
    assert page.docks.geometry().contains(note.geometry())
    # The lowest buttons of a form that lies over the panels stay free, whether or not both have room.
    page.new_referral()
    note.say("This computer has no key store, or it is locked: what waits would be lost if the console ended.")
    for width in (1920, 1366, 900):
        seat.window.resize(width, 720)
        settle(seat)
        footer = page.forms.form.footer
        over = [page.childAt(footer.mapTo(page, QPoint(x, footer.height() // 2))) for x in range(8, 500, 40)]
        assert not any(one is note or note.isAncestorOf(one) for one in over), width
    page.forms.form.park()
    settle(seat)
    assert note.isVisible()

    # While nobody is chosen it stands at the foot of what says so, and over nobody's row.
    def at(part: QWidget) -> QRect:
        return QRect(part.mapTo(page, QPoint(0, 0)), part.size())

    for width in (2560, 1920, 1366):
        seat.window.resize(width, 720)
        settle(seat)
        assert at(page.detail.empty).contains(note.geometry()), width
        assert note.y() > at(page.detail.empty).y() + page.detail.empty.sizeHint().height()
    # Nor does it lie over what is done with a van or a referral, whichever comes first.
    page.select_referral(seat.room.take())
    for width in (1920, 1366):
        seat.window.resize(width, 720)
        page.vans.select(page.desk.store.vans()[0].id)
        settle(seat)
        for part in (page.vans.strip, page.detail):
            assert not at(part).intersects(note.geometry()), (width, part)
        page.vans.select(None)
        settle(seat)
        assert page.vans.strip.isHidden()
    seat.press("F7")
    assert note.text() == ""


def test_a_quiet_note_covers_no_row_no_lane_and_no_step_and_goes_once_it_was_read(
    seated: Opens, clock: Clock
) -> None:
    """At the foot of a list that has room there, else over the map; where neither has, it waits."""
    seat = seated("l.lead")
    page, times = seat.page, [100.0, 0.0]
    lists = (page.vans.list, page.board.list)
    note = QuietNote(page, page.forms, page.detail.empty, lists, page.map, lambda: times[1], lambda: times[0])
    many = [seat.room.take() for _ in range(9)]
    page.select_referral(many[-1])

    def at(part: QWidget) -> QRect:
        return QRect(part.mapTo(page, QPoint(0, 0)), part.size())

    def rows(one: SteadyList) -> list[QRect]:
        corner = one.viewport().mapTo(page, QPoint(0, 0))
        seen = (one.visualRect(one.model().index(row, 0)) for row in range(one.model().rowCount()))
        return [rect.translated(corner) for rect in seen if rect.intersects(one.viewport().rect())]

    where = set()
    for width, height in ((2560, 1400), (1920, 1000), (1366, 700), (1280, 560), (860, 420)):
        seat.window.resize(width, height)
        note.say("This computer has no key store, or it is locked: what waits would be lost if the console ended.")
        settle(seat)
        seen = at(note)
        on_map = page.map.isVisible() and at(page.map).contains(seen)
        waits = page.childAt(seen.center()) is not note and not note.isAncestorOf(page.childAt(seen.center()))
        where.add("map" if on_map else "waits" if waits else "list")
        if not waits:
            covered = [rect for one in lists for rect in rows(one) if rect.intersects(seen)]
            assert covered == [], (width, height)
            for part in (page.timelines, page.detail, page.vans.strip):
                assert not (part.isVisible() and at(part).intersects(seen)), (width, part)
    assert where >= {"list", "map"}
    # It stays for whoever is away, and goes a minute after it came for whoever is there.
    times[:] = [100.0, 90.0]
    note.say("A newer program is there.")
    for now, touched, stays in ((159.0, 101.0, True), (400.0, 90.0, True), (400.0, 399.0, False)):
        times[:] = [now, touched]
        note.look()
        assert bool(note.text()) is stays
