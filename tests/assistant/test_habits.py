"""How people in billing offices type: bare modifiers, doses, places, short words, two at once."""

from collections.abc import Sequence
from datetime import date

import pytest

from assistant.engine.answer import GUEST, Asker, Outcome, Reason
from codes.models import CodeNote
from codes.terms import Synonym
from tests import factories
from tests.assistant.askers import LOCKED, ask, said
from tests.codes import ncci_rows

pytestmark = pytest.mark.django_db


class TestModifiers:
    """Modifiers without the word."""

    @pytest.mark.parametrize(
        ("question", "names"),
        [
            ("kx", ["KX"]),
            ("JW vs JZ", ["JW", "JZ"]),
            ("what is KX", ["KX"]),
            ("mod jw", ["JW"]),
            ("25 or 59?", ["25", "59"]),
        ],
    )
    def test_as_the_whole_message(self, question: str, names: Sequence[str]) -> None:
        factories.system("cpt")
        for name in ("KX", "JW", "JZ"):
            factories.modifier(name, short_descriptor="Cut o", long_descriptor=f"Whole {name}")
        factories.code("J7170", of=factories.system("hcpcs"), short_descriptor="emicizumab-kxwh")
        factories.search_index()
        text = said(ask(question))
        assert all(f"Modifier {name}:" in text for name in names)
        assert "Cut o" not in text
        assert "J7170" not in text

    @pytest.mark.parametrize("question", ["71046 26 tc split?", "71046 26", "71046 tc"])
    def test_right_behind_the_code(self, question: str) -> None:
        factories.system("cpt")
        factories.relative_value("71046", pctc="1")
        assert "71046" in said(ask(question))
        assert "modifier 26" in said(ask(question)).lower()

    @pytest.mark.parametrize("question", ["97110 24 units", "99213 50 years", "copd with 25"])
    def test_numbers_of_other_things_are_none(self, question: str) -> None:
        factories.code("99213")
        factories.code("97110")
        assert "Modifier 24" not in said(ask(question), 99)
        assert "Modifier 50 with" not in said(ask(question), 1)

    def test_one_that_does_not_exist(self) -> None:
        found = ask("modifier ZZ")
        assert (found.outcome, found.reason) == (Outcome.REFUSED, Reason.UNKNOWN_CODE)

    @pytest.mark.parametrize("name", ["22", "76", "77", "95", "52"])
    def test_those_of_cpt_in_words_of_this_site(self, name: str) -> None:
        factories.system("cpt")
        assert f"Modifier {name}: " in said(ask(f"modifier {name}"))


class TestMoreModifiers:
    """Several at once, joined to the code, or described."""

    @pytest.fixture
    def modifiers(self, db: None) -> None:
        factories.system("cpt")
        for name, words in (
            ("TA", "Left foot, great toe"),
            ("T5", "Right foot, great toe"),
            ("F5", "Right hand, thumb"),
            ("GP", "Physical therapy plan"),
            ("KX", "Requirements met"),
            ("Q5", "Reciprocal billing"),
            ("Q6", "Fee-for-time"),
            ("QW", "CLIA waived test"),
        ):
            factories.modifier(name, short_descriptor="Cut", long_descriptor=words)

    @pytest.mark.parametrize(
        ("question", "names"),
        [
            ("physical therapy modifiers GP KX", ["GP", "KX"]),
            ("modifier Q6 v Q5", ["Q6", "Q5"]),
            ("anatomic modifier for left great toe", ["TA"]),
            ("modifer for right thumb", ["F5"]),
            ("which mod for a CLIA waived test", ["QW"]),
        ],
    )
    def test_are_all_told(self, modifiers: None, question: str, names: list[str]) -> None:
        found = [one.text for one in ask(question).statements if one.text.startswith("Modifier ")]
        assert [text[9:11] for text in found] == names

    @pytest.mark.parametrize("question", ["87880QW", "is 87880qw ok", "87880-QW"])
    def test_joined_to_the_code(self, modifiers: None, question: str) -> None:
        factories.code("87880")
        text = said(ask(question), 99)
        assert "Modifier QW: CLIA waived test" in text
        assert "87880 is valid" in text

    def test_before_the_code_with_a_place(self, modifiers: None) -> None:
        factories.relative_value("71046", pctc="1")
        factories.relative_value("71046", modifier="TC", pctc="1")
        factories.locality()
        assert "71046 (technical component, modifier TC)" in said(
            ask("TC of 71046 in manhattan"), 1
        )

    def test_beside_a_fee(self, modifiers: None) -> None:
        factories.relative_value("64483", bilateral="1")
        text = said(ask("64483 50 pays how much"), 2)
        assert "150 % of the fee" in text


