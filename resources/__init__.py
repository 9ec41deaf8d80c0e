"""Shipped files: icons, sounds, stylesheets, web pages and reference data."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """The absolute path of a shipped file.

    Args:
        name: path below ``resources/`` with forward slashes, such as ``"web/map.js"``.

    Raises:
        FileNotFoundError: nothing of that name is shipped.
    """
    found = _ROOT / name
    if not found.exists():
        raise FileNotFoundError(f"no shipped file called {name}")
    return found
