"""Every control of the desk has a name that can be spoken, is large enough to be hit, and does something.

What opens over the desk, and beside it, is looked at in the same way by ``test_sizes``.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.usable import controls, unusable

__all__ = ["clock", "qt_loop", "rooms", "seated"]


@pytest.mark.hazard("H-059")
def test_the_desk(seated: Callable[[str], Seated], clock: Clock) -> None:
    """A shift lead's window with one referral selected and a van on duty."""
    seat = seated("l.lead")
    room, page = seat.room, seat.page
    referral = room.take()
    room.on_duty(0)
    room.accept(referral)
    page.select_referral(referral)
    room.until(lambda: seat.next_step() == "Allocate a van")
    with suppress(AssertionError):  # what is still wrong is named below
        room.until(lambda: not unusable(page), within=2)
    assert list(controls(page))
    assert not unusable(page)
    for dock in page.dock.values():
        assert dock.accessibleName()
        assert dock.panel.accessibleName() or dock.panel.focusProxy().accessibleName(), dock.objectName()
    assert page.keys.accessibleName()
