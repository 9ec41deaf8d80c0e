"""What is made wrong on the screen and on the way to it, and which tests answer for it."""

from tests.mutants.areas_glue import GLUE
from tests.mutants.group import Group, db, gui, in_folder, said, unit

NUMBERS = "tests/unit/test_live_numbers.py"
CONSOLE: dict[str, tuple[Group, ...]] = {
    "live": (
        Group(
            ("console/live/store.py", "console/live/sync.py"),
            (NUMBERS, "tests/unit/test_store*.py", "tests/unit/test_sync*.py"),
        ),
        Group(
            in_folder("console/live", "actions", "acts", "one_act"),
            (
                NUMBERS,
                "tests/unit/test_acts*.py",
                "tests/gui/test_actions_stateful.py",
                "tests/gui/test_actions_record.py",
                "tests/gui/test_outbox_stateful.py",
            ),
        ),
        Group(
            in_folder("console/live", "asked", "kept_act", "outbox*", "taking_up", "typed_on_disk"),
            (
                *unit("asked", "outbox", "outbox_folder", "acts_asked"),
                *gui("outbox_stateful", "outbox_desk", "outbox_form", "form_kept_typed"),
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
        Group(in_folder("console/live", "seals", "seal_seen"), unit("seals")),
        Group(in_folder("console/live", "touched"), (*unit("store"), *gui("alarms"))),
        Group(in_folder("console/live", "again"), gui("read_again")),
        Group(in_folder("console/live", "when_read"), gui("when_read", "map_marks")),
        Group(in_folder("console/live", "presence", "talk"), (*unit("messages"), *gui("talk"))),
        Group(in_folder("console/live", "cover", "fresh"), (*unit("cover"), *gui("map_towns"))),
        Group(in_folder("console/live", "nearest"), unit("nearest")),
        Group(in_folder("console/live", "steps_underway"), gui("pending")),
        Group(in_folder("console/live", "arrivals"), (*unit("watching_arrivals"), *gui("arrivals"))),
        Group(
            in_folder("console/live", "etas"),
            (*unit("etas", "lane_book"), *gui("trails", "map_marks", "timeline_panel")),
        ),
        Group(in_folder("console/live", "trails"), gui("trails")),
        Group(
            in_folder("console/live", "geography"),
            (*unit("geography_start"), *gui("places_loading", "supervised", "map_marks")),
        ),
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
            )
            + said("timeline"),
        ),
        Group(
            in_folder("console/timeline", "table", "jump"),
            gui("timeline_table", "timeline_jump", "timeline_panel"),
        ),
    ),
    "glue": GLUE,
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
            ("tests/gui/test_rota.py", *said("rota")),
        ),
        Group(
            in_folder("console/views/rota", "fleet", "fleet_sheets", "fleet_table"),
            ("tests/gui/test_fleet.py", *said("fleet")),
        ),
        Group(
            in_folder("console/views/rota", "devices", "device_sheets"),
            ("tests/gui/test_fleet_devices.py", *said("fleet")),
        ),
        Group(
            in_folder("console/views/rota", "settings", "kept*", "list_sheets"),
            (*gui("settings", "windows_walk"), *said("settings")),
        ),
        Group(in_folder("console/views/rota", "printing"), gui("rota")),
        Group(
            (
                *in_folder("console/views/command", "*"),
                *in_folder("console/look", "own_keys", "changing_keys", "command_keys"),
                "console/views/desk/typed.py",
                "console/views/vans/orders.py",
            ),
            (*gui("command"), "tests/unit/test_own_keys.py", *said("command")),
        ),
        Group(in_folder("console/views/rota", "importing"), ("tests/gui/test_import_window.py",)),
    ),
}
