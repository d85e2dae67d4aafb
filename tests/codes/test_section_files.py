"""The admin sees which import would fill a section."""

import re

import pytest
from django.test import Client

from codes.importers.formats import FORMATS
from codes.sections import SECTIONS
from codes.sections.files import FILLINGS
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/admin/codes/release/"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(factories.staff())
    return client


def rows(client: Client) -> dict[str, str]:
    text = client.get(URL).content.decode().split("What fills the sections", 1)[1]
    found = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>', text)
    return {what: re.sub(r"<[^>]+>", "", state) for what, state in found}


def test_every_section_says_what_would_fill_it(admin: Client) -> None:
    assert list(FILLINGS) == [section.key for section in SECTIONS]
    told = rows(admin)
    assert told["Telehealth"] == "Nothing is loaded: manage.py import_codes telehealth FILE…"
    assert told["HCPCS modifiers"] == "Nothing is loaded: manage.py import_codes hcpcs FILE…"
    assert len(told) == len({each.what for some in FILLINGS.values() for each in some})


def test_what_is_loaded_leads_to_its_release(admin: Client) -> None:
    release = factories.telehealth_service().release
    assert rows(admin)["Telehealth"] == "October 2025"
    assert f'href="{URL}{release.pk}/change/"' in admin.get(URL).content.decode()


def test_a_release_that_is_not_shown_fills_nothing(admin: Client) -> None:
    factories.telehealth_service()
    type(factories.edition("telehealth")).objects.update(is_current=False)
    assert rows(admin)["Telehealth"].startswith("Nothing is loaded")


def test_each_import_that_is_named_exists() -> None:
    named = {each.format or each.source for some in FILLINGS.values() for each in some}
    assert named <= FORMATS.keys()
