"""The page of rights, the lines that ``admin check`` goes by, and the record agree; and each cell was tried."""

import re

import pytest

from db.admin.catalogue import CatalogueLine, expected
from db.domain.roles import LOGIN_ROLES
from tests.cluster import Record, run
from tests.db.psql import Psql
from tests.rights_page import PAGE, PROOFS, TRIED, kept, page, read

# Explained and not run: the server asks for the right all the same, and no trigger runs.
_TRY = """
CREATE FUNCTION pg_temp.tried(rights text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    one record;
    it text;
BEGIN
    FOR one IN SELECT c.relname AS tab, a.attname AS col, format_type(a.atttypid, a.atttypmod) AS typ
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'cru'::regnamespace AND c.relkind IN ('r', 'p', 'v')
                AND NOT c.relispartition LOOP
        FOREACH it IN ARRAY rights LOOP
            BEGIN
                EXECUTE 'EXPLAIN ' || CASE it
                    WHEN 'SELECT' THEN format('SELECT %I FROM cru.%I', one.col, one.tab)
                    WHEN 'INSERT' THEN format('INSERT INTO cru.%I (%I) VALUES (DEFAULT)', one.tab, one.col)
                    WHEN 'UPDATE' THEN format('UPDATE cru.%I SET %I = DEFAULT', one.tab, one.col)
                    ELSE format('DELETE FROM cru.%I', one.tab) END;
                RETURN NEXT format('%s.%s %s', one.tab, one.col, it);
            EXCEPTION WHEN insufficient_privilege OR object_not_in_prerequisite_state OR feature_not_supported THEN
                NULL;
            END;
        END LOOP;
    END LOOP;
END $$;
"""


def granted(lines: frozenset[CatalogueLine], groups: set[str], columns: dict[str, set[str]]) -> set[str]:
    """What the lines say that somebody in some groups may do, a column each."""
    return {
        f"{line.name}.{column} {line.what}"
        for line in lines
        if line.kind == "table" and line.who in groups
        for column in ({line.part} if line.part else columns[line.name])
    }


def test_page_and_lines_are_those_of_the_record(record: Record) -> None:
    lines = run(read(record.cluster, record.database))
    assert lines == expected(), "python -m tests.rights_page writes them anew"
    assert PAGE.read_text("utf-8") == page(lines), "python -m tests.rights_page draws it anew"
    assert kept(lines) == kept(expected())
    assert {line.kind for line in lines} >= {"table", "function", "body", "trigger", "schema", "group"}


@pytest.mark.hazard("H-055")
async def test_every_cell_was_tried(psql: Psql) -> None:
    rows = await psql.owner.fetch(
        "SELECT c.relname AS tab, array_agg(a.attname::text) AS cols FROM pg_class c JOIN pg_attribute a"
        " ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relnamespace = 'cru'::regnamespace"
        " AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition GROUP BY 1"
    )
    columns = {row["tab"]: set(row["cols"]) for row in rows}
    logins = {
        "viewer": "w.wall",
        "dispatcher": "a.shah",
        "shift lead": "l.lead",
        "gateway": "g.gateway",
        "sealer": "s.sealer",
    }
    for role in LOGIN_ROLES:
        session = psql.session(logins[role.value])
        await session.execute(_TRY)
        tried = await session.fetch("SELECT pg_temp.tried('{SELECT,INSERT,UPDATE,DELETE}') AS one")
        groups = {role.group} | ({"cru_dispatcher"} if role.value == "shift lead" else set())
        assert {row["one"] for row in tried} == granted(expected(), groups, columns), role


def test_every_proof_is_a_test() -> None:
    for named in {*PROOFS.values(), TRIED}:
        file, _, test = named.partition("::")
        text = (PAGE.parents[1] / "tests" / "db" / file).read_text("utf-8")
        assert re.search(rf"^(async )?def {test}" if test else "^(async )?def test_", text, re.MULTILINE), named


def test_nobody_but_the_owner_owns_anything(record: Record) -> None:
    sql = (
        "SELECT count(DISTINCT o) FROM ("
        "SELECT relowner AS o FROM pg_class WHERE relnamespace = 'cru'::regnamespace"
        " UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = 'cru'::regnamespace"
        " UNION ALL SELECT typowner FROM pg_type WHERE typnamespace = 'cru'::regnamespace"
        " UNION ALL SELECT nspowner FROM pg_namespace WHERE nspname = 'cru') owners"
    )
    assert record.cluster.fetchval(sql, database=record.database) == 1
