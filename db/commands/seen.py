"""What a change was made from: nobody undoes what somebody else did while a sheet was open."""

from collections.abc import Mapping

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.rules import DELIVERED
from db.domain.texts import bare, paragraphs
from db.errors import Conflict
from db.names_of import told_name


def refuse_unseen(what: str, row: RowMapping, before: Mapping[str, object]) -> None:
    """Refuse a change that was made from something else than what is there now.

    Args:
        what: is changed, as a sentence begins.
        row: as it is now, under a lock.
        before: what was shown when the change was begun, by column; empty where nobody says.

    Raises:
        Conflict: says what is otherwise now.
    """
    other = [
        f"{name.replace('_', ' ')} {_words(row[name])}"
        for name, value in before.items()
        if _read(row[name]) != _read(value)
    ]
    if other:
        raise Conflict(f"{what} was changed meanwhile: {', '.join(other)}.", "Look at it again.")


async def meanwhile(connection: AsyncConnection, login: str, did: str) -> Conflict:
    """A conflict that says who was first, such as ``B. Okafor changed it meanwhile``.

    Args:
        connection: the transaction in progress.
        login: of whoever it was; what came with the record was set by nobody.
        did: what they did, such as ``"changed it"``.
    """
    who = "Somebody" if login in {"", DELIVERED} else await told_name(connection, login)
    return Conflict(f"{who} {did} meanwhile.", "Look at it again.")


def _read(value: object) -> object:
    """As a console reads it: what nobody sees in a text is no difference."""
    if isinstance(value, str):
        return paragraphs(value)
    return [_read(one) for one in value] if isinstance(value, list | tuple) else value


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " and ".join(map(_words, value)) or "none"
    return bare(str(value)) or "none"
