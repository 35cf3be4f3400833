"""What a form was, that has used a pass: browsers send it again with a page that is loaded again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0015_restored")]

    operations = [
        migrations.AddField(
            "pagepass",
            "form",
            models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
