"""Causes of injuries, as the Index to External Causes leads to them. Pure data.

Codes stand without their 7th character, which is that of the injury (Guidelines I.C.20.a.2). Of
each group the first that fits a sentence decides, so the specific ones come before the general.
What is no accident, or not said, has no rule: assaults and harm to oneself are for the coder.
"""

import re

from codes.casefinder.knowledge import Rule, rule

_INDEX = (
    "Index to External Causes and Guidelines section I.C.20.a (an additional code, never first)"
)
_FALL = r"(?:fell|fall(?:s|ing|en)?)"
_SLIP = r"(?:slip(?:s|ped|ping)?|trip(?:s|ped|ping)?|stumbl(?:es|ed|ing))"
_OFF = rf"{_FALL}(?: \w+){{0,3}}? (?:from|off(?: of)?|out of|through)(?: \S+){{0,4}}?"
_ACCIDENT = (
    r"(?:MVC|MVA|(?:motor vehicle|car|auto\w*|traffic|road) (?:collision|accident|crash|wreck)"
    r"|collision|collided|crash(?:ed)?|rear[- ]ended|T-boned|hit|struck|rolled over|rollover)"
)
_HIT_BY = r"(?:struck|hit|run over|knocked down)(?: and \w+)? by (?:an? |the )?(?:\S+ ){0,2}?"
_CAR = r"(?:car|sedan|SUV|van|minivan|pick-?up(?: truck)?|taxi|automobile|vehicle)"
_HEAVY = r"(?:semi(?:-?truck)?|tractor[- ]trailer|18[- ]wheeler|bus|lorry|dump truck|box truck)"
_FIXED = r"(?:tree|wall|pole|guard ?rail|ditch|barrier|fence|median|building)"


def _cause(display: str, words: str, why: str) -> Rule:
    return rule(display, words, why, _INDEX)


