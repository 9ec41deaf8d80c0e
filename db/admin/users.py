"""Who may sign in: a database role with the rights of one group, and a row with the person's name."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.admin.passwords import verifier
from db.domain.roles import LOGIN_ROLES, Role
from db.errors import Conflict, Invalid, NotAllowed

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{0,62}")
# Postgres keeps pg_ and two words for itself; the others are the record's groups, or would be taken for
# a server's own.
_TAKEN = re.compile(r"(pg|cru)_.*|postgres|public|none|owner")
_quote = postgresql.dialect().identifier_preparer.quote_identifier  # type: ignore[no-untyped-call] # a plain class


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the owner sees one.

    Attributes:
        groups: the groups whose rights the login really has.
        may_sign_in: whether the server lets the login in.
    """

    login: str
    display_name: str
    role: Role
    disabled_at: datetime | None
    groups: frozenset[str]
    may_sign_in: bool

    @property
    def trouble(self) -> str:
        """How the server and the record differ about this user; empty if they agree."""
        wanted = frozenset() if self.disabled_at else frozenset({self.role.group})
        if self.may_sign_in == (self.disabled_at is not None):
            return "may sign in though disabled" if self.may_sign_in else "has no login on the server"
        return "" if self.groups == wanted else "has the rights of " + (", ".join(sorted(self.groups)) or "nobody")


def checked_login(login: str) -> str:
    """The login, if it can be one.

    Raises:
        Invalid: it cannot; the next step says what can.
    """
    if not _LOGIN.fullmatch(login) or _TAKEN.fullmatch(login):
        raise Invalid(
            f'"{login}" cannot be a login.',
            "Use small letters, digits, dots, dashes and underscores, such as a.shah.",
        )
    return login


async def is_known(connection: AsyncConnection, login: str) -> bool:
    """Whether the server has this login already, with a password of its own."""
    return await _attributes(connection, login) is not None


async def add_user(
    connection: AsyncConnection, login: str, display_name: str, role: Role, password: str | None
) -> None:
    """Add a user, or give one another name or role. Safe to repeat.

    Args:
        connection: the owner's transaction.
        login: as :func:`checked_login` lets through.
        display_name: what the others read, such as ``A. Shah``.
        role: one of ``LOGIN_ROLES``.
        password: the new one; None keeps the one that is there.

    Raises:
        Invalid: the name is empty, or a new login has no password.
        NotAllowed: the login is an administrator's, or belongs to another owner.
        Conflict: the user is disabled.
    """
    if not display_name.strip():
        raise Invalid("A user needs a name that the others read.", 'Give one: --name "A. Shah".')
    await _make_login(connection, checked_login(login), password)
    sql = (
        "INSERT INTO cru.user_account AS u (login, display_name, role) VALUES (:login, :name, :role)"
        " ON CONFLICT (login) DO UPDATE SET display_name = excluded.display_name, role = excluded.role"
        " RETURNING u.disabled_at"
    )
    given = {"login": login, "name": display_name.strip(), "role": role.value}
    if (await connection.execute(text(sql), given)).scalar_one() is not None:
        raise Conflict(f"{login} is disabled.", f"Enable it first: main.py admin enable-user {login}")
    await _set_group(connection, login, role)
    await limit_sessions(connection)


async def set_password(connection: AsyncConnection, login: str, password: str) -> None:
    """Give a user a new password.

    Raises:
        Invalid: there is no such user.
    """
    await _account(connection, login)
    await _run(connection, f"ALTER ROLE {_quote(login)} PASSWORD '{verifier(password)}'")


async def disable_user(connection: AsyncConnection, login: str) -> None:
    """Keep a user out, at once: no right is left, even in a session that is open.

    Raises:
        Invalid: there is no such user, or it is the one who asks.
    """
    await _account(connection, login)
    if login == (await connection.execute(text("SELECT session_user::text"))).scalar_one():
        raise Invalid("You cannot disable the login that you are using.", "Sign in as another owner.")
    await _run(connection, f"ALTER ROLE {_quote(login)} NOLOGIN")
    await _set_group(connection, login, None)
    sql = "UPDATE cru.user_account SET disabled_at = coalesce(disabled_at, cru.clock_now()) WHERE login = :login"
    await connection.execute(text(sql), {"login": login})
    await _end_sessions(connection, login)


