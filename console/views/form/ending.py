"""What is asked of an end, by sheets and form: who is with the person or responsible next, and who told whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from console.views.form.choice import Option
from db import commands
from db.domain.care import TOLD, HowItEnded, Telling
from db.domain.party import Party
from db.domain.resolving import Belongs, Limit
from db.domain.shown import is_name
from db.errors import Invalid

HOLDERS: Final = (
    Option(Party.DESTINATION.value, "Team or service", "1"),
    Option(Party.OTHER.value, "Family or other", "2"),
    Option(Party.EMS.value, "EMAS", "3"),
    Option(Party.POLICE.value, "Police", "4"),
    Option(Party.CRU.value, "CRU", "5"),
)
TOLD_AT: Final = "told_at"
"""The name of the one question that is answered by a time."""
NOT: Final = "not:"
"""How the line for who told somebody says that nobody did; why is typed behind it."""
_NOBODY: Final = r"(?:not|no[ -]one|no|nobody|never)"
_NOT_TOLD: Final = re.compile(rf"{_NOBODY}\b(?!['’-]\w)", re.IGNORECASE)
"""The same, as people write it in haste: "not told - asleep", "nobody: out", "no answer"."""
_SAYS_NOTHING: Final = re.compile(
    rf"{_NOBODY}(?:\s+(?:told|yet|able to tell|possible))*(?:\s*[:,;.–-]+\s*|\Z)", re.IGNORECASE
)
"""The beginning of it that is no reason."""


@dataclass(frozen=True, slots=True)
class EndingQuestion:
    """One question: by a choice where it has options, else in words or by a time. ``answer`` is known already."""

    name: str
    label: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    answer: str = ""


def ending_questions(ending: HowItEnded | None = None) -> list[EndingQuestion]:
    """What is asked of an end, in order. All of it may stay open, since an emergency goes first.

    Args:
        ending: what was said of it already; who was told is not asked again.
    """
    kind = ending.holder_kind.value if ending is not None and ending.holder_kind is not None else ""
    name = ending.holder_name if ending is not None else ""
    # What was said about it is never unsaid: it is not asked again.
    told = [who for who in TOLD if ending is None or not ending.telling(who).is_said]
    return [
        EndingQuestion("holder", "With the person, or responsible next", "", HOLDERS, kind),
        EndingQuestion("holder_name", "Who that is", "such as the team", (), name),
        *(EndingQuestion(f"told_{who}", f"{who.capitalize()} told by", f"a name, or {NOT} why") for who in told),
        EndingQuestion(TOLD_AT, "Told at (now if empty)", "such as 0340"),
    ]


def told_within(now: datetime, since: datetime | None) -> Belongs:
    """When somebody can have been told: after the referral was received, if it was."""
    return Belongs(now, not_before=Limit(since, "received") if since is not None else None)


def read_ending(given: Mapping[str, str]) -> "commands.Responsible":
    """What was said of the end, by the questions' names; the time as ISO 8601.

    Args:
        given: answers, by the questions' names.

    Raises:
        Invalid: a kind without a name, a name without a kind, or somebody who was not told for no reason.
    """
    kind, name = given.get("holder", ""), given.get("holder_name", "")
    if name and not kind:
        raise Invalid("Of what kind is who is responsible next?", "Choose one.", "holder")
    if kind and not name:
        raise Invalid("Who is responsible next has a name.", "Type it.", "holder_name")
    at = datetime.fromisoformat(given[TOLD_AT]) if given.get(TOLD_AT) else None
    told = {who: one for who in TOLD if (one := _told(who, given, at)).is_said}
    return commands.Responsible(Party(kind) if kind else None, name, told)


def _told(who: str, given: Mapping[str, str], at: datetime | None) -> Telling:
    name = f"told_{who}"
    return telling(given.get(name, ""), at, name, f"Why was the {who} not told?")


def telling(typed: str, at: datetime | None, field: str, why_not: str) -> Telling:
    """Who told somebody something, and when; or why nobody did.

    Raises:
        Invalid: nobody did, for no reason; ``why_not`` asks for it at ``field``.
    """
    said = typed.strip()
    if _NOT_TOLD.match(said):
        nothing = _SAYS_NOTHING.match(said)
        why = said[nothing.end() :] if nothing else said
        # An answer that gives no reason would take them off the list of those who are still to be told.
        if not is_name(why):
            raise Invalid(why_not, f"Type {NOT} and why.", field)
        return Telling(not_told=why)
    return Telling(by=typed, at=at if typed else None)
