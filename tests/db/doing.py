"""What a dispatcher does by commands, in the tests that look at it from a psql prompt."""

from db import commands
from db.commands import Command
from db.engine import connect
from tests.db.psql import Psql


async def does(psql: Psql, *given: Command, login: str = "a.shah") -> None:
    """Carry commands out as somebody, one after the other."""
    engine = connect(psql.record.url(login), answer_within=60)
    try:
        for command in given:
            await commands.execute(engine, command)
    finally:
        await engine.dispose()
