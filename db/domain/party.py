"""The kinds of party that can have a patient, or wait with one. A kind is a value of its own, beside the name."""

import re
from enum import StrEnum


class Party(StrEnum):
    """Who somebody is in the chain of who holds the patient.

    ``OTHER`` is whoever else waits with the person: another professional, a charity, a neighbour. ``NOBODY`` holds
    no patient and is no party to a handover: it says of a source that no crew waits.
    """

    EMS = "ems"
    POLICE = "police"
    CRU = "cru"
    OTHER = "other"
    DESTINATION = "destination"
    NOBODY = "nobody"


HANDS_OVER = tuple(kind for kind in Party if kind is not Party.NOBODY)
"""What a party to a handover can be."""
WAITS = (Party.NOBODY, Party.EMS, Party.POLICE, Party.OTHER)
"""Who can wait with the person when a referral comes in."""
CREWS = frozenset({Party.EMS, Party.POLICE})
"""Those whose release somebody is waiting for."""


def is_present(police: str) -> bool:
    """Whether what was written about the police says that they are there: ``present, would like to leave``."""
    return police.strip().lower().startswith("present")


_SHORT = {Party.EMS: "EMAS", Party.POLICE: "Police", Party.CRU: "CRU"}


def short(kind: Party, name: str) -> str:
    """``EMAS A1187`` as ``EMAS``; whoever has no short name by the whole one."""
    return _SHORT.get(kind, name)


def called(service: str, callsign: str) -> str:
    """A crew by its service and its callsign, each said once: ``EMAS N1420``, also of ``emas N1420``.

    A callsign that begins as the service ends (``Police car 12`` of ``Northants Police``) goes on from there.
    """
    return f"{service} {bare_callsign(service, callsign)}".strip()


def once(name: str) -> str:
    """A party whose service an older program wrote twice: ``EMAS N1420`` of ``EMAS EMAS N1420``."""
    return _TWICE.sub(r"\1", name)


_TWICE = re.compile(r"^(\w+)\s+\1\b", re.IGNORECASE)


def bare_callsign(service: str, callsign: str) -> str:
    """What is left of a callsign where its service is said already."""
    words, typed = service.split(), callsign.strip()
    for first in range(len(words)):
        said = re.match(rf"{re.escape(' '.join(words[first:]))}\b[\s:,/-]*", typed, re.IGNORECASE)
        if said is not None:
            return typed[said.end() :]
    return typed
