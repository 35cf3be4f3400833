"""A worksheet is shared with courses of its author, and no longer; each change is recorded."""

from __future__ import annotations

import pytest

from lti_tool.audit import AuditKind
from lti_tool.models import AuditEntry, Context, Membership
from tests.cast import PUPIL, TEACHER, Cast, make_course, make_someone
from tests.worksheets.html import Page
from worksheets import authoring
from worksheets.authoring import sharing
from worksheets.authoring.sharing import Rights, courses_for
from worksheets.models import Share, Worksheet


@pytest.fixture
def worksheet(cast: Cast) -> Worksheet:
    return authoring.create(cast.ruth.user, "# Causes")


def teach(cast: Cast, context: Context, role: str = TEACHER, **more: object) -> None:
    Membership.objects.create(user=cast.ruth.user, context=context, roles=[role], **more)


def offered(cast: Cast, worksheet: Worksheet) -> list[tuple[str, Rights]]:
    rows = courses_for(worksheet, cast.course.context)
    return [(str(row.context), row.rights) for row in rows]


def test_the_courses_that_the_author_builds_are_offered_this_one_first(
    cast: Cast, worksheet: Worksheet
) -> None:
    deployment = cast.course.deployment
    for number, role in (("1", TEACHER), ("9", PUPIL)):
        teach(cast, make_course(deployment, number).context, role)
    teach(cast, make_course(deployment, "8").context, status=Membership.Status.GONE)
    assert offered(cast, worksheet) == [("Course 2", Rights.NONE), ("Course 1", Rights.NONE)]


def test_one_with_which_it_is_shared_stays_offered(cast: Cast, worksheet: Worksheet) -> None:
    sharing.share(worksheet, cast.other_course.context, Rights.READ, by=cast.ruth.user)
    assert offered(cast, worksheet) == [("Course 2", Rights.NONE), ("Course 3", Rights.READ)]


def test_a_link_without_a_course_is_none(cast: Cast, worksheet: Worksheet) -> None:
    cast.course.context.is_link_only = True
    cast.course.context.save()
    assert offered(cast, worksheet) == []


def test_of_very_many_courses_some_are_offered_and_all_that_are_shared(
    cast: Cast, worksheet: Worksheet
) -> None:
    contexts = Context.objects.bulk_create(
        Context(deployment=cast.course.deployment, lti_id=f"c{n}", title=f"C {n}")
        for n in range(2 * sharing.MAX_COURSES)
    )
    Membership.objects.bulk_create(
        Membership(user=cast.ruth.user, context=one, roles=[TEACHER]) for one in contexts
    )
    sharing.share(worksheet, contexts[0], Rights.EDIT, by=cast.ruth.user)
    rows = offered(cast, worksheet)
    assert len(rows) == sharing.MAX_COURSES
    assert rows[0] == ("Course 2", Rights.NONE)
    assert ("C 0", Rights.EDIT) in rows


def test_each_change_is_recorded_once(cast: Cast, worksheet: Worksheet) -> None:
    context = cast.course.context
    for rights in (Rights.NONE, Rights.READ, Rights.READ, Rights.EDIT, Rights.NONE):
        sharing.share(worksheet, context, rights, by=cast.ruth.user)
    rows = list(AuditEntry.objects.filter(kind=AuditKind.SHARE).order_by("pk"))
    assert [(row.before["rights"], row.after["rights"]) for row in rows] == [
        ("none", "read"),
        ("read", "edit"),
        ("edit", "none"),
    ]
    for row in rows:
        assert (row.actor, row.context, row.subject) == (
            cast.ruth.user,
            context,
            worksheet.audit_subject,
        )
    assert not Share.objects.exists()


