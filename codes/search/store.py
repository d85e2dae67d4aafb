"""The index in the database and in the memory of each process.

``rebuild`` is called in the transaction of whatever changes names, so that the index and the codes
change together. A search asks in one statement whether the index in memory is the stored one, and
what each system may show; if not, one thread loads it while the others go on with the old one.
"""

import hashlib
import io
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import psycopg
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from codes.facts import PROCEDURE_SYSTEMS, CoverageCode
from codes.models import Code, CodeSystem, Release
from codes.search.answers import TermKind
from codes.search.build import Entry, Name, build
from codes.search.index import Flags, Index
from codes.search.knowledge import Knowledge, Known
from codes.search.narrowing import Classes
from codes.search.segment import Segment
from codes.search_segments import SearchSegment
from codes.terms import IndexTerm, Synonym, SynonymQuerySet

LOCK: Final = 0x5345_4152_4348
"""Of PostgreSQL's advisory locks the one that who builds the index holds."""
COVERAGE: Final = "coverage"
EXTENDED: Final = "icd-10-cm"
EXTENDED_LENGTH: Final = 7
"""The system whose codes of seven characters are extensions of the code above them."""
ABBREVIATED: Final = frozenset(("icd-10-pcs",))
"""Systems whose shorter descriptors only abbreviate the long one: no names of their own."""

_STATE: Final = """
    SELECT s.slug, s.name, s.display_mode, g.revision FROM codes_codesystem s
    LEFT JOIN codes_searchsegment g ON g.name = s.slug
    UNION ALL
    SELECT name, '', '', revision FROM codes_searchsegment WHERE name = 'coverage'
    UNION ALL
    SELECT '', '', '', number || '.' || xmin::text FROM codes_termsrevision
    ORDER BY 1
"""
"""``xmin`` names the transaction that wrote the row: numbers may come again after a restore."""


def rebuild(systems: Iterable[CodeSystem]) -> None:
    """Build and store the segments of these systems anew; one query, and five for each.

    98,000 codes of ICD-10-CM take some four seconds. It waits for whoever else builds until that
    is committed: what is read afterwards is never older than what is stored.
    """
    if not (asked := list(systems)):
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for system in asked:
            segment = build(_entries(system))
            _put(system.slug, segment.to_bytes(), len(segment.kind))


def rebuild_coverage() -> None:
    """Store which codes the current coverage documents list; two queries."""
    rows = CoverageCode.objects.current()
    is_procedure = Q(role=CoverageCode.Role.PROCEDURE)
    file = io.BytesIO()
    keys = {
        "procedures": rows.filter(is_procedure).values_list("code_key", flat=True).distinct(),
        "diagnoses": rows.exclude(is_procedure).values_list("code_key", flat=True).distinct(),
    }
    arrays: dict[str, Any] = {
        name: np.array(sorted(key.encode() for key in found), dtype="S8")
        for name, found in keys.items()
    }
    np.savez_compressed(file, allow_pickle=False, **arrays)
    _put(COVERAGE, file.getvalue(), sum(map(len, arrays.values())))


def refresh_after(release: Release) -> None:
    """Bring the index up to date after facts of a release came to be shown; seldom any query."""
    if release.source == COVERAGE:
        rebuild_coverage()
    named = CodeSystem.objects.filter(codes__index_terms__release__source=release.source)
    rebuild(named.distinct())


def is_extension(system: str, kind: str, key: str) -> bool:
    """Return whether a code is a 7th-character extension of the code above it."""
    return system == EXTENDED and kind == Code.Kind.CODE and len(key) == EXTENDED_LENGTH


def _put(name: str, content: bytes, names: int) -> None:
    revision = hashlib.blake2b(content, digest_size=16).hexdigest()
    values = {"revision": revision, "names": names, "content": content, "built_at": timezone.now()}
    SearchSegment.objects.update_or_create(name=name, defaults=values)


