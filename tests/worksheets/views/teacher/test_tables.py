"""Tables of a class as files, and marks that come in from one."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lti_tool.audit import TOOL, AuditKind
from lti_tool.models import AuditEntry, Membership, StoredLaunch
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.reported import reported
from tests.worksheets.html import Page
from tests.worksheets.sheets import EVERYTHING, hand_in, mark, place, publish, save
from worksheets import attempts, gradebook
from worksheets.formats.tables.program import read
from worksheets.models import Assignment, Attempt, EnteredMark, Mark
from worksheets.reports import marks_file

# As a table calls them.
ACTIVITY, PUPIL_ID, ATTEMPT, NAME = 0, 1, 2, 3


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def table(someone: Someone, name: str, form: str = "csv") -> list[list[str]]:
    """The cells of a file that was saved, as our own reading has them."""
    answer = someone.client.get(someone.url("table", table=name, form=form))
    assert answer.status_code == 200
    assert f".{form}" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    return read(answer.content)


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def send(someone: Someone, content: bytes, name: str = "marks.csv") -> Page:
    upload = SimpleUploadedFile(name, content)
    return Page(someone.client.post(someone.url("marks-file"), {"file": upload}))


def press(someone: Someone, page: Page, do: str) -> Page:
    """Press the button of a page that has the marks in it."""
    posted = {name: field.value for name, field in page.fields.items() if name.startswith("marks-")}
    return Page(someone.client.post(someone.url("marks-file"), {**posted, "do": do}))


def column(rows: list[list[str]], key: str) -> int:
    return next(n for n, head in enumerate(rows[0]) if head.endswith(f"[{key}]"))


def row_of(rows: list[list[str]], someone: Someone) -> list[str]:
    return next(row for row in rows if row[PUPIL_ID] == str(someone.user.pk))


def points(attempt: Attempt) -> dict[str, Decimal]:
    return {m.item: m.points for m in attempt.marks.filter(source=Mark.Source.TEACHER)}


def language(someone: Someone, code: str) -> None:
    StoredLaunch.objects.filter(pk=someone.launch.pk).update(locale=code)


class TestSaved:
    @reported("desk-15")
    @pytest.mark.parametrize("code", ["en", "de", "fr"])
    def test_rows_and_cells_stand_where_they_belong_in_each_language(
        self, cast: Cast, assignment: Assignment, code: str
    ) -> None:
        names = ["van der Berg, Ann", 'O"Neil', "Two\nLines", "=1+1"]
        people = [make_someone(cast.course, f"9{n}", name, PUPIL) for n, name in enumerate(names)]
        odd = 'a; b, c "d" \t e\nf'
        for someone in people:
            mark(hand_in(assignment, someone, {**EVERYTHING, "q1": odd}), cast.ruth, q1="2.5")
        language(cast.ruth, code)
        marks, answers, gaps = (table(cast.ruth, name) for name in ("marks", "answers", "gaps"))
        for rows in (marks, answers, gaps):
            assert {len(row) for row in rows} == {len(rows[0])}
        assert {row[NAME] for row in marks[1:]} >= set(names)
        q1 = column(marks, "q1")
        assert row_of(marks, people[0])[q1] == ("2.5" if code == "en" else "2,5")
        said = next(row for row in answers if row[0] == str(people[0].user.pk))
        assert said[column(answers, "q1")] == odd
        # Who has nothing has empty cells, not 0; a total waits for the marks that are missing.
        assert set(row_of(marks, cast.ben)[6:]) == {""}
        assert row_of(marks, people[0])[-4:] == ["", "14", "", ""]
        assert [row[3] for row in gaps[1:]] == ["4"] * 4
        for form in ("csv", "xlsx"):
            content = cast.ruth.client.get(cast.ruth.url("table", table="marks", form=form)).content
            page = send(cast.ruth, content, f"marks.{form}")
            assert hidden(page) == []
            if code != "de":
                assert "0 differences. 4 marks are the same." in page.text
                assert "not taken" not in page.text

    @reported("desk-22")
    def test_gaps_count_who_has_submitted_and_blanks_apart(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        wrong = {**EVERYTHING, "g4": "1929"}
        people = [make_someone(cast.course, f"9{n}", f"Pupil {n}", PUPIL) for n in range(5)]
        for someone in people[:3]:
            hand_in(assignment, someone)
        hand_in(assignment, people[3], wrong)
        hand_in(assignment, people[4], {**EVERYTHING, "g4": ""})
        save(assignment, cast.amina, wrong)  # still writing
        fourth = table(cast.ruth, "gaps")[4]
        assert fourth[3:] == ["3", "0", "1", "1", "0.6", "1929 (1)"]
        assert fourth[2] == "1928"

    def test_a_class_takes_as_many_statements_of_any_size(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        counts = []
        for size in (2, 9):
            for n in range(size):
                hand_in(assignment, make_someone(cast.course, f"8{size}{n}", f"P {n}", PUPIL))
            with CaptureQueriesContext(connection) as asked:
                for name in ("marks", "answers", "gaps"):
                    table(cast.ruth, name)
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_another_version_has_no_cells_here_and_still_its_total(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        hand_in(assignment, cast.amina)
        edition = publish(cast.ruth.user, "# Other\n\nA ___gap___.\n\n1. Why?\n\n??? 3 marks\n")
        Assignment.objects.filter(pk=assignment.pk).update(edition=edition)
        row = row_of(table(cast.ruth, "marks"), cast.amina)
        assert row[column(table(cast.ruth, "marks"), "g1")] == ""
        assert row[-6] == "4"

    @pytest.mark.usefixtures("assignment")
    @pytest.mark.parametrize("address", ["marks.pdf", "names.csv"])
    def test_what_there_is_not(self, cast: Cast, address: str) -> None:
        name, _, form = address.partition(".")
        answer = cast.ruth.client.get(cast.ruth.url("table", table=name, form=form))
        assert answer.status_code == 404


class TestTakenIn:
    @pytest.fixture
    def people(self, cast: Cast, assignment: Assignment) -> list[Someone]:
        people = [make_someone(cast.course, f"9{n}", f"Pupil {n}", PUPIL) for n in range(6)]
        for someone in people:
            mark(hand_in(assignment, someone), cast.ruth, q1="3", q2="4")
        return people

    @reported("desk-18")
    def test_a_file_changes_what_it_says_and_nothing_else(
        self, cast: Cast, assignment: Assignment, people: list[Someone]
    ) -> None:
        rows = table(cast.ruth, "marks")
        q1, q2, said = (column(rows, key) for key in ("q1", "q2", "q1 comment"))
        for someone in people:  # blank means: leave
            row_of(rows, someone)[q1] = row_of(rows, someone)[q2] = ""
        one, two, three, four, five, six = (row_of(rows, someone) for someone in people)
        one[q1], one[said] = "2,5", "Well argued.\nTwo lines"
        two[q2], three[q2], four[q1], five[q1] = "6", "7", "absent", "x"
        six[PUPIL_ID], six[q1] = "999999", "1"
        row_of(rows, cast.ben)[q1] = "1"
        page = send(cast.ruth, as_csv(rows))
        assert page.status == 200
        assert "2 differences. " in page.text
        for words in (
            "7 This is more than the maximum. At most 6.",
            "absent This is not a mark.",
            "x This is not a mark.",
            "No pupil of this class has this number.",
            "This pupil has submitted nothing.",
        ):
            assert words in page.text
        first, second = (attempt_of(assignment, someone) for someone in people[:2])
        assert points(first) == {"q1": 3, "q2": 4}  # a preview changes nothing
        applied = press(cast.ruth, page, "apply")
        assert "2 marks changed." in applied.text
        assert points(first) == {"q1": Decimal("2.5"), "q2": 4}
        assert points(second) == {"q1": 3, "q2": 6}
        assert first.marks.get(item="q1").comment == "Well argued.\nTwo lines"
        for someone in people[2:]:
            assert points(attempt_of(assignment, someone)) == {"q1": 3, "q2": 4}
        assert AuditEntry.objects.filter(kind=AuditKind.MARK, actor=cast.ruth.user).count() == 14
        # Twice is once.
        assert "0 marks changed." in press(cast.ruth, page, "apply").text
        assert "as they were before" in press(cast.ruth, applied, "undo").text
        assert points(first) == {"q1": 3, "q2": 4}
        assert first.marks.get(item="q1").comment == ""

    @reported("desk-18")
    def test_what_somebody_changed_meanwhile_is_shown_anew_and_nothing_is_done(
        self, cast: Cast, assignment: Assignment, people: list[Someone]
    ) -> None:
        rows = table(cast.ruth, "marks")
        for someone in people[:2]:
            row_of(rows, someone)[column(rows, "q1")] = "1"
        page = send(cast.ruth, as_csv(rows))
        first, second = (attempt_of(assignment, someone) for someone in people[:2])
        mark(first, cast.ruth, q1="4")
        anew = press(cast.ruth, page, "apply")
        assert anew.status == 409
        assert "Nothing was applied." in anew.text
        assert [points(first)["q1"], points(second)["q1"]] == [4, 3]
        assert "2 marks changed." in press(cast.ruth, anew, "apply").text
        assert [points(first)["q1"], points(second)["q1"]] == [1, 1]

    def test_an_undo_leaves_what_was_changed_after_it(
        self, cast: Cast, assignment: Assignment, people: list[Someone]
    ) -> None:
        rows = table(cast.ruth, "marks")
        for someone in people[:2]:
            row_of(rows, someone)[column(rows, "q1")] = "1"
        applied = press(cast.ruth, send(cast.ruth, as_csv(rows)), "apply")
        first, second = (attempt_of(assignment, someone) for someone in people[:2])
        mark(first, cast.ruth, q1="4")
        undone = press(cast.ruth, applied, "undo")
        assert "1 mark was left as it is, because somebody changed it meanwhile." in undone.text
        assert [points(first)["q1"], points(second)["q1"]] == [4, 3]

    def test_the_lines_of_a_rubric_stay_chosen_by_a_file_and_its_undo(
        self, cast: Cast, assignment: Assignment, people: list[Someone]
    ) -> None:
        lines = [{"number": 1, "text": "a cause", "points": "3"}]
        first, second = (attempt_of(assignment, someone) for someone in people[:2])
        Mark.objects.filter(attempt__in=[first, second], item="q1").update(rubric=lines)
        long = "So! " * 900  # longer than in a spreadsheet's row, and no more than a page takes
        first.marks.filter(item="q1").update(comment=long.strip())
        rows = table(cast.ruth, "marks")
        q1, said = column(rows, "q1"), column(rows, "q1 comment")
        row_of(rows, people[0])[q1] = "2"
        row_of(rows, people[1])[said] = "Yes."
        page = send(cast.ruth, as_csv(rows))
        applied = press(cast.ruth, page, "apply")
        assert "2 marks changed." in applied.text
        for attempt, text in ((first, long.strip()), (second, "Yes.")):
            changed = attempt.marks.get(item="q1")
            assert (changed.rubric, changed.comment) == (lines, text)
        # A second press of the same button finds what it wants.
        assert "0 marks changed." in press(cast.ruth, page, "apply").text
        assert "2 marks are as they were before." in press(cast.ruth, applied, "undo").text
        assert points(first)["q1"] == 3
        assert second.marks.get(item="q1").comment == ""
        assert all(one.marks.get(item="q1").rubric == lines for one in (first, second))

    def test_no_more_comments_than_one_request_can_carry(
        self, cast: Cast, people: list[Someone], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(marks_file, "MAX_TEXT", 25)
        rows = table(cast.ruth, "marks")
        for someone in people[:3]:
            row_of(rows, someone)[column(rows, "q1 comment")] = "ten letters"
        page = send(cast.ruth, as_csv(rows))
        assert "2 differences." in page.text
        assert "1 more difference is left" in page.text
        assert "2 marks changed." in press(cast.ruth, page, "apply").text

    def test_a_released_mark_goes_out_by_the_press_and_is_said_before(
        self, cast: Cast, assignment: Assignment, people: list[Someone]
    ) -> None:
        attempt = attempts.release(attempt_of(assignment, people[0]), by=TOOL)
        rows = table(cast.ruth, "marks")
        row_of(rows, people[0])[column(rows, "q1")] = "1"
        page = send(cast.ruth, as_csv(rows))
        assert "1 of them is released: the pupil sees it at once" in page.text
        given = [score_of(assignment, people[0])]
        press(cast.ruth, page, "apply")
        assert [*given, score_of(assignment, people[0])] == [11, 9]
        assert points(attempt)["q1"] == 1

    @reported("desk-18")
    def test_the_file_of_another_class_is_refused(
        self, cast: Cast, assignment: Assignment, people: list[Someone]
    ) -> None:
        rows = table(cast.ruth, "marks")
        row_of(rows, people[0])[column(rows, "q1")] = "1"
        row_of(rows, people[1])[ACTIVITY] = str(assignment.pk + 1)
        page = send(cast.ruth, as_csv(rows))
        assert page.status == 422
        assert "the marks of another activity or class" in page.text
        assert points(attempt_of(assignment, people[0]))["q1"] == 3

    def test_another_attempt_and_a_pupil_twice_are_not_taken(
        self, cast: Cast, people: list[Someone]
    ) -> None:
        rows = table(cast.ruth, "marks")
        first = row_of(rows, people[0])
        first[column(rows, "q1")] = "1"
        rows.append(first)
        second = row_of(rows, people[1])
        second[ATTEMPT], second[column(rows, "q1")] = "2", "1"
        text = send(cast.ruth, as_csv(rows)).text
        assert "1 difference." in text
        assert "This pupil stands further up in the file already." in text
        assert "Another attempt of this pupil counts by now." in text

    @reported("desk-14", "desk-18")
    def test_a_mark_for_what_stood_before_a_reopening_does_not_land_on_the_new_text(
        self, cast: Cast, assignment: Assignment, people: list[Someone]
    ) -> None:
        rows = table(cast.ruth, "marks", "xlsx")
        again = attempts.reopen(attempt_of(assignment, people[0]), by=TOOL)
        save(assignment, people[0], {**EVERYTHING, "q1": "Something else."})
        attempts.submit(assignment, people[0].user, assignment.edition_id)
        later = again.started_at + timedelta(hours=1)
        Attempt.objects.filter(pk=again.pk).update(submitted_at=later)
        page = send(cast.ruth, as_csv(rows))
        assert hidden(page) == []
        assert "2 cells are not taken." in page.text
        assert page.text.count("has submitted again since the file was saved") == 2
        # A file without that column is read as ever.
        place_of = column(rows, "submission")
        without = [row[:place_of] + row[place_of + 1 :] for row in rows]
        assert hidden(send(cast.ruth, as_csv(without))) == ["marks-q1"]

    @reported("desk-15", "desk-18")
    def test_what_people_do_to_a_file_loses_nothing_in_silence(
        self, cast: Cast, people: list[Someone]
    ) -> None:
        rows = table(cast.ruth, "marks")
        q1, said = column(rows, "q1"), column(rows, "q1 comment")
        # A line with an average below the last pupil.
        below = [""] * len(rows[0])
        below[NAME], below[q1] = "Average", "3.4"
        row_of(rows, people[0])[q1] = "1"
        page = send(cast.ruth, as_csv([*rows, below, below]))
        assert "1 difference. 11 marks are the same." in page.text
        assert page.text.count("3.4 This line has no number of an activity.") == 2
        # A column copied beside itself: nobody can tell which of them is meant.
        double = send(cast.ruth, as_csv([[*row, row[q1]] for row in rows]))
        assert double.status == 422
        assert "Two columns of this file have the same word" in double.text
        # Comments without the column of their marks.
        row_of(rows, people[0])[said] = "Well argued."
        alone = [[cell for place, cell in enumerate(row) if place != q1] for row in rows]
        page = send(cast.ruth, as_csv(alone))
        assert "1 difference." in page.text
        assert "Well argued." in page.text

    @pytest.mark.usefixtures("assignment")
    @pytest.mark.parametrize(
        "content", [b"", b"a,b\n1,2\n", b"PK\x03\x04", b"\xff\xfe\x00", b"[pupil],[attempt]\n"]
    )
    def test_no_marks_file_is_too_odd(self, cast: Cast, content: bytes) -> None:
        page = send(cast.ruth, content)
        assert page.status == 422
        assert 'role="alert"' in page.html

    @pytest.mark.usefixtures("assignment")
    @pytest.mark.parametrize(
        "posted",
        [
            {},
            {"marks-q1": "x"},
            {"marks-q1": '{"marks": [{"attempt": 1, "points": "99", "seen": []}]}'},
            {"marks-q9": '{"marks": []}'},
        ],
    )
    def test_no_press_is_too_odd(self, cast: Cast, posted: dict[str, str]) -> None:
        answer = cast.ruth.client.post(cast.ruth.url("marks-file"), {**posted, "do": "apply"})
        assert answer.status_code == 422

    @reported("desk-10")
    @pytest.mark.parametrize(
        ("text", "kept"),
        [("2,5", "2.5"), ("2.5", "2.5"), ("2,", None), ("2.,5", None), ("٢٫٥", None)],
    )
    def test_a_number_is_the_same_in_each_language_or_none(
        self, cast: Cast, assignment: Assignment, people: list[Someone], text: str, kept: str | None
    ) -> None:
        language(cast.ruth, "de")
        rows = table(cast.ruth, "marks")
        row_of(rows, people[0])[column(rows, "q1")] = text
        page = send(cast.ruth, as_csv(rows))
        assert bool(hidden(page)) == (kept is not None)
        if kept:
            press(cast.ruth, page, "apply")
            assert points(attempt_of(assignment, people[0]))["q1"] == Decimal(kept)


def hidden(page: Page) -> list[str]:
    """The fields with marks of a page that has differences."""
    return [name for name in page.fields if name.startswith("marks-")]


def score_of(assignment: Assignment, someone: Someone) -> Decimal | None:
    return gradebook.statuses_of(assignment, someone.user)[0].given


def attempt_of(assignment: Assignment, someone: Someone) -> Attempt:
    return Attempt.objects.get(assignment=assignment, user=someone.user)


class TestWithoutWork:
    """Marks on paper, absent and excused in the table of marks, and from it."""

    def test_a_file_brings_them_in_and_takes_them_back(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        people = [make_someone(cast.course, f"9{n}", f"Pupil {n}", PUPIL) for n in range(6)]
        hand_in(assignment, people[5])
        rows = table(cast.ruth, "marks")
        paper = column(rows, "paper")
        typed = ["13,5", "absent", "e", "15", "maybe", "9"]
        for someone, text in zip(people, typed, strict=True):
            row_of(rows, someone)[paper] = text
        page = send(cast.ruth, as_csv(rows))
        assert "3 differences. " in page.text
        for words in (
            "Pupil 0 – On paper: 13.5 / 14",
            "Pupil 1 – Absent",
            "15 This is more than the maximum. At most 14.",
            "maybe This is neither a mark nor a word",
            "9 This pupil has submitted work here: mark that.",
        ):
            assert words in page.text
        assert not EnteredMark.objects.exists()
        applied = press(cast.ruth, page, "apply")
        assert "3 marks changed." in applied.text
        assert entered() == ["on-paper:13.5", "absent", "excused"]
        assert "0 marks changed." in press(cast.ruth, page, "apply").text
        # Out and in again is no difference, in another language either.
        language(cast.ruth, "de")
        again = table(cast.ruth, "marks")
        assert row_of(again, people[0])[paper] == "13,5"
        language(cast.ruth, "en")
        assert "0 differences. 3 marks are the same." in send(cast.ruth, as_csv(again)).text
        assert "as they were before" in press(cast.ruth, applied, "undo").text
        assert entered() == []

    @reported("desk-18")
    @pytest.mark.usefixtures("assignment")
    def test_who_has_left_meanwhile_is_said_to_have_left(self, cast: Cast) -> None:
        rows = table(cast.ruth, "marks")
        row_of(rows, cast.ben)[column(rows, "paper")] = "absent"
        Membership.objects.filter(pk=cast.ben.membership.pk).update(status=Membership.Status.GONE)
        text = send(cast.ruth, as_csv(rows)).text
        assert "absent This pupil has left the course." in text

    def test_what_somebody_entered_meanwhile_is_shown_anew(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        rows = table(cast.ruth, "marks")
        row_of(rows, cast.ben)[column(rows, "paper")] = "9"
        page = send(cast.ruth, as_csv(rows))
        EnteredMark.objects.create(
            assignment=assignment, user=cast.ben.user, outcome="on-paper", points=4, maximum=14
        )
        anew = press(cast.ruth, page, "apply")
        assert anew.status == 409
        assert "Ben Ashworth On paper: 4 / 14 On paper: 9 / 14" in anew.text
        assert entered() == ["on-paper:4"]
        press(cast.ruth, anew, "apply")
        assert entered() == ["on-paper:9"]
        # Blank leaves it as it is.
        row_of(rows, cast.ben)[column(rows, "paper")] = ""
        assert "0 differences." in send(cast.ruth, as_csv(rows)).text

    @pytest.mark.parametrize("posted", ["x", "{}", "[[1]]", '[[1, "on-paper:99", ""]]', "[" * 9999])
    @pytest.mark.usefixtures("assignment")
    def test_what_no_page_of_ours_posts(self, cast: Cast, posted: str) -> None:
        url = cast.ruth.url("marks-file")
        answer = cast.ruth.client.post(url, {"do": "apply", "marks-paper": posted})
        assert answer.status_code == 422
        assert entered() == []


def entered() -> list[str]:
    return [row.entry.text for row in EnteredMark.objects.order_by("user")]
