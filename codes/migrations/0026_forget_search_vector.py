"""The model forgets the column; the table keeps it, for the programs of before still select it.

The next deployment drops it.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0025_no_index_of_words'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(
                    model_name='code',
                    name='search_vector',
                ),
            ],
        ),
    ]
