"""A referral typed and saved while the link is down, in a console that dies: all of it comes to the record."""

from collections.abc import Callable

import pytest

from console.views.form.form import ReferralForm
from db import commands
from db.commands import BeginCall
from db.domain.states import ReferralState
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import (
    accept,
    answer_all,
    dressed,
    form,
    location,
    saved,
    screening_of,
    start,
    tab_to,
    type_keys,
)
from tests.gui.outboxes import Disked, disks, store

__all__ = ["disks", "dressed", "form", "qt_loop", "room", "rooms", "store"]
Disks = Callable[[Room], Disked]
Rooms = Callable[[str], Room]


def die(disk: Disked, form: ReferralForm) -> None:
    """The console ends with its form, which keeps nothing any more."""
    for draft in (form.current, *form.drafts.all()):
        draft.call_lost = True
    disk.die()


@pytest.mark.hazard("H-026")
def test_what_follows_a_save_comes_with_it(room: Room, rooms: Rooms, disks: Disks, form: ReferralForm) -> None:
    disk = disks(room)
    disk.lose()
    start(room, form)
    tab_to("narrative")
    type_keys("Wants to talk.")
    answer_all(room)
    room.until(lambda: disk.actions.pending)
    accept()
    # The call was begun before; the save, the screening and the step stand beside it.
    room.until(lambda: disk.actions.pending[0].following)
    room.until(lambda: len(disk.actions.pending[0].following) >= 3)
    (action,) = disk.actions.pending
    assert isinstance(action.command, BeginCall)
    kinds = [type(command).__name__ for command, _ in action.following]
    assert (kinds[0], kinds[-2:]) == ("FinishCall", ["CompleteScreening", "Accept"])
    die(disk, form)
    again = disks(rooms("a.shah"))
    again.room.until(lambda: not again.actions.pending)
    taken = saved(again.room, ReferralState.ACCEPTED)
    assert taken.narrative == "Wants to talk."
    assert set(screening_of(again.room, taken.id).answers.values()) == {"no"}


@pytest.mark.hazard("H-026")
def test_what_was_typed_last_is_what_the_call_has(
    room: Room, rooms: Rooms, disks: Disks, form: ReferralForm
) -> None:
    disk = disks(room)
    disk.lose()
    form.calls.keeper.timer.setInterval(0)
    location(room, form, "NN1 4LP")
    room.until(lambda: disk.actions.pending)
    tab_to("narrative")
    type_keys("On the bridge, alone.")
    room.until(lambda: disk.actions.pending[0].following)
    room.until(lambda: disk.actions.pending[0].following[0][0].details.narrative == "On the bridge, alone.")
    die(disk, form)
    again = disks(rooms("a.shah"))
    again.room.until(lambda: not again.actions.pending)
    assert again.refused == []
    again.room.until(lambda: again.room.desk.store.referrals())
    (call,) = again.room.desk.store.referrals()
    again.room.until(lambda: again.room.desk.store.referral(call.id).narrative == "On the bridge, alone.")
    assert again.room.desk.store.call_of(call.id).typed["narrative"] == "On the bridge, alone."


def test_what_follows_something_that_is_refused_asks(room: Room, rooms: Rooms, disks: Disks) -> None:
    disk = disks(room)
    who = room.take()
    disk.lose()
    following = [
        (commands.AddNote(referral_id=who, words="said on the telephone"), "Note"),
        (commands.Accept(referral_id=who), "Accept"),
    ]
    disk.ask(commands.Decline(referral_id=who, reason="no_capacity"), "Decline", following=following)
    disk.die()
    rooms("b.okafor").do(commands.Cancel(referral_id=who, reason="duplicate"))
    again = disks(rooms("a.shah"))
    again.room.until(lambda: len(again.actions.pending) == 2)
    assert {one.question for one in again.actions.pending} == {"what came before it was refused"}
    note, step = again.actions.pending
    again.actions.withdraw(step)
    again.actions.vouch(note)
    again.room.until(lambda: not again.actions.pending)
    events = again.room.run(again.room.desk.reads.events_of(who))
    assert "said on the telephone" in [event.words for event in events]
