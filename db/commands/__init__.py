"""One async function a verb; the caller owns the transaction. The only way in to the record.

``execute(engine, command)`` runs one command in a transaction of its own; ``run(connection, command)`` joins one.
The verbs are in :mod:`db.commands.whole`, and come when one is asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.commands.whole import *  # noqa: F403 - the names that it lists
else:
    from db.deferred import names_of

    __getattr__ = names_of("db.commands.whole")
