"""Questions that are asked only of some people: what opens a branch of the screening tool, and where they stand.

What a branch asks is the tool's data. That an answer opens one is known by the keys of the shipped versions; a
version with other keys has its branches opened by age, by detention and by hand.
"""

from collections.abc import Collection, Mapping
from typing import Final

from db.domain.detention import HELD
from db.domain.reference import NOT_MEASURED, ScreeningItem, ScreeningTool
from db.domain.screening import Answer, must_be_asked
from db.domain.typed_births import OF_AGE

UNDER_18, OLDER, DETAINED, CONSENT = "under_18", "confusion_older", "detained", "consent"
OPENED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    OLDER: ("conscious",),
    "pregnant_postnatal": ("pregnancy",),
    "intoxication": ("intoxicated", "withdrawal"),
}
"""Questions by the branch that they open, answered *yes* or *not known*: in doubt it is asked."""
_OLDER = 65


def branches_of(tool: ScreeningTool) -> tuple[str, ...]:
    """The branches that a person or an answer can open, in the tool's order."""
    return tuple(dict.fromkeys(item.branch for item in tool.items if item.branch not in {"", NOT_MEASURED}))


def opened(tool: ScreeningTool, answers: Mapping[str, str], years: int | None, legal: str) -> frozenset[str]:
    """The branches that are open by themselves.

    Args:
        tool: whose questions they are.
        answers: by the keys of its questions.
        years: how old the person is; None where nobody knows.
        legal: their legal status, by its code.
    """
    found = {branch for branch in OPENED_BY if _opener(branch, answers)}
    if years is not None and years < _OLDER:
        found.discard(OLDER)
    found |= {UNDER_18} if years is not None and years < OF_AGE else set()
    found |= {DETAINED} if legal in HELD else set()
    return frozenset((found | {CONSENT}) & set(branches_of(tool)))


def asked_items(
    tool: ScreeningTool, answers: Mapping[str, str], branches: Collection[str], *, unmeasured: bool
) -> tuple[ScreeningItem, ...]:
    """The questions in the order in which they are asked: a branch follows the answer that opened it."""
    asked = [item for item in tool.items if must_be_asked(item, unmeasured=unmeasured, branches=branches)]
    said = {item.key: answers[item.key] for item in asked if item.key in answers}
    after = {branch: _opener(branch, said) for branch in branches}
    found: list[ScreeningItem] = []
    for item in asked:
        if not after.get(item.branch):
            found.append(item)
            found += [one for one in asked if one.branch and after.get(one.branch) == item.key]
    return tuple(found)


def _opener(branch: str, answers: Mapping[str, str]) -> str:
    """The question that opened it; empty where none did."""
    return next((key for key in OPENED_BY.get(branch, ()) if answers.get(key, Answer.NO) != Answer.NO), "")
