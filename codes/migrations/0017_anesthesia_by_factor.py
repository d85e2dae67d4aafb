"""A locality has two anesthesia factors from 2026: for qualifying participants and for others."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0016_search_terms'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='anesthesiafactor',
            name='anesthesia_once',
        ),
        migrations.AddField(
            model_name='anesthesiafactor',
            name='qualifying',
            field=models.BooleanField(null=True),
        ),
        migrations.AddConstraint(
            model_name='anesthesiafactor',
            constraint=models.UniqueConstraint(fields=('release', 'mac', 'number', 'qualifying'), name='anesthesia_once', nulls_distinct=False),
        ),
    ]
