"""Markdown to HTML: what is written, and what never gets through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.markup import render

SAFE_TAGS = "h[3-6]|p|br|hr|blockquote|pre|code|em|strong|ul|ol|li|a|div|table|thead|tbody|tr|th|td"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("", ""),
        ("   \n", ""),
        ("**Each** *day*", "<p><strong>Each</strong> <em>day</em></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>'),
        ("`99213-25`", "<p><code>99213-25</code></p>"),
        ("> Quote", "<blockquote>\n<p>Quote</p>\n</blockquote>"),
        ("CPT® & more", "<p>CPT® &amp; more</p>"),
    ],
)
def test_common_markdown(markdown: str, html: str) -> None:
    assert render(markdown) == html


@pytest.mark.parametrize(
    ("markdown", "levels"),
    [
        ("# One\n\n## Two", "34"),
        ("## One\n\n### Two\n\n## Three", "343"),
        ("### One", "3"),
        ("#### One\n\n## Two", "53"),
        ("# 1\n\n## 2\n\n### 3\n\n#### 4\n\n##### 5\n\n###### 6", "345666"),
        ("One\n===", "3"),
    ],
)
def test_headings_start_at_the_third_level(markdown: str, levels: str) -> None:
    html = render(markdown)
    assert "".join(re.findall(r"<h(\d)>", html)) == levels
    assert "".join(re.findall(r"</h(\d)>", html)) == levels


@pytest.mark.parametrize(
    ("target", "attributes"),
    [
        ("/codes/cpt/33948/", 'href="/codes/cpt/33948/"'),
        ("../33949/", 'href="../33949/"'),
        ("#rules", 'href="#rules"'),
        ("?on=2026", 'href="?on=2026"'),
        ("https://www.cms.gov/", 'href="https://www.cms.gov/" rel="nofollow noopener"'),
        ("http://x.org 'Title'", 'href="http://x.org" title="Title" rel="nofollow noopener"'),
        ("//x.org/", 'href="//x.org/" rel="nofollow noopener"'),
        ("mailto:a@example.org", 'rel="nofollow noopener"'),
        ("ftp://x.org", 'rel="nofollow noopener"'),
    ],
)
def test_links(target: str, attributes: str) -> None:
    assert render(f"[text]({target})") == f"<p><a {attributes}>text</a></p>"


def test_automatic_links_leave_the_site_too() -> None:
    assert render("<https://x.org/>") == (
        '<p><a href="https://x.org/" rel="nofollow noopener">https://x.org/</a></p>'
    )


@pytest.mark.parametrize("target", ["javascript:alert(1)", "JavaScript:x", "vbscript:x", "data:x"])
def test_links_that_run_something_stay_text(target: str) -> None:
    assert "<a" not in render(f"[text]({target})")


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:x'>x</a>",
        "<style>p{}</style>",
        "<iframe src='//x.org'></iframe>",
        "<!-- comment -->",
        "text <b onclick=x>bold</b>",
    ],
)
def test_raw_html_stays_text(raw: str) -> None:
    html = render(raw)
    assert "&lt;" in html
    assert re.fullmatch(r"<p>[^<]*</p>", html)


def test_an_image_becomes_its_words() -> None:
    assert render("![a *pump*](pump.png)") == "<p>a pump</p>"


def test_a_table_scrolls_and_aligns_without_inline_style() -> None:
    html = render("| Code | Minutes |\n|:--|--:|\n| 99202 | 15 |")
    assert html.startswith('<div class="table-scroll" ')
    for attribute in ('tabindex="0"', 'role="group"', 'aria-label="Table"'):
        assert attribute in html.partition(">")[0]
    assert '<th scope="col">Code</th>' in html
    assert '<td class="table__number">15</td>' in html
    assert "style" not in html


@given(st.text(alphabet=st.sampled_from("<>&\"'`*_[]()!#|-:/\\ \nabjhtp=x.&;"), max_size=200))
def test_only_allowed_tags_come_out(markdown: str) -> None:
    html = render(markdown)
    assert re.sub(rf"</?(?:{SAFE_TAGS})(?: [^<>]*)?>", "", html).count("<") == 0
    for attribute in re.findall(r" ([\w-]+)=", " ".join(re.findall(r"<[^>]+>", html))):
        assert not attribute.startswith("on")
        assert attribute != "style"


@given(st.text(max_size=300))
def test_any_text_can_be_rendered(markdown: str) -> None:
    assert isinstance(render(markdown), str)
