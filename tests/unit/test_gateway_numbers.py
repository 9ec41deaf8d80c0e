"""The numbers that the gateway is tuned with, in one table: each was looked at or measured."""

from datetime import timedelta

import pytest

from db.gateway import area, choice, cli, connections, queue, requests, roster, salvage, sanity
from db.gateway.limits import Limits
from db.gateway.payloads import crying, deep, lines, objects, reading
from db.geo import boundary


@pytest.mark.parametrize(
    ("numbers", "chosen"),
    [
        # Kilometres beyond the county that a van conveys to; of how many places one is written down wrongly.
        ((area._BEYOND_KM, boundary._FEW_OF), (60, 50)),
        # Which of two devices of a van is believed: how much better, for how long, and how much that may change.
        ((choice.CLEARLY, choice.CLEARLY_M, choice.BETTER_TIMES), (0.7, 10, 6)),
        ((choice.SILENT_AFTER, choice.BETTER_FOR), (timedelta(seconds=60), timedelta(seconds=30))),
        ((choice.APART_M, choice.UNKNOWN_M, choice._SENSELESS_M), (500, 50, 500)),
        ((choice._MS, choice._NEWEST, choice._MOST_CHANGES), (2, 0.2, 50)),
        # What no van does: km/h, metres of drift, metres of accuracy; what is said so often is so.
        ((sanity.FASTEST_KMH, sanity.DRIFT_M, sanity.POOR_M, sanity.BELIEVED_AFTER), (250, 300, 5000, 3)),
        # Seconds that whoever connects has; connections, and files that the gateway keeps for itself.
        ((connections.HEADERS_WITHIN, connections.HANDSHAKE_WITHIN, connections.IDLE_WITHIN), (10, 10, 30)),
        ((connections.MOST, connections._OURS, connections._FEW), (4000, 128, 200)),
        ((connections._AT_ONCE, connections._WAITING), (16, 1024)),
        # Seconds for a body; how much of one too many is read away; fields of a form.
        ((requests.BODY_WITHIN, requests.MOST_THROWN_AWAY, requests.MOST_FIELDS), (10, 33_554_432, 500)),
        # A quarter of a second gathers a batch. Alarms go straight, and always find room.
        ((queue.BATCH_EVERY, queue.BATCH_MOST), (0.25, 500)),
        ((queue.ROOM_FOR_ALARMS, queue.STRAIGHT_WITHIN, queue._RETRY_AFTER), (1000, 5, (0.25, 0.5, 1, 2))),
        # How soon a device that is new, moved or off is known, also where no notice comes.
        ((roster.RELOAD_EVERY, roster.ASK_AGAIN_AFTER), (30, 2)),
        ((roster.PING_EVERY, roster.CONNECT_AGAIN_AFTER), (1.5, 0.5)),
        ((salvage._MOST_UNREADABLE, cli._RUBBISH_FIRST), (100_000, 10_000)),
        # What a fix is read from at most.
        (
            (lines.MOST_LINES, deep.MOST_PLACES, reading.LONGEST_TEXT, objects.MOST_BROKEN),
            (10_000, 10_000, 8192, 50),
        ),
        ((Limits().body, Limits().device_body), (65_536, 1_048_576)),
        ((reading.MOST_ATTRIBUTES, reading.LONGEST_WORD, reading.DEEPEST), (64, 256, 6)),
        ((crying._LONGEST_KIND, crying._LONGEST_FIELD), (24, 40)),
        ((crying._FEWEST_LETTERS, crying._LONGEST_END, crying._MOST_PRESSES), (2, 500, 100)),
        ((reading.KMH_A_KNOT, reading.KMH_A_MS), (1.852, 3.6)),
    ],
)
def test_what_is_tuned_is_as_it_was_chosen(numbers: object, chosen: object) -> None:
    assert numbers == chosen


@pytest.mark.parametrize(("letters", "found"), [(8192, 1), (8193, 0)])
def test_in_a_longer_text_no_place_is_looked_for(letters: int, found: int) -> None:
    place = '{"lat": 52.24, "lon": -0.9}'
    assert len(deep.places({"data": place.ljust(letters)})) == found


def test_batches_keep_their_beat_however_slow_the_record_is() -> None:
    waits = {took: queue.pause_after(took) for took in (0.0, 0.1, 0.25, 3.0)}
    assert waits == {0.0: 0.25, 0.1: pytest.approx(0.15), 0.25: 0.0, 3.0: 0.0}
