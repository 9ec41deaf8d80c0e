"""What a console says of a map pack that cannot be used: once somebody listens, and nothing where it can."""

from pathlib import Path
from typing import Any, cast

import pytest

from console.live.geography import Geography


class Kept:
    """What was to be loaded, which nobody loads here."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def until_done(self, name: str, *_: object, **__: object) -> None:
        self.names.append(name)


@pytest.mark.parametrize("broken", [True, False])
def test_a_pack_that_cannot_be_used_is_said_when_the_window_listens(tmp_path: Path, broken: bool) -> None:
    kept, told = Kept(), list[str]()
    folder = tmp_path / "no pack" if broken else None
    made = Geography(folder, tmp_path, cast("Any", None), supervisor=cast("Any", kept))
    made.failed.connect(told.append)
    made.start()
    assert len(told) == broken
    assert all(sentence.endswith(".") and "pack" in sentence for sentence in told)
    assert kept.names == ["places"], "addresses are typed in full, and tried again"
    assert (made.pack, made.home) == (None, None)
