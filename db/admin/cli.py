"""The ``admin`` command: create or upgrade the record, load data, add users and devices, check the link."""

import argparse
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from db import commands as do
from db import migrate, reference
from db.admin import devices, passwords, users, versions
from db.admin.auditing import add_audit_verbs
from db.admin.backup.verbs import add_backup_verbs
from db.admin.check import check
from db.admin.ending import code_of, say
from db.admin.erasing import add_erase_verb
from db.admin.imports import add_import_verbs
from db.admin.neighbourhoods import add_neighbourhood_verb
from db.admin.where import as_owner, chosen_record, explained
from db.devices import known_devices, stays_of
from db.domain.clocks import LONDON, local, wall_time
from db.domain.roles import LOGIN_ROLES, Role
from db.domain.tokens import digest_of, new_token

Verb = Callable[[URL, argparse.Namespace], Awaitable[int]]


def add_admin_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``admin`` and its verbs.

    The parsed namespace's ``handler`` takes the namespace and returns the exit code: 0 done, 1 ``check`` found
    a problem, 2 refused or out of reach, with one sentence on the error stream.
    """
    parser = subparsers.add_parser("admin", help="create the record, add users and devices, check the link")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _verb(verbs, "upgrade", "create the schema and the groups, or bring them up to date", _upgrade)
    load = _verb(verbs, "load", "load reference data that is missing", _load)
    load.add_argument("file", type=Path, nargs="?", metavar="FILE", help="a set in TOML; ours if left out")
    load.add_argument("--dry-run", action="store_true", help="say what would be added, and change nothing")
    add = _verb(verbs, "add-user", "add a user, or change a name or role", _add_user)
    add.add_argument("login", metavar="LOGIN")
    add.add_argument("--name", required=True, help='what the others read: "A. Shah"')
    add.add_argument("--role", required=True, choices=[role.value for role in LOGIN_ROLES])
    _password_options(add)
    _user_verb(verbs, "disable-user", "keep a user out, at once", _disable)
    _user_verb(verbs, "enable-user", "let a user in again", _enable)
    _password_options(_user_verb(verbs, "set-password", "give a user a new password", _set_password))
    _verb(verbs, "list-users", "show who may sign in", _list_users)
    _verb(verbs, "list-devices", "show which van has which tracker, and what became of each", _list_devices)
    device = _device_verb(verbs, "add-device", "let a tracker speak for a van; shows its token once", _add_device)
    device.add_argument("--van", required=True, metavar="CALLSIGN")
    move = _device_verb(verbs, "move-device", "a tracker is in another van from now on", _move_device)
    move.add_argument("--van", required=True, metavar="CALLSIGN")
    rename = _device_verb(verbs, "rename-device", "a tracker sends another identifier from now on", _rename_device)
    rename.add_argument("new", metavar="NEW", help="the identifier that it will send")
    _device_verb(verbs, "disable-device", "hear no more of a tracker but its panic button", _disable_device)
    _device_verb(verbs, "enable-device", "hear a tracker again", _enable_device)
    _device_verb(verbs, "renew-token", "give a tracker a new token, and show it once", _renew_token)
    approve = _verb(verbs, "approve-tool", "record who approved a version of the screening tool", _approve_tool)
    approve.add_argument("version", type=int, metavar="VERSION")
    approve.add_argument("--name", required=True, help='who approved it: "Dr A. Lead"')
    approve.add_argument("--profession", required=True, help='as what: "clinical lead"')
    ask = _verb(verbs, "ask-tool", "bring a version of the screening tool into force", _ask_tool)
    ask.add_argument("version", type=int, metavar="VERSION")
    ask.add_argument(
        "--from", dest="at", type=_moment, metavar="TIME", help="2026-12-01T07:00, local; now if left out"
    )
    rooms = (add_import_verbs, add_neighbourhood_verb, add_erase_verb, add_backup_verbs, add_audit_verbs)
    for add_verbs in rooms:
        add_verbs(lambda name, words, verb: _verb(verbs, name, words, verb))
    _verb(verbs, "check", "look at the link, the schema, the rights and the clocks", _check)


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str, verb: Verb
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=words, description=words)
    parser.add_argument("--url", default="", help="the record, as its owner (CRU_DATABASE_URL)")
    parser.set_defaults(handler=lambda given: _run(verb, given))
    return parser


def _user_verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str, verb: Verb
) -> argparse.ArgumentParser:
    parser = _verb(verbs, name, words, verb)
    parser.add_argument("login", metavar="LOGIN")
    return parser


def _device_verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str, verb: Verb
) -> argparse.ArgumentParser:
    parser = _verb(verbs, name, words, verb)
    parser.add_argument("device", metavar="DEVICE", help="the identifier that it sends")
    return parser


def _password_options(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--password-file", type=Path, metavar="FILE", help="its first line; - is the standard input")
    how.add_argument("--generate", action="store_true", help="make a password and show it once")


def _run(verb: Verb, given: argparse.Namespace) -> int:
    async def with_record() -> int:
        async with chosen_record(given.url, getattr(given, "data_dir", None)) as url:
            return await verb(url, given)

    return code_of(with_record())


async def _upgrade(url: URL, _given: argparse.Namespace) -> int:
    async with explained():
        mended = await migrate.upgrade(url, told=say)
    say(f"The record is at schema {migrate.newest()}.")
    for column, values in mended.items():
        say(f"{'Listed' if column.endswith(migrate.LEFT) else 'Mended'}: {column}, {values}.")
    if mended:
        say("What stood there before is kept in cru.mended, for a shift lead and the owner.")
    return 0


async def _load(url: URL, given: argparse.Namespace) -> int:
    async with explained():
        if given.dry_run:
            for line in (lines := await reference.preview(url, given.file)):
                say(line)
            say(f"{len(lines)} rows would be added; nothing was changed." if lines else "Nothing is missing.")
            return 0
        added = await reference.load(url, given.file)
    say(f"{added} rows added." if added else "Nothing was missing.")
    return 0


async def _add_user(url: URL, given: argparse.Namespace) -> int:
    login = users.checked_login(given.login)
    async with as_owner(url) as connection:
        # In a transaction of its own: whoever is asked for a password may take minutes over it.
        known = await users.is_known(connection, login)
    password = _password(given, ask=not known)
    async with as_owner(url) as connection:
        await users.add_user(connection, login, given.name, Role(given.role), password)
    say(f"{login} is {given.name}, {given.role}.")
    _show(given, password)
    return 0


async def _set_password(url: URL, given: argparse.Namespace) -> int:
    password = _password(given, ask=True) or ""
    async with as_owner(url) as connection:
        await users.set_password(connection, given.login, password)
    say(f"{given.login} has a new password.")
    _show(given, password)
    return 0


def _password(given: argparse.Namespace, *, ask: bool) -> str | None:
    if given.generate:
        return passwords.made()
    if given.password_file is not None:
        return passwords.read_from(given.password_file, given.login)
    return passwords.asked(given.login) if ask else None


def _show(given: argparse.Namespace, password: str | None) -> None:
    if given.generate:
        say(f"Password, shown this once: {password}")


async def _disable(url: URL, given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        await users.disable_user(connection, given.login)
    say(f"{given.login} is disabled and may do nothing from now on.")
    return 0


async def _enable(url: URL, given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        await users.enable_user(connection, given.login)
    say(f"{given.login} may sign in again.")
    return 0


async def _list_users(url: URL, _given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        found = await users.list_users(connection)
    for account in found:
        since = (
            f"disabled {local(account.disabled_at):%d %b %Y} {wall_time(account.disabled_at)}"
            if account.disabled_at
            else ""
        )
        parts = (f"{account.login:<20}", f"{account.role.value:<11}", f"{account.display_name:<24}", since)
        say("  ".join([*parts, account.trouble]).rstrip())
    if not found:
        say('Nobody yet. Add somebody: main.py admin add-user LOGIN --name "..." --role dispatcher')
    return 0


async def _add_device(url: URL, given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        token = await devices.add_device(connection, given.device, given.van)
    say(f"{given.device} speaks for {given.van.upper()}.")
    say(f"Token, shown this once: {token}")
    return 0


async def _list_devices(url: URL, _given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        found = await known_devices(connection)
        stays = [await stays_of(connection, one.device_id) for one in found]
    for one, before in zip(found, stays, strict=True):
        heard = f"heard {_when(one.heard_at)}" if one.heard_at else "not heard today"
        state = f"{heard}{', shown' if one.shown else ''}" if one.active else "switched off"
        say(f"{one.callsign:<10}  {one.device_id:<24}  {state}")
        for stay in before:
            until = f"until {_when(stay.until)}" if stay.until else "until now"
            say(f"{'':<10}  {stay.name:<24}  {stay.callsign} from {_when(stay.since)} {until}")
    if not found:
        say("No device yet. Add one: main.py admin add-device NAME --van CALLSIGN")
    return 0


def _when(at: datetime) -> str:
    return f"{local(at):%d %b %Y} {wall_time(at)}"


async def _move_device(url: URL, given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        van_id = await devices.van_called(connection, given.van)
        await do.run(connection, do.MoveDevice(device_id=given.device, van_id=van_id))
    say(f"{given.device} speaks for {given.van.upper()} from now on.")
    return 0


async def _rename_device(url: URL, given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        await do.run(connection, do.RenameDevice(device_id=given.device, new_id=given.new))
    say(f"{given.device} is {given.new} from now on.")
    return 0


async def _disable_device(url: URL, given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        await do.run(connection, do.SwitchOffDevice(device_id=given.device))
    say(f"{given.device} is switched off.")
    return 0


async def _enable_device(url: URL, given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        await do.run(connection, do.SwitchOnDevice(device_id=given.device))
    say(f"{given.device} is switched on.")
    return 0


async def _renew_token(url: URL, given: argparse.Namespace) -> int:
    token = new_token()
    async with as_owner(url) as connection:
        await do.run(connection, do.RenewToken(device_id=given.device, digest=digest_of(token)))
    say(f"{given.device} has a new token; the old one has ended.")
    say(f"Token, shown this once: {token}")
    return 0


def _moment(typed: str) -> datetime:
    read = datetime.fromisoformat(typed)
    return read if read.tzinfo else read.replace(tzinfo=LONDON)


async def _approve_tool(url: URL, given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        await versions.approve(connection, given.version, given.name, given.profession)
    say(f"Version {given.version} is approved by {given.name}, {given.profession}.")
    return 0


async def _ask_tool(url: URL, given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        await versions.bring_into_force(connection, given.version, given.at)
    since = f"{local(given.at):%d %b %Y} {wall_time(given.at)}" if given.at else "now"
    say(f"Version {given.version} is asked from {since} on.")
    return 0


async def _check(url: URL, _given: argparse.Namespace) -> int:
    well = True
    async with explained():
        async for line in check(url):
            say(str(line))
            well = well and line.ok
    return 0 if well else 1
