"""The physical-health and safety gate: what blocks *accept*, and words that call for a second look."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from db.domain.narrative import Narrative, lexicon_of
from db.domain.phrases import Match
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


_PLAN = "means"
_ACTS = frozenset({"overdose", "ligature", "bleeding", "attempt"})
"""Keys of questions about what a person does to themself; as a wish or a threat it is asked under the plan."""


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


def must_be_asked(item: ScreeningItem, *, unmeasured: bool, branches: Collection[str] = ()) -> bool:
    """Whether a question has to be put: always, in a branch that is open, or as nothing could be measured."""
    return not item.branch or item.branch in branches or (item.branch == NOT_MEASURED and unmeasured)


def gate(
    tool: ScreeningTool, answers: Mapping[str, str], *, unmeasured: bool = False, branches: Collection[str] = ()
) -> Gate:
    """Weigh the answers (docs/record.md: any *yes* or *not known* blocks until a clinician overrides).

    Args:
        tool: whose questions they answer.
        answers: by the keys of its questions.
        unmeasured: somebody said why the observations could not be measured, so that others are asked instead.
        branches: those that are open, so that their questions are asked too.
    """
    excused = unmeasured and any(item.branch == NOT_MEASURED for item in tool.items)
    wanted = [item for item in tool.items if must_be_asked(item, unmeasured=unmeasured, branches=branches)]
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


def weighed(tool: ScreeningTool, screening: Screening) -> Gate:
    """As :func:`gate`, of answers that are in the record."""
    return gate(tool, screening.answers, unmeasured=bool(screening.not_measured))


def may_accept(tool: ScreeningTool, screening: Screening | None) -> bool:
    """Whether the latest screening lets the referral through."""
    if screening is None:
        return False
    verdict = weighed(tool, screening)
    return verdict.is_clear or (verdict.is_complete and screening.is_overridden)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Words in the narrative that do not fit a *no*. ``start`` and ``end`` are offsets in the narrative."""

    item: ScreeningItem
    word: str
    start: int
    end: int

    @property
    def ask(self) -> str:
        """What to do about it, wherever it is shown: ``ask again about a weapon``."""
        return f"ask again about {_within(self.item.text)}"


def second_looks(tool: ScreeningTool, answers: Mapping[str, str], narrative: str) -> list[SecondLook]:
    """Words in the narrative that meet a *no* or an open question, in the order of the text.

    What was denied, is long past, only supposed, or happened to somebody else does not light up.
    """
    return [look for look in findings(tool, narrative) if answers.get(look.item.key) in {None, Answer.NO}]


def findings(tool: ScreeningTool, narrative: str) -> list[SecondLook]:
    """All that a narrative tells of the questions of a version, whatever was answered. Never raises."""
    read = Narrative(narrative, lexicon_of(tuple((item.key, item.watch_words) for item in tool.items)), tool)
    items = {item.key: item for item in tool.items}
    told = ((items[_about(match, read, items)], read.span(match)) for match in read.told() if match.about in items)
    looks = {(item.key, span): SecondLook(item, narrative[slice(*span)], *span) for item, span in told}
    return sorted(looks.values(), key=lambda look: (look.start, look.end))


def _about(match: Match, read: Narrative, items: Mapping[str, ScreeningItem]) -> str:
    """The question that the words are about: what somebody means to do to themself is a plan, and not yet done."""
    is_plan = match.about in _ACTS and _PLAN in items and read.is_intended(match)
    return _PLAN if is_plan else match.about


def _within(text: str) -> str:
    """A question's text within a sentence: no capital, except where the whole word has capitals."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return text if first.isupper() and len(first) > 1 else text[:1].lower() + text[1:]
