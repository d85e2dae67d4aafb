"""The life of an authored text."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from codes import texts
from codes.authored_texts import AuthoredText, TextRevision
from codes.models import Code
from tests import factories

pytestmark = pytest.mark.django_db

Status = AuthoredText.Status


@pytest.fixture
def code() -> Code:
    return factories.code()


@pytest.fixture
def draft(code: Code) -> AuthoredText:
    new = AuthoredText(code=code, kind="plain")
    return texts.save_draft(text=new, markdown="First wording", by=factories.staff())


def _revision_of(code: Code) -> int:
    return Code.objects.get(pk=code.pk).revision


def _published(text: AuthoredText) -> AuthoredText:
    editor = factories.staff()
    texts.review(text=text, by=editor)
    return texts.publish(text=text, by=editor)


def _steps(text: AuthoredText) -> list[tuple[str, str]]:
    return list(text.revisions.order_by("pk").values_list("markdown", "status"))


def test_first_draft_is_kept_and_recorded(code: Code) -> None:
    editor = factories.staff()
    new = AuthoredText(code=code, kind="plain")

    text = texts.save_draft(text=new, markdown="  One\r\nTwo\n\n", by=editor)

    text.refresh_from_db()
    assert (text.markdown, text.status, text.html) == ("One\nTwo", Status.DRAFT, "")
    assert text.author == editor
    assert _steps(text) == [("One\nTwo", "draft")]
    assert text.revisions.get().saved_by == editor


def test_a_draft_leaves_the_public_page_alone(code: Code, draft: AuthoredText) -> None:
    before = _revision_of(code)
    texts.save_draft(text=draft, markdown="Second", by=factories.staff())
    assert _revision_of(code) == before


def test_same_wording_again_changes_nothing(draft: AuthoredText) -> None:
    texts.review(text=draft, by=factories.staff())
    kept = texts.save_draft(text=draft, markdown="First wording\r\n", by=factories.staff())
    assert kept.status == Status.REVIEWED
    assert len(_steps(draft)) == 2


def test_a_second_text_of_the_same_kind_is_refused(draft: AuthoredText) -> None:
    another = AuthoredText(code=draft.code, kind="plain")
    with pytest.raises(texts.AlreadyWritten):
        texts.save_draft(text=another, markdown="Mine", by=factories.staff())
    assert AuthoredText.objects.get().markdown == "First wording"


def test_review_names_reviewer_and_day(draft: AuthoredText) -> None:
    reviewer = factories.staff()
    text = texts.review(text=draft, by=reviewer, on=date(2026, 4, 1))
    assert (text.status, text.reviewer, text.reviewed_on) == (
        Status.REVIEWED,
        reviewer,
        date(2026, 4, 1),
    )
    assert text.revisions.first().saved_by == reviewer  # type: ignore[union-attr]  # it was just written


def test_publishing_needs_a_review(code: Code, draft: AuthoredText) -> None:
    before = _revision_of(code)
    with pytest.raises(texts.NotReviewed):
        texts.publish(text=draft, by=factories.staff())
    draft.refresh_from_db()
    assert (draft.status, draft.html, _revision_of(code)) == (Status.DRAFT, "", before)
    assert len(_steps(draft)) == 1


def test_a_change_after_the_review_needs_another(draft: AuthoredText) -> None:
    texts.review(text=draft, by=factories.staff())
    text = texts.save_draft(text=draft, markdown="Changed", by=factories.staff())
    assert (text.status, text.reviewer, text.reviewed_on) == (Status.DRAFT, None, None)
    with pytest.raises(texts.NotReviewed):
        texts.publish(text=text, by=factories.staff())


def test_publishing_renders_safely_and_refreshes_the_page(code: Code, draft: AuthoredText) -> None:
    texts.save_draft(text=draft, markdown="**Good** <script>x</script>", by=None)
    texts.review(text=draft, by=factories.staff())
    before = _revision_of(code)

    text = texts.publish(text=draft, by=factories.staff())

    text.refresh_from_db()
    assert "<strong>Good</strong>" in text.html
    assert "<script" not in text.html
    assert text.published_at is not None
    assert _revision_of(code) == before + 1
    assert _steps(text)[-1] == (text.markdown, "published")


def test_nothing_left_is_not_published(draft: AuthoredText) -> None:
    texts.save_draft(text=draft, markdown="", by=None)
    texts.review(text=draft, by=factories.staff())
    with pytest.raises(texts.NothingToPublish):
        texts.publish(text=draft, by=factories.staff())
    draft.refresh_from_db()
    assert (draft.status, draft.html) == (Status.REVIEWED, "")


def test_a_newer_draft_keeps_what_is_public(draft: AuthoredText) -> None:
    public = _published(draft).html
    text = texts.save_draft(text=draft, markdown="Newer", by=factories.staff())
    text.refresh_from_db()
    assert (text.status, text.html) == (Status.DRAFT, public)
    assert text.published_at is not None


def test_reviewing_a_published_text_shows_the_new_day(code: Code, draft: AuthoredText) -> None:
    _published(draft)
    before = _revision_of(code)
    text = texts.review(text=draft, by=factories.staff(), on=date(2027, 1, 2))
    assert (text.status, text.reviewed_on) == (Status.PUBLISHED, date(2027, 1, 2))
    assert _revision_of(code) == before + 1


def test_withdrawing_hides_the_text_at_once(code: Code, draft: AuthoredText) -> None:
    _published(draft)
    before = _revision_of(code)
    text = texts.withdraw(text=draft, by=factories.staff())
    text.refresh_from_db()
    assert (text.status, text.html, text.published_at) == (Status.DRAFT, "", None)
    assert text.markdown == "First wording"
    assert _revision_of(code) == before + 1


def test_only_a_published_text_is_withdrawn(draft: AuthoredText) -> None:
    with pytest.raises(texts.NotPublished):
        texts.withdraw(text=draft, by=factories.staff())


def test_restoring_makes_a_draft_and_keeps_the_history(draft: AuthoredText) -> None:
    public = _published(draft).html
    texts.save_draft(text=draft, markdown="Worse", by=factories.staff())
    first = draft.revisions.order_by("pk")[0]

    text = texts.restore(revision=first, by=factories.staff())

    assert (text.markdown, text.status, text.html) == ("First wording", Status.DRAFT, public)
    assert [markdown for markdown, _ in _steps(draft)][-2:] == ["Worse", "First wording"]


def test_wording_loaded_from_elsewhere_gets_into_the_history(code: Code) -> None:
    loaded = factories.published_text(code)
    texts.save_draft(text=loaded, markdown="Mine", by=factories.staff())
    assert _steps(loaded) == [("Text", "published"), ("Mine", "draft")]


def test_the_second_of_two_editors_is_told(draft: AuthoredText) -> None:
    seen = texts.version_of(draft)
    texts.save_draft(text=draft, markdown="Hers", by=factories.staff(), seen=seen)
    with pytest.raises(texts.ChangedMeanwhile):
        texts.save_draft(text=draft, markdown="His", by=factories.staff(), seen=seen)
    draft.refresh_from_db()
    assert draft.markdown == "Hers"
    assert len(_steps(draft)) == 2


@pytest.mark.parametrize("step", ["review", "publish", "withdraw"])
def test_no_step_is_taken_on_wording_that_nobody_saw(draft: AuthoredText, step: str) -> None:
    seen = texts.version_of(draft)
    texts.save_draft(text=draft, markdown="Hers", by=factories.staff())
    with pytest.raises(texts.ChangedMeanwhile):
        getattr(texts, step)(text=draft, by=factories.staff(), seen=seen)


@pytest.mark.parametrize("step", ["save_draft", "review", "publish", "withdraw"])
def test_version_changes_with_every_step(draft: AuthoredText, step: str) -> None:
    texts.review(text=draft, by=factories.staff(), on=date(2020, 1, 1))
    if step == "withdraw":
        texts.publish(text=draft, by=factories.staff())
    before = texts.version_of(AuthoredText.objects.get())
    wording = {"markdown": "Other"} if step == "save_draft" else {}
    after = getattr(texts, step)(text=draft, by=factories.staff(), **wording)
    assert before != texts.version_of(after)
    assert texts.version_of(after) == texts.version_of(AuthoredText.objects.get())


@pytest.mark.django_db(transaction=True)
def test_of_many_editors_at_once_one_wins_and_all_others_are_told() -> None:
    new = AuthoredText(code=factories.code(), kind="plain")
    text = texts.save_draft(text=new, markdown="First", by=None)
    seen, told = texts.version_of(text), []

    def edit(number: int) -> None:
        try:
            texts.save_draft(text=text, markdown=f"Wording {number}", by=None, seen=seen)
        except texts.ChangedMeanwhile:
            told.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 7
    assert TextRevision.objects.count() == 2


def test_a_transaction_rolled_back_leaves_neither_text_nor_refresh(
    code: Code, draft: AuthoredText
) -> None:
    texts.review(text=draft, by=factories.staff())
    before = _revision_of(code)
    with transaction.atomic():
        texts.publish(text=draft, by=factories.staff())
        transaction.set_rollback(True)
    draft.refresh_from_db()
    assert (draft.html, _revision_of(code)) == ("", before)
