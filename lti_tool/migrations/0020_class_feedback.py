"""Changes of the feedback for a class are recorded in the audit trail."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lti_tool', '0019_dates_of_pupils'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='kind',
            field=models.CharField(choices=[('mark', 'mark given or changed'), ('comment', 'overall comment given or changed'), ('class-feedback', 'feedback for a class changed'), ('rubric', 'rubric of an activity changed'), ('re-mark', 'mark changed by re-marking'), ('release', 'marks released'), ('reopen', 'work reopened'), ('take-back', 'submission taken back'), ('submit-for', 'submitted for a pupil'), ('dates', 'dates of a pupil given or taken back'), ('rules', 'rules of an activity changed'), ('edition', 'worksheet of an activity changed'), ('key', 'answer key changed'), ('grade', 'decision about a grade in the LMS'), ('copy', 'use of a worksheet in a copy allowed or refused'), ('share', 'worksheet shared with a course, or no longer'), ('export', 'personal data exported'), ('erasure', 'personal data erased'), ('sign-in', 'operator signed in'), ('sign-in-failed', 'sign-in failed'), ('locked-out', 'sign-in locked'), ('platform', 'platform added or changed'), ('invitation', 'registration link made or withdrawn'), ('second-factor', 'second factor of an operator replaced'), ('tool-key', 'key pair of the tool changed'), ('role', 'course opened by an administrator'), ('restore', 'restored from a backup')], max_length=16),
        ),
    ]
