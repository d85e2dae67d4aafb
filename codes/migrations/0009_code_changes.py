"""What each edition changed against the one before."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0008_code_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_added', models.BooleanField(help_text='New, or in use again after it had ended.')),
                ('is_deleted', models.BooleanField(help_text='No longer there, or there with a last day.')),
                ('is_revised', models.BooleanField(help_text='One of its descriptors has another wording.')),
                ('is_rebilled', models.BooleanField(help_text='It became billable, or stopped being so.')),
                ('after', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='codes.codeversion')),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='codes.codeversion')),
                ('code', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='codes.code')),
                ('release', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='codes.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'code'), name='codechange_once'), models.CheckConstraint(condition=models.Q(('is_added', True), ('is_deleted', True), ('is_revised', True), ('is_rebilled', True), _connector='OR'), name='codechange_is_one'), models.CheckConstraint(condition=models.Q(('before__isnull', False), ('after__isnull', False), _connector='OR'), name='codechange_has_a_side')],
            },
        ),
    ]
