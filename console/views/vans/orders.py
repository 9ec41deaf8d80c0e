"""What is done with a van at once: a key of its row and a typed line come to the same command."""

from console.views.sheets import Order
from db import commands
from db.domain.fleet import VanAction
from db.domain.read_back import CHANNELS
from db.domain.records import Assignment, Van


def direct_on(van: Van, action: VanAction, job: Assignment | None = None) -> Order | None:
    """The command of an action that needs nothing more to be asked; None for one that does.

    Args:
        van: which.
        action: what is done with it.
        job: what it is on.
    """
    match action:
        case VanAction.BACK:
            return Order(commands.MakeAvailable(van_id=van.id), f"{van.callsign} back available")
        case VanAction.OFF_DUTY:
            return Order(commands.GoOffDuty(van_id=van.id), f"{van.callsign} off duty")
        case VanAction.EMERGENCY:
            return Order(commands.RaiseEmergency(van_id=van.id), f"Emergency {van.callsign}")
        case VanAction.CLEAR_EMERGENCY:
            return Order(commands.ClearEmergency(van_id=van.id), f"Clear the emergency of {van.callsign}")
        case VanAction.WELL if job is not None:
            # By radio, as nearly all of them are.
            return Order(commands.CrewWell(assignment_id=job.id, channel=CHANNELS[0]), f"{van.callsign} crew well")
        case _:
            return None
