"""The blocks of docs/deploy.md by what stands above them, to be carried out and not retyped."""

import re
from functools import cache
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "deploy.md"
_BLOCK = re.compile(
    r"^<!-- (?P<kind>file|sh|sql): (?P<name>[^>]+?) -->\n```\w*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@cache
def blocks() -> dict[str, str]:
    """Each block by its kind and name, such as ``"sh: certificates"``."""
    return {f"{one['kind']}: {one['name']}": one["text"] for one in _BLOCK.finditer(PAGE.read_text("utf-8"))}
