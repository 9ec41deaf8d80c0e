"""Who holds what a command waits for, in a sentence."""

import asyncio
from typing import Any

import pytest

from db.commands import holders
from db.commands.base import LOCK_WITHIN_MS
from db.commands.holders import holder_named, holding


@pytest.mark.parametrize(
    ("application", "said"),
    [
        ("cru-console on WS-3", "A. Shah at WS-3 holds this just now."),
        ("cru-console on desk on wheels", "A. Shah at desk on wheels holds this just now."),
        ("cru-console", "A. Shah holds this just now."),
        ("cru-console on ", "A. Shah holds this just now."),
        ("cru-gateway", "A. Shah holds this just now."),
        ("psql", "A. Shah holds this just now (psql)."),
        ("", "A. Shah holds this just now."),
    ],
)
def test_a_holder_is_named_with_the_desk_or_the_program(application: str, said: str) -> None:
    assert holding("A. Shah", application) == said


async def test_who_need_not_wait_is_not_held_up_by_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    # Asked while there is time to answer, and again as much.
    assert 2000 * holders._ASKED_AFTER <= LOCK_WITHIN_MS
    monkeypatch.setattr(holders, "_ASKED_AFTER", 3600.0)
    nobody: Any = None
    async with asyncio.timeout(5), holder_named(nobody) as begun:
        begun(1)
