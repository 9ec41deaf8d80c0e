"""The keys of the messages between those who work at a desk."""

from typing import Final

from console.look.keyboard import LIST_MOVES, Key, Part

TALK_WINDOW: Final = Part(
    "Messages, everywhere",
    "what it is about, as it is typed",
    (
        Key(("Ctrl+Return",), "send", "send what is typed", sends=True),
        Key(("F2",), "new", "what is sent next"),
        Key(("F3",), "lines", "the messages"),
        Key(("Escape", "Ctrl+W"), "close", "close the window; what is typed stays"),
    ),
)
TALK_WORDS: Final = Part(
    "A message that is typed",
    "what it is about, as it is typed",
    (Key(("Return",), "send", "send it", sends=True), Key(("Down",), "lines", "the messages")),
    typing=True,
)
TALK_LINE: Final = Part(
    "A message",
    "the message in the row",
    (
        LIST_MOVES,
        Key(("Return",), "go", "show the referral that it is about"),
        Key(("S",), "seen", "say that you saw it, by your name", sends=True),
        Key(("A",), "answer", "answer whoever sent it, about the same"),
    ),
)
TALK_PARTS: Final = (TALK_WINDOW, TALK_WORDS, TALK_LINE)
"""All of them, as the page of keys shows them."""
