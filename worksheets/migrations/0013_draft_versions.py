from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0012_paper")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="versions",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
