"""What a shift lead reads of the settings: each with its meaning, its bounds, and who set it when."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_SETTINGS = text(
    "SELECT r.name, r.value, r.unit, r.meaning, r.author, r.dated, b.low, b.high"
    " FROM cru.rule r, cru.rule_bounds(r.name, r.unit) b WHERE r.active ORDER BY r.meaning"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that the program goes by.

    Attributes:
        unit: share, minutes, hours, people, or yes or no (1 or 0).
        author: the login that set it, or the set that it came with.
        low: the least that the record takes; None where it holds no bound.
        high: the most.
    """

    name: str
    value: float
    unit: str
    meaning: str
    author: str
    dated: date
    low: float | None
    high: float | None


async def settings(connection: AsyncConnection) -> list[Setting]:
    """Every setting in use, by its meaning. For a shift lead.

    Raises:
        NotAllowed: somebody else asks.
    """
    return [Setting(*row) for row in await connection.execute(_SETTINGS)]
