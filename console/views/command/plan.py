"""What Enter would do with a typed line."""

from dataclasses import dataclass
from uuid import UUID

from console.views.sheets import Order
from db.domain.command_reading import Other
from db.domain.fleet import VanAction
from db.domain.next_steps import NextStep


@dataclass(frozen=True, slots=True)
class LinePlan:
    """What Enter does.

    Attributes:
        words: what will happen, in one sentence; empty while nothing can.
        orders: what goes out at once.
        step: what is opened, or done, in the pane of ``referral``.
        action: what is opened for ``van``.
        desk: what of the desk is asked for, by the verb's words.
        missing: what its sheet still asks, behind "asks"; empty where the line answers all of it.
        problem: why nothing can happen.
        against: what is known that does not fit; a second Enter insists.
        careful: a second Enter is wanted for what it is, whatever is known.
        beware: what must be known of the person, the address and the vans that are named.
        others: lines among which Tab goes.
    """

    words: str = ""
    orders: tuple[Order, ...] = ()
    step: NextStep | None = None
    referral: UUID | None = None
    van: UUID | None = None
    action: VanAction | None = None
    desk: str = ""
    missing: str = ""
    problem: str = ""
    against: str = ""
    careful: str = ""
    beware: str = ""
    others: tuple[Other, ...] = ()

    @property
    def does_something(self) -> bool:
        """Whether Enter does anything."""
        return not self.problem and bool(self.orders or self.step or self.action or self.desk)
