"""The major diagnostic categories (MDC) and types of MS-DRGs, in words. Pure: imports no Django.

Source: CMS, Table 5 of the inpatient rule, which prints the numbers, and the MS-DRG definitions
manual, which names them. Groups before the categories (organ transplants, ECMO, tracheostomy) are
assigned first of all; Table 5 prints PRE for them.
"""

from typing import Final

CATEGORIES: Final = {
    "PRE": "Before the major diagnostic categories",
    "01": "Nervous system",
    "02": "Eye",
    "03": "Ear, nose, mouth and throat",
    "04": "Respiratory system",
    "05": "Circulatory system",
    "06": "Digestive system",
    "07": "Hepatobiliary system and pancreas",
    "08": "Musculoskeletal system and connective tissue",
    "09": "Skin, subcutaneous tissue and breast",
    "10": "Endocrine, nutritional and metabolic diseases",
    "11": "Kidney and urinary tract",
    "12": "Male reproductive system",
    "13": "Female reproductive system",
    "14": "Pregnancy, childbirth and the puerperium",
    "15": "Newborns and other neonates, conditions of the perinatal period",
    "16": "Blood, blood-forming organs and immunological disorders",
    "17": "Myeloproliferative diseases and poorly differentiated neoplasms",
    "18": "Infectious and parasitic diseases",
    "19": "Mental diseases and disorders",
    "20": "Alcohol or drug use and mental disorders that it induces",
    "21": "Injuries, poisonings and toxic effects of drugs",
    "22": "Burns",
    "23": "Factors that influence health status",
    "24": "Multiple significant trauma",
    "25": "Human immunodeficiency virus infections",
}
TYPES: Final = {"P": "Surgical", "M": "Medical"}
