"""What is made wrong in the record and in its rules, and which tests answer for it."""

from tests.mutants.group import Group, db, domain, gui, in_folder, unit

RULES = db("rules_edges", "rules_told", "rules_locks", "rules_moves", "rules_gates")
RIGHTS = db("rules_tricks", "rules_rights")
PARTIES = db("rules_party", "rules_handover")
PERSON = db("rules_person", "rules_flags", "rules_crew", "person_upgrade")
FIXES = db("bounds_fixes", "rules_kept", "rules_locks")
MEASURES = db(
    "measures_rows",
    "measures_examples",
    "measures_settled",
    "measures_said",
    "measures_roles",
    "measures",
    "measures_checked",
)
_SQL = "db/migrations/sql"
_0001, _0002, _0003, _0004, _0005 = (f"db/migrations/sql/000{n}" for n in (1, 2, 3, 4, 5))
# Refusals, what a row says of itself, which rows count and what is told: of many tables at once.
OF_EVERY_TABLE = db("rules_refused", "rules_stamped", "rules_chosen", "rules_events")
_TRIGGERS = (
    Group(tuple(f"{_0001}/{name}.sql" for name in ("30_referral", "40_assignment", "50_handover_van")), RULES),
    Group(
        (f"{_0001}/20_events.sql", f"{_0001}/10_before_tables.sql"),
        (*RULES, *RIGHTS),
    ),
    Group((f"{_0001}/70_notify.sql",), db("follow", "rules_kept")),
    Group((f"{_0002}/*.sql",), ("tests/db/test_rules_kept.py", "tests/db/test_follow.py")),
    Group(
        (f"{_0003}/10_shapes.sql", f"{_0003}/60_rules.sql"),
        ("tests/db/test_rules_kept.py", "tests/db/test_bounds_words.py", "tests/db/test_rules_edges.py"),
    ),
    Group((f"{_0001}/60_positions.sql", f"{_0003}/70_fixes.sql"), FIXES),
    Group((f"{_0003}/[2-5]0_*.sql",), db("bounds", "bounds_mended", "bounds_words")),
    Group((f"{_0004}/10_states.sql",), (*RULES, "tests/db/test_rules_states.py")),
    Group((f"{_0004}/20_party.sql",), (*PARTIES, *RULES)),
    Group((f"{_0004}/30_rules.sql",), ("tests/db/test_rules_numbers.py",)),
    Group((f"{_SQL}/0006/*.sql",), db("rules_crew", "rules_locks", "crewless_mended", "races")),
    Group((f"{_SQL}/0007/*.sql",), db("insisted")),
    Group(
        (f"{_SQL}/0008/*.sql",),
        db("rules_states", "rules_order", "rules_locks", "order_mended", "order_clock"),
    ),
    Group(
        (f"{_SQL}/0009/*.sql",),
        db(
            "rules_stamped",
            "rules_gates",
            "danger",
            "tool_life",
            "danger_twin",
            "how_answered",
            "gate_upgrade",
        ),
    ),
    Group(
        (f"{_SQL}/0010/*.sql",),
        db("rules_stamped", "rules_waiting", "rules_endings", "rules_lead", "care_commands", "waiting_upgrade"),
    ),
    Group((f"{_SQL}/0011/[128]0_*.sql",), PERSON),
    Group((f"{_SQL}/0063/[12]0_*.sql",), db("rules_endings")),
    Group((f"{_SQL}/0063/30_*.sql",), db("races", "rules_rota")),
    Group((f"{_SQL}/0064/*.sql",), db("waiting_upgrade")),
    Group((f"{_SQL}/0065/*.sql",), db("audit", "rights_page")),
    Group((f"{_SQL}/0066/*.sql",), db("rules_ends_said", "waiting_upgrade")),
    Group((f"{_SQL}/0067/*.sql",), db("rules_died", "waiting_upgrade")),
    Group(
        (f"{_SQL}/0068/*.sql",),
        db("told_in_fields", "told_anywhere", "rules_waiting", "waiting_upgrade", "rules_endings"),
    ),
    Group((f"{_SQL}/0012/*.sql",), db("words_record", "measures_kept", "measures")),
    Group((f"{_SQL}/0014/*.sql",), db("rules_states", "taken_back_times", "rules_handover", "rules_taken_back")),
    Group((f"{_SQL}/0018/*.sql", f"{_SQL}/0020/*.sql"), db("rules_rota", "rota_edges", "rota_then")),
    Group((f"{_SQL}/0019/*.sql",), db("settings", "rules_numbers")),
    Group((f"{_SQL}/0021/*.sql",), MEASURES),
    Group((f"{_SQL}/0022/*.sql",), db("rules_room")),
    Group((f"{_SQL}/0025/*.sql",), db("kept_lists", "settings", "rules_numbers", "rules_flags")),
    Group((f"{_SQL}/0027/*.sql",), db("rules_voices", "review")),
    Group((f"{_SQL}/0028/*.sql",), db("rules_rights")),
    Group((f"{_SQL}/0013/*.sql",), db("panics", "fixes")),
    Group((f"{_SQL}/0016/*.sql",), db("devices")),
    Group((f"{_SQL}/0017/*.sql",), db("rules_said", "rules_person")),
    Group(
        (f"{_SQL}/0030/[13]0_*.sql",),
        db("told_anywhere", "notes_read", "danger", "rules_gates", "rules_waiting", "care_commands"),
    ),
    Group((f"{_SQL}/0030/20_*.sql",), db("neighbourhoods")),
    Group((f"{_SQL}/0031/*.sql",), db("rota_published", "rules_rota")),
    Group((f"{_SQL}/0032/*.sql",), db("rules_baselines")),
    Group((f"{_SQL}/0033/*.sql",), db("review", "rules_voices", "rules_waiting")),
    Group((f"{_SQL}/0034/*.sql",), db("rules_alarms")),
    Group(
        (f"{_SQL}/0036/*.sql",),
        db("told_in_fields", "told_anywhere", "notes_read", "measures", "rules_endings") + db("rules_branches"),
    ),
    Group((f"{_SQL}/0038/*.sql",), MEASURES),
    Group((f"{_SQL}/0039/*.sql",), db("command_words")),
    Group((f"{_SQL}/0040/*.sql",), db("rules_welfare", "rules_numbers", "settings")),
    Group((f"{_SQL}/0041/*.sql",), db("alike", "rules_apart", "erased", "measures_settled")),
    Group((f"{_SQL}/0042/*.sql",), db("rules_intake")),
    Group((f"{_SQL}/0043/*.sql",), db("find", "messages", "erased")),
    Group((f"{_SQL}/0044/*.sql",), db("backup", "rules_backups")),
    Group((f"{_SQL}/0045/[!3]*.sql",), db("nobody_waits", "upgrade_held_up", "races")),
    Group((f"{_SQL}/0045/3*.sql",), (*MEASURES, *db("nobody_waits"))),
    Group(
        (f"{_SQL}/0046/*.sql",),
        db("rules_amended", "rules_authors", "rules_gateway", "rules_wall", "panics", "attacks"),
    ),
    Group((f"{_SQL}/0048/*.sql",), db("audit", "audit_tampering", "erased")),
    Group(
        (f"{_SQL}/0050/*.sql",),
        db("rules_told", "rules_flags", "rules_order", "follow", "rota_edges", "reads_bounded"),
    ),
    Group((f"{_SQL}/0051/*.sql",), db("live_upgrade", "messages", "rules_order")),
    Group((f"{_SQL}/0052/*.sql",), db("rules_intake", "command_words", "messages")),
    Group((f"{_SQL}/0053/*.sql",), db("rules_requests", "attacks", "command_words")),
    Group((f"{_SQL}/0054/*.sql",), db("past_lists", "alike_found", "past", "find", "review")),
    Group((f"{_SQL}/0056/*.sql",), db("rules_tricks")),
    Group(
        (f"{_SQL}/0058/*.sql",), db("alike_found", "known_found", "alike_opened", "known_opened", "past", "alike")
    ),
    Group((f"{_SQL}/0059/*.sql",), (*db("rules_requests"), *gui("alarms"))),
    Group((f"{_SQL}/0062/*.sql",), db("said", "rules_crew", "races", "past", "alike_opened")),
    Group((f"{_SQL}/0060/*.sql",), db("rules_crew", "devices", "rules_rota")),
    # What comes later answers to all of them, until it has a line of its own.
    Group(
        (f"{_SQL}/002[469]/*.sql", f"{_SQL}/003[57]/*.sql", f"{_SQL}/004[79]/*.sql"),
        ("tests/db/test_rules_*.py",),
    ),
)
# What each locks and changes, and what it says where it may not be done.
OF_EVERY_COMMAND = db("deeds")
_COMMANDS = (
    Group(in_folder("db/commands", "fleet", "rota", "seen", "staff"), db("rules_rota", "rota_then")),
    Group(in_folder("db/commands", "kept_list"), db("kept_lists", "settings")),
    Group(in_folder("db/commands", "room"), (*db("rules_room"), *gui("room"))),
    Group(in_folder("db/commands", "voices"), (*db("rules_voices", "review"), *gui("voices"))),
    Group(("db/commands/person_request.py",), (*db("rules_requests"), *gui("person_page"))),
    Group(("db/commands/setting.py",), db("settings")),
    Group(("db/commands/erasing.py",), db("erased")),
    Group(("db/commands/written.py",), unit("commands_written")),
    Group(("db/commands/holders.py",), (*unit("holders"), *db("nobody_waits"))),
    Group(("db/commands/intake_call.py",), (*db("rules_intake"), *gui("form_calls"))),
    Group(("db/commands/message.py",), (*db("messages"), *gui("talk"))),
    Group(("db/commands/welfare.py",), db("rules_welfare")),
    Group(("db/commands/imported.py",), db("imports")),
    Group(("db/commands/undo.py",), db("taken_back", "taken_back_built_on")),
    Group(
        ("db/commands/person.py",),
        db("person_commands", "ethnicity", "replay_person"),
    ),
    Group(("db/commands/device.py",), ("tests/db/test_devices.py",)),
    Group(
        ("db/commands/care.py", "db/commands/ending.py", "db/commands/marks.py"),
        ("tests/db/test_care_commands.py", "tests/db/test_story.py", "tests/db/test_commands.py"),
    ),
    Group(
        (
            "db/commands/[_abn]*.py",
            "db/commands/van.py",
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
            "tests/db/test_past.py",
            "tests/db/test_insisted.py",
            "tests/db/test_order_clock.py",
            "tests/gui/test_detail_steps.py",
            "tests/gui/test_actions_record.py",
        ),
    ),
)
RECORD: dict[str, tuple[Group, ...]] = {
    "triggers": tuple(Group(one.files, (*one.tests, *OF_EVERY_TABLE)) for one in _TRIGGERS),
    "person": (
        Group(domain("alike", "another_call"), (*unit("alike"), *gui("likely"))),
        Group(domain("messages", "addressed"), (*unit("messages"), *gui("talk"))),
        Group(domain("found"), (*db("find"), *gui("find_page"))),
        Group(domain("person_requests", "request_alarms"), (*unit("person_requests"), *db("rules_requests"))),
        Group(in_folder("db", "person_queries"), (*db("rules_requests"), *gui("person_page"))),
        Group(("db/migrations/sql/0011/[3-7]0_*.sql",), PERSON),
        Group(domain("arrival_brief"), unit("arrival_brief")),
        Group(domain("needs_told", "needs_phrases"), (*unit("needs_told"), *gui("form_needs"))),
        Group(
            domain("about", "languages", "suiting", "reasons", "brief", "cautions", "person_steps"),
            unit("languages", "suiting", "about", "brief", "cautions", "ranking"),
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
    "commands": tuple(Group(one.files, (*one.tests, *OF_EVERY_COMMAND)) for one in _COMMANDS),
    "domain": (
        Group(domain("measures", "periods", "wording"), unit("measures", "periods", "words_on_screen")),
        Group(domain("adding_up"), unit("adding_up")),
        Group(
            domain("typed_times", "typed_dates", "clocks", "believable", "spoken_times", "resolving"),
            unit("spoken_times", "typed_times", "typed_values", "resolving", "believable", "domain_clocks")
            + unit("durations", "cautions")
            + unit("intake", "intake_details", "far_times"),
        ),
        Group(
            domain("typed_births", "ages", "number_words", "person_words", "nhs_number", "phone"),
            unit("ages", "typed_values", "typed_times", "domain_nhs_number", "reading", "branches", "intake")
            + unit("intake_details"),
        ),
        Group(
            domain("branches", "answered", "detention", "tokens"),
            unit("danger_rule", "branches", "detention", "reading", "typed_values", "intake"),
        ),
        Group(domain("shown"), ("tests/db/test_said.py",)),
        Group(domain("texts", "towns"), unit("texts", "towns", "typed_values", "place_words")),
        Group(
            domain("cue_phrases", "cued", "idioms", "sounding", "real_words", "real_sounds")
            + domain("everyday", "everyday_phrases", "hints", "measured", "shorthand")
            + domain(
                "cues",
                "contradicted",
                "negation",
                "narrative",
                "phrases",
                "entries",
                "said",
                "spelling",
                "observations",
                "news",
            ),
            unit("reading", "reading_kinds", "spelling", "narratives", "domain_screening", "observations", "news"),
        ),
        Group(
            domain("intake", "merge", "place_words", "postcode"),
            unit("place_words", "intake", "intake_details", "intake_merge", "geo_text", "domain_screening")
            + unit("said_places"),
        ),
        Group(
            domain("alarms", "board", "fleet", "holding", "names", "party", "rules", "situation", "screening")
            + domain("board_line"),
            unit("situation", "board_rows", "board_flags", "board_fleet", "alarms", "holding", "names", "rules")
            + unit("fix_age", "danger", "danger_rule", "calls", "one_truth", "said_once", "domain_screening")
            + unit("far_times"),
        ),
        Group(
            domain("danger", "dangers", "care", "care_steps", "calls", "opening", "known"),
            unit(
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
        Group(domain("rota", "rota_view"), unit("rota")),
        Group(domain("about_what"), unit("about_what", "about", "intake")),
        Group(domain("ems_line"), unit("situation", "one_truth", "foreseen")),
        Group(domain("foreseen", "prediction"), unit("prediction", "foreseen")),
        Group(domain("handing_over", "shift_handover", "shift_log", "to_finish"), unit("handing_over")),
        Group(domain("spc", "spc_words"), unit("spc", "charts")),
        Group(domain("wall"), unit("wall", "nearest")),
        Group(domain("own_words"), unit("own_words")),
        Group(domain("what_if", "what_if_asked"), unit("what_if")),
        Group(domain("cover"), unit("cover")),
        Group(domain("welfare", "inbox"), unit("welfare", "inbox", "intake_call")),
        Group(domain("intake_call", "ringing", "typed_form", "call_steps"), unit("intake_call")),
        Group(domain("backups", "backup_alarms"), unit("backups")),
        Group(domain("seals"), unit("seals")),
        Group(domain("unnamed"), unit("unnamed")),
        Group(domain("raised", "alarm_load"), unit("raised", "alarm_load")),
        Group(domain("degrees"), unit("far_times", "geo_earth")),
        Group(
            domain(
                "command_line",
                "command_names",
                "command_notes",
                "command_reading",
                "command_verbs",
                "command_whom",
            ),
            (*unit("command_line", "key_card"), *db("command_words")),
        ),
        Group(domain("kept_lists"), (*unit("kept_lists"), *db("kept_lists", "settings"), *gui("settings"))),
        Group(domain("review", "feedback"), (*unit("voices"), *db("review", "rules_voices"), *gui("voices"))),
        Group(
            domain("imports", "import_columns", "import_orders", "import_times", "side_by_side", "likely_names"),
            unit("imports", "likely_names"),
        ),
        Group(domain("read_back"), unit("brief", "words_on_screen")),
        Group(domain("time_order"), (*unit("time_order"), "tests/gui/test_when.py")),
        Group(
            domain("replay_care", "replay_person"),
            ("tests/unit/test_calls.py", "tests/unit/test_danger.py", "tests/db/test_replay_person.py"),
        ),
        Group(
            domain("next_steps", "objections", "ranking", "roles", "states", "reference", "records")
            + domain("fixes"),
            unit("next_steps", "next_steps_story", "objections", "ranking", "domain_states", "cautions", "fix_age")
            + unit("replay_parts", "replay_past", "situation", "board_fleet", "board_rows", "lanes")
            + unit("reality", "said_once", "taken_back", "danger", "calls", "brief", "suiting"),
        ),
    ),
    "measures": (
        Group(in_folder("db", "measures", "van_days"), MEASURES),
        Group(in_folder("db", "lead_page"), (*unit("lead_ranges"), *gui("lead"))),
        Group(in_folder("db", "past_lengths", "lookback"), db("past_lengths", "lookback")),
        Group(
            ("db/opening.py", "db/commands/past.py"),
            db("past", "find", "review", "known_opened", "deeds"),
        ),
    ),
    "rights": (
        Group(in_folder("db/admin", "common_passwords", "weak_logins"), unit("common_passwords")),
        Group(
            (
                *in_folder("db/admin", "catalogue", "check_result", "guarded", "server_log", "who_is_there"),
                "db/program.py",
            ),
            db("admin_guarded"),
        ),
    ),
    "reports": (Group(in_folder("db/reports", "*"), (*db("reports", "rules_requests"), *gui("service_report"))),),
    "history": (Group(in_folder("db/exercise/history", "*"), db("exercise_history")),),
}
