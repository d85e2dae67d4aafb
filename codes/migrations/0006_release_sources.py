"""A release belongs to a source: a code system, or one kind of file with facts about codes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("codes", "0005_stored_page_last_day")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="source",
            field=models.SlugField(
                default="",
                help_text="Which file of which publisher; the system's own slug for codes.",
                max_length=60,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(
            sql="""
                UPDATE codes_release r SET source = s.slug
                FROM codes_codesystem s WHERE s.id = r.system_id;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="release",
            name="system",
            field=models.ForeignKey(
                blank=True,
                help_text="The code system that it is an edition of; empty for facts about codes.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="releases",
                to="codes.codesystem",
            ),
        ),
        migrations.RemoveConstraint(model_name="release", name="release_one_current"),
        migrations.RemoveConstraint(model_name="release", name="release_file_once"),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)),
                fields=("source",),
                name="release_one_current",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                fields=("source", "sha256"), name="release_file_once"
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="was_left",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="An admin went back from it, so it does not become current by itself.",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="seconds",
            field=models.FloatField(
                blank=True, help_text="How long the import took.", null=True
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="comparison",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="What it changed against the release before, in words.",
            ),
        ),
    ]
