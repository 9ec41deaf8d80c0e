"""A screening that is written down as a note cries no wolf: a question's own words are said by nobody."""

from dataclasses import replace

import pytest

from db.domain import intake
from db.domain.danger import read
from db.domain.intake import Draft
from db.domain.own_words import unsaid
from db.domain.reference import ScreeningTool
from tests.unit.shipped_tools import first_tool, tool_of

TOOLS = [first_tool(), tool_of(2), tool_of(3)]


def note(tool: ScreeningTool, answers: dict[str, str], together: tuple[str, ...] = ()) -> str:
    return intake.unfinished_words(replace(Draft(), answers=answers, together=together), tool)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: f"version {tool.version}")
def test_a_screening_that_was_broken_off_says_no_danger_of_what_was_denied_or_not_asked(
    tool: ScreeningTool,
) -> None:
    keys = [item.key for item in tool.items]
    for asked in range(1, len(keys)):
        answers = dict.fromkeys(keys[:asked], "no")
        for together in ((), tuple(keys[:asked]), tuple(keys[1:asked])):
            assert read(tool, note(tool, answers, together)) == ()


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: f"version {tool.version}")
def test_what_was_not_denied_is_read_as_before(tool: ScreeningTool) -> None:
    # What each question says by itself, where it says anything.
    alone = {item.key: {one.key for one in read(tool, f"{item.text}.")} for item in tool.items}
    assert sum(map(bool, alone.values())) > len(tool.items) / 2
    for item in tool.items:
        for answer in ("yes", "not known"):
            assert {one.key for one in read(tool, note(tool, {item.key: answer}))} >= alone[item.key]


def test_a_person_who_says_the_same_words_is_heard() -> None:
    questions = ["Seizure", "Fever, or signs of a bad infection"]
    written = (
        "Screening not finished. Seizure: no; Chest pain: yes.\nNot asked: Fever, or signs of a bad infection."
    )
    left = unsaid(written, questions)
    assert len(left) == len(written)
    assert "Seizure" not in left
    assert "Fever" not in left
    assert "Chest pain: yes" in left
    for said in (
        "Seizure an hour ago",
        "Seizure: nobody saw it",
        "Not asked: she had a Seizure",
        "He says: Seizure; then nothing",
        "Wet floor. Seizure",
    ):
        assert unsaid(said, questions) == said
    assert unsaid(written, []) == written
