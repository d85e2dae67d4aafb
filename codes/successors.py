"""Which codes replace others: read once for the lead of a page and for its Crosswalks."""

from django.db.models import Q

from codes.models import Code, Successor
from codes.remembered import remembered


@remembered
def successors_of(code: Code) -> list[Successor]:
    """Return what replaces the code and what it replaces, each with both codes and the edition.

    In printed order; one query. Codes that only editions name which are not shown are left out.
    """
    replaces = Q(code=code, successor__is_shown=True) | Q(successor=code, code__is_shown=True)
    found = Successor.objects.filter(replaces)
    found = found.select_related("code__system", "successor__system", "release")
    return list(found.order_by("code__position", "successor__position"))
