"""A licence for CPT is recorded for each year; other notices are accepted once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0012_fact_columns'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='noticeacceptance',
            options={'ordering': ['pk']},
        ),
        migrations.RemoveConstraint(
            model_name='noticeacceptance',
            name='noticeacceptance_names_somebody',
        ),
        migrations.RemoveConstraint(
            model_name='noticeacceptance',
            name='noticeacceptance_names_licence',
        ),
        migrations.AlterField(
            model_name='noticeacceptance',
            name='notice',
            field=models.CharField(choices=[('ama', 'AMA notice in files keyed by CPT codes'), ('cpt', 'licence for the AMA’s CPT files')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='noticeacceptance',
            constraint=models.UniqueConstraint(condition=models.Q(('notice', 'cpt'), _negated=True), fields=('notice',), name='noticeacceptance_once'),
        ),
        migrations.AddConstraint(
            model_name='noticeacceptance',
            constraint=models.UniqueConstraint(condition=models.Q(('notice', 'cpt')), fields=('licence_number', 'licence_year'), name='noticeacceptance_licence_once'),
        ),
        migrations.AddConstraint(
            model_name='noticeacceptance',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_by__regex', '\\S')), name='noticeacceptance_names_somebody'),
        ),
        migrations.AddConstraint(
            model_name='noticeacceptance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('notice', 'cpt'), _negated=True), models.Q(('licence_holder__regex', '\\S'), ('licence_number__regex', '\\S'), ('licence_year__gte', 1966), ('licence_year__isnull', False)), _connector='OR'), name='noticeacceptance_names_licence'),
        ),
    ]
