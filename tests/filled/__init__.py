"""A record of years, made by code in seconds: what plans, upgrades and benchmarks are tried on."""

from tests.filled.filling import TABLES, fill
from tests.filled.sizes import CI, MILLION, Size

__all__ = ["CI", "MILLION", "TABLES", "Size", "fill"]
