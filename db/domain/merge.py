"""Two people edit one referral: what each changed since it was read, and where they do not agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from db.domain.intake import TIMES, Draft
from db.domain.reference import ReferenceData
from db.domain.typed_times import TypedTime

# What changes together is merged together: a place is not half theirs and half yours.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "place": ("place", "postcode", "lat", "lon"),
    "access_note": ("access_note",),
    "source": ("source",),
    "caller": ("caller",),
    "call_back": ("call_back",),
    "ems_incident": ("ems_incident",),
    "ems_callsign": ("ems_callsign",),
    "waiting_party": ("waiting_party",),
    "ems_on_scene": ("ems_on_scene",),
    "call_connected": ("call_connected",),
    "sent": ("sent",),
    "name": ("patient_unknown", "name", "born", "born_on", "nhs_number"),
    "narrative": ("narrative",),
    "legal": ("legal", "legal_detail"),
    "police": ("police",),
    "priority": ("priority",),
    "triage_scale": ("triage_scale",),
}
LABELS: Final[Mapping[str, str]] = {
    "place": "Location",
    "access_note": "Access note",
    "source": "Source",
    "caller": "Caller",
    "call_back": "Call-back number",
    "ems_incident": "EMAS incident",
    "ems_callsign": "EMAS crew",
    "waiting_party": "Who waits",
    **TIMES,
    "name": "Patient",
    "narrative": "Narrative",
    "legal": "Legal status",
    "police": "Police",
    "priority": "Priority",
    "triage_scale": "Triage scale",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that both changed, in words."""

    group: str
    label: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Two edits brought together.

    Attributes:
        draft: yours, with what only they changed.
        taken: labels of what only they changed.
        disputed: what both changed, differently; the draft has yours.
    """

    draft: Draft
    taken: tuple[str, ...]
    disputed: tuple[Difference, ...]


def merge(base: Draft, yours: Draft, theirs: Draft, reference: ReferenceData) -> Merged:
    """Bring two edits of the same thing together.

    Args:
        base: what both began with.
        yours: what is typed here.
        theirs: what the record says now.
        reference: for the words of codes.
    """
    changed = [group for group in GROUPS if not _same(group, base, theirs) and not _same(group, yours, theirs)]
    alone = [group for group in changed if _same(group, base, yours)]
    draft = yours
    for group in alone:
        draft = take(group, draft, theirs)
    both = tuple(group for group in changed if group not in alone)
    return Merged(draft, tuple(LABELS[group] for group in alone), differences(both, yours, theirs, reference))


def differences(
    groups: Sequence[str], yours: Draft, theirs: Draft, reference: ReferenceData
) -> tuple[Difference, ...]:
    """Where two drafts differ in some groups of fields, in words."""
    return tuple(
        Difference(group, LABELS[group], words(group, theirs, reference), words(group, yours, reference))
        for group in groups
        if not _same(group, yours, theirs)
    )


def take(group: str, yours: Draft, theirs: Draft) -> Draft:
    """Your draft with one group of fields as they have it."""
    return replace(yours, **_values(group, theirs))


def words(group: str, draft: Draft, reference: ReferenceData) -> str:
    """What a draft says in a group of fields, for people to compare."""
    if group == "source":
        source = reference.sources.get(draft.source)
        return source.label if source else draft.source or "nothing"
    if group == "name" and draft.patient_unknown:
        return "not known"
    said = [_text(value) for name, value in _values(group, draft).items() if name not in {"lat", "lon"}]
    return ", ".join(text for text in said if text) or "nothing"


def _text(value: object) -> str:
    if isinstance(value, TypedTime):
        return value.text
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value.strip() if isinstance(value, str) else ""


def _values(group: str, draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in GROUPS[group]}


def _same(group: str, one: Draft, other: Draft) -> bool:
    return _values(group, one) == _values(group, other)
