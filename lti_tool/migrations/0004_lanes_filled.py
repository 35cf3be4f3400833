"""Which platform each delivery belongs to, and a lane for it.

Of its own: PostgreSQL alters no table whose rows changed in the same transaction.
"""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def fill(apps, schema_editor):
    Delivery = apps.get_model("lti_tool", "Delivery")
    Lane = apps.get_model("lti_tool", "Lane")
    LineItem = apps.get_model("lti_tool", "LineItem")
    theirs = LineItem.objects.filter(pk=OuterRef("line_item"))
    Delivery.objects.update(
        registration_id=Subquery(theirs.values("link__deployment__registration")[:1])
    )
    Delivery.objects.filter(state="delivered").update(
        sent_given=F("score_given"), sent_maximum=F("score_maximum")
    )
    registrations = Delivery.objects.order_by().values_list("registration", flat=True).distinct()
    Lane.objects.bulk_create(Lane(registration_id=pk) for pk in registrations)


class Migration(migrations.Migration):
    dependencies = [("lti_tool", "0003_lanes")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
