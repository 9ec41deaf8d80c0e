"""What stands where a note would begin, and is hardly meant as one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from db.domain.addressed import TO_THE_ROOM
from db.domain.command_names import TypedWord, is_span, looks_like_a_name, match_named
from db.domain.command_reading import CommandMeaning, Other, World, said
from db.domain.command_verbs import MESSAGE, VERBS, WordSlot
from db.domain.typed_times import time_of_day

_LINKS: Final = frozenset(["and", "then", "also", "with", "to", "for", "+", "&"])
"""What joins another van, referral or thing to do to what was read."""
_UNTIL: Final = frozenset(["until", "till", "til", "since"])
_BEGINS: Final = "A note begins with “note”."


def why_no_note(rest: Sequence[TypedWord], reading: CommandMeaning, world: World) -> str:
    """Why a person is asked whether this is a note, as a sentence; empty where it is one.

    Args:
        rest: the words that the verb did not take.
        reading: what the words before them mean.
        world: what there is to name.
    """
    slots = VERBS[reading.verb].slots
    if WordSlot.TEXT in slots:
        return _of_text(rest, reading, world)
    words = _unlinked(rest)
    typed, is_linked = words[0].text, words is not rest
    if is_linked and any(tuple(one.text for one in words[:length]) in world.phrases for length in (1, 2, 3)):
        return f"One thing at a time: “{typed}” is another. {_BEGINS}"
    if (time := _unread_time(rest, reading)) != "":
        return time
    if _is_second(words, world):
        return f"“{typed}” is a second one. One thing at a time; a note begins with “note”."
    lacks_van = bool({WordSlot.VAN, WordSlot.VANS} & slots) and not reading.vans
    lacks_referral = WordSlot.REFERRAL in slots and reading.referral is None
    # Neither the selected referral nor some van is meant by whoever types a name, even if nothing is called so.
    if looks_like_a_name(typed, (*world.vans, *world.referrals), with_number=lacks_van or lacks_referral):
        return f"No referral or van is called “{typed}”. {_BEGINS}"
    return _named_later(words, world, van=lacks_van, referral=lacks_referral)


def unknown_name(rest: Sequence[TypedWord], world: World) -> str:
    """That nothing is called so, as a sentence; empty where the words do not begin as a name does."""
    words = _unlinked(rest)
    known = match_named(words[:5], world.vans) or match_named(words[:5], world.referrals)
    if known or not looks_like_a_name(words[0].text, (*world.vans, *world.referrals), with_number=True):
        return ""
    return f"No referral or van is called “{words[0].text}”."


def _unlinked(rest: Sequence[TypedWord]) -> Sequence[TypedWord]:
    return rest[1:] if rest[0].text in _LINKS and len(rest) > 1 else rest


def _of_text(rest: Sequence[TypedWord], reading: CommandMeaning, world: World) -> str:
    """Of a verb that is about words: they never begin with what names a referral that nobody finds.

    A number says which one is meant, too: else the words would go to the one that happens to be selected.
    """
    takes_one = {WordSlot.REFERRAL, WordSlot.VAN, WordSlot.VANS} & VERBS[reading.verb].slots
    if not takes_one or reading.referral is not None or reading.vans or is_span(rest):
        return ""
    named = (*world.vans, *world.referrals)
    is_name = looks_like_a_name(rest[0].text, named, with_number=WordSlot.REFERRAL in takes_one)
    return f"No referral or van is called “{rest[0].text}”." if is_name else ""


def as_words(typed: str, reading: CommandMeaning, world: World) -> tuple[Other, ...]:
    """The line by which words that were asked about are words after all; whose they are is said in it.

    Args:
        typed: the words.
        reading: what stands before them.
        world: the selected referral is the one that a note would be on.
    """
    if WordSlot.TEXT not in VERBS[reading.verb].slots or reading.referral is not None:
        return ()
    if reading.verb == MESSAGE:
        return (Other(said(replace(reading, note=f"{TO_THE_ROOM} {typed}"), world), f"to the room “{typed}”"),)
    name = world.called(world.selected)
    meant = replace(reading, referral=world.selected, note=typed)
    return (Other(said(meant, world), f"{reading.verb} on {name} “{typed}”"),) if name else ()


def _is_second(rest: Sequence[TypedWord], world: World) -> bool:
    """Whether a note would begin with another van, referral or time: that is hardly meant as one."""
    found = [match_named(rest[:5], named) for named in (world.vans, world.referrals)]
    text = rest[0].text
    clock = len(text) > 2 and text.replace(":", "").isdigit() and time_of_day(text) is not None
    return clock or any(match is not None and (match.is_whole or text.isdigit()) for match in found)


def _unread_time(rest: Sequence[TypedWord], reading: CommandMeaning) -> str:
    """What is said of a time that a verb takes and nobody could read; empty where there is none."""
    slots = VERBS[reading.verb].slots & {WordSlot.COMING, WordSlot.PAST}
    if not slots or reading.at is not None or len(rest) < 2:
        return ""
    first, then = rest[0].text, rest[1].text
    if first in _UNTIL or (first == "at" and then[:1].isdigit()):
        more, such = "…" if len(rest) > 2 else "", "for 45 min" if WordSlot.COMING in slots else "5 min ago"
        return (
            f"“{first} {then}{more}” is no time that is read here: type it such as 04:15, or “{such}”. {_BEGINS}"
        )
    if WordSlot.COMING in slots and any(word.text in _UNTIL for word in rest):
        return f"Type the time before any other words. {_BEGINS}"
    return ""


def _named_later(words: Sequence[TypedWord], world: World, *, van: bool, referral: bool) -> str:
    """A van or a referral among the words of a note, where the verb has none: else another would be meant."""
    lacking = [named for named, is_lacking in ((world.referrals, referral), (world.vans, van)) if is_lacking]
    for at, word in enumerate(words):
        for named in lacking:
            match = match_named(words[at : at + 5], named)
            if match is not None and (match.is_whole or word.text.isdigit()):
                return f"Is “{word.text}” meant? Name it before any other words. {_BEGINS}"
    return ""