class TestIndicators:
    """Policy indicators by the short words of the trade."""

    @pytest.mark.parametrize(
        ("question", "kind"),
        [
            ("asst surgeon allowed on 27447?", "Assistant at surgery of 27447: 2"),
            ("can i use an assistant 27447", "Assistant at surgery of 27447: 2"),
            ("27447 asst", "Assistant at surgery of 27447: 2"),
            ("bilat indicator 27447", "Bilateral surgery of 27447: 1"),
            ("27447 bilat?", "Bilateral surgery of 27447: 1"),
            ("27447 glob", "Global days of 27447: 090"),
            ("co surgeon 27447", "Co-surgeons of 27447"),
            ("multiple proc 27447", "Multiple procedures of 27447"),
        ],
    )
    def test_lead_the_answer(self, question: str, kind: str) -> None:
        factories.system("cpt")
        factories.relative_value(
            "27447",
            global_days="090",
            bilateral="1",
            assistant_surgeon="2",
            co_surgeons="1",
            multiple_procedure="2",
        )
        assert said(ask(question), 1).startswith(kind)

    def test_keep_their_code_in_follow_ups(self) -> None:
        factories.system("cpt")
        factories.relative_value("27447", global_days="090", bilateral="1", assistant_surgeon="2")
        text = said(ask("27447 global", "asst?", "bilateral?"), 1)
        assert text.startswith("Bilateral surgery of 27447: 1")


class TestDoses:
    """How many units of a drug a dose is."""

    @pytest.fixture
    def drugs(self, db: None) -> None:
        hcpcs = factories.system("hcpcs")
        for key, words in (
            ("J3301", "Injection, triamcinolone acetonide, not otherwise specified, 10 mg"),
            ("J1885", "Injection, ketorolac tromethamine, per 15 mg"),
            ("J0585", "Injection, onabotulinumtoxina, 1 unit"),
            ("J2000", "Injection, something, up to 50 mg"),
            ("A4253", "Blood glucose test or reagent strips, per 50 strips"),
        ):
            factories.code(key, of=hcpcs, short_descriptor="Cut", long_descriptor=words)

    @pytest.mark.parametrize(
        ("question", "answered"),
        [
            ("how many units of j3301 for 40 mg", "J3301 is 10 mg, so 40 mg are 4 units."),
            ("J3301 40mg units", "J3301 is 10 mg, so 40 mg are 4 units."),
            ("J3301 0.04 g how many units", "so 0.04 g are 4 units."),
            ("60 mg toradol J1885 how many units", "J1885 is 15 mg, so 60 mg are 4 units."),
            ("J1885 15 mg", "so 15 mg is one unit."),
            ("J1885 40 mg", "so 40 mg are more than 2 and less than 3 units."),
            ("units J3301", "one unit of J3301 is 10 mg."),
            ("J1885 30 mg", "so 30 mg are 2 units."),
            ("A4253 how many per unit", "one unit of A4253 is 50 strips."),
            ("J0585 155 units", "one unit of J0585 is 1 unit."),
            ("J2000 75 mg units", "one unit of J2000 is up to 50 mg."),
            ("J3301 2 ml units", "one unit of J3301 is 10 mg."),
        ],
    )
    def test_by_the_descriptor(self, drugs: None, question: str, answered: str) -> None:
        assert answered in said(ask(question))

    @pytest.mark.parametrize("follow_up", ["80 mg?", "and 80mg", "what about 80 mg"])
    def test_in_a_follow_up(self, drugs: None, follow_up: str) -> None:
        assert "so 80 mg are 8 units." in said(ask("what is J3301", follow_up), 1)

    def test_the_limit_leads_where_no_dose_is_named(self, drugs: None) -> None:
        ncci_rows.limit("J1885", 8)
        assert said(ask("max units J1885 per day"), 1).startswith("The unit limit (MUE) of J1885")

    @pytest.mark.parametrize("asker", [GUEST, LOCKED])
    def test_not_for_who_may_not_see_it(self, drugs: None, asker: Asker) -> None:
        assert "descriptor one unit" not in repr(ask("J3301 40 mg units", asker=asker))

    def test_not_where_neither_dose_nor_units_are_asked_for(self, drugs: None) -> None:
        assert "descriptor one unit" not in said(ask("what is J3301"), 99)


