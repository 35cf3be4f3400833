import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lti_tool', '0018_comments_and_rubrics'),
        ('worksheets', '0016_paper_page'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='better_if',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='attempt',
            name='commented_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lti_tool.user'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='went_well',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='earliermark',
            name='rubric',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='mark',
            name='rubric',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.CreateModel(
            name='RubricChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=10)),
                ('before', models.JSONField(default=list)),
                ('after', models.JSONField(default=list)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rubric_changes', to='worksheets.assignment')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lti_tool.user')),
            ],
        ),
        migrations.CreateModel(
            name='RubricRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points_before', models.DecimalField(decimal_places=4, max_digits=9)),
                ('points_after', models.DecimalField(decimal_places=4, max_digits=9)),
                ('rubric_before', models.JSONField(default=list)),
                ('rubric_after', models.JSONField(default=list)),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rubric_remarks', to='worksheets.attempt')),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='worksheets.rubricchange')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('change', 'attempt'), name='one_remark_an_attempt')],
            },
        ),
        migrations.CreateModel(
            name='RubricRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=10)),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('points', models.DecimalField(decimal_places=4, max_digits=9)),
                ('is_level', models.BooleanField(default=False)),
                ('is_deleted', models.BooleanField(default=False)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rubric_rows', to='worksheets.assignment')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('assignment', 'item', 'number'), name='one_rubric_row_a_number'), models.CheckConstraint(condition=models.Q(('points__gte', 0)), name='rubric_row_earns_points')],
            },
        ),
    ]
