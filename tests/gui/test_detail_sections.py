"""The head of the pane, and its sections about the person and the gate: word by word."""

import re
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

from console.live.store import Link, LinkState, Store
from console.running.faults import faults
from console.views.detail.about import AboutSection, FlagsSection, KnownSection
from console.views.detail.rich import RichLabel
from console.views.detail.sections import Header, HoldingSection, PersonSection, ScreeningSection
from console.views.detail.story import Story
from console.views.detail.view import View
from db.domain.about import AboutItem, Said, Topic, TopicKind
from db.domain.alike import PAST_LEFT_OUT
from db.domain.cautions import Flag
from db.domain.detention import Detention
from db.domain.known import KnownHere, KnownReferral
from db.domain.read_back import Booking
from db.domain.records import Location, Patient, Referral, Screening
from db.domain.reference import Approval, ScreeningItem, ScreeningTool
from db.domain.roles import Role
from db.domain.situation import Facts, situation
from db.domain.states import HandoverState, ReferralState
from tests.gui.desks import put_on, stage
from tests.unit.board_records import NOW, ago, handover, reference, referral

__all__ = ["stage"]
KNIFE = ScreeningItem("knife", "Safety", "Blade", ("knife", "big knife"))
PILLS = ScreeningItem("pills", "Body", "Overdose", ("pills",))
TOOL = ScreeningTool(3, "x", (KNIFE, PILLS), approvals=(Approval("Dr X", "clinical lead", date(2026, 1, 5)),))
WHO = referral(44)
TAG = re.compile(r"<(?!u>|/u>)[^>]+>")


def view(who: Referral, *links: Any, role: Role = Role.DISPATCHER, **more: Any) -> View:
    desk = SimpleNamespace(
        store=Store(reference(), Link(LinkState.LIVE, NOW)),
        me=SimpleNamespace(role=role),
        foresight=SimpleNamespace(release=lambda *_: None),
    )
    given: dict[str, Any] = {"private": False, "screening": None, "tool": TOOL} | more
    return View(
        desk=cast("Any", desk),
        referral=who,
        now=NOW,
        now_is=situation(Facts(who, (), links), desk.store.reference),
        etas=cast("Any", SimpleNamespace(of=lambda _key: None)),
        story=Story((), ()),
        ranked=None,
        **given,
    )


def lines(section: Any) -> list[str]:
    """What a section says, a line each; what is underlined stays so."""
    [label] = section.findChildren(RichLabel)
    return [TAG.sub("", line) for line in label.text().split("<br>")]


def person(stage: QWidget, **given: Any) -> list[str]:
    made, more = PersonSection(stage), {name: given.pop(name) for name in ("held", "private") if name in given}
    made.show_view(view(referral(**given), **more))
    return lines(made)


@pytest.mark.parametrize(
    ("patient", "said"),
    [
        (Patient(), ["Name not known"]),
        (Patient("Ottoline Underhill"), ["Ottoline Underhill"]),
        (Patient("Zoë <b>", date(1991, 7, 3)), ["Zoë &lt;b&gt;, born 03 Jul 1991 (35)"]),
        (Patient(nhs_number="9434765919"), ["Name not known", "NHS 943 476 5919"]),
        (Patient(nhs_number="12"), ["Name not known", "NHS number as typed, not checked: “12”"]),
    ],
)
def test_who_somebody_is_is_said_as_far_as_it_is_known(stage: QWidget, patient: Patient, said: list[str]) -> None:
    assert person(stage, patient=patient) == said


def test_what_was_told_stands_below_and_what_nobody_told_does_not(stage: QWidget) -> None:
    told = person(
        stage,
        location=Location("Kettering", "NN16 8UZ", access_note="ring twice"),
        legal_status="Section 136",
        police="PC 1189",
        ems_incident="8812",
    )
    assert told[1:] == ["Access: ring twice", "Legal: Section 136", "Police: PC 1189", "EMAS incident: 8812"]
    assert person(stage, police="PC 1189")[1:] == ["Police: PC 1189"]


@pytest.mark.parametrize(
    ("hours", "state", "said"),
    [
        (5, ReferralState.ACCEPTED, "Held: 24 h end 22:42, in 19 h 00"),
        (25, ReferralState.ACCEPTED, "Held: 24 h ended 02:42, 60 min ago"),
        (5, ReferralState.CLOSED, None),
    ],
)
def test_how_long_somebody_may_be_held_stands_right_below_the_name_while_it_counts(
    stage: QWidget, hours: float, state: ReferralState, said: str | None
) -> None:
    told = person(stage, state=state, police="PC 1189", held=Detention(NOW - timedelta(hours=hours)))
    assert told[1:] == ([said] if said else []) + ["Police: PC 1189"]


