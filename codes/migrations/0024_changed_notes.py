"""Changes of notes, inclusion terms and 7th characters count as changes of a code."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0023_search_segments'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='codechange',
            name='codechange_is_one',
        ),
        migrations.AddField(
            model_name='codechange',
            name='is_renoted',
            field=models.BooleanField(db_default=False, default=False, help_text='Other notes, inclusion terms or 7th characters stand below it.'),
        ),
        migrations.AddConstraint(
            model_name='codechange',
            constraint=models.CheckConstraint(condition=models.Q(('is_added', True), ('is_deleted', True), ('is_revised', True), ('is_rebilled', True), ('is_renoted', True), _connector='OR'), name='codechange_is_one'),
        ),
    ]
