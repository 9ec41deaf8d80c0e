"""Secrets go into the system's store, or nowhere."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.chainer import ChainerBackend
from keyring.backends.null import Keyring as NullKeyring

from console.running import keystore
from tests.keyrings import ClearKeyring, FileKeyring, ForgetfulKeyring, LockedKeyring


@pytest.fixture(autouse=True)
def store_of_before() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_a_secret_is_kept_found_again_and_forgotten(tmp_path: Path) -> None:
    store = FileKeyring(tmp_path / "store")
    keyring.set_keyring(store)
    assert keystore.recall("one") is None
    keystore.remember("one", "pass wörd")
    keystore.remember("other", "x")
    assert (keystore.recall("one"), keystore.recall("other")) == ("pass wörd", "x")
    keystore.forget("one")
    keystore.forget("one")
    assert store.said() == {"CRU console/other": "x"}


def test_a_computer_without_a_store_has_none() -> None:
    for ask in (lambda: keystore.recall("one"), lambda: keystore.remember("one", "x")):
        with pytest.raises(keystore.NoStoreError):
            ask()


@pytest.mark.parametrize("kind", [ClearKeyring, LockedKeyring, ForgetfulKeyring, NullKeyring])
def test_a_store_that_keeps_nothing_safe_is_none(tmp_path: Path, kind: type) -> None:
    keyring.set_keyring(kind() if kind is NullKeyring else kind(tmp_path / "store"))
    with pytest.raises(keystore.NoStoreError) as raised:
        keystore.remember("one", "secret")
    assert (str(raised.value), raised.value.__cause__) == ("", None)
    assert "secret" not in "".join(file.read_text() for file in tmp_path.iterdir())


def test_of_several_stores_the_first_counts(tmp_path: Path) -> None:
    clear, safe = ClearKeyring(tmp_path / "clear"), FileKeyring(tmp_path / "safe")

    class SafeFirst(ChainerBackend):
        backends = (safe, clear)

    class ClearFirst(ChainerBackend):
        backends = (clear, safe)

    keyring.set_keyring(SafeFirst())
    keystore.remember("one", "x")
    assert keystore.recall("one") == "x"
    keyring.set_keyring(ClearFirst())
    with pytest.raises(keystore.NoStoreError):
        keystore.remember("one", "x")
