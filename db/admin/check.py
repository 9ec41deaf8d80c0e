"""Is the link to the record as it should be? One line a question, each with what to do about it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import migrate, queries
from db.addresses import connect_arguments
from db.admin import who_is_there
from db.admin.catalogue import columns, own_rights, rights_of
from db.admin.certificates import certificates
from db.admin.check_result import CheckResult
from db.admin.guarded import about_log, about_passwords, about_rights
from db.admin.standing_still import standing_still
from db.admin.weak_logins import kept_passwords
from db.admin.wording import better_said
from db.backup_queries import backups_made, sealed
from db.domain.backups import Made
from db.domain.roles import LOGIN_ROLES, PROGRAMS, Role
from db.engine import connect, transaction
from db.errors import RecordError
from db.tls import is_on_this_computer

_OLDEST = 15
_CLOCKS_APART = timedelta(seconds=2)
_SHOWN = 6


async def check(url: URL) -> AsyncIterator[CheckResult]:
    """Look at the link, the schema, the login and the clocks; one line as each becomes known.

    Raises:
        RecordError: no connection; there is nothing more to look at.
    """
    engine = connect(url, "cru-admin")
    try:
        # Not in one transaction with what follows: a statement that is refused would end it for every line after.
        async with transaction(engine) as connection:
            yield await _version(connection)
            yield await _encryption(connection, url)
            yield await _clocks(connection)
        async for line in certificates(url):
            yield line
        schema = await _schema(engine)
        yield schema
        if schema.ok:
            async with transaction(engine) as connection:
                owns = await _owns(connection)
                lines = await (_whole(connection) if owns else _person(connection))
                kept = await kept_passwords(connection) if owns else None
            for line in lines:
                yield line
            # Guessing takes long, and no transaction waits for it.
            for line in await about_passwords(kept) if owns else ():
                yield line
    finally:
        await engine.dispose()


async def _version(connection: AsyncConnection) -> CheckResult:
    number = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
    name = (await connection.execute(text("SHOW server_version"))).scalar_one()
    if number // 10000 < _OLDEST:
        return CheckResult(False, f"The server is PostgreSQL {name}.", f"Upgrade it to {_OLDEST} or newer.")
    return CheckResult(True, f"Connected to PostgreSQL {name}.")


async def _encryption(connection: AsyncConnection, url: URL) -> CheckResult:
    sql = text("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    row = (await connection.execute(sql)).first()
    if row is not None and row.ssl:
        return CheckResult(True, f"The link is encrypted ({row.version}).")
    if _stays_here(url):
        return CheckResult(True, "The link is not encrypted and does not leave this computer.")
    return CheckResult(
        False, "The link is not encrypted.", 'Turn on TLS at the server and add "?sslmode=verify-full".'
    )


def _stays_here(url: URL) -> bool:
    hosts = connect_arguments(url).get("host") or "localhost"
    return all(is_on_this_computer(host) for host in ([hosts] if isinstance(hosts, str) else hosts))


async def _clocks(connection: AsyncConnection) -> CheckResult:
    asked = datetime.now(UTC)
    theirs: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
    answered = datetime.now(UTC)
    # The server looked somewhere between question and answer; half the round trip is the most that
    # this is wrong by.
    apart = theirs - (asked + (answered - asked) / 2)
    seconds = apart.total_seconds()
    said = f"This computer's clock and the server's differ by {abs(seconds):.1f} s."
    if abs(apart) > _CLOCKS_APART:
        return CheckResult(False, said, "Set both clocks from the same time server.")
    return CheckResult(True, said)


async def _schema(engine: AsyncEngine) -> CheckResult:
    try:
        async with engine.connect() as connection:
            await migrate.require_current(connection)
    except RecordError as error:
        return CheckResult(False, error.sentence, error.next_step)
    except DBAPIError:
        return CheckResult(
            False, "This login may not see the schema.", "The owner adds it with main.py admin add-user."
        )
    return CheckResult(True, f"The schema is this program's ({migrate.newest()}).")


async def _owns(connection: AsyncConnection) -> bool:
    """Whether it is the record's owner, who need not be one of its users."""
    owns = text("SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'cru'")
    return bool((await connection.execute(owns)).scalar_one())


async def _login(connection: AsyncConnection) -> str:
    return str((await connection.execute(text("SELECT session_user::text"))).scalar_one())


