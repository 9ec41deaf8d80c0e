"""The shipped versions of the screening tool, read from their files as they are."""

import tomllib
from functools import cache
from typing import Any

import resources
from db.domain.reference import Branch, NewsBand, ObservationLimit, ScreeningItem, ScreeningTool


@cache
def file_of(version: int) -> dict[str, Any]:
    """The rows of a version's file."""
    return tomllib.loads(resources.path(f"reference/screening/version-{version}.toml").read_text("utf-8"))


@cache
def tool_of(version: int) -> ScreeningTool:
    """A version as the console knows it."""
    rows = file_of(version)
    return ScreeningTool(
        version,
        rows["author"],
        tuple(
            ScreeningItem(**item | {"watch_words": tuple(item.get("watch_words", ()))}) for item in rows["item"]
        ),
        title=rows["title"],
        limits=tuple(ObservationLimit(one["measure"], one.get("low"), one.get("high")) for one in rows["limit"]),
        bands=tuple(
            NewsBand(one["measure"], one.get("low"), one.get("high"), one["points"]) for one in rows["band"]
        ),
        branches=tuple(Branch(one["key"], one["title"], one["when"]) for one in rows.get("branch", ())),
    )


@cache
def first_tool() -> ScreeningTool:
    """Version 1, from the set of Northamptonshire."""
    rows = tomllib.loads(resources.path("reference/northamptonshire.toml").read_text("utf-8"))
    items = (
        ScreeningItem(one["key"], one["section"], one["text"], tuple(one.get("watch_words", ())))
        for one in rows["screening_item"]
    )
    return ScreeningTool(1, "somebody", tuple(items))
