"""The six gated sections of a code page, in the order in which they stand.

Each says what it ``holds`` in a few words for the locked card, and ``load``s what its template
draws for those who may read it. A section that holds nothing is left out for everyone.
"""

from collections.abc import Mapping
from typing import Protocol

from codes.models import Code
from codes.sections.compliance import ComplianceSection
from codes.sections.crosswalks import CrosswalksSection
from codes.sections.guidelines import GuidelinesSection
from codes.sections.medicare_coverage import MedicareCoverageSection
from codes.sections.modifiers import ModifiersSection
from codes.sections.ncci_edits import NcciEditsSection
from codes.sections.options import SectionOptions


class CodeSection(Protocol):
    """What a section offers; ``key`` names it in anchors, ``slug`` in URLs."""

    key: str
    slug: str
    title: str
    template: str

    def holds(self, code: Code) -> list[str]:
        """Return what is inside as short phrases, such as ``9 tabular notes``; nothing gated."""

    def load(self, code: Code, options: SectionOptions) -> Mapping[str, object]:
        """Return what the template draws; on the code page itself with no option set."""


SECTIONS: tuple[CodeSection, ...] = (
    GuidelinesSection(),
    ModifiersSection(),
    CrosswalksSection(),
    NcciEditsSection(),
    ComplianceSection(),
    MedicareCoverageSection(),
)

BY_SLUG: dict[str, CodeSection] = {section.slug: section for section in SECTIONS}