async def _whole(connection: AsyncConnection) -> list[CheckResult]:
    """What its owner is told of a record."""
    return [
        CheckResult(True, f"Signed in as {await _login(connection)}, who owns the record."),
        await _owner(connection),
        await _limits(connection),
        *await about_rights(connection),
        *await about_log(connection),
        *await who_is_there.consoles(connection),
        await who_is_there.unencrypted(connection),
        *await standing_still(connection),
        *await _words(connection),
        *await _backups(connection),
        *await _seal(connection),
    ]


async def _person(connection: AsyncConnection) -> list[CheckResult]:
    login = await _login(connection)
    sql = text("SELECT display_name, role, disabled_at FROM cru.my_account")
    # Asked before reading: a refusal would break the transaction off.
    row = None if await _sees_nobody(connection) else (await connection.execute(sql)).first()
    roles = await _roles(connection)
    program = next((role for role in PROGRAMS if roles == {role}), None)
    if row is None and program is not None:
        words = f"Signed in as {login}, {PROGRAMS[program]}."
        return [CheckResult(True, words), await _rights(connection, program)]
    if row is None:
        words = f"Signed in as {login}, who is not a user of the record."
        return [CheckResult(False, words, "The owner adds it with main.py admin add-user.")]
    role = Role(row.role)
    who = f"Signed in as {login}: {row.display_name}, {role.value}."
    if row.disabled_at is not None:
        return [CheckResult(False, f"{who} The user is disabled.", "Ask the owner.")]
    return [CheckResult(True, who), await _rights(connection, role)]


async def _sees_nobody(connection: AsyncConnection) -> bool:
    sql = text("SELECT NOT has_table_privilege('cru.my_account', 'SELECT')")
    return bool((await connection.execute(sql)).scalar_one())


async def _roles(connection: AsyncConnection) -> set[Role]:
    sql = text("SELECT pg_has_role(:group, 'USAGE')")
    return {role for role in LOGIN_ROLES if (await connection.execute(sql, {"group": role.group})).scalar_one()}


async def _owner(connection: AsyncConnection) -> CheckResult:
    sql = text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = session_user")
    if (await connection.execute(sql)).scalar_one():
        return CheckResult(True, "The owner may add users.")
    return CheckResult(
        False, "The owner may not add users.", "The server's superuser runs: ALTER ROLE ... CREATEROLE"
    )


async def _limits(connection: AsyncConnection) -> CheckResult:
    found = await connection.execute(text("SELECT DISTINCT login::text FROM cru.unlimited() ORDER BY 1"))
    logins = list(found.scalars())
    if not logins:
        return CheckResult(True, "No login's session may hold up the others for long.")
    words = f"Sessions of {', '.join(logins)} may hold up the others for as long as they like."
    return CheckResult(False, words, "Whoever made the logins runs main.py admin upgrade.")


async def _words(connection: AsyncConnection) -> list[CheckResult]:
    wrong = await better_said(connection)
    if not wrong:
        return [CheckResult(True, "No label uses a word of the table of words about people.")]
    return [CheckResult(False, sentence, "Change the label.") for sentence in wrong]


async def _backups(connection: AsyncConnection) -> list[CheckResult]:
    # By the server's own clock, as they are written; a record that is not loaded yet has no other.
    limits, now = await queries.rules(connection), (await connection.execute(text("SELECT now()"))).scalar_one()
    return [_of_backup(one, one.is_late(now, limits), now) for one in await backups_made(connection)]


async def _seal(connection: AsyncConnection) -> list[CheckResult]:
    # By the record's own clock, as a checkpoint is made.
    now = (await connection.execute(text("SELECT cru.clock_now()"))).scalar_one()
    known = await sealed(connection)
    if known.since is None:
        return []
    late = known.is_late(now, await queries.rules(connection))
    step = "Let main.py admin seal --key FILE run as a service beside the gateway." if late else ""
    return [CheckResult(not late, known.sentence(now), step)]


def _of_backup(one: Made, late: bool, now: datetime) -> CheckResult:
    return CheckResult(not late, one.sentence(now), f"Make one: main.py admin {one.what} FILE" if late else "")


async def _rights(connection: AsyncConnection, role: Role) -> CheckResult:
    odd = sorted(await own_rights(connection) ^ rights_of(role, await columns(connection)))
    if not odd:
        return CheckResult(True, f"The rights are those of a {role.value}.")
    more = f" and {len(odd) - _SHOWN} more" if len(odd) > _SHOWN else ""
    words = f"The rights are not those of a {role.value} ({', '.join(odd[:_SHOWN])}{more})."
    return CheckResult(False, words, "The owner runs add-user again, and admin check.")
