"""Editions of code systems are kept whole; codes that only editions not shown name are hidden."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0020_telehealth_services'),
    ]

    operations = [
        migrations.AddField(
            model_name='code',
            name='is_shown',
            field=models.BooleanField(db_default=True, default=True, editable=False, help_text='Off while only editions name it that wait for their day or were gone back from.'),
        ),
        migrations.AddField(
            model_name='codeversion',
            name='ancestors',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='release',
            name='is_whole',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='Of a code system: all that it says is kept, so that it can be shown again.'),
        ),
        migrations.CreateModel(
            name='NoteSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inclusion_terms', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('notes', models.JSONField(default=list, help_text='Pairs of kind and text, as printed.')),
                ('characters', models.JSONField(default=list, help_text='Pairs of 7th character and meaning.')),
                ('successors', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, help_text='Ids of codes.', size=None)),
                ('digest', models.UUIDField(help_text='MD5 of all that, by which editions find what is the same.')),
                ('code', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='note_sets', to='codes.code')),
            ],
        ),
        migrations.AddField(
            model_name='codeversion',
            name='note_set',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='codes.noteset'),
        ),
        migrations.CreateModel(
            name='EditionText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('markdown', models.TextField()),
                ('html', models.TextField(help_text='Sanitised when it was read.')),
                ('code', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='codes.code')),
                ('release', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='edition_texts', to='codes.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'code', 'kind'), name='editiontext_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='noteset',
            constraint=models.UniqueConstraint(fields=('code', 'digest'), name='noteset_once'),
        ),
    ]
