"""What stands where a note would begin, and is hardly meant as one."""

from collections.abc import Sequence

from db.domain.command_names import TypedWord, looks_like_a_name, match_named
from db.domain.command_reading import CommandMeaning, World
from db.domain.command_verbs import VERBS, WordSlot
from db.domain.typed_times import time_of_day


def why_no_note(rest: Sequence[TypedWord], reading: CommandMeaning, world: World) -> str:
    """Why a person is asked whether this is a note, as a sentence; empty where it is one.

    Args:
        rest: the words that the verb did not take.
        reading: what the words before them mean.
        world: what there is to name.
    """
    slots = VERBS[reading.verb].slots
    is_free = WordSlot.TEXT in slots
    typed = rest[0].text
    if not is_free and _is_second(rest, world):
        return f"“{typed}” is a second one. One thing at a time; a note begins with “note”."
    none_is_named = reading.referral is None and not reading.vans
    takes_one = {WordSlot.REFERRAL, WordSlot.VAN, WordSlot.VANS} & slots
    named = (*world.vans, *world.referrals)
    # The selected referral is hardly meant by whoever types a name, even if nothing is called so.
    if none_is_named and takes_one and looks_like_a_name(typed, named, with_number=not is_free):
        return f"No referral or van is called “{typed}”. A note begins with “note”."
    return ""


def _is_second(rest: Sequence[TypedWord], world: World) -> bool:
    """Whether a note would begin with another van, referral or time: that is hardly meant as one."""
    found = [match_named(rest[:5], named) for named in (world.vans, world.referrals)]
    text = rest[0].text
    clock = len(text) > 2 and text.replace(":", "").isdigit() and time_of_day(text) is not None
    return clock or any(match is not None and (match.is_whole or text.isdigit()) for match in found)
