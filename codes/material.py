"""What a code page is made of, beside its sections: the code and its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from codes.authored_texts import AuthoredText
from codes.models import Code, Release
from codes.neighbours import BESIDE, neighbours_of
from codes.sections.authored import published_text
from codes.successors import successors_of


@dataclass(frozen=True, slots=True)
class Material:
    """One code with everything that its page shows around it.

    ``ancestors`` run from the chapter down to the parent; ``siblings`` exclude the code itself.
    """

    code: Code
    release: Release
    ancestors: list[Code]
    siblings: list[Code]
    children: list[Code]
    previous: Code | None
    next: Code | None
    successors: list[Code]
    predecessors: list[Code]
    plain: AuthoredText | None

    @classmethod
    def of(cls, code: Code) -> Self:
        """Load it all; four queries. The code's texts are prefetched for its sections too."""
        texts = AuthoredText.objects.select_related("reviewer", "release")
        prefetch_related_objects([code], Prefetch("texts", texts))
        around, replaced = neighbours_of(code), successors_of(code)
        return cls(
            code=code,
            release=code.release,
            ancestors=around.above,
            siblings=around.beside,
            children=around.below,
            previous=around.previous,
            next=around.next,
            successors=[row.successor for row in replaced if row.code_id == code.pk],
            predecessors=[row.code for row in replaced if row.successor_id == code.pk],
            plain=published_text(code, AuthoredText.Kind.PLAIN),
        )

    @property
    def is_cut(self) -> bool:
        """Whether there may be more codes of the same level than are listed."""
        return len(self.siblings) >= BESIDE

    @property
    def title(self) -> str:
        """The heading of the page, such as “CPT® Code 33948”."""
        return f"{self.code.system.code_noun} {self.code.display}"

    @property
    def plain_html(self) -> SafeString:
        """The common language description; empty when none is published."""
        html = self.plain.html if self.plain else ""
        return mark_safe(html)  # noqa: S308 - sanitised when it was published (codes/markup.py)

    @property
    def not_billable_because(self) -> str:
        """Why the code cannot be reported, as a sentence; empty for a billable code."""
        return why_not_billable(self.code, [child.key for child in self.children])


def why_not_billable(code: Code, children: Sequence[str]) -> str:
    """Return why a code cannot be reported, as a sentence; empty for a billable code.

    ``children`` are the keys of the codes directly below it.
    """
    if code.is_deleted and code.valid_to:
        return f"Deleted: its last day of use was {date_format(code.valid_to, 'j F Y')}."
    if code.billable:
        return ""
    if children and all(len(key) == 7 for key in children):
        return "Incomplete: it needs a 7th character."
    if children:
        return "A heading: a more specific code below it is reported instead."
    return "Not valid for reporting."
