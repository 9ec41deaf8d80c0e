"""What a step does not do: plan anew what was planned, and write keys of a referral anew for its state."""

import re

from sqlalchemy import text

from db import commands as do
from db.commands.base import run
from db.engine import connect
from tests.cluster import Record
from tests.db import desk
from tests.db.psql import Psql

PLANNED_FOR_ONE = "SELECT statement FROM pg_prepared_statements WHERE custom_plans > 0 AND statement LIKE '%cru.%'"
HOW = "SELECT current_setting('plan_cache_mode')"


async def test_a_command_plans_once_for_all_rows_and_one_by_a_stretch_of_time_for_its_own(record: Record) -> None:
    engine = connect(record.url("a.shah"))
    van, referral = await desk.on_duty(engine), await desk.accepted(engine)
    # A session of its own, in which nothing but the command was planned.
    await engine.dispose()
    async with engine.connect() as connection:
        await run(connection, do.Allocate(referral_id=referral, van_id=van))
        made = (await connection.execute(text(PLANNED_FOR_ONE))).scalars().all()
        assert [one for one in made if "set_config" not in one] == []
        assert (await connection.execute(text(HOW))).scalar_one() == "force_generic_plan"
        await connection.commit()
        # Of the transaction alone: what is read in between is planned as ever.
        assert (await connection.execute(text(HOW))).scalar_one() == "auto"
    await engine.dispose()
    assert do.CopyWeek.by_stretch
    assert not do.Allocate.by_stretch


async def test_no_index_of_a_referral_is_about_what_each_step_changes(psql: Psql) -> None:
    """By any other a step would write all of them anew, with the keys of names, telephones and addresses."""
    found = await psql.owner.fetch(
        "SELECT pg_get_indexdef(indexrelid) AS says FROM pg_index WHERE indrelid = 'cru.referral'::regclass"
    )
    assert len(found) > 5
    changed = r"\b(state|version|hold_until|plan)\b"
    assert [row["says"] for row in found if re.search(changed, row["says"])] == []
