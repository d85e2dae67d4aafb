"""Words that name no disease, procedure or product, and other names of headings. Pure data."""

from collections.abc import Mapping
from typing import Final

NEGATED: Final = frozenset(
    [
        "am", "are", "be", "can", "could", "did", "do", "does", "had", "has", "have", "he", "how",
        "i", "if", "is", "it", "may", "must", "or", "shall", "she", "should", "that", "they",
        "this", "was", "we", "were", "when", "whether", "why", "will", "would", "you",
    ]
)  # fmt: skip
"""Words after which "not" is the verb's, and part of no name."""

FAMILIES: Final[Mapping[str, str]] = {
    "e/m": "evaluation management",
    "e&m": "evaluation management",
    "em": "evaluation management",
    "e and m": "evaluation management",
    "e m": "evaluation management",
    "office visits": "office visits",
    "office visit": "office visits",
}
"""Other names of headings, as people type them, and the words of the heading."""

STOP: Final = frozenset(
    [
        "a", "pls", "plz", "diag", "dx", "icd10", "icd10cm", "icd10pcs", "guidlines", "about",
        "all", "allowed", "also", "am", "amount", "an", "and", "any", "appropriate", "are", "as",
        "ask", "at", "audit", "audits", "be", "been", "being", "best", "between", "bill",
        "billable", "billed", "billing", "but", "by", "can", "can't", "chapter", "claim", "claims",
        "cm", "code", "codes", "coding", "correct", "cost", "costs", "could", "cover", "coverage",
        "covered", "covers", "cpt", "definition", "denied", "described", "describes", "description",
        "diagnosis", "did", "do", "document", "documentation", "documented", "does", "doesn't",
        "drg", "drgs", "don't", "each", "edit", "edits", "explain", "family", "fee", "fees", "find",
        "fix", "for", "from", "get", "give", "go", "guideline", "guidelines", "had", "has", "have",
        "hcpcs", "he", "hello", "her", "here", "hey", "hi", "how", "i", "icd", "if", "in", "into",
        "is", "it", "it's", "its", "just", "know", "let", "like", "look", "lookup", "make", "many",
        "may", "me", "mean", "means", "medicare", "modifier", "modifiers", "ms-drg", "ms-drgs",
        "much", "mue", "must", "my", "ncci", "need", "new", "no", "not", "now", "of", "ok", "on",
        "one", "only", "or", "our", "out", "over", "paid", "patient", "pay", "payment", "pays",
        "pcs", "please", "price", "procedure", "proper", "question", "rate", "reimbursement",
        "report", "requirements", "rule", "rules", "seen", "service", "services", "should", "show",
        "so", "some", "tell", "than", "thank", "thanks", "that", "that's", "the", "their", "them",
        "then", "there", "there's", "these", "they", "thing", "this", "those", "to", "under",
        "unit", "units", "up", "us", "use", "used", "using", "valid", "was", "we", "were", "what",
        "what's", "whats", "when", "where", "whether", "which", "while", "who", "why", "will",
        "with", "would", "you", "your",
    ]
)  # fmt: skip
"""Words that name no disease, procedure or product."""
