"""How the answers of a draft came about, as the record keeps it: asked, in a group, changed, not measured."""

from dataclasses import replace

from db.domain.intake import Draft, why_not_measured
from db.domain.records import Screening
from db.domain.reference import ScreeningTool
from db.domain.screening import OBSERVATIONS_KEY, Answer, How, must_be_asked


def all_answers(draft: Draft, tool: ScreeningTool) -> dict[str, str]:
    """An answer to every question that is to be asked: what nobody asked is honestly *not known*."""
    unmeasured = bool(draft.not_measured.strip())
    return {
        item.key: draft.answers.get(item.key, Answer.NOT_KNOWN.value)
        for item in tool.items
        if item.key in draft.answers or must_be_asked(item, unmeasured=unmeasured, branches=draft.branches)
    }


def how_answered(draft: Draft, tool: ScreeningTool) -> dict[str, str]:
    """How each of :func:`all_answers` came about."""
    return {key: _how(draft, key).value for key in all_answers(draft, tool)}


def _how(draft: Draft, key: str) -> How:
    if key not in draft.answers:
        return How.NOT_ASKED
    if key == OBSERVATIONS_KEY and why_not_measured(draft):
        return How.NOT_MEASURED
    if key in draft.together and draft.answers[key] == Answer.NO:
        return How.GROUP
    return How.CHANGED if key in draft.changed else How.ASKED


def with_screening(draft: Draft, screening: Screening) -> Draft:
    """The draft with the answers that the record has, and how they came about."""
    came = screening.how
    return replace(
        draft,
        answers=dict(screening.answers),
        together=tuple(key for key, how in came.items() if how == How.GROUP),
        changed=tuple(key for key, how in came.items() if how == How.CHANGED),
        not_measured=screening.not_measured,
    )
