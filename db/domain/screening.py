"""The physical-health and safety gate: what blocks *accept*, and words that call for a second look."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from db.domain.records import Screening
from db.domain.reference import ScreeningItem, ScreeningTool


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


def gate(tool: ScreeningTool, answers: Mapping[str, str]) -> Gate:
    """Weigh the answers (domain.md: any *yes* or *not known* blocks until a clinician overrides)."""
    return Gate(
        unanswered=tuple(item for item in tool.items if item.key not in answers),
        blocking=tuple(item for item in tool.items if answers.get(item.key, Answer.NO) != Answer.NO),
    )


def may_accept(tool: ScreeningTool, screening: Screening | None) -> bool:
    """Whether the latest screening lets the referral through."""
    if screening is None:
        return False
    verdict = gate(tool, screening.answers)
    return verdict.is_clear or (verdict.is_complete and screening.is_overridden)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A word in the narrative that does not fit a *no*. ``start`` and ``end`` are offsets in the narrative."""

    item: ScreeningItem
    word: str
    start: int
    end: int


_NEGATION = re.compile(
    r"\b(?:no|not|nor|denies|denied|denying|without|never|isn't|hasn't|doesn't|did not|no longer|nil)\b"
    r"(?:\s+(?:any|an|a|the|of|has|have|had|having|taken|taking|recent|signs?|evidence|history|or|in|is|been)){0,4}"
    r"\s*$"
)
_CLAUSE_END = re.compile(r"[.;:!?\n]|\bbut\b|\bhowever\b|\bthough\b")


def second_looks(tool: ScreeningTool, answers: Mapping[str, str], narrative: str) -> list[SecondLook]:
    """Words in the narrative that meet a *no* or an open question. Negated words do not light up."""
    lowered = narrative.lower()
    found = [
        SecondLook(item, narrative[match.start() : match.end()], match.start(), match.end())
        for item in tool.items
        if answers.get(item.key) in {None, Answer.NO}
        for word in item.watch_words
        for match in re.finditer(rf"\b{re.escape(word.lower())}\w*", lowered)
        if not _is_negated(lowered, match.start())
    ]
    return sorted(found, key=lambda look: look.start)


def _is_negated(text: str, at: int) -> bool:
    clause = _CLAUSE_END.split(text[:at])[-1]
    if _NEGATION.search(clause):
        return True
    # "denies overdose, chest pain or head injury": a list carries its negation on.
    parts = re.split(r",|\bor\b|\bnor\b", clause)
    return len(parts) > 1 and bool(re.match(r"\s*(?:\w+\s+){0,2}(?:denies|denied|no)\b", parts[0]))