async def enable_user(connection: AsyncConnection, login: str) -> None:
    """Let a user in again, with the role they had.

    Raises:
        Invalid: there is no such user.
    """
    role = await _account(connection, login)
    await _run(connection, f"ALTER ROLE {_quote(login)} LOGIN")
    await _set_group(connection, login, role)
    sql = "UPDATE cru.user_account SET disabled_at = NULL WHERE login = :login"
    await connection.execute(text(sql), {"login": login})


async def limit_sessions(connection: AsyncConnection) -> None:
    """Give each login of a group the limits of its sessions that it lacks, as far as this owner may."""
    await connection.execute(text("SELECT cru.limit_sessions()"))


async def list_users(connection: AsyncConnection) -> list[Account]:
    """All users, by login, with what the server really lets them do."""
    sql = (
        "SELECT u.login, u.display_name, u.role, u.disabled_at, coalesce(r.rolcanlogin, false) AS may,"
        " array(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        "       WHERE m.member = r.oid AND g.rolname = ANY (:groups)) AS groups"
        " FROM cru.user_account u LEFT JOIN pg_roles r ON r.rolname = u.login ORDER BY u.login"
    )
    rows = await connection.execute(text(sql), {"groups": [role.group for role in LOGIN_ROLES]})
    return [
        Account(row.login, row.display_name, Role(row.role), row.disabled_at, frozenset(row.groups), row.may)
        for row in rows
    ]


async def _account(connection: AsyncConnection, login: str) -> Role:
    sql = text("SELECT role FROM cru.user_account WHERE login = :login")
    role = (await connection.execute(sql, {"login": login})).scalar_one_or_none()
    if role is None or await _attributes(connection, login) is None:
        raise Invalid(f"There is no user {login}.", "main.py admin list-users shows them all.")
    return Role(role)


async def _attributes(connection: AsyncConnection, login: str) -> bool | None:
    """None if the server has no such role, else whether it administers the server."""
    sql = text(
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
        " FROM pg_roles WHERE rolname = :login"
    )
    found: bool | None = (await connection.execute(sql, {"login": login})).scalar_one_or_none()
    return found


async def _make_login(connection: AsyncConnection, login: str, password: str | None) -> None:
    administers = await _attributes(connection, login)
    if administers:
        raise NotAllowed(f"{login} administers the server.", "Give the person a login of their own.")
    if administers is None:
        if password is None:
            raise Invalid(f"{login} is new and needs a password.", "Give --password-file FILE or --generate.")
        await _run(connection, f"CREATE ROLE {_quote(login)} LOGIN PASSWORD '{verifier(password)}'")
    elif password is not None:
        await _run(connection, f"ALTER ROLE {_quote(login)} PASSWORD '{verifier(password)}'")


async def _set_group(connection: AsyncConnection, login: str, role: Role | None) -> None:
    """Leave the login in exactly one group of ours, or in none."""
    for group in await _groups(connection, login):
        if role is None or group != role.group:
            await _run(connection, f"REVOKE {_quote(group)} FROM {_quote(login)}")
    if role is not None:
        await _run(connection, f"GRANT {_quote(role.group)} TO {_quote(login)}")
    # Since PostgreSQL 16 a membership has its grantor, and REVOKE of one that another gave does nothing and
    # does not fail.
    left = await _groups(connection, login) - ({role.group} if role else set())
    if left:
        raise NotAllowed(
            f"{login} keeps the rights of {', '.join(sorted(left))}, which another owner gave.",
            "Ask that owner, or the server's superuser, to revoke them.",
        )


async def _groups(connection: AsyncConnection, login: str) -> set[str]:
    sql = text(
        "SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = :login AND g.rolname = ANY (:groups)"
    )
    found = await connection.execute(sql, {"login": login, "groups": [role.group for role in LOGIN_ROLES]})
    return set(found.scalars())


async def _end_sessions(connection: AsyncConnection, login: str) -> None:
    sql = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :login")
    try:
        # A savepoint: a refusal costs the try, and not what was done before it.
        async with connection.begin_nested():
            await connection.execute(sql, {"login": login})
    except DBAPIError:
        # An owner who is no superuser may not; the sessions that are left may do nothing.
        return


async def _run(connection: AsyncConnection, statement: str) -> None:
    await connection.exec_driver_sql(statement)
