"""What fields and models are called in the admin; no statement."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_api_tokens'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='apitoken',
            options={'ordering': ['-pk'], 'verbose_name': 'API token'},
        ),
        migrations.AlterModelOptions(
            name='viewgrant',
            options={'ordering': ['-pk'], 'verbose_name': 'counted view'},
        ),
        migrations.AlterField(
            model_name='viewgrant',
            name='granted_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='counted at'),
        ),
    ]
