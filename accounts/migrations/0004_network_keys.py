from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_one_time_passwords'),
    ]

    operations = [
        migrations.CreateModel(
            name='NetworkKey',
            fields=[
                ('period', models.CharField(max_length=10, primary_key=True, serialize=False)),
                ('key', models.BinaryField()),
            ],
        ),
    ]
