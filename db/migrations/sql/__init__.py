"""SQL kept as SQL: what Alembic's operations cannot say."""

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_only

_HERE = Path(__file__).resolve().parent


def run(revision: str, first: int, last: int) -> None:
    """Run a revision's files whose leading number lies between ``first`` and ``last``, in order.

    The files hold many statements each, which a prepared statement refuses, so they go to the driver directly,
    inside the migration's own transaction.
    """
    bind = op.get_bind()
    bind.exec_driver_sql("SELECT 1")
    driver = bind.connection.driver_connection
    if driver is None:
        raise RuntimeError("a migration needs a live connection")
    for file in sorted((_HERE / revision).glob("*.sql")):
        if first <= int(file.name[:2]) <= last:
            await_only(driver.execute(file.read_text("utf-8")))
