"""What the desk says of acts that the record refused, where no panel is left that would."""

from console.live.actions import Action
from console.look.key_table import EVERYWHERE
from console.look.keys import cap
from console.views.desk.messages import DeskMessages
from db.clock import RecordClock
from db.domain.names import shortened
from db.errors import RecordError


class Refusals:
    """Says them over the panels, each with what it was about."""

    def __init__(self, message: DeskMessages, clock: RecordClock) -> None:
        self._message, self._clock = message, clock

    def late(self, label: str, error: RecordError) -> None:
        """An act was refused; ``label`` says which."""
        said = f"{shortened(label, self._clock.now())}: {error.sentence}"
        self._message.say("late", said, error.next_step)

    def refused(self, action: Action) -> None:
        """The same, of an act that no panel waits for."""
        # What a panel asked for with an answer in mind is said there.
        if action.error is not None and not action.awaited:
            self.late(action.label, action.error)

    def withdrawn(self, action: Action) -> None:
        """An act was taken back while it waited."""
        # That it is gone is what was wanted; that it may not be gone has to be said.
        if action.may_be_done:
            self.refused(action)

    def put_aside(self, draft: str, error: RecordError) -> None:
        """The save of a draft was refused after its form was closed."""
        next_step = f"{error.next_step} It is put aside: {cap(EVERYWHERE.key('aside'))} opens it.".strip()
        self._message.say("late", f"{draft}: {error.sentence}", next_step)
