import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0011_answer_received")]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField()),
                ("content", models.BinaryField(null=True)),
                ("first", models.TextField()),
                ("cautions", models.JSONField(default=list)),
                ("printed", models.JSONField(default=dict)),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "worksheet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="paper",
                        to="worksheets.worksheet",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(max_length=20)),
                ("number", models.PositiveIntegerField(default=0)),
                ("source", models.TextField(blank=True)),
                ("cautions", models.JSONField(default=list)),
                ("after", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "worksheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_steps",
                        to="worksheets.worksheet",
                    ),
                ),
            ],
            options={"ordering": ["-pk"]},
        ),
    ]
