"""Chance that repeats itself."""

from random import Random


def dice(*named: object) -> Random:
    """A generator that throws the same for the same names, such as the shift's seed and what is drawn."""
    return Random(":".join(map(str, named)))  # noqa: S311 - a practice world, nothing to keep secret
