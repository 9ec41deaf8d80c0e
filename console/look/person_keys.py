"""The keys of a person's record, and of what is asked about records."""

from typing import Final

from console.look.keyboard import LIST_MOVES, Key, Part

_OF_PERSON: Final = (
    Key(("Return",), "go", "show its referral: on the desk, or once it has left the board, to read"),
    Key(("N",), "ask", "write down what somebody asks: a copy, a correction, to be erased"),
    Key(("C",), "correct", "correct something, or put down why it is not and what the person says"),
    Key(("G",), "give", "shift lead: give all of it out as files, with to whom and what for"),
)
PERSON_WINDOW: Final = Part(
    "A person's record, everywhere",
    "",
    (
        Key(("F2",), "kept", "what is kept"),
        Key(("F3",), "asked", "what was asked, who looked, and who they were said to be"),
        Key(("F4",), "everybody", "what is asked about anybody's record, or this person again"),
        Key(("Ctrl+F",), "search", "look for words in what is kept"),
        Key(("F5",), "refresh", "read it again"),
        Key(("Escape",), "leave", "give up what is being written, or close what is open; then the window"),
        Key(("Ctrl+W",), "close", "close the window"),
    ),
)
PERSON_KEPT: Final = Part(
    "Something that is kept of a person",
    "the person in the heading",
    (LIST_MOVES, *_OF_PERSON, Key(("O",), "older", "those before the last line")),
)
PERSON_ASKED: Final = Part(
    "Something that was asked about a record",
    "what was asked, in the row",
    (
        LIST_MOVES,
        *_OF_PERSON,
        Key(("A",), "answer", "it is refused, with the reason, or wanted no longer"),
    ),
)
PERSON_PARTS: Final = (PERSON_WINDOW, PERSON_KEPT, PERSON_ASKED)
"""All of them, as the page of keys shows them."""
