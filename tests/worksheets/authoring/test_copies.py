"""A copied course, a duplicated link: each finds its worksheet, with fresh attempts."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from lti_tool.audit import TOOL
from lti_tool.models import Context, Membership, ResourceLink, StoredLaunch
from tests.cast import DESIGNER, PUPIL, TEACHER, Cast, Course, Someone, make_someone
from tests.reported import reported
from tests.worksheets.sheets import GAPS_ONLY, hand_in, place, publish
from worksheets.authoring import assigning, copies
from worksheets.authoring.assigning import AssignmentRules
from worksheets.authoring.copies import assign_inherited, worksheet_to_ask_for
from worksheets.marking.counting_attempt import CountingRule
from worksheets.models import Assignment, CopyRequest, Feedback, Sending

END = timezone.now() + timedelta(days=1)


@pytest.fixture
def original(cast: Cast) -> Assignment:
    """Answered last year, under rules that are not the default."""
    assignment = place(cast)
    hand_in(assignment, cast.amina)
    rules = AssignmentRules(Feedback.ANSWERS, None, END, Sending.RELEASED, 3, CountingRule.LAST)
    return assigning.assign(cast.course.link, assignment.edition, rules, by=TOOL)


def copied_course(course: Course, *history: str, opened_by: Someone | None = None) -> Context:
    """A course that is said to be a copy; whoever has ``opened_by`` teaches there as well."""
    context = Context.objects.create(
        deployment=course.deployment, lti_id="copy", title="Copy", history=list(history)
    )
    if opened_by is not None:
        teaches(opened_by, context)
    return context


def teaches(someone: Someone, context: Context, *, has_launched: bool = True) -> Membership:
    membership = Membership.objects.create(user=someone.user, context=context, roles=[TEACHER])
    if has_launched:
        StoredLaunch.objects.create(
            registration=context.deployment.registration,
            nonce=secrets.token_hex(8),
            membership=membership,
            link=someone.launch.link,
        )
    return membership


def new_link(context: Context, **told: object) -> ResourceLink:
    return ResourceLink.objects.create(
        deployment=context.deployment, context=context, lti_id="new", **told
    )


@reported("lti-r08")
def test_by_the_links_history(cast: Cast, original: Assignment) -> None:
    link = new_link(
        copied_course(cast.course, opened_by=cast.ruth),
        history=["unknown", cast.course.link.lti_id],
    )
    made = assign_inherited(link)
    assert made is not None
    assert made.pk != original.pk
    assert (made.edition, made.feedback) == (original.edition, Feedback.ANSWERS)
    assert made.closes_at is None  # last year's end would close it before it begins
    assert not made.attempts.exists()
    assert original.attempts.count() == 1


@pytest.mark.parametrize(("days", "is_kept"), [(9, True), (-9, False)])
def test_a_due_date_to_come_is_copied_and_no_date_of_a_pupil(
    cast: Cast, original: Assignment, days: int, is_kept: bool
) -> None:
    due_at = timezone.now() + timedelta(days=days)
    rules = AssignmentRules(due_at=due_at, late_deduction=20, late_per_day=True)
    assigning.assign(cast.course.link, original.edition, rules, by=TOOL)
    original.pupil_dates.create(user=cast.amina.user, due_at=due_at)
    context = copied_course(cast.course, opened_by=cast.ruth)
    made = assign_inherited(new_link(context, history=[cast.course.link.lti_id]))
    assert made is not None
    assert (made.late_deduction, made.late_per_day) == (20, True)
    assert made.due_at == (due_at if is_kept else None)
    assert not made.pupil_dates.exists()


def test_the_nearest_ancestor_is_taken(cast: Cast, original: Assignment) -> None:
    near = new_link(copied_course(cast.course, opened_by=cast.ruth))
    assigning.assign(near, publish(cast.ruth.user, GAPS_ONLY), AssignmentRules(), by=TOOL)
    link = ResourceLink.objects.create(
        deployment=near.deployment,
        context=near.context,
        lti_id="newer",
        history=[near.lti_id, original.link.lti_id],
    )
    made = assign_inherited(link)
    assert made is not None
    assert made.edition != original.edition


def test_a_duplicate_in_the_same_course_keeps_its_dates(cast: Cast) -> None:
    edition = publish(cast.ruth.user)
    chosen = assigning.assign_pending(
        cast.course.context, edition, AssignmentRules(closes_at=END), by=TOOL
    )
    told = {"resource_key": str(chosen.pk)}
    first = assign_inherited(new_link(cast.course.context, **told))
    assert first is not None
    assert first.closes_at == END
    assigning.assign(first.link, edition, AssignmentRules(Feedback.SCORE, closes_at=END), by=TOOL)
    duplicate = ResourceLink.objects.create(
        deployment=cast.course.deployment, context=cast.course.context, lti_id="two", **told
    )
    second = assign_inherited(duplicate)
    assert second is not None
    # The rules as they are now, not as they were when it was chosen.
    assert (second.feedback, second.closes_at) == (Feedback.SCORE, END)


def test_a_copied_course_takes_the_rules_as_they_are_now(cast: Cast) -> None:
    edition = publish(cast.ruth.user)
    chosen = assigning.assign_pending(
        cast.course.context, edition, AssignmentRules(closes_at=END), by=TOOL
    )
    cast.course.link.resource_key = str(chosen.pk)
    cast.course.link.save()
    assigning.assign(
        cast.course.link, edition, AssignmentRules(Feedback.SCORE, closes_at=END), by=TOOL
    )
    link = new_link(
        copied_course(cast.course, cast.course.context.lti_id, opened_by=cast.ruth),
        resource_key=str(chosen.pk),
    )
    made = assign_inherited(link)
    assert made is not None
    assert (made.feedback, made.closes_at) == (Feedback.SCORE, None)


@reported("lti-r08")
def test_a_copied_course_without_any_history_has_what_was_chosen(cast: Cast) -> None:
    edition = publish(cast.ruth.user)
    chosen = assigning.assign_pending(
        cast.course.context, edition, AssignmentRules(Feedback.SCORE, closes_at=END), by=TOOL
    )
    context = copied_course(cast.course, opened_by=cast.ruth)
    made = assign_inherited(new_link(context, resource_key=str(chosen.pk)))
    assert made is not None
    assert (made.edition, made.feedback, made.closes_at) == (edition, Feedback.SCORE, None)


def test_a_link_made_by_hand_is_known_by_its_title(cast: Cast, original: Assignment) -> None:
    context = copied_course(cast.course, "unknown", cast.course.context.lti_id, opened_by=cast.ruth)
    made = assign_inherited(new_link(context, title=cast.course.link.title))
    assert made is not None
    assert made.edition == original.edition


def test_of_two_with_one_title_the_teacher_is_asked(cast: Cast, original: Assignment) -> None:
    twin = ResourceLink.objects.create(
        deployment=cast.course.deployment,
        context=cast.course.context,
        lti_id="twin",
        title=cast.course.link.title,
    )
    assigning.assign(twin, original.edition, AssignmentRules(), by=TOOL)
    context = copied_course(cast.course, cast.course.context.lti_id, opened_by=cast.ruth)
    assert assign_inherited(new_link(context, title=cast.course.link.title)) is None


@reported("lti-r08")
@pytest.mark.parametrize("told", [{}, {"title": "Causes"}, {"resource_key": "no uuid"}])
def test_what_cannot_be_matched_asks_the_teacher(
    cast: Cast, original: Assignment, told: dict[str, str]
) -> None:
    assert original
    assert (
        assign_inherited(new_link(copied_course(cast.course, opened_by=cast.ruth), **told)) is None
    )


@reported("lti-r08")
def test_nothing_crosses_a_platform(cast: Cast, original: Assignment) -> None:
    chosen = assigning.assign_pending(
        cast.course.context, original.edition, AssignmentRules(), by=TOOL
    )
    there = copied_course(cast.elsewhere, cast.course.context.lti_id, opened_by=cast.zara)
    link = new_link(
        there,
        title=cast.course.link.title,
        history=[cast.course.link.lti_id],
        resource_key=str(chosen.pk),
    )
    assert assign_inherited(link) is None


def test_a_launch_that_was_quicker_is_no_mistake(cast: Cast) -> None:
    """Two first launches look before either has written; the second finds the other's row."""
    chosen = assigning.assign_pending(
        cast.course.context, publish(cast.ruth.user), AssignmentRules(), by=TOOL
    )
    link = new_link(cast.course.context, resource_key=str(chosen.pk))
    seen_by_each = [ResourceLink.objects.get(pk=link.pk) for _ in range(2)]
    first, second = (assign_inherited(seen) for seen in seen_by_each)
    assert first is not None
    assert first == second
    assert Assignment.objects.filter(link=link).count() == 1


