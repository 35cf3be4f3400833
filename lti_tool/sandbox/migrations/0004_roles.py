from django.db import migrations, models

ROLES = ["pupil", "teacher", "assistant", "designer", "test", "admin"]


class Migration(migrations.Migration):
    dependencies = [("sandbox", "0003_canvas_limits")]

    operations = [
        migrations.RemoveConstraint("enrolment", "sandbox_role_is_known"),
        migrations.AlterField(
            "enrolment",
            "role",
            models.CharField(
                choices=[
                    ("pupil", "pupil"),
                    ("teacher", "teacher"),
                    ("assistant", "non-editing teacher"),
                    ("designer", "designer"),
                    ("test", "test student"),
                    ("admin", "administrator of the account"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            "enrolment",
            models.CheckConstraint(
                condition=models.Q(("role__in", ROLES)), name="sandbox_role_is_known"
            ),
        ),
    ]
