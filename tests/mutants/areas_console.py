"""What is made wrong on the screen and on the way to it, and which tests answer for it."""

from tests.mutants.group import Group, db, gui, in_folder, unit

NUMBERS = "tests/unit/test_live_numbers.py"
CONSOLE: dict[str, tuple[Group, ...]] = {
    "live": (
        Group(
            ("console/live/store.py", "console/live/sync.py"),
            (NUMBERS, "tests/unit/test_store*.py", "tests/unit/test_sync*.py"),
        ),
        Group(
            ("console/live/actions.py", "console/live/acts.py"),
            (
                NUMBERS,
                "tests/unit/test_acts*.py",
                "tests/gui/test_actions_stateful.py",
                "tests/gui/test_actions_record.py",
            ),
        ),
        Group(("console/live/live_watch.py",), (NUMBERS, "tests/gui/test_live_watch.py")),
        Group(
            ("console/live/alarm_watch.py",),
            ("tests/unit/test_alarm_watch.py", "tests/gui/test_models_tally.py"),
        ),
        Group(
            in_folder("console/live", "alarm_book", "alarm_raiser", "alarms_here", "pulse"),
            (*unit("alarm_book", "alarm_sounds"), *gui("alarms")),
        ),
        Group(in_folder("console/live", "touched"), (*unit("store"), *gui("alarms"))),
        Group(in_folder("console/live", "again"), gui("read_again")),
        Group(in_folder("console/live", "cover"), (*unit("cover"), *gui("map_towns"))),
        Group(in_folder("console/live", "arrivals"), gui("arrivals")),
        Group(
            in_folder("console/live", "etas"),
            (*unit("etas", "lane_book"), *gui("trails", "map_marks", "timeline_panel")),
        ),
        Group(in_folder("console/live", "trails"), gui("trails")),
        Group(in_folder("console/live", "geography"), gui("places_loading", "supervised", "map_marks")),
        Group(in_folder("console/live", "foresight"), (*unit("past_kept", "lane_book"), *gui("foresight"))),
        Group(in_folder("console/live", "lookback"), (*unit("looking_back"), *gui("timeline_panel"))),
        Group(in_folder("console/live", "room_now"), (*unit("past_kept"), *gui("room"))),
        Group(in_folder("console/live", "unread"), gui("unread")),
        Group(in_folder("console/live", "briefs"), (*unit("brief", "reality"), *gui("about_pane"))),
        Group(
            in_folder("console/live", "session", "desk"),
            (*unit("keeper"), *db("connections"), *gui("form_two", "when")),
        ),
        Group(in_folder("console/live", "keeper"), (*unit("keeper"), "tests/e2e/test_own_server_killed.py")),
        Group(("console/live/subjects.py",), ("tests/unit/test_subjects.py",)),
        Group(("console/live/reality.py",), unit("reality", "fix_age")),
        Group(("console/live/undo.py",), ("tests/unit/test_last_act.py", "tests/gui/test_undo.py")),
        Group(
            ("db/follow.py", "db/mirror.py"),
            (NUMBERS, "tests/unit/test_follow_lists.py", "tests/db/test_follow.py"),
        ),
        Group(
            ("db/listener.py", "db/hosts.py"),
            (NUMBERS, "tests/unit/test_hosts*.py", "tests/db/test_follow.py", "tests/db/test_hosts.py"),
        ),
    ),
    "models": (
        Group(
            ("console/models/keyed.py",),
            tuple(f"tests/gui/test_models_{name}.py" for name in ("keyed", "faces", "board")),
        ),
        Group(
            ("console/models/referrals.py",),
            ("tests/gui/test_models*.py", "tests/gui/test_board_panel.py"),
        ),
        Group(
            ("console/models/vans.py", "console/live/joins.py", "console/live/underway.py"),
            ("tests/gui/test_models_watched.py", "tests/gui/test_models_faces.py", "tests/gui/test_vans_rows.py"),
        ),
    ),
    "timeline": (
        Group(
            ("console/timeline/scale.py", "console/timeline/lanes.py"),
            ("tests/unit/test_timeline*.py", "tests/gui/test_timeline_view.py"),
        ),
        Group(
            tuple(
                f"console/timeline/{name}.py"
                for name in ("canvas", "drawing", "input", "legend", "view", "strokes")
            ),
            gui(
                *("timeline_view", "timeline_drawing", "timeline_hands", "timeline_jump", "timeline_table"),
                "timeline_panel",
            ),
        ),
        Group(
            in_folder("console/timeline", "table", "jump"),
            gui("timeline_table", "timeline_jump", "timeline_panel"),
        ),
    ),
    "glue": (
        Group(
            ("console/map/marks.py", "console/map/batch.py"),
            ("tests/unit/test_map_batch.py", "tests/unit/test_map_colours.py", "tests/unit/test_far_times.py"),
        ),
        Group(
            in_folder("console/views/timeline", "lanes", "van_lanes", "book", "marks", "stories", "panel"),
            (*unit("lanes", "van_lanes", "lane_book", "timeline_marks"), *gui("timeline_panel")),
        ),
        Group(in_folder("console/charts", "*"), (*unit("charts"), *gui("charts"))),
        Group(
            in_folder("console/views/lead", "*"),
            (
                *unit("lead_ranges", "lead_pictures"),
                *gui("behind", "lead_parts", "lead_asks", "lead_what_if", "lead"),
            ),
        ),
        Group(in_folder("console/views/room", "voices_page", "lines_window"), gui("afterwards_pages", "voices")),
        Group(
            in_folder(
                "console/views/room",
                "handed_words",
                "handover_page",
                "log_page",
                "printing",
                "review_page",
                "window",
                "writing",
            ),
            (*gui("room_pages", "afterwards_pages", "room"), *db("review")),
        ),
        Group(in_folder("console/views/wall", "*"), (*unit("wall"), *gui("wall_page"), "tests/e2e/test_wall.py")),
        Group(
            in_folder("console/views/detail", "story", "happenings", "unfinished_section"),
            (
                "tests/gui/test_detail_words.py",
                "tests/unit/test_story_words.py",
                "tests/unit/test_next_steps_story.py",
            ),
        ),
        Group(
            ("console/views/vans/row.py",),
            ("tests/gui/test_vans_rows.py", "tests/gui/test_models_faces.py"),
        ),
        Group(
            tuple(
                f"console/views/form/{name}.py"
                for name in ("conflicts", "declining", "offering", "standing", "submission", "topics", "when")
            ),
            tuple(
                f"tests/gui/test_{name}.py"
                for name in (
                    "form_conflicts",
                    "form_declining",
                    "form_branches",
                    "form_said",
                    "form_two",
                    "form",
                    "one_by_one",
                )
            ),
        ),
    ),
    "rota": (
        Group(
            in_folder(
                "console/views/rota",
                "canvas",
                "drawing",
                "window",
                "sheets",
                "side",
                "orders",
                "lists",
                "frame",
                "sending",
                "sheeted",
            ),
            ("tests/gui/test_rota.py",),
        ),
        Group(
            in_folder("console/views/rota", "fleet", "fleet_sheets", "fleet_table"), ("tests/gui/test_fleet.py",)
        ),
        Group(in_folder("console/views/rota", "devices", "device_sheets"), ("tests/gui/test_fleet_devices.py",)),
        Group(
            in_folder("console/views/rota", "settings", "kept*", "list_sheets"), gui("settings", "windows_walk")
        ),
        Group(in_folder("console/views/rota", "once_more", "printing"), gui("rota")),
        Group(
            (
                *in_folder("console/views/command", "*"),
                *in_folder("console/look", "own_keys", "changing_keys", "command_keys"),
                "console/views/desk/typed.py",
                "console/views/vans/orders.py",
            ),
            (*gui("command"), "tests/unit/test_own_keys.py"),
        ),
        Group(in_folder("console/views/rota", "importing"), ("tests/gui/test_import_window.py",)),
    ),
}
