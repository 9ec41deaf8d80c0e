"""The audit as an engineer runs it: a key, the sealer, and a verdict of a live record, a backup and any dump."""

import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

import main
from db.admin.backup import programs
from db.audit.signing import SealingKey
from tests.cluster import LOGINS, Record, run
from tests.db.audits import note_of, quiet
from tests.db.psql import psql_on

WELL = "All is as it was sealed."


@pytest.fixture
def used(record: Record) -> str:
    """The address of a record that was worked with, as its owner."""

    async def work() -> None:
        async with psql_on(record, tuple(LOGINS)) as psql:
            await quiet(psql)

    run(work())
    return record.owner_url.set(drivername="postgresql").render_as_string(hide_password=False)


async def tampered(record: Record) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    await owner.execute("SET session_replication_role = replica")
    await owner.execute("UPDATE cru.event SET words = 'nothing' WHERE words = 'Zoë'")
    await owner.execute("UPDATE cru.referral SET narrative = 'nothing'")
    await owner.close()


async def noted(record: Record, words: str) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    await owner.execute("UPDATE cru.user_account SET display_name = $1 WHERE login = 'a.shah'", words)
    await owner.close()


async def kept(record: Record) -> str:
    owner = await asyncpg.connect(**record.owner_kwargs)
    note = await note_of(owner)
    await owner.close()
    return note


@pytest.mark.parametrize("given", ["both", "the old one", "the new one"])
def test_what_seals_from_now_on_has_another_key(
    record: Record, used: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    """A lost key, or one that somebody saw, costs nothing but a new one beside the old one's public half."""

    def admin(*words: object, code: int = 0) -> str:
        found = main.main(["admin", *map(str, words)])
        out, err = capsys.readouterr()
        assert found == code, out + err
        return str(out + err)

    public = []
    for number, name in enumerate(("first", "second"), 1):
        public.append(admin("keygen", tmp_path / name).splitlines()[-1])
        run(noted(record, f"Sealed with the {name} key"))
        assert f"checkpoint {number}" in admin("seal", "--key", tmp_path / name, "--once", "--url", used)
        (tmp_path / f"{name}.txt").write_text(run(kept(record)), "utf-8")
    kept_notes = ("--checkpoint", tmp_path / "first.txt", "--checkpoint", tmp_path / "second.txt")
    by = {"both": public, "the old one": public[:1], "the new one": public[1:]}[given]
    asked = [word for key in by for word in ("--key", key)]
    if given == "both":
        assert admin("verify", *asked, *kept_notes, "--url", used).startswith(WELL)
    else:
        said = admin("verify", *asked, *kept_notes, "--url", used, code=1)
        assert "checkpoints: signed by another key, or changed" in said


def test_from_the_key_to_the_verdict(
    record: Record, used: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, checkpoint, backup = tmp_path / "audit.key", tmp_path / "kept.txt", tmp_path / "tonight.cru"

    def admin(*words: object, code: int = 0) -> str:
        found = main.main(["admin", *map(str, words)])
        out, err = capsys.readouterr()
        assert found == code, out + err
        return str(out + err)

    public = admin("keygen", key).splitlines()[-1]
    assert "is there already" in admin("keygen", key, code=2)
    assert "no key of the audit" in admin("seal", "--key", __file__, "--once", "--url", used, code=2)
    assert "some seconds" in admin("seal", "--key", key, "--every", "0", "--url", used, code=2)
    assert "checkpoint 1" in admin("seal", "--key", key, "--once", "--url", used)
    assert "Nothing was written" in admin("seal", "--key", key, "--once", "--url", used)
    checkpoint.write_text(run(kept(record)), "utf-8")
    by = ("--key", public, "--checkpoint", checkpoint)
    assert admin("verify", *by, "--url", used).startswith(WELL)
    assert "No key was given" in admin("verify", "--url", used)
    admin("backup", backup, "--url", used)
    assert admin("verify", backup, *by).startswith(WELL)

    # On another computer: one file, without the console, over each form of a dump.
    alone, tools = tmp_path / "verifier.pyz", programs.tools_here()[-1]
    admin("verifier", alone)

    def judged(*words: object) -> tuple[int, str]:
        asked = [sys.executable, "-I", str(alone), *map(str, words), "--programs", str(tools.folder)]
        done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    (tmp_path / "key.pub").write_text(f"{public}\n")
    code, said = judged(backup, "--key", tmp_path / "key.pub", "--checkpoint", checkpoint)
    assert (code, said.splitlines()[0]) == (0, WELL)
    run(tampered(record))
    for form in ("custom", "plain"):
        dump = tmp_path / form
        made = [tools.path("pg_dump"), f"--format={form}", f"--file={dump}", f"--dbname={used}", "--schema=cru"]
        subprocess.run(made, check=True, timeout=60)
        code, said = judged(dump, *by)
        assert code == 1, said
        assert "referral: changed" in said
        assert "Zoë" not in said, "what a row holds is not said"
    assert judged("--url", used, *by)[0] == 1
    assert judged("--url", used.replace("/record", "/none"), *by)[0] == 2
    assert "referral: changed" in admin("verify", *by, "--url", used, code=1)

    # What cannot be judged is no verdict.
    assert judged(tmp_path / "none")[0] == 2
    assert judged(checkpoint)[0] == 2
    assert judged(backup, "--checkpoint", alone)[0] == 2
    assert "no checkpoint" in admin("verify", backup, "--checkpoint", key, code=2)
    assert "no public key" in admin("verify", backup, "--key", SealingKey.drawn().public[:-9], code=2)
