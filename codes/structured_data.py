"""JSON-LD of a code page, for search engines: schema.org's MedicalWebPage.

Only what every viewer may see goes in. Locked sections are declared as parts that are not
accessible for free, as search engines ask of gated pages.
"""

import json

from codes.material import Material


def code_page_json_ld(material: Material, url: str, section_keys: list[str]) -> str:
    """Return the JSON text, safe inside a script element; no query."""
    code = material.code
    page = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": material.title,
        "url": url,
        "description": code.public_short,
        "inLanguage": "en-US",
        "isAccessibleForFree": not section_keys,
        "hasPart": [
            {
                "@type": "WebPageElement",
                "isAccessibleForFree": False,
                "cssSelector": f"#{key}",
            }
            for key in section_keys
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
                {"@type": "ListItem", "position": i, "name": heading.display}
                for i, heading in enumerate([*material.ancestors, code], start=1)
            ],
        },
    }
    text = json.dumps(page, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
