"""Who a roster has listed, and what the last page of somebody who was removed has saved."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('lti_tool', '0010_columns'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='listed_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AddField(
            model_name='storedlaunch',
            name='last_saved_at',
            field=models.DateTimeField(null=True),
        ),
    ]
