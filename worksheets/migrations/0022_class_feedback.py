"""What teachers collect for a class to talk about."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lti_tool', '0020_class_feedback'),
        ('worksheets', '0021_single_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeedbackPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('well', 'What went well'), ('error', 'Errors to talk about'), ('quote', 'Quoted answers'), ('task', 'What to do next')], max_length=8)),
                ('position', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('item', models.CharField(blank=True, max_length=10)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback_points', to='worksheets.assignment')),
                ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='quotations', to='worksheets.attempt')),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lti_tool.user')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lti_tool.user')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('part__in', ['well', 'error', 'quote', 'task'])), name='feedback_point_part'), models.CheckConstraint(condition=models.Q(models.Q(('attempt__isnull', True), ('item', '')), models.Q(('attempt__isnull', False), models.Q(('item', ''), _negated=True)), _connector='OR'), name='feedback_point_quotes_an_item'), models.UniqueConstraint(fields=('attempt', 'item'), name='one_quotation_an_answer')],
            },
        ),
    ]
