"""Checkpoints and keys: what is written is read, by the console and by the verifier, and nothing else is."""

import base64
import stat
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.audit.checkpoint import Checkpoint, note_of, read_note
from db.audit.signing import SealingKey
from db.errors import Invalid
from db.verifier.notes import CannotJudgeError, PublicKey, SignedNote

AT = datetime(2026, 11, 26, 19, 3, 0, 120000, tzinfo=UTC)
MADE = Checkpoint("cru-audit/x", 1207, bytes(range(32)), 31, AT, AT - timedelta(minutes=1))
KEY = SealingKey("cru-audit", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.mark.parametrize(
    "made", [MADE, Checkpoint("a b", 0, b"\0" * 32, 1, AT.astimezone(timezone(timedelta(hours=1))))]
)
def test_what_is_signed_is_read_again_by_both(made: Checkpoint) -> None:
    note = note_of(made, KEY.sign(made))
    read, signatures = read_note(note)
    assert (read, len(signatures)) == (made, 1)
    assert KEY.signed(read, signatures[0])
    theirs = SignedNote.read(note.replace("\n", "\r\n"))
    assert (theirs.size, theirs.root, theirs.number, theirs.at) == (made.size, made.root, made.number, made.at)
    assert theirs.complete_to == made.complete_to
    assert PublicKey.read(KEY.public).signed(theirs)


def test_the_form_is_that_of_the_specification() -> None:
    lines = note_of(MADE, KEY.sign(MADE)).split("\n")
    assert lines[:3] == ["cru-audit/x", "1207", base64.b64encode(MADE.root).decode()]
    assert lines[3:6] == ["number 31", "time 2026-11-26T19:03:00.120000Z", "complete 2026-11-26T19:02:00.120000Z"]
    assert lines[6] == ""
    assert lines[7].startswith("\u2014 cru-audit ")
    assert len(base64.b64decode(lines[7].split(" ")[2])) == 4 + 64
    assert lines[8:] == [""]


@pytest.mark.parametrize(
    ("was", "becomes"), [("1207", "1208"), ("19:03", "19:04"), ("31", "32"), ("AAEC", "AAED"), ("/x", "/y")]
)
def test_another_word_and_the_signature_is_none(was: str, becomes: str) -> None:
    note = note_of(MADE, KEY.sign(MADE)).replace(was, becomes, 1)
    read, (signature,) = read_note(note)
    assert not KEY.signed(read, signature)
    assert not PublicKey.read(KEY.public).signed(SignedNote.read(note))
    assert not SealingKey.drawn().signed(MADE, KEY.sign(MADE))


@pytest.mark.parametrize(
    "note",
    [
        "",
        "x",
        "a\nb\nc\n\n",
        "a\nb\n\nc",
        "x\n" * 3000,
        note_of(MADE, KEY.sign(MADE)).replace("1207", "01207"),
        note_of(MADE, KEY.sign(MADE)).replace("number", "nomber"),
    ],
)
def test_what_is_no_checkpoint_is_said_to_be_none(note: str) -> None:
    with pytest.raises(Invalid, match="no checkpoint"):
        read_note(note)


def test_a_key_is_kept_in_a_file_of_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "audit.key"
    KEY.write(file)
    assert SealingKey.read(file).public == KEY.public
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        SealingKey.drawn().write(file)
    assert SealingKey.read(file).public == KEY.public


@pytest.mark.parametrize(
    "said", ["", "x", "PRIVATE+KEY+a+00000000+AQ==", "{}".format("PRIVATE+KEY+cru-audit+00000000+" + "A" * 44)]
)
def test_what_is_no_key_is_said_to_be_none(tmp_path: Path, said: str) -> None:
    file = tmp_path / "a.key"
    file.write_text(said)
    with pytest.raises(Invalid, match="holds no key"):
        SealingKey.read(file)
    with pytest.raises(Invalid, match="cannot be read"):
        SealingKey.read(tmp_path / "none")
    with pytest.raises(CannotJudgeError):
        PublicKey.read(said)
