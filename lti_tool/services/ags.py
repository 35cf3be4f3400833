"""Assignment and Grade Services 2.0: columns, scores and results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

from lti_tool.protocol.values import is_web_address, json_number
from lti_tool.protocol.vocabulary import (
    CANVAS_SUBMISSION,
    ActivityProgress,
    GradingProgress,
    MediaType,
    Scope,
)
from lti_tool.services.errors import DeliveryProblem, ServiceError, unreadable
from lti_tool.services.paging import next_page
from lti_tool.services.platform import Platform
from lti_tool.services.verdicts import check

MAX_RESULTS = 10_000  # of one column
MAX_PAGES = 500


@dataclass(frozen=True, slots=True)
class ScorePost:
    """A score to post to one cell (section 3.4). ``timestamp`` is aware, in whole seconds.

    ``given`` is None if something was handed in that is not marked yet. With ``comment``
    None no comment is sent. ``submission`` is Canvas's extension of a score, None for every
    other platform.
    """

    user_id: str
    given: Decimal | None
    maximum: Decimal
    comment: str | None
    activity_progress: ActivityProgress
    grading_progress: GradingProgress
    timestamp: datetime
    submission: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A result read from one cell (section 3.3). ``given`` is None where it shows no grade.

    ``submitted_at`` is that of the score which was posted last, as far as it named one; only Canvas
    tells it (results_serializer.rb in app/serializers/lti/ims).

    Moodle 4.5 sends a grade of 0 without a number (``result_for_json`` in gradebookservices.php of
    mod/lti/service), so None may also mean 0.
    """

    user_id: str
    given: Decimal | None
    maximum: Decimal | None
    submitted_at: datetime | None = None

    def shows(self, given: Decimal, maximum: Decimal) -> bool:
        """Return whether the cell holds that score, scaled to the column's maximum.

        A difference of half a hundredth is rounding: platforms keep two to five decimal places.
        """
        if self.given is None:
            return given == 0
        # Section 3.3.4: without a maximum it is 1.
        held_of = self.maximum or Decimal(1)
        return abs(self.given - given / maximum * held_of) <= _ROUNDING


_ROUNDING = Decimal("0.0051")  # points


def canvas_submission(
    address: str,
    *,
    is_new: bool,
    submitted_at: datetime | None,
    is_marked: bool,
    yields: bool,
) -> dict[str, object]:
    """Return Canvas's extension of a score, so that its SpeedGrader can open the answers.

    ``is_new`` creates a submission, dated when the pupil handed it in; without it the date says
    which hand-in the result is of. A score that is not marked erases nothing. One that ``yields``
    leaves any grade that is there, even our own, so only a first score may. Source: Canvas's Score
    API, and scores_controller.rb (canvas-lms, app/controllers/lti/ims), where ``preserve_score``
    takes no score at all.
    """
    dated = {"submitted_at": submitted_at.isoformat()} if submitted_at else {}
    return {
        "new_submission": is_new,
        "preserve_score": not is_marked,
        "prioritize_non_tool_grade": yields,
        "submission_type": "basic_lti_launch",
        "submission_data": address,
        **dated,
    }


def post_score(platform: Platform, line_item: str, score: ScorePost) -> None:
    """Post a score to its line item. Raise ServiceError unless the platform accepts it."""
    reply = platform.request(
        "POST",
        _below(line_item, "scores"),
        [Scope.SCORE],
        accept="application/json",
        content=json.dumps(_content(score)),
        content_type=MediaType.SCORE,
    )
    check(reply)


def read_result(platform: Platform, line_item: str, user_id: str) -> Result | None:
    """Return what one person's cell holds, or None if the platform lists no result.

    Raise ServiceError if the results cannot be read.
    """
    address = _with_query(_below(line_item, "results"), user_id=user_id)
    found = {result.user_id: result for result in _results_page(platform, address)[0]}
    return found.get(user_id)


def read_results(platform: Platform, line_item: str) -> dict[str, Result]:
    """Return the results of a column by user id. Raise ServiceError if any page is missing."""
    found: dict[str, Result] = {}
    url, pages = _below(line_item, "results"), 0
    while url:
        results, url = _results_page(platform, url)
        found |= {result.user_id: result for result in results}
        pages += 1
        if pages >= MAX_PAGES or len(found) > MAX_RESULTS:
            raise unreadable("results without end")
    return found


def _content(score: ScorePost) -> dict[str, object]:
    content: dict[str, object] = {
        "userId": score.user_id,
        "activityProgress": score.activity_progress,
        "gradingProgress": score.grading_progress,
        "timestamp": score.timestamp.isoformat(timespec="milliseconds"),
    }
    if score.given is not None:
        content["scoreGiven"] = json_number(score.given)
        content["scoreMaximum"] = json_number(score.maximum)
    if score.comment is not None:
        content["comment"] = score.comment
    if score.submission is not None:
        content[CANVAS_SUBMISSION] = score.submission
    return content


