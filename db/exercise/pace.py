"""Whether a practice shift keeps step with its clock, and the speed that this computer can keep."""

from collections import deque

BEHIND = 30.0
"""Seconds of the exercise clock by which the world may be late: with the way to the screen, a fix is no older than
the two minutes after which it is called old."""
PATIENCE = 2.0
"""Seconds of the room for which it must be late before the clock is slowed: a hiccup is none."""
ROOM = 0.75
"""The share of this computer that a shift may take; the rest is the screen's, and makes up for what is late."""
TRUST_AFTER = 20.0
"""Seconds of the room without being late, after which a higher speed is tried."""
_STEPS = 40
_GUESSED = 3
"""Steps after which a speed that nothing was measured for gives way to one that can be kept."""


class ShiftPace:
    """The speed asked for, and the one that can be kept. Pure: times come in.

    Args:
        asked: what the person asked for, 1 to 60.
        step: seconds of the exercise clock in one step.

    Attributes:
        speed: the speed in force.
    """

    def __init__(self, asked: float, step: float) -> None:
        self.speed = self._asked = asked
        self._step = step
        self._took: deque[float] = deque(maxlen=_STEPS)
        self._late_since: float | None = None
        self._late_by = 0.0
        self._well_since: float | None = None
        self._guessed = False

    def stepped(self, now: float, took: float, behind: float) -> float | None:
        """A step is done.

        Args:
            now: seconds of a clock of the room that never steps.
            took: seconds of the room that it took, waiting left out.
            behind: seconds of the exercise clock by which the world is late after it.

        Returns:
            The speed to go on with, where it is another one.
        """
        self._took.append(took)
        if behind > BEHIND:
            self._well_since = None
            return self._late(now, behind)
        self._late_since = None
        if self._guessed:
            return self._measured()
        self._well_since = now if self._well_since is None else self._well_since
        return self._faster() if now - self._well_since >= TRUST_AFTER else None

    def waiting(self, now: float, so_far: float, behind: float) -> float | None:
        """A step is not done yet, or the first one not begun: who is told only afterwards looks at an old map.

        Args:
            now: seconds of a clock of the room that never steps.
            so_far: seconds of the room since the step before was done.
            behind: seconds of the exercise clock by which the world is late.

        Returns:
            The speed to go on with, where it is another one.
        """
        if behind <= BEHIND:
            return None
        if self._late_since is None:
            self._late_since, self._late_by = now, behind
        if now - self._late_since < PATIENCE or so_far < PATIENCE:
            return None
        self._guessed = not self._took
        return self._change(min(self._keepable(so_far), self.speed * ROOM))

    def _late(self, now: float, behind: float) -> float | None:
        if self._late_since is None:
            self._late_since, self._late_by = now, behind
        if now - self._late_since < PATIENCE:
            return None
        if behind < self._late_by:
            # Still late, and making up for it: the speed can be kept.
            self._late_since, self._late_by = now, behind
            return None
        return self._slower()

    def _keepable(self, *more: float) -> float:
        took = [*self._took, *more]
        mean = sum(took) / len(took)
        return ROOM * self._step / mean if mean > 0 else self._asked

    def _measured(self) -> float | None:
        # It was slow to begin, which says nothing of the steps: these do, at once.
        if len(self._took) < _GUESSED:
            return None
        self._guessed = False
        return self._change(self._keepable())

    def _slower(self) -> float | None:
        # Late all the same at a speed that should be kept: what is measured is not all that there is to do.
        return self._change(min(self._keepable(), self.speed * ROOM))

    def _faster(self) -> float | None:
        # Only where there is room for it: no going up and down every few seconds.
        keepable = self._keepable()
        return self._change(min(keepable, self.speed * 2)) if keepable > self.speed * 1.25 else None

    def _change(self, wanted: float) -> float | None:
        speed = min(self._asked, max(1.0, float(int(wanted))))
        self._late_since = self._well_since = None
        if speed == self.speed:
            return None
        self.speed = speed
        self._took.clear()
        return speed

    def words(self) -> str:
        """What the person is told of it."""
        if self.speed < self._asked:
            return (
                f"The practice shift runs at {speed_words(self.speed)}:"
                f" this computer cannot keep up with {speed_words(self._asked)}."
            )
        return f"The practice shift runs at {speed_words(self.speed)} again."


def speed_words(speed: float) -> str:
    """How fast a clock runs: ``24×``."""
    return f"{speed:g}×"


def fix_every(speed: float, step: float) -> float:
    """Seconds of the exercise clock between two fixes of a van: half a second of the room, in whole steps.

    More would be written than anybody sees, and the writing is what a fast shift cannot keep up with.
    """
    return max(1.0, float(int(speed / 2 / step))) * step
