"""What an earlier console of the same person left on the disk, brought into the box of this one."""

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
    names = _written(folder, [one.said() for one in kept], strange)
    taken.kept = list(zip(kept, names, strict=True))
    return taken


def _written(folder: OutboxFolder, acts: list[dict[str, Any]], strange: list[dict[str, Any]]) -> list[str]:
    """Bring all of it into the new box, or leave it in the old ones; what stood twice stands once."""
    names: list[str] = []
    try:
        for said in (*acts, *strange):
            names.append(folder.put(said))  # noqa: PERF401 - what was written before one failed is taken back
    except (FullError, OSError):
        for name in names:
            folder.drop(name)
        return [""] * len(acts)
    folder.forget_before()
    return names[: len(acts)]
