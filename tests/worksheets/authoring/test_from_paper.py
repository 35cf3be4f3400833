"""Papers on their way to the importer: jobs that a page starts."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import timezone, translation
from pytest_django import Settings

from lti_tool.background import jobs
from lti_tool.background.jobs import AlreadyAsked, Task, TooManyJobs
from lti_tool.models import Job
from tests.cast import Cast
from tests.worksheets.formats.paper.files import paragraph, pdf, run
from tests.worksheets.formats.readers.test_pictures import shown, with_media
from tests.worksheets.images import bomb, picture
from worksheets.authoring import from_paper
from worksheets.formats.paper import UnreadablePaper
from worksheets.models import Draft, Worksheet

NOBODY = "tests.lti_tool.background.working.wake_nobody"


def file(name: str = "paper.txt", content: bytes = b"A gap ______") -> UploadedFile[bytes]:
    return SimpleUploadedFile(name, content)


def test_a_file_that_is_too_large_is_not_even_read(cast: Cast) -> None:
    paper = io.BytesIO(bytes(21_000_000))
    with pytest.raises(UnreadablePaper, match="too large: it has 21 MB"):
        from_paper.start(
            cast.ruth.user, UploadedFile(paper, "paper.pdf", size=21_000_000), "", as_markup=False
        )
    assert paper.tell() == 0
    assert not Job.objects.exists()


def test_a_file_becomes_a_worksheet_and_is_kept_no_longer(cast: Cast) -> None:
    job = jobs.wait(from_paper.start(cast.ruth.user, file(), "", as_markup=False))
    made = Worksheet.objects.get()
    result = {"worksheet": made.pk, "notice": "imported", "page": "review"}
    assert (job.state, job.result) == ("done", result)
    assert (made.author, made.source) == (cast.ruth.user, "A gap ______\n")
    assert Job.objects.get().content is None


def test_a_text_may_stay_as_it_is(cast: Cast) -> None:
    from_paper.start(cast.ruth.user, file(content=b"One line\nand another"), "", as_markup=True)
    assert Worksheet.objects.get().source == "One line\nand another"


def test_an_error_is_in_the_language_of_the_page(cast: Cast) -> None:
    with translation.override("de"):
        job = from_paper.start(cast.ruth.user, file("a.pdf", pdf([[]])), "", as_markup=False)
    job = jobs.wait(job)
    assert (job.state, job.result) == ("failed", {"field": "paper"})
    assert "kein Text" in job.error
    assert not Worksheet.objects.exists()


def test_a_text_that_grows_too_long_makes_no_worksheet(cast: Cast) -> None:
    growing = "A gap _____ here.\n\n" * 10_500  # each becomes a longer line of markup
    job = jobs.wait(from_paper.start(cast.ruth.user, None, growing, as_markup=False))
    assert (job.state, job.result) == ("failed", {"field": "text"})
    assert "At most 200000 can be saved" in job.error
    assert not Worksheet.objects.exists()


def test_a_second_press_asks_for_the_same_paper(cast: Cast, settings: Settings) -> None:
    settings.LTI_WAKE_JOBS = NOBODY
    first = from_paper.start(cast.ruth.user, file(), "", as_markup=False)
    with pytest.raises(AlreadyAsked) as caught:
        from_paper.start(cast.ruth.user, file(), "", as_markup=False)
    assert caught.value.row == first
    from_paper.start(cast.ruth.user, file("another.txt"), "", as_markup=False)
    from_paper.start(cast.zara.user, file(), "", as_markup=False)
    assert Job.objects.count() == 3


def test_nobody_asks_for_any_number_of_papers(cast: Cast, settings: Settings) -> None:
    settings.LTI_WAKE_JOBS = NOBODY
    for n in range(jobs.MAX_UNFINISHED):
        from_paper.start(cast.ruth.user, file(f"{n}.txt"), "", as_markup=False)
    with pytest.raises(TooManyJobs):
        from_paper.start(cast.ruth.user, file("one-more.txt"), "", as_markup=False)
    from_paper.start(cast.zara.user, file(), "", as_markup=False)


def test_the_draft_goes_with_what_was_typed_before(cast: Cast, settings: Settings) -> None:
    """What somebody types while their paper is read stays."""
    settings.LTI_WAKE_JOBS = NOBODY
    for later, left in ((-1, 0), (1, 1)):
        from_paper.start(cast.ruth.user, None, "A gap ______", as_markup=False)
        saved_at = timezone.now() + timedelta(hours=later)
        Draft.objects.create(user=cast.ruth.user, page="new", saved_at=saved_at)
        jobs.run_due()
        assert Draft.objects.count() == left


def test_what_is_computed_is_not_written_yet(cast: Cast, settings: Settings) -> None:
    settings.LTI_WAKE_JOBS = NOBODY
    from_paper.start(cast.ruth.user, file(), "", as_markup=False)
    row = jobs.lease()
    assert row is not None
    write = from_paper.import_paper(Task(row))
    assert not Worksheet.objects.exists()
    write()
    assert Worksheet.objects.count() == 1


def with_two_pictures(one: bytes, other: bytes) -> bytes:
    return with_media(
        paragraph(run("Look at the maps.")), paragraph(shown("r8"), shown("r9")), r8=one, r9=other
    )


def test_pictures_are_written_anew_and_a_bad_one_costs_only_itself(cast: Cast) -> None:
    content = with_two_pictures(picture("JPEG", size=(40, 30)), bomb())
    from_paper.start(cast.ruth.user, file("a.docx", content), "", as_markup=False)
    made = Worksheet.objects.get()
    assert "![](paper-1.jpg)" in made.source
    assert "![](paper-2.png)" in made.source  # the review asks for it
    (kept,) = made.pictures.all()
    assert (kept.name, kept.media_type, kept.width) == ("paper-1.jpg", "image/jpeg", 40)


def test_pictures_count_into_the_quota_and_the_paper_is_read_all_the_same(
    cast: Cast, settings: Settings
) -> None:
    settings.LTI_AUTHOR_QUOTA_MB = 0
    content = with_two_pictures(picture(), picture("JPEG"))
    from_paper.start(cast.ruth.user, file("a.docx", content), "", as_markup=False)
    assert Worksheet.objects.get().pictures.count() == 0
