"""Whether the server's log would print rows, or what was typed: names of patients in a file that nobody guards.

The program sends what is typed beside its statements and not in them; a person at psql types both in one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class TellingSetting:
    """A setting by which the log would tell too much, with what it prints and how it is set otherwise.

    Attributes:
        whose: the login or database that it is set for; empty for the server.
    """

    name: str
    value: str
    prints: str
    instead: str
    whose: str = ""

    def __str__(self) -> str:
        where = f" for {self.whose}" if self.whose else ""
        return f"The server's log would print {self.prints}: {self.name} = {self.value}{where}."

    @property
    def next_step(self) -> str:
        """What the administrator runs."""
        if self.whose:
            return f"Whoever administers the server takes it away: ALTER ROLE or DATABASE ... RESET {self.name}"
        return f"Whoever administers the server runs: ALTER SYSTEM SET {self.name} = '{self.instead}'"


@dataclass(frozen=True, slots=True)
class _Rule:
    quiet: Callable[[str], bool]
    prints: str
    instead: str


def _one_of(*values: str) -> Callable[[str], bool]:
    return lambda value: value.casefold() in values


def _never(value: str) -> bool:
    return value.startswith("-1")


_STATEMENTS = "what was typed"
_SLOW = "slow statements as typed"
_PARAMETERS = "what the program sent with a statement"
_RULES: Mapping[str, _Rule] = {
    # Statements that make or change tables hold nobody's name.
    "log_statement": _Rule(_one_of("none", "ddl"), _STATEMENTS, "none"),
    # An error quotes what it could not read.
    "log_min_messages": _Rule(_one_of("log", "fatal", "panic"), "errors that quote what was typed", "log"),
    "log_min_error_statement": _Rule(_one_of("fatal", "panic"), "what was typed and refused", "panic"),
    "log_error_verbosity": _Rule(_one_of("terse"), "the row that a limit refused", "terse"),
    "log_min_duration_statement": _Rule(_never, _SLOW, "-1"),
    "log_min_duration_sample": _Rule(_never, _SLOW, "-1"),
    "log_transaction_sample_rate": _Rule(_one_of("0", "0.0"), _STATEMENTS, "0"),
    "log_parameter_max_length_on_error": _Rule(_one_of("0", "0b"), _PARAMETERS, "0"),
    "debug_print_parse": _Rule(_one_of("off"), _STATEMENTS, "off"),
    "debug_print_rewritten": _Rule(_one_of("off"), _STATEMENTS, "off"),
    "debug_print_plan": _Rule(_one_of("off"), _STATEMENTS, "off"),
    # There only where the library is loaded.
    "auto_explain.log_min_duration": _Rule(_never, _SLOW, "-1"),
    "pgaudit.log": _Rule(_one_of("none", ""), _STATEMENTS, "none"),
    "pgaudit.log_parameter": _Rule(_one_of("off"), _PARAMETERS, "off"),
    "pgaudit.log_rows": _Rule(_one_of("off"), "how many rows, with what was typed", "off"),
}
_LENGTH = "log_parameter_max_length"
_SERVERS = text("SELECT name, setting FROM pg_settings WHERE name = ANY (:names)")
# What belongs to one login or database is not in force in the owner's session.
_SINGLE = text(
    "SELECT split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value,"
    " concat_ws(' in ', r.rolname, d.datname) AS whose"
    " FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c LEFT JOIN pg_roles r ON r.oid = s.setrole"
    " LEFT JOIN pg_database d ON d.oid = s.setdatabase"
    " WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
    " ORDER BY 3, 1"
)


async def told_by_log(connection: AsyncConnection) -> list[TellingSetting]:
    """Each setting by which the server's log would hold patients' data, for all sessions or for one login's."""
    names = [*_RULES, _LENGTH]
    found = (await connection.execute(_SERVERS, {"names": names})).all()
    single = (await connection.execute(_SINGLE)).all()
    servers = {row.name: row.setting for row in found}
    told = [one for name, value in servers.items() if (one := telling(name, value)) is not None]
    told += [one for row in single if (one := telling(row.name, row.value, row.whose)) is not None]
    # Only beside a statement that is printed: and then whole, unless somebody cut it.
    if any(one.prints in {_STATEMENTS, _SLOW} for one in told):
        length = servers.get(_LENGTH, "0")
        if length != "0":
            told.append(TellingSetting(_LENGTH, length, _PARAMETERS, "0"))
    return sorted(told, key=lambda one: (one.whose, one.name))


def telling(name: str, value: str, whose: str = "") -> TellingSetting | None:
    """What a setting would have printed; None where it prints nothing about anybody."""
    rule = _RULES.get(name)
    return (
        None
        if rule is None or rule.quiet(value)
        else TellingSetting(name, value, rule.prints, rule.instead, whose)
    )
