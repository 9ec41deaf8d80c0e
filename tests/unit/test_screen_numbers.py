"""How long the screen waits, how often it looks and how much it keeps, in one table."""

from datetime import timedelta

import pytest

from console.map import kept_page, renderer, scheme, tiles
from console.map import view as map_view
from console.running import aside, faults, tasks
from console.start import app, garbage, keeping, outbox_seat, remembering, seat, source, startup
from console.views.alarms import page as alarms
from console.views.desk import leaving
from console.views.desk import page as desk
from console.views.detail import care_section, happenings, next_bar, ranker, reader, talk_section
from console.views.form import calls, likely, offering, place_box
from console.views.form import keeping as form_keeping
from console.views.form import page as form
from console.views.inbox import page as inbox
from console.views.lead import asking, ranges, reading, what_if
from console.views.lists import care, measures
from console.views.lock import lock
from console.views.map import address, arrival_offer, search
from console.views.person import lines
from console.views.replay import player
from console.views.room import handover_page
from console.views.sheets import planned, wishes
from console.views.status import alarm_button, parts
from console.views.timeline import book, panel, stories
from console.views.vans import panel as vans
from console.views.vans import sheets as van_sheets
from console.views.wall import page as wall


@pytest.mark.parametrize(
    ("number", "chosen"),
    [
        # Milliseconds: every panel is told that time passes; an age that was typed; the wall, the room, the inbox.
        ((desk.TICK_MS, inbox.TICK_MS, wall._BEAT_MS), (1000, 1000, 1000)),
        ((form.AGE_EVERY_MS, wall._FIGURES_MS, handover_page._EVERY_MS), (10_000, 60_000, 15_000)),
        # A second try leaves all the same, and a second press means it; one that comes too soon was meant for
        # what stood there before.
        ((leaving.AGAIN_WITHIN_MS, vans._CONFIRM_WITHIN), (8000, 5000)),
        ((arrival_offer.ARMED_AFTER_MS, alarm_button._FLASH_MS), (400, 400)),
        # Nobody is asked for each letter; who rests on a referral has read it.
        ((place_box.SUGGEST_AFTER_MS, reader.DWELL_MS, reader._KEEP), (60, 1000, 50)),
        ((ranker.AGAIN_AFTER, address.MOST_WAYS), (3, 3)),
        ((stories.AT_ONCE, stories.KEPT, stories.AGAIN_AFTER), (12, 1500, 10)),
        ((likely.PAUSE_MS, form_keeping.KEEP_AFTER_MS, calls.TICK_MS), (120, 2000, 1000)),
        ((panel.SETTLED, book.TURN, lock.PAUSE_MS), (120, 0.008, 1000)),
        # So many are shown; the rest stands in a menu, a list or a window of its own.
        ((happenings._SHOWN, care_section._MOST, next_bar._MOST, talk_section._MOST), (3, 4, 5, 5)),
        ((parts._CHIPS, offering._MOST_WORDS, handover_page._MOST_CAME, search._MOST), (3, 3, 3, 7)),
        ((what_if._KEPT, wishes._MOST, lines.PAGE), (12, 9, 100)),
        ((care._MOST, measures._MOST, planned._MOST), (500, 1000, 100_000)),
        ([span for _, span in alarms._PERIODS], [timedelta(days=days) for days in (0, 1, 7, 28, 92, 366)]),
        ((ranges.LONGEST, van_sheets._MEAL_MINUTES), (1100, 30)),
        # What takes longer is told, and what takes far too long is given up.
        ((asking._TELL, asking._SLOW, asking._WITHIN, reading._SLOW), (0.25, 1, 120, 1)),
        ((player.TICK_MS, player.SPEEDS), (250, (1, 10, 30, 60))),
        # What ended is started again: soon, and then less and less often.
        ((tasks.PAUSES, tasks.WELL_AFTER), ((0.2, 0.5, 1, 2, 5), 30)),
        ((tasks.QUIET_FOR, tasks.STOP_WITHIN, faults.QUIET_FOR), (60, 5, 60)),
        ((aside.MOST_OVERDUE, aside.END_WITHIN), (3, 2)),
        ((keeping.BEAT_EACH, keeping.HUNG_AFTER, keeping.WAITS), (5, 60, (1, 2, 5, 15, 30))),
        # The page of the map: its beats, how many may be missed, and how long it is left in peace.
        ((renderer.BEAT_MS, renderer.MOST_MISSED), (2000, 3)),
        ((renderer.MOST_MISSED_HIDDEN, renderer.MOST_LOADING), (15, 15)),
        ((renderer.PAUSES_MS, renderer.SLOW_MS), ((250, 500, 1000, 2000, 5000), 30_000)),
        ((kept_page._MOST, scheme._REMEMBERED), (8, 200)),
        ((tiles._HEADER_BYTES, tiles._MAX_DEPTH, tiles._KEPT_LEAVES), (127, 4, 32)),
        ((renderer.MOST_IN_A_ROW, renderer.WELL_AFTER, map_view.FRAME_MS), (5, 30, 60)),
        # From the start to the board, and to the end; how large a log grows.
        ((seat.BOARD_WITHIN, source.CLOSE_WITHIN, app.WALL_TRIES_EACH), (10, 20, 10)),
        ((seat.SEAL_AFTER, keeping._SOON, remembering.WITHIN), (5, 60, 30)),
        ((outbox_seat.KEY_WITHIN, outbox_seat.READ_WITHIN), (30, 20)),
        ((outbox_seat.BOARD_FIRST, outbox_seat.AGAIN_AFTER), (3, 1)),
        ((garbage.LOOK_EVERY_MS, garbage.SETTLED_AFTER_MS, startup._LOG_BYTES), (500, 15_000, 2_000_000)),
    ],
)
def test_what_was_chosen_is_as_it_was(number: object, chosen: object) -> None:
    assert number == chosen
