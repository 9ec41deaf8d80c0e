"""What an event keeps beside its words, as a person reads it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from db.reports.document import moment_words, shown
from db.tables.labels import LABELS

_ELSEWHERE = frozenset({"answers", "how", "found", "stands", "covers"})
"""What has a table of its own in a report."""


def detail_words(detail: Mapping[str, Any], labels: Mapping[str, str] | None = None) -> str:
    """``holder name: – → AMHP on duty; until: 25 Nov 2026 09:00:00``; ids, which name nothing, are left out.

    Args:
        detail: as the event keeps it.
        labels: what codes are called.
    """
    called = labels or {}
    told = [
        f"{LABELS.get(key) or key.removesuffix('_at').replace('_', ' ')}: {words}"
        for key, value in detail.items()
        if key not in _ELSEWHERE and (words := _words(value, called))
    ]
    return "; ".join(told)


def _words(value: object, called: Mapping[str, str]) -> str:
    if isinstance(value, dict):
        if value.keys() == {"from", "to"}:
            return f"{_words(value['from'], called) or shown(None)} → {_words(value['to'], called) or shown(None)}"
        return detail_words(value, called)
    if isinstance(value, list):
        return ", ".join(words for one in value if (words := _words(one, called)))
    told = "" if value is None or _is_id(str(value)) else _said(str(value))
    return called.get(told, told)


def _said(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment_words(moment) if moment.tzinfo is not None else text


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
