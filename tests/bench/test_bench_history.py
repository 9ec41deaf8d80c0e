"""The days before a practice shift, put into its record. ``CRU_BENCH_DAYS`` fills another number of them."""

import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.exercise.database import prepare
from db.exercise.settings import PracticeHost, ShiftPlan
from tests.bench.table import row
from tests.db.practice import cache, where

__all__ = ["cache", "where"]
pytestmark = pytest.mark.bench
DAYS = int(os.environ.get("CRU_BENCH_DAYS", "28"))


async def test_history(where: PracticeHost, cache: Path) -> None:
    plan = ShiftPlan(start=datetime(2026, 11, 22, 19, 30, tzinfo=UTC), cache_dir=cache, seed=4)
    took = []
    for days in (0, DAYS):
        begun = time.perf_counter()
        await prepare(where, replace(plan, history_days=days))
        took.append(time.perf_counter() - begun)
    bare, filled = took
    row(
        f"a practice record with {DAYS} days before its shift",
        f"{filled:.0f} s",
        "120 s for 28 days",
        f"{bare:.0f} s without any",
    )
