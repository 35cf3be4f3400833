from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("lti_tool", "0010_chores"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="storedlaunch",
            options={"verbose_name_plural": "stored launches"},
        ),
        migrations.AddField(
            model_name="platformkeyset",
            name="is_being_read",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="platformkeyset",
            name="read_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="toolkey",
            name="generation",
            field=models.PositiveIntegerField(editable=False, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name="toolkey",
            name="private_pem",
            field=models.TextField(blank=True),
        ),
    ]
