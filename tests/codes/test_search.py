"""The search page: a typed code goes to its page, words to results that say why they are there."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from codes import list_actions
from codes.models import Code
from codes.search import Group, TermKind
from codes.search_page import GROUPS
from tests import factories
from tests.codes.search_tools import URL, answer, found, hit, made_codes, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


@pytest.fixture
def codes() -> dict[str, Code]:
    return made_codes()


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
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.text(max_size=250))
def test_no_text_gives_an_error(client: Client, settings: Any, typed: str) -> None:
    settings.RATELIMIT_SEARCH = settings.RATELIMIT_SUGGEST = "100000/m"
    assert client.get(URL, {"q": typed}).status_code in {200, 302, 400}
    assert client.get("/search/suggest/", {"q": typed}).status_code in {200, 400}


@hypothesis_settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
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
