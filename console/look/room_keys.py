"""The keys of the shift log and of the handover of the room."""

from typing import Final

from console.look.keyboard import LIST_MOVES, Key, Part

LOG_WINDOW: Final = Part(
    "The shift log, everywhere",
    "the entry that is typed",
    (
        Key(("Ctrl+Return",), "write", "write the entry into the log", sends=True),
        Key(("Ctrl+F",), "search", "look for words in it"),
        Key(("F2",), "new", "what is written next"),
        Key(("F3",), "entries", "the entries"),
        Key(("F5",), "refresh", "read it again"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape",), "leave", "no correction after all; then close the window"),
        Key(("Ctrl+W",), "close", "close the window"),
    ),
)
LOG_ENTRY: Final = Part(
    "An entry of the shift log",
    "the entry in the row",
    (
        LIST_MOVES,
        Key(("Return",), "go", "show the referral or van that it is about"),
        Key(("C",), "correct", "correct it: another entry that takes its place"),
        Key(("P",), "pass on", "tell the next shift, or not after all", sends=True),
    ),
)
ROOM_WINDOW: Final = Part(
    "Handing over the room, everywhere",
    "the room as it is listed",
    (
        Key(("Ctrl+Return",), "go on", "offer the room; or take it, when each risk is signed", sends=True),
        Key(("F2",), "lines", "what is handed over"),
        Key(("F3",), "notes", "the notes for the next shift"),
        Key(("F4",), "earlier", "how it was handed over before, or now again"),
        Key(("Ctrl+F",), "search", "look for words in how it was handed over before"),
        Key(("Alt+W",), "withdraw", "withdraw what is offered", sends=True),
        Key(("Ctrl+P",), "print", "print it, or keep it as a PDF"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape", "Ctrl+W"), "close", "close the window; the notes stay"),
    ),
)
ROOM_LINE: Final = Part(
    "A line that is handed over",
    "the line",
    (
        LIST_MOVES,
        Key(("Return",), "go", "show the referral or van that it is about"),
        Key(("S",), "sign", "sign it, with the remark that is typed", sends=True),
    ),
)
REVIEW_WINDOW: Final = Part(
    "To review, everywhere",
    "",
    (
        Key(("F5",), "refresh", "read it again"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape",), "leave", "close what is open; then the window"),
        Key(("Ctrl+W",), "close", "close the window"),
    ),
)
REVIEW_LINE: Final = Part(
    "Something to review",
    "",
    (
        LIST_MOVES,
        Key(("Return",), "go", "show its referral on the desk, or in the replay"),
        Key(("R",), "replay", "replay that moment"),
        Key(("S",), "sign", "sign it off with a line"),
    ),
)
VOICES_WINDOW: Final = Part(
    "Feedback, everywhere",
    "",
    (
        Key(("F2",), "said", "what people said"),
        Key(("F3",), "did", "what became of it"),
        Key(("Ctrl+F",), "search", "look for words in what people said"),
        Key(("F5",), "refresh", "read it again"),
        Key(("Ctrl+C",), "copy", "copy the table that has the keyboard"),
        Key(("Escape",), "leave", "close what is open; then the window"),
        Key(("Ctrl+W",), "close", "close the window"),
    ),
)
VOICE: Final = Part(
    "What somebody said",
    "",
    (
        LIST_MOVES,
        Key(("Return",), "go", "show its visit: on the desk, or once it has left the board, to read"),
        Key(("N",), "new", "write down what somebody says about no one visit"),
        Key(("T",), "sort", "sort it by theme, and say what may be done with it"),
        Key(("M",), "make", "make something of it that somebody sees to"),
    ),
)
IMPROVEMENT: Final = Part(
    "Something that somebody sees to",
    "",
    (
        LIST_MOVES,
        Key(("Return",), "change", "another owner or day, or what changed"),
        Key(("N",), "new", "an item of the team's own"),
    ),
)
ROOM_PARTS: Final = (
    *(LOG_WINDOW, LOG_ENTRY, ROOM_WINDOW, ROOM_LINE),
    *(REVIEW_WINDOW, REVIEW_LINE, VOICES_WINDOW, VOICE, IMPROVEMENT),
)
"""All of them, as the page of keys shows them."""
