"""Which diagnosis-related groups use a code in their logic."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0026_forget_search_vector'),
    ]

    operations = [
        migrations.CreateModel(
            name='DrgLogic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('code_system', models.CharField(max_length=20)),
                ('code_key', models.CharField(max_length=7)),
                ('mdc', models.CharField(blank=True, max_length=3)),
                ('first_drg', models.CharField(max_length=3)),
                ('last_drg', models.CharField(max_length=3)),
                ('category', models.CharField(blank=True, max_length=200)),
                ('is_operating_room', models.BooleanField(null=True)),
                ('is_in_cluster', models.BooleanField(default=False)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='codes.release')),
            ],
            options={
                'verbose_name_plural': 'uses in drg logic',
                'indexes': [models.Index(fields=['release', 'first_drg', 'last_drg'], name='drglogic_groups')],
                'constraints': [models.UniqueConstraint(fields=('release', 'code_key', 'mdc', 'first_drg', 'last_drg', 'category'), name='drglogic_once'), models.CheckConstraint(condition=models.Q(('first_drg__lte', models.F('last_drg'))), name='drglogic_range')],
            },
        ),
    ]
