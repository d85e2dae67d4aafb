"""Who accepted the terms of publishers whose files are imported."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0010_ptp_edits_by_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticeAcceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.CharField(choices=[('ama', 'AMA notice in files keyed by CPT codes'), ('cpt', 'licence for the AMA’s CPT files')], max_length=10, unique=True)),
                ('accepted_by', models.CharField(help_text='The name of a person.', max_length=200)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('licence_holder', models.CharField(blank=True, db_default='', max_length=200)),
                ('licence_number', models.CharField(blank=True, db_default='', max_length=60)),
                ('licence_year', models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('accepted_by', ''), _negated=True), name='noticeacceptance_names_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('notice', 'cpt'), _negated=True), models.Q(models.Q(('licence_holder', ''), _negated=True), models.Q(('licence_number', ''), _negated=True), ('licence_year__isnull', False)), _connector='OR'), name='noticeacceptance_names_licence')],
            },
        ),
    ]
