"""The lines for the platform's services: the token, each scope, a roster, a column."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.adapter.connector import Connector
from lti_tool.connection.check_result import (
    CheckResult,
    State,
    describe_failure,
    needs_action,
)
from lti_tool.connection.remedies import Remedy, remedy_text
from lti_tool.models import Deployment, LineItem, Registration, StoredLaunch
from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.roster.advice import names_setting
from lti_tool.services import nrps
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.nrps import Roster

CALL_SECONDS = 8.0  # a person waits
MAX_SECONDS = 20.0  # for all calls together: meanwhile others may find no place to call

ScopeRefused = Mapping[Scope, ServiceError]


@dataclass(frozen=True, slots=True)
class _Permission:
    """The words for one scope: ``if_refused`` says what does not work without it."""

    title: str
    if_refused: str
    remedy: Remedy
    state: State


def services(registration: Registration) -> list[CheckResult]:
    """Return the lines for everything that needs a token.

    A platform that does not answer once is not asked again.
    """
    newest = _newest_launches(registration).first()
    deployment = newest.membership.context.deployment if newest else None
    until = time.monotonic() + MAX_SECONDS
    refused = _refused_scopes(_platform(registration, deployment, until), until)
    problems = {error.problem for error in refused.values()}
    # A platform that refuses a scope for itself knows us.
    if len(refused) == len(Scope) and DeliveryProblem.NOT_ALLOWED not in problems:
        rest = CheckResult(
            _("Permissions, class list, gradebook"),
            State.NOT_KNOWN,
            _("Not checked, because there is no access token."),
        )
        return [_no_token(registration, next(iter(refused.values()))), rest]
    return [
        _token(registration, refused),
        *(_permission(registration, scope, refused) for scope in Scope),
        *_roster(registration, refused, until),
        _column(registration, refused, until),
    ]


def _platform(registration: Registration, deployment: Deployment | None, until: float) -> Connector:
    return Connector(registration, deployment=deployment, seconds=CALL_SECONDS, until=until)


def _refused_scopes(platform: Connector, until: float) -> ScopeRefused:
    """Return the scopes that are refused. Each is asked for alone, so that each can be named.

    Any failure but a refusal ends it, and then stands for all scopes; so does the time, ``until``
    which the platform may take.
    """
    refused: dict[Scope, ServiceError] = {}
    for scope in Scope:
        if time.monotonic() > until:
            late = ServiceError(DeliveryProblem.BUSY, "it takes too long", permanent=False)
            return dict.fromkeys(Scope, late)
        try:
            platform.ask_for_token([scope])
        except ServiceError as error:
            if error.problem not in {DeliveryProblem.NOT_ALLOWED, DeliveryProblem.TOKEN_REFUSED}:
                return dict.fromkeys(Scope, error)
            refused[scope] = error
    return refused


def _no_token(registration: Registration, failure: ServiceError) -> CheckResult:
    title = _("Access to the LMS's services")
    if failure.problem is not DeliveryProblem.TOKEN_REFUSED:
        return needs_action(title, describe_failure(failure), Remedy.TOKEN_ADDRESS, registration)
    line = needs_action(title, describe_failure(failure), Remedy.OUR_KEYS, registration)
    if failure.status != 404:
        return line
    # The address is wrong; or it is Moodle, which answers 404 if it found no keys of ours.
    address = remedy_text(Remedy.TOKEN_ADDRESS, registration)
    return replace(line, remedy=f"{line.remedy} {address}")


def _token(registration: Registration, refused: ScopeRefused) -> CheckResult:
    title = _("Access to the LMS's services")
    if len(refused) < len(Scope):
        return CheckResult(
            title, State.OK, _("The LMS accepts our key and gives us an access token.")
        )
    sentence = _("The LMS knows this tool but allows it none of its services.")
    return needs_action(title, sentence, Remedy.ALL_GRADES, registration)


def _permission(registration: Registration, scope: Scope, refused: ScopeRefused) -> CheckResult:
    words = _permissions()[scope]
    if scope not in refused:
        return CheckResult(words.title, State.OK, _("Allowed."))
    if scope is Scope.LINE_ITEM_READONLY and Scope.LINE_ITEM not in refused:
        return CheckResult(
            words.title,
            State.OK,
            _("Not allowed on its own. The permission to create columns is enough."),
        )
    return needs_action(words.title, words.if_refused, words.remedy, registration, words.state)


def _permissions() -> Mapping[Scope, _Permission]:
    """Return the words for each scope, in the order in which they matter."""
    return {
        Scope.LINE_ITEM: _Permission(
            _("Permission: create gradebook columns (lineitem)"),
            _("Not allowed. An activity without a column cannot get one and has no grades."),
            Remedy.COLUMNS,
            State.PROBLEM,
        ),
        Scope.LINE_ITEM_READONLY: _Permission(
            _("Permission: see gradebook columns (lineitem.readonly)"),
            _("Not allowed. We notice a deleted column only when a grade fails."),
            Remedy.READ_COLUMNS,
            State.WARNING,
        ),
        Scope.RESULT_READONLY: _Permission(
            _("Permission: see grades (result.readonly)"),
            _("Not allowed. We cannot see when someone changes a grade in the gradebook."),
            Remedy.RESULTS,
            State.WARNING,
        ),
        Scope.SCORE: _Permission(
            _("Permission: write grades (score)"),
            _("Not allowed. No grade reaches the gradebook."),
            Remedy.SCORES,
            State.PROBLEM,
        ),
        Scope.MEMBERSHIP_READONLY: _Permission(
            _("Permission: see who is in a course (contextmembership.readonly)"),
            _("Not allowed. Teachers cannot see who has not opened an activity."),
            Remedy.ROSTER,
            State.WARNING,
        ),
    }


def _roster(registration: Registration, refused: ScopeRefused, until: float) -> list[CheckResult]:
    title = _("Class list")
    if Scope.MEMBERSHIP_READONLY in refused:
        return [CheckResult(title, State.NOT_KNOWN, _("Not checked: see the permission above."))]
    launch = _newest_launches(registration).exclude(membership__context__roster_url="").first()
    if launch is None and not _newest_launches(registration).exists():
        return [
            CheckResult(
                title,
                State.NOT_KNOWN,
                _("Not checked: the first launch will say where to find it."),
            )
        ]
    if launch is None:
        sentence = _("The launches do not say where to find a course's class list.")
        return [needs_action(title, sentence, Remedy.ROSTER, registration, State.NOT_KNOWN)]
    context = launch.membership.context
    try:
        roster = nrps.read_roster(
            _platform(registration, context.deployment, until), context.roster_url
        )
    except ServiceError as error:
        return [needs_action(title, describe_failure(error), Remedy.ROSTER, registration)]
    return [_roster_read(title, roster), *_names(registration, roster)]


def _roster_read(title: str, roster: Roster | None) -> CheckResult:
    count = len(roster.members) if roster else 0
    sentence = ngettext(
        "Read for the course that was opened last: %(count)s person.",
        "Read for the course that was opened last: %(count)s people.",
        count,
    ) % {"count": count}
    if roster is not None and roster.is_complete:
        return CheckResult(title, State.OK, sentence)
    incomplete = _(
        "Someone may be missing: the list has more pages than we read, or the LMS broke off. You do"
        " not have to change a setting. Teachers still see everyone who has opened the activity."
    )
    return CheckResult(title, State.WARNING, f"{sentence} {incomplete}")


def _names(registration: Registration, roster: Roster | None) -> list[CheckResult]:
    """Return the line that says whether names come.

    One privacy setting of the LMS covers rosters and launches.
    """
    if roster is None or not roster.members:
        return []
    title = _("Names")
    if any(member.name or member.given_name or member.family_name for member in roster.members):
        return [CheckResult(title, State.OK, _("The LMS sends names."))]
    sentence = _(
        "The LMS sends no names. Teachers see 'Pupil 7' instead of a name. This may be intended."
    )
    setting = str(names_setting(registration))
    return [CheckResult(title, State.WARNING, sentence, setting)]


def _column(registration: Registration, refused: ScopeRefused, until: float) -> CheckResult:
    title = _("Gradebook column")
    scopes = [s for s in (Scope.LINE_ITEM, Scope.LINE_ITEM_READONLY) if s not in refused]
    if not scopes:
        return CheckResult(title, State.NOT_KNOWN, _("Not checked: see the permissions above."))
    own = LineItem.objects.filter(link=OuterRef("link"), tag="")
    launch = _newest_launches(registration).filter(Exists(own)).first()
    if launch is None and not _newest_launches(registration).exists():
        return CheckResult(
            title, State.NOT_KNOWN, _("Not checked: the first launch will say where to find it.")
        )
    if launch is None or launch.link is None:
        sentence = _("The launches do not say where to find the gradebook.")
        return needs_action(title, sentence, Remedy.ALL_GRADES, registration, State.NOT_KNOWN)
    column = launch.link.line_items.get(tag="")
    if not column.url:
        return CheckResult(
            title,
            State.OK,
            _("The activity that was opened last has no column yet. Its first grade creates one."),
        )
    platform = _platform(registration, launch.link.deployment, until)
    return _column_read(registration, platform, column, scopes[0])


def _column_read(
    registration: Registration, platform: Connector, column: LineItem, scope: Scope
) -> CheckResult:
    title = _("Gradebook column")
    try:
        reply = platform.request("GET", column.url, [scope], accept=MediaType.LINE_ITEM)
    except ServiceError as error:
        return needs_action(title, describe_failure(error), Remedy.ALL_GRADES, registration)
    if reply.status == 200:
        return CheckResult(title, State.OK, _("Found for the activity that was opened last."))
    if reply.status in {404, 410}:
        sentence = _("The activity that was opened last no longer has its column.")
        return needs_action(title, sentence, Remedy.COLUMN_GONE, registration, State.WARNING)
    sentence = _("The LMS answers with status %(status)s when we ask for the column.") % {
        "status": reply.status
    }
    return needs_action(title, sentence, Remedy.ALL_GRADES, registration)


def _newest_launches(registration: Registration) -> QuerySet[StoredLaunch]:
    rows = StoredLaunch.objects.filter(registration=registration).order_by("-created_at")
    return rows.select_related("membership__context__deployment", "link__deployment")
