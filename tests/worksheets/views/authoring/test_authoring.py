"""A plain place to make worksheets: choose, write, see, try, publish, place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import Cast
from tests.worksheets.html import Page
from tests.worksheets.images import SVG, bomb, loaded, picture
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    GAPS_ONLY,
    RIGHT,
    RULES,
    assignment_at,
    hand_in,
    place,
    publish,
)
from worksheets import authoring
from worksheets.authoring import MAX_SOURCE
from worksheets.models import Assignment, Edition, Picture, Worksheet

BROKEN = "# Broken\n\nThe first line is fine.\nA gap ______ without its answer.\n"
PAPER = """THE CAUSES OF TERROR

Stalin forced the __________ of the farms and signed the __________.

1. Why did he do that?

???
"""


@pytest.fixture
def worksheet(cast: Cast) -> Worksheet:
    return authoring.create(cast.ruth.user, CAUSES)


def get(cast: Cast, name: str, query: str = "", **arguments: object) -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url(name, **arguments) + query))


def post(
    cast: Cast, view: str, /, posted: dict[str, Any] | None = None, **arguments: object
) -> Any:
    return cast.ruth.client.post(cast.ruth.url(view, **arguments), posted or {})


def follow(cast: Cast, answer: Any) -> Page:
    assert answer.status_code == 302
    return Page(cast.ruth.client.get(answer["Location"]))


def everything() -> dict[str, list[object]]:
    """All rows of all tables."""
    return {
        str(table._meta): list(table._default_manager.order_by("pk").values())
        for table in apps.get_models()
    }


# --- the shelf ---


def test_the_shelf_holds_ones_own(cast: Cast, worksheet: Worksheet) -> None:
    authoring.create(cast.zara.user, "# Of Zara")
    page = get(cast, "library")
    assert "Causes of terror" in page.text
    assert "Not published" in page.text
    assert "Of Zara" not in page.text
    authoring.publish(worksheet)
    assert "Published, version 1" in get(cast, "library").text


@pytest.mark.parametrize("name", authoring.SAMPLES)
def test_beginning_with_a_sample(cast: Cast, name: str) -> None:
    assert authoring.SAMPLES[name].sheet.title in get(cast, "library").text
    page = follow(cast, post(cast, "library", {"sample": name}))
    assert authoring.SAMPLES[name].sheet.title in page.text
    assert "No errors." in page.text
    assert all(picture.worksheet.author == cast.ruth.user for picture in Picture.objects.all())


def test_a_sample_that_is_none_begins_nothing(cast: Cast) -> None:
    assert post(cast, "library", {"sample": "1"}).status_code == 422
    assert not Worksheet.objects.exists()


def test_beginning_with_a_text_as_it_is(cast: Cast) -> None:
    page = follow(cast, post(cast, "library", {"text": CAUSES.replace("\n", "\r\n")}))
    made = Worksheet.objects.get()
    assert made.title == "Causes of terror"
    assert page.fields["source"].value.splitlines() == CAUSES.splitlines()


def test_beginning_with_nothing(cast: Cast) -> None:
    assert follow(cast, post(cast, "library")).status == 200
    assert Worksheet.objects.get().title == "New worksheet"


def test_beginning_with_a_paste_from_paper(cast: Cast) -> None:
    page = follow(cast, post(cast, "library", {"text": PAPER, "paper-text": "1"}))
    assert "Imported. Please check the text" in page.text
    assert "Pasted text · 2 gaps · 1 written answer" in page.text


def test_beginning_with_a_file(cast: Cast) -> None:
    paper = SimpleUploadedFile("paper.txt", PAPER.encode())
    page = follow(cast, post(cast, "library", {"paper": paper, "paper-text": "1"}))
    assert "paper.txt · 2 gaps · 1 written answer" in page.text


@pytest.mark.parametrize(
    ("name", "content"),
    [("paper.docx", b"no document"), ("paper.pdf", b"%PDF-1.7"), ("a.exe", b"MZ")],
)
def test_a_file_that_cannot_be_read_says_so(cast: Cast, name: str, content: bytes) -> None:
    page = Page(post(cast, "library", {"paper": SimpleUploadedFile(name, content)}))
    assert page.status == 422
    assert not Worksheet.objects.exists()


@pytest.mark.parametrize("text", ["a\0b", "x" * 200_001])
def test_a_text_that_cannot_be_kept_says_so(cast: Cast, text: str) -> None:
    page = Page(post(cast, "library", {"text": text}))
    assert page.status == 422
    assert not Worksheet.objects.exists()


# Each of these lines of a paper becomes a longer one of the worksheet language.
GROWING = "A gap _____ here.\n\n" * 10_500


@pytest.mark.parametrize("is_file", [False, True])
def test_paper_that_grows_too_long_says_so_and_stays(cast: Cast, is_file: bool) -> None:
    assert len(GROWING) < MAX_SOURCE
    paper = SimpleUploadedFile("paper.txt", GROWING.encode())
    posted = {"paper": paper, "text": "Mine."} if is_file else {"text": GROWING}
    page = Page(post(cast, "library", {**posted, "paper-text": "1"}))
    assert page.status == 422
    assert "As a worksheet, this text has 2" in page.text
    assert page.fields["text"].value.strip() == str(posted["text"]).strip()
    assert not Worksheet.objects.exists()


def test_no_browser_cuts_what_is_pasted(cast: Cast) -> None:
    assert 'name="text"' in get(cast, "library").html
    assert "maxlength" not in get(cast, "library").html
    page = Page(post(cast, "library", {"text": "x" * 200_001}))
    assert "This text has 200001 characters. At most 200000 can be saved." in page.text


def test_line_ends_do_not_count_twice(cast: Cast) -> None:
    text = "x\r\n" * 100_000
    assert post(cast, "library", {"text": text}).status_code == 302
    made = Worksheet.objects.get()
    assert len(made.source) == 200_000
    assert post(cast, "edit", {"source": text}, number=made.pk).status_code == 302


# --- the editor ---


def test_the_editor_shows_problems_at_their_places(cast: Cast, worksheet: Worksheet) -> None:
    page = Page(post(cast, "preview", {"source": BROKEN}, number=worksheet.pk))
    assert page.status == 200
    assert "Line 4, column 7" in page.text
    start = BROKEN.index("____")
    assert f'data-start="{start}" data-end="{start + 6}"' in page.html
    assert "<html" not in page.html


def test_the_preview_saves_nothing(cast: Cast, worksheet: Worksheet) -> None:
    before = everything()
    post(cast, "preview", {"source": BROKEN}, number=worksheet.pk)
    post(cast, "preview", {"source": "x" * 300_000}, number=worksheet.pk)
    assert everything() == before


def test_saving_keeps_the_text_with_its_errors(cast: Cast, worksheet: Worksheet) -> None:
    posted = {**get(cast, "edit", number=worksheet.pk).posted, "source": BROKEN}
    page = follow(cast, post(cast, "edit", posted, number=worksheet.pk))
    assert "Saved. “Answers and use …” leads to your course." in page.text
    assert "Line 4, column 7" in page.text
    worksheet.refresh_from_db()
    assert (worksheet.source, worksheet.title) == (BROKEN, "Broken")


@pytest.mark.parametrize("text", ["\nfirst line is empty", "</textarea><b>", "&amp; &lt;", "  "])
def test_the_text_comes_back_as_it_was(cast: Cast, worksheet: Worksheet, text: str) -> None:
    post(cast, "edit", {"source": text}, number=worksheet.pk)
    worksheet.refresh_from_db()
    assert worksheet.source == text
    assert get(cast, "edit", number=worksheet.pk).fields["source"].value == text


def test_two_windows_do_not_overwrite_each_other(cast: Cast, worksheet: Worksheet) -> None:
    opened = get(cast, "edit", number=worksheet.pk).posted
    assert post(cast, "edit", {**opened, "source": "# One"}, number=worksheet.pk).status_code == 302
    page = Page(post(cast, "edit", {**opened, "source": "# Other"}, number=worksheet.pk))
    assert page.status == 409
    assert "Nothing was overwritten" in page.text
    assert page.fields["source"].value == "# Other"
    worksheet.refresh_from_db()
    assert worksheet.source == "# One"


@pytest.mark.parametrize("text", ["a\0b", "x" * 200_001])
def test_a_text_that_cannot_be_saved_stays_on_the_page(
    cast: Cast, worksheet: Worksheet, text: str
) -> None:
    page = Page(post(cast, "edit", {"source": text}, number=worksheet.pk))
    assert page.status == 422
    assert len(page.fields["source"].value) >= len(text) - 1
    worksheet.refresh_from_db()
    assert worksheet.source == CAUSES


def test_paper_pasted_into_the_editor(cast: Cast, worksheet: Worksheet) -> None:
    page = follow(
        cast, post(cast, "edit", {"source": PAPER, "paper-text": "1"}, number=worksheet.pk)
    )
    assert "Imported." in page.text
    assert "2 gaps" in page.text


def test_paper_in_the_editor_that_grows_too_long(cast: Cast, worksheet: Worksheet) -> None:
    posted = {"source": GROWING, "paper-text": "1"}
    page = Page(post(cast, "edit", posted, number=worksheet.pk))
    assert page.status == 422
    assert "As a worksheet, this text has 2" in page.text
    assert page.fields["source"].value == GROWING
    worksheet.refresh_from_db()
    assert worksheet.source == CAUSES


# --- try ---


def test_trying_leaves_no_row(cast: Cast, worksheet: Worksheet) -> None:
    place(cast)
    before = everything()
    page = get(cast, "try", number=worksheet.pk)
    assert {"g1", "g4", "q1", "q2-choice"} <= set(page.fields)
    assert "edition" not in page.fields
    page = Page(post(cast, "try", {**EVERYTHING, "submit": "1"}, number=worksheet.pk))
    assert page.status == 200
    assert "(right)" in page.text
    assert page.fields == {}
    assert everything() == before


def test_trying_shows_errors_as_a_pupil_sees_them(cast: Cast, worksheet: Worksheet) -> None:
    page = Page(post(cast, "try", {"g1": "Ruhr", "submit": "1"}, number=worksheet.pk))
    assert "not in the word bank" in page.text
    assert page.fields["g1"].value == "Ruhr"


def test_saving_and_trying(cast: Cast, worksheet: Worksheet) -> None:
    answer = post(cast, "edit", {"source": GAPS_ONLY, "try": "1"}, number=worksheet.pk)
    assert answer["Location"] == cast.ruth.url("try", number=worksheet.pk)
    assert "Two gaps" in follow(cast, answer).text


def test_a_text_with_errors_can_be_tried(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, BROKEN)
    page = Page(post(cast, "try", {"g1": "x", "submit": "1"}, number=worksheet.pk))
    assert page.status == 200


# --- publish and place ---


def test_the_editor_leads_to_the_one_page_that_publishes(cast: Cast, worksheet: Worksheet) -> None:
    page = get(cast, "edit", number=worksheet.pk)
    assert "publish" not in page.buttons
    answer = post(cast, "edit", {**page.posted, "keys": "1"}, number=worksheet.pk)
    keys = cast.ruth.url("keys", number=worksheet.pk)
    assert answer["Location"] == keys
    settings = follow(
        cast, post(cast, "keys", follow(cast, answer).posted | {"change": "1"}, number=worksheet.pk)
    )
    rules = {**RULES, "feedback": "answers", "closes_at": "2126-01-31T14:05", "use": "1"}
    page = follow(cast, post(cast, "keys", settings.posted | rules, number=worksheet.pk))
    assert "Added. Pupils can open it now." in page.text
    edition = Edition.objects.get()
    placed = assignment_at(cast.course.link)
    assert (placed.edition, placed.feedback) == (edition, "answers")
    assert placed.closes_at == datetime(2126, 1, 31, 14, 5, tzinfo=UTC)
    settings = get(cast, "assign", number=edition.pk)
    assert settings.fields["closes_at"].value == "2126-01-31T14:05"


def test_a_text_with_errors_is_saved_and_not_published(cast: Cast, worksheet: Worksheet) -> None:
    post(cast, "edit", {"source": BROKEN}, number=worksheet.pk)
    seen = authoring.digest_of(BROKEN)
    answer = post(cast, "keys", {"seen": seen, "publish": "1"}, number=worksheet.pk)
    page = follow(cast, answer)
    assert "Not published. Please correct the errors first." in page.text
    assert not Edition.objects.exists()
    worksheet.refresh_from_db()
    assert worksheet.source == BROKEN


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {**RULES, "feedback": "everything"},
        {**RULES, "feedback": "score", "closes_at": "soon"},
        {**RULES, "feedback": "score", "closes_at": "2026-13-01T00:00"},
        {**RULES, "feedback": "score", "closes_at": "99999-01-01T00:00"},
    ],
)
def test_rules_that_are_none(cast: Cast, rules: dict[str, str]) -> None:
    edition = publish(cast.ruth.user)
    page = Page(post(cast, "assign", rules, number=edition.pk))
    assert page.status == 422
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    "closes",
    [
        *("0001-01-01T00:00", "9999-12-31T23:59"),
        *("0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"),
    ],
)
def test_dates_at_the_ends_of_time(cast: Cast, closes: str) -> None:
    edition = publish(cast.ruth.user)
    rules = {**RULES, "feedback": "score", "closes_at": closes}
    page = Page(post(cast, "assign", rules, number=edition.pk))
    assert page.status == 422
    assert "Choose a year from 2000 to 2199." in page.text


def test_another_worksheet_where_pupils_have_begun(cast: Cast) -> None:
    hand_in(place(cast), cast.amina)
    other = publish(cast.ruth.user, GAPS_ONLY)
    page = follow(cast, post(cast, "assign", {**RULES, "feedback": "score"}, number=other.pk))
    assert "Pupils have already started another worksheet here." in page.text
    assert assignment_at(cast.course.link).edition != other


def test_a_newer_edition_is_offered_and_placed(cast: Cast) -> None:
    assignment = place(cast)
    hand_in(assignment, cast.amina, RIGHT)
    newer = authoring.publish(
        authoring.save(assignment.edition.worksheet, CAUSES + "\nMore.\n", seen=None)
    )
    assert "version 2 is newer" in get(cast, "class").text
    page = get(cast, "assign", number=newer.pk)
    assert "Pupils who have started keep their version." in page.text
    page = follow(cast, post(cast, "assign", {**RULES, "feedback": "score"}, number=newer.pk))
    assert "(version 1)" in page.text


# --- delete ---


def test_deleting_asks_first(cast: Cast, worksheet: Worksheet) -> None:
    assert "Delete “Causes of terror”?" in get(cast, "delete", number=worksheet.pk).text
    assert Worksheet.objects.exists()
    page = follow(cast, post(cast, "delete", number=worksheet.pk))
    assert "Deleted." in page.text
    assert not Worksheet.objects.exists()


def test_what_is_placed_is_not_deleted(cast: Cast) -> None:
    worksheet = place(cast).edition.worksheet
    page = follow(cast, post(cast, "delete", number=worksheet.pk))
    assert "used in a course, so it cannot be deleted" in page.text
    assert Worksheet.objects.exists()


# --- pictures ---


def upload(cast: Cast, worksheet: Worksheet, name: str, content: bytes) -> Any:
    file = SimpleUploadedFile(name, content)
    return post(cast, "pictures", {"picture": file}, number=worksheet.pk)


def test_a_picture_is_kept_and_shown(cast: Cast, worksheet: Worksheet) -> None:
    page = follow(cast, upload(cast, worksheet, "Map 1931.JPG", loaded("JPEG")))
    assert "The picture is uploaded." in page.text
    assert "![…](Map-1931.jpg)" in page.text
    url = cast.ruth.url("picture", worksheet=worksheet.pk, name="Map-1931.jpg")
    answer = cast.ruth.client.get(url)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert b"script" not in answer.content
    shown = Page(post(cast, "preview", {"source": "![A map](Map-1931.jpg)"}, number=worksheet.pk))
    assert f'src="{url}"' in shown.html


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.svg", SVG), ("a.png", SVG), ("a.png", bomb()), ("a.html", b"<html>"), ("a.png", b"")],
)
def test_a_hostile_picture_is_refused(
    cast: Cast, worksheet: Worksheet, name: str, content: bytes
) -> None:
    page = Page(upload(cast, worksheet, name, content))
    assert page.status == 422
    assert "The picture was not saved" in page.text
    assert not Picture.objects.exists()


def test_a_name_that_is_taken(cast: Cast, worksheet: Worksheet) -> None:
    upload(cast, worksheet, "map.png", picture())
    page = Page(upload(cast, worksheet, "map.png", picture()))
    assert page.status == 422
    assert "There is already a picture with this name." in page.text


def test_a_picture_is_removed_unless_an_edition_shows_it(cast: Cast, worksheet: Worksheet) -> None:
    for name in ("map.png", "other.png"):
        upload(cast, worksheet, name, picture())
    authoring.publish(authoring.save(worksheet, "# One\n\n![A map](map.png)\n", seen=None))
    page = follow(cast, post(cast, "remove-picture", number=worksheet.pk, name="map.png"))
    assert "A published version uses this picture, so it cannot be removed." in page.text
    page = follow(cast, post(cast, "remove-picture", number=worksheet.pk, name="other.png"))
    assert "The picture has been removed." in page.text
    assert post(cast, "remove-picture", number=worksheet.pk, name="other.png").status_code == 404
    assert Picture.objects.get().name == "map.png"
