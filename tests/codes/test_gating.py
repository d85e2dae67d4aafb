"""What a viewer may not see is not in the response: facts of every kind, on every address."""

from decimal import Decimal

import pytest
from django.test import Client

from codes import list_actions
from codes.list_files import FILES
from codes.models import Code, Successor
from codes.sections import BY_SLUG
from tests import factories
from tests.codes.ncci_rows import limit, ptp, save

pytestmark = pytest.mark.django_db

CPT = "/codes/cpt/27447/"
HCPCS = "/codes/hcpcs/J1100/"
ICD = "/codes/icd-10-cm/A01.00/"
PAGES = (CPT, HCPCS, ICD)

CANARIES = {
    CPT: (
        "77.77",  # relative values
        "$2,515.59",  # the payment: 77.77 × 32.3465
        "90 days",  # an indicator in words
        "An assistant at surgery may be paid.",
        "CANARY-outpatient",
        "CANARY-document",
        "CANARY-contractor",
        "CANARY-determination",
        "A11.11",  # a covered diagnosis
        "22222",  # a primary code
        "CANARY-note",
        "33333",  # the other code of a PTP edit
        "mpfs.csv",  # where a fact comes from
    ),
    HCPCS: ("CANSTAT", "Special coverage instructions apply", "J1094", "44444"),
    ICD: ("002.0", "DIG001", "373–375", "CANARY-group", "27447", "CANARY-document"),
}


@pytest.fixture(autouse=True)
def facts() -> None:
    """Fill every section of three codes with what nobody may see uncounted."""
    factories.code("27447")
    replaced = factories.code("J1100", of=factories.system("hcpcs"))
    newer = factories.code("J1102", of=factories.system("hcpcs"))
    factories.code("A01.00", of=factories.system("icd-10-cm"))
    Successor.objects.create(code=replaced, successor=newer, release=newer.release)
    zero = Decimal(0)
    factories.relative_value(
        "27447",
        work_rvu=Decimal("77.77"),
        nonfacility_pe_rvu=zero,
        facility_pe_rvu=zero,
        malpractice_rvu=zero,
        global_days="090",
        assistant_surgeon="2",
        supervision="02",
    )
    factories.locality(name="CANARY-locality")
    factories.locality_counties(counties="CANARY-counties")
    factories.outpatient_payment("27447", notes="CANARY-outpatient")
    factories.coverage_document(
        title="CANARY-document", contractors=["CANARY-contractor"], related=["33718"]
    )
    factories.coverage_document("33718", kind="lcd", title="CANARY-determination")
    factories.coverage_code("27447")
    factories.coverage_code("A1111", role="covered")
    factories.coverage_code("A0100", role="covered")
    factories.add_on_edit("27447", "22222", notes="CANARY-note")
    save(ptp("27447", "33333"), ptp("J1100", "44444"))
    limit("27447", 2)
    factories.hcpcs_detail("J1100", statute="CANSTAT", cross_references=["J1094"])
    factories.crosswalk("A0100", "0020")
    factories.crosswalk("A0100", "DIG001", target_system="ccsr")
    factories.drg_logic("A0100", "373-375")
    factories.drg("374", title="CANARY-group")


def text_of(client: Client, url: str) -> str:
    return client.get(url, follow=True).content.decode()


def seen(text: str, url: str) -> list[str]:
    # The example question at the end of every page names 99213, none of these.
    return [canary for canary in CANARIES[url] if canary in text]


@pytest.mark.parametrize("url", PAGES)
def test_a_member_sees_every_fact(client: Client, url: str) -> None:
    client.force_login(factories.user())
    assert seen(text_of(client, url), url) == list(CANARIES[url])


@pytest.mark.parametrize("url", PAGES)
def test_a_guest_gets_no_byte_of_a_fact(client: Client, url: str) -> None:
    text = text_of(client, url)
    assert "Register to view content" in text
    assert not seen(text, url)


def test_the_page_of_a_group_names_a_guest_no_code(client: Client) -> None:
    for query in ("", "?of=icd-10-cm&page=1"):
        text = text_of(client, f"/ms-drg/374/{query}")
        assert "1 entry" in text
        assert "A01.00" not in text
        assert "A0100" not in text
    client.force_login(factories.user())
    assert "A01.00" in text_of(client, "/ms-drg/374/")


@pytest.mark.parametrize("url", PAGES)
def test_a_spent_guest_gets_no_byte_of_a_fact(client: Client, url: str) -> None:
    other = factories.code("99213")
    client.get(other.get_absolute_url())
    assert not seen(text_of(client, url), url)


