"""A section that holds the text written for it in the admin or in the sample content."""

from collections.abc import Mapping

from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from codes.authored_texts import SECTION_TITLES, AuthoredText
from codes.models import Code
from codes.sections.options import SectionOptions


def published_text(code: Code, kind: str) -> AuthoredText | None:
    """Return the published text of that kind, unless the licence keeps its wording back.

    No query where ``texts`` is prefetched with the release of each. A code in memory alone, which
    only files name, has no text.
    """
    if code._state.adding:
        return None
    text = next((text for text in code.texts.all() if text.kind == kind and text.html), None)
    is_open = text is None or code.shows_wording() or not text.is_publishers
    return text if is_open else None


class AuthoredSection:
    """One of the six sections, filled by its authored text alone."""

    template = "codes/sections/_authored.html"

    def __init__(self, key: str) -> None:
        self.key = key
        self.slug = key.replace("_", "-")
        self.title = SECTION_TITLES[key]

    def holds(self, code: Code) -> list[str]:
        """Return the length of the guidance; no query where ``texts`` is prefetched."""
        text = published_text(code, self.key)
        return [f"guidance, {_words(text.html)} words"] if text else []

    def load(self, code: Code, options: SectionOptions) -> Mapping[str, object]:
        """Return the text and who stands behind it."""
        text = published_text(code, self.key)
        if text is None:
            return {"text": None}
        html = mark_safe(text.html)  # noqa: S308 - sanitised when it was published (codes/markup.py)
        return {"text": text, "text_html": html}


def _words(html: str) -> int:
    return len(strip_tags(html).split())
