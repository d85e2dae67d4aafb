"""Reading a page as its reader does."""

import re

from django.test import Client


def words(client: Client, url: str, query: dict[str, str] | None = None) -> str:
    """Return the words of the main part of a page, one space between them."""
    response = client.get(url, query or {})
    assert response.status_code == 200
    main = response.content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())
