"""Every key of the console, by the part that has the keyboard. To add one: a line here, and its act bound there.

Everywhere a digit or a letter selects and Enter does; choosing never moves the keyboard; Tab goes on in the order
seen; Escape closes what is topmost and keeps what was typed. A letter that is printed on a button in sight is that
button.
"""

from collections.abc import Mapping
from typing import Final

from console.look.alarm_keys import ALARM_PARTS
from console.look.command_keys import COMMAND_PARTS
from console.look.find_keys import FIND_PARTS
from console.look.inbox_keys import INBOX_PARTS
from console.look.keyboard import DIGIT, LETTER, LIST_MOVES, QT, ROW_MOVES, Key, Part
from console.look.lead_keys import LEAD_PARTS
from console.look.lock_keys import LOCKED
from console.look.person_keys import PERSON_PARTS
from console.look.room_keys import ROOM_PARTS
from console.look.rota_keys import ROTA_PARTS
from console.look.talk_keys import TALK_PARTS
from console.look.timeline_keys import TIMELINE_TABLE, TIMELINE_TIME, TIMELINES
from console.look.town_keys import TOWNS
from console.look.van_keys import VAN, VAN_SHEET
from console.look.wall_keys import WALL_PARTS

_ROW: Final = "the referral in the row, while the pane shows it"
_SHOWN: Final = "the referral that the pane shows"


_ON_REFERRAL: Final = (
    Key(("Return",), "primary", "the usual next step, the first button", sends=True),
    Key(
        (LETTER, "Delete"),
        "step",
        "the step with that key: its button, or its line in More actions",
        sends=True,
    ),
    Key((".", "Menu"), "more", "more actions"),
    Key(("/",), "note", "write a note"),
    Key(("=",), "map", "show it on the map"),
    Key(("Ctrl+Shift+C",), "copy", "copy the line for EMAS"),
    Key(("Ctrl+Shift+B",), "brief", "copy the arrival brief for the crew"),
)

