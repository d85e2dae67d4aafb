"""Allergies to what is of a class that has a code: status codes, not the reaction. Pure data."""

from codes.casefinder.drug_rules import STATUS_CODES
from codes.casefinder.knowledge import rule

ALLERGENS = tuple(
    rule(display, words, f"an allergy to {of}", STATUS_CODES)
    for display, words, of in (
        ("Z88.0", r"penicillins?|PCN|amoxicillin|ampicillin|augmentin|amox", "penicillin"),
        (
            "Z88.1",
            r"cephalosporins?|cephalexin|keflex|ceftriaxone|cefazolin|azithromycin|erythromycin"
            r"|clarithromycin|macrolides?|vancomycin|ciprofloxacin|cipro|levofloxacin|levaquin"
            r"|fluoroquinolones?|doxycycline|tetracyclines?|clindamycin",
            "an antibiotic other than penicillin",
        ),
        (
            "Z88.2",
            r"sulfas?|sulfa (?:drugs?|antibiotics?)|sulfonamides?|bactrim|septra"
            r"|(?:trimethoprim[-/ ])?sulfamethoxazole",
            "a sulfonamide",
        ),
        (
            "Z88.5",
            r"codeine|morphine|opioids?|opiates?|hydrocodone|oxycodone|hydromorphone|dilaudid"
            r"|fentanyl|tramadol|meperidine|demerol",
            "a narcotic",
        ),
        (
            "Z88.6",
            r"aspirin|ASA|NSAIDs?|ibuprofen|naproxen|ketorolac|toradol|acetaminophen",
            "an analgesic",
        ),
        ("Z88.4", r"lidocaine|local an(?:a?)esthetics?|propofol|an(?:a?)esthesia", "an anesthetic"),
        ("Z91.040", r"latex", "latex"),
        (
            "Z91.041",
            r"(?:iv |iodinated |radiographic )?contrast(?: (?:dye|media))?|(?:iv|iodine) dye",
            "radiographic dye",
        ),
        ("Z91.010", r"peanuts?", "peanuts"),
        ("Z91.011", r"milk|dairy", "milk products"),
        ("Z91.012", r"eggs?", "eggs"),
        ("Z91.013", r"shellfish|seafood|shrimp|fish", "seafood"),
        (
            "Z91.018",
            r"tree nuts?|walnuts?|cashews?|almonds?|strawberries|wheat|soy",
            "a food",
        ),
        ("Z91.030", r"bees?(?: stings?| venom)?", "bees"),
        ("Z91.038", r"wasps?|hornets?|fire ants?", "an insect other than a bee"),
    )
)
