"""How an answer came about stays with it, and what kills is asked by itself."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.db import versions
from tests.db.psql import Psql

INSERT = (
    "INSERT INTO cru.screening (referral_id, tool_version, answers, how, not_measured)"
    " VALUES ($1, cru.tool_in_force(), $2, $3, $4) RETURNING id"
)
KEYS = ("means", "knife", "fever", "rash", "observations")


def given(answers: dict[str, str] | None = None, why: str = "", **how: str) -> tuple[str, str, str]:
    said = dict.fromkeys(KEYS, "no") | (answers or {})
    return json.dumps(said), json.dumps(dict.fromkeys(said, "asked") | how), why


async def screen(psql: Psql, referral: UUID, *what: str) -> dict[str, Any]:
    made = await psql.shah.fetchval(INSERT, referral, *what)
    found: dict[str, Any] = json.loads((await psql.read("screening", made))["how"])
    return found


@pytest.mark.hazard("H-004")
async def test_a_group_no_never_covers_what_is_asked_alone(psql: Psql) -> None:
    await versions.in_force(psql)
    referral = await psql.take()
    for key in ("means", "knife"):
        await psql.refused(psql.shah, INSERT, referral, *given(**{key: "group"}), says="asked by itself")
    for who in (psql.lead, psql.owner):
        await psql.refused(who, INSERT, referral, *given(means="group"), says="asked by itself")
    unsaid = (json.dumps(dict.fromkeys(KEYS, "no")), "{}", "")
    await psql.refused(psql.shah, INSERT, referral, *unsaid, says="asked by itself")
    found = await screen(psql, referral, *given(fever="group", rash="group"))
    assert (found["means"], found["fever"]) == ("asked", "group")


async def test_a_group_no_replaces_no_other_answer(psql: Psql) -> None:
    await versions.in_force(psql)
    referral = await psql.take()
    await psql.refused(psql.shah, INSERT, referral, *given({"rash": "yes"}, rash="group"), says="plain no")
    await screen(psql, referral, *given({"rash": "not known"}))
    await psql.refused(psql.shah, INSERT, referral, *given(rash="group"), says="plain no")
    found = await screen(psql, referral, *given())
    assert found["rash"] == "changed"
    assert found["fever"] == "asked"


@pytest.mark.hazard("H-008")
async def test_not_measured_is_a_way_of_its_own(psql: Psql) -> None:
    await versions.in_force(psql)
    referral = await psql.take()
    unmeasured = {"observations": "not known"}
    how = {"observations": "not measured"}
    for answers, why in (({"observations": "no"}, "by phone"), (unmeasured, "  ")):
        await psql.refused(psql.shah, INSERT, referral, *given(answers, why, **how), says="not measured")
    await psql.refused(psql.shah, INSERT, referral, *given(why="by phone"), says="not measured")
    other = given({"fever": "not known"}, "by phone", fever="not measured")
    await psql.refused(psql.shah, INSERT, referral, *other, says="not measured")
    # What then must be asked is asked by itself.
    await psql.refused(
        psql.shah, INSERT, referral, *given(unmeasured, "by phone", **how), says="where nothing was measured"
    )
    together = given(unmeasured | {"colour": "no"}, "by phone", **how, colour="group")
    await psql.refused(psql.shah, INSERT, referral, *together, says="where nothing was measured")
    await screen(psql, referral, *given(unmeasured | {"colour": "no"}, "by phone", **how))
    await psql.set(psql.shah, "referral", referral, state="accepted")


async def test_not_measured_without_questions_instead_is_not_known(psql: Psql) -> None:
    referral = await psql.take()
    answers = await psql.answers(observations="not known")
    how = dict.fromkeys(answers, "asked") | {"observations": "not measured"}
    await psql.shah.execute(INSERT, referral, json.dumps(answers), json.dumps(how), "by phone")
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003")


async def test_how_names_answers_that_are_there(psql: Psql) -> None:
    referral = await psql.take()
    answers = await psql.answers()
    await psql.refused(psql.shah, INSERT, referral, json.dumps(answers), '{"nothing": "asked"}', "", code="CR003")
    await psql.refused(psql.shah, INSERT, referral, json.dumps(answers), '{"weapon": "guessed"}', "", code="23514")


@pytest.mark.hazard("H-010")
async def test_what_nobody_may_let_on_by_the_tools_data(psql: Psql) -> None:
    await versions.in_force(psql)
    referral = await psql.take()
    await screen(psql, referral, *given({"knife": "yes", "rash": "yes"}))
    rows = await psql.owner.fetch("SELECT what, hard FROM cru.stands_against($1)", referral)
    assert [row["hard"] for row in rows] == [True, False]
    sql = (
        "INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers)"
        " VALUES ($1, 'let on', 'Dr X', 'y', $2)"
    )
    everything = [row["what"] for row in rows]
    await psql.refused(psql.lead, sql, referral, everything, code="CR002", says="Somebody holds a blade")
    # Overriding the screening as older programs do lets on the rash, and not the blade.
    override = (
        "UPDATE cru.screening SET override_at = cru.clock_now(), override_clinician = 'X', override_reason = 'y'"
    )
    await psql.lead.execute(override)
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003")
    # Once it is no more, a clinician may let it on.
    await screen(psql, referral, *given())
    left = await psql.owner.fetch("SELECT what, words FROM cru.stands_against($1)", referral)
    assert [row["words"] for row in left] == ["yes earlier: Somebody holds a blade"]
    await psql.lead.execute(sql, referral, [row["what"] for row in left])
    await psql.set(psql.shah, "referral", referral, state="accepted")
