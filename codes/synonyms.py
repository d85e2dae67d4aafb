"""Writes field knowledge: one row by an editor, many rows from the files that come along.

Each write keeps the state that it leaves behind in the history and raises the number that running
processes compare, in the same transaction; so an edit has its effect at the next search. Names of
codes stand in the search index as well, which the task queue builds anew after an edit: until then
a name is found whole, and afterwards by any of its words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from codes import tasks
from codes.importers.search_terms import TermRow
from codes.models import Code, CodeSystem
from codes.search import store
from codes.terms import Synonym, SynonymRevision

SAID: Final = ("kind", "text", "means", "code", "rank", "is_exact_case", "source", "is_active")
"""The fields that say something; a revision repeats them."""
_BATCH: Final = 500


@transaction.atomic
def save(*, synonym: Synonym, by: AbstractBaseUser | None) -> bool:
    """Store a new or edited synonym; return whether it says anything else than before.

    Raises ``IntegrityError`` for what the constraints forbid. Four statements.
    """
    stored = Synonym.objects.select_for_update().filter(pk=synonym.pk).first()
    if stored is not None and _said(stored) == _said(synonym):
        return False
    synonym.changed_at = timezone.now()
    synonym.is_edited = by is not None
    synonym.save()
    _keep([synonym], by)
    tasks.rebuild_index_soon([each.code_id for each in (synonym, stored) if each and each.is_name])
    return True


@transaction.atomic
def set_active(*, synonyms: QuerySet[Synonym], is_active: bool, by: AbstractBaseUser | None) -> int:
    """Let the search use these rows, or not; return how many changed. Four statements."""
    changed = list(synonyms.select_for_update(of=("self",)).exclude(is_active=is_active))
    for synonym in changed:
        synonym.is_active, synonym.changed_at = is_active, timezone.now()
        synonym.is_edited = by is not None
    columns = ["is_active", "changed_at", "is_edited"]
    Synonym.objects.bulk_update(changed, columns, batch_size=_BATCH)
    if changed:
        _keep(changed, by)
        tasks.rebuild_index_soon([each.code_id for each in changed if each.is_name])
    return len(changed)


@dataclass(slots=True)
class TermsLoaded:
    """What became of the rows of the files."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)
    """Texts that an editor has changed since, which therefore stay as they are."""
    without_code: list[TermRow] = field(default_factory=list)
    """Rows whose code the editions loaded do not hold; loaded only if they mean words too."""


@transaction.atomic
def load_terms(*, rows: Sequence[TermRow]) -> TermsLoaded:
    """Bring the rows that come along to what their files say; the same files again do nothing.

    A row that an editor has changed is left alone. A row that the files no longer hold is set
    inactive. A row whose code is not loaded gets it when the command runs after the codes came.
    Some ten statements for every 500 rows that changed; then the search index of the systems whose
    codes they name is built anew.
    """
    return _Loader(rows).load()


