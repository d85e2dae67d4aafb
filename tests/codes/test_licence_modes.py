"""What the licence modes of a system keep back, proven by crawling the site.

Each field of a CPT-style code bears a word of its own that stands nowhere else, and so does each
text about it. With the mode ``off`` none of the words and none of the numbers may be on any page,
feed, sitemap, search result or list of the admin that a guest, a registered coder or staff without
rights can open; with ``codes_only`` none of the publisher's words. The same crawl with ``full``
finds them, which proves that it gets there.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, resolve
from pytest_django.fixtures import Settings

from codes import changes, facts, list_actions
from codes.authored_texts import AuthoredText
from codes.code_versions import CodeVersion
from codes.models import Code, CodeNote, CodeSystem, Release, SeventhCharacter, Successor
from codes.search import store
from tests import factories
from tests.codes.crawling import Page, crawl

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("round_keys")]

NUMBERS: Final = ("98761", "98762", "98763", "0876T")
"""The canary codes; the third is deleted, in favour of the first."""
HEADINGS: Final = ("quokkachapter", "quokkasection")
WORDING: Final = (
    *("quokkashort", "quokkamedium", "quokkalong", "quokkaterm", "quokkaconsumer"),
    *("quokkaformer", "quokkanote", "quokkaseventh", "quokkanineq"),
)
"""The publisher's words: descriptors, its text for patients, an earlier edition's, a modifier's."""
OF_A_TABULAR_LIST: Final = {"quokkanote", "quokkaseventh"}
"""Words that no page of a procedure asks for: files of procedures have no tabular notes."""
TEXTS: Final = tuple(f"quokka{kind}" for kind in AuthoredText.Kind.values if kind != "plain")
"""This site's own words about the code, in each of the six sections."""
WORD: Final = "zygapophysis"
"""Stands in every descriptor, to search for."""


@pytest.fixture(autouse=True)
def _open_meter(settings: Settings, db: None) -> Iterator[None]:
    """Let everybody read as much as the licence allows, as often as the crawl asks."""
    settings.GUEST_VIEW_LIMIT = settings.REGISTERED_EXTRA_VIEWS = 10_000
    settings.NETWORK_VIEW_LIMIT = 100_000
    settings.RATELIMIT_ENABLE = False
    cache.clear()
    yield
    cache.clear()


@dataclass
class World:
    """A site with a CPT-style system full of canaries beside two public systems."""

    cpt: CodeSystem
    code: Code
    former: Release

    def show(self, mode: str) -> None:
        """Set the display mode as the admin does."""
        self.cpt.display_mode = mode
        self.cpt.save(update_fields=["display_mode"])
        self.cpt.invalidate_pages()

    def seeds(self, below: str = "/") -> list[str]:
        """Return addresses of every kind, of which those about CPT are not all linked."""
        return [*self.site_seeds(), *self.admin_seeds()] if below == "/" else self.admin_seeds()

    def site_seeds(self) -> list[str]:
        """Return the addresses outside the admin."""
        page = f"/codes/cpt/{self.code.display}/"
        release = self.cpt.current_release()
        assert release is not None
        about = [page, *(f"/codes/cpt/{number}/" for number in NUMBERS[1:])]
        about += [f"{page}{kind.replace('_', '-')}/" for kind in AuthoredText.Kind.values]
        about += [f"{page}?on=2026-02-01", f"{page}?on=2024-02-01", "/codes/cpt/98769/"]
        about += ["/codes/cpt/", "/codes/cpt/chapter/C/", "/codes/cpt/section/S/"]
        about += [f"/codes/cpt/changes/{each}" for each in ("", "feed.atom")]
        for edition in (release, self.former):
            changed = f"/codes/cpt/changes/{edition.pk}/"
            about += [changed, f"{changed}?format=csv"]
        searches = [*NUMBERS, f"CPT {NUMBERS[0]}", "9876", WORD, f"{WORD} {NUMBERS[0]}", "quok"]
        lists = [f"/search/?q={words}" for words in searches]
        lists += [f"/search/suggest/?q={words}" for words in (*searches, "98", "quokkal")]
        pair = f"{NUMBERS[0]}+G0987"
        lists += [f"/ncci-check/?codes={pair}&on=2026-02-01", f"/ncci-check/?codes={pair}"]
        lists += ["/modifiers/", "/modifiers/9Q/", "/changes/", "/codes/hcpcs/G0987/"]
        lists += ["/", "/sitemap.xml", "/sitemap-codes.xml", "/robots.txt", "/health/", "/codes/"]
        lists += ["/account/", "/account/export/", "/codes/icd-10-cm/J96.01/", "/lists/"]
        lists += [f"/lists/add/?code=cpt/{number}" for number in NUMBERS]
        return [*about, *lists]

    def admin_seeds(self) -> list[str]:
        """Return the lists and forms of the admin that hold codes, wordings and texts."""
        models = ("code", "codesystem", "release", "plaindescription", "section", "textrevision")
        names = [f"/admin/codes/{model}/" for model in models]
        names += [f"{name}?q={WORD}" for name in names]
        names += [f"/admin/codes/code/{self.code.pk}/change/", "/admin/", "/admin/codes/"]
        return [*names, f"/admin/codes/code/suggest/?term={NUMBERS[0]}", "/admin/codes/code/add/"]


