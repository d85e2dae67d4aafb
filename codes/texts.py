"""The life of an authored text: draft, review, publication, withdrawal, and its history.

Each step of a text is one function here; it locks the text, checks that the step is allowed,
and writes a ``TextRevision``, so that nothing that was ever saved is lost. What changes the public
page raises the code's revision in the same transaction, which makes every stored page of it old
at once. A step is refused with a ``TextError``, whose message is meant for the editor.
"""

import datetime
import hashlib

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from codes.authored_texts import AuthoredText, TextRevision
from codes.markup import render
from codes.models import Code

Status = AuthoredText.Status


class TextError(Exception):
    """The text's state does not allow the step; nothing was changed."""


class ChangedMeanwhile(TextError):
    """Somebody else changed the text after the editor opened it."""


class AlreadyWritten(TextError):
    """The code has a text of that kind already."""


class NotReviewed(TextError):
    """The wording has not been reviewed since it was last changed."""


class NothingToPublish(TextError):
    """The wording is empty, or nothing of it is left once it is made safe."""


class NotPublished(TextError):
    """The public does not see the text, so it cannot be withdrawn."""


def version_of(text: AuthoredText) -> str:
    """Return a mark of the wording and its status, to notice that another editor changed it.

    A form carries it and gives it back as ``seen``. No query.
    """
    state = (text.markdown, str(text.status), str(text.reviewed_on), str(text.published_at))
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]


def normalised(markdown: str) -> str:
    """Return the wording as it is stored: one kind of line end, no space around it."""
    return markdown.replace("\r\n", "\n").replace("\r", "\n").strip()


@transaction.atomic
def save_draft(
    *, text: AuthoredText, markdown: str, by: AbstractBaseUser | None, seen: str | None = None
) -> AuthoredText:
    """Keep ``markdown`` as the wording in work; what the public sees stays as it is.

    ``text`` may be new, with its code and kind set. The wording it had before is in the history.
    The same wording again changes nothing, not even the status.

    Raises ``ChangedMeanwhile`` where ``seen`` is given and no longer ``version_of`` the text, and
    ``AlreadyWritten`` for a new text where there is one.
    """
    markdown = normalised(markdown)
    if text._state.adding:
        return _write_first(text, markdown, by)
    current = _locked(text, seen)
    if current.markdown == markdown:
        return current
    _remember_unrecorded(current)
    current.markdown = markdown
    current.author_id = by.pk if by else None
    return _draft(current, by)


@transaction.atomic
def review(
    *,
    text: AuthoredText,
    by: AbstractBaseUser,
    on: datetime.date | None = None,
    seen: str | None = None,
) -> AuthoredText:
    """Record that ``by`` found the wording right, on a day (today unless told otherwise).

    A published text stays published and shows the new date at once.
    """
    current = _locked(text, seen)
    _remember_unrecorded(current)
    current.reviewer_id = by.pk
    current.reviewed_on = on or timezone.localdate()
    if current.status == Status.PUBLISHED:
        _refresh_page(current)
    else:
        current.status = Status.REVIEWED
    return _keep(current, by)


@transaction.atomic
def publish(
    *, text: AuthoredText, by: AbstractBaseUser | None, seen: str | None = None
) -> AuthoredText:
    """Show the reviewed wording to the public, from this transaction on.

    Raises ``NotReviewed`` for a draft, ``NothingToPublish`` where no content is left.
    """
    current = _locked(text, seen)
    if current.status == Status.DRAFT:
        raise NotReviewed("Only reviewed wording can be published. Review it first.")
    html = render(current.markdown)
    if not html.strip():
        raise NothingToPublish("There is nothing to publish: the wording is empty.")
    _remember_unrecorded(current)
    current.html = html
    current.status = Status.PUBLISHED
    current.published_at = timezone.now()
    _refresh_page(current)
    return _keep(current, by)


@transaction.atomic
def withdraw(*, text: AuthoredText, by: AbstractBaseUser, seen: str | None = None) -> AuthoredText:
    """Take the text away from the public at once; the wording stays as a draft.

    Raises ``NotPublished`` where the public sees no text.
    """
    current = _locked(text, seen)
    if not current.html:
        raise NotPublished("The text is not published, so there is nothing to withdraw.")
    _remember_unrecorded(current)
    current.html = ""
    current.published_at = None
    _refresh_page(current)
    return _draft(current, by)


def restore(
    *, revision: TextRevision, by: AbstractBaseUser, seen: str | None = None
) -> AuthoredText:
    """Make the wording of an earlier revision the draft again; the public page stays."""
    return save_draft(text=revision.text, markdown=revision.markdown, by=by, seen=seen)


def _locked(text: AuthoredText, seen: str | None) -> AuthoredText:
    """Return the stored row, locked until the transaction ends; one query."""
    current = AuthoredText.objects.select_for_update().get(pk=text.pk)
    if seen is not None and seen != version_of(current):
        raise ChangedMeanwhile("Somebody else changed the text after you opened it.")
    return current


def _write_first(text: AuthoredText, markdown: str, by: AbstractBaseUser | None) -> AuthoredText:
    text.markdown = markdown
    text.author_id = by.pk if by else None
    text.status = Status.DRAFT
    text.updated_at = timezone.now()
    try:
        with transaction.atomic():
            text.save(force_insert=True)
    except IntegrityError as error:
        if not AuthoredText.objects.filter(code=text.code_id, kind=text.kind).exists():
            raise
        raise AlreadyWritten("The code has a text of that kind already.") from error
    _record(text, by)
    return text


def _draft(text: AuthoredText, by: AbstractBaseUser | None) -> AuthoredText:
    """Store new wording as a draft: nobody has reviewed it."""
    text.status = Status.DRAFT
    text.reviewer_id = text.reviewed_on = None
    return _keep(text, by)


def _keep(text: AuthoredText, by: AbstractBaseUser | None) -> AuthoredText:
    text.updated_at = timezone.now()
    text.save()
    _record(text, by)
    return text


def _record(text: AuthoredText, by: AbstractBaseUser | None) -> None:
    TextRevision.objects.create(
        text=text,
        markdown=text.markdown,
        status=text.status,
        saved_by_id=by.pk if by else None,
        saved_at=text.updated_at,
    )


def _remember_unrecorded(text: AuthoredText) -> None:
    """Put wording that came from elsewhere, such as a loaded file, into the history; one query."""
    last = text.revisions.first()
    if last is None or (last.markdown, last.status) != (text.markdown, text.status):
        TextRevision.objects.create(
            text=text,
            markdown=text.markdown,
            status=text.status,
            saved_by_id=text.author_id,
            saved_at=text.updated_at,
        )


def _refresh_page(text: AuthoredText) -> None:
    """Have the stored page of the code made again at its next view; one statement."""
    Code.objects.filter(pk=text.code_id).update(revision=F("revision") + 1)
