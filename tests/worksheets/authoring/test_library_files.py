"""Worksheets go out as one file and come in from one: seen first, chosen, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from lti_tool.models import Job
from tests.cast import TEACHER, Cast, Someone, make_someone
from tests.worksheets.formats.library_file.zips import zipped
from tests.worksheets.html import Page
from tests.worksheets.images import SVG, picture
from tests.worksheets.sheets import CAUSES
from worksheets import authoring
from worksheets.authoring import library_files, sharing
from worksheets.authoring.library_files import TooMuch, list_incoming, save_as_file
from worksheets.authoring.sharing import Rights
from worksheets.formats.library_file import Packed, pack, unpack
from worksheets.models import IncomingFile, Worksheet
from worksheets.privacy import retention

RIVERS = "# Rivers\n\nThe Nile ends in ___Egypt___.\n\n![A map](map.png)\n"


def upload(someone: Someone, data: bytes, name: str = "worksheets.zip") -> Any:
    paper = SimpleUploadedFile(name, data)
    return someone.client.post(someone.url("library"), {"paper": paper, "paper-text": "1"})


def save(someone: Someone, *worksheets: Worksheet) -> bytes:
    numbers = [str(row.pk) for row in worksheets]
    answer = someone.client.post(someone.url("save-as-file"), {"worksheet": numbers})
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith("attachment;")
    return bytes(answer.content)


def choose(someone: Someone, *numbers: int, **more: str) -> Any:
    posted = {"worksheet": [str(number) for number in numbers], **more}
    return someone.client.post(someone.url("incoming"), posted)


def titles(someone: Someone) -> Iterator[str]:
    rows = Worksheet.objects.filter(author=someone.user)
    return (row.title for row in rows.order_by("pk"))


def test_out_at_one_school_and_in_at_another(cast: Cast) -> None:
    ruth, zara = cast.ruth, cast.zara
    sample = authoring.create_sample(ruth.user)
    plain = authoring.create(ruth.user, CAUSES)
    answer = upload(zara, save(ruth, sample, plain))
    assert answer["Location"] == zara.url("incoming")
    assert list(titles(zara)) == []  # nothing comes in unasked
    page = Page(zara.client.get(zara.url("incoming")))
    assert "Why did Stalin turn to terror? 8 gaps, 5 questions · 1 picture" in page.text
    assert "Causes of terror 4 gaps, 2 questions" in page.text
    assert "Ruth" not in page.text
    answer = choose(zara, 0, 1)
    assert answer["Location"] == zara.url("library") + "?notice=taken-in&n=2"
    assert "2 worksheets came in." in Page(zara.client.get(answer["Location"])).text
    made = {row.title: row for row in Worksheet.objects.filter(author=zara.user)}
    assert made[sample.title].source == sample.source
    assert made["Causes of terror"].source == CAUSES
    (shown,) = made[sample.title].pictures.all()
    assert (shown.name, shown.media_type) == ("timeline.png", "image/png")
    url = zara.url("picture", worksheet=shown.worksheet_id, name=shown.name)
    assert zara.client.get(url)["Content-Type"] == "image/png"
    assert not any(row.editions.exists() for row in made.values())
    assert not IncomingFile.objects.exists()


def test_the_same_file_twice_makes_nothing_new(cast: Cast) -> None:
    ruth = cast.ruth
    sample, rivers = authoring.create_sample(ruth.user), authoring.create(ruth.user, RIVERS)
    authoring.archive(rivers)
    upload(ruth, save(ruth, sample, rivers))
    page = Page(ruth.client.get(ruth.url("incoming")))
    assert "You have all of these worksheets already." in page.text
    assert "You have it already, archived." in page.text
    answer = choose(ruth, 0, 1)
    assert answer["Location"].endswith("?notice=taken-in&n=0")
    assert Worksheet.objects.count() == 2


def test_what_stands_twice_in_a_file_comes_in_once(cast: Cast) -> None:
    data = pack([Packed("A", RIVERS), Packed("B", RIVERS)])
    upload(cast.ruth, data)
    assert "It is twice in this file." in Page(cast.ruth.client.get(cast.ruth.url("incoming"))).text
    choose(cast.ruth, 0, 1)
    assert list(titles(cast.ruth)) == ["Rivers"]


def test_another_text_or_other_pictures_are_another_worksheet(cast: Cast) -> None:
    authoring.create(cast.ruth.user, RIVERS)
    data = pack([Packed("A", RIVERS, {"map.png": picture()}), Packed("B", f"{RIVERS}More.")])
    upload(cast.ruth, data)
    assert [one.is_new for one in list_incoming(IncomingFile.objects.get())] == [True, True]


def test_a_press_that_comes_twice_takes_in_once(cast: Cast) -> None:
    upload(cast.ruth, pack([Packed("A", RIVERS)]))
    assert choose(cast.ruth, 0).status_code == choose(cast.ruth, 0).status_code == 302
    assert list(titles(cast.ruth)) == ["Rivers"]


@pytest.mark.parametrize("numbers", [(), (7,), (10**14,)])
def test_what_was_not_chosen_does_not_come_in(cast: Cast, numbers: tuple[int, ...]) -> None:
    upload(cast.ruth, pack([Packed("A", RIVERS)]))
    assert choose(cast.ruth, *numbers)["Location"].endswith("n=0")
    assert not Worksheet.objects.exists()


def test_a_file_is_forgotten_at_a_press(cast: Cast) -> None:
    upload(cast.ruth, pack([Packed("A", RIVERS)]))
    choose(cast.ruth, 0, cancel="1")
    assert not Worksheet.objects.exists()
    assert not IncomingFile.objects.exists()


def test_another_upload_takes_the_place_of_the_first(cast: Cast) -> None:
    upload(cast.ruth, pack([Packed("A", "# First")]))
    upload(cast.ruth, pack([Packed("A", "# Second")]))
    assert [one.title for one in list_incoming(IncomingFile.objects.get())] == ["Second"]
    assert "waits for your choice" in Page(cast.ruth.client.get(cast.ruth.url("library"))).text


def test_a_file_waits_for_its_owner_alone(cast: Cast) -> None:
    upload(cast.ruth, pack([Packed("A", "# Of Ruth")]))
    colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    assert colin.client.get(colin.url("incoming")).status_code == 302
    assert choose(colin, 0)["Location"].endswith("n=0")
    assert IncomingFile.objects.get().owner == cast.ruth.user


def test_what_is_left_out_is_said(cast: Cast) -> None:
    data = zipped(("A/worksheet.txt", "# A"), ("A/map.png", SVG), ("A/notes.doc", b"x"))
    upload(cast.ruth, data)
    page = Page(cast.ruth.client.get(cast.ruth.url("incoming")))
    assert "A/notes.doc belongs to no worksheet" in page.text
    assert "A/map.png is no picture that can be shown" in page.text


def test_a_text_without_a_heading_is_called_as_its_folder(cast: Cast) -> None:
    upload(cast.ruth, zipped(("mine/Rivers of Asia/worksheet.txt", "No heading.")))
    choose(cast.ruth, 0)
    assert list(titles(cast.ruth)) == ["Rivers of Asia"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no zip", "This file is damaged."),
        (zipped(("../worksheet.txt", "# A")), "This file names places outside of itself"),
        (zipped(("a.txt", "# A")), "No worksheet is in this file."),
    ],
)
def test_a_file_that_cannot_be_read_says_so(cast: Cast, data: bytes, sentence: str) -> None:
    page = Page(upload(cast.ruth, data, "WORKSHEETS.ZIP"))
    assert page.status == 422
    assert sentence in page.text
    assert not IncomingFile.objects.exists()
    assert Job.objects.get().content is None


def test_without_room_nothing_comes_in_and_the_file_stays(cast: Cast, settings: Any) -> None:
    settings.LTI_AUTHOR_QUOTA = 2
    upload(cast.ruth, pack(Packed(name, f"# {name}") for name in "ABC"))
    page = Page(choose(cast.ruth, 0, 1, 2))
    assert page.status == 422
    assert "no more can be kept" in page.text
    assert not Worksheet.objects.exists()
    assert choose(cast.ruth, 0, 2)["Location"].endswith("n=2")
    assert list(titles(cast.ruth)) == ["A", "C"]


def test_only_what_one_may_read_goes_out(cast: Cast) -> None:
    own = authoring.create(cast.ruth.user, "# Own")
    foreign = authoring.create(cast.zara.user, "# Foreign")
    colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    theirs = authoring.create(colin.user, "# Theirs")
    shared = authoring.create(colin.user, "# Shared")
    sharing.share(shared, cast.course.context, Rights.READ, by=colin.user)
    packed, _left = unpack(save(cast.ruth, own, foreign, theirs, shared))
    assert [one.folder for one in packed] == ["Own", "Shared"]
    page = Page(cast.ruth.client.get(cast.ruth.url("save-as-file")))
    assert ("Own" in page.text, "by Colin Ferris" in page.text) == (True, True)
    assert "Theirs" not in page.text


def test_one_worksheet_gives_the_file_its_name(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, '# Wer? "Was" wo/wie – Gründe')
    url = cast.ruth.url("save-as-file")
    answer = cast.ruth.client.post(url, {"worksheet": str(worksheet.pk)})
    name = answer["Content-Disposition"]
    assert "Gr%C3%BCnde.zip" in name
    assert "/" not in name.partition("''")[2]


def test_more_than_a_file_takes_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    worksheets = [authoring.create(cast.ruth.user, f"# {n}") for n in range(3)]
    monkeypatch.setattr(library_files, "MAX_WORKSHEETS", 2)
    with pytest.raises(TooMuch):
        save_as_file(Worksheet.objects.all())
    posted = {"worksheet": [str(row.pk) for row in worksheets]}
    page = Page(cast.ruth.client.post(cast.ruth.url("save-as-file"), posted))
    assert page.status == 422
    assert "too many for one file" in page.text


def test_a_file_that_nobody_takes_in_is_deleted(cast: Cast, settings: Any) -> None:
    upload(cast.ruth, pack([Packed("A", RIVERS)]))
    assert retention.old_rows()["uploaded files"] == 0
    days = timedelta(days=settings.LTI_JOB_DAYS + 1)
    IncomingFile.objects.update(read_at=timezone.now() - days)
    assert retention.forget_old()["uploaded files"] == 1


def test_odd_fields_are_passed_over(cast: Cast) -> None:
    client: Client = cast.ruth.client
    for name in ("save-as-file", "incoming"):
        url = cast.ruth.url(name)
        for odd in ("", "-1", "x", "1" * 500, "\0", "٣"):
            assert client.post(url, {"worksheet": odd}).status_code < 500
