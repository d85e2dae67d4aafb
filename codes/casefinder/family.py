"""Codes by their place in the tabular list."""

from collections.abc import Iterable

from codes.models import Code


def children(parents: Iterable[int]) -> dict[int, list[Code]]:
    """Return the codes right below each heading, in printed order; one query."""
    below: dict[int, list[Code]] = {}
    wanted = list(parents)
    if wanted:
        rows = Code.objects.visible().with_page().filter(parent__in=wanted)
        for code in rows.select_related("system").order_by("position"):
            if not code.is_deleted:
                below.setdefault(code.parent_id or 0, []).append(code)
    return below
