"""Two dispatchers on one referral, and a link that is lost while a referral is being saved."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.live.session import open_session
from console.live.store import LinkState
from console.look.widgets import ActionButton
from console.views.form.form import ReferralForm
from db import commands as do
from db.domain.records import Location, Patient
from db.domain.states import ReferralState
from tests.cluster import Record
from tests.gui.desks import Room, Runs, qt_loop, room, rooms
from tests.gui.form_hands import (
    ALT,
    answer_all,
    dressed,
    focused,
    form,
    open_form,
    press,
    save,
    saved,
    start,
    tab_to,
    type_keys,
)

__all__ = ["dressed", "form", "qt_loop", "room", "rooms"]

Rooms = Callable[[str], Room]
PLACE = Location("Abington Street, Northampton", "NN1 4LP", 52.2405, -0.8901)


def theirs(other: Room, referral_id: object, **changed: object) -> None:
    """Another dispatcher changes a referral, as they see it."""
    other.until(lambda: other.desk.store.referral(referral_id))
    seen = other.desk.store.referral(referral_id)
    details = {"source": seen.source, "priority": seen.priority, "location": seen.location, "caller": seen.caller}
    details |= {"ems_callsign": seen.ems_callsign, "narrative": seen.narrative} | changed
    other.do(
        do.EditReferral(referral_id=referral_id, version=seen.version, details=do.Details(**details)),
    )


def test_only_theirs_is_taken_over_and_yours_is_saved(room: Room, rooms: Rooms, form: ReferralForm) -> None:
    taken = room.take()
    form.open_edit(taken)
    tab_to("narrative")
    type_keys("Wants to talk.")
    theirs(rooms("b.okafor"), taken, caller="Crew lead")
    room.until(lambda: form.page.caller.line.text() == "Crew lead")
    assert "Caller" in form.message.text()
    assert focused().objectName() == "narrative"
    save()
    room.until(lambda: room.desk.store.referral(taken).narrative == "Wants to talk.")
    assert room.desk.store.referral(taken).caller == "Crew lead"


@pytest.mark.hazard("H-025")
def test_both_changed_it(room: Room, rooms: Rooms, form: ReferralForm) -> None:
    taken = room.take()
    form.open_edit(taken)
    tab_to("caller")
    type_keys("Yours")
    tab_to("narrative")
    type_keys("Calm now.")
    theirs(rooms("b.okafor"), taken, caller="Theirs", narrative="Very frightened.")
    room.until(lambda: not form.conflicts.isHidden())
    assert form.conflicts.text() == (
        "Caller: theirs Theirs, yours Yours\nNarrative: theirs Very frightened., yours Calm now."
    )
    save()
    room.until(lambda: "was changed while you typed" in form.message.text())
    assert "B. Okafor" in form.message.text()
    assert form.page.narrative.words.toPlainText() == "Calm now."
    assert room.desk.store.referral(taken).narrative == "Very frightened."
    press(Qt.Key.Key_T, ALT)
    assert form.page.caller.line.text() == "Theirs"
    assert form.conflicts.text() == "Narrative: theirs Very frightened., yours Calm now."
    room.until(lambda: form.current.version == room.desk.store.referral(taken).version)
    save()
    room.until(lambda: room.desk.store.referral(taken).narrative == "Calm now.")
    assert room.desk.store.referral(taken).caller == "Theirs"


def test_accepted_by_somebody_else_meanwhile(room: Room, rooms: Rooms, form: ReferralForm) -> None:
    taken = room.take()
    form.open_screening(taken)
    answer_all(room)
    other = rooms("b.okafor")
    other.until(lambda: other.desk.store.referral(taken))
    answers = {item.key: "no" for item in room.desk.store.reference.current_tool.items}
    other.run(do.execute(other.engine, do.CompleteScreening(referral_id=taken, tool_version=1, answers=answers)))
    other.run(do.execute(other.engine, do.Accept(referral_id=taken)))
    # As when the button was pressed in the instant before it went away.
    form.footer.accept.emit()
    room.until(lambda: "is accepted" in form.message.text() and not form.current.sending)
    room.until(lambda: not form.footer.offers.accept)
    assert set(form.page.draft().answers.values()) == {"no"}


def test_an_edit_shows_what_the_record_has_and_changes_only_what_was_typed(room: Room, form: ReferralForm) -> None:
    patient = Patient("Robin Sample", None, "9434765919")
    at = room.desk.clock.now().replace(second=0, microsecond=0)
    taken = room.take(
        patient=patient, legal_status="s136: from 02:40", ems_on_scene_at=at, call_back="01604 630000"
    )
    before = room.desk.store.referral(taken)
    form.open_edit(taken)
    assert form.page.on_scene.line.isReadOnly()
    assert form.page.number.line.text() == "943 476 5919"
    tab_to("access_note")
    type_keys("gate 12")
    save()
    room.until(lambda: room.desk.store.referral(taken).location.access_note == "gate 12")
    after = room.desk.store.referral(taken)
    assert (after.patient, after.legal_status, after.times) == (before.patient, before.legal_status, before.times)
    (changed,) = [e for e in room.run(room.desk.reads.events_of(taken)) if e.kind == "details changed"]
    assert set(changed.detail) == {"access_note"}


@pytest.fixture
def far(own_record: Record, qt_loop: Runs) -> Iterator[Room]:
    """A dispatcher's room on a server that can be stopped."""
    made = Room(qt_loop(open_session(own_record.url("a.shah"))), qt_loop)
    made.until(lambda: made.desk.store.link.state is LinkState.LIVE)
    yield made
    made.until(lambda: not made.desk.actions.pending)
    qt_loop(made.session.close())


