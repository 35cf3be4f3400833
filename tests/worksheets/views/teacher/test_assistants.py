"""Teaching assistants mark; the rest a teacher does, or lets them do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from lti_tool.audit import TOOL
from lti_tool.models import AuditEntry, AuditKind, Membership
from tests.cast import ASSISTANT, TEACHER, Cast, Someone, make_someone, open_again
from tests.worksheets.hidden import number_of, sign_of
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    RULES,
    WRITTEN_ONLY,
    assignment_at,
    hand_in,
    mark,
    marks_of,
    place,
    publish,
    release,
    save,
)
from tests.worksheets.views.teacher.test_tables import as_csv, column, row_of, send, table
from worksheets import attempts
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, Mark
from worksheets.reports.class_answers import name_of

SHEET = "# Causes\n\nItaly invaded ___Abyssinia___.\n\nWhy?\n\n??? 6 marks\nrubric: +2 a date\n"


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast, SHEET)


@pytest.fixture
def tariq(cast: Cast) -> Someone:
    return make_someone(cast.course, "14", "Tariq Alami", ASSISTANT, TEACHER)


def get(someone: Someone, view: str, **arguments: object) -> Page:
    return Page(someone.client.get(someone.url(view, **arguments)))


def post(someone: Someone, view: str, posted: dict[str, str], **arguments: object) -> Page:
    return Page(someone.client.post(someone.url(view, **arguments), posted))


def let(**rules: bool) -> None:
    Assignment.objects.update(**rules)


def test_pages_have_no_button_that_leads_nowhere(
    cast: Cast, assignment: Assignment, tariq: Someone
) -> None:
    amina = hand_in(assignment, cast.amina, {"g1": "Abisynia", "q1": "Because."})
    ben = save(assignment, cast.ben, {"g1": "Libya"})
    mark(amina, tariq, q1="4")
    page = get(tariq, "class")
    assert "1 pupil is marked. A teacher releases the marks." in page.text
    for view, number in (("attempt", amina.pk), ("attempt", ben.pk)):
        page = Page(tariq.client.get(tariq.url(view, number=number)))
        assert "A teacher releases" in page.text
        for name in ("release", "reopen", "submit-for"):
            assert tariq.url(name, number=number) not in page.html
    for name in ("release-all", "decide-all"):
        assert tariq.url(name) not in get(tariq, "class").html
    assert f"/editions/{assignment.edition_id}/" not in get(tariq, "class").html
    answers = Page(
        tariq.client.get(
            tariq.url("class-answers"), {"gap": "g1", "answer": name_of("g1", "Abisynia")}
        )
    )
    assert "A teacher decides whether this is right for all." in answers.text
    assert "verdict" not in answers.buttons
    let(assistants_release=True, assistants_correct=True)
    assert "Release marks to 1 pupil" in get(tariq, "class").text
    assert tariq.url("reopen", number=amina.pk) in get(tariq, "attempt", number=amina.pk).links
    assert post(tariq, "release", {}, number=amina.pk).status == 302
    entry = AuditEntry.objects.get(kind=AuditKind.RELEASE)
    assert entry.actor == tariq.user


def test_a_teacher_lets_them_in_the_settings_and_copies_keep_it(
    cast: Cast, assignment: Assignment, tariq: Someone
) -> None:
    form = {**RULES, "assistants_release": "on"}
    assert "Assistants may release marks and reopen work" in (
        get(cast.ruth, "assign", number=assignment.edition_id).text
    )
    post(cast.ruth, "assign", form, number=assignment.edition_id)
    rules = AssignmentRules.of(assignment_at(cast.course.link))
    assert (rules.assistants_release, rules.assistants_correct) == (True, False)
    history = get(cast.ruth, "assign", number=assignment.edition_id).text
    assert "Assistants may release marks and reopen work: no → yes." in history
    link = cast.other_course.link
    link.history = [cast.course.link.lti_id]
    link.save()
    membership = Membership.objects.create(
        user=cast.ruth.user, context=cast.other_course.context, roles=[TEACHER]
    )
    assert get(open_again(cast.other_course, membership), "class").status == 200
    assert assignment_at(link).assistants_release
    # What stands behind the button says why, and shows what was typed.
    denied = post(tariq, "assign", {"title": "My own words"}, number=assignment.edition_id)
    assert denied.status == 403
    assert "A teacher decides which worksheet pupils open here" in denied.text
    assert "My own words" in denied.html


def test_a_single_mark_is_theirs_to_give_and_the_key_is_not(
    cast: Cast, assignment: Assignment, tariq: Someone
) -> None:
    amina = hand_in(assignment, cast.amina, {"g1": "Abisynia"})
    one = {"answer": name_of("g1", "Abisynia"), "spelling": "Abisynia"}
    alone = {"attempt": str(amina.pk), "share": "half"}
    assert post(tariq, "class-answer", one | alone, item="g1").status == 302
    assert marks_of(amina)["g1"] == Decimal("0.5")
    denied = post(tariq, "class-answer", one | {"verdict": "right"}, item="g1")
    assert denied.status == 403
    assert "A teacher decides which answers are right." in denied.text


def test_where_one_only_assists_answers_are_not_changed_along(
    cast: Cast, assignment: Assignment
) -> None:
    other = cast.other_course
    assigning.assign(other.link, assignment.edition, AssignmentRules(), by=TOOL)
    roles = [ASSISTANT, TEACHER]
    Membership.objects.create(user=cast.ruth.user, context=other.context, roles=roles)
    hand_in(assignment, cast.amina, {"g1": "Abisynia"})
    hand_in(assignment_at(other.link), cast.otis, {"g1": "Abisynia", "q1": "Because."})
    one = {"answer": name_of("g1", "Abisynia"), "spelling": "Abisynia", "verdict": "right"}
    assert "All my classes" not in post(cast.ruth, "class-answer", one, item="g1").text
    Assignment.objects.filter(link=other.link).update(assistants_correct=True)
    assert "All my classes" in post(cast.ruth, "class-answer", one, item="g1").text
    # Nor are released marks there, by the lines of a rubric: by the roles there, not here.
    there = assignment_at(other.link)
    work = there.attempts.get()
    number = number_of(work)
    form = {"attempt": str(number), f"read-{number}": sign_of(work), "line": "1", "number": ""}
    page = get(cast.ruth, "rubric-there", number=there.pk, item="q1")
    url = {"number": there.pk, "item": "q1"}
    rubric = {"rubric": page.posted["rubric"]}
    assert post(cast.ruth, "mark-question-there", form | rubric, **url).status == 302
    changed = page.posted | {"line-1-points": "3"}
    assert "1 goes up" in post(cast.ruth, "rubric-there", changed, **url).text
    release(work, cast.ruth)
    Assignment.objects.filter(pk=there.pk).update(assistants_correct=False)
    denied = post(cast.ruth, "rubric-there", changed, **url)
    assert denied.status == 403
    assert "This would change marks that pupils see already." in denied.text
    # Nor is one that is released by its question alone.
    attempts.take_back_release(there, [work], by=TOOL)
    question = there.edition.sheet.question("q1")
    Mark.objects.filter(attempt=work, item=question.key).update(released_at=timezone.now())
    assert post(cast.ruth, "rubric-there", changed, **url).status == 403
    assert marks_of(work)["q1"] == 2


def test_a_file_replaces_none_of_the_marks_of_others(cast: Cast, tariq: Someone) -> None:
    assignment = place(cast, WRITTEN_ONLY)
    by_ruth, by_tariq = (hand_in(assignment, one, {"q1": "So."}) for one in (cast.amina, cast.ben))
    mark(by_ruth, cast.ruth, q1="3")
    mark(by_tariq, tariq, q1="3")
    rows = table(tariq, "marks")
    for someone in (cast.amina, cast.ben):
        row_of(rows, someone)[column(rows, "q1")] = "5"
    page = send(tariq, as_csv(rows))
    assert "1 difference." in page.text
    assert "1 mark was given by somebody else: a teacher can replace it." in page.text
    applied = post(tariq, "marks-file", page.posted | {"do": "apply"})
    assert "1 mark changed." in applied.text
    assert [marks_of(one)["q1"] for one in (by_ruth, by_tariq)] == [3, 5]
    # Not by another page's fields either, nor once a teacher has marked meanwhile.
    mark(by_tariq, cast.ruth, q1="4")
    late = post(tariq, "marks-file", applied.posted | {"do": "undo"})
    assert late.status == 422
    assert "Somebody else has given one of these marks by now" in late.text
    assert marks_of(by_tariq)["q1"] == 4
    assert "2 differences." in send(cast.ruth, as_csv(rows)).text


def test_without_a_worksheet_a_teacher_chooses_one(cast: Cast, tariq: Someone) -> None:
    edition = publish(tariq.user, SHEET)
    page = get(tariq, "home")
    assert "A teacher of the course chooses it." in page.text
    assert tariq.url("assign", number=edition.pk) not in page.html
    assert get(tariq, "assign", number=edition.pk).status == 403
