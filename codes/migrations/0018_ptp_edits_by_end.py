"""The first day on which a PTP edit of a release ended is asked from an index, not from all rows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0017_anesthesia_by_factor'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='ptpedit',
            index=models.Index(condition=models.Q(('deleted_on__isnull', False)), fields=['release', 'deleted_on'], name='ptpedit_deleted'),
        ),
    ]
