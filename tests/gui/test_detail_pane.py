"""The detail pane: what it shows, to whom, and that nothing typed is lost."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from console.views.detail import reader
from db import commands
from db.domain.records import ApproachPlan, Patient
from db.domain.states import AssignmentState, HandoverState
from tests.gui.seats import Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]

PERSON = Patient("Test Example-Patient", date(1991, 4, 3), "9434765919")


@pytest.mark.hazard("H-025")
def test_two_desks_at_once_one_wins_and_the_other_reads_who_did_what(seats: Callable[[str], Seat]) -> None:
    shah, okafor = seats("a.shah"), seats("b.okafor")
    van = shah.room.on_duty(0)
    okafor.room.until(lambda: okafor.room.desk.store.shift_of(van))
    first = shah.room.take()
    shah.room.accept(first)
    okafor.room.until(lambda: (found := okafor.room.desk.store.referral(first)) and found.state == "accepted")
    okafor.show(first)
    okafor.pane.focus_note()
    okafor.type("Sister rang back")
    for seat in (shah, okafor):
        seat.show(first)
        seat.pane.focus_pane()
        seat.press("Return")
        seat.room.until(lambda seat=seat: seat.pane.sheets.current.values()["van"])
    for seat in (shah, okafor):
        # In the same instant: the loop does not run between the two.
        QTest.keySequence(seat.pane.sheets.current.field("van").list, "Return")
    okafor.room.until(lambda: sum(seat.pane.sheets.current is None for seat in (shah, okafor)) == 1)
    okafor.room.until(
        lambda: any(
            seat.pane.sheets.current and "already" in seat.pane.sheets.current.message.text()
            for seat in (shah, okafor)
        )
    )
    told = [seat.pane.sheets.current.message.text() for seat in (shah, okafor) if seat.pane.sheets.current]
    assert len(told) == 1
    assert "CRU1 is already allocated" in told[0]
    assert "A. Shah" in told[0] or "B. Okafor" in told[0]
    assert okafor.pane.note.edit.toPlainText() == "Sister rang back"
    shah.room.until(lambda: shah.room.desk.store.assignments_of(first))
    assert len(shah.room.desk.store.assignments_of(first)) == 1


def test_a_step_that_came_too_late_is_refused_where_the_eyes_are(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.screen(referral_id)
    seat.show(referral_id)
    seat.until_primary("Accept")
    accept = seat.pane.next.primary()
    seat.room.do(commands.Accept(referral_id=referral_id))
    seat.pane.do(accept)
    seat.room.until(lambda: seat.pane.message.text())
    assert "is accepted. Last: accepted, A. Shah" in seat.pane.message.text()


@pytest.mark.hazard("H-026")
def test_a_note_survives_another_referral_and_goes_when_it_is_in_the_record(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    one, two = seat.room.take(), seat.room.take()
    seat.show(one)
    seat.pane.focus_note()
    seat.type("first, unfinished")
    seat.show(two)
    assert seat.pane.note.edit.toPlainText() == ""
    seat.pane.focus_note()
    seat.type("about the second")
    seat.press("Ctrl+Return")
    seat.room.until(lambda: seat.pane.note.edit.toPlainText() == "" and not seat.room.desk.actions.pending)
    assert [event.words for event in seat.events(two) if event.kind == "note"] == ["about the second"]
    seat.show(one)
    assert seat.pane.note.edit.toPlainText() == "first, unfinished"
    assert [event.words for event in seat.events(one) if event.kind == "note"] == []


def test_letters_typed_in_the_note_are_no_actions(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.screen(referral_id)
    seat.show(referral_id)
    seat.until_primary("Accept")
    seat.pane.focus_note()
    seat.type("a d s")
    assert seat.pane.note.edit.toPlainText() == "a d s"
    assert not seat.room.desk.actions.pending
    assert seat.pane.sheets.current is None


@pytest.mark.hazard("H-089")
def test_an_amended_time_shows_both_and_the_reason(seats: Callable[[str], Seat]) -> None:
    seat = seats("l.lead")
    room = seat.room
    van = room.on_duty(0)
    referral_id = room.take(received_at=room.desk.clock.now() - timedelta(minutes=50))
    room.accept(referral_id)
    job = room.send(referral_id, van, AssignmentState.ON_SCENE)
    seat.show(referral_id)
    was = room.desk.store.assignment(job).times[AssignmentState.ON_SCENE]
    at = was - timedelta(milliseconds=1)  # the van was allocated a moment before, and not before that
    room.do(commands.AmendTime(entity="assignment", id=job, field="on scene", at=at, reason="crew forgot"))
    room.until(lambda: any(line.amended for line in seat.pane.view().story.lines))
    (line,) = (line for line in seat.pane.view().story.lines if line.amended)
    assert (line.what, line.at, line.amended[0].was) == ("CRU1 on scene", at, was)
    room.until(lambda: "amended by L. Lead: crew forgot" in seat.text())
    assert "<s>" in seat.text()


def test_a_viewer_has_no_actions_and_sees_nothing_personal(seats: Callable[[str], Seat]) -> None:
    shah, wall = seats("a.shah"), seats("w.wall")
    plan = ApproachPlan(wishes=("quiet arrival",), said_by="the person")
    referral_id = shah.room.take(patient=PERSON, narrative="a story", call_back="07700 900123", plan=plan)
    wall.room.until(lambda: wall.room.desk.store.referral(referral_id))
    wall.show(referral_id)
    assert wall.pane.next.steps == ()
    assert not wall.pane.next.isVisible()
    assert not wall.pane.note.isVisible()
    shown = wall.text()
    assert "EMAS holds the patient" in shown
    for secret in ("A1187", "Example", "Abington", "07700", "a story", "quiet arrival", "943"):
        assert secret not in shown


@pytest.mark.hazard("H-054")
def test_private_hides_the_person_and_shows_them_again(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take(patient=PERSON, narrative="lives above the bakery", call_back="07700 900123")
    seat.room.do(commands.AddNote(referral_id=referral_id, words="her sister rang"))
    seat.show(referral_id)
    seat.room.until(lambda: "her sister rang" in seat.text())
    seat.pane.set_private(True)
    for secret in ("Example", "Abington", "07700", "bakery", "sister", "943"):
        assert secret not in seat.text()
    seat.pane.set_private(False)
    assert "bakery" in seat.text()


def test_what_a_lead_may_do_is_absent_for_a_dispatcher(seats: Callable[[str], Seat]) -> None:
    shah, lead = seats("a.shah"), seats("l.lead")
    referral_id = shah.room.take()
    lead.room.until(lambda: lead.room.desk.store.referral(referral_id))
    for seat in (shah, lead):
        seat.show(referral_id)
    leads = {step.label for step in lead.pane.next.steps} - {step.label for step in shah.pane.next.steps}
    assert leads == {"Amend a time", "Did not happen …", "Entered in error"}
    shah.press("I")
    assert shah.pane.sheets.current is None
    lead.press("I")
    assert lead.pane.sheets.current is not None


def test_the_record_is_opened_by_resting_on_it_and_not_by_passing(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    passed, rested = seat.room.take(), seat.room.take()

    def looks(referral_id: object) -> int:
        return sum(event.kind == "record opened" for event in seat.events(referral_id))

    done: list[object] = []
    seat.room.desk.actions.done.connect(done.append)
    for _ in range(2):
        seat.show(passed)
        seat.show(rested)
    seat.room.until(lambda: done, within=reader.DWELL_MS / 1000 + 5)
    seat.show(None)
    seat.show(rested)
    timer = seat.pane._looks._dwell
    seat.room.until(lambda: not timer.isActive() and not seat.room.desk.actions.pending)
    assert (looks(passed), looks(rested)) == (0, 1)


def test_the_line_for_emas_names_no_patient_and_says_when_the_crew_is_free(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    van = seat.room.on_duty(1)
    referral_id = seat.room.take(patient=PERSON, ems_incident="EM-4471")
    seat.room.accept(referral_id)
    seat.room.send(referral_id, van, AssignmentState.ON_SCENE)
    seat.show(referral_id)
    seat.press("Ctrl+Shift+C")
    line = QGuiApplication.clipboard().text()
    assert "your incident EM-4471" in line
    assert "CRU2 on scene since " in line
    assert "your crew free about" in line
    assert "Example" not in line


@pytest.mark.hazard("H-043")
def test_the_plan_says_what_the_van_that_was_sent_can_keep(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    van = seat.room.on_duty(3)
    plan = ApproachPlan(wishes=("unmarked van", "quiet arrival"), same_gender="female", said_by="the person")
    referral_id = seat.room.take(plan=plan)
    seat.room.accept(referral_id)
    seat.room.send(referral_id, van)
    seat.show(referral_id)
    seat.room.until(lambda: len(seat.room.desk.store.about_of(referral_id)) == 3)
    chips = [chip.text for chip in seat.pane.body.about._chips if chip.isVisible()]
    assert sorted(chips) == ["quiet arrival", "safer with a woman ✓ CRU4", "unmarked van ✗ not CRU4"]


def test_live_changes_keep_scroll_and_focus(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    van = seat.room.on_duty(0)
    referral_id = seat.room.take(narrative="word " * 400)
    seat.room.accept(referral_id)
    seat.show(referral_id)
    seat.pane.focus_note()
    seat.type("half a")
    bar = seat.pane.body.verticalScrollBar()
    seat.room.until(lambda: bar.maximum() > 150)
    bar.setValue(120)
    job = seat.room.send(referral_id, van)
    seat.room.do(commands.Step(assignment_id=job, to=AssignmentState.MOBILE))
    seat.until_primary("CRU1 on scene")
    assert bar.value() == 120
    assert seat.pane.focusWidget() is seat.pane.note.edit
    seat.type(" sentence")
    assert seat.pane.note.edit.toPlainText() == "half a sentence"


def test_one_press_is_one_step_also_when_the_key_is_held(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    van = seat.room.on_duty(0)
    referral_id = seat.room.take()
    seat.room.accept(referral_id)
    job = seat.room.send(referral_id, van)
    seat.show(referral_id)
    seat.until_primary("CRU1 acknowledged")
    seat.press("Return", "Return", "Return")
    seat.until_primary("CRU1 mobile")
    assert seat.room.desk.store.assignment(job).state is AssignmentState.ACKNOWLEDGED


@pytest.mark.hazard("H-033")
def test_a_handover_that_was_refused_says_why(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    van = seat.room.on_duty(0)
    referral_id = seat.room.take()
    seat.room.accept(referral_id)
    seat.room.send(referral_id, van, AssignmentState.ON_SCENE)
    seat.show(referral_id)
    seat.until_primary("CRU1 with patient")
    seat.press("R", "1", "Return")
    link = seat.room.desk.store.handovers_of(referral_id)[0].id
    seat.room.until(lambda: seat.room.desk.store.handover(link).state is HandoverState.REFUSED)
    seat.room.until(lambda: "Physical need found: stays with EMAS" in seat.text())


def test_the_empty_pane_says_what_to_press(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    seat.show(None)
    assert "Ctrl N" in seat.text()
    QTest.keySequence(seat.pane, "Return")
    assert not seat.room.desk.actions.pending
