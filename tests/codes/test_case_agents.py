"""Case → codes: the agent of an infection beside its disease, as tabular notes ask."""

import pytest
from django.test import Client

from codes.models import CodeNote
from tests import factories
from tests.codes.case_pages import code, offered, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
AGENTS = "code (B95-B97) to identify infectious agent"


@pytest.fixture(autouse=True)
def classification() -> None:
    """Load diseases, some of whose notes ask for an agent, and agents."""
    for disease in (
        code("N39.0", "Urinary tract infection, site not specified"),
        code("N10", "Acute pyelonephritis"),
        code("L03.116", "Cellulitis of left lower limb"),
        code("L02.413", "Cutaneous abscess of right upper limb"),
    ):
        CodeNote.objects.create(
            code=disease,
            kind=CodeNote.Kind.USE_ADDITIONAL,
            text=AGENTS,
            position=0,
            release=disease.release,
        )
    code("J15.0", "Pneumonia due to Klebsiella pneumoniae")
    code("K26.9", "Duodenal ulcer, unspecified")
    code("K81.0", "Acute cholecystitis")
    code("A49.02", "Methicillin resistant Staphylococcus aureus infection, unspecified site")
    for display, name in (
        ("B95.62", "Methicillin resistant Staphylococcus aureus infection"),
        ("B96.1", "Klebsiella pneumoniae [K. pneumoniae]"),
        ("B96.20", "Unspecified Escherichia coli [E. coli]"),
        ("B96.81", "Helicobacter pylori [H. pylori]"),
    ):
        code(display, f"{name} as the cause of diseases classified elsewhere")
    factories.search_index()


@pytest.mark.parametrize(
    ("note", "codes"),
    [
        ("Escherichia coli urinary tract infection.", {"N39.0", "B96.20"}),
        ("Acute pyelonephritis. Urine culture grew E. coli.", {"N10", "B96.20"}),
        ("MRSA cellulitis of left lower limb.", {"L03.116", "B95.62"}),
        ("Abscess of the right forearm, wound culture MRSA.", {"L02.413", "B95.62"}),
        ("Duodenal ulcer, H. pylori positive.", {"K26.9", "B96.81"}),
        ("Acute cholecystitis due to E. coli.", {"K81.0", "B96.20"}),
        ("Acute cholecystitis. Urine culture grew E. coli.", {"K81.0"}),
        ("Klebsiella pneumonia.", {"J15.0"}),
        ("Acute pyelonephritis. Klebsiella pneumonia.", {"N10", "J15.0"}),
        ("Acute pyelonephritis. No E. coli in the culture.", {"N10"}),
        ("Acute pyelonephritis. MRSA nares screen positive.", {"N10"}),
        ("Acute pyelonephritis. Mother had E. coli.", {"N10"}),
    ],
)
def test_the_agent_stands_beside_its_disease(client: Client, note: str, codes: set[str]) -> None:
    assert offered(sent(client, note)) == codes


def test_it_says_which_disease_asks_and_by_what_rule(client: Client) -> None:
    page = sent(client, "Acute pyelonephritis due to E. coli.")
    assert offered(page) == {"N10", "B96.20"}
    assert "The agent, after N10" in page
    assert "I.C.1.b" in page
