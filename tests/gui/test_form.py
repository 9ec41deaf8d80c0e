"""The referral form, by key strokes on a real record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from console.look import style
from console.views.form.choice import ChoiceRow
from console.views.form.footer import Offers
from console.views.form.form import ReferralForm
from db.clock import ClockReading
from db.domain.clocks import local_time
from db.domain.intake import Draft
from db.domain.states import ReferralState
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import (
    ALT,
    CTRL,
    SHIFT,
    Spot,
    accept,
    answer_all,
    dressed,
    focused,
    form,
    go,
    location,
    open_form,
    press,
    save,
    saved,
    screening_of,
    start,
    tab_to,
    type_keys,
)

__all__ = ["dressed", "form", "qt_loop", "room", "rooms"]


def test_a_whole_referral_by_keyboard(room: Room, form: ReferralForm) -> None:
    desk, told = room.desk, []
    form.saved.connect(told.append)
    location(room, form, "nn1 4lp")
    tab_to("access_note")
    type_keys("blue door")
    tab_to("source")
    press(Qt.Key.Key_1)
    assert focused().objectName() == "source", "a choice moves the keyboard nowhere"
    tab_to("caller")
    type_keys("Crew lead")
    tab_to("call_back")
    type_keys("+44 7700 900123")
    tab_to("ems_incident")
    type_keys("EM-4471")
    tab_to("ems_callsign")
    type_keys("A1187")
    tab_to("ems_on_scene")
    type_keys("35 min ago")
    tab_to("name")
    type_keys("Robin Sample")
    tab_to("born")
    type_keys("3/7/91")
    tab_to("nhs_number")
    type_keys("943 476 5919")
    tab_to("narrative")
    type_keys("Distressed, denies overdose, wants to talk.")
    tab_to("answers")
    for _ in desk.store.reference.current_tool.items:
        press(Qt.Key.Key_N)
    tab_to("about_call_me")
    type_keys("Rob")
    tab_to("about_wish")
    press(Qt.Key.Key_1)
    press(Qt.Key.Key_2)
    tab_to("about_safer_with")
    press(Qt.Key.Key_W)
    tab_to("about_language")
    type_keys("Polish, no English")
    tab_to("about_helps")
    type_keys("her dog")
    tab_to("legal")
    press(Qt.Key.Key_1)
    tab_to("police")
    press(Qt.Key.Key_3)
    tab_to("triage_scale")
    press(Qt.Key.Key_B)
    assert form.footer.verdict() == "19 no — may be accepted"
    press(Qt.Key.Key_Return, CTRL, SHIFT)
    taken = saved(room, ReferralState.ACCEPTED)
    room.until(lambda: told)
    assert told == [taken.id]
    assert (taken.location.text, taken.location.postcode) == ("Abington, Northampton", "NN1 4LP")
    assert taken.location.on_map
    assert taken.location.access_note == "blue door"
    assert (taken.source, taken.priority, taken.triage_scale) == ("ems_crew", "P1", "B")
    assert (taken.call_back, taken.ems_callsign, taken.ems_incident) == ("07700 900123", "A1187", "EM-4471")
    assert 34 <= (taken.received_at - taken.times["ems_on_scene"]).total_seconds() / 60 <= 36
    assert (taken.patient.name, str(taken.patient.born), taken.patient.nhs_number) == (
        "Robin Sample",
        "1991-07-03",
        "9434765919",
    )
    room.until(lambda: len(desk.store.about_of(taken.id)) == 7)
    assert {(one.said.topic, one.said.code or one.said.words) for one in desk.store.about_of(taken.id)} == {
        ("call_me", "Rob"),
        ("wish", "quiet arrival"),
        ("wish", "no uniforms"),
        ("safer_with", "woman"),
        ("language", "pol"),
        ("interpreter", "yes"),
        ("helps", "her dog"),
    }
    assert (taken.legal_status, taken.police) == ("none", "avoided")
    room.until(lambda: desk.store.screening_of(taken.id) is not None)
    screening = desk.store.screening_of(taken.id)
    assert screening is not None
    assert set(screening.answers.values()) == {"no"}
    kinds = {event.kind for event in room.run(desk.reads.events_of(taken.id))}
    assert {"received", "handover expected", "screening complete", "accepted"} <= kinds


def test_tab_walks_in_voice_order(room: Room, form: ReferralForm) -> None:
    wanted = [name for name, editor in form.page.editors().items() if editor.isVisible()]
    walked = [focused().objectName()]
    while walked[-1] != wanted[-1]:
        press(Qt.Key.Key_Tab)
        walked.append(focused().objectName() or "pick_on_map")
    assert [name for name in walked if name != "pick_on_map"] == wanted
    assert wanted[:3] == ["place", "access_note", "source"]


def test_alt_and_a_digit_jump_to_sections(room: Room, form: ReferralForm) -> None:
    for section, name in ((4, "narrative"), (5, "answers"), (7, "legal"), (1, "place"), (3, "name")):
        go(section)
        assert focused().objectName() == name


def hidden_of(form: ReferralForm) -> int:
    """How many pixels of what is being typed in are out of sight; of what is taller than the room, of its line."""
    here, room = focused(), form._scroll.viewport()
    box = here.rect()
    if here.height() > room.height():
        if not isinstance(here, QPlainTextEdit):
            return 0  # of a row of choices, or all the questions, there is no such line
        box = here.cursorRect().translated(here.viewport().pos())
    top, bottom = (here.mapTo(room, QPoint(0, y)).y() for y in (box.top(), box.bottom()))
    return max(0, -top) + max(0, bottom - room.height())


def test_what_is_typed_in_is_in_sight_whole_whichever_way_it_was_come_to(form: ReferralForm) -> None:
    tallest = form.page.screening.grid.height()

    def looked(where: str) -> dict[str, int]:
        QApplication.processEvents()
        found = hidden_of(form) if focused().height() < tallest else 0
        return {where: found} if found else {}

    found: dict[str, int] = {}
    page, room = form.page, form._scroll.viewport()
    # Of the narrative only the first line is in sight without a move; then there is less room than it is tall.
    first = form.height() - room.height() + page.editors()["narrative"].mapTo(page, QPoint(0, 24)).y()
    for height, ways in ((first, (Qt.Key.Key_Backtab, Qt.Key.Key_Tab)), (180, ())):
        form.resize(860, height)
        for section in (4, 1, 6, 3, 2, 7, 4):
            go(section)
            found |= looked(f"{height}: section {section}")
        for line in range(6):
            type_keys(f"Line {line}")
            press(Qt.Key.Key_Return)
            found |= looked(f"{height}: line {line}")
        for way in ways:
            for _ in range(8):
                press(way)
                found |= looked(f"{height}: {way.name} to {focused().objectName()}")
    assert found == {}


@pytest.mark.hazard("H-026")
def test_parking_keeps_everything_and_a_new_form_is_blank(room: Room, form: ReferralForm) -> None:
    shut, put_aside = [], []
    form.closed.connect(lambda: shut.append(1))
    form.parked.connect(lambda: put_aside.append(1))
    start(room, form)
    tab_to("narrative")
    type_keys("Frightened, alone.")
    go(5)
    press(Qt.Key.Key_N)
    press(Qt.Key.Key_Question)
    tab_to("about_helps")
    type_keys("quiet")
    kept = form.page.draft()
    press(Qt.Key.Key_Escape)
    assert (shut, put_aside) == ([1], [1])
    form.open_new()
    assert form.page.draft() == Draft()
    (aside,) = form.drafts.all()
    assert aside.label.startswith("draft ")
    assert aside.label.endswith("NN1 4LP")
    type_keys("somewhere else")
    press(Qt.Key.Key_P, ALT)
    assert form.page.draft() == kept
    assert focused().objectName() == "about_helps"
    assert [one.label.split(" ", 2)[2] for one in form.drafts.all()] == ["somewhere else"]


def test_closing_the_window_parks(room: Room, form: ReferralForm) -> None:
    type_keys("Corby")
    form.close()
    assert [one.draft.place for one in form.drafts.all()] == ["Corby"]


def test_escape_on_an_empty_form_only_closes(room: Room, form: ReferralForm) -> None:
    shut: list[int] = []
    form.closed.connect(lambda: shut.append(1))
    press(Qt.Key.Key_Escape)
    assert shut == [1]
    assert len(form.drafts) == 0


def choice(editor: QWidget, key: str) -> bool:
    return isinstance(editor, ChoiceRow) and any(option.key == key for option in editor.options)


def fill_every_editor(form: ReferralForm) -> None:
    for name, editor in form.page.editors().items():
        editor.setFocus()
        if isinstance(editor, QLineEdit | QPlainTextEdit):
            type_keys("0255" if name in {"ems_on_scene", "call_connected", "sent"} else "17")
        elif name == "legal":
            press(Qt.Key.Key_2)
        elif name != "patient_unknown":
            press(
                Qt.Key.Key_N
                if name == "answers"
                else Qt.Key.Key_Y
                if choice(editor, "Y")
                else Qt.Key.Key_W
                if choice(editor, "W")
                else Qt.Key.Key_1
            )
    form.page.scale.editor.setFocus()
    press(Qt.Key.Key_B)
    form.set_location_from_map(52.3, -0.8, Spot("Near Park", "NN1", postcode="NN1 1AA", warning="Outside."))
    form.go_to(5)
    press(Qt.Key.Key_N, SHIFT)
    press(Qt.Key.Key_N, SHIFT)
    form.page.legal_detail.line.setFocus()


def test_a_new_form_shows_nothing_of_the_last_one(room: Room, form: ReferralForm) -> None:
    fill_every_editor(form)
    full, blank = form.page.draft(), Draft()
    left_empty = [name for name in Draft.__slots__ if getattr(full, name) == getattr(blank, name)]
    # That an answer was changed, and the day of an age, are known of what the record has already; the version in
    # force has no branches.
    assert left_empty == ["born_on", "changed", "branches"]
    notes = [label for label in form.page.findChildren(QWidget) if "Outside." in label.accessibleDescription()]
    assert notes
    form.open_new()
    assert form.page.draft() == blank
    for editor in form.page.findChildren(QLineEdit):
        assert (editor.text(), editor.isUndoAvailable()) == ("", False)
    for words in form.page.findChildren(QPlainTextEdit):
        assert (words.toPlainText(), words.document().isUndoAvailable()) == ("", False)
    assert form.footer.verdict() == "Screening not begun"
    assert form.page.place.note() == ""
    assert form.page.place.popup.isHidden()


def test_every_control_has_a_name_for_a_screen_reader(room: Room, form: ReferralForm) -> None:
    nameless = [
        editor.objectName() or type(editor).__name__
        for editor in form.findChildren(QWidget)
        if editor.focusPolicy() & Qt.FocusPolicy.TabFocus
        and editor.isVisibleTo(form)
        and not (editor.accessibleName() or getattr(editor, "text", str)())
    ]
    assert nameless == []


@pytest.mark.hazard("H-001")
def test_an_overdose_goes_back_in_one_key(room: Room, form: ReferralForm) -> None:
    start(room, form)
    go(5)
    for item in room.desk.store.reference.current_tool.items:
        press(Qt.Key.Key_Y if item.key == "overdose" else Qt.Key.Key_N)
        if item.key == "overdose":
            break
    assert "physical need: return to EMAS" in form.footer.verdict()
    accept()
    assert not form.current.sending
    press(Qt.Key.Key_E, ALT)
    back = saved(room, ReferralState.DECLINED)
    assert back.end_reason == "ems_physical"
    screening = screening_of(room, back.id)
    assert screening.answers["overdose"] == "yes"
    assert screening.answers["weapon"] == "not known"
    assert "Not asked:" in screening.note
    assert "Weapon" in screening.note


@pytest.mark.hazard("H-003")
def test_scale_a_says_999_and_records_it(room: Room, form: ReferralForm) -> None:
    start(room, form)
    tab_to("triage_scale")
    press(Qt.Key.Key_A)
    assert "999 / return to EMAS" in form.footer.verdict()
    press(Qt.Key.Key_E, ALT)
    back = saved(room, ReferralState.DECLINED)
    assert (back.end_reason, back.triage_scale) == ("ems_danger", "A")
    kinds = [event.kind for event in room.run(room.desk.reads.events_of(back.id))]
    assert kinds.count("999 advised") == 1


def test_declining_asks_for_a_reason_by_key(room: Room, form: ReferralForm) -> None:
    start(room, form)
    press(Qt.Key.Key_D, ALT)
    assert focused().objectName() == "decline_reason"
    press(Qt.Key.Key_4)
    press(Qt.Key.Key_Return)
    assert saved(room, ReferralState.DECLINED).end_reason == "out_of_area"


@pytest.mark.hazard("H-027")
def test_pressing_save_twice_saves_once(room: Room, form: ReferralForm) -> None:
    start(room, form)
    save()
    save()
    saved(room, ReferralState.RECEIVED)
    room.until(lambda: not form.current.sending)
    save()
    assert form.message.text().startswith("A referral needs a location")
    assert len(room.desk.store.referrals()) == 1


def test_what_is_missing_is_said_and_nothing_is_sent(room: Room, form: ReferralForm) -> None:
    tab_to("born")
    type_keys("31/2/91")
    save()
    assert focused().objectName() == "place"
    type_keys("the bench by the lake")
    save()
    assert focused().objectName() == "source"
    press(Qt.Key.Key_3)
    assert "there is no day" in form.page.born.note()
    save()
    taken = saved(room, ReferralState.RECEIVED)
    assert (taken.location.text, taken.location.on_map) == ("the bench by the lake", False)
    assert (taken.source, taken.priority) == ("hub", "P2")
    assert (taken.patient.born, taken.patient.born_said) == (None, "31/2/91")


@pytest.mark.hazard("H-075")
def test_warnings_are_words_and_refuse_nothing(room: Room, form: ReferralForm) -> None:
    location(room, form, "NN18 9XX")
    assert "Terminated postcode" in form.page.place.note()
    tab_to("source")
    press(Qt.Key.Key_5)
    tab_to("call_back")
    type_keys("12")
    tab_to("nhs_number")
    type_keys("943 476 5918")
    tab_to("narrative")
    assert "no phone number" in form.page.call_back.note()
    assert "check digit" in form.page.number.note()
    save()
    taken = saved(room, ReferralState.RECEIVED)
    assert (taken.call_back, taken.patient.nhs_number) == ("12", "943 476 5918")


@pytest.mark.hazard("H-004")
def test_the_rest_is_no_only_when_said_twice_and_never_over_the_narrative(room: Room, form: ReferralForm) -> None:
    start(room, form)
    tab_to("narrative")
    type_keys("Has taken some tablets.")
    assert "Overdose" in form.page.narrative.note()
    for theme in ("dark", "light"):
        style.apply(QApplication.instance(), theme, 100)
        (marked,) = form.page.narrative.words.extraSelections()
        assert marked.format.foreground().color().name() == QColor(style.current().warn).name(), theme
    go(5)
    press(Qt.Key.Key_N, SHIFT)
    assert form.page.draft().answers == {}
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_N, SHIFT)
    assert form.page.draft().answers == {}
    press(Qt.Key.Key_N, SHIFT)
    answers = form.page.draft().answers
    assert set(answers.values()) == {"no"}
    assert not {"overdose", "observations", "weapon"} & set(answers)
    assert form.page.screening.grid.question is not None
    assert form.page.screening.grid.question.key == "overdose"


@pytest.mark.hazard("H-007")
def test_values_answer_the_question_about_observations(room: Room, form: ReferralForm) -> None:
    start(room, form)
    answer_all(room)
    tab_to("observation_pulse")
    type_keys("118")
    assert form.page.draft().answers["observations"] == "yes"
    for _ in "118":
        press(Qt.Key.Key_Backspace)
    assert "observations" not in form.page.draft().answers
    for key, value in {"respirations": "16", "spo2": "98", "pulse": "72"}.items():
        tab_to(f"observation_{key}")
        type_keys(value)
    assert "observations" not in form.page.draft().answers
    for key, value in {"pressure": "128/81", "temperature": "36.8", "glucose": "5.4"}.items():
        tab_to(f"observation_{key}")
        type_keys(value)
    assert form.page.draft().answers["observations"] == "no"
    accept()
    taken = saved(room, ReferralState.ACCEPTED)
    assert "Pulse 72 /min" in screening_of(room, taken.id).note


@pytest.mark.hazard("H-011")
def test_a_screening_that_is_broken_off_is_a_note_and_not_called_complete(room: Room, form: ReferralForm) -> None:
    start(room, form)
    go(5)
    press(Qt.Key.Key_N)
    save()
    taken = saved(room, ReferralState.RECEIVED)
    room.until(lambda: not form.current.is_touched)
    events = room.run(room.desk.reads.events_of(taken.id))
    assert room.desk.store.screening_of(taken.id) is None
    assert any("Not breathing normally: no" in event.words for event in events if event.kind == "note")


def test_screening_again(room: Room, form: ReferralForm) -> None:
    taken = room.take()
    assert form.open_screening(taken)
    assert focused().objectName() == "answers"
    answer_all(room)
    accept()
    assert saved(room, ReferralState.ACCEPTED).id == taken
    kinds = [event.kind for event in room.run(room.desk.reads.events_of(taken))]
    assert "details changed" not in kinds


def test_a_point_on_the_map_becomes_the_location(room: Room, form: ReferralForm) -> None:
    asked: list[int] = []
    form.pick_on_map_requested.connect(lambda: asked.append(1))
    type_keys("bench by the lake")
    press(Qt.Key.Key_M, ALT)
    assert asked == [1]
    form.set_location_from_map(52.25, -0.87, Spot("Near Park Drive", "Northampton", postcode="NN1 5AA"))
    draft = form.page.draft()
    assert (draft.place, draft.lat, draft.lon, draft.postcode) == ("bench by the lake", 52.25, -0.87, "NN1 5AA")


def test_a_picked_place_keeps_its_point_while_words_are_added(room: Room, form: ReferralForm) -> None:
    type_keys("12 Abington Street")
    room.until(lambda: not form.page.place.popup.isHidden())
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    type_keys(", flat 3")
    assert form.page.draft().place == "12 Abington Street, Northampton, flat 3"
    assert form.page.draft().lat is not None
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Delete)
    assert form.page.draft().lat is None


def test_a_viewer_is_offered_nothing(rooms: Callable[[str], Room], qtbot: QtBot) -> None:
    wall = rooms("w.wall")
    form = open_form(wall, qtbot)
    start(wall, form)
    save()
    assert not form.current.sending
    assert form.footer.offers == Offers()


def test_clicks_do_what_keys_do(room: Room, form: ReferralForm, qtbot: QtBot) -> None:
    row = form.page.source.row
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.centre_of("police"))
    assert form.page.draft().source == "police"
    assert form.page.waiting.isVisible()
    grid = form.page.screening.grid
    for answer in ("yes", "not known", "no"):
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.point_of("weapon", answer))
        assert form.page.draft().answers == {"weapon": answer}


def test_new_reference_data_leaves_what_is_typed(room: Room, form: ReferralForm) -> None:
    start(room, form)
    tab_to("narrative")
    type_keys("Wants to talk.")
    typed = form.page.draft()
    store = room.desk.store
    store.set_reference(replace(store.reference, wishes=("a cup of tea",)))
    assert form.page.draft() == typed
    assert focused() is form.page.narrative.words
    assert [option.text for option in form.page.about.topics["wish"].row.options] == ["a cup of tea"]


@pytest.mark.hazard("H-003")
def test_saving_with_scale_a_records_that_999_was_advised_once(room: Room, form: ReferralForm) -> None:
    start(room, form)
    tab_to("triage_scale")
    press(Qt.Key.Key_A)
    save()
    taken = saved(room, ReferralState.RECEIVED)
    room.until(lambda: not form.current.is_touched)
    form.open_edit(taken.id)
    tab_to("access_note")
    type_keys("side door")
    save()
    room.until(lambda: room.desk.store.referral(taken.id).location.access_note == "side door")
    kinds = [event.kind for event in room.run(room.desk.reads.events_of(taken.id))]
    assert kinds.count("999 advised") == 1


def test_the_referral_counts_as_received_when_the_first_key_was_pressed(room: Room, form: ReferralForm) -> None:
    type_keys("C")
    begun = room.desk.clock.now()
    room.until(lambda: (room.desk.clock.now() - begun).total_seconds() > 0.3)
    type_keys("orby")
    tab_to("source")
    press(Qt.Key.Key_2)
    save()
    taken = saved(room, ReferralState.RECEIVED)
    assert abs((taken.received_at - begun).total_seconds()) < 0.2
    assert isinstance(taken.id, UUID)


@pytest.mark.parametrize(("percent", "width"), [(100, 760), (150, 1100)])
def test_many_drafts_do_not_widen_the_sheet(
    room: Room, form: ReferralForm, qapp: QApplication, percent: int, width: int
) -> None:
    style.apply(qapp, "dark", percent)
    for number in range(5):
        type_keys(f"A long name of a place to go to {number}")
        form.open_new()
    assert len(form.drafts) == 5
    assert form.minimumSizeHint().width() <= width


def test_suggestions_outlive_what_is_configured_anew(room: Room, form: ReferralForm) -> None:
    tab_to("place")
    type_keys("NN1 4LP")
    store = room.desk.store
    store.set_reference(replace(store.reference, service="Elsewhere"))
    room.until(lambda: not form.page.place.popup.isHidden())


def test_what_the_form_calls_due_is_what_the_record_will(room: Room, form: ReferralForm) -> None:
    """From the first thing typed, however long the rest takes."""
    location(room, form, "nn1 4lp")
    begun = form.current.begun
    assert begun is not None
    room.desk.clock.set(ClockReading(begun + timedelta(minutes=11), 1.0))
    tab_to("source")
    press(Qt.Key.Key_1)
    assert local_time(begun + timedelta(minutes=60), begun) in form.page.priority.note()
