"""The codes around a code in its system: above, below, beside, before and after it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from codes import db
from codes.models import Code

BESIDE: Final = 10
"""How many codes of the same level are listed, before and after the code."""
BELOW: Final = 100
"""How many more specific codes are listed; a category's own page lists them all."""

# As ``Code.objects`` and ``with_page`` have it; tests hold them together. One prepared statement
# finds them, since to build and plan six takes longer than all that they find.
_PAGES: Final = "is_shown AND kind IN ('category', 'code') AND system_id = %(system)s"
_LEVEL: Final = "is_shown AND parent_id = %(parent)s::bigint"
_PLACES: Final = f"""
    (SELECT 'above', id FROM codes_code WHERE is_shown AND id = ANY(%(above)s::bigint[]))
    UNION ALL (SELECT 'below', id FROM codes_code
        WHERE is_shown AND parent_id = %(code)s::bigint ORDER BY position LIMIT {BELOW})
    UNION ALL (SELECT 'beside', id FROM codes_code
        WHERE {_LEVEL} AND position < %(position)s ORDER BY position DESC LIMIT {BESIDE})
    UNION ALL (SELECT 'beside', id FROM codes_code
        WHERE {_LEVEL} AND position > %(position)s ORDER BY position LIMIT {BESIDE})
    UNION ALL (SELECT 'previous', id FROM codes_code
        WHERE {_PAGES} AND position < %(position)s ORDER BY position DESC LIMIT 1)
    UNION ALL (SELECT 'next', id FROM codes_code
        WHERE {_PAGES} AND position > %(position)s ORDER BY position LIMIT 1)
"""  # noqa: S608 - two numbers and conditions of this module


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Lists are in printed order; ``above`` runs from the chapter down to the parent."""

    above: list[Code]
    below: list[Code]
    beside: list[Code]
    previous: Code | None
    next: Code | None


def neighbours_of(code: Code) -> Neighbours:
    """Return them; two statements. A heading of thousands of codes has its own page for them."""
    places: dict[str, set[int]] = defaultdict(set)
    for place, pk in db.fetch_rows(_PLACES, _values(code)):
        places[place].add(pk)
    found = Code.objects.filter(pk__in=set().union(*places.values())).order_by("position")
    codes = list(found)
    for one in codes:
        one.system = code.system

    def at(place: str) -> list[Code]:
        return [one for one in codes if one.pk in places[place]]

    return Neighbours(
        above=at("above"),
        below=at("below"),
        beside=at("beside"),
        previous=next(iter(at("previous")), None),
        next=next(iter(at("next")), None),
    )


def _values(code: Code) -> dict[str, object]:
    return {
        "code": code.pk,
        "system": code.system_id,
        "parent": code.parent_id,
        "position": code.position,
        "above": code.ancestors,
    }
