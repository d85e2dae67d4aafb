"""The code page: its parts are rendered once, stored, and put together as bytes for each viewer.

A view costs one prepared statement here. The parts of a page are kept in ``StoredPage`` and count
only while nothing in them has changed (see there). What a viewer may not see is not even read
from the database: the statement names only the columns of the viewer's level.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, partial
from urllib.parse import quote

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.timezone import localdate

from casepilot_site import context
from codes import ama
from codes.db import fetch_row
from codes.facts import PROCEDURE_SYSTEMS
from codes.material import Material
from codes.metering import Access, Meter
from codes.models import Code
from codes.sections import SECTIONS, CodeSection
from codes.sections.options import SectionOptions
from codes.stored_pages import StoredPage
from codes.structured_data import code_page_json_ld

PARTS: dict[Access, tuple[str, ...]] = {
    Access.LEAD: ("head", "lead"),
    Access.DESCRIBED: ("head", "lead", "described", "locked", "after"),
    Access.UNLOCKED: ("head", "lead", "described", "unlocked", "after"),
}

STORED = ("head", "lead", "described", "locked", "unlocked", "after")
"""Every part of a page, as ``StoredPage`` keeps it."""

_SLOT = re.compile(r"@@([a-z]+)@@")
_NEXT = b"@@next@@"

_SELECT = """
SELECT c.id, {columns}
FROM codes_code c
JOIN codes_codesystem s ON s.id = c.system_id
LEFT JOIN codes_storedpage p ON p.code_id = c.id AND p.code_revision = c.revision
    AND p.system_revision = s.revision AND p.build = %(build)s
    AND (p.fresh_until IS NULL OR p.fresh_until >= %(today)s)
WHERE s.slug = %(system)s AND c.display = %(display)s
    AND c.kind IN ('category', 'code') AND c.is_shown AND s.display_mode <> 'off'
