"""Imports that were refused, kept for the admin."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0013_licences_by_year'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefusedImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(help_text='As it is typed at the command.', max_length=60)),
                ('files', models.TextField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('message', models.TextField()),
                ('problem_count', models.PositiveIntegerField(db_default=0, default=0)),
                ('problems', models.JSONField(blank=True, default=list, help_text='The first problems, each with file and line.')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
    ]
