"""What each edition says of each code; for the editions shown now it is what is shown."""

import django.db.models.deletion
from django.db import migrations, models


# Codes that the current edition holds point to it; the rest were in editions before, of which too
# little is left to make versions of.
FILL = """
    INSERT INTO codes_codeversion (
        release_id, code_id, kind, key, display, billable, short_descriptor, medium_descriptor,
        long_descriptor, valid_from, valid_to, position
    )
    SELECT c.release_id, c.id, c.kind, c.key, c.display, c.billable, c.short_descriptor,
        c.medium_descriptor, c.long_descriptor, c.valid_from, c.valid_to, c.position
    FROM codes_code c JOIN codes_release r ON r.id = c.release_id
    WHERE r.is_current ORDER BY c.system_id, c.position;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0007_facts'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('chapter', 'chapter'), ('section', 'section'), ('category', 'category'), ('code', 'code')], max_length=10)),
                ('key', models.CharField(max_length=40)),
                ('display', models.CharField(max_length=40)),
                ('billable', models.BooleanField()),
                ('short_descriptor', models.CharField(max_length=400)),
                ('medium_descriptor', models.CharField(blank=True, max_length=400)),
                ('long_descriptor', models.TextField()),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(help_text='The last day of use, as the edition has it.', null=True)),
                ('position', models.PositiveIntegerField()),
                ('code', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='codes.code')),
                ('release', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='codes.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'kind', 'key'), name='codeversion_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['chapter', 'section', 'category', 'code'])), name='codeversion_kind_known')],
            },
        ),
        migrations.RunSQL(sql=FILL, reverse_sql=migrations.RunSQL.noop),
    ]
