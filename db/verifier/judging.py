"""Judges a record by its audit: what was changed, removed, put in, cut off, dated back or signed again."""

import hashlib
import json
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from db.verifier.dump import Cells, Copied, in_utc, row_text
from db.verifier.notes import CannotJudgeError, PublicKey, SignedNote, tree_add, tree_root, when

_AUDIT = ("audit_shape", "audit_leaf", "audit_pending", "audit_checkpoint", "service")
_TIME = "timestamp with time zone"
_UNSEALED = 1 << 62
_SLACK = timedelta(minutes=1)
_SHOWN = 5


@dataclass(frozen=True)
class SealedShape:
    """How a sealed table's rows are read."""

    number: int
    columns: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    stamped: str
    once: bool

    def texts(self, cells: Cells) -> Iterator[str]:
        """The row as it may have been sealed; nothing where it has lost a column since."""
        if all(name in cells for name, _ in self.columns):
            said = [
                in_utc(one) if kind == _TIME and (one := cells[name]) else cells[name]
                for name, kind in self.columns
            ]
            yield row_text(said)
            if not all(one is None or one.isascii() for one in said):
                yield row_text(said, locale_blanks=True)

    def key_of(self, cells: Cells) -> str:
        """What tells a row apart."""
        kinds = dict(self.columns)
        return " ".join(
            in_utc(cells[name] or "") if kinds[name] == _TIME else cells[name] or "" for name in self.keys
        )


class Leaf(NamedTuple):
    """An entry of the seal: what was done to a row (``op``), and what the row is compared by."""

    place: int
    xid: int
    shape: int
    op: str
    digest: str
    salt: bytes | None


