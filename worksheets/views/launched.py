"""Where an accepted launch leads: the activity's own address."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.urls import reverse

from lti_tool.launches.visit import token_of
from lti_tool.models import StoredLaunch
from lti_tool.views.launch import LaunchView


class WorksheetLaunchView(LaunchView):
    """Named in the settings as LTI_LAUNCH_VIEW."""

    def launched(self, launch: StoredLaunch) -> HttpResponseRedirect:
        """To the worksheet of the link, for whoever it is."""
        return HttpResponseRedirect(reverse("home", kwargs={"token": token_of(launch)}))
