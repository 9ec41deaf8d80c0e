"""What cannot be read is said beside its field before Enter, kept, and shown again as it was said."""

import pytest

from console.views.form.fields import Labelled
from console.views.form.form import ReferralForm
from db.domain.ages import AgeSaid
from db.domain.clocks import local
from db.domain.states import ReferralState
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import dressed, form, save, saved, start, tab_to, type_keys

__all__ = ["dressed", "form", "qt_loop", "room", "rooms"]


def field_of(form: ReferralForm, name: str) -> Labelled:
    found = next(field for field in form.page.fields() if name in field.editors())
    assert isinstance(found, Labelled)
    return found


@pytest.mark.hazard("H-075")
def test_what_cannot_be_read_is_said_before_enter_kept_and_shown_again(room: Room, form: ReferralForm) -> None:
    start(room, form)
    said = {
        "call_back": "withheld",
        "ems_on_scene": "after tea",
        "born": "late thirties",
        "nhs_number": "000 000 0000",
    }
    notes = {}
    for name, text in said.items():
        tab_to(name)
        type_keys(text)
        notes[name] = field_of(form, name).note()
    today = local(room.desk.clock.now()).date()
    assert notes["born"] == f"37 to 39, said {today.day} {today:%b}"
    assert (notes["call_back"], notes["nhs_number"]) == ("number withheld", "kept as said")
    assert notes["ems_on_scene"].startswith('"after tea" is not a time of day.')
    tab_to("narrative")
    assert "Ten times 0 is nobody's NHS number" in form.page.number.note()
    assert "It is kept as said" in form.page.on_scene.note()
    save()
    taken = saved(room, ReferralState.RECEIVED)
    who = taken.patient
    assert (who.born_said, who.age, who.nhs_number) == ("late thirties", AgeSaid(37, 39, today), "000 000 0000")
    assert (taken.call_back, taken.said, taken.times.get("ems_on_scene")) == (
        "withheld",
        {"ems_on_scene": "after tea"},
        None,
    )
    room.until(lambda: not form.current.sending)
    assert form.open_edit(taken.id)
    assert not form.current.is_touched
    assert form.page.born.values() == {"born": "late thirties", "born_on": today}
    assert (form.page.on_scene.line.text(), form.page.on_scene.at) == ("after tea", None)
