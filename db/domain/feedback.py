"""What people said afterwards, what may be done with it, and what became of it: "you said, we did"."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from db.domain.texts import folded_fields, needles

SPEAKERS: Final = ("EMAS crew", "person", "carer", "other professional")
"""Who said it; a name never stands beside it."""
FEEDBACK_KINDS: Final = ("comment", "thanks", "idea", "complaint")
CONSENTS: Final = ("not asked", "team only", "may be quoted")
"""What whoever said it agreed to. Without a word of theirs it is read by the team and quoted nowhere."""
STATES: Final = ("open", "doing", "done", "not done")
"""Where something that was said has come to. The last two say what changed, or why nothing did."""
ENDED: Final = frozenset({"done", "not done"})


@dataclass(frozen=True, slots=True)
class Feedback:
    """Something that was said, word for word.

    Attributes:
        referral_id: which visit it is about; None where it is about none.
        themes: labels of themes, as the team sorts it.
    """

    id: UUID
    version: int
    referral_id: UUID | None
    said_by: str
    kind: str
    words: str
    consent: str
    themes: tuple[str, ...]
    recorded_by: str
    recorded_at: datetime

    @property
    def may_be_quoted(self) -> bool:
        """Whether its words may stand in a report."""
        return self.consent == "may be quoted"


@dataclass(frozen=True, slots=True)
class Improvement:
    """What was said, in words without a person in them, and what became of it.

    Attributes:
        feedback_id: what it grew out of, where that is kept.
        owner: who sees to it, by name.
        due_on: by which day, as agreed.
        did: what changed, or why nothing did; empty while it is open.
    """

    id: UUID
    version: int
    feedback_id: UUID | None
    said: str
    raised_by: str
    owner: str
    due_on: date | None
    state: str
    did: str
    made_by: str
    made_at: datetime
    changed_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to see to it."""
        return self.state not in ENDED

    def is_late(self, today: date) -> bool:
        """Whether its day has passed and it is open."""
        return self.is_open and self.due_on is not None and self.due_on < today


def found_by(rows: Iterable[Feedback], typed: str, theme: str, names: Callable[[Feedback], str]) -> list[Feedback]:
    """Those with a theme, empty for any, in which each typed word is found; whatever accents and apostrophes."""
    wanted = needles(typed)
    of_theme = (one for one in rows if not theme or theme in one.themes)
    return [one for one in of_theme if all(word in _haystack(one, names(one)) for word in wanted)]


def _haystack(one: Feedback, names: str) -> str:
    return folded_fields((one.words, one.said_by, one.kind, *one.themes, names))


def by_theme(rows: Sequence[Feedback]) -> dict[str, int]:
    """How often each theme was named, the most often first."""
    counts: dict[str, int] = {}
    for one in rows:
        for theme in one.themes:
            counts[theme] = counts.get(theme, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def in_order(rows: Iterable[Improvement], today: date) -> list[Improvement]:
    """What is open first, late before the rest, by its day; what has ended by when it did, newest first."""
    known = list(rows)
    waiting = sorted(
        (one for one in known if one.is_open),
        key=lambda one: (not one.is_late(today), one.due_on or date.max, one.made_at, one.id),
    )
    ended = sorted((one for one in known if not one.is_open), key=lambda one: one.changed_at, reverse=True)
    return [*waiting, *ended]
