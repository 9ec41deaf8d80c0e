"""The tables of the shared record: in :mod:`db.tables.whole`, when one is asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.tables.whole import *  # noqa: F403 - the names that it lists
else:
    from db.deferred import names_of

    __getattr__ = names_of("db.tables.whole")