@pytest.mark.parametrize("url", PAGES)
def test_the_page_of_a_section_sends_a_guest_back(client: Client, url: str) -> None:
    client.cookies["locality"] = "13202-01"
    for slug in BY_SLUG:
        for query in ("", "?locality=13202-01&on=2025-12-01&q=A&page=1"):
            response = client.get(f"{url}{slug}/{query}")
            assert response.status_code == 302
            assert response["Location"].startswith(url)
            assert not response.content
        text = text_of(client, f"{url}{slug}/")
        assert not seen(text, url)
        assert "CANARY" not in text


def test_a_spent_member_is_sent_back_from_every_section(client: Client) -> None:
    client.force_login(factories.user(view_limit=1))
    client.get(factories.code("99213").get_absolute_url())
    for slug in BY_SLUG:
        assert client.get(f"{CPT}{slug}/").status_code == 302
        assert not seen(text_of(client, f"{CPT}{slug}/"), CPT)


@pytest.mark.parametrize("headers", [{"sec-purpose": "prefetch"}, {"sec-fetch-dest": "empty"}])
@pytest.mark.parametrize("path", ["", "medicare-coverage/", "crosswalks/"])
def test_what_is_not_counted_shows_no_fact(
    client: Client, headers: dict[str, str], path: str
) -> None:
    client.force_login(factories.user())
    text = client.get(f"{CPT}{path}", headers=headers).content.decode()
    assert not seen(text, CPT)


@pytest.mark.parametrize("url", PAGES)
def test_head_and_what_search_engines_read_show_no_fact(client: Client, url: str) -> None:
    text = text_of(client, url)
    assert not seen(text.partition("</head>")[0], url)
    assert not client.head(url).content


# --- The search and lists -------------------------------------------------------------------------

GATED = ("Wallabylong", "Wallabymedium", "Wallabyterm", "Wallabyplain", "Wallabysection")
SHORT = "Wallaby visit"


@pytest.fixture
def named(facts: None) -> list[Code]:
    """Return codes of a licensed and of a public system whose gated names have words of their own.

    A list of a registered user holds them both.
    """
    codes = []
    for system, display in (("cpt", "33999"), ("icd-10-cm", "A02.0")):
        code = factories.code(
            display,
            of=factories.system(system),
            short_descriptor=SHORT,
            medium_descriptor="Wallaby visit wallabymedium",
            long_descriptor="Wallaby visit wallabylong",
            inclusion_terms=["Wallaby wallabyterm"],
        )
        factories.published_text(code, "plain", html="<p>wallabyplain</p>")
        factories.published_text(code, "guidelines", html="<p>wallabysection</p>")
        codes.append(code)
    factories.search_index()
    return codes


@pytest.mark.parametrize("is_member", [False, True])
@pytest.mark.parametrize(
    "query",
    [
        *("wallaby", "wallabylong", "wallabymedium", "wallabyterm", "wallabyplain"),
        *("wallabi", "walla", "wallabyl", "wallaby wallabyterm", "wallabytezm visit", "33999"),
    ],
)
def test_no_answer_of_the_search_holds_what_a_view_shows(
    client: Client, named: list[Code], query: str, is_member: bool
) -> None:
    """Gated names may find a code; that they did is said without them."""
    if is_member:
        client.force_login(factories.user())
    for address in ("/search/", "/search/suggest/"):
        text = client.get(address, {"q": query}).content.decode().lower()
        for typed in query.split():
            text = text.replace(typed, "")
        found = [word for word in GATED if word.lower() in text]
        assert found == [], address


def test_a_gated_name_finds_its_code(client: Client, named: list[Code]) -> None:
    """The control of the test above: these words are in the index."""
    for query in ("wallabyterm", "wallabylong"):
        text = client.get("/search/", {"q": query}).content.decode()
        for code in named:
            assert code.get_absolute_url() in text
        assert SHORT in text


def test_lists_hold_no_more_than_the_short_descriptor(client: Client, named: list[Code]) -> None:
    owner = factories.user()
    made = list_actions.create_list(owner=owner, name="Collected")
    list_actions.add_codes(to=made, codes=named)
    made.share()
    client.force_login(owner)
    own = [f"/lists/{made.pk}/", *(f"/lists/{made.pk}/{name}" for name in FILES)]
    shared = [f"{made.shared_path()}{name}" for name in ("", *FILES)]
    added = [
        "/lists/add/?code=cpt/33999",
        f"/lists/{made.pk}/codes/{made.entries.earliest('pk').pk}/",
    ]
    for address in (*own, *shared, *added):
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        text = body.decode()
        assert SHORT in text, address
        assert not [word for word in GATED if word.lower() in text.lower()], address
