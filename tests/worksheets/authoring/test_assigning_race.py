"""Two teachers, or one who presses twice, choose for a link at the same moment: PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.servers.tool import Tool

pytestmark = pytest.mark.servers

ASSIGN = """
import sys, time, django
from pathlib import Path
django.setup()
from django.db import transaction
from lti_tool.audit import TOOL
from lti_tool.models import ResourceLink
from worksheets.models import Assignment, Edition
from worksheets.authoring.assigning import AssignmentRules, assign
from worksheets.models import Feedback
link, edition = ResourceLink.objects.earliest("pk"), Edition.objects.get()
# Each waits for the other: to start takes as long as the machine likes.
meeting, mine, end = Path(sys.argv[1]), sys.argv[2], time.monotonic() + 60
(meeting / mine).touch()
while len(list(meeting.iterdir())) < 2 and time.monotonic() < end:
    time.sleep(0.01)
with transaction.atomic():
    assign(link, edition, AssignmentRules(Feedback.CORRECTNESS), by=TOOL)
    time.sleep(2)  # whoever came first has not committed when the other looks
"""
MAKE = """
import django
django.setup()
from tests.cast import assemble
from worksheets import authoring
from worksheets.models import Assignment
cast = assemble()
authoring.publish(authoring.create(cast.ruth.user, "# Causes\\n\\nJapan took ___Manchuria___."))
Assignment.objects.all().delete()
"""


def test_two_first_choices_at_once_make_one_assignment(migrated_url: str, tmp_path: Path) -> None:
    tool = Tool(migrated_url, more={"DJANGO_SETTINGS_MODULE": "lti_tool.settings"})
    status, said = tool.run(tool.python, "-c", MAKE)
    assert status == 0, said
    choose = (tool.python, "-c", ASSIGN, tmp_path)
    with ThreadPoolExecutor(2) as both:
        ended = list(both.map(lambda name: tool.run(*choose, name), ["one", "other"]))
    assert [status for status, _ in ended] == [0, 0], ended
    count = "from worksheets.models import Assignment; print('rows', Assignment.objects.count())"
    assert "rows 1" in tool.manage("shell", "--command", count)
