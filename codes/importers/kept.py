"""Keeps a staged edition whole, and stages it again from what was kept, to be merged once more.

Statements over all rows, inside the transaction of ``codes.editions``. What a code prints below its
name is stored once for all editions that print the same (``NoteSet``).
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection

from codes.importers import staging
from codes.models import Release

_NOTE_SETS: Final = """
    CREATE TEMP TABLE stage_noteset ON COMMIT DROP AS
    SELECT *, md5(jsonb_build_array(
        to_jsonb(inclusion_terms), notes, characters, to_jsonb(successors)
    )::text)::uuid AS digest
    FROM (
        SELECT s.id AS code_id, s.inclusion_terms,
            coalesce(n.notes, '[]') AS notes,
            coalesce(h.characters, '[]') AS characters,
            coalesce(u.successors, '{}') AS successors
        FROM pg_temp.stage_code s
        LEFT JOIN (
            SELECT code_id, jsonb_agg(jsonb_build_array(kind, text) ORDER BY position) AS notes
            FROM pg_temp.stage_codes_codenote GROUP BY code_id
        ) n ON n.code_id = s.id
        LEFT JOIN (
            SELECT code_id,
                jsonb_agg(jsonb_build_array("character", meaning) ORDER BY ctid) AS characters
            FROM pg_temp.stage_codes_seventhcharacter GROUP BY code_id
        ) h ON h.code_id = s.id
        LEFT JOIN (
            SELECT code_id, array_agg(successor_id ORDER BY successor_id) AS successors
            FROM pg_temp.stage_codes_successor GROUP BY code_id
        ) u ON u.code_id = s.id
    ) printed
    WHERE inclusion_terms <> '{}' OR notes <> '[]' OR characters <> '[]' OR successors <> '{}'
"""
"""7th characters have no number: ``ctid`` is the order in which they were copied."""

_KEEP_NOTE_SETS: Final = """
    INSERT INTO codes_noteset (code_id, inclusion_terms, notes, characters, successors, digest)
    SELECT code_id, inclusion_terms, notes, characters, successors, digest
    FROM pg_temp.stage_noteset
    ON CONFLICT (code_id, digest) DO NOTHING
"""

_KEEP: Final = """
    INSERT INTO codes_codeversion (
        release_id, code_id, kind, key, display, billable, short_descriptor, medium_descriptor,
        long_descriptor, valid_from, valid_to, position, ancestors, note_set_id
    )
    SELECT %(release)s, s.id, s.kind, s.key, s.display, s.billable, s.short_descriptor,
        s.medium_descriptor, s.long_descriptor, s.valid_from, s.valid_to, s.position, s.ancestors,
        n.id
    FROM pg_temp.stage_code s
    LEFT JOIN pg_temp.stage_noteset t ON t.code_id = s.id
    LEFT JOIN codes_noteset n ON n.code_id = t.code_id AND n.digest = t.digest
    ORDER BY s.position
    ON CONFLICT (release_id, kind, key) DO UPDATE
        SET ancestors = EXCLUDED.ancestors, note_set_id = EXCLUDED.note_set_id
"""
"""Versions that are there are of an edition kept by an older CasePilot, which lacked the rest."""

_OF_EDITION: Final = """
    SELECT id AS version_id, valid_to FROM codes_codeversion WHERE release_id = %(release)s
"""

_OF_FORMER: Final = """
    SELECT version_id, valid_to FROM (
        SELECT DISTINCT ON (c.id) v.id AS version_id, e.is_whole,
            coalesce(v.valid_to, greatest(e.last_day, v.valid_from)) AS valid_to,
            v.release_id AS release_id, c.release_id AS shown_from, c.valid_to AS shown_to,
            c.is_shown
        FROM codes_code c
        JOIN codes_codeversion v ON v.code_id = c.id
        JOIN unnest(%(earlier)s::bigint[], %(last_days)s::date[], %(whole)s::boolean[])
            WITH ORDINALITY AS e(release_id, last_day, is_whole, place)
            ON e.release_id = v.release_id
        WHERE c.system_id = %(system)s AND c.release_id <> %(release)s
        ORDER BY c.id, e.place DESC
    ) former
    WHERE is_whole
        AND (shown_from <> release_id OR NOT is_shown OR shown_to IS DISTINCT FROM valid_to)
