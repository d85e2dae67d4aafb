"""The lines below the mark on a fact: file, name, day and sum. A page has them by the dozen."""

from datetime import date
from functools import lru_cache
from typing import Any, Final

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from codes.models import Release

register = template.Library()

_LINE: Final = "@@line@@"


@register.simple_tag
def origin(fact: Any) -> SafeString:
    """Return the lines of a fact with its release; a line of 0, or none, is left out."""
    return _lines(fact.release, getattr(fact, "file_name", ""), getattr(fact, "line", 0))


@register.simple_tag
def origin_of(release: Release) -> SafeString:
    """Return the lines of what an edition says as a whole."""
    return _lines(release)


def _lines(release: Release, file_name: str = "", line: int = 0) -> SafeString:
    before, after = _around_line(
        release.source_name,
        release.label,
        release.is_sample,
        file_name or release.file_name,
        release.effective_date,
        release.sha256,
    )
    return format_html("{}{}{}", before, f", line {line:,}" if line else "", after)


@lru_cache(maxsize=512)
def _around_line(
    source_name: str, label: str, is_sample: bool, file_name: str, day: date, sha256: str
) -> tuple[SafeString, SafeString]:
    """Return the lines of an edition, cut where the number of the row's own line goes."""
    said = {
        "source_name": source_name,
        "label": label,
        "is_sample": is_sample,
        "file_name": file_name,
        "day": day,
        "sha256": sha256,
        "line": _LINE,
    }
    before, _, after = render_to_string("codes/_provenance_lines.html", said).partition(_LINE)
    return mark_safe(before), mark_safe(after)  # noqa: S308 - what a template escaped
