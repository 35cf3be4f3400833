from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0001_initial")]

    operations = [
        migrations.AddField(
            "resourcelink",
            "lms_assignment",
            models.CharField(blank=True, db_default="", max_length=255),
        ),
    ]
