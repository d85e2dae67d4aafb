"""Markdown of the editors to HTML that is safe to show: CommonMark and tables, nothing else.

Raw HTML stays text, images become their alternative text, and the result passes an allow list of
its own, so that a fault in one of the two is caught by the other. Pure: imports no Django.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

FIRST_HEADING: Final = 3
"""The level of the highest heading of a text: the page has h1, the panel around the text h2."""
EXTERNAL_REL: Final = "nofollow noopener"
_CLEANER: Final = nh3.Cleaner(
    tags={"h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code", "em", "strong"}
    | {"ul", "ol", "li", "a", "div", "table", "thead", "tbody", "tr", "th", "td"},
    clean_content_tags={"script", "style"},
    attributes={"a": {"href", "title", "rel"}, "ol": {"start"}},
    allowed_classes={"div": {"table-scroll"}, "th": {"table__number"}, "td": {"table__number"}},
    set_tag_attribute_values={
        "th": {"scope": "col"},
        "div": {"role": "group", "aria-label": "Table", "tabindex": "0"},  # scrolls by keyboard
    },
    url_schemes={"http", "https"},
    link_rel=None,  # set below, for links that leave the site only
)


class _Renderer(RendererHTML):
    """Writes tables into a frame that scrolls, and the words of an image in its place."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.renderInlineAsText(tokens[idx].children or [], options, env)

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<div class="table-scroll">' + self.renderToken(tokens, idx, options, env)

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return self.renderToken(tokens, idx, options, env) + "</div>"


_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")


def render(markdown: str) -> str:
    """Return the text as sanitised HTML; an empty string where nothing is left of it.

    The highest heading becomes h3 and the others keep their distance from it, down to h6. Links
    lead to http, https or within the site; one that leaves it carries ``rel="nofollow noopener"``.
    """
    env: EnvType = {}
    tokens = _MARKDOWN.parse(markdown, env)
    _shift_headings(tokens)
    for token in tokens:
        _tidy(token)
    return _CLEANER.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env)).strip()


def _shift_headings(tokens: list[Token]) -> None:
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=FIRST_HEADING)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) - highest + FIRST_HEADING)}"


def _tidy(token: Token) -> None:
    """Mark links that leave the site; align columns of numbers without an inline style."""
    if token.type == "link_open" and _is_external(str(token.attrGet("href") or "")):
        token.attrSet("rel", EXTERNAL_REL)
    if token.attrs.pop("style", None) == "text-align:right":
        token.attrSet("class", "table__number")
    for child in token.children or []:
        _tidy(child)


def _is_external(href: str) -> bool:
    """Return whether a link names a host; a browser reads a backslash as a slash."""
    try:
        parts = urlsplit(href.replace("\\", "/"))
    except ValueError:  # such as an unclosed [ in the host
        return True
    return bool(parts.scheme or parts.netloc)
