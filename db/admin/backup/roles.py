"""The roles of a record, which belong to its server and stand in no dump: groups, logins, and their settings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.roles import LOGIN_ROLES
from db.errors import Invalid

_GROUPS: Final = tuple(role.group for role in LOGIN_ROLES)
_VERIFIER: Final = re.compile(
    r"(?:SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+|md5[0-9a-f]{32})"
)
_SETTING: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_quote = postgresql.dialect().identifier_preparer.quote_identifier  # type: ignore[no-untyped-call] # a plain class


@dataclass(frozen=True, slots=True)
class KeptRole:
    """A group or a login as it was.

    Attributes:
        groups: those of the record whose rights it has.
        verifier: what the server keeps of its password; empty where it has none, or the owner may not read it.
        until: when its password ends, as the server says it; empty for never.
        most: how many sessions it may have; -1 for any number.
        settings: ``name=value``, everywhere; ``here`` the same in this database alone.
        administered: it had rights over the server, which do not come along.
    """

    name: str
    may_sign_in: bool
    groups: tuple[str, ...]
    verifier: str = ""
    until: str = ""
    most: int = -1
    settings: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    administered: bool = False


@dataclass(frozen=True, slots=True)
class KeptRoles:
    """All of them.

    Attributes:
        with_passwords: whether the owner might read what the server keeps of the passwords.
    """

    roles: tuple[KeptRole, ...]
    with_passwords: bool

    @property
    def logins(self) -> tuple[KeptRole, ...]:
        """Those that are people and programs, and no groups."""
        return tuple(role for role in self.roles if role.name not in _GROUPS)

    def as_json(self) -> Mapping[str, Any]:
        """As it stands in the file."""
        return asdict(self)

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "KeptRoles":
        """From what stands in a file. Raises Invalid where that is no list of roles."""
        try:
            roles = tuple(_read(one) for one in said["roles"])
            return cls(roles, bool(said["with_passwords"]))
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid("The roles in the backup cannot be read.", "Take another backup.") from error


def _read(said: Mapping[str, Any]) -> KeptRole:
    lists = {name: tuple(map(str, said[name])) for name in ("groups", "settings", "here")}
    role = KeptRole(**{**said, **lists})
    if role.verifier and not _VERIFIER.fullmatch(role.verifier):
        raise ValueError("no verifier")
    if not all(_SETTING.fullmatch(one.partition("=")[0]) for one in role.settings + role.here):
        raise ValueError("no setting")
    return role


_ROLES: Final = """
SELECT r.rolname::text AS name, r.rolcanlogin, r.rolconnlimit AS most,
    coalesce(r.rolvaliduntil::text, '') AS until,
    r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls AS administered,
    array(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
          WHERE m.member = r.oid AND g.rolname = ANY (:groups) ORDER BY 1) AS groups,
    coalesce((SELECT setconfig FROM pg_db_role_setting
              WHERE setrole = r.oid AND setdatabase = 0), '{}') AS settings,
    coalesce((SELECT setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
              WHERE s.setrole = r.oid AND d.datname = current_database()), '{}') AS here
FROM pg_roles r
WHERE r.rolname = ANY (:groups) OR r.rolname IN (SELECT login FROM cru.user_account)
    OR (r.rolcanlogin AND EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
        WHERE m.member = r.oid AND g.rolname = ANY (:groups)) AND r.rolname <> session_user)
