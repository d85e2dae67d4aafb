"""The words by which questions are told apart, and by which they lean on earlier ones. Pure data.

Each cue is an alternative of a regular expression, read without regard to case. A cue that is
missed costs a place in the answer, never the answer (understanding.py). Kinds of facts that a
question wants first are in aspects.py.
"""

import re
from typing import Final

from assistant.engine.intents import Intent


def any_of(*cues: str) -> re.Pattern[str]:
    """Return the pattern of any of the cues, without regard to case."""
    return re.compile("|".join(cues), re.IGNORECASE)


BY_OTHERS: Final = (
    r"\bcan (?:an? )?(?:np|pa|rn|ma|nurse|nurse practitioner|physician assistant)s?"
    r" (?:bill|use|report)"
)
CUES: Final[tuple[tuple[Intent, int, re.Pattern[str]], ...]] = (
    (
        Intent.DIFFERENCE,
        9,
        any_of(
            r"\bdiff(?:s|eren(?:ce|t))?\b",
            r"differen(?:ce|t)",
            r"differs?\b",
            r"\bvs\.?\b",
            r"versus",
            r"compar(?:e|ed|ing|ison)",
            r"distinguish",
            r"\bor\b.*\bwhich\b",
            r"\bwhich\b.*\bor\b",
        ),
    ),
    (
        Intent.TOGETHER,
        9,
        any_of(
            r"together",
            r"unbundl",
            r"\bbundl",
            r"\bn?cci\b",
            r"\bptp\b",
            r"column\s*[12]",
            r"\bedits?\b",
            r"mutually exclusive",
            r"same (?:day|date|session|visit|encounter|claim|time)",
            r"in addition to",
            r"along with",
            r"on top of",
            r"inclusive (?:of|to)",
            r"included in",
            r"separately",
            r"\bcombin(?:e|ation)",
        ),
    ),
    (
        Intent.UNITS,
        9,
        any_of(
            r"\bmues?\b",
            r"medically unlikely",
            r"how many (?:units?|times)",
            r"\bunits?\b",
            r"max(?:imum)?\b",
            r"times (?:a|per|each) day",
            r"\bper day\b",
            r"\bunit limit",
            r"quantity",
            r"how often",
            r"how many .*\b(?:bill|report|allow)",
        ),
    ),
    (
        Intent.MAP,
        9,
        any_of(
            r"\bmap(?:s|ped|ping)?\b",
            r"cross-?walk",
            r"\bconver(?:t|sion(?! factor))",
            r"equivalent",
            r"\bgems?\b",
            r"\bccsr\b",
            r"\bdrgs?\b",
            r"icd-?\s?9\b",
            r"translat",
            r"successor",
            r"replace[sd]?\b",
            r"replacement",
            r"used? instead",
            r"instead of",
        ),
    ),
    (
        Intent.PAYS,
        9,
        any_of(
            r"\bpay(?:s|ed|ment|ments|out)?\b",
            r"\bpaid\b",
            r"\bfees?\b",
            r"\bpric(?:e|es|ed|ing)\b",
            r"\bcosts?\b",
            r"reimburs",
            r"\brvus?\b",
            r"\bwrvus?\b",
            r"allowable",
            r"allowed amount",
            r"how much(?! time)",
            r"\brates?\b",
            r"\bmpfs\b",
            r"fee schedule",
            r"conversion factor",
            r"\bgpci",
            r"\bworth\b",
            r"\bcharges?\b",
            r"\bnon-?facility\b",
            r"locality",
            r"\bdollars?\b",
            r"\$",
        ),
    ),
    (
        Intent.COVERED,
        9,
        any_of(
            r"\bcover(?:s|ed|age)?\b",
            r"\blcds?\b",
            r"\bncds?\b",
            r"medical(?:ly)? necess",
            r"necessity",
            r"supports? (?:the )?(?:payment|necessity)",
            r"payable (?:dx|diagnos)",
            r"\barticles?\b",
            r"(?:which|what) (?:dx|diagnos\w+)",
            r"non-?covered",
            r"incident[- ]to\b",
            r"split[/ -]+(?:or )?shared",
            BY_OTHERS,
        ),
    ),
    (
        Intent.STATUS,
        9,
        any_of(
            r"\bglobal\b",
            r"post-?op",
            r"\bstatus\b",
            r"supervision",
            r"\bpc/?tc\b",
            r"professional component",
            r"technical component",
            r"\bass(?:is)?t(?:ants?)?\b",
            r"\bco-?\s?surg",
            r"team surg",
            r"multiple proc",
            r"\bglob\b",
            r"inpatient[- ]only",
            r"\b(?:xxx|yyy|zzz|mmm)\b",
            r"\b26\W{1,5}tc\b|\btc\W{1,5}26\b",
            r"\bapcs?\b",
            r"\bopps\b",
            r"status indicator",
            r"indicators?\b",
            r"bilat(?:eral)?\b",
        ),
    ),
    (
        Intent.MODIFIERS,
        8,
        any_of(
            r"\bmodif\w{2,5}\b",
            r"\bmods?\b",
            r"\bappend",
        ),
    ),
    (
        Intent.ADD_ON,
        9,
        any_of(
            r"add-?\s?ons?\b",
            r"primary (?:code|procedure)",
            r"^\W*\w+ primary\W*$",
            r"parent code",
            r"base code",
            r"stand-?alone",
        ),
    ),
    (
        Intent.CHANGED,
        8,
        any_of(
            r"\bchang(?:e|es|ed|ing)\b",
            r"\brevis(?:ed|ion)",
            r"\bupdat",
            r"what'?s new",
            r"\bnew (?:in|for|code)",
            r"\bsince\b",
            r"\bwhen (?:was|did|were)",
            r"\bhistory\b",
            r"retired",
            r"\badded\b",
            r"\bdelet(?:e|ed|ion)\b",
            r"discontinu",
            r"effective date",
            r"terminat",
            r"\bbefore\b",
        ),
    ),
    (
        Intent.BILLABLE,
        8,
        any_of(
            r"\bbillable\b",
            r"\bvalid\b",
            r"invalid",
            r"specific enough",
            r"\bcomplete\?",
            r"\bok(?:ay)? to (?:bill|use|report|code)",
            r"specificity",
            r"reportable",
            r"\bactive\b",
            r"still (?:used|good|in use|there|exist)",
            r"can (?:i|we|you) (?:bill|use|report|submit)\b",
            r"\bheader",
            r"\breject",
            r"\bdenied\b",
            r"\bdeleted\b",
            r"\bexpired\b",
            r"complete code",
            r"more specific",
            r"does .* exist",
        ),
    ),
    (
        Intent.GUIDELINES,
        8,
        any_of(
            r"guid\w{0,3}lin\w*",
            r"\brules?\b",
            r"instruction",
            r"when (?:to|do|should|can|would)",
            r"how (?:to|do|should|is|are) .*\b(?:use|apply)",
            r"exclud(?:e|es|ed)",
            r"excludes?\s?[12]",
            r"\bincludes?\b",
            r"code first",
            r"code also",
            r"additional code",
            r"(?:7th|seventh) char",
            r"\bnotes?\b",
            r"sequenc",
            r"how (?:much time|long|many min)",
            r"\bminutes?\b",
            r"\bcode with\b",
            r"\bneeds? what else\b|\bwhat else\b.*\b(?:code|need|with)",
            r"\be/?m\b.*(?:service|level|rule)",
        ),
    ),
    (
        Intent.COMPLIANCE,
        8,
        any_of(
            r"document(?:ation|ed|ing)?\b",
            r"\baudit",
            r"complian",
            r"\brecords?\b",
            r"\bcompliance\b",
            r"\boig\b",
            r"\brac\b",
            r"medical record",
            r"over-?cod",
            r"up-?cod",
        ),
    ),
    (
        Intent.HIERARCHY,
        7,
        any_of(
            r"codes (?:under|in|below|within)",
            r"\bunder\b .*\bcodes?\b",
            r"\bfamily\b",
            r"belongs? to",
            r"\bcategory\b",
            r"\bchapter\b",
            r"\bsubcategor",
            r"children",
            r"range",
            r"list (?:of|all|the)",
        ),
    ),
    (
        Intent.WHICH_CODE,
        7,
        any_of(
            r"(?:which|what|whats|what's|find|need|correct|right|best|proper|"
            r"appropriate|the) .{0,24}\bcodes?\b(?: .{0,20})?\b(?:for|is|are|do|"
            r"should|to|describe)",
            r"\bcodes? for\b",
            r"how (?:do|to|would|should|can) (?:i|we|you)? ?(?:code|bill|report)\b",
            r"\b(?:icd|icd-?10|cpt|hcpcs|dx|diagnosis|procedure)\b.{0,10}\bfor\b",
            r"\bcode (?:this|it)\b",
            r"look(?:ing)? (?:up|for)",
        ),
    ),
    (
        Intent.ADD_ON,
        6,
        any_of(r"\bgoe?s? with\b", r"\b(?:reported|used|billed|coded) with\b"),
    ),
    (Intent.COVERED, 8, any_of(r"telehealth", r"telemedicine", r"\bvideo visit", r"audio-only")),
    (
        Intent.WHAT_IS,
        5,
        any_of(
            r"what(?:'s| is| are| does|s\b)",
            r"\bdefin(?:e|ition)",
            r"\bmean(?:s|ing)?\b",
            r"descri(?:be|ption|ptor)",
            r"tell me",
            r"explain",
            r"\binfo\b",
            r"information",
            r"look ?up",
            r"\bdetails?\b",
            r"stand for",
        ),
    ),
)
"""Intents with their weight: where several are named, the heavier ones come first."""
GREETING: Final = re.compile(
    r"(?:hi|hello|hey|good (?:morning|day|afternoon|evening)|thanks?|thank you|thx|tysm|ty|bye"
    r"|ok(?:ay)?|help|test|cool|great|got it|lol|haha)"
    r"(?:\W+(?:there|all|you|very much|a lot|please|me|ok(?:ay)?|thanks?|thx|so much|again))*\W*",
    re.IGNORECASE,
)
FOLLOW_UP: Final = any_of(
    r"^\W*(?:and|but|or|so|also|then|with|plus|in|at|vs|versus|compared|"
    r"difference (?:to|from)|ok(?:ay)?|what about|how about|what if|"
    r"same (?:for|with)|now)\b",
    r"\b(?:it|its|they|them|their|those|these|that|this|the same|same)"
    r"\b(?: (?:code|codes|one|ones))?",
)
PRONOUN: Final = any_of(
    r"\b(?:it|its|they|them|their|both|(?:that|this|these|those|the same)"
    r" (?:codes?|ones?|procedures?|pair|two)|that|this)\b",
)
