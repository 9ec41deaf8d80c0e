"""The rule in the record and the one in Python say the same, whatever was told, decided and taken back."""

import json
from contextlib import suppress
from random import Random
from uuid import UUID

import asyncpg
import pytest

from db import rows
from db.domain.danger import DangerFlag, Finding, TextReading, ToldOfDanger, digest, stands_against
from db.domain.dangers import Danger
from db.engine import connect, transaction
from db.queries import reference_data
from tests.cluster import Record
from tests.db import versions
from tests.db.psql import Psql

TEXTS = ("", "Calm.", "She has a blade. He is hot!", "He is hot; a blade, a blade", "  ")
DECIDE = (
    "INSERT INTO cru.decision (referral_id, kind, clinician, reason, covers) VALUES ($1, $2, 'Dr X', 'seen', $3)"
)


async def told(psql: Psql, record: Record, referral: UUID) -> ToldOfDanger:
    """Everything the rule asks about, as it stands in the record."""
    engine = connect(record.url("l.lead"))
    async with transaction(engine) as connection:
        reference = await reference_data(connection)
    await engine.dispose()
    fetch = psql.owner.fetch
    row = await psql.read("referral", referral)
    passes = await fetch(
        "SELECT * FROM cru.screening WHERE referral_id = $1 AND taken_back_at IS NULL"
        " ORDER BY completed_at, id DESC",
        referral,
    )
    flags = await fetch("SELECT * FROM cru.danger_flags($1)", referral)
    readings = await fetch(
        "SELECT * FROM cru.reading r WHERE referral_id = $1 AND NOT EXISTS (SELECT FROM cru.event e"
        " WHERE e.amends = r.event_id AND e.kind LIKE '% taken back')",
        referral,
    )
    covered = await fetch(
        "SELECT unnest(covers) AS what FROM cru.decision WHERE referral_id = $1 AND taken_back_at IS NULL",
        referral,
    )
    changes = await fetch(
        "SELECT id, detail FROM cru.event c WHERE referral_id = $1 AND kind = 'details changed' AND NOT EXISTS"
        " (SELECT FROM cru.event e WHERE e.amends = c.id AND e.kind LIKE '% taken back') ORDER BY id",
        referral,
    )
    details = [(one["id"], json.loads(one["detail"])) for one in changes]
    was_a = [at for at, detail in details if detail.get("triage_scale", {}).get("from") == "A"]
    return ToldOfDanger(
        tools=reference.tools,
        in_force=reference.in_force,
        screenings=[rows.screening(one) for one in passes],
        scale=row["triage_scale"],
        scale_was=was_a[-1] if was_a else None,
        flags=[DangerFlag(one["id"], one["kind"], one["until"]) for one in flags],
        narrative=row["narrative"],
        readings=[
            TextReading(
                one["tool_version"],
                one["text_digest"],
                tuple(Finding(f["key"], f["word"], f["said"]) for f in json.loads(one["found"])),
                of_note=one["event_id"] is not None,
            )
            for one in readings
        ],
        narratives_were={digest(detail["narrative"]["from"]) for _, detail in details if "narrative" in detail},
        covered={one["what"] for one in covered},
    )


async def tell(psql: Psql, referral: UUID, dice: Random) -> None:
    """One thing that somebody may do."""
    act = dice.choice(("screen", "screen", "scale", "flag", "narrate", "read", "decide", "back", "note"))
    if act == "screen":
        answers = {one[0]: dice.choice(("no", "no", "no", "yes", "not known")) for one in versions.ITEMS}
        if dice.random() < 0.2:
            del answers[dice.choice(list(answers))]
        how = dict.fromkeys(answers, "asked")
        why = ""
        if answers.get("observations") == "not known" and dice.random() < 0.7:
            how["observations"], why = "not measured", "by phone"
        sql = (
            "INSERT INTO cru.screening (referral_id, tool_version, answers, how, not_measured)"
            " VALUES ($1, cru.tool_in_force(), $2, $3, $4)"
        )
        await psql.shah.execute(sql, referral, json.dumps(answers), json.dumps(how), why)
    elif act == "scale":
        await psql.set(psql.shah, "referral", referral, triage_scale=dice.choice(("", "A", "B")))
    elif act == "flag":
        await psql.shah.execute(
            "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
            " VALUES ($1, 'person', $2, 'x', cru.clock_now() + interval '9 days')",
            referral,
            dice.choice(("staff safety", "pets")),
        )
    elif act == "narrate":
        await psql.set(psql.shah, "referral", referral, narrative=dice.choice(TEXTS))
    elif act in {"read", "note"}:
        await read(psql, referral, dice, note=act == "note")
    elif act == "decide":
        kind = dice.choice(("let on", "looked at"))
        sql = "SELECT what FROM cru.stands_against($1) WHERE NOT hard AND ($2 = 'let on' OR kind = 'words')"
        covers = [row["what"] for row in await psql.owner.fetch(sql, referral, kind)]
        await psql.lead.execute(DECIDE, referral, kind, covers)
    else:
        await psql.session("a.shah").execute("SELECT cru.take_back(act_id) FROM cru.my_last_act() LIMIT 1")


async def read(psql: Psql, referral: UUID, dice: Random, *, note: bool) -> None:
    text = (await psql.read("referral", referral))["narrative"]
    event = None
    if note:
        text = dice.choice(TEXTS[1:4])
        sql = "INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', $2) RETURNING id"
        event = await psql.shah.fetchval(sql, referral, text)
    words = (("knife", "blade"), ("fever", "hot"), ("nothing", "calm"))
    found = [{"key": key, "word": word, "said": text.strip() or "x"} for key, word in words if word in text]
    await psql.shah.execute(
        "INSERT INTO cru.reading (referral_id, tool_version, text_digest, event_id, found)"
        " VALUES ($1, cru.tool_in_force(), $2, $3, $4)",
        *(referral, digest(text), event, json.dumps(found)),
    )


@pytest.mark.hazard("H-001")
@pytest.mark.parametrize("seed", range(6))
async def test_both_say_the_same(psql: Psql, record: Record, seed: int) -> None:
    dice = Random(seed)
    if seed % 2:
        await versions.in_force(psql)
    else:
        await versions.draft(psql)
        await versions.approve(psql)
    referral = await psql.take()
    for step in range(24):
        if step == 12 and not seed % 2:
            await versions.bring_into_force(psql)
            await psql.set(psql.shah, "referral", referral, narrative="Asked by another version.")
        with suppress(asyncpg.PostgresError):  # refused, as it should be: both are asked about what is there
            await tell(psql, referral, dice)
        expected = [
            Danger(one["what"], one["kind"], one["key"], one["words"], one["hard"], one["until"])
            for one in await psql.owner.fetch("SELECT * FROM cru.stands_against($1)", referral)
        ]
        assert list(stands_against(await told(psql, record, referral))) == expected
        kept = await psql.owner.fetchrow("SELECT * FROM cru.danger WHERE referral_id = $1", referral)
        assert list(rows.dangers(kept).stands) == expected
