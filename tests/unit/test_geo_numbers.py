"""The numbers that maps, names and roads are tuned with, in one table: each was looked at or measured."""

import pytest

from db.geo.roads import graph, snap
from db.geo.schematic import draw
from db.geo.search import names, word_index


@pytest.mark.parametrize(
    ("number", "chosen"),
    [
        # A van beyond that is off the map; within that of a junction it may still choose its way.
        (graph._OUTSIDE_METRES, 2500),
        (graph._CORNER_METRES, 25),
        (graph._SCENES_KEPT, 32),
        # How closely roads are sampled, how many samples are looked at, and how shy a car-park aisle is.
        (snap._SAMPLE_METRES, 100),
        (snap._CANDIDATES, 12),
        (snap._AISLE_METRES, 15),
        # Which town is said with a name; which answers are too poor, are doubted, lie too far behind.
        (names._TOWN_KM, 9),
        (names._TOWNS_SAID, 4),
        ((names._LEAST, names._DOUBTFUL, names._BEHIND_BEST), (0.45, 0.6, 0.72)),
        # How alike words must be, what one typed word may stand for, and what the words beside it are worth.
        ((word_index._ALIKE, word_index._ALIKE_SHORT, word_index._SHORT), (0.66, 0.74, 5)),
        ((word_index._MOST_MEANT, word_index._MOST_SPELLINGS), (120, 24)),
        ((word_index._CONTEXT_WORTH, word_index._CONTEXT_FIRST, word_index._WHOLE_PART), (0.9, 0.8, 0.75)),
        # The map without a pack: cells in metres, how dense a village is, how far a district's land reaches.
        ((draw._DISTRICT_CELL, draw._BUILT_UP_CELL), (500, 150)),
        ((draw._BUILT_UP_DENSITY, draw._FARTHEST), (0.32, 4000)),
    ],
)
def test_what_is_tuned_is_as_it_was_chosen(number: object, chosen: object) -> None:
    assert number == chosen
