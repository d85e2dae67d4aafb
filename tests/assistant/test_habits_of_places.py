"""How people in billing offices type places: localities with their factors, places of service."""

import pytest

from assistant.engine.answer import GUEST
from tests import factories
from tests.assistant.askers import ask, said

pytestmark = pytest.mark.django_db


class TestPlaces:
    """Payment localities by nicknames, in follow-ups, beside modifiers and several codes."""

    @pytest.fixture
    def fees(self, db: None) -> None:
        for key in ("99213", "99214", "90837"):
            factories.code(key)
            factories.relative_value(key)
        factories.relative_value("71046", pctc="1")
        factories.relative_value("71046", modifier="26", pctc="1")
        factories.locality()
        factories.locality("02", name="NYC SUBURBS/LONG ISLAND")
        factories.locality_counties("02", area="NYC SUBURBS", counties="BRONX, NASSAU AND KINGS")
        factories.locality("00", mac="03102", state="AZ", name="ARIZONA")

    @pytest.mark.parametrize(
        ("messages", "place"),
        [
            (["99213 brooklyn"], "NYC SUBURBS"),
            (["what does 99213 pay in the bronx"], "NYC SUBURBS"),
            (["fee 99213 phoenix"], "ARIZONA"),
            (["99213 az"], "ARIZONA"),
            (["fee 99213 arizona", "manhattan?"], "MANHATTAN"),
            (["99213 in manhattan", "and 99214"], "MANHATTAN"),
            (["99213 in manhattan", "arizona"], "ARIZONA"),
            (["90837 + 99213 arizona"], "ARIZONA"),
        ],
    )
    def test_are_read(self, fees: None, messages: list[str], place: str) -> None:
        text = said(ask(*messages), 1)
        assert text.startswith("Medicare's fee schedule")
        assert f"in {place}" in text

    def test_the_fee_of_the_modifier_comes_first(self, fees: None) -> None:
        text = said(ask("71046-26 az"), 1)
        assert "71046 (professional component, modifier 26)" in text
        assert "in ARIZONA" in text

    @pytest.mark.parametrize("question", ["99213 in toronto", "what does 99213 pay in Toronto?"])
    def test_says_that_a_place_was_not_read(self, fees: None, question: str) -> None:
        assert "locality was read in “toronto”" in said(ask(question), 5).lower()

    def test_no_place_is_missed_where_none_is_named(self, fees: None) -> None:
        assert "locality was read" not in said(ask("what does 99213 pay in a facility"), 99)


class TestFactors:
    """Conversion factors are no conversion disorders."""

    @pytest.mark.parametrize(
        ("question", "answered"),
        [
            ("conversion factor 2025", "schedule is $32.3465"),
            ("what is the medicare CF", "schedule is $32.3465"),
            ("anesthesia conversion factor manhattan", "in MANHATTAN (13202 01) is $21.58"),
            ("anes conversion factor", "for each locality"),
        ],
    )
    def test_are_told(self, question: str, answered: str) -> None:
        factories.relative_value("99213")
        factories.locality()
        factories.anesthesia_factor()
        assert answered in said(ask(question), 1)
        assert "$" not in said(ask(question, asker=GUEST), 99)

    def test_says_what_is_not_loaded(self) -> None:
        assert "import_codes mpfs" in said(ask("conversion factor"))


class TestPlacesOfService:
    """At which rate a place of service is paid."""

    @pytest.mark.parametrize(
        ("question", "numbers"),
        [
            ("pos 22 vs 19", ["22", "19"]),
            ("what pos is urgent care", ["20"]),
            ("pos code for a nursing facility", ["32"]),
        ],
    )
    def test_several_and_described_ones(self, question: str, numbers: list[str]) -> None:
        for number, name in (
            ("19", "Off Campus-Outpatient Hospital"),
            ("20", "Urgent Care Facility"),
            ("22", "On Campus-Outpatient Hospital"),
            ("32", "Nursing Facility"),
        ):
            factories.place_of_service(number, name=name)
        found = [one.text.split(":")[0][-2:] for one in ask(question).statements]
        assert found == numbers

    def test_two_drgs(self) -> None:
        for number in ("871", "872"):
            factories.drg(number)
        text = said(ask("ms drg 871 vs 872"))
        assert "MS-DRG 871:" in text
        assert "MS-DRG 872:" in text

    @pytest.mark.parametrize("messages", [["pos 22"], ["pos 22", "is that facility or non"]])
    def test_says_the_setting(self, messages: list[str]) -> None:
        factories.place_of_service("22", name="On Campus-Outpatient Hospital", setting="Facility")
        assert "Hospital (facility setting)" in said(ask(*messages), 1)
