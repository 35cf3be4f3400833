"""The typed ``Launch`` that the claims of a verified id_token are parsed into.

Pure. No module after this one reads raw claims. Source: LTI Core 1.3 section 5.3 and 5.4,
LTI-AGS 2.0 section 3.1, LTI-NRPS 2.0 section 2.1, LTI-DL 2.0 section 4.4, LTI Submission
Review 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from lti_tool.protocol import custom_parameters
from lti_tool.protocol.claims import (
    Claims,
    flag,
    identifier,
    malformed,
    required_section,
    section,
    text,
    texts,
    web_address,
)
from lti_tool.protocol.custom_parameters import Dates
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.protocol.roles import (
    CourseRoles,
    course_roles,
    lacks_course_role,
    short_names,
    with_institution_roles,
)
from lti_tool.protocol.values import ID_LENGTH, TEXT_LENGTH, URL_LENGTH, clean, role_names
from lti_tool.protocol.vocabulary import (
    RESOURCE_LINK_ITEM,
    SUBMISSION_AT,
    SUBMISSION_OF,
    VERSION,
    Claim,
    MessageType,
)

DATA_LENGTH = 20_000  # of the text that a deep linking answer must repeat
_MESSAGES = frozenset(MessageType)


@dataclass(frozen=True, slots=True)
class Person:
    """The user of a launch; a name is '' if the platform does not send it."""

    sub: str
    name: str = ""
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """The context claim: the course in which the tool was opened."""

    id: str
    label: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """The resource link, which was opened in the course."""

    id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class GradeService:
    """The AGS claim. ``line_item`` is '' where the LMS has no column for this link."""

    scopes: frozenset[str]
    line_items: str = ""
    line_item: str = ""


@dataclass(frozen=True, slots=True)
class Presentation:
    """The launch presentation claim: language of the page, and the address to go back to."""

    locale: str = ""
    return_url: str = ""


@dataclass(frozen=True, slots=True)
class DeepLinkingSettings:
    """The deep linking settings claim (LTI-DL 2.0 section 4.4.1).

    ``data`` must be sent back unchanged; None if none was given.
    """

    return_url: str
    data: str | None = None
    accepts_several: bool = False
    accepts_line_item: bool = True
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmissionAddress:
    """The link at which a submission was made, as the address that came with its score tells it.

    ``link_id`` is '' in addresses that older versions of this tool sent. ``assignment_id`` is the
    LMS's own id, '' if the launch does not tell it.
    """

    link_id: str
    assignment_id: str


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch whose claims have been checked and typed.

    ``link`` is None only in a deep linking request, ``deep_linking`` is None in every other
    message. ``roster_url`` is '' without NRPS. ``reviewed`` is the user whose submission is to
    be reviewed, else None. ``submission`` is None unless the address that came with a score was
    launched: then ``link`` need not be the link of that submission.
    """

    nonce: str
    message: MessageType
    deployment_id: str
    person: Person
    roles: tuple[str, ...]
    link: Link | None
    course: Course | None
    target_link_uri: str
    grades: GradeService | None
    roster_url: str
    presentation: Presentation
    custom: Mapping[str, str] = field(default_factory=dict)
    product: str = ""
    deep_linking: DeepLinkingSettings | None = None
    reviewed: Person | None = None
    submission: SubmissionAddress | None = None

    @property
    def assignment_id(self) -> str:
        """Return the LMS's own id of the assignment that was opened, '' if it sends none."""
        return custom_parameters.assignment_id(self.custom)

    @property
    def link_history(self) -> tuple[str, ...]:
        """Return the ids of the links that this one was copied from, nearest first."""
        return custom_parameters.history(self.custom, "link_history")

    @property
    def course_history(self) -> tuple[str, ...]:
        """Return the ids of the courses that this one was copied from, nearest first."""
        return custom_parameters.history(self.custom, "context_history")

    @property
    def dates(self) -> Dates:
        """Return the opening, due and closing dates that the LMS sends."""
        return custom_parameters.dates(self.custom)

    @property
    def course_roles(self) -> CourseRoles:
        return course_roles(self.roles)


def parse_launch(claims: Claims, *, takes_institution_roles: bool = False) -> Launch:
    """Return the launch of an id_token whose signature, times and audience were checked.

    Raise LaunchRefused: CLAIM_MALFORMED or MESSAGE_UNSUPPORTED if a claim is missing, of the
    wrong type or too long; TEACHERS_ONLY or NO_COURSE_ROLE if anybody but a teacher or designer
    would choose worksheets; OTHERS_WORK if anybody but a teacher would review another user's
    submission; NOT_SIGNED_IN if it names no user.
    """
    message, roles = _message(claims), _roles(claims)
    is_deep_linking = message is MessageType.DEEP_LINKING
    launch = Launch(
        nonce=identifier(claims, "nonce"),
        message=message,
        deployment_id=identifier(claims, Claim.DEPLOYMENT_ID),
        person=_person(claims),
        roles=with_institution_roles(roles) if takes_institution_roles else roles,
        link=None if is_deep_linking else _link(claims),
        course=_course(claims),
        target_link_uri=web_address(claims, Claim.TARGET_LINK_URI, required=not is_deep_linking),
        grades=_grade_service(claims),
        roster_url=web_address(
            section(claims, Claim.NRPS_SERVICE) or {}, "context_memberships_url"
        ),
        presentation=_presentation(claims),
        custom=_custom(claims),
        product=text(section(claims, Claim.TOOL_PLATFORM) or {}, "product_family_code").lower(),
        deep_linking=_deep_linking(claims) if is_deep_linking else None,
        reviewed=_reviewed(claims, message),
        submission=_submission(claims, message),
    )
    if launch.course_roles.is_teacher:
        return launch
    if is_deep_linking:
        _check_may_choose(launch)
    if launch.reviewed is not None and launch.reviewed.sub != launch.person.sub:
        raise LaunchRefused(Reason.OTHERS_WORK, message)
    return launch


