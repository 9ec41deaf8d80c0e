"""How somebody may describe their ethnicity: the categories of a shipped file, each with its group."""

import tomllib
from dataclasses import dataclass
from functools import cache

import resources


@dataclass(frozen=True, slots=True)
class EthnicCategory:
    """One category: its code in the NHS Data Dictionary, its name, and the group that the record keeps."""

    code: str
    label: str
    group: str


@cache
def categories() -> tuple[EthnicCategory, ...]:
    """All of them, in the order of the file."""
    rows = tomllib.loads(resources.path("reference/ethnic-categories.toml").read_text("utf-8"))
    return tuple(EthnicCategory(**row) for row in rows["category"])