# --- who may have it ---


@pytest.fixture
def link(cast: Cast, original: Assignment) -> ResourceLink:
    """Of a course where nobody is yet, and said to be a copy of Ruth's activity."""
    return new_link(copied_course(cast.course), history=[original.link.lti_id])


def is_inherited(link: ResourceLink) -> bool:
    """Whether a launch, whoever's, finds a worksheet; the page asks for it where there is none."""
    asked = worksheet_to_ask_for(link)
    made = assign_inherited(link)
    assert (made is None) == (asked is not None)
    return made is not None


def colleague(cast: Cast, course: Course, *roles: str) -> Someone:
    return make_someone(course, "12", "Tessa Olowe", *roles)


def test_not_where_nobody_teaches_yet(link: ResourceLink) -> None:
    assert not is_inherited(link)


def test_not_for_a_teacher_who_has_nothing_to_do_with_it(cast: Cast, link: ResourceLink) -> None:
    teaches(colleague(cast, cast.other_course, TEACHER), link.context)
    assert not is_inherited(link)


def test_for_whoever_wrote_it(cast: Cast, link: ResourceLink) -> None:
    cast.ruth.membership.delete()  # Ruth no longer teaches the other course
    make_someone(cast.course, "10", "Ruth Adeyemi", PUPIL)
    link.refresh_from_db()
    author = cast.ruth.user
    membership = Membership.objects.create(user=author, context=link.context, roles=[TEACHER])
    StoredLaunch.objects.create(
        registration=link.deployment.registration, nonce="x", membership=membership, link=link
    )
    assert is_inherited(link)