def _entries(system: CodeSystem) -> Iterator[Entry]:
    codes = Code.objects.filter(system=system).order_by("position")
    synonyms = _by_code(Synonym.objects.names_in(system))
    index_terms = _by_code(IndexTerm.objects.current().filter(code__system=system))
    is_abbreviated = system.slug in ABBREVIATED
    for row in codes.values_list(*_COLUMNS).iterator(chunk_size=10_000):
        code_id, parent_id, kind, key, display, billable, *texts, terms, valid_from, valid_to = row
        names = list(_names(texts[:1] if is_abbreviated else texts, texts[1], system.is_metered))
        names += [Name(term, TermKind.INCLUSION_TERM, not system.is_metered) for term in terms]
        names += [Name(term, TermKind.SYNONYM) for term in synonyms.get(code_id, ())]
        names += [Name(term, TermKind.INDEX_TERM) for term in index_terms.get(code_id, ())]
        is_leaf = is_extension(system.slug, kind, key)
        yield Entry(
            code_id, parent_id, kind, key, display, billable, names, valid_from, valid_to, is_leaf
        )


def _by_code(terms: QuerySet[Synonym] | QuerySet[IndexTerm]) -> dict[int, list[str]]:
    """Return the texts of each code; one query."""
    texts: dict[int, list[str]] = {}
    for code_id, text in terms.values_list("code_id", "text"):
        texts.setdefault(code_id, []).append(text)
    return texts


def _names(texts: Sequence[str], short: str, is_metered: bool) -> Iterator[Name]:
    """Yield the descriptors, each wording once; of a metered system only the short one is open."""
    for text in dict.fromkeys(texts):
        if text:
            yield Name(text, is_open=text == short or not is_metered)


