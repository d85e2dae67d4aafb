"""Home, health, products that are not built yet, error pages, and what every answer carries."""

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from codes import page
from tests import factories

PRODUCTS = {
    "/caseconsultant/": ("CaseConsultant", "Instant Email Coding Consultant"),
    "/careercenter/": ("CareerCenter", "Medical Coding Job Board"),
}


@pytest.fixture
def forgiving(db: None) -> Client:
    """A client that sees the error page instead of the exception."""
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_home_names_the_systems_and_the_four_products(client: Client) -> None:
    factories.system("icd-10-cm", name="ICD-10-CM")
    text = client.get("/").content.decode()
    assert "/codes/icd-10-cm/" in text
    built = [
        ("CasePilot", "Medical Coding Assistant"),
        ("Case2Code", "Search and Code Lookup Tool"),
    ]
    for name, caption in [*PRODUCTS.values(), *built]:
        assert name in text
        assert caption in text


@pytest.mark.django_db
@pytest.mark.parametrize("path", PRODUCTS)
def test_a_product_that_is_not_built_says_so(client: Client, path: str) -> None:
    text = client.get(path, {"code": "33948", "topic": "modifiers"}).content.decode()
    assert PRODUCTS[path][0] in text
    assert "Not built yet" in text


@pytest.mark.django_db
def test_health_answers_without_a_cookie_and_uncached(client: Client) -> None:
    response = client.get("/health/")
    assert response.json() == {"status": "ok"}
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/health/", "/robots.txt", "/caseconsultant/"])
def test_only_reading_is_allowed(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_an_unknown_page_is_404_in_the_sites_own_style(forgiving: Client) -> None:
    response = forgiving.get("/nothing/here/")
    assert response.status_code == 404
    assert "site-header" in response.content.decode()


def test_a_lost_database_is_503_with_a_time_to_come_back(
    forgiving: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("the connection is closed")

    factories.code("33948")
    monkeypatch.setattr(page, "load", away)
    response = forgiving.get("/codes/cpt/33948/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"


def test_a_fault_is_500_and_says_nothing_of_itself(
    forgiving: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("CANARY")

    factories.code("33948")
    monkeypatch.setattr(page, "load", broken)
    response = forgiving.get("/codes/cpt/33948/")
    assert response.status_code == 500
    assert "CANARY" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/search/?q=x", "/accounts/login/", "/nothing/"])
def test_every_page_has_a_strict_policy(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


@pytest.mark.django_db
def test_nothing_but_the_clients_own_address_is_believed(
    client: Client, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = []
    response = client.get("/demo/mail/", headers={"X-Forwarded-For": "127.0.0.1"})
    assert response.status_code == 404
