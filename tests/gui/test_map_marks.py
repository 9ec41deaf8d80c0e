"""What the panel has drawn of the mirror: who is on the map, where, how, and with which words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication

from console.live.etas import Etas
from console.live.geography import Geography
from console.live.store import Link, LinkState
from console.look.style import apply
from console.map.marks import MapConfig, ReferralMark, VanMark
from console.map.scheme import prepare_engine
from console.views.map.panel import MapPanel
from db.domain.names import number_today
from db.domain.records import Location
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState
from tests.gui.desks import Room, qt_loop, rooms
from tests.gui.map_tools import ENGINE_NOISE
from tests.unit.board_records import handover, job, position, referral, van

__all__ = ["qt_loop", "rooms"]
prepare_engine()
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)
SCENE = Location("Kettering", "NN16 8UZ", 52.39, -0.73)


class Shown:
    """A map panel over a mirror that a test fills, and what it wants drawn."""

    def __init__(self, room: Room, panel: MapPanel, etas: Etas) -> None:
        self.room, self.panel, self.etas = room, panel, etas
        self.store = room.desk.store
        # What the record holds is not meant here; nothing in it changes, so nothing comes back by itself.
        self.store.replace({})

    def fill(self, **rows: list[Any]) -> None:
        self.store.replace(rows)

    def van(self, key: UUID) -> VanMark | None:
        return self.panel.view._picture.vans.get(str(key))

    def referral(self, key: UUID) -> ReferralMark | None:
        return self.panel.view._picture.referrals.get(str(key))


@pytest.fixture
def shown(rooms: Callable[[str], Room], tmp_path: Path, qapp: QApplication) -> Iterator[Shown]:
    apply(qapp, "dark", 100)
    room = rooms("a.shah")
    geography = Geography(None, tmp_path, room.desk.clock)
    etas = Etas(room.desk.store, geography, room.desk.clock)
    panel = MapPanel(room.desk, etas, geography, MapConfig())
    panel.resize(900, 600)
    yield Shown(room, panel, etas)
    panel.close()
    panel.view.shutdown()


def fix(van_id: UUID, shown: Shown, seconds: float = 4, **changed: Any) -> Any:
    at = shown.room.desk.clock.now() - timedelta(seconds=seconds)
    return replace(position(van_id), fixed_at=at, received_at=at, **changed)


def test_a_van_is_where_its_fix_says_with_all_that_is_known(shown: Shown) -> None:
    two = van("CRU2")
    sent = fix(two.id, shown, speed=31.0, heading=270.0, accuracy=12.0)
    shown.fill(van=[two], position=[sent])
    assert shown.van(two.id) == VanMark(
        str(two.id), "CRU2", 52.3, -0.8, sent.fixed_at, 270.0, 31.0, 12.0, "available", label="CRU2"
    )


@pytest.mark.parametrize(
    ("status", "is_shown"),
    [
        (DutyStatus.AVAILABLE, True),
        (DutyStatus.MEAL_BREAK, True),
        (DutyStatus.OUT_OF_SERVICE, True),
        (DutyStatus.OFF_DUTY, False),
    ],
)
def test_who_is_off_duty_is_not_followed(shown: Shown, status: DutyStatus, is_shown: bool) -> None:
    two = van("CRU2", status)
    shown.fill(van=[two], position=[fix(two.id, shown)])
    mark = shown.van(two.id)
    assert (mark is not None and mark.status == status.value) is is_shown


def test_a_van_without_a_fix_is_nowhere(shown: Shown) -> None:
    two = van("CRU2")
    shown.fill(van=[two])
    assert shown.van(two.id) is None


@pytest.mark.hazard("H-038")
@pytest.mark.parametrize(("seconds", "stale"), [(110, False), (150, True)])
def test_an_old_fix_is_stale_and_says_how_old(shown: Shown, seconds: float, stale: bool) -> None:
    two = van("CRU2")
    shown.fill(van=[two], position=[fix(two.id, shown, seconds)])
    mark = shown.van(two.id)
    assert mark is not None
    assert (mark.stale, mark.label) == (stale, "CRU2 · 2 min old" if stale else "CRU2")


def test_a_van_on_a_job_says_its_step_or_its_arrival(shown: Shown) -> None:
    two, of = van("CRU2"), referral(location=SCENE)
    coming = job(of.id, two.id, AssignmentState.MOBILE)
    shown.fill(van=[two], position=[fix(two.id, shown)], referral=[of], assignment=[coming])
    mark = shown.van(two.id)
    assert mark is not None
    assert (mark.status, mark.label) == ("committed", "CRU2 · mobile")
    shown.etas._etas[coming.id] = shown.room.desk.clock.now() + timedelta(minutes=9, seconds=30)
    shown.etas.changed.emit()
    mark = shown.van(two.id)
    assert mark is not None
    assert mark.label == "CRU2 · 9 min"


@pytest.mark.hazard("H-047")
def test_an_emergency_lies_over_everything_else(shown: Shown) -> None:
    two, of = van("CRU2", emergency_at=shown.room.desk.clock.now()), referral()
    shown.fill(
        van=[two],
        position=[fix(two.id, shown, 300)],
        referral=[of],
        assignment=[job(of.id, two.id, AssignmentState.MOBILE)],
    )
    mark = shown.van(two.id)
    assert mark is not None
    assert (mark.emergency, mark.label) == (True, "CRU2")


@pytest.mark.parametrize(
    ("changed", "is_shown"),
    [
        ({"location": SCENE}, True),
        ({"location": Location("Kettering", "NN16 8UZ")}, False),
        ({"location": SCENE, "state": ReferralState.ATTENDING}, True),
        ({"location": SCENE, "state": ReferralState.CLOSED}, False),
        ({"location": SCENE, "state": ReferralState.CANCELLED}, False),
        ({"location": SCENE, "state": ReferralState.DECLINED}, False),
    ],
)
def test_open_referrals_with_a_place_are_on_the_map(shown: Shown, changed: dict[str, Any], is_shown: bool) -> None:
    of = referral(**changed)
    shown.fill(referral=[of])
    assert (shown.referral(of.id) is not None) is is_shown


def test_a_declined_person_stays_on_the_map_with_whoever_is_with_them(shown: Shown) -> None:
    now = shown.room.desk.clock.now()
    of = referral(47, location=SCENE, state=ReferralState.DECLINED, times={"received": now, "closed": now})
    shown.fill(referral=[of], handover=[handover(of.id, HandoverState.REFUSED)])
    mark = shown.referral(of.id)
    assert mark is not None
    assert (mark.held, mark.label.endswith("· with EMAS A1187")) == (True, True)


def test_a_referral_is_where_the_person_is(shown: Shown) -> None:
    now = shown.room.desk.clock.now()
    of = referral(45, location=SCENE, priority="P2", hold_until=now + timedelta(hours=1), hold_reason="x")
    free = referral(46, location=SCENE)
    shown.fill(referral=[of, free])
    mark = shown.referral(of.id)
    assert mark is not None
    # Its day joins the number when that is not today.
    name = number_today(of.reference, now)
    assert (mark.reference_short, mark.lat, mark.lon, mark.priority) == (name, 52.39, -0.73, "P2")
    assert mark.label.startswith(f"{name} · ")
    assert (mark.held, mark.selected) == (True, False)
    other = shown.referral(free.id)
    assert other is not None
    assert not other.held


def test_what_is_chosen_is_marked_and_nothing_else(shown: Shown) -> None:
    two, five = van("CRU2"), van("CRU5")
    one, other = referral(1, location=SCENE), referral(2, location=SCENE)
    shown.fill(van=[two, five], position=[fix(two.id, shown), fix(five.id, shown)], referral=[one, other])
    shown.panel.select_van(five.id)
    shown.panel.select_referral(other.id)
    marks = (shown.van(two.id), shown.van(five.id), shown.referral(one.id), shown.referral(other.id))
    assert [mark and mark.selected for mark in marks] == [False, True, False, True]
    shown.panel.select_van(None)
    shown.panel.select_referral(None)
    marks = (shown.van(five.id), shown.referral(other.id))
    assert [mark and mark.selected for mark in marks] == [False, False]


def test_a_van_and_a_referral_that_go_are_taken_off(shown: Shown) -> None:
    two, of = van("CRU2"), referral(location=SCENE)
    shown.fill(van=[two], position=[fix(two.id, shown)], referral=[of])
    assert shown.van(two.id) is not None
    shown.fill()
    assert (shown.van(two.id), shown.referral(of.id)) == (None, None)


@pytest.mark.hazard("H-072")
def test_the_banner_says_how_fresh_the_positions_are(shown: Shown) -> None:
    def banner() -> Any:
        shown.panel.tick()
        return shown.panel.view._picture.settings.get("banner")

    shown.fill()
    assert banner() == "no positions"
    two, five, off = van("CRU2"), van("CRU5"), van("CRU6", DutyStatus.OFF_DUTY)
    ages = [fix(two.id, shown, 90), fix(five.id, shown, 30), fix(off.id, shown, 1)]
    shown.fill(van=[two, five, off], position=ages)
    assert banner() in {"positions 30 s ago", "positions 31 s ago"}
    shown.store.set_link(Link(LinkState.LOST, shown.room.desk.clock.now()))
    assert str(banner()).startswith("link lost · positions as of ")
