"""The typed ``Launch`` that the claims of a verified id_token are parsed into.

Pure. No module after this one reads raw claims. Source: LTI Core 1.3 section 5.3 and 5.4,
LTI-AGS 2.0 section 3.1, LTI-NRPS 2.0 section 2.1, LTI-DL 2.0 section 4.4, LTI Submission
Review 1.0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from lti_tool.protocol import custom_parameters, groups
from lti_tool.protocol.claims import ClaimReader
from lti_tool.protocol.custom_parameters import Dates
from lti_tool.protocol.groups import CourseGroup
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.protocol.roles import (
    CourseRoles,
    course_roles,
    lacks_course_role,
    short_names,
    with_institution_roles,
)
from lti_tool.protocol.values import ID_LENGTH, URL_LENGTH, clean, is_storable, role_names
from lti_tool.protocol.vocabulary import (
    RESOURCE_LINK_ITEM,
    SUBMISSION_AT,
    SUBMISSION_OF,
    VERSION,
    Claim,
    MessageType,
)

MAX_DATA_LENGTH = 20_000  # of the text, or JSON, that a deep linking answer must repeat
_MESSAGES = frozenset(MessageType)


@dataclass(frozen=True, slots=True)
class Person:
    """The user of a launch; a name is '' if the platform sends none, or '-' in its place."""

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

    ``data`` must be sent back unchanged, whatever JSON it is; None if none was given.
    """

    return_url: str
    data: object = None
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
    launched: then ``link`` need not be the link of that submission. ``notes`` say which optional
    claims could not be read, for the administrator, and name nobody.
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
    notes: tuple[str, ...] = ()

    @property
    def assignment_id(self) -> str:
        """Return the LMS's own id of the assignment that was opened, '' if it sends none."""
        return custom_parameters.assignment_id(self.custom)

    @property
    def link_history(self) -> tuple[str, ...]:
        """Return the ids of the links that this one was copied from, nearest first."""
        return custom_parameters.history(self.custom, "link_history")

    @property
    def groups(self) -> tuple[CourseGroup, ...] | None:
        """Return the person's groups and sections in the course, None if the LMS tells none."""
        return groups.groups(self.custom)

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


