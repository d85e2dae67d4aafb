"""A stored page may end with a day: the last one on which its code is valid."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("codes", "0004_editor_permissions")]

    operations = [
        migrations.AddField(
            model_name="storedpage",
            name="fresh_until",
            field=models.DateField(
                help_text="The last day on which it is right; empty where no day changes it.",
                null=True,
            ),
        ),
    ]