FALLS = (
    _cause(
        "W00.1XX",
        rf"(?:{_SLIP}|{_FALL})[^.;]{{0,30}}\b(?:icy|snowy) (?:stairs|steps)",
        "a fall from steps due to ice or snow",
    ),
    _cause(
        "W00.0XX",
        rf"(?:{_SLIP}|{_FALL})(?: \w+){{0,4}}? on (?:the |some |a patch of |black )*"
        r"(?:ice|snow|icy \w+|snowy \w+)(?! (?:pack|cream))",
        "a fall on the level due to ice or snow",
    ),
    _cause("W05.0XX", rf"{_OFF} wheel-?chair", "a fall from a wheelchair that did not move"),
    _cause(
        "W06.XXX",
        rf"(?:{_OFF}|rolled (?:out of|off)(?: \S+){{0,3}}?) (?:hospital )?bed",
        "a fall from bed",
    ),
    _cause("W18.11X", rf"{_OFF} (?:toilet|commode)", "a fall from the toilet"),
    _cause("W07.XXX", rf"{_OFF} (?:chair|stool|recliner|high ?chair)", "a fall from a chair"),
    _cause(
        "W08.XXX",
        rf"{_OFF} (?:couch|sofa|table|changing table|dresser|desk)",
        "a fall from furniture",
    ),
    _cause("W09.0XX", rf"{_OFF} (?:playground )?slide", "a fall from a playground slide"),
    _cause("W09.1XX", rf"{_OFF} swings?", "a fall from a playground swing"),
    _cause("W09.2XX", rf"{_OFF} (?:monkey bars|jungle gym)", "a fall from a jungle gym"),
    _cause(
        "W10.0XX",
        rf"{_FALL}(?: \w+){{0,2}}? (?:on|from|down|off) (?:an|the) escalator",
        "an escalator",
    ),
    _cause(
        "W10.1XX",
        rf"(?:{_FALL}|{_SLIP})(?: \w+){{0,2}}? (?:on|from|off|over) (?:a|the) (?:\w+ )?curb",
        "a fall at a curb",
    ),
    _cause(
        "W10.9XX",
        rf"{_FALL}(?: \S+){{0,3}}? (?:down|on|from|off)(?: \S+){{0,4}}? (?:stair\w*|steps)",
        "a fall on stairs",
    ),
    _cause("W11.XXX", rf"{_OFF} (?:step-?)?ladder", "a fall from a ladder"),
    _cause("W12.XXX", rf"{_OFF} scaffold(?:ing)?", "a fall from scaffolding"),
    _cause("W13.0XX", rf"{_OFF} balcony", "a fall from a balcony"),
    _cause("W13.2XX", rf"{_OFF} roof", "a fall from a roof"),
    _cause("W13.4XX", rf"{_OFF} window", "a fall from a window"),
    _cause("W14.XXX", rf"{_OFF} tree", "a fall from a tree"),
    _cause("V80.010", rf"{_OFF} horse", "a fall from a horse"),
    _cause(
        "V00.131", rf"{_OFF} skate-?board|{_FALL} while skateboarding", "a fall from a skateboard"
    ),
    _cause(
        "V00.311", rf"{_FALL} while snow-?boarding|{_OFF} snow-?board", "a fall from a snowboard"
    ),
    _cause(
        "V00.321",
        rf"{_FALL} (?:while|when) (?:downhill |alpine |cross[- ]country )?skiing",
        "a fall from skis",
    ),
    _cause("V00.211", rf"{_FALL} (?:while|when) ice[- ]skating", "a fall from ice skates"),
    _cause(
        "V18.4XX",
        rf"{_OFF} (?:bike|bicycle)|{_FALL} (?:while|when) (?:riding (?:a|his|her) (?:bike|bicycle)"
        r"|cycling|biking)",
        "a fall from a bicycle; traffic is meant where it is not said (note at V00–V99)",
    ),
    _cause(
        "W18.2XX",
        rf"(?:{_FALL}|{_SLIP})(?: and {_FALL})? (?:while )?(?:getting )?(?:in|into|out of)"
        r" (?:an? |the |his |her )?(?:empty )?(?:shower|bath ?tub|tub)",
        "a fall in a shower or bathtub",
    ),
    _cause(
        "W01.190",
        rf"{_SLIP}[^.;]{{0,60}}\b(?:struck|hit|striking|hitting)[^.;]{{0,30}}\b(?:on|against)"
        r"(?: \S+){0,3}? (?:table|dresser|cabinet|desk|chair|bed frame|nightstand)",
        "slipping or tripping and striking furniture",
    ),
    _cause(
        "W01.0XX",
        rf"{_SLIP}[^.;]{{0,60}}?\b(?:{_FALL}|landed|landing)",
        "a fall on the level from slipping or tripping",
    ),
    _cause(
        "W18.30X",
        rf"(?:ground[- ]level|same[- ]level|mechanical) {_FALL}|{_FALL} from (?:a )?standing",
        "a fall on the level",
    ),
    _cause(
        "W17.89X",
        rf"{_FALL}(?: \w+){{0,2}}? (?:\d+|two|three|four|five|six|eight|ten) (?:feet|ft|foot)",
        "a fall from one level to another",
    ),
    _cause(
        "W19.XXX",
        r"(?:had|after|from|suffered|sustained|status post|s/p) (?:a|an unwitnessed|the) fall"
        r"(?! (?:risk|precaution|season))"
        r"|(?:^|(?:she|he|patient|pt|who|and|then|man|woman|boy|girl|male|female|child|infant"
        r"|toddler) )fell(?! (?:ill|asleep|apart|short|below|behind|to \d|within|under|back))",
        "a fall of which no more is said",
    ),
)
BLOWS = (
    _cause("W21.03X", _HIT_BY + "baseball", "struck by a baseball"),
    _cause("W21.05X", _HIT_BY + "basketball", "struck by a basketball"),
    _cause("W21.02X", _HIT_BY + "soccer ball", "struck by a soccer ball"),
    _cause("W21.04X", _HIT_BY + "golf ball", "struck by a golf ball"),
    _cause("W21.07X", _HIT_BY + "softball", "struck by a softball"),
    _cause("W21.11X", _HIT_BY + "(?:baseball )?bat", "struck by a baseball bat"),
    _cause("W20.8XX", _HIT_BY + r"falling \w+", "struck by a falling object"),
)
CUTS = (
    _cause(
        "W26.0XX",
        r"(?:cut|sliced|lacerat\w+|slipped|punctured)\b[^.;]{0,60}?\b(?:with|by|on|from)"
        r"(?: \S+){0,3}? (?:\w+ )?knife|knife slipped",
        "contact with a knife",
    ),
    _cause(
        "W25.XXX",
        r"(?:cut|lacerat\w+|stepped)\b[^.;]{0,60}?\b(?:with|by|on|from)(?: \S+){0,3}? glass",
        "contact with sharp glass",
    ),
    _cause(
        "W45.0XX",
        r"(?:stepped on|punctured by) (?:an? )?(?:rusty )?nail",
        "a nail through the skin",
    ),
    _cause("W45.3XX", r"fish(?:ing)?[- ]?hook", "a fishing hook through the skin"),
    _cause("W46.1XX", r"contaminated (?:needle|needlestick)", "a contaminated hypodermic needle"),
    _cause("W46.0XX", r"needle-?stick(?: injury)?", "a hypodermic needle"),
    _cause("W28.XXX", r"(?:by|in|with|under) (?:an? |the |his |her )?lawn ?mower", "a lawn mower"),
    _cause("W31.2XX", r"(?:by|in|with|on) (?:an? |the |his |her )?table saw", "a table saw"),
)
BITES = (
    _cause(
        "W54.0XX",
        r"(?:bitten|bit|attacked)\b[^.;]{0,40}?\bby (?:\S+ ){0,4}?(?:dog|puppy)|dog[- ]bites?"
        r"|(?:dog|puppy) bit",
        "bitten by a dog",
    ),
    _cause(
        "W55.01X",
        r"bitten\b[^.;]{0,40}?\bby (?:\S+ ){0,4}?(?:cat|kitten)|cat[- ]bites?|(?:cat|kitten) bit",
        "bitten by a cat",
    ),
    _cause(
        "W55.03X",
        r"scratched by (?:\S+ ){0,4}?(?:cat|kitten)|cat[- ]scratch(?! (?:disease|fever))",
        "scratched by a cat",
    ),
    _cause("W55.12X", r"kicked by (?:\S+ ){0,3}?horse", "struck by a horse"),
    _cause("W53.11X", r"bitten by (?:a |the )?rat|rat bites?", "bitten by a rat"),
    _cause("W55.51X", r"bitten by (?:a |the )?raccoon|raccoon bites?", "bitten by a raccoon"),
    _cause(
        "W57.XXX",
        r"(?:insect|tick|mosquito|flea|bed ?bug|chigger) bites?|bitten by (?:an? |the )?(?:insect"
        r"|tick|mosquito(?:es)?|fleas?|bed ?bugs)",
        "bitten by an insect or another arthropod that is not venomous",
    ),
)
HEAT = (
    _cause(
        "X00.0XX",
        r"(?:house|apartment|building|home|structure) fire",
        "flames of an uncontrolled fire in a building",
    ),
    _cause("X03.0XX", r"camp ?fire|bonfire", "flames of a controlled fire in the open"),
    _cause("X04.XXX", r"(?:gasoline|lighter fluid|kerosene)[^.;]{0,40}?\b(?:ignited|fire|flam\w+)"
           r"|(?:fire|flames?|ignit\w+)[^.;]{0,40}?\b(?:gasoline|lighter fluid|kerosene)",
           "ignition of a highly flammable material"),
    _cause("W39.XXX", r"fire-?works?|firecrackers?", "a firework"),
    _cause("X10.0XX", r"hot (?:cup of )?(?:coffee|tea|cocoa|drinks?)|(?:coffee|tea) spill",
           "a hot drink"),
    _cause("X10.1XX", r"hot (?:soup|food|noodles|ramen|oatmeal)|(?:soup|noodles|ramen) spill",
           "hot food"),
    _cause("X10.2XX", r"hot (?:cooking )?(?:oil|grease|fat)|(?:cooking|frying) (?:oil|grease)"
           r"|(?:grease|oil) (?:burn|splash\w*|fire|spill\w*)", "hot fat or cooking oil"),
    _cause("X11.0XX", r"hot (?:water (?:of|in) (?:a |the )?)?(?:bath|bathtub|tub)",
           "hot water in a bath"),
    _cause("X11.1XX", r"hot (?:tap|running) water", "running hot water"),
    _cause("X12.XXX", r"boiling water|hot (?:water|liquid|fluid)", "a hot fluid"),
    _cause("X13.1XX", r"(?:hot )?steam (?:burn|from)|(?:by|with) steam", "steam"),
    _cause("X15.0XX", r"(?:hot|touched (?:the|a)|against (?:the|a)) stove(?: top)?|stove burner",
           "a hot stove"),
    _cause("X15.3XX", r"hot (?:pan|saucepan|skillet|pot)", "a hot saucepan or skillet"),
    _cause("X15.8XX", r"(?:curling|hot|clothes) iron(?! defici)", "a hot household appliance"),
    _cause("X16.XXX", r"hot (?:radiator|heating pipe)|space heater", "a heating appliance"),
    _cause("X17.XXX", r"(?:exhaust pipe|muffler|hot engine)", "a hot engine or machine"),
)  # fmt: skip
STRAIN = (
    _cause(
        "X50.0XX",
        r"(?:while|when|after|from|was) (?:lifting|moving|carrying|pulling|pushing)(?: up)?"
        r" (?:an? |the |some |his |her |heavy |several )*(?:\w+ )?(?:box(?:es)?|furniture|objects?"
        r"|weights?|loads?|couch|dresser|patients?|bags?|crates?|pallets?|suitcase|tires?)",
        "overexertion by a load",
    ),
)
_PEDESTRIAN = r"\bpedestrian|while (?:walking|crossing|jogging)|crossing the (?:street|road)"
_CYCLIST = r"cyclist|(?:riding|on) (?:a|his|her) (?:bike|bicycle)|while (?:biking|cycling)"
_MOTORCYCLIST = (
    r"\bmotorcyclist|motorcycle (?:driver|rider|crash|accident|collision)"
    r"|riding (?:a|his|her) motorcycle"
)
_DRIVER = (
    r"(?<!other )(?<!bus )(?<!truck )\bdriver(?!'s|s? of the other|-side|s side| side)"
    r"|(?:was|while) driving"
)
PASSENGER = (
    r"^(?:(?:(?:\d+|year|years|yr|yo|old|male|female|man|woman|boy|girl|m|f|patient|pt|he|she|was|is"
    r"|an?|the|restrained|unrestrained|belted|front|rear|back|right|left|seat)\b|y/o)[\s,-]*)*"
    r"passenger\b(?!'s|-side| (?:side|was|is|had|died))"
)
"""The patient as the passenger: no other person stands before the word."""
_PARTNERS = (
    # A car's driver has the 5th character 5, its passenger 6.
    (rf"{_ACCIDENT}[^.;]{{0,60}}\b(?:SUV|sport utility)", "V43.{}1X", "a sport utility vehicle"),
    (rf"{_ACCIDENT}[^.;]{{0,60}}\bpick-?up", "V43.{}3X", "a pick-up truck"),
    (rf"{_ACCIDENT}[^.;]{{0,60}}\bvan", "V43.{}4X", "a van"),
    (
        rf"{_ACCIDENT}[^.;]{{0,60}}\b(?:by|with|into|another|other)(?: \w+){{0,2}} (?:car|sedan)",
        "V43.{}2X",
        "another car",
    ),
    (rf"{_ACCIDENT}[^.;]{{0,60}}\b{_HEAVY}", "V44.{}XX", "a heavy vehicle or bus"),
    (
        rf"{_ACCIDENT}[^.;]{{0,60}}\b(?:into|with|against)(?: \w+)? {_FIXED}",
        "V47.{}XX",
        "a fixed object",
    ),
)
_ROLLED = r"roll-?over|rolled over|overturned"
_WALKED_INTO = (
    ("V02.10X", "motorcycle", "a motorcycle"),
    ("V04.10X", _HEAVY, "a heavy vehicle or bus"),
    ("V01.10X", "(?:bicycle|bike|cyclist)", "a bicycle"),
    ("V03.10X", _CAR, "a car, pick-up truck or van"),
)


