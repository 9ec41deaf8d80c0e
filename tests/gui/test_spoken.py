"""Read from outside by an assistive tool, all that can take the keyboard has a name and a role, in every view."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from console.views.window.failure import FailureWindow
from console.views.window.sign_in import SignIn
from db.errors import Unavailable
from tests.cluster import Record, run
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.busy import busy, rename
from tests.gui.desks import stage
from tests.gui.map_tools import ENGINE_NOISE
from tests.gui.openings import Desk, openings
from tests.gui.spoken import count, unspoken

__all__ = ["clock", "qt_loop", "rooms", "seated", "stage"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


def test_a_part_without_a_name_is_found(stage: QWidget) -> None:
    holder = QWidget(stage)
    column = QVBoxLayout(holder)
    named, nameless = QLineEdit(), QLineEdit()
    named.setAccessibleName("Ward")
    for edit in (named, nameless):
        column.addWidget(edit)
    holder.show()
    assert len(unspoken(holder)) == 1
    nameless.setAccessibleName("Bed")
    assert unspoken(holder) == []


@pytest.mark.hazard("H-059")
def test_every_view_can_be_read_aloud(
    seated: Callable[[str], Seated], clock: Clock, record: Record, qapp: QApplication
) -> None:
    run(rename(record))
    seat = seated("l.lead")
    desk = Desk(seat, busy(seat, record))
    desk.page.select_referral(desk.found.on_way)
    desk.settle()
    found: dict[str, list[str]] = {}
    total = count(seat.window)
    for dock in desk.page.dock.values():
        dock.tear_or_put_back()
        found[f"{dock.name} torn off"] = unspoken(dock)
        dock.tear_or_put_back()
    desk.settle()
    found["desk"] = unspoken(seat.window)
    for name, opened in openings(desk):
        top = opened if opened is not None else seat.window
        found[name] = unspoken(top)
        total += count(top)
    wrong = {name: parts for name, parts in found.items() if parts}
    assert not wrong, "\n".join(f"{name}: {parts}" for name, parts in wrong.items())
    assert total > 150


def test_the_pages_before_the_desk_can_be_read_aloud(stage: QWidget) -> None:
    page = SignIn(None, stage)
    page.show()
    failed = FailureWindow(Unavailable("The server cannot be reached.", "Check its name."))
    failed.show()
    assert unspoken(page) == []
    assert unspoken(failed) == []
    failed.close()
    failed.deleteLater()
