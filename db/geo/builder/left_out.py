"""What a builder left out of an extract, counted by reason, so that nobody has to guess what is missing."""

from collections import Counter


class LeftOut(Counter[str]):
    """How many by reason; a reason begins with what was left out, in the singular: ``road: shut to vans``."""

    def lines(self) -> list[str]:
        """One line a reason, the most first: ``3 roads: shut to vans``."""
        return [f"{count:,} {_counted(reason, count)}" for reason, count in self.most_common() if count]


def _counted(reason: str, count: int) -> str:
    thing, _, why = reason.partition(": ")
    if count == 1:
        return reason
    many = {"ferry": "ferries", "piece of road": "pieces of road"}.get(thing, f"{thing}s")
    return f"{many}: {why}"
