"""Follows every link that a viewer is given, and keeps what came back."""

import html
import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.test import Client

MAX_PAGES: Final = 600
MAX_QUERIES: Final = 3
"""How many sets of options of one page are followed, beside those among the seeds."""
_LINK: Final = re.compile(r'\s(?:href|action|src)="([^"]*)"|<(?:loc|id)>([^<]*)</(?:loc|id)>')
_LEFT_ALONE: Final = ("/static/", "/accounts/logout/", "/admin/logout/")


@dataclass(frozen=True)
class Page:
    """An answer: its body as text, with the address that it redirects to in front."""

    address: str
    status: int
    text: str


def crawl(client: Client, seeds: Iterable[str], *, below: str = "/") -> list[Page]:
    """Return the answers to the seeds and to every page ``below`` that they link to."""
    waiting = deque(dict.fromkeys(seeds))
    known = set(waiting)
    pages: list[Page] = []
    variants: Counter[str] = Counter()
    while waiting:
        page = _get(client, waiting.popleft())
        pages.append(page)
        assert len(pages) <= MAX_PAGES, f"endless pages: {page.address}"
        for address in _links(page):
            path, _, query = address.partition("?")
            is_new = address not in known and path.startswith(below)
            if is_new and variants[path] < MAX_QUERIES:
                variants[path] += bool(query)
                known.add(address)
                waiting.append(address)
    return pages


def _get(client: Client, address: str) -> Page:
    response = client.get(address)
    content = b"".join(response) if response.streaming else response.content
    location = response.headers.get("Location", "")
    return Page(address, response.status_code, f"{location}\n{content.decode(errors='replace')}")


def _links(page: Page) -> Iterable[str]:
    first = page.text.partition("\n")[0]
    found = [first] if first else []
    found += [html.unescape(one or other) for one, other in _LINK.findall(page.text)]
    for link in found:
        parts = urlsplit(urljoin(f"{settings.SITE_URL}{page.address}", urldefrag(link)[0]))
        is_ours = parts.netloc in (urlsplit(settings.SITE_URL).netloc, "testserver")
        if is_ours and not parts.path.startswith(_LEFT_ALONE):
            yield parts.path + (f"?{parts.query}" if parts.query else "")
