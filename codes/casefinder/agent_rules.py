"""Bacteria and viruses by their names, and the code of each as the cause of a disease. Pure data.

Categories B95–B97 stand beside the code of a disease that does not name its agent (Guidelines
I.C.1.b). Of the names that fit some words, the first decides: the exact before the general.
"""

import re

_NAMES = (
    ("B95.62", r"MRSA|methicillin[- ]resistant staph\w*(?: aureus)?"),
    ("B95.61", r"MSSA|methicillin[- ](?:susceptible|sensitive) staph\w*(?: aureus)?"),
    ("B95.7", r"staph\w* epidermidis|coagulase[- ]negative staph\w*|staph\w* saprophyticus"),
    ("B95.61", r"staph(?:ylococcus)? aureus|S\. aureus"),
    ("B95.8", r"staph(?:ylococcus|ylococci|ylococcal)?"),
    ("B95.3", r"strep\w* pneumoniae|S\. pneumoniae|pneumococc\w+"),
    ("B95.0", r"(?:group A|GA) strep\w*|strep\w* pyogenes|S\. pyogenes"),
    ("B95.1", r"(?:group B|GB) strep\w*|strep\w* agalactiae|S\. agalactiae"),
    ("B95.4", r"strep\w* viridans|viridans strep\w*|(?:group [CDG]) strep\w*"),
    ("B95.5", r"strep(?:tococcus|tococci|tococcal)?"),
    ("B95.2", r"enterococc\w+|VRE|E\. faecalis|E\. faecium"),
    ("B96.0", r"mycoplasma pneumoniae|M\. pneumoniae"),
    ("B96.1", r"klebsiella(?: pneumoniae)?|K\. pneumoniae"),
    ("B96.20", r"E\.? ?coli|escherichia coli"),
    ("B96.3", r"h[a]?emophilus influenzae|H\. influenzae"),
    ("B96.4", r"proteus(?: mirabilis)?|P\. mirabilis"),
    ("B96.5", r"pseudomonas(?: aeruginosa)?|P\. aeruginosa"),
    ("B96.6", r"bacteroides fragilis|B\. fragilis"),
    ("B96.7", r"clostridium perfringens|C\. perfringens"),
    ("B96.81", r"h(?:elicobacter|\.)? ?pylori"),
    ("B96.83", r"acinetobacter baumannii|A\. baumannii"),
    ("B96.89", r"enterobacter(?: cloacae)?|citrobacter|serratia(?: marcescens)?|morganella"),
    ("B97.0", r"adenovir\w+"),
    ("B97.4", r"RSV|respiratory syncytial virus"),
    ("B97.81", r"(?:human )?metapneumovirus"),
)
AGENTS = tuple(
    (display, re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)) for display, words in _NAMES
)
DISEASES = {"B96.81": ("K25", "K26", "K27", "K28", "K29")}
"""Diseases whose agent this is by the Alphabetic Index, though no note of theirs asks for it."""
CARRIED = re.compile(
    r"\b(?:carrier|coloni[sz]\w+|nares|nasal (?:swab|screen)|screen(?:ing)?|vaccin\w*|immuni[sz]\w+"
    r"|exposure|exposed|prophyla\w+|resistan\w+ to)\b",
    re.IGNORECASE,
)
"""Words of sentences that tell of carriers, screens and vaccines, not of an agent at work."""
GREW = re.compile(
    r"\b(?:cultures?|grew|growing|growth|isolated?|swab|PCR|gram stain|positive|pos|organism"
    r"|pathogen)\b",
    re.IGNORECASE,
)
"""Words of sentences that tell what was found, for a disease that another sentence names."""
CAUSES = re.compile(
    r"^(?:due to|caused by|from|secondary to|associated with|with|related to|because of)$",
    re.IGNORECASE,
)
"""What joins a disease to its agent."""
