"""Reality may object: in one line beside the button, answered by the same key, kept with the event."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from console.live import reality
from console.views.lists.insisted import InsistedPage
from db import commands
from db.domain.states import AssignmentState, HandoverState
from tests.gui.desks import Room
from tests.gui.seats import PAST_WHO, Seat, qt_loop, rooms, seats
from tests.gui.test_arrivals import Report, report

__all__ = ["qt_loop", "report", "rooms", "seats"]
S = AssignmentState


class Way:
    """A van on its way, and what its device says."""

    def __init__(self, seat: Seat, report: Report) -> None:
        self.seat, self.room, self.report = seat, seat.room, report
        self.van = self.room.on_duty(0)
        self.referral = self.room.take(source="hub", ems_callsign="")
        self.room.accept(self.referral)
        self.job = self.room.send(self.referral, self.van)
        given = {
            "referral_id": self.referral,
            "assignment_id": self.job,
            "read_by": "O. Finch",
            "channel": "radio",
        }
        self.room.do(commands.ReadBriefBack(**given, brief="By the yard."))
        self.room.do(commands.Step(assignment_id=self.job, to=S.MOBILE))
        self.seen(6200)
        self.seat.show(self.referral)
        self.seat.until_primary("CRU1 on scene")

    def seen(self, metres: float) -> datetime:
        at = self.room.desk.clock.now()
        self.report(self.van, at, metres)
        self.room.until(lambda: (fix := self.room.desk.store.position(self.van)) and fix.fixed_at == at)
        return at

    def state(self) -> AssignmentState:
        found = self.room.desk.store.assignment(self.job)
        assert found is not None
        return found.state

    def asked(self) -> str:
        doubt = self.seat.pane.doubt
        return doubt.text() if doubt.isVisibleTo(self.seat.pane) else ""

    def insisted(self) -> list[tuple[str, str]]:
        return [(one.kind, one.insisted) for one in self.seat.events(self.referral) if one.insisted]


@pytest.fixture
def way(seats: Callable[[str], Seat], report: Report) -> Way:
    return Way(seats("a.shah"), report)


def answered(way: Way) -> None:
    """The sentence was there long enough to be read."""
    way.room.until(lambda: way.seat.pane.doubt._insistence._at < reality.time.monotonic() - reality.READ_AFTER)


def test_presses_in_a_row_are_one_and_record_nothing(way: Way) -> None:
    way.seat.press("Return", "Return", "Return", "Return")
    assert "6.2 km away" in way.asked()
    assert way.asked().startswith("CRU1 on scene? ")
    assert not way.room.desk.actions.pending
    assert way.state() is S.MOBILE


@pytest.mark.hazard("H-022")
@pytest.mark.parametrize("key", ["Return", "G"])
def test_who_insists_is_kept_with_the_event(way: Way, key: str) -> None:
    way.seat.press("G")
    assert way.asked()
    answered(way)
    way.seat.press(key)
    way.room.until(lambda: way.state() is S.ON_SCENE)
    assert way.asked() == ""
    words = dict(way.insisted())
    assert "6.2 km away" in words["van on scene"]
    way.room.until(lambda: "although: " in way.seat.text())


@pytest.mark.hazard("H-022")
def test_a_lead_reads_what_was_insisted_on_and_by_whom(way: Way, rooms: Callable[[str], Room]) -> None:
    way.seat.insist("G")
    way.room.until(lambda: way.state() is S.ON_SCENE)
    lead = rooms("l.lead")
    page = InsistedPage(lead.desk)
    page.show()
    lead.until(lambda: page.table.rowCount() >= 1)
    lines = [[page.table.item(row, column).text() for column in range(6)] for row in range(page.table.rowCount())]
    there = next(line for line in lines if line[2] == "CRU1 on scene")
    assert (there[1], there[4], there[5]) == ("0001", "A. Shah", "user")
    assert "6.2 km away" in there[3]
    # Taken back, it is nobody's lapse any more.
    way.room.until(lambda: way.seat.pane.taking_back.last.act is not None)
    way.seat.pane.undo()
    way.room.until(lambda: way.state() is S.MOBILE)
    page.refresh()
    lead.until(lambda: page.empty.isVisibleTo(page))
    page.close()


def test_what_fits_is_never_asked_about(way: Way) -> None:
    way.seen(60)
    way.seat.press("Return")
    assert way.asked() == ""
    way.room.until(lambda: way.state() is S.ON_SCENE)
    assert way.insisted() == []


def test_a_fix_that_comes_meanwhile_answers_by_itself(way: Way) -> None:
    way.seat.press("Return")
    assert way.asked()
    way.seen(40)
    way.room.until(lambda: way.asked() == "")
    assert way.state() is S.MOBILE  # nobody has said so yet


def test_the_question_goes_with_its_referral(way: Way) -> None:
    way.seat.press("Return")
    other = way.room.take()
    way.seat.show(other)
    assert way.asked() == ""
    way.seat.show(way.referral)
    assert way.asked() == ""
    answered(way)
    way.seat.press("Return")
    assert way.asked()  # asked anew, not answered
    assert way.state() is S.MOBILE


def test_another_act_is_no_answer(way: Way) -> None:
    way.seat.press("Return")
    assert way.asked()
    way.seat.press(".")
    assert way.asked() == ""
    way.seat.pane.sheets.close()
    assert way.state() is S.MOBILE


def test_what_somebody_else_did_is_not_asked_about_any_more(way: Way) -> None:
    way.seat.press("Return")
    assert way.asked()
    way.room.do(commands.Step(assignment_id=way.job, to=S.WITH_PATIENT))
    way.room.until(lambda: way.asked() == "")


def test_a_sheet_asks_too_and_once_more_is_the_answer(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    room = seat.room
    van, referral = room.on_duty(0), room.take()
    room.accept(referral)
    job = room.send(referral, van, S.WITH_PATIENT)
    (link,) = room.desk.store.handovers_of(referral)
    for to in (HandoverState.STARTED, HandoverState.ACCEPTED):
        room.do(commands.MoveHandover(handover_id=link.id, to=to))
    room.do(commands.Step(assignment_id=job, to=S.CLEAR))
    seat.show(referral)
    room.until(lambda: any(step.key == "X" for step in seat.pane.next.steps))
    seat.press("X")
    sheet = seat.pane.sheets.current
    assert sheet is not None
    close(seat)
    assert "EMAS A1187 is not released" in sheet.message.text()
    assert room.desk.store.referral(referral).state == "attending"
    room.until(lambda: seat.pane.sheets._insistence._at < reality.time.monotonic() - reality.READ_AFTER)
    sheet.submit()
    room.until(lambda: room.desk.store.referral(referral).state == "closed")
    assert [one.insisted for one in seat.events(referral) if one.kind == "closed"] == [
        "EMAS A1187 is not released"
    ]


def close(seat: Seat) -> None:
    """Answer what the sheet asks, and send it."""
    seat.press("1", *PAST_WHO, "Tab", "Y", "Tab", "N", "Tab", "N", "Ctrl+Return")


def test_two_different_steps_are_two_questions() -> None:
    asked = reality.Insistence()
    asked.ask("one")
    assert asked.is_asked("one")
    assert not asked.is_asked("two")
    assert not asked.insists("one")
    asked.forget()
    assert not asked.is_asked("one")


def test_a_command_is_known_by_what_it_is_about() -> None:
    job = UUID(int=7)
    one, same = (commands.Step(assignment_id=job, to=S.ON_SCENE) for _ in range(2))
    assert reality.bare(one) == reality.bare(same)
    other = commands.Step(assignment_id=job, to=S.CLEAR)
    assert reality.bare(one) != reality.bare(other)
    assert timedelta(seconds=reality.READ_AFTER) < timedelta(seconds=1)
