"""A call that comes in: being taken by somebody, left for a call back, or ended. Pure; times are aware and UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from db.domain.clocks import local_time
from db.domain.texts import told

REFERRAL: Final = "referral"
"""How a call ends that is a referral; any other end is a reason's code."""
KNOWN: Final = "known"
"""The reason of the shipped list for a call about what another referral is about already."""
HUNG_UP: Final = "caller hung up"
"""How a call stands in which nobody speaks any more, on every panel."""
CALL_BACK_MOST: Final = timedelta(days=1)
"""How far ahead a call back lies; the record refuses more."""
_ANSWERED_WITHIN: Final = timedelta(minutes=2)
"""A form that stood open for longer before anything was typed was not opened for this call."""


@dataclass(frozen=True, slots=True)
class IntakeCall:
    """The call by which a referral comes in.

    Attributes:
        answered_at: when the telephone was answered.
        taken_by: the login of whoever has the call.
        typed: the form as it was saved last (:func:`db.domain.typed_form.as_typed`).
        saved_at: when that was.
        call_back_at: the caller hung up, and is called back by then.
        ended_how: :data:`REFERRAL`, or the reason for which there is none; empty while the call goes on.
    """

    referral_id: UUID
    version: int
    answered_at: datetime
    taken_by: str
    taken_since: datetime
    typed: Mapping[str, Any]
    saved_at: datetime
    call_back_at: datetime | None = None
    ended_at: datetime | None = None
    ended_how: str = ""

    @property
    def id(self) -> UUID:
        """A referral has one call."""
        return self.referral_id

    @property
    def is_open(self) -> bool:
        """Whether it goes on: its referral is still being taken."""
        return self.ended_at is None

    @property
    def is_no_referral(self) -> bool:
        """Whether it ended otherwise than as a referral."""
        return self.ended_how not in {"", REFERRAL}

    def words(self, who: str, now: datetime) -> str:
        """How it stands: ``being taken by A. Shah``, ``call back by 03:20, A. Shah``."""
        if self.call_back_at is not None:
            return f"call back by {local_time(self.call_back_at, now)}, {told(who)}"
        return f"being taken by {told(who)}"


def answered(opened: datetime, begun: datetime) -> datetime:
    """When the telephone was answered: as the form was opened for it."""
    return opened if begun - opened <= _ANSWERED_WITHIN else begun
