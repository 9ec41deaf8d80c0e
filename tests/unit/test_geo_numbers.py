"""The numbers that maps, names and roads are tuned with, in one table: each was looked at or measured."""

import pytest

from db.geo import geofence, route_cli
from db.geo.builder import clip, download, pack, postcode_areas, tables, thin
from db.geo.roads import graph, snap, turning
from db.geo.schematic import draw
from db.geo.search import (
    answering,
    any_area,
    gazetteer,
    meanings,
    names,
    numbered,
    position_answers,
    postcode_answers,
    service_area,
    towns_said,
    word_index,
)


@pytest.mark.parametrize(
    ("number", "chosen"),
    [
        # A van beyond that is off the map; within that of a junction it may still choose its way.
        (graph._OUTSIDE_METRES, 2500),
        (graph._CORNER_METRES, 25),
        ((graph._SCENES_KEPT, graph._TOWNS_KEPT), (32, 48)),
        # How far beyond a turn lanes are looked at, and how many; what is no way and no leg of one, in kilometres.
        ((turning._NEAR_METRES, turning._MOST_MORE), (150, 3)),
        ((route_cli._SHORTEST_KM, route_cli._NOTHING_KM), (0.05, 0.005)),
        # A fix that is poorer than that is no arrival, and of a poor one no more than that is forgiven.
        ((geofence.ACCURACY_CAP_M, geofence.TOO_POOR_M), (50, 200)),
        ((geofence.SLOW_KMH, geofence.FIXES_TO_LEAVE), (15, 2)),
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
        # When a word is another one, or its beginning; a first letter is seldom the slip.
        ((answering._CLOSE, answering._BEGUN_LETTERS, answering._BEGUN_PART), (0.78, 6, 0.6)),
        ((answering._SHORT_WORD, answering._OTHER_FIRST), (4, 0.9)),
        # What a town that was said is worth, and what is lost by words that answer to nothing.
        ((meanings._WEIGHED, meanings._LEVEL_WORTH, meanings._ALL_WORTH, meanings._IN_TOWN), (30, 0.12, 0.2, 0.2)),
        ((meanings._ELSEWHERE, meanings._DROPPED, meanings._UNSAID, meanings._TOWN_ONLY), (0.45, 0.08, 0.2, 0.9)),
        # How near two of a name are one, roads that meet are a crossing, and a district is one's own.
        ((meanings._SAME_PLACE_METRES, meanings._SAME_NAME_METRES), (400, 1500)),
        ((meanings._CROSSING_METRES, meanings._DISTRICT_METRES, meanings._HOUSE_NAME_WORDS), (800, 20_000, 5)),
        ((numbered._LONGEST, numbered._ALONG_KM, numbered._MEET_METRES), (9, 3, 1500)),
        ((gazetteer._PASSED_METRES, gazetteer._SAME_SITE_METRES, gazetteer._TWIN_METRES), (3000, 1000, 4000)),
        # Of which towns a name may be a misspelt one.
        ((towns_said._MOST_WORDS, towns_said._ALIKE, towns_said._MISSPELT_LETTERS), (4, 0.8, 5)),
        ((towns_said._AROUND_KM, towns_said._OF_THAT_NAME), (45, 3)),
        # How near a pin must lie to be told by it; how near a postcode, and how many slips a typed one may have.
        ((position_answers._SURE_METRES, position_answers._FAR_METRES), (100, 50_000)),
        ((postcode_answers._CLOSE_BY_METRES, postcode_answers._TOWN_METRES), (3000, 5000)),
        ((postcode_answers._MOST_SLIPS, postcode_answers._SLIP), (4, 1.95)),
        ((any_area._EACH, any_area._MOSTLY, service_area._FARTHEST_METRES), (5, 0.5, 6000)),
        # The map without a pack: cells in metres, how dense a village is, how far a district's land reaches.
        ((draw._DISTRICT_CELL, draw._BUILT_UP_CELL), (500, 150)),
        ((draw._BUILT_UP_DENSITY, draw._FARTHEST), (0.32, 4000)),
        # The builder: which names and sites are one; how far an area reaches beyond its postcodes, how few lie
        # outside; what a tile shows beyond its edge, how often a line is thinned, how long a download takes.
        ((pack._NEAR_METRES, tables._APART_METRES), (1000, 400)),
        ((postcode_areas._MARGIN, postcode_areas._SHARE), (1000, 0.001)),
        ((clip.BUFFER, thin._PASSES, download._TIMEOUT_S), (64, 6, 30)),
    ],
)
def test_what_is_tuned_is_as_it_was_chosen(number: object, chosen: object) -> None:
    assert number == chosen
