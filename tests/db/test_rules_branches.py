"""What a branch of the screening tool asks is answered before *accept*, whichever program asks for the step."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from db.domain.branches import OPENED_BY, opened
from db.domain.reference import ScreeningItem, ScreeningTool
from tests.db.psql import TAKE_BACK, Psql
from tests.db.versions import approve, bring_into_force

VERSION = 78
ASKED = ("conscious", "pregnancy", "intoxicated", "withdrawal")
BRANCHES = ("under_18", "confusion_older", "pregnant_postnatal", "intoxication", "detained", "capacity")


@pytest.fixture
async def tool(psql: Psql) -> ScreeningTool:
    """A version with a question in each branch that is not always open."""
    items = [ScreeningItem(key, "Now", f"{key}, now", ()) for key in ASKED]
    items += [ScreeningItem(f"{key}_asked", "Now", f"of {key}", (), branch=key) for key in BRANCHES]
    made = (
        "INSERT INTO cru.screening_tool (version, signed_by, signed_on, title) VALUES ($1, $2, '2026-01-01', 'T')"
    )
    await psql.owner.execute(made, VERSION, "the tests")
    await psql.owner.execute("INSERT INTO cru.tool_life (tool_version, step) VALUES ($1, 'drafted')", VERSION)
    for ordinal, item in enumerate(items):
        await psql.owner.execute(
            "INSERT INTO cru.screening_item (tool_version, key, ordinal, section, text, branch)"
            " VALUES ($1, $2, $3, 'Now', $4, $5)",
            *(VERSION, item.key, ordinal, item.text, item.branch),
        )
    await approve(psql, VERSION)
    await bring_into_force(psql, VERSION)
    return ScreeningTool(VERSION, "T", tuple(items))


def born(years: float) -> Any:
    now = datetime.now(UTC).date()
    return now.replace(year=now.year - int(years), day=min(now.day, 28))


PEOPLE: list[tuple[dict[str, Any], dict[str, str], int | None]] = [
    ({}, {}, None),
    ({"patient_born": born(17)}, {}, 17),
    ({"patient_born": born(18)}, {}, 18),
    ({"patient_age_low": 15, "patient_age_high": 19}, {}, 15),
    ({"patient_age_low": 60, "patient_age_high": 69}, {"conscious": "yes"}, 69),
    ({"patient_born": born(64)}, {"conscious": "yes"}, 64),
    ({}, {"conscious": "not known"}, None),
    ({"legal_status": "s136: kept at the station"}, {"withdrawal": "yes"}, None),
    ({"legal_status": "s135"}, {"intoxicated": "not known", "pregnancy": "yes"}, None),
    ({"legal_status": "voluntary"}, {"pregnancy": "no"}, None),
]


@pytest.mark.hazard("H-066")
async def test_what_opens_a_branch_is_the_same_in_record_and_program(psql: Psql, tool: ScreeningTool) -> None:
    rows = await psql.owner.fetch("SELECT branch, key FROM cru.branch_openers()")
    assert {tuple(row) for row in rows} == {(branch, key) for branch, keys in OPENED_BY.items() for key in keys}
    for told, said, years in PEOPLE:
        referral = await take(psql, told)
        answers = {item.key: "no" for item in tool.items if not item.branch} | said
        await psql.insert_screening(referral, answers, VERSION)
        found = await psql.owner.fetch("SELECT open_branches FROM cru.open_branches($1)", referral)
        legal = str(told.get("legal_status", "")).partition(":")[0]
        assert {row[0] for row in found} - {"consent"} == opened(tool, answers, years, legal), (told, said)


async def take(psql: Psql, told: dict[str, Any]) -> UUID:
    if "patient_age_low" in told:
        told = told | {"patient_age_on": datetime.now(UTC).date()}
    return await psql.take(source="hub", priority="P2", **told)


@pytest.mark.hazard("H-066")
async def test_what_an_open_branch_asks_holds_accept_until_it_is_answered(psql: Psql, tool: ScreeningTool) -> None:
    answers = {item.key: "no" for item in tool.items if not item.branch}
    young = await take(psql, {"patient_born": born(16)})
    await psql.insert_screening(young, answers, VERSION)
    await psql.set_refused(psql.shah, "referral", young, says="not asked: of under_18", state="accepted")
    await psql.insert_screening(young, answers | {"under_18_asked": "no"}, VERSION)
    await psql.set(psql.shah, "referral", young, state="accepted")
    # By the statement that says so, too; and nobody is asked what is not about them.
    held = await take(psql, {})
    await psql.insert_screening(held, answers, VERSION)
    await psql.set_refused(
        psql.shah, "referral", held, says="of detained", state="accepted", legal_status="s136: in the van"
    )
    await psql.set(psql.shah, "referral", held, state="accepted")


@pytest.mark.hazard("H-066")
async def test_the_newest_screening_that_stands_counts(psql: Psql, tool: ScreeningTool) -> None:
    answers = {item.key: "no" for item in tool.items if not item.branch}

    async def is_open(referral: UUID) -> set[str]:
        found = await psql.owner.fetch("SELECT open_branches FROM cru.open_branches($1)", referral)
        return {row[0] for row in found} - {"consent"}

    referral = await take(psql, {})
    await psql.insert_screening(referral, answers | {"pregnancy": "yes"}, VERSION)
    await psql.insert_screening(referral, answers, VERSION)
    assert await is_open(referral) == set()
    await psql.shah.execute(TAKE_BACK)
    assert await is_open(referral) == {"pregnant_postnatal"}
    young = await take(psql, {"patient_born": born(16)})
    await psql.insert_screening(young, answers, VERSION)
    await psql.insert_screening(young, answers | {"under_18_asked": "no"}, VERSION)
    await psql.shah.execute(TAKE_BACK)
    await psql.set_refused(psql.shah, "referral", young, says="of under_18", state="accepted")