class TestWords:
    """Which code: what the words leave out, and what is no word of the subject."""

    @pytest.mark.parametrize(
        ("question", "code"),
        [
            ("dx code htn", "I10"),
            ("dx htn", "I10"),
            ("John Smith DOB 3/4/1961 MRN 00451234 seen for htn, what dx code", "I10"),
            ("gerd no esophagitis", "K21.9"),
            ("gerd w esophagitis", "K21.00"),
        ],
    )
    def test_what_is_searched(self, question: str, code: str) -> None:
        icd = factories.system("icd-10-cm")
        for display, words in (
            ("I10", "Htn"),
            ("R03.0", "Reading without diagnosis of htn"),
            ("K21.00", "Gerd with esophagitis"),
            ("K21.9", "Gerd without esophagitis"),
        ):
            factories.code(display, of=icd, short_descriptor=words)
        factories.search_index()
        assert f"ICD-10-CM {code}:" in said(ask(question), 1)
        assert "Smith" not in repr(ask(question))

    @pytest.mark.parametrize("question", ["cut of finger no fb", "cut of finger without fb"])
    def test_what_the_words_rule_out_comes_last(self, question: str) -> None:
        icd = factories.system("icd-10-cm")
        for display, words in (("S61.2", "with"), ("S61.3", "without")):
            factories.code(display, of=icd, short_descriptor=f"Cut of finger {words} foreign body")
        Synonym.objects.create(
            text="fb", means="foreign body", kind="abbreviation", source="a test"
        )
        factories.search_index()
        text = said(ask(question))
        assert text.index("S61.3") < text.index("S61.2")

    def test_a_family_of_hcpcs_comes_first_and_deleted_codes_last(self) -> None:
        hcpcs = factories.system("hcpcs")
        ended = {"valid_to": date(2018, 6, 30), "billable": False}
        factories.code("C9469", of=hcpcs, short_descriptor="Triamcinolone", **ended)
        factories.code("Q3300", of=hcpcs, short_descriptor="Triamcinolone")
        factories.code("J3301", of=hcpcs, short_descriptor="Triamcinolone nos inj")
        factories.search_index()
        text = said(ask("j code for triamcinolone"))
        assert text.index("J3301") < text.index("Q3300") < text.index("C9469")

    def test_two_things_looked_for_at_once(self) -> None:
        factories.code("M10.9", of=factories.system("icd-10-cm"), short_descriptor="Gout")
        factories.code("J1010", of=factories.system("hcpcs"), short_descriptor="Methylpred inj")
        factories.search_index()
        text = said(ask("dx for gout and j code for methylpred"), 9)
        assert "M10.9" in text
        assert "J1010" in text

    @pytest.mark.parametrize(
        "question", ["thx", "ty", "you are useless", "u suck", "lol ok", "fix my claim"]
    )
    def test_chatter_is_not_searched(self, question: str) -> None:
        factories.code("G8696", of=factories.system("hcpcs"), short_descriptor="Antithromb thx")
        factories.search_index()
        assert ask(question).outcome is Outcome.REFUSED


