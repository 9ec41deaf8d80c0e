"""Ground rules for every test: offscreen unless a screen was asked for, and no noise left unseen."""

import asyncio
import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QSpacerItem, QWidgetItem

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium refuses to sandbox as root; test machines often run as root, workstations never do.
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

# Nothing of a test comes into the tester's own store of keys; a test that needs one brings it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

if "PYTEST_DEBUG_TEMPROOT" not in os.environ:
    # pytest shuts its usual folder to others at each start, and a server of another run may live below it.
    os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.mkdtemp(prefix="cru-pytest-")
    atexit.register(shutil.rmtree, os.environ["PYTEST_DEBUG_TEMPROOT"], ignore_errors=True)

from console.look.flow import FlowLayout
from console.map.scheme import prepare_engine
from console.running.faults import faults
from console.start.imports import plain_import
from db.domain import towns
from tests.cluster import cluster, own_cluster, own_record, record, seed, template
from tests.county import county
from tests.hazard_marks import pytest_runtest_makereport

# How long an example takes tells how busy the machine is, not whether the program is right.
patient = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
if os.environ.get("CRU_TESTS_SHRINK") == "no":
    # Whoever asks only whether a test fails does not wait until the smallest failure is found.
    phases = tuple(set(hypothesis.Phase) - {hypothesis.Phase.shrink, hypothesis.Phase.explain})
    patient = hypothesis.settings(patient, phases=phases)
hypothesis.settings.register_profile("patient", patient)
hypothesis.settings.load_profile("patient")

plain_import()
# Schemes must be known before the first QApplication of the process.
prepare_engine()


# A dead widget that a worker thread collects crashes Qt later, in another test: collect between tests, here.
gc.disable()


# What takes longest is begun first, or one worker is still at it when all others have ended.
_FIRST = (
    "test_said",
    "test_keyboard_walk_form",
    "test_keyboard_walk_sheets",
    "test_keyboard_walk",
    "test_bounds",
    "test_sizes",
    "test_everything_killed",
    "test_exercise_shift",
    "test_own_server_killed",
    "test_command",
    "test_wall",
    "test_admin_postgres15",
    "test_fuzz_rows",
    "test_command_story",
    "test_gateway_outage",
    "test_windows_walk",
    "test_exercise_opening",
)


def pytest_configure(config: pytest.Config) -> None:
    # Files are handed out in that order and then as they were found, not those of most tests first.
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


@pytest.fixture
async def no_task_is_left() -> AsyncIterator[None]:
    """Ends what a test left running: all of them share one loop, on which sessions are kept from test to test."""
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and asyncio.iscoroutinefunction(item.function):
            item.fixturenames.insert(0, "no_task_is_left")
    place = {name: number for number, name in enumerate(_FIRST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def collected(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if QCoreApplication.instance() is not None:
        # Nobody else carries out what was put off: the loop that does it in the program runs in no test. Windows
        # of all earlier tests would be dressed anew at each change of the theme.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if {"gui", "e2e"} & set(request.path.parts):
        gc.collect()
        _look_for_stale_items()
        # What outlives its test is looked through once, and not after each of the thousands that follow.
        gc.freeze()
    else:
        gc.collect(1)


def _look_for_stale_items() -> None:
    """Qt deletes the item of a widget that leaves; Python's object of it would be taken for what comes next."""
    wrappers = shiboken6.getAllValidWrappers()
    # A flow holds its items itself, and lets go of one when it is taken.
    held = {id(item) for one in wrappers if isinstance(one, FlowLayout) for item in one._items}
    stale = [one for one in wrappers if isinstance(one, QWidgetItem | QSpacerItem) and id(one) not in held]
    assert not stale, f"{len(stale)} items of layouts are held: put one layout into another by layouts.nest"


@pytest.fixture(autouse=True)
def caught() -> Iterator[None]:
    """What the console catches to keep going is a failure here; a test that means it says ``faults.forget()``."""
    yield
    count = faults.count
    faults.forget()
    assert count == 0, "an exception was caught on the way: see the log"


@pytest.fixture(autouse=True)
def unlearnt() -> Iterator[None]:
    yield
    # What a map taught one test about postcodes is not known in the next.
    if towns._AROUND:
        towns.know_towns(())


__all__ = [
    "cluster",
    "county",
    "own_cluster",
    "own_record",
    "pytest_runtest_makereport",
    "record",
    "seed",
    "template",
]
