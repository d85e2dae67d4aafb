"""Keeps the editions shown now whole, from what is shown of them.

Of editions before, too little is left: they become whole when their files are imported again.
"""

from django.db import migrations

# The digest is that of codes/importers/kept.py, so that the next edition shares what is the same.
FILL = """
    INSERT INTO codes_noteset (code_id, inclusion_terms, notes, characters, successors, digest)
    SELECT *, md5(jsonb_build_array(
        to_jsonb(inclusion_terms), notes, characters, to_jsonb(successors)
    )::text)::uuid
    FROM (
        SELECT c.id, c.inclusion_terms, coalesce(n.notes, '[]') AS notes,
            coalesce(h.characters, '[]') AS characters,
            coalesce(u.successors, '{}') AS successors
        FROM codes_code c
        JOIN codes_release r ON r.id = c.release_id AND r.is_current
        LEFT JOIN (
            SELECT code_id, jsonb_agg(jsonb_build_array(kind, text) ORDER BY position) AS notes
            FROM codes_codenote GROUP BY code_id
        ) n ON n.code_id = c.id
        LEFT JOIN (
            SELECT code_id,
                jsonb_agg(jsonb_build_array("character", meaning) ORDER BY id) AS characters
            FROM codes_seventhcharacter GROUP BY code_id
        ) h ON h.code_id = c.id
        LEFT JOIN (
            SELECT code_id, array_agg(successor_id ORDER BY successor_id) AS successors
            FROM codes_successor GROUP BY code_id
        ) u ON u.code_id = c.id
    ) printed
    WHERE inclusion_terms <> '{}' OR notes <> '[]' OR characters <> '[]' OR successors <> '{}';

    UPDATE codes_codeversion v SET ancestors = c.ancestors, note_set_id = n.id
    FROM codes_code c
    JOIN codes_release r ON r.id = c.release_id AND r.is_current
    LEFT JOIN codes_noteset n ON n.code_id = c.id
    WHERE v.release_id = c.release_id AND v.code_id = c.id;

    UPDATE codes_release r SET is_whole = true
    WHERE is_current AND EXISTS (SELECT FROM codes_codeversion v WHERE v.release_id = r.id);

    INSERT INTO codes_editiontext (release_id, code_id, kind, markdown, html)
    SELECT t.release_id, t.code_id, t.kind, t.markdown, t.html
    FROM codes_authoredtext t
    JOIN codes_release r ON r.id = t.release_id AND r.is_current
    WHERE t.author_id IS NULL AND t.html <> '';

    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0021_whole_editions'),
    ]

    operations = [
        migrations.RunSQL(sql=FILL, reverse_sql=migrations.RunSQL.noop),
    ]