class TestPage:
    def test_shares_with_a_course_and_shows_since_when(
        self, cast: Cast, worksheet: Worksheet
    ) -> None:
        ruth, context = cast.ruth, cast.course.context
        url = ruth.url("share", number=worksheet.pk)
        assert "What was shared" not in ruth.client.get(url).content.decode()
        assert ruth.client.post(url, {f"rights-{context.pk}": "edit"}).status_code == 302
        assert Share.objects.get().may_edit
        page = ruth.client.get(url).content.decode()
        assert "Course 2: its teachers may use and change it." in page
        assert "Ruth Adeyemi" in page

    def test_takes_no_course_that_it_does_not_offer(self, cast: Cast, worksheet: Worksheet) -> None:
        posted = {
            f"rights-{cast.other_course.context.pk}": "edit",  # she does not teach there
            f"rights-{cast.elsewhere.context.pk}": "edit",
            f"rights-{cast.course.context.pk}": "everything",
            "rights-x": "read",
        }
        url = cast.ruth.url("share", number=worksheet.pk)
        assert cast.ruth.client.post(url, posted).status_code == 302
        assert not Share.objects.exists()


class TestColleague:
    """Colin teaches the course with which Ruth shares."""

    def test_finds_it_uses_it_and_makes_a_copy(self, cast: Cast) -> None:
        edition = authoring.publish(authoring.create(cast.ruth.user, "# Causes\n\n___a gap___"))
        colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
        library = colin.url("library")
        assert "Shared with this course" not in colin.client.get(library).content.decode()
        sharing.share(edition.worksheet, cast.course.context, Rights.READ, by=cast.ruth.user)
        page = Page(colin.client.get(f"{library}?show=shared"))
        assert "by Ruth Adeyemi" in page.text
        assert colin.url("assign", number=edition.pk) in page.links
        for name in ("edit", "keys", "delete", "share"):
            assert colin.url(name, number=edition.worksheet_id) not in page.links
        copied = colin.client.post(colin.url("copy", number=edition.worksheet_id))
        copy = Worksheet.objects.get(author=colin.user)
        assert copied["Location"].startswith(colin.url("edit", number=copy.pk))
        assert copy.source == edition.worksheet.source
        assert not copy.editions.exists()

    def test_who_may_change_it_publishes_in_their_own_name(self, cast: Cast) -> None:
        edition = authoring.publish(authoring.create(cast.ruth.user, "# Causes\n\n___a gap___"))
        worksheet = edition.worksheet
        sharing.share(worksheet, cast.course.context, Rights.EDIT, by=cast.ruth.user)
        colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
        url = colin.url("edit", number=worksheet.pk)
        assert "by Ruth Adeyemi, who lets teachers" in colin.client.get(url).content.decode()
        posted = {"source": "# Causes\n\n___another gap___"}
        assert colin.client.post(url, posted).status_code == 302
        keys = colin.url("keys", number=worksheet.pk)
        seen = authoring.digest_of(posted["source"])
        words = {"seen": seen, "item": "g1", "right": "a word", "add": "right"}
        assert colin.client.post(keys, words).status_code == 302
        worksheet.refresh_from_db()
        assert worksheet.source == "# Causes\n\n___a word___"
        posted = {"seen": authoring.digest_of(worksheet.source), "publish": "1"}
        assert colin.client.post(keys, posted).status_code == 302
        assert (worksheet.author, worksheet.editions.count()) == (cast.ruth.user, 2)
        by = set(worksheet.revisions.exclude(edition=1).values_list("saved_by", flat=True))
        assert by == {colin.user.pk}
        assert AuditEntry.objects.get(kind=AuditKind.KEY).actor == colin.user

    def test_a_paper_that_they_paste_into_it_is_not_kept_as_the_authors(self, cast: Cast) -> None:
        worksheet = authoring.create(cast.ruth.user, "# Causes")
        sharing.share(worksheet, cast.course.context, Rights.EDIT, by=cast.ruth.user)
        colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
        url = colin.url("edit", number=worksheet.pk)
        answer = colin.client.post(url, {"source": "A gap ______ here.", "paper-text": "1"})
        assert answer["Location"].startswith(url)
        assert not hasattr(Worksheet.objects.get(), "paper")
