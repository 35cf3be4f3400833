from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('worksheets', '0020_dates_and_late_work'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='marks_seen_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='reopened_items',
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='mark',
            name='released_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
