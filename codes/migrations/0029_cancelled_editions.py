"""Editions that were left before their day came: cancelled by an admin, or replaced."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("codes", "0028_processing_notes"),
    ]

    operations = [
        migrations.AddField(
            model_name="release",
            name="was_cancelled",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="It was left before its day came: an admin cancelled it, or another replaced it.",
            ),
        ),
        # So far such were those that another edition for the same day had replaced.
        migrations.RunSQL(
            "UPDATE codes_release SET was_cancelled = true"
            " WHERE was_left AND NOT is_current AND effective_date > CURRENT_DATE",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("was_cancelled", False),
                    models.Q(("is_current", False), ("was_left", True)),
                    _connector="OR",
                ),
                name="release_cancelled_is_left",
            ),
        ),
    ]
