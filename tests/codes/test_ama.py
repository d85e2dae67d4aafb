"""The AMA's lines on pages that load no CPT code: those of the system, without a query each."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from codes import ama
from codes.models import CodeSystem
from tests import factories

pytestmark = pytest.mark.django_db

LINE = "© Copyright 2031 American Medical Association, as stated."


@pytest.fixture
def stated(monkeypatch: pytest.MonkeyPatch) -> CodeSystem:
    """A CPT system with a line of its own, in a process that has shown no page yet."""
    monkeypatch.setattr(ama, "_kept", None)
    return factories.system("cpt", copyright_line=LINE)


@pytest.mark.parametrize("path", ["/ncci-check/", "/codes/hcpcs/J1100/"])
def test_the_line_of_the_system_stands_there(client: Client, stated: CodeSystem, path: str) -> None:
    factories.code("J1100", of=factories.system("hcpcs"))
    page = client.get(path).content.decode()
    assert LINE in page
    assert ama.Lines().copyright_line not in page


def test_an_edit_in_the_admin_reaches_stored_pages(
    client: Client, admin: Client, stated: CodeSystem, django_capture_on_commit_callbacks: Any
) -> None:
    factories.code("J1100", of=factories.system("hcpcs"))
    assert LINE in client.get("/codes/hcpcs/J1100/").content.decode()
    fields = {"display_mode": "full", "is_metered": "on", "copyright_line": "© Anew AMA"}
    with django_capture_on_commit_callbacks(execute=True):
        response = admin.post(f"/admin/codes/codesystem/{stated.pk}/change/", fields)
    assert response.status_code == 302
    for path in ("/codes/hcpcs/J1100/", "/ncci-check/"):
        page = client.get(path).content.decode()
        assert "© Anew AMA" in page
        assert LINE not in page


def test_without_a_cpt_system_the_defaults_stand_there(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ama, "_kept", None)
    page = client.get("/ncci-check/").content.decode()
    assert ama.Lines().copyright_line in page


def test_a_process_asks_once_a_minute(
    stated: CodeSystem,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    with django_assert_num_queries(1):
        assert ama.lines().copyright_line == ama.lines().copyright_line == LINE
    CodeSystem.objects.update(copyright_line="© Anew AMA")
    assert ama.lines().copyright_line == LINE
    monkeypatch.setattr(ama, "KEPT_SECONDS", -1)
    assert ama.lines().copyright_line == "© Anew AMA"
