"""The table loses the column of the old full-text search, which the model forgot in 0026.

Its index went in 0025. Going back gives the column back empty, as the programs of that time left it.
"""

from django.db import migrations

# The release step of a deployment sets this time for all of its migrations; here it holds for
# those who migrate by hand as well.
NO_LONG_WAIT = "SET LOCAL lock_timeout = '5s'"


class Migration(migrations.Migration):

    dependencies = [
        ("codes", "0029_cancelled_editions"),
    ]

    operations = [
        migrations.RunSQL(
            [NO_LONG_WAIT, "ALTER TABLE codes_code DROP COLUMN search_vector"],
            [NO_LONG_WAIT, "ALTER TABLE codes_code ADD COLUMN search_vector tsvector NULL"],
        ),
    ]