def _check_may_choose(launch: Launch) -> None:
    """Raise LaunchRefused for somebody who does not build this course."""
    if launch.course_roles.builds_course:
        return
    if lacks_course_role(launch.roles):
        raise LaunchRefused(Reason.NO_COURSE_ROLE, short_names(launch.roles))
    raise LaunchRefused(Reason.TEACHERS_ONLY, launch.message)


def _message(claims: Claims) -> MessageType:
    message = claims.get(Claim.MESSAGE_TYPE)
    if not isinstance(message, str) or not message:
        raise malformed(Claim.MESSAGE_TYPE, "is missing")
    if claims.get(Claim.VERSION) != VERSION:
        raise malformed(Claim.VERSION, f"is not {VERSION}")
    if message not in _MESSAGES:
        raise LaunchRefused(Reason.MESSAGE_UNSUPPORTED, f"message type {message[:60]!r}")
    return MessageType(message)


def _person(claims: Claims) -> Person:
    if claims.get("sub") is None:
        # An anonymous launch (LTI Core 1.3 section 5.3.6.1): in Canvas, of a public course.
        raise LaunchRefused(Reason.NOT_SIGNED_IN, "no sub")
    return Person(
        sub=identifier(claims, "sub"),
        name=text(claims, "name"),
        given_name=text(claims, "given_name"),
        family_name=text(claims, "family_name"),
    )


def _roles(claims: Claims) -> tuple[str, ...]:
    roles = claims.get(Claim.ROLES)
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise malformed(Claim.ROLES, "is not a list of texts")
    if len(roles) > 100:
        raise malformed(Claim.ROLES, "is too long a list")
    return role_names(roles)


def _link(claims: Claims) -> Link:
    link = required_section(claims, Claim.RESOURCE_LINK)
    return Link(id=identifier(link, "id"), title=text(link, "title"))


def _course(claims: Claims) -> Course | None:
    context = section(claims, Claim.CONTEXT)
    if context is None:
        return None
    return Course(
        id=identifier(context, "id"),
        label=text(context, "label"),
        title=text(context, "title"),
    )


def _deep_linking(claims: Claims) -> DeepLinkingSettings:
    settings = required_section(claims, Claim.DEEP_LINKING_SETTINGS)
    if RESOURCE_LINK_ITEM not in texts(settings, "accept_types"):
        raise LaunchRefused(Reason.MESSAGE_UNSUPPORTED, "accept_types has no ltiResourceLink")
    data = settings.get("data")
    if data is not None and (
        not isinstance(data, str) or len(data) > DATA_LENGTH or clean(data) != data
    ):
        raise malformed("data", "is no text, too long or holds forbidden characters")
    return DeepLinkingSettings(
        return_url=web_address(settings, "deep_link_return_url", required=True),
        data=data,
        accepts_several=flag(settings, "accept_multiple", default=False),
        accepts_line_item=flag(settings, "accept_lineitem", default=True),
        targets=texts(settings, "accept_presentation_document_targets"),
    )


def _reviewed(claims: Claims, message: MessageType) -> Person | None:
    if message is MessageType.RESOURCE_LINK:
        # Canvas has no such message: it launches the address that came with the score.
        query = _target_query(claims)
        return Person(identifier(query, SUBMISSION_OF)) if SUBMISSION_OF in query else None
    if message is not MessageType.SUBMISSION_REVIEW:
        return None
    required_section(claims, Claim.AGS_ENDPOINT)  # names the column that is reviewed
    person = required_section(claims, Claim.FOR_USER)
    return Person(
        sub=identifier(person, "user_id"),
        name=text(person, "name"),
        given_name=text(person, "given_name"),
        family_name=text(person, "family_name"),
    )


def _submission(claims: Claims, message: MessageType) -> SubmissionAddress | None:
    query = _target_query(claims)
    if message is not MessageType.RESOURCE_LINK or SUBMISSION_OF not in query:
        return None
    return SubmissionAddress(
        link_id=identifier(query, SUBMISSION_AT) if SUBMISSION_AT in query else "",
        assignment_id=custom_parameters.assignment_id(_custom(claims)),
    )


def _target_query(claims: Claims) -> dict[str, str]:
    """Return the parameters of the target link URI, without empty ones."""
    return dict(parse_qsl(urlsplit(web_address(claims, Claim.TARGET_LINK_URI)).query))


def _grade_service(claims: Claims) -> GradeService | None:
    endpoint = section(claims, Claim.AGS_ENDPOINT)
    if endpoint is None:
        return None
    scopes = endpoint.get("scope")
    if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
        raise malformed(Claim.AGS_ENDPOINT, "has no list of scopes")
    return GradeService(
        scopes=frozenset(clean(scope)[:TEXT_LENGTH] for scope in scopes),
        line_items=web_address(endpoint, "lineitems"),
        line_item=web_address(endpoint, "lineitem"),
    )


def _presentation(claims: Claims) -> Presentation:
    wishes = section(claims, Claim.LAUNCH_PRESENTATION) or {}
    return Presentation(
        locale=text(wishes, "locale")[:35],
        return_url=web_address(wishes, "return_url"),
    )


def _custom(claims: Claims) -> dict[str, str]:
    values = section(claims, Claim.CUSTOM) or {}
    # Moodle sends null and numbers for values that it could not expand.
    return {
        clean(key)[:ID_LENGTH]: clean(value)[:URL_LENGTH]
        for key, value in values.items()
        if isinstance(value, str)
    }
