"""The codes around a code: found by a statement of its own, which must say what ``Code`` says."""

import pytest

from codes.models import Code
from codes.neighbours import BELOW, BESIDE, neighbours_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> list[Code]:
    """Return the codes of a category in printed order; one of them is not shown."""
    chapter = factories.heading("chapter", "1")
    section = factories.heading("section", "A", parent=chapter)
    codes = [factories.code(f"1{n:04}", parent=section) for n in range(30)]
    Code.objects.filter(pk=codes[16].pk).update(is_shown=False)
    other = factories.system("hcpcs")
    factories.code("J1100", of=other, position=codes[15].position)
    return codes


def shown(codes: list[Code]) -> list[str]:
    return [code.display for code in codes]


def test_neighbours_are_those_of_the_querysets(tree: list[Code]) -> None:
    code = tree[15]
    around = neighbours_of(code)
    level = Code.objects.filter(parent=code.parent).order_by("position")
    before = level.filter(position__lt=code.position).reverse()[:BESIDE]
    after = level.filter(position__gt=code.position)[:BESIDE]
    assert shown(around.beside) == [*shown(list(before))[::-1], *shown(list(after))]
    assert len(around.beside) == 2 * BESIDE
    assert shown(around.above) == ["1", "A"]
    assert around.below == []
    pages = Code.objects.with_page().filter(system=code.system).order_by("position")
    assert around.previous == pages.filter(position__lt=code.position).last()
    assert around.next == pages.filter(position__gt=code.position).first() == tree[17]
    assert all(one.system == code.system for one in around.beside)


def test_a_heading_has_codes_below_and_a_root_none_beside(tree: list[Code]) -> None:
    section = Code.objects.get(kind="section", key="A")
    assert shown(neighbours_of(section).below) == shown([*tree[:16], *tree[17:]])
    for number in range(BELOW):
        factories.code(f"2{number:04}", parent=section)
    assert len(neighbours_of(section).below) == BELOW
    chapter = neighbours_of(Code.objects.get(kind="chapter"))
    assert (chapter.above, chapter.beside) == ([], [])


def test_the_first_and_the_last_code_have_one_side(tree: list[Code]) -> None:
    assert neighbours_of(tree[0]).previous is None
    assert neighbours_of(tree[-1]).next is None
