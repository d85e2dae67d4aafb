"""The words of what nobody is answered here: advice for a person, and other matters. Pure data."""

from typing import Final

from assistant.engine.cues import any_of

MEDICAL: Final = any_of(
    r"\b(?:should|can|could|may|must|shall) (?:i|my \w+|he|she|we|they|"
    r"a patient|the patient|patients) (?:be )?(?:take|taking|inject|give|swallow|"
    r"go to the (?:er|hospital|doctor|emergency)|stop|start|eat|"
    r"drink|drive|exercise|get (?:a |the )?(?:surgery|vaccine|vaccinated|shot|"
    r"scan)|have (?:a |the )?(?:surgery|operation|scan)|worry|see a)\b",
    r"\bwhat (?:medicine|medication|drug|dose|dosage|treatment)\b",
    r"\b(?:how|best way) (?:do|can|should|to) (?:i |we |you )?(?:treat|cure|"
    r"heal|relieve|get rid of)\b",
    r"\b(?:treatments?|cure|remedy|remedies|therapy|medication|dosage|dose)"
    r" (?:for|of) (?:my|me|a patient|the patient|this patient)\b",
    r"\bdo i have\b",
    r"\bam i (?:having|pregnant|sick|dying)\b",
    r"\bdiagnose (?:me|my|this)\b",
    r"\bis (?:it|this) (?:dangerous|safe|contagious|cancer|serious)\b",
    r"\bis (?:my|his|her|our) [\w' ]{1,30}(?:dangerous|serious|normal|contagious|broken)\b",
    r"\bside effects?\b",
    r"\bprognosis\b",
    r"\b(?:hurts?|chest pain|my (?:pain|head|chest|stomach|back|symptoms?))"
    r"\b.*\bwhat (?:should|do|can) i\b",
    r"\bwhat should (?:i|my \w+) (?:do|take)\b",
)

LEGAL: Final = any_of(
    r"\b(?:su(?:e|ed|ing)\b|lawsuits?|lawyers?|attorneys?|legal advice|legally|"
    r"(?:il)?legal\b|go(?:ing)? to (?:jail|prison)|prosecut|indict|liable\b|"
    r"liability|in court|settle(?:ment)?\b|whistle-?blow|is (?:it|this|that)"
    r" fraud|malpractice (?:suit|claim|case))",
)

OFFSITE: Final = any_of(
    r"\bmeaning of life\b|\btranslate\b.*\b(?:into|to) (?:german|french|spanish|english)\b",
    r"\b(?:weather|recipe|football|soccer|movie|song|poem|joke|bitcoin|"
    r"stock price|president|capital of|python code|javascript|write (?:me )"
    r"?(?:a|an|some)|translate (?:this|the following)|horoscope|restaurant|"
    r"flight|hotel|homework)\b",
    r"\b(?:you|u)(?:'?re| are| r)? (?:so |all |just |really |completely )*"
    r"(?:useless|stupid|dumb|worthless|an? idiot|suck|crap|terrible|awful|the worst|awesome)\b",
)
