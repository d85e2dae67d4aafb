"""Sentences that would be wrong: of files not shown, of samples, of payers, of what has ended."""

from datetime import date

import pytest

from assistant.engine import guard
from assistant.engine.answer import GUEST, Answer, Outcome, Reason
from assistant.engine.entry import answer
from codes.models import Release
from tests import factories
from tests.assistant.askers import LOCKED, MEMBER
from tests.codes import ncci_rows

pytestmark = pytest.mark.django_db


def said(found: Answer) -> str:
    """Return all statements of an answer that holds no more than its facts prove."""
    assert guard.faults(found) == []
    return "\n".join(one.text for one in found.statements)


def first(found: Answer) -> str:
    """Return the first statement."""
    return said(found).partition("\n")[0]


class TestOfFilesNotShown:
    """Who may not read a file hears nothing of what it leaves out."""

    @pytest.mark.parametrize(
        "question",
        [
            "What does 27447 pay in Manhattan?",
            "global days 27447",
            "bilateral indicator 27447",
            "is 27447 an add-on code",
            "lcd for 27447",
        ],
    )
    def test_a_guest_asks_of_a_code_without_a_page(self, question: str) -> None:
        factories.code("99213")
        factories.relative_value("27447")
        ncci_rows.add_on("27447", "99213")
        factories.coverage_document(related=[])
        text = said(answer(question, GUEST))
        assert "name 27447. Register for free" in text
        assert "no row" not in text
        assert "neither" not in text
        assert "no article" not in text


class TestOfSamples:
    """What a sample leaves out is not what Medicare leaves out."""

    SAMPLE = "is a sample written for this site and says nothing about Medicare's own"

    @pytest.fixture
    def codes(self, db: None) -> None:
        for number in ("11111", "22222", "33333"):
            factories.code(number)
        ncci_rows.save(ncci_rows.ptp("11111", "22222"))
        ncci_rows.limit("11111", 2)

    @pytest.mark.parametrize(
        "question",
        [
            "11111 and 33333 together?",
            "11111 and 22222 together?",
            "MUE 33333",
            "MUE 11111",
            "lcd for 33333",
        ],
    )
    def test_says_so_in_the_sentence(self, codes: None, question: str) -> None:
        factories.coverage_document(related=[])
        Release.objects.exclude(source="cpt").update(is_sample=True)
        assert self.SAMPLE in first(answer(question, MEMBER))

    def test_not_of_a_publishers_file(self, codes: None) -> None:
        text = said(answer("11111 and 33333 together? MUE 33333", MEMBER))
        assert "No NCCI PTP edit exists" in text
        assert "sample" not in text


class TestOfPayers:
    """Medicare's numbers are not told as another payer's."""

    @pytest.mark.parametrize(
        "question",
        [
            "medicaid rate 99213",
            "Does BCBS of Texas pay 99213?",
            "is 99213 covered by aetna",
            "what does blue cross blue shield allow for 99213",
            "99213 under Medicare Advantage",
            "humana 99213 policy",
            "workers comp fee 99213",
        ],
    )
    def test_says_first_that_they_are_not_held(self, question: str) -> None:
        factories.code("99213")
        factories.relative_value("99213")
        found = answer(question, MEMBER)
        assert (found.outcome, found.reason) == (Outcome.PARTLY, Reason.NO_DATA)
        assert "is not among what this site holds" in first(found)
        assert "are Medicare's" in first(found)

    def test_a_payer_beside_a_service_changes_no_code(self) -> None:
        factories.code("G0008", of=factories.system("hcpcs"), short_descriptor="Flu vaccine admin")
        factories.search_index()
        text = said(answer("which hcpcs code for flu vaccine admin medicaid", MEMBER))
        assert "G0008" in text

    def test_medicare_is_no_other_payer(self) -> None:
        factories.code("99213")
        factories.relative_value("99213")
        assert "among what" not in said(answer("medicare rate 99213", MEMBER))


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("ndc 00409-4755-01 what j code", "NDC"),
        ("snomed 44054006", "SNOMED"),
        ("loinc for 2345-7", "LOINC"),
        ("taxonomy code 207Q00000X", "taxonomy"),
        ("bill type 131", "Types of bill"),
        ("whats the timely filing limit for medicare", "Filing limits"),
        ("prior auth needed?", "prior authorization"),
    ],
)
def test_says_what_is_not_held_instead_of_searching_its_name(question: str, names: str) -> None:
    factories.code("G9659", of=factories.system("hcpcs"), short_descriptor="Colo nomed rsn")
    factories.search_index()
    found = answer(question, MEMBER)
    assert (found.outcome, found.reason) == (Outcome.REFUSED, Reason.NO_DATA)
    assert names in first(found)


class TestOfWhatEnded:
    """A deleted code is not called a heading."""

    @pytest.mark.parametrize("asker", [GUEST, MEMBER])
    def test_among_the_codes_found_by_words(self, asker: object) -> None:
        factories.code(
            "C9469",
            of=factories.system("hcpcs"),
            short_descriptor="Inj triamcinolone acetonide",
            billable=False,
            valid_to=date(2018, 6, 30),
        )
        factories.search_index()
        text = said(answer("hcpcs code for inj triamcinolone acetonide", asker))  # type: ignore[arg-type]  # askers
        assert "(deleted, last day 30 June 2018)" in text
        assert "heading" not in text


class TestOfIcd9:
    """A code of ICD-9-CM where only the map towards it is loaded: that map read backwards."""

    @pytest.fixture
    def codes(self, db: None) -> None:
        icd = factories.system("icd-10-cm")
        for display, words in (("E11.9", "Type 2 diabetes"), ("Z79.4", "Use of insulin")):
            factories.code(display, of=icd, short_descriptor=words)

    @pytest.mark.parametrize(
        "question", ["dx 250.00", "250.00 to icd10", "old code 250.00 in icd-10", "icd9 250.00"]
    )
    def test_names_what_leads_to_it(self, codes: None, question: str) -> None:
        factories.crosswalk("E119", "25000")
        text = said(answer(question, MEMBER))
        assert "for E11.9 Type 2 diabetes" in text
        assert "read backwards" in text

    def test_of_v_codes_too(self, codes: None) -> None:
        factories.crosswalk("Z794", "V5867")
        assert "for Z79.4 Use of insulin" in said(answer("what is V58.67", MEMBER))

    def test_says_that_no_map_is_loaded_only_where_none_is(self, codes: None) -> None:
        assert "No map of ICD-9-CM 250.00 is loaded" in said(answer("dx 250.00", MEMBER))
        factories.crosswalk("E119", "40190")
        text = said(answer("dx 250.00", MEMBER))
        assert "held here names no 250.00" in text
        assert "import_codes gem" in text

    def test_maps_are_for_registered_users(self, codes: None) -> None:
        factories.crosswalk("E119", "25000")
        assert said(answer("dx 250.00", GUEST)) == (
            "Maps of ICD-9-CM 250.00 are for registered users."
        )
        assert "E11.9" in said(answer("dx 250.00", LOCKED))


@pytest.mark.parametrize("word", ["policy", "claim", "order", "case"])
def test_a_code_behind_a_word_for_numbers_is_a_code(word: str) -> None:
    factories.code("90837", short_descriptor="An hour of it")
    assert "An hour of it" in said(answer(f"{word} 90837", MEMBER))
    assert "An hour of it" not in said(answer(f"{word} number 90837", MEMBER))
