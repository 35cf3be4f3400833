"""The `submissionReview` member of a line item (Submission Review 1.0, 4.1).

As in Moodle, its address and custom parameters are kept, `label` and `reviewableStatus` are not.
"""

from lti_tool.sandbox.models import Review
from lti_tool.sandbox.platform import custom
from lti_tool.sandbox.services import fields
from lti_tool.sandbox.services.fields import BadFieldError
from lti_tool.sandbox.services.json_body import JsonObject, is_one_of

STATES = {"None", "InProgress", "Submitted", "Completed"}


def parse(body: JsonObject) -> Review | None:
    """Return the member or None. Raise BadFieldError for the first error in it."""
    section = fields.section(body, "submissionReview")
    if section is None:
        return None
    with fields.inside("submissionReview"):
        fields.text(section, "label")
        states = section.get("reviewableStatus", [])
        if not isinstance(states, list) or not all(is_one_of(state, STATES) for state in states):
            raise BadFieldError(f"reviewableStatus must be a list of {sorted(STATES)}")
        review = Review()
        if url := fields.address(section, "url"):
            review["url"] = url
        if values := fields.texts(section, "custom"):
            review["custom"] = custom.stored(values)
        return review
