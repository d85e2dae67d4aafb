"""The list of services that Medicare pays by telehealth."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0019_code_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='TelehealthService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('code_key', models.CharField(max_length=5)),
                ('status', models.CharField(blank=True, max_length=120)),
                ('audio_only', models.BooleanField(null=True)),
                ('limitation', models.CharField(blank=True, max_length=300)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='codes.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'code_key'), name='telehealthservice_once')],
            },
        ),
    ]
