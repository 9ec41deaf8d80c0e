"""What can go wrong with the record, in the words a dispatcher reads."""

TRIES_AGAIN = "The console tries again by itself."


class RecordError(Exception):
    """A refusal or failure that a caller can act on.

    Attributes:
        sentence: one plain sentence that says what happened.
        next_step: what to do now; may be empty.
        field: the column or the field that it is about; empty when it is about none.
    """

    def __init__(self, sentence: str, next_step: str = "", field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step
        self.field = field

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()


class Conflict(RecordError):  # noqa: N818 - the house's words: a conflict is not a fault
    """Somebody else was first. The sentence says who did what, and when."""


class AtOnce(Conflict):
    """Two waited for each other, and this one was given up. Nothing was done; trying again at once is safe."""


class NotAllowed(RecordError):  # noqa: N818 - as above
    """The signed-in user's role may not do this."""


class Invalid(RecordError):  # noqa: N818 - as above
    """The rules of the record refuse this."""


class Unavailable(RecordError):  # noqa: N818 - as above
    """The record cannot be reached. Trying again later is safe."""


class Passing(Unavailable):
    """The record cannot be reached for now. What a console keeps showing, it asks for again by itself."""

    def __init__(self, sentence: str, next_step: str = TRIES_AGAIN, field: str = "") -> None:
        super().__init__(sentence, next_step, field)

    def by_hand(self, step: str) -> Unavailable:
        """The same to whoever asked once by a key: nobody asks again for them; ``step`` says what they can do."""
        return Unavailable(self.sentence, self.next_step.replace(TRIES_AGAIN, step))


class Busy(Passing):
    """Somebody else holds what this needs. Nothing was done; trying again later is safe."""
