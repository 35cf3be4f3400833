"""Whatever is launched and visited in whatever order: nobody rises, no platform shows another's,
nothing breaks.

People launch as teachers, pupils and others, are demoted and promoted, and visit every address
with every token that anybody holds, while registrations are switched off and deployments vanish.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from django.urls import resolve
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lti_tool.models import Deployment, Registration
from lti_tool.vocabulary import Claim, MessageType
from tests.certification.two_platforms import (
    ADMINISTRATOR,
    COURSES,
    LEARNING,
    MARKS,
    SECRET,
    SUBS,
    TEACHING,
    Held,
    TwoPlatforms,
    held,
    name_of,
)
from tests.lti_tool.launching import Answer, Browser, ClientWire
from tests.lti_tool.platform import ABSENT, KeyServer
from worksheets import urls
from worksheets.models import Attempt, Edition, Placement, Worksheet

FORMS: list[dict[str, str]] = [
    {},
    {"g1": "Manchuria", "q1": "Because."},
    {"g1": "Manchuria", "stay": "1"},
    {"q1-points": "3", "q1-comment": "Good.", "next": "1"},
    {"feedback": "answers"},
    {"source": "# New\n\nA ___gap___.", "publish": "1"},
    {"text": "# New\n\nA ___gap___."},
    {"sample": "1"},
]
PICKING: dict[str, object] = {
    Claim.MESSAGE_TYPE.value: MessageType.DEEP_LINKING.value,
    Claim.RESOURCE_LINK.value: ABSENT,
    Claim.DEEP_LINKING_SETTINGS.value: {
        "deep_link_return_url": "https://lms.example/deep",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
    },
}
# The pages that are not for teachers alone. What is added to the addresses is, unless it says so.
FOR_PUPILS = {"home", "answers", "submit", "receipt", "try-again", "own-attempt", "picture"}
ADDRESS = re.compile(r"/a/[A-Za-z0-9_.-]{40,200}/[^\"'?#\s<]*")
NOBODYS = "00000000-0000-4000-8000-000000000000"

marks, subs, courses = (st.sampled_from(among) for among in (MARKS, SUBS, COURSES))
roles_of_any_kind = st.sampled_from(TEACHING) | st.sampled_from(LEARNING)
picks = st.integers(0, 10**6)

briefly = settings(
    max_examples=20,
    stateful_step_count=35,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class Launches(RuleBasedStateMachine):
    """``roles`` are what each LMS said last of each person in each course."""

    both: TwoPlatforms
    opened: Sequence[Held]

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.held = list(self.opened)
        self.roles = {
            (page.mark, page.sub, page.course): (TEACHING if page.sub == "1" else LEARNING)[0]
            for page in self.held
        }
        self.closed: set[str] = set()
        self.removed: set[str] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @rule(mark=marks, sub=subs, course=courses, roles=roles_of_any_kind)
    def launch(self, mark: str, sub: str, course: str, roles: list[str]) -> None:
        answer, browser = self.both.launch(mark, sub, course, roles)
        if self._is_shut(mark):
            assert 400 <= answer.status < 500, answer.text
        else:
            assert answer.status == 302, answer.text
            self._hold(held(answer, mark, sub, course, browser), roles)

    @rule(mark=marks, sub=subs, roles=roles_of_any_kind)
    def launch_to_pick_worksheets(self, mark: str, sub: str, roles: list[str]) -> None:
        answer, browser = self.both.launch(mark, sub, "c1", roles, PICKING)
        if self._is_shut(mark) or roles in LEARNING:
            assert 400 <= answer.status < 500, answer.text
        else:
            assert answer.status == 302, answer.text
            self._hold(held(answer, mark, sub, "c1", browser), roles)

    @rule(mark=marks, sub=subs, roles=roles_of_any_kind, reviewed=subs | st.just("nobody"))
    def launch_to_review(self, mark: str, sub: str, roles: list[str], reviewed: str) -> None:
        changes = {
            Claim.MESSAGE_TYPE.value: MessageType.SUBMISSION_REVIEW.value,
            Claim.FOR_USER.value: {"user_id": reviewed},
        }
        answer, browser = self.both.launch(mark, sub, "c1", roles, changes)
        assert answer.status < 500, answer.text
        if answer.status == 302:
            self._hold(held(answer, mark, sub, "c1", browser), roles)

    @precondition(lambda self: self.held)
    @rule(
        which=picks,
        pattern=st.sampled_from(urls.urlpatterns),
        method=st.sampled_from(["GET", "GET", "POST"]),
        form=st.sampled_from(FORMS),
        pick=picks,
    )
    def visit(self, which: int, pattern: Any, method: str, form: dict[str, str], pick: int) -> None:
        page = self.held[which % len(self.held)]
        editions = [*_keys(Edition), 0]
        edition = str(editions[pick % len(editions)])
        sent = {"edition": edition, **form} if method == "POST" else {}
        answer = page.ask(method, address_of(pattern, pick), sent)
        if self._is_shut(page.mark):
            assert answer.status == 403
        else:
            self._assert_proper(page, answer, pattern.name)

    @precondition(lambda self: self.held)
    @rule(which=picks, pattern=st.sampled_from(urls.urlpatterns), pick=picks)
    def visit_by_a_stranger(self, which: int, pattern: Any, pick: int) -> None:
        stranger = Browser(ClientWire())
        stranger.cookie = "0" * 32
        page = self.held[which % len(self.held)]
        assert page.ask("GET", address_of(pattern, pick), browser=stranger).status == 403

    @rule(mark=marks, is_active=st.booleans())
    def switch(self, mark: str, is_active: bool) -> None:
        registration = self.both.platforms[mark].registration
        Registration.objects.filter(pk=registration.pk).update(is_active=is_active)
        (self.closed.discard if is_active else self.closed.add)(mark)

    @rule(mark=marks)
    def remove_or_restore_the_deployment(self, mark: str) -> None:
        platform = self.both.platforms[mark]
        rows = Deployment.objects.filter(registration=platform.registration)
        if mark not in self.removed:
            rows.all().delete()
            self.removed.add(mark)
            return
        rows.create(registration=platform.registration, deployment_id=platform.deployment_id)
        self.removed.discard(mark)
        # What went with the deployment stays away: none of its addresses opens anything again.
        gone = [page for page in self.held if page.mark == mark]
        assert all(page.ask("GET", "").status == 403 for page in gone)
        self.held = [page for page in self.held if page.mark != mark]

    def _is_shut(self, mark: str) -> bool:
        return mark in self.closed | self.removed

    def _hold(self, page: Held, roles: list[str]) -> None:
        self.held.append(page)
        self.roles[page.mark, page.sub, page.course] = roles
        self._assert_proper(page, page.ask("GET", ""))

    def _assert_proper(self, page: Held, answer: Answer, name: str = "home") -> None:
        assert answer.status < 500, answer.text
        seen = answer.text + answer.location
        assert not [mark for mark in MARKS if mark != page.mark and mark in seen], "another LMS's"
        roles = self.roles[page.mark, page.sub, page.course]
        if roles in TEACHING:
            return
        open_to_them = FOR_PUPILS | ({"connection"} if ADMINISTRATOR in roles else set())
        assert answer.status == 403 or name in open_to_them
        assert SECRET not in seen
        others = [name_of(page.mark, sub) for sub in SUBS if sub != page.sub]
        assert not [name for name in others if name in seen], "another person's"
        for address in ADDRESS.findall(seen):
            assert resolve(address).url_name in open_to_them, address


def address_of(pattern: Any, pick: int) -> str:
    """An address of that view, with numbers of rows that are there, whosever they are."""
    numbers = [
        *(0, 10**20),
        *(key for rows in (Attempt, Worksheet, Edition) for key in _keys(rows)),
    ]
    choices: dict[str, list[Any]] = {
        "IntConverter": numbers,
        "StringConverter": ["map.png", "x"],
        "UUIDConverter": [*_keys(Placement), NOBODYS],
    }
    path = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        among = choices[type(converter).__name__]
        path = re.sub(rf"<[^<>]*\b{name}>", str(among[pick % len(among)]), path)
    return path


def _keys(rows: Any) -> list[Any]:
    return list(rows.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.django_db
def test_no_sequence_of_launches_and_visits_gives_anybody_too_much(key_server: KeyServer) -> None:
    both = TwoPlatforms(key_server)
    members = {"both": both, "opened": both.prepare()}
    run_state_machine_as_test(type("Bound", (Launches,), members), settings=briefly)
