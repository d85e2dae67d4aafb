"""Words are looked for in an index in memory; this one only slowed down every import."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0024_changed_notes'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='code',
            name='code_by_words',
        ),
    ]
