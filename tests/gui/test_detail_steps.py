"""Whatever the domain offers, the record lets through: every offered step is tried on a real Postgres."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest

from console.views.detail.view import View
from db import commands
from db.commands import Command
from db.domain.next_steps import Act, NextStep
from db.domain.party import Party
from db.domain.records import YesNo
from db.domain.states import AssignmentState, HandoverState
from db.engine import transaction
from db.errors import Conflict, Invalid, RecordError
from tests.gui.seats import Seat, qt_loop, rooms, seats
from tests.sampled import some

__all__ = ["qt_loop", "rooms", "seats"]


class _Undo(Exception):  # noqa: N818 - no error: it takes a trial back
    pass


def _command(seat: Seat, referral_id: UUID, step: NextStep, free_van: UUID) -> Command | None:
    now = seat.room.desk.clock.now()
    dangers = seat.room.desk.store.dangers_of(referral_id)
    stands = tuple(one.what for one in dangers.seen_to) if dangers is not None else ()
    known = {
        Act.ACCEPT: lambda: commands.Accept(referral_id=referral_id),
        Act.DECLINE: lambda: commands.Decline(referral_id=referral_id, reason="ems_physical"),
        Act.OVERRIDE: lambda: commands.LetOn(referral_id=referral_id, clinician="Dr X", reason="Y", covers=stands),
        Act.LOOKED_AT: lambda: commands.LookedAt(
            referral_id=referral_id, clinician="Dr X", reason="Y", covers=stands
        ),
        Act.ALLOCATE: lambda: commands.Allocate(referral_id=referral_id, van_id=free_van),
        Act.STEP: lambda: commands.Step(assignment_id=step.target, to=step.to),
        Act.CONVEY: lambda: commands.Step(
            assignment_id=step.target, to=AssignmentState.CONVEYING, destination="Crisis House"
        ),
        Act.STAND_DOWN: lambda: commands.StandDown(assignment_id=step.target, reason="not_needed"),
        Act.MOVE_HANDOVER: lambda: commands.MoveHandover(handover_id=step.target, to=step.to),
        Act.REFUSE_HANDOVER: lambda: commands.RefuseHandover(handover_id=step.target, reason="physical_need"),
        Act.EXPECT_HANDOVER: lambda: commands.ExpectHandover(
            referral_id=referral_id, from_party="CRU", to_party="Crisis House"
        ),
        Act.CLOSE: lambda: commands.Close(
            referral_id=referral_id,
            outcome="in_van",
            ae_avoided=YesNo.YES,
            ems_released=YesNo.YES,
            police_avoided=YesNo.UNKNOWN,
        ),
        Act.HOLD: lambda: commands.Hold(
            referral_id=referral_id,
            until=now + timedelta(hours=3),
            reason="call_back",
            spoken=commands.Spoken("Ottoline"),
        ),
        Act.CONTACT: lambda: commands.RecordContact(
            referral_id=referral_id, spoke_with="nobody", why_not="no answer"
        ),
        Act.NAME_NEXT: lambda: commands.NameResponsible(
            referral_id=referral_id, said=commands.Responsible(Party.OTHER, "Her brother")
        ),
        Act.PLAN_FOLLOW_UP: lambda: commands.PlanFollowUp(
            referral_id=referral_id, due=now + timedelta(days=1), what_for="Ask how the night went"
        ),
        Act.LINK_LATE: lambda: commands.LinkLate(referral_id=referral_id, service="police", crew="NP 33"),
        Act.END_HOLD: lambda: commands.EndHold(referral_id=referral_id),
        Act.CANCEL: lambda: commands.Cancel(referral_id=referral_id, reason="duplicate"),
        Act.REOPEN: lambda: commands.Reopen(referral_id=referral_id, reason="came back"),
        Act.ENTERED_IN_ERROR: lambda: commands.MarkEnteredInError(referral_id=referral_id, reason="test"),
    }
    return known[step.act]() if step.act in known else None


async def _try(seat: Seat, command: Command) -> None:
    with suppress(_Undo):
        async with transaction(seat.room.engine) as connection:
            await commands.run(connection, command)
            raise _Undo


def _try_all(seat: Seat, referral_id: UUID, free_van: UUID) -> set[str]:
    view = seat.pane.view()
    assert isinstance(view, View)
    for step in view.steps():
        command = _command(seat, referral_id, step, free_van)
        if command is not None:
            try:
                seat.room.run(_try(seat, command))
            except RecordError as error:
                pytest.fail(f"offered and refused: {step.label} ({view.referral.state}): {error}")
    return {step.label for step in view.steps()}


@pytest.mark.parametrize("login", some(["a.shah", "l.lead"], 2))
def test_whatever_is_offered_on_the_way_is_let_through(seats: Callable[[str], Seat], login: str) -> None:
    seat = seats(login)
    room = seat.room
    store = room.desk.store
    van, spare = room.on_duty(0), room.on_duty(1)
    referral_id = room.take()
    seat.pane.show_referral(referral_id)
    _try_all(seat, referral_id, spare)
    seat.screen(referral_id, overdose="yes")
    room.until(lambda: store.screening_of(referral_id))
    offered = _try_all(seat, referral_id, spare)
    assert ("Decision by a clinician" in offered) is (login == "l.lead")
    with pytest.raises(Invalid):
        room.run(_try(seat, commands.Accept(referral_id=referral_id)))
    referral_id = room.take()
    seat.pane.show_referral(referral_id)
    room.accept(referral_id)
    _try_all(seat, referral_id, spare)
    job = room.send(referral_id, van)
    link = store.handovers_of(referral_id)[0]
    _try_all(seat, referral_id, spare)
    for to in (AssignmentState.MOBILE, AssignmentState.ON_SCENE, AssignmentState.WITH_PATIENT):
        room.do(commands.Step(assignment_id=job, to=to))
        room.until(lambda to=to: store.assignment(job).state is to)
        _try_all(seat, referral_id, spare)
    with pytest.raises(Conflict):
        room.run(_try(seat, commands.Cancel(referral_id=referral_id, reason="duplicate")))
    for moment in (HandoverState.STARTED, HandoverState.ACCEPTED, HandoverState.RELEASED):
        room.do(commands.MoveHandover(handover_id=link.id, to=moment))
        room.until(lambda moment=moment: store.handover(link.id).state is moment)
        _try_all(seat, referral_id, spare)
    for to in (AssignmentState.CONVEYING, AssignmentState.AT_DESTINATION, AssignmentState.CLEAR):
        place = "Crisis House" if to is AssignmentState.CONVEYING else ""
        room.do(commands.Step(assignment_id=job, to=to, destination=place))
        room.until(lambda to=to: store.assignment(job).state is to)
        _try_all(seat, referral_id, spare)
    closing = YesNo.YES
    room.do(
        commands.Close(
            referral_id=referral_id,
            outcome="in_van",
            ae_avoided=closing,
            ems_released=closing,
            police_avoided=closing,
        )
    )
    room.until(lambda: store.referral(referral_id).state == "closed")
    assert ("Reopen" in _try_all(seat, referral_id, spare)) is (login == "l.lead")


def test_a_second_van_may_be_stood_down_and_the_only_one_there_may_not(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    room = seat.room
    first, second, spare = room.on_duty(0), room.on_duty(1), room.on_duty(2)
    referral_id = room.take()
    room.accept(referral_id)
    seat.pane.show_referral(referral_id)
    there = room.send(referral_id, first, AssignmentState.ON_SCENE)
    assert "Stand CRU1 down" not in _try_all(seat, referral_id, spare)
    with pytest.raises(Invalid):
        room.run(_try(seat, commands.StandDown(assignment_id=there, reason="not_needed")))
    room.send(referral_id, second, AssignmentState.MOBILE)
    assert {"Stand CRU1 down", "Stand CRU2 down"} <= _try_all(seat, referral_id, spare)
