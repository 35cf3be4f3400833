"""Deep linking requests to a tool, and the activities that its response creates.

As in Moodle: a content item creates an activity at once; its column is named after the activity
and not by `lineItem.label`, and without `lineItem` there is none; `iframe`, `window`, `available`
and `submission` are ignored.
"""

import json
import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lti_tool.sandbox.canvas import deep_linking as canvas
from lti_tool.sandbox.deep_linking import answer as deep_linking_answer
from lti_tool.sandbox.deep_linking.answer import Answer, Asked
from lti_tool.sandbox.deep_linking.content_items import ContentItem, LineItem
from lti_tool.sandbox.models import Activity, Column, Course, Selection, SignIn, ToolClient
from lti_tool.sandbox.platform import custom, keys
from lti_tool.sandbox.platform.platforms import platform
from lti_tool.sandbox.platform.signed_claims import BadClaimError
from lti_tool.sandbox.platform.tool_jwt import verified_claims
from lti_tool.sandbox.server import conf

MAX_ANSWER_LENGTH = 1_000_000


def tools(course: Course) -> QuerySet[ToolClient]:
    """Return the active tools that offer deep linking in this course."""
    return ToolClient.objects.filter(flavour=course.flavour, is_active=True).exclude(
        deep_linking_url=""
    )


def begin(
    session: SignIn, course: Course, tool: ToolClient, *, multiple: bool, placement: str = ""
) -> Selection:
    """Return a new deep linking request.

    Its `data` has quotes, angle brackets and letters beyond ASCII, which careless handling
    breaks.
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
    )


def take(selection: Selection, signed: str) -> tuple[Answer, list[Activity]]:
    """Verify a response and create its activities, once; return both.

    Raise BadSignatureError, NoKeyError, BadClaimError or BadFieldError for the first error.
    """
    if len(signed) > MAX_ANSWER_LENGTH:
        raise BadClaimError("it is too long")
    claims = verified_claims(signed, selection.tool)
    answer = deep_linking_answer.check(claims, _asked(selection), keys.now())
    with transaction.atomic():
        _use_up(selection, answer.nonce)
        return answer, [_activity(selection, item) for item in answer.items]


def _asked(selection: Selection) -> Asked:
    tool = selection.tool
    return Asked(
        client_id=tool.client_id,
        issuer=platform(tool.flavour).issuer,
        deployment_id=tool.deployment_id,
        data=selection.data,
        multiple=selection.multiple,
        origins={conf.origin(url) for url in (tool.target_link_uri, tool.deep_linking_url)},
    )


def _use_up(selection: Selection, nonce: str) -> None:
    unanswered = Selection.objects.filter(pk=selection.pk, response_nonce="")
    try:
        with transaction.atomic():
            taken = unanswered.update(response_nonce=nonce)
    except IntegrityError as error:
        raise BadClaimError("its nonce was used before") from error
    if not taken:
        raise BadClaimError("this request was answered before")


def _activity(selection: Selection, item: ContentItem) -> Activity:
    activity = Activity.objects.create(
        course=selection.course,
        tool=selection.tool,
        title=item.title or selection.tool.name,
        description=item.text,
        url=item.url,
        **_kept(selection, item),
    )
    line_item = item.line_item
    if selection.placement:
        line_item = canvas.line_item(selection.placement, line_item)
    if line_item is not None:
        _column(activity, line_item)
    return activity


def _kept(selection: Selection, item: ContentItem) -> dict[str, Any]:
    """Return the custom parameters and, in Canvas, the dates that the activity keeps."""
    if selection.placement:
        return {"custom": item.custom, **canvas.dates(item)}
    return {"custom": custom.kept(item.custom)}


def _column(activity: Activity, item: LineItem) -> Column:
    return Column.objects.create(
        course=activity.course,
        tool=activity.tool,
        activity=activity,
        label=activity.title,
        maximum=item.maximum,
        resource_id=item.resource_id,
        tag=item.tag,
        review=item.review,
    )