"""
"""What the editions before say last of the codes that the edition shown does not name; each ends
on the day before the edition that left it out, unless it stated its last day itself."""

_STAGE_CODES: Final = """
    INSERT INTO pg_temp.stage_code (
        id, parent_id, ancestors, kind, key, display, billable, short_descriptor,
        medium_descriptor, long_descriptor, inclusion_terms, valid_from, valid_to, position,
        is_new, release_id
    )
    SELECT v.code_id, v.ancestors[cardinality(v.ancestors)], v.ancestors, v.kind, v.key, v.display,
        v.billable, v.short_descriptor, v.medium_descriptor, v.long_descriptor,
        coalesce(n.inclusion_terms, '{}'), v.valid_from, p.valid_to, v.position, false,
        v.release_id
    FROM pg_temp.stage_picked p
    JOIN codes_codeversion v ON v.id = p.version_id
    LEFT JOIN codes_noteset n ON n.id = v.note_set_id
"""

_PRINTED: Final = """
    CREATE TEMP TABLE stage_printed ON COMMIT DROP AS
    SELECT n.* FROM pg_temp.stage_picked p
    JOIN codes_codeversion v ON v.id = p.version_id
    JOIN codes_noteset n ON n.id = v.note_set_id
"""
_STAGE_PARTS: Final = (
    """
    INSERT INTO pg_temp.stage_codes_codenote (code_id, kind, position, text)
    SELECT n.code_id, e.value ->> 0, e.place, e.value ->> 1
    FROM pg_temp.stage_printed n
    CROSS JOIN jsonb_array_elements(n.notes) WITH ORDINALITY AS e(value, place)
    """,
    """
    INSERT INTO pg_temp.stage_codes_seventhcharacter (code_id, "character", meaning)
    SELECT n.code_id, e.value ->> 0, e.value ->> 1
    FROM pg_temp.stage_printed n
    CROSS JOIN jsonb_array_elements(n.characters) WITH ORDINALITY AS e(value, place)
    ORDER BY n.code_id, e.place
    """,
    """
    INSERT INTO pg_temp.stage_codes_successor (code_id, successor_id)
    SELECT n.code_id, e.pk
    FROM pg_temp.stage_printed n CROSS JOIN unnest(n.successors) AS e(pk)
    """,
)


def keep(release: Release) -> None:
    """Keep the staged edition whole under its release; the rows of its codes are there."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_noteset")
        cursor.execute(_NOTE_SETS)
        cursor.execute("ANALYZE pg_temp.stage_noteset")
        cursor.execute(_KEEP_NOTE_SETS)
        cursor.execute("ANALYZE codes_noteset")
        cursor.execute(_KEEP, {"release": release.pk})
        # What reads it next would plan for the few rows that there were before.
        cursor.execute("ANALYZE codes_codeversion")
    release.is_whole = True
    release.save(update_fields=["is_whole"])


def stage_edition(release: Release) -> bool:
    """Stage a kept edition as its import had staged it; return whether there is any of it."""
    return _stage(_OF_EDITION, {"release": release.pk})


def stage_former(release: Release, earlier: list[Release]) -> bool:
    """Stage the codes that the edition shown does not name as they are to be shown beside it.

    Only those that are not so already; return whether there are any. ``earlier`` are the editions
    that count before ``release``, the oldest first; the codes of the edition itself point to it by
    now.
    """
    following = [*earlier[1:], release]
    return _stage(
        _OF_FORMER,
        {
            "system": release.system_id,
            "release": release.pk,
            "earlier": [edition.pk for edition in earlier],
            "last_days": [edition.day_before for edition in following[: len(earlier)]],
            "whole": [edition.is_whole for edition in earlier],
        },
    )


def _stage(picked: str, values: Mapping[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_picked, pg_temp.stage_printed")
        cursor.execute(f"CREATE TEMP TABLE stage_picked ON COMMIT DROP AS {picked}", values)
        if not cursor.rowcount:
            return False
        cursor.execute("ANALYZE pg_temp.stage_picked")
        staging.create_tables()
        for statement in (_STAGE_CODES, _PRINTED, *_STAGE_PARTS):
            cursor.execute(statement)
    staging.index_tables()
    return True
