"""What is not held is said as what it is: not loaded, not of that day, or loaded and silent."""

from datetime import date

import pytest

from assistant.engine import guard
from assistant.engine.answer import GUEST, Answer, Outcome, Reason
from assistant.engine.entry import answer
from codes.models import CodeSystem
from tests import factories
from tests.assistant.askers import LOCKED, MEMBER
from tests.codes import ncci_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def icd(db: None) -> CodeSystem:
    """Return ICD-10-CM with a code that has a category and no map to ICD-9-CM."""
    icd = factories.system("icd-10-cm")
    for display in ("M54.50", "E11.9"):
        factories.code(display, of=icd)
    factories.crosswalk("M5450", "MUS038", target_system="ccsr", target_title="Back pain")
    return icd


def first(found: Answer) -> str:
    """Return the first statement of an answer that holds no more than its facts prove."""
    assert guard.faults(found) == []
    return found.statements[0].text


class TestMaps:
    """Maps that the loaded files lack, and maps that no file was loaded for."""

    WORDINGS = ("icd9 of M54.50", "M54.50 to ICD-9", "What is M54.50 in ICD-9-CM?", "GEM M54.50")

    @pytest.mark.parametrize("question", WORDINGS)
    def test_a_map_without_the_code(self, icd: CodeSystem, question: str) -> None:
        release = factories.crosswalk("E119", "25000").release
        found = answer(question, MEMBER)
        assert first(found).startswith("M54.50 is not mapped to ICD-9-CM: it is not in ")
        assert release.label in first(found)
        assert "MUS038" not in first(found)

    @pytest.mark.parametrize("question", WORDINGS)
    def test_no_map_is_loaded(self, icd: CodeSystem, question: str) -> None:
        found = answer(question, MEMBER)
        assert found.reason is Reason.NO_DATA
        assert "Not loaded here" in first(found)
        assert "import_codes gem" in first(found)

    def test_each_of_two_codes_has_its_own(self, icd: CodeSystem) -> None:
        factories.crosswalk("E119", "25000")
        found = answer("icd9 of E11.9 and M54.50", MEMBER)
        said = " ".join(one.text for one in found.statements[:2])
        assert "E11.9 in ICD-9-CM: 250.00" in said
        assert "M54.50 is not mapped to ICD-9-CM" in said

    def test_every_map_is_looked_at_where_none_is_named(self, icd: CodeSystem) -> None:
        factories.crosswalk("E119", "25000")
        said = [one.text for one in answer("What does M54.50 map to?", MEMBER).statements]
        assert said[0].startswith("M54.50 in CCSR")
        assert any("is not mapped to ICD-9-CM" in text for text in said)

    def test_no_category(self, icd: CodeSystem) -> None:
        assert "puts E11.9 into no category" in first(answer("CCSR of E11.9", MEMBER))

    def test_a_system_that_the_maps_are_not_about(self, icd: CodeSystem) -> None:
        factories.code("99213")
        assert "99213 is a code of CPT" in first(answer("icd9 of 99213", MEMBER))

    @pytest.mark.parametrize("asker", [GUEST, LOCKED])
    def test_what_a_loaded_map_lacks_is_for_who_may_read_it(
        self, icd: CodeSystem, asker: object
    ) -> None:
        factories.crosswalk("E119", "25000")
        found = answer("icd9 of M54.50", asker)  # type: ignore[arg-type]  # askers
        assert "not mapped" not in repr(found.statements)


