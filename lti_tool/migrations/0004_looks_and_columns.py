from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0003_lms_assignment")]

    operations = [
        migrations.AddField(
            "platformqueue",
            "failed_looks",
            models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            "delivery",
            "failed_looks",
            models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            "delivery",
            "sent_unseen",
            models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            "lineitem",
            "creation",
            models.CharField(
                blank=True,
                choices=[("", "None"), ("asked", "Asked"), ("made", "Made")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            "lineitem",
            "refused_at",
            models.DateTimeField(blank=True, null=True),
        ),
    ]
