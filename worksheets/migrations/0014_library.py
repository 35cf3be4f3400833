"""The library: archived and shared worksheets, their search, and files of worksheets."""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from worksheets.words.normalise import for_search

MAX_SEARCHED = 250_000  # characters, as the model has when this is written


def fill_searched(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("worksheets", "Worksheet").objects
    for row in rows.using(schema_editor.connection.alias).only("title", "source").iterator(100):
        text = for_search(f"{row.title} {row.source}")[:MAX_SEARCHED]
        # The row may change meanwhile: what it says of itself then is newer.
        same = rows.using(schema_editor.connection.alias).filter(pk=row.pk, searched="")
        same.update(searched=text)


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0017_shared_worksheets"), ("worksheets", "0013_draft_versions")]

    operations = [
        migrations.AddField(
            model_name="worksheet",
            name="archived_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="worksheet",
            name="searched",
            field=models.TextField(blank=True, db_default="", default="", editable=False),
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("may_edit", models.BooleanField(default=False)),
                ("shared_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "context",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="lti_tool.context",
                    ),
                ),
                (
                    "worksheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="worksheets.worksheet",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("worksheet", "context"), name="one_share_a_course"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="IncomingFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("content", models.BinaryField()),
                ("listed", models.JSONField(default=list)),
                ("left_out", models.JSONField(default=list)),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="incoming_file",
                        to="lti_tool.user",
                    ),
                ),
            ],
        ),
        migrations.RunPython(fill_searched, migrations.RunPython.noop),
    ]
