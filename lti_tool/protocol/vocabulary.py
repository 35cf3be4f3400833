"""The names that LTI 1.3 and LTI Advantage fix: claims, roles, scopes, media types.

Pure: no Django. Sources: LTI Core 1.3, LTI-AGS 2.0, LTI-NRPS 2.0, LTI-DL 2.0.
"""

from __future__ import annotations

from enum import StrEnum

VERSION = "1.3.0"


class Claim(StrEnum):
    """The claims of a launch (LTI Core 1.3 section 5.3 and 5.4) and a deep linking response."""

    MESSAGE_TYPE = "https://purl.imsglobal.org/spec/lti/claim/message_type"
    VERSION = "https://purl.imsglobal.org/spec/lti/claim/version"
    DEPLOYMENT_ID = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
    TARGET_LINK_URI = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri"
    RESOURCE_LINK = "https://purl.imsglobal.org/spec/lti/claim/resource_link"
    ROLES = "https://purl.imsglobal.org/spec/lti/claim/roles"
    CONTEXT = "https://purl.imsglobal.org/spec/lti/claim/context"
    TOOL_PLATFORM = "https://purl.imsglobal.org/spec/lti/claim/tool_platform"
    LAUNCH_PRESENTATION = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation"
    CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
    LIS = "https://purl.imsglobal.org/spec/lti/claim/lis"
    AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
    NRPS_SERVICE = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
    FOR_USER = "https://purl.imsglobal.org/spec/lti/claim/for_user"
    DEEP_LINKING_SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
    CONTENT_ITEMS = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items"
    DATA = "https://purl.imsglobal.org/spec/lti-dl/claim/data"
    MESSAGE = "https://purl.imsglobal.org/spec/lti-dl/claim/msg"
    ERROR_MESSAGE = "https://purl.imsglobal.org/spec/lti-dl/claim/errormsg"
    LOG = "https://purl.imsglobal.org/spec/lti-dl/claim/log"
    ERROR_LOG = "https://purl.imsglobal.org/spec/lti-dl/claim/errorlog"


class MessageType(StrEnum):
    """The types of message that a platform may launch with."""

    RESOURCE_LINK = "LtiResourceLinkRequest"
    DEEP_LINKING = "LtiDeepLinkingRequest"
    SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"


# The tool's answer to a deep linking request (LTI-DL 2.0 section 4.5). It never launches
# anything, so it is no MessageType.
DEEP_LINKING_RESPONSE = "LtiDeepLinkingResponse"

# The content item type of an activity: LTI-DL 2.0 section 3.4.
RESOURCE_LINK_ITEM = "ltiResourceLink"


class Scope(StrEnum):
    """The scopes of an access token (LTI-AGS 2.0 section 3, LTI-NRPS 2.0 section 2)."""

    LINE_ITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
    LINE_ITEM_READONLY = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
    RESULT_READONLY = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
    SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
    MEMBERSHIP_READONLY = (
        "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
    )


class MediaType(StrEnum):
    """The media types of the services; platforms refuse any other."""

    LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
    LINE_ITEM_CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
    SCORE = "application/vnd.ims.lis.v1.score+json"
    RESULT_CONTAINER = "application/vnd.ims.lis.v2.resultcontainer+json"
    MEMBERSHIP_CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


class ActivityProgress(StrEnum):
    """The pupil's progress in a score (LTI-AGS 2.0 section 3.4.4)."""

    INITIALIZED = "Initialized"
    STARTED = "Started"
    IN_PROGRESS = "InProgress"
    SUBMITTED = "Submitted"
    COMPLETED = "Completed"


class GradingProgress(StrEnum):
    """The progress of the marking in a score (LTI-AGS 2.0 section 3.4.5)."""

    FULLY_GRADED = "FullyGraded"
    PENDING = "Pending"
    PENDING_MANUAL = "PendingManual"
    FAILED = "Failed"
    NOT_READY = "NotReady"


# Roles, LTI Core 1.3 appendix A.2. A context role is the prefix with a principal role
# behind '#', or 'membership/Principal#SubRole'.
CONTEXT_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
CONTEXT_SUB_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership/"
INSTITUTION_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"
TEST_USER_ROLE = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
COURSE_TYPE = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"

# OAuth 2.0 client authentication of IMS Security Framework 1.0, section 4.1.
CLIENT_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# Canvas opens a submission by launching the address that came with the score, with the course's
# id in place of the link's: `launch_resource_link_id` in lib/lti/messages/resource_link_request.rb,
# canvas-lms #1952. In our addresses the parameter SUBMISSION_OF names the pupil, SUBMISSION_AT
# the resource link by the id that it has in its launches.
CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"
SUBMISSION_OF = "submission_of"
SUBMISSION_AT = "submission_at"

# A content item says by it that a name which the assignment has already stays: Canvas's
# EditView.jsx in ui/features/assignment_edit.
CANVAS_KEEPS_NAME = "https://canvas.instructure.com/lti/preserveExistingAssignmentName"

# The variables that we ask a platform to send with each launch: custom parameter ->
# substitution variable. Lower case, because some platforms fold the names of parameters.
CUSTOM_PARAMETERS = {
    "context_history": "$Context.id.history",
    "link_history": "$ResourceLink.id.history",
    "available_from": "$ResourceLink.available.startDateTime",
    "available_until": "$ResourceLink.available.endDateTime",
    "submission_from": "$ResourceLink.submission.startDateTime",
    "submission_until": "$ResourceLink.submission.endDateTime",
    # Of Moodle alone: others leave it as it is.
    "moodle_groups": "$Moodle.Person.userGroupIds",
}
CANVAS_CUSTOM_PARAMETERS = CUSTOM_PARAMETERS | {
    "canvas_assignment": "$Canvas.assignment.id",
    "canvas_due_at": "$Canvas.assignment.dueAt.iso8601",
    "canvas_unlock_at": "$Canvas.assignment.unlockAt.iso8601",
    "canvas_lock_at": "$Canvas.assignment.lockAt.iso8601",
    "canvas_sections": "$Canvas.course.sectionIds",
    "canvas_section_names": "$com.instructure.User.sectionNames",
}