@pytest.mark.hazard("H-026")
def test_a_save_waits_for_the_link_and_goes_out_once(far: Room, own_record: Record, qtbot: QtBot) -> None:
    form = open_form(far, qtbot)
    told: list[object] = []
    form.saved.connect(told.append)
    start(far, form)
    own_record.cluster.stop()
    save()
    far.until(lambda: "Waiting for the link" in form.footer.progress(), within=15)
    assert form.page.place.line.text() == "Abington, Northampton"
    press(Qt.Key.Key_Escape)
    form.open_new()
    type_keys("another one")
    assert form.drafts.all()[0].sending
    own_record.cluster.start()
    far.until(lambda: told, within=30)
    taken = saved(far, ReferralState.RECEIVED)
    assert told == [taken.id]
    assert len(form.drafts) == 0
    assert form.page.place.line.text() == "another one"


def test_a_save_that_was_taken_back_is_saved_as_it_is_typed_then(
    far: Room, own_record: Record, qtbot: QtBot
) -> None:
    form = open_form(far, qtbot)
    start(far, form)
    own_record.cluster.stop()
    far.until(lambda: far.desk.store.link.state is LinkState.LOST, within=15)
    save()
    (take_back,) = [one for one in form.findChildren(ActionButton) if one.text() == "Take back"]
    far.until(take_back.isVisible)
    press(Qt.Key.Key_B, ALT)
    far.until(lambda: "taken back" in form.message.text())
    tab_to("caller")
    type_keys("Second thoughts")
    save()
    own_record.cluster.start()
    far.until(lambda: far.desk.store.referrals(), within=30)
    assert saved(far, ReferralState.RECEIVED).caller == "Second thoughts"


def test_a_first_try_that_came_through_unseen_is_corrected(room: Room, form: ReferralForm) -> None:
    start(room, form)
    first = form.current.take_command(
        do.Details(source="ems_crew", priority="P1", location=PLACE, narrative="as it was first")
    )
    room.do(first)
    tab_to("narrative")
    type_keys("as it is now")
    save()
    room.until(lambda: any(one.narrative == "as it is now" for one in room.desk.store.referrals()))
    (only,) = room.desk.store.referrals()
    assert only.id == first.referral_id
