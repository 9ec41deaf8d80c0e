"""What the panels say of acts that have no answer yet, and whose they are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.live.actions import Action, Actions, Progress, Why
from console.live.store import Delta, Link, LinkState
from console.look.widgets import ActionButton
from console.views.detail.orders import is_underway
from console.views.form import offering
from console.views.status.pending import PendingPanel
from db import commands
from db.commands import Command
from db.domain.clocks import local
from db.domain.next_steps import Act, NextStep
from db.domain.states import AssignmentState, HandoverState, ReferralState
from db.errors import Unavailable
from tests.e2e.windows import Clock, Seated, clock, seated
from tests.gui.desks import Room, put_on, qt_loop, room, rooms, stage
from tests.gui.seats import Seat, seats

__all__ = ["clock", "qt_loop", "room", "rooms", "seated", "seats", "stage"]
ONE, OTHER = UUID(int=1), UUID(int=2)


def set_link(room: Room, state: LinkState) -> None:
    room.desk.store.set_link(Link(state, room.desk.clock.now()))


def namesakes(seat: Seat) -> tuple[UUID, UUID]:
    """Two referrals of two days, both called by the same four digits."""
    room = seat.room
    two = room.take(received_at=room.desk.clock.now() - timedelta(days=1)), room.take()
    names = [room.desk.store.referral(key) for key in two]
    assert names[0].reference[-4:] == names[1].reference[-4:]
    assert names[0].reference != names[1].reference
    for key in two:
        seat.screen(key)
    return two


def button(seat: Seat, text: str) -> ActionButton:
    found = [one for one in seat.pane.next.findChildren(ActionButton) if one.text() == text]
    return next(one for one in found if one.isVisibleTo(seat.pane))


def test_a_key_pressed_twice_is_not_refused_for_what_it_has_just_done(seats: Callable[[str], Seat]) -> None:
    """The answer of the record comes by one way, and the row that it is about by another: often later."""
    seat = seats("a.shah")
    referral, actions = seat.room.take(), seat.room.desk.actions
    seat.screen(referral)
    seat.show(referral)
    seat.until_primary("Accept")
    # Done, and not in the mirror: what is shown is what was before.
    accept = SimpleNamespace(
        command=commands.Accept(referral_id=referral), name=lambda _: "Accept", progress=Progress.DONE
    )
    actions.done.emit(accept)
    seat.pane._refresh()
    assert "Sending: Accept" in seat.text()
    seat.press("Return")
    assert not actions.pending
    # What is said beside the steps keeps none from its button, nor does another person's act on another referral.
    other = seat.room.take()
    actions.done.emit(SimpleNamespace(command=commands.AddNote(referral_id=other, words="x")))
    assert seat.pane._underway.of(other) == []
    # It is seen by now: the key acts.
    seat.room.desk.store.changed.emit(Delta(put={"referral": frozenset({referral})}))
    assert seat.pane._underway.of(referral) == []
    seat.press("Return")
    seat.room.until(lambda: seat.room.desk.store.referral(referral).state is ReferralState.ACCEPTED)
    seat.room.until(lambda: not actions.pending and not seat.pane._underway.of(referral))
    assert not seat.pane.message.isVisibleTo(seat.pane)
    seat.until_primary("Allocate a van")


@pytest.mark.hazard("H-020")
def test_a_namesake_s_act_is_not_shown_as_its_own(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    one, other = namesakes(seat)
    seat.show(other)
    seat.until_primary("Accept")
    set_link(seat.room, LinkState.LOST)
    seat.press("Return")
    (action,) = seat.room.desk.actions.pending
    assert "Accept · 0001: waiting for the link" in seat.text()
    assert not button(seat, "Accept").isEnabled()
    seat.show(one)
    assert "waiting for the link" not in seat.text()
    assert button(seat, "Accept").isEnabled()
    seat.press("Return")
    assert [one.command.referral_id for one in seat.room.desk.actions.pending] == [other, one]
    for action in seat.room.desk.actions.pending:
        seat.room.desk.actions.withdraw(action)
    assert "waiting for the link" not in seat.text()


def test_a_step_from_a_sheet_counts_and_words_beside_it_do_not(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    who = seat.room.take()
    seat.screen(who)
    seat.show(who)
    seat.until_primary("Accept")
    set_link(seat.room, LinkState.LOST)
    actions = seat.room.desk.actions
    actions.submit(commands.OpenRecord(referral_id=who), "Record opened")
    actions.submit(commands.AddNote(referral_id=who, words="rang back"), "Note")
    decline = actions.submit(commands.Decline(referral_id=who, reason="no_capacity"), "Decline: CRU-0001")
    assert decline is not None
    assert "Decline: CRU-0001: waiting for the link" in seat.text()
    assert not button(seat, "Decline").isEnabled()
    seat.press("Return")
    assert len(actions.pending) == 3  # one press, one step: the first has no answer
    actions.withdraw(decline)
    seat.press("Return")
    assert [type(action.command) for action in actions.pending][2:] == [commands.Accept]


STEP = commands.Step(assignment_id=ONE, to=AssignmentState.ON_SCENE)
CASES: list[tuple[NextStep, Command, bool]] = [
    (NextStep(Act.STEP, "a", to=AssignmentState.ON_SCENE, target=ONE), STEP, True),
    (NextStep(Act.STEP, "a", to=AssignmentState.ON_SCENE, target=OTHER), STEP, False),
    (NextStep(Act.STEP, "a", to=AssignmentState.CLEAR, target=ONE), STEP, False),
    (NextStep(Act.STEP, "a", to=AssignmentState.ON_SCENE, target=ONE), replace(STEP, origin="geofence"), True),
    (NextStep(Act.CONVEY, "a", target=ONE), STEP, False),
    (NextStep(Act.CONVEY, "a", target=ONE), replace(STEP, to=AssignmentState.CONVEYING, destination="x"), True),
    (NextStep(Act.STAND_DOWN, "a", target=ONE), commands.StandDown(assignment_id=ONE, reason="x"), True),
    (NextStep(Act.STAND_DOWN, "a", target=ONE), STEP, False),
    (
        NextStep(Act.MOVE_HANDOVER, "a", to=HandoverState.STARTED, target=ONE),
        commands.MoveHandover(handover_id=ONE, to=HandoverState.STARTED),
        True,
    ),
    (
        NextStep(Act.MOVE_HANDOVER, "a", to=HandoverState.STARTED, target=ONE),
        commands.MoveHandover(handover_id=ONE, to=HandoverState.ACCEPTED),
        False,
    ),
    (NextStep(Act.REFUSE_HANDOVER, "a", target=OTHER), commands.RefuseHandover(handover_id=ONE, reason=""), False),
    (
        NextStep(Act.OVERRIDE, "a"),
        commands.LetOn(referral_id=ONE, clinician="", reason="", covers=()),
        True,
    ),
    (
        NextStep(Act.EXPECT_HANDOVER, "a", place="Ward"),
        commands.ExpectHandover(referral_id=ONE, from_party="CRU", to_party="Ward"),
        True,
    ),
    (
        NextStep(Act.EXPECT_HANDOVER, "a", place="Ward"),
        commands.ExpectHandover(referral_id=ONE, from_party="CRU", to_party="Crisis House"),
        False,
    ),
    (
        NextStep(Act.EXPECT_HANDOVER, "a"),
        commands.ExpectHandover(referral_id=ONE, from_party="", to_party="W"),
        True,
    ),
    (NextStep(Act.ALLOCATE, "a"), commands.Allocate(referral_id=ONE, van_id=OTHER), False),
    (NextStep(Act.FLAG, "a"), commands.AddNote(referral_id=ONE, words="x"), False),
]


@pytest.mark.parametrize(("step", "command", "same"), CASES, ids=range(len(CASES)))
def test_a_step_is_known_by_what_it_does(step: NextStep, command: Command, same: bool) -> None:
    assert is_underway(step, command) is same


def test_the_list_tells_since_when_and_why_and_stays_under_the_hand(
    room: Room, stage: QWidget, qtbot: QtBot
) -> None:
    who, actions = room.take(), room.desk.actions
    set_link(room, LinkState.LOST)
    asked = [
        actions.submit(commands.AddNote(referral_id=who, words=words), f"Note {words}")
        for words in ("a", "b", "c")
    ]
    panel = PendingPanel(actions, room.desk.clock.now)
    put_on(stage, panel, 500, 300)
    times = [local(one.asked_at).strftime("%H:%M:%S") for one in asked if one is not None]
    assert panel.states() == [f"asked {time} · waiting for the link" for time in times]
    under = panel.buttons()[1]
    under.setFocus()
    qtbot.mouseClick(panel.buttons()[0], Qt.MouseButton.LeftButton)
    assert panel.buttons()[0] is under
    assert [one.accessibleName() for one in panel.buttons()] == ["Take back: Note b", "Take back: Note c"]
    set_link(room, LinkState.LIVE)
    room.until(lambda: not actions.pending)
    assert panel.states() == []
    assert not panel.isVisible()


@pytest.mark.parametrize(
    ("sending", "why", "lost", "says"),
    [
        (True, None, False, "Sending: Take…"),
        (True, Why.TURN, False, "Sending: Take…"),
        (True, None, True, "Waiting for the link."),
        (True, Why.LINK, False, "Waiting for the link."),
        (True, Why.NO_ANSWER, False, "The record has not answered yet."),
        (True, Why.HELD, False, "Somebody else is changing this just now."),
        (False, None, True, "The link is lost: a save will wait"),
        (False, None, False, ""),
    ],
)
def test_the_form_says_what_it_waits_for(sending: bool, why: Why | None, lost: bool, says: str) -> None:
    said = offering.progress("Take", sending=sending, why=why, lost=lost)
    assert said.startswith(says)
    assert bool(said) is bool(says)


def test_taking_back_what_may_be_done_is_said_at_the_desk(seated: Callable[[str], Seated]) -> None:
    seat = seated("a.shah")
    room, page = seat.room, seat.page
    who = room.take()
    answers = [Unavailable("lost")]

    async def execute(_engine: object, _command: Command) -> None:
        raise answers[0]

    actions = page.desk.actions
    actions._execute = execute
    sent = actions.submit(commands.AddNote(referral_id=who, words="a"), "Note a")
    assert sent is not None
    room.until(lambda: sent.progress is Progress.WAITING)
    set_link(room, LinkState.LOST)
    never = actions.submit(commands.AddNote(referral_id=who, words="b"), "Note b")
    assert never is not None
    actions.withdraw(never)
    assert not page.message.isVisible()
    actions.withdraw(sent)
    assert page.message.text().startswith("Note a: It was taken back, but the record may have done it already.")


@pytest.mark.hazard("H-069")
def test_leaving_brings_everything_to_an_end(clock: Clock, rooms: Callable[[str], Room], tmp_path: Path) -> None:
    seat = Seated(rooms("a.shah"), tmp_path)
    actions: Actions = seat.page.desk.actions
    who = seat.room.take()
    set_link(seat.room, LinkState.LOST)
    asked = [actions.submit(commands.AddNote(referral_id=who, words=words), "Note") for words in "ab"]
    assert not seat.page.may_close()
    assert seat.page.message.text().startswith("2 actions are not answered by the record.")
    assert seat.page.may_close()
    ended: list[Action] = []
    actions.withdrawn.connect(ended.append)
    seat.leave()
    assert ended == asked
    assert all(one.finished.done() for one in ended)
