"""Drugs and devices that lead to a code of long-term use or dependence. Pure data."""

from codes.casefinder.knowledge import rule

STATUS_CODES = "Guidelines section I.C.21.c.3 (status)"
_DIABETES = "Guidelines sections I.C.4.a.3 and I.C.21.c.3"

DRUGS = (
    rule(
        "Z79.4",
        r"insulin|lantus|glargine|humalog|lispro|novolog|aspart|levemir|detemir|tresiba"
        r"|degludec|toujeo|basaglar|humulin|novolin|apidra|glulisine",
        "insulin",
        _DIABETES,
    ),
    rule(
        "Z79.84",
        r"metformin|glucophage|glipizide|glyburide|glimepiride|sitagliptin|januvia"
        r"|linagliptin|tradjenta|saxagliptin|alogliptin|empagliflozin|jardiance|dapagliflozin"
        r"|canagliflozin|invokana|ertugliflozin|pioglitazone|actos|repaglinide|nateglinide"
        r"|acarbose|miglitol|rybelsus",
        "an oral drug that lowers blood sugar",
        _DIABETES,
    ),
    rule(
        "Z79.85",
        r"ozempic|trulicity|dulaglutide|victoza|liraglutide|exenatide|byetta|bydureon"
        r"|mounjaro|tirzepatide|lixisenatide|pramlintide",
        "an injected drug for diabetes other than insulin",
        _DIABETES,
    ),
    rule(
        "Z79.01",
        r"warfarin|coumadin|apixaban|eliquis|rivaroxaban|xarelto|dabigatran|pradaxa"
        r"|edoxaban|savaysa",
        "an anticoagulant",
        STATUS_CODES,
    ),
    rule(
        "Z79.02",
        r"clopidogrel|plavix|ticagrelor|brilinta|prasugrel|effient",
        "an antiplatelet drug",
        STATUS_CODES,
    ),
    rule("Z79.82", r"aspirin|asa 81|asa 325|ecotrin", "aspirin", STATUS_CODES, long_term=True),
    rule(
        "Z79.1",
        r"ibuprofen|naproxen|meloxicam|celecoxib|celebrex|diclofenac|indomethacin"
        r"|nsaids?",
        "an NSAID",
        STATUS_CODES,
        long_term=True,
    ),
    rule(
        "Z79.51",
        r"inhaled (?:fluticasone|budesonide|beclomethasone|mometasone|steroids?"
        r"|corticosteroids?)|flovent|pulmicort|qvar|symbicort|advair|asmanex|alvesco",
        "an inhaled steroid",
        STATUS_CODES,
    ),
    rule(
        "Z79.52",
        r"prednisone|prednisolone|methylprednisolone|dexamethasone|hydrocortisone"
        r"|(?:systemic|oral) (?:cortico)?steroids?",
        "a systemic steroid",
        STATUS_CODES,
        long_term=True,
    ),
    rule(
        "Z79.891",
        r"opioids?|opiates?|oxycodone|hydrocodone|morphine|oxycontin|percocet|norco"
        r"|fentanyl patch|hydromorphone|tramadol",
        "an opiate analgesic",
        STATUS_CODES,
        long_term=True,
    ),
    rule(
        "Z79.2",
        r"antibiotics?|doxycycline|azithromycin|trimethoprim|nitrofurantoin|amoxicillin",
        "an antibiotic",
        STATUS_CODES,
        long_term=True,
    ),
    rule(
        "Z79.3",
        r"oral contraceptives?|birth control pills?|ocps?",
        "a hormonal contraceptive",
        STATUS_CODES,
    ),
    rule("Z79.890", r"hormone replacement(?: therapy)?", "hormone replacement", STATUS_CODES),
    rule(
        "Z79.83",
        r"alendronate|fosamax|risedronate|actonel|ibandronate|boniva|zoledronic acid"
        r"|reclast",
        "a bisphosphonate",
        STATUS_CODES,
    ),
    rule(
        "Z79.810",
        r"tamoxifen|raloxifene|evista|toremifene",
        "a selective estrogen receptor modulator",
        STATUS_CODES,
    ),
    rule(
        "Z79.811",
        r"anastrozole|arimidex|exemestane|aromasin|aromatase inhibitors?",
        "an aromatase inhibitor",
        STATUS_CODES,
    ),
    rule(
        "Z79.620",
        r"adalimumab|humira|infliximab|remicade|etanercept|enbrel|golimumab"
        r"|certolizumab",
        "an immunosuppressive biologic",
        STATUS_CODES,
    ),
    rule("Z79.621", r"tacrolimus|prograf|cyclosporine", "a calcineurin inhibitor", STATUS_CODES),
    rule(
        "Z99.81",
        r"(?:home|supplemental|continuous|chronic) (?:o2|oxygen)|oxygen dependent"
        r"|(?:o2|oxygen) dependence",
        "supplemental oxygen",
        STATUS_CODES,
    ),
    rule(
        "Z99.2",
        r"(?:on|undergoing|maintenance) (?:hemo|peritoneal )?dialysis|dialysis[ -]dependent"
        r"|(?:hemo)?dialysis (?:(?:three|3) times|mwf|tts|tths)",
        "dialysis",
        STATUS_CODES,
    ),
)
