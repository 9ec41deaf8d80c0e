"""The board's list, fed from a real record."""

from datetime import timedelta

from PySide6.QtTest import QAbstractItemModelTester

from console.models.referrals import ReferralModel
from db import commands
from db.domain.board import Group
from tests.gui.desks import Room, qt_loop, room, rooms

__all__ = ["qt_loop", "room", "rooms"]


def test_rows_follow_the_record(room: Room) -> None:
    desk = room.desk
    model = ReferralModel(desk.store, desk.clock.now)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    late = room.take(received_at=desk.clock.now() - timedelta(minutes=40))
    soon = room.take()
    assert model.ids() == (late, soon)
    room.do(
        commands.Hold(
            referral_id=soon,
            until=desk.clock.now() + timedelta(hours=1),
            reason="call_back",
            spoken=commands.Spoken("Ottoline"),
        )
    )
    room.until(lambda: model.ids() == (late, Group.HELD))
    model.toggle(Group.HELD)
    assert model.ids() == (late, Group.HELD, soon)
    room.do(commands.EndHold(referral_id=soon))
    room.until(lambda: model.ids() == (late, soon))
    model.set_filter("no such place")
    assert model.ids() == ()
    room.do(commands.Cancel(referral_id=late, reason="duplicate"))
    room.until(lambda: model.count(Group.CLOSED) == 1)
    model.set_filter("")
    assert model.ids() == (soon, Group.CLOSED)
