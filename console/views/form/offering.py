"""What the form may offer now, and how it says what the screening comes to."""

from collections.abc import Iterator, Sequence

from console.live.actions import Why
from console.live.desk import Desk
from console.look.palette import Tone
from console.look.panel import Severity
from console.views.form.footer import Footer, Offers
from console.views.form.open_draft import OpenDraft
from console.views.form.standing import standing
from db.domain import intake
from db.domain.dangers import Danger
from db.domain.intake import Draft
from db.domain.merge import Merged
from db.domain.records import Referral
from db.domain.reference import ScreeningTool
from db.domain.roles import may_dispatch
from db.domain.screening import DANGER_SCALE
from db.domain.states import ReferralState

_UNDECIDED = frozenset({ReferralState.RECEIVED, ReferralState.ACCEPTED})


def offers(
    draft: Draft, referral: Referral | None, tool: ScreeningTool, stands: Sequence[Danger], *, may: bool
) -> Offers:
    """What is legal now.

    Args:
        draft: what is typed.
        referral: as the record has it; None while it does not.
        tool: the questions in force.
        stands: what the record will have against it.
        may: the person may dispatch, and nothing is on its way.
    """
    state = referral.state if referral else ReferralState.RECEIVED
    undecided = may and state in _UNDECIDED
    return Offers(
        save=may,
        accept=may and state is ReferralState.RECEIVED and not stands and intake.may_accept(draft, tool),
        decline=undecided,
        give_back=undecided and intake.return_reason(draft, tool) is not None,
    )


def offer(footer: Footer, open_draft: OpenDraft, desk: Desk) -> None:
    """Show in the form's last lines what the screening comes to, and what is legal now."""
    draft, tool = open_draft.draft, desk.store.reference.current_tool
    stands = standing(open_draft, desk.store, desk.clock.now())
    footer.set_verdict(*verdict(draft, tool, stands))
    may = may_dispatch(desk.me.role) and not open_draft.sending
    referral = desk.store.referral(open_draft.referral_id)
    footer.amending.follow(open_draft, referral)
    footer.set_offers(offers(draft, referral, tool, stands, may=may))


_BESIDE = frozenset({"earlier", "flag", "words", "scale earlier"})
"""What stands against it beside the answers and the scale, which the line tells already."""
_MOST_WORDS = 3
"""So many questions that a narrative speaks of are told: on a small screen a longer line hides the narrative."""


def verdict(draft: Draft, tool: ScreeningTool, stands: Sequence[Danger]) -> tuple[str, Tone]:
    """The screening in one line, and how loud it is."""
    words, tone = _verdict(draft, tool)
    beside = list(_said_beside(stands))
    # Where 999 or EMAS is to be said, nothing may take the room of it.
    if not beside or tone == "late":
        return words, tone
    counts = words.partition(" — ")[0]
    return f"{counts} — not to be accepted: {'; '.join(beside)}", "warn"


def _said_beside(stands: Sequence[Danger]) -> Iterator[str]:
    """Each question that a narrative speaks of once, the gravest: all words are lit at the questions."""
    gravest: dict[str, Danger] = {}
    for one in stands:
        if one.kind == "words":
            gravest.setdefault(one.key, one)
    shown = [*gravest.values()][:_MOST_WORDS]
    yield from (one.words for one in stands if one.kind in _BESIDE and (one.kind != "words" or one in shown))
    if len(gravest) > len(shown):
        yield f"{len(gravest) - len(shown)} more below"


def _verdict(draft: Draft, tool: ScreeningTool) -> tuple[str, Tone]:
    if draft.triage_scale == DANGER_SCALE:
        return "Scale A, immediate danger: say “999 / return to EMAS”. It is recorded that it was said.", "late"
    if not draft.answers:
        return "Screening not begun", "dim"
    words = intake.verdict_in_words(draft, tool)
    if intake.return_reason(draft, tool):
        return words, "late"
    found = intake.verdict(draft, tool)
    return words, "good" if found.is_clear else "warn" if found.blocking else "dim"


_WAITS = {
    Why.LINK: "Waiting for the link. The save goes out by itself when it is back; nothing is lost.",
    Why.NO_ANSWER: "The record has not answered yet. The save is tried again by itself; nothing is lost.",
    Why.HELD: "Somebody else is changing this just now. The save is tried again by itself; nothing is lost.",
}


def progress(label: str | None, sending: bool, why: Why | None, *, lost: bool, said: str = "") -> str:
    """How sending goes, in a sentence; empty when there is nothing to say.

    Args:
        label: what is being sent.
        sending: the draft on the screen is on its way.
        why: what it waits for; None while it does not wait.
        lost: the link is down.
        said: what the record said was wrong; empty where it said nothing.
    """
    waits = Why.LINK if lost else why
    if sending and said and waits in {Why.HELD, Why.NO_ANSWER}:
        return f"{said} The save is tried again by itself; nothing is lost."
    if sending and waits in _WAITS:
        return _WAITS[waits]
    if sending:
        return f"Sending: {label}…" if label else "Sending…"
    return "The link is lost: a save will wait until it is back." if lost else ""


def merge(merged: Merged) -> tuple[Severity, str]:
    """What to say when somebody else changed the referral that is being edited."""
    if merged.disputed:
        return "warn", "Somebody else changed this too. Compare above before you save."
    return "info", f"Somebody else changed: {', '.join(merged.taken)}. It is shown here."
