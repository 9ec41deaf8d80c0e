"""How the rows of a filled record are said, and whose they are: a row a referral."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

JOB: Final = """
CREATE TEMPORARY TABLE job AS SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS van_job,
    now() - interval '{years} years' * (1 - n::float8 / {n}) - interval '2 minutes' AS at,
    5 + 70 * (n * 7919 % 1000 / 1000.0) ^ 2 AS wait, n > {n} - 40 AS is_open,
    n % 9 = 0 AND n % 100 <> 50 AND n <= {n} - 40 AS is_declined, n % 100 = 50 AND n <= {n} - 40 AS is_error,
    -- Every two-hundredth is of somebody who comes again and again.
    CASE WHEN n % 200 = 0 THEN n / 200 % 500 ELSE n * 7919 % {people} END AS p, n % {vans} AS van
FROM generate_series(1::bigint, {n}) n
"""
VANS: Final = "(SELECT id, row_number() OVER (ORDER BY callsign) - 1 AS k FROM cru.van WHERE callsign LIKE 'T%') v"
SENT: Final = f"job JOIN {VANS} ON v.k = job.van WHERE NOT (is_declined OR is_open OR is_error)"
"""Those to whom a van went, with the van."""
ENDED: Final = "job WHERE NOT (is_open OR is_error)"
LATELY: Final = "n > {n} - 2000"
"""The newest."""


def own(key: str) -> str:
    """A word of letters that few texts have beside this one."""
    return f"left(translate(md5(({key})::text), '0123456789', 'ghijklmnop'), 30)"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table. Both parts are SQL; a column is given as its name and what it holds."""

    table: str
    source: str
    columns: Mapping[str, str]
