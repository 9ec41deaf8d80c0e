"""What a referral says changes after its end only as an amendment: what it was, what it is, who, and why."""

import json
from uuid import UUID

import pytest

from db import commands as do
from db.domain.records import Location
from db.errors import Invalid
from tests.db.doing import does
from tests.db.psql import Connection, Psql

OVER = ("closed", "declined", "cancelled", "in error")


async def over(psql: Psql, how: str) -> UUID:
    """A referral that is over."""
    if how != "in error":
        return await psql.referral(how)
    referral = await psql.take()
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    await psql.set(psql.lead, "referral", referral, entered_in_error_at=now, entered_in_error_reason="twice")
    return referral


async def amend(who: Connection, sql: str, *given: object, reason: str = "they rang back") -> None:
    async with who.transaction():
        await who.execute("SELECT set_config('cru.reason', $1, true)", reason)
        await who.execute(sql, *given)


@pytest.mark.hazard("H-055")
async def test_an_amendment_says_before_after_who_and_why(psql: Psql) -> None:
    for how in OVER:
        referral = await over(psql, how)
        changed = {"patient_name": "Ottoline", "ems_callsign": "A1187"}
        await psql.set_refused(
            psql.shah, "referral", referral, code="CR003", says="amended with a reason", **changed
        )
        for who, name in ((psql.shah, "Ottoline"), (psql.lead, "Ottilie")):
            await amend(who, psql.update("referral", {"patient_name": ""}), referral, name)
        rows = await psql.owner.fetch(
            "SELECT detail -> 'patient_name' AS name, recorded_by, reason FROM cru.event"
            " WHERE referral_id = $1 AND kind = 'details changed' ORDER BY id",
            referral,
        )
        assert [(json.loads(row["name"]), row["recorded_by"], row["reason"]) for row in rows] == [
            ({"from": None, "to": "Ottoline"}, "a.shah", "they rang back"),
            ({"from": "Ottoline", "to": "Ottilie"}, "l.lead", "they rang back"),
        ]


async def test_what_is_open_or_a_mark_needs_none(psql: Psql) -> None:
    opened, closed = await psql.referral("attending"), await psql.referral("closed")
    await psql.set(psql.shah, "referral", opened, patient_name="Ottoline", caller="Ann")
    await psql.set(psql.lead, "referral", closed, entered_in_error_reason="")
    # Said again as it was: nothing changes.
    await psql.set(psql.shah, "referral", closed, outcome="gp", location_text="Abington Street")


async def test_what_a_trust_counts_by_is_added_freely_and_then_amended(psql: Psql) -> None:
    closed = await psql.referral("closed")
    await psql.set(psql.shah, "referral", closed, ethnicity="White", deprivation=3, force_used="no")
    for column, value in (("ethnicity", "Asian or Asian British"), ("deprivation", None), ("force_used", "yes")):
        await psql.set_refused(psql.shah, "referral", closed, code="CR003", **{column: value})
        await amend(psql.shah, psql.update("referral", {column: value}), closed, value)


async def test_a_crew_that_came_later_is_added_and_then_amended(psql: Psql) -> None:
    closed = await psql.referral("closed")
    link = "INSERT INTO cru.late_link (referral_id, service, incident, crew) VALUES ($1, 'ems', '8812', 'N1135')"
    await psql.shah.execute(link, closed)
    assert (await psql.read("referral", closed))["ems_callsign"] == "N1135"
    await psql.set_refused(psql.shah, "referral", closed, code="CR003", ems_callsign="N1136")


async def test_the_commands_carry_the_reason(psql: Psql) -> None:
    closed = await psql.referral("closed")
    version = (await psql.read("referral", closed))["version"]
    details = do.Details(source="ems_crew", priority="P1", location=Location("Elsewhere"))
    edit = do.EditReferral(referral_id=closed, version=version, details=details)
    with pytest.raises(Invalid, match="amended with a reason"):
        await does(psql, edit)
    why = "the crew said so"
    await does(
        psql,
        do.EditReferral(referral_id=closed, version=version, details=details, reason=why),
        do.SayEthnicity(referral_id=closed, group="White"),
        do.SayEthnicity(referral_id=closed, group="prefers not to say", reason=why),
        do.SayDeprivation(referral_id=closed, tenth=2),
        do.SayDeprivation(referral_id=closed, tenth=4, reason=why),
    )
    with pytest.raises(Invalid, match="amended with a reason"):
        await does(psql, do.SayDeprivation(referral_id=closed, tenth=5))
    reasons = "SELECT reason FROM cru.event WHERE referral_id = $1 AND kind = 'details changed' ORDER BY id"
    assert [row["reason"] for row in await psql.owner.fetch(reasons, closed)] == [why, "", why, "", why]
