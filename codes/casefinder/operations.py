"""Names of operations: whether words are one, and what ICD-10-PCS calls it. Pure.

Where the name leaves open what a code of ICD-10-PCS must say (how many arteries, which bone of a
joint), there is nothing to search for: a code must not say more than the note.
"""

import re

_NAME = re.compile(
    r"\b(?:lap(?:aroscopic)? (?:chole|appy|append)\w*|chole|appy|c[- ]?sections?|C/S"
    r"|ces(?:arean|\.) (?:section|delivery)|CABG|ORIF|open reduction|TURP|TURBT|TKA|TKR|THA|THR|TAH"
    r"|(?:knee|hip|shoulder) (?:replacement|arthroplasty)|\w{3,}ectomy|\w{3,}plasty|\w{3,}desis"
    r"|\w{3,}rrhaphy|\w{3,}otomy)\b",
    re.IGNORECASE,
)
_DISEASE = re.compile(
    r"\b(?:fractures?|fx|pain|infect\w+|cancer|carcinoma|itis|disease|stones?|status|history|post|s/p"
    r"|complicat\w+|after|follow\w*)\b|\w+itis\b|\w+iasis\b",
    re.IGNORECASE,
)
_REDUCTION = re.compile(
    r"\bORIF\b|\bopen reduction(?:,? (?:and )?internal fixation)?(?: of(?: the)?)?", re.IGNORECASE
)
_NAIL = re.compile(r"\b(?:nail\w*|intramedullary|IMN)\b", re.IGNORECASE)
_SIDE = re.compile(r"\b(left|right|lt|rt|l|r)\b", re.IGNORECASE)
_HIP = re.compile(r"\b(?:hip|intertrochanteric|femoral neck|trochanter\w*)\b", re.IGNORECASE)
_JOINT = re.compile(r"\b(?:ankle|wrist|elbow|knee|shoulder)\b", re.IGNORECASE)
_UNSAID = re.compile(r"\b(?:CABG|coronary artery bypass)\b", re.IGNORECASE)
_CESAREAN = re.compile(r"\bc[- ]?sections?\b|\bces(?:arean|\.)|\bLTCS\b", re.IGNORECASE)
_PART = re.compile(r"^\W*(?:\w+ )?(?:cephalomedullary|intramedullary|IM) nail\W*$", re.IGNORECASE)


def is_operation(text: str) -> bool:
    """Return whether the words name an operation, and no disease."""
    return bool(_NAME.search(text)) and not _DISEASE.search(text)


def without_reduction(text: str) -> str:
    """Return the words without the reduction, which is an operation on the rest."""
    return " ".join(_REDUCTION.sub(" ", text).split())


def in_pcs(text: str, beside: str = "") -> str:
    """Return what to search in ICD-10-PCS for; "" where the name does not say enough.

    ``beside`` is the sentence: it may name the device. The open reduction of a hip fracture is a
    reposition of the upper femur (body part key: neck and trochanters of the femur).
    """
    if _UNSAID.search(text) or _PART.match(text):
        return ""
    if _CESAREAN.search(text):
        return _cesarean(text)
    if not _REDUCTION.search(text):
        return text
    if _HIP.search(text):
        device = "intramedullary internal fixation" if _NAIL.search(f"{text} {beside}") else ""
        side = _SIDE.search(text)
        name = {"l": "left", "r": "right"}[side[1].lower()[0]] if side else ""
        device = device or "internal fixation"
        return " ".join(f"reposition {name} upper femur with {device} device open approach".split())
    return "" if _JOINT.search(text) else text


def _cesarean(text: str) -> str:
    """Return the extraction by its incision, which its code must say: low or classical."""
    if re.search(r"\b(?:low|transverse|LTCS)\b", text, re.IGNORECASE):
        return "extraction of products of conception low open approach"
    is_classical = re.search(r"\bclassical\b", text, re.IGNORECASE)
    return "extraction of products of conception high open approach" if is_classical else ""
