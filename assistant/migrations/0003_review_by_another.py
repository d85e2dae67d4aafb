"""Records which reviews were the author's own; from now on that takes a reason."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def mark_own_reviews(apps, schema_editor):
    for name in ("Alias", "CuratedAnswer"):
        model = apps.get_model("assistant", name)
        model.objects.filter(author=F("reviewer")).update(reviewed_alone=True)


def _field():
    return models.BooleanField(
        db_default=False, default=False, editable=False, verbose_name="reviewed by its author"
    )


def _constraint(name):
    return models.CheckConstraint(
        condition=Q(author__isnull=True)
        | Q(reviewer__isnull=True)
        | ~Q(reviewer=F("author"))
        | Q(reviewed_alone=True),
        name=name,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("assistant", "0002_aliases_and_curated_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("alias", "reviewed_alone", _field()),
        migrations.AddField("curatedanswer", "reviewed_alone", _field()),
        migrations.RunPython(mark_own_reviews, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint("alias", _constraint("alias_reviewed_by_another")),
        migrations.AddConstraint(
            "curatedanswer", _constraint("curatedanswer_reviewed_by_another")
        ),
    ]
