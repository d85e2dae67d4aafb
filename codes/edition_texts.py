"""Texts that come with an edition: kept with it, and published while the edition is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from codes.authored_texts import AuthoredText, TextRevision
from codes.code_versions import EditionText
from codes.importers.sample import TextRow
from codes.models import Code, CodeSystem, Release


def keep(release: Release, rows: Sequence[TextRow]) -> None:
    """Keep the texts of an edition whose codes are there; two statements, and one for 500 rows.

    None for an edition without texts.
    """
    if not rows:
        return
    found = Code.with_unshown.filter(system=release.system, versions__release=release)
    codes = {(kind, key): pk for kind, key, pk in found.values_list("kind", "key", "pk")}
    EditionText.objects.bulk_create(
        [
            EditionText(
                release=release,
                code_id=codes[row.ref],
                kind=row.kind,
                markdown=row.markdown,
                html=row.html,
            )
            for row in rows
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def publish(release: Release) -> "TextsLoaded | None":
    """Publish the texts of an edition in the place of those of another; ``None`` where it is of a
    kind that brings none.

    A text that an editor wrote or changed is left alone. Ten statements, and more for each 500
    texts.
    """
    system = release.system
    if system is None or not (release.is_sample or system.licence == CodeSystem.Licence.LICENSED):
        return None
    rows = EditionText.objects.filter(release=release).select_related("code")
    texts = [
        TextRow((row.code.kind, row.code.key), row.kind, row.markdown, row.html) for row in rows
    ]
    return _LoadedTexts(release).load(texts)


@dataclass(slots=True)
class TextsLoaded:
    """What became of the texts of an edition; each list holds texts by name."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Texts that an editor has changed since, which therefore stay as they are."""


class _LoadedTexts:
    """Brings the stored texts of a sample or licensed release to what its files say."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._now = timezone.now()
        self._result = TextsLoaded()
        codes = Code.objects.filter(system=release.system, release=release)
        self._codes = {(code.kind, code.key): code for code in codes}
        texts = AuthoredText.objects.filter(code__system=release.system)
        texts = texts.select_related("code", "release")
        self._stored = {
            (text.code_id, text.kind): text for text in texts.select_for_update(of=("self",))
        }

    def load(self, rows: Sequence[TextRow]) -> TextsLoaded:
        """Publish the rows and withdraw what they take the place of.

        Without any row, as of a delivery without its descriptors for lay people, only texts of the
        sample are withdrawn.
        """
        added, changed, same = [], [], []
        for row in rows:
            code = self._codes[row.ref]
            text = self._stored.pop((code.pk, row.kind), None)
            if text is None:
                added.append(self._published(AuthoredText(code=code, kind=row.kind), row))
            elif text.author_id is not None:
                self._result.kept.append(str(text))
            elif (text.markdown, text.html) != (row.markdown, row.html):
                changed.append(self._published(text, row))
            else:
                same.append(text)
        loaded = [text for text in self._stored.values() if _was_loaded(text)]
        withdrawn = [text for text in loaded if rows or not text.is_publishers]
        self._store(added, changed, same, [self._withdrawn(text) for text in withdrawn])
        return self._result

    def _published(self, text: AuthoredText, row: TextRow) -> AuthoredText:
        text.markdown, text.html = row.markdown, row.html
        text.status = AuthoredText.Status.PUBLISHED
        text.published_at = text.updated_at = self._now
        return self._from_release(text)

    def _from_release(self, text: AuthoredText) -> AuthoredText:
        text.release = self._release
        text.reviewed_on = self._release.effective_date
        return text

    def _withdrawn(self, text: AuthoredText) -> AuthoredText:
        text.html, text.published_at = "", None
        text.status = AuthoredText.Status.DRAFT
        text.updated_at = self._now
        return text

    def _store(
        self,
        added: Sequence[AuthoredText],
        changed: Sequence[AuthoredText],
        same: Sequence[AuthoredText],
        withdrawn: Sequence[AuthoredText],
    ) -> None:
        AuthoredText.objects.bulk_create(added, batch_size=500)
        AuthoredText.objects.bulk_update(
            [*changed, *map(self._from_release, same), *withdrawn], _TEXT_FIELDS, batch_size=500
        )
        touched = [*added, *changed, *withdrawn]
        revisions = [_revision(text, self._now) for text in touched]
        TextRevision.objects.bulk_create(revisions, batch_size=500)
        Code.objects.filter(pk__in={text.code_id for text in touched}).update(
            revision=F("revision") + 1
        )
        self._result.added = [str(text) for text in added]
        self._result.changed = [str(text) for text in changed]
        self._result.withdrawn = [str(text) for text in withdrawn]


_TEXT_FIELDS = [
    "markdown",
    "html",
    "status",
    "published_at",
    "updated_at",
    "release",
    "reviewed_on",
]


def _was_loaded(text: AuthoredText) -> bool:
    """Return whether the public sees it and it came from an edition, and nobody has edited it."""
    return bool(text.html) and text.author_id is None and text.release_id is not None


def _revision(text: AuthoredText, now: datetime) -> TextRevision:
    return TextRevision(text=text, markdown=text.markdown, status=text.status, saved_at=now)
