"""Equivalence map flags and CCSR body systems in words. Pure: imports no Django.

Sources: NCHS and CMS, "Documentation and User's Guide" of the General Equivalence Mappings, for the
five flags; AHRQ, Clinical Classifications Software Refined, for the first three letters of its
categories.
"""

from collections.abc import Mapping
from typing import Final

_BODY_SYSTEMS: Final[Mapping[str, str]] = {
    "BLD": "Blood, blood-forming organs and certain immune disorders",
    "CIR": "Circulatory system",
    "DEN": "Dental diseases",
    "DIG": "Digestive system",
    "EAR": "Ear and mastoid process",
    "END": "Endocrine, nutritional and metabolic diseases",
    "EXT": "External causes of morbidity",
    "EYE": "Eye and adnexa",
    "FAC": "Factors that influence health status and contact with health services",
    "GEN": "Genitourinary system",
    "INF": "Infectious and parasitic diseases",
    "INJ": "Injury, poisoning and certain other consequences of external causes",
    "MAL": "Congenital malformations, deformations and chromosomal abnormalities",
    "MBD": "Mental, behavioral and neurodevelopmental disorders",
    "MUS": "Musculoskeletal system and connective tissue",
    "NEO": "Neoplasms",
    "NVS": "Nervous system",
    "PNL": "Conditions that originate in the perinatal period",
    "PRG": "Pregnancy, childbirth and the puerperium",
    "RSP": "Respiratory system",
    "SKN": "Skin and subcutaneous tissue",
    "SYM": "Symptoms, signs and abnormal findings",
}


def flags_in_words(flags: str) -> str:
    """Return what the five flags of an equivalence say, as a sentence; "" for none or others."""
    if len(flags) != 5 or not flags.isdigit():
        return ""
    approximate, no_map, combination, scenario, choice_list = tuple(flags)
    if no_map == "1":
        return "The map has no equivalent."
    nearness = "Approximate" if approximate == "1" else "Identical in meaning"
    if combination == "1":
        return (
            f"{nearness}; one part of a combination (scenario {scenario}, choice list"
            f" {choice_list}): one code of each choice list of the scenario is needed."
        )
    return f"{nearness}."


def body_system(category: str) -> str:
    """Return the body system of a CCSR category; "" where it is unknown."""
    return _BODY_SYSTEMS.get(category[:3], "")


def printed_icd9(key: str, *, is_procedure: bool) -> str:
    """Return an ICD-9-CM code with its dot: after 2 digits of a procedure, else 3, or E and 3."""
    places = 2 if is_procedure else 4 if key.startswith("E") else 3
    return f"{key[:places]}.{key[places:]}" if len(key) > places else key
