"""Who a login is, in what a person reads: a sentence names a person, never a login."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.texts import paragraphs


def name_of(column: str) -> str:
    """The SQL of the display name behind a column with a login; whatever else stands in it stays as it is."""
    found = f"(SELECT u.display_name FROM cru.user_account u WHERE u.login = {column})"  # noqa: S608 - of ours
    return f"coalesce({found}, {column})"


async def told_name(connection: AsyncConnection, login: str) -> str:
    """The name of a login, as a sentence of the record has it; the login, where nobody has it."""
    return paragraphs((await connection.execute(_NAME, {"login": login})).scalar_one())


_NAME = text(f"SELECT {name_of('CAST(:login AS text)')}")
