"""The search page: a typed code goes to its page, words to results that say why they are there."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from codes import list_actions
from codes import search as searching
from codes.models import Code
from codes.search import Facet, Filters, Group, Hit, Results, TermKind
from codes.search.answers import NO_FILTERS
from codes.search_page import GROUPS
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
URL = "/search/"


@pytest.fixture
def codes() -> dict[str, Code]:
    icd = factories.system("icd-10-cm")
    parent = factories.heading(
        "category", "J96", of=icd, short_descriptor="Respiratory failure, not elsewhere classified"
    )
    made = {
        display: factories.code(
            display, of=icd, parent=parent, short_descriptor=words, long_descriptor=words
        )
        for display, words in {
            "J96.01": "Acute respiratory failure with hypoxia",
            "J96.02": "Acute respiratory failure with hypercapnia",
            "I50.9": "Heart failure, unspecified",
        }.items()
    }
    made["99213"] = factories.code(
        "99213", short_descriptor="Established patient, low", long_descriptor="quokka"
    )
    factories.search_index()
    return made


def answer(monkeypatch: pytest.MonkeyPatch, *hits: Hit, **values: Any) -> list[dict[str, Any]]:
    """Have the search answer with these hits; return what it was asked for."""
    asked: list[dict[str, Any]] = []

    def search(
        text: str, *, filters: Filters = NO_FILTERS, limit: int = 20, offset: int = 0
    ) -> Results:
        asked.append({"text": text, "filters": filters, "limit": limit, "offset": offset})
        given: dict[str, Any] = {"hits": hits, "total": len(hits)}
        return Results(**(given | values))

    monkeypatch.setattr(searching, "search", search)
    return asked


def hit(code: Code, group: Group = Group.ALL_WORDS, **values: Any) -> Hit:
    fields: dict[str, Any] = {
        "term": code.short_descriptor,
        "term_kind": TermKind.DESCRIPTOR,
        "readings": (),
    }
    return Hit(code.pk, group, **(fields | {"score": 1.0} | values))


def found(response: Any) -> list[str]:
    """Return the codes of a page of results, in their order."""
    groups = response.context["groups"]
    return [result.code.display for group in groups for result in group.results]


def main(response: Any) -> str:
    """Return the words of the main part, as they are read."""
    text = response.content.decode().partition("<main")[2].partition("</main")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


# --- Codes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("j96.01", "/codes/icd-10-cm/J96.01/"),
        ("J9601", "/codes/icd-10-cm/J96.01/"),
        (" 99213 ", "/codes/cpt/99213/"),
        ("99213-25", "/codes/cpt/99213/#modifiers"),
        ("CPT 99213", "/codes/cpt/99213/"),
    ],
)
@pytest.mark.usefixtures("codes")
def test_a_code_in_any_printed_form_goes_to_its_page(
    client: Client, typed: str, address: str
) -> None:
    response = client.get(URL, {"q": typed})
    assert response.status_code == 302
    assert response["Location"] == address


@pytest.mark.usefixtures("codes")
def test_htmx_is_sent_to_the_page_instead_of_given_it(client: Client) -> None:
    response = client.get(URL, {"q": "J96.01"}, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/codes/icd-10-cm/J96.01/"


def test_a_key_of_two_systems_lets_the_coder_choose(client: Client) -> None:
    factories.code("G0439", of=factories.system("hcpcs"))
    factories.code("G04.39", of=factories.system("icd-10-cm"))
    factories.search_index()
    text = client.get(URL, {"q": "G0439"}).content.decode()
    assert "/codes/hcpcs/G0439/" in text
    assert "/codes/icd-10-cm/G04.39/" in text
    response = client.get(URL, {"q": "G0439", "system": "hcpcs"})
    assert response["Location"] == "/codes/hcpcs/G0439/"


@pytest.mark.usefixtures("codes")
def test_a_code_that_nobody_has(client: Client) -> None:
    assert "no code system on this site has it" in main(client.get(URL, {"q": "Z99.99"}))


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("codes")
def test_codes_with_all_words_stand_before_those_with_most(client: Client) -> None:
    shown = found(client.get(URL, {"q": "resp failure hypox"}))
    assert shown[0] == "J96.01"
    assert "J96.02" in shown


def test_a_result_says_what_a_coder_needs(client: Client, codes: dict[str, Code]) -> None:
    text = main(client.get(URL, {"q": "hypoxia"}))
    assert "J96.01 Acute respiratory failure with hypoxia ICD-10-CM Billable" in text
    assert "under J96 Respiratory failure, not elsewhere classified" in text
    Code.objects.filter(pk=codes["J96.01"].pk).update(billable=False)
    assert "ICD-10-CM Not billable" in main(client.get(URL, {"q": "hypoxia"}))


def test_groups_are_labelled_in_their_order(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three, four = codes.values()
    answer(
        monkeypatch,
        hit(one, Group.EXACT_DESCRIPTOR),
        hit(two, Group.ALL_WORDS),
        hit(three, Group.ALL_WORDS),
        hit(four, Group.CLOSE_SPELLINGS),
    )
    response = client.get(URL, {"q": "words"})
    assert [(group.title, group.start) for group in response.context["groups"]] == [
        ("Named exactly so", 1),
        ("All words", 2),
        ("Close spellings", 4),
    ]
    text = response.content.decode()
    assert '<ol start="4">' in text
    assert text.index("Named exactly so") < text.index("All words") < text.index("Close spellings")


def test_every_group_has_a_heading() -> None:
    assert list(GROUPS) == list(Group)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (TermKind.INCLUSION_TERM, "Includes"),
        (TermKind.INDEX_TERM, "In the index"),
        (TermKind.CONSUMER_WORD, "In plain words"),
        (TermKind.SYNONYM, "Also called"),
    ],
)
def test_a_result_says_which_of_its_names_matched(
    client: Client,
    codes: dict[str, Code],
    monkeypatch: pytest.MonkeyPatch,
    kind: TermKind,
    reason: str,
) -> None:
    answer(monkeypatch, hit(codes["I50.9"], term="Cardiac <failure> NOS", term_kind=kind))
    response = client.get(URL, {"q": "cardiac failure"})
    assert f"{reason}: Cardiac < failure > NOS" in main(response)
    assert "<mark>Cardiac</mark> &lt;<mark>failure</mark>&gt; NOS" in response.content.decode()


def test_what_was_read_otherwise_is_said_once(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = ("HF: heart failure",)
    answer(monkeypatch, hit(codes["I50.9"], readings=readings), readings=readings)
    response = client.get(URL, {"q": "HF"})
    assert main(response).count("HF read as heart failure") == 1
    assert "<mark>Heart</mark> <mark>failure</mark>, unspecified" in response.content.decode()


def test_what_was_typed_is_said_as_it_was_typed(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, hit(codes["I50.9"]), readings=("hf: heart failure",))
    assert "HF read as heart failure" in main(client.get(URL, {"q": "acute HF"}))


@pytest.mark.parametrize(
    ("group", "words"),
    [
        (Group.MOST_WORDS, "No code has all of these words."),
        (Group.CLOSE_SPELLINGS, "No code has these words as they are spelled."),
    ],
)
def test_that_nothing_better_was_found_is_said_once(
    client: Client,
    codes: dict[str, Code],
    monkeypatch: pytest.MonkeyPatch,
    group: Group,
    words: str,
) -> None:
    answer(monkeypatch, hit(codes["I50.9"], group))
    assert words in main(client.get(URL, {"q": "x"}))
    answer(monkeypatch, hit(codes["J96.01"]), hit(codes["I50.9"], group))
    assert words not in main(client.get(URL, {"q": "x"}))


def test_sections_are_offered_within_a_chapter(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    sections = tuple(Facet("section", f"S{i}", f"Section {i}", 5) for i in range(2))
    answer(monkeypatch, hit(codes["I50.9"]), facets=(*facets(), *sections))
    names = [
        [group.name for group in client.get(URL, {"q": "x", **chosen}).context["filter_groups"]]
        for chosen in ({}, {"chapter": "1"})
    ]
    assert "section" not in names[0]
    assert "section" in names[1]


def test_of_several_readings_each_result_says_its_own(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = "HF: heart failure", "HF: hepatic failure"
    hits = (hit(codes["I50.9"], readings=(one,)), hit(codes["J96.01"], readings=(other,)))
    answer(monkeypatch, *hits, readings=(one, other))
    text = main(client.get(URL, {"q": "HF"}))
    assert text.count("HF read as heart failure") == 2
    assert text.count("HF read as hepatic failure") == 2


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (TermKind.DESCRIPTOR, "In its full wording"),
        (TermKind.INCLUSION_TERM, "In an inclusion term"),
        (TermKind.CONSUMER_WORD, "In its plain words"),
    ],
)
def test_a_name_that_counts_as_a_view_is_not_shown(
    client: Client,
    codes: dict[str, Code],
    monkeypatch: pytest.MonkeyPatch,
    kind: TermKind,
    words: str,
) -> None:
    answer(monkeypatch, hit(codes["99213"], term="quokka word", term_kind=kind, is_open=False))
    response = client.get(URL, {"q": "word"})
    assert words in main(response)
    assert "quokka" not in response.content.decode()


def test_no_words_where_only_numbers_may_be_shown(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.system("cpt", display_mode="codes_only")
    answer(monkeypatch, hit(codes["99213"], term="quokka", term_kind=TermKind.SYNONYM))
    response = client.get(URL, {"q": "x99"})
    assert "99213" in main(response)
    assert "quokka" not in response.content.decode()
    assert "Established" not in response.content.decode()
    assert "American Medical Association" in response.content.decode()


def test_nothing_found_says_what_to_do(client: Client) -> None:
    response = client.get(URL, {"q": "zebra unicorn of"})
    assert response.status_code == 200
    text = main(response)
    assert "Nothing found for “zebra unicorn of”" in text
    assert "Search for fewer words: zebra , unicorn ." in text
    assert "browse the code systems" in text


def test_nothing_but_spaces_is_no_search(client: Client) -> None:
    assert "Search and look up codes" in main(client.get(URL, {"q": "   "}))


# --- Filters --------------------------------------------------------------------------------------


def test_filters_are_handed_on(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, hit(codes["I50.9"]), total=45)
    query = "q=heart++failure&system=icd-10-cm&system=hcpcs&chapter=9&section=I30-I5A"
    client.get(f"{URL}?{query}&billable=no&coverage=yes&on=2026-10-01&page=2")
    (asked_once,) = asked
    assert asked_once["text"] == "heart failure"
    assert (asked_once["limit"], asked_once["offset"]) == (20, 20)
    filters = asked_once["filters"]
    assert filters.systems == ("icd-10-cm", "hcpcs")
    assert (filters.chapter, filters.section) == ("9", "I30-I5A")
    assert (filters.billable, filters.has_coverage) == (False, True)
    assert filters.on.isoformat() == "2026-10-01"


def facets() -> tuple[Facet, ...]:
    return (
        Facet("systems", "icd-10-cm", "ICD-10-CM", 30),
        Facet("systems", "hcpcs", "HCPCS Level II", 15),
        Facet("billable", "yes", "Billable", 40),
        Facet("billable", "no", "Not billable", 5),
        *(Facet("chapter", str(i), f"Chapter <{i}>", 5) for i in range(1, 12)),
    )


def test_filters_are_links_with_counts(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, hit(codes["I50.9"]), total=45, facets=facets())
    response = client.get(URL, {"q": "a&b", "page": "2", "on": "2026-10-01"})
    groups = {group.name: group for group in response.context["filter_groups"]}
    assert list(groups) == ["systems", "billable", "chapter"]
    first = groups["systems"].choices[0]
    assert (first.label, first.count, first.is_on) == ("ICD-10-CM", 30, False)
    # It begins at the first page again, and keeps what else was chosen.
    assert first.address == "?q=a%26b&on=2026-10-01&system=icd-10-cm"
    assert len(groups["chapter"].choices) == 6
    assert len(groups["chapter"].more) == 5
    text = response.content.decode()
    assert "Chapter &lt;1&gt;" in text
    assert 'href="?q=a%26b&amp;on=2026-10-01&amp;system=icd-10-cm"' in text


def test_a_chosen_filter_is_marked_and_can_be_taken_away(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, hit(codes["I50.9"]), total=45, facets=facets())
    asked = {"q": "x", "system": "icd-10-cm", "chapter": "11", "on": "2026-10-01"}
    response = client.get(URL, asked)
    chosen = {choice.label: choice.address for choice in response.context["active"]}
    assert chosen == {
        "ICD-10-CM": "?q=x&on=2026-10-01",  # and its chapter with it
        "Chapter <11>": "?q=x&system=icd-10-cm&on=2026-10-01",
        "Valid on 1 October 2026": "?q=x&system=icd-10-cm&chapter=11",
    }
    groups = {group.name: group for group in response.context["filter_groups"]}
    assert groups["chapter"].choices[0].label == "Chapter <11>"
    assert response.content.decode().count('aria-current="true"') == 2
    assert "Filters (3)" in main(response)


def test_systems_add_up_and_others_replace(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, hit(codes["I50.9"]), total=45, facets=facets())
    response = client.get(URL, {"q": "x", "system": "icd-10-cm", "billable": "yes"})
    groups = {group.name: group for group in response.context["filter_groups"]}
    assert groups["systems"].choices[1].address == "?q=x&system=icd-10-cm&billable=yes&system=hcpcs"
    assert groups["billable"].choices[1].address == "?q=x&system=icd-10-cm&billable=no"


@pytest.mark.usefixtures("codes")
def test_filters_that_leave_nothing_say_so(client: Client) -> None:
    response = client.get(URL, {"q": "failure", "billable": "no", "system": "hcpcs"})
    text = main(response)
    assert "Nothing matches with these filters. Search without filters ." in text
    assert 'href="?q=failure"' in response.content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", "x" * 201),
        ("system", "icd 10"),
        ("system", "s" * 51),
        ("chapter", "c" * 41),
        ("section", "\x00"),
        ("billable", "perhaps"),
        ("coverage", "1"),
        ("on", "yesterday"),
        ("on", "2026-13-01"),
        ("page", "0"),
        ("page", "x"),
        ("page", "1001"),
    ],
)
def test_bad_parameters_are_said_to_be_bad(client: Client, name: str, value: str) -> None:
    response = client.get(URL, {"q": "heart", name: value})
    assert response.status_code == 400
    assert "This cannot be searched for" in response.content.decode()


@pytest.mark.parametrize(
    "query", ["system=nothing", "chapter=nothing", "section=x&chapter=y", "system="]
)
@pytest.mark.usefixtures("codes")
def test_a_filter_that_names_nothing_is_no_error(client: Client, query: str) -> None:
    assert client.get(f"{URL}?q=failure&{query}").status_code == 200


# --- Pages ----------------------------------------------------------------------------------------


def test_results_are_paged_in_order(client: Client) -> None:
    icd = factories.system("icd-10-cm")
    for i in range(25):
        factories.code(f"S{i:02}", of=icd, short_descriptor="fracture", long_descriptor="fracture")
    factories.search_index()
    first = client.get(URL, {"q": "fracture"})
    second = client.get(URL, {"q": "fracture", "page": "2"})
    assert found(first) + found(second) == [f"S{i:02}" for i in range(25)]
    assert "25 codes, page 2" in main(second)
    assert second.context["groups"][0].start == 21
    assert client.get(URL, {"q": "fracture", "page": "9"}).status_code == 404


def test_too_many_to_count_says_so(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, hit(codes["I50.9"]), total=1000, is_capped=True)
    assert "More than 1,000 codes match; these are the best" in main(client.get(URL, {"q": "x"}))


def test_a_code_that_has_gone_since_is_left_out(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    hits = (hit(codes["I50.9"]), hit(codes["J96.01"]))
    answer(monkeypatch, *hits)
    codes["J96.01"].delete()
    assert found(client.get(URL, {"q": "x"})) == ["I50.9"]


def test_long_texts_do_not_break_the_page(client: Client) -> None:
    response = client.get(URL, {"q": f"<script>{'x' * 190}"})
    assert response.status_code == 200
    assert "<script>xxx" not in response.content.decode()


# --- Lists of the reader --------------------------------------------------------------------------


def test_a_guest_is_told_of_lists_and_gets_no_buttons(
    client: Client, codes: dict[str, Code]
) -> None:
    text = client.get(URL, {"q": "hypoxia"}).content.decode()
    assert "/lists/add/" not in text.partition("<main")[2]
    assert "to collect codes into lists" in text


def test_a_coder_adds_from_a_result_and_sees_where_it_is(
    member: Client, codes: dict[str, Code]
) -> None:
    text = member.get(URL, {"q": "acute", "page": "1"}).content.decode()
    assert '<input type="hidden" name="code" value="icd-10-cm/J96.01">' in text
    assert '<input type="hidden" name="next" value="/search/?q=acute&amp;page=1">' in text
    member.post("/lists/add/", {"code": "icd-10-cm/J96.01"})
    text = main(member.get(URL, {"q": "acute"}))
    assert "J96.01 is in My codes" in text
    assert text.count("Add to list") == 1


def test_the_lists_of_others_are_not_told(member: Client, codes: dict[str, Code]) -> None:
    theirs = list_actions.create_list(owner=factories.user(), name="wombat")
    list_actions.add_codes(to=theirs, codes=[codes["J96.01"]])
    assert "wombat" not in member.get(URL, {"q": "acute"}).content.decode()


# --- What it costs, and what it never does --------------------------------------------------------


@pytest.mark.parametrize("is_member", [False, True])
def test_a_search_takes_the_same_queries_for_one_and_twenty_results(
    client: Client, is_member: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    icd = factories.system("icd-10-cm")
    parent = factories.heading("category", "S00", of=icd)
    made = [factories.code(f"S00.{i:02}", of=icd, parent=parent) for i in range(20)]
    if is_member:
        owner = factories.user()
        client.force_login(owner)
        list_actions.add_to_last(owner=owner, codes=made[::2])
    client.get(URL, {"q": ""})
    taken = []
    for number in (1, 20):
        answer(monkeypatch, *(hit(code) for code in made[:number]))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(URL, {"q": "fracture"})
        taken.append(len(queries))
    # Two count the request and one loads the codes; session, user and lists of a member.
    assert taken == ([6, 6] if is_member else [3, 3])


@hypothesis_settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=250))
def test_no_text_gives_an_error(client: Client, settings: Any, typed: str) -> None:
    settings.RATELIMIT_SEARCH = settings.RATELIMIT_SUGGEST = "100000/m"
    assert client.get(URL, {"q": typed}).status_code in {200, 302, 400}
    assert client.get("/search/suggest/", {"q": typed}).status_code in {200, 400}


@hypothesis_settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.dictionaries(
        st.sampled_from(["system", "chapter", "section", "billable", "coverage", "on", "page"]),
        st.text(max_size=60),
    )
)
def test_no_filter_gives_an_error(client: Client, settings: Any, chosen: dict[str, str]) -> None:
    settings.RATELIMIT_SEARCH = "100000/m"
    response = client.get(URL, {"q": "failure", **chosen})
    assert response.status_code in {200, 302, 400, 404}


def test_a_flood_is_asked_to_wait(client: Client, settings: Any) -> None:
    settings.RATELIMIT_SEARCH = "2/h"
    answers = [client.get(URL, {"q": ""}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 3_600


def test_a_flood_of_heads_is_one_too(client: Client, settings: Any) -> None:
    settings.RATELIMIT_SEARCH = "2/h"
    methods = (client.head, client.get, client.head)
    assert [ask(URL, {"q": ""}).status_code for ask in methods] == [200, 200, 429]


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post(URL).status_code == 405
    assert client.post("/search/suggest/").status_code == 405


def test_results_are_for_no_index(client: Client) -> None:
    assert '<meta name="robots" content="noindex">' in client.get(URL).content.decode()


# --- Suggestions ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("codes")
def test_suggestions_for_a_code(client: Client) -> None:
    response = client.get("/search/suggest/", {"q": "j96.0"})
    values = response.json()
    assert values["query"] == "j96.0"
    assert [each["code"] for each in values["suggestions"]] == ["J96.01", "J96.02"]
    first = values["suggestions"][0]
    assert first["address"] == "/codes/icd-10-cm/J96.01/"
    assert "".join(text for text, _ in first["pieces"]) == "Acute respiratory failure with hypoxia"
    assert response["Cache-Control"] == "private, max-age=60"


@pytest.mark.usefixtures("codes")
def test_suggestions_for_words_mark_what_was_typed(client: Client) -> None:
    word, code = client.get("/search/suggest/", {"q": "hypox"}).json()["suggestions"]
    assert word["text"] == "hypoxia"
    assert code["pieces"] == [["Acute respiratory failure with ", False], ["hypoxia", True]]


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize("typed", ["", "   ", "zebra", "\x00"])
def test_nothing_to_suggest(client: Client, typed: str) -> None:
    response = client.get("/search/suggest/", {"q": typed})
    assert response.status_code in {200, 400}
    assert response.json()["suggestions"] == []


def test_a_suggestion_of_words_leads_to_a_search(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = searching.Suggestion("heart failure", None, "", "", TermKind.DESCRIPTOR, "")
    monkeypatch.setattr(searching, "suggest", lambda text, **_: [made])
    (only,) = client.get("/search/suggest/", {"q": "heart"}).json()["suggestions"]
    assert (only["text"], only["code"], only["address"]) == ("heart failure", "", "")
    assert only["pieces"] == [["heart failure", False]]


def test_too_long_a_text_and_a_bad_system_are_refused(client: Client) -> None:
    for asked in ({"q": "x" * 201}, {"q": "x", "system": "a b"}):
        assert client.get("/search/suggest/", asked).status_code == 400


def test_suggestions_have_a_limit_of_their_own(client: Client, settings: Any) -> None:
    settings.RATELIMIT_SUGGEST = "2/h"
    asked = [client.get("/search/suggest/", {"q": "x"}) for _ in range(3)]
    assert [response.status_code for response in asked] == [200, 200, 429]
    assert client.get(URL, {"q": ""}).status_code == 200


@pytest.mark.parametrize("number", [1, 8])
def test_suggestions_take_the_same_queries_for_one_and_eight(
    client: Client,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    made = [
        searching.Suggestion(f"J96.{i}", i + 1, f"J96.{i}", "icd-10-cm", TermKind.CODE, "Words")
        for i in range(number)
    ]
    monkeypatch.setattr(searching, "suggest", lambda text, **_: made)
    client.get("/search/suggest/", {"q": "j96"})
    with django_assert_num_queries(2):  # they count the request
        client.get("/search/suggest/", {"q": "j96"})
