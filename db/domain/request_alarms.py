"""When what is asked about a record, and was not answered in time, is an alarm. Pure; times are aware and UTC."""

from collections.abc import Iterable, Iterator
from typing import Final

from db.domain.alarms import PRIORITY, Alarm
from db.domain.person_requests import WaitingRequest

REQUEST: Final = "request"


def key_of(request: WaitingRequest) -> str:
    """By what its alarm, and its line in the inbox, is known."""
    return f"{REQUEST} {request.id}"


def request_alarms(requests: Iterable[WaitingRequest]) -> Iterator[Alarm]:
    """What may sound, now or later. No name of a person: alarms stand where others can see them."""
    for one in requests:
        due, words = one.due_at, f"{one.words()} was asked for, the answer is late by"
        yield Alarm(
            key_of(one),
            PRIORITY[REQUEST],
            words,
            due,
            counts_from=due,
            referral_id=one.referral_id,
            reference=one.reference,
            kind=REQUEST,
        )
