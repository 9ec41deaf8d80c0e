"""What a console reads before its board is there goes by tables: to map every class to its table takes long."""

from typing import Any

from sqlalchemy import event

from db import migrate, queries
from db.engine import connect, transaction
from tests.cluster import Record, run


def test_no_class_is_mapped_to_a_table_before_the_board(record: Record) -> None:
    read: list[Any] = []

    async def sign_in() -> None:
        engine = connect(record.url("l.lead"))
        event.listen(engine.sync_engine, "before_execute", lambda _c, what, *_: read.append(what))
        try:
            async with transaction(engine) as connection:
                await migrate.require_current(connection)
                await queries.me(connection)
                await queries.reference_data(connection)
                await queries.clock(connection)
        finally:
            await engine.dispose()

    run(sign_in())
    mapped = [str(what) for what in read if what._propagate_attrs]
    assert len(read) > 20
    assert mapped == []
