"""The lines for the platform's services: the token, each scope, a roster, a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet
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
from lti_tool.models import LineItem, Registration, StoredLaunch
from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.roster.advice import names_setting
from lti_tool.services import nrps
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.nrps import Roster

CALL_SECONDS = 8.0  # a person waits

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
    platform = Connector(registration, seconds=CALL_SECONDS)
    refused = _refused_scopes(platform)
    problems = {error.problem for error in refused.values()}
    # A platform that refuses a scope for itself knows us.
    if len(refused) == len(Scope) and DeliveryProblem.NOT_ALLOWED not in problems:
        rest = CheckResult(
            _("Permissions, roster, gradebook"), State.NOT_KNOWN, _("Not seen without a token.")
        )
        return [_no_token(registration, next(iter(refused.values()))), rest]
    return [
        _token(registration, refused),
        *(_permission(registration, scope, refused) for scope in Scope),
        *_roster(registration, platform, refused),
        _column(registration, platform, refused),
    ]


def _refused_scopes(platform: Connector) -> ScopeRefused:
    """Return the scopes that are refused. Each is asked for alone, so that each can be named.

    Any failure but a refusal ends it, and then stands for all scopes.
    """
    refused: dict[Scope, ServiceError] = {}
    for scope in Scope:
        try:
            platform.ask_for_token([scope])
        except ServiceError as error:
            if error.problem not in {DeliveryProblem.NOT_ALLOWED, DeliveryProblem.TOKEN_REFUSED}:
                return dict.fromkeys(Scope, error)
            refused[scope] = error
    return refused


def _no_token(registration: Registration, failure: ServiceError) -> CheckResult:
    title = _("Access to its services")
    if failure.problem is not DeliveryProblem.TOKEN_REFUSED:
        return needs_action(title, describe_failure(failure), Remedy.TOKEN_ADDRESS, registration)
    line = needs_action(title, describe_failure(failure), Remedy.OUR_KEYS, registration)
    if failure.status != 404:
        return line
    # The address is wrong; or it is Moodle, which answers 404 if it found no keys of ours.
    address = remedy_text(Remedy.TOKEN_ADDRESS, registration)
    return replace(line, remedy=f"{line.remedy} {address}")


def _token(registration: Registration, refused: ScopeRefused) -> CheckResult:
    title = _("Access to its services")
    if len(refused) < len(Scope):
        return CheckResult(title, State.OK, _("The LMS knows our key and gives us a token."))
    sentence = _("The LMS knows us, but allows us none of its services.")
    return needs_action(title, sentence, Remedy.ALL_GRADES, registration)


def _permission(registration: Registration, scope: Scope, refused: ScopeRefused) -> CheckResult:
    words = _permissions()[scope]
    if scope not in refused:
        return CheckResult(words.title, State.OK, _("Allowed."))
    if scope is Scope.LINE_ITEM_READONLY and Scope.LINE_ITEM not in refused:
        return CheckResult(
            words.title, State.OK, _("Not allowed by itself, and not needed: making columns is.")
        )
    return needs_action(words.title, words.if_refused, words.remedy, registration, words.state)


def _permissions() -> Mapping[Scope, _Permission]:
    """Return the words for each scope, in the order in which they matter."""
    return {
        Scope.LINE_ITEM: _Permission(
            _("Permission: make gradebook columns (lineitem)"),
            _("Not allowed. An activity that has no column cannot get one, and has no grades."),
            Remedy.COLUMNS,
            State.PROBLEM,
        ),
        Scope.LINE_ITEM_READONLY: _Permission(
            _("Permission: see gradebook columns (lineitem.readonly)"),
            _("Not allowed. A column that was deleted is noticed only when a grade fails."),
            Remedy.READ_COLUMNS,
            State.WARNING,
        ),
        Scope.RESULT_READONLY: _Permission(
            _("Permission: see grades (result.readonly)"),
            _("Not allowed. We cannot tell when a grade was changed in the gradebook."),
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
            _("Not allowed. Teachers do not see who has never opened an activity."),
            Remedy.ROSTER,
            State.WARNING,
        ),
    }


def _roster(
    registration: Registration, platform: Connector, refused: ScopeRefused
) -> list[CheckResult]:
    title = _("A roster")
    if Scope.MEMBERSHIP_READONLY in refused:
        return [CheckResult(title, State.NOT_KNOWN, _("Not read: see the permission."))]
    launch = _newest_launches(registration).exclude(membership__context__roster_url="").first()
    if launch is None and not _newest_launches(registration).exists():
        return [
            CheckResult(title, State.NOT_KNOWN, _("Not read: the first launch tells where it is."))
        ]
    if launch is None:
        sentence = _("The launches do not tell where a course's roster is.")
        return [needs_action(title, sentence, Remedy.ROSTER, registration, State.NOT_KNOWN)]
    try:
        roster = nrps.read_roster(platform, launch.membership.context.roster_url)
    except ServiceError as error:
        return [needs_action(title, describe_failure(error), Remedy.ROSTER, registration)]
    return [_roster_read(title, roster), *_names(registration, roster)]


def _roster_read(title: str, roster: Roster | None) -> CheckResult:
    count = len(roster.members) if roster else 0
    sentence = ngettext(
        "Read, of the course that was opened last: %(count)s person.",
        "Read, of the course that was opened last: %(count)s people.",
        count,
    ) % {"count": count}
    if roster is not None and roster.is_complete:
        return CheckResult(title, State.OK, sentence)
    incomplete = _(
        "Somebody may be missing from it: it has more pages than are read, or the LMS broke off."
        " Nothing has to be set; teachers still see everybody who opened the activity."
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
        return [CheckResult(title, State.OK, _("The LMS sends them."))]
    sentence = _(
        "The LMS sends none. Teachers see 'Pupil 7' in a name's place, which may be wanted."
    )
    setting = str(names_setting(registration))
    return [CheckResult(title, State.WARNING, sentence, setting)]


def _column(registration: Registration, platform: Connector, refused: ScopeRefused) -> CheckResult:
    title = _("A gradebook column")
    scopes = [s for s in (Scope.LINE_ITEM, Scope.LINE_ITEM_READONLY) if s not in refused]
    if not scopes:
        return CheckResult(title, State.NOT_KNOWN, _("Not read: see the permissions."))
    launch = _newest_launches(registration).filter(link__line_item__isnull=False).first()
    if launch is None and not _newest_launches(registration).exists():
        return CheckResult(
            title, State.NOT_KNOWN, _("Not read: the first launch tells where it is.")
        )
    if launch is None or launch.link is None:
        sentence = _("The launches do not tell where the gradebook is.")
        return needs_action(title, sentence, Remedy.ALL_GRADES, registration, State.NOT_KNOWN)
    column = launch.link.line_item
    if not column.url:
        return CheckResult(
            title, State.OK, _("The activity opened last has none yet; its first grade makes one.")
        )
    return _column_read(registration, platform, column, scopes[0])


def _column_read(
    registration: Registration, platform: Connector, column: LineItem, scope: Scope
) -> CheckResult:
    title = _("A gradebook column")
    try:
        reply = platform.request("GET", column.url, [scope], accept=MediaType.LINE_ITEM)
    except ServiceError as error:
        return needs_action(title, describe_failure(error), Remedy.ALL_GRADES, registration)
    if reply.status == 200:
        return CheckResult(title, State.OK, _("Found, of the activity that was opened last."))
    if reply.status in {404, 410}:
        sentence = _("That of the activity opened last is gone.")
        return needs_action(title, sentence, Remedy.COLUMN_GONE, registration, State.WARNING)
    sentence = _("The LMS answers %(status)s when we look at it.") % {"status": reply.status}
    return needs_action(title, sentence, Remedy.ALL_GRADES, registration)


def _newest_launches(registration: Registration) -> QuerySet[StoredLaunch]:
    rows = StoredLaunch.objects.filter(registration=registration).order_by("-created_at")
    return rows.select_related("membership__context", "link__line_item")
