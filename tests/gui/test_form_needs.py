"""What the narrative tells about the person is offered below it, and is theirs only once somebody takes it."""

import pytest
from PySide6.QtCore import QPoint, Qt

from console.look.style import px
from console.views.form.form import ReferralForm
from db.domain import about
from db.domain.about import Said
from db.domain.needs_told import THE_CALLER
from db.domain.states import ReferralState
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import ALT, dressed, form, press, save, saved, start, tab_to, type_keys

__all__ = ["dressed", "form", "qt_loop", "room", "rooms"]
WORDS = "Speaks only Lithuanian, wife translates. She is deaf? No. Wheelchair user."


@pytest.mark.hazard("H-043")
def test_what_the_narrative_tells_is_offered_and_kept_only_when_somebody_takes_it(
    room: Room, form: ReferralForm
) -> None:
    start(room, form)
    needs = form.page.needs
    tab_to("narrative")
    type_keys(WORDS)
    # Half a sentence says another thing: nothing is offered, and no key takes it, before the hands rest.
    assert not needs.isVisible()
    press(Qt.Key.Key_L, ALT)
    assert form.current.draft.about == ()
    room.until(lambda: needs.isVisible())
    assert needs.text() == "About me? Language: Lithuanian — “Speaks only Lithuanian”. 2 more after it."
    press(Qt.Key.Key_L, ALT)
    assert needs.text().startswith("About me? Needs an interpreter: yes — “wife translates")
    press(Qt.Key.Key_W, ALT)
    assert needs.text() == "About me? Getting about: Uses a wheelchair — “Wheelchair user”."
    tab_to("about_by")
    type_keys("his wife")
    press(Qt.Key.Key_L, ALT)
    assert not needs.isVisible()
    assert (form.page.about.who(), form.page.narrative.words.toPlainText()) == ("his wife", WORDS)

    # Put aside and taken up again: what was said to be not so is not asked again.
    draft = form.current
    form.park()
    form.open_parked(draft)
    assert not needs.isVisible()
    save()
    taken = saved(room, ReferralState.RECEIVED)
    room.until(lambda: len(room.desk.store.about_of(taken.id)) == 2)
    assert [item.said for item in room.desk.store.about_of(taken.id)] == [
        Said(about.LANGUAGE, "lit", "", THE_CALLER),
        Said(about.MOBILITY, "wheelchair", "", "his wife"),
    ]
    assert not needs.isVisible()
    assert form.open_edit(taken.id)
    # Another draft: what is in the record is asked no more, and what nobody took is.
    assert needs.text().startswith("About me? Needs an interpreter: yes")


def test_what_is_taken_stands_beside_what_was_typed_and_chosen(room: Room, form: ReferralForm) -> None:
    start(room, form)
    tab_to("narrative")
    type_keys("Speaks Polish. Hard of hearing.")
    tab_to("about_language")
    type_keys("Romanian")
    tab_to("about_communication")
    type_keys("slowly")
    room.until(lambda: form.page.needs.isVisible())
    press(Qt.Key.Key_L, ALT)
    press(Qt.Key.Key_L, ALT)
    assert {(one.topic, one.code or one.words, one.said_by) for one in form.current.draft.about} == {
        (about.LANGUAGE, "ron", about.THE_PERSON),
        (about.LANGUAGE, "pol", THE_CALLER),
        (about.COMMUNICATION, "slowly", about.THE_PERSON),
        (about.COMMUNICATION, "Hard of hearing", THE_CALLER),
    }
    assert form.page.about.topics[about.LANGUAGE].editor.property("text") == "Polish, Romanian"
    # What lay over it is no more: another draft offers nothing of this one.
    form.open_new()
    assert not form.page.needs.isVisible()


@pytest.mark.hazard("H-043")
def test_what_is_offered_is_whole_in_sight_with_its_keys_also_when_more_is_said_below(
    room: Room, form: ReferralForm
) -> None:
    start(room, form)
    form.resize(form.width(), px(640))
    tab_to("narrative")
    needs, view = form.page.needs, form._scroll.viewport()

    def is_whole() -> bool:
        return needs.isVisible() and view.rect().contains(
            needs.geometry().translated(needs.parentWidget().mapTo(view, QPoint(0, 0)))
        )

    type_keys("Speaks Polish.")
    room.until(is_whole)
    # The footer grows by a line for each danger.
    type_keys(" Threw a cup at his carer, cut his hand, pulse 124, has a cleaver, drank bleach.")
    room.until(lambda: "pulse 124" in form.page.narrative.note())
    room.until(is_whole)
