"""What a reader may choose in a section, beside the code itself."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SectionOptions:
    """The choices of one request; the defaults are what the code page shows.

    ``on`` is the day that facts are asked for, ``None`` for today. ``words`` narrows long lists,
    ``page`` counts from 1. ``locality`` is ``<MAC>-<number>`` of a Medicare payment locality.
    ``is_whole`` is true on the section's own page, where lists are paged instead of cut.
    """

    on: date | None = None
    words: str = ""
    page: int = 1
    locality: str = ""
    is_whole: bool = False
