"""The table of the shared cache that the rate limits count in.

Unlogged: a crash empties it, which a limiter survives, and counting costs no WAL.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("codes", "0001_codes_and_texts")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE UNLOGGED TABLE casepilot_cache (
                    cache_key varchar(255) PRIMARY KEY,
                    value text NOT NULL,
                    expires timestamptz NOT NULL
                );
                CREATE INDEX casepilot_cache_expires ON casepilot_cache (expires);
            """,
            reverse_sql="DROP TABLE casepilot_cache;",
        )
    ]
