"""The words by which a code is found, as one SQL expression.

The importer fills ``Code.search_vector`` with it in the statement that writes the row; whoever
changes a descriptor or an inclusion term outside an import fills it again with the same.
"""

from typing import Final

VECTOR_SQL: Final = """
    setweight(to_tsvector('english', display || ' ' || key || ' ' || long_descriptor), 'A')
    || setweight(
        to_tsvector(
            'english',
            CASE WHEN short_descriptor = long_descriptor THEN '' ELSE short_descriptor END
            || ' ' || medium_descriptor || ' ; ' || array_to_string(inclusion_terms, ' ; ')
        ),
        'B'
    )
"""
"""Weight A: the code in both forms and the long descriptor; B: the shorter descriptors and the
inclusion terms. Names the columns without their table: it stands where only one row has them.
"""
