# ruff: noqa: S608 - the tests name functions and indexes of our own
"""The sets of states stand once in the record, and are the domain's."""

import re
from uuid import UUID

import pytest

from db.domain.states import (
    ASSIGNMENT_ORDER,
    AT_SCENE,
    HANDOVER_ORDER,
    ON_THE_WAY,
    OPEN_ASSIGNMENT,
    OPEN_REFERRAL,
    AssignmentState,
    ReferralState,
)
from tests.db.psql import Psql

VAN = UUID(int=1)
SETS = {
    "open_referral_states": OPEN_REFERRAL,
    "en_route_states": ON_THE_WAY,
    "at_scene_states": AT_SCENE,
    "open_assignment_states": OPEN_ASSIGNMENT,
}
IN_ORDER = {"assignment": ASSIGNMENT_ORDER, "handover": HANDOVER_ORDER}
INDEXES = {
    "assignment_one_open_a_van": (OPEN_ASSIGNMENT, AssignmentState),
}


@pytest.mark.parametrize("name", SETS)
async def test_a_set_is_the_domains(psql: Psql, name: str) -> None:
    found = await psql.owner.fetchval(f"SELECT cru.{name}()")
    assert len(found) == len(set(found))
    assert set(found) == {str(state) for state in SETS[name]}
    assert await psql.owner.fetchval(f"SELECT provolatile = 'i' FROM pg_proc WHERE proname = '{name}'")


@pytest.mark.parametrize("entity", IN_ORDER)
async def test_the_order_of_steps_is_the_domains(psql: Psql, entity: str) -> None:
    found = await psql.owner.fetchval("SELECT cru.steps_in_order($1)", entity)
    assert found == [str(state) for state in IN_ORDER[entity]]


@pytest.mark.parametrize(
    ("state", "accepted", "closed"),
    [
        ("received", False, False),
        ("declined", False, True),
        ("cancelled", False, True),
        ("accepted", True, False),
        ("attending", True, False),
        ("closed", True, True),
    ],
)
async def test_only_what_was_accepted_has_the_time_of_that_and_only_what_is_over_that_of_its_end(
    psql: Psql, state: str, accepted: bool, closed: bool
) -> None:
    row = await psql.read("referral", await psql.referral(state))
    assert (row["accepted_at"] is not None, row["closed_at"] is not None) == (accepted, closed)


@pytest.mark.parametrize("name", INDEXES)
async def test_a_partial_index_holds_the_same_set(psql: Psql, name: str) -> None:
    chosen, every = INDEXES[name]
    where = await psql.owner.fetchval(
        f"SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = 'cru.{name}'::regclass"
    )
    states = ", ".join(f"('{state}')" for state in every)
    held = await psql.owner.fetch(f"SELECT state FROM (VALUES {states}) AS v(state) WHERE {where}")
    assert {row["state"] for row in held} == {str(state) for state in chosen}


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (
            f"SELECT FROM cru.assignment WHERE van_id = '{VAN}' AND state = ANY (cru.open_assignment_states())",
            "assignment_one_open_a_van",
        ),
    ],
)
async def test_a_plan_uses_the_partial_index(psql: Psql, sql: str, index: str) -> None:
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL enable_seqscan = off")
        # In a record without a row nothing tells the two of a van's indexes apart.
        await psql.owner.execute("DROP INDEX cru.assignment_van_id_until_idx")
        plan = "\n".join(row[0] for row in await psql.owner.fetch(f"EXPLAIN {sql}"))
    assert index in plan


async def test_no_guard_lists_a_set_by_itself(psql: Psql) -> None:
    """Three states of one set in one function are a copy of it."""
    bodies = await psql.owner.fetch(
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'cru'::regnamespace AND proname <> ALL ($1)",
        [*SETS, "steps_in_order"],
    )
    assert len(bodies) > 40
    listed = r"[({](?:\s*['\"]?(?:" + "|".join([*AssignmentState, *ReferralState]) + r")['\"]?\s*,){2,}"
    assert [row["proname"] for row in bodies if re.search(listed, row["prosrc"])] == []


# What each of two vans did, one after the other: where that brought the referral.
CAME, LEFT, THERE = "allocated", "stood down", "on scene"
BROUGHT: list[tuple[list[tuple[int, str]], str]] = [
    ([], "accepted"),
    ([(0, CAME)], "allocated"),
    ([(0, CAME), (0, LEFT)], "accepted"),
    ([(0, CAME), (0, THERE)], "attending"),
    ([(0, CAME), (0, THERE), (0, "clear")], "attending"),
    # Where one was there and is clear, another that is stood down while it was takes nothing back.
    ([(0, CAME), (1, CAME), (0, THERE), (0, "clear"), (1, LEFT)], "attending"),
    ([(0, CAME), (0, THERE), (0, "clear"), (1, CAME)], "allocated"),
    ([(0, CAME), (0, THERE), (0, "clear"), (1, CAME), (1, LEFT)], "accepted"),
    ([(0, CAME), (0, THERE), (0, "clear"), (1, CAME), (1, "conveying")], "attending"),
    ([(1, CAME), (0, CAME), (0, LEFT), (1, THERE)], "attending"),
]


async def test_where_the_steps_of_its_vans_brought_a_referral(psql: Psql) -> None:
    vans = await psql.owner.fetch("SELECT id FROM cru.van ORDER BY callsign LIMIT 2")
    await psql.owner.execute("SET session_replication_role = replica")
    for steps, brought_to in BROUGHT:
        referral = await psql.take()
        for which, van in enumerate(vans):
            did = {step: n for n, (whose, step) in enumerate(steps) if whose == which}
            # What did not happen brought nobody anywhere.
            for done, back in ((did, "NULL"), ({CAME: 0, THERE: 99}, "now()")):
                columns = "".join(f", {step.replace(' ', '_')}_at" for step in done)
                times = "".join(f", cru.clock_now() + interval '{n} minutes'" for n in done.values())
                if done:
                    await psql.owner.execute(
                        "INSERT INTO cru.assignment (referral_id, van_id, state, stand_down_reason,"
                        f" taken_back_at{columns}) VALUES ($1, $2, $3, 'x', {back}{times})",
                        *(referral, van["id"], LEFT if done is not did else [*done][-1]),
                    )
        found = await psql.owner.fetchval("SELECT cru.followed_by_steps($1)", referral)
        assert found == brought_to, steps
        await psql.owner.execute("DELETE FROM cru.assignment")
