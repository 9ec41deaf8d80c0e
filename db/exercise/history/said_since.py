"""What people say after a visit in the month before the shift, and what the team makes of it. Pure."""

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from db.commands import AddFeedback, SetImprovement
from db.domain.clocks import local
from db.exercise.history.deeds import Deeds
from db.exercise.history.month import Month
from db.exercise.record import Login
from db.exercise.scenario import seeded_random

if TYPE_CHECKING:
    from uuid import UUID

    from db.commands.voices import Consent, FeedbackKind, Speaker

# By a few of the words of the scenario: of which kind, and about what.
_SORTED: Final[tuple[tuple[str, "FeedbackKind", tuple[str, ...]], ...]] = (
    ("inside the hour", "thanks", ("how long it took",)),
    ("repeating of the whole story", "thanks", ("working together",)),
    ("sit in A&E", "comment", ("what came after", "working together")),
    ("Quiet van", "comment", ("how we arrived", "who came")),
    ("notes could not be found", "complaint", ("working together",)),
    ("Nobody on the street", "thanks", ("how we arrived",)),
    ("asked what I wanted", "thanks", ("being listened to", "what was agreed, and kept")),
    ("somebody would come sooner", "complaint", ("how long it took",)),
    ("did not write", "comment", ("being listened to",)),
    ("slept in my own bed", "thanks", ("what came after",)),
    ("told me what would happen", "thanks", ("being listened to",)),
    ("know whom to ring", "idea", ("what came after",)),
)
_OF_CARERS: Final = (
    "They told me what would happen next before they did it.",
    "It would help to know whom to ring the day after.",
)
_CARER_ODDS: Final = 0.15
_CONSENTS: Final[dict["Consent", float]] = {"may be quoted": 0.55, "team only": 0.25, "not asked": 0.2}
# When in the month (a share of it), then its state, and what changed.
_Then = tuple[tuple[float, str, str], ...]
# When, what, by whom, who sees to it, within how many days, and what became of it.
_ITEMS: Final[tuple[tuple[float, str, "Speaker", str, int, _Then], ...]] = (
    (
        0.08,
        "A loud knock is the worst part.",
        "person",
        "R. Silva",
        14,
        ((0.15, "doing", ""), (0.42, "done", "Crews text from outside, and do not knock first.")),
    ),
    (0.25, "We never hear how it ended.", "EMAS crew", "T. Okafor", 28, ((0.5, "doing", ""),)),
    (
        0.38,
        "Notes were not to hand when we handed over.",
        "EMAS crew",
        "N. Bell",
        10,
        ((0.7, "not done", "The ambulance service brings them on its own tablet from spring on."),),
    ),
    (0.5, "Nobody rang when the van was late.", "carer", "N. Bell", 7, ((0.55, "doing", ""),)),
    (0.8, "I asked for a woman, and two men came.", "person", "", 0, ()),
)


def feedback(rng: Random, referral_id: "UUID", said_by: "Speaker", words: str) -> AddFeedback:
    """What somebody says, sorted as the team sorts it. Now and then it is a carer who says something."""
    if said_by == "person" and rng.random() < _CARER_ODDS:
        said_by, words = "carer", rng.choice(_OF_CARERS)
    kind, themes = next(((kind, themes) for part, kind, themes in _SORTED if part in words), ("comment", ()))
    consent = rng.choices(list(_CONSENTS), list(_CONSENTS.values()))[0]
    return AddFeedback(
        referral_id=referral_id, said_by=said_by, words=words, kind=kind, consent=consent, themes=themes
    )


def improve(deeds: Deeds, month: Month) -> None:
    """What was said gets somebody who sees to it, and something becomes of it."""
    rng, span = seeded_random(month.seed, "history voices"), month.until - month.begins
    for share, said, raised_by, owner, within, then in _ITEMS:
        at = month.begins + share * span + timedelta(minutes=rng.uniform(0, 90))
        due = local(at).date() + timedelta(days=within) if within else None
        made = SetImprovement(said=said, raised_by=raised_by, owner=owner, due_on=due)
        deeds.add(at, Login.LEAD, made)
        for version, (later, state, did) in enumerate(then, 1):
            change = SetImprovement(
                said=said,
                owner=owner,
                due_on=due,
                state=state,  # type: ignore[arg-type] # one of the states above
                did=did,
                version=version,
                improvement_id=made.improvement_id,
            )
            deeds.add(month.begins + later * span, Login.LEAD, change)
