"""Asks the record for something in a shift lead's window, where no sheet hears the answer."""

from collections.abc import Callable

from console.live.actions import Action
from console.live.desk import Desk
from console.look.panel import MessageBar
from db.commands.base import Command


def send(desk: Desk, command: Command, label: str, message: MessageBar, then: Callable[[], object]) -> None:
    """Submit it. A refusal stands in the message; ``then`` is called either way, to show what is so now."""

    def answered(action: Action) -> None:
        if action.error is not None:
            message.say("late", action.error.sentence, action.error.next_step)
        else:
            message.clear()
        then()

    desk.actions.submit(command, label, answered)