ORDER BY r.rolname
"""


async def roles_of(connection: AsyncConnection) -> KeptRoles:
    """The roles of the record of this connection, as its owner sees them."""
    rows = (await connection.execute(text(_ROLES), {"groups": list(_GROUPS)})).all()
    reads = text("SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT')")
    with_passwords = bool((await connection.execute(reads)).scalar_one())
    known: dict[str, str] = {}
    if with_passwords:
        sql = text(
            "SELECT rolname::text, coalesce(rolpassword, '') FROM pg_catalog.pg_authid"
            " WHERE rolname = ANY (:names)"
        )
        found = await connection.execute(sql, {"names": [row.name for row in rows]})
        known = {row[0]: row[1] for row in found}
    return KeptRoles(
        tuple(
            KeptRole(
                row.name, row.rolcanlogin, tuple(row.groups), known.get(row.name, ""), row.until, row.most,
                tuple(row.settings), tuple(row.here), row.administered,
            )
            for row in rows
        ),
        with_passwords,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RolesMade:
    """What became of them on the new server.

    Attributes:
        made: those that were not there.
        kept: logins that were there, with their own passwords.
        no_password: logins that may sign in and have no password yet.
        administer: logins that administer the new server, and were left alone.
    """

    made: tuple[str, ...]
    kept: tuple[str, ...]
    no_password: tuple[str, ...]
    administer: tuple[str, ...]


async def make_roles(connection: AsyncConnection, kept: KeptRoles) -> RolesMade:
    """Make what is not there, as an owner who may make roles, in one transaction. Nobody gets to administer it."""
    there = await _there(connection, [role.name for role in kept.roles])
    administer = tuple(role.name for role in kept.logins if there.get(role.name))
    new = [role for role in kept.roles if role.name not in there]
    for role in new:
        await connection.exec_driver_sql(_create(role))
    # The groups are there by now, and one of them may be in another.
    for role in kept.roles:
        if role.name not in administer:
            await _give(connection, role, settings=role in new)
    logins = {role.name for role in kept.logins}
    return RolesMade(
        tuple(role.name for role in new),
        tuple(name for name in there if name in logins and name not in administer),
        tuple(role.name for role in new if role.may_sign_in and not role.verifier),
        administer,
    )


async def _there(connection: AsyncConnection, names: list[str]) -> dict[str, bool]:
    """Those that the server has, each with whether it administers it."""
    sql = text(
        "SELECT rolname::text, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
        " FROM pg_roles WHERE rolname = ANY (:names) ORDER BY 1"
    )
    return {row[0]: row[1] for row in await connection.execute(sql, {"names": names})}


def _create(role: KeptRole) -> str:
    words = [f"CREATE ROLE {_quote(role.name)}", "LOGIN" if role.may_sign_in else "NOLOGIN"]
    if role.verifier:
        words.append(f"PASSWORD '{role.verifier}'")
    if role.most >= 0:
        words.append(f"CONNECTION LIMIT {int(role.most)}")
    if role.until:
        words.append("VALID UNTIL '{}'".format(role.until.replace("'", "''")))
    return " ".join(words)


async def _give(connection: AsyncConnection, role: KeptRole, *, settings: bool) -> None:
    for group in role.groups:
        if group in _GROUPS:
            await connection.exec_driver_sql(f"GRANT {_quote(group)} TO {_quote(role.name)}")
    if settings:
        await _set(connection, role.settings, f"ALTER ROLE {_quote(role.name)}")
    database = (await connection.execute(text("SELECT current_database()::text"))).scalar_one()
    await _set(connection, role.here, f"ALTER ROLE {_quote(role.name)} IN DATABASE {_quote(database)}")


async def _set(connection: AsyncConnection, settings: Iterable[str], alter: str) -> None:
    for one in settings:
        name, _, value = one.partition("=")
        # Set here first: how a value is written differs from setting to setting, and the server knows.
        was = (await connection.execute(text("SELECT current_setting(:name, true)"), {"name": name})).scalar_one()
        sql = text("SELECT set_config(:name, :value, true)")
        await connection.execute(sql, {"name": name, "value": value})
        await connection.exec_driver_sql(f"{alter} SET {name} FROM CURRENT")
        await connection.execute(sql, {"name": name, "value": was or ""})


async def drop_roles(connection: AsyncConnection, names: Iterable[str]) -> None:
    """Take away again what was made, once nothing belongs to it."""
    for name in names:
        await connection.exec_driver_sql(f"DROP ROLE IF EXISTS {_quote(name)}")
