"""In which tenth of neighbourhoods somebody lives: by the government's list and a postcode, or as it is said."""

from pathlib import Path
from uuid import UUID

import pytest

from db import commands as do
from db import migrate
from db.engine import connect
from db.errors import Invalid
from db.neighbourhoods import load_neighbourhoods, read_neighbourhoods, unread_in_words
from main import main
from tests.cluster import Cluster, Record
from tests.db.doing import does
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned

SOURCE = "an invented list"


async def load(psql: Psql, **tenths: int) -> None:
    sql = "INSERT INTO cru.neighbourhood (area, tenth, source) VALUES ($1, $2, $3)"
    await psql.owner.executemany(sql, [(area, tenth, SOURCE) for area, tenth in tenths.items()])


async def tenth(psql: Psql, referral: UUID) -> int | None:
    found: int | None = await psql.owner.fetchval("SELECT deprivation FROM cru.referral WHERE id = $1", referral)
    return found


@pytest.mark.parametrize(
    ("head", "row", "found"),
    [
        ("Postcode,Postcode Status,LSOA code,Index of Multiple Deprivation Decile", "nn1 5bd,Live,E01,3", 3),
        ("postcode,Income Decile,Index of Multiple Deprivation (IMD) Decile", "NN15BD,9,3", 3),
        ("pcds;x,IMD Decile", "", None),
        ("pcds,IMD Decile", "NN1 5BD,3", 3),
        ("Postcode district,Tenth", "NN1,3", 3),
    ],
)
def test_each_edition_of_the_list_is_read(tmp_path: Path, head: str, row: str, found: int | None) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"﻿{head}\n{row}\n\n", "utf-8")
    if found is None:
        with pytest.raises(Invalid, match="no column"):
            read_neighbourhoods(file)
        return
    assert list(read_neighbourhoods(file).tenths.values()) == [found]


def test_lines_that_cannot_be_read_are_named_and_leave_the_others(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "Postcode,IMD Decile\nNN1 5BD,3\nNN1 5BE,11\nnowhere,2\nNN15\nNN2 6AA,0\nNN2 6AB,10\n", "utf-8"
    )
    found = read_neighbourhoods(file)
    assert found.tenths == {"NN15BD": 3, "NN26AB": 10}
    assert unread_in_words(found) == "Lines 3, 4, 5 and 1 more could not be read."


async def test_a_postcode_brings_its_tenth_and_the_whole_counts_for_more_than_its_half(psql: Psql) -> None:
    await load(psql, NN1=8, NN15BD=2)
    for postcode, found in (("NN1 5BD", 2), ("nn15bd", 2), ("NN1 9ZZ", 8), ("NN1", 8), ("NN2 6AA", None)):
        assert await tenth(psql, await psql.take(postcode=postcode)) == found, postcode
    referral = await psql.take(postcode="NN1 5BD")
    await psql.set(psql.shah, "referral", referral, postcode="NN1 7XX")
    assert await tenth(psql, referral) == 8
    await psql.set(psql.shah, "referral", referral, postcode="ZE1 0AA")
    assert await tenth(psql, referral) is None, "another place is not in the old one's tenth"


@pytest.mark.hazard("H-062")
async def test_what_is_said_stays_until_there_is_another_postcode(psql: Psql) -> None:
    await load(psql, NN15BD=2)
    referral = await psql.take(postcode="NN1 5BD")
    await does(psql, do.SayDeprivation(referral_id=referral, tenth=9))
    await psql.set(psql.shah, "referral", referral, postcode="nn1  5bd")
    assert await tenth(psql, referral) == 9
    told = await psql.owner.fetchval(
        "SELECT detail -> 'deprivation' ->> 'to' FROM cru.event WHERE referral_id = $1"
        " AND detail ? 'deprivation' ORDER BY id LIMIT 1",
        referral,
    )
    assert told == "9"
    await does(psql, do.SayDeprivation(referral_id=referral, tenth=None))
    assert await tenth(psql, referral) is None
    with pytest.raises(Invalid, match="10 tenths"):
        await does(psql, do.SayDeprivation(referral_id=referral, tenth=11))


@pytest.mark.hazard("H-062")
async def test_a_measure_is_told_by_it(psql: Psql) -> None:
    await load(psql, NN15BD=2)
    await psql.take(postcode="NN1 5BD")
    await psql.owner.execute("SELECT cru.settle_measures()")
    assert await psql.owner.fetchval("SELECT deprivation FROM cru.referral_fact") == (
        "fifth 1 of 5, 1 the most deprived"
    )


async def test_the_list_is_the_owners(psql: Psql) -> None:
    sql = "INSERT INTO cru.neighbourhood (area, tenth, source) VALUES ('NN1', 1, 'x')"
    for who in (psql.shah, psql.lead, psql.wall, psql.gateway):
        await psql.refused(who, sql, code="42501")
    await psql.refused(psql.owner, sql.replace("'NN1'", "'nn1 '"), code="23514")


def test_the_owner_loads_a_file_by_command(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, url = tmp_path / "list.csv", record.owner_url.render_as_string(hide_password=False)
    given = ["admin", "load-neighbourhoods", str(file), "--source", "an edition", "--url", url]
    file.write_text("Postcode,IMD Decile\nNN1 5BD,3\nNN1 5BE,x\n", "utf-8")
    assert main(given) == 0
    said = capsys.readouterr().out
    assert "Line 3 could not be read." in said
    assert "1 postcode loaded" in said
    file.write_text("Postcode,IMD Decile\nnowhere,3\n", "utf-8")
    assert main(given) == 2
    assert "no postcode" in capsys.readouterr().err


async def test_a_file_is_loaded_by_the_owner_and_again_in_place(psql: Psql, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Postcode,IMD Decile\nNN1 5BD,3\nNN1 5BE,4\n", "utf-8")
    engine = connect(psql.record.owner_url)
    try:
        async with engine.begin() as connection:
            for source in ("the first", "the second"):
                assert await load_neighbourhoods(connection, read_neighbourhoods(file), source) == 2
    finally:
        await engine.dispose()
    rows = await psql.owner.fetch("SELECT area, tenth, source FROM cru.neighbourhood ORDER BY 1")
    assert [tuple(row) for row in rows] == [("NN15BD", 3, "the second"), ("NN15BE", 4, "the second")]


@pytest.mark.long
async def test_a_record_in_use_keeps_what_it_had(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0028")) as psql:
        known, unknown = await psql.take(postcode="NN1 5BD"), await psql.take(postcode="NN1 5BD")
        await psql.set(psql.shah, "referral", known, deprivation=4)
        await psql.call(known, said="she has drunk bleach")
        await migrate.upgrade(psql.record.owner_url)
        assert (await tenth(psql, known), await tenth(psql, unknown)) == (4, None)
        # What was said in calls before is read with the next step.
        await psql.screen(known)
        await psql.set_refused(psql.shah, "referral", known, says="not read for danger", state="accepted")
