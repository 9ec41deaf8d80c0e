"""Sheets of a call that comes in: by when a caller who hung up is called back, and why it is no referral."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from console.views.form.choice import Option
from console.views.sheets import make
from console.views.sheets.fields import Choose, Note
from console.views.sheets.sheet import Order, Sheet
from console.views.sheets.when import When
from db import commands
from db.domain.intake_call import CALL_BACK_MOST
from db.domain.records import Referral
from db.domain.reference import ReferenceData
from db.domain.resolving import Belongs, Limit
from db.errors import Invalid

_SOON = (Option("5", "in 5 min", "1"), Option("10", "in 10 min", "2"), Option("20", "in 20 min", "3"))


def hung_up(referral: Referral, now: Callable[[], datetime], whom: Callable[[], str]) -> Sheet:
    """By when the caller is called back: in some minutes, or at a time of day; ``whom`` says who is rung."""
    chosen = Choose("until", "Call back", _SOON, "")
    time = When(
        "time",
        "or by a time of day",
        lambda: Belongs(now(), to_come=True, not_after=Limit(now() + CALL_BACK_MOST, "a day from now,")),
        "such as 0415",
        otherwise=lambda: _chosen(chosen.value(), now()),
    )
    # The reading below the line is that of the chosen time while nothing is typed.
    chosen.row.edited.connect(time.read_again)
    title = f"Caller hung up: {referral.reference}"

    def made(given: Mapping[str, str]) -> list[Order]:
        # What is typed goes before what is chosen.
        at = datetime.fromisoformat(given["time"]) if given["time"] else _chosen(given["until"], now())
        if at is None:
            raise Invalid("By when is the caller called back?", "Choose one, or type a time such as 0415.")
        return [Order(commands.CallerHungUp(referral_id=referral.id, call_back_at=at), title)]

    return Sheet(title, [Note("whom", whom(), whom), chosen, time], made, "Call back by then")


def no_referral(referral: Referral, reference: ReferenceData) -> Sheet:
    """Why the call is no referral."""
    title = f"End the call: {referral.reference}"
    return make.reason(
        title, "call", "End it", reference, lambda code: commands.EndCall(referral_id=referral.id, reason=code)
    )


def _chosen(minutes: str, now: datetime) -> datetime | None:
    return now + timedelta(minutes=int(minutes)) if minutes else None
