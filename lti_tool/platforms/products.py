"""The LMS products that the tool knows, and in what they differ. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """An LMS, by the product_family_code of its launches (LTI Core 1.3 section 5.4.2).

    ``name`` is how people call it, '' for an LMS that is not known.
    """

    code: str = ""
    name: str = ""
    # A score without points says that something was handed in. Moodle 4.5 erases the grade: see
    # scores.php in mod/lti/service/gradebookservices.
    takes_scores_without_points: bool = False
    # A comment is added to those before it, each time that it is sent; Moodle replaces it.
    appends_comments: bool = False
    # Scores carry its own submission data, by which it spares a grade given by a person.
    takes_submissions: bool = False
    # Results tell when their grade was given or last changed (result_for_json in
    # gradebookservices.php of mod/lti/service, Moodle 4.5). A restored course keeps these dates
    # (restore_stepslib.php in backup/moodle2). The specification has no such member.
    dates_results: bool = False
    # Dates of a deep link are a proposal, and may be dropped: an assignment has those that it is
    # given there.
    keeps_own_dates: bool = False
    # The text of a deep link replaces what a teacher wrote about the assignment, and its title the
    # name, unless it says that a name stays (EditView.jsx in ui/features/assignment_edit).
    overwrites_assignments: bool = False
    # Its gradebook can take marks off late work by a policy of its own, by the time of submission
    # (late_policy.rb in app/models).
    deducts_late: bool = False
    # A registration has one deployment, which the platform tells when it makes the registration.
    has_one_deployment: bool = False
    # The setting that says how many scores may go to it at the same time.
    concurrency_setting: str = "LTI_SCORES_AT_ONCE"


MOODLE = Product("moodle", "Moodle", dates_results=True, has_one_deployment=True)
CANVAS = Product(
    "canvas",
    "Canvas",
    takes_scores_without_points=True,
    appends_comments=True,
    takes_submissions=True,
    keeps_own_dates=True,
    overwrites_assignments=True,
    deducts_late=True,
    concurrency_setting="LTI_SCORES_AT_ONCE_CANVAS",
)
# Its launches have no tool_platform claim (lti_1p3/consumer.py of openedx/xblock-lti-consumer).
OPEN_EDX = Product("openedx", "Open edX")
# The small LMS of demo and tests, which has Moodle's ways where it imitates nothing else.
SANDBOX = Product("sandbox", dates_results=True)
UNKNOWN = Product()

_BY_CODE = {product.code: product for product in (MOODLE, CANVAS, OPEN_EDX, SANDBOX)}
# Parts of the authorisation addresses, which are known before the first launch.
_BY_ADDRESS = {
    "/mod/lti/": MOODLE,
    "/api/lti/authorize_redirect": CANVAS,
    "/api/lti_consumer/": OPEN_EDX,
}


def product_of(code: str, login_url: str = "") -> Product:
    """Return the product with this product_family_code, in whatever letters it is written.

    Without a code return what the platform's authorisation address suggests; UNKNOWN for
    everything else.
    """
    if code:
        return _BY_CODE.get(code.strip().lower(), UNKNOWN)
    found = (product for part, product in _BY_ADDRESS.items() if part in login_url)
    return next(found, UNKNOWN)
