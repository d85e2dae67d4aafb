"""Case → codes: a note goes in, candidates come out, and nothing of the note stays."""

import csv
import io
import logging
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from codes.casefinder.finder import MAX_CHARACTERS
from codes.models import Code, CodeNote
from tests import factories
from tests.codes.case_pages import URL, code, offered, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


@pytest.fixture(autouse=True)
def codes() -> None:
    header = code("J45", "Asthma", billable=False, kind="category")
    code("J45.909", "Unspecified asthma, uncomplicated", parent=header)
    code("J45.901", "Unspecified asthma with (acute) exacerbation", parent=header)
    code("R05.9", "Cough, unspecified")
    code("R50.9", "Fever, unspecified")
    code("K35.80", "Unspecified acute appendicitis")
    code("Z80.3", "Family history of malignant neoplasm of breast")
    code("C50.919", "Malignant neoplasm of unspecified site of unspecified female breast")
    code("Z79.4", "Long term (current) use of insulin")
    factories.search_index()


def test_the_form_is_open_to_all_and_says_what_happens_to_a_note(client: Client) -> None:
    response = client.get(URL)
    text = response.content.decode()
    assert response.status_code == 200
    assert "not stored" in text
    assert "not de-identification" in text
    assert "10 of 10 notes left" in text


def test_a_stated_finding_is_proposed_with_its_sentence(client: Client) -> None:
    page = sent(client, "HPI: Here for cough since Monday.")
    assert "R05.9" in offered(page)
    assert "<mark>cough</mark>" in page


def test_a_denied_finding_is_not_proposed_but_shown_as_read(client: Client) -> None:
    page = sent(client, "Denies fever. Has a cough.")
    assert "R50.9" not in offered(page)
    assert "R05.9" in offered(page)
    assert "Read as denied (1)" in page


def test_a_kind_of_disease_that_is_denied_leaves_out_what_falls_under_it(client: Client) -> None:
    """The ulcer alone does not say "Atherosclerosis", and the note denies diseases of arteries."""
    arteries = code("I70-I79", "Diseases of arteries", kind="section", billable=False)
    code("I70.25", "Atherosclerosis of leg with ulcer of calf", parent=arteries)
    factories.search_index()
    assert "I70.25" in offered(sent(client, "Ulcer of the calf of the left leg."))
    assert "I70.25" not in offered(
        sent(client, "Ulcer of the calf of the left leg. No arterial disease.")
    )


def test_of_codes_for_the_same_words_those_that_say_least_beyond_them(client: Client) -> None:
    code("L03.90", "Cellulitis, unspecified")
    code("H05.01", "Cellulitis of orbit")
    factories.search_index()
    found = offered(sent(client, "Cellulitis."))
    assert "L03.90" in found
    assert "H05.01" not in found


def test_a_name_of_which_the_note_says_one_word_is_no_candidate(client: Client) -> None:
    code("M86.40", "Osteomyelitis with draining sinus")
    factories.search_index()
    assert "M86.40" not in offered(sent(client, "Cough. The wound is draining."))


def test_an_uncertain_diagnosis_stands_apart_with_the_rule(client: Client) -> None:
    page = sent(client, "Cough. Possible acute appendicitis.")
    certain, _, apart = page.partition("Uncertain: not for outpatients")
    assert "K35.80" not in offered(certain)
    assert "K35.80" in offered(apart)
    assert "IV.H" in apart


def test_a_relatives_disease_leads_to_family_history_alone(client: Client) -> None:
    page = sent(client, "FH: malignant neoplasm of breast in her mother.")
    assert offered(page) == {"Z80.3"}


def test_a_drug_leads_to_its_rule_and_where_it_stands(client: Client) -> None:
    page = sent(client, "Medications: insulin glargine 20 units daily")
    assert offered(page) == {"Z79.4"}
    assert "I.C.4.a.3" in page


def test_a_heading_gives_way_to_what_the_words_ask_for(client: Client) -> None:
    page = sent(client, "Assessment: Asthma.")
    assert {"J45.909", "J45.901"} <= offered(page)
    assert 'icd-10-cm/J45"' not in page
    assert "in place of J45" in page


