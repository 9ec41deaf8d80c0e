"""Whom to ring, and on which number; that none is known is said wherever somebody is to be rung."""

from typing import Final

from db.domain.party import bare_callsign
from db.domain.records import Referral
from db.domain.texts import told

NO_NUMBER: Final = "no number is known"


def whom_to_ring(referral: Referral) -> str:
    """Who is rung on which number: ``J. Bell, 01604 630000``; where there is none, that."""
    number = told(referral.call_back)
    return ", ".join(filter(None, (told(referral.caller), number))) if number else NO_NUMBER


def ring_words(referral: Referral) -> str:
    """The same for whoever is about to ring, as a sentence; without a number, how to come by one."""
    if referral.call_back:
        return f"To ring: {whom_to_ring(referral)}."
    crew, incident = bare_callsign("EMAS", told(referral.ems_callsign)), told(referral.ems_incident)
    of = " ".join(filter(None, (f"for {crew}" if crew else "", f"by incident {incident}" if incident else "")))
    asked = f"ask EMAS {of}" if of else "ask whoever referred"
    return f"No number is known. Type it in the form, or {asked}."
