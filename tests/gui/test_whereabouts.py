"""What a desk tells others of itself: which referral it shows, and whether somebody types in it."""

from collections.abc import Callable
from uuid import UUID

import pytest

from console.views.desk.whereabouts import where
from console.views.find.record import RecordPage
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.map_tools import ENGINE_NOISE

__all__ = ["clock", "qt_loop", "rooms", "seated"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


def test_where_a_desk_is_and_whether_it_types(seated: Callable[[str], Seated], clock: Clock) -> None:
    seat = seated("a.shah")
    seat.sit()
    page, who = seat.page, seat.room.take()

    def here() -> object:
        return where(page.detail, page.forms)

    assert here() == (None, False)
    page.select_referral(who)
    assert here() == (who, False)
    page.detail.focus_note()
    # A cursor in an empty note is not typing yet; a note that was left is typing no more.
    assert here() == (who, False)
    seat.type("afraid")
    assert here() == (who, True)
    page.detail.focus_pane()
    assert here() == (who, False)
    page.detail.open_menu()
    assert page.detail.sheets.current is not None
    assert here() == (who, True)
    page.detail.sheets.close()
    page.forms.edit(who)
    page.select_referral(None)
    # The form lies over whatever the pane shows.
    assert here() == (who, True)
    page.forms.form.leave()
    assert where(page.detail, page.forms)[1] is False
    # A window that points at what has left the board opens it to read: what is in hand here stays in hand.
    page.select_referral(who)
    page.show_on_desk(UUID(int=0xCA11), None)
    assert here() == (who, False)
    assert page.beside.lists[RecordPage].isVisible()
    page.beside.lists[RecordPage].close()
