"""Every delivery belongs to a platform."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0004_lanes_filled")]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="registration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="lti_tool.registration",
            ),
        ),
    ]
