"""What fields and models are called in the admin; no statement."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0030_drop_search_vector'),
    ]

    operations = [
        migrations.AlterField(
            model_name='code',
            name='display',
            field=models.CharField(max_length=40, verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='codesystem',
            name='is_metered',
            field=models.BooleanField(db_default=True, default=True, verbose_name='metered'),
        ),
        migrations.AlterField(
            model_name='noticeacceptance',
            name='at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='accepted at'),
        ),
        migrations.AlterField(
            model_name='refusedimport',
            name='at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='refused at'),
        ),
        migrations.AlterField(
            model_name='refusedimport',
            name='problem_count',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='number of problems'),
        ),
        migrations.AlterField(
            model_name='release',
            name='is_current',
            field=models.BooleanField(db_default=False, default=False, verbose_name='current'),
        ),
        migrations.AlterField(
            model_name='release',
            name='is_sample',
            field=models.BooleanField(db_default=False, default=False, verbose_name='sample'),
        ),
        migrations.AlterField(
            model_name='release',
            name='sha256',
            field=models.CharField(max_length=64, verbose_name='SHA-256'),
        ),
        migrations.AlterField(
            model_name='synonym',
            name='is_edited',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='Whether an editor has changed it, so that the files leave it alone.', verbose_name='edited here'),
        ),
    ]
