"""Every word of the command line and every key, as one list to look through by words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from console.look.changing_keys import may_change
from console.look.key_table import EVERYWHERE, TABLE
from console.look.keyboard import QT, Key, Part
from console.look.keys import cap
from db.domain.command_verbs import FOR_LEADS, VERBS, Verb
from db.domain.roles import Role, may_lead
from db.domain.texts import letters, needles

ALL_AS_THEY_CAME: Final = "all keys as they came"


@dataclass(frozen=True, slots=True)
class WordEntry:
    """A line of the list.

    Attributes:
        words: what it is called.
        does: what it does, or where its key acts.
        short: its short forms, as the record has them.
        verb: what it begins in the command line.
        part: whose key it is.
        came: the key that the table came with; empty for none.
    """

    words: str
    does: str
    short: tuple[str, ...] = ()
    verb: Verb | None = None
    part: Part | None = None
    key: Key | None = None
    came: str = ""

    @property
    def cap(self) -> str:
        """The key that does it now, as it is printed."""
        if self.part is None or self.key is None:
            return ""
        return " · ".join(cap(name) for name in self.part.names_of(self.key))

    @property
    def may_change(self) -> bool:
        """Whether somebody may give it another key."""
        return self.part is not None and self.key is not None and may_change(self.part, self.key, self.came)


def entries(words: Sequence[tuple[str, str]], role: Role) -> tuple[WordEntry, ...]:
    """All of them: what can be typed first, then what only a key does.

    Args:
        words: the rows of the record: short forms with the plain words of their verbs.
        role: of whoever looks.
    """
    return (*_verbs(words, role), *_keys(role), WordEntry(ALL_AS_THEY_CAME, "undo every change of a key"))


def _verbs(words: Sequence[tuple[str, str]], role: Role) -> Iterator[WordEntry]:
    of_keys = {key.does: key for key in EVERYWHERE.keys}
    for verb in VERBS.values():
        if verb.is_for_leads and not may_lead(role):
            continue
        short = tuple(one for one, of in words if of == verb.words)
        key = of_keys.get(verb.everywhere)
        came = key.names[0] if key is not None else ""
        yield WordEntry(verb.words, verb.does, short, verb, EVERYWHERE if key is not None else None, key, came)


def _keys(role: Role) -> Iterator[WordEntry]:
    told = {verb.everywhere for verb in VERBS.values()}
    for parts in TABLE.values():
        for part in parts:
            for key in part.keys:
                is_told = part is EVERYWHERE and key.does in told
                is_lead = key.words.startswith(FOR_LEADS) and not may_lead(role)
                if key.does != QT and not is_told and not is_lead:
                    yield WordEntry(key.words, part.title, part=part, key=key, came=key.names[0])


def found(listed: Sequence[WordEntry], typed: str) -> list[WordEntry]:
    """Those that fit what is typed: whole words and short forms, beginnings, initials, then words anywhere."""
    wanted = needles(typed)
    if not wanted:
        return list(listed)
    ranked = [(rank, entry) for entry in listed if (rank := _rank(entry, typed, wanted)) is not None]
    # The same text always gives the same first line: nothing here learns.
    return [entry for _, entry in sorted(ranked, key=lambda one: one[0])]


def _rank(entry: WordEntry, typed: str, wanted: Sequence[str]) -> int | None:
    text = " ".join(letters(typed).split())
    names = [letters(entry.words), *map(letters, entry.short)]
    if text in names:
        return 0
    if any(name.startswith(text) for name in names):
        return 1
    if len(text) > 1 and any(text == "".join(word[0] for word in name.split()) for name in names):
        return 2
    everywhere = letters(" ".join((*names, entry.does, entry.cap)))
    if all(one in everywhere for one in wanted):
        return 3
    return None
