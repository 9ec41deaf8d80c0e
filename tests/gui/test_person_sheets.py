"""The sheets of a person's record, by themselves: what they ask for, and the command that comes of the answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from console.look import style
from console.views.person import sheets
from console.views.sheets import Sheet
from db.commands import AnswerAboutRecord, AskAboutRecord, CorrectRecord
from db.domain.person_requests import RequestKind
from db.person_queries import PersonRead, SaidOfThem, TheirReferral
from tests.unit.test_person_requests import KEPT, NOW, request

OLD, NEW, ITEM, FLAG = (UUID(int=number) for number in range(1, 5))
LONG = "They came up by the back stairs and knocked until the neighbours came out."
ASKED = request(said_by="her aunt", words="I never shouted.\nNot once.")
SAYS = {"said_by": "her aunt", "words": "It is wrong.", "reason": "passport"}
Fill = Callable[..., Any]


def read() -> PersonRead:
    """Somebody with two referrals, and on the newer one a word of theirs and a flag."""

    def one(key: UUID, days: int, **columns: str) -> TheirReferral:
        return TheirReferral(key, f"R{key.int}", NOW - timedelta(days=days), "closed", "", None, "", columns)

    said = (
        SaidOfThem(ITEM, NEW, "said", "Pets", "a cat", "her aunt"),
        SaidOfThem(FLAG, NEW, "flag", "pets", "it bites", "A. Shah"),
    )
    referrals = (
        one(OLD, 9, patient_name="Ida Plover"),
        one(NEW, 2, patient_born="1970-05-03", narrative=LONG),
    )
    return PersonRead(referrals, KEPT, (), said, (), ())


@pytest.fixture
def fill(qapp: object) -> Fill:
    """Fills a sheet and presses its button: the order that comes of it, or what it says is missing."""
    style.apply(qapp, "dark", 100)  # type: ignore[arg-type] # the application
    kept: list[Sheet] = []

    def filled(sheet: Sheet, **given: str) -> Any:
        kept.append(sheet)
        sheet.show()
        orders: list[Any] = []
        sheet.submitted.connect(orders.extend)
        for name, value in given.items():
            field: Any = sheet.field(name)
            if hasattr(field, "row"):
                field.row.choose(value.splitlines())
                field.row.edited.emit()
            elif hasattr(field, "list"):
                field.list.set_value(value)
            elif hasattr(field.edit, "setPlainText"):
                field.edit.setPlainText(value)
            else:
                field.edit.setText(value)
        sheet.submit()
        return orders[0].command if orders else sheet.message.text()

    return filled


def correcting(request_: Any = None, *, may_refuse: bool = True, person: Any = read) -> Sheet:
    return sheets.correct(person, request_, may_refuse=may_refuse)


def shown_fields(sheet: Sheet) -> set[str]:
    names = {"which", "what", "value", "by", "said_by", "words", "reason", "statement", "answer"}
    return {name for name in names & set(sheet.values()) if sheet.field(name).isVisibleTo(sheet)}


def test_what_may_be_corrected_is_listed_with_the_newest_referral_first(fill: Fill) -> None:
    rows = correcting().field("which").list.rows  # type: ignore[attr-defined] # a list to pick from
    assert [(row.text, row.right, row.details[0][0]) for row in rows] == [
        ("Date of birth", "R2", "3 May 1970"),
        ("Narrative", "R2", f"{LONG[:59].rstrip()}…"),
        ("Pets", "R2", "a cat"),
        ("Flag: pets", "R2", "it bites"),
        ("Name", "R1", "Ida Plover"),
        ("Something else that was written", "", "it stays as it is"),
    ]
    # What has been corrected meanwhile is listed no longer, and of nobody it is what was there.
    people: list[Any] = [read(), PersonRead(read().referrals[:1], KEPT, (), (), (), ()), None]
    sheet = correcting(person=lambda: people[0])
    for left in (6, 2, 2):
        sheet.field("which").take_focus()
        assert len(sheet.field("which").list.rows) == left  # type: ignore[attr-defined] # the same
        people[:-1] = people[1:]
    assert "Another person" in fill(sheet, which="else", what="refuse", **SAYS)


@pytest.mark.parametrize(
    ("which", "what", "value", "comes"),
    [
        (f"{OLD} patient_name", "change", "Ada Plover", ("column", "patient_name", "Ida Plover", "Ada Plover")),
        (f"{NEW} narrative", "change", "-", ("column", "narrative", LONG, "")),
        (f"{NEW} {ITEM}", "change", "an owl", ("said", str(ITEM), "a cat", "an owl")),
        (f"{NEW} {FLAG}", "change", "", ("flag", str(FLAG), "it bites", "")),
    ],
)
def test_a_correction_says_what_stood_there_and_what_shall(
    fill: Fill, which: str, what: str, value: str, comes: tuple[str, ...]
) -> None:
    sheet = correcting(ASKED)
    made = fill(sheet, which=which, what=what, value=value, reason="passport")
    assert isinstance(made, CorrectRecord)
    assert (made.thing, made.what, made.was, made.value) == comes
    assert made.referral_id == UUID(which.partition(" ")[0])
    # Of what was asked: by whom, in whose words, and that it is answered by it.
    assert (made.said_by, made.words, made.answers, made.reason) == (*_asked(), ASKED.id, "passport")
    assert shown_fields(sheet) == {"which", "what", "said_by", "words", "reason"} | (
        {"value"} if comes[0] != "flag" else set()
    )


def _asked() -> tuple[str, str]:
    return ASKED.said_by, ASKED.words


def test_what_is_left_to_the_lead_or_not_changed_is_written_down(fill: Fill) -> None:
    sheet = correcting()
    made = fill(sheet, which=f"{OLD} patient_name", what="ask", **SAYS)
    assert isinstance(made, AskAboutRecord)
    assert (made.referral_id, made.kind, made.about) == (OLD, "correction", "Name")
    assert shown_fields(sheet) == {"which", "what", "said_by", "words"}
    assert "waits for the shift lead" in fill(correcting(ASKED), which="else", what="ask", **SAYS)
    assert "is not changed" in fill(correcting(), which="else", what="change", value="x", **SAYS)
    sheet = correcting()
    made = fill(sheet, which=f"{OLD} patient_name", what="refuse", statement="It was Ada.", **SAYS)
    assert isinstance(made, AnswerAboutRecord)
    assert (made.state, made.answer, made.statement) == ("refused", "passport", "It was Ada.")
    assert (made.referral_id, made.about, made.said_by, made.words) == (OLD, "Name", "her aunt", "It is wrong.")
    assert shown_fields(sheet) == {"which", "what", "said_by", "words", "reason", "statement"}
    # Of what nobody can name, it is the newest referral's; what was asked already is answered itself.
    assert fill(correcting(), which="else", what="refuse", **SAYS).referral_id == NEW
    again = fill(correcting(ASKED), which="else", what="refuse", **SAYS)
    assert (again.request_id, again.referral_id) == (ASKED.id, None)
    assert _options(correcting(may_refuse=False), "what") == ["change", "ask"]


def _options(sheet: Sheet, name: str) -> list[str]:
    return [one.value for one in sheet.field(name).row.options]  # type: ignore[attr-defined] # a row of choices


@pytest.mark.parametrize(
    ("kind", "says"),
    [(RequestKind.CORRECTION, "It was a dog."), (RequestKind.COPY, ""), (RequestKind.ERASING, "")],
)
def test_only_beside_a_correction_something_may_stand(fill: Fill, kind: RequestKind, says: str) -> None:
    one = request(kind=kind)
    sheet = sheets.answer(one, may_refuse=True)
    assert _options(sheet, "state") == ["withdrawn", "refused"]
    made = fill(sheet, state="refused", answer="It was so.", statement="It was a dog.")
    assert (made.request_id, made.answer, made.statement) == (one.id, "It was so.", says)
    assert ("statement" in shown_fields(sheet)) is bool(says)
    assert _options(sheets.answer(one, may_refuse=False), "state") == ["withdrawn"]


def test_what_is_given_out_says_to_whom_and_answers_what_was_asked(fill: Fill) -> None:
    wanted: list[sheets.WantedFiles] = []
    sheet = sheets.give_out(None, wanted.append)
    assert "what it is given out for" in fill(sheet)
    fill(sheet, words="access", formats="pdf\ncsv")
    fill(sheets.give_out(ASKED, wanted.append))
    assert wanted == [
        sheets.WantedFiles("the person", "access", ("pdf", "csv"), None),
        sheets.WantedFiles("her aunt", "I never shouted. Not once.", ("pdf",), ASKED.id),
    ]
    assert [one.key for one in sheet.field("formats").row.options] == ["1", "2", "3"]  # type: ignore[attr-defined]