@pytest.fixture
def world() -> World:
    cpt = factories.system("cpt")
    former = factories.release(
        cpt, label="Former", effective_date=date(2024, 1, 1), is_current=False
    )
    factories.release(cpt, is_current=True, label="Current")
    chapter = _heading("chapter", "C", "quokkachapter")
    section = _heading("section", "S", "quokkasection", parent=chapter)
    codes = [_code(number, section) for number in NUMBERS]
    codes[2].valid_to = date(2025, 12, 31)
    codes[2].save()
    Successor.objects.create(code=codes[2], successor=codes[0], release=codes[0].release)
    _texts(codes[0])
    _editions(codes, former)
    _public_systems()
    _facts()
    store.rebuild(CodeSystem.objects.all())
    return World(cpt, codes[0], former)


def _heading(kind: str, key: str, word: str, **fields: Any) -> Code:
    names = {"short_descriptor": f"{WORD} {word}", "long_descriptor": f"{WORD} {word} in full"}
    return factories.heading(kind, key, display=f"Heading {key}", **names, **fields)


def _code(number: str, section: Code) -> Code:
    return factories.code(
        number,
        parent=section,
        short_descriptor=f"{WORD} quokkashort {number}",
        medium_descriptor=f"{WORD} quokkamedium",
        long_descriptor=f"{WORD} quokkalong",
        inclusion_terms=[f"{WORD} quokkaterm"],
    )


def _texts(code: Code) -> None:
    """Give a code the publisher's text for patients and this site's own texts, and notes."""
    text = factories.published_text(code, "plain", html="<p>quokkaconsumer</p>")
    AuthoredText.objects.filter(pk=text.pk).update(release=code.release)
    for kind in AuthoredText.Kind.values:
        if kind != "plain":
            factories.published_text(code, kind, html=f"<p>quokka{kind}</p>")
    values = {"code": code, "release": code.release}
    CodeNote.objects.create(**values, kind="includes", position=1, text="quokkanote")
    SeventhCharacter.objects.create(**values, character="A", meaning="quokkaseventh")


def _editions(codes: list[Code], former: Release) -> None:
    """Keep two editions of the codes and what the later one changed."""
    for code in codes:
        for release, word in ((former, "quokkaformer"), (code.release, "quokkalong")):
            CodeVersion.objects.create(
                release=release,
                code=code,
                kind=code.kind,
                key=code.key,
                display=code.display,
                billable=True,
                short_descriptor=f"{word} {code.display}",
                medium_descriptor=word,
                long_descriptor=f"{word} in full",
                position=code.position,
            )
    changes.record(codes[0].release)


def _public_systems() -> None:
    names = {"licence": "public_domain", "copyright_line": ""}
    hcpcs = factories.system("hcpcs", **names, position=3)
    factories.code("G0987", of=hcpcs)
    icd = factories.system("icd-10-cm", **names)
    factories.code("J96.01", of=icd)


def _facts() -> None:
    """Let public files name the codes beside those of other systems."""
    licensed = factories.edition("cpt-modifiers")
    factories.drg()
    factories.modifier(
        "9Q",
        release=licensed,
        short_descriptor="quokkanineq",
        long_descriptor="quokkanineq in full",
    )
    for number in (*NUMBERS, "G0987"):
        factories.relative_value(number)
        factories.outpatient_payment(number)
        factories.coverage_code(number)
        _row(facts.UnitLimit, "mue-practitioner", code_key=number, units=2, adjudication="1")
    for number in NUMBERS:
        factories.add_on_edit(number, "G0987")
        factories.add_on_edit("G0987", number)
    for one, other in (("G0987", NUMBERS[0]), (NUMBERS[1], "G0987"), (NUMBERS[0], NUMBERS[1])):
        values = {"existed_before_1996": False, "effective_on": date(2020, 1, 1)}
        names = {"column1": one, "column2": other, "modifier_indicator": "1"}
        _row(facts.PtpEdit, "ptp-practitioner", **values, **names)
    factories.coverage_document()
    factories.coverage_code("J9601", role="covered")


def _row(model: Any, source: str, **fields: Any) -> None:
    model.objects.create(release=factories.edition(source), line=1, **fields)


def guest() -> Client:
    return Client()


