"""The sheets of a person's record: what is asked, what is answered, what is corrected, to whom it is given out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, cast
from uuid import UUID, uuid4

from console.views.form.choice import Option
from console.views.person.lines import request_words
from console.views.sheets import Order, Sheet
from console.views.sheets.fields import Choose, ChooseMany, Note, Pick, Write, WriteLines
from console.views.sheets.row_layout import Row
from db import commands
from db.domain.about import THE_PERSON
from db.domain.cautions import flag_label
from db.domain.person_requests import CORRECTABLE, PersonRequest, RequestKind
from db.domain.texts import one_line, told
from db.errors import Invalid
from db.person_queries import PersonRead, TheirReferral
from db.reports.document import shown
from db.reports.making import FORMATS

_KINDS: Final = (
    Option(RequestKind.COPY, "a copy of the record", "1"),
    Option(RequestKind.CORRECTION, "a correction", "2"),
    Option(RequestKind.ERASING, "to be erased", "3"),
)
_CHANGE, _LEAVE, _REFUSE = "change", "ask", "refuse"
_ELSE: Final = "else"
_NOTHING: Final = "-"
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class WantedFiles:
    """To whom a person's record is given out, what for, and as which files."""

    said_by: str
    words: str
    formats: tuple[str, ...]
    answers: UUID | None


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something that may be corrected."""

    referral_id: UUID
    thing: Literal["column", "said", "flag"]
    what: str
    title: str
    was: str
    reference: str


def ask(referral_id: UUID, reference: str) -> Sheet:
    """Somebody asks for a copy, a correction, or to be erased. It waits for its answer."""
    kind = Choose("kind", "They ask for", _KINDS, "Choose what they ask for.")
    about = Write("about", "About what (may stay empty)", "such as the narrative")
    by = _by("Who asks")
    words = WriteLines("words", "In their words", "what they ask, and why", "Say what they ask.")

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.AskAboutRecord(
            referral_id=referral_id,
            kind=cast('Literal["copy", "correction", "erasing"]', given["kind"]),
            said_by=given["said_by"],
            words=given["words"],
            about=given["about"],
        )
        return [Order(command, f"asked about a record · {reference}")]

    return Sheet("What somebody asks about this record", [kind, about, by, words], make, "Write it down")


def answer(request: PersonRequest, *, may_refuse: bool) -> Sheet:
    """What was asked is refused, with the reason; or whoever asked wants it no longer."""
    options = [Option("withdrawn", "wanted no longer", "1")]
    if may_refuse:
        options.append(Option("refused", "refused", "2"))
    asked = Note("asked", f"{request.said_by}: {request.words}")
    state = Choose("state", "It is", options, "Choose what becomes of it.")
    why = WriteLines("answer", "Why, as the person will read it", "the reason", "Say why.")
    beside = _statement()
    if request.kind is not RequestKind.CORRECTION:
        beside.hide()

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.AnswerAboutRecord(
            request_id=request.id,
            state=cast('Literal["refused", "withdrawn"]', given["state"]),
            answer=given["answer"],
            statement=given["statement"] if request.kind is RequestKind.CORRECTION else "",
        )
        return [Order(command, f"answered · {request.reference}")]

    return Sheet(told(request_words(request)), [asked, state, why, beside], make, "Answer")


def correct(read: Callable[[], PersonRead | None], request: PersonRequest | None, *, may_refuse: bool) -> Sheet:
    """What is wrong, what it should be, at whose request; changed, written down for the lead, or not changed.

    Args:
        read: the person as they were read last; None once another one is shown.
        request: what it answers.
        may_refuse: whether this login may.
    """
    things: dict[str, _Thing] = {}

    def rows() -> list[Row]:
        # Anew whenever the list is gone into: what stood there hours ago may be corrected already.
        person = read()
        if person is not None:
            things.clear()
            things.update({f"{one.referral_id} {one.what}": one for one in _things(person)})
        found = [Row(key, one.title, one.reference, ((_cut(one), "dim"),)) for key, one in things.items()]
        return [*found, Row(_ELSE, "Something else that was written", "", (("it stays as it is", "dim"),))]

    which = Pick("which", "What is wrong", rows(), "Choose what is wrong.", again=rows)
    missing = f"Type what it should be, or {_NOTHING} where it should say nothing."
    value = WriteLines("value", f"What it should be ({_NOTHING} for nothing)", "as it should stand there", missing)
    by = _by("At whose request")
    words = WriteLines("words", "What they say, in their words", "what is wrong", "Say what they say.")
    options = [Option(_CHANGE, "change it now", "1"), Option(_LEAVE, "leave it to the shift lead", "2")]
    if may_refuse:
        options.append(Option(_REFUSE, "do not change it", "3"))
    what = Choose("what", "Then", options, "Choose what becomes of it.")
    reason = Write("reason", "By what it is corrected, or why it is not", "such as passport seen", "Say by what.")
    beside = _statement()
    if request is not None:
        by.edit.setText(request.said_by)
        words.edit.setPlainText(request.words)

    def show(_value: str = "") -> None:
        chosen = things.get(which.value())
        value.setVisible(chosen is not None and chosen.thing != "flag" and what.value() == _CHANGE)
        reason.setVisible(what.value() != _LEAVE)
        beside.setVisible(what.value() == _REFUSE)

    which.aimed.connect(show)
    what.row.edited.connect(show)
    # Only hidden: what is shown before it lies in a sheet is a window of its own.
    for field in (value, beside):
        field.hide()

    def make(given: Mapping[str, str]) -> list[Order]:
        person = read()
        if person is None:
            raise Invalid("Another person is shown by now.", "Show this one again.", "which")
        return [_order(person.referrals[-1], things.get(given["which"]), request, given)]

    return Sheet("Correct this record", [which, what, value, by, words, reason, beside], make, "Do it")


def _order(
    last: TheirReferral, one: _Thing | None, request: PersonRequest | None, given: Mapping[str, str]
) -> Order:
    referral_id = one.referral_id if one is not None else last.id
    reference = one.reference if one is not None else last.reference
    about = one.title if one is not None else ""
    answers = request.id if request is not None else None
    if given["what"] == _REFUSE:
        who = {"said_by": given["said_by"], "words": given["words"]}
        # One that nobody had written down is written down and answered at once.
        new = {} if answers else {"referral_id": referral_id, "about": about} | who
        command: commands.Command = commands.AnswerAboutRecord(
            request_id=answers or uuid4(),
            state="refused",
            answer=given["reason"],
            statement=given["statement"],
            **new,  # type: ignore[arg-type] # a key and words
        )
        return Order(command, f"not corrected · {reference}")
    if given["what"] == _LEAVE:
        if answers is not None:
            raise Invalid("That is written down, and waits for the shift lead.", "Choose something else.", "what")
        command = commands.AskAboutRecord(
            referral_id=referral_id,
            kind="correction",
            about=about,
            said_by=given["said_by"],
            words=given["words"],
        )
        return Order(command, f"asked about a record · {reference}")
    if one is None:
        raise Invalid("What was written then is not changed.", "Leave it to the lead, or say why not.", "what")
    command = commands.CorrectRecord(
        referral_id=referral_id,
        thing=one.thing,
        what=one.what,
        was=one.was,
        value="" if given["value"] == _NOTHING else given["value"],
        reason=given["reason"],
        answers=answers,
        said_by=given["said_by"],
        words=given["words"],
    )
    return Order(command, f"corrected · {reference}")


def give_out(request: PersonRequest | None, go_on: Callable[[WantedFiles], object]) -> Sheet:
    """To whom all of it is given out, what for, and in which kinds of file."""
    to = _by("To whom")
    why = Write("words", "What for", "such as subject access request", "Say what it is given out for.")
    kinds = [Option(kind, kind.upper(), str(place)) for place, kind in enumerate(FORMATS, 1)]
    formats = ChooseMany("formats", "As (one or more)", kinds, ("pdf",), "Choose at least one.")
    if request is not None:
        to.edit.setText(request.said_by)
        why.edit.setText(told(one_line(request.words)))
    others = Note("others", "It says what other people said, too: read it before it leaves the room.")

    def make(given: Mapping[str, str]) -> list[Order]:
        answers = request.id if request is not None else None
        go_on(WantedFiles(given["said_by"], given["words"], tuple(given["formats"].split("\n")), answers))
        return []

    return Sheet("Give out everything about this person", [to, why, formats, others], make, "Choose the folder")


def _by(label: str) -> Write:
    by = Write("said_by", label, "the person, a solicitor, the GP …", "Say who.")
    by.edit.setText(THE_PERSON)
    return by


def _statement() -> WriteLines:
    return WriteLines("statement", "What they want to stand beside it (may stay empty)", "word for word")


def _things(read: PersonRead) -> Iterator[_Thing]:
    """What may be corrected: the newest referral first, and of each who they are before what was said."""
    for one in reversed(read.referrals):
        for column, words in one.columns.items():
            yield _Thing(one.id, "column", column, CORRECTABLE[column], words, one.reference)
        for said in read.said:
            if said.referral_id == one.id:
                title = f"Flag: {flag_label(said.title)}" if said.thing == "flag" else said.title
                thing: Literal["said", "flag"] = "flag" if said.thing == "flag" else "said"
                yield _Thing(one.id, thing, str(said.id), title, said.words, one.reference)


def _cut(one: _Thing) -> str:
    line = shown(date.fromisoformat(one.was)) if one.what == "patient_born" else one_line(one.was)
    return told(line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1].rstrip()}…")
