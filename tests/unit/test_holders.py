"""Who holds what a command waits for, in a sentence."""

import pytest

from db.commands.holders import holding


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
