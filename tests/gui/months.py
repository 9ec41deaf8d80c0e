"""Months of referrals, written past the guards at once, for a lead's page to show: ``await months(owner)``."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

Connection = Any  # asyncpg's stubs make every row's type a parameter
_PLACES = (
    ("4 Elm Walk, Corby", "NN17 1AA"),
    ("9 Ash Row, Kettering", "NN15 5DJ"),
    ("2 Oak Lane, Daventry", "NN11 4AA"),
    ("7 Fir Close, Northampton", "NN1 4LP"),
)
_MINUTE = timedelta(minutes=1)


async def months(owner: Connection, weeks: int = 27, a_week: int = 20, *, bad: int = 5) -> list[UUID]:
    """Write so many weeks before the record's clock; so many weeks ago, in the ``bad`` one, crews took long.

    Returns:
        The referrals, oldest first.
    """
    dice = random.Random(7)
    now = await owner.fetchval("SELECT cru.clock_now()")
    vans = [row["id"] for row in await owner.fetch("SELECT id FROM cru.van ORDER BY callsign LIMIT 4")]
    outcomes = [row["code"] for row in await owner.fetch("SELECT code FROM cru.outcome ORDER BY rank LIMIT 6")]
    referrals, jobs, handovers, shifts = [], [], [], []
    for week in range(weeks):
        longer = 1.6 if weeks - week == bad else 1.0
        for nth in range(a_week):
            at = now - timedelta(weeks=weeks - week) + timedelta(hours=168 * (nth + dice.random()) / a_week)
            one = _referral(dice, at, f"CRU-{at:%Y%m%d}-{9000 + nth:04}", outcomes)
            referrals.append(one)
            if one["state"] == "closed":
                job = _job(dice, one, vans[nth % len(vans)], longer)
                jobs.append(job)
                handovers.append(_handover(one, job))
        shifts += [_shift(van, now - timedelta(weeks=weeks - week, days=-day)) for van in vans for day in range(7)]
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        for table, rows in (
            ("referral", referrals),
            ("assignment", jobs),
            ("handover", handovers),
            ("shift", shifts),
        ):
            await _write(owner, table, rows)
    await owner.execute("SELECT cru.measure_anew()")
    return [one["id"] for one in referrals]


def _referral(dice: random.Random, at: datetime, reference: str, outcomes: list[str]) -> dict[str, Any]:
    place, postcode = dice.choice(_PLACES)
    ended = "closed" if dice.random() < 0.8 else "declined"
    return {
        "id": uuid4(),
        "reference": reference,
        "received_at": at,
        "source": dice.choice(("ems_crew", "ems_crew", "police", "hub")),
        "priority": dice.choice(("P1", "P1", "P2")),
        "state": ended,
        "location_text": place,
        "postcode": postcode,
        "accepted_at": at + 6 * _MINUTE if ended == "closed" else None,
        "closed_at": at + 170 * _MINUTE,
        "outcome": dice.choice(outcomes) if ended == "closed" else None,
        "end_reason": "" if ended == "closed" else "duplicate",
    }


def _job(dice: random.Random, of: dict[str, Any], van: UUID, longer: float) -> dict[str, Any]:
    there = of["received_at"] + dice.uniform(24, 52) * longer * _MINUTE
    return {
        "id": uuid4(),
        "referral_id": of["id"],
        "van_id": van,
        "state": "clear",
        "allocated_at": of["received_at"] + 8 * _MINUTE,
        "mobile_at": of["received_at"] + 11 * _MINUTE,
        "on_scene_at": there - 2 * _MINUTE,
        "with_patient_at": there,
        "clear_at": there + dice.uniform(50, 100) * _MINUTE,
    }


def _handover(of: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    accepted = job["with_patient_at"] + 9 * _MINUTE
    return {
        "id": uuid4(),
        "referral_id": of["id"],
        "ordinal": 1,
        "from_party": "EMAS A1187",
        "to_party": "CRU",
        "from_kind": "ems",
        "to_kind": "cru",
        "state": "released",
        "expected_at": job["allocated_at"],
        "started_at": job["with_patient_at"],
        "accepted_at": accepted,
        "released_at": accepted + 3 * _MINUTE,
    }


def _shift(van: UUID, at: datetime) -> dict[str, Any]:
    start = at.replace(hour=18, minute=30, second=0, microsecond=0) - timedelta(days=1)
    return {
        "id": uuid4(),
        "van_id": van,
        "started_at": start,
        "planned_end_at": start + timedelta(hours=12),
        "ended_at": start + timedelta(hours=12),
    }


async def _write(owner: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        names, marks = ", ".join(rows[0]), ", ".join(f"${n + 1}" for n in range(len(rows[0])))
        sql = f"INSERT INTO cru.{table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own
        await owner.executemany(sql, [tuple(row.values()) for row in rows])
