"""Makes rows for tests, named after what they are; each takes what the test cares about."""

import hashlib
from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import User
from codes.models import AuthoredText, Code, CodeSystem, Release

_numbers = count(1)


def system(slug: str = "cpt", **fields: Any) -> CodeSystem:
    """Return the system with that slug; CPT-style and metered unless told otherwise."""
    noun = "CPT®" if slug == "cpt" else slug.upper()
    values: dict[str, Any] = {
        "name": noun,
        "title": f"{noun} test system",
        "code_noun": f"{noun} Code",
        "publisher": "A publisher",
        "licence": CodeSystem.Licence.LICENSED if slug == "cpt" else "public_domain",
        "copyright_line": "© Copyright 2026 American Medical Association. All rights reserved."
        if slug == "cpt"
        else "",
        "position": 1 if slug == "cpt" else 2,
    }
    return CodeSystem.objects.update_or_create(slug=slug, defaults=values | fields)[0]


def release(of: CodeSystem | None = None, **fields: Any) -> Release:
    """Return the current release of a system, made if there is none."""
    of = of or system()
    existing = of.releases.current().first()
    if existing and not fields:
        return existing
    values: dict[str, Any] = {
        "label": "Test edition",
        "effective_date": date(2026, 1, 1),
        "source_name": "Test file",
        "file_name": "test.txt",
        "sha256": hashlib.sha256(str(next(_numbers)).encode()).hexdigest(),
        "row_count": 1,
        "importer": "factory 1",
        "is_current": existing is None,
    }
    return Release.objects.create(system=of, **({"source": of.slug} | values | fields))


def code(display: str = "33948", /, *, of: CodeSystem | None = None, **fields: Any) -> Code:
    """Return a billable code; ``parent`` gives it its place."""
    of = of or system()
    parent = fields.get("parent")
    number = next(_numbers)
    values: dict[str, Any] = {
        "release": release(of),
        "kind": Code.Kind.CODE,
        "key": display.replace(".", ""),
        "display": display,
        "billable": True,
        "short_descriptor": f"Short descriptor {number}",
        "long_descriptor": f"Long descriptor {number}",
        "position": number,
        "ancestors": [*parent.ancestors, parent.pk] if parent else [],
    }
    return Code.objects.create(system=of, **(values | fields))


def heading(kind: str, key: str, **fields: Any) -> Code:
    """Return a chapter, section or category."""
    values: dict[str, Any] = {"kind": kind, "billable": False}
    return code(key, **(values | fields))


def published_text(of: Code, kind: str = "plain", *, html: str = "<p>Text</p>") -> AuthoredText:
    """Return a text that the public sees."""
    return AuthoredText.objects.create(
        code=of,
        kind=kind,
        markdown="Text",
        html=html,
        status=AuthoredText.Status.PUBLISHED,
        reviewed_on=date(2026, 1, 1),
        published_at=timezone.now(),
    )


def user(email: str = "", **fields: Any) -> User:
    """Return a registered user with the password ``correct horse``."""
    email = email or f"coder{next(_numbers)}@example.org"
    made = User.objects.create_user(email, "correct horse", **fields)
    made.emailaddress_set.create(email=email, verified=True, primary=True)  # type: ignore[attr-defined]  # allauth's
    return made


def staff(email: str = "", **fields: Any) -> User:
    """Return an admin with every permission."""
    return user(email, is_staff=True, is_superuser=True, **fields)
