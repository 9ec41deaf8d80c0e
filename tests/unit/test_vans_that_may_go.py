"""Which vans are promised to anybody where the rule of their crews binds: the same everywhere."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QObject

from console.live.cover import free_vans, known_van
from console.live.store import Link, LinkState, Store
from console.views.map.address import AddressPreview
from db.domain.records import StaffMember
from db.domain.rules import Rules
from db.domain.states import DutyStatus
from tests.unit.board_records import NOW, position, reference, shift, van

PEER = StaffMember(uuid4(), "P", "Peer support worker", "", (), (), registered=False)
NURSE = replace(PEER, id=uuid4(), registered=True)


@pytest.fixture
def store() -> Store:
    """CRU1 has a nurse and CRU2 has none; CRU3 has one, and its meal."""
    made = Store(reference({PEER.id: PEER, NURSE.id: NURSE}), Link(LinkState.LIVE, NOW))
    vans = [van("CRU1"), van("CRU2"), van("CRU3", DutyStatus.MEAL_BREAK)]
    crews = zip(vans, (NURSE, PEER, NURSE), strict=True)
    shifts = [replace(shift(one.id), staff_ids=(who.id,)) for one, who in crews]
    made.put({"van": vans, "shift": shifts, "position": [position(one.id) for one in vans]})
    return made


@pytest.mark.parametrize(("binds", "may_go"), [(True, ["CRU1"]), (False, ["CRU1", "CRU2"])])
def test_the_map_promises_a_place_the_vans_that_may_be_sent(store: Store, binds: bool, may_go: list[str]) -> None:
    store.set_reference(replace(store.reference, rules=Rules(registered_binds=binds)))
    desk: Any = SimpleNamespace(store=store, clock=SimpleNamespace(now=lambda: NOW))
    preview = AddressPreview(desk, None, None, QObject())  # type: ignore[arg-type] # asked of nobody here
    there = [one for one in store.vans() if preview._at(one) is not None]
    free = free_vans(store, [known_van(store, one) for one in store.vans()], NOW)
    assert sorted(one.callsign for one in there) == sorted(one.callsign for one in free) == may_go
