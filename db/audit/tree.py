"""The Merkle tree of RFC 6962, by its perfect parts: a tree grows, and is compared, without its leaves. Pure.

A part is a whole subtree over ``1 << level`` leaves. Any stretch of leaves is made of few parts, so what a sealer
must know of a million leaves, and what shows that one tree continues another, is some forty hashes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class TreePart(NamedTuple):
    """The perfect subtree over the leaves from ``ordinal << level`` on, ``1 << level`` of them."""

    level: int
    ordinal: int


def leaf_hash(said: bytes) -> bytes:
    """The hash of a leaf (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + said).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def parts(first: int, last: int) -> list[TreePart]:
    """The fewest parts that the leaves from ``first`` up to ``last``, which is left out, are made of, in order."""
    found = []
    while first < last:
        fits = (last - first).bit_length() - 1
        level = min(fits, (first & -first).bit_length() - 1) if first else fits
        found.append(TreePart(level, first >> level))
        first += 1 << level
    return found


class Growing:
    """A tree to which leaves are added at its end. It knows the hashes of ``parts(0, size)`` and no more.

    Raises ValueError where it is begun with other hashes than so many.
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        known = parts(0, size)
        if len(known) != len(hashes):
            raise ValueError(f"{len(known)} parts have {len(hashes)} hashes")
        self.size = size
        self._parts = [(part.level, said) for part, said in zip(known, hashes, strict=True)]

    def add(self, said: bytes, level: int = 0) -> list[tuple[TreePart, bytes]]:
        """Add a leaf, or a part that begins where the tree ends, by its hash.

        Returns the parts that it made whole, itself the first, with their hashes. Raises ValueError where no part
        of that level can begin there.
        """
        if self.size & ((1 << level) - 1):
            raise ValueError(f"no part of level {level} begins at leaf {self.size}")
        made = [(TreePart(level, self.size >> level), said)]
        while self._parts and self._parts[-1][0] == level:
            said, level = node_hash(self._parts.pop()[1], said), level + 1
            made.append((TreePart(level, self.size >> level), said))
        self._parts.append((level, said))
        self.size += 1 << made[0][0].level
        return made

    def root(self) -> bytes:
        """The hash of the whole tree; of none, that of nothing."""
        if not self._parts:
            return hashlib.sha256(b"").digest()
        found = self._parts[-1][1]
        for _, before in reversed(self._parts[:-1]):
            found = node_hash(before, found)
        return found


def between(old: int, new: int) -> list[TreePart]:
    """The parts whose hashes show that the tree of ``new`` leaves continues the one of ``old``."""
    return parts(0, old) + parts(old, new)


def continues(old: tuple[int, bytes], new: tuple[int, bytes], hashes: Iterable[bytes]) -> bool:
    """Whether a tree continues another one: both, as size and root, and the hashes of the parts between them."""
    given = list(hashes)
    wanted = between(old[0], new[0])
    if old[0] > new[0] or len(given) != len(wanted):
        return False
    before = len(parts(0, old[0]))
    tree = Growing(old[0], given[:before])
    if tree.root() != old[1]:
        return False
    for part, said in zip(wanted[before:], given[before:], strict=True):
        tree.add(said, part.level)
    return tree.root() == new[1]
