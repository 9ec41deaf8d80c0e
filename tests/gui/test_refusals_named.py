"""What the record would refuse is told at the field that it is about, and the sentence names that field."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from console.views.form import limits
from console.views.form.form import ReferralForm
from console.views.form.submission import details_of
from console.views.sheets import care, ending, make, person, voices
from console.views.sheets.fields import Write, WriteLines
from console.views.sheets.sheet import Sheet
from db import commands
from db.domain.about import Said
from db.domain.care import HowItEnded
from db.domain.intake import Draft, problems
from db.domain.time_order import KnownTime
from db.domain.typed_times import TypedTime
from db.errors import Invalid
from db.tables.bounds import most
from tests.gui.desks import Room, put_on, qt_loop, room, rooms, stage
from tests.gui.form_hands import CTRL, dressed, form, press, start, tab_to
from tests.unit.board_records import NOW, reference, referral

__all__ = ["dressed", "form", "qt_loop", "room", "rooms", "stage"]
GOOD = Draft(
    place="Corby", postcode="NN17 1QB", source="ems_crew", priority="P1", patient_unknown=False, name="Ann"
)
TYPED = {**{field: most("referral", column) for field, column in limits._COLUMNS.items()}}
OF_LEGAL = len("s136: ")


def with_text(field: str, length: int) -> Draft:
    room_for = length - OF_LEGAL if field == "legal_detail" else length
    made = replace(GOOD, legal="s136") if field == "legal_detail" else GOOD
    return replace(made, **{field: "7" * room_for})


@pytest.mark.parametrize("field", TYPED)
def test_a_text_that_is_too_long_is_told_by_its_name(field: str) -> None:
    assert not list(limits.beyond(with_text(field, TYPED[field])))
    (problem,) = limits.beyond(with_text(field, TYPED[field] + 1))
    assert (problem.field, problem.blocks) == (field, True)
    assert problem.sentence.startswith(f"{limits._NAMES[field]} is too long: {TYPED[field] + 1:,} characters")
    assert f"at most {TYPED[field]:,}" in problem.sentence


def test_what_cannot_be_read_is_told_with_the_name_of_its_field() -> None:
    unread = TypedTime("half past")
    wrong = replace(GOOD, born="4/5/1879", ems_on_scene=unread, call_connected=unread, sent=unread)
    told = problems(wrong, reference(), NOW)
    found = {one.field: one.sentence for one in told}
    assert not any(one.blocks for one in told)
    assert found["born"].startswith("Date of birth: 4 May 1879 was over 125 years ago")
    assert found["ems_on_scene"].startswith("EMAS on scene since: “half past” is no time")
    assert found["call_connected"].startswith("Call connected: ")
    assert found["sent"].startswith("Referral sent: ")
    late = replace(GOOD, sent=TypedTime("0900", NOW + timedelta(hours=5)))
    assert "Referral sent: the time lies in the future. It is kept as said; type it again." in [
        one.sentence for one in problems(late, reference(), NOW)
    ]


def test_words_of_the_person_are_told_by_their_topic() -> None:
    said = Said("sensory", words="x" * (most("about_me", "words") + 1))
    (problem,) = limits.beyond(replace(GOOD, about=(said,)))
    assert (problem.field, problem.blocks) == ("about_sensory", True)
    assert problem.sentence.startswith("This is too long: ")
    by = replace(said, words="Large print", said_by="y" * (most("about_me", "said_by") + 1))
    (problem,) = limits.beyond(replace(GOOD, about=(by,)))
    assert problem.sentence.startswith("The name of who said it is too long: ")


def test_the_record_draws_the_same_lines_and_names_the_same_fields(room: Room) -> None:
    for field in limits._COLUMNS:
        kept = details_of(with_text(field, TYPED[field]), NOW)
        room.do(commands.TakeReferral(details=kept))
        beyond = commands.TakeReferral(details=details_of(with_text(field, TYPED[field] + 1), NOW))
        with pytest.raises(Invalid) as refused:
            room.do(beyond)
        assert limits.field_of(refused.value.field) == field
    # Pasted controls are not sent.
    draft = replace(GOOD, caller="Dr\x07 Who\u202e", narrative="one\x1b\ntwo", access_note="tea\u200b")
    sent = details_of(draft, NOW)
    assert (sent.caller, sent.narrative, sent.location.access_note) == ("Dr Who", "one\ntwo", "tea")
    room.do(commands.TakeReferral(details=sent))


def test_it_stands_below_the_very_field_and_nothing_is_sent(room: Room, form: ReferralForm) -> None:
    # The narrative last: what stands below it goes when it is typed anew.
    for field in sorted(TYPED, key="narrative".__eq__):
        draft = with_text(field, TYPED[field] + 1)
        found = limits.problems(draft, room.desk.store.reference, room.desk.clock.now())
        form.page.tell(found, tried=True)
        saying = [
            name for name, one in form.page.editors().items() if "is too long" in one.accessibleDescription()
        ]
        assert saying == [field]
        assert form.page.editors()[field].property("wrong") == "true"
    form.page.tell([], tried=False)
    start(room, form)
    tab_to("ems_incident")
    box = form.page.editors()["ems_incident"]
    assert isinstance(box, QLineEdit)
    box.insert("4" * 201)
    box.textEdited.emit(box.text())
    press(Qt.Key.Key_Return, CTRL)
    assert form.message.text().startswith("EMAS incident is too long: 201 characters")
    assert form.focusWidget() is box
    assert not room.desk.actions.pending


# --- sheets ---

WHO = referral()
SHEETS: dict[str, Callable[[], Sheet]] = {
    "words": lambda: make.words("Withdraw", "Why it was withdrawn", "", "Go", lambda _: commands.EndHold(WHO.id)),
    "close": lambda: make.close(WHO, reference(), lambda: NOW, ems_released=True),
    "feedback": lambda: voices.feedback(WHO, ("who came", "what was left behind")),
    "amend": lambda: make.amend(WHO, lambda: (KnownTime("referral", WHO.id, "received", NOW),), lambda: NOW),
    "convey": lambda: make.convey(WHO, "CRU1", uuid4(), reference(), lambda: NOW),
    "hand over": lambda: make.next_handover(WHO, reference(), lambda: NOW),
    "contact": lambda: care.contact(WHO, None, lambda: NOW, lambda: ""),
    "who is next": lambda: ending.name_next(
        WHO, HowItEnded(uuid4(), 1, WHO.id, "closed", "gp", NOW), lambda: NOW, reference()
    ),
    "decline": lambda: ending.decline(WHO, reference(), lambda: NOW, "Decline"),
    "cancel": lambda: ending.cancel(WHO, reference(), lambda: NOW, "Cancel"),
    "follow-up": lambda: care.plan_follow_up(WHO, lambda: NOW),
    "follow-up done": lambda: care.do_follow_up(WHO, uuid4(), "Ask how the night went"),
    "flag": lambda: person.flag(WHO, lambda: NOW),
}


def typed_fields(sheet: Sheet) -> Iterator[Write | WriteLines]:
    return (field for field in sheet._fields if isinstance(field, Write | WriteLines) and field.isVisibleTo(sheet))


def fill(sheet: Sheet) -> None:
    for field in typed_fields(sheet):
        put(field, "some words")


def put(field: Write | WriteLines, text: str) -> None:
    if isinstance(field.edit, QPlainTextEdit):
        field.edit.setPlainText(text)
    else:
        field.edit.setText(text)


def test_each_typed_field_of_a_sheet_says_that_it_is_too_long(stage: QWidget) -> None:
    for name, made in SHEETS.items():
        sheet = made()
        put_on(stage, sheet, 420, 700)
        sent: list[object] = []
        sheet.submitted.connect(sent.append)
        fields = list(typed_fields(sheet))
        assert fields, name
        for field in fields:
            fill(sheet)
            put(field, "x" * 20_001)
            for other in sheet._fields:
                other._missing = ""  # what is not answered is another matter
            sheet.submit()
            assert sheet.message.text().startswith(f"{field._label.text()} is too long: 20,001 characters"), name
            assert sheet.focusWidget() is field.edit
            put(field, "")
        assert not sent
        sheet.hide()
