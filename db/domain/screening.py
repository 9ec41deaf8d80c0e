"""The physical-health and safety gate: what blocks *accept*, and words that call for a second look."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from db.domain.negation import Narrative, plain
from db.domain.records import Screening
from db.domain.reference import NOT_MEASURED, ScreeningItem, ScreeningTool

DANGER_SCALE = "A"
"""Immediate danger on the triage scale: not for the CRU, whoever says so."""


OBSERVATIONS_KEY = "observations"
"""The question that is answered by what is measured."""


class How(StrEnum):
    """How an answer came about. *Group* is a *no* to the rest of a section that was read aloud."""

    ASKED = "asked"
    GROUP = "group"
    CHANGED = "changed"
    NOT_MEASURED = "not measured"
    NOT_ASKED = "not asked"


class Answer(StrEnum):
    """What was said to one question. Anything but *no* blocks."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Gate:
    """What the answers mean for *accept*.

    Attributes:
        unanswered: questions nobody has put yet.
        blocking: questions answered *yes* or *not known*.
    """

    unanswered: tuple[ScreeningItem, ...]
    blocking: tuple[ScreeningItem, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every question has an answer."""
        return not self.unanswered

    @property
    def is_clear(self) -> bool:
        """Whether the referral may be accepted without an override."""
        return self.is_complete and not self.blocking


def must_be_asked(item: ScreeningItem, *, unmeasured: bool) -> bool:
    """Whether a question has to be put: always, or because the observations could not be measured."""
    return not item.branch or (item.branch == NOT_MEASURED and unmeasured)


def gate(tool: ScreeningTool, answers: Mapping[str, str], *, unmeasured: bool = False) -> Gate:
    """Weigh the answers (docs/record.md: any *yes* or *not known* blocks until a clinician overrides).

    Args:
        tool: whose questions they answer.
        answers: by the keys of its questions.
        unmeasured: somebody said why the observations could not be measured, so that others are asked instead.
    """
    excused = unmeasured and any(item.branch == NOT_MEASURED for item in tool.items)
    wanted = [item for item in tool.items if must_be_asked(item, unmeasured=unmeasured)]
    said = [(item, answers.get(item.key, Answer.NO)) for item in tool.items]
    return Gate(
        unanswered=tuple(item for item in wanted if item.key not in answers),
        blocking=tuple(
            item
            for item, answer in said
            if answer != Answer.NO
            and not (excused and item.key == OBSERVATIONS_KEY and answer == Answer.NOT_KNOWN)
        ),
    )


def may_accept(tool: ScreeningTool, screening: Screening | None) -> bool:
    """Whether the latest screening lets the referral through."""
    if screening is None:
        return False
    verdict = gate(tool, screening.answers, unmeasured=bool(screening.not_measured))
    return verdict.is_clear or (verdict.is_complete and screening.is_overridden)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A word in the narrative that does not fit a *no*. ``start`` and ``end`` are offsets in the narrative."""

    item: ScreeningItem
    word: str
    start: int
    end: int


def second_looks(tool: ScreeningTool, answers: Mapping[str, str], narrative: str) -> list[SecondLook]:
    """Words in the narrative that meet a *no* or an open question. Denied words do not light up."""
    text = plain(narrative)
    found = [
        (item, match.span()) for item in tool.items for word in item.watch_words for match in _find(word, text)
    ]
    whole = Narrative(narrative, [span for _, span in found])
    looks = [
        SecondLook(item, narrative[start:end], start, end)
        for item, (start, end) in found
        if answers.get(item.key) in {None, Answer.NO} and not whole.denies((start, end))
    ]
    return sorted(looks, key=lambda look: look.start)


def _find(word: str, text: str) -> Iterator[re.Match[str]]:
    # The beginning of a word is enough: "strangl" also finds "strangled".
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    return re.finditer(rf"\b{pattern}\w*", text, re.IGNORECASE)
