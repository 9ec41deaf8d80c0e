"""Parts of the form by themselves: what it offers and says, what will stand against a draft, a typed moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from console.live.one_act import Progress, Why
from console.live.store import Link, LinkState, Store
from console.views.form import offering, under_way
from console.views.form.footer import Offers
from console.views.form.open_draft import OpenDraft
from console.views.form.standing import standing
from console.views.form.topics import TopicLine
from console.views.form.when import TypedMoment
from db.domain.about import Topic, TopicKind
from db.domain.dangers import Danger, Dangers, Decision
from db.domain.intake import Draft
from db.domain.merge import Merged
from db.domain.records import Screening
from db.domain.reference import ScreeningItem, ScreeningTool
from db.domain.resolving import Belongs, Limit
from db.domain.states import ReferralState
from tests.gui.desks import put_on, stage
from tests.unit.board_records import NOW, reference, referral

__all__ = ["stage"]
KNIFE, PILLS = (
    ScreeningItem("knife", "Safety", "A blade", ("cleaver",)),
    ScreeningItem("pills", "Physical", "Pills", ()),
)
TOOL = ScreeningTool(3, "x", (KNIFE, PILLS))
CLEAR = {"knife": "no", "pills": "no"}
FLAG = Danger("flag 00000000-0000-0000-0000-000000000004", "flag", "", "caution: a dog")


# --- what is offered, and said ---


@pytest.mark.parametrize(
    ("state", "answers", "stands", "offered"),
    [
        (None, CLEAR, (), Offers(save=True, accept=True, decline=True)),
        (ReferralState.RECEIVED, CLEAR, (), Offers(save=True, accept=True, decline=True)),
        (ReferralState.RECEIVED, CLEAR, (FLAG,), Offers(save=True, decline=True)),
        (ReferralState.RECEIVED, {}, (), Offers(save=True, decline=True)),
        (ReferralState.RECEIVED, CLEAR | {"pills": "yes"}, (), Offers(save=True, decline=True, give_back=True)),
        (ReferralState.ACCEPTED, CLEAR, (), Offers(save=True, decline=True)),
        (ReferralState.ACCEPTED, CLEAR | {"knife": "yes"}, (), Offers(save=True, decline=True, give_back=True)),
        (ReferralState.ALLOCATED, CLEAR | {"knife": "yes"}, (), Offers(save=True)),
        (ReferralState.CLOSED, CLEAR, (), Offers(save=True)),
    ],
)
def test_what_is_legal_is_offered_to_whoever_may(
    state: ReferralState | None, answers: dict[str, str], stands: tuple[Danger, ...], offered: Offers
) -> None:
    draft, of = Draft(answers=answers), referral(state=state) if state else None
    assert offering.offers(draft, of, TOOL, stands, may=True) == offered
    assert offering.offers(draft, of, TOOL, stands, may=False) == Offers()


@pytest.mark.parametrize(
    ("changed", "stands", "begins", "tone"),
    [
        ({}, (), "Screening not begun", "dim"),
        ({"answers": {"knife": "no"}}, (), "1 no · 1 not asked — ", "dim"),
        ({"answers": CLEAR}, (), "2 no — ", "good"),
        ({"answers": CLEAR | {"pills": "not known"}}, (), "1 no · 1 not known — ", "warn"),
        ({"answers": CLEAR | {"pills": "yes"}}, (FLAG,), "YES: Pills · 1 no — physical need", "late"),
        ({"triage_scale": "A", "answers": CLEAR}, (FLAG,), "Scale A, immediate danger", "late"),
        ({"answers": CLEAR}, (FLAG,), "2 no — not to be accepted: caution: a dog", "warn"),
        ({}, (FLAG,), "Screening not begun — not to be accepted: caution: a dog", "warn"),
        # What the line tells already is not told twice.
        ({"answers": CLEAR}, (replace(FLAG, kind="not known"),), "2 no — ", "good"),
    ],
)
def test_the_screening_in_a_line(
    changed: dict[str, Any], stands: tuple[Danger, ...], begins: str, tone: str
) -> None:
    words, found = offering.verdict(Draft(**changed), TOOL, stands)
    assert words.startswith(begins)
    assert found == tone
    assert ("not to be accepted: " in words) is ("not to be accepted: " in begins)


@pytest.mark.parametrize(
    ("sending", "why", "lost", "label", "begins"),
    [
        (False, None, False, None, ""),
        (False, None, True, None, "The link is lost: a save will wait"),
        (True, None, False, None, "Sending…"),
        (True, None, False, "Accept 0042", "Sending: Accept 0042…"),
        (True, Why.TURN, False, "Accept 0042", "Sending: Accept 0042…"),
        (True, Why.LINK, False, None, "Waiting for the link."),
        (True, Why.NO_ANSWER, False, None, "The record has not answered yet."),
        (True, Why.HELD, False, None, "Somebody else is changing this"),
        (True, Why.HELD, True, None, "Waiting for the link."),
        (False, Why.HELD, False, None, ""),
    ],
)
def test_how_sending_goes(sending: bool, why: Why | None, lost: bool, label: str | None, begins: str) -> None:
    said = offering.progress(label, sending=sending, why=why, lost=lost)
    assert said.startswith(begins)
    assert bool(said) is bool(begins)


@pytest.mark.parametrize(
    ("why", "lost", "begins"),
    [
        (Why.HELD, False, "L. Lead at WS-3 holds this just now. The save is tried again"),
        (Why.NO_ANSWER, False, "L. Lead at WS-3 holds this just now. The save is tried again"),
        (Why.TURN, False, "Sending"),
        (Why.HELD, True, "Waiting for the link."),
    ],
)
def test_a_save_that_is_held_up_says_in_the_records_words_by_whom(why: Why, lost: bool, begins: str) -> None:
    said = offering.progress(None, True, why, lost=lost, said="L. Lead at WS-3 holds this just now.")
    assert said.startswith(begins)


class Named(str):
    """A command that is told by its name."""

    __slots__ = ()

    @property
    def command_id(self) -> str:
        return str(self)


def test_the_save_of_a_draft_is_told_and_taken_back_among_what_others_wait_for() -> None:
    def action(label: str, progress: Progress) -> Any:
        return SimpleNamespace(
            command=Named(label), progress=progress, why=Why.HELD, said="", question="", name=lambda _: label
        )

    waits = [action("Note on 0001", Progress.SENDING), action("Save 0002", Progress.WAITING)]
    desk: Any = SimpleNamespace(
        actions=SimpleNamespace(pending=waits, withdraw=lambda one: waits.remove(one)),
        clock=SimpleNamespace(now=lambda: None),
        store=SimpleNamespace(link=SimpleNamespace(state=LinkState.LIVE)),
    )
    draft: Any = SimpleNamespace(has_made="Save 0002".__eq__, sending=True, keep_id="Keep 0002")
    assert under_way.sending_words(draft, desk)[:2] == (offering.progress(None, True, Why.HELD, lost=False), True)
    waits[1].progress = Progress.SENDING
    assert under_way.sending_words(draft, desk) == ("Sending: Save 0002…", False, False)
    for _ in range(2):
        under_way.withdraw(draft, desk)
        assert [one.command for one in waits] == ["Note on 0001"]
    assert under_way.sending_words(draft, desk) == ("Sending…", False, False)
    # What it waits behind is told as its own, and it never says that it is sending what waits for a word.
    keeps = action("Keep 0002", Progress.WAITING)
    keeps.why, keeps.question = Why.WORD, "asked for at 23:47 Sat 28 Nov"
    waits.append(keeps)
    said = under_way.sending_words(draft, desk)
    assert said == ("The save was asked for at 23:47 Sat 28 Nov: does it still hold?", True, True)
    vouched: list[Any] = []
    desk.actions.vouch = vouched.append
    under_way.vouch(draft, desk)
    assert vouched == [keeps]
    draft.sending = False
    assert under_way.sending_words(draft, desk) == ("", False, False)
    draft.sending = True
    waits.remove(keeps)
    desk.store.link.state = LinkState.LOST
    lost = offering.progress(None, True, Why.LINK, lost=False)
    assert under_way.sending_words(draft, desk) == (lost, False, False)


def test_what_somebody_else_changed_is_said_or_put_to_the_person() -> None:
    taken = Merged(Draft(), ("Caller", "Priority"), ())
    assert offering.merge(taken) == ("info", "Somebody else changed: Caller, Priority. It is shown here.")
    assert offering.merge(replace(taken, disputed=("Caller",)))[0] == "warn"


# --- what will stand against it ---


def stands(open_draft: OpenDraft, *rows: Any, **draft: Any) -> list[str]:
    store = Store(replace(reference(), tools={3: TOOL}), Link(LinkState.LIVE, NOW))
    tables = {Screening: "screening", Dangers: "danger"}
    store.put({"referral": [OF]} | {tables[type(row)]: [row] for row in rows})
    open_draft.draft = replace(open_draft.draft, **draft)
    return [one.words for one in standing(open_draft, store, NOW)]


OF = referral(state=ReferralState.RECEIVED, triage_scale="A")
PASSED = Screening(OF.id, 1, OF.id, 3, CLEAR, "", NOW - timedelta(minutes=9), "a.shah")


def test_a_draft_is_held_against_the_rule_before_it_is_saved() -> None:
    assert stands(OpenDraft(NOW)) == ["not asked: A blade", "not asked: Pills"]
    assert stands(OpenDraft(NOW), answers=CLEAR) == []
    assert stands(OpenDraft(NOW), answers=CLEAR | {"knife": "yes", "gone": "yes"}) == ["yes: A blade"]
    assert stands(OpenDraft(NOW), answers=CLEAR, narrative="He has a cleaver.") == ["says “cleaver”: A blade"]
    assert stands(OpenDraft(NOW), answers=CLEAR, narrative="  ") == []
    assert stands(OpenDraft(NOW), answers=CLEAR, triage_scale="A") == ["scale A, immediate danger"]


def test_an_edit_counts_what_the_record_has_and_what_it_will_make_of_it() -> None:
    # Nothing was answered here: what the record has stands as it is.
    edit = OpenDraft(NOW, OF, PASSED)
    assert stands(edit, PASSED) == ["scale A, immediate danger"]
    # The draft makes another letter of it: that is an event to come.
    assert stands(edit, PASSED, triage_scale="B") == ["scale A earlier"]
    assert stands(edit, PASSED, triage_scale="B", answers=CLEAR | {"pills": "yes"}) == [
        "yes: Pills",
        "scale A earlier",
    ]
    later = OpenDraft(NOW, replace(OF, triage_scale="B"), PASSED)
    before = Dangers(OF.id, 1, (FLAG, Danger("scale 17", "scale earlier", "", "scale A earlier")))
    assert stands(later, PASSED, before) == ["caution: a dog", "scale A earlier"]
    decided = Decision("clinician", "Dr Vale", "seen", "a.shah", NOW, (FLAG.what, "scale 17"))
    assert stands(later, PASSED, replace(before, decided=(decided,))) == []


def test_a_sentence_that_the_draft_takes_out_is_told_before_it_is_saved() -> None:
    edit = OpenDraft(NOW, replace(OF, triage_scale="", narrative="He has a cleaver."), PASSED)
    assert stands(edit, PASSED, narrative="He is calm.") == ["said earlier “cleaver”: A blade"]
    assert stands(edit, PASSED, narrative="He has a cleaver in the sink.") == ["says “cleaver”: A blade"]
    # Taken out before this draft was opened, the record tells it.
    calm = OpenDraft(NOW, replace(OF, triage_scale="", narrative="He is calm."), PASSED)
    told = Danger("words knife 1", "words", "knife", "said earlier “cleaver”: A blade")
    assert stands(calm, PASSED, Dangers(OF.id, 1, (told,))) == [told.words]
    assert stands(calm, PASSED, Dangers(OF.id, 1, (told,)), narrative="A cleaver.") == ["says “cleaver”: A blade"]


# --- a typed moment ---

AUTUMN = datetime(2026, 10, 25, 6, 0, tzinfo=UTC)


class Line:
    """A line with its reading, at a moment."""

    def __init__(self, stage: QWidget, now: datetime = NOW) -> None:
        self.belongs = Belongs(now)
        self.line = QLineEdit()
        put_on(stage, self.line, 300, 30)
        self.moment = TypedMoment(self.line, "Arrived", lambda: self.belongs, stage)
        self.heard = 0
        self.moment.changed.connect(self._hear)

    def _hear(self) -> None:
        self.heard += 1


def test_what_is_typed_is_read_as_it_is_typed(stage: QWidget) -> None:
    one = Line(stage)
    assert (one.moment.at, one.moment.words, one.moment.problem, one.moment.is_wrong) == (
        None,
        "",
        ("", ""),
        False,
    )
    one.line.setText("0330")
    assert one.moment.at == NOW.replace(minute=30, second=0)
    assert one.moment.words.startswith("Sun 22 Nov 03:30, ")
    assert (one.moment.problem, one.moment.is_wrong, one.moment.row.isHidden()) == (("", ""), False, True)
    one.line.setText("soon")
    assert one.moment.at is None
    assert one.moment.is_wrong
    assert one.moment.words == " ".join(one.moment.problem).strip() != ""
    assert one.heard == 2
    # What it belongs to changed, and with it what is meant.
    one.line.setText("0330")
    one.belongs = replace(one.belongs, not_before=Limit(NOW - timedelta(minutes=1), "received"))
    one.moment.read_again()
    assert one.moment.at is None
    assert one.heard == 4


def test_what_was_filled_in_stays_what_it_was_until_somebody_types(stage: QWidget) -> None:
    one, then = Line(stage), NOW - timedelta(days=3)
    one.moment.fill(then)
    assert (one.line.text(), one.moment.at, one.heard) == ("03:42", then, 0)
    one.moment.read_again()
    assert (one.moment.at, one.heard) == (then, 0)
    one.moment.fill(then, rough=True)
    assert one.line.text() == "about 03:42"
    one.line.setText("0341")
    assert one.moment.at == NOW.replace(minute=41, second=0)
    one.moment.fill(None)
    assert (one.line.text(), one.moment.at) == ("", None)


def test_what_meant_no_moment_then_means_none_now(stage: QWidget) -> None:
    one, then = Line(stage), NOW - timedelta(days=3)
    one.moment.show_text("0310", then)
    assert (one.line.text(), one.moment.at, one.moment.is_wrong) == ("0310", then, False)
    one.moment.show_text("0310", None)
    assert (one.moment.at, one.moment.is_wrong) == (None, True)
    assert one.moment.words == "Kept as said. Type it again to have it read."
    one.moment.show_text("", None)
    assert (one.moment.at, one.moment.is_wrong, one.heard) == (None, False, 0)


def test_of_a_time_that_comes_twice_one_is_chosen(stage: QWidget) -> None:
    one = Line(stage, AUTUMN)
    one.line.setText("0130")
    early, late = AUTUMN.replace(hour=0, minute=30), AUTUMN.replace(hour=1, minute=30)
    assert not one.moment.row.isHidden()
    assert one.moment.at is None
    assert one.moment.problem == ("01:30 comes twice in this night.", "Choose which is meant.")
    assert not one.moment.is_wrong
    one.moment.row.choose((late.isoformat(),))
    assert (one.moment.at, one.moment.problem) == (late, ("", ""))
    # The same two moments keep the choice; others do not.
    one.moment.read_again()
    assert one.moment.at == late
    one.line.setText("0145")
    assert one.moment.at is None
    one.moment.row.choose((early.replace(minute=45).isoformat(),))
    assert one.moment.at == early.replace(minute=45)
    one.line.setText("0330")
    assert one.moment.row.isHidden()


# --- who said it ---


def test_whoever_tells_as_it_is_begun_said_it_and_a_slip_mended_later_stays_theirs(stage: QWidget) -> None:
    speakers = ["a son"]
    editor = TopicLine(Topic("helps", "What helps", "", TopicKind.WORDS), lambda: speakers[0])
    put_on(stage, editor, 400, 60)
    heard: list[str] = []
    editor.edited.connect(lambda: heard.append(editor.line.text()))

    def typed(words: str) -> None:
        editor.line.setText(words)
        editor.line.textEdited.emit(words)

    assert editor.by == "a son", "as long as nothing is typed, whoever tells now"
    typed("te")
    speakers[0] = "the crew"
    typed("tea")
    assert (editor.by, heard) == ("a son", ["te", "tea"])
    assert [(one.words, one.said_by) for one in editor.said_now()] == [("tea", "a son")]
    typed("  ")
    assert editor.is_blank()
    assert editor.by == "the crew"
    typed("milk")
    speakers[0] = "a neighbour"
    assert editor.by == "the crew"
