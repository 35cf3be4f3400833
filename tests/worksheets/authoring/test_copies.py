"""A copied course, a duplicated link: each finds its worksheet, with fresh attempts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lti_tool.models import Context, ResourceLink
from tests.cast import Cast, Course
from tests.reported import reported
from tests.worksheets.sheets import GAPS_ONLY, hand_in, place, publish
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.authoring.copies import assign_inherited
from worksheets.marking.counting_attempt import CountingRule
from worksheets.models import Assignment, Feedback, Sending

END = timezone.now() + timedelta(days=1)


@pytest.fixture
def original(cast: Cast) -> Assignment:
    """Answered last year, under rules that are not the default."""
    assignment = place(cast)
    hand_in(assignment, cast.amina)
    rules = AssignmentRules(Feedback.ANSWERS, None, END, Sending.RELEASED, 3, CountingRule.LAST)
    return assigning.assign(cast.course.link, assignment.edition, rules)


def copied_course(course: Course, *history: str) -> Context:
    return Context.objects.create(
        deployment=course.deployment, lti_id="copy", title="Copy", history=list(history)
    )


def new_link(context: Context, **told: object) -> ResourceLink:
    return ResourceLink.objects.create(
        deployment=context.deployment, context=context, lti_id="new", **told
    )


@reported("lti-r08")
def test_by_the_links_history(cast: Cast, original: Assignment) -> None:
    link = new_link(copied_course(cast.course), history=["unknown", cast.course.link.lti_id])
    made = assign_inherited(link)
    assert made is not None
    assert made.pk != original.pk
    assert (made.edition, made.feedback) == (original.edition, Feedback.ANSWERS)
    assert made.closes_at is None  # last year's end would close it before it begins
    assert not made.attempts.exists()
    assert original.attempts.count() == 1


def test_the_nearest_ancestor_is_taken(cast: Cast, original: Assignment) -> None:
    near = new_link(copied_course(cast.course))
    assigning.assign(near, publish(cast.ruth.user, GAPS_ONLY), AssignmentRules())
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
    chosen = assigning.assign_pending(cast.course.context, edition, AssignmentRules(closes_at=END))
    told = {"resource_key": str(chosen.pk)}
    first = assign_inherited(new_link(cast.course.context, **told))
    assert first is not None
    assert first.closes_at == END
    assigning.assign(first.link, edition, AssignmentRules(Feedback.SCORE, closes_at=END))
    duplicate = ResourceLink.objects.create(
        deployment=cast.course.deployment, context=cast.course.context, lti_id="two", **told
    )
    second = assign_inherited(duplicate)
    assert second is not None
    # The rules as they are now, not as they were when it was chosen.
    assert (second.feedback, second.closes_at) == (Feedback.SCORE, END)


def test_a_copied_course_takes_the_rules_as_they_are_now(cast: Cast) -> None:
    edition = publish(cast.ruth.user)
    chosen = assigning.assign_pending(cast.course.context, edition, AssignmentRules(closes_at=END))
    cast.course.link.resource_key = str(chosen.pk)
    cast.course.link.save()
    assigning.assign(cast.course.link, edition, AssignmentRules(Feedback.SCORE, closes_at=END))
    link = new_link(
        copied_course(cast.course, cast.course.context.lti_id), resource_key=str(chosen.pk)
    )
    made = assign_inherited(link)
    assert made is not None
    assert (made.feedback, made.closes_at) == (Feedback.SCORE, None)


@reported("lti-r08")
def test_a_copied_course_without_any_history_has_what_was_chosen(cast: Cast) -> None:
    edition = publish(cast.ruth.user)
    chosen = assigning.assign_pending(
        cast.course.context, edition, AssignmentRules(Feedback.SCORE, closes_at=END)
    )
    made = assign_inherited(new_link(copied_course(cast.course), resource_key=str(chosen.pk)))
    assert made is not None
    assert (made.edition, made.feedback, made.closes_at) == (edition, Feedback.SCORE, None)


def test_a_link_made_by_hand_is_known_by_its_title(cast: Cast, original: Assignment) -> None:
    context = copied_course(cast.course, "unknown", cast.course.context.lti_id)
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
    assigning.assign(twin, original.edition, AssignmentRules())
    context = copied_course(cast.course, cast.course.context.lti_id)
    assert assign_inherited(new_link(context, title=cast.course.link.title)) is None


@reported("lti-r08")
@pytest.mark.parametrize("told", [{}, {"title": "Causes"}, {"resource_key": "no uuid"}])
def test_what_cannot_be_matched_asks_the_teacher(
    cast: Cast, original: Assignment, told: dict[str, str]
) -> None:
    assert original
    assert assign_inherited(new_link(copied_course(cast.course), **told)) is None


@reported("lti-r08")
def test_nothing_crosses_a_platform(cast: Cast, original: Assignment) -> None:
    chosen = assigning.assign_pending(cast.course.context, original.edition, AssignmentRules())
    there = copied_course(cast.elsewhere, cast.course.context.lti_id)
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
        cast.course.context, publish(cast.ruth.user), AssignmentRules()
    )
    link = new_link(cast.course.context, resource_key=str(chosen.pk))
    seen_by_each = [ResourceLink.objects.get(pk=link.pk) for _ in range(2)]
    first, second = (assign_inherited(seen) for seen in seen_by_each)
    assert first is not None
    assert first == second
    assert Assignment.objects.filter(link=link).count() == 1
