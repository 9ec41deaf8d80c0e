"""A second call about what is open already: all that was typed of it, as notes for that referral. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from db.domain import intake
from db.domain.clocks import wall_time
from db.domain.intake import Draft
from db.domain.merge import GROUPS, differences
from db.domain.reference import ReferenceData

_LONG: Final = frozenset({"narrative"})
"""What has a note of its own: the record keeps so many letters in one."""


def notes(draft: Draft, begun: datetime, reference: ReferenceData) -> Iterator[str]:
    """The notes: what the caller said, by its names; then the narrative; and the screening as far as it went."""
    groups = tuple(group for group in GROUPS if group not in _LONG)
    said = [f"{one.label}: {one.yours}" for one in differences(groups, draft, Draft(), reference)]
    yield ". ".join([f"Another call about this at {wall_time(begun)}", *said])
    if draft.narrative.strip():
        yield f"Said in the other call: {draft.narrative.strip()}"
    if draft.answers:
        yield intake.unfinished_words(draft, reference.current_tool)
