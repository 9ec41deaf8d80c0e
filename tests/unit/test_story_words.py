"""Each kind of event in a few words, and what of its own words is said beside it."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from console.views.detail.story import StoryLine, story
from db.domain.about import Topic, TopicKind
from db.domain.languages import Language, Languages
from db.domain.records import Event
from db.domain.reference import Choice
from tests.unit.board_records import reference
from tests.unit.cases import REFERRAL, minutes

VAN = uuid4()
REFERENCE = replace(
    reference(),
    reasons={
        "stand_down": (Choice("not_needed", "No longer needed"),),
        "decline": (Choice("out_of_area", "Outside the area"),),
        "cancel": (Choice("by_caller", "Cancelled by the caller"),),
        "refuse_handover": (Choice("not_safe", "Not safe"),),
        "hold": (Choice("call_back", "Call back agreed"),),
        "out_of_service": (Choice("crew_welfare", "Crew welfare"),),
    },
    outcomes=(Choice("gp", "Left with the GP"),),
)


def line(kind: str, words: str = "", **changed: Any) -> StoryLine:
    known = {"van_id": None, "recorded_at": minutes(1), "recorded_by": "a.shah", "source": "user", "detail": {}}
    made = Event(id=1, referral_id=REFERRAL, kind=kind, happened_at=minutes(1), words=words, **known | changed)
    (told,) = story([made], REFERENCE, lambda van: "CRU2" if van == VAN else "?").lines
    return told


@pytest.mark.parametrize(
    ("kind", "words", "changed", "what", "said"),
    [
        ("van allocated", "", {"van_id": VAN}, "Allocated CRU2", ""),
        ("van on scene", "", {"van_id": VAN}, "CRU2 on scene", ""),
        ("van conveying", "Crisis house", {"van_id": VAN}, "CRU2 conveying", "Crisis house"),
        ("van stood down", "not_needed", {"van_id": VAN}, "CRU2 stood down", "No longer needed"),
        # A van that is not named is no van with a name.
        ("van on scene", "", {}, "Van on scene", ""),
        ("handover expected", "EMAS A1 to CRU", {}, "Handover expected", "EMAS A1 to CRU"),
        ("handover refused", "not_safe", {}, "Handover refused", "Not safe"),
        ("handover released", "EMAS A1 to CRU", {}, "EMAS A1 released", ""),
        ("handover released", "", {}, "Crew released", ""),
        ("declined", "out_of_area", {}, "Declined", "Outside the area"),
        ("cancelled", "by_caller", {}, "Cancelled", "Cancelled by the caller"),
        ("on hold", "call_back", {}, "On hold", "Call back agreed"),
        ("closed", "gp", {}, "Closed", "Left with the GP"),
        ("999 advised", "Told: 999", {}, "999 advised", ""),
        ("flag", "a dog", {"detail": {"about": "pets"}}, "Flag: pets", "a dog"),
        ("feedback", "kind", {"detail": {"about": "person"}}, "Feedback from person", "kind"),
        ("reopened", "", {"reason": "rang again"}, "Reopened", "rang again"),
        ("details changed", "caller", {"reason": "x"}, "Details changed", "caller"),
        ("something new", "", {}, "Something new", ""),
        # What the record calls a column, or a reason, has words of its own.
        (
            "details changed",
            "x",
            {"detail": {"nhs_number": {}, "ems_on_scene_at": {}}},
            "Details changed",
            "NHS number, EMAS on scene",
        ),
        ("out of service", "crew_welfare", {"van_id": VAN}, "Out of service", "Crew welfare"),
        # Events of before keep their words in the record and have those of now on the screen.
        ("flag", "tea", {"detail": {"about": "repeat caller"}}, "Flag: contacted us before; what helped", "tea"),
    ],
)
def test_an_event_in_a_few_words(kind: str, words: str, changed: dict[str, Any], what: str, said: str) -> None:
    told = line(kind, words, **changed)
    assert (told.what, told.said) == (what, said)


@pytest.mark.parametrize(
    ("kind", "personal"), [("note", True), ("feedback", True), ("flag", True), ("van mobile", False)]
)
def test_what_may_name_the_person_is_marked(kind: str, personal: bool) -> None:
    assert line(kind, "x", van_id=VAN).personal is personal


@pytest.mark.parametrize(("late", "said"), [(1.0, False), (1.1, True)])
def test_what_was_written_down_later_says_when(late: float, said: bool) -> None:
    told = line("note", "x", recorded_at=minutes(1 + late))
    assert told.written_at == (minutes(1 + late) if said else None)


KNOWN = replace(
    REFERENCE,
    topics=(
        Topic("helps", "What helps", "", TopicKind.WORDS),
        Topic("language", "Language", "", TopicKind.LANGUAGE),
    ),
    languages=Languages.of([Language("lit", "Lithuanian")]),
)


@pytest.mark.parametrize(
    ("kind", "words", "detail", "what", "said"),
    [
        ("flag withdrawn", "x", {"about": "pets", "why": "it died"}, "Flag withdrawn: pets (it died)", "x"),
        ("brief read back", "", {"about": "Amara", "channel": "radio"}, "Brief read back by Amara, radio", ""),
        ("wish kept", "well", {"about": "the person", "kept": "partly"}, "Kept: partly, says the person", "well"),
        ("about me", "tea", {"about": "a son", "topic": "helps"}, "About me, said by a son", "What helps: tea"),
        ("about me ended", "", {"about": "a son", "topic": "language", "code": "lit"},
         "About me (ended), said by a son", "Language: Lithuanian"),
        ("about me taken over", "tea", {"about": "a son", "topic": "gone"},
         "About me (kept from before), said by a son", "gone: tea"),
    ],
)  # fmt: skip
def test_what_was_done_about_a_person_in_a_few_words(
    kind: str, words: str, detail: dict[str, Any], what: str, said: str
) -> None:
    made = Event(1, REFERRAL, None, kind, minutes(1), minutes(1), "a.shah", "user", words, detail)
    (told,) = story([made], KNOWN, lambda _: "?").lines
    assert (told.what, told.said, told.personal) == (what, said, True)


@pytest.mark.parametrize(("why", "undone"), [("a slip", ": a slip"), ("", "")])
def test_what_was_taken_back_says_by_whom_and_why(why: str, undone: str) -> None:
    made = Event(1, REFERRAL, None, "note", minutes(1), minutes(1), "a.shah", "user", "x", {})
    back = replace(made, id=2, kind="note taken back", happened_at=minutes(2), amends=1, reason=why)
    lines = story([made, back], REFERENCE, lambda _: "?").lines
    assert [one.undone for one in lines if one.what == "Note"] == [f"taken back by a.shah{undone}"]
