"""Rows of the benchmark table: measured, target, and a baseline from the same run."""

from collections.abc import Sequence
from statistics import quantiles


def row(name: str, measured: str, target: str, baseline: str) -> None:
    """Print one row."""
    print(f"\n| {name} | {measured} | {target} | {baseline} |")  # noqa: T201 - the table is what this run is for


def percentile(values: Sequence[float], percent: int) -> float:
    """A percentile of at least two values."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def ms(seconds: float) -> str:
    """Milliseconds with a sensible number of digits."""
    return f"{seconds * 1000:.3g} ms"
