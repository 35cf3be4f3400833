"""A changed key or policy: what a teacher sees before, and what is written and sent then."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from lti_tool.audit import TOOL
from lti_tool.models import Delivery, Membership, Registration, User
from tests.cast import PUPIL, TEACHER, Cast, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    GAPS_ONLY,
    RIGHT,
    assignment_at,
    fresh,
    hand_in,
    hand_in_again,
    mark,
    marks_of,
    place,
    release,
    save,
)
from worksheets import attempts, authoring
from worksheets.attempts import StaleEdition
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook import changes, reporting
from worksheets.gradebook.changes import Direction, MarkChange, Outdated, Plan, VisibleMark
from worksheets.marking.counting_attempt import CountingRule
from worksheets.models import Assignment, Attempt, Edition, Mark, Sending
from worksheets.views.teacher.forms import MarkForm
from worksheets.wording.numbers import plain

KINDER = CAUSES.replace("___Abyssinia | Ethiopia___", "___Abyssinia | Bavaria | 50%: Rhineland___")
STRICTER = CAUSES.replace("___Rhineland___", "___Bavaria___")


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def publish_again(assignment: Assignment, source: str) -> Edition:
    worksheet = authoring.save(assignment.edition.worksheet, source, seen=None)
    return authoring.publish(worksheet)


def look(
    assignment: Assignment, edition: Edition | None = None, rules: AssignmentRules | None = None
) -> Plan:
    edition = edition or assignment.edition
    again = edition != assignment.edition
    return changes.plan(
        assignment, edition, rules or AssignmentRules.of(assignment), mark_again=again
    )


def do(
    assignment: Assignment, edition: Edition | None = None, rules: AssignmentRules | None = None
) -> int:
    """Look, agree, apply."""
    edition, rules = edition or assignment.edition, rules or AssignmentRules.of(assignment)
    again = edition != assignment.edition
    seen = look(assignment, edition, rules).digest
    return changes.apply(assignment, edition, rules, mark_again=again, seen=seen, by=TOOL)


def ways(plan: Plan) -> tuple[int, int, int]:
    return plan.counts["rises"], plan.counts["falls"], plan.counts["stays"]


def marks(change: MarkChange) -> tuple[str, str, str]:
    """The pupil, from what, to what."""
    before, after = (
        f"{plain(shown.points)}/{plain(shown.maximum)}" if shown else "-"
        for shown in (change.before, change.after)
    )
    return change.user.given_name, before, after


def revisions() -> dict[str, int]:
    return dict(Delivery.objects.values_list("user__given_name", "revision"))


def everything() -> list[object]:
    tables = (Assignment, Attempt, Mark, Delivery)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


# --- another key ---


class TestAnotherKey:
    @pytest.fixture
    def answered(self, cast: Cast, assignment: Assignment) -> Assignment:
        """Amina has Bavaria in the second gap; Ben has everything right; Cleo is writing."""
        hand_in(assignment, cast.amina, {**EVERYTHING, "g2": "Bavaria"})
        hand_in(assignment, cast.ben)
        cleo = make_someone(cast.course, "103", "Cleo Cole", PUPIL)
        save(assignment, cleo, {"g2": "Bavaria"})
        return assignment_at(cast.course.link)

    def test_a_look_says_who_changes_and_writes_nothing(self, answered: Assignment) -> None:
        edition = publish_again(answered, KINDER)
        before = everything()
        plan = look(answered, edition)
        assert ways(plan) == (1, 0, 1)
        assert [marks(change) for change in plan.changed] == [("Amina", "3/4", "4/4")]
        assert [change.user.given_name for change in plan.scores_to_send] == ["Amina"]
        assert (len(plan.remarked), plan.unmarkable) == (3, 0)
        assert everything() == before

    def test_then_it_is_so_and_only_what_changed_is_sent(
        self, cast: Cast, answered: Assignment
    ) -> None:
        edition = publish_again(answered, KINDER)
        assert do(answered, edition) == 1
        assert revisions() == {"Amina": 2, "Ben": 1}
        assert Delivery.objects.get(user=cast.amina.user).score_given == 4
        assert set(Attempt.objects.values_list("edition", flat=True)) == {edition.pk}
        assert assignment_at(cast.course.link).edition == edition
        assert look(assignment_at(cast.course.link), edition).scores_to_send == []

    def test_who_is_writing_is_marked_by_it_in_the_end(self, answered: Assignment) -> None:
        edition = publish_again(answered, KINDER)
        do(answered, edition)
        attempt = Attempt.objects.get(submitted_at=None)
        assert not attempt.marks.exists()
        assert attempt.edition == edition

    def test_marks_can_fall_and_be_shares(self, cast: Cast, answered: Assignment) -> None:
        hand_in(answered, make_someone(cast.course, "104", "Dan Dale", PUPIL), {"g2": "Rhineland"})
        plan = look(answered, publish_again(answered, STRICTER))
        assert ways(plan) == (0, 2, 1)
        plan = look(answered, publish_again(answered, KINDER))
        assert ("Dan", "0/4", "0.5/4") in [marks(change) for change in plan.changed]

    def test_a_teachers_marks_and_comments_stay(self, cast: Cast, answered: Assignment) -> None:
        attempt = Attempt.objects.get(user=cast.amina.user)
        question = attempt.edition.sheet.question("q1")
        attempts.give_mark(attempt, question, Decimal(3), "Good dates.", cast.ruth.user)
        release(attempt, cast.ruth, q2="6")
        more = KINDER.replace("??? 4 marks, 5-100 words", "??? 8 marks")
        less = more.replace("??? 6 marks", "??? 5 marks")
        do(assignment_at(cast.course.link), publish_again(answered, less))
        kept = attempt.marks.get(item="q1")
        assert (kept.points, kept.maximum) == (Decimal(3), Decimal(8))
        assert kept.comment == "Good dates."
        assert kept.marked_by == cast.ruth.user
        assert marks_of(attempt)["q2"] == 5
        row = Delivery.objects.get(user=cast.amina.user)
        assert (row.score_given, row.score_maximum) == (Decimal(12), Decimal(17))
        assert fresh(attempt).is_released

    def test_a_mark_out_of_the_points_of_then_is_not_given(
        self, cast: Cast, answered: Assignment
    ) -> None:
        """The teacher's page shows the maximum of the key that held when it was opened."""
        as_read = Attempt.objects.get(user=cast.amina.user)
        question = as_read.edition.sheet.question("q1")
        less = KINDER.replace("??? 4 marks, 5-100 words", "??? 2 marks")
        do(assignment_at(cast.course.link), publish_again(answered, less))
        with pytest.raises(StaleEdition):
            attempts.give_mark(as_read, question, Decimal(4), "Good dates.", cast.ruth.user)
        assert not as_read.marks.filter(item="q1").exists()
        again = fresh(as_read).edition.sheet.question("q1")
        attempts.give_mark(as_read, again, Decimal(2), "Good dates.", cast.ruth.user)

    def test_the_page_of_one_pupil_then_shows_the_points_of_now(
        self, cast: Cast, answered: Assignment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        less = publish_again(answered, KINDER.replace("??? 4 marks, 5-100 words", "??? 2 marks"))
        attempt, is_valid = Attempt.objects.get(user=cast.amina.user), MarkForm.is_valid

        def valid_once(form: MarkForm) -> bool:
            if fresh(attempt).edition != less:  # the key changes after the forms were made
                do(assignment_at(cast.course.link), less)
            return is_valid(form)

        monkeypatch.setattr(MarkForm, "is_valid", valid_once)
        address = cast.ruth.url("attempt", number=attempt.pk)
        posted = {"q2-points": "5", "q1-points": "1", "q1-comment": "Good dates."}
        page = Page(cast.ruth.client.post(address, posted))
        assert page.status == 409
        assert "The maximum mark for this answer has changed" in page.text
        assert "Mark / 2" in page.text
        assert page.fields["q1-comment"].value == "Good dates."
        assert not attempt.marks.filter(source=Mark.Source.TEACHER).exists()
        monkeypatch.undo()
        assert cast.ruth.client.post(address, posted).status_code == 302
        assert attempt.marks.get(item="q1").maximum == 2

    def test_what_asks_something_else_is_not_marked_by_it(
        self, cast: Cast, answered: Assignment
    ) -> None:
        edition = publish_again(answered, CAUSES.replace("The first plan began", "It began"))
        plan = look(answered, edition)
        assert (plan.unmarkable, list(plan.remarked), ways(plan)) == (2, [], (0, 0, 2))
        before = marks_of(Attempt.objects.get(user=cast.amina.user))
        assert do(answered, edition) == 0
        attempt = Attempt.objects.get(user=cast.amina.user)
        assert attempt.edition != edition
        assert marks_of(attempt) == before
        assert revisions() == {"Amina": 1, "Ben": 1}

    def test_of_several_editions_each_is_judged_by_itself(
        self, cast: Cast, answered: Assignment
    ) -> None:
        other = publish_again(answered, CAUSES.replace("The first plan began", "It began"))
        changes.apply(
            answered, other, AssignmentRules.of(answered), mark_again=False, seen="", by=TOOL
        )
        hand_in(assignment_at(cast.course.link), make_someone(cast.course, "9", "Ed", PUPIL), RIGHT)
        back = publish_again(answered, KINDER)
        plan = look(assignment_at(cast.course.link), back)
        assert (plan.unmarkable, len(plan.remarked)) == (1, 3)

    def test_without_being_asked_nothing_is_marked_again(self, answered: Assignment) -> None:
        edition = publish_again(answered, KINDER)
        rules = AssignmentRules.of(answered)
        assert changes.apply(answered, edition, rules, mark_again=False, seen="", by=TOOL) == 0
        assert Attempt.objects.filter(edition=edition).count() == 0
        assert revisions() == {"Amina": 1, "Ben": 1}

    def test_all_or_nothing(self, answered: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
        edition = publish_again(answered, KINDER)
        before = everything()

        def fails(*_arguments: object) -> bool:
            raise DatabaseError

        monkeypatch.setattr(reporting, "report_scores", fails)
        with pytest.raises(DatabaseError):
            do(answered, edition)
        assert everything() == before

    def test_what_was_not_seen_is_not_done(self, cast: Cast, answered: Assignment) -> None:
        """A pupil hands in between the look and the press."""
        edition, rules = publish_again(answered, KINDER), AssignmentRules.of(answered)
        seen = look(answered, edition).digest
        someone = make_someone(cast.course, "104", "Dan Dale", PUPIL)
        hand_in(answered, someone, {"g2": "Bavaria"})
        before = everything()
        for digest in (seen, "", "x"):
            with pytest.raises(Outdated):
                changes.apply(answered, edition, rules, mark_again=True, seen=digest, by=TOOL)
        assert everything() == before

    def test_marks_that_are_new_are_written_once(self, answered: Assignment) -> None:
        """A class waits meanwhile, and on SQLite everybody else."""
        edition = publish_again(answered, KINDER)
        with CaptureQueriesContext(connection) as asked:
            do(answered, edition)
        assert [one for one in asked if one["sql"].startswith('UPDATE "worksheets_mark"')] == []

    def test_a_mark_that_somebody_changed_in_the_lms_is_not_overwritten_by_it(
        self, cast: Cast, answered: Assignment
    ) -> None:
        """It is due, and looked at before it is sent: nobody insists."""
        Delivery.objects.update(state="kept", theirs_given=2, theirs_maximum=4)
        do(answered, publish_again(answered, KINDER))
        row = Delivery.objects.get(user=cast.amina.user)
        assert (row.state, row.force) == ("due", False)
        assert Delivery.objects.get(user=cast.ben.user).state == "kept"


# --- another policy ---


class TestAnotherPolicy:
    def test_dates_and_feedback_change_no_mark(self, cast: Cast, assignment: Assignment) -> None:
        hand_in(assignment, cast.amina)
        rules = AssignmentRules("answers", attempt_limit=5, counting=CountingRule.LAST)
        assert not look(assignment, rules=rules).needs_confirmation
        assert (
            changes.apply(assignment, assignment.edition, rules, mark_again=False, seen="", by=TOOL)
            == 0
        )
        assert revisions() == {"Amina": 1}
        assert AssignmentRules.of(assignment_at(cast.course.link)) == rules

    def test_which_attempt_counts(self, cast: Cast) -> None:
        assignment = place(cast, GAPS_ONLY, attempt_limit=2)
        hand_in(assignment, cast.amina, {"g1": "Manchuria", "g2": "Abyssinia"})
        hand_in_again(assignment, cast.amina, {"g1": "Manchuria", "g2": ""})
        hand_in(assignment, cast.ben, {})
        rules = AssignmentRules(attempt_limit=2, counting=CountingRule.LAST)
        plan = look(assignment, rules=rules)
        assert ways(plan) == (0, 1, 1)
        assert marks(plan.changed[0]) == ("Amina", "2/2", "1/2")
        assert do(assignment, rules=rules) == 1
        assert revisions()["Ben"] == 1
        assert Delivery.objects.get(user=cast.amina.user).score_given == 1
        assert do(assignment_at(cast.course.link), rules=AssignmentRules(attempt_limit=2)) == 1

    def test_from_the_total_to_the_gaps(self, cast: Cast, assignment: Assignment) -> None:
        release(hand_in(assignment, cast.amina), cast.ruth, q1="0", q2="1")
        hand_in(assignment, cast.ben, {**EVERYTHING, "g1": "Bavaria"})
        rules = AssignmentRules(sending=Sending.GAPS_ONLY)
        plan = look(assignment, rules=rules)
        assert [marks(change) for change in plan.changed] == [("Amina", "5/14", "4/4")]
        # Ben's mark is the same; its comment no longer says that a teacher will mark.
        assert do(assignment, rules=rules) == 2
        assert revisions() == {"Amina": 3, "Ben": 2}

    @pytest.mark.parametrize("product", ["moodle", "canvas"])
    def test_marks_that_are_there_are_not_taken_back(
        self, cast: Cast, assignment: Assignment, product: str
    ) -> None:
        Registration.objects.update(product=product)
        hand_in(assignment, cast.amina)
        rules = AssignmentRules(sending=Sending.RELEASED)
        assert not look(assignment, rules=rules).needs_confirmation
        assert do(assignment, rules=rules) == 0
        assert Delivery.objects.get().score_given == 4
        assert revisions() == {"Amina": 1}

    def test_marks_that_waited_go(self, cast: Cast) -> None:
        assignment = place(cast, sending=Sending.RELEASED)
        hand_in(assignment, cast.amina)
        mark(hand_in(assignment, cast.ben), cast.ruth, q1="1", q2="1")
        plan = look(assignment, rules=AssignmentRules())
        assert (ways(plan), len(plan.scores_to_send)) == ((0, 0, 2), 2)
        assert do(assignment, rules=AssignmentRules()) == 2
        assert set(Delivery.objects.values_list("score_given", flat=True)) == {4}

    def test_nobody_without_a_cell_is_counted(self, cast: Cast, assignment: Assignment) -> None:
        hand_in(assignment, cast.amina)
        release(hand_in(assignment, cast.ben), cast.ruth, q1="0", q2="0")
        Membership.objects.filter(user=cast.ben.user).update(roles=[TEACHER])
        assert ways(look(assignment, rules=AssignmentRules(sending=Sending.GAPS_ONLY))) == (0, 0, 1)

    def test_what_was_never_reported_is_made_good(self, cast: Cast, assignment: Assignment) -> None:
        hand_in(assignment, cast.amina)
        Delivery.objects.all().delete()
        assert len(look(assignment).scores_to_send) == 1


def test_a_way_is_by_shares() -> None:
    def shown(text: str | None) -> VisibleMark | None:
        return VisibleMark(*map(Decimal, text.split("/"))) if text else None

    def change(before: str | None, after: str | None) -> Direction:
        return MarkChange(User(), shown(before), shown(after), {}).direction

    assert change("3/4", "6/8") is Direction.STAYS
    assert change("3/4", "10/26") is Direction.FALLS
    assert change(None, "0/8") is Direction.RISES
    assert change("0/8", None) is Direction.FALLS
    assert change(None, None) is Direction.STAYS
