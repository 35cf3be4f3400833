from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


# What was stored as a name before such names counted as none.
NAMELESS = ["-", "--", "–", "—", ".", "..", "...", "_", "?", "*", "null", "undefined", " "]


def forget_names_that_are_none(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    users = apps.get_model("lti_tool", "User").objects.using(schema_editor.connection.alias)
    for name in ("name", "given_name", "family_name"):
        users.filter(**{f"{name}__in": NAMELESS}).update(**{name: ""})


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0004_looks_and_columns")]

    operations = [
        migrations.AddField(
            "storedlaunch",
            "notes",
            models.CharField(blank=True, db_default="", max_length=500),
        ),
        migrations.AddField("platformkeyset", "refetched_at", models.DateTimeField(null=True)),
        migrations.RunPython(
            forget_names_that_are_none, migrations.RunPython.noop, elidable=True
        ),
    ]
