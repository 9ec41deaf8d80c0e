"""Who may do what in the record, and what guards it, as the server's catalogue says: lines that can be compared.

``python -m tests.rights_page`` keeps those of a record just made in ``resources/record/rights.txt``; where a
record differs from them, somebody changed it by hand. Whoever owns it may do everything and is in no line.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

import resources
from db.domain.roles import Role
from db.tables import SCHEMA

EXPECTED = "record/rights.txt"

# Granted to whom: the owner left out, everybody as PUBLIC. Parts of positions come and go and have no rights of
# their own; one that was granted anything is a line all the same.
_TABLES = """
SELECT 'table', c.relname::text, '', coalesce(r.rolname::text, 'PUBLIC'), a.privilege_type
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = :schema::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.grantee <> c.relowner
"""
_COLUMNS = """
SELECT 'table', c.relname::text, t.attname::text, coalesce(r.rolname::text, 'PUBLIC'), a.privilege_type
FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped
CROSS JOIN LATERAL aclexplode(t.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = :schema::regnamespace AND a.grantee <> c.relowner
"""
_SEQUENCES = """
SELECT 'sequence', c.relname::text, '', coalesce(r.rolname::text, 'PUBLIC'), a.privilege_type
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = :schema::regnamespace AND c.relkind = 'S' AND a.grantee <> c.relowner
"""
# What is granted of functions is granted to everybody where nothing is said.
_FUNCTIONS = """
SELECT 'function', p.proname::text || '(' || pg_get_function_identity_arguments(p.oid) || ')', '',
    coalesce(r.rolname::text, 'PUBLIC'), a.privilege_type
FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE p.pronamespace = :schema::regnamespace AND a.grantee <> p.proowner
"""
_BODIES = """
SELECT 'body', p.proname::text || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    CASE WHEN p.prosecdef THEN 'as the owner' ELSE 'as whoever asks' END, '',
    coalesce((SELECT string_agg(c, ', ' ORDER BY c) FROM unnest(p.proconfig) c), 'no settings')
    || ' ' || left(md5(p.prosrc), 8)
FROM pg_proc p WHERE p.pronamespace = :schema::regnamespace
"""
# "O" is in force; a guard that was switched off is another line.
_TRIGGERS = """
SELECT 'trigger', c.relname::text, t.tgname::text, '', p.proname::text || ' '
    || CASE t.tgenabled WHEN 'O' THEN 'in force' WHEN 'A' THEN 'in force always' ELSE 'switched off' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = :schema::regnamespace AND NOT c.relispartition
    AND (NOT t.tgisinternal OR t.tgenabled <> 'O')
"""
_POLICIES = """
SELECT 'rows', c.relname::text, coalesce(p.polname::text, ''), '', concat_ws(' ',
    CASE WHEN c.relrowsecurity THEN 'by policy' END, CASE WHEN c.relforcerowsecurity THEN 'also the owner' END,
    p.polcmd, p.polpermissive::text, left(md5(pg_get_expr(p.polqual, p.polrelid)), 8))
FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relnamespace = :schema::regnamespace AND (c.relrowsecurity OR c.relforcerowsecurity OR p.oid IS NOT NULL)
"""
_SCHEMA = """
SELECT 'schema', n.nspname::text, '', coalesce(r.rolname::text, 'PUBLIC'), a.privilege_type
FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE a.grantee <> n.nspowner AND (n.nspname = :schema OR n.nspname = 'public' AND a.privilege_type = 'CREATE')
"""
# What will be granted of what is made later.
_LATER = """
SELECT 'later', d.defaclobjtype::text, '', coalesce(r.rolname::text, 'PUBLIC'), a.privilege_type
FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE d.defaclnamespace IN (0, :schema::regnamespace) AND a.grantee <> d.defaclrole
"""
# The groups of the record, what else they are in, and whether they could be signed in by.
_GROUPS = """
SELECT 'group', r.rolname::text, '', '', concat_ws(' ',
    CASE WHEN r.rolcanlogin THEN 'signs in' ELSE 'signs nobody in' END,
    CASE WHEN r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
        THEN 'administers' END)
FROM pg_roles r WHERE r.rolname ~ '^cru_(viewer|dispatcher|shift_lead|gateway|sealer)$'
UNION ALL
SELECT 'group', m.rolname::text, 'has the rights of', '', g.rolname::text
FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid
WHERE m.rolname ~ '^cru_(viewer|dispatcher|shift_lead|gateway|sealer)$'
"""
_ALL = (_TABLES, _COLUMNS, _SEQUENCES, _FUNCTIONS, _BODIES, _TRIGGERS, _POLICIES, _SCHEMA, _LATER, _GROUPS)
_READ = text(" UNION ".join(f"({one})" for one in _ALL).replace(":schema", f"'{SCHEMA}'"))


# What a session may do with each column; to delete is a right on the whole table.
_OWN = text(
    "SELECT c.relname::text AS name, a.attname::text AS part, r.what FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) r(what)"
    " WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition"
    " AND CASE r.what WHEN 'DELETE' THEN has_table_privilege(c.oid, 'DELETE')"
    " ELSE has_column_privilege(c.oid, a.attnum, r.what) END"
)
_COLUMNS_OF = text(
    "SELECT c.relname::text AS name, array_agg(a.attname::text) AS parts FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition"
    " GROUP BY 1"
)
_HERE = {"schema": SCHEMA}
Columns = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, order=True)
class CatalogueLine:
    """One thing that the catalogue says.

    Attributes:
        kind: table, sequence, function, body, trigger, rows, schema, later or group.
        name: of the table, function and so on, without the schema.
        part: a column, a trigger's name; empty for the whole.
        who: the group, or PUBLIC, that has a right; empty where it is none.
        what: the right, as SQL calls it, or how it is.
    """

    kind: str
    name: str
    part: str
    who: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind} | {self.name} | {self.part} | {self.who} | {self.what}"

    @property
    def words(self) -> str:
        """As a sentence goes on: "cru_viewer: SELECT on staff.name"."""
        of = f"{self.name}.{self.part}" if self.part and self.kind in {"table", "trigger"} else self.name
        if self.who:
            return f"{self.who}: {self.what} on {self.kind} {of}"
        beside = f" {self.part}" if self.part and self.kind not in {"table", "trigger"} else ""
        return f"{self.kind} {of}{beside}: {self.what}"


async def catalogue(connection: AsyncConnection) -> frozenset[CatalogueLine]:
    """What the record's catalogue says now."""
    found = await connection.execute(_READ)
    return frozenset(CatalogueLine(*(str(value) for value in row)) for row in found)


def expected() -> frozenset[CatalogueLine]:
    """What it says of a record that this program has just made."""
    return read_lines(resources.path(EXPECTED).read_text("utf-8").splitlines())


def read_lines(lines: Iterable[str]) -> frozenset[CatalogueLine]:
    """Lines as they are kept."""
    parts = (line.split(" | ") for line in lines if line and not line.startswith("#"))
    return frozenset(CatalogueLine(*(part.strip() for part in some)) for some in parts)


async def columns(connection: AsyncConnection) -> Columns:
    """The columns of each table and view."""
    return {row.name: frozenset(row.parts) for row in await connection.execute(_COLUMNS_OF, _HERE)}


async def own_rights(connection: AsyncConnection) -> frozenset[str]:
    """What this session may do with tables: "SELECT van", or "SELECT van.callsign" where it is not the whole."""
    found = await connection.execute(_OWN, _HERE)
    return _together(((row.what, row.name, row.part) for row in found), await columns(connection))


def rights_of(role: Role, known: Columns) -> frozenset[str]:
    """What a role may do with tables in a record just made, in the same words."""
    groups = {role.group} | ({Role.DISPATCHER.group} if role is Role.SHIFT_LEAD else set())
    given = (
        (line.what, line.name, part)
        for line in expected()
        if line.kind == "table" and line.who in groups
        for part in ([line.part] if line.part else known.get(line.name, ()))
    )
    return _together(given, known)


def _together(rights: Iterable[tuple[str, str, str]], known: Columns) -> frozenset[str]:
    parts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for what, name, part in rights:
        parts[what, name].add(part)
    return frozenset(
        f"{what} {name}{of}"
        for (what, name), some in parts.items()
        for of in ([""] if frozenset(some) == known.get(name) else sorted(f".{one}" for one in some))
    )