class _Loader:
    """Compares the rows of the files with what is stored, by the key of each row."""

    def __init__(self, rows: Sequence[TermRow]) -> None:
        self._rows = rows
        self._codes = _codes_of(rows)
        self._now = timezone.now()
        self._result = TermsLoaded()
        stored = Synonym.objects.select_for_update(of=("self",))
        self._stored = {one.fixture_key: one for one in stored.exclude(fixture_key="")}
        self._keys = {_identity(one): key for key, one in self._stored.items()}
        self._written = {_identity(one) for one in stored if not one.fixture_key or one.is_edited}

    def load(self) -> TermsLoaded:
        added: list[Synonym] = []
        changed: list[Synonym] = []
        for row in self._rows:
            wanted = self._wanted(row)
            if wanted is None:
                continue
            stored = self._stored.pop(self._key_of(row, wanted), None)
            if (stored and stored.is_edited) or _identity(wanted) in self._written:
                self._result.kept.append(row.text)
            elif stored is None:
                added.append(wanted)
            elif (stored.fixture_key, *_said(stored)) != (row.key, *_said(wanted)):
                changed.append(_told(stored, wanted, self._now))
            else:
                self._result.same += 1
        self._store(added, changed, self._withdrawn())
        return self._result

    def _key_of(self, row: TermRow, wanted: Synonym) -> str:
        """Return the key under which the row is stored; an older one where that says the same."""
        if row.key in self._stored:
            return row.key
        return self._keys.get(_identity(wanted), row.key)

    def _wanted(self, row: TermRow) -> Synonym | None:
        """Return the synonym that a row asks for; nothing while a code that it needs is missing."""
        code_id = self._codes.get((row.system, row.code_key))
        if row.code_key and code_id is None:
            self._result.without_code.append(row)
            if not row.means or row.kind == Synonym.Kind.MAIN_TERM:
                self._stored.pop(row.key, None)  # its code may only be missing for a while
                return None
        return Synonym(
            kind=row.kind,
            text=row.text,
            means=row.means,
            code_id=code_id,
            rank=row.rank,
            is_exact_case=row.is_exact_case,
            source=row.source,
            fixture_key=row.key,
            changed_at=self._now,
        )

    def _withdrawn(self) -> list[Synonym]:
        """Return what the files no longer hold, set inactive."""
        gone = [one for one in self._stored.values() if one.is_active and not one.is_edited]
        for synonym in gone:
            synonym.is_active, synonym.changed_at = False, self._now
        return gone

    def _store(
        self, added: list[Synonym], changed: list[Synonym], withdrawn: list[Synonym]
    ) -> None:
        touched = [*added, *changed, *withdrawn]
        # What goes makes room first: a row of another file may take its words over.
        Synonym.objects.bulk_update(
            [*withdrawn, *changed], [*SAID, "changed_at", "fixture_key"], batch_size=_BATCH
        )
        Synonym.objects.bulk_create(added, batch_size=_BATCH)
        if touched:
            _keep(touched, None)
            named = [each.code_id for each in touched if each.is_name]
            store.rebuild(CodeSystem.objects.filter(codes__in=named).distinct())
        self._result.added = len(added)
        self._result.changed = len(changed)
        self._result.withdrawn = len(withdrawn)


def _codes_of(rows: Iterable[TermRow]) -> dict[tuple[str, str], int]:
    """Return the ids of the codes and categories that the rows name; one query."""
    keys = {row.code_key for row in rows if row.code_key}
    found = Code.objects.with_page().filter(key__in=keys)
    return {(slug, key): pk for slug, key, pk in found.values_list("system__slug", "key", "pk")}


def _told(stored: Synonym, wanted: Synonym, now: object) -> Synonym:
    for name in SAID:
        setattr(stored, _column(name), getattr(wanted, _column(name)))
    stored.fixture_key = wanted.fixture_key
    stored.changed_at = now  # type: ignore[assignment]  # a datetime
    return stored


def _said(synonym: Synonym) -> tuple[object, ...]:
    return tuple(getattr(synonym, _column(name)) for name in SAID)


def _identity(synonym: Synonym) -> tuple[object, ...]:
    """Return what the database lets stand once."""
    return synonym.kind, synonym.text.lower(), synonym.means.lower(), synonym.code_id


def _column(name: str) -> str:
    return "code_id" if name == "code" else name


def _keep(synonyms: Sequence[Synonym], by: AbstractBaseUser | None) -> None:
    """Note the present state of the rows in their history, and raise the number of changes."""
    SynonymRevision.objects.bulk_create(
        [
            SynonymRevision(
                synonym=synonym,
                saved_by_id=by.pk if by else None,
                saved_at=synonym.changed_at,
                **dict(zip(map(_column, SAID), _said(synonym), strict=True)),
            )
            for synonym in synonyms
        ],
        batch_size=_BATCH,
    )
    with connection.cursor() as cursor:
        cursor.execute(_RAISE)


_RAISE: Final = """
    INSERT INTO codes_termsrevision (id, number) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET number = codes_termsrevision.number + 1
"""
