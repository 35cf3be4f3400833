"""The history of a pupil's work and of an activity's settings, in words, and who sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from lti_tool import audit
from lti_tool.audit import TOOL, AuditKind
from lti_tool.models import AuditEntry, User
from tests.cast import TEACHER, Cast, Someone, make_someone, open_again
from tests.worksheets.sheets import CAUSES, hand_in, mark, place, publish
from worksheets import attempts, authoring
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.authoring.copies import assign_inherited
from worksheets.models import Assignment, Attempt, Edition
from worksheets.privacy.erasure import erase_person
from worksheets.reports.history import (
    MAX_ENTRIES,
    HistoryLine,
    history_of_rules,
    history_of_work,
)

OPERATOR = audit.command_line()


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    return hand_in(place(cast), cast.amina)


def words(lines: list[HistoryLine]) -> list[tuple[str, str]]:
    return [(line.who, " ".join(line.what)) for line in lines]


def page(someone: Someone, view: str, number: int) -> str:
    answer = someone.client.get(someone.url(view, number=number))
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_was_done_to_work_newest_first(cast: Cast, attempt: Attempt) -> None:
    ruth = audit.person(cast.ruth.user)
    mark(attempt, cast.ruth, q1="2", q2="6")
    question = attempt.edition.sheet.question("q1")
    attempts.give_mark(attempt, question, Decimal("2.5"), "Better.", cast.ruth.user)
    attempts.give_mark(attempt, question, Decimal("2.5"), "Best.", cast.ruth.user)
    attempts.release(attempt, by=ruth)
    attempts.reopen(attempt, by=ruth)
    attempts.submit_for(attempt, by=ruth)
    assert words(history_of_work(attempt)) == [
        ("Ruth Adeyemi", "Submitted for the pupil."),
        # The answers are the same as before: so are the marks and comments.
        ("automatically", "Answer 2: – → 6 out of 6."),
        ("automatically", "Answer 1: – → 2.5 out of 4. Answer 1: another comment."),
        ("Ruth Adeyemi", "Reopened after the release."),
        ("Ruth Adeyemi", "Released: 12.5 out of 14."),
        ("Ruth Adeyemi", "Answer 1: another comment."),
        ("Ruth Adeyemi", "Answer 1: 2 out of 4 → 2.5 out of 4. Answer 1: another comment."),
        ("Ruth Adeyemi", "Answer 2: – → 6 out of 6."),
        ("Ruth Adeyemi", "Answer 1: – → 2 out of 4."),
    ]


def test_a_mark_of_the_machine_that_a_teacher_confirms(cast: Cast) -> None:
    blank = hand_in(place(cast), cast.amina, {"g1": "Manchuria"})
    mark(blank, cast.ruth, q1="0")
    assert words(history_of_work(blank)) == [("Ruth Adeyemi", "Answer 1: 0 out of 4 confirmed.")]


def test_what_else_can_be_done_to_work(cast: Cast, attempt: Attempt) -> None:
    link, pupil = cast.course.link, cast.amina.user
    five = {"points": "5", "maximum": "14"}

    def record(kind: AuditKind, by: audit.Actor, **values: audit.Values) -> None:
        audit.record(kind, by, link=link, person_id=pupil.pk, **values)

    record(AuditKind.TAKE_BACK, audit.person(pupil))
    record(AuditKind.REOPEN, OPERATOR)
    record(AuditKind.REMARK, audit.TOOL, before={}, after=five)
    record(AuditKind.GRADE, OPERATOR, before=five, after={"choice": "keep", "points": None})
    record(
        AuditKind.GRADE,
        OPERATOR,
        before={"points": "9", "maximum": None},
        after={**five, "choice": "replace"},
    )
    gaps = {**five, "g10": 1}
    record(AuditKind.REMARK, audit.TOOL, before=gaps, after={**five, "g3": 1})
    withdrawn = {**five, "released": False}
    record(AuditKind.REMARK, audit.TOOL, before={**five, "released": True}, after=withdrawn)
    comment = {"item": "q1", "points": 0, "maximum": 0, "comment": True}
    record(AuditKind.MARK, OPERATOR, after=comment)
    assert words(history_of_work(attempt))[::-1] == [
        ("Amina Abdullahi", "Submission taken back."),
        ("the operator", "Reopened."),
        ("automatically", "Mark changed by another version or rule: – → 5 out of 14."),
        ("the operator", "Mark in the LMS kept: 5 out of 14. Mark here: –."),
        ("the operator", "Mark in the LMS replaced: 9 → 5 out of 14."),
        ("automatically", "Marked by another version with the same total: Gap 3, Gap 10."),
        ("automatically", "No longer released: an answer waits for a mark."),
        # A comment alone is no mark of 0.
        ("the operator", "Answer 1: another comment."),
    ]


def test_every_kind_that_is_shown_has_words_in_german(cast: Cast, attempt: Attempt) -> None:
    mark(attempt, cast.ruth, q1="2.5")
    with translation.override("de"):
        assert words(history_of_work(attempt)) == [("Ruth Adeyemi", "Antwort 1: – → 2,5 von 4.")]


def test_work_of_others_and_other_attempts_is_not_in_it(cast: Cast, attempt: Attempt) -> None:
    mark(hand_in(attempt.assignment, cast.ben), cast.ruth, q1="1")
    assert history_of_work(attempt) == []
    amina = cast.amina.user.pk
    other = {"person_id": amina, "subject": "attempt-0"}
    audit.record(AuditKind.REOPEN, OPERATOR, link=cast.course.link, **other)
    audit.record(AuditKind.EXPORT, OPERATOR, person_id=cast.amina.user.pk)
    assert history_of_work(attempt) == []


def test_fifty_are_shown_by_one_statement(
    cast: Cast, attempt: Attempt, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ruth, link, pupil = audit.person(cast.ruth.user), cast.course.link, cast.amina.user.pk
    audit.record_all(
        audit.entry(AuditKind.REOPEN, ruth, link=link, person_id=pupil)
        for _number in range(MAX_ENTRIES + 9)
    )
    with django_assert_max_num_queries(1):
        assert len(history_of_work(attempt)) == MAX_ENTRIES


def test_a_former_user_and_a_teacher_without_a_name(cast: Cast, attempt: Attempt) -> None:
    colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    nameless = User.objects.create(registration=colin.user.registration, sub="13")
    mark(attempt, colin, q1="1")
    attempts.reopen(attempt, by=audit.person(nameless))
    erase_person(colin.user, by=TOOL)
    assert [line.who for line in history_of_work(attempt)] == ["a teacher", "a former user"]


def changed_rules(cast: Cast, assignment: Assignment) -> None:
    closes = datetime(2027, 3, 1, 12, tzinfo=UTC)
    rules = AssignmentRules(feedback="answers", closes_at=closes)
    assigning.assign(cast.course.link, assignment.edition, rules, by=audit.person(cast.ruth.user))


def test_rules_worksheet_and_key_of_an_activity(cast: Cast) -> None:
    ruth = audit.person(cast.ruth.user)
    assignment = place(cast)
    changed_rules(cast, assignment)
    worksheet = assignment.edition.worksheet
    changed = CAUSES.replace("___Rhineland___", "___Bavaria___")
    authoring.save(worksheet, f"---\nspelling: counts\n---\n{changed}", seen=None)
    edition = authoring.publish(worksheet)
    effects = {"remarked": 2, "changed": 1}
    rules = AssignmentRules.of(Assignment.objects.get(pk=assignment.pk))
    assigning.assign(cast.course.link, edition, rules, by=ruth, effects=effects)
    audit.record(AuditKind.COPY, ruth, link=cast.course.link, after={"answer": "allowed"})
    audit.record(AuditKind.COPY, ruth, link=cast.course.link, after={"answer": "refused"})
    for choice in ("keep", "replace"):
        decided = {"choice": choice, "for_later": True}
        audit.record(AuditKind.GRADE, ruth, link=cast.course.link, after=decided)
    audit.record(AuditKind.GRADE, ruth, link=cast.course.link, after={"choice": "", "kept": 2})
    found = words(history_of_rules(Assignment.objects.get(pk=assignment.pk)))
    assert found[::-1] == [
        ("automatically", "Worksheet used here: “Causes of terror”, version 1."),
        (
            "Ruth Adeyemi",
            "After submitting, pupils see: Which gaps are right → The right answers as well."
            " Closes at: – → 1 March 2027, 12:00 (UTC).",
        ),
        (
            "Ruth Adeyemi",
            "Answer key changed, version 1 → 2: Gap 3. Rules for spelling changed, version 1 → 2.",
        ),
        (
            "Ruth Adeyemi",
            "Worksheet used here: “Causes of terror”, version 1 → “Causes of terror”, version 2."
            " 2 pieces of work moved to this version. 1 mark changed.",
        ),
        ("Ruth Adeyemi", "Use of a colleague's worksheet allowed by its author."),
        ("Ruth Adeyemi", "Use of a colleague's worksheet refused by its author."),
        (
            "Ruth Adeyemi",
            "Marks in the LMS from before are kept, those that are found later, too.",
        ),
        (
            "Ruth Adeyemi",
            "Marks in the LMS from before are replaced, those that are found later, too.",
        ),
        ("Ruth Adeyemi", "Decision about marks from before taken back."),
    ]


def test_a_rule_that_there_is_no_longer_is_shown_as_it_was_kept(cast: Cast) -> None:
    assignment = place(cast)
    before, after = {"lateness": "a day", "feedback": "x"}, {"lateness": 3, "feedback": "y"}
    audit.record(AuditKind.RULES, OPERATOR, link=cast.course.link, before=before, after=after)
    shown = history_of_rules(assignment)[0].what
    assert shown == ("After submitting, pupils see: x → y.", "lateness: a day → 3.")


def test_who_chose_the_worksheet_in_the_lms(cast: Cast) -> None:
    ruth = audit.person(cast.ruth.user)
    edition = publish(cast.ruth.user)
    pending = assigning.assign_pending(cast.course.context, edition, AssignmentRules(), by=ruth)
    used = ("Worksheet used here: “Causes of terror”, version 1.",)
    for course, told in ((cast.course, [used] * 2), (cast.other_course, [used])):
        # A copy of the course has the key as well, and nothing of who taught elsewhere.
        course.link.resource_key = str(pending.pk)
        course.link.save()
        assigning.assign(course.link, edition, AssignmentRules(), by=audit.TOOL)
        lines = history_of_rules(Assignment.objects.get(link=course.link))
        assert [line.what for line in lines] == told
        assert [line.who for line in lines] == ["automatically", "Ruth Adeyemi"][: len(told)]


def test_a_link_that_was_chosen_in_the_lms_is_told_of_once(cast: Cast) -> None:
    ruth = audit.person(cast.ruth.user)
    edition = publish(cast.ruth.user)
    pending = assigning.assign_pending(cast.course.context, edition, AssignmentRules(), by=ruth)
    cast.course.link.resource_key = str(pending.pk)
    cast.course.link.save()
    assignment = assign_inherited(cast.course.link)
    assert assignment is not None
    assert words(history_of_rules(assignment)) == [
        ("Ruth Adeyemi", "Worksheet used here: “Causes of terror”, version 1.")
    ]


def test_a_copied_course_says_so_and_nothing_from_before(cast: Cast) -> None:
    edition = publish(cast.ruth.user)
    change_key(edition, "g1")
    assignment = Assignment.objects.create(link=cast.course.link, edition=edition)
    copied_from = {"copied_from_course": cast.other_course.context.pk}
    audit.record_all([assigning.assignment_entry(assignment, None, TOOL, copied_from)])
    change_key(edition, "g2")
    assert words(history_of_rules(assignment)) == [
        ("the operator", "Answer key changed, version 1 → 2: Gap 2."),
        (
            "automatically",
            "Worksheet taken over with a copied course: “Causes of terror”, version 1.",
        ),
    ]


def change_key(edition: Edition, *items: str) -> None:
    audit.record(
        AuditKind.KEY,
        OPERATOR,
        subject=edition.worksheet.audit_subject,
        before={"number": 1},
        after={"number": 2, "items": items},
    )


def test_many_items_end_with_a_sign_for_more(cast: Cast) -> None:
    assignment = place(cast)
    change_key(assignment.edition, *(f"g{number}" for number in range(1, 200)))
    (sentence,) = history_of_rules(assignment)[0].what
    assert sentence.endswith("Gap 49, ….")


class TestPages:
    def test_a_teacher_reads_it_at_the_pupil(self, cast: Cast, attempt: Attempt) -> None:
        assert "History of this work" not in page(cast.ruth, "attempt", attempt.pk)
        mark(attempt, cast.ruth, q1="2")
        shown = page(cast.ruth, "attempt", attempt.pk)
        assert "History of this work" in shown
        assert "Answer 1: – → 2 out of 4." in shown

    def test_a_teacher_reads_it_in_the_settings(self, cast: Cast) -> None:
        assignment = place(cast)
        changed_rules(cast, assignment)
        shown = page(cast.ruth, "assign", assignment.edition_id)
        assert "History of these settings" in shown
        assert "Which gaps are right → The right answers as well." in shown

    def test_where_nothing_is_used_there_is_none(self, cast: Cast) -> None:
        edition = publish(cast.ruth.user)
        assert "History of" not in page(cast.ruth, "assign", edition.pk)

    def test_a_pupil_never_sees_it(self, cast: Cast, attempt: Attempt) -> None:
        mark(attempt, cast.ruth, q1="2", q2="2")
        attempts.release(attempt, by=audit.person(cast.ruth.user))
        for view, number in (("attempt", attempt.pk), ("assign", attempt.edition_id)):
            answer = cast.amina.client.get(cast.amina.url(view, number=number))
            assert answer.status_code == 403
        for address in (cast.amina.url("home"), cast.amina.url("own-attempt", number=1)):
            shown = cast.amina.client.get(address, follow=True).content.decode()
            assert "History" not in shown
            assert "Ruth" not in shown

    def test_a_teacher_of_another_course_sees_nothing(self, cast: Cast, attempt: Attempt) -> None:
        mark(attempt, cast.ruth, q1="2")
        tessa = make_someone(cast.other_course, "12", "Tessa Olowe", TEACHER)
        for someone in (tessa, cast.zara):
            for view, number in (("attempt", attempt.pk), ("assign", attempt.edition_id)):
                answer = someone.client.get(someone.url(view, number=number))
                assert answer.status_code == 404

    def test_a_title_is_shown_as_text(self, cast: Cast) -> None:
        assignment = place(cast, CAUSES.replace("Causes of", "<b>Causes</b> of"))
        shown = page(cast.ruth, "assign", assignment.edition_id)
        assert "<b>Causes" not in shown

    def test_times_are_those_of_the_reader(self, cast: Cast, attempt: Attempt) -> None:
        User.objects.filter(pk=cast.ruth.user.pk).update(time_zone="Asia/Tokyo")
        ruth = open_again(cast.course, cast.ruth.membership)
        mark(attempt, ruth, q1="2")
        at = AuditEntry.objects.get(kind=AuditKind.MARK).at
        shown = page(ruth, "attempt", attempt.pk)
        assert f"{(at.hour + 9) % 24:02}:{at:%M} (JST)" in shown
