"""Which logins of the record have a password that anybody would try first, as far as the owner may see.

What a server keeps of a password is no secret to whoever may read it and guesses right: so the owner guesses
first. A login sets its own password with psql, where no rule of this program is asked.
"""

import asyncio
import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.admin.common_passwords import likely
from db.admin.passwords import verifier

_SCRAM = re.compile(r"SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)")
_MAY_LOOK = text("SELECT has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT')")
_KEPT = text(
    "SELECT u.login, u.display_name, a.rolpassword FROM cru.user_account u JOIN pg_authid a ON a.rolname = u.login"
    " WHERE u.disabled_at IS NULL AND a.rolcanlogin AND a.rolpassword IS NOT NULL ORDER BY u.login"
)


@dataclass(frozen=True, slots=True)
class WeakLogins:
    """What was found, by login.

    Attributes:
        common: whose password is one of those tried first.
        old: of whose password the server keeps an MD5, which is guessed fast and signs in by itself.
    """

    common: tuple[str, ...]
    old: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptPassword:
    """What the server keeps of a login's password, and the name that others read."""

    login: str
    name: str
    kept: str


async def kept_passwords(connection: AsyncConnection) -> list[KeptPassword] | None:
    """Of each user who may sign in, by login; None if this owner may not see them."""
    if not (await connection.execute(_MAY_LOOK)).scalar_one():
        return None
    return [KeptPassword(row.login, row.display_name, row.rolpassword) for row in await connection.execute(_KEPT)]


async def weak_logins(passwords: Sequence[KeptPassword]) -> WeakLogins:
    """Try the likely passwords on each. It takes about a third of a second a login: not inside a transaction."""
    with ThreadPoolExecutor(4) as pool:
        loop = asyncio.get_running_loop()
        fits = [loop.run_in_executor(pool, is_guessed, one.kept, one.login, one.name) for one in passwords]
        found = await asyncio.gather(*fits)
    common = tuple(one.login for one, guessed in zip(passwords, found, strict=True) if guessed)
    return WeakLogins(common, tuple(one.login for one in passwords if one.kept.startswith("md5")))


def is_guessed(kept: str, login: str, name: str) -> bool:
    """Whether one of the likely passwords fits what a server keeps (a SCRAM verifier, or an MD5)."""
    return any(_fits(kept, login, one) for one in likely(login, name))


def _fits(kept: str, login: str, password: str) -> bool:
    parts = _SCRAM.fullmatch(kept)
    if parts is None:
        # As PostgreSQL made it before 10; it guards nothing here.
        digest = hashlib.md5((password + login).encode(), usedforsecurity=False).hexdigest()
        return hmac.compare_digest(kept, f"md5{digest}")
    made = verifier(password, base64.b64decode(parts[2]), int(parts[1]))
    return hmac.compare_digest(kept, made)