@dataclass
class Verification:
    """Reads a record twice, its audit (``audit``) and then its rows (``rows``); ``report`` says what it found."""

    keys: list[PublicKey]
    kept: list[SignedNote]
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # A private file, beside the memory where that is too small; it holds keys and hashes.
        self._db = sqlite3.connect("")
        self._db.execute(
            "CREATE TABLE leaf (place INTEGER PRIMARY KEY, id, xid, shape, op, key, digest, salt, tab)"
        )
        self._shapes: dict[int, tuple[str, SealedShape]] = {}
        self._points: list[tuple[SignedNote, Cells]] = []
        self._of: dict[str, list[SealedShape]] = {}
        self._origin = ""
        self._erased: list[tuple[str, str, int, str | None]] = []
        self._erasing: dict[tuple[int, str | None], str] = {}
        self.audit = Copied(lambda table: table in _AUDIT, self._audit_row)
        self.rows = Copied(lambda table: table in self._of, self._sealed_row)

    def _tell(self, what: str, where: str, example: str) -> None:
        self.found[what, where] += 1
        shown = self.examples.setdefault((what, where), [])
        if len(shown) < _SHOWN:
            shown.append(example)

    def _audit_row(self, table: str, cells: Cells) -> None:
        said = {name: value or "" for name, value in cells.items()}
        if table == "service":
            self._origin = f"cru-audit/{said['epoch']}"
        elif table == "audit_checkpoint":
            self._points.append((SignedNote.read(said["note"]), cells))
        elif table == "audit_shape":
            columns = tuple((name, kind) for name, kind in json.loads(said["columns"]))
            keys = tuple(said["row_keys"].split(" "))
            shape = SealedShape(int(said["shape"]), columns, keys, said["stamped"], said["once"] == "t")
            self._shapes[shape.number] = said["table_name"], shape
            self._of.setdefault(said["table_name"], []).append(shape)
        else:
            place = int(said.get("place") or _UNSEALED + int(said["id"]))
            salt = bytes.fromhex(said["salt"].replace("-", "")) if said["salt"] else None
            numbers = (int(said["id"]), int(said["xid"]), int(said["shape"]))
            leaf = (place, *numbers, said["op"], said["row_key"], said["digest"].removeprefix("\\x"), salt)
            self._db.execute("INSERT INTO leaf VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)", leaf)

    # The tree, the signatures, and what was kept elsewhere.

    def judge_tree(self) -> None:
        """Say whether the leaves are those that were signed; between the two readings."""
        if not self._shapes or not self._origin:
            raise CannotJudgeError("There is no audit in it: the record is older than its audit, or this is none.")
        self._points.sort(key=lambda point: point[0].number)
        self._db.execute("CREATE TABLE called (shape INTEGER PRIMARY KEY, tab)")
        named = [(number, table) for number, (table, _) in self._shapes.items()]
        self._db.executemany("INSERT INTO called VALUES (?, ?)", named)
        self._db.execute("UPDATE leaf SET tab = (SELECT called.tab FROM called WHERE called.shape = leaf.shape)")
        self._db.execute("CREATE INDEX leaf_key ON leaf (tab, key)")
        self._judge_points()
        self._judge_kept(self._judge_leaves())
        waiting = self._db.execute("SELECT count(*) FROM leaf WHERE place >= ?", (_UNSEALED,)).fetchone()[0]
        if not self._points:
            self.notes.append("Nothing was sealed yet.")
        else:
            last = self._points[-1][0]
            self.notes.append(
                f"{last.size:,} entries are sealed, the last time {when(last.at)}; {waiting:,} wait."
            )
        if not self.keys:
            self.notes.append("No key was given: whoever signed it again, with another key, is not found.")
        if not self.kept:
            self.notes.append(
                "No older checkpoint was given: an end that was cut off, or an older backup, is not found."
            )

    def _judge_points(self) -> None:
        before: SignedNote | None = None
        for number, (note, cells) in enumerate(self._points, 1):
            name = f"checkpoint {note.number}, {when(note.at)}"
            if self.keys and not any(key.signed(note) for key in self.keys):
                self._tell("signed by another key, or changed", "checkpoints", name)
            beside = datetime.fromisoformat(cells["made_at"] or "")
            if (cells["number"], cells["size"], beside) != (str(note.number), str(note.size), note.at):
                self._tell("time or number changed beside what was signed", "checkpoints", name)
            if note.origin != self._origin:
                self._tell("of another record", "checkpoints", name)
            if note.number != (before.number + 1 if before else number):
                self._tell("removed", "checkpoints", f"before {name}")
            if before and note.size < before.size:
                self._tell("smaller than the one before", "checkpoints", name)
            if before and note.at < before.at:
                self.notes.append(f"The record's clock went back before {name}.")
            before = note

    def _judge_leaves(self) -> dict[int, bytes]:
        """Build the tree. Returns the roots at each size that somebody signed."""
        wanted = {note.size for note, _ in self._points} | {note.size for note in self.kept}
        sizes = sorted({note.size for note, _ in self._points})
        stack: list[tuple[int, bytes]] = []
        roots, size, before = {0: tree_root([])}, 0, -1
        sql = "SELECT place, id, xid, shape, op, digest, key FROM leaf WHERE place < ? ORDER BY place"
        for place, number, *rest in self._db.execute(sql, (_UNSEALED,)):
            if place != size:
                self._tell("removed", "the seal", f"entries {size + 1:,} to {place:,}")
                break
            if size in sizes:
                before = -1
            if number < before:
                self._tell("re-ordered", "the seal", f"entry {place + 1:,}, {self._sealed_at(place)}")
            before = number
            tree_add(stack, " ".join(map(str, (number, *rest))).encode())
            size += 1
            if size in wanted:
                roots[size] = tree_root(stack)
        signed = self._points[-1][0].size if self._points else 0
        if size > signed:
            self._tell("in no checkpoint", "the seal", f"{size - signed:,} at its end")
        good = 0
        for note, _ in self._points:
            if note.size not in roots:
                missing = f"{note.size:,} were sealed {when(note.at)}, {size:,} are there"
                self._tell("cut off", "the seal", missing)
                break
            if roots[note.size] != note.root:
                span = f"entries {good + 1:,} to {note.size:,}, sealed {when(note.at)}"
                self._tell("not what was sealed: changed, put in, removed or re-ordered", "the seal", span)
                break
            good = note.size
        return roots

    def _judge_kept(self, roots: dict[int, bytes]) -> None:
        for note in self.kept:
            name = f"the checkpoint of {when(note.at)}"
            if self.keys and not any(key.signed(note) for key in self.keys):
                self._tell("not signed by this key", "what was kept", name)
            if note.origin != self._origin:
                self._tell("of another record", "what was kept", name)
            elif note.size not in roots:
                self._tell("cut off, or an older backup", "the seal", f"{name} had {note.size:,} entries")
            elif roots[note.size] != note.root:
                self._tell("written anew: it does not continue what was kept", "the seal", name)
            else:
                self.notes.append(f"It continues {name}.")

    def _sealed_at(self, place: int) -> str:
        later = bisect_right([note.size for note, _ in self._points], place)
        return f"sealed {when(self._points[later][0].at)}" if later < len(self._points) else "not sealed yet"

    # The rows.

    def _sealed_row(self, table: str, cells: Cells) -> None:
        shape = self._of[table][-1]
        key = shape.key_of(cells)
        sql = "SELECT place, xid, shape, op, digest, salt FROM leaf WHERE tab = ? AND key = ? ORDER BY id"
        leaves = [Leaf(*found) for found in self._db.execute(sql, (table, key))]
        if not leaves:
            self._tell("put in past the rules, or its seal was removed", table, key)
            return
        # Those whose rows were met are done.
        self._db.execute("UPDATE leaf SET tab = '' WHERE tab = ? AND key = ?", (table, key))
        if fault := self._fault(table, shape, cells, leaves):
            self._tell("changed", table, f"{key}: {fault}")
        elif shape.stamped and leaves[0].op == "I":
            stamped = datetime.fromisoformat(cells[shape.stamped] or "")
            self._judge_time(table, key, stamped, leaves[0].place)
        self._note_erased(table, key, cells, leaves)

    def _fault(self, table: str, shape: SealedShape, cells: Cells, leaves: list[Leaf]) -> str:
        """What is wrong with a row, as its leaves tell it from the first to the last; empty for nothing."""
        first, last = leaves[0], leaves[-1]
        if not self._fits(last, cells):
            return f"not as {self._sealed_at(last.place)}"
        for before, leaf in enumerate(leaves):
            if leaf.op == "D" or (shape.once and (leaf.op == "U" or (leaf.op == "I" and before))):
                how = "deleted and put in again" if leaf.op == "D" else "written over"
                return f"{how}, {self._sealed_at(leaf.place)}"
            if leaf.salt is None and all(later.op != "E" for later in leaves[before + 1 :]):
                return "what its seal is compared by was removed"
        # What it was sealed by first may have lost a column since: then nobody can tell.
        told = first is not last and all(name in cells for name, _ in self._shapes[first.shape][1].columns)
        if shape.once and told and first.salt is not None and not self._fits(first, cells):
            return "between two seals"
        if table == "event" and last.op == "E" and (cells["words"] or cells["reason"] not in ("", "erased")):
            return "called erased, and says something"
        return ""

    def _fits(self, leaf: Leaf, cells: Cells) -> bool:
        texts = self._shapes[leaf.shape][1].texts(cells)
        salt, digest = leaf.salt, leaf.digest
        return salt is not None and any(
            hashlib.sha256(salt + said.encode()).hexdigest() == digest for said in texts
        )

    def _note_erased(self, table: str, key: str, cells: Cells, leaves: list[Leaf]) -> None:
        referral = cells["id"] if table == "referral" else cells.get("referral_id")
        self._erased += [(table, key, leaf.xid, referral) for leaf in leaves if leaf.op == "E"]
        if table == "event" and cells["kind"] == "erased":
            told = f"event {key}, {cells['recorded_at']}, by {cells['recorded_by']}"
            self._erasing[leaves[0].xid, referral] = told

    def _judge_time(self, table: str, key: str, stamped: datetime, place: int) -> None:
        """Whether an earlier checkpoint that was complete by then ought to have had it."""
        later = bisect_right([note.size for note, _ in self._points], place)
        before = self._points[later - 1][0] if later else None
        after = self._points[later][0] if later < len(self._points) else None
        if before is None or before.complete_to is None or (after is not None and after.at < before.at):
            return
        if stamped < before.complete_to - _SLACK:
            self._tell("dated back", table, f"{key}: dated {when(stamped)}, {self._sealed_at(place)}")

    def report(self) -> list[str]:
        """What was found, after both readings; the first line says whether all is as it was sealed."""
        # Of the others the rows were met.
        sql = "SELECT tab, key, max(id), place, op FROM leaf WHERE tab <> '' OR tab IS NULL GROUP BY tab, key"
        for table, key, _, place, op in self._db.execute(sql):
            how = "deleted" if op == "D" else "not there"
            self._tell(
                "removed", table or "a table that nothing tells of", f"{key}: {how}; {self._sealed_at(place)}"
            )
        for table, shapes in self._of.items():
            columns = self.rows.tables.get(table, self.audit.tables.get(table, []))
            for name in sorted(set(columns) - {name for name, _ in shapes[-1].columns}):
                self._tell("a column that is not sealed", table, name)
        self._say_erased()
        lines = []
        for (what, where), count in sorted(self.found.items(), key=lambda one: one[0][::-1]):
            lines.append(f"{where}: {what}" + (f", {count:,} times" if count > 1 else ""))
            lines += [f"    {one}" for one in self.examples[what, where]]
        first = "It is NOT what was sealed." if lines else "All is as it was sealed."
        return [first, *lines, *self.notes]

    def _say_erased(self) -> None:
        told: Counter[str] = Counter()
        for table, key, xid, referral in self._erased:
            event = self._erasing.get((xid, referral))
            if event is None:
                self._tell("called erased, and no event tells of it", table, key)
            else:
                told[event] += 1
        self.notes += [
            f"Erased by the trust's rule: {count:,} rows, told by {event}." for event, count in told.items()
        ]
