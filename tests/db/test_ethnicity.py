"""Ethnicity is put down as the person says it, and a measure is told by it."""

import pytest

from db import commands
from db.errors import Invalid
from db.ethnicity import categories
from db.tables.record import _ETHNICITIES
from tests.db.doing import does
from tests.db.psql import Psql


async def test_each_category_of_the_file_is_kept_by_a_group_of_the_record(psql: Psql) -> None:
    assert {one.group for one in categories()} == set(_ETHNICITIES)
    assert len({one.code for one in categories()}) == len(categories()) == 17
    referral = await psql.take()
    kept = "SELECT ethnicity FROM cru.referral WHERE id = $1"
    for group in ("White", "prefers not to say"):
        await does(psql, commands.SayEthnicity(referral_id=referral, group=group))
        assert await psql.owner.fetchval(kept, referral) == group
    told = await psql.owner.fetch(
        "SELECT detail -> 'ethnicity' ->> 'to' AS now, recorded_by FROM cru.event"
        " WHERE referral_id = $1 AND detail ? 'ethnicity' ORDER BY id",
        referral,
    )
    assert [tuple(one) for one in told] == [("White", "a.shah"), ("prefers not to say", "a.shah")]
    with pytest.raises(Invalid):
        await does(psql, commands.SayEthnicity(referral_id=referral, group="other"))
