"""Figures of speech of British English: "dying for a fag", "stabbed in the back", "her head's going to explode".

Written as phrases are (:mod:`db.domain.entries`), one a line. Words of one are never taken at their word, whatever
question they would speak of. What may be meant as it is said ("I'll kill him", "out on the ice") is none, and does
not stand here.
"""

FIGURES = tuple(
    """
@whom = me|him|her|us|them|you|everyone|everybody|people
@worth = cigarette|fag|smoke|vape|drink|brew|cuppa|tea|coffee|wee|pee|break|holiday|sleep|night's|nap|bath|meal
@treat = shower|biscuit|chat|takeaway|rest|bed|pint|weekend|answer|sandwich|bacon|curry|hug|beer|burger|pizza
@bored = boredom|embarrassment|shame|laughter|laughing|curiosity|envy|jealousy|suspense|mortification
@thing = printer|computer|laptop|car|boiler|telly|system|form|forms|queue|traffic|website|app|paperwork|email
@plague = emails|weather|noise|music|wifi|internet|machine|alarm|hoover|washing|crossword|garden|weeds|hedge
@they = council|landlord|boss|bank|manager|housing|dwp|cat|referee
@papers = bill|bills|rent|debt|debts|paperwork|work|forms|emails|washing|admin|letters|homework|marking
@much = boredom|worry|grief|stress|fear|anxiety|happiness|excitement|relief|joy|pride|envy

kill*|murder*|dying|die|gagging|gasping for .. @worth|@treat
could|would|could've|i'd|he'd|she'd kill|murder|die|slay for
could|could've murder|kill|demolish|slaughter a|an|some @worth|@treat
could|would drop dead
so tired i|he|she|they could
dying|die|dies to see|know|hear|meet|tell|try|find|show
die|died|dying|dies|dead .. of|with|from @bored
kill*|murder*|strangl*|throttl*|shoot that|this|the|my|our|his|her @thing|@plague
could|could've|i'd kill*|murder*|strangl*|throttl*|swing_for .. @they|@thing|@plague
feet|foot|back|knee|knees|shoes|legs|hip|teeth|tooth|heels is|are|was|were killing @whom
killing me|him|her|us this|these|waiting
kills|kill|slays me & so_funny|hilarious|laughing|laugh|joke|jokes|comedian
heat|heat's|weather|pollen|job|commute|stairs|rota|suspense|waiting is|are|was killing me|us
heat's|job's|commute's|rota's|suspense|waiting killing me|us
killing me|us , this|these|the
kill* time|two_birds|an_hour|the_mood|the_vibe|the_noise|the_conversation
kill|kills|killed|killing .. with kindness
curiosity killed the cat
make|makes|made a killing
dressed to kill
lady killer|killers
murder mystery|mysteries|trial
true crime
murder on .. feet|back|knees|dancefloor
blue|bloody murder
get|gets|got|getting away with murder
be|been|being the death|end of me|us
tickled|bored|scared|frightened|thrilled|talked|worked|embarrassed|loved to|half_to death
sick|tired .. and|to|of sick|tired|death .. of
sick to death|the_back_teeth of
like|looked|look|looks|felt|feel|feels|slept|sleeping|sleep like|as|by .. death warmed
slept|sleeps|sleep like .. dead|log
dead on his|her|my|their|its feet|time
dead tired|set|keen|chuffed|good|proud|easy|nice|lucky|quiet|slow|boring|cert|heat
dead end|ringer|wood|giveaway|right|wrong|serious|cheap|pleased|funny|posh|simple|straight|excited|kind
dead man|woman walking
over .. dead body
drop dead gorgeous|date
dead to the world
dead in the water
seen|caught dead .. in|at|with
cut|cuts|cutting .. him|her|me|them dead
to die for
do or die
never say die
old habits die hard
suicide awareness|prevention|squad|doors|course|training|policy|helpline
political|career|commercial|professional|financial|social suicide
stab*|stabbing|stabbed .. in the back
stab|stabs at .. it|crossword|cooking|baking|painting|answer|guess|job|knitting|quiz|recipe|french|essay
had|have|having|has|take|took|taking|make|made|give|gave a stab at
knives .. out for
knife .. through butter
cut .. atmosphere|air|tension|silence .. with .. knife
like a|the knife|dagger|arrow|bullet|stab .. heart|to|through
knife edge
looks|looked|look daggers at
double|two edged sword
axe to grind
get|gets|got|getting|given|gave|face|faced|facing the axe|chop|boot|push|sack|elbow
sharpest knife|tool in
under the gun|cosh|hammer|knife|pump|microscope
jump* the gun|shark|queue
stick*|stuck to .. guns
gun* for .. job|promotion|title|win
all guns blazing
loose cannon
bite|bites|biting|bit|bitten the bullet|dust
dodge*|dodging .. bullet
silver|magic bullet
bullet point|points|train|proof
like|as a shot|bullet|rocket|flash
took|take .. like a bullet
shot|shoot|shoots|shooting .. self|himself|herself|myself|themselves|yourself .. in the foot
-shot|shoot|shooting .. foot with
shot in the arm|dark
shot|shoot|shoots .. down in flames
give|gave|gives|giving|worth .. shot
screen|flu|booster shot|shots
shoot* .. breeze|hoops|messenger|pool|email|text
shot|shots of tequila|vodka|sambuca|espresso
parting|cheap shot|shots
bombshell|photobomb*|bombard*
cost|costs a bomb
ticking clock|bomb
arm* with .. facts|questions|information|leaflets|tea|biscuits|notes|list|paperwork
give|gives|gave|would .. right|left arm|leg|kidney
cut|chop|saw|lose|sell .. right|left arm|leg|hand off|to|for
shot|shoots|shoot|shooting|threw|throws|gave|flashed @whom .. look|looks|glance|smile|grin|evils|daggers
line|phone|signal|call is|was|keeps|kept|keep breaking|break|broke up
bill|bills|rent|price|prices|cost|costs|mortgage|tax .. too|so|very|sky high
overdose|naloxone|ligature|restraint|suicide|knife|fire awareness|training|workshop|seminar|policy|helpline
cost* .. arm and .. leg
hit|hits|hitting|struck .. @whom .. like .. ton|train|bus|lorry|brick|wave
hit|hits the hay|sack|road|town|jackpot|shops|spot|headlines|target|bullseye|nail|buffers|roof|ceiling
bang*|hit*|hitting .. head|heads .. brick wall
been hit hard
bottl* .. feelings|things|emotions|it|everything .. up
bottl* .. up .. feelings|emotions|since
hit hard by
hits|hit home
knock* @whom for six
knock*|bowl*|struck @whom sideways|for_six|over_with_a_feather|down_with_a_feather
bowled over
school of hard knocks
beat*|kick* himself|herself|myself|themselves|yourself up about|over|for|because|that|when
beat* about|around .. bush
beat* the traffic|rush|queue|clock|odds|system|illness|cancer|blues|boredom|heat|drum
kick* the habit|bucket_list|ball|can
kick*|kicking himself|herself|myself|themselves|yourself|my_self
kick* in .. the teeth|pants|backside
kick|kicked out of .. course|college|school|team|band
get|gets|got .. kick|kicks out|from
alive and kicking
kick|kicks|kicked|kicking .. ball|football
punch* above .. weight
punch line|lines|bag
pleased|proud as punch
roll* with the punches
slap on .. wrist|back
slap* in .. face|by|from .. council|job|letter|service|system
slap up|bang meal|in_the_middle
off the beaten|track
fight* fires .. all|every|day|work|team
fighting fires
fight* for|against .. custody|job|benefits|justice|funding|council|decision
fight* a_cold|off_a_cold|the_flu|his_corner|her_corner|my_corner|back_tears
fight|fighting|fought .. losing battle
fighting fit|chance|spirit
pick* .. battles
bite|bites|biting|bit|bitten|snap*|snapped|jump*|eat|ate @whom|my|his|her|your|our head|heads off
bite|bites|biting|bit .. nails|hand_that|off_more
been|was|were|being|got|feel|feels|felt thrown under the bus
throw*|threw me|him|her|us|them under the bus
throw*|threw|thrown in .. deep_end|towel
throw|throws|throwing|threw .. wobbly|strop|tantrum|party|sickie|shade
belt and braces
tighten* .. belt|belts
hang* in there
hang* by a thread
hang* .. washing|picture*|coats|curtains|wallpaper|pictures
hang* out with|together|mates|friends
hung out to dry
hung up about|on
hungover|hung_over
get|gets|got the hang
hang|hung .. head in shame
end of .. tether
on the ropes
suffocat*|stifl*|trapped|drown*|choking|strangled in|by|under .. marriage|relationship|job|debt|debts|grief|town
chok* with .. emotion|pride|tears
boil* with|over .. rage|anger|fury|frustration
heart is|was|feels|felt bleeding|breaking
fire in .. belly
foot in .. door
run|runs|running|ran .. riot
take|took|taken|takes|taking .. pinch|grain of salt
fight*|fought like .. tiger|lion|lioness|trooper|cat_and_dog
know*|learn*|show* .. the ropes
money for old rope
chok* .. up .. when|about|speech|talking|tears
chok* back .. tears
chok* on .. words|tears
chok* .. interview|exam|test|audition|penalty
bills|debts|debt|mortgage|rent|costs .. choking|strangling|suffocating|drowning|crippling|killing @whom
frog|lump in .. throat
ramm*|shov* .. down .. throat|throats
pain in .. neck|arse|backside|bum
breath*|breathe|breathing down .. neck
up to .. neck|eyes|eyeballs|ears in|with
neck of .. woods
stick*|stuck .. neck out
millstone|albatross round|around .. neck
took|takes|take|taking .. breath away
wouldn't|don't hold .. breath
hold* .. breath for|about .. letter|news|result*|answer
breath of fresh air
waste* .. breath
bated breath
room|space to breathe
stifled|suffocated|smothered with love|kindness
heart|hearts in|was_in|were_in .. mouth|boots
heart|hearts broken|broke|breaks|breaking|bleeds|bleed|sank|sinks|melts|melted
bleeding|bloody heart|hearts|fed|cheek|obvious|useless|freezing|miracle|hell|council
bleeding|bloody idiot|nuisance|typical|lovely|starving|nightmare|great|marvellous|ridiculous|kids
bleed*|bled .. radiator*|brakes|boiler
blood out of .. stone
blood boil*|group|type|relative*|brother*|orange|donor|donors|bank|hound|hounds|form
make*|made|making .. blood boil
sweat|blood and|, tears|blood
blood , sweat and
head|heads|brain|mind|skull ~ explode|explodes|burst|bursting|exploding|exploded
head|heads|brain|mind|skull .. blow|blown
head's|brain's|mind's|heart|inbox ~ explode|explodes|burst|bursting|exploding|exploded
head|heads|mind .. all over the .. place|shop
lost|lose|loses|losing .. head|cool|rag|temper over|about|with
off|out_of .. head|mind|rocker|nut with @much
head .. over heels
head|heads in .. sand|clouds
bury* .. the hatchet
hatchet job
go|goes|went|going|gone to|over|straight_to my|his|her|their head|heads
heads .. will roll
get|got|getting|gets .. off .. chest
weight|load|elephant on|off .. chest|mind|shoulders .. when .. think*|bills|rent|lifted
on fire this week|season|month|term
on fire at|with .. quiz|darts|bingo|ideas|sales
he's|she's|i'm|is|are on fire lately|these_days|in_the_quiz
fire* up|away|off .. email|emails|text|letter|questions|imagination
fire drill|alarm|alarms|door|exit|station|engine|brigade
fire officer|fighter|fighters|service|works|marshal|safety|warden
under|line_of fire|from .. critics|boss|press|questions
add*|pour* fuel|petrol|oil to|on the fire|flames
out of .. frying pan
like a house on fire
burn* .. candle|bridges|midnight|calories|toast|dinner|cakes|sausages|rubber
burnt|burned|burning toast|out|the_toast|dinner|the_dinner
burnout|sunburn*
ears burning
no smoke without
smoke and mirrors
up in smoke
smoke alarm|alarms|detector*|break|breaks
run|runs|running|going on .. fumes|empty
fuming about|at|with|because|over
gas bill|bills|man|engineer|meter|board|company|showroom|fitter|certificate|supplier|mark
had|have|having a gas|blast
blow*|blew .. top|gasket|fuse|trumpet|whistle|budget|wages|hot_and_cold|out_of_proportion
blew|blow|blows|blown up at|over|about .. bank|phone|washing|council|nothing
blew|blow|blown up .. at .. bank|council|call
let* off .. steam
drown* out|his_sorrows|her_sorrows|my_sorrows|their_sorrows
drown*|swamp*|flood*|buried|snowed|swimming|sinking under|in|with .. @papers
flood|floods of tears|memories|calls|emotion*
flood* with .. emotion*|memories|relief|calls
water under the bridge
bridge .. when|until .. come|get|reach .. it
cross|crossed|crosses|crossing that bridge
sharp|blunt as a|the .. knife|razor|blade|tack|button
bridge the_gap|that_gap|club|lessons|loan|partner|tournament|night|evening
out of .. depth
sink or swim
keep*|kept .. head above water
treading water
tide* over
rock* the boat
jump* .. at .. chance|opportunity|offer|idea
jump* .. out of .. skin
jump* through .. hoops
jump* for joy
jump* to .. conclusion*
jump* on .. bandwagon
jump* down .. throat
jumped|jump|jumping up_and_down|rope|lead|leads|start
leap of faith
leaps and bounds
edge* of .. seat|reason|town|village
on edge all|since|about|today|with|lately|and
take|took|takes|taken the edge
fall|fell|falls|falling .. off .. wagon|perch
nearly|almost fell|fallen|fall off .. chair|seat|stool
fall* in love
fall* out with
off the rails
back|keep*|lost|lose|losing|right|wrong|same on|of|the track|tracks .. with|of|life|studies|job|record|time
track suit|record|suits|pants|bottoms
train of thought
train driver|drivers|set|sets|spotting|spotter|ticket|tickets|fare|fares|strike|strikes|guard|enthusiast
like .. freight|express train
train wreck
light at .. end of .. tunnel
model railway|railways|train|trains
drive*|drove|driven|driving|send*|sends .. up|round the wall|bend|twist
climb* the walls|ladder|career|corporate_ladder
hit|raise*|hits the roof
roof .. over .. head|heads
roof leak*|leaking|repair*|garden|terrace|tiles
over the moon|hill
push*|pushed to|over .. limit|limits
all over the road|shop|place .. with|emotion*|mood
on .. road to recovery
down to .. wire
he's|she's|a_bit_of|a_real a|a_bit_of_a live wire
crossed wires
bitter|hard|jagged pill
pill to swallow
swallow* .. pride|words|tears|anger
taste of .. medicine
poison* .. chalice|pen|mind|against|atmosphere
drunk on power|happiness|love
punch drunk
dose of .. reality|own|sunshine|common|flu|cold
off the wagon .. with|chocolate|diet|smoking
going|gone|went|go|goes .. bananas|potty|spare|nuts|crackers|ballistic|doolally .. with|over|about|when|at
drive|drives|drove|sending|send|sends .. bananas|potty|spare|nuts|crackers|ballistic|doolally .. with|over|about
fit* like .. glove
fit|fits for .. purpose|work|king|queen
fits|fit in with
in fits|stitches of|over|laughing
will|would|she'll|he'll|they'll|nearly|almost have|had|throw a fit
blackout curtain|curtains|blind|blinds
faint* hearted|praise|idea|hope
passed|pass|passes|passing out .. leaflets|papers|cards|biscuits|parade|flyers
black hole|sheep|cab|market|friday|humour
collapse* .. laughter|laughing
marriage|business|firm|company|tent|deckchair|deal|relationship|talks|sale collaps*
sore|open wound*|point .. family|subject|topic
rub* salt .. wound*
lick*|time_heals .. wounds
cut* .. corners|grass|hedge|cake|toenails|lawn|mustard|costs|fringe
cut* the|his|her|own|my|their|neighbour's|people's hair|grass|hedge|nails|toenails|lawn|cake|fringe
cut* down|back .. on .. smoking|sugar|coffee|hours|salt|cigarettes|sweets
cut up about|over
cut himself|herself|myself|themselves off from
cut* both ways
cut and dried|paste|run|thrust
benefit|budget|service|power|pay|hours|housing|spending cut|cuts
crippling|crippled with|by .. anxiety|debt|doubt|shyness|nerves|rent
thorn in .. side
by the skin of
flog* .. dead horse
gone to the dogs
raining cats and
barking up|mad
on|for the chop|chopping_block|high_jump
nail in .. coffin
one_foot|turn* in .. grave
on .. last legs
to the bitter end
wits end|wit's_end|wits'_end
fright|scare of .. life
beside himself|herself|themselves|myself with @much
lose|lost|losing the will to live
trigger warning|word|happy
sweat* bullets
doing|does|do my|his|her head in
raise* .. alarm|eyebrows
smash*|smashing record|target|interview|exam|time|day|burger|avocado
absolutely|totally|feeling|felt gutted|shattered|crushed|slaughtered
slays|slay|slayed
crush on
crush* .. hopes|dreams|candy|grapes|garlic
nervous wreck
bent out of shape
snap* .. out_of_it|photo*|picture*
crack* jokes|a_joke|a_smile|the_code|of_dawn
pull* .. leg|weight|strings|fast_one|socks .. together|up|again|only|joking
pulling|tearing .. hair out over|with|trying|about|at
strangled cry|voice
explod* .. laughter|laughing
blown away by
walk* on .. eggshells|air|sunshine
break* the ice|bread|news
run|running .. ragged|errands
gun|pistol to .. head .. figurative*|so_to_speak|metaphor*
back door|doors|gate|gates|garden|entrance|window|windows|bedroom|kitchen|yard|alley|lane|stairs|porch|patio
blew|blows|blowing up at|over
blow|blows|blew|blowing|blown a|his|her|the|my fuse|gasket|top|lid
feel|feels|feeling|felt|bit|always|constantly|set|sets|setting|puts|put .. on edge
piece of .. mind
burning .. candle|midnight
end of .. tether|rope
shot nerves
shot of .. him|her|them|that|it|boyfriend|girlfriend|job
could|would've|would strangle|throttle|swing|slap|thump .. laugh*|joking|joked|fly
hurt a fly
shooting|fishing|skating in|on the_breeze|thin_ice
legs|legs_like|knees like jelly
drives|driving|driven|drove me|him|her|them|us .. mad|crazy|bonkers|insane|wall|bend|potty|spare
bite|bites|biting .. bullet|head_off
under the weather|cosh
feel|feels|felt|feeling crushed|buried|drowned|suffocated by
drown*|buried|swamped|snowed in|under .. debt|debts|paperwork|work|forms|emails|washing|marking|guilt|admin
overdos*|od'd on .. chocolate|sugar|cake|telly|sunshine|sweets|netflix|biscuits|coffee|sprouts
murder .. park|parking|traffic|getting
finish|kill|finishes|kills .. him|her|me|us|them .. off & food|coffee|joke*|laugh*|diet
break*|split*|broke .. up|with .. band|boyfriend|girlfriend|partner|fiance
my|his|her head|back|feet|knee|tooth is|'s|are killing me|him|her
chest of_drawers|freezer
""".strip().splitlines()
)