def parse_launch(claims: Mapping[str, object], *, takes_institution_roles: bool = False) -> Launch:
    """Return the launch of an id_token whose signature, times and audience were checked.

    Raise LaunchRefused: CLAIM_MALFORMED or MESSAGE_UNSUPPORTED if a required claim is missing, of
    the wrong type or too long; TEACHERS_ONLY or NO_COURSE_ROLE if anybody but a teacher or
    designer would choose worksheets; OTHERS_WORK if anybody but a teacher would review another
    user's submission; NOT_SIGNED_IN if it names no user.
    """
    token = ClaimReader(claims)
    message, roles = _message(token), _roles(token)
    is_deep_linking = message is MessageType.DEEP_LINKING
    custom = _custom(token)
    target = _target_link_uri(token, message)
    _note_authorised_party(token)
    launch = Launch(
        nonce=token.required_identifier("nonce"),
        message=message,
        deployment_id=token.required_identifier(Claim.DEPLOYMENT_ID),
        person=_person(token),
        roles=with_institution_roles(roles) if takes_institution_roles else roles,
        link=None if is_deep_linking else _link(token),
        course=_course(token),
        target_link_uri=target,
        grades=_grade_service(token),
        roster_url=token.section(Claim.NRPS_SERVICE).web_address("context_memberships_url"),
        presentation=_presentation(token),
        custom=custom,
        product=token.section(Claim.TOOL_PLATFORM).text("product_family_code").lower(),
        deep_linking=_deep_linking(token) if is_deep_linking else None,
        reviewed=_reviewed(token, message, target),
        submission=_submission(message, target, custom),
        notes=tuple(dict.fromkeys(token.notes)),
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


def _message(token: ClaimReader) -> MessageType:
    message = token.members.get(Claim.MESSAGE_TYPE)
    if not isinstance(message, str) or not message:
        raise token.malformed(Claim.MESSAGE_TYPE, "is missing")
    if token.members.get(Claim.VERSION) != VERSION:
        raise token.malformed(Claim.VERSION, f"is not {VERSION}")
    if message not in _MESSAGES:
        raise LaunchRefused(Reason.MESSAGE_UNSUPPORTED, f"message type {message[:60]!r}")
    return MessageType(message)


def _note_authorised_party(token: ClaimReader) -> None:
    """Note an ``azp`` that is not the audience. Where there are several, that was refused."""
    audience, party = token.members.get("aud"), token.members.get("azp")
    if party is not None and party not in (audience if isinstance(audience, list) else [audience]):
        token.note("azp", "is not our client_id")


def _person(token: ClaimReader) -> Person:
    if token.members.get("sub") is None:
        # An anonymous launch (LTI Core 1.3 section 5.3.6.1): in Canvas, of a public course.
        raise LaunchRefused(Reason.NOT_SIGNED_IN, "no sub")
    return _named(token, token.required_identifier("sub"))


def _named(claims: ClaimReader, sub: str) -> Person:
    return Person(
        sub=sub,
        name=claims.person_name("name"),
        given_name=claims.person_name("given_name"),
        family_name=claims.person_name("family_name"),
    )


def _roles(token: ClaimReader) -> tuple[str, ...]:
    """Return the roles. They say what a person may do, so they are never guessed."""
    roles = token.members.get(Claim.ROLES)
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise token.malformed(Claim.ROLES, "is not a list of texts")
    if len(roles) > 100:
        raise token.malformed(Claim.ROLES, "is too long a list")
    return role_names(roles)


def _link(token: ClaimReader) -> Link:
    link = token.required_section(Claim.RESOURCE_LINK)
    return Link(id=link.required_identifier("id"), title=link.title("title"))


def _course(token: ClaimReader) -> Course | None:
    context = token.section(Claim.CONTEXT)
    course_id = context.identifier("id") if context.members else ""
    if not course_id:
        return None
    return Course(id=course_id, label=context.title("label"), title=context.title("title"))


def _deep_linking(token: ClaimReader) -> DeepLinkingSettings:
    settings = token.required_section(Claim.DEEP_LINKING_SETTINGS)
    targets = _required_texts(settings, "accept_presentation_document_targets")
    if RESOURCE_LINK_ITEM not in _required_texts(settings, "accept_types"):
        raise LaunchRefused(Reason.MESSAGE_UNSUPPORTED, "accept_types has no ltiResourceLink")
    return_url = settings.web_address("deep_link_return_url")
    if not return_url:
        raise settings.malformed("deep_link_return_url", "is no http(s) address")
    data = settings.members.get("data")
    # The LMS takes no answer without its data: what cannot be sent back is refused before anybody
    # has chosen something.
    if not is_storable(data) or len(_as_text(data)) > MAX_DATA_LENGTH:
        raise settings.malformed("data", "is too long, too deep or holds forbidden characters")
    return DeepLinkingSettings(
        return_url=return_url,
        data=data,
        accepts_several=settings.flag("accept_multiple", default=False),
        accepts_line_item=settings.flag("accept_lineitem", default=True),
        targets=targets,
    )


def _as_text(data: object) -> str:
    return data if isinstance(data, str) else json.dumps(data)


def _required_texts(settings: ClaimReader, name: str) -> tuple[str, ...]:
    found = settings.texts(name)
    if not found:
        raise settings.malformed(name, "is missing or no list of texts")
    return found


def _reviewed(token: ClaimReader, message: MessageType, target: str) -> Person | None:
    if message is MessageType.RESOURCE_LINK:
        # Canvas has no such message: it launches the address that came with the score.
        query = _query(target)
        if SUBMISSION_OF not in query.members:
            return None
        return Person(query.required_identifier(SUBMISSION_OF))
    if message is not MessageType.SUBMISSION_REVIEW:
        return None
    endpoint = token.required_section(Claim.AGS_ENDPOINT)
    if "lineitem" not in endpoint.members:
        raise endpoint.malformed("lineitem", "is missing")  # names the column that is reviewed
    if token.members.get(Claim.FOR_USER) is None:
        # 'View External tool results' of a column in Moodle's grader report (4.5, view.php with
        # action=gradeReport and user=0) asks for everybody's.
        return None
    person = token.required_section(Claim.FOR_USER)
    return _named(person, person.required_identifier("user_id"))


def _submission(
    message: MessageType, target: str, custom: Mapping[str, str]
) -> SubmissionAddress | None:
    query = _query(target)
    if message is not MessageType.RESOURCE_LINK or SUBMISSION_OF not in query.members:
        return None
    has_link = SUBMISSION_AT in query.members
    return SubmissionAddress(
        link_id=query.required_identifier(SUBMISSION_AT) if has_link else "",
        assignment_id=custom_parameters.assignment_id(custom),
    )


def _target_link_uri(token: ClaimReader, message: MessageType) -> str:
    """Return the address to open. In a deep linking request, which opens none, it may be absent."""
    if message is MessageType.DEEP_LINKING:
        return token.web_address(Claim.TARGET_LINK_URI)
    return token.required_web_address(Claim.TARGET_LINK_URI)


def _query(address: str) -> ClaimReader:
    """Return the reader of the parameters of an address, without empty ones."""
    return ClaimReader(dict(parse_qsl(urlsplit(address).query)))


def _grade_service(token: ClaimReader) -> GradeService | None:
    """Return the service, or None where the LMS does not say what it allows."""
    endpoint = token.section(Claim.AGS_ENDPOINT)
    scopes = endpoint.texts("scope")
    if not scopes:
        if endpoint.members:
            endpoint.note("scope", "names no permission, so no marks are sent")
        return None
    return GradeService(
        scopes=frozenset(scopes),
        line_items=endpoint.web_address("lineitems"),
        line_item=endpoint.web_address("lineitem"),
    )


def _presentation(token: ClaimReader) -> Presentation:
    wishes = token.section(Claim.LAUNCH_PRESENTATION)
    return Presentation(
        locale=wishes.text("locale")[:35],
        return_url=wishes.web_address("return_url"),
    )


def _custom(token: ClaimReader) -> dict[str, str]:
    values = token.section(Claim.CUSTOM).texts_by_name()
    return {clean(key)[:ID_LENGTH]: clean(value)[:URL_LENGTH] for key, value in values.items()}
