"""Whatever is launched and visited in whatever order: nobody rises, no platform shows another's,
nothing breaks.

People launch as teachers, pupils and others, are demoted and promoted, and visit every address
with every token that anybody holds, while registrations are switched off and deployments vanish.
Links are launched that nobody has placed anything at, with custom values that name whatever could
be copied to them: of their own platform, of the other, and of nobody.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lti_tool.models import Deployment, Registration
from lti_tool.protocol.vocabulary import Claim, MessageType
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
from tests.lti_tool import rosters
from tests.lti_tool.launching import Answer, Browser, ClientWire
from tests.platform.fake import FakePlatform
from tests.platform.launches import ABSENT
from tests.properties import costly
from worksheets import urls
from worksheets.authoring import digest_of
from worksheets.models import Assignment, Attempt, Edition, PendingAssignment, Worksheet

FORMS: list[dict[str, str]] = [
    {},
    {"g1": "Manchuria", "q1": "Because."},
    {"g1": "Manchuria", "stay": "1"},
    {"q1-points": "3", "q1-comment": "Good.", "next": "1"},
    {"text": "3"},
    {"do": "release"},
    {"feedback": "answers"},
    {"source": "# New\n\nA ___gap___."},
    {"seen": digest_of("# New\n\nA ___gap___."), "use": "1"},
    {"text": "# New\n\nA ___gap___."},
    {"sample": "terror"},
    {"use": "1"},
    {"act": "take-back", "all": "1", "confirmed": "1"},
    {"item": "q1", "comment": "Once more."},
    {"nothing": "1"},
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
FOR_PUPILS = {
    *("home", "answers", "submit", "score-status", "try-again", "own-attempt", "take-back"),
    *("picture", "time-zone", "next-page", "leave", "partners", "shared-work"),
}
SIGNED = re.compile(r"\beyJ[\w-]+\.([\w-]+)\.")
ADDRESS = re.compile(r"/a/[A-Za-z0-9_.-]{40,200}/[^\"'?#\s<]*")
NOBODYS = "00000000-0000-4000-8000-000000000000"

marks, subs, courses = (st.sampled_from(among) for among in (MARKS, SUBS, COURSES))
roles_of_any_kind = st.sampled_from(TEACHING) | st.sampled_from(LEARNING)
picks = st.integers(0, 10**6)

# The first link of each course has a worksheet, and the others may find one.
LINKS = ["link", "copy", "another"]
junk = st.none() | st.sampled_from(
    ["", "$ResourceLink.id.history", NOBODYS, "\0", ",é,", "x" * 300]
)
times = st.sampled_from(
    [
        "2020-05-01T12:00:00Z",
        "2120-05-01T12:00:00+02:00",
        "0001-01-01T00:00:00Z",  # what some call 'no limit'
        "9999-12-31T23:59:59Z",
    ]
)


def history(*ids: str) -> st.SearchStrategy[str]:
    """Of the ids that courses or links have on both platforms, or on one, or on none."""
    return st.lists(st.sampled_from([*ids, "unknown"]), min_size=1, max_size=4).map(",".join)


histories = {
    "link_history": history(*(f"{name}-{course}" for name in LINKS for course in COURSES)),
    "context_history": history(*COURSES),
    "worksheet": picks,  # a number stands for a placement, whosever it is
}
dates = dict.fromkeys(("available_from", "available_until", "canvas_due_at"), times | junk)
custom_values = st.sampled_from(sorted(histories)).flatmap(
    lambda name: st.fixed_dictionaries(
        {name: histories[name]},
        optional=dates | {other: histories[other] | junk for other in histories if other != name},
    )
)


@dataclass(frozen=True)
class Copy:
    """A launch of a link that may have been copied from another."""

    mark: str
    sub: str
    course: str
    roles: list[str]
    link: str
    custom: Mapping[str, Any]


copies = st.builds(
    Copy, marks, subs, courses, roles_of_any_kind, st.sampled_from(LINKS), custom_values
)

briefly = settings(costly(20), stateful_step_count=35, suppress_health_check=list(HealthCheck))


class Launches(RuleBasedStateMachine):
    """``roles`` are what each LMS said last of each person in each course."""

    both: TwoPlatforms
    lms: FakePlatform
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

    @rule(
        mark=marks,
        sub=subs,
        course=courses,
        roles=roles_of_any_kind,
        submission_of=st.none() | subs | st.just("nobody"),
        tells_roster=st.booleans(),
    )
    def launch(
        self,
        mark: str,
        sub: str,
        course: str,
        roles: list[str],
        submission_of: str | None,
        tells_roster: bool,
    ) -> None:
        changes: dict[str, object] = {}
        if submission_of:
            target = f"http://localhost:8001/lti/launch/?submission_of={submission_of}"
            changes[Claim.TARGET_LINK_URI.value] = target
        if tells_roster:
            address = f"{self.lms.url}/{mark}/{course}/members"
            changes[Claim.NRPS_SERVICE.value] = {"context_memberships_url": address}
        answer, browser = self.both.launch(mark, sub, course, roles, changes)
        if self._is_shut(mark) or (roles in LEARNING and submission_of not in {None, sub}):
            assert 400 <= answer.status < 500, answer.text
        else:
            assert answer.status == 302, answer.text
            self._hold(held(answer, mark, sub, course, browser), roles)

    @rule(copy=copies)
    def launch_what_may_be_a_copy(self, copy: Copy) -> None:
        mark, sub, course, roles = copy.mark, copy.sub, copy.course, copy.roles
        changes = {
            Claim.RESOURCE_LINK.value: {"id": f"{copy.link}-{course}", "title": f"{mark} link"},
            Claim.CUSTOM.value: {name: _key(value) for name, value in copy.custom.items()},
        }
        answer, browser = self.both.launch(mark, sub, course, roles, changes)
        if self._is_shut(mark):
            assert 400 <= answer.status < 500, answer.text
        else:
            assert answer.status == 302, answer.text
            self._hold(held(answer, mark, sub, course, browser), roles)

    @rule(mark=marks, sub=st.just("1") | subs, roles=roles_of_any_kind)
    def launch_to_pick_worksheets(self, mark: str, sub: str, roles: list[str]) -> None:
        answer, browser = self.both.launch(mark, sub, "c1", roles, PICKING)
        if self._is_shut(mark) or roles in LEARNING:
            assert 400 <= answer.status < 500, answer.text
        else:
            assert answer.status == 302, answer.text
            self._hold(replace(held(answer, mark, sub, "c1", browser), is_picker=True), roles)

    @precondition(lambda self: any(page.is_picker for page in self.held))
    @rule(which=picks, pick=picks, of_own=st.booleans())
    def pick(self, which: int, pick: int, of_own: bool) -> None:
        """Only one's own worksheet is put into the course, and only by a teacher."""
        pickers = [page for page in self.held if page.is_picker]
        page = pickers[which % len(pickers)]
        registration = self.both.platforms[page.mark].registration
        own = Worksheet.objects.filter(author__registration=registration, author__sub=page.sub)
        among = _keys(own if of_own and own else Worksheet.objects)
        number, before = among[pick % len(among)], PendingAssignment.objects.count()
        answer = page.ask("POST", "pick/", {"worksheet": str(number)})
        if self._is_shut(page.mark):
            assert answer.status == 403
            return
        self._assert_proper(page, answer, "select")
        is_teacher = self.roles[page.mark, page.sub, page.course] in TEACHING
        is_picked = is_teacher and own.filter(pk=number, editions__isnull=False).exists()
        assert (answer.status == 200) == is_picked
        assert PendingAssignment.objects.count() == before + is_picked

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
        editions = [*_keys(Edition.objects), 0]
        edition = str(editions[pick % len(editions)])
        worksheets = [*_keys(Worksheet.objects), 0]
        worksheet = str(worksheets[pick % len(worksheets)])
        sent = {"edition": edition, "worksheet": worksheet, **form} if method == "POST" else {}
        answer = page.ask(method, address_of(pattern, pick), sent)
        if self._is_shut(page.mark):
            assert answer.status == 403
        else:
            self._assert_proper(page, answer, pattern.name)

    @precondition(lambda self: self.held)
    @rule(which=picks, without=st.integers(0, 5))
    def read_the_roster(self, which: int, without: int) -> None:
        """As the course's LMS knows it, but for one person who may have left."""
        page = self.held[which % len(self.held)]
        members = [
            rosters.person(sub, *roles, name=name_of(mark, sub))
            for (mark, sub, course), roles in self.roles.items()
            if (mark, course) == (page.mark, page.course)
        ]
        del members[without : without + 1]
        self.lms.always_fail(rosters.FAULTY, rosters.page(*members))
        asks = [("POST", "class/roster/", "roster"), ("GET", "class/", "class")]
        answers = [(page.ask(method, path), name) for method, path, name in asks]
        # A page may read the roster by itself, when the last reading is old enough: the other LMS
        # must not give it these people.
        self.lms.mend()
        for answer, name in answers:
            if self._is_shut(page.mark):
                assert answer.status == 403
            else:
                self._assert_proper(page, answer, name)

    @precondition(lambda self: self.held)
    @rule(which=picks, pattern=st.sampled_from(urls.urlpatterns), pick=picks)
    def visit_by_a_stranger(self, which: int, pattern: Any, pick: int) -> None:
        stranger = Browser(ClientWire())
        stranger.cookie = "0" * 32
        page = self.held[which % len(self.held)]
        assert page.ask("GET", address_of(pattern, pick), browser=stranger).status == 403

    @rule(mark=marks, is_active=st.sampled_from([True, True, False]))
    def switch(self, mark: str, is_active: bool) -> None:
        registration = self.both.platforms[mark].registration
        Registration.objects.filter(pk=registration.pk).update(is_active=is_active)
        (self.closed.discard if is_active else self.closed.add)(mark)

    # All that was there goes with it: first something has to happen.
    @precondition(lambda self: self.removed or len(self.held) > 15)
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

    @invariant()
    def nothing_is_placed_across_platforms(self) -> None:
        theirs = "edition__worksheet__author__registration"
        placed = Assignment.objects.exclude(**{theirs: F("link__deployment__registration")})
        chosen = PendingAssignment.objects.exclude(
            **{theirs: F("context__deployment__registration")}
        )
        assert not placed.exists()
        assert not chosen.exists()

    def _is_shut(self, mark: str) -> bool:
        return mark in self.closed | self.removed

    def _hold(self, page: Held, roles: list[str]) -> None:
        self.held.append(page)
        self.roles[page.mark, page.sub, page.course] = roles
        self._assert_proper(page, page.ask("GET", ""))

    def _assert_proper(self, page: Held, answer: Answer, name: str = "home") -> None:
        assert answer.status < 500, answer.text
        seen = answer.text + answer.location + _signed(answer.text)
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
        *(key for rows in (Attempt, Worksheet, Edition) for key in _keys(rows.objects)),
    ]
    choices: dict[str, list[Any]] = {
        "IntConverter": numbers,
        "StringConverter": ["map.png", "x"],
        "PictureNameConverter": ["map.png", "x.png"],
        "UUIDConverter": [*_keys(PendingAssignment.objects), NOBODYS],
    }
    path = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        among = choices[type(converter).__name__]
        path = re.sub(rf"<[^<>]*\b{name}>", str(among[pick % len(among)]), path)
    return path


