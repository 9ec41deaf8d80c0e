"""What the form may offer now, and how it says what the screening comes to."""

from console.look.palette import Tone
from console.views.form.footer import Offers
from db.domain import intake
from db.domain.intake import Draft
from db.domain.reference import ScreeningTool
from db.domain.states import ReferralState

_UNDECIDED = frozenset({ReferralState.RECEIVED, ReferralState.ACCEPTED})


def offers(draft: Draft, state: ReferralState, tool: ScreeningTool, *, may: bool) -> Offers:
    """What is legal now.

    Args:
        draft: what is typed.
        state: where the referral stands; received for one that is not in the record.
        tool: the questions in force.
        may: the person may dispatch, and nothing is on its way.
    """
    undecided = may and state in _UNDECIDED
    return Offers(
        save=may,
        accept=may and state is ReferralState.RECEIVED and intake.may_accept(draft, tool),
        decline=undecided,
        give_back=undecided and intake.return_reason(draft, tool) is not None,
    )


def verdict(draft: Draft, tool: ScreeningTool) -> tuple[str, Tone]:
    """The screening in one line, and how loud it is."""
    if draft.triage_scale == intake.DANGER_SCALE:
        return "Scale A, immediate danger: say “999 / return to EMAS”. It is recorded that it was said.", "late"
    if not draft.answers:
        return "Screening not begun", "dim"
    words = intake.verdict_in_words(draft, tool)
    if intake.return_reason(draft, tool):
        return words, "late"
    found = intake.verdict(draft, tool)
    return words, "good" if found.is_clear else "warn" if found.blocking else "dim"


def progress(label: str | None, *, sending: bool, held: bool, lost: bool) -> str:
    """How sending goes, in a sentence; empty when there is nothing to say.

    Args:
        label: what is being sent.
        sending: the draft on the screen is on its way.
        held: it waits for the link.
        lost: the link is down.
    """
    if sending and (held or lost):
        return "Waiting for the link. The save goes out by itself when it is back; nothing is lost."
    if sending:
        return f"Sending: {label}…" if label else "Sending…"
    return "The link is lost: a save will wait until it is back." if lost else ""
