"""The program's grammar: words that say of other words that they are denied, past, supposed, wished or another's.

What is dangerous stands in a version of the screening tool; this does not, since it is English, and not clinical.
"""


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as they are said."""
    return frozenset(text.split())


DENIERS = words("denies denied denying deny denys denie neither excluded ruled-out negative disputes refutes")
"""Negations that go on through a list: "denies overdose, chest pain"."""
REFUSERS = words("refuses refused refusing declines declined unwilling")
_NOT = words(
    "not isn't wasn't aren't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't can't couldn't"
    " cannot carnt ain't isnt wasnt arent werent hasnt havent hadnt doesnt dont didnt wont wouldnt cant couldnt"
    " aint"
    " mustn't shouldn't cnt dnt wnt"
)
NOT_OF_VERB = _NOT
"""What is said with a verb, and of a verb alone."""
PLAIN_NOT = _NOT | {"no", "nil", "without", "zero"}
"""After these no finite verb is denied: in "no reply took pills" something new begins with "took"."""
NEGATORS = (
    DENIERS
    | REFUSERS
    | PLAIN_NOT
    | words("nor never none nobody nobody's nobody'd no-one's nothing nothing's nowhere w/o unlikely non")
)

NUMBERS = words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred dozen dozens several"
)
CLAUSE_ENDS = words(
    "but however although though except whereas then so because since after before until unless while when"
    " despite where who which once if whether apart than"
)
GAP_ENDS = CLAUSE_ENDS - words("who which where")
JOINTS = words(", and & + or nor /")
CLOSING = words("or nor /")
PRONOUNS = words("he she they i we it he's she's they're he'd she'd i've i'm there")
OBJECTS = words("him her them me it us you")
TAKES_CLAUSE = words(
    "that suggest suggests suggestion sign signs evidence denies denied denying deny indication proof think"
    " thinks reports report claim claims believe believes day way chance"
)
AUXILIARIES = words("is are was were be been being has have had having did does do will would can could")
FINITE = words("took drank fell threw is was has had went")
PARTS = words("but and then while because since after before until when who which where although though yet so")

VERBS = AUXILIARIES | words(
    "take taken took taking use used using know known feel feeling carry carrying carried hold holding held"
    " own owned own keep bring brought try tried trying attempt attempted want wanted wanting threaten"
    " threatened find found see seen saw show shown mention mentioned got get stand standing sit sitting go"
    " going gone going get getting need needed needing mean meant drink drinking drunk touch touched"
)
FILLERS = words(
    "a an the any of to or nor re one other further about regarding for c/o h/o now yet longer really at in"
    " on near with under from by as over into onto out her his their my its him them himself herself"
    " themselves myself me you your this that these those some more else even ever actually at all also either"
    " both such like obvious apparent visible actual current recent previous known obviously apparently"
    " currently actively visibly new fresh serious severe other particular immediate physical external"
    " significant evident active evidence sign signs history report reports mention suggestion suspicion"
    " indication trace marks mark concern concerns risk sight thoughts thought plan plans intent intention"
    " intentions idea ideas wish desire urge urges alcohol drugs drug pain injury injuries harm self suicidal"
    " hearing hear voices voice telling commands"
    " ideation dizziness nausea vomiting cuts bruises anything anyone anybody way point time means access"
)
NO_THING = words("no nothing none nowhere nobody")
COULD = words("could can might would")
REASONS = words("reason reasons evidence indication indications sign signs grounds cause")
"""Who sees no reason to think so has denied it."""
POLARITY = words("any anything anyone anybody ever either whatsoever")
"""Words that English uses under a negation only, so that it surely reaches them."""
CLOSED = words(
    "well good right calm happy coping alert awake okay ok fine settled better great answering answer"
    " answered engaging engage talking speaking responding response reply replying eating eaten eat sleeping"
    " slept sleep change improvement improved family phone food key working opening open available home fit"
    " wearing suicidal"
)
"""What a negation is done with: behind it begins something new."""
STOPPERS = words(
    "let letting drop dropped dropping stop stops stopped stopping cease ceased surrender surrendered part"
    " parted hide hiding hidden secret only just merely simply solely doubt doubts wonder surprise denying"
    " first settle settled regret regrets forget forgotten leave left leaving goes gone eased easing"
    " release released relinquish relinquished yield yielded rid dispose disposed binned discard discarded lower"
    " lowered loosen loosened abandon abandoned unlike unusual uncommon unheard"
)
"""Under a negation these say the opposite: who does not stop goes on, who does not let go of it has it."""
WONDERING = words("thinking think thought wonder wonders wondering wondered imagine imagining")
BELIEVING = WONDERING | words("believe believes suppose supposes reckon reckons expect expects feel feels")
"""Who does not believe that there is *any* has denied it."""
STOPPING = words("stop stops stopping avoid quit give cease")
"""Who is going to stop doing it does it."""
UNSURE = words(
    "trust sure certain clear know knows knew knowing known say says said saying tell tells told telling remember"
    " remembers recall promise guarantee confirm confirmed confirms idea prove swear explain count disclose"
    " reveal think thinks believe believes bet gamble rely vouch exclude rule understand swearing positive"
    " convinced"
)
"""Who cannot say, does not know or does not think has not denied."""
AMAZED = words("surprised surprise shocked amazed astonished wonder")
"""Who would not be so if it were, thinks that it is."""
WRONG = words("wrong untrue lie lying false misleading mistake mistaken wrongly incorrect")
TO_SAY = words("to that and if")
"""It would be wrong to say that there is none: there is one."""
SAID = words("said mentioned told expressed voiced")
"""Who has not said anything of it has denied it; who will not say anything of it has not."""
UNCERTAIN = words("unsure unclear unknown uncertain doubtful impossible hardly scarcely barely rarely")
MOVES = words(
    "give given giving gives hand handed handing put get got getting take prise wrestle let come coming came"
    " move moved climb back throw threw thrown chuck chucked lay laid set lock locked pass passed"
)
FROM_SOMEBODY = words("him her them me")
SO = words("this so such that")
"""Who was never *this* confused is."""
AWAY = words("down off away back out go up over")
KEPT_BACK = words("give gives giving gave hand handing handed return returned show pass passed to over")
"""Who refuses to do so with *the* thing has it still."""
DEFINITE = words("the his her their my that those it them")
DISPOSED = words("flushed binned destroyed surrendered returned burned burnt disposed dumped")
"""Who did so with *it* has it no longer."""
HANDED = words("gave given gives handed hands surrendered passed passes")
"""Who did so with it *to* somebody has it no longer."""
LETTING_GO = words("let lets letting drop dropped dropping surrender surrendered release released")
"""Who has not let go of it has it."""
OUT_OF_REACH = words("away off out")
THROWN = words("turned turn threw thrown throw locked lock flushed gave handed returned took taken take put")
DENIED_AFTER = words("denied no nil none negative excluded ruled-out false untrue mistaken unfounded")
ANSWERS = words("says said say replied answered answers states stated")
NOES = words("no never none nope nothing nil denied denies nah")
NOT_SO = words("think believe today tonight at that really recently since yet ever any anymore")
"""With *not* before it this says no to a question: "not today", "not that we know of"."""
ASKED = words("asked asks ask asking")
WHETHER = words("if whether about re")
FINDS = words("find found locate located recover recovered")
MAY = words("may might could would will")
UNTIL = words("until till")
JUST_NOW = words("now today tonight this yesterday just")
CONTRAST = words("but however although though yet")
TELLS = words("says said say saw found thinks reckons insists swears tells told heard reports reported believes")
THAT_IT_IS = words("it's there's one them it did does has had is are was were he's she's they're some")
MADE_SAFE = frozenset(
    {
        ("accounted", "for"),
        ("locked", "away"),
        ("locked", "up"),
        ("taken", "away"),
        ("thrown", "away"),
        ("handed", "in"),
        ("handed", "to"),
        ("handed", "over"),
        ("handed", "back"),
        ("given", "to"),
        ("given", "back"),
        ("returned",),
        ("surrendered",),
        ("destroyed",),
        ("disposed",),
        ("flushed",),
        ("binned",),
        ("all", "there"),
        ("all", "present"),
        ("untouched",),
        ("unopened",),
        ("intact",),
        ("counted",),
        ("healed",),
        ("healing", "well"),
        ("healing", "nicely"),
        ("cleared",),
        ("resolved",),
        ("subsided",),
        ("turned", "off"),
        ("switched", "off"),
    }
)
TURNED_OUT = (("turned", "out"), ("turns", "out"), ("proved", "to"), ("proves", "to"))
"""What it turned out to be is something else, unless that was found too or is said to be so."""
AS_FEARED = words("real true worse deep loaded his her him hers from serious right genuine theirs it")
FOUND_NONE = (
    ("found", "none"),
    ("saw", "none"),
    ("seen", "none"),
    ("none", "found"),
    ("none", "seen"),
    ("found", "nothing"),
)
STOPPED = words("stopped quit ceased")
NOT_DONE = (("short", "of"), ("instead", "of"), ("rather", "than"))
"""What somebody has stopped doing they do no longer."""
STILL_TO_FIND = words("found recovered located")
"""*The* knife that was not found is somewhere."""
NEVER_FOUND = words(
    "found seen used taken present involved needed required noted reported mentioned missing there"
)
ABBREVIATED = words("pt approx dr mr mrs ms st hx c ca mins min hrs e.g i.e")
STREETS = words(
    "street st road rd avenue ave lane close drive terrace court way crescent gardens grove place walk house"
    " cottage cottages farm estate inn hotel arms view hill green square park mews rise row yard wharf"
)
COMPLETED = words("hanged drowned shot killed stabbed hung")
KIN = words(
    "granddad grandma nanna twin stepson stepdaughter godfather godmother fiance fiancee landlord mother mum"
    " mam mom dad father brother sister nan gran nana granny grandad grandfather grandmother uncle aunt auntie"
    " cousin friend mate husband wife partner boyfriend girlfriend son daughter colleague neighbour teacher"
    " stepfather stepmother stepdad stepmum nephew niece ex child"
)
TELLERS = KIN | words(
    "police officer officers crew paramedic paramedics nurse carer staff witness caller passer-by"
)
"""Who may say that something is so, when the person has denied it."""
HERE_AND_NOW = words("now tonight today just here currently still downstairs upstairs")
AT_WORK = words("boss colleague manager supervisor workmate teacher lecturer")
NOT_HERE = AT_WORK | words("neighbour neighbours' friend mate cousin uncle aunt classmate teammate celebrity")
"""Whoever these say is not where the call is about, unless it is said to be now."""
_MET = words("man woman lad girl boy lady client resident cellmate flatmate housemate roommate lodger")
OTHERS = (KIN | NOT_HERE | _MET) - {"child"}
"""Who else may have done or suffered it, when what it left behind is told."""

PRESENT = words(
    "has have is are he's she's they're now holding holds carries carrying tonight says wants keeps feels"
    " believes hears sees tells wishes thinks will can't cannot"
)
"""With one of these a part of a sentence is no longer about the time that was named before it."""
ONLY_TIME = words(", in back once of the only that was about")
"""Between a deed and its time these bring nothing new: "had a fit once, in 2006"."""
DATING = (
    ONLY_TIME
    | NUMBERS
    | words(
        "that's this it it's must be been would all some nearly over getting on good a an both each last latest"
        " most recent first either these they were during at from since when she he his her mid early late"
        " more than"
    )
)
"""Behind a comma these only say when it was: "cut her wrists, that must be ten years ago"."""
EVENTS = FINITE | words(
    "cut jumped grabbed ate held hit slit slashed swallowed stabbed punched hung smashed attacked collapsed"
    " threatening holding"
)
BEGINS = PRESENT | FINITE | PRONOUNS | words("today will found")

OF_ILLNESS = frozenset({"breathing", "conscious", "chest_pain", "seizure", "sepsis", "observations"})
"""What is asked about them happens to a body, and is no thing."""

UNITS = words("hours days weeks months years week month fortnight ago back old")
QUESTIONS = words("how what which where")
"""What begins so is the question itself: who asks how many tablets it takes supposes nothing."""
OF_DEATH = words("died dead passed")
"""A time behind these is that of a death, and not of what is said with it."""

PAST = "past"
LIVED = "lived"
FORMER = "former"
OF_FORMER = words(
    "and or , & / of self harm attempts attempt attempted episode episodes serious multiple several medical"
    " admission admissions for by from with suicidal user addict heroin drug alcohol significant"
)
"""What may stand between "previous" and what it is said of."""
OLD = (
    "overdos",
    "attempt",
    "wound",
    "injur",
    "cut",
    "burn",
    "fractur",
    "assault",
    "ligature",
    "seizure",
    "self",
    "scar",
    "lacer",
)
"""What is over when it is old; an old knife is a knife."""
NOW = "now"
AGAIN = "again"
SUPPOSED = "supposed"
WILL = "will"
FICTION = "fiction"
WORK = "work"
WITNESSED = "witnessed"
"""What somebody saw elsewhere, and is shaken by."""
LOSS = "loss"
INTENT = "intent"
AFFIRMED = "affirmed"
FIGURE = "figure of speech"
REGRET = "regret"
SHAKEN = "shaken"
"""Who was there when it happened to somebody else is; it says too little where no time is told."""
ILLNESS = "illness"
"""Of somebody near: "her mum has COPD and is always breathless"."""
AFTERMATH = "aftermath"
"""What remains of what somebody else did or suffered: "his cellmate cut his wrists and he dreams about it"."""
ELSEWHERE = "elsewhere"
"""Who lies in hospital, or lives next door, is not where the call is about."""
USUAL = "usual"
"""What is said to be as always with somebody is nothing new about their body."""
AGO = "ago"
"""When somebody else's act is over, though it may still weigh on the person."""
