"""Names that come with their module when the first of them is asked for."""

import subprocess
import sys

ASKED = """
import sys
from db import commands, tables
asked = lambda: {"db.commands.whole", "db.tables.whole"} & set(sys.modules)
from db.tables import configured
from db.commands.base import Command
print(configured.__name__, sorted(asked()))
print(hasattr(commands, "__wrapped__"), hasattr(tables, "__wrapped__"), sorted(asked()))
print(issubclass(commands.Step, Command), "Step" in vars(commands), sorted(asked()))
print(hasattr(commands, "Stop"))
"""


def test_they_come_once_and_only_when_one_is_asked_for() -> None:
    told = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == [
        "db.tables.configured []",
        "False False []",
        "True True ['db.commands.whole', 'db.tables.whole']",
        "False",
    ]