class TestWhichLeads:
    """What stands first in the answer."""

    def test_a_diagnosis_with_a_procedure_is_about_coverage(self) -> None:
        factories.code("97110")
        factories.code("E11.9", of=factories.system("icd-10-cm"))
        factories.coverage_document(related=[])
        factories.coverage_code("97110")
        factories.coverage_code("E119", role="covered")
        for question in ("97110 with E11.9", "will E11.9 support 97110", "97110 E11.9"):
            assert "lists" in said(ask(question), 1)

    def test_a_long_message_about_a_pair(self) -> None:
        factories.code("99213")
        factories.code("99214")
        factories.telehealth_service("99213")
        ncci_rows.save(ncci_rows.ptp("99214", "99213"))
        text = said(
            ask(
                "Hi, she thinks the payer is right but the doctor thinks he is right, so can 99214"
                " and 99213 go on the same claim same date?"
            ),
            1,
        )
        assert "99213 is not paid beside 99214" in text

    @pytest.mark.parametrize("question", ["with a modifier?", "which modifier would open it?"])
    def test_modifiers_asked_for_after_a_pair(self, question: str) -> None:
        factories.code("99213")
        factories.code("99214")
        ncci_rows.save(ncci_rows.ptp("99214", "99213"))
        text = said(ask("99213 and 99214 together?", question), 1)
        assert "modifier indicator 1" in text

    @pytest.mark.parametrize(
        ("question", "answered"),
        [
            ("J1040 dos 3/15/24 ok?", "On 15 March 2024 J1040 was in use"),
            ("J1040 on 04/02/2024", "On 2 April 2024 J1040 was out of use"),
            ("is J1040 valid 4/2/24", "On 2 April 2024 J1040 was out of use"),
            ("J1040 dos 3/15/1981", "On 15 March 1981 J1040 was not in use yet"),
        ],
    )
    def test_a_day_of_service(self, question: str, answered: str) -> None:
        factories.code(
            "J1040",
            of=factories.system("hcpcs"),
            valid_from=date(1982, 1, 1),
            valid_to=date(2024, 3, 31),
            billable=False,
        )
        assert said(ask(question), 1).startswith(answered)

    def test_the_difference_in_whole_words(self) -> None:
        hcpcs = factories.system("hcpcs")
        for key in ("G0105", "G0121", "G0122"):
            factories.code(
                key, of=hcpcs, short_descriptor="Colorectal scrn", long_descriptor=f"Long {key}"
            )
        for question in ("G0105 vs G0121 vs G0122", "G0105, G0121 or G0122 whats the diff"):
            text = said(ask(question), 1)
            assert all(f"Long {key}" in text for key in ("G0105", "G0121", "G0122"))
            assert "Long" not in said(ask(question, asker=LOCKED), 99)

    def test_the_fee_that_is_named_before_the_others(self) -> None:
        factories.code("27447")
        factories.relative_value("27447")
        factories.outpatient_payment("27447")
        for question in ("opps rate for 27447", "apc payment 27447"):
            assert said(ask(question), 1).startswith("In a hospital outpatient department")

    @pytest.mark.parametrize(
        ("question", "answered"),
        [
            ("S9083 valid for medicare?", "Not payable by Medicare"),
            ("S9083 medicare", "Not payable by Medicare"),
            ("does medicare accept S9083", "Not payable by Medicare"),
        ],
    )
    def test_valid_for_medicare_is_more_than_valid(self, question: str, answered: str) -> None:
        factories.code("S9083", of=factories.system("hcpcs"))
        factories.hcpcs_detail("S9083", coverage="I")
        assert answered in said(ask(question), 1)

    @pytest.mark.parametrize(
        ("question", "answered"),
        [
            ("facility vs nonfacility 45385", "in a non-facility setting and"),
            ("is 45385 inpatient only", "hospital outpatient department"),
            ("22552 primary", "the one primary code that CMS lists"),
            ("can an NP bill 45385", "INCIDENT TEXT"),
            ("45385 incident to", "INCIDENT TEXT"),
            ("hcc for 45385", "risk adjustment categories (HCC)"),
        ],
    )
    def test_other_words_of_the_trade(self, question: str, answered: str) -> None:
        code = factories.code("45385")
        factories.code("22552")
        factories.published_text(code, "medicare_coverage", html="<p>INCIDENT TEXT</p>")
        factories.relative_value("45385")
        factories.outpatient_payment("45385")
        ncci_rows.add_on("22552", "22551")
        assert answered in said(ask(question), 1)

    def test_what_else_goes_with_a_diagnosis(self) -> None:
        code = factories.code("I11.0", of=factories.system("icd-10-cm"))
        CodeNote.objects.create(
            code=code,
            release=code.release,
            kind="use_additional",
            position=1,
            text="code for heart failure (I50.-)",
        )
        for question in (
            "I11.0 needs what else",
            "what else with I11.0",
            "what do i code with I11.0",
        ):
            assert "I50.-" in said(ask(question), 1)

    @pytest.mark.parametrize("question", ["how much time for 99214", "99214 how many minutes"])
    def test_time_is_no_price(self, question: str) -> None:
        code = factories.code("99214")
        factories.relative_value("99214")
        factories.published_text(code, "guidelines", html="<p>At least 30 minutes.</p>")
        assert "30 minutes" in said(ask(question), 1)

    def test_coverage_by_the_hcpcs_file_before_a_silent_file_of_articles(self) -> None:
        factories.code("A9270", of=factories.system("hcpcs"))
        factories.hcpcs_detail("A9270", coverage="M")
        factories.coverage_document(related=[])
        assert "Not covered by Medicare" in said(ask("is A9270 covered"), 1)

    def test_what_came_after_a_heading_are_the_codes_below(self) -> None:
        icd = factories.system("icd-10-cm")
        head = factories.code("M54.5", of=icd, billable=False)
        factories.code("M54.50", of=icd, parent=head)
        assert "M54.50" in said(ask("what replaced m54.5"), 2)


@pytest.mark.parametrize("question", ["0SRD0 complete?", "is 0SRD0 a pcs code", "0srd0"])
def test_the_beginning_of_a_pcs_code_is_no_code(question: str) -> None:
    pcs = factories.system("icd-10-pcs")
    factories.heading("category", "0SR", of=pcs, short_descriptor="Lower Joints, Replacement")
    found = ask(question)
    assert found.reason is Reason.UNKNOWN_CODE
    assert "Nearest to 0SRD0: 0SR" in said(found)
