"""How long a save of a call takes that is still being typed: one is made every two seconds."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

import pytest

from db import commands as do
from db.commands.details import Details
from db.domain.intake import Draft
from db.domain.records import Location
from db.domain.typed_form import as_kept
from db.engine import connect
from tests.bench.table import ms, percentile, row
from tests.cluster import Record

pytestmark = pytest.mark.bench
SAVES = 60
STORY = "She has been on the bench by the lake since ten and says that nobody would notice. " * 6
PLACE = Location("Wellingborough Road", "NN3 3JJ", 52.25, -0.86)


async def test_a_call_is_kept_in_the_blink_of_an_eye(record: Record) -> None:
    engine, key, now = connect(record.url("a.shah")), uuid4(), datetime.now(UTC)
    details = Details(source="", priority="", location=PLACE)
    draft = Draft(place=PLACE.text, answers={f"question {number}": "no" for number in range(20)})
    given = {"answered_at": now, "received_at": now, "typed": as_kept(draft)}
    took = []
    try:
        await do.execute(engine, do.BeginCall(referral_id=key, details=details, **given))
        for version in range(1, SAVES + 1):
            said = STORY[: 8 * version]
            typed = as_kept(replace(draft, narrative=said))
            keep = do.KeepCall(
                referral_id=key, version=version, details=replace(details, narrative=said), typed=typed
            )
            begun = time.perf_counter()
            await do.execute(engine, keep)
            took.append(time.perf_counter() - begun)
    finally:
        await engine.dispose()
    row("a call is kept while it is typed, p95", ms(percentile(took, 95)), "100 ms", f"median {ms(median(took))}")
    assert median(took) < 1
