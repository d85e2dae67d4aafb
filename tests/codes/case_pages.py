"""What tests of Case → codes share: codes by their wording, and what a page offers for a note."""

from typing import Any

from django.test import Client

from codes.models import Code
from tests import factories

URL = "/case2code/"


def code(display: str, words: str, **fields: Any) -> Code:
    """Return an ICD-10-CM code of this wording."""
    icd = factories.system("icd-10-cm")
    return factories.code(display, of=icd, short_descriptor=words, long_descriptor=words, **fields)


def sent(client: Client, note: str) -> str:
    """Return the page that answers a note."""
    response = client.post(URL, {"note": note})
    assert response.status_code == 200
    return response.content.decode()


def offered(page: str) -> set[str]:
    """Return the codes that can be ticked on a page."""
    return {part.partition('"')[0] for part in page.split('name="code" value="icd-10-cm/')[1:]}
