"""What ``search`` and ``suggest`` answer, which the page and machines share."""

import pytest

from codes.models import Code
from codes.search import Filters, Group, search, suggest
from codes.search.answers import NO_FILTERS
from tests import factories

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
