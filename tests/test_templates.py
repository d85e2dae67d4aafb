"""Every template of the site: it compiles, keeps to the content policy, and says what it must."""

import re
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.template.loader import get_template, render_to_string

from codes.metering import Access, Meter
from codes.models import Code, CodeSystem, Release

ROOT: Path = settings.BASE_DIR / "templates"
ALL = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.*"))
PAGES = [name for name in ALL if name.endswith(".html") and not name.startswith("emails/")]
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle"}

GUEST = Meter(
    access=Access.DESCRIBED,
    is_guest=True,
    counts=True,
    used=1,
    limit=1,
    extra=5,
    resets_at=datetime(2026, 12, 1, tzinfo=ZoneInfo("UTC")),
)
REGISTERED = replace(GUEST, access=Access.UNLOCKED, is_guest=False, limit=6, extra=0)


class Outline(HTMLParser):
    """Reads a page and refuses tags that do not nest; collects ids, tags and visible words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def ids(self) -> list[str]:
        return [str(attrs["id"]) for _, attrs in self.tags if "id" in attrs]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


def source(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", ALL)
def test_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", ALL)
def test_is_finished(name: str) -> None:
    assert not re.search(r"\b(TODO|FIXME|XXX|lorem ipsum)\b", source(name), re.IGNORECASE)


@pytest.mark.parametrize("name", PAGES)
def test_has_nothing_that_the_content_policy_forbids(name: str) -> None:
    text = re.sub(r"{%.*?%}|{{.*?}}", "", source(name), flags=re.DOTALL)
    assert not re.search(r"<style\b|\sstyle\s*=", text), "inline style"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "inline event handler"
    assert "javascript:" not in text
    for attributes in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in attributes or 'type="application/ld+json"' in attributes, "inline script"


@pytest.mark.parametrize("name", PAGES)
def test_names_no_other_host(name: str) -> None:
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", source(name))


@pytest.mark.parametrize("name", PAGES)
def test_static_files_and_icons_exist(name: str) -> None:
    for path in re.findall(r"{%\s*static\s+['\"]([^'\"]+)", source(name)):
        assert finders.find(path), path
    icons = set(re.findall(r'name == "(\w+)"', source("_shared/_icon.html")))
    for icon in re.findall(r'_icon\.html" with name="(\w+)"', source(name)):
        assert icon in icons


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_bare_errors_need_no_request_and_no_database(name: str) -> None:
    page = Outline(render_to_string(name))
    assert page.count("h1") == 1
    assert page.count("form") == 0
    assert "CasePilot" in page.text


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "429.html"])
def test_errors_are_pages_of_the_site(name: str) -> None:
    page = shell(name, wait=12)
    assert page.count("h1") == 1
    assert "Case2Code" in page.text


def test_the_pause_names_its_seconds() -> None:
    assert "try again in 12 seconds." in shell("429.html", wait=12).text
    assert "try again in 1 second." in shell("429.html", wait=1).text


@pytest.mark.parametrize(
    "line",
    [
        "CasePilot Medical Coding Assistant",
        "CaseConsultant Instant Email Coding Consultant",
        "Case2Code Search and Code Lookup Tool",
        "CareerCenter Medical Coding Job Board",
        "Medical coding information, not medical advice.",
        "Log in Register free account",
    ],
)
def test_every_page_has_the_header_and_the_footer(line: str) -> None:
    assert line in shell("404.html").text


def test_the_header_has_one_search_form() -> None:
    page = shell("429.html", wait=1)
    field = next(attrs for tag, attrs in page.tags if attrs.get("name") == "q")
    form = next(attrs for tag, attrs in page.tags if tag == "form")
    assert form["role"] == "search"
    assert form["action"] == "/search/"
    assert field["maxlength"] == "200"
    assert field["id"] in {attrs.get("for") for tag, attrs in page.tags if tag == "label"}


def test_the_skip_link_leads_to_the_content() -> None:
    page = shell("404.html")
    first = next(attrs for tag, attrs in page.tags if tag == "a")
    assert first["href"] == "#main"
    assert "main" in page.ids


@pytest.mark.parametrize("query", ["", '"><script>alert(1)</script>'])
def test_a_query_comes_back_as_text(query: str) -> None:
    page = shell("codes/search.html", query=query)
    field = next(attrs for tag, attrs in page.tags if attrs.get("name") == "q")
    assert field["value"] == query


def test_a_product_that_is_not_built_says_so() -> None:
    product = {"name": "CareerCenter", "caption": "Medical Coding Job Board", "promise": "It will."}
    assert "Not built yet." in shell("product.html", product=product).text


# --- The meter's line -------------------------------------------------------------------------


def test_meter_of_a_guest() -> None:
    assert meter_text(GUEST) == (
        "0 code page views remaining. Guest accounts are limited to 1 page view. "
        "Register free account to get 5 more views."
    )


def test_meter_in_the_other_number() -> None:
    assert meter_text(replace(GUEST, limit=2, extra=1)) == (
        "1 code page view remaining. Guest accounts are limited to 2 page views. "
        "Register free account to get 1 more view."
    )


def test_meter_of_a_registered_viewer() -> None:
    assert meter_text(REGISTERED) == (
        "5 code page views remaining. Your free account has 6 page views a month; "
        "they come back on 1 December 2026."
    )


def test_meter_says_nothing_where_it_does_not_count() -> None:
    assert meter_text(replace(GUEST, counts=False)) == ""


def test_spent_guest_is_told_what_to_do() -> None:
    text = spent_text(replace(GUEST, access=Access.LEAD))
    assert "Page views come back on 1 December 2026." in text
    assert "Register free account Log in" in text


def test_spent_account_is_not_asked_to_register() -> None:
    text = spent_text(replace(REGISTERED, access=Access.LEAD, used=6))
    assert "Page views come back on 1 December 2026." in text
    assert "Register" not in text


def test_spent_network_is_asked_to_sign_in_and_never_called_blocked() -> None:
    text = spent_text(replace(GUEST, access=Access.LEAD, network_spent=True))
    assert "sign in" in text.lower()
    assert "block" not in text.lower()


# --- The parts of a code page -----------------------------------------------------------------


def test_locked_sections_say_what_they_hold() -> None:
    sections = [{"key": "ncci_edits", "title": "NCCI Edits", "holds": "212 edits, release 2026Q3"}]
    html = render_to_string("codes/_sections_locked.html", {"code": code(), "sections": sections})
    page = Outline(html)
    assert "Register to view content" in page.text
    assert "Create a free account to unlock this content" in page.text
    assert "212 edits, release 2026Q3" in page.text
    assert "Locked: 1 section." in page.text
    assert "?next=/codes/cpt/33948/" in html


def test_no_sections_leave_no_trace() -> None:
    html = render_to_string("codes/_sections_locked.html", {"code": code(), "sections": []})
    assert html.strip() == ""


def test_a_whole_code_page_nests_and_has_unique_ids() -> None:
    sections = [{"key": "guidelines", "title": "Coding Guidelines", "holds": "9", "html": "x"}]
    for name in ("locked", "open"):
        values = names(sections=sections)
        body = "".join(
            render_to_string(f"codes/{part}.html", values)
            for part in ("_code_described", f"_sections_{name}", "_code_after")
        )
        parts = {
            "head": render_to_string("codes/_code_head.html", values),
            "lead": render_to_string("codes/_code_lead.html", values),
            "body": body,
        }
        html = render_to_string("codes/code_page.html", {"page": parts}).replace("&quot;", '"')
        page = Outline(unescaped(html))
        assert page.count("h1") == 1
        assert page.count("title") == 1
        assert len(page.ids) == len(set(page.ids))


def test_lead_shows_the_code_and_that_the_wording_is_a_sample() -> None:
    page = Outline(render_to_string("codes/_code_lead.html", names()))
    assert "CPT® Code 33948" in page.text
    assert "Sample wording, not the AMA descriptor" in page.text
    assert "Billable" in page.text


def test_described_part_keeps_the_lines_of_the_specification() -> None:
    text = Outline(render_to_string("codes/_code_described.html", names())).text
    assert "Official Description" in text
    assert "© Copyright 2026 American Medical Association. All rights reserved." in text
    assert "Common Language Description" in text
    assert (
        "Have a question about CPT® Code 33948? Get instant expert-level answers from CasePilot, "
        "our coding assistant." in text
    )


def test_after_part_keeps_the_lines_of_the_specification() -> None:
    text = Outline(render_to_string("codes/_code_after.html", names())).text
    topics = "CPT Codes Guidelines Modifiers Crosswalks NCCI Edits Compliance Medicare Coverage"
    assert f"Get instant expert-level medical coding assistance. Ask about: {topics}" in text
    assert "What is CPT code 99213? Guidelines for E/M services" in text
    assert "CPT® is a registered trademark of the American Medical Association." in text


def test_head_shows_no_descriptor_but_the_short_one() -> None:
    html = render_to_string("codes/_code_head.html", names())
    assert "SHORT-WORDS" in html
    assert "LONG-WORDS" not in html


def test_without_a_licence_for_wording_only_the_number_is_shown() -> None:
    values = names()
    values["code"].system.display_mode = CodeSystem.DisplayMode.CODES_ONLY
    values["siblings"] = [values["code"]]
    for part in ("_code_head", "_code_lead", "_code_described", "_code_after"):
        html = render_to_string(f"codes/{part}.html", values)
        assert "WORDS" not in html, part


def test_long_descriptors_are_shown_whole() -> None:
    values = names()
    values["code"].long_descriptor = "word " * 900 + "end"
    assert "word end" in Outline(render_to_string("codes/_code_described.html", values)).text


# --- Helpers ------------------------------------------------------------------------------------


def shell(template: str, **values: Any) -> Outline:
    """Render a page as a guest sees it, without a request."""
    page = Outline(render_to_string(template, {"user": AnonymousUser(), **values}))
    assert len(page.ids) == len(set(page.ids))
    return page


def unescaped(html: str) -> str:
    """Undo the escaping of parts that were put into the shell as plain strings."""
    return html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def meter_text(meter: Meter) -> str:
    return Outline(render_to_string("codes/_meter.html", {"meter": meter})).text


def spent_text(meter: Meter) -> str:
    values = {"meter": meter, "next_url": "/codes/cpt/33948/"}
    return Outline(render_to_string("codes/_spent.html", values)).text


def code() -> Code:
    """Return a code that no database knows."""
    system = CodeSystem(
        slug="cpt",
        name="CPT®",
        code_noun="CPT® Code",
        copyright_line="© Copyright 2026 American Medical Association. All rights reserved.",
        trademark_line="CPT® is a registered trademark of the American Medical Association.",
    )
    return Code(
        pk=1,
        system=system,
        kind=Code.Kind.CODE,
        key="33948",
        display="33948",
        billable=True,
        short_descriptor="SHORT-WORDS",
        medium_descriptor="MEDIUM-WORDS",
        long_descriptor="LONG-WORDS",
    )


def names(**values: Any) -> dict[str, Any]:
    """Return what codes/page.py calls things."""
    release = Release(label="Sample 1", effective_date=date(2026, 1, 1), is_sample=True)
    return {
        "code": code(),
        "code_title": "CPT® Code 33948",
        "release": release,
        "siblings": [code()],
        "plain_html": "It means this.",
        "json_ld": "{}",
        **values,
    }
