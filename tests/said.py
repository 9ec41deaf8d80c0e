"""The pages of what each view says and does, from the code: ``python -m tests.said [VIEW…]`` writes them anew.

Then look at the difference: each line of it is something that somebody at a desk sees, hears or sends.
"""

import os
import subprocess
import sys

from tests.gui.said.pages import WRITE


def main(*views: str) -> int:
    """Write the pages of these views, or of all of them. Returns pytest's code."""
    only = ["-k", " or ".join(f"[{view}]" for view in views)] if views else []
    command = [sys.executable, "-m", "pytest", "-q", "tests/gui/test_said.py", *only]
    return subprocess.run(command, env=os.environ | {WRITE: "write"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
