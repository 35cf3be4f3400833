"""Two pupils at one device: the work is of both, once, and either's marks are both's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from lti_tool.audit import TOOL, AuditKind
from lti_tool.background import jobs
from lti_tool.models import AuditEntry, Delivery, Membership
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.worksheets.sheets import (
    EVERYTHING,
    GAPS_ONLY,
    RIGHT,
    fresh,
    hand_in,
    hand_in_again,
    mark,
    place,
    release,
    save,
)
from worksheets import attempts
from worksheets.attempts import (
    AlreadySubmitted,
    HasLeft,
    HasOwnWork,
    NoMoreAttempts,
    NoPartner,
    NotReady,
    TooManyPartners,
)
from worksheets.gradebook import correcting, corrections
from worksheets.gradebook.corrections import Decision
from worksheets.models import Assignment, Attempt, Partner
from worksheets.questions.correcting import Verdict
from worksheets.reports.by_question import question_marking
from worksheets.reports.class_attempts import counting_attempts
from worksheets.reports.class_overview import AttemptProgress, Overview, overview
from worksheets.reports.marks_file import Reason, differences
from worksheets.reports.tables import marks_table
from worksheets.wording.numbers import plain


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast, may_work_together=True)


@pytest.fixture
def cem(cast: Cast) -> Someone:
    return make_someone(cast.course, "103", "Cem Demir", PUPIL)


def name(assignment: Assignment, who: Someone, whom: Someone) -> Partner:
    return attempts.name_partner(assignment, who.user, whom.user.pk)


def together(
    cast: Cast, assignment: Assignment, fields: dict[str, str] | None = None
) -> tuple[Attempt, Partner]:
    """Amina's work with Ben, handed in."""
    save(assignment, cast.amina, EVERYTHING if fields is None else fields)
    partner = name(assignment, cast.amina, cast.ben)
    attempt = attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    partner.refresh_from_db()
    return attempt, partner


def scores() -> dict[str, Decimal | None]:
    rows = Delivery.objects.select_related("user")
    return {row.user.given_name: row.score_given for row in rows}


def rows_of(seen: Overview) -> dict[str, AttemptProgress]:
    return {row.user.given_name: row.standing for row in seen.rows}


