"""Codes of ICD-10-CM by how they are printed."""

from collections.abc import Iterable

from codes.casefinder.conflicts import ICD
from codes.models import Code


def by_display(displays: Iterable[str]) -> dict[str, Code]:
    """Return the codes that are printed so, as far as they are held; one query, none for none."""
    wanted = set(displays)
    if not wanted:
        return {}
    rows = Code.objects.visible().with_page().filter(system__slug=ICD, display__in=wanted)
    return {code.display: code for code in rows.select_related("system")}
