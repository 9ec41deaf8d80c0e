"""Whom a typed message is to, wherever in the line it is named: ``tell @okafor 44 sister is there``. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from db.domain.addressed import LEADS, ROOMS
from db.domain.command_names import TypedWord
from db.domain.command_reading import Parsed
from db.domain.command_verbs import MESSAGE


def addressee(
    line: str, found: Sequence[TypedWord], phrases: Mapping[tuple[str, ...], frozenset[str]]
) -> tuple[str, Sequence[TypedWord]]:
    """Whom a message is to, named right behind its verb, and the words of the line without that.

    Args:
        line: as it was typed.
        found: its words.
        phrases: what is a verb.

    Returns:
        As it was typed, with its sign; empty where it is named elsewhere, or nowhere.
    """
    verb = next(
        (n for n in (1, 2) if phrases.get(tuple(one.text for one in found[:n])) == frozenset({MESSAGE})), 0
    )
    at = verb + 1 if verb and len(found) > verb and found[verb].text == "the" else verb
    if not verb or len(found) < at + 2:
        return "", found
    typed = line[found[at].start : found[at].end]
    # Without its sign only a word of few is one: a message begins with any other.
    if not typed.startswith("@") and found[at].text not in LEADS | ROOMS:
        return "", found
    return f"@{typed.removeprefix('@')}", [*found[:verb], *found[at + 1 :]]


def addressed_to(to: str, parsed: Parsed) -> Parsed:
    """What a line means with whom it is to: before the words of the message, where it may be typed as well."""
    if not to or parsed.reading is None or parsed.reading.verb != MESSAGE:
        return parsed
    return replace(parsed, reading=replace(parsed.reading, note=f"{to} {parsed.reading.note}".strip()))
