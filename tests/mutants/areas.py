"""Which tests answer for which files."""

from tests.mutants.areas_console import CONSOLE
from tests.mutants.areas_record import RECORD
from tests.mutants.group import Group, db, unit

_PLACES: dict[str, tuple[Group, ...]] = {
    "gateway": (
        Group(
            ("db/gateway/sanity.py", "db/gateway/limits.py"),
            unit("gateway_sanity", "fix_age", "gateway_http"),
        ),
        Group(
            ("db/gateway/fix.py", "db/gateway/payloads/*.py"),
            unit(
                "gateway_words",
                "gateway_payloads",
                "gateway_wrapped",
                "gateway_lines",
                "gateway_apps",
                "gateway_loose",
                "gateway_cries",
                "gateway_told",
                "gateway_loads",
            ),
        ),
        Group(
            ("db/gateway/app.py", "db/gateway/requests.py", "db/gateway/counters.py", "db/gateway/intake.py"),
            (
                *unit("gateway_parts", "gateway_answers", "gateway_intake", "gateway_panics", "gateway_http"),
                *unit("gateway_loose", "gateway_apps"),
                "tests/db/test_gateway_forms.py",
                "tests/db/test_gateway_traps.py",
            ),
        ),
        Group(("db/gateway/choice.py",), unit("gateway_choice", "gateway_intake")),
        Group(
            ("db/gateway/connections.py", "db/gateway/quiet.py", "db/gateway/swift.py"),
            unit("gateway_parts", "gateway_http", "gateway_server", "gateway_answers"),
        ),
        Group(
            ("db/gateway/journal.py", "db/gateway/devices.py", "db/gateway/salvage.py"),
            (
                *unit("gateway_parts", "gateway_journal", "gateway_choice", "gateway_answers"),
                "tests/db/test_gateway_disk.py",
            ),
        ),
        Group(("db/gateway/queue.py",), db("gateway_queue", "gateway_disk", "answered_for")),
        Group(("db/replicated.py",), db("answered_for")),
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
    "geo": (
        Group(
            ("db/geo/geofence.py", "db/geo/earth.py"),
            ("tests/unit/test_geofence.py", "tests/unit/test_geo_earth.py"),
        ),
        Group(
            ("db/geo/roads/*.py",),
            unit("geo_numbers", "geo_turning_back", "geo_roads", "geo_driving", "geo_turns", "geo_access"),
        ),
        Group(
            tuple(f"db/geo/search/{name}.py" for name in ("names", "word_index", "words")),
            unit("geo_numbers", "geo_names"),
        ),
        Group(("db/geo/search/gridref.py", "db/geo/grid.py"), ("tests/unit/test_geo_text.py",)),
        Group(
            tuple(
                f"db/geo/search/{name}.py"
                for name in ("gazetteer", "places", "postcodes", "postcode_data", "boxes")
            ),
            unit("geo_answers", "geo_gazetteer", "geo_directory", "geo_houses", "geo_open_places", "geo_places"),
        ),
        Group(
            (
                "db/domain/place_said.py",
                "db/domain/postcode_slips.py",
                *(
                    f"db/geo/search/{name}.py"
                    for name in (
                        "another_name",
                        "answering",
                        "meanings",
                        "towns_said",
                        "short_towns",
                        "numbered",
                        "hospitals",
                        "coordinates",
                        "plus_codes",
                    )
                ),
                "db/geo/search/postcode_answers.py",
                "db/geo/search/position_answers.py",
            ),
            unit(
                "geo_another_name",
                "geo_answering",
                "said_places",
                "geo_text",
                "geo_meanings",
                "geo_answers",
                "geo_places",
                "geo_directory",
            ),
        ),
        Group(
            (
                "db/geo/boundary.py",
                "db/gateway/area.py",
                *(f"db/geo/search/{a}_area.py" for a in ("any", "service")),
            ),
            unit("any_county", "geo_answers", "geo_directory", "geo_schematic"),
        ),
        Group(
            ("db/geo/search/index_file.py", "db/geo/search/known.py", "db/geo/quick_copy.py"),
            unit("place_index", "geo_places"),
        ),
        Group(("db/geo/route_cli.py",), unit("geo_route_words")),
        Group(("db/geo/schematic/trace.py",), ("tests/unit/test_geo_trace.py",)),
        Group(
            ("db/geo/schematic/draw.py", "db/geo/schematic/kept.py"),
            unit("geo_numbers", "geo_trace", "geo_directory", "geo_schematic"),
        ),
        Group(
            ("db/geo/pack.py", "db/geo/builder/*.py"),
            tuple(
                f"tests/unit/test_geo_{name}.py"
                for name in (
                    "access",
                    "van_size",
                    "turns",
                    "extracts",
                    "meanings",
                    "lists",
                    "shapes",
                    "builder",
                    "download",
                )
            )
            + unit("geo_directory", "geo_open_places"),
        ),
    ),
}
AREAS: dict[str, tuple[Group, ...]] = {**RECORD, **CONSOLE, **_PLACES}
