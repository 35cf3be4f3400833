"""The audit trail, and a trigger that refuses to change its rows.

An update passes only if it lets go of a row that is deleted: a reference becomes NULL, and all else
stays. On SQLite a later migration that rebuilds the table drops the trigger with it, and has to
make it again by ``add_trigger``; ``tests/lti_tool/audit/test_append_only.py`` looks whether it is
there.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


TABLE = "lti_tool_auditentry"
REFERENCES = ("actor_id", "registration_id", "context_id", "link_id", "person_id")
VALUES = ("id", "at", "kind", "by", "operator", "place", "subject", "before", "after")

POSTGRESQL = f"""
CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'entries of the audit trail are not changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE ON {TABLE} FOR EACH ROW
WHEN ({{condition}}) EXECUTE FUNCTION {TABLE}_refuse();
"""
SQLITE = f"""
CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE ON {TABLE} FOR EACH ROW
WHEN {{condition}}
BEGIN SELECT RAISE(ABORT, 'entries of the audit trail are not changed'); END;
"""


def changes(differs):
    """Return the condition under which an update is more than a reference that becomes NULL."""
    values = [f'OLD."{name}" {differs} NEW."{name}"' for name in VALUES]
    references = [
        f'(NEW."{name}" IS NOT NULL AND OLD."{name}" {differs} NEW."{name}")' for name in REFERENCES
    ]
    return " OR ".join([*values, *references])


def add_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL.format(condition=changes("IS DISTINCT FROM")), params=None)
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE.format(condition=changes("IS NOT")), params=None)


def drop_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}", params=None)
        schema_editor.execute(f"DROP FUNCTION {TABLE}_refuse()", params=None)
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('lti_tool', '0011_removed_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('kind', models.CharField(choices=[('mark', 'mark given or changed'), ('re-mark', 'mark changed by re-marking'), ('release', 'marks released'), ('reopen', 'work reopened'), ('take-back', 'submission taken back'), ('submit-for', 'submitted for a pupil'), ('rules', 'rules of an activity changed'), ('edition', 'worksheet of an activity changed'), ('key', 'answer key changed'), ('grade', 'decision about a grade in the LMS'), ('copy', 'use of a worksheet in a copy allowed or refused'), ('export', 'personal data exported'), ('erasure', 'personal data erased'), ('sign-in', 'operator signed in'), ('sign-in-failed', 'sign-in failed'), ('locked-out', 'sign-in locked'), ('platform', 'platform added or changed'), ('invitation', 'registration link made or withdrawn'), ('second-factor', 'second factor of an operator replaced'), ('tool-key', 'key pair of the tool changed'), ('role', 'course opened by an administrator')], max_length=16)),
                ('by', models.CharField(choices=[('person', 'person'), ('operator', 'operator'), ('tool', 'tool')], max_length=8)),
                ('operator', models.CharField(blank=True, max_length=150)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('subject', models.CharField(blank=True, max_length=60)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lti_tool.user')),
                ('context', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lti_tool.context')),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lti_tool.resourcelink')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='lti_tool.user')),
                ('registration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lti_tool.registration')),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['at'], name='audit_by_time'), models.Index(fields=['kind', 'at'], name='audit_by_kind'), models.Index(fields=['subject'], name='audit_by_subject')],
            },
        ),
        migrations.RunPython(add_trigger, drop_trigger),
    ]
