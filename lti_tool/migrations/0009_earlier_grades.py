import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0008_job")]

    operations = [
        # Nobody knows when the columns that exist became known: they keep NULL.
        migrations.AddField(
            "lineitem",
            "known_at",
            models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            "lineitem",
            "known_at",
            models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True),
        ),
        migrations.AddField(
            "lineitem",
            "earlier_grades",
            models.CharField(
                blank=True,
                choices=[("replace", "Replace"), ("keep", "Keep")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            "delivery",
            "theirs_is_earlier",
            models.BooleanField(db_default=False, default=False),
        ),
    ]
