"""Claims of a verified id_token become one frozen, typed ``Launch``: here, and once.

Pure. Nothing after this module touches raw claims. Source: LTI Core 1.3 section 5.3
and 5.4, LTI-AGS 2.0 section 3.1, LTI-NRPS 2.0 section 2.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lti_tool.refusal import LaunchRefused, Reason
from lti_tool.roles import CourseRoles, course_roles
from lti_tool.vocabulary import VERSION, Claim, MessageType

Claims = Mapping[str, object]

ID_LENGTH = 255  # 'MUST NOT exceed 255 ASCII characters', LTI Core 1.3 section 5.3
TEXT_LENGTH = 500  # titles and names are cut here: they are shown, never compared
URL_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever launched; every name may be missing."""

    sub: str
    name: str = ""
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    id: str
    label: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The resource link: the place in the course that was opened."""

    id: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class GradeService:
    """The AGS claim. ``line_item`` is '' where the LMS has no column for this link."""

    scopes: frozenset[str]
    line_items: str = ""
    line_item: str = ""


@dataclass(frozen=True, slots=True)
class Presentation:
    locale: str = ""
    document_target: str = ""
    return_url: str = ""


@dataclass(frozen=True, slots=True)
class Launch:
    """A resource link launch whose every field has the type it says."""

    nonce: str
    deployment_id: str
    person: Person
    roles: tuple[str, ...]
    place: Place
    course: Course | None
    target_link_uri: str
    grades: GradeService | None
    roster: str
    presentation: Presentation
    custom: Mapping[str, str] = field(default_factory=dict)
    product: str = ""

    @property
    def course_roles(self) -> CourseRoles:
        return course_roles(self.roles)


def parse_launch(claims: Claims) -> Launch:
    """Read the claims of an id_token whose signature, times and audience were checked.

    Raises LaunchRefused (CLAIM_MALFORMED, MESSAGE_UNSUPPORTED) for anything that is
    missing, of the wrong type or longer than the specification allows.
    """
    _check_message(claims)
    return Launch(
        nonce=_identifier(claims, "nonce"),
        deployment_id=_identifier(claims, Claim.DEPLOYMENT_ID),
        person=_person(claims),
        roles=_roles(claims),
        place=_place(claims),
        course=_course(claims),
        target_link_uri=_url(claims, Claim.TARGET_LINK_URI, required=True),
        grades=_grade_service(claims),
        roster=_url(_section(claims, Claim.NRPS_SERVICE) or {}, "context_memberships_url"),
        presentation=_presentation(claims),
        custom=_custom(claims),
        product=_text(_section(claims, Claim.TOOL_PLATFORM) or {}, "product_family_code"),
    )


def _check_message(claims: Claims) -> None:
    message = claims.get(Claim.MESSAGE_TYPE)
    if not isinstance(message, str) or not message:
        raise _malformed(Claim.MESSAGE_TYPE, "is missing")
    if claims.get(Claim.VERSION) != VERSION:
        raise _malformed(Claim.VERSION, f"is not {VERSION}")
    if message != MessageType.RESOURCE_LINK:
        raise LaunchRefused(Reason.MESSAGE_UNSUPPORTED, f"message type {message[:60]!r}")


def _person(claims: Claims) -> Person:
    return Person(
        sub=_identifier(claims, "sub"),
        name=_text(claims, "name"),
        given_name=_text(claims, "given_name"),
        family_name=_text(claims, "family_name"),
    )


def _roles(claims: Claims) -> tuple[str, ...]:
    roles = claims.get(Claim.ROLES)
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise _malformed(Claim.ROLES, "is not a list of texts")
    if len(roles) > 100:
        raise _malformed(Claim.ROLES, "is too long a list")
    return tuple(sorted({_clean(role)[:TEXT_LENGTH] for role in roles} - {""}))


def _place(claims: Claims) -> Place:
    link = _section(claims, Claim.RESOURCE_LINK)
    if link is None:
        raise _malformed(Claim.RESOURCE_LINK, "is missing")
    return Place(
        id=_identifier(link, "id"),
        title=_text(link, "title"),
        description=_text(link, "description"),
    )


def _course(claims: Claims) -> Course | None:
    context = _section(claims, Claim.CONTEXT)
    if context is None:
        return None
    return Course(
        id=_identifier(context, "id"),
        label=_text(context, "label"),
        title=_text(context, "title"),
    )


def _grade_service(claims: Claims) -> GradeService | None:
    endpoint = _section(claims, Claim.AGS_ENDPOINT)
    if endpoint is None:
        return None
    scopes = endpoint.get("scope")
    if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
        raise _malformed(Claim.AGS_ENDPOINT, "has no list of scopes")
    return GradeService(
        scopes=frozenset(_clean(scope)[:TEXT_LENGTH] for scope in scopes),
        line_items=_url(endpoint, "lineitems"),
        line_item=_url(endpoint, "lineitem"),
    )


def _presentation(claims: Claims) -> Presentation:
    section = _section(claims, Claim.LAUNCH_PRESENTATION) or {}
    return Presentation(
        locale=_text(section, "locale")[:35],
        document_target=_text(section, "document_target")[:20],
        return_url=_url(section, "return_url"),
    )


def _custom(claims: Claims) -> dict[str, str]:
    section = _section(claims, Claim.CUSTOM) or {}
    # Moodle sends null and numbers for values that it could not expand.
    return {
        _clean(key)[:ID_LENGTH]: _clean(value)[:URL_LENGTH]
        for key, value in section.items()
        if isinstance(value, str)
    }


def _section(claims: Claims, name: str) -> Claims | None:
    section = claims.get(name)
    if section is None:
        return None
    if not isinstance(section, dict):
        raise _malformed(name, "is not an object")
    return section


def _identifier(claims: Claims, name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise _malformed(name, "is missing or no text")
    if len(value) > ID_LENGTH or _clean(value) != value:
        raise _malformed(name, "is too long or holds forbidden characters")
    return value


def _text(claims: Claims, name: str) -> str:
    value = claims.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _malformed(name, "is no text")
    return _clean(value)[:TEXT_LENGTH]


def _url(claims: Claims, name: str, *, required: bool = False) -> str:
    value = claims.get(name)
    if value is None or value == "":
        if required:
            raise _malformed(name, "is missing")
        return ""
    if not isinstance(value, str) or not _is_web_address(value):
        raise _malformed(name, "is no http(s) address")
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return False
    printable = value.isprintable() and not any(c.isspace() for c in value)
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and printable
        and len(value) <= URL_LENGTH
    )


def _clean(text: str) -> str:
    """Without NUL, which no database stores, and without lone surrogates, which none encodes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _malformed(name: str, what: str) -> LaunchRefused:
    return LaunchRefused(Reason.CLAIM_MALFORMED, f"{name.rpartition('/')[2]} {what}")
