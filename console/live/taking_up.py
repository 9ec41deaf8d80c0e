"""What an earlier console of the same person left on the disk, brought into the box of this one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import merge
from typing import Any

from console.live.kept_act import KeptAct, label_of, read_kept
from console.live.outbox_folder import FoundActs, FullError, OutboxFolder
from db.commands.written import UnknownCommandError


@dataclass(slots=True)
class TakenUp:
    """What there was.

    Attributes:
        kept: oldest first, each with the name of its file in the new box; without a name where there was no room.
        unknown: labels of what this version of the program cannot read; it stays on the disk for the one that can.
        found: what else there was.
    """

    kept: list[tuple[KeptAct, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    found: FoundActs = field(default_factory=FoundActs)


def take_up(folder: OutboxFolder) -> TakenUp:
    """Open the folder and take up what is there. Called in a thread.

    Raises:
        OSError: the folder cannot be written.
    """
    taken = TakenUp(found=folder.open())
    boxes: list[list[KeptAct]] = []
    strange: list[dict[str, Any]] = []
    for box in taken.found.mine:
        boxes.append([])
        for said in box:
            try:
                boxes[-1].append(read_kept(said))
            except UnknownCommandError:
                strange.append(said)
    # Within a box the order is certain, whatever the clock did; between boxes it goes by the clock.
    ordered = {one.command_id: one for one in merge(*boxes, key=lambda one: one.asked.at)}
    kept = [
        KeptAct(one.acts, one.keys, one.asked, number)
        for number, one in enumerate(ordered.values(), -len(ordered))
    ]
    taken.unknown = [label_of(said) for said in strange]
    # What stood twice stands once.
    names = brought(folder, [*(one.said() for one in kept), *strange])
    taken.kept = list(zip(kept, names[: len(kept)], strict=True))
    return taken


def brought(folder: OutboxFolder, said: Sequence[dict[str, Any]]) -> list[str]:
    """Bring all of it into the new box, or leave it in the old ones.

    Returns:
        The name of each one's file; all are empty where there was no room.
    """
    names: list[str] = []
    try:
        for one in said:
            names.append(folder.put(one))  # noqa: PERF401 - what was written before one failed is taken back
    except (FullError, OSError):
        for name in names:
            folder.drop(name)
        return [""] * len(said)
    folder.forget_before()
    return names
