"""Which tests answer for which files.

The tests nearest to a file come first, since the first that fails ends the trial.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Files, and the tests that must notice what is made wrong in them. Both are glob patterns from the root."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


def _domain(*names: str) -> tuple[str, ...]:
    return tuple(f"db/domain/{name}.py" for name in names)


def _unit(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/unit/test_{name}.py" for name in names)


def _db(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/db/test_{name}.py" for name in names)


def _rota(*names: str) -> tuple[str, ...]:
    return tuple(f"console/views/rota/{name}.py" for name in names)


# The quick ones first.
RULES = tuple(f"tests/db/test_rules_{part}.py" for part in ("edges", "told", "locks", "moves", "gates"))
RIGHTS = tuple(f"tests/db/test_rules_{part}.py" for part in ("tricks", "rights"))
PARTIES = tuple(f"tests/db/test_rules_{part}.py" for part in ("party", "handover"))
PERSON = tuple(
    f"tests/db/test_{part}.py" for part in ("rules_person", "rules_flags", "rules_crew", "person_upgrade")
)
FIXES = ("tests/db/test_bounds_fixes.py", "tests/db/test_rules_kept.py", "tests/db/test_rules_locks.py")
NUMBERS = "tests/unit/test_live_numbers.py"
_SQL = "db/migrations/sql"
_0001, _0002, _0003, _0004, _0005 = (f"db/migrations/sql/000{n}" for n in (1, 2, 3, 4, 5))
AREAS: dict[str, tuple[Group, ...]] = {
    "triggers": (
        Group(tuple(f"{_0001}/{name}.sql" for name in ("30_referral", "40_assignment", "50_handover_van")), RULES),
        Group((f"{_0001}/20_events.sql", f"{_0001}/10_before_tables.sql"), (*RULES, *RIGHTS)),
        Group((f"{_0002}/*.sql",), ("tests/db/test_rules_kept.py", "tests/db/test_follow.py")),
        Group(
            (f"{_0003}/10_shapes.sql", f"{_0003}/60_rules.sql"),
            ("tests/db/test_rules_kept.py", "tests/db/test_bounds_words.py", "tests/db/test_rules_edges.py"),
        ),
        Group((f"{_0001}/60_positions.sql", f"{_0003}/70_fixes.sql"), FIXES),
        Group((f"{_0004}/10_states.sql",), (*RULES, "tests/db/test_rules_states.py")),
        Group((f"{_0004}/20_party.sql",), (*PARTIES, *RULES)),
        Group((f"{_0004}/30_rules.sql",), ("tests/db/test_rules_numbers.py",)),
        Group((f"{_SQL}/0006/*.sql",), _db("rules_crew", "rules_locks", "crewless_mended", "races")),
        Group((f"{_SQL}/0007/*.sql",), _db("insisted")),
        Group((f"{_SQL}/0008/*.sql",), _db("rules_order", "order_mended", "order_clock")),
        Group(
            (f"{_SQL}/0009/*.sql",),
            _db("rules_gates", "danger", "tool_life", "danger_twin", "how_answered", "gate_upgrade"),
        ),
        Group(
            (f"{_SQL}/0010/*.sql",),
            _db("rules_waiting", "rules_endings", "rules_lead", "care_commands", "waiting_upgrade"),
        ),
        Group((f"{_SQL}/0011/[128]0_*.sql",), PERSON),
        Group((f"{_SQL}/0012/*.sql",), _db("words_record", "measures_kept", "measures")),
        Group((f"{_SQL}/0014/*.sql",), _db("taken_back_times", "rules_handover", "rules_taken_back")),
        Group((f"{_SQL}/0018/*.sql", f"{_SQL}/0020/*.sql"), _db("rules_rota", "rota_edges", "rota_then")),
        Group((f"{_SQL}/0019/*.sql",), _db("settings", "rules_numbers")),
        Group(
            (f"{_SQL}/0021/*.sql",),
            _db("measures_examples", "measures_settled", "measures_roles", "measures", "measures_checked"),
        ),
        Group((f"{_SQL}/0022/*.sql",), _db("rules_room")),
        Group((f"{_SQL}/0025/*.sql",), _db("kept_lists", "settings", "rules_numbers")),
        Group((f"{_SQL}/0027/*.sql",), _db("rules_voices", "review")),
        Group((f"{_SQL}/0028/*.sql",), _db("rules_rights")),
        Group((f"{_SQL}/0013/*.sql",), _db("panics", "fixes")),
        Group((f"{_SQL}/0016/*.sql",), _db("devices")),
        Group((f"{_SQL}/0017/*.sql",), _db("rules_said", "rules_person")),
        # What comes later answers to all of them, until it has a line of its own.
        Group((f"{_SQL}/002[469]/*.sql", f"{_SQL}/00[3-9]*/*.sql"), ("tests/db/test_rules_*.py",)),
    ),
    "person": (
        Group(("db/migrations/sql/0011/[3-7]0_*.sql",), PERSON),
        Group(
            _domain("about", "languages", "suiting", "reasons", "brief", "cautions", "person_steps"),
            _unit("languages", "suiting", "about", "brief", "cautions", "ranking"),
        ),
    ),
    "undo": (
        Group(
            (f"{_0005}/*.sql",),
            tuple(
                f"tests/db/test_{name}.py"
                for name in ("rules_taken_back", "taken_back_built_on", "taken_back", "taken_back_replay")
            ),
        ),
        Group(
            ("db/domain/taken_back.py", "db/domain/replay.py"),
            ("tests/unit/test_taken_back.py", "tests/unit/test_replay*.py", "tests/db/test_taken_back_replay.py"),
        ),
    ),
    "commands": (
        Group(
            ("db/commands/fleet.py", "db/commands/rota.py", "db/commands/staff.py"), _db("rules_rota", "rota_then")
        ),
        Group(("db/commands/setting.py",), _db("settings")),
        Group(("db/commands/imported.py",), _db("imports")),
        Group(("db/commands/undo.py",), _db("taken_back", "taken_back_built_on")),
        Group(
            ("db/commands/person.py",),
            _db("person_commands", "ethnicity", "replay_person"),
        ),
        Group(("db/commands/device.py",), ("tests/db/test_devices.py",)),
        Group(
            ("db/commands/care.py", "db/commands/marks.py"),
            ("tests/db/test_care_commands.py", "tests/db/test_story.py", "tests/db/test_commands.py"),
        ),
        Group(
            (
                "db/commands/[_abnv]*.py",
                "db/commands/re*.py",
                "db/commands/[st][ci]*.py",
                "db/commands/de[ct]*.py",
                "db/commands/handover.py",
                "db/commands/locks.py",
            ),
            (
                "tests/db/test_commands*.py",
                "tests/db/test_story.py",
                "tests/db/test_races.py",
                "tests/db/test_bounds_words.py",
                "tests/db/test_how_answered.py",
                "tests/db/test_order_clock.py",
                "tests/gui/test_detail_steps.py",
                "tests/gui/test_actions_record.py",
            ),
        ),
    ),
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
        Group(("console/live/subjects.py",), ("tests/unit/test_subjects.py",)),
        Group(("console/live/reality.py",), _unit("reality", "fix_age")),
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
    "domain": (
        Group(_domain("measures", "periods", "wording"), _unit("measures", "periods", "words_on_screen")),
        Group(
            _domain("typed_times", "typed_dates", "clocks", "believable", "spoken_times", "resolving"),
            _unit("spoken_times", "typed_times", "typed_values", "resolving", "believable", "domain_clocks")
            + _unit("durations", "cautions")
            + _unit("intake", "intake_details", "far_times"),
        ),
        Group(
            _domain("typed_births", "ages", "number_words", "person_words", "nhs_number", "phone"),
            _unit("ages", "typed_values", "typed_times", "domain_nhs_number", "reading", "branches", "intake")
            + _unit("intake_details"),
        ),
        Group(
            _domain("branches", "answered", "tokens"),
            _unit("danger_rule", "branches", "reading", "typed_values", "intake"),
        ),
        Group(_domain("texts", "towns", "real_words"), _unit("texts", "towns", "typed_values", "place_words")),
        Group(
            _domain(
                "cues", "negation", "narrative", "phrases", "entries", "said", "spelling", "observations", "news"
            ),
            _unit("reading", "spelling", "narratives", "domain_screening", "observations", "news"),
        ),
        Group(
            _domain("intake", "merge", "place_words", "postcode"),
            _unit("place_words", "intake", "intake_details", "intake_merge", "geo_text", "domain_screening")
            + _unit("said_places"),
        ),
        Group(
            _domain("alarms", "board", "fleet", "holding", "names", "party", "rules", "situation", "screening")
            + _domain("board_line"),
            _unit("situation", "board_rows", "board_flags", "board_fleet", "alarms", "holding", "names", "rules")
            + _unit("fix_age", "danger", "danger_rule", "calls", "one_truth", "said_once", "domain_screening")
            + _unit("far_times"),
        ),
        Group(
            _domain("danger", "care", "care_steps", "calls", "opening", "known"),
            _unit(
                "danger",
                "danger_rule",
                "calls",
                "opening",
                "brief",
                "alarms",
                "situation",
                "next_steps",
                "board_flags",
            ),
        ),
        Group(_domain("rota", "rota_view"), _unit("rota")),
        Group(_domain("imports", "import_columns"), _unit("imports")),
        Group(_domain("read_back"), _unit("brief", "words_on_screen")),
        Group(_domain("time_order"), (*_unit("time_order"), "tests/gui/test_when.py")),
        Group(
            _domain("replay_care", "replay_person"),
            ("tests/unit/test_calls.py", "tests/unit/test_danger.py", "tests/db/test_replay_person.py"),
        ),
        Group(
            _domain("next_steps", "objections", "ranking", "roles", "states", "reference", "records", "cautions")
            + _domain("fixes", "replay", "taken_back"),
            _unit(
                "next_steps", "next_steps_story", "objections", "ranking", "domain_states", "cautions", "fix_age"
            )
            + _unit("replay_parts", "replay_past", "situation", "board_fleet", "board_rows", "lanes")
            + _unit("reality", "said_once", "taken_back", "danger", "calls", "brief", "suiting"),
        ),
    ),
    "gateway": (
        Group(
            ("db/gateway/sanity.py", "db/gateway/limits.py"),
            ("tests/unit/test_gateway_sanity.py", "tests/unit/test_fix_age.py"),
        ),
        Group(
            ("db/gateway/fix.py", "db/gateway/payloads/*.py"),
            ("tests/unit/test_gateway_words.py", "tests/unit/test_gateway_payloads.py"),
        ),
        Group(
            ("db/gateway/app.py", "db/gateway/requests.py", "db/gateway/counters.py", "db/gateway/intake.py"),
            (
                *_unit("gateway_answers", "gateway_intake", "gateway_panics", "gateway_http"),
                "tests/db/test_gateway_forms.py",
                "tests/db/test_gateway_traps.py",
            ),
        ),
        Group(("db/gateway/choice.py",), _unit("gateway_choice", "gateway_intake")),
        Group(
            ("db/gateway/connections.py", "db/gateway/quiet.py", "db/gateway/swift.py"),
            _unit("gateway_http", "gateway_server", "gateway_answers"),
        ),
        Group(
            ("db/gateway/journal.py", "db/gateway/devices.py", "db/gateway/salvage.py"),
            (*_unit("gateway_journal", "gateway_answers"), "tests/db/test_gateway_disk.py"),
        ),
        Group(("db/gateway/queue.py",), ("tests/db/test_gateway_queue.py", "tests/db/test_gateway_disk.py")),
        Group(("db/gateway/roster.py",), ("tests/db/test_gateway_roster.py",)),
        Group(
            ("db/gateway/server.py", "db/gateway/cli.py"),
            (
                "tests/unit/test_gateway_server.py",
                "tests/unit/test_gateway_http.py",
                "tests/db/test_gateway_command.py",
            ),
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
            tuple(f"console/timeline/{name}.py" for name in ("canvas", "drawing", "input", "legend", "view")),
            tuple(f"tests/gui/test_timeline_{name}.py" for name in ("hands", "drawing", "view")),
        ),
    ),
    "glue": (
        Group(
            ("console/map/marks.py", "console/map/batch.py"),
            ("tests/unit/test_map_batch.py", "tests/unit/test_map_colours.py", "tests/unit/test_far_times.py"),
        ),
        Group(("console/views/timeline/lanes.py",), ("tests/unit/test_lanes.py",)),
        Group(
            ("console/views/detail/story.py", "console/views/detail/happenings.py"),
            (
                "tests/gui/test_detail_words.py",
                "tests/unit/test_story_words.py",
                "tests/unit/test_next_steps_story.py",
            ),
        ),
        Group(
            ("console/views/vans/row.py", "console/models/vans.py"),
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
            _rota(
                "canvas", "drawing", "window", "sheets", "side", "orders", "lists", "frame", "sending", "sheeted"
            ),
            ("tests/gui/test_rota.py",),
        ),
        Group(_rota("fleet", "fleet_sheets", "fleet_table"), ("tests/gui/test_fleet.py",)),
        Group(_rota("devices", "device_sheets"), ("tests/gui/test_fleet_devices.py",)),
        Group(_rota("settings"), ("tests/gui/test_settings.py",)),
        Group(_rota("importing"), ("tests/gui/test_import_window.py",)),
    ),
    "geo": (
        Group(
            ("db/geo/geofence.py", "db/geo/earth.py"),
            ("tests/unit/test_geofence.py", "tests/unit/test_geo_earth.py"),
        ),
        Group(("db/geo/roads/*.py",), _unit("geo_numbers", "geo_roads", "geo_driving", "geo_turns", "geo_access")),
        Group(
            tuple(f"db/geo/search/{name}.py" for name in ("names", "word_index", "words")),
            _unit("geo_numbers", "geo_names"),
        ),
        Group(("db/geo/search/gridref.py", "db/geo/grid.py"), ("tests/unit/test_geo_text.py",)),
        Group(
            tuple(f"db/geo/search/{name}.py" for name in ("gazetteer", "places", "postcodes", "postcode_data")),
            _unit("geo_answers", "geo_gazetteer", "geo_directory", "geo_open_places", "geo_places"),
        ),
        Group(
            (
                "db/domain/place_said.py",
                "db/domain/postcode_slips.py",
                *(
                    f"db/geo/search/{name}.py"
                    for name in ("answering", "meanings", "towns_said", "numbered", "coordinates", "plus_codes")
                ),
                "db/geo/search/postcode_answers.py",
                "db/geo/search/position_answers.py",
            ),
            _unit("said_places", "geo_text", "geo_meanings", "geo_answers", "geo_places", "geo_directory"),
        ),
        Group(
            (
                "db/geo/boundary.py",
                "db/gateway/area.py",
                *(f"db/geo/search/{a}_area.py" for a in ("any", "service")),
            ),
            _unit("any_county", "geo_answers", "geo_directory", "geo_schematic"),
        ),
        Group(("db/geo/schematic/trace.py",), ("tests/unit/test_geo_trace.py",)),
        Group(("db/geo/schematic/draw.py",), _unit("geo_numbers", "geo_trace", "geo_directory", "geo_schematic")),
        Group(
            ("db/geo/pack.py", "db/geo/builder/*.py"),
            tuple(
                f"tests/unit/test_geo_{name}.py"
                for name in ("access", "turns", "extracts", "meanings", "lists", "shapes", "builder", "download")
            )
            + _unit("geo_directory", "geo_open_places"),
        ),
    ),
}
