"""What was done last is taken back by a key; later a shift lead chooses what did not happen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from console.live.store import LinkState
from console.map.scheme import prepare_engine
from db import commands
from db.domain.states import AssignmentState, ReferralState
from tests.e2e.windows import Seated
from tests.gui.desks import Room
from tests.gui.map_tools import ENGINE_NOISE
from tests.gui.seats import Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE, "Couldn't (load|resolve)", "Failed to load", extend=True)
prepare_engine()
S = AssignmentState

IN_ERROR = ["Did not happen …", "No error: back on the board"]


def sent(seat: Seat) -> tuple[UUID, UUID]:
    """A referral with a van allocated to it."""
    room = seat.room
    van, referral = room.on_duty(0), room.take()
    room.accept(referral)
    allocate = commands.Allocate(referral_id=referral, van_id=van)
    room.do(allocate)
    seat.show(referral)
    seat.until_primary("CRU1 acknowledged")
    return referral, allocate.assignment_id


@pytest.mark.hazard("H-021")
def test_the_last_step_is_said_and_taken_back_by_its_key(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral, job = sent(seat)
    store, line = seat.room.desk.store, seat.pane.undone
    height = line.height()
    seat.press("Return")
    seat.room.until(lambda: line.text().startswith("CRU1 acknowledged · 0001, just now · "))
    assert line.height() == height  # no button moves under a hand
    assert line.button.isVisibleTo(seat.pane)
    seat.pane.undo()
    seat.room.until(lambda: store.assignment(job).state is S.ALLOCATED)
    seat.room.until(lambda: "acknowledged" not in line.text())
    seat.room.until(lambda: "taken back by A. Shah" in seat.text())
    kinds = [event.kind for event in seat.events(referral) if event.van_id]
    assert kinds[-2:] == ["van acknowledged", "van acknowledged taken back"]


def test_whoever_signs_out_asks_the_record_nothing_more(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    last, link = seat.pane.taking_back.last, seat.room.desk.store.link
    seat.room.until(lambda: not last._reading)
    seat.room.desk.store.set_link(replace(link, state=LinkState.CONNECTING))
    assert last._reading
    seat.room.until(lambda: not last._reading)
    last.end()
    seat.room.desk.store.set_link(replace(link, state=LinkState.LOST))
    assert not last._reading


def test_it_is_said_over_another_referral_too_and_names_its_own(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral, job = sent(seat)
    other = seat.room.take()
    seat.press("Return")
    seat.room.until(lambda: "acknowledged" in seat.pane.undone.text())
    assert seat.pane.undone.text().startswith("CRU1 acknowledged · 0001, ")
    assert seat.pane.undone.words.property("tone") == "dim"
    seat.pane.resize(330, 900)
    height = seat.pane.undone.height()
    for shown in (other, None):
        seat.show(shown)
        assert seat.pane.undone.text().startswith("0001 Northampton, not shown: CRU1 acknowledged · ")
        assert seat.pane.undone.button.accessibleName() == "Undo CRU1 acknowledged · 0001 Northampton"
        assert seat.pane.undone.words.property("tone") == "warn"
    seat.pane.set_private(True)
    assert "0001, not shown: " in seat.pane.undone.text()
    seat.room.until(lambda: seat.pane.undone.words.heightForWidth(seat.pane.undone.words.width()) <= height)
    assert seat.pane.undone.height() == height
    seat.pane.undo()
    seat.room.until(lambda: seat.room.desk.store.assignment(job).state is S.ALLOCATED)
    assert seat.room.desk.store.referral(other).state is ReferralState.RECEIVED
    assert seat.room.desk.store.referral(referral).state is ReferralState.ALLOCATED


def test_what_was_built_on_says_by_whom_and_is_not_offered(seats: Callable[[str], Seat]) -> None:
    seat, other = seats("a.shah"), seats("b.okafor")
    _, job = sent(seat)
    seat.press("Return")
    seat.room.until(lambda: "acknowledged" in seat.pane.undone.text())
    other.room.do(commands.Step(assignment_id=job, to=S.MOBILE))
    seat.room.until(lambda: "has been built on since: CRU1 mobile" in seat.pane.undone.text())
    assert not seat.pane.undone.button.isVisibleTo(seat.pane)
    seat.pane.undo()
    assert "B. Okafor" in seat.pane.message.text()
    # The list of acts and the mirror are read on two connections.
    seat.room.until(lambda: seat.room.desk.store.assignment(job).state is S.MOBILE)


def pressed(seat: Seat, *given: commands.Command) -> None:
    """Ask for these as one line of the command line, or one sheet, does."""
    actions = seat.room.desk.actions
    actions.as_one(given)
    for command in given:
        actions.submit(command, "Together")
    seat.room.until(lambda: not actions.pending)


@pytest.mark.hazard("H-021")
def test_what_went_out_by_one_press_is_taken_back_by_one(seats: Callable[[str], Seat]) -> None:
    seat, other = seats("a.shah"), seats("b.okafor")
    room, line = seat.room, seat.pane.undone
    vans, referral = [room.on_duty(0), room.on_duty(1)], room.take()
    room.accept(referral)
    seat.show(referral)
    beside: tuple[UUID, ...] = ()
    two = []
    for van in vans:
        two.append(commands.Allocate(referral_id=referral, van_id=van, beside=beside))
        beside = (*beside, two[-1].assignment_id)
    pressed(seat, *two, commands.AddNote(referral_id=referral, words="no siren in the street"))
    room.until(lambda: line.text().startswith("CRU1 allocated, CRU2 allocated, note · 0001, just now · "))
    seat.pane.undo()
    room.until(lambda: room.desk.store.referral(referral).state is ReferralState.ACCEPTED)
    room.until(lambda: all(room.desk.store.job_of(van) is None for van in vans))
    kinds = [event.kind for event in seat.events(referral)]
    assert kinds.count("van allocated taken back") == 2
    assert kinds.count("note taken back") == 1
    # What was done before it, alone, is the next to go: nothing is left of the press.
    room.until(lambda: line.text().startswith("accepted · 0001"))

    # All of it or nothing: where one of them was built on, its note stays too.
    one = commands.Allocate(referral_id=referral, van_id=vans[1])
    pressed(seat, one, commands.AddNote(referral_id=referral, words="the son waits at the gate"))
    room.until(lambda: line.text().startswith("CRU2 allocated, note · 0001"))
    other.room.do(commands.Step(assignment_id=one.assignment_id, to=S.MOBILE))
    room.until(lambda: "CRU2 allocated has been built on since: CRU2 mobile" in line.text())
    seat.pane.undo()
    last = seat.pane.taking_back.last
    last.take_back(lambda _: None)  # as a key that was on its way before it was said
    room.until(lambda: not room.desk.actions.pending)
    assert room.desk.store.job_of(vans[1]).state is S.MOBILE
    assert [event.kind for event in seat.events(referral)].count("note taken back") == 1


def test_after_its_minute_nothing_is_offered(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    sent(seat)
    seat.press("Return")
    last = seat.pane.taking_back.last
    seat.room.until(lambda: last.act is not None and "acknowledged" in seat.pane.undone.text())
    assert timedelta(0) < last.left() <= timedelta(seconds=60)
    assert last.act is not None
    last._act = replace(last.act, done_at=last.act.done_at - timedelta(seconds=61))
    seat.pane.tick()
    assert seat.pane.undone.text() == ""
    seat.pane.undo()
    assert "Nothing of yours can be taken back now." in seat.pane.message.text()
    # An offer comes, as after the next step: then the sentence would be untrue beside it.
    assert last.act is None
    last._ask()
    seat.room.until(lambda: last.act is not None)
    seat.room.until(seat.pane.message.isHidden)


def test_a_lead_says_what_did_not_happen_and_why(seats: Callable[[str], Seat]) -> None:
    shah, lead = seats("a.shah"), seats("l.lead")
    referral, job = sent(shah)
    shah.press("Return")
    shah.until_primary("CRU1 mobile")
    lead.room.until(lambda: (known := lead.room.desk.store.assignment(job)) and known.state is S.ACKNOWLEDGED)
    lead.show(referral)
    step = next(step for step in lead.pane.next.steps if step.label == "Did not happen …")
    lead.pane.do(step)
    lead.room.until(lambda: lead.pane.sheets.current)
    sheet = lead.pane.sheets.current
    assert sheet is not None
    rows = sheet.field("act").list.rows
    assert (rows[0].text, rows[0].enabled) == ("CRU1 acknowledged", True)
    assert "A. Shah" in rows[0].right
    blocked = [row.text for row in rows if not row.enabled]
    assert "CRU1 allocated" in blocked  # the step stands on it
    lead.press("1", "Tab")
    lead.type("the crew never answered")
    lead.press("Return")
    lead.room.until(lambda: lead.room.desk.store.assignment(job).state is S.ALLOCATED)
    # That the lead had the record open for a while may be noted at any time.
    back = [event for event in lead.events(referral) if event.kind != "record opened"][-1]
    assert (back.kind, back.reason, back.recorded_by) == (
        "van acknowledged taken back",
        "the crew never answered",
        "l.lead",
    )


@pytest.mark.hazard("H-018")
def test_what_was_entered_in_error_comes_back(seats: Callable[[str], Seat]) -> None:
    lead = seats("l.lead")
    referral = lead.room.take()
    lead.room.do(commands.MarkEnteredInError(referral_id=referral, reason="a test"))
    lead.show(referral)
    lead.room.until(lambda: [step.label for step in lead.pane.next.steps] == IN_ERROR)
    # It was done at another desk, as far as this one knows: found at one of the next ticks.
    lead.room.until(lambda: lead.pane.tick() or "entered in error" in lead.pane.undone.text())
    lead.pane.undo()
    lead.room.until(lambda: lead.room.desk.store.referral(referral).entered_in_error_at is None)


def test_the_key_works_from_anywhere_on_the_desk(rooms: Callable[[str], Room], tmp_path: Path) -> None:
    room = rooms("a.shah")
    desk = Seated(room, tmp_path)
    try:
        desk.sit()
        van, referral = room.on_duty(0), room.take()
        room.accept(referral)
        allocate = commands.Allocate(referral_id=referral, van_id=van)
        room.do(allocate)
        store = room.desk.store
        room.until(lambda: store.assignment(allocate.assignment_id))
        for place in ("F2", "F3", "F5", "F6"):
            desk.page.select_referral(referral)
            desk.press("F6")
            desk.open_step("CRU1 acknowledged")
            room.until(lambda: store.assignment(allocate.assignment_id).state is S.ACKNOWLEDGED)
            room.until(lambda: "acknowledged" in desk.page.detail.undone.text())
            desk.press(place, "Ctrl+Z")
            room.until(lambda: store.assignment(allocate.assignment_id).state is S.ALLOCATED)
        desk.press("F6")
        desk.open_step("CRU1 acknowledged")
        room.until(lambda: "acknowledged" in desk.page.undone_words())
        # On a small screen the map lies over the line that says whose step it is: then the key is nobody's.
        desk.window.resize(840, 640)
        desk.press("F4")
        room.until(lambda: not desk.page.undone_words())
        desk.press("F6")
        room.until(lambda: "acknowledged" in desk.page.undone_words())
    finally:
        desk.leave()
