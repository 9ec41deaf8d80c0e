"""What the record knows of a person, said so that what was only said is not taken for known."""

from collections.abc import Iterator
from datetime import datetime

from db.domain import nhs_number
from db.domain.clocks import local
from db.domain.intake import TIMES
from db.domain.records import Patient, Referral
from db.domain.typed_dates import age


def born_words(who: Patient, now: datetime) -> str:
    """What follows the name: ``, born 03 Jul 1991 (35)``, ``, about 37, said 22 Nov``; empty for nothing known."""
    if who.born:
        return f", born {who.born:%d %b %Y} ({age(who.born, local(now).date())})"
    if who.age:
        return f", {who.age.words(local(now).date())}"
    return f", date of birth as said: “{who.born_said}”" if who.born_said else ""


def years_words(who: Patient, now: datetime) -> str:
    """The years for whoever goes there: ``35``, ``about 37``; empty for not known."""
    return str(age(who.born, local(now).date())) if who.born else who.age.years if who.age else ""


def number_words(number: str) -> str:
    """``NHS 943 476 5919``; what is none is said to be as it was typed."""
    if nhs_number.is_valid(number):
        return f"NHS {nhs_number.grouped(number)}"
    return f"NHS number as typed, not checked: “{number}”"


def said_times(referral: Referral) -> Iterator[tuple[str, str]]:
    """The times that were kept in words, each with what it is called."""
    for name, called in TIMES.items():
        if said := referral.said.get(name):
            yield called, f"“{said}”, as said"