def _in_car(who: str, name: str, character: str) -> tuple[tuple[str, str, str, str], ...]:
    return (
        *(
            (who, how, display.format(character), f"a car {name} in a collision with {what}")
            for how, display, what in _PARTNERS
        ),
        (who, _ROLLED, f"V48.{character}XX", f"a car {name} in an accident without collision"),
    )


TRANSPORT = (
    # Who was hurt, what happened, the code and why: the first row that fits. Traffic is meant where
    # nothing else is said (note at V00–V99).
    *(
        (_PEDESTRIAN, _HIT_BY + by, display, f"a pedestrian on foot hit by {what} in traffic")
        for display, by, what in _WALKED_INTO
    ),
    (_CYCLIST, _HIT_BY + _CAR, "V13.4XX", "a pedal cyclist hit by a car, pick-up truck or van"),
    (
        _MOTORCYCLIST,
        rf"(?:{_HIT_BY}|(?:collided with|into) (?:an? |the )?(?:\w+ )?){_CAR}",
        "V23.49X",
        "a motorcycle driver in a collision with a car, pick-up truck or van",
    ),
    *_in_car(_DRIVER, "driver", "5"),
    (_DRIVER, _ACCIDENT, "V49.40X", "a driver in a collision with a motor vehicle"),
    *_in_car(PASSENGER, "passenger", "6"),
    (PASSENGER, _ACCIDENT, "V49.50X", "a passenger in a collision with a motor vehicle"),
    (
        "",
        r"MVC|MVA|motor vehicle (?:collision|accident|crash)",
        "V89.2XX",
        "a motor vehicle accident of which no more is said",
    ),
)
HEATED = re.compile(
    r"\b(?:burn|scald|blister|spill|splash|touched|fire|flame|ignit|explo)", re.IGNORECASE
)
"""What a sentence must tell of where it names something hot."""
GROUPS = (FALLS, BLOWS, CUTS, BITES, HEAT, STRAIN)
SOURCE = _INDEX
