"""The versions of the screening tool, read with their life."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.clocks import local
from db.domain.reference import (
    Approval,
    Branch,
    NewsBand,
    ObservationLimit,
    ScreeningItem,
    ScreeningTool,
    TriageLetter,
)
from db.domain.texts import paragraphs
from db.listed import listed

_Found = Mapping[int, list[Any]]


async def tools_of(connection: AsyncConnection) -> Mapping[int, ScreeningTool]:
    """Every version by its number, drafts too."""
    items = await _by_version(connection, "screening_item", "ordinal")
    lives = await _by_version(connection, "tool_life", "id")
    limits = await _by_version(connection, "tool_limit", "measure")
    bands = await _by_version(connection, "news_band", "ordinal")
    letters = await _by_version(connection, "tool_letter", "letter")
    branches = await _by_version(connection, "tool_branch", "key")
    return {
        row.version: ScreeningTool(
            row.version,
            row.signed_by,
            tuple(map(_item, items[row.version])),
            row.title,
            row.author,
            row.dated,
            tuple(map(_approval, _steps(lives[row.version], "approved"))),
            min((step.from_at for step in _steps(lives[row.version], "in force")), default=None),
            min((step.from_at for step in _steps(lives[row.version], "retired")), default=None),
            tuple(ObservationLimit(one.measure, one.low, one.high) for one in limits[row.version]),
            tuple(NewsBand(one.measure, one.low, one.high, one.points) for one in bands[row.version]),
            tuple(
                TriageLetter(one.letter, one.meaning, one.soon, one.goes_to, one.meanwhile)
                for one in letters[row.version]
            ),
            tuple(Branch(one.key, one.title, one.asked_when) for one in branches[row.version]),
        )
        for row in await listed(connection, "screening_tool")
    }


async def _by_version(connection: AsyncConnection, table: str, order: str) -> _Found:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in await listed(connection, table, f"ORDER BY {order}"):
        found[row.tool_version].append(row)
    return found


def _item(row: Row[Any]) -> ScreeningItem:
    return ScreeningItem(
        row.key,
        row.section,
        row.text,
        tuple(row.watch_words),
        row.spoken,
        row.source,
        row.rationale,
        row.owner,
        row.review_on,
        row.alone,
        row.no_override,
        row.branch,
    )


def _steps(life: list[Row[Any]], step: str) -> list[Row[Any]]:
    return [row for row in life if row.step == step]


def _approval(row: Row[Any]) -> Approval:
    return Approval(paragraphs(row.name), paragraphs(row.profession), local(row.from_at).date())
