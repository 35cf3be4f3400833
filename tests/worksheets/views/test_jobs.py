"""The pages of jobs: followed, left, cancelled, told of once, and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import Settings

from lti_tool.background import jobs
from lti_tool.models import Job
from tests.cast import TEACHER, Cast, Someone, make_someone, open_again
from tests.lti_tool.background.working import NOBODY
from tests.worksheets.html import Page
from tests.worksheets.sheets import CAUSES, EVERYTHING, RULES, assignment_at, hand_in, place
from worksheets import authoring
from worksheets.models import Edition, Worksheet

KINDER = CAUSES.replace("___Abyssinia | Ethiopia___", "___Abyssinia | Bavaria___")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def kinder(cast: Cast) -> Edition:
    assignment = place(cast)
    hand_in(assignment, cast.amina, {**EVERYTHING, "g2": "Bavaria"})
    hand_in(assignment, cast.ben)
    return authoring.publish(authoring.save(assignment.edition.worksheet, KINDER, seen=None))


@pytest.fixture
def busy(settings: Settings) -> None:
    """Whoever does jobs has other work: no page waits."""
    settings.LTI_WAKE_JOBS = NOBODY


def apply(cast: Cast, edition: Edition) -> Any:
    """Look, and press 'Apply'."""
    url = cast.ruth.url("assign", number=edition.pk)
    page = Page(cast.ruth.client.post(url, {**RULES, "mark_again": "on"}))
    return cast.ruth.client.post(url, page.posted)


def bring(cast: Cast, name: str = "paper.txt", content: bytes = b"A gap ______") -> Any:
    paper = SimpleUploadedFile(name, content)
    posted = {"paper": paper, "paper-text": "1"}
    return cast.ruth.client.post(cast.ruth.url("library"), posted)


def open_page(someone: Someone, url: str, headers: dict[str, str] | None = None) -> Page:
    return Page(someone.client.get(url, headers=headers))


def test_a_screen_reader_is_told_of_the_progress_a_few_times(cast: Cast, busy: None) -> None:
    bring(cast)
    row = half_done(of=100)
    url = cast.ruth.url("job", number=row.pk)
    told, said = [], "waiting"
    for done in range(0, 100, 5):
        Job.objects.update(steps_done=done)
        page = open_page(cast.ruth, f"{url}?pause=1&said={said}", HTMX)
        told += [done] * ('id="live"' in page.html)
        found = re.search(r"said=(\w+)", page.html)
        assert found
        said = found[1]
    assert told == [0, 25, 50, 75]
    assert "hx-swap-oob" not in open_page(cast.ruth, url).html


def half_done(of: int = 28) -> Job:
    """The job is being done at this moment, by somebody else."""
    row = jobs.lease()
    assert row is not None
    Job.objects.filter(pk=row.pk).update(steps_done=12, steps=of)
    return row


def test_short_work_feels_as_ever(cast: Cast, kinder: Edition) -> None:
    answer = apply(cast, kinder)
    assert answer["Location"] == cast.ruth.url("class") + "?notice=applied&n=1"
    answer = bring(cast)
    made = Worksheet.objects.get(title="New worksheet")
    assert answer["Location"] == cast.ruth.url("review", number=made.pk) + "?notice=imported"
    # What was told at once is told nowhere else.
    assert "re-marked" not in open_page(cast.ruth, cast.ruth.url("class")).text
    assert "has been imported" not in open_page(cast.ruth, cast.ruth.url("library")).text


@pytest.mark.usefixtures("busy")
def test_long_re_marking_is_followed(cast: Cast, kinder: Edition) -> None:
    url = apply(cast, kinder)["Location"]
    page = open_page(cast.ruth, url)
    assert "Re-marking submitted work Waiting for its turn …" in page.text
    assert "All marks change together, at the end." in page.text
    assert url in page.links  # 'Refresh', for whoever has no script
    job = half_done()
    page = open_page(cast.ruth, url)
    assert "Marking 12 of 28" in page.text
    assert 'value="12" max="28"' in page.html
    fragment = open_page(cast.ruth, f"{url}?pause=3", HTMX)
    assert "Marking 12 of 28" in fragment.text
    assert "<html" not in fragment.html
    assert f'hx-get="{url}?pause=5&amp;said=1"' in fragment.html
    assert 'hx-trigger="every 3s"' in fragment.html
    jobs.run(job)
    answer = cast.ruth.client.get(url, headers=HTMX)
    assert answer["HX-Redirect"] == url
    answer = cast.ruth.client.get(url)
    assert answer["Location"] == cast.ruth.url("class") + "?notice=applied&n=1"


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("pause", "now", "then"), [("10", 10, 10), ("99", 10, 10), ("x", 1, 2), ("0", 1, 2)]
)
def test_pauses_grow_up_to_ten_seconds(cast: Cast, pause: str, now: int, then: int) -> None:
    url = bring(cast)["Location"]
    html = open_page(cast.ruth, f"{url}?pause={pause}", HTMX).html
    assert f'hx-trigger="every {now}s"' in html
    assert f"?pause={then}" in html


@pytest.mark.usefixtures("busy")
def test_whoever_left_is_told_once_where_the_result_belongs(cast: Cast, kinder: Edition) -> None:
    apply(cast, kinder)
    job = half_done()
    here = cast.ruth.url("class")
    page = open_page(cast.ruth, here)
    assert "Re-marking submitted work: Marking 12 of 28" in page.text
    assert cast.ruth.url("job", number=job.pk) in page.links
    jobs.run(job)
    page = open_page(cast.ruth, here)
    assert "The submitted work has been re-marked." in page.text
    assert "has been re-marked" not in open_page(cast.ruth, here).text


@pytest.mark.usefixtures("busy")
def test_a_colleague_sees_that_it_goes_on_and_no_more(cast: Cast, kinder: Edition) -> None:
    apply(cast, kinder)
    job = half_done()
    colleague = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    page = open_page(colleague, colleague.url("class"))
    assert "Re-marking submitted work: Marking 12 of 28" in page.text
    assert "Show or cancel" not in page.text
    for method in ("get", "post"):
        url = colleague.url("job", number=job.pk)
        assert getattr(colleague.client, method)(url).status_code == 404
    assert not Job.objects.get().cancel_requested
    url = colleague.url("assign", number=kinder.pk)
    look = Page(colleague.client.post(url, {**RULES, "mark_again": "on"}))
    answer = colleague.client.post(url, look.posted)
    assert "is being re-marked already" in open_page(colleague, answer["Location"]).text


@pytest.mark.usefixtures("busy")
def test_re_marking_of_one_activity_is_not_shown_at_another(cast: Cast, kinder: Edition) -> None:
    apply(cast, kinder)
    job = half_done()
    membership = make_someone(cast.other_course, "10", "Ruth Adeyemi", TEACHER).membership
    there = open_again(cast.other_course, membership)
    assert there.client.get(there.url("job", number=job.pk)).status_code == 404


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("is_running", [False, True])
def test_cancelling_changes_nothing(cast: Cast, kinder: Edition, is_running: bool) -> None:
    url = apply(cast, kinder)["Location"]
    job = half_done() if is_running else None
    answer = cast.ruth.client.post(url)
    assert answer["Location"] == url
    if job:
        assert "Cancelling …" in open_page(cast.ruth, url).text
        jobs.run(job)
    page = open_page(cast.ruth, url)
    assert "Cancelled. No mark was changed." in page.text
    assert cast.ruth.url("class") in page.links
    assert "hx-get" not in page.html
    assert assignment_at(cast.course.link).edition != kinder
    assert "ancelled" not in open_page(cast.ruth, cast.ruth.url("class")).text


@pytest.mark.usefixtures("busy")
def test_cancelled_too_late_it_goes_to_what_has_come_of_it(cast: Cast) -> None:
    url = bring(cast)["Location"]
    jobs.run_due()
    made = Worksheet.objects.get()
    answer = cast.ruth.client.post(url)
    assert answer["Location"] == cast.ruth.url("review", number=made.pk) + "?notice=imported"


@pytest.mark.usefixtures("busy")
def test_a_long_import_is_followed_and_found_again(cast: Cast) -> None:
    url = bring(cast, "My paper.txt")["Location"]
    half_done(of=60)
    page = open_page(cast.ruth, url)
    assert "Importing from paper My paper.txt Page 12 of 60" in page.text
    library = cast.ruth.url("library")
    assert "Importing from paper: Page 12 of 60" in open_page(cast.ruth, library).text
    jobs.run(Job.objects.get())
    notice = open_page(cast.ruth, f"{url}?notice&pause=2", HTMX)
    assert "The paper has been imported." in notice.text
    assert "hx-get" not in notice.html
    page = open_page(cast.ruth, library)
    assert "The paper has been imported. My paper.txt Open the worksheet" in page.text
    assert "has been imported" not in open_page(cast.ruth, library).text


@pytest.mark.usefixtures("busy")
def test_an_import_that_failed_meanwhile_says_why(cast: Cast) -> None:
    url = bring(cast, "paper.pdf", b"%PDF-1.7")["Location"]
    jobs.run_due()
    library = open_page(cast.ruth, cast.ruth.url("library"))
    assert "Importing from paper: This file is damaged" in library.text
    page = open_page(cast.ruth, url)
    assert "This file is damaged and cannot be read." in page.text
    assert cast.ruth.url("library") in page.links


@pytest.mark.usefixtures("busy")
def test_changed_meanwhile_the_job_says_that_nothing_was_applied(
    cast: Cast, kinder: Edition
) -> None:
    url = apply(cast, kinder)["Location"]
    hand_in(
        assignment_at(cast.course.link),
        make_someone(cast.course, "103", "Cleo Cole", "Learner"),
        {"g2": "Bavaria"},
    )
    jobs.run_due()
    page = open_page(cast.ruth, url)
    assert "nothing was applied" in page.text
    assert cast.ruth.url("assign", number=kinder.pk) in page.links


@pytest.mark.usefixtures("busy")
def test_so_many_papers_at_once_are_refused_with_a_word(cast: Cast) -> None:
    for n in range(jobs.MAX_UNFINISHED):
        assert bring(cast, f"{n}.txt").status_code == 302
    answer = bring(cast, "one-more.txt")
    assert answer.status_code == 422
    assert "Wait until your other papers are read." in Page(answer).text


@pytest.mark.usefixtures("busy")
def test_re_marking_beside_so_many_papers_is_refused_with_a_word(
    cast: Cast, kinder: Edition
) -> None:
    for n in range(jobs.MAX_UNFINISHED):
        bring(cast, f"{n}.txt")
    answer = apply(cast, kinder)
    assert "Nothing was applied." in open_page(cast.ruth, answer["Location"]).text
    assert assignment_at(cast.course.link).edition != kinder


def test_who_waits_is_told_how_many_are_before_and_how_long_that_takes(
    cast: Cast, busy: None
) -> None:
    bring(cast)
    bring(cast, "second.txt", b"Another ______")
    first, second = Job.objects.order_by("pk")
    assert "before yours" not in open_page(cast.ruth, cast.ruth.url("job", number=first.pk)).text
    url = cast.ruth.url("job", number=second.pk)
    assert "1 paper before yours, about 5 s" in open_page(cast.ruth, url).text
    started = timezone.now()
    Job.objects.create(
        kind=second.kind,
        owner=cast.ben.user,
        state=Job.State.DONE,
        started_at=started,
        ended_at=started + timedelta(seconds=12),
    )
    assert "1 paper before yours, about 15 s" in open_page(cast.ruth, url).text
    Job.objects.filter(pk=second.pk).update(
        state=Job.State.RUNNING,
        leased_by="somebody",
        leased_until=timezone.now() + timedelta(minutes=1),
        steps_done=3,
        steps=6,
    )
    page = open_page(cast.ruth, url)
    assert "Page 3 of 6" in page.text
    assert "before yours" not in page.text
