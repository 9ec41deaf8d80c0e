"""What can be typed into the command line: each verb, what it takes, and what it does. Data, and nothing else.

The parser, the preview, Tab, the list of all words, the key card and the docs are made from this table. The words
here are the plain ones, which are always understood; short forms and the service's own words are rows of the
record (``command_word``), with an author and a date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from db.domain.fleet import VanAction
from db.domain.next_steps import Act
from db.domain.states import AssignmentState, HandoverState

FOR_LEADS: Final = "shift lead:"
"""What a verb, or a key of the key table, begins with that is a shift lead's."""


class WordSlot(StrEnum):
    """What a verb takes beside its own words."""

    VAN = "van"
    VANS = "vans"
    REFERRAL = "referral"
    PAST = "time"
    COMING = "until"
    REASON = "reason"
    PLACE = "place"
    NOTE = "note"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that may be asked for.

    Attributes:
        words: its plain words, in small letters; no two verbs share them, and no slot's glue is one of them.
        does: what it does, for whoever looks for the word.
        slots: what it takes.
        needs: those of them without which nothing happens.
        act: the next step of a referral that it is.
        to: the state that the step leads to, where an act has several.
        van: what it does with a van alone.
        everywhere: the act of the key table that it is the same as.
        reasons: the list that its reason is from.
        whole: what it takes answers all that its sheet asks.
        example: as somebody would type it, beginning with a short form.
    """

    words: str
    does: str
    slots: frozenset[WordSlot]
    needs: frozenset[WordSlot] = frozenset()
    act: Act | None = None
    to: AssignmentState | HandoverState | None = None
    van: VanAction | None = None
    everywhere: str = ""
    reasons: str = ""
    whole: bool = False
    example: str = ""

    @property
    def is_for_leads(self) -> bool:
        """Whether only a shift lead may; ``does`` says so first, for whoever reads the list."""
        return self.does.startswith(FOR_LEADS)


_REF: Final = frozenset({WordSlot.REFERRAL})


def _referral(
    words: str,
    does: str,
    act: Act,
    *slots: WordSlot,
    reasons: str = "",
    whole: bool = False,
    example: str = "",
) -> Verb:
    taken = _REF | {WordSlot.NOTE, *slots}
    return Verb(words, does, taken, _REF, act, reasons=reasons, whole=whole, example=example)


def _step(to: AssignmentState, example: str) -> Verb:
    slots = _REF | {WordSlot.VANS, WordSlot.PAST, WordSlot.NOTE}
    words = f"a van is {to}, now or at a time"
    return Verb(str(to), words, slots, act=Act.STEP, to=to, example=example)


def _handover(to: HandoverState, example: str) -> Verb:
    slots = _REF | {WordSlot.PAST, WordSlot.NOTE}
    return Verb(f"handover {to}", f"the handover is {to}", slots, _REF, Act.MOVE_HANDOVER, to, example=example)


def _van(
    words: str,
    does: str,
    van: VanAction,
    *slots: WordSlot,
    reasons: str = "",
    example: str = "",
) -> Verb:
    taken = frozenset({WordSlot.VANS, *slots})
    needs = frozenset({WordSlot.VANS})
    return Verb(words, does, taken, needs, van=van, reasons=reasons, whole=bool(slots), example=example)


def _key(words: str, does: str, everywhere: str, *slots: WordSlot, example: str = "") -> Verb:
    return Verb(words, does, frozenset(slots), everywhere=everywhere, example=example)


ALLOCATE: Final = "allocate"
SHOW: Final = "show"
NOTE: Final = "note"
MESSAGE: Final = "message"
FIND: Final = "find"
LOOK_UP: Final = "look up"
PLACE: Final = "map"
UNDO: Final = "undo"

_VERBS: Final = (
    # --- a referral and its vans ---
    Verb(
        ALLOCATE,
        "send one van or several to a referral",
        _REF | {WordSlot.VANS, WordSlot.NOTE},
        _REF | {WordSlot.VANS},
        Act.ALLOCATE,
        example="alloc cru3 44 side door please",
    ),
    _step(AssignmentState.ACKNOWLEDGED, "cru3 ack"),
    _step(AssignmentState.MOBILE, "cru3 mob"),
    _step(AssignmentState.AT_RENDEZVOUS, "cru3 rv"),
    _step(AssignmentState.ON_SCENE, "v3 os"),
    _step(AssignmentState.WITH_PATIENT, "v3 wp 0331"),
    Verb(
        str(AssignmentState.CONVEYING),
        "a van takes the person somewhere",
        _REF | {WordSlot.VAN, WordSlot.PLACE, WordSlot.NOTE},
        act=Act.CONVEY,
        to=AssignmentState.CONVEYING,
        whole=True,
        example="v3 conv crisis house",
    ),
    _step(AssignmentState.AT_DESTINATION, "v3 dest"),
    _step(AssignmentState.CLEAR, "v3 clr"),
    Verb(
        "stand down",
        "take a van off a referral",
        _REF | {WordSlot.VAN, WordSlot.REASON, WordSlot.NOTE},
        act=Act.STAND_DOWN,
        reasons="stand_down",
        whole=True,
        example="sd v3 nearer van",
    ),
    # --- who holds the patient ---
    _handover(HandoverState.STARTED, "hs 44"),
    _handover(HandoverState.ACCEPTED, "ha 44"),
    _handover(HandoverState.RELEASED, "rel 44"),
    _referral(
        "needs physical care",
        "the handover is refused: the person stays with whoever has them",
        Act.REFUSE_HANDOVER,
        WordSlot.REASON,
        reasons="refuse_handover",
        whole=True,
        example="npc 44",
    ),
    _referral(
        "hand over",
        "hand the person to a place",
        Act.EXPECT_HANDOVER,
        WordSlot.PLACE,
        whole=True,
        example="ho 44 crisis",
    ),
    # --- the gate ---
    _referral("screen", "ask the questions of the screening", Act.SCREEN, example="scr 44"),
    _referral("accept", "take the referral on", Act.ACCEPT, example="acc 44"),
    _referral(
        "decline",
        "say no, with the reason",
        Act.DECLINE,
        WordSlot.REASON,
        reasons="decline",
        example="dec 44 outside",
    ),
    _referral("999", "it was said: 999, or back to EMAS", Act.ADVISE_999, example="999 44"),
    _referral("looked at", "words were looked at, and are no danger", Act.LOOKED_AT, example="looked 44"),
    _referral("override", "shift lead: a clinician's decision", Act.OVERRIDE, example="ovr 44"),
    # --- waiting, and the end ---
    _referral(
        "hold",
        "put it aside until a time",
        Act.HOLD,
        WordSlot.COMING,
        WordSlot.REASON,
        reasons="hold",
        whole=True,
        example="hold 44 till 0415 call back",
    ),
    _referral(
        "hung up",
        "the caller hung up, and is called back by a time",
        Act.HUNG_UP,
        WordSlot.COMING,
        whole=True,
        example="hu 44 till 0415",
    ),
    _referral(
        "end call",
        "the call is no referral",
        Act.END_CALL,
        WordSlot.REASON,
        reasons="call",
        example="ec 44",
    ),
    _referral("bring back", "back from hold", Act.END_HOLD, example="back 44"),
    _referral(
        "cancel", "it is not needed any more", Act.CANCEL, WordSlot.REASON, reasons="cancel", example="cxl 44"
    ),
    _referral("close", "close it with an outcome", Act.CLOSE, example="close 44"),
    _referral("reopen", "shift lead: open it again, with the reason", Act.REOPEN, example="reopen 44"),
    _referral("feedback", "write down what somebody said of it", Act.FEEDBACK, example="fb 44"),
    _referral("entered in error", "shift lead: it was never one", Act.ENTERED_IN_ERROR, example="eie 44"),
    _referral("no error", "shift lead: it was one after all", Act.NO_ERROR, example="ner 44"),
    # --- the person ---
    _referral("call", "write down a call to the person", Act.CONTACT, example="rang 44"),
    _referral("promise", "say whether a promise was kept", Act.PROMISE, example="promise 44"),
    _referral("read back", "the crew read the brief back", Act.READ_BACK, WordSlot.VAN, example="rb v3"),
    _referral("about", "what the person asked for", Act.ABOUT, example="about 44"),
    _referral("flag", "put a flag on the person or the address", Act.FLAG, example="fl 44"),
    _referral("interpreter", "an interpreter was booked", Act.INTERPRETER, example="interp 44"),
    _referral("who is it", "say who the person is", Act.WHO_IS_IT, example="who 44"),
    _referral("wishes", "say which wishes were kept", Act.WISHES, example="wsh 44"),
    _referral("responsible", "say who is responsible next", Act.NAME_NEXT, example="resp 44"),
    _referral("follow up", "plan when somebody looks in again", Act.PLAN_FOLLOW_UP, example="fu 44"),
    _referral("follow up done", "somebody looked in again", Act.DO_FOLLOW_UP, example="fud 44"),
    _referral("look at flag", "look at a flag again, or take it away", Act.LOOK_AT_FLAG, example="lf 44"),
    _referral("take over", "take over what was known from before", Act.TAKE_OVER, example="tov 44"),
    _referral("link late", "another service came after all", Act.LINK_LATE, example="ll 44"),
    _referral("places free", "how many places a destination has", Act.PLACES, example="places 44"),
    _referral("edit", "change the details", Act.EDIT, example="edit 44"),
    _referral("amend", "shift lead: put a time right", Act.AMEND, example="amend 44"),
    _referral("other end", "shift lead: put right how it ended", Act.AMEND_END, example="oe 44"),
    _referral("did not happen", "shift lead: take a step back", Act.TAKE_BACK, example="dnh 44"),
    # --- a van alone ---
    _van("on duty", "a crew starts its shift", VanAction.ON_DUTY, example="on cru3"),
    _van("available", "a van can be sent again", VanAction.BACK, example="avail cru3 cru5"),
    _van("meal break", "a crew has its meal", VanAction.MEAL, WordSlot.COMING, example="meal cru3 for 30 min"),
    _van(
        "out of service",
        "a van cannot be sent",
        VanAction.OUT,
        WordSlot.REASON,
        reasons="out_of_service",
        example="oos cru3",
    ),
    _van("off duty", "a crew's shift ends", VanAction.OFF_DUTY, example="off cru3"),
    _van("emergency", "the crew needs help", VanAction.EMERGENCY, example="emerg cru3"),
    _van("clear emergency", "shift lead: help was there", VanAction.CLEAR_EMERGENCY, example="ce cru3"),
    _van("crew well", "a crew is well, heard by radio", VanAction.WELL, example="well cru3"),
    _van("heard otherwise", "the same, by another way", VanAction.WELL_OTHERWISE, example="heard cru3"),
    # --- the desk ---
    Verb(SHOW, "go to a referral or a van", frozenset({WordSlot.REFERRAL, WordSlot.VAN}), example="44"),
    Verb(
        NOTE,
        "write a note on a referral",
        _REF | {WordSlot.TEXT},
        _REF | {WordSlot.TEXT},
        example="n 44 daughter is there",
    ),
    Verb(
        MESSAGE,
        "tell the room, @somebody or @lead",
        _REF | {WordSlot.TEXT},
        frozenset({WordSlot.TEXT}),
        example="msg 44 @okafor sister is on her way",
    ),
    Verb(FIND, "filter the board by words", frozenset({WordSlot.TEXT}), everywhere="filter", example="find nn16"),
    Verb(
        LOOK_UP,
        "anybody and anything in the record, over years",
        frozenset({WordSlot.TEXT}),
        everywhere="look up",
        example="lu mari bell",
    ),
    Verb(PLACE, "find a place on the map", frozenset({WordSlot.TEXT}), everywhere="place", example="map nn1 4lp"),
    Verb(UNDO, "take back the last thing that you did", frozenset(), example="undo"),
    _key("new referral", "somebody rings", "new", example="new"),
    _key("go on", "with a referral that was put aside", "aside"),
    _key("acknowledge", "the next alarm, and go there", "alarm", example="ackn"),
    _key("inbox", "everything that needs a hand", "inbox"),
    _key("alarms", "every alarm", "alarms"),
    _key("unsent", "what waits for the record: take it back, or let it go", "pending"),
    _key("quiet", "no sound on this console for 30 s", "silence"),
    _key("sound test", "hear each priority of alarm once", "sound test"),
    _key("answer", "what is offered: a van seems to be on scene", "offer"),
    _key("referrals", "the board", "board"),
    _key("vans", "the panel of vans", "vans"),
    _key("timelines", "the handover timelines", "timelines"),
    _key("selected", "the selected referral, or its open sheet", "detail"),
    _key("messages", "between those who work at a desk", "messages"),
    _key("person record", "all that is kept of somebody", "person"),
    _key("log", "the shift log", "log"),
    _key("room", "handing over the room", "room"),
    _key("calls", "who is to be called, promises, follow-ups", "care"),
    _key("voices", "what people said, and what became of it", "voices"),
    _key("wall", "the wall, for a second screen", "wall"),
    _key("lock", "lock this console until the password is typed", "lock"),
    _key("hide names", "hide names and addresses, or show them again", "hide"),
    _key("figures", "shift lead: figures and charts", "lead"),
    _key("replay", "shift lead: a past day", "replay"),
    _key("review", "shift lead: what is to be reviewed", "review"),
    _key("refused positions", "shift lead: fixes that were not taken", "fixes"),
    _key("recorded although", "shift lead: what somebody insisted on", "insisted"),
    _key("measures", "shift lead: measures, each beside its balance", "measures"),
    _key("tool", "shift lead: versions of the screening tool", "tools"),
    _key("rota", "shift lead: the rota", "rota"),
    _key("fleet", "shift lead: vans, staff and devices", "fleet"),
    _key("settings", "shift lead: settings and kept lists", "settings"),
    _key("keys", "every key and word", "keys"),
    _key("menu", "panels, theme, text size, sign out", "menu"),
)
VERBS: Final[Mapping[str, Verb]] = {verb.words: verb for verb in _VERBS}
"""By their plain words, in the order in which pages show them."""
