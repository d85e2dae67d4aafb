"""A code page as of another day: what the edition that was in force then says of the code.

Kept is all that each edition says of each code, with its notes. What has a date of its own, such as
an edit, is loaded for the day by its section. The texts written for this site are those of today,
and the page says so. Nothing of it is stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Self

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from codes import page as code_pages
from codes.change_forms import DayForm
from codes.code_versions import CodeVersion
from codes.material import Material
from codes.metering import Meter
from codes.models import Code, CodeSystem, Release
from codes.sections.options import SectionOptions
from codes.tabular_notes import terms_of

_STATED: Final = (
    "kind",
    "display",
    "billable",
    "short_descriptor",
    "medium_descriptor",
    "long_descriptor",
    "valid_from",
    "valid_to",
)


@dataclass(frozen=True, slots=True)
class Look:
    """A code on a day: the edition in force, what it says of the code, the oldest edition held.

    ``edition`` is ``None`` before the oldest one, ``version`` where the edition has no such code.
    Where editions between two that are held are missing, ``newest``, which is the one shown now,
    may know better: ``ended_on`` is the last day of use that it states, if that was before the
    day and the edition in force did not know it; ``begun_on`` is the first day that it states, if
    the edition in force has no such code and the code was in use on the day.
    """

    code: Code
    on: date
    edition: Release | None
    version: CodeVersion | None
    oldest: Release | None
    newest: Release
    ended_on: date | None = None
    begun_on: date | None = None

    @classmethod
    def at(cls, code: Code, on: date) -> Self:
        """Find the edition and what it says; two queries."""
        held = _editions(code.system)
        begun = [release for release in held if release.effective_date <= on]
        edition = begun[-1] if begun else None
        version = _version(edition, code) if edition else None
        has_ended = code.valid_to is not None and code.valid_to < on
        has_begun = code.valid_from is not None and code.valid_from <= on
        return cls(
            code=code,
            on=on,
            edition=edition,
            version=version,
            oldest=held[0] if held else None,
            newest=code.release,
            ended_on=code.valid_to if has_ended and version and version.valid_to is None else None,
            begun_on=code.valid_from if has_begun and not has_ended and not version else None,
        )


def respond(request: HttpRequest, system: str, display: str, meter: Meter) -> HttpResponse | None:
    """Return the page of a code as of the day asked for, or ``None`` where there is no such code.

    It opens to the same level as the page of today. A day that cannot be read is 400; a day of
    which nothing is held is 404, so that it is not counted as a view.
    """
    code = Code.objects.at(system, display).select_related("system", "release").first()
    if code is None:
        return None
    form = DayForm(request.GET)
    if not form.is_valid():
        return _nothing(request, {"code": code, "day_form": form}, status=400)
    look = Look.at(code, form.cleaned_data["on"] or localdate())
    form = DayForm(initial={"on": look.on})
    if look.edition is None or look.version is None:
        return _nothing(request, {"code": code, "day_form": form, "look": look}, status=404)
    page = _page(look, look.edition, look.version, form, meter)
    response = code_pages.respond(request, page, meter)
    response["X-Robots-Tag"] = "noindex"
    return response


def _page(
    look: Look, edition: Release, version: CodeVersion, form: DayForm, meter: Meter
) -> code_pages.CodePage:
    """Draw the parts that the viewer may see; nine queries more than the sections take."""
    names = code_pages.PARTS[meter.access]
    values: dict[str, object] = {
        "look": look,
        "day_form": form,
        "day_query": f"?on={look.on:%Y-%m-%d}",
        "noindex": True,
        "is_ahead": look.on > localdate(),
    }
    material = _material(look, edition, version)
    html = code_pages.draw(material, names, SectionOptions(on=look.on), values)
    head, lead, *body = (html[name].encode() for name in names)
    return code_pages.CodePage(head, lead, b"".join(body))


def _material(look: Look, edition: Release, version: CodeVersion) -> Material:
    """Return the code and the codes around it as the edition has them; ten queries.

    A code around it that the edition does not have is left out; the way up to it stays.
    """
    is_current = edition.pk == look.code.release_id
    if edition.is_whole:
        look.code.ancestors = version.ancestors
        look.code.parent_id = version.ancestors[-1] if version.ancestors else None
    material = Material.of(look.code)
    _put(look.code, version, edition, look.on)
    if look.ended_on:
        look.code.valid_to = look.ended_on
        look.code.billable = False
    if edition.is_whole:
        look.code.edition = edition
        look.code.inclusion_terms = terms_of(version)
    elif not is_current:
        look.code.inclusion_terms = []
    others = [*material.ancestors, *material.siblings, *material.children, *material.predecessors]
    others += [code for code in (material.previous, material.next) if code]
    found = edition.versions.filter(code__in=[code.pk for code in others])
    versions = {version.code_id: version for version in found}
    for code in others:
        code.as_of = look.on
        if code.pk in versions:
            _put(code, versions[code.pk], edition, look.on)
    return replace(
        material,
        release=edition,
        siblings=_there(material.siblings, versions),
        children=_there(material.children, versions),
        previous=next(iter(_there([material.previous], versions)), None),
        next=next(iter(_there([material.next], versions)), None),
        predecessors=[code for code in material.predecessors if code.is_deleted],
    )


def _version(edition: Release, code: Code) -> CodeVersion | None:
    return edition.versions.filter(code=code).select_related("note_set").first()


def _there(codes: Iterable[Code | None], versions: dict[int, CodeVersion]) -> list[Code]:
    return [code for code in codes if code and code.pk in versions]


def _put(code: Code, version: CodeVersion, edition: Release, on: date) -> None:
    """Make the code in memory what the edition says of it."""
    for name in _STATED:
        setattr(code, name, getattr(version, name))
    code.release = edition
    code.as_of = on


def _editions(system: CodeSystem) -> list[Release]:
    """Return the editions held, the oldest first; samples only where there is nothing else."""
    held = list(system.releases.held())
    return [release for release in held if not release.is_sample] or held


def _nothing(request: HttpRequest, values: dict[str, Any], *, status: int) -> HttpResponse:
    response = render(request, "codes/as_of_nothing.html", values, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
