"""What fields and models are called in the admin; no statement."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistant', '0003_review_by_another'),
    ]

    operations = [
        migrations.AlterField(
            model_name='alias',
            name='is_active',
            field=models.BooleanField(db_default=True, default=True, verbose_name='active'),
        ),
        migrations.AlterField(
            model_name='curatedanswer',
            name='is_active',
            field=models.BooleanField(db_default=True, default=True, verbose_name='active'),
        ),
        migrations.AlterField(
            model_name='turn',
            name='is_guest',
            field=models.BooleanField(verbose_name='asked by a guest'),
        ),
    ]