@pytest.mark.parametrize(
    ("narrative", "shown"),
    [
        ("He has a big knife, and pills.", "He has a <u>big knife</u>, and <u>pills</u>."),
        ("A quiet night.", "A quiet night."),
        ("<i>knife</i>", "&lt;i&gt;<u>knife</u>&lt;/i&gt;"),
    ],
)
def test_words_that_call_for_a_second_look_are_underlined_once_and_nothing_is_lost(
    stage: QWidget, narrative: str, shown: str
) -> None:
    assert person(stage, narrative=narrative) == ["Name not known", shown]


def test_a_viewer_and_a_hidden_screen_are_told_nothing(stage: QWidget) -> None:
    assert person(stage, narrative="He has a knife.", private=True) == ["Hidden."]
    for section in (PersonSection(stage), ScreeningSection(stage)):
        for role, seen in ((Role.VIEWER, False), (Role.DISPATCHER, True), (Role.SHIFT_LEAD, True)):
            section.show_view(view(referral(), role=role))
            assert section.isHidden() is not seen, role


def screened(answers: dict[str, str], **more: Any) -> Screening:
    return Screening(uuid4(), 1, uuid4(), 3, answers, more.pop("note", ""), ago(9), "a.shah", **more)


@pytest.mark.parametrize(
    ("answers", "more", "title", "said"),
    [
        (
            {"knife": "no", "pills": "no"},
            {},
            "Screening v3 — 2 no",
            ["✓ No concern reported."],
        ),
        (
            {"knife": "yes", "pills": "not known"},
            {"note": "calm"},
            "Screening v3 — 1 yes · 1 not known",
            ["▲ yes: Blade", "▲ not known (1): Overdose", "calm"],
        ),
    ],
)
def test_what_the_gate_says(
    stage: QWidget, answers: dict[str, str], more: dict[str, Any], title: str, said: list[str]
) -> None:
    section = ScreeningSection(stage)
    section.show_view(view(referral(), screening=screened(answers, **more)))
    assert section.accessibleName() == title
    assert lines(section) == said


def test_the_tick_never_stands_beside_words_that_speak_against_it(stage: QWidget) -> None:
    section, given = ScreeningSection(stage), screened({"knife": "no", "pills": "no"}, note="calm")
    armed = referral(narrative="He has a knife.")
    section.show_view(view(armed, screening=given))
    assert lines(section) == ["calm", "▲ Says &quot;knife&quot;: ask again about blade."]
    section.show_view(view(armed, screening=given, private=True))
    assert lines(section) == [""], "what was typed is hidden, and no tick stands in its place"


def test_what_nobody_screened_and_nobody_signed_is_said(stage: QWidget) -> None:
    section = ScreeningSection(stage)
    section.show_view(view(referral(), tool=replace(TOOL, approvals=())))
    *notice, last = lines(section)
    assert last == "Not screened yet."
    assert len(notice) == 1
    assert section.accessibleName() == "Screening"
    section.show_view(view(referral()))
    assert lines(section) == ["Not screened yet."]


def test_the_head_says_where_and_from_whom_or_no_more_than_the_district(stage: QWidget) -> None:
    head = Header(stage)
    put_on(stage, head, 500, 120)
    who = referral(location=Location("12 Mill Lane", "NN16 8UZ"), caller="Ottoline", ems_callsign="A1187")

    def told() -> list[str]:
        return [TAG.sub("", one.text()) for one in (head._place, head._from, head._state)]

    head.tell(view(who))
    place, source, state = told()
    assert place == "12 Mill Lane NN16 8UZ not on map"
    assert source == "EMAS crew on scene · A1187 · Ottoline"
    assert state == "accepted · 11 min left"
    (title,) = [one for one in head.findChildren(QLabel) if one.text() == who.reference]
    assert title.accessibleName() == "CRU, 2 0 2 6 1 1 2 2, 0 0 4 4"
    head.tell(view(who, private=True))
    assert told()[:2] == ["NN16", "EMAS crew on scene · A1187"]
    head.tell(view(replace(who, location=Location("12 Mill Lane", "NN16 8UZ", 52.4, -0.73))))
    assert told()[0] == "12 Mill Lane NN16 8UZ"


