"""Places and activities of accidents, as the Index to External Causes leads to them. Pure data."""

import re

from codes.casefinder.knowledge import rule

_PLACE = (
    "Index to External Causes and Guidelines section I.C.20.b (place, once, at the first visit)"
)
_ACTIVITY = (
    "Index to External Causes and Guidelines section I.C.20.c (activity, at the first visit)"
)
_STATUS = "Guidelines section I.C.20.k (status of a civilian at work)"

HOMES = tuple(
    # The words for a home, and its code without the digit of the room: the first that fits.
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), display)
    for words, display in (
        (r"single[- ]family (?:house|home)", "Y92.01"),
        (r"mobile home|trailer home", "Y92.02"),
        (r"nursing home|skilled nursing facility|SNF", "Y92.12"),
        (r"apartment|condo(?:minium)?", "Y92.03"),
        (
            r"at home|(?:in|inside|outside|at|of) (?:his|her|their|the) (?:own )?"
            r"(?:home|house|residence)",
            "Y92.00",
        ),
    )
)
ROOMS = {
    # Of each home the digits of what it has; the last is for a place in it that is not said.
    "Y92.00": {"kitchen": 0, "dining room": 1, "bathroom": 2, "bedroom": 3, "yard": 7, "": 9},
    "Y92.01": {
        "kitchen": 0, "dining room": 1, "bathroom": 2, "bedroom": 3, "driveway": 4, "garage": 5,
        "yard": 7, "": 9,
    },
    "Y92.02": {
        "kitchen": 0, "dining room": 1, "bathroom": 2, "bedroom": 3, "driveway": 4, "garage": 5,
        "yard": 7, "": 9,
    },
    "Y92.03": {"kitchen": 0, "bathroom": 1, "bedroom": 2, "": 9},
    "Y92.12": {
        "kitchen": 0, "bathroom": 1, "bedroom": 2, "driveway": 3, "garage": 4, "yard": 6, "": 9,
    },
}  # fmt: skip
ROOM_WORDS = {
    room: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for room, words in (
        ("kitchen", r"kitchen"),
        ("dining room", r"dining room"),
        ("bathroom", r"bathroom"),
        ("bedroom", r"bedroom"),
        ("driveway", r"driveway"),
        ("garage", r"garage"),
        ("yard", r"(?:back|front)?[ -]?yard|garden"),
    )
}
PLACE_SOURCE = _PLACE
PLACES = tuple(
    rule(display, words, why, _PLACE)
    for display, words, why in (
        ("Y92.480", r"(?:on|off|along) (?:a|the|an) (?:\w+ )?sidewalk", "on a sidewalk"),
        ("Y92.481", r"(?:in|across) (?:a|the|an) (?:\w+ )?parking lot", "in a parking lot"),
        ("Y92.411", r"(?:on|along) (?:the|an?) (?:interstate|freeway|I-\d+)", "on an interstate"),
        ("Y92.410", r"(?:on|crossing|across) (?:the|a) (?:\w+ )?(?:street|highway|road)", "a road"),
        ("Y92.511", r"(?:in|at) (?:a|the|his|her) (?:\w+ )?restaurant", "in a restaurant"),
        ("Y92.512", r"(?:in|at) (?:a|the) (?:\w+ )?(?:supermarket|store|grocery)", "in a store"),
        ("Y92.524", r"at (?:a|the) gas station", "at a gas station"),
        ("Y92.63", r"(?:in|at) (?:a|the|his|her) (?:\w+ )?factory", "in a factory"),
        ("Y92.61", r"building under construction", "in a building under construction"),
        ("Y92.71", r"(?:in|at) (?:a|the|his|her) barn", "in a barn"),
        ("Y92.832", r"(?:on|at) (?:a|the) beach", "on a beach"),
        ("Y92.830", r"(?:in|at) (?:a|the) (?:\w+ )?park(?! ?ing)", "in a public park"),
        ("Y92.322", r"(?:on|at) (?:a|the) soccer field", "on a soccer field"),
        ("Y92.321", r"(?:on|at) (?:a|the) football field", "on a football field"),
        ("Y92.320", r"(?:on|at) (?:a|the) baseball (?:field|diamond)", "on a baseball field"),
        ("Y92.310", r"(?:on|at) (?:a|the) basketball court", "on a basketball court"),
        ("Y92.312", r"(?:on|at) (?:a|the) tennis court", "on a tennis court"),
        ("Y92.39", r"(?:in|at) (?:a|the|his|her) (?:\w+ )?gym(?:nasium)?", "in a gymnasium"),
        ("Y92.210", r"(?:at|in) (?:a |the |his |her )?day ?care", "in a daycare center"),
        ("Y92.211", r"(?:at|in) (?:the |her |his )?(?:elementary school|kindergarten)", "school"),
        ("Y92.212", r"(?:at|in) (?:the |his |her )?middle school", "in a middle school"),
        ("Y92.213", r"(?:at|in) (?:the |his |her )?high school", "in a high school"),
        ("Y92.219", r"at school", "in a school"),
    )
)  # fmt: skip
_SPORTS = (
    ("Y93.67", r"basketball"),
    ("Y93.66", r"soccer"),
    ("Y93.64", r"baseball|softball"),
    ("Y93.61", r"(?:american |tackle )?football"),
    ("Y93.62", r"(?:flag|touch) football"),
    ("Y93.63", r"rugby"),
    ("Y93.65", r"lacrosse|field hockey"),
    ("Y93.68", r"volley-?ball"),
    ("Y93.22", r"ice hockey"),
    ("Y93.73", r"tennis|racquetball|squash|badminton|pickle-?ball"),
    ("Y93.53", r"golf(?:ing)?"),
)
_DOING = r"(?:while|when|during|was|were|from|started|after)"
ACTIVITIES = (
    *(
        rule(
            display,
            rf"(?:play(?:ing|ed|s)|during) (?:\w+ ){{0,2}}?(?:{words})"
            rf"|(?:{words}) (?:game|practice|match)",
            "what was being done",
            _ACTIVITY,
        )
        for display, words in (_SPORTS[4], *_SPORTS[:4], *_SPORTS[5:])
    ),
    *(
        rule(display, rf"{_DOING} (?:out )?(?:{words})", "what was being done", _ACTIVITY)
        for display, words in (
            ("Y93.K1", r"walking (?:his|her|the|a) dog"),
            ("Y93.01", r"hiking|walking"),
            ("Y93.02", r"running|jogging"),
            ("Y93.11", r"swimming"),
            ("Y93.23", r"(?:downhill |alpine )?skiing|snow-?boarding|sledding"),
            ("Y93.21", r"ice[- ]skating"),
            ("Y93.31", r"(?:rock |mountain )climbing"),
            ("Y93.41", r"dancing"),
            ("Y93.42", r"(?:doing )?yoga"),
            ("Y93.43", r"gymnastics|tumbling"),
            ("Y93.45", r"cheerleading"),
            ("Y93.51", r"skate-?boarding|roller[- ](?:skating|blading)"),
            ("Y93.52", r"(?:horseback riding|riding (?:a|his|her) horse)"),
            ("Y93.55", r"(?:biking|cycling|riding (?:a|his|her) (?:bike|bicycle))"),
            ("Y93.H1", r"(?:shovel\w+|digging|raking)"),
            ("Y93.H2", r"(?:gardening|landscaping)"),
            ("Y93.G3", r"(?:cooking|baking)"),
            (
                "Y93.G1",
                r"(?:chopping|slicing|peeling|cutting) (?:\w+ )?(?:vegetables?|onions?|carrots?"
                r"|meat|potato(?:es)?|food|bread|bagels?|avocado)",
            ),
            ("Y93.E1", r"(?:showering|bathing|taking a (?:shower|bath))"),
        )
    ),
    rule("Y93.44", r"(?:on|off) (?:a|the) trampoline", "what was being done", _ACTIVITY),
)  # fmt: skip
AT_WORK = rule(
    "Y99.0", r"(?:at|while at) work|on the job|while working", "at work for pay", _STATUS
)
