"""What ``admin check`` says of rights, guards, passwords and the server's log, to whoever owns the record."""

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.admin.catalogue import CatalogueLine, catalogue, expected
from db.admin.check_result import CheckResult
from db.admin.server_log import told_by_log
from db.admin.weak_logins import KeptPassword, weak_logins

_SHOWN = 8
_PUT_RIGHT = "Put it back, or restore the record onto a new server: main.py admin backup and admin restore."
# A login that may more on the server than its group may in the record.
_MORE = text(
    "SELECT u.login, concat_ws(', ', CASE WHEN r.rolsuper THEN 'superuser' END,"
    " CASE WHEN r.rolcreaterole THEN 'makes logins' END, CASE WHEN r.rolcreatedb THEN 'makes databases' END,"
    " CASE WHEN r.rolreplication THEN 'copies the server' END,"
    " CASE WHEN r.rolbypassrls THEN 'sees every row' END,"
    " (SELECT string_agg(g.rolname, ', ' ORDER BY g.rolname) FROM pg_auth_members m"
    "  JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid"
    "  AND g.rolname <> 'cru_' || replace(u.role, ' ', '_'))) AS more"
    " FROM cru.user_account u JOIN pg_roles r ON r.rolname = u.login"
    " WHERE u.role <> 'owner' AND r.rolcanlogin ORDER BY u.login"
)


async def about_rights(connection: AsyncConnection) -> list[CheckResult]:
    """Whether groups, grants, guards and functions are as in a record just made, and logins in one group each."""
    now, made = await catalogue(connection), expected()
    lines = [*_differences("is missing", made - now), *_differences("is there and should not be", now - made)]
    for row in (await connection.execute(_MORE)).all():
        if row.more:
            words = f"{row.login} may more than the group of their role: {row.more}."
            lines.append(
                CheckResult(False, words, f"Take it away, then main.py admin add-user {row.login} again.")
            )
    if lines:
        return lines
    words = f"Groups, rights and guards are those of this program ({len(made)} lines of the catalogue)."
    return [CheckResult(True, words)]


def _differences(how: str, lines: Iterable[CatalogueLine]) -> list[CheckResult]:
    # A group that is missing first: what it may do is missing with it.
    found = sorted(lines, key=lambda one: (one.kind != "group", one.kind != "trigger", one))
    said = [CheckResult(False, f"This {how}: {one.words}.", _PUT_RIGHT) for one in found[:_SHOWN]]
    if len(found) > _SHOWN:
        said.append(CheckResult(False, f"{len(found) - _SHOWN} more of the catalogue: {how}.", _PUT_RIGHT))
    return said


async def about_passwords(passwords: Sequence[KeptPassword] | None) -> list[CheckResult]:
    """Whether a login has a password that anybody would try first; None where this owner may not see them."""
    if passwords is None:
        return [CheckResult(True, "Nobody looked whether passwords are common: only a superuser may.")]
    found = await weak_logins(passwords)
    common = [
        CheckResult(
            False, f"The password of {login} is one of those tried first.", f"main.py admin set-password {login}"
        )
        for login in found.common
    ]
    old = [
        CheckResult(
            False,
            f"The server keeps an old kind of the password of {login} (MD5).",
            f"main.py admin set-password {login}",
        )
        for login in found.old
    ]
    return [*common, *old] or [CheckResult(True, "No login's password is one of those tried first.")]


async def about_log(connection: AsyncConnection) -> list[CheckResult]:
    """Whether the server's log would print rows or what was typed."""
    found = await told_by_log(connection)
    if not found:
        return [CheckResult(True, "The server's log holds neither rows nor what was typed.")]
    return [CheckResult(False, str(one), one.next_step) for one in found]
