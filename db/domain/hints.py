"""What is a hint only beside another: a parting, going off alone, a thing that would do. Two alike tell nothing.

"He took the tow rope" is no danger, nor is "she said sorry to us all"; both together are. Written as the phrases
of a screening tool are (:mod:`db.domain.entries`), one a line.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from db.domain.phrases import Match

PARTING: Final = "parting"
"""What people say or set in order who do not mean to be here."""
ALONE: Final = "alone"
"""Where somebody went, or shut themself in, where nobody sees them."""
THING: Final = "thing"
"""What would do, and has an everyday use."""
ABOUT: Final = "means"
"""The question that hints are about together."""
REACHES: Final = 24
"""How many words may stand between two hints, whatever sentences end between them."""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.strip().splitlines())


HINTS: dict[str, tuple[str, ...]] = {
    PARTING: _lines(
        """
@near = mum|dad|nan|kids|girls|boys|children|wife|husband|dog|cat|sister|brother|us|me|everyone|everybody
@dear = watch|ring|keys|pin|guitar|jewellery|medals|tools|bank_card|passwords
@carried = phone|purse|wallet|ring|glasses|keys|handbag|bag|shoes
goodbye*|farewell*
sorry|forgive .. everyone|everybody|all|mum|dad|kids|everything|me
said|says|saying|texted|messaged|wrote|last .. sorry
sorry|promise|promised|asked|asks|begged|told|tell|msg|message|text .. look|care after|for .. @near
told|tells|asked|asks .. mind @near
told|tells|asked|asks .. mind their|her|his|the|our @near
thank|thanks|thanked .. for everything|all_you've_done|being
kissed|hugged|hugs|kisses .. all|goodnight|each
gave|given|giving|handed|left .. me|us|him|her|son|daughter|brother|sister|neighbour .. @dear
left|leaving|leaves .. @carried behind|home|at|on|in|here
wedding ring .. off|left|table|step|side|sink
phone .. off|voicemail|switched
without .. coat|phone|shoes|wallet|purse
paid|paying|settled .. ahead|in_advance|everything|up_front
rang|phoned|called|seen .. solicitor|priest|vicar|undertaker
be|join|see .. with|again .. mum|dad|nan|wife|husband|son|daughter|baby|him|her .. soon|again|morning|tonight
ready|time|wants|want to go
nuisance|burden|bother|trouble .. to|for .. anyone|anybody|no_one|us|me|nobody
won't|wont|not|never .. be|come|coming back|home|here|around|long
too late .. by|then|for
photos|photographs|letters|diaries .. bin|burnt|burned|torn|shredded
songs|hymns|music .. wants|chosen|funeral
said|says .. he'll|she'll|they'll|will|won't .. see|wake|need .. again|up|anything
best suit|dress|clothes
made me|us|him|her promise
"""
    ),
    ALONE: _lines(
        """
@went = gone|went|going|goes|walked|walking|walks|drove|driven|drives|left|headed|heading|ran|run
@water = river|canal|reservoir|lake|sea|beach|weir|lock|pier
@outside = woods|wood|forest|cliff|cliffs|quarry|moor|viaduct|spinney
@inside = garage|shed|loft|attic|barn|cellar|outhouse|woodshed|wardrobe|bathroom|toilet|bath
@went .. to|up|down|into|out|for|in|off .. @outside|@water|@inside|lay-by|layby|allotment|copse
in|up|inside .. loft|attic|garage|shed|wardrobe|barn|woodshed|cellar|spinney
locked|shut|bolted|barricaded|locks|shuts .. in|himself|herself|door|themselves|bathroom|bedroom|garage|shed
drove|driven|driving|walked|walks off|out|away
not|won't|isn't|hasn't|stopped|no .. answering|answer|responding|opening|open|reply
gone|it's|all|very quiet
can't|cannot|couldn't .. get|find|reach .. in|him|her|them|hold
lights|light|curtains off|out|drawn
asked|told|wants|made .. me|us|her|him|staff .. leave|go .. alone|room|out|house
"""
    ),
    THING: _lines(
        """
@strap = strap|straps|belt|belts|cord|cable|flex|hose|hosepipe|tie
@line = rope|ropes|tow_rope|washing_line|clothes_line|clothesline|@strap
@edge = stanley|hacksaw|saw|shears|secateurs|axe|hatchet|scalpel|shotgun|rifle|crossbow|airgun
@drugs = tablets|pills|meds|insulin|morphine|oramorph|warfarin
-skipping|climbing|bell rope|ropes
-belt|belts .. seat|safety|tool|on
-rope|ropes|strap|straps|cord|chain|hose|cable|belt & is|are|was|were for
-black|yellow|white|green|brown belt
@line|chain|bin_bag|bin_liner|carrier_bag
stones|bricks|rocks|weights .. pocket|pockets|coat|bag|rucksack
chair|stool|crate|ladder|ladders|stepladder|steps .. scrap*|out|under|dragg*|moved|beneath
car|engine|motor .. running|on|keys
gas .. on|bottle|pipe|tap|oven
barbecue|bbq|charcoal
petrol|lighter|matches|firelighters
@edge
rat bait|poison
tub|bottle|box|bag|jar|carrier|strip|strips .. @drugs
"""
    ),
}


def together(hints: Sequence[Match]) -> Iterator[Match]:
    """What hints tell that stand near each other and are of different kinds: each as words about a plan.

    Args:
        hints: those that are told, in any order.
    """
    ordered = sorted(hints, key=lambda one: one.first)
    for one, other in pairwise(ordered):
        is_near = other.first - one.end <= REACHES and set(one.places).isdisjoint(other.places)
        if one.about != other.about and is_near:
            yield Match(ABOUT, one.places)
            yield Match(ABOUT, other.places)
