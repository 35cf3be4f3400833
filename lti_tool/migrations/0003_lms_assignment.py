from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0002_delivery_attempts_used_up")]

    operations = [
        migrations.AddField(
            "resourcelink",
            "lms_assignment",
            models.CharField(blank=True, db_default="", max_length=255),
        ),
        migrations.AddField(
            "registration",
            "takes_institution_roles",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Administrators and teachers of the institution teach in every course that gives them no role of its own. They see all work there, and never get a mark.",
            ),
        ),
    ]