@pytest.mark.parametrize(("role", "may_copy"), [(Role.DISPATCHER, True), (Role.VIEWER, False)])
def test_who_holds_the_patient_is_said_and_the_line_for_emas_is_copied(
    stage: QWidget, role: Role, may_copy: bool
) -> None:
    section, who = HoldingSection(stage), referral(ems_callsign="A1187", times={"ems_on_scene": ago(40)})
    section.show_view(view(who, handover(who.id, HandoverState.EXPECTED, expected=40), role=role))
    told = lines(section)
    assert told[0] == "EMAS A1187 holds the patient, since 03:02."
    assert told[1] == "EMAS free: not known until a van is on its way."
    assert len(told) == 2
    assert section._copy.isHidden() is not may_copy
    section.copy()
    assert QGuiApplication.clipboard().text() == section._line
    assert section._line.startswith("CRU-20261122-0044")
    section.show_view(view(replace(who, times={"received": ago(49)})))
    assert lines(section) == ["No crew is known to be with the person."]


# --- about them ---

TOPICS = (
    Topic("helps", "What helps", "What helps you?", TopicKind.WORDS),
    Topic("avoid", "Please avoid", "What shall we leave?", TopicKind.WORDS),
    Topic("safer_with", "Safer with", "With whom?", TopicKind.SAFER),
    Topic("interpreter", "Needs an interpreter", "Do you?", TopicKind.ANSWER),
    Topic("read", "Read this out", "We keep what you say.", TopicKind.NOTICE),
)


def about_them(*rows: Any, who: Referral = WHO, **given: Any) -> View:
    made = view(who, **given)
    store = made.desk.store
    store.set_reference(replace(store.reference, topics=TOPICS))
    tables: dict[str, list[Any]] = {}
    for row in rows:
        name = {AboutItem: "about_me", Flag: "flag", Booking: "interpreter"}[type(row)]
        tables.setdefault(name, []).append(row)
    store.put({"referral": [who]} | tables)
    return made


def item(topic: str, words: str, by: str = "the person", *, code: str = "", kept: bool = False) -> AboutItem:
    from_id = uuid4() if kept else None
    return AboutItem(uuid4(), 1, WHO.id, Said(topic, code, words, by), "a.shah", ago(9), from_id=from_id)


def chips(section: AboutSection) -> list[str]:
    return [chip.text for chip in section._chips if not chip.isHidden()]


def test_what_was_said_names_who_said_it_where_it_was_another(stage: QWidget) -> None:
    section = AboutSection(stage)
    section.show_view(
        about_them(item("helps", "tea"), item("helps", "her cat"), item("avoid", "sirens", "her son"))
    )
    assert section.accessibleName() == "About me — said by the person, some by her son"
    assert lines(section) == ["What helps her cat · tea", "Please avoid sirens (her son)"]
    assert section.toolTip() == "Read this out: We keep what you say."
    section.show_view(about_them(item("helps", "tea", kept=True)))
    assert section.accessibleName() == "About me — said by the person, 1 kept from before"


def test_an_interpreter_that_was_booked_stands_with_the_need_for_one(stage: QWidget) -> None:
    section = AboutSection(stage)
    booked = Booking(uuid4(), WHO.id, "urd", "DA Languages", "7731", None, "a.shah", ago(5))
    bare = replace(booked, id=uuid4(), booked_with="a neighbour", reference="")
    section.show_view(about_them(item("interpreter", "", code="yes"), item("helps", "tea"), booked))
    assert lines(section) == ["What helps tea", "Needs an interpreter yes · booked: DA Languages 7731"]
    section.show_view(about_them(item("helps", "tea"), bare))
    assert lines(section) == ["What helps tea", "Needs an interpreter booked: a neighbour"]


def test_with_whom_they_feel_safer_is_a_chip_that_is_used_again(stage: QWidget) -> None:
    section = AboutSection(stage)
    section.show_view(about_them(item("safer_with", "", code="woman"), item("helps", "tea")))
    assert len(chips(section)) == 1
    assert chips(section)[0].startswith("safer with ")
    assert not section._box.isHidden()
    section.show_view(about_them(item("helps", "tea")))
    assert chips(section) == []
    assert section._box.isHidden()
    section.show_view(about_them(item("safer_with", "", code="man")))
    assert len(section._chips) == len(chips(section)) == 1
    assert section._words.isHidden(), "an empty line says nothing"


@pytest.mark.parametrize(("rows", "private", "seen"), [(0, False, False), (1, False, True), (1, True, False)])
def test_nothing_that_was_said_is_shown_to_whoever_looks_over_a_shoulder(
    stage: QWidget, rows: int, private: bool, seen: bool
) -> None:
    section = AboutSection(stage)
    section.show_view(about_them(*[item("helps", "tea")] * rows, private=private))
    assert section.isHidden() is not seen