"""


@dataclass(frozen=True, slots=True)
class CodePage:
    """The parts of one page that its viewer may see, as UTF-8 HTML."""

    head: bytes
    lead: bytes
    body: bytes


def load(system: str, display: str, access: Access) -> CodePage | None:
    """Return the page of a code for that level, or ``None`` if there is no such code.

    One statement; 25 to 50 more when the parts have to be rendered first.
    """
    names = PARTS[access]
    where = {"system": system, "display": display, "build": build(), "today": localdate()}
    row = fetch_row(statement(access), where)
    if row is None:
        return None
    code_id, *parts = row
    if None in parts:
        stored = render(code_id, PARTS[Access.LEAD] if access is Access.LEAD else STORED)
        parts = [getattr(stored, name) for name in names]
    head, lead, *body = (bytes(part) for part in parts)
    return CodePage(head, lead, b"".join(body))


def respond(request: HttpRequest, page: CodePage, meter: Meter) -> HttpResponse:
    """Return the page in its shell, with the viewer's account menu and meter.

    No statement for a guest; a spent page is for no search engine's index.
    """
    is_guest = meter.is_guest
    fills = {
        "head": page.head,
        "account": _guest_account() if is_guest else _account(request),
        "messages": _messages(request),
        "meter": _meter_line(meter, request),
        "lead": page.lead,
        "body": page.body if not meter.is_spent else _spent(meter, request),
    }
    shell = _shell() if not settings.DEBUG else _shell.__wrapped__()
    response = HttpResponse(b"".join(fills[p] if isinstance(p, str) else p for p in shell))
    if meter.is_spent:
        response["X-Robots-Tag"] = "noindex"
    return response


def render(code_id: int, parts: Iterable[str]) -> StoredPage:
    """Render the named parts of a code's page and store them; 25 to 50 queries for all of them.

    A crawler never gets beyond the lead, so its visits render and store no more than that. The
    revisions are read before the content: an edit that commits in between makes the row old at
    once instead of fresh with old content.
    """
    code = Code.objects.select_related("system", "release").get(pk=code_id)
    stored = StoredPage(
        code=code,
        code_revision=code.revision,
        system_revision=code.system.revision,
        build=build(),
        fresh_until=_last_day(code),
        **{name: html.encode() for name, html in draw(Material.of(code), parts).items()},
    )
    names = [field.name for field in StoredPage._meta.fields if not field.primary_key]
    StoredPage.objects.bulk_create(
        [stored], update_conflicts=True, update_fields=names, unique_fields=["code"]
    )
    return stored


def _last_day(code: Code) -> date | None:
    """Return the last day on which the page of today is right; edits state days of their own."""
    if code.system.slug in PROCEDURE_SYSTEMS:
        return localdate()
    return None if code.is_deleted else code.valid_to


def draw(
    material: Material,
    parts: Iterable[str],
    options: SectionOptions | None = None,
    values: Mapping[str, object] | None = None,
) -> dict[str, str]:
    """Return the HTML of the named parts; what is in no part that is asked for is not loaded.

    ``values`` are for the templates, beside what the material holds. Queries as the sections say.
    """
    code = material.code
    held = [(section, section.holds(code)) for section in SECTIONS]
    held = [(section, phrases) for section, phrases in held if phrases]
    base = {**_site(), **_names(material), **(values or {})}
    if code.system.slug != "cpt":
        base["ama"] = ama.read()
    canonical = settings.SITE_URL + code.get_absolute_url()

    def head() -> str:
        keys = [section.key for section, _ in held]
        json_ld = code_page_json_ld(material, canonical, keys)
        return _fragment("head", base | {"canonical_url": canonical, "json_ld": json_ld})

    def locked() -> str:
        cards = [
            {"key": section.key, "title": section.title, "holds": ", ".join(phrases)}
            for section, phrases in held
        ]
        return _sections("locked", base | {"sections": cards})

    def unlocked() -> str:
        chosen = options or SectionOptions()
        opened = [open_section(section, code, chosen, base) for section, _ in held]
        return _sections("open", base | {"sections": opened})

    makers: dict[str, Callable[[], str]] = {
        "head": head,
        "locked": locked,
        "unlocked": unlocked,
        **{name: partial(_fragment, name, base) for name in ("lead", "described", "after")},
    }
    return {name: makers[name]() for name in parts}


def open_section(
    section: CodeSection, code: Code, options: SectionOptions, base: dict[str, object]
) -> dict[str, str]:
    """Return a section as its templates want it, its content drawn; queries as it says itself."""
    values = {**base, "code": code, "options": options, **section.load(code, options)}
    html = render_to_string(section.template, values)
    return {"key": section.key, "title": section.title, "slug": section.slug, "html": html}


def _names(material: Material) -> dict[str, object]:
    """Return what the templates of the parts call things."""
    return {
        "code": material.code,
        "code_title": material.title,
        "system": material.code.system,
        "release": material.release,
        "ancestors": material.ancestors,
        "siblings": material.siblings,
        "siblings_are_cut": material.is_cut,
        "children": material.children,
        "previous": material.previous,
        "next": material.next,
        "successors": material.successors,
        "predecessors": material.predecessors,
        "billable_reason": material.not_billable_because,
        "inclusion_terms": material.code.public_terms,
        "plain": material.plain,
        "plain_html": material.plain_html,
    }


def build() -> str:
    """Return a fingerprint of everything but data that a stored page is made of."""
    return _build() if not settings.DEBUG else _build.__wrapped__()


@cache
def _build() -> str:
    folders = [settings.BASE_DIR / "codes", settings.BASE_DIR / "templates" / "codes"]
    folders.append(settings.BASE_DIR / "templates" / "_shared")
    digest = hashlib.sha256(repr(sorted(_site().items())).encode())
    for folder in folders:
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html")]):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def statement(access: Access) -> str:
    """Return the SQL that reads the parts of a level; the benchmark runs the same."""
    return _SELECT.format(columns=", ".join(f"p.{name}" for name in PARTS[access]))


@cache
def _shell() -> list[str | bytes]:
    """Return the page around the parts, cut at its slots: bytes, and the names of slots.

    It is rendered once for all viewers, so without a request: nothing of one can get into it.
    """
    slots = {
        name: f"@@{name}@@" for name in ("head", "account", "messages", "meter", "lead", "body")
    }
    html = render_to_string("codes/code_page.html", {**_site(), **slots, "page": slots})
    pieces = _SLOT.split(html)
    return [piece if i % 2 else piece.encode() for i, piece in enumerate(pieces)]


def _fragment(name: str, values: dict[str, object]) -> str:
    return render_to_string(f"codes/_code_{name}.html", values)


def _sections(name: str, values: dict[str, object]) -> str:
    return render_to_string(f"codes/_sections_{name}.html", values)


def _site() -> dict[str, object]:
    return context.site(None)


@cache
def _guest_account() -> bytes:
    return render_to_string("_shared/_account_nav.html", {"user": None}).encode()


def _account(request: HttpRequest) -> bytes:
    return render_to_string("_shared/_account_nav.html", {"user": request.user}).encode()


def _messages(request: HttpRequest) -> bytes:
    """Return waiting messages; a request without a session has none, and costs nothing."""
    if not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys():
        return b""
    waiting = get_messages(request)
    return render_to_string("_shared/_messages.html", {"messages": waiting}).encode()


def _meter_line(meter: Meter, request: HttpRequest) -> bytes:
    return _for_viewer("codes/_meter.html", meter).replace(_NEXT, _next_url(request))


def _spent(meter: Meter, request: HttpRequest) -> bytes:
    return _for_viewer("codes/_spent.html", meter).replace(_NEXT, _next_url(request))


@lru_cache(maxsize=1024)
def _for_viewer(template: str, meter: Meter) -> bytes:
    """Return what a reading of the meter looks like; the page to come back to is filled in."""
    values = {"meter": meter, "meter_period": settings.METER_PERIOD, "next_url": _NEXT.decode()}
    return render_to_string(template, values).encode()


def _next_url(request: HttpRequest) -> bytes:
    return quote(request.get_full_path()).encode()
