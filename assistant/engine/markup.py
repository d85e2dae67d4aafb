"""What of a message is markup or program code, which nobody asks a coding question with. Pure.

Such pieces are left out before the message is read, so that a template's braces are not searched
for as words; the words around them are read as ever. Comparison signs ("GFR <60", "> 40") stay.
"""

import re
from typing import Final

_TAGS: Final = (
    "a|abbr|audio|b|base|body|br|button|canvas|center|code|details|div|em|embed|font|form|frame"
    "|h[1-6]|head|html|hr|i|iframe|img|input|label|li|link|marquee|math|meta|object|ol|option|p"
    "|pre|script|select|span|strong|style|sub|sup|svg|table|tbody|td|textarea|th|thead|title|tr|u"
    "|ul|video"
)
# What may repeat before a word that decides is bounded, so that no text takes long.
_PIECES: Final = re.compile(
    "|".join(
        (
            r"```.*?(?:```|\Z)",
            r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<%.*?%>|[$#]\{[^{}]*\}|\$\([^()]*\)",
            r"<!--.*?(?:-->|\Z)|<!doctype\b[^<>]*>|<\?.*?\?>",
            r"<(?P<held>script|style|iframe|object|svg)\b.*?(?:</(?P=held)\s*>|\Z)",
            rf"</?(?:{_TAGS})(?:\s+[^<>]*|/)?/?>|<[a-z][\w:-]*\s+[\w:-]+\s*=[^<>]*>",
            r"[\s'\"();]{0,8}\bdrop\s+(?:table|database|schema)\s+[\w.\"]+[\s;]*(?:--)?",
            r"(?:^|[;'\"])\s{0,8}(?:delete\s+from|truncate\s+table)\s+[\w.]+[\s;]*(?:--)?",
            r"\binsert\s+into\s+[\w.]+\s*(?:\([^()]*\)\s*)?values\b[^;]*;?",
            r"\bupdate\s+[\w.]+\s+set\s+\w+\s*=[^;]*;?",
            r"(?:\bunion\s+(?:all\s+)?)?\bselect\s+\*\s+from\s+[\w.]+(?:\s+where\b[^;]*)?;?",
            r"\bunion\s+(?:all\s+)?select\b[^;]*;?",
            r"['\"]?\s{0,8}\bor\s+(?P<sign>['\"]?)\d+(?P=sign)\s*=\s*['\"]?\d+['\"]?(?:\s*--)?",
            r"\bjavascript:\S*|\bdata:text/html\S*",
            r"\b(?:alert|eval|prompt|pg_sleep|sleep|__import__|console\.\w+|document\.\w+"
            r"|os\.\w+|subprocess\.\w+)\([^()]*\)(?:\.\w+\([^()]*\))*;?",
            r"\bfunction\s*\w*\s*\([^()]*\)\s*\{.*?\}",
            r"(?:\.\./)+\S*|/etc/(?:passwd|shadow)\b",
            r"(?:%[a-z]){2,}",
        )
    ),
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)


def without_markup(text: str) -> tuple[str, bool]:
    """Return the text without markup and program code, and whether it had any."""
    rest = _PIECES.sub(" ", text)
    return (rest.strip(), True) if rest != text else (text, False)


def asks_nothing(rest: str) -> bool:
    """Whether what is left beside markup holds no word or number that could be a question."""
    return not re.search(r"[^\W_]{2}", rest)
