"""docs/deploy.md is carried out by hand: its commands are there, its settings print no rows, its sums are right.

What only shows on real machines is tried by ``tests/e2e/test_failover.py``.
"""

import re
import shlex

import pytest

import main
from db.admin.server_log import telling
from tests.deployed.page import PAGE, blocks

COMMAND = re.compile(r"main\.py ([a-z][a-z-]*(?: [a-z][a-z-]+)?)")
SIZES = re.compile(r"^\| (\d+) \| (\d+) \| \d+ \| \d+ GB \| \d+ GB \| (\d+) \|$", re.MULTILINE)
PATRONI = blocks()["file: /etc/patroni/config.yml"]


def setting(name: str) -> str:
    """What a line of Patroni's file says."""
    (found,) = re.findall(rf"^ *{name}: *(.+)$", PATRONI, re.MULTILINE)
    return str(found).strip("'")


def settings() -> dict[str, str]:
    """The parameters of the server."""
    text = PATRONI.partition("      parameters:\n")[2].partition("\n  initdb:")[0]
    return {name: said.strip("'") for name, said in re.findall(r"^ {8}([a-z_]+): (.+)$", text, re.MULTILINE)}


def test_every_command_of_the_pages_for_engineers_is_one() -> None:
    pages = [PAGE, *(PAGE.with_name(f"{name}.md") for name in ("backup", "audit", "gateway"))]
    for said in {one for page in pages for one in COMMAND.findall(page.read_text("utf-8"))}:
        words = said.split()
        # Help ends the program with 0, and what is no command with 2.
        with pytest.raises(SystemExit) as ended:
            main.parser().parse_args([*words[: 1 + (words[0] == "admin")], "--help"])
        assert ended.value.code == 0, said


@pytest.mark.parametrize("service", ["gateway", "seal"])
def test_what_a_service_starts_is_understood(service: str) -> None:
    unit = blocks()[f"file: /etc/systemd/system/cru-{service}.service"]
    words = shlex.split(unit.partition("ExecStart=")[2].partition("\n")[0])
    assert words[1].endswith("/main.py")
    assert callable(main.parser().parse_args(words[2:]).handler)
    assert "Restart=always" in unit


def test_the_log_of_the_page_prints_no_rows() -> None:
    told = [one for name, value in settings().items() if (one := telling(name, value)) is not None]
    assert told == []
    # Those whose own defaults would.
    assert {"log_min_messages", "log_min_error_statement", "log_error_verbosity"} <= settings().keys()


def test_nothing_that_is_answered_may_be_lost() -> None:
    given = settings()
    assert {given[name] for name in ("fsync", "full_page_writes", "synchronous_commit")} == {"on"}
    assert setting("synchronous_mode") == "true"
    assert int(setting("ttl")) >= int(setting("loop_wait")) + 2 * int(setting("retry_timeout"))


def test_the_sums_of_connections() -> None:
    sizes = SIZES.findall(PAGE.read_text("utf-8"))
    assert [int(consoles) for consoles, _, _ in sizes] == [20, 100, 200]
    for consoles, _, most in sizes:
        assert int(most) >= 2 * int(consoles) + 50
