"""The OpenAPI descriptions, with the address of this site as their server."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse


def described(path: Path) -> HttpResponse:
    """Return the description in a file."""
    return HttpResponse(_with_server(path, settings.SITE_URL), content_type="application/json")


@cache
def _with_server(path: Path, base: str) -> str:
    description = json.loads(path.read_text()) | {"servers": [{"url": base}]}
    return json.dumps(description, ensure_ascii=False)