@pytest.mark.parametrize("role", [TEACHER, DESIGNER])
def test_for_whoever_built_that_course(cast: Cast, link: ResourceLink, role: str) -> None:
    teaches(colleague(cast, cast.course, role), link.context)
    assert is_inherited(link)


def test_a_colleague_who_has_left_that_course_taught_it(cast: Cast, link: ResourceLink) -> None:
    someone = colleague(cast, cast.course, TEACHER)
    Membership.objects.filter(pk=someone.membership.pk).update(status=Membership.Status.GONE)
    teaches(someone, link.context)
    assert is_inherited(link)


def test_pupils_of_that_course_did_not_teach_it(cast: Cast, link: ResourceLink) -> None:
    teaches(cast.amina, link.context)
    assert not is_inherited(link)


def test_a_roster_is_enough_where_it_brings_nobody_new(cast: Cast, link: ResourceLink) -> None:
    """A pupil opens a copied course before its teachers do."""
    teaches(cast.ruth, link.context, has_launched=False)
    teaches(colleague(cast, cast.course, TEACHER), link.context, has_launched=False)
    assert is_inherited(link)


def test_whoever_is_only_on_the_roster_has_not_agreed(cast: Cast, link: ResourceLink) -> None:
    """A teacher may enrol a colleague who knows nothing of it."""
    teaches(colleague(cast, cast.other_course, TEACHER), link.context)
    membership = teaches(cast.ruth, link.context, has_launched=False)
    assert not is_inherited(link)
    StoredLaunch.objects.create(
        registration=link.deployment.registration, nonce="x", membership=membership, link=link
    )
    assert is_inherited(link)


def test_whoever_comes_without_being_enrolled_counts_as_one_who_reads(
    cast: Cast, link: ResourceLink
) -> None:
    """An administrator of the account enrols the author, and can open the pages themselves."""
    unlisted = teaches(colleague(cast, cast.other_course, TEACHER), link.context)
    Membership.objects.filter(pk=unlisted.pk).update(status=Membership.Status.GONE)
    teaches(cast.ruth, link.context, has_launched=False)
    assert not is_inherited(link)
    # Whom a roster has listed and then left out can open nothing.
    Membership.objects.filter(pk=unlisted.pk).update(listed_by="https://lms.example/members")
    assert is_inherited(link)


