"""The modifiers that the site knows: those of HCPCS Level II, and CPT's as far as it may."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.urls import reverse
from django.utils.timezone import localdate

from codes.facts import Modifier
from codes.models import CodeSystem
from codes.sections.editions import held
from codes.sections.modifier_rules import CPT_MODIFIERS

HCPCS_SOURCE: Final = "hcpcs-modifiers"


@dataclass(frozen=True, slots=True)
class Entry:
    """A modifier as the site shows it; ``fact`` is empty where no loaded file has it.

    ``words`` are the publisher's where the licence lets them be shown, otherwise this site's.
    """

    modifier: str
    words: str
    is_cpt: bool
    fact: Modifier | None = None
    has_page: bool = True

    @property
    def url(self) -> str:
        """Its own page."""
        return _url(self.modifier)

    @property
    def is_ended(self) -> bool:
        """Whether its last day of use is over."""
        ended = self.fact.terminated_on if self.fact else None
        return ended is not None and ended < localdate()


@cache
def _url(modifier: str) -> str:
    return reverse("codes:modifier", args=[modifier])


def shown(only: Collection[str] | None = None) -> dict[str, Entry]:
    """Return the modifiers that may be shown, by their two characters in order; two queries.

    ``only`` narrows them to those named.

    With CPT off none of CPT's is among them; with its numbers alone they have this site's words.
    """
    modes = CodeSystem.objects.filter(slug="cpt").values_list("display_mode", flat=True)
    mode = modes.first() or CodeSystem.DisplayMode.OFF
    entries: dict[str, Entry] = {}
    if mode != CodeSystem.DisplayMode.OFF:
        entries = {name: Entry(name, words, is_cpt=True) for name, words in CPT_MODIFIERS.items()}
    facts = held(Modifier, None)
    for fact in facts if only is None else facts.filter(modifier__in=only):
        if fact.release.source == HCPCS_SOURCE:
            entries[fact.modifier] = Entry(fact.modifier, _words(fact), is_cpt=False, fact=fact)
        elif mode == CodeSystem.DisplayMode.FULL:
            entries[fact.modifier] = Entry(fact.modifier, _words(fact), is_cpt=True, fact=fact)
    return {name: entries[name] for name in sorted(entries) if only is None or name in only}


def _words(fact: Modifier) -> str:
    return fact.short_descriptor or fact.long_descriptor
