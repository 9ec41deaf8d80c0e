"""What an installation leaves out, and what must stay."""

from pathlib import Path

import pytest

from console.start.trim import trim

GOES = [
    "PySide6/Qt/translations/qtwebengine_locales/de.pak",
    "PySide6/Qt/translations/qtwebengine_locales/es-419.pak",
    "PySide6/Qt/translations/qtwebengine_locales/el.pak",
    "PySide6/Qt/translations/qtbase_pl.qm",
    "PySide6/translations/qtwebengine_locales/fr.pak",
    "PySide6/Qt/qml/QtQuick/Controls/qmldir",
    "PySide6/qml/Qt/qmldir",
    "PySide6/Qt/metatypes/qt6core_metatypes.json",
    "PySide6/Qt/plugins/designer/libqwebengineview.so",
    "PySide6/designer",
    "PySide6/linguist.app/Contents/x",
    "PySide6/qmlls.exe",
    "PySide6/include/pyside.h",
    "scipy/stats/tests/test_a.py",
    "scipy/stats/tests/data/tests/b.npy",
]
STAYS = [
    "PySide6/Qt/translations/qtwebengine_locales/en-GB.pak",
    "PySide6/Qt/translations/qtwebengine_locales/en-US.pak",
    "PySide6/translations/qtwebengine_locales/en-GB.pak",
    "PySide6/Qt/resources/icudtl.dat",
    "PySide6/Qt/libexec/QtWebEngineProcess",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/Qt/lib/libQt6Qml.so.6",
    "PySide6/QtDesigner.abi3.so",
    "PySide6/QtWidgets.pyi",
    "PySide6/support/deprecated.py",
    "scipy/stats/_stats.py",
    "numpy/_core/tests/_natype.py",
    "other/qml/x",
    "other/tests/x",
]


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    for name in (*GOES, *STAYS):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"1234")
    return tmp_path


def test_whole_kinds_go_and_all_else_stays(packages: Path) -> None:
    assert trim(packages) == 4 * len(GOES)
    left = {str(file.relative_to(packages)) for file in packages.rglob("*") if file.is_file()}
    assert left == {str(Path(name)) for name in STAYS}


def test_a_second_time_nothing_is_left_to_go(packages: Path, tmp_path: Path) -> None:
    trim(packages)
    assert trim(packages) == 0
    assert trim(tmp_path / "nowhere") == 0
