"""An answer's text and choice become one value, which its kind writes and reads.

Text and choice are one statement of the database each way: no row is fetched, so that hundreds of
thousands of answers take seconds. Nothing is asked of the worksheets: what has a choice keeps it.

'choice' goes in the same step, although processes of the version before may still run. Such a
process can then neither read nor save answers: its transaction fails as a whole. The script of the
pupil's page keeps what was typed and sends it again until a new process takes it. Whoever sends the
form itself meanwhile sees the error page: what was saved before is safe, and reloading that page
sends the form again. If the column stayed, that process would save text and choice beside a value
that does not change and tell the pupil that all is saved, and the work would be lost unnoticed.
"""

from django.db import migrations, models
from django.db.models import Case, F, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, JSONObject


def fill_values(apps, schema_editor):
    answers = apps.get_model('worksheets', 'Answer').objects.using(schema_editor.connection.alias)
    # No trigger waits for the end of the transaction, which would keep PostgreSQL from changing
    # the table again: an UPDATE that leaves foreign keys alone has nothing to check.
    answers.update(
        value=Case(
            When(choice='', then=JSONObject(v=Value(1), text=F('text'))),
            default=JSONObject(v=Value(1), choice=F('choice'), text=F('text')),
        )
    )


def fill_texts_and_choices(apps, schema_editor):
    """Restore both; an answer of a later kind has neither in its value, and keeps its text."""
    answers = apps.get_model('worksheets', 'Answer').objects.using(schema_editor.connection.alias)
    answers.update(
        text=Coalesce(KeyTextTransform('text', 'value'), F('text')),
        choice=Coalesce(KeyTextTransform('choice', 'value'), Value('')),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('worksheets', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='answer',
            name='value',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.RunPython(fill_values, fill_texts_and_choices),
        migrations.RemoveField(
            model_name='answer',
            name='choice',
        ),
    ]
