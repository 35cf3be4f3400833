"""What proves the pages of a visit by Platform Storage."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('lti_tool', '0012_audit'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedlaunch',
            name='page_secret',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AddField(
            model_name='storedlaunch',
            name='storage_frame',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='storedlaunch',
            name='renewed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='PagePass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('launch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='lti_tool.storedlaunch')),
            ],
        ),
    ]