def registered() -> Client:
    """Return a client of a user who has collected the codes in a list, and shared it."""
    user = factories.user()
    made = list_actions.create_list(owner=user, name="Collected")
    made.share()
    collected = Code.objects.filter(display__in=(*NUMBERS, "G0987")).select_related("system")
    list_actions.add_codes(to=made, codes=list(collected), note="A note")
    made.entries.update(seen=None)
    client = Client()
    client.force_login(user)
    return client


def staff_without_rights() -> Client:
    client = Client()
    client.force_login(factories.user(is_staff=True))
    return client


VIEWERS = [(guest, "/"), (registered, "/"), (staff_without_rights, "/admin/")]
"""Who reads, and which part of the site; elsewhere staff is a registered coder."""


RANDOM: Final = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")\w{64}(?=")'
    r"|(?<=/lists/shared/)[\w-]{32}(?=/)"
    r"|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
)
"""Tokens and UUIDs of a page: of those of a whole crawl one holds a number of ours now and then."""


def seen(pages: list[Page], words: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the words that stand on pages, each with the pages; what was asked for is no find."""
    found: dict[str, list[str]] = {}
    for page in pages:
        text = RANDOM.sub("", page.text).lower()
        for word in words:
            if word.lower() in text and word.lower() not in page.address.lower():
                found.setdefault(word, []).append(page.address)
    return found


@pytest.mark.parametrize(("viewer", "below"), VIEWERS)
def test_off_shows_neither_words_nor_numbers(
    world: World, viewer: Callable[[], Client], below: str
) -> None:
    world.show("off")
    pages = crawl(viewer(), world.seeds(below), below=below)
    assert seen(pages, (*HEADINGS, *WORDING, *TEXTS, *NUMBERS)) == {}
    for page in pages:
        assert "/codes/cpt/" not in page.text, page.address
        if page.address.startswith("/codes/cpt/"):
            assert page.status == 404, page.address


@pytest.mark.parametrize(("viewer", "below"), VIEWERS)
def test_codes_only_shows_none_of_the_publishers_words(
    world: World, viewer: Callable[[], Client], below: str
) -> None:
    world.show("codes_only")
    pages = crawl(viewer(), world.seeds(below), below=below)
    assert seen(pages, (*HEADINGS, *WORDING)) == {}
    assert below != "/" or seen(pages, NUMBERS).keys() == set(NUMBERS)


def test_full_shows_all_to_those_who_may_read_it(world: World) -> None:
    """The control: what the other tests do not find is there to be found.

    Every kind of address of the codes is crawled, so that a new page cannot be forgotten.
    """
    pages = crawl(registered(), world.seeds())
    everything = (*HEADINGS, *WORDING, *TEXTS, *NUMBERS)
    assert set(everything) - seen(pages, everything).keys() == OF_A_TABULAR_LIST
    assert not [page.address for page in pages if page.status >= 500]
    answered = [page.address.partition("?")[0] for page in pages if page.status == 200]
    reached = {resolve(path).view_name for path in answered}
    namespace = get_resolver().namespace_dict["codes"][1]
    names = {name for name in namespace.reverse_dict if isinstance(name, str)}
    assert {f"codes:{name}" for name in names} - reached == ONLY_POSTED


ONLY_POSTED = {"codes:case_list"}
"""What no link leads to, and the next test asks."""


@pytest.mark.parametrize("mode", ["off", "codes_only"])
@pytest.mark.parametrize("format_", ["", "csv"])
def test_codes_picked_from_a_note(world: World, mode: str, format_: str) -> None:
    world.show(mode)
    picked = {"code": [f"cpt/{NUMBERS[0]}", "icd-10-cm/J96.01"], "format": format_}
    response: Any = registered().post("/case2code/list/", picked)
    assert response.status_code == (404 if mode == "off" else 200)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = body.decode()
    assert not [word for word in (*HEADINGS, *WORDING, *TEXTS) if word in text]
    assert (NUMBERS[0] in text) == (mode == "codes_only")


def test_switching_off_takes_effect_on_pages_that_were_stored(world: World) -> None:
    client = registered()
    address = f"/codes/cpt/{NUMBERS[0]}/"
    assert "quokkalong" in client.get(address).content.decode()
    world.show("codes_only")
    text = client.get(address).content.decode()
    assert not [word for word in WORDING if word in text]
    assert "quokkaguidelines" in text
    world.show("off")
    assert client.get(address).status_code == 404


def test_the_own_history_names_neither_words_nor_numbers_of_a_system_that_is_off(
    world: World,
) -> None:
    client = registered()
    client.get(f"/codes/cpt/{NUMBERS[0]}/")
    world.show("off")
    for page in (client.get("/account/"), client.post("/account/export/")):
        assert "quokka" not in page.content.decode()
        assert NUMBERS[0] not in page.content.decode()
