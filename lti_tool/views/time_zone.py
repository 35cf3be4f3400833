"""The time zone of a person, which their browser tells once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lti_tool.models import User
from lti_tool.models.course import zone_named
from lti_tool.views.activity import ActivityView


class TimeZoneView(ActivityView):
    """The address to which a page sends the browser's time zone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save it, for the next pages."""
        zone = request.POST.get("zone", "")
        if zone_named(zone) is None:
            return HttpResponse(status=400)
        User.objects.filter(pk=self.visit.user.pk).update(time_zone=zone)
        return HttpResponse(status=204)
