"""Assignment and Grade Services 2.0: columns, scores and results."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import SplitResult, unquote, urlencode, urljoin, urlsplit, urlunsplit

from lti_tool.protocol.values import is_web_address, json_number, number_as_text
from lti_tool.protocol.vocabulary import (
    CANVAS_SUBMISSION,
    ActivityProgress,
    GradingProgress,
    MediaType,
    Scope,
)
from lti_tool.services.addresses import is_same_origin
from lti_tool.services.errors import DeliveryProblem, ServiceError, unreadable
from lti_tool.services.paging import next_page
from lti_tool.services.platform import Platform
from lti_tool.services.verdicts import check

MAX_RESULTS = 10_000  # of one column
MAX_PAGES = 500
# A platform that has no list of columns. Blackboard answers 404 if none is the tool's own.
_NO_LIST = {204, 404, 405, 410, 501}
# These may be said of the filter alone: then every column of the course is asked for.
_NO_FILTER = {400, 406, 414, 422}
# What a refusal of a request to create a column is called by its status.
_NOT_MADE = {
    DeliveryProblem.COLUMN_GONE,
    DeliveryProblem.NEWER_IN_LMS,
    DeliveryProblem.NOT_ACCEPTED,
}


@dataclass(frozen=True, slots=True)
class ColumnKey:
    """By what a tool finds its column in a list: all that is not ''.

    The column of a link has ``link_id``. One beside it has our own ``resource_id`` and ``tag``: in
    Moodle 4.5 a second line item with a link's id takes the first one out of its launches.
    """

    link_id: str = ""
    resource_id: str = ""
    tag: str = ""

    @property
    def members(self) -> dict[str, str]:
        """Return the members of a line item that name the column."""
        named = {
            "resourceLinkId": self.link_id,
            "resourceId": self.resource_id,
            "tag": self.tag,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def query(self) -> dict[str, str]:
        """Return the parameters that ask for the column alone."""
        asked = {
            "resource_link_id": self.link_id,
            "resource_id": self.resource_id,
            "tag": self.tag,
        }
        return {name: value for name, value in asked.items() if value}

    def fits(self, row: Mapping[str, object]) -> bool:
        """Return whether a listed line item is the column."""
        return all(str(row.get(name)) == value for name, value in self.members.items())


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
    tells it (results_serializer.rb in app/serializers/lti/ims). ``changed_at`` is what the result
    gives as its ``timestamp``: what that means depends on the product (``Product.dates_results``).

    Moodle leaves out the number of a grade that PHP calls empty (``result_for_json`` in
    gradebookservices.php of mod/lti/service). The '0.00000' of PostgreSQL is not (looked at in
    4.5.6), a 0 of another driver may be: None may also mean 0.
    """

    user_id: str
    given: Decimal | None
    maximum: Decimal | None
    submitted_at: datetime | None = None
    changed_at: datetime | None = None

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
    preserves: bool,
    yields: bool,
) -> dict[str, object]:
    """Return Canvas's extension of a score, so that its SpeedGrader can open the answers.

    ``is_new`` creates a submission, dated when the pupil handed it in; without it the date says
    which hand-in the result is of. One that ``preserves`` erases no mark. One that ``yields``
    leaves any grade that is there, even our own, so only a first score may. Source: Canvas's Score
    API, and scores_controller.rb (canvas-lms, app/controllers/lti/ims), where ``preserve_score``
    takes no score at all.
    """
    dated = {"submitted_at": submitted_at.isoformat()} if submitted_at else {}
    return {
        "new_submission": is_new,
        "preserve_score": preserves,
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

    A platform that ignores the filter answers with every result of the column, page by page. Raise
    ServiceError if the results cannot be read up to that person's.
    """
    address = _with_query(_below(line_item, "results"), user_id=user_id)
    for page in _result_pages(platform, line_item, address):
        if user_id in page:
            return _result(user_id, page[user_id])
    return None


def read_results(platform: Platform, line_item: str) -> dict[str, Result]:
    """Return the results of a column by user id.

    Raise ServiceError if any page is missing, or any result cannot be read.
    """
    found: dict[str, Result] = {}
    for page in _result_pages(platform, line_item, _below(line_item, "results")):
        found |= {user_id: _result(user_id, row) for user_id, row in page.items()}
        if len(found) > MAX_RESULTS:
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


def _result_pages(
    platform: Platform, line_item: str, url: str
) -> Iterator[dict[str, dict[str, Any]]]:
    """Yield the rows of a column's results page by page, each by user id. Raise ServiceError.

    The address of a page is looked at only if the page is asked for.
    """
    seen = set[str]()
    while url:
        if url in seen or len(seen) == MAX_PAGES:
            raise unreadable("results without end")
        seen.add(url)
        reply = platform.request(
            "GET", url, [Scope.RESULT_READONLY], accept=MediaType.RESULT_CONTAINER
        )
        check(reply)
        rows = reply.json()
        if not isinstance(rows, list) or len(rows) > MAX_RESULTS:
            raise unreadable("results that are no list, or one without end")
        objects = [row for row in rows if isinstance(row, dict)]
        ours = [row for row in objects if _is_of_column(row, url, line_item)]
        yield {user_id: row for row in ours if (user_id := _user_of(row))}
        url = next_page(url, reply)


def _is_of_column(row: dict[str, Any], url: str, line_item: str) -> bool:
    """Return whether a result is one of this column, as far as its ``scoreOf`` tells.

    ILIAS answered with the results of other columns too (ILIAS-eLearning/ILIAS#11835). A relative
    address is taken for one relative to the results or to the line item: a result that is
    left out by mistake is a grade that is overwritten.
    """
    score_of = row.get("scoreOf")
    if not isinstance(score_of, str) or not score_of:
        return True
    try:
        return any(is_same_address(urljoin(at, score_of), line_item) for at in (url, line_item))
    except ValueError:
        return True


def _user_of(row: dict[str, Any]) -> str:
    """Return the user whose result a row is, '' if it names none."""
    user = number_as_text(row.get("userId"))
    return user if isinstance(user, str) else ""


def _result(user_id: str, row: dict[str, Any]) -> Result:
    """Return a user's result. Raise ServiceError if its numbers cannot be read.

    To take such a grade for none would be to overwrite it.
    """
    try:
        given, maximum = _decimal(row.get("resultScore")), _decimal(row.get("resultMaximum"))
    except ValueError as error:
        raise unreadable("a result that is no number") from error
    submission = row.get(CANVAS_SUBMISSION)
    submitted_at = submission.get("submitted_at") if isinstance(submission, dict) else None
    return Result(user_id, given, maximum, _moment(submitted_at), _moment(row.get("timestamp")))


def _moment(value: object) -> datetime | None:
    """Return the time that a text names, None if it is none or names no time zone."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None


def _decimal(value: object) -> Decimal | None:
    """Return a number, or one that is written as a text, rounded to five decimal places.

    None for null and an empty text. Raise ValueError for anything but a number below 10**8.
    """
    if value is None or value == "":
        return None
    try:
        number = Decimal("" if isinstance(value, bool) else str(value))
    except InvalidOperation as error:
        raise ValueError("no number of points") from error
    if not number.is_finite() or abs(number) >= 10**8:
        raise ValueError("no number of points")
    return number.quantize(Decimal("0.00001"))


def make_line_item(
    platform: Platform, container: str, key: ColumnKey, *, label: str, maximum: Decimal
) -> str:
    """Create a column, and return its address, '' if the platform does not tell it.

    Raise ServiceError if the platform refuses, with NO_COLUMN where it makes none for such a link:
    Canvas has columns for assignments alone (line_items_controller.rb and
    concerns/gradebook_services.rb in app/controllers/lti/ims).
    """
    content = {
        "label": label,
        "scoreMaximum": json_number(maximum),
        **key.members,
    }
    reply = platform.request(
        "POST",
        container,
        [Scope.LINE_ITEM],
        accept=MediaType.LINE_ITEM,
        content=json.dumps(content),
        content_type=MediaType.LINE_ITEM,
    )
    try:
        check(reply)
    except ServiceError as error:
        if error.problem in _NOT_MADE or reply.status == 501:
            raise ServiceError(
                DeliveryProblem.NO_COLUMN, error.detail, permanent=True, status=reply.status
            ) from error
        raise
    try:
        told = reply.json()
    except ServiceError:
        told = None  # an empty body, for one; the column is made all the same
    identifier = told.get("id") if isinstance(told, dict) else None
    location = reply.headers.get("location", "")
    return _column_address(identifier, container, container) or _column_address(
        location, container, container
    )


@dataclass(frozen=True, slots=True)
class LineItemContent:
    """A column as the platform tells it: all members, and of them the maximum, above 0."""

    members: dict[str, Any]
    maximum: Decimal


def read_line_item(platform: Platform, line_item: str) -> LineItemContent:
    """Return what the platform tells of a column. Raise ServiceError if it cannot be read."""
    reply = platform.request("GET", line_item, [Scope.LINE_ITEM], accept=MediaType.LINE_ITEM)
    check(reply)
    members = reply.json()
    try:
        maximum = _decimal(members.get("scoreMaximum")) if isinstance(members, dict) else None
    except ValueError as error:
        raise unreadable("a column's maximum that is no number") from error
    if not maximum or maximum < 0:
        raise unreadable("a column without a maximum")
    return LineItemContent(members, maximum)


def write_maximum(
    platform: Platform, line_item: str, content: LineItemContent, maximum: Decimal
) -> None:
    """Give a column another maximum. Raise ServiceError unless the platform takes it.

    The whole line item is sent back as it was told, because Moodle 4.5 erases what a PUT leaves out
    (lineitem.php in mod/lti/service/gradebookservices).
    """
    reply = platform.request(
        "PUT",
        line_item,
        [Scope.LINE_ITEM],
        accept=MediaType.LINE_ITEM,
        content=json.dumps({**content.members, "scoreMaximum": json_number(maximum)}),
        content_type=MediaType.LINE_ITEM,
    )
    check(reply)


def find_line_item(platform: Platform, container: str, key: ColumnKey) -> str | None:
    """Return the address of the column, '' if it is not listed, None if there is no list.

    A platform that ignores the filter answers with every column of the course, page by page.
    Raise ServiceError if the list cannot be read for now, and with COLUMN_UNKNOWN if the column is
    listed without an address that may be called.
    """
    url, seen, is_listed = _with_query(container, **key.query), set[str](), False
    while url:
        if url in seen or len(seen) == MAX_PAGES:
            raise unreadable("columns without end")
        reply = platform.request(
            "GET", url, [Scope.LINE_ITEM], accept=MediaType.LINE_ITEM_CONTAINER
        )
        if not seen and reply.status in _NO_LIST:
            return None
        if not seen and reply.status in _NO_FILTER:
            seen.add(url)
            url = container
            continue
        seen.add(url)
        check(reply)
        rows = reply.json()
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and key.fits(row):
                is_listed = True
                if address := _column_address(row.get("id"), url, container):
                    return address
        url = next_page(url, reply)
    if is_listed:
        raise column_unknown("the column is listed without an address")
    return ""


def column_unknown(detail: str) -> ServiceError:
    """Return the error of a column that the platform has made and that we cannot address."""
    return ServiceError(DeliveryProblem.COLUMN_UNKNOWN, detail, permanent=True)


def _column_address(identifier: object, url: str, container: str) -> str:
    """Return the address that a line item's id or a Location names, or '' if it is none.

    ``url`` is where it was read, which a relative one is relative to. A number is a name below the
    container. An address at another origin than the container's is none: nobody has said that
    it is the platform's, and it would get our token. Behind a proxy that ends TLS a platform may
    think of itself as http: its own host is then called as the container is.
    """
    identifier = number_as_text(identifier)
    if not isinstance(identifier, str) or not identifier:
        return ""
    is_number = identifier.isascii() and identifier.isdecimal()
    try:
        address = _below(container, identifier) if is_number else urljoin(url, identifier)
        secure = address.replace("http://", "https://", 1)
        if is_same_origin(secure, container):
            address = secure
        is_ours = is_web_address(address) and is_same_origin(address, container)
    except ValueError:
        return ""
    return address if is_ours and not is_same_address(address, container) else ""


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
    paths = (unquote(_split(address).path).rstrip("/") for address in (one, other))
    return next(paths) == next(paths)


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
