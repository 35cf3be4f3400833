"""Each thing that a teacher or pupil does to work, rules and keys is recorded: who, from, to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from lti_tool import audit, grades
from lti_tool.audit import TOOL, AuditKind, person
from lti_tool.models import AuditEntry, Delivery
from tests.cast import PUPIL, TEACHER, Cast, Someone, make_someone
from tests.worksheets.sheets import (
    CAUSES,
    RULES,
    WRITTEN_ONLY,
    assignment_at,
    fresh,
    hand_in,
    hand_in_again,
    mark,
    place,
    publish,
    save,
)
from worksheets import attempts, authoring, gradebook
from worksheets.attempts import NotReady, StaleEdition
from worksheets.authoring import assigning, copies
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook import changes, corrections
from worksheets.gradebook.corrections import Decision, Withdrawal
from worksheets.models import Assignment, Attempt, CopyRequest, Edition, Worksheet
from worksheets.questions.correcting import Verdict
from worksheets.reports.history import history_of_rules

# As long as text of a pupil, a teacher or a key may be found in what is recorded.
SECRETS = ("So that all could see it", "Manchuria", "Well argued", "MODELANSWER")


def entries(kind: AuditKind) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(kind=kind).order_by("pk"))


def press(someone: Someone, view: str, posted: dict[str, Any] | None = None, **k: Any) -> None:
    answer = someone.client.post(someone.url(view, **k), posted or {})
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 302, answer.content[:2000]


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    return hand_in(place(cast), cast.amina)


def is_about(row: AuditEntry, attempt: Attempt, who: Someone) -> bool:
    return (row.by, row.actor_id, row.person_id, row.link_id, row.subject) == (
        "person",
        who.user.pk,
        attempt.user_id,
        attempt.assignment.link_id,
        f"attempt-{attempt.pk}",
    )


def test_a_mark_and_another_one(cast: Cast, attempt: Attempt) -> None:
    for points, comment in (("2", "Well argued"), ("2", "Well argued, Amina"), ("3.5", "")):
        posted = {"q1-points": points, "q1-comment": comment}
        press(cast.ruth, "attempt", posted, number=attempt.pk)
    first, second, third = entries(AuditKind.MARK)
    assert all(is_about(row, attempt, cast.ruth) for row in (first, second, third))
    maximum = {"item": "q1", "maximum": "4"}
    assert (first.before, first.after) == ({}, {**maximum, "points": "2", "comment": True})
    assert second.before == {"points": "2", "maximum": "4"}
    assert second.after == {**maximum, "points": "2", "comment": True}
    assert third.before["points"] == "2"
    assert third.after == {**maximum, "points": "3.5", "comment": True}
    press(cast.ruth, "attempt", {"q1-points": "3.5", "q1-comment": ""}, number=attempt.pk)
    assert len(entries(AuditKind.MARK)) == 3  # nothing was changed


def test_an_overall_comment_without_its_words(cast: Cast, attempt: Attempt) -> None:
    for text in ("Well argued, Amina", "Well argued, Amina", ""):
        attempts.comment_overall(attempt, text, "", cast.ruth.user)
    first, second = entries(AuditKind.COMMENT)  # the same again changes nothing
    assert all(is_about(row, attempt, cast.ruth) for row in (first, second))
    assert (first.before, first.after) == ({"comment": False}, {"comment": True})
    assert (second.before, second.after) == ({"comment": True}, {"comment": False})


def test_a_mark_that_is_refused_is_not_recorded(cast: Cast, attempt: Attempt) -> None:
    question = attempt.edition.sheet.question("q1")
    with pytest.raises(ValueError, match="not between"):
        attempts.give_mark(attempt, question, Decimal(9), "", cast.ruth.user)
    attempts.reopen(attempt, by=TOOL)
    with pytest.raises(NotReady):
        attempts.give_mark(attempt, question, Decimal(1), "", cast.ruth.user)
    assert entries(AuditKind.MARK) == []


def test_marks_of_which_one_fails_are_not_recorded(
    cast: Cast, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    give = attempts.give_mark

    def second_fails(*arguments: Any) -> Any:
        if arguments[1].key == "q2":
            raise StaleEdition
        return give(*arguments)

    monkeypatch.setattr(attempts, "give_mark", second_fails)
    posted = {"q1-points": "1", "q2-points": "1"}
    answer = cast.ruth.client.post(cast.ruth.url("attempt", number=attempt.pk), posted)
    assert answer.status_code == 409
    assert entries(AuditKind.MARK) == []
    assert not attempt.marks.filter(item="q1").exists()


def test_release_reopening_and_release_again(cast: Cast, attempt: Attempt) -> None:
    mark(attempt, cast.ruth, q1="3", q2="2")
    press(cast.ruth, "release", number=attempt.pk)
    (released,) = entries(AuditKind.RELEASE)
    assert is_about(released, attempt, cast.ruth)
    assert released.after == {"points": "9", "maximum": "14"}
    press(cast.ruth, "reopen", number=attempt.pk)
    (reopened,) = entries(AuditKind.REOPEN)
    assert is_about(reopened, attempt, cast.ruth)
    assert reopened.before == {"released": True, "points": "9", "maximum": "14"}
    press(cast.ruth, "release", number=attempt.pk)
    assert len(entries(AuditKind.RELEASE)) == 1  # it is not submitted


def test_a_release_that_is_refused_is_not_recorded(attempt: Attempt) -> None:
    with pytest.raises(NotReady):
        attempts.release(attempt, by=TOOL)
    assert entries(AuditKind.RELEASE) == []


def test_a_pupil_takes_back(cast: Cast, attempt: Attempt) -> None:
    press(cast.amina, "take-back", number=1)
    (row,) = entries(AuditKind.TAKE_BACK)
    assert is_about(row, attempt, cast.amina)


def test_a_teacher_submits_for_a_pupil(cast: Cast) -> None:
    begun = save(place(cast), cast.ben, {"g1": "Manchuria"})
    for _time in range(2):
        press(cast.ruth, "submit-for", number=begun.pk)
    (row,) = entries(AuditKind.SUBMIT_FOR)
    assert is_about(row, begun, cast.ruth)


def marked_class(cast: Cast, size: int) -> Assignment:
    assignment = place(cast, WRITTEN_ONLY)
    for number in range(size):
        pupil = make_someone(cast.course, f"p{number}", f"{number} Pupil", PUPIL)
        mark(hand_in(assignment, pupil, {"q1": "Because."}), cast.ruth, q1="7")
    return assignment


def test_all_are_released(cast: Cast) -> None:
    assignment = marked_class(cast, 3)
    press(cast.ruth, "release-all")
    rows = entries(AuditKind.RELEASE)
    assert {row.person_id for row in rows} == {a.user_id for a in assignment.attempts.all()}
    assert {(row.actor, row.after["points"]) for row in rows} == {(cast.ruth.user, "7")}
    assert not assignment.attempts.filter(released_at=None).exists()


def test_one_who_is_not_ready_does_not_hold_up_the_others(cast: Cast) -> None:
    assignment = marked_class(cast, 3)
    found = list(assignment.attempts.order_by("pk"))
    attempts.reopen(found[1], by=TOOL)
    released = attempts.release_all(assignment, found, by=TOOL)
    assert released == {found[0].user_id, found[2].user_id}
    assert [row.person_id for row in entries(AuditKind.RELEASE)] == sorted(released)


def test_a_release_of_all_adds_a_statement_for_all(cast: Cast) -> None:
    assignment = marked_class(cast, 12)
    with CaptureQueriesContext(connection) as queries:
        attempts.release_all(assignment, assignment.attempts.all(), by=TOOL)
    inserts = [q for q in queries if 'INSERT INTO "lti_tool_auditentry"' in q["sql"]]
    assert (len(inserts), len(entries(AuditKind.RELEASE))) == (1, 12)


def test_rules_from_and_to(cast: Cast) -> None:
    place(cast)
    edition = Edition.objects.get()
    posted = {**RULES, "feedback": "answers", "attempt_limit": "3"}
    press(cast.ruth, "assign", posted, number=edition.pk)
    (row,) = entries(AuditKind.RULES)
    assert (row.actor, row.link, row.person) == (cast.ruth.user, cast.course.link, None)
    assert row.before == {"feedback": "correctness", "attempt_limit": 1}
    assert row.after == {"feedback": "answers", "attempt_limit": 3}
    press(cast.ruth, "assign", posted, number=edition.pk)
    assert len(entries(AuditKind.RULES)) == 1  # nothing was changed


def test_a_worksheet_is_used_here(cast: Cast) -> None:
    edition = publish(cast.ruth.user)
    press(cast.ruth, "assign", RULES, number=edition.pk)
    (row,) = entries(AuditKind.EDITION)
    assert (row.actor, row.link) == (cast.ruth.user, cast.course.link)
    assert row.before == {}
    assert (row.after["title"], row.after["number"]) == ("Causes of terror", 1)
    assert (row.after["feedback"], row.after["attempt_limit"]) == ("correctness", 1)
    assert row.subject == f"worksheet-{edition.worksheet_id}"


def corrected(worksheet: Worksheet) -> Edition:
    """An edition that takes another word for the third gap."""
    authoring.save(worksheet, CAUSES.replace("___Rhineland___", "___Bavaria___"), seen=None)
    return authoring.publish(worksheet)


def test_another_key_and_which_gaps(cast: Cast) -> None:
    worksheet = publish(cast.ruth.user).worksheet
    authoring.save(worksheet, f"{CAUSES}\nA line more.\n", seen=None)
    authoring.publish(worksheet)
    assert entries(AuditKind.KEY) == []  # the first, and one with the same key
    corrected(worksheet)
    (row,) = entries(AuditKind.KEY)
    assert (row.actor, row.subject) == (cast.ruth.user, f"worksheet-{worksheet.pk}")
    assert (row.before["number"], row.after["number"]) == (2, 3)
    assert (row.after["items"], row.after["spelling"]) == (["g3"], False)
    assert row.before["text"] != row.after["text"]


def test_re_marking_is_recorded_for_the_class_and_each_mark(cast: Cast) -> None:
    assignment = place(cast)
    hand_in(assignment, cast.amina)
    hand_in(assignment, cast.ben, {"g3": "Bavaria"})
    edition = corrected(assignment.edition.worksheet)
    rules = AssignmentRules.of(assignment)
    seen = changes.plan(assignment, edition, rules, mark_again=True).digest
    AuditEntry.for_privacy.all().delete()
    posted = {**RULES, "mark_again": "on", "seen": seen}
    press(cast.ruth, "assign", posted, number=edition.pk)
    (placed,) = entries(AuditKind.EDITION)
    assert placed.actor == cast.ruth.user
    assert (placed.before["number"], placed.after["number"]) == (1, 2)
    assert (placed.after["remarked"], placed.after["changed"]) == (2, 2)
    rows = {row.person: row for row in entries(AuditKind.REMARK)}
    of_work = {"maximum": "14", "released": False}
    assert rows[cast.amina.user].before == {**of_work, "points": "4", "g3": "1"}
    assert rows[cast.amina.user].after == {**of_work, "points": "3", "g3": "0"}
    assert (rows[cast.ben.user].before["points"], rows[cast.ben.user].after["points"]) == ("0", "1")
    assert {row.subject for row in rows.values()} == {
        f"attempt-{attempt.pk}" for attempt in assignment.attempts.all()
    }
    assert entries(AuditKind.RULES) == []


def apply(assignment: Assignment, source: str, by: audit.Actor) -> None:
    """Another version, by which the work is marked again."""
    authoring.save(assignment.edition.worksheet, source, seen=None)
    edition = authoring.publish(assignment.edition.worksheet)
    rules = AssignmentRules.of(assignment)
    seen = changes.plan(assignment, edition, rules, mark_again=True).digest
    changes.apply(assignment, edition, rules, mark_again=True, seen=seen, by=by)


def test_marks_that_change_under_the_same_total_are_recorded(cast: Cast) -> None:
    assignment = place(cast)
    attempt = hand_in(assignment, cast.amina, {"g1": "Manchuria", "g3": "Bavaria"})
    other = CAUSES.replace("___Rhineland___", "___Bavaria___").replace("___Manchuria", "___Bavaria")
    apply(assignment, other, audit.person(cast.ruth.user))
    (row,) = entries(AuditKind.REMARK)
    assert is_about(row, attempt, cast.ruth)
    total = {"points": "1", "maximum": "14", "released": False}
    assert row.before == {**total, "g1": "1", "g3": "0"}
    assert row.after == {**total, "g1": "0", "g3": "1"}


def test_marks_of_an_attempt_that_does_not_count_are_recorded(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=2)
    first = hand_in(assignment, cast.amina, {"g3": "Bavaria"})
    hand_in_again(assignment, cast.amina, {"g1": "Manchuria", "g2": "Abyssinia"})
    apply(assignment, CAUSES.replace("___Rhineland___", "___Bavaria___"), audit.TOOL)
    (row,) = entries(AuditKind.REMARK)
    assert row.subject == f"attempt-{first.pk}"
    assert (row.before["points"], row.after["points"]) == ("0", "1")


def test_a_teachers_mark_that_is_cut_and_a_release_that_ends_are_recorded(cast: Cast) -> None:
    two = f"{WRITTEN_ONLY}\n2. What do you think?\n\n???\n"
    assignment = place(cast, two)
    attempt = hand_in(assignment, cast.amina, {"q1": "Because.", "q2": "So."})
    mark(attempt, cast.ruth, q1="7")
    attempts.release(attempt, by=audit.person(cast.ruth.user))
    other = two.replace("??? 10 marks", "??? 5 marks").replace("???\n", "??? 2 marks\n")
    apply(assignment, other, audit.person(cast.ruth.user))
    (row,) = entries(AuditKind.REMARK)
    assert row.before == {"points": "7", "maximum": "10", "released": True, "q1": "7"}
    assert row.after == {"points": "5", "maximum": "7", "released": False, "q1": "5"}


def test_a_mark_that_another_rule_changes_is_recorded(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=2, new_attempt="blank")
    hand_in(assignment, cast.amina)
    hand_in_again(assignment, cast.amina, {"g1": "Manchuria"})
    rules = AssignmentRules(attempt_limit=2, counting="last", new_attempt="blank")
    seen = changes.plan(assignment, assignment.edition, rules, mark_again=False).digest
    changes.apply(assignment, assignment.edition, rules, mark_again=False, seen=seen, by=audit.TOOL)
    (row,) = entries(AuditKind.REMARK)
    assert (row.person, row.subject) == (cast.amina.user, "")
    assert (row.before, row.after) == (
        {"points": "4", "maximum": "4"},
        {"points": "1", "maximum": "4"},
    )


def test_a_mark_that_counts_again_is_recorded(cast: Cast, attempt: Attempt) -> None:
    mark(attempt, cast.ruth, q1="3", q2="2")
    press(cast.ruth, "reopen", number=attempt.pk)
    AuditEntry.for_privacy.all().delete()
    save(attempt.assignment, cast.amina, {"q2": "Another answer.", "q2-choice": "a"})
    attempts.submit(attempt.assignment, cast.amina.user, attempt.edition_id)
    (row,) = entries(AuditKind.MARK)
    assert (row.by, row.person, row.subject) == (
        "tool",
        cast.amina.user,
        f"attempt-{attempt.pk}",
    )
    after = {"item": "q1", "points": "3", "maximum": "4", "comment": False}
    assert (row.before, row.after) == ({}, after)


def test_to_submit_records_nothing_and_asks_for_nothing(cast: Cast) -> None:
    assignment = place(cast)
    AuditEntry.for_privacy.all().delete()
    with CaptureQueriesContext(connection) as queries:
        hand_in(assignment, cast.amina)
    assert not AuditEntry.objects.exists()
    assert "auditentry" not in str([query["sql"] for query in queries])


def test_marks_of_the_machine_that_are_taken_from_an_open_attempt_are_recorded(
    cast: Cast, attempt: Attempt
) -> None:
    press(cast.amina, "take-back", number=1)
    assert attempt.marks.exists()
    press(cast.ruth, "reopen", number=attempt.pk)
    (row,) = entries(AuditKind.REOPEN)
    assert row.before == {"released": False, "points": "4", "maximum": "14"}
    press(cast.ruth, "reopen", number=attempt.pk)
    assert len(entries(AuditKind.REOPEN)) == 1  # nothing was changed


def test_re_marking_adds_a_statement_for_all(cast: Cast) -> None:
    assignment = place(cast)
    for number in range(8):
        hand_in(assignment, make_someone(cast.course, f"p{number}", f"{number} P", PUPIL))
    edition, rules = corrected(assignment.edition.worksheet), AssignmentRules.of(assignment)
    seen = changes.plan(assignment, edition, rules, mark_again=True).digest
    with CaptureQueriesContext(connection) as queries:
        changes.apply(assignment, edition, rules, mark_again=True, seen=seen, by=TOOL)
    inserts = [q for q in queries if 'INSERT INTO "lti_tool_auditentry"' in q["sql"]]
    assert (len(inserts), len(entries(AuditKind.REMARK))) == (2, 8)


def test_a_plan_that_is_outdated_records_nothing(cast: Cast) -> None:
    assignment = place(cast)
    hand_in(assignment, cast.amina)
    edition = corrected(assignment.edition.worksheet)
    AuditEntry.for_privacy.all().delete()
    rules = AssignmentRules.of(assignment)
    with pytest.raises(changes.Outdated):
        changes.apply(assignment, edition, rules, mark_again=True, seen="another", by=TOOL)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("view", "choice"), [("accept-lms-grade", "keep"), ("overwrite", "replace")]
)
def test_a_decision_about_a_grade(cast: Cast, attempt: Attempt, view: str, choice: str) -> None:
    Delivery.objects.update(state="changed", theirs_given=2, theirs_maximum=4)
    (status,) = gradebook.statuses_of(attempt.assignment, cast.amina.user)
    press(cast.ruth, view, {"seen": "another"}, number=attempt.pk)
    assert entries(AuditKind.GRADE) == []
    press(cast.ruth, view, {"seen": status.fingerprint}, number=attempt.pk)
    (row,) = entries(AuditKind.GRADE)
    assert (row.actor, row.person, row.link) == (
        cast.ruth.user,
        cast.amina.user,
        cast.course.link,
    )
    assert row.before == {"points": "2", "maximum": "4"}
    assert row.after == {"choice": choice, "points": "4", "maximum": "4"}


def test_a_decision_for_many_and_its_taking_back(cast: Cast, attempt: Attempt) -> None:
    hand_in(attempt.assignment, cast.ben)
    Delivery.objects.update(state="changed", theirs_given=2, theirs_maximum=4)
    Delivery.objects.update(theirs_is_earlier=True)
    shown = grades.score_statuses(cast.course.link)
    seen = " ".join(f"{pk}:{status.fingerprint}" for pk, status in shown.items())
    with CaptureQueriesContext(connection) as queries:
        press(cast.ruth, "decide-all", {"choice": "keep", "seen": seen})
    inserts = [q for q in queries if 'INSERT INTO "lti_tool_auditentry"' in q["sql"]]
    rows = entries(AuditKind.GRADE)
    people = {row.person for row in rows}
    assert (len(inserts), people) == (1, {cast.amina.user, cast.ben.user, None})
    of_class = {"choice": "keep", "for_later": True}
    assert [row.after for row in rows if row.person is None] == [of_class]
    for _time in range(2):
        press(cast.ruth, "decide-anew")
    last = entries(AuditKind.GRADE)[-1]
    assert len(entries(AuditKind.GRADE)) == 4  # what was taken back is not taken back again
    assert (last.actor, last.person) == (cast.ruth.user, None)
    assert (last.before, last.after) == ({"choice": "keep"}, {"choice": "", "kept": 2})


@pytest.mark.parametrize(("button", "answer"), [("allow", "allowed"), ("refuse", "refused")])
def test_an_answer_about_a_copy(cast: Cast, button: str, answer: str) -> None:
    worksheet = publish(cast.ruth.user).worksheet
    asker = make_someone(cast.other_course, "12", "Tessa Olowe", TEACHER).user
    request = copies.ask(cast.other_course.link, worksheet, asker)
    press(cast.ruth, "answer-copy", {button: "1"}, number=request.pk)
    (row,) = entries(AuditKind.COPY)
    assert (row.actor, row.person, row.link) == (cast.ruth.user, asker, cast.other_course.link)
    assert (row.before, row.after) == ({"answer": ""}, {"answer": answer})
    assert row.subject == f"worksheet-{worksheet.pk}"
    request.answer = ""  # as somebody has read it who answers at the same time
    copies.answer(request, cast.ruth.user, is_allowed=False)
    last = entries(AuditKind.COPY)[1:]
    assert [(row.before, row.after) for row in last] == (
        [] if answer == "allowed" else [({"answer": "refused"}, {"answer": "refused"})]
    )
    AuditEntry.for_privacy.filter(pk__in=[row.pk for row in last]).delete()
    CopyRequest.objects.update(answer="allowed")
    press(cast.ruth, "answer-copy", {"refuse": "1"}, number=request.pk)
    assert len(entries(AuditKind.COPY)) == 1  # what was allowed stays


def test_who_chooses_a_worksheet_in_the_lms_and_the_rules(cast: Cast) -> None:
    edition, rules = publish(cast.ruth.user), AssignmentRules(feedback="answers")
    by = audit.person(cast.ruth.user)
    pending = assigning.assign_pending(cast.course.context, edition, rules, by=by)
    (row,) = entries(AuditKind.EDITION)
    assert (row.actor, row.context, row.link) == (cast.ruth.user, cast.course.context, None)
    assert (row.subject, row.before) == (f"pending-{pending.pk}", {})
    assert (row.after["title"], row.after["feedback"]) == ("Causes of terror", "answers")


def test_a_copied_activity_is_assigned_by_the_tool(cast: Cast) -> None:
    place(cast)
    link = cast.other_course.link
    link.history = [cast.course.link.lti_id]
    link.save()
    make_someone(cast.other_course, "10", "Ruth Adeyemi", TEACHER)
    AuditEntry.for_privacy.all().delete()
    assert copies.assign_inherited(link) is not None
    (row,) = entries(AuditKind.EDITION)
    assert (row.by, row.link) == ("tool", link)
    assert row.after["copied_from_course"] == cast.course.context.pk


def test_nothing_that_is_recorded_has_answers_comments_or_keys(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=2)
    attempt = hand_in(assignment, cast.amina)
    question = attempt.edition.sheet.question("q1")
    attempts.give_mark(attempt, question, Decimal(1), "Well argued", cast.ruth.user)
    attempts.give_mark(
        attempt, attempt.edition.sheet.question("q2"), Decimal(1), "Well argued", cast.ruth.user
    )
    attempts.release(fresh(attempt), by=audit.person(cast.ruth.user))
    hand_in_again(assignment, cast.amina)
    corrected(assignment_at(cast.course.link).edition.worksheet)
    recorded = str(list(AuditEntry.objects.values()))
    assert [secret for secret in SECRETS if secret in recorded] == []
    assert "Amina" not in recorded


def test_answers_of_a_class_decided_about_and_that_taken_back(cast: Cast) -> None:
    placed = place(cast)
    attempt = hand_in(placed, cast.amina, {"g1": "Bavaria"})
    change: corrections.Change = Decision("g1", ("Bavaria",), Verdict.RIGHT)
    for press_made in ("first", "second"):
        here = assignment_at(cast.course.link)
        proposal = corrections.propose(here, change)
        with transaction.atomic():
            here.edition = corrections.decide(proposal, change, press_made, by=cast.ruth.user)
            corrections.remark(
                here, [cast.amina.user.pk], proposal.marks, by=person(cast.ruth.user)
            )
        change = Withdrawal("first")
    made, back = entries(AuditKind.KEY)
    assert (made.actor, made.link, made.before) == (cast.ruth.user, placed.link, {"number": 1})
    assert made.after == {"number": 2, "items": ["g1"], "taken_back": False}
    assert back.after == {"number": 1, "items": ["g1"], "taken_back": True}
    up, down = entries(AuditKind.REMARK)
    assert all(is_about(row, attempt, cast.ruth) for row in (up, down))
    assert (up.before["g1"], up.after["g1"], down.after["g1"]) == ("0", "1", "0")
    texts = [
        text for line in history_of_rules(assignment_at(cast.course.link)) for text in line.what
    ]
    assert "Decided about answers of this class: Gap 1." in texts
    assert "Decision about answers of this class taken back: Gap 1." in texts
    assert all("Bavaria" not in f"{row.before}{row.after}" for row in AuditEntry.objects.all())