def test_an_excludes1_note_between_two_candidates_is_pointed_out(client: Client) -> None:
    cough = Code.objects.get(display="R05.9")
    CodeNote.objects.create(
        code=cough, release=cough.release, kind="excludes1", position=0, text="fever (R50.-)"
    )
    page = sent(client, "Cough. Fever.")
    assert "R05.9 and R50.9 exclude each other" in page
    assert "I.A.12.a" in page


def test_the_wording_of_a_tabular_note_is_not_shown(client: Client) -> None:
    cough = Code.objects.get(display="R05.9")
    for position, kind in enumerate(("excludes1", "code_first", "use_additional")):
        CodeNote.objects.create(
            code=cough,
            release=cough.release,
            kind=kind,
            position=position,
            text="CANARY of the notes (R50.-)",
        )
    page = sent(client, "Cough. Fever.")
    assert "CANARY" not in page
    picked = client.post(
        URL + "list/", {"code": ["icd-10-cm/R05.9", "icd-10-cm/R50.9"]}
    ).content.decode()
    assert "exclude each other" in picked
    assert "CANARY" not in picked


def test_gated_descriptors_are_not_shown(client: Client) -> None:
    code("R53.1", "Weakness")
    Code.objects.filter(display="R53.1").update(short_descriptor="Weakness short")
    factories.search_index()
    Code.objects.filter(display="R53.1").update(long_descriptor="Weakness CANARY long")
    assert "CANARY" not in sent(client, "Weakness.")


def test_inclusion_terms_are_not_shown(client: Client) -> None:
    """A code may be found by one, but it stands on the page, which counts."""
    code("R53.83", "Other fatigue", inclusion_terms=["Quokka lethargy syndrome"])
    factories.search_index()
    page = sent(client, "Lethargy syndrome.")
    assert "R53.83" in offered(page)
    assert "Quokka" not in page


def test_identifiers_are_masked_and_named(client: Client) -> None:
    page = sent(client, "Patient name: Jane Doe DOB 03/04/1956 MRN 123456. Has a cough.")
    assert "03/04/1956" not in page
    assert "123456" not in page
    assert not re.search(r"\bJane\b", page)  # some token of a form may have these letters
    assert "date of birth" in page


