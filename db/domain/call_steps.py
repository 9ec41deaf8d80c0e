"""What may happen to a referral while its call goes on: somebody goes on with it, leaves it, or ends it."""

from collections.abc import Iterator

from db.domain.intake_call import IntakeCall
from db.domain.next_steps import Act, NextStep
from db.domain.roles import Role, may_dispatch
from db.domain.texts import told


def call_steps(call: IntakeCall, me: str, who: str, role: Role) -> tuple[NextStep, ...]:
    """The steps of a call that goes on, and no others: nothing is decided before it is saved.

    Args:
        call: the call.
        me: the login that asks.
        who: the name of whoever has the call.
        role: of the login that asks.
    """
    return tuple(_steps(call, me, who)) if may_dispatch(role) else ()


def _steps(call: IntakeCall, me: str, who: str) -> Iterator[NextStep]:
    if call.taken_by != me:
        # Never one unthinking press away while somebody has the caller at the ear.
        waits = call.call_back_at is not None
        label = f"Take the call over from {told(who)}"
        yield NextStep(Act.EDIT, label, "E", "primary" if waits else "secondary")
        return
    label = "The caller is back: go on" if call.call_back_at is not None else "Go on with the call"
    yield NextStep(Act.EDIT, label, "E", "primary")
    yield NextStep(Act.HUNG_UP, "The caller hung up …", "U")
    yield NextStep(Act.END_CALL, "End it: no referral …", "Delete", "danger")