_COLUMNS: Final = (
    "pk",
    "parent_id",
    "kind",
    "key",
    "display",
    "billable",
    "long_descriptor",
    "short_descriptor",
    "medium_descriptor",
    "inclusion_terms",
    "valid_from",
    "valid_to",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be found of the systems now, as masks over the codes of an index."""

    words: Flags | None
    """By words: systems whose wording is shown; ``None`` where that is all."""
    numbers: Flags | None
    """By number: systems that are shown at all."""
    system_names: dict[str, str]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Loaded:
    """An index in memory, with what it was loaded from."""

    stored: tuple[tuple[str, str], ...]
    """The name and revision of each part."""
    index: Index
    knowledge: Knowledge
    classes: Classes
    shown: dict[tuple[str, ...], Shown] = field(default_factory=dict)

    def showing(self, systems: Sequence[tuple[str, str, str]]) -> Shown:
        """Return what may be found, for the display mode of each system."""
        key = tuple(mode for _, _, mode in systems)
        if key not in self.shown:
            self.shown[key] = _shown(self.index, systems)
        return self.shown[key]


def current() -> tuple[Loaded, Shown]:
    """Return the index as stored now, and what of it may be found; one query unless it changed.

    A change takes a second to load: whoever comes meanwhile gets the index before it.
    """
    rows = _rows()
    systems = tuple((slug, name, mode) for slug, name, mode, _ in rows if mode)
    stored = tuple((slug, revision) for slug, _, _, revision in rows if revision)
    loaded = _memory.get(stored)
    return loaded, loaded.showing(systems)


def _rows() -> list[tuple[str, str, str, str | None]]:
    connection.ensure_connection()
    started = time.monotonic()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        rows = cursor.execute(_STATE).fetchall()
    if connection.queries_logged:
        seconds = f"{time.monotonic() - started:.3f}"
        connection.queries_log.append({"sql": _STATE, "time": seconds})
    return rows


class _Memory:
    """The index of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None
        self.instead: Loaded | None = None

    def get(self, stored: tuple[tuple[str, str], ...]) -> Loaded:
        """Return the index of what is stored, loaded by one thread at a time."""
        if self.instead is not None:
            return self.instead
        loaded = self._loaded
        if loaded is not None and loaded.stored == stored:
            return loaded
        if not self._lock.acquire(blocking=loaded is None) and loaded is not None:
            return loaded
        try:
            if self._loaded is None or self._loaded.stored != stored:
                self._loaded = _load(stored, self._loaded)
            return self._loaded
        finally:
            self._lock.release()


_memory: Final = _Memory()


@contextmanager
def leaving_out(terms: Collection[str]) -> Iterator[None]:
    """Have this process search an index without these inclusion and index terms; for measuring.

    Built from the codes, which takes some ten seconds for all systems.
    """
    systems = CodeSystem.objects.order_by("position")
    parts = [(system.slug, build(_without(_entries(system), terms))) for system in systems]
    index = Index(parts)
    _memory.instead = Loaded((), index, _knowledge(index), Classes(index, _covered(index, None)))
    try:
        yield
    finally:
        _memory.instead = None


@contextmanager
def without_source(source: str) -> Iterator[None]:
    """Have this process search without the readings of a source; for measuring.

    Names of codes that the source gives stay in the index. One query.
    """
    loaded, _ = current()
    others = Synonym.objects.active().exclude(source__startswith=source)
    _memory.instead = replace(loaded, knowledge=_knowledge(loaded.index, others))
    try:
        yield
    finally:
        _memory.instead = None


def _without(entries: Iterable[Entry], terms: Collection[str]) -> Iterator[Entry]:
    for entry in entries:
        kept = [
            name
            for name in entry.names
            if name.kind is TermKind.DESCRIPTOR or name.text not in terms
        ]
        yield replace(entry, names=kept)


def _load(stored: tuple[tuple[str, str], ...], before: Loaded | None) -> Loaded:
    """Read the parts that are stored; the index is kept where only knowledge has changed."""
    old = dict(before.stored) if before else {}
    new = dict(stored)
    terms, old_terms = new.pop("", None), old.pop("", None)
    if before is not None and new == old:
        knowledge = before.knowledge if terms == old_terms else _knowledge(before.index)
        return Loaded(stored, before.index, knowledge, before.classes)
    rows = SearchSegment.objects.values_list("name", "content")
    contents = {name: bytes(content) for name, content in rows}
    coverage = contents.pop(COVERAGE, None)
    order = CodeSystem.objects.order_by("position").values_list("slug", flat=True)
    parts = [(slug, Segment.from_bytes(contents[slug])) for slug in order if slug in contents]
    index = Index(parts)
    return Loaded(stored, index, _knowledge(index), Classes(index, _covered(index, coverage)))


def _knowledge(index: Index, synonyms: SynonymQuerySet | None = None) -> Knowledge:
    rows = Synonym.objects.active() if synonyms is None else synonyms
    columns = ("text", "means", "code_id", "rank", "is_exact_case")
    known = index.vocabulary.number
    return Knowledge.of((Known(*row) for row in rows.values_list(*columns)), known)


def _covered(index: Index, content: bytes | None) -> Flags:
    """Return which codes coverage documents list."""
    covered = np.zeros(index.size, dtype=np.bool_)
    if content is None:
        return covered
    with np.load(io.BytesIO(content), allow_pickle=False) as keys:
        for place, slug in enumerate(index.systems):
            where = slice(index.base[place], index.base[place + 1])
            listed = keys["procedures" if slug in PROCEDURE_SYSTEMS else "diagnoses"]
            covered[where] = np.isin(index.key[where], listed)
    return covered


def _shown(index: Index, systems: Sequence[tuple[str, str, str]]) -> Shown:
    modes = {slug: mode for slug, _, mode in systems}
    off, full = CodeSystem.DisplayMode.OFF, CodeSystem.DisplayMode.FULL
    has_words = [modes.get(slug, off) == full for slug in index.systems]
    has_numbers = [modes.get(slug, off) != off for slug in index.systems]
    return Shown(
        words=_mask(index, has_words),
        numbers=_mask(index, has_numbers),
        system_names={slug: name for slug, name, _ in systems},
    )


def _mask(index: Index, wanted: list[bool]) -> Flags | None:
    return None if all(wanted) else np.array(wanted, dtype=np.bool_)[index.system]
