"""What an operation of the past has left in place, or replaced: status codes. Pure data."""

from codes.casefinder.drug_rules import STATUS_CODES
from codes.casefinder.knowledge import rule

_CORONARY = r"(?:coronary|LAD|RCA|LCX|circumflex|drug[- ]eluting|DES|BMS|PCI)"

STATUSES = tuple(
    rule(display, words, why, STATUS_CODES)
    for display, words, why in (
        (
            "Z95.5",
            rf"{_CORONARY}\b[^.;]{{0,25}}?\bstent(?:s|ing)?|stents?\b[^.;]{{0,20}}?\b{_CORONARY}"
            r"|PCI with DES",
            "a coronary stent",
        ),
        ("Z95.1", r"CABG|coronary (?:artery )?bypass(?: graft\w*)?", "a coronary bypass graft"),
        ("Z95.0", r"(?:cardiac )?pacemaker|PPM", "a pacemaker"),
        (
            "Z95.810",
            r"AICD|(?:implantable )?(?:cardioverter[- ])?defibrillator",
            "an implanted defibrillator",
        ),
        ("Z98.84", r"gastric bypass|sleeve gastrectomy|bariatric surgery", "bariatric surgery"),
    )
)
PREVIOUS_CESAREAN = rule(
    "O34.219",
    r"(?:previous|prior|repeat|history of|h/o|s/p) (?:low transverse )?"
    r"(?:cesarean|c[- ]?sections?|C/S)(?: (?:section|delivery|deliveries))?",
    "a pregnancy after a cesarean; the type of its scar is not said",
    "Alphabetic Index: Pregnancy, complicated by, previous cesarean delivery",
)
