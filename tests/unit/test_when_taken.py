"""A time that is typed for a step is told by the step: of a van, and of a handover, whatever nobody put down."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from console.live.store import Link, LinkState, Store
from console.views.command.when_taken import taken_at
from console.views.sheets import Order
from db import commands
from db.domain.command_line import parse
from db.domain.command_names import Nameable, NameIndex
from db.domain.command_reading import World, phrases_of
from db.domain.records import Assignment, Handover, Referral
from db.domain.states import AssignmentState, HandoverState
from tests.unit.board_records import NOW, ago, handover, job, reference, referral, van

# 03:42 on a Sunday: EMAS there since 02:50, the van on scene since 03:20, the handover begun at 03:30.
TWO = van("CRU2")
WHO = referral(times={"received": ago(49), "accepted": ago(45), "ems_on_scene": ago(52)})
JOB = job(WHO.id, TWO.id, AssignmentState.ON_SCENE, allocated=40, mobile=38, on_scene=22)
WORLD = World(
    NameIndex([Nameable(TWO.id, "CRU2")]),
    NameIndex([Nameable(WHO.id, "0044", "CRU-20261122-0044")]),
    NOW,
    phrases_of(()),
)


def typed(line: str, link: Handover, who: Referral = WHO, there: Assignment = JOB) -> tuple[datetime | None, str]:
    """When the step that a line names was, and why it cannot have been then."""
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    store.put({"van": [TWO], "referral": [who], "assignment": [there], "handover": [link]})
    reading = parse(line, WORLD).reading
    assert reading is not None
    to = HandoverState(reading.verb.removeprefix("handover "))
    order = Order(commands.MoveHandover(handover_id=link.id, to=to), "x")
    told, wrong = taken_at(cast("Any", SimpleNamespace(store=store)), order, reading, WORLD)
    assert isinstance(told.command, commands.MoveHandover)
    return told.command.at, wrong


BEGUN = handover(WHO.id, HandoverState.STARTED, expected=49, started=12)


@pytest.mark.parametrize(
    ("line", "link", "clock", "wrong"),
    [
        ("handover accepted 44 at 0335", BEGUN, "03:35", ""),
        ("handover accepted 44", BEGUN, None, ""),
        # On the way to what it is told for the step before it was skipped: the one before that binds it.
        ("handover released 44 at 0331", BEGUN, "03:31", ""),
        ("handover accepted 44 at 0325", BEGUN, None, "handover started 03:30"),
        ("handover accepted 44 at 0350", BEGUN, None, "handover started 03:30"),
        # Nobody is handed over before a crew is there: ours, nor the one that waits.
        ("handover started 44 at 0310", handover(WHO.id, expected=49), None, "CRU2 on scene 03:20"),
        ("handover released 44 at 0245", handover(WHO.id, expected=59), None, "EMAS on scene 02:50"),
    ],
)
def test_a_step_of_a_handover_was_when_it_can_have_been(
    line: str, link: Handover, clock: str | None, wrong: str
) -> None:
    at, why = typed(line, link)
    if wrong:
        assert wrong in why
    else:
        assert (why, f"{at:%H:%M}" if at is not None else None) == ("", clock)


def test_a_step_that_nobody_told_for_days_was_on_the_day_that_fits() -> None:
    days = timedelta(days=3)
    who = replace(WHO, times={name: at - days for name, at in WHO.times.items()} | {"closed": ago(2) - days})
    there = replace(JOB, times={state: at - days for state, at in JOB.times.items()})
    link = replace(BEGUN, times={state: at - days for state, at in BEGUN.times.items()})
    assert typed("handover accepted 44 at 0335", link, who, there) == ((ago(7) - days).replace(second=0), "")
    assert "closed" in typed("handover accepted 44 at 0341", link, who, there)[1]
