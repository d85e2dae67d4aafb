"""A list of codes as an answer that is saved as a file."""

from typing import Any

from django.conf import settings
from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from codes import list_exports as exports
from codes.change_views import csv_response
from codes.list_exports import ListedCode, ListFile
from codes.lists import CodeList, CodeListEntry
from codes.models import CodeSystem

FILES = ("codes.csv", "codes.json", "valueset.json")


def as_file(shown: CodeList, file: str) -> HttpResponseBase:
    """Return one of ``FILES`` with the codes that may be shown; two queries."""
    entries = list(shown.entries.visible().in_order())
    listed = ListFile(
        name=shown.name,
        about=shown.about,
        made_at=timezone.localtime(),
        codes=[_listed(entry) for entry in entries],
        hidden=shown.entries.count() - len(entries),
        publisher=settings.SITE_NAME,
        address=f"{settings.SITE_URL}/lists/{shown.pk}/",
    )
    if file == "codes.csv":
        return csv_response(exports.as_table(listed), file)
    if file == "codes.json":
        return _json(exports.as_json(listed), file, "application/json")
    return _json(exports.as_value_set(listed), file, "application/fhir+json")


def _listed(entry: CodeListEntry) -> ListedCode:
    code = entry.code
    is_licensed = code.system.licence == CodeSystem.Licence.LICENSED
    return ListedCode(
        system=code.system.slug,
        system_name=code.system.name,
        code=code.display,
        words=code.public_short,
        billable=code.billable,
        valid_to=code.valid_to,
        note=entry.note,
        copyright_line=code.system.copyright_line if is_licensed else "",
    )


def _json(values: dict[str, Any], file: str, content_type: str) -> JsonResponse:
    style = {"indent": 2, "ensure_ascii": False}
    response = JsonResponse(values, json_dumps_params=style, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["X-Robots-Tag"] = "noindex"
    return response