_PANELS: Final = (("F2", "board"), ("F3", "vans"), ("F4", "map"), ("F5", "timelines"), ("F6", "detail"))
_TEARS: Final = tuple(
    Key((f"Shift+{key}",), f"tear {name}", f"tear off the panel of {key}, or put it back") for key, name in _PANELS
)
EVERYWHERE: Final = Part(
    "Everywhere",
    "",
    (
        Key(("F1",), "keys", "this page"),
        Key(("F12", "Ctrl+K"), "command", "the command line"),
        Key(("Ctrl+Shift+P",), "words", "every word of the command line and every key, by words"),
        Key(("F2",), "board", "referrals"),
        Key(("F3",), "vans", "vans"),
        Key(("F4",), "map", "map"),
        Key(("F5",), "timelines", "handover timelines"),
        Key(("F6",), "detail", "the selected referral, or its open sheet"),
        *(
            Key((f"Shift+{key}",), f"tear {name}", f"tear the {name} off, or put them back")
            for key, name in _PANELS
        ),
        Key(("F8",), "offer", "answer what is offered: a van seems to be on scene"),
        Key(("F9",), "alarm", "acknowledge the next alarm and go there"),
        Key(("Ctrl+F9",), "silence", "no sound on this console for 30 s; nothing is answered by that"),
        Key(("Ctrl+Shift+F9",), "sound test", "hear each priority of alarm once"),
        Key(("Shift+F9",), "alarms", "every alarm: who answers it, what to do, and those that were"),
        Key(("F10",), "menu", "menu: panels, theme, text size, sign out"),
        Key(("Ctrl+1",), "layout call taker", "the panels as a call taker has them"),
        Key(("Ctrl+2",), "layout dispatcher", "the panels as a dispatcher has them"),
        Key(("Ctrl+3",), "layout lead", "the panels as a lead has them"),
        Key(("Ctrl+0",), "first layout", "the panels, and the windows beside them, where they were at first"),
        Key(("Ctrl+N",), "new", "new referral"),
        Key(("Ctrl+Shift+N",), "aside", "go on with a referral that was put aside"),
        Key(("Ctrl+F",), "filter", "filter the board"),
        Key(("Ctrl+G",), "place", "find a place on the map"),
        Key(("Ctrl+B",), "pending", "what waits for the record: take it back, or say that it still holds"),
        Key(("Ctrl+O",), "look up", "look up anybody and anything in the record, over years"),
        Key(("Ctrl+Shift+O",), "person", "the selected person's whole record; what is asked about records"),
        Key(("Ctrl+Shift+K",), "lock", "lock this console until the password is typed; alarms go on"),
        Key(("Ctrl+H",), "hide", "hide names and addresses, or show them again"),
        Key(("Ctrl+I",), "inbox", "everything that needs a hand, gravest and oldest first"),
        Key(("Ctrl+M",), "messages", "messages between those who work at a desk"),
        Key(("Ctrl+J",), "log", "the shift log"),
        Key(("Ctrl+Shift+H",), "room", "handing over the room"),
        Key(("F11",), "wall", "the wall, for a second screen"),
        Key(("Ctrl+Shift+V",), "voices", "what people said, and what became of it"),
        Key(("Ctrl+Shift+W",), "review", "shift lead: what is to be reviewed"),
        Key(("Ctrl+Shift+D",), "care", "who is to be called, promises, follow-ups, endings with nobody named"),
        Key(("Ctrl+L",), "lead", "shift lead: figures and charts of a night, a day, or any days"),
        Key(("Ctrl+R",), "replay", "shift lead: replay a past day"),
        Key(("Ctrl+Shift+X",), "fixes", "shift lead: refused positions"),
        Key(("Ctrl+Shift+L",), "insisted", "shift lead: what was recorded although something spoke against it"),
        Key(("Ctrl+Shift+T",), "tools", "shift lead: versions of the screening tool, and what is under review"),
        Key(("Ctrl+Shift+M",), "measures", "shift lead: measures, each beside its balance"),
        Key(("Ctrl+Shift+R",), "rota", "shift lead: the rota"),
        Key(("Ctrl+Shift+F",), "fleet", "shift lead: vans, staff and devices"),
        Key(("Ctrl+Shift+S",), "settings", "shift lead: the settings, with who set each and when"),
    ),
)
DESK: Final = Part(
    "Whatever is open",
    "",
    (
        Key(("Escape",), "close", "close the topmost thing; what was typed stays"),
        Key(("Tab", "Shift+Tab"), QT, "on and back in the order seen; round and round in a sheet or form"),
        Key(("Return", "Space"), QT, "press the button that has the keyboard"),
        Key(("Up", "Down", "Left", "Right"), QT, "from one button to the next"),
    ),
)
BOARD_ROW: Final = Part("A referral on the board", _ROW, (*ROW_MOVES, *_ON_REFERRAL))
BOARD_HEAD: Final = Part(
    "A heading on the board",
    "",
    (
        *ROW_MOVES,
        Key(("Return", "Space"), "toggle", "open or close it"),
        Key(("Right",), "open", "open it"),
        Key(("Left",), "close", "close it"),
    ),
)
FILTER: Final = Part(
    "The board's filter",
    "",
    (
        Key(("Escape",), "clear", "clear it; once empty, back to the board"),
        Key(("Down", "Return"), "leave", "to the board"),
    ),
    typing=True,
)
MAP: Final = Part(
    "The map",
    "",
    (
        Key(("Left", "Right", "Up", "Down"), "pan", "move the view", repeats=True),
        Key(("+", "="), "in", "closer", repeats=True),
        Key(("-",), "out", "wider", repeats=True),
        Key(("0",), "fit", "show everybody"),
        Key(("M",), "lock", "hold the view, or let it go"),
        Key(("F",), "follow", "follow the selected van"),
        Key(("/",), "search", "find a place"),
        Key(("C",), "cover", "how soon a free van could be in each town, or no longer"),
        Key(("T",), "towns", "the same as a table"),
        Key(("Return",), "point", "while a place is picked: here, in the middle"),
    ),
)
SEARCH: Final = Part(
    "Find a place on the map",
    "",
    (
        Key(("Up",), "up", "the place before", repeats=True),
        Key(("Down",), "down", "the next place", repeats=True),
        Key(("Return",), "go", "show it"),
        Key(("Escape",), "leave", "back to the map"),
    ),
    typing=True,
)
PANE: Final = Part(
    "The selected referral",
    _SHOWN,
    (
        *_ON_REFERRAL,
        Key(("PgUp",), "up", "scroll up", repeats=True),
        Key(("PgDown",), "down", "scroll down", repeats=True),
    ),
)
NOTE: Final = Part(
    "The note",
    _SHOWN,
    (
        Key(("Ctrl+Return",), "add", "add it", sends=True),
        Key(("Escape",), "leave", "back; the text stays"),
    ),
    typing=True,
)
SHEET: Final = Part(
    "A sheet",
    "the referral in its title",
    (
        Key(
            ("Return", "Ctrl+Return"),
            "go",
            "do it, or say what is missing; in lines of text only Ctrl",
            sends=True,
        ),
        Key(("Escape",), "leave", "close it; what was typed stays"),
    ),
)
PICK: Final = Part(
    "A list in a sheet",
    "",
    (
        Key((DIGIT, LETTER, "Delete"), "select", "select that row"),
        Key(("Up", "Down", "Home", "End", "PgUp", "PgDown"), QT, "move"),
    ),
)
TICKS: Final = Part(
    "A list of ticks",
    "",
    (
        Key((DIGIT,), "tick", "tick that row, or take the tick away"),
        Key((LETTER,), "find", "go to the next that begins with it"),
        Key(("Space", "Up", "Down", "Home", "End", "PgUp", "PgDown"), QT, "tick, move"),
    ),
)
CHOICE: Final = Part(
    "A row of choices",
    "",
    (
        Key((DIGIT, LETTER), "select", "select that one; where several go, take it away again"),
        Key(("Right", "Down"), "next", "the next one", repeats=True),
        Key(("Left", "Up"), "before", "the one before", repeats=True),
        Key(("Space",), "toggle", "select where the ring is"),
        Key(("Backspace", "Delete"), "clear", "select nothing"),
    ),
)
LINES: Final = Part(
    "Lines of text", "", (Key(("Ctrl+Return",), "go", "do what the sheet is for", sends=True),), typing=True
)
QUESTIONS: Final = Part(
    "The screening",
    "",
    (
        Key(("Y",), "answer", "yes"),
        Key(("N",), "answer", "no"),
        Key(("?", "K"), "answer", "not known"),
        Key(("Up", "Down", "Left", "Right", "Home", "End"), "move", "move", repeats=True),
        Key(("Backspace", "Delete"), "take back", "take the answer back"),
        Key(("Shift+N",), "rest", "the rest of the section is no; once more to say so"),
    ),
)
PLACE: Final = Part(
    "The location",
    "",
    (
        Key(("Up", "Down"), "choose", "choose among the places", repeats=True),
        Key(("Return",), "take", "take it"),
    ),
    typing=True,
)
FORM: Final = Part(
    "The referral form",
    "the referral in its heading",
    (
        *(Key((f"Alt+{number}",), "section", f"section {number}") for number in range(1, 8)),
        Key(("Ctrl+Return",), "save", "save", sends=True),
        Key(("Ctrl+Shift+Return",), "accept", "save and accept", sends=True),
        Key(("Alt+D",), "decline", "decline: asks why"),
        Key(("Alt+E",), "give back", "return to EMAS", sends=True),
        Key(("Alt+B",), "withdraw", "take back what is waiting"),
        Key(("Alt+G",), "vouch", "what waits for your word still holds: send it", sends=True),
        Key(("Alt+T",), "theirs", "take the other's change"),
        Key(("Alt+M",), "pick", "pick the place on the map"),
        Key(("Alt+P",), "parked", "go on with the oldest draft"),
        Key(("Alt+H",), "hung up", "the caller hung up: by when they are called back"),
        Key(("Alt+R",), "no referral", "no referral: why the call ends"),
        Key(("Alt+O",), "show like", "show the referral that this may be, and put the form aside"),
        Key(("Alt+A",), "join", "add this call to it: another call about what is open", sends=True),
        Key(("Alt+S",), "same", "the same person, linked when it is saved"),
        Key(("Alt+N",), "not same", "not the same"),
        Key(("Alt+U",), "unsay", "not said after all"),
        Key(("Alt+L",), "take told", "put under About me what the narrative tells"),
        Key(("Alt+W",), "not told", "not so: leave it in the narrative"),
    ),
)
IN_FORM: Final = Part(
    "In the form",
    "the referral in its heading",
    (
        Key(("Return",), "go", "with a reason for declining selected: decline", sends=True),
        Key(("Escape",), "leave", "close the suggestions, the reasons, then put the form aside"),
    ),
)
OFFER: Final = Part(
    "A van seems to be on scene",
    "the van and referral in its sentence",
    (
        Key(("Return",), "accept", "on scene, or the button that has the keyboard", sends=True),
        Key(("Escape",), "not yet", "not yet"),
    ),
)
PENDING: Final = Part("What waits for the record", "", (Key(("Escape",), "close", "close the list"),))
MESSAGE: Final = Part("A message", "", (Key(("Escape",), "dismiss", "put it away"),))
UNDO: Final = Part(
    "From anywhere but a text",
    "what the line under the steps names",
    (Key(("Ctrl+Z",), "undo", "take back the last thing that you did, within a minute", sends=True),),
)
QUIET_NOTE: Final = Part("The note at the lower edge", "", (Key(("F7",), "away", "put it away, from anywhere"),))
KEYS_PAGE: Final = Part(
    "The page of keys",
    "",
    (
        Key(("Escape", "Return", "F1"), "close", "close it"),
        Key(("Up", "Down", "PgUp", "PgDown", "Home", "End"), "scroll", "scroll", repeats=True),
    ),
)
REPLAY: Final = Part(
    "Replay, everywhere",
    "",
    (
        Key(("F2",), "board", "referrals"),
        Key(("F4",), "map", "map"),
        Key(("F5",), "timelines", "handover timelines"),
        Key(("F6",), "events", "events of the day"),
        Key(("F7",), "time", "the bar of time"),
        Key(("Ctrl+F",), "filter", "filter the board"),
        Key(("Ctrl+G",), "place", "find a place on the map"),
        Key(("Ctrl+W",), "close", "close the replay"),
    ),
)
REPLAY_TIME: Final = Part(
    "Replay, the bar of time",
    "",
    (
        Key(("Space",), "play", "play, or stand still"),
        Key(("S",), "speed", "another speed"),
        Key(("Left", "Right"), "minute", "a minute back or on", repeats=True),
        Key(("Shift+Left", "Shift+Right"), "minutes", "ten minutes back or on", repeats=True),
        Key(("PgUp", "PgDown"), "day", "the day before or after"),
    ),
)
REPLAY_EVENTS: Final = Part(
    "Replay, the events",
    "",
    (
        LIST_MOVES,
        Key(("Return",), "jump", "go to that moment"),
    ),
)
LISTS: Final = Part(
    "Calls and endings, positions refused, recorded although, the tool, measures",
    "",
    (
        Key(("F5",), "refresh", "read them again"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape", "Ctrl+W"), "close", "close the window"),
    ),
)
CARE_LIST: Final = Part(
    "Calls and endings",
    "",
    (
        Key(("Alt+P",), "put off", "put off the follow-up in the row"),
        Key(("Alt+S",), "schedule", "the schedule of calls"),
    ),
)

TABLE: Final[Mapping[str, tuple[Part, ...]]] = {
    "Always": (EVERYWHERE, DESK),
    "Panels": (
        BOARD_ROW,
        BOARD_HEAD,
        FILTER,
        VAN,
        MAP,
        TOWNS,
        SEARCH,
        TIMELINES,
        TIMELINE_TIME,
        TIMELINE_TABLE,
        PANE,
        NOTE,
    ),
    "Sheets and the form": (SHEET, VAN_SHEET, PICK, TICKS, CHOICE, LINES, FORM, IN_FORM, PLACE, QUESTIONS),
    "Over the desk": (*COMMAND_PARTS, UNDO, OFFER, PENDING, MESSAGE, QUIET_NOTE, KEYS_PAGE, LOCKED),
    "Windows of their own": (REPLAY, REPLAY_TIME, REPLAY_EVENTS, LISTS, CARE_LIST),
    "The lead's page": LEAD_PARTS,
    "Rota and fleet": ROTA_PARTS,
    "Alarms": ALARM_PARTS,
    "The inbox": INBOX_PARTS,
    "Looking up": (*FIND_PARTS, *PERSON_PARTS),
    "Messages": TALK_PARTS,
    "The room": ROOM_PARTS,
    "The wall": WALL_PARTS,
}
"""All parts, in the order in which the pages of keys show them."""


def page_text() -> str:
    """The table as it stands in ARCHITECTURE, in Markdown."""
    lines = []
    for group, parts in TABLE.items():
        lines += [f"**{group}**", "", "| where the keyboard is | keys | acts on |", "|---|---|---|"]
        lines += [f"| {part.title} | {_told(part)} | {part.about or '–'} |" for part in parts]
        lines.append("")
    return "\n".join(lines)


def _told(part: Part) -> str:
    typed = ["what is typed is text"] if part.typing else []
    return " · ".join([*(f"`{'` `'.join(key.names)}` {key.words}" for key in part.keys), *typed])
