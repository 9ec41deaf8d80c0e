"""A referral that is over is changed with a reason, which the form asks for and the record keeps."""

from uuid import UUID

from console.views.form.form import ReferralForm
from db import commands as do
from tests.cluster import Record
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import dressed, form, save, tab_to, type_keys

__all__ = ["dressed", "form", "qt_loop", "room", "rooms"]

WHY = (
    "SELECT concat_ws('|', detail -> 'caller' ->> 'to', reason, recorded_by) FROM cru.event"
    " WHERE referral_id = $1 AND detail ? 'caller'"
)


def declined(room: Room) -> UUID:
    """A referral that is over."""
    taken = room.take()
    room.do(do.Decline(referral_id=taken, reason="duplicate"))
    room.until(lambda: not room.desk.store.referral(taken).is_open)
    return taken


def test_the_form_asks_why_and_the_record_keeps_it(room: Room, form: ReferralForm, record: Record) -> None:
    over = declined(room)
    form.open_edit(over)
    why = form.footer.amending
    assert not why.isHidden()
    tab_to("caller")
    type_keys("Ann")
    save()
    room.until(lambda: "amended with a reason" in form.message.text())
    assert form.page.caller.line.text() == "Ann"
    tab_to("why")
    type_keys("She rang back.")
    save()
    room.until(lambda: room.desk.store.referral(over).caller == "Ann")
    kept = record.cluster.fetchval(WHY, over, database=record.database)
    assert kept == "Ann|She rang back.|a.shah"


def test_why_stays_with_its_draft_and_is_asked_of_nothing_that_is_open(room: Room, form: ReferralForm) -> None:
    over, opened = declined(room), room.take()
    form.open_edit(opened)
    assert form.footer.amending.isHidden()
    form.open_edit(over)
    tab_to("why")
    type_keys("A slip.")
    form.open_edit(opened)
    assert form.footer.amending.isHidden()
    form.open_edit(over)
    assert form.footer.amending.edit.text() == "A slip."
    assert form.footer.amending.edit.accessibleName()
