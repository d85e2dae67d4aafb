"""The processing notes that HCPCS codes refer to by number."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0027_drg_logic'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProcessingNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('number', models.CharField(max_length=4)),
                ('text', models.TextField()),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='codes.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'number'), name='processingnote_once')],
            },
        ),
    ]
