"""What we set on the server: fit for a workstation, and patient data never in its log."""

import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - no file of ours
_FIT = {
    "max_connections": "120",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "min_wal_size": "48MB",
    "io_method": "sync",
    "jit": "off",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
    "unix_socket_permissions": "0700",
    # Of this server no backups are asked for: it is the record of one computer, or practice.
    "cru.embedded": "on",
    # A silent drop of a console must not keep its locks for hours.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}

_LOG = {
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgres-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_checkpoints": "off",
    # "log" leaves out ERROR: its first line may quote what somebody typed. The client still gets it.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_lock_waits": "off",
}

ACCESS = """\
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
"""


def configuration(host: str, port: int, extra: Mapping[str, str]) -> str:
    """The text of ``postgresql.conf``.

    Args:
        host: the folder of the Unix socket, or the one address to listen on.
        port: the TCP port or the number of the socket.
        extra: settings that win over ours.
    """
    socket = host.startswith("/")
    listen = {
        "listen_addresses": "" if socket else host,
        "unix_socket_directories": host if socket else "",
        "port": str(port),
    }
    lines = {**_FIT, **_LOG, **_shared_memory(), **listen, **extra}
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in lines.items())


def _shared_memory() -> dict[str, str]:
    """Where processes of the server share what grows.

    Postgres takes files in Linux's folder for it. In a container or a bare root that may be missing, or shut to
    the user that runs the server; then it shares files in its own folder.
    """
    if sys.platform != "linux" or _everybody_writes(SHARED_MEMORY):
        return {}
    return {"dynamic_shared_memory_type": "mmap"}


def _everybody_writes(folder: Path) -> bool:
    try:
        return bool(folder.stat().st_mode & stat.S_IWOTH)
    except OSError:
        return False


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
