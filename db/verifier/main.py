"""Verify the audit of a record: was what happened changed since it was sealed?

    python verifier.pyz DUMP [--key KEY] [--checkpoint FILE]
    python verifier.pyz --url postgresql://owner@host/cru [--key KEY] [--checkpoint FILE]

DUMP is a file of ``main.py admin backup``, of ``pg_dump --format=custom``, or the plain text of ``pg_dump``. The
first two need ``pg_restore``, a live record ``pg_dump`` and ``psql``, all of Postgres. KEY is the public key (its
text, or a file), FILE a checkpoint that was kept or printed at an earlier time: without it nobody can see that the
end of a record, or the whole of it, was replaced by another. It ends with 0 where all is as it was sealed, 1 where
it is not, 2 where it cannot tell. What it says names tables, keys and times, and never what a row holds.
"""

import argparse
import sys
from pathlib import Path

from db.verifier.dump import read_file, read_live
from db.verifier.judging import Verification
from db.verifier.notes import CannotJudgeError, PublicKey, SignedNote


def main(words: list[str] | None = None) -> int:
    """Judge what is named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dump", type=Path, nargs="?")
    parser.add_argument("--url")
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--checkpoint", type=Path, action="append", default=[])
    parser.add_argument("--programs", type=Path, metavar="DIR", help="where those of Postgres are, if not found")
    given = parser.parse_args(words)
    if (given.dump is None) == (given.url is None):
        parser.error("name a dump, or a record by --url")
    try:
        kept = [SignedNote.read(path.read_text("utf-8")) for path in given.checkpoint]
        made = Verification([PublicKey.read(said) for said in given.key], kept)
        if given.url:
            read_live(given.url, made.audit.take, made.judge_tree, made.rows.take, given.programs)
        else:
            read_file(given.dump, made.audit.take, given.programs)
            made.judge_tree()
            read_file(given.dump, made.rows.take, given.programs)
        lines = made.report()
    except (CannotJudgeError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if made.found else 0