class TestUnits:
    """Unit limits that are not published, and those that no file was loaded for."""

    WORDINGS = ("MUE {}", "how many units of {}", "units per day of {}", "max units {}")

    @pytest.mark.parametrize("wording", WORDINGS)
    @pytest.mark.parametrize("key", ["20610", "99213"])  # in Medicare's files alone; with a page
    def test_no_limit_is_published(self, wording: str, key: str) -> None:
        factories.code("99213")
        factories.relative_value("20610")
        ncci_rows.limit("97110", 8)
        text = first(answer(wording.format(key), MEMBER))
        assert f"publishes no unit limit of {key}" in text

    @pytest.mark.parametrize("wording", WORDINGS)
    @pytest.mark.parametrize("key", ["20610", "99213"])
    def test_no_file_is_held(self, wording: str, key: str) -> None:
        factories.code("99213")
        factories.relative_value("20610")
        found = answer(wording.format(key), MEMBER)
        assert found.reason is Reason.NO_DATA
        assert "holds no MUE file" in first(found)
        assert "import_codes mue" in first(found)

    @pytest.mark.parametrize(
        ("question", "service"),
        [
            ("MUE of 97110 for hospitals", "outpatient hospital"),
            ("how many units of 97110 in a facility", "outpatient hospital"),
            ("MUE of 97110 for a DME supplier", "dme supplier"),
            ("MUE of 97110", "practitioner"),
        ],
    )
    def test_the_service_asked_about(self, question: str, service: str) -> None:
        factories.code("97110")
        for source in ("mue-practitioner", "mue-outpatient", "mue-dme"):
            ncci_rows.limit("97140", 4, release=ncci_rows.release(source))
        text = first(answer(question, MEMBER)).lower()
        assert f"publishes no unit limit of 97110 for {service} services" in text

    def test_no_file_of_that_day_is_held(self) -> None:
        factories.code("97110")
        ncci_rows.limit("97110", 8)
        found = answer("how many units of 97110 on 2015-02-03", MEMBER)
        assert found.reason is Reason.NO_DATA
        assert "in force on that day" in first(found)


class TestDays:
    """A day that no edition held here answers for: nothing is said of the code then."""

    @pytest.mark.parametrize(
        ("question", "names"),
        [
            ("What did 99213 pay on 2015-02-03?", "relative values"),
            ("status indicator of 99213 on 2015-02-03", "relative values"),
            ("OPPS payment of 99213 on 2015-02-03", "Addendum B"),
            ("APC of 99213 on 2015-02-03", "Addendum B"),
            ("is 99213 covered on 2015-02-03", "Medicare Coverage Database"),
            ("is 99213 an add-on code on 2015-02-03", "add-on code edits"),
        ],
    )
    def test_none_is_held(self, question: str, names: str) -> None:
        factories.code("99213")
        factories.relative_value("99213")
        factories.coverage_document(related=[])
        factories.outpatient_payment("99213")
        ncci_rows.add_on("15272", "15271")
        found = answer(question, MEMBER)
        assert found.reason is Reason.NO_DATA
        assert "Of 3 February 2015 no edition of" in first(found)
        assert any(names in one.text for one in found.statements[:2])
        assert "no row" not in repr(found.statements)

    def test_a_system_without_an_edition_of_the_day(self) -> None:
        factories.code("99213")
        found = answer("is 99213 valid on 2015-02-03", MEMBER)
        assert (found.outcome, found.reason) == (Outcome.PARTLY, Reason.NO_DATA)
        assert first(found).startswith("Of 3 February 2015 no edition of CPT")

    def test_the_edition_of_the_day_is_named(self) -> None:
        factories.code("99213")
        old = factories.edition(
            "mpfs", label="Old", effective_date=date(2015, 1, 1), is_current=False
        )
        factories.relative_value("99214", release=old)
        new = factories.edition("mpfs", label="New", effective_date=date(2026, 1, 1))
        factories.relative_value("99213", release=new)
        found = answer("What did 99213 pay on 2015-02-03?", MEMBER)
        assert "Old, has no row of 99213" in first(found)
        assert found.outcome is Outcome.ANSWERED


def test_what_no_file_here_says_of_a_diagnosis() -> None:
    factories.code("E11.9", of=factories.system("icd-10-cm"))
    for question in ("HCC of E11.9", "does E11.9 have an HCC?", "risk adjustment for E11.9"):
        assert "risk adjustment categories (HCC)" in first(answer(question, MEMBER))
