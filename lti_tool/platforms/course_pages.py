"""The address at which pupils find an activity, as far as a launch makes it certain."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from lti_tool.models import StoredLaunch
from lti_tool.platforms.origins import return_address
from lti_tool.platforms.products import CANVAS, MOODLE, product_of

_CANVAS_COURSE = re.compile(r"/courses/[0-9]{1,20}(?=/)")
# Moodle's return address has the session's key of whoever launched: it is never shown to others.
_MOODLE_RETURN = "/mod/lti/return.php"
_NUMBER = re.compile(r"[0-9]{1,20}")


def course_page(launch: StoredLaunch) -> str:
    """Return the address of the activity, or else of its course, in the LMS; '' if it is not known.

    It is read out of the launch's return address, if that is at the platform's origins. Moodle 4.5
    leads from there to ``/course/view.php`` with the same number (mod/lti/return.php). Canvas's
    begins with that of the course (external_content/success in its config/routes.rb), below which
    its assignments are.
    """
    address = urlsplit(return_address(launch))
    registration = launch.registration
    product = product_of(registration.product, registration.auth_login_url)
    origin = f"{address.scheme}://{address.netloc}"
    if product is MOODLE and address.path.endswith(_MOODLE_RETURN):
        number = parse_qs(address.query).get("course", [""])[0]
        path = address.path.removesuffix(_MOODLE_RETURN)
        return f"{origin}{path}/course/view.php?id={number}" if _NUMBER.fullmatch(number) else ""
    if product is CANVAS and (found := _CANVAS_COURSE.match(address.path)):
        assignment = launch.link.lms_assignment if launch.link else ""
        rest = f"/assignments/{assignment}" if _NUMBER.fullmatch(assignment) else ""
        return f"{origin}{found[0]}{rest}"
    return ""
