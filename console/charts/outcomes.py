"""How it ended: a bar an outcome, the most frequent first, each with n of N. Pure: no Qt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from console.charts import axes
from console.charts.chart import FEWEST_LANES, Box, Chart, ChartMark, ChartRoom, ChartTable, TableRow, lane_box
from db.domain.measures import share_in_words

NAME: Final = "How it ended"
EMPTY: Final = "No referral has ended in this time."
_LANE: Final = 20
"""Pixels that a bar needs, at the size of dots that a chart has at 100 % text (9 px)."""


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """An outcome and the referrals that ended so."""

    label: str
    ids: tuple[UUID, ...]

    @property
    def n(self) -> int:
        """How many."""
        return len(self.ids)


def outcomes(counts: Sequence[OutcomeCount], room: ChartRoom) -> Chart:
    """Lay them out; where there is not room for all, the rarest stand together on the last line."""
    found = sorted((one for one in counts if one.n), key=lambda one: (-one.n, one.label))
    total = sum(one.n for one in found)
    table = ChartTable.of(("Outcome", "Referrals", "Of all"), _rows(found, total))
    if not total:
        return Chart(NAME, "No endings.", table=table, empty=EMPTY)
    shown = _fitting(found, max(2, int(room.height / (_LANE * room.dot / 9))))
    axis = axes.counts(max(one.n for one in shown), 4)
    marks = []
    lanes = max(FEWEST_LANES, len(shown))
    for row, one in enumerate(shown):
        low, high = lane_box(row, lanes, 0.16)
        words = f"{one.label}: {share_in_words(one.n, total)}"
        box = Box(0.0, low, axis.at(one.n), high)
        marks.append(
            ChartMark(box, "bar", "cru", words, beside=share_in_words(one.n, total), row=row, ids=one.ids)
        )
    return Chart(
        NAME,
        _sentence(found, total),
        tuple(marks),
        x_ticks=axis.ticks(),
        lanes=(*(one.label for one in shown), *[""] * (lanes - len(shown))),
        table=table,
    )


def _fitting(found: Sequence[OutcomeCount], lanes: int) -> list[OutcomeCount]:
    if len(found) <= lanes:
        return list(found)
    kept, rest = found[: lanes - 1], found[lanes - 1 :]
    return [*kept, OutcomeCount(f"{len(rest)} others", tuple(id_ for one in rest for id_ in one.ids))]


def _sentence(found: Sequence[OutcomeCount], total: int) -> str:
    first = found[0]
    most = f"most often {first.label}, {share_in_words(first.n, total)}"
    return f"{total} ended, {most}." if len(found) > 1 else f"{total} ended, all of them {first.label}."


def _rows(found: Sequence[OutcomeCount], total: int) -> Iterator[TableRow]:
    for one in found:
        yield (one.label, str(one.n), share_in_words(one.n, total)), one.ids
