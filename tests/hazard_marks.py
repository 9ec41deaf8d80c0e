"""Tests that prove a control of a hazard: such a test never counts as passed when it was not run.

``@pytest.mark.hazard("H-001")`` names hazards of ``docs/safety/hazards``; that files and marks agree is held by
``tests/unit/test_safety_case.py``, and ``tests/conftest.py`` takes the hook.
"""

from collections.abc import Generator
from typing import Any

import pytest


def hazards_of(item: pytest.Item) -> list[str]:
    """The hazards that a test is named by, in the order of its marks."""
    return [str(hazard) for mark in item.iter_markers("hazard") for hazard in mark.args]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """A skipped test that proves a control is a failed one: what was not tried is not proven."""
    report = yield
    hazards = hazards_of(item)
    # What was expected to fail counts as skipped, too.
    if report.skipped and hazards:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} proves a control of {', '.join(hazards)} and was skipped"
        vars(report).pop("wasxfail", None)
    return report
