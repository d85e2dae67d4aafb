"""JSON-LD of a code page, for search engines: schema.org's MedicalWebPage.

Only what every viewer may see goes in. What some viewers do not get, the locked sections and
where views are counted the two descriptions, is declared as parts that are not accessible for
free, as search engines ask of gated pages.
"""

import json

from django.conf import settings

from codes.material import Material
from codes.models import Code

COUNTED_PARTS = ["official", "common-language"]
"""The ids of the parts that a viewer without views left does not get."""


def code_page_json_ld(material: Material, url: str, section_keys: list[str]) -> str:
    """Return the JSON text, safe inside a script element; no query."""
    code = material.code
    gated = [*(COUNTED_PARTS if code.system.is_metered else []), *section_keys]
    page = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": material.title,
        "url": url,
        "description": code.public_short,
        "inLanguage": "en-US",
        "isAccessibleForFree": not gated,
        "hasPart": [
            {
                "@type": "WebPageElement",
                "isAccessibleForFree": False,
                "cssSelector": f"#{key}",
            }
            for key in gated
        ],
        "mainEntity": {
            "@type": "MedicalCode",
            "codeValue": code.display,
            "codingSystem": code.system.name.replace("®", ""),
            "name": code.public_short,
        },
        "breadcrumb": {
            "@type": "BreadcrumbList",
            "itemListElement": [
                _crumb(i, heading) for i, heading in enumerate([*material.ancestors, code], start=1)
            ],
        },
    }
    text = json.dumps(page, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _crumb(position: int, heading: Code) -> dict[str, object]:
    """Return a step of the breadcrumb, with its own address and in words where they are open."""
    words = heading.public_short if heading.public_short != heading.display else ""
    return {
        "@type": "ListItem",
        "position": position,
        "name": f"{heading.display} {words}".strip(),
        "item": settings.SITE_URL + heading.get_absolute_url(),
    }
