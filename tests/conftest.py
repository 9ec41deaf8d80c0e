"""Ground rules for every test: offscreen unless a screen was asked for, and no noise left unseen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium refuses to sandbox as root; test machines often run as root, workstations never do.
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

from console.map.scheme import register_scheme
from tests.cluster import cluster, own_cluster, own_record, record, template

# Schemes must be known before the first QApplication of the process.
register_scheme()

__all__ = ["cluster", "own_cluster", "own_record", "record", "template"]
