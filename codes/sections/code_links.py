"""Codes that facts name by their number: a link and the public wording where the site has them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from codes.facts import PROCEDURE_SYSTEMS
from codes.lookup import dotted
from codes.models import Code, CodeSystem

_CPT: Final = re.compile(r"\d{4}[0-9A-Z]$")
_DIAGNOSIS_SYSTEM: Final = "icd-10-cm"


@dataclass(frozen=True, slots=True)
class CodeLink:
    """A code as a list prints it; without ``url`` the site holds no page of it."""

    display: str
    url: str = ""
    words: str = ""
    is_deleted: bool = False


def procedures(keys: Iterable[str]) -> dict[str, CodeLink]:
    """Return the procedure codes that may be shown, by key; two queries, none without keys.

    A system that the site does not show is left out: its numbers are not shown either.
    """
    wanted = set(keys)
    if not wanted:
        return {}
    shown = set(_shown(PROCEDURE_SYSTEMS))
    held = _held(wanted, PROCEDURE_SYSTEMS)
    return {
        key: held.get(key, CodeLink(key))
        for key in wanted
        if key in held or ("cpt" if is_cpt(key) else "hcpcs") in shown
    }


def diagnoses(keys: Iterable[str]) -> dict[str, CodeLink]:
    """Return the ICD-10-CM codes that may be shown, by key; two queries, none without keys."""
    return of_system(keys, _DIAGNOSIS_SYSTEM)


def of_system(keys: Iterable[str], slug: str) -> dict[str, CodeLink]:
    """Return the codes of ICD-10-CM or ICD-10-PCS that may be shown, as ``diagnoses`` does."""
    wanted = set(keys)
    is_off = CodeSystem.objects.filter(slug=slug, display_mode="off")
    if not wanted or is_off.exists():
        return {}
    held = _held(wanted, [slug])
    printed = dotted if slug == _DIAGNOSIS_SYSTEM else str
    return {key: held.get(key, CodeLink(printed(key))) for key in wanted}


def hidden_procedures(field: str) -> Q:
    """Return the condition that a field holds a procedure that may not be shown; one query."""
    shown = set(_shown(PROCEDURE_SYSTEMS))
    hidden = Q(pk__in=[])
    if "cpt" not in shown:
        hidden |= Q(**{f"{field}__regex": "^[0-9]"})
    if "hcpcs" not in shown:
        hidden |= Q(**{f"{field}__regex": "^[A-Z]"})
    return hidden


def is_cpt(key: str) -> bool:
    """Return whether a procedure code is one of the AMA's, by its form."""
    return bool(_CPT.match(key))


def _shown(slugs: Iterable[str]) -> list[str]:
    visible = CodeSystem.objects.visible().filter(slug__in=slugs)
    return list(visible.values_list("slug", flat=True))


def _held(keys: set[str], slugs: Iterable[str]) -> dict[str, CodeLink]:
    codes = Code.objects.visible().with_page().filter(system__slug__in=slugs, key__in=keys)
    return {code.key: _link(code) for code in codes.select_related("system")}


def _link(code: Code) -> CodeLink:
    return CodeLink(code.display, code.get_absolute_url(), code.public_short, code.is_deleted)