def _results_page(platform: Platform, url: str) -> tuple[list[Result], str]:
    """Return the results of one page, and the address of the next page or ''."""
    reply = platform.request("GET", url, [Scope.RESULT_READONLY], accept=MediaType.RESULT_CONTAINER)
    check(reply)
    rows = reply.json()
    if not isinstance(rows, list) or len(rows) > MAX_RESULTS:
        raise unreadable("results that are no list, or one without end")
    read = [_result(row) for row in rows]
    return [result for result in read if result is not None], next_page(url, reply)


def _result(row: Any) -> Result | None:
    """Return a result, or None if it names no user or its numbers cannot be read."""
    user = row.get("userId") if isinstance(row, dict) else None
    if isinstance(user, int):
        user = str(user)
    if not isinstance(user, str) or not user:
        return None
    try:
        given, maximum = _decimal(row.get("resultScore")), _decimal(row.get("resultMaximum"))
    except ValueError:
        return None
    return Result(user, given, maximum, _submitted_at(row))


def _submitted_at(row: dict[str, Any]) -> datetime | None:
    submission = row.get(CANVAS_SUBMISSION)
    at = submission.get("submitted_at") if isinstance(submission, dict) else None
    try:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None


def _decimal(value: object) -> Decimal | None:
    """Return a number rounded to five decimal places, or None for null.

    Raise ValueError for anything but a number below 10**8.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 10**8:
        raise ValueError("no number of points")
    return Decimal(str(value)).quantize(Decimal("0.00001"))


def make_line_item(
    platform: Platform, container: str, *, link_id: str, label: str, maximum: Decimal
) -> str:
    """Return the address of the link's column; create the column if there is none.

    Asking first makes a repeat harmless: an answer that was lost on its way does not lead
    to a second column. Raise ServiceError if the platform refuses, with NO_COLUMN where it makes
    none for such a link: Canvas has columns for assignments alone (line_items_controller.rb and
    concerns/gradebook_services.rb in app/controllers/lti/ims).
    """
    found = find_line_item(platform, container, link_id)
    if found:
        return found
    content = {
        "label": label,
        "scoreMaximum": json_number(maximum),
        "resourceLinkId": link_id,
    }
    reply = platform.request(
        "POST",
        container,
        [Scope.LINE_ITEM],
        accept=MediaType.LINE_ITEM,
        content=json.dumps(content),
        content_type=MediaType.LINE_ITEM,
    )
    if reply.status in {404, 412}:
        raise ServiceError(
            DeliveryProblem.NO_COLUMN, f"status {reply.status}", permanent=True, status=reply.status
        )
    check(reply)
    address = _address_of(reply.json())
    if not address:
        raise unreadable("a column without id")
    return address


def find_line_item(platform: Platform, container: str, link_id: str) -> str:
    """Return the address of the link's column, or '' if there is none.

    A platform that ignores the filter answers with every column of the course, page by page.
    Raise ServiceError if the columns cannot be read.
    """
    url, seen = _with_query(container, resource_link_id=link_id), set[str]()
    while url:
        if url in seen or len(seen) == MAX_PAGES:
            raise unreadable("columns without end")
        seen.add(url)
        reply = platform.request(
            "GET", url, [Scope.LINE_ITEM], accept=MediaType.LINE_ITEM_CONTAINER
        )
        check(reply)
        rows = reply.json()
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and str(row.get("resourceLinkId")) == link_id:
                return _address_of(row)
        url = next_page(url, reply)
    return ""


def _address_of(row: Any) -> str:
    address = row.get("id") if isinstance(row, dict) else None
    return address if isinstance(address, str) and is_web_address(address) else ""


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:
        raise ServiceError(
            DeliveryProblem.UNREACHABLE, "an address that is none", permanent=False
        ) from error


def is_same_address(one: str, other: str) -> bool:
    """Return whether two addresses name the same column.

    Only paths are compared: Canvas's line items may change their host.
    """
    return _split(one).path.rstrip("/") == _split(other).path.rstrip("/")


def _with_query(address: str, **values: str) -> str:
    parts = _split(address)
    query = "&".join(filter(None, [parts.query, urlencode(values)]))
    return urlunsplit(parts._replace(query=query))


def _below(line_item: str, name: str) -> str:
    """Return the address of a service of a line item.

    Moodle's line item addresses carry a query (``?type_id=``, 4.5): ``/scores`` goes before it.
    """
    parts = _split(line_item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))
