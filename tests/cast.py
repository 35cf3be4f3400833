"""A fixed cast: whoever a permission test needs is here, with a page that is already open.

Ruth teaches History; Amina and Ben are her pupils; Otis is a pupil of another course of
the same LMS; Zara teaches, with the same issuer and the same ids, on another platform.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from lti_tool.launches.visit import make_token
from lti_tool.login.browser_key import COOKIE, browser_hash
from lti_tool.models import (
    Context,
    Deployment,
    LineItem,
    Membership,
    Registration,
    ResourceLink,
    StoredLaunch,
    User,
)
from lti_tool.protocol.vocabulary import CONTEXT_ROLE, CONTEXT_SUB_ROLE, Scope

TEACHER = f"{CONTEXT_ROLE}Instructor"
PUPIL = f"{CONTEXT_ROLE}Learner"
ASSISTANT = f"{CONTEXT_SUB_ROLE}Instructor#TeachingAssistant"
DESIGNER = f"{CONTEXT_ROLE}ContentDeveloper"
ISSUER = "http://127.0.0.1:9999"


@dataclass(frozen=True)
class Someone:
    """A person with an open page: ``url`` names their pages, ``client`` is their browser."""

    user: User
    membership: Membership
    launch: StoredLaunch
    client: Client

    @property
    def token(self) -> str:
        return make_token(self.launch)

    def url(self, view_name: str, /, **kwargs: object) -> str:
        return reverse(view_name, kwargs={"token": self.token, **kwargs})


@dataclass(frozen=True)
class Course:
    """A course with one link and its column."""

    deployment: Deployment
    context: Context
    link: ResourceLink
    line_item: LineItem


def make_registration(client_id: str = "client-1", issuer: str = ISSUER) -> Registration:
    """A platform on this machine."""
    return Registration.objects.create(
        name=f"LMS of {client_id}",
        issuer=issuer,
        client_id=client_id,
        auth_login_url=f"{issuer}/auth",
        auth_token_url=f"{issuer}/token",
        jwks_url=f"{issuer}/jwks",
    )


def make_course(deployment: Deployment, number: str, *, column: bool = True) -> Course:
    """A course; ``column`` False leaves the column to be made by us."""
    context = Context.objects.create(deployment=deployment, lti_id=number, title=f"Course {number}")
    link = ResourceLink.objects.create(
        deployment=deployment, context=context, lti_id=f"link-{number}", title="Causes"
    )
    base = f"{deployment.registration.issuer}/courses/{number}/lineitems"
    line_item = LineItem.objects.create(
        link=link,
        url=f"{base}/1/lineitem?type_id=1" if column else "",
        container_url=f"{base}?type_id=1",
        scopes=[Scope.LINE_ITEM, Scope.SCORE],
    )
    return Course(deployment, context, link, line_item)


def make_someone(course: Course, sub: str, name: str, *roles: str) -> Someone:
    """A person who has just launched the course's link, in a browser of their own."""
    registration = course.deployment.registration
    given, _, family = name.partition(" ")
    user, _made = User.objects.get_or_create(
        registration=registration,
        sub=sub,
        defaults={"name": name, "given_name": given, "family_name": family},
    )
    membership = Membership.objects.create(user=user, context=course.context, roles=list(roles))
    return open_again(course, membership)


def open_again(course: Course, membership: Membership) -> Someone:
    """Another launch by the same person, in a fresh browser."""
    key = secrets.token_hex(16)
    launch = StoredLaunch.objects.create(
        registration=course.deployment.registration,
        nonce=secrets.token_hex(8),
        membership=membership,
        link=course.link,
        browser=browser_hash(key),
        frame_ancestor=course.deployment.registration.issuer,
    )
    client = Client(headers={"host": "localhost:8001"})
    client.cookies[COOKIE] = key
    return Someone(membership.user, membership, launch, client)


@dataclass(frozen=True)
class Cast:
    """Everybody."""

    course: Course
    other_course: Course
    elsewhere: Course
    ruth: Someone
    amina: Someone
    ben: Someone
    otis: Someone
    zara: Someone


def assemble() -> Cast:
    """Make all of them. Needs the database."""
    deployment = Deployment.objects.create(registration=make_registration(), deployment_id="1")
    foreign = Deployment.objects.create(
        registration=make_registration("client-2"), deployment_id="1"
    )
    course, other = make_course(deployment, "2"), make_course(deployment, "3")
    elsewhere = make_course(foreign, "2")
    return Cast(
        course=course,
        other_course=other,
        elsewhere=elsewhere,
        ruth=make_someone(course, "10", "Ruth Adeyemi", TEACHER),
        amina=make_someone(course, "101", "Amina Abdullahi", PUPIL),
        ben=make_someone(course, "102", "Ben Ashworth", PUPIL),
        otis=make_someone(other, "201", "Otis Fairweather", PUPIL),
        zara=make_someone(elsewhere, "10", "Zara Quist", TEACHER),
    )
