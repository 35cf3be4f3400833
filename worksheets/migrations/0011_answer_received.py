from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0010_draft_sums")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="received",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
