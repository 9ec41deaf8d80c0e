"""What opens a branch of the screening tool, and that what it asks has to be answered."""

from collections.abc import Mapping

import pytest

from db.domain import answered, intake
from db.domain.branches import OPENED_BY, asked_items, branches_of, opened
from db.domain.intake import Draft
from db.domain.reference import ScreeningItem, ScreeningTool
from tests.unit.shipped_tools import tool_of

DRAFT = tool_of(3)


@pytest.mark.parametrize(
    ("answers", "years", "legal", "found"),
    [
        ({}, None, "", set()),
        ({"pregnancy": "no"}, 30, "none", set()),
        ({"pregnancy": "yes"}, 30, "", {"pregnant_postnatal"}),
        ({"pregnancy": "not known"}, None, "", {"pregnant_postnatal"}),
        ({"withdrawal": "yes"}, 40, "", {"intoxication"}),
        ({"conscious": "yes"}, None, "", {"confusion_older"}),
        ({"conscious": "not known"}, 65, "", {"confusion_older"}),
        ({"conscious": "yes"}, 64, "", set()),
        ({}, 17, "", {"under_18"}),
        ({}, 18, "s135", {"detained"}),
        ({}, None, "s136", {"detained"}),
    ],
)
def test_an_answer_an_age_or_detention_opens_a_branch(
    answers: Mapping[str, str], years: int | None, legal: str, found: set[str]
) -> None:
    assert opened(DRAFT, answers, years, legal) == found | {"consent"}
    assert opened(tool_of(2), answers, years, legal) == frozenset(), "a version without branches has none"


def test_a_branch_follows_the_answer_that_opened_it_and_what_is_opened_by_hand_comes_last() -> None:
    keys = [
        one.key
        for one in asked_items(DRAFT, {"pregnancy": "yes"}, {"pregnant_postnatal", "capacity"}, unmeasured=False)
    ]
    at = keys.index("pregnancy")
    assert keys[at + 1 : at + 5] == ["pregnant_urgent", "postnatal_change", "postnatal_harm", "baby_cared_for"]
    assert keys[-3:] == ["which_decision", "capacity_support", "decided_before"]
    assert len(keys) == len(set(keys))
    closed = [one.key for one in asked_items(DRAFT, {"pregnancy": "no"}, (), unmeasured=False)]
    assert closed == [item.key for item in DRAFT.items if not item.branch]
    # Also where the version of a trust has no such question.
    own = ScreeningTool(
        9, "", (ScreeningItem("a", "", "x", ()), ScreeningItem("b", "", "y", (), branch="intoxication"))
    )
    asked = asked_items(own, {"intoxicated": "yes"}, {"intoxication"}, unmeasured=False)
    assert [one.key for one in asked] == ["a", "b"]


def test_what_an_open_branch_asks_has_to_be_answered_before_accept() -> None:
    answers = {item.key: "no" for item in DRAFT.items if not item.branch}
    assert intake.may_accept(Draft(answers=answers), DRAFT)
    young = Draft(answers=answers, branches=("under_18",))
    assert not intake.may_accept(young, DRAFT)
    assert {one.key for one in intake.verdict(young, DRAFT).unanswered} == {
        "responsible_adult", "camhs", "child_safeguarding",
    }  # fmt: skip
    assert "3 not asked" in intake.verdict_in_words(young, DRAFT)
    assert answered.all_answers(young, DRAFT)["camhs"] == "not known"
    told = Draft(answers={**answers, "camhs": "no", "responsible_adult": "no", "child_safeguarding": "no"})
    assert intake.may_accept(Draft(answers=told.answers, branches=("under_18",)), DRAFT)


def test_every_key_is_one_of_the_draft_under_review() -> None:
    keys = {item.key for item in DRAFT.items}
    assert {key for openers in OPENED_BY.values() for key in openers} <= keys
    assert set(OPENED_BY) <= set(branches_of(DRAFT))
    assert {one.key for one in DRAFT.branches} >= set(branches_of(DRAFT))