class TestCountingForBoth:
    def test_submitted_marked_released_and_reopened_for_both(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        attempt, partner = together(cast, assignment)
        assert partner.number == 1
        assert scores() == {"Amina": Decimal(4), "Ben": Decimal(4)}

        mark(attempt, cast.ruth, q1="3", q2="5")
        seen = overview(assignment)
        assert rows_of(seen) == dict.fromkeys(["Amina", "Ben"], AttemptProgress.MARKED)
        assert [work.attempt for work in seen.releasable] == [attempt]
        assert seen.releasable_pupils == 2
        released = attempts.release_all(assignment, [attempt], by=TOOL)
        assert released == {cast.amina.user.pk, cast.ben.user.pk}
        assert scores() == {"Amina": Decimal(12), "Ben": Decimal(12)}

        mark(fresh(attempt), cast.ruth, q1="4")
        assert scores() == {"Amina": Decimal(13), "Ben": Decimal(13)}

        attempts.reopen(fresh(attempt), by=TOOL)
        assert rows_of(overview(assignment)) == dict.fromkeys(
            ["Amina", "Ben"], AttemptProgress.BEGUN
        )
        attempts.submit(assignment, cast.amina.user, assignment.edition_id)
        attempts.release(fresh(attempt), by=TOOL)
        assert Partner.objects.get().number == 1
        assert scores() == {"Amina": Decimal(13), "Ben": Decimal(13)}

    def test_a_correction_of_the_key_reaches_both(self, cast: Cast, assignment: Assignment) -> None:
        together(cast, assignment, {**RIGHT, "g4": "1929"})
        assert scores() == {"Amina": Decimal(3), "Ben": Decimal(3)}
        accepted = Decision("g4", ("1929",), Verdict.RIGHT)
        proposal = corrections.propose(assignment, accepted)
        assert [one.user.given_name for one in proposal.changed] == ["Amina", "Ben"]
        seen, link = corrections.digest_of([proposal]), cast.course.link
        correcting.start(cast.ruth.user, link, [assignment], accepted, seen=seen)
        jobs.run_due()
        assert scores() == {"Amina": Decimal(4), "Ben": Decimal(4)}

    def test_the_class_has_the_work_once(self, cast: Cast, assignment: Assignment) -> None:
        attempt, _partner = together(cast, assignment)
        question = assignment.edition.sheet.question("q1")
        marking = question_marking(assignment, question)
        assert [a.attempt for g in marking.groups for a in g.answers] == [attempt]
        assert counting_attempts(assignment) == [attempt]
        works = {row.user.given_name: row.works for row in overview(assignment).rows}
        assert [user.given_name for user in works["Amina"][0].partners] == ["Ben"]
        assert [user.given_name for user in works["Ben"][0].partners] == ["Amina"]
        # Whose attempt it is has left the course: it is still the other one's.
        Membership.objects.filter(user=cast.amina.user).update(status=Membership.Status.GONE)
        assert counting_attempts(assignment) == [attempt]

    def test_best_of_own_and_shared(self, cast: Cast) -> None:
        assignment = place(
            cast, GAPS_ONLY, may_work_together=True, attempt_limit=3, new_attempt="blank"
        )
        hand_in(assignment, cast.ben, {"g1": "Manchuria"})
        shared, partner = together(cast, assignment, {"g1": "Manchuria", "g2": "Abyssinia"})
        assert partner.number == 2
        assert scores()["Ben"] == 2
        own = hand_in_again(assignment, cast.ben, {"g1": "Manchuria"})
        assert own.number == 3
        assert scores()["Ben"] == 2
        row = next(row for row in overview(assignment).rows if row.user == cast.ben.user)
        assert [(work.number, work.counts) for work in row.works] == [
            (1, False),
            (2, True),
            (3, False),
        ]
        # Both of Ben's own are beaten, and Amina's only one counts for both.
        assert counting_attempts(assignment) == [shared]
        with pytest.raises(NoMoreAttempts):
            attempts.begin_again(assignment, cast.ben.user)

    def test_which_counts_is_no_matter_of_equal_numbers(self, cast: Cast) -> None:
        """Ben's first attempt is Amina's second."""
        assignment = place(
            cast, GAPS_ONLY, may_work_together=True, attempt_limit=3, counting="first"
        )
        hand_in(assignment, cast.amina, {"g1": "Manchuria"})
        number = attempts.begin_again(assignment, cast.amina.user).number
        save(assignment, cast.amina, {"g1": "Manchuria", "g2": "Abyssinia"}, number)
        name(assignment, cast.amina, cast.ben)
        attempts.submit(assignment, cast.amina.user, assignment.edition_id, number=number)
        assert scores() == {"Amina": Decimal(1), "Ben": Decimal(2)}
        assert len(counting_attempts(assignment)) == 2


class TestNaming:
    @pytest.fixture(autouse=True)
    def begun(self, cast: Cast, assignment: Assignment) -> Attempt:
        return save(assignment, cast.amina, {"g1": "Manchuria"})

    def test_only_classmates_who_are_there(
        self, cast: Cast, assignment: Assignment, cem: Someone
    ) -> None:
        for nobody in (cast.amina, cast.ruth, cast.otis, cast.zara):
            with pytest.raises(NoPartner):
                name(assignment, cast.amina, nobody)
        with pytest.raises(NoPartner):
            attempts.name_partner(assignment, cast.amina.user, 2**62)
        Membership.objects.filter(user=cem.user).update(status=Membership.Status.GONE)
        with pytest.raises(NoPartner):
            name(assignment, cast.amina, cem)
        assert not Partner.objects.exists()

    def test_at_most_two_and_each_once(
        self, cast: Cast, assignment: Assignment, cem: Someone
    ) -> None:
        dora = make_someone(cast.course, "104", "Dora Ek", PUPIL)
        first = name(assignment, cast.amina, cast.ben)
        assert name(assignment, cast.amina, cast.ben) == first
        name(assignment, cast.amina, cem)
        with pytest.raises(TooManyPartners):
            name(assignment, cast.amina, dora)
        attempts.unname_partner(assignment, cast.amina.user, cast.ben.user.pk)
        name(assignment, cast.amina, dora)
        with pytest.raises(IntegrityError), transaction.atomic():
            Partner.objects.create(attempt=first.attempt, user=dora.user)

    def test_not_where_the_teacher_does_not_allow_it(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        type(assignment).objects.update(may_work_together=False)
        with pytest.raises(NoPartner):
            name(assignment, cast.amina, cast.ben)

    def test_nobody_who_has_used_up_their_attempts(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        save(assignment, cast.ben, {"g1": "Manchuria"})
        with pytest.raises(HasOwnWork):
            name(assignment, cast.amina, cast.ben)

    def test_who_has_begun_on_their_own_meanwhile_is_none_any_more(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        partner = name(assignment, cast.amina, cast.ben)
        save(assignment, cast.ben, {"g1": "Manchuria"})
        assert not attempts.will_count(assignment, partner)
        attempts.submit(assignment, cast.amina.user, assignment.edition_id)
        partner.refresh_from_db()
        assert (partner.has_left, partner.number) == (True, None)
        assert list(scores()) == ["Amina"]

    def test_nobody_once_it_is_submitted(self, cast: Cast, assignment: Assignment) -> None:
        name(assignment, cast.amina, cast.ben)
        attempt = attempts.submit(assignment, cast.amina.user, assignment.edition_id)
        for _again in range(2):
            with pytest.raises(NotReady):
                attempts.unname_partner(assignment, cast.amina.user, cast.ben.user.pk)
            attempts.reopen(attempt, by=TOOL)
        assert Partner.objects.get().number == 1


class TestLeaving:
    def test_who_says_that_it_was_not_them_starts_on_their_own(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        _attempt, partner = together(cast, assignment)
        with pytest.raises(AlreadySubmitted):
            save(assignment, cast.ben, {"g1": "Manchuria"})
        attempts.leave(partner)
        attempts.leave(partner)
        assert scores() == {"Amina": Decimal(4)}
        hand_in(assignment, cast.ben, {"g1": "Manchuria"})
        assert scores() == {"Amina": Decimal(4), "Ben": Decimal(1)}

    def test_once_seen_only_a_teacher_takes_somebody_out(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        """Else one could look at the right answers and begin anew."""
        attempt, partner = together(cast, assignment)
        release(attempt, cast.ruth, q1="4", q2="6")
        attempts.confirm(partner)
        with pytest.raises(NoPartner):
            attempts.leave(partner)
        attempts.take_out(partner, by=TOOL)
        assert scores() == {"Amina": Decimal(14)}
        with pytest.raises(NoPartner):
            attempts.confirm(partner)
        kinds = AuditEntry.objects.filter(kind=AuditKind.PARTNER, person=cast.ben.user)
        assert [row.after["how"] for row in kinds.order_by("pk")] == [
            "named",
            "confirmed",
            "taken-out",
        ]

    def test_who_has_left_is_not_named_again(self, cast: Cast, assignment: Assignment) -> None:
        save(assignment, cast.amina, {"g1": "Manchuria"})
        partner = name(assignment, cast.amina, cast.ben)
        with pytest.raises(NotReady):
            attempts.confirm(partner)
        attempts.leave(partner)
        with pytest.raises(HasLeft):
            name(assignment, cast.amina, cast.ben)
        attempts.submit(assignment, cast.amina.user, assignment.edition_id)
        assert list(scores()) == ["Amina"]


def test_two_lines_of_a_marks_file_are_one_answer(cast: Cast, assignment: Assignment) -> None:
    attempt, _partner = together(cast, assignment)
    mark(attempt, cast.ruth, q1="1", q2="2")
    table = marks_table(assignment)
    place_of_q1 = next(n for n, head in enumerate(table.head) if "[q1]" in head)

    def written(cell: object) -> str:
        return plain(cell) if isinstance(cell, Decimal) else "" if cell is None else str(cell)

    def file(*points: str) -> list[list[str]]:
        rows = [[written(cell) for cell in row] for row in table.rows]
        for row, point in zip(rows, points, strict=True):
            row[place_of_q1] = point
        return [list(table.head), *rows]

    one = differences(assignment, file("3", "1"))  # the other line as it was saved
    assert [change.points for change in one.changes] == [3]
    assert not one.refused
    both = differences(assignment, file("3", "3"))
    assert [change.points for change in both.changes] == [3]
    assert not both.refused
    odd = differences(assignment, file("3", "4"))
    assert [change.points for change in odd.changes] == [3]
    assert [refused.reason for refused in odd.refused] == [Reason.TWICE]
