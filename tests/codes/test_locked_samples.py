"""No byte of a locked section reaches a guest: every sample code, every section, every answer."""

import re
from html import unescape

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.html import strip_tags

from codes.authored_texts import AuthoredText, Section
from codes.models import Code
from tests import factories

pytestmark = pytest.mark.django_db

SHORTEST = 30  # characters; a shorter line may well stand elsewhere on the page


@pytest.fixture
def samples() -> list[Code]:
    call_command("load_samples", verbosity=0)
    return list(Code.objects.filter(system__slug="cpt", kind="code").order_by("position"))


def lines_of(html: str) -> list[str]:
    """Return the lines of a text as a reader sees them, without the too short ones."""
    lines = (plain(line) for line in re.split(r"</(?:p|li|h\d|td)>", html))
    return [line for line in lines if len(line) >= SHORTEST]


def plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())


def test_no_guest_gets_a_line_of_any_section_of_any_sample(samples: list[Code]) -> None:
    texts = list(Section.objects.exclude(html="").select_related("code"))
    assert {text.kind for text in texts} == {
        "guidelines",
        "modifiers",
        "crosswalks",
        "ncci_edits",
        "compliance",
        "medicare_coverage",
    }
    checked = 0
    for code in samples:
        answer = plain(Client().get(code.get_absolute_url()).content.decode())
        assert "Official Description" in answer
        for text in texts:
            if text.code_id == code.pk:
                lines = lines_of(text.html)
                checked += len(lines)
                assert not [line for line in lines if line in answer]
    assert checked > 300


def test_a_member_gets_every_line(samples: list[Code]) -> None:
    client = Client()
    client.force_login(factories.user(unlimited_views=True))
    for text in Section.objects.exclude(html="").select_related("code__system"):
        answer = plain(client.get(text.code.get_absolute_url()).content.decode())
        assert [line for line in lines_of(text.html) if line not in answer] == []


def test_no_other_answer_holds_a_line_either(samples: list[Code], clean_cache: None) -> None:
    """Descriptions and sections alike stay out of every answer but a counted view."""
    lines = [line for text in AuthoredText.objects.published() for line in lines_of(text.html)]
    spent = Client()
    spent.get("/codes/cpt/99202/")
    code = "/codes/cpt/33948/"
    answers = [
        spent.get(code),
        Client().head(code),
        Client().get(code, headers={"Sec-Purpose": "prefetch"}),
        Client().get(code, headers={"Sec-Fetch-Dest": "iframe"}),
        Client().get(code, headers={"Sec-Fetch-Dest": "empty"}),
        Client().get("/codes/cpt/33948/modifiers/"),
        Client().get("/codes/cpt/"),
        Client().get("/codes/cpt/3394899/"),
        Client().get("/search/", {"q": "ECMO"}),
        Client().get("/search/", {"q": "anticoagulation targets"}),
        Client().get("/sitemap-codes.xml"),
        Client().get("/"),
    ]
    for answer in answers:
        text = plain(answer.content.decode())
        assert not [line for line in lines if line in text]
