"""The rows that launches leave, and what a later launch does to them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lti_tool.audit import AuditKind
from lti_tool.models import (
    AuditEntry,
    Context,
    Delivery,
    LineItem,
    Membership,
    Registration,
    ResourceLink,
    StoredLaunch,
    User,
)
from lti_tool.protocol.vocabulary import (
    CANVAS_CUSTOM_PARAMETERS,
    CONTEXT_ROLE,
    INSTITUTION_ROLE,
    SYSTEM_ROLE,
    Claim,
    Scope,
)
from tests.lti_tool.launching import Browser
from tests.lti_tool.refusals import rows
from tests.platform.launches import ABSENT, NAME, PUPIL, TEACHER, Changes, Platform

NAMELESS: Changes = dict.fromkeys(("name", "given_name", "family_name"), ABSENT)
COLUMN = (Claim.AGS_ENDPOINT, "lineitem")
COPIED = {"context_history": "course-0,course-00", "link_history": "link-0,link-00"}


def opened(browser: Browser, platform: Platform, changes: Changes | None = None) -> StoredLaunch:
    """The row of a launch that was accepted."""
    before = set(StoredLaunch.objects.values_list("pk", flat=True))
    answer = browser.launch(platform, changes)
    assert answer.status == 302, answer.text
    return StoredLaunch.objects.exclude(pk__in=before).get()


def test_a_launch_makes_one_row_of_each(platform: Platform, direct: Browser) -> None:
    launch = opened(direct, platform)
    assert set(rows().values()) == {1}
    user, context, link = launch.membership.user, launch.membership.context, launch.link
    assert link is not None
    assert (user.registration, user.name) == (platform.registration, NAME)
    assert (context.deployment, context.lti_id) == (platform.deployment, "course-1")
    assert (context.label, context.title, context.is_link_only) == ("HIS9", "History 9", False)
    assert (link.lti_id, link.title, link.context) == ("link-1", "Causes of the war", context)
    assert launch.membership.roles == [PUPIL]
    assert launch.registration == platform.registration
    assert launch.return_url == "https://lms.example/return?id=1"
    assert (launch.frame_ancestor, launch.locale) == ("https://lms.example", "en")
    column = LineItem.objects.get(link=link)
    assert column.url.endswith("/lineitems/1/lineitem?type_id=1")
    assert column.container_url.endswith("/lineitems?type_id=1")
    assert column.scopes == sorted([Scope.LINE_ITEM, Scope.SCORE])


def test_only_whoever_comes_back_is_unlisted(platform: Platform, direct: Browser) -> None:
    """Rosters and launches often name roles differently: other roles are no return."""
    opened(direct, platform)
    Membership.objects.update(listed_by="https://lms.example/members", roles=["other"])
    assert opened(direct, platform).membership.listed_by == "https://lms.example/members"
    Membership.objects.update(status=Membership.Status.GONE)
    assert opened(direct, platform).membership.listed_by == ""


def test_the_same_again_adds_only_the_launch(platform: Platform, direct: Browser) -> None:
    opened(direct, platform)
    opened(direct, platform)
    assert rows() == {**dict.fromkeys(rows(), 1), "StoredLaunch": 2}


def test_roles_are_replaced_and_not_added_to(platform: Platform, direct: Browser) -> None:
    opened(direct, platform, {Claim.ROLES: [TEACHER, PUPIL]})
    opened(direct, platform, {Claim.ROLES: [PUPIL]})
    membership = Membership.objects.get()
    assert membership.roles == [PUPIL]
    assert not membership.course_roles.is_teacher


def test_roles_belong_to_the_course(platform: Platform, direct: Browser) -> None:
    here = opened(direct, platform, {Claim.ROLES: [TEACHER]})
    there = opened(
        direct,
        platform,
        {(Claim.CONTEXT, "id"): "course-2", (Claim.RESOURCE_LINK, "id"): "link-2"},
    )
    assert here.membership.user == there.membership.user
    here.membership.refresh_from_db()
    assert here.membership.roles == [TEACHER]
    assert there.membership.roles == [PUPIL]


def test_a_launch_without_names_erases_none(platform: Platform, direct: Browser) -> None:
    opened(direct, platform)
    opened(direct, platform, NAMELESS)
    assert User.objects.get().name == NAME


def test_a_new_name_replaces_the_old_one(platform: Platform, direct: Browser) -> None:
    opened(direct, platform)
    opened(direct, platform, {"name": "Pip", "given_name": "Pip", "family_name": ABSENT})
    user = User.objects.get()
    assert (user.name, user.given_name, user.family_name) == ("Pip", "Pip", "")


def test_names_may_come_later(platform: Platform, direct: Browser) -> None:
    first = opened(direct, platform, NAMELESS).membership.user
    assert first.display_name == f"Pupil {first.pk}"
    opened(direct, platform)
    assert User.objects.get().display_name == NAME


def test_titles_follow_the_lms(platform: Platform, direct: Browser) -> None:
    opened(direct, platform)
    opened(
        direct,
        platform,
        {(Claim.CONTEXT, "title"): "History 10", (Claim.RESOURCE_LINK, "title"): "Blame"},
    )
    assert (Context.objects.get().title, ResourceLink.objects.get().title) == (
        "History 10",
        "Blame",
    )
    opened(direct, platform, {(Claim.RESOURCE_LINK, "title"): ABSENT})
    assert ResourceLink.objects.get().title == "Blame"


def test_a_launch_without_titles_erases_none(platform: Platform, direct: Browser) -> None:
    opened(direct, platform)
    opened(direct, platform, {(Claim.CONTEXT, "title"): ABSENT, (Claim.CONTEXT, "label"): ABSENT})
    context = Context.objects.get()
    assert (context.label, context.title) == ("HIS9", "History 9")


def test_two_clients_of_one_issuer_never_mix(
    platform: Platform, other_platform: Platform, direct: Browser
) -> None:
    teacher = opened(direct, platform, {Claim.ROLES: [TEACHER]})
    pupil = opened(direct, other_platform)
    assert set(rows().values()) == {2}
    assert teacher.membership.user.sub == pupil.membership.user.sub
    assert teacher.membership.user != pupil.membership.user
    assert teacher.link != pupil.link
    assert teacher.membership.context != pupil.membership.context
    assert teacher.membership.course_roles.is_teacher
    assert not pupil.membership.course_roles.is_teacher


def test_two_deployments_share_people_and_nothing_else(platform: Platform, direct: Browser) -> None:
    platform.registration.deployments.create(deployment_id="deployment-2")
    first = opened(direct, platform)
    second = opened(direct, platform, {Claim.DEPLOYMENT_ID: "deployment-2"})
    assert first.membership.user == second.membership.user
    assert first.link != second.link
    assert first.membership.context != second.membership.context


def test_without_a_course_the_link_stands_for_one(platform: Platform, direct: Browser) -> None:
    launch = opened(direct, platform, {Claim.CONTEXT: ABSENT})
    context = launch.membership.context
    assert (context.lti_id, context.is_link_only) == ("link-1", True)
    opened(direct, platform, {Claim.CONTEXT: ABSENT})
    assert Context.objects.count() == 1


def test_a_course_whose_id_is_that_of_a_link_is_another(
    platform: Platform, direct: Browser
) -> None:
    alone = opened(direct, platform, {Claim.CONTEXT: ABSENT})
    course = opened(
        direct, platform, {(Claim.CONTEXT, "id"): "link-1", (Claim.RESOURCE_LINK, "id"): "x"}
    )
    assert alone.membership.context != course.membership.context


def test_a_column_may_appear_later(platform: Platform, direct: Browser) -> None:
    opened(direct, platform, {COLUMN: ABSENT})
    assert LineItem.objects.get().url == ""
    opened(direct, platform)
    assert LineItem.objects.get().url.endswith("/lineitems/1/lineitem?type_id=1")


def test_a_column_that_the_launch_does_not_name_stays_known(
    platform: Platform, direct: Browser
) -> None:
    opened(direct, platform, {COLUMN: ABSENT})
    LineItem.objects.update(url="https://lms.example/made-by-us")
    opened(direct, platform, {COLUMN: ABSENT})
    assert LineItem.objects.get().url == "https://lms.example/made-by-us"


def test_a_launch_without_grades_has_no_column_and_takes_none_away(
    platform: Platform, direct: Browser
) -> None:
    opened(direct, platform, {Claim.AGS_ENDPOINT: ABSENT})
    assert not LineItem.objects.exists()
    opened(direct, platform)
    opened(direct, platform, {Claim.AGS_ENDPOINT: ABSENT})
    assert LineItem.objects.get().url


def test_a_column_that_changed_sends_what_failed_for_want_of_it(
    platform: Platform, direct: Browser
) -> None:
    launch = opened(direct, platform, {COLUMN: ABSENT})
    Delivery.objects.create(
        registration=launch.registration,
        line_item=LineItem.objects.get(link=launch.link),
        user=launch.membership.user,
        score_given=1,
        score_maximum=2,
        activity_progress="Completed",
        grading_progress="FullyGraded",
        state=Delivery.State.REFUSED,
        problem="no-column",
    )
    opened(direct, platform, {COLUMN: ABSENT})
    assert Delivery.objects.get().state == Delivery.State.REFUSED
    opened(direct, platform)
    assert Delivery.objects.get().state == Delivery.State.DUE


def test_a_return_address_that_no_header_could_hold_frames_nothing(
    platform: Platform, direct: Browser
) -> None:
    for address in (
        "https://a;sandbox/",
        "https://a,b/",
        f"https://{'a.' * 200}b/",
        "https://u@a/",
    ):
        launch = opened(direct, platform, {(Claim.LAUNCH_PRESENTATION, "return_url"): address})
        assert launch.frame_ancestor == ""


# --- where it was copied from, and when it is open ---


def day(number: int) -> datetime:
    return datetime(2026, 5, number, 12, tzinfo=UTC)


def of_link(custom: dict[str, str]) -> Changes:
    """The custom values of a link, and no others."""
    return {Claim.CUSTOM: custom}


def dates_of(launch: StoredLaunch) -> tuple[datetime | None, ...]:
    launch.refresh_from_db()
    return launch.opens_at, launch.due_at, launch.closes_at


def histories() -> tuple[list[str], list[str]]:
    return Context.objects.get().history, ResourceLink.objects.get().history


def test_a_copy_with_dates_leaves_both_in_its_rows(platform: Platform, direct: Browser) -> None:
    custom = {
        **COPIED,
        "available_from": "2026-05-01T12:00:00Z",
        "available_until": "2026-05-30T12:00:00Z",
        "submission_from": "2026-05-02T12:00:00Z",
        "canvas_unlock_at": "2026-05-03T14:00:00+02:00",
        "canvas_due_at": "2026-05-20T12:00:00Z",
        "canvas_lock_at": "2026-05-25T12:00:00Z",
    }
    launch = opened(direct, platform, of_link(custom))
    assert histories() == (["course-0", "course-00"], ["link-0", "link-00"])
    assert dates_of(launch) == (day(3), day(20), day(25))
    # Now all rows are known, and the dates are another person's: they are the launch's own.
    again = opened(direct, platform, of_link({**custom, "canvas_due_at": "2026-05-21T12:00:00Z"}))
    assert dates_of(again) == (day(3), day(21), day(25))
    assert dates_of(launch) == (day(3), day(20), day(25))


@pytest.mark.parametrize(
    ("name", "dates"),
    [
        ("available_from", (day(9), None, None)),
        ("submission_from", (day(9), None, None)),
        ("canvas_unlock_at", (day(9), None, None)),
        ("canvas_due_at", (None, day(9), None)),
        ("available_until", (None, None, day(9))),
        ("canvas_lock_at", (None, None, day(9))),
    ],
)
def test_each_date_that_is_told_alone(
    platform: Platform, direct: Browser, name: str, dates: tuple[datetime | None, ...]
) -> None:
    launch = opened(direct, platform, of_link({name: "2026-05-09T12:00:00Z"}))
    assert dates_of(launch) == dates


def test_an_assignment_of_canvas_without_dates(platform: Platform, direct: Browser) -> None:
    custom = {**CANVAS_CUSTOM_PARAMETERS, "canvas_assignment": "17"}
    launch = opened(direct, platform, of_link(custom))
    assert dates_of(launch) == (None, None, None)
    assert launch.dates_lead


@pytest.mark.parametrize("custom", [CANVAS_CUSTOM_PARAMETERS, {}], ids=["not expanded", "none"])
def test_what_the_lms_does_not_tell_leaves_nothing(
    platform: Platform, direct: Browser, custom: dict[str, str]
) -> None:
    launch = opened(direct, platform, of_link(custom))
    assert histories() == ([], [])
    assert dates_of(launch) == (None, None, None)
    assert not launch.dates_lead


def test_a_history_comes_late_and_stays(platform: Platform, direct: Browser) -> None:
    """An administrator adds the parameter to a course that is known, and takes it out again."""
    opened(direct, platform, of_link({}))
    opened(direct, platform, of_link(COPIED))
    assert histories() == (["course-0", "course-00"], ["link-0", "link-00"])
    opened(direct, platform, of_link(CANVAS_CUSTOM_PARAMETERS))
    assert histories() == (["course-0", "course-00"], ["link-0", "link-00"])


class TestRoleOfAnAdministrator:
    """Who has such a role, and is a teacher, is recorded once for each course; nobody else is."""

    ACCOUNT: Changes = {Claim.ROLES: [f"{INSTITUTION_ROLE}Administrator"]}
    COURSE: Changes = {Claim.ROLES: [f"{CONTEXT_ROLE}Administrator"]}
    # As Moodle tells of an administrator of the site, in each course.
    MOODLE: Changes = {
        Claim.ROLES: [TEACHER, f"{SYSTEM_ROLE}Administrator", f"{INSTITUTION_ROLE}Administrator"]
    }

    @pytest.fixture(autouse=True)
    def _institution_roles(self, platform: Platform) -> None:
        Registration.objects.filter(pk=platform.registration.pk).update(
            takes_institution_roles=True
        )

    @pytest.mark.parametrize("changes", [ACCOUNT, COURSE, MOODLE])
    def test_it_is_recorded_once(
        self, platform: Platform, direct: Browser, changes: Changes
    ) -> None:
        launch = opened(direct, platform, changes)
        opened(direct, platform, changes)
        row = AuditEntry.objects.get()
        person = launch.membership.user
        assert (row.kind, row.by, row.actor, row.person) == ("role", "person", person, person)
        assert (row.context, row.registration) == (launch.membership.context, platform.registration)
        assert "Administrator" in row.after["roles"]

    def test_also_for_whom_a_roster_has_made_known_before(
        self, platform: Platform, direct: Browser
    ) -> None:
        opened(direct, platform, self.COURSE)
        AuditEntry.for_privacy.all().delete()
        opened(direct, platform, self.COURSE)
        assert AuditEntry.objects.get().kind == AuditKind.ROLE

    def test_each_course_is_another(self, platform: Platform, direct: Browser) -> None:
        opened(direct, platform, self.COURSE)
        elsewhere: Changes = {
            (Claim.CONTEXT, "id"): "course-2",
            (Claim.RESOURCE_LINK, "id"): "link-2",
        }
        opened(direct, platform, {**self.COURSE, **elsewhere})
        assert AuditEntry.objects.count() == 2

    @pytest.mark.parametrize(
        "roles",
        [
            [PUPIL],
            [PUPIL, f"{SYSTEM_ROLE}Administrator"],
            [TEACHER],
            [TEACHER, f"{INSTITUTION_ROLE}Faculty"],
        ],
    )
    def test_roles_of_the_course_are_not(
        self, platform: Platform, direct: Browser, roles: list[str]
    ) -> None:
        opened(direct, platform, {Claim.ROLES: roles})
        assert not AuditEntry.objects.exists()


def test_groups_are_kept_until_others_are_told(platform: Platform, direct: Browser) -> None:
    def groups() -> list[dict[str, str]]:
        found: list[dict[str, str]] = Membership.objects.get().groups
        return found

    opened(direct, platform, of_link({"moodle_groups": "7,3"}))
    assert groups() == [{"id": "group-3", "name": ""}, {"id": "group-7", "name": ""}]
    opened(direct, platform, of_link({"moodle_groups": "$Moodle.Person.userGroupIds"}))
    opened(direct, platform, of_link({"moodle_groups": "<script>"}))
    opened(direct, platform, of_link({}))
    assert len(groups()) == 2
    sections = {"canvas_sections": "9", "canvas_section_names": '["10b"]'}
    opened(direct, platform, of_link(sections))
    assert groups() == [{"id": "section-9", "name": "10b"}]
    opened(direct, platform, of_link({"moodle_groups": ""}))
    assert groups() == []