def test_nothing_of_a_note_is_logged_or_kept(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    response = client.post(URL, {"note": "Zebrasyndrome with cough."})
    assert "zebrasyndrome" not in caplog.text.lower()
    assert "Zebrasyndrome" not in str(response.headers)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("note", ["", "   \n", None])
def test_an_empty_note_is_an_error(client: Client, note: str | None) -> None:
    response = client.post(URL, {} if note is None else {"note": note})
    assert response.status_code == 400
    assert "Paste a note" in response.content.decode()


def test_too_long_a_note_comes_back_whole(client: Client) -> None:
    note = "cough " * (MAX_CHARACTERS // 6 + 1) + "LAST WORDS"
    response = client.post(URL, {"note": note})
    text = response.content.decode()
    assert response.status_code == 413
    assert "20,000 are the most" in text
    assert "LAST WORDS</textarea>" in text
    assert "10 of 10 notes left" in text


def test_the_longest_note_is_read(client: Client) -> None:
    assert "R05.9" in offered(sent(client, ("Cough. " * 3000)[:MAX_CHARACTERS]))


@pytest.mark.parametrize(
    "note",
    [
        "<script>alert(1)</script> cough",
        "\x00 cough",
        "'; DROP TABLE codes; --",
        "cough " + "(" * 500,
        "咳嗽 cough",
        "%_\\ cough",
        "." * 500,
        "- " * 800,
        "\u202ecough",
        "no " * 3000,
    ],
)
def test_any_text_gets_a_page(client: Client, note: str) -> None:
    response = client.post(URL, {"note": note})
    assert response.status_code in (200, 400)
    assert "<script>alert" not in response.content.decode()


def test_guests_have_a_daily_limit_that_says_when_it_ends(
    client: Client, settings: Settings
) -> None:
    settings.CASE_NOTES_OF_GUEST = "2/d"
    assert "1 of 2 notes left, full again at" in sent(client, "Cough.")
    sent(client, "Cough.")
    response = client.post(URL, {"note": "Cough of the third note."})
    text = response.content.decode()
    assert response.status_code == 429
    assert "Cough of the third note." in text
    assert "New ones at" in text


def test_a_limit_is_of_the_network_and_users_have_their_own(
    client: Client, settings: Settings
) -> None:
    settings.CASE_NOTES_OF_GUEST = "1/d"
    sent(client, "Cough.")
    assert Client().post(URL, {"note": "Cough."}).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").post(URL, {"note": "Cough."}).status_code == 200
    member = Client()
    member.force_login(factories.user())
    assert "199 of 200 notes left" in sent(member, "Cough.")


def test_an_error_costs_no_note(client: Client) -> None:
    client.post(URL, {"note": ""})
    assert "10 of 10 notes left" in client.get(URL).content.decode()


def test_only_get_and_post(client: Client) -> None:
    assert client.put(URL).status_code == 405
    assert client.get(URL + "list/").status_code == 405


def test_a_note_needs_the_token_of_its_form() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(URL, {"note": "Cough."}).status_code == 403
    assert strict.post(URL + "list/", {"code": "icd-10-cm/R05.9"}).status_code == 403


# --- My list -------------------------------------------------------------------------------------


def test_picked_codes_become_a_list(client: Client) -> None:
    response = client.post(
        URL + "list/", {"code": ["icd-10-cm/R05.9", "icd-10-cm/J45", "icd-10-cm/R05.9"]}
    )
    text = response.content.decode()
    assert response.status_code == 200
    assert "2 codes picked" in text
    assert "R05.9 Cough, unspecified\nJ45 Asthma" in text
    assert "J45 is a heading" in text
    assert "no-store" in response["Cache-Control"]


def test_picked_codes_as_csv(client: Client) -> None:
    response = client.post(URL + "list/", {"code": ["icd-10-cm/R05.9"], "format": "csv"})
    rows = list(csv.reader(io.StringIO(response.getvalue().decode())))
    assert rows == [
        ["system", "code", "billable", "descriptor"],
        [Code.objects.get(display="R05.9").system.name, "R05.9", "yes", "Cough, unspecified"],
    ]


@pytest.mark.parametrize(
    ("picked", "status"),
    [
        ([], 400),
        (["R05.9"], 400),
        (["icd-10-cm/R05.9"] * 101, 400),
        (["icd-10-cm/\x00"], 400),
        (["icd-10-cm/NONE"], 404),
        (["nowhere/R05.9"], 404),
    ],
)
def test_a_wrong_pick_is_refused(client: Client, picked: list[str], status: int) -> None:
    assert client.post(URL + "list/", {"code": picked}).status_code == status


def test_codes_of_a_hidden_system_cannot_be_picked(client: Client) -> None:
    icd = factories.system("icd-10-cm")
    icd.display_mode = "off"
    icd.save()
    assert client.post(URL + "list/", {"code": ["icd-10-cm/R05.9"]}).status_code == 404


def test_queries_of_a_list_do_not_grow(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    names = []
    for number in range(20):
        code(f"R99.{number:02}", f"Sign number {number}")
        names.append(f"icd-10-cm/R99.{number:02}")
    client.post(URL + "list/", {"code": names[:1]})
    for some in (names[:1], names):
        with django_assert_num_queries(4):  # two of them count the request
            client.post(URL + "list/", {"code": some})


# --- Bounds --------------------------------------------------------------------------------------


def test_what_was_not_searched_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codes.casefinder.searching.MAX_SEARCHES", 1)
    page = sent(client, "Exam: fever today.\nAssessment: cough.")
    assert "1 of 2 parts were searched" in page
    assert offered(page) == {"R05.9"}


def test_a_note_takes_no_longer_than_it_may(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codes.casefinder.searching.MAX_SECONDS", -1.0)
    assert "0 of 1 parts were searched" in sent(client, "Cough.")


def test_queries_do_not_grow_with_candidates(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Beside one for each search; the sentences of both notes need the same levels of headings."""
    sent(client, "Cough.")
    with django_assert_num_queries(8):
        sent(client, "Cough.")
    with django_assert_num_queries(9):
        sent(client, "Cough. Fever.")


def test_nothing_is_used_up_where_limits_are_off(client: Client, settings: Settings) -> None:
    settings.RATELIMIT_ENABLE = False
    settings.CASE_NOTES_OF_GUEST = "1/d"
    for _ in range(2):
        assert "1 of 1 notes left" in sent(client, "Cough.")
