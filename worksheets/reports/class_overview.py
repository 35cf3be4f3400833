"""The overview of a class for its teacher: the progress and points of each pupil. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from django.db.models import Exists, OuterRef

from lti_tool.models import Membership, StoredLaunch, User
from lti_tool.services.errors import DeliveryProblem
from worksheets import gradebook
from worksheets.gradebook import GradeOrigin, ScoreProgress, ScoreStatus, scoring
from worksheets.gradebook.scoring import MarkedAttempt, Tally
from worksheets.gradebook.shared_work import (
    Numbered,
    Partners,
    by_person,
    partners_and_named,
    partners_of,
    shared_with,
)
from worksheets.marking.late_work import Late
from worksheets.models import (
    Answer,
    Assignment,
    Attempt,
    Edition,
    EnteredMark,
    PupilDates,
    Sending,
)
from worksheets.policy.late_work import late_work
from worksheets.questions import listed_questions, listed_text
from worksheets.reports.gap_states import GapState, gap_states
from worksheets.reports.groups import ClassGroup, group_ids, groups_among


class AttemptProgress(StrEnum):
    """The stages of a pupil's work."""

    NEVER_OPENED = "never-opened"
    OPENED = "opened"
    BEGUN = "begun"
    SUBMITTED = "submitted"
    MARKED = "marked"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """An answer that is short enough for a list; ``position`` is its question's on the sheet."""

    position: int
    text: str


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """An attempt of a pupil, with its points and the delivery status of the pupil's scores.

    ``tally`` is None before the attempt is submitted; ``statuses`` are of the columns to which a
    score of the pupil was reported. ``counts`` is true of the attempt whose score is the pupil's.
    ``may_count`` is true if marks for this attempt can change the score. ``listed`` are its short
    answers once it is submitted, in the overview of a class. ``number`` is which of the pupil's
    attempts it is, ``user_id`` the pupil's ``User.pk``. ``people`` are those whose work it is, and
    ``partners`` the others of them.
    """

    attempt: Attempt
    tally: Tally | None
    statuses: Sequence[ScoreStatus]
    counts: bool
    may_count: bool
    listed: Sequence[ListedAnswer] = ()
    number: int = 1
    partners: Sequence[User] = ()
    people: Sequence[User] = ()
    user_id: int = 0

    @property
    def names(self) -> str:
        """Return whose work it is."""
        return ", ".join(user.display_name for user in self.people)

    @property
    def score_status(self) -> ScoreStatus | None:
        """Return the status to follow; None before a score of the pupil is reported."""
        return gradebook.leading_status(self.statuses)

    @property
    def standing(self) -> AttemptProgress:
        if self.attempt.is_released:
            return AttemptProgress.RELEASED
        if not self.attempt.is_submitted:
            return AttemptProgress.BEGUN
        return AttemptProgress.MARKED if self.is_marked else AttemptProgress.SUBMITTED

    @property
    def is_marked(self) -> bool:
        """Return whether a teacher has marked all that a teacher marks on this sheet."""
        is_whole = self.tally is not None and not self.tally.unmarked
        return is_whole and bool(self.attempt.edition.sheet.must_be_marked)

    @property
    def waits_for_mark(self) -> bool:
        return self.may_count and self.tally is not None and self.tally.unmarked > 0

    @property
    def is_ready(self) -> bool:
        """Return whether the attempt can be released: it is marked, and not released yet.

        Without written answers it needs no release, unless the policy sends no score before.
        """
        tally = self.tally
        if tally is None or tally.unmarked or self.attempt.is_released:
            return False
        sends_on_release = Sending(self.attempt.assignment.sending).holds_total_back
        return tally.teacher_maximum > 0 or (sends_on_release and tally.maximum > 0)

    @property
    def may_release(self) -> bool:
        """Return whether it is one of those released for the whole class at once."""
        return self.may_count and self.is_ready

    @property
    def late(self) -> Late | None:
        """Return by how much it is late, None if it is in time or still open."""
        return late_work(self.attempt.assignment, self.attempt, self.user_id)

    @property
    def has_problem(self) -> bool:
        """Return whether the delivery of one of the pupil's scores has a problem."""
        return any(status.problem is not None for status in self.statuses)

    @property
    def may_send_again(self) -> bool:
        """Return whether a score has a problem other than a grade changed in the LMS."""
        return any(
            status.problem is not None and status.lms_grade is None for status in self.statuses
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A pupil with all their attempts, by number.

    ``gaps`` are those of ``work`` in the order of its sheet, once it is submitted, in rows
    ``with_gaps``. ``entered`` is what a teacher has entered for a pupil without submitted work.
    """

    user: User
    status: Membership.Status
    has_opened: bool
    works: Sequence[AttemptSummary]
    gaps: Sequence[GapState] = ()
    statuses: Sequence[ScoreStatus] = ()
    entered: EnteredMark | None = None
    dates: PupilDates | None = None  # of their own
    groups: frozenset[str] = frozenset()
    is_named_in_work: bool = False  # of a classmate who has begun

    @property
    def score_status(self) -> ScoreStatus | None:
        """Return the status to follow; None before a score of the pupil is reported."""
        return gradebook.leading_status(self.statuses)

    @property
    def has_problem(self) -> bool:
        """Return whether the delivery of one of the pupil's scores has a problem."""
        return any(status.problem is not None for status in self.statuses)

    @property
    def may_send_again(self) -> bool:
        """Return whether a score has a problem other than a grade changed in the LMS."""
        statuses = self.statuses
        return any(one.problem is not None and one.lms_grade is None for one in statuses)

    @property
    def counts_entered(self) -> bool:
        """Return whether what a teacher has entered counts, and not the work here."""
        return self.entered is not None and self.entered.counts

    @property
    def may_enter(self) -> bool:
        """Return whether a mark can be entered for the pupil, who has submitted nothing."""
        has_submitted = any(work.attempt.is_submitted for work in self.works)
        return not self.has_left and (self.entered is not None or not has_submitted)

    @property
    def work(self) -> AttemptSummary | None:
        """Return the attempt that counts, else the first one, or None if there are none."""
        return next((work for work in self.works if work.counts), next(iter(self.works), None))

    @property
    def standing(self) -> AttemptProgress:
        if self.work is not None:
            return self.work.standing
        if self.is_named_in_work:
            return AttemptProgress.BEGUN
        return AttemptProgress.OPENED if self.has_opened else AttemptProgress.NEVER_OPENED

    @property
    def others(self) -> list[AttemptSummary]:
        """Return the attempts other than ``work``."""
        return [work for work in self.works if work is not self.work]

    @property
    def waits_for_mark(self) -> bool:
        return any(work.waits_for_mark for work in self.works)

    @property
    def undecided(self) -> GradeOrigin | None:
        """Return the origin of a grade in the LMS about which a teacher has to decide, or None."""
        status = self.score_status
        return status.origin if status and status.progress is ScoreProgress.CHANGED else None

    @property
    def has_left(self) -> bool:
        return self.status == Membership.Status.GONE

    @property
    def is_inactive(self) -> bool:
        return self.status == Membership.Status.INACTIVE

    @property
    def is_named(self) -> bool:
        return bool(self.user.name or self.user.given_name or self.user.family_name)


@dataclass(frozen=True, slots=True)
class Overview:
    """All pupils of a class by family name; those without a name and those who left come last.

    ``groups`` are those of the class from which one can be chosen.
    """

    rows: Sequence[Row]
    groups: Sequence[ClassGroup] = ()

    def in_group(self, group: str) -> Overview:
        """Return the overview of one group or section; of the class for '' and for an odd one."""
        if not any(one.id == group for one in self.groups):
            return self
        return replace(self, rows=[row for row in self.rows if group in row.groups])

    @property
    def present(self) -> list[Row]:
        """Return the rows of pupils who have not left."""
        return [row for row in self.rows if not row.has_left]

    @property
    def works(self) -> list[AttemptSummary]:
        """Return every attempt of pupils who have not left, pupil by pupil, shared ones once.

        A shared one is that of a pupil for whom it may count, if there is one.
        """
        found: dict[int, AttemptSummary] = {}
        for work in (work for row in self.present for work in row.works):
            if work.attempt.pk not in found or not found[work.attempt.pk].may_count:
                found[work.attempt.pk] = work
        return list(found.values())

    @property
    def releasable(self) -> list[AttemptSummary]:
        return [work for work in self.works if work.may_release]

    @property
    def releasable_entered(self) -> list[Row]:
        """Return the pupils for whom something is entered that can be released."""
        return [row for row in self.present if row.entered and row.entered.may_release]

    @property
    def releasable_pupils(self) -> int:
        """Return the number of pupils to whom something can be released."""
        of_works = {user.pk for work in self.releasable for user in work.people}
        return len(of_works | {row.user.pk for row in self.releasable_entered})

    @property
    def unsent(self) -> list[Row]:
        """Return the pupils whose score can be sent again."""
        return [row for row in self.present if row.may_send_again]

    def undecided(self, origin: GradeOrigin) -> list[Row]:
        """Return the pupils for whom a teacher has to decide about a grade of this origin."""
        return [row for row in self.present if row.undecided is origin]

    @property
    def column_problem(self) -> DeliveryProblem | None:
        """Return why the LMS has no column for this activity, as the first score found."""
        return self._column_problem(is_own=True)

    @property
    def gaps_column_problem(self) -> DeliveryProblem | None:
        """Return why the LMS has no column for the gaps by themselves, likewise."""
        return self._column_problem(is_own=False)

    def _column_problem(self, *, is_own: bool) -> DeliveryProblem | None:
        statuses = (status for row in self.present for status in row.statuses)
        found = (one.problem for one in statuses if one.lacks_column and is_own != bool(one.tag))
        return next(found, None)

    @property
    def is_nameless(self) -> bool:
        """Return whether the LMS has sent no name of any pupil, by its privacy settings."""
        return bool(self.rows) and not any(row.is_named for row in self.rows)


def overview(assignment: Assignment) -> Overview:
    """Return the overview of all pupils of the course.

    It takes five to nine SQL statements for a class of any size. Teachers and test users are left
    out, and pupils who have left the course without having opened the activity.
    """
    members = _members(assignment)
    statuses, entered = gradebook.statuses(assignment), gradebook.entered_marks(assignment)
    people = [member.user for member, _opened in members]
    attempts_by_user, named = _attempts_by_user(assignment, people, statuses)
    rows, listed = [], []
    for member, has_opened in members:
        pk = member.user_id
        attempts, own = attempts_by_user.pop(pk, []), entered.pop(pk, None)
        is_present = member.status != Membership.Status.GONE
        is_relevant = is_present or has_opened or bool(attempts) or own is not None
        if is_relevant and member.course_roles.is_learner:
            status, of_scores = Membership.Status(member.status), statuses.get(pk, ())
            row = Row(member.user, status, has_opened, attempts, statuses=of_scores, entered=own)
            rows.append(
                replace(
                    row,
                    dates=assignment.dates_by_pupil.get(pk),
                    groups=group_ids(member),
                    is_named_in_work=pk in named,
                )
            )
            listed.append(member)
    # Pupils without a membership: their attempts are from before the link was moved here from
    # another course.
    others = User.objects.in_bulk(attempts_by_user) if attempts_by_user else {}
    for pk, attempts in attempts_by_user.items():
        user, of_scores = others[pk], statuses.get(pk, ())
        row = Row(user, Membership.Status.ACTIVE, True, attempts, statuses=of_scores)
        rows.append(replace(row, entered=entered.pop(pk, None)))
    for pk, own in entered.items():
        rows.append(
            Row(own.user, Membership.Status.ACTIVE, False, (), (), statuses.get(pk, ()), own)
        )
    return Overview(sorted(rows, key=_sort_key), groups_among(one.groups for one in listed))


def with_gaps(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with what became of each gap. It takes two SQL statements."""
    rows = list(rows)
    works = [row.work for row in rows]
    shown = [work.attempt for work in works if work and work.attempt.is_submitted]
    states = gap_states(shown)
    return [
        replace(row, gaps=states.get(work.attempt.pk, ())) if work else row
        for row, work in zip(rows, works, strict=True)
    ]


def _sort_key(row: Row) -> tuple[bool, bool, str, int]:
    sort_name = row.user.sort_name if row.is_named else ""
    return row.has_left, not row.is_named, sort_name, row.user.pk


def _members(assignment: Assignment) -> list[tuple[Membership, bool]]:
    """Return the memberships of the course, each with whether the person has opened this link."""
    launches = StoredLaunch.objects.filter(membership=OuterRef("pk"), link=assignment.link_id)
    rows = Membership.objects.filter(context=assignment.link.context_id)
    members = rows.select_related("user").annotate(has_opened=Exists(launches))
    return [(row, row.has_opened) for row in members]


def attempts_of(assignment: Assignment, user: User) -> list[AttemptSummary]:
    """Return the summaries of one pupil's attempts, shared ones too, by number.

    None of several counts where what a teacher has entered does.
    """
    rows = assignment.attempts.filter(user=user).select_related("user", "edition")
    statuses = gradebook.statuses_of(assignment, user)
    own, shared = list(rows.prefetch_related("marks")), shared_with(assignment, user)
    submitted = scoring.mark_attempts((one for one in own if one.is_submitted), shared)
    numbered = [(one.number, one) for one in own]
    numbered += [(one.number or 0, one.attempt) for one in shared]
    partners = partners_of(attempt for _number, attempt in numbered)
    works = _summarise(assignment, user.pk, numbered, submitted, statuses, partners)
    if len(works) > 1:
        entered = gradebook.entered_mark(assignment, user)
        if entered is not None and entered.counts:
            works = [replace(work, counts=False) for work in works]
    return works


def next_to_mark(assignment: Assignment, after: Attempt) -> Attempt | None:
    """Return the next attempt with answers to mark, in the order of the overview, or None.

    After the last attempt the search goes on with the first.
    """
    summaries = overview(assignment).works
    position = next((i for i, item in enumerate(summaries) if item.attempt.pk == after.pk), -1)
    for summary in [*summaries[position + 1 :], *summaries[: max(position, 0)]]:
        if summary.waits_for_mark:
            return summary.attempt
    return None


def _attempts_by_user(
    assignment: Assignment,
    members: Iterable[User],
    statuses: Mapping[int, Sequence[ScoreStatus]],
) -> tuple[dict[int, list[AttemptSummary]], frozenset[int]]:
    """Return the summaries of all attempts by ``User.pk``, and who is named in begun work."""
    rows = list(assignment.attempts.all())
    _with_users(rows, members)
    with_editions(assignment, rows)
    partners, named = partners_and_named(rows)
    attempts = by_person(rows, partners)
    tallies = scoring.saved_tallies(assignment, [row for row in rows if row.is_submitted])
    listed = _listed_answers(rows)
    summaries = {
        user_id: _summarise(
            assignment,
            user_id,
            attempts_of_user,
            [
                MarkedAttempt(one, one.edition.sheet, (), tallies[one.pk], number, user_id)
                for number, one in attempts_of_user
                if one.is_submitted
            ],
            statuses.get(user_id, []),
            partners,
            listed,
        )
        for user_id, attempts_of_user in attempts.items()
    }
    return summaries, named


def _with_users(attempts: Iterable[Attempt], members: Iterable[User]) -> None:
    """Give attempts their pupils, of whom those in the course are known already."""
    users = {user.pk: user for user in members}
    others = {attempt.user_id for attempt in attempts} - users.keys()
    users |= User.objects.in_bulk(others) if others else {}
    for attempt in attempts:
        attempt.user = users[attempt.user_id]


def with_editions(assignment: Assignment, attempts: Iterable[Attempt]) -> None:
    """Give attempts of an assignment their editions: one object each, of most classes one alone."""
    attempts = list(attempts)
    known = {assignment.edition_id: assignment.edition}
    others = {attempt.edition_id for attempt in attempts} - known.keys()
    editions = known | (Edition.objects.in_bulk(others) if others else {})
    for attempt in attempts:
        attempt.assignment, attempt.edition = assignment, editions[attempt.edition_id]


def _listed_answers(attempts: Iterable[Attempt]) -> dict[int, list[ListedAnswer]]:
    """Return the short answers of submitted attempts, by ``Attempt.pk``.

    One SQL statement where a sheet has such a question, none otherwise.
    """
    questions = {
        attempt.pk: listed
        for attempt in attempts
        if attempt.is_submitted and (listed := listed_questions(attempt.edition.sheet))
    }
    found: defaultdict[int, list[ListedAnswer]] = defaultdict(list)
    if questions:
        items = {item for listed in questions.values() for item in listed}
        rows = Answer.objects.filter(attempt__in=questions, item__in=items).exclude(text="")
        for attempt_id, item, text in rows.values_list("attempt", "item", "text"):
            if item in questions[attempt_id]:
                position = questions[attempt_id][item]
                found[attempt_id].append(ListedAnswer(position, listed_text(text)))
    return {pk: sorted(answers, key=lambda one: one.position) for pk, answers in found.items()}


def _summarise(
    assignment: Assignment,
    user_id: int,
    attempts: list[Numbered],
    submitted: list[MarkedAttempt],
    statuses: Sequence[ScoreStatus],
    partners: Partners,
    listed: Mapping[int, Sequence[ListedAnswer]] = MappingProxyType({}),
) -> list[AttemptSummary]:
    """Return the summaries of all attempts of one pupil, by number."""
    for _number, attempt in attempts:
        attempt.assignment = assignment
    counted = scoring.counting_attempt(assignment, submitted)
    may_count = scoring.numbers_to_mark(assignment, submitted)
    tallies = {marked.attempt.pk: marked.tally for marked in submitted}
    people = {
        attempt.pk: [attempt.user, *(one.user for one in partners.get(attempt.pk, ()))]
        for _number, attempt in attempts
    }
    return [
        AttemptSummary(
            attempt,
            tallies.get(attempt.pk),
            statuses,
            counts=counted is not None and attempt.pk == counted.attempt.pk,
            may_count=attempt.is_submitted and number in may_count,
            listed=listed.get(attempt.pk, ()),
            number=number,
            partners=[user for user in people[attempt.pk] if user.pk != user_id],
            people=people[attempt.pk],
            user_id=user_id,
        )
        for number, attempt in sorted(attempts, key=lambda one: one[0])
    ]