def flagged(kind: str, reason: str, days: float) -> Flag:
    return Flag(
        uuid4(), 1, WHO.id, "person", kind, reason, NOW + timedelta(days=days), "a.shah", ago(9), (WHO.id,)
    )


def test_what_helps_stands_first_and_what_is_past_its_review_last(stage: QWidget) -> None:
    section = FlagsSection(stage)
    rows = [flagged("pets", "a dog", 9), flagged("access", "old code", -3), flagged("what helps", "her cat", 9)]
    section.show_view(about_them(*rows))
    told = lines(section)
    assert [line.split(":")[0] for line in told] == ["✓ what helps", "▲ pets", "access"]
    assert [word in line for word, line in zip(("her cat", "a dog", "old code"), told, strict=True)] == [True] * 3
    section.show_view(about_them(*rows, private=True))
    assert not any(word in line for word in ("her cat", "a dog", "old code") for line in lines(section))
    assert len(lines(section)) == 3, "that there is one is no secret on the board"
    section.show_view(about_them())
    assert section.isHidden()


FIRST = "CRU-20261101-0001"


def known(number: int, minutes: float, *, is_same: bool) -> KnownReferral:
    reference_of = f"CRU-20261101-{number:04d}"
    return KnownReferral(uuid4(), reference_of, ago(minutes), "same telephone", is_same, True, "home", 2)


@pytest.mark.parametrize(
    ("here", "said"),
    [
        (
            KnownHere((known(1, 60, is_same=True),)),
            ["1 other contact since 02:42", f"{FIRST}, 02:42: Supported at home"],
        ),
        (
            KnownHere((known(1, 60, is_same=True), known(2, 120, is_same=True)), (item("helps", "tea"),)),
            [
                "2 other contacts since 01:42",
                f"{FIRST}, 02:42: Supported at home",
                "CRU-20261101-0002, 01:42: Supported at home",
                "1 thing kept for next time: ask, then More actions, Take over.",
            ],
        ),
        (
            KnownHere(
                (known(1, 60, is_same=True), known(3, 30, is_same=False)),
                (item("helps", "tea"), item("avoid", "sirens")),
            ),
            [
                "1 other contact since 02:42",
                f"{FIRST}, 02:42: Supported at home",
                "2 things kept for next time: ask, then More actions, Take over.",
                "◆ May be CRU-20261101-0003, 03:12: same telephone. Say whether it is the same person.",
            ],
        ),
        (KnownHere(), [""]),
        (KnownHere(past_left_out=True), [PAST_LEFT_OUT]),
    ],
)
@pytest.mark.hazard("H-092")
def test_who_was_here_before_is_said_and_who_may_have_been_is_asked(
    stage: QWidget, here: KnownHere, said: list[str]
) -> None:
    section = KnownSection(stage)
    section.show_view(view(WHO, known=here))
    assert lines(section) == said
    assert section.isHidden() is (not (here.referrals or here.past_left_out))
    section.show_view(view(WHO, known=here, private=True))
    assert section.isHidden()


SECTIONS: list[Any] = [PersonSection, ScreeningSection, HoldingSection, KnownSection, AboutSection, FlagsSection]


@pytest.mark.parametrize("section", SECTIONS)
def test_each_part_of_a_section_stands_below_its_heading(stage: QWidget, section: Any) -> None:
    made = section(stage)
    given = about_them(item("helps", "tea"), flagged("pets", "a dog", 9))
    made.show_view(replace(given, known=KnownHere((known(1, 60, is_same=True),))))
    put_on(stage, made, 420, 400)
    made.layout().activate()
    heading = made._title.geometry()
    assert heading.height() > 0
    assert heading.left() > 0
    for part in (one for one in made.children() if isinstance(one, QWidget) and one is not made._title):
        assert part.isHidden() or part.geometry().top() >= heading.bottom(), part


@pytest.mark.parametrize("section", SECTIONS)
def test_what_cannot_be_shown_says_so_in_the_place_of_what_was_of_somebody_else(
    stage: QWidget, section: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, given = section(stage), about_them(item("helps", "tea"), flagged("pets", "a dog", 9))
    put_on(stage, made, 420, 400)
    made.tell(given)
    usual = made._usual_title
    with monkeypatch.context() as patched:
        patched.setattr(section, "show_view", lambda *_: 1 / 0)
        made.tell(given)
    faults.forget()
    assert made.accessibleName() == made._title.text() == f"▲ {usual}: cannot be shown"
    assert made.isVisible()
    assert [one for one in made.findChildren(RichLabel) if one.isVisible()] == []
    made.tell(replace(given, known=KnownHere((known(1, 60, is_same=True),))))
    assert made._title.text().startswith(usual.split()[0])
    assert made._words.isVisible()
