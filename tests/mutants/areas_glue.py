"""What shows a rule on the screen, starts the program or keeps it running, and which tests answer for it."""

from tests.mutants.group import Group, db, gui, in_folder, said, unit

GLUE: tuple[Group, ...] = (
    Group(
        in_folder("console/map", "marks", "batch", "colours"),
        (*unit("map_batch", "map_colours", "far_times"), *gui("map_labels", "map_marks"), *said("map")),
    ),
    Group(
        in_folder("console/views/timeline", "lanes", "van_lanes", "book", "marks", "stories", "panel"),
        (*unit("lanes", "van_lanes", "lane_book", "timeline_marks"), *gui("timeline_panel"), *said("timeline")),
    ),
    Group(in_folder("console/charts", "*"), (*unit("charts"), *gui("charts", "views_painted"), *said("lead"))),
    Group(
        in_folder("console/views/lead", "*"),
        (
            *unit("lead_ranges", "lead_pictures"),
            *gui("behind", "lead_parts", "lead_asks", "lead_what_if", "lead"),
            *said("lead"),
        ),
    ),
    Group(
        in_folder("console/views/room", "voices_page", "lines_window"),
        (*gui("afterwards_pages", "voices"), *said("room")),
    ),
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
        (*gui("room_pages", "afterwards_pages", "room"), *db("review"), *said("room")),
    ),
    Group(
        in_folder("console/views/wall", "*"),
        (*unit("wall"), *gui("wall_page"), "tests/e2e/test_wall.py", *said("wall")),
    ),
    Group(
        in_folder("console/views/detail", "story", "happenings", "unfinished_section"),
        (
            "tests/gui/test_detail_words.py",
            "tests/unit/test_story_words.py",
            "tests/unit/test_next_steps_story.py",
            *said("detail"),
        ),
    ),
    Group(
        ("console/views/vans/row.py",),
        ("tests/gui/test_vans_rows.py", "tests/gui/test_models_faces.py", *said("vans")),
    ),
    Group(
        in_folder("console/views/form", "*"),
        (
            *unit("typed_values", "intake_details", "form_verdict", "opening"),
            *gui("likely", "form_calls", "call_ends", "amending"),
            *gui(
                "form_kept_typed",
                "form_conflicts",
                "form_declining",
                "form_branches",
                "form_said",
                "form_two",
                "form",
            ),
            *said("form"),
            *gui(
                "form_parts", "views_painted", "one_by_one", "place_asked", "refusals_named", "keyboard_walk_form"
            ),
        ),
    ),
    Group(in_folder("console/running", "keystore", "remembered"), (*unit("keystore"), *gui("remembered"))),
    Group(
        in_folder("console/running", "[!kr]*"),
        (*unit("keeper", "alarm_sounds"), *gui("supervised", "read_again")),
    ),
    Group(
        in_folder("console/start", "outbox_seat", "remembering"),
        (*gui("outbox_desk", "remembered"), "tests/e2e/test_outbox_killed.py"),
    ),
    Group(
        in_folder(
            "console/start",
            *(
                "garbage",
                "heap",
                "imports",
                "install",
                "keeping",
                "key_card",
                "looks",
                "preflight",
                "report",
                "report_charts",
            ),
            *("settings", "startup", "system_libraries", "trim"),
        ),
        (
            *unit("preflight", "system_libraries", "settings", "log_words", "wall", "key_card", "trim", "heap"),
            *gui("garbage", "imports", "looks", "failure", "service_report"),
        ),
    ),
    Group(
        in_folder("console/start", "app", "exercise", "loading", "loop", "seat", "source", "wall", "wall_seat"),
        (
            *gui("supervised", "failure", "wall_page"),
            *(f"tests/e2e/test_{name}.py" for name in ("start", "wall", "own_server_killed")),
        ),
    ),
    Group(
        in_folder("console/map", "bridge", "cartography", "kept_page", "page", "sources", "tiles", "web"),
        (*unit("map_tiles", "map_kept_page", "map_colours", "geo_extracts"), *gui("map_view", "map_renderer")),
    ),
    Group(
        in_folder("console/map", "renderer", "scheme", "view"),
        gui("map_view", "map_renderer", "map_decoder", "map_marks", "trails"),
    ),
    Group(
        in_folder("console/views/map", "*"),
        (
            *unit("vans_that_may_go"),
            *gui("arrivals", "map_marks", "trails", "map_towns", "address_on_map", "places_loading"),
            *said("map"),
        ),
    ),
    Group(
        (*in_folder("console/views/desk", "[!t]*"), "console/views/desk/topmost.py", "console/views/desk/torn.py"),
        (
            *gui("views_painted", "window", "columns", "desk_messages", "looks", "keyboard", "welfare", "voices"),
            *gui("sheets", "supervised"),
            *said("desk"),
            *(f"tests/e2e/test_{name}.py" for name in ("arrival_window", "names_hidden")),
        ),
    ),
    Group(
        in_folder("console/views/board", "*"),
        (*gui("board_panel", "row_fit", "models_board", "seen", "unread", "filter_folds"), *said("board")),
    ),
    Group(
        in_folder(
            "console/views/detail",
            *("about", "body", "low", "reader", "rich", "sections", "view", "words"),
        ),
        (
            *unit("situation", "said_once", "one_truth", "rules"),
            *gui("detail_sections", "detail_words", "about_pane", "detail_pane", "danger", "detail_story"),
            *said("detail"),
        ),
    ),
    Group(
        in_folder(
            "console/views/detail", "care_*", "doubt", "gate_section", "note_box", "orders", "person_orders"
        ),
        (
            *gui("doubt", "danger", "care_sheets", "detail_steps", "pending", "detail_pane"),
            *said("detail", "sheets"),
            *gui("keyboard_walk_sheets"),
        ),
    ),
    Group(
        in_folder("console/views/detail", "next_bar", "pane", "ranker", "taking_back", "undo_line"),
        (*gui("little_room", "detail_steps", "detail_ranking", "undo", "detail_pane"), *said("detail", "sheets")),
    ),
    Group(
        in_folder("console/views/status", "*"),
        (
            *unit("status_room"),
            *gui("views_painted", "status_bar", "pending", "live_watch", "alarms", "unread", "read_again"),
            *said("status"),
        ),
    ),
    Group(
        in_folder("console/views/vans", "heard", "panel", "sheets", "strip", "ticks"),
        (*gui("vans_panel", "vans_rows", "welfare", "unread", "rota", "when"), *said("vans")),
    ),
    Group(
        in_folder("console/views/replay", "*"),
        (*gui("scrubber", "replay", "foresight", "unread"), *said("replay")),
    ),
    Group(
        in_folder("console/views/sheets", "*"),
        (
            *gui(
                "views_painted",
                "sheets",
                "care_sheets",
                "when",
                "refusals_named",
                "form_declining",
                "filter_folds",
                "keyboard",
                "voices",
            ),
            *said("sheets", "vans"),
        ),
    ),
    Group(
        in_folder("console/views/lists", "*"),
        (
            *gui("care_list", "measures_page", "doubt", "trails", "danger", "room_walk", "read_again"),
            *said("lists"),
        ),
    ),
    Group(in_folder("console/views/alarms", "*"), (*gui("alarms", "read_again"), *said("alarms"))),
    Group(in_folder("console/views/find", "*"), (*gui("find_page"), *said("find"))),
    Group(
        in_folder("console/views/person", "*"),
        (*unit("person_requests"), *gui("person_sheets", "person_page"), *said("person")),
    ),
    Group(
        in_folder("console/views/files", "*"), (*gui("lead", "lead_asks", "person_page"), *said("lead", "person"))
    ),
    Group(in_folder("console/views/lock", "*"), (*gui("lock"), *said("lock"))),
    Group(
        (*in_folder("console/views/detail", "talk_section"), *in_folder("console/views/room", "messages_page")),
        (*unit("messages"), *gui("talk"), *said("talk")),
    ),
    Group(in_folder("console/views/inbox", "*"), (*unit("inbox"), *gui("welfare"), *said("inbox"))),
    Group(
        in_folder("console/views/window", "*"),
        (*gui("sign_in", "remembered", "failure", "waiting", "sizes"), *said("window")),
    ),
)
