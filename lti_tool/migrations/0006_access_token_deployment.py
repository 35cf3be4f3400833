import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0005_launch_notes")]

    operations = [
        migrations.AddField(
            "accesstoken",
            "deployment",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, to="lti_tool.deployment"
            ),
        ),
        migrations.RemoveConstraint("accesstoken", "one_token_a_scope_set"),
        migrations.AddConstraint(
            "accesstoken",
            models.UniqueConstraint(
                fields=["deployment", "scopes"], name="one_token_a_deployment_and_scope_set"
            ),
        ),
        migrations.AddConstraint(
            "accesstoken",
            models.UniqueConstraint(
                condition=models.Q(deployment=None),
                fields=["registration", "scopes"],
                name="one_token_a_scope_set",
            ),
        ),
    ]
