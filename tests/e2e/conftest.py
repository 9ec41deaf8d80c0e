"""What a whole window needs of a test's process."""

from contextlib import suppress

import pytest
from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session", autouse=True)
def sound_is_loaded(qapp: QApplication) -> None:
    """Sound before any window, with Qt's own handler of messages.

    While its library is being loaded it speaks, and the tests' handler is in Python: it would wait for a thread of
    the map, which loads a library too and waits for this one.
    """
    handler = qInstallMessageHandler(None)  # type: ignore[arg-type] # none is Qt's own
    # A computer without a library for sound has a test of its own.
    with suppress(ImportError):
        from PySide6.QtMultimedia import QMediaDevices

        QMediaDevices.defaultAudioOutput()
    qInstallMessageHandler(handler)
