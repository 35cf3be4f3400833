"""Deep linking requests to a tool, and the activities that its response creates.

As in Moodle: a content item creates an activity at once; its column is named after the activity
and not by `lineItem.label`, and without `lineItem` there is none; `iframe`, `window`, `available`
and `submission` are ignored.
"""

import json
import secrets
import time

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lti_tool.sandbox.canvas import deep_linking as canvas
from lti_tool.sandbox.deep_linking import response
from lti_tool.sandbox.deep_linking.content_items import ContentItem, LineItem
from lti_tool.sandbox.deep_linking.response import DeepLinkingResponse
from lti_tool.sandbox.models import Activity, Column, Course, Selection, SignIn, ToolClient
from lti_tool.sandbox.platform import custom
from lti_tool.sandbox.platform.platforms import get_platform
from lti_tool.sandbox.platform.signed_claims import BadClaimError
from lti_tool.sandbox.platform.tool_jwt import verified_claims
from lti_tool.sandbox.server import conf

MAX_RESPONSE_LENGTH = 1_000_000


def tools(course: Course) -> QuerySet[ToolClient]:
    """Return the active tools that offer deep linking in this course."""
    return ToolClient.objects.filter(flavour=course.flavour, is_active=True).exclude(
        deep_linking_url=""
    )


def begin(
    session: SignIn,
    course: Course,
    tool: ToolClient,
    *,
    multiple: bool,
    placement: str = "",
    name: str = "",
    description: str = "",
) -> Selection:
    """Return a new deep linking request.

    In Canvas, `name` and `description` are what the teacher wrote of the assignment. Its `data` has
    quotes, angle brackets and letters beyond ASCII, which careless handling breaks.
    """
    key = secrets.token_urlsafe(16)
    return Selection.objects.create(
        key=key,
        data=json.dumps({"course": course.pk, "for": "é漢 <&>", "key": key}, ensure_ascii=False),
        sign_in=session,
        course=course,
        tool=tool,
        multiple=multiple,
        placement=placement,
        name=name,
        description=description,
    )


def accept(selection: Selection, token: str) -> tuple[DeepLinkingResponse, list[Activity]]:
    """Verify a response and create its activities, once; return both.

    Raise BadSignatureError, NoKeyError, BadClaimError or BadFieldError for the first error.
    """
    if len(token) > MAX_RESPONSE_LENGTH:
        raise BadClaimError("it is too long")
    tool = selection.tool
    claims = verified_claims(token, tool)
    expected = response.Expected(
        client_id=tool.client_id,
        issuer=get_platform(tool.flavour).issuer,
        deployment_id=tool.deployment_id,
        data=selection.data,
        multiple=selection.multiple,
        origins={conf.origin(url) for url in (tool.target_link_uri, tool.deep_linking_url)},
    )
    accepted = response.check(claims, expected, int(time.time()))
    with transaction.atomic():
        _redeem(selection, accepted.nonce)
        return accepted, [_create_activity(selection, item) for item in accepted.items]


def _redeem(selection: Selection, nonce: str) -> None:
    unanswered = Selection.objects.filter(pk=selection.pk, response_nonce="")
    try:
        with transaction.atomic():
            redeemed = unanswered.update(response_nonce=nonce)
    except IntegrityError as error:
        raise BadClaimError("its nonce was used before") from error
    if not redeemed:
        raise BadClaimError("this request was answered before")


def _create_activity(selection: Selection, item: ContentItem) -> Activity:
    """Return the new activity of a content item, with its column if it has one."""
    activity = Activity(
        course=selection.course,
        tool=selection.tool,
        title=item.title or selection.tool.name,
        description=item.text,
        url=item.url,
        custom=custom.stored(item.custom),
    )
    line_item = item.line_item
    if selection.placement:
        line_item = _fill_in(activity, selection, item)
    activity.save()
    if line_item is not None:
        Column.objects.create(
            course=activity.course,
            tool=activity.tool,
            activity=activity,
            label=activity.title,
            maximum=line_item.maximum,
            resource_id=line_item.resource_id,
            tag=line_item.tag,
            review=line_item.review,
        )
    return activity


def _fill_in(activity: Activity, selection: Selection, item: ContentItem) -> LineItem | None:
    """Change an activity to what Canvas makes of the item, and return its column or None.

    The page of an assignment takes no dates (`EditView.jsx` in ui/features/assignment_edit). The
    item's text replaces the description that is there, and its label or title the name, unless the
    item spares it.
    """
    activity.custom = item.custom
    label = (item.line_item and item.line_item.label) or activity.title
    if canvas.PLACEMENTS[selection.placement].is_assignment:
        activity.title = (item.keeps_name and selection.name) or label
        activity.description = item.text or selection.description
        return canvas.line_item(item.line_item)
    is_on = selection.course.links_are_graded
    if not canvas.makes_assignment(selection.placement, item, is_on=is_on):
        return None
    activity.opens_at, activity.due_at, activity.closes_at = canvas.dates(item)
    activity.title, activity.is_published = label, False
    return canvas.line_item(item.line_item)
