"""What vulture takes for dead and is not: it sees names that our own code uses, and these are used by others.

Read by ``vulture`` only, never run. What nobody uses any more is deleted, not listed here.
"""

from typing import Any

_: Any = object()

USED_BY_QT = (
    _.acceptNavigationRequest,
    _.expandingDirections,
    _.focusNextPrevChild,
    _.hasHeightForWidth,
    _.headerData,
    _.interceptRequest,
    _.itemAt,
    _.javaScriptConsoleMessage,
    _.mimeTypes,
    _.requestStarted,
    _.format,  # of QTextEdit.ExtraSelection
    _.headerData,
)
USED_BY_THE_WEB_SERVER = (_.on_response_complete,)
USED_BY_THE_MAPS_PAGE = (
    _.ground,
    _.pin,
    _._bridge,  # kept alive for the page's channel
    _.stale,  # fields of the marks go to the page by their names
    _.reference_short,
)
USED_BY_STYLE_SHEETS_AND_TONES = (
    _.accent_hover,
    _.cru,
    _.danger_hover,
    _.map_halo,
    _.map_label,
    _.neutral,
    _.orange,
    _.spc_common,  # and those of what a control chart says
    _.spc_improving,
    _.spc_concern,
    _.spc_changed,
    _.delimiter,  # of string.Template
)
USED_BY_AN_OLDER_RECORD = (
    _.communication,  # entries of a plan, written by consoles of the version before
    _.makes_worse,
    _.crisis_plan,
)
USED_BY_LIBRARIES = (
    _._await_threads,  # atexit
    _.capture_signals,  # uvicorn
    _.should_exit,
    _.default_css,  # folium
    _.default_js,
    _.dotenv_settings,  # pydantic
    _.file_secret_settings,
    _.model_config,
    _.settings_customise_sources,
    _.is_disconnect,  # SQLAlchemy
    _.Speaker,  # a type, by its name in a cast
)
USED_BY_THE_RECORD = (
    _.completed_by,
    _.disabled,
    _.override_by,
    _.refusal_reason,
)
USED_BY_TABLES = (
    _.HANDS_OVER,  # what may stand in a column
    _.WAITS,
)
USED_BY_THE_GATEWAYS_COUNTERS = (
    _.batches,
    _.duplicates,
)
USED_BY_TESTS = (
    _.GRAPHIC_PAIRS,
    _.TEXT_PAIRS,
    _.centre_of,
    _.change_vans,
    _.check_models,
    _.from_base,
    _.is_guarded,
    _.is_withdrawn,
    _.log_folder,
    _.point_of,
    _.page_text,
    _.queued,
    _.redirect_slashes,
    _.sends,
    _.set_time,
    _.text_factory,
    _.states,
)
USED_BY_TABLES = (_.HANDS_OVER, _.WAITS)
USED_BY_NAME = (
    _.call_connected,
    _.call_connected_said,
    _.sent_said,
    _.ems_on_scene_said,
)
USED_BY_WHAT_THE_RECORD_SAYS = (
    _.COUNT,  # units and directions of rows
    _.LOWER,
    _.HIGHER,
)
USED_BY_THE_LEADS_PAGE = (
    _.by_hour,
    _.handed_over,
    _.meals,
    _.stood_down,
    _.tonight,
    _.van_days,
)
