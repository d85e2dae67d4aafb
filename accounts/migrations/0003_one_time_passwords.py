from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_view_grants'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='password_is_one_time',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='Set by make_admin; the first login spends the password and asks for a new one.', verbose_name='password works once'),
        ),
    ]
