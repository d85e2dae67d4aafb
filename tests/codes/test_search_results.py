"""What ``search`` and ``suggest`` answer, which the page and machines share."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from codes import synonyms
from codes.models import Code, CodeSystem
from codes.search import Filters, Group, TermKind, search, store, suggest
from codes.search.answers import NO_FILTERS
from codes.search_segments import SearchSegment
from codes.tasks import rebuild_index
from codes.terms import Synonym
from tests import factories
from tests.codes.import_tools import wait_until_somebody_waits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes() -> None:
    icd = factories.system("icd-10-cm")
    for display, words, billable in (
        ("J96.0", "Acute respiratory failure", False),
        ("J96.01", "Acute respiratory failure with hypoxia", True),
        ("I50.9", "Heart failure, unspecified", True),
    ):
        names = {"short_descriptor": words, "long_descriptor": words}
        factories.code(display, of=icd, billable=billable, **names)
    factories.search_index()


def found(text: str, filters: Filters = NO_FILTERS) -> list[tuple[str, Group]]:
    hits = search(text, filters=filters).hits
    displays = Code.objects.in_bulk([hit.code_id for hit in hits])
    return [(displays[hit.code_id].display, hit.group) for hit in hits]


def test_a_code_stands_above_those_below_it() -> None:
    assert found("j96.0") == [("J96.0", Group.EXACT_CODE), ("J96.01", Group.CODE_PREFIX)]


def test_filters_narrow() -> None:
    assert found("respiratory failure hypoxia") == [("J96.01", Group.ALL_WORDS)]
    assert found("heart failure", Filters(billable=False)) == []


def test_suggestions_complete_a_code() -> None:
    assert [suggestion.text for suggestion in suggest("J96")] == ["J96.0", "J96.01"]


def test_a_name_that_counts_as_a_view_ranks_and_is_not_shown(client: Client) -> None:
    icd = factories.system("icd-10-cm")
    factories.code("J00", of=icd, long_descriptor="Cold", inclusion_terms=["Quokka catarrh"])
    factories.search_index()
    (hit,) = search("quokka catarrh").hits
    assert (hit.term, hit.term_kind, hit.is_open) == (
        "Quokka catarrh",
        TermKind.INCLUSION_TERM,
        False,
    )
    text = client.get("/search/", {"q": "catarrh"}).content.decode()
    assert "/codes/icd-10-cm/J00/" in text
    assert "uokka" not in text
    assert not [each for each in suggest("catarr") + suggest("quok") if "catarrh" in each.text]
    icd.is_metered = False
    icd.save()
    factories.search_index()
    assert search("quokka catarrh").hits[0].is_open


def test_systems_are_found_as_far_as_they_are_shown() -> None:
    icd = factories.system("icd-10-cm")
    icd.display_mode = "codes_only"
    icd.save()
    assert found("heart failure") == []
    assert found("I50.9") == [("I50.9", Group.EXACT_CODE)]
    assert [each.label for each in suggest("I50")] == [""]
    assert suggest("hear") == []
    icd.display_mode = "off"
    icd.save()
    assert found("I50.9") == []
    assert suggest("I50") == []


def test_an_edit_of_field_knowledge_is_live_at_the_next_search() -> None:
    code = Code.objects.get(display="I50.9")
    assert found("pump trouble") == []
    synonym = Synonym(kind="lay_word", text="pump trouble", code=code, source="A test")
    synonyms.save(synonym=synonym, by=None)
    (hit,) = search("pump trouble").hits
    assert (hit.code_id, hit.group) == (code.pk, Group.EXACT_DESCRIPTOR)
    assert (hit.term, hit.term_kind) == ("pump trouble", TermKind.SYNONYM)
    synonyms.set_active(synonyms=Synonym.objects.all(), is_active=False, by=None)
    assert found("pump trouble") == []


def test_a_name_of_field_knowledge_is_found_by_any_of_its_words() -> None:
    code = Code.objects.get(display="I50.9")
    name = Synonym(kind="lay_word", text="quokka pump trouble", code=code, source="A test")
    synonyms.save(synonym=name, by=None)
    assert found("trouble of quokkas") == []
    run_jobs()
    (hit,) = search("trouble of quokkas").hits
    assert (hit.code_id, hit.term, hit.term_kind, hit.is_open) == (
        code.pk,
        "quokka pump trouble",
        TermKind.SYNONYM,
        True,
    )
    (suggested,) = (each for each in suggest("quokka tr") if each.code_id)
    assert suggested.label == "Heart failure, unspecified (quokka pump trouble)"
    synonyms.set_active(synonyms=Synonym.objects.all(), is_active=False, by=None)
    run_jobs()
    assert found("trouble of quokkas") == []


def test_what_several_words_are_read_as_is_said_once() -> None:
    row = Synonym(kind="lay_word", text="acl tear", means="heart failure", source="A test")
    synonyms.save(synonym=row, by=None)
    assert [hit.readings for hit in search("acl tear").hits] == [("acl tear: heart failure",)]


@pytest.mark.django_db(transaction=True)
def test_the_index_is_never_built_of_what_an_import_is_changing() -> None:
    params = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{name: params[name] for name in names if params.get(name)}) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [store.LOCK])  # as the import's rebuild
        other.execute("UPDATE codes_code SET long_descriptor = 'Quokka' WHERE key = 'I509'")
        thread = threading.Thread(target=rebuild_in_a_connection_of_its_own)
        thread.start()
        wait_until_somebody_waits(other)
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert found("quokka") == [("I50.9", Group.EXACT_DESCRIPTOR)]


def rebuild_in_a_connection_of_its_own() -> None:
    try:
        rebuild_index("icd-10-cm")
    finally:
        connection.close()


def test_an_edit_of_an_abbreviation_builds_nothing() -> None:
    code = Code.objects.get(display="I50.9")
    row = Synonym(kind="abbreviation", text="QPT", code=code, source="A test")
    synonyms.save(synonym=row, by=None)
    assert not ProcrastinateJob.objects.filter(task_name="codes.rebuild_index").exists()


def test_what_counts_in_one_case_only_and_abbreviations_are_no_names() -> None:
    code = Code.objects.get(display="I50.9")
    for kind, text in (("lay_word", "QUOKKA"), ("abbreviation", "qpt")):
        is_exact = kind == "lay_word"
        row = Synonym(kind=kind, text=text, code=code, is_exact_case=is_exact, source="A test")
        synonyms.save(synonym=row, by=None)
    run_jobs()
    assert found("QUOKKA") == [("I50.9", Group.EXACT_DESCRIPTOR)]
    assert found("quokka") == found("qpt trouble") == []


def run_jobs() -> None:
    """Do what a worker of the task queue would."""
    for job in ProcrastinateJob.objects.filter(task_name="codes.rebuild_index", status="todo"):
        rebuild_index(**job.args)
    ProcrastinateJob.objects.filter(task_name="codes.rebuild_index").delete()


def test_a_word_that_is_known_elsewhere_is_read_as_the_rest_tells() -> None:
    icd, hcpcs = factories.system("icd-10-cm"), factories.system("hcpcs")
    names = [(icd, "K75.0", "Abscess of liver"), (icd, "L02.91", "Abscess of skin")]
    names += [(hcpcs, f"E09{n}1", f"Brake lever, size {n}") for n in range(6)]
    for system, display, title in names:
        factories.code(display, of=system, short_descriptor=title, long_descriptor=title)
    factories.search_index()
    first, *_ = search("abscess of lever").hits
    assert first.readings == ("lever: liver",)
    assert found("abscess of lever")[0][0] == "K75.0"
    assert found("abscess of lever", Filters(systems=("icd-10-cm",)))[0][0] == "K75.0"
    assert not search("lever").readings  # nothing tells otherwise
    assert found("brake lever")[0][1] is Group.ALL_WORDS


def test_what_others_answer_better_leaves_no_system_without_an_answer() -> None:
    icd, hcpcs = factories.system("icd-10-cm"), factories.system("hcpcs")
    factories.code("M25.461", of=icd, long_descriptor="Effusion, right knee")
    for n in range(6):
        factories.code(f"L572{n}", of=hcpcs, long_descriptor=f"Knee fluid swing, size {n}")
    factories.search_index()
    assert {key[0] for key, _ in found("fluid swing knee")} == {"L"}
    filters = Filters(systems=("icd-10-cm",))
    results = search("fluid swing knee", filters=filters)
    assert found("fluid swing knee", filters)[0][0] == "M25.461"
    (facet,) = (each for each in results.facets if each.name == "systems")
    assert (facet.value, facet.count) == ("icd-10-cm", results.total)


def test_abbreviations_are_added_to_what_is_typed() -> None:
    for means in ("heart failure", "high fever"):
        row = Synonym(kind="abbreviation", text="HF", means=means, source="A test")
        synonyms.save(synonym=row, by=None)
    (hit,) = search("hf").hits
    assert hit.readings == ("hf: heart failure",)
    assert hit.group is Group.ALL_WORDS


def test_the_best_code_of_each_reading_is_among_the_first() -> None:
    icd = factories.system("icd-10-cm")
    for n in range(15):
        factories.code(f"I50.{n:02}", of=icd, long_descriptor=f"Heart failure, kind {n}")
        factories.code(f"T70.{n:02}", of=icd, long_descriptor=f"High altitude, kind {n}")
        factories.code(f"A68.{n:02}", of=icd, long_descriptor=f"Relapsing fever, kind {n}")
    title = "Very high and lasting fever of travellers in spite of treatment, of unknown origin"
    factories.code("R50.9", of=icd, long_descriptor=title)
    factories.search_index()
    for rank, means in enumerate(("heart failure", "high fever"), 1):
        row = Synonym(kind="abbreviation", text="HF", means=means, rank=rank, source="A test")
        synonyms.save(synonym=row, by=None)
    first, second, *_ = found("hf")
    assert first[0].startswith("I50.")
    assert second[0] == "R50.9"


@pytest.mark.parametrize("text", ["respiratory failure", "I50.9", "nothing at all"])
def test_a_search_costs_one_query(
    text: str, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    search(text)  # loads the index
    with django_assert_num_queries(1):
        search(text)
    with django_assert_num_queries(1):
        suggest(text)


def test_what_coverage_documents_list_can_be_asked_for() -> None:
    factories.coverage_code("I509", role="covered")
    factories.coverage_code("J9601", role="procedure")  # a HCPCS code of that key, if any
    store.rebuild_coverage()
    assert found("failure", Filters(has_coverage=True)) == [("I50.9", Group.ALL_WORDS)]
    counts = {f.value: f.count for f in search("failure").facets if f.name == "has_coverage"}
    assert counts == {"yes": 1, "no": 2}


def test_chapters_of_one_number_are_told_apart() -> None:
    for slug, display in (("icd-10-cm", "A00.0"), ("icd-10-pcs", "10D00Z0")):
        system = factories.system(slug)
        chapter = factories.heading("chapter", "1", of=system)
        factories.code(display, of=system, parent=chapter, long_descriptor="Quokka removal")
    factories.search_index()
    values = [facet.value for facet in search("quokka").facets if facet.name == "chapter"]
    assert set(values) == {"icd-10-cm:1", "icd-10-pcs:1"}
    assert dict(found("quokka", Filters(chapter="icd-10-pcs:1"))).keys() == {"10D00Z0"}
    assert dict(found("quokka", Filters(chapter="1"))).keys() == {"10D00Z0", "A00.0"}


def test_a_code_that_has_ended_is_found_by_the_day() -> None:
    Code.objects.filter(display="I50.9").update(valid_to=date(2024, 9, 30))
    factories.search_index()
    assert found("heart failure", Filters(on=date(2024, 9, 30)))[0][0] == "I50.9"
    assert "I50.9" not in dict(found("heart failure", Filters(on=date(2024, 10, 1))))


def test_the_index_is_built_by_its_command() -> None:
    SearchSegment.objects.all().delete()
    assert found("heart failure") == []
    call_command("build_search_index", "--missing", stdout=StringIO())
    assert found("heart failure")
    built = SearchSegment.objects.get(name="icd-10-cm").built_at
    call_command("build_search_index", "--missing", stdout=StringIO())
    assert SearchSegment.objects.get(name="icd-10-cm").built_at == built


def test_few_matches_are_followed_by_codes_with_some_of_the_words() -> None:
    icd = factories.system("icd-10-cm")
    for display, words in (("E11.9", "Diabetes mellitus"), ("I10", "Essential hypertension")):
        factories.code(display, of=icd, short_descriptor=words, long_descriptor=words)
    factories.search_index()
    assert {display for display, _ in found("diabetes hypertension")} == {"E11.9", "I10"}
    assert found("acute respiratory failure hypoxia")[0] == ("J96.01", Group.ALL_WORDS)


def test_part_of_what_a_word_is_read_as_is_not_all_words() -> None:
    icd = factories.system("icd-10-cm")
    for display, words in {
        "C56.2": "Malignant neoplasm of left ovary",
        "C50.912": "Malignant neoplasm of unspecified site of left female breast",
    }.items():
        factories.code(display, of=icd, short_descriptor=words, long_descriptor=words)
    factories.search_index()
    means = "malignant neoplasm of breast"
    row = Synonym(kind="lay_word", text="breast cancer", means=means, source="A test")
    synonyms.save(synonym=row, by=None)
    assert found("breast cancer left") == [
        ("C50.912", Group.ALL_WORDS),
        ("C56.2", Group.MOST_WORDS),
    ]


def test_a_later_encounter_is_one_of_routine_healing_unless_another_is_said() -> None:
    icd = factories.system("icd-10-cm")
    title = "Unspecified fracture of left femur"
    above = factories.code("S72.92", of=icd, short_descriptor=title, long_descriptor=title)
    for letter, adds in {
        "A": "initial encounter for closed fracture",
        "D": "subsequent encounter for closed fracture with routine healing",
        "K": "subsequent encounter for closed fracture with nonunion",
    }.items():
        words = f"{title}, {adds}"
        names = {"short_descriptor": words, "long_descriptor": words}
        factories.code(f"S72.92X{letter}", of=icd, parent=above, **names)
    factories.search_index()
    assert found("fracture left femur subsequent")[0][0] == "S72.92XD"
    assert found("fracture left femur nonunion subsequent")[0][0] == "S72.92XK"


def test_a_slip_in_a_usual_word_is_no_beginning_of_a_rare_one() -> None:
    icd, hcpcs = factories.system("icd-10-cm"), factories.system("hcpcs")
    for n in range(12):
        factories.code(f"E11.{n}", of=icd, long_descriptor=f"Type 2 diabetes, form {n}")
    factories.code("B4154", of=hcpcs, long_descriptor="Diabetisource formula")
    factories.search_index()
    hits = found("diabetis")
    assert {display[:3] for display, _ in hits} == {"E11", "B41"}
    assert {group for _, group in hits} == {Group.CLOSE_SPELLINGS}
    assert found("diabetisou") == [("B4154", Group.ALL_WORDS)]
    assert [each.text for each in suggest("diabetis")] == ["B4154"]


def test_what_the_query_leaves_open_is_rather_the_unspecified_code() -> None:
    icd = factories.system("icd-10-cm")
    for display, which in (
        ("S93.491", "other"),
        ("S93.401", "unspecified"),
        ("S93.421", "deltoid"),
    ):
        words = f"Sprain of {which} ligament of right ankle"
        factories.code(display, of=icd, short_descriptor=words, long_descriptor=words)
    factories.search_index()
    assert found("ankle sprain right")[0] == ("S93.401", Group.ALL_WORDS)
    assert found("other ankle sprain right")[0][0] == "S93.491"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("concussion loss of consciousness", "S06.0X1"),
        ("concussion with loss of consciousness", "S06.0X1"),
        ("concussion without loss of consciousness", "S06.0X0"),
        ("concussion no loss of consciousness", "S06.0X0"),
        ("migraine aura intractable", "G43.119"),
        ("migraine aura not intractable", "G43.109"),
    ],
)
def test_a_code_that_says_without_what_was_typed_stands_behind(text: str, first: str) -> None:
    icd = CodeSystem.objects.get(slug="icd-10-cm")
    for display, words in (
        ("S06.0X0", "Concussion without loss of consciousness"),
        ("S06.0X1", "Concussion with loss of consciousness of 30 minutes or less"),
        ("G43.109", "Migraine with aura, not intractable, without status migrainosus"),
        ("G43.119", "Migraine with aura, intractable, without status migrainosus"),
    ):
        factories.code(display, of=icd, short_descriptor=words, long_descriptor=words)
    factories.search_index()
    assert found(text)[0][0] == first
