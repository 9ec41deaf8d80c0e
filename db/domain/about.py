"""About me: what a person, or somebody who knows them, said. Asked in any order; nothing is mandatory.

Topics, languages and ways to get about are rows of data (``cru.about_topic``, ``cru.language``, ``cru.mobility``).
An item keeps who said it. What was said at an earlier referral is offered only where somebody consented to its
keeping, and is taken over by a person, never by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.domain.texts import bare


class TopicKind(StrEnum):
    """How an answer to a topic is kept."""

    WORDS = "words"
    WISH = "wish"
    LANGUAGE = "language"
    MOBILITY = "mobility"
    ANSWER = "answer"
    SAFER = "safer"
    NOTICE = "notice"
    """Words of the trust's own for the person, which nobody answers."""


NAME: Final = "call_me"
PRONOUNS: Final = "pronouns"
ARRIVE: Final = "arrive"
HELPS: Final = "helps"
AVOID: Final = "avoid"
WISH: Final = "wish"
LANGUAGE: Final = "language"
INTERPRETER: Final = "interpreter"
COMMUNICATION: Final = "communication"
MOBILITY: Final = "mobility"
SAFER: Final = "safer_with"
KEEP: Final = "keep"
PROMISED: Final = "promised"
CALLED: Final = frozenset({NAME, PRONOUNS})
"""What somebody is called is read for no danger, whatever it means elsewhere; ``cru.words_of`` has the same."""

_MAY_BE_KEPT: Final = frozenset(
    {WISH, ARRIVE, AVOID, SAFER, LANGUAGE, PROMISED, HELPS, "touch", "bring", "not_bring", COMMUNICATION}
)

YES: Final = "yes"
NO: Final = "no"
NOT_KNOWN: Final = "not known"
ANSWERS: Final = (YES, NO, NOT_KNOWN)
SAFER_WITH: Final[Mapping[str, str]] = {"woman": "a woman", "man": "a man", "either": "either"}
"""What the codes of "Who would you feel safer with?" are called."""
THE_PERSON: Final = "the person"


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that may be said.

    Attributes:
        question: as it is asked.
        in_brief: whether a crew is told of it.
        carried: whether it may be offered at the next referral, with consent.
    """

    key: str
    label: str
    question: str
    kind: TopicKind
    in_brief: bool = True
    carried: bool = True
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Mobility:
    """How somebody gets about. A van needs one of ``equipment``; none of it is needed where that is empty."""

    code: str
    label: str
    equipment: tuple[str, ...] = ()
    offered: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """One thing that somebody said.

    Attributes:
        topic: the topic's key.
        code: for what is kept by a code; empty for words.
        words: in their words; beside a code, whatever belongs to it.
        said_by: who said it: the person, a daughter, the GP.
    """

    topic: str
    code: str = ""
    words: str = ""
    said_by: str = THE_PERSON


@dataclass(frozen=True, slots=True)
class AboutItem:
    """One thing that is in the record, and counts."""

    id: UUID
    version: int
    referral_id: UUID
    said: Said
    added_by: str
    added_at: datetime
    from_id: UUID | None = None

    @property
    def topic(self) -> str:
        """Its topic's key."""
        return self.said.topic


@dataclass(frozen=True, slots=True)
class Change:
    """What must be ended and what said for the record to hold what is wanted."""

    ends: tuple[UUID, ...] = ()
    says: tuple[Said, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ends or self.says)


def change(items: Iterable[AboutItem], wanted: Iterable[Said]) -> Change:
    """From what the record holds to what is typed. What is the same stays, with its author and its time."""
    # A list and no set: the same thing said twice is two things, and each keeps one of the two rows.
    left = [bared(one) for one in wanted]
    ends = []
    for item in items:
        if bared(item.said) in left:
            left.remove(bared(item.said))
        else:
            ends.append(item.id)
    return Change(tuple(ends), tuple(left))


def bared(said: Said) -> Said:
    """The same without what nobody sees in it, and without marks that were put there for the screen."""
    return replace(said, words=bare(said.words), said_by=bare(said.said_by))


def of_topic(items: Iterable[Said], topic: str) -> list[Said]:
    """What was said on a topic, in the order given."""
    return [one for one in items if one.topic == topic]


def codes(items: Iterable[Said], topic: str) -> tuple[str, ...]:
    """The codes said on a topic, each once; answers that are not known count as nothing said."""
    return tuple(
        dict.fromkeys(one.code for one in items if one.topic == topic and one.code not in {"", NOT_KNOWN})
    )


def words_of(items: Iterable[Said], topic: str) -> str:
    """The words said on a topic, in one line; empty for none."""
    return "; ".join(dict.fromkeys(one.words for one in items if one.topic == topic and one.words))


def rendered(said: Said, labels: Mapping[str, str] | None = None) -> str:
    """An item in words: its code's label, and what was said beside it."""
    label = (labels or {}).get(said.code, SAFER_WITH.get(said.code, said.code))
    return ", ".join(part for part in (label, said.words) if part)


def said_by_words(items: Sequence[Said]) -> str:
    """By whom most was said, and by whom some: ``said by the person, some by her daughter``."""
    names = [one.said_by for one in items if one.said_by]
    if not names:
        return ""
    first = max(dict.fromkeys(names), key=names.count)
    rest = [name for name in dict.fromkeys(names) if name != first]
    return f"said by {first}" + (f", some by {' and '.join(rest)}" if rest else "")


def wishes_of(items: Iterable[Said]) -> tuple[Said, ...]:
    """What was asked for or promised, of which somebody may say afterwards whether it was kept."""
    return tuple(one for one in items if one.topic in _MAY_BE_KEPT)