def test_whoever_has_left_the_copy_opens_nothing_there(cast: Cast, link: ResourceLink) -> None:
    membership = teaches(cast.ruth, link.context)
    Membership.objects.filter(pk=membership.pk).update(status=Membership.Status.GONE)
    assert not is_inherited(link)


@pytest.mark.parametrize("by", ["link", "key", "title"])
def test_no_value_of_a_launch_is_enough(cast: Cast, original: Assignment, by: str) -> None:
    """Whatever a teacher writes into the custom values of a link of their own."""
    chosen = assigning.assign_pending(
        cast.course.context, original.edition, AssignmentRules(), by=TOOL
    )
    context = copied_course(cast.course, cast.course.context.lti_id)
    values: dict[str, dict[str, object]] = {
        "link": {"history": [original.link.lti_id]},
        "key": {"resource_key": str(chosen.pk)},
        "title": {"title": original.link.title},
    }
    teaches(colleague(cast, cast.other_course, TEACHER), context)
    link = new_link(context, **values[by])
    assert not is_inherited(link)
    assert worksheet_to_ask_for(link) == original.edition.worksheet


def test_an_older_copy_is_not_taken_in_its_place(cast: Cast, original: Assignment) -> None:
    near = new_link(copied_course(cast.course))
    someone = colleague(cast, cast.other_course, TEACHER)
    assigning.assign(near, publish(someone.user, GAPS_ONLY), AssignmentRules(), by=TOOL)
    context = Context.objects.create(deployment=cast.course.deployment, lti_id="third")
    teaches(cast.ruth, context)
    link = ResourceLink.objects.create(
        deployment=near.deployment,
        context=context,
        lti_id="newer",
        history=[near.lti_id, original.link.lti_id],
    )
    assert not is_inherited(link)


def test_the_author_allows_it(cast: Cast, link: ResourceLink) -> None:
    someone = colleague(cast, cast.other_course, TEACHER)
    worksheet = worksheet_to_ask_for(link)
    assert worksheet is not None
    request = copies.ask(link, worksheet, someone.user)
    assert copies.ask(link, worksheet, someone.user) == request
    assert list(copies.requests_to(cast.ruth.user)) == [request]
    assert not is_inherited(link)
    copies.answer(request, cast.ruth.user, is_allowed=True)
    assert is_inherited(link)
    assert not copies.requests_to(cast.ruth.user)
    request.refresh_from_db()
    assert (request.answer, request.answered_by) == (CopyRequest.Answer.ALLOWED, cast.ruth.user)
    # The course may have it by now.
    copies.answer(request, cast.ruth.user, is_allowed=False)
    request.refresh_from_db()
    assert request.answer == CopyRequest.Answer.ALLOWED


def test_what_was_refused_may_be_allowed_later(cast: Cast, link: ResourceLink) -> None:
    worksheet = worksheet_to_ask_for(link)
    assert worksheet is not None
    request = copies.ask(link, worksheet, cast.ben.user)
    copies.answer(request, cast.ruth.user, is_allowed=False)
    assert not is_inherited(link)
    assert list(copies.requests_to(cast.ruth.user)) == [request]
    CopyRequest.objects.update(answered_at=timezone.now() - timedelta(days=8))
    assert not copies.requests_to(cast.ruth.user)
    copies.answer(request, cast.ruth.user, is_allowed=True)
    assert is_inherited(link)


def test_it_is_allowed_for_one_activity_alone(cast: Cast, link: ResourceLink) -> None:
    worksheet = worksheet_to_ask_for(link)
    assert worksheet is not None
    copies.answer(copies.ask(link, worksheet, cast.ben.user), cast.ruth.user, is_allowed=True)
    twin = ResourceLink.objects.create(
        deployment=link.deployment, context=link.context, lti_id="twin", history=link.history
    )
    assert not is_inherited(twin)
