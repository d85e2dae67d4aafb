"""Codes to ask for, and every answer held against the OpenAPI description."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from openapi_core import Config, OpenAPI
from openapi_core.contrib.django import DjangoOpenAPIRequest, DjangoOpenAPIResponse

from accounts.models import User
from accounts.tokens import issue
from codes.models import Code
from tests import factories

Ask = Callable[..., Any]
DESCRIPTION = json.loads(
    (Path(__file__).parents[3] / "codes" / "api" / "openapi.json").read_text()
) | {"servers": [{"url": "http://testserver"}]}


@pytest.fixture(scope="session", autouse=True)
def _nothing_collected() -> Iterator[None]:
    """Serve no static files; the server starts before a test's settings."""
    with override_settings(STATIC_ROOT=settings.BASE_DIR / "static"):
        yield


@pytest.fixture(autouse=True)
def _clean(clean_cache: None) -> None:
    """Start with no counted requests."""


@pytest.fixture
def codes() -> dict[str, Code]:
    """Return codes of three systems by their printed form."""
    icd = factories.system("icd-10-cm", is_metered=True)
    factories.release(icd, label="April 2026", effective_date=date(2026, 4, 1), row_count=3)
    made = {}
    above = None
    for display, words, billable in (
        ("J96.0", "Acute respiratory failure", False),
        ("J96.01", "Acute respiratory failure with hypoxia", True),
        ("I50.9", "Heart failure, unspecified", True),
    ):
        of = {"parent": above} if display == "J96.01" else {}
        above = factories.code(
            display,
            of=icd,
            billable=billable,
            short_descriptor=words,
            long_descriptor=f"{words}, in full",
            **of,
        )
        made[display] = above
    hcpcs = factories.system("hcpcs", position=3)
    words = "Walker, folding"
    made["E0135"] = factories.code(
        "E0135", of=hcpcs, short_descriptor=words, long_descriptor=words, valid_to=date(2020, 1, 1)
    )
    made["33948"] = factories.code(
        "33948", short_descriptor="Sample short", long_descriptor="Sample long words"
    )
    factories.search_index()
    return made


@pytest.fixture
def user() -> User:
    return factories.user("coder@example.org")


@pytest.fixture
def token(user: User) -> str:
    return issue(user=user, name="tests")


@pytest.fixture(scope="session")
def description() -> OpenAPI:
    """Return the OpenAPI description, read once."""
    reads: dict[str, Callable[[bytes], Any]] = {
        "application/fhir+json": _read_json,
        "application/problem+json": _read_json,
    }
    return OpenAPI.from_dict(DESCRIPTION, config=Config(extra_media_type_deserializers=reads))


@pytest.fixture
def ask(client: Client, description: OpenAPI) -> Ask:
    """Return a function that asks, holds question and answer against the description, and reads it.

    With ``status`` another answer than 200 is expected; ``is_described=False`` leaves out a
    question that the description does not allow.
    """

    def asking(
        url: str,
        body: Any = None,
        *,
        status: int = 200,
        token: str = "",
        is_described: bool = True,
        **headers: str,
    ) -> Any:
        if token:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        response: Any
        if body is None:
            response = client.get(url, **headers)  # type: ignore[arg-type]  # headers, not options
        else:
            response = client.post(url, body, content_type="application/fhir+json", **headers)  # type: ignore[arg-type]  # as above
        assert response.status_code == status, response.content
        _hold(description, response, is_described=is_described and status == 200)
        return json.loads(response.content)

    return asking


def _read_json(text: Any, **_parameters: str) -> Any:
    return json.loads(text)


def _hold(description: OpenAPI, response: HttpResponse, *, is_described: bool) -> None:
    request = DjangoOpenAPIRequest(response.wsgi_request)  # type: ignore[attr-defined]  # the test client's
    if is_described:
        description.validate_request(request)
    description.validate_response(request, DjangoOpenAPIResponse(response))