def _signed(text: str) -> str:
    """What the tokens in a page say."""
    return "".join(base64.urlsafe_b64decode(body + "==").decode() for body in SIGNED.findall(text))


def _key(value: object) -> object:
    """The key of a placement that is there, for its number; anything else as it is."""
    if not isinstance(value, int):
        return value
    keys = [*_keys(PendingAssignment.objects), NOBODYS]
    return str(keys[value % len(keys)])


def _keys(rows: Any) -> list[Any]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def machine(db: None, fake_platform: FakePlatform) -> type[Launches]:
    """The machine in a world in which both platforms have worksheets."""
    both = TwoPlatforms(fake_platform)
    members = {"both": both, "lms": fake_platform, "opened": both.prepare()}
    return type("Bound", (Launches,), members)


@pytest.mark.hypothesis
def test_no_sequence_of_launches_and_visits_gives_anybody_too_much(
    machine: type[Launches],
) -> None:
    run_state_machine_as_test(machine, settings=briefly)


@pytest.mark.hypothesis
def test_no_sequence_of_copies_opens_what_is_anothers(machine: type[Launches]) -> None:
    """Copies alone, which sequences of everything seldom come to."""

    @briefly
    @given(st.lists(copies, min_size=1, max_size=8))
    def launch_all(launches: list[Copy]) -> None:
        world = machine()
        try:
            for copy in launches:
                world.launch_what_may_be_a_copy(copy)
                world.nothing_is_placed_across_platforms()
        finally:
            world.teardown()

    launch_all()
