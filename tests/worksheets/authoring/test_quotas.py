"""What one author may keep: counted, refused in words, and said before it is too late."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from tests.cast import Cast
from tests.servers.tool import Tool
from tests.worksheets.html import Page
from tests.worksheets.images import picture
from worksheets import authoring
from worksheets.authoring import QuotaReached, TooManyEditions, quotas
from worksheets.authoring.quotas import MEGABYTE, usage_of
from worksheets.formats.picture_file import StoredPicture
from worksheets.models import Edition, Picture, Worksheet

PIXELS = StoredPicture(bytes(MEGABYTE), "image/png", 8, 6)
SMALL = StoredPicture(b"pixels", "image/png", 8, 6)


@pytest.fixture(autouse=True)
def _little(settings: Settings) -> None:
    settings.LTI_AUTHOR_QUOTA = 5
    settings.LTI_AUTHOR_QUOTA_MB = 5


def make(cast: Cast, count: int) -> list[Worksheet]:
    return [authoring.create(cast.ruth.user, f"# Sheet {n}") for n in range(count)]


def test_usage(cast: Cast) -> None:
    before = usage_of(cast.ruth.user)
    assert (before.worksheets, before.picture_bytes, before.picture_mb) == (0, 0, 0)
    one, other = make(cast, 2)
    authoring.add_picture(one, "a.png", PIXELS)
    authoring.add_picture(other, "b.png", SMALL)
    authoring.add_picture(authoring.create(cast.zara.user, "# Hers"), "c.png", PIXELS)
    usage = usage_of(cast.ruth.user)
    assert (usage.worksheets, usage.picture_bytes) == (2, MEGABYTE + 6)
    assert usage.picture_mb == 2
    assert (usage.max_worksheets, usage.max_picture_mb) == (5, 5)


class TestWorksheets:
    def test_as_many_as_can_be_kept(self, cast: Cast) -> None:
        made = make(cast, 5)
        for begin in (lambda: make(cast, 1), lambda: authoring.create_sample(cast.ruth.user)):
            with pytest.raises(QuotaReached, match="You have 5 worksheets"):
                begin()
        assert Worksheet.objects.filter(author=cast.ruth.user).count() == 5
        assert not Picture.objects.exists()
        authoring.create(cast.zara.user, "# Hers")
        authoring.delete(made[0])
        make(cast, 1)

    def test_who_has_more_already_keeps_them(self, cast: Cast, settings: Settings) -> None:
        made = make(cast, 5)
        settings.LTI_AUTHOR_QUOTA = 2
        assert authoring.save(made[0], "# Changed", seen=None).title == "Changed"
        with pytest.raises(QuotaReached):
            make(cast, 1)


class TestPictures:
    def test_as_many_bytes_as_can_be_kept(self, cast: Cast) -> None:
        one, other = make(cast, 2)
        for n in range(5):
            authoring.add_picture((one, other)[n % 2], f"{n}.png", PIXELS)
        with pytest.raises(QuotaReached, match="5 MB in all"):
            authoring.add_picture(one, "more.png", SMALL)
        assert not one.pictures.filter(name="more.png").exists()
        authoring.remove_picture(other.pictures.get(name="3.png"))
        authoring.add_picture(one, "more.png", SMALL)

    def test_a_worksheet_has_a_bounded_number(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(quotas, "MAX_PICTURES", 3)
        (worksheet,) = make(cast, 1)
        for n in range(3):
            authoring.add_picture(worksheet, f"{n}.png", SMALL)
        with pytest.raises(QuotaReached, match="can have 3 pictures"):
            authoring.add_picture(worksheet, "more.png", SMALL)


def test_a_worksheet_is_published_a_bounded_number_of_times(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "MAX_EDITIONS", 2)
    (worksheet,) = make(cast, 1)
    for n in range(2):
        authoring.publish(authoring.save(worksheet, f"# Version {n}", seen=None))
    authoring.publish(worksheet)  # the text is that of the newest
    worksheet = authoring.save(worksheet, "# Another", seen=None, cautions=[(1, "Check")])
    with pytest.raises(TooManyEditions):
        authoring.publish(worksheet)
    assert worksheet.editions.count() == 2
    worksheet.refresh_from_db()
    assert worksheet.cautions == [[1, "Check"]]


class TestPages:
    @staticmethod
    def page(cast: Cast, name: str, **arguments: object) -> str:
        return Page(cast.ruth.client.get(cast.ruth.url(name, **arguments))).text

    @staticmethod
    def post(cast: Cast, name: str, posted: dict[str, Any], **arguments: object) -> Any:
        return cast.ruth.client.post(cast.ruth.url(name, **arguments), posted)

    def test_the_library_says_how_much_is_used_when_it_is_nearly_all(self, cast: Cast) -> None:
        make(cast, 3)
        assert "At most 5 can be kept" not in self.page(cast, "library")
        make(cast, 1)
        assert "You have 4 worksheets. At most 5 can be kept." in self.page(cast, "library")

    @pytest.mark.parametrize("posted", [{"sample": "terror"}, {"text": "# One more"}])
    def test_a_worksheet_too_many_is_refused_and_what_was_typed_stays(
        self, cast: Cast, posted: dict[str, str]
    ) -> None:
        make(cast, 5)
        answer = self.post(cast, "library", posted)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "You have 5 worksheets, and no more can be kept." in text
        assert posted.get("text", "") in text

    def test_a_paper_too_many_as_well(self, cast: Cast) -> None:
        make(cast, 5)
        paper = SimpleUploadedFile("paper.txt", b"It was in ______.")
        answer = self.post(cast, "library", {"paper": paper, "paper-text": "1"})
        assert answer.status_code == 422
        assert "You have 5 worksheets, and no more can be kept." in answer.content.decode()

    def test_the_editor_says_how_much_pictures_take(self, cast: Cast) -> None:
        (worksheet,) = make(cast, 1)
        for n in range(3):
            authoring.add_picture(worksheet, f"{n}.png", PIXELS)
        assert "can be kept" not in self.page(cast, "edit", number=worksheet.pk)
        authoring.add_picture(worksheet, "3.png", PIXELS)
        said = "Your pictures in all worksheets take 4 MB. At most 5 MB can be kept."
        assert said in self.page(cast, "edit", number=worksheet.pk)

    def test_a_picture_too_many_is_refused(self, cast: Cast, settings: Settings) -> None:
        (worksheet,) = make(cast, 1)
        authoring.add_picture(worksheet, "a.png", PIXELS)
        settings.LTI_AUTHOR_QUOTA_MB = 1
        file = SimpleUploadedFile("map.png", picture())
        answer = self.post(cast, "pictures", {"picture": file}, number=worksheet.pk)
        assert answer.status_code == 422
        assert "Your pictures may take 1 MB in all" in answer.content.decode()
        assert worksheet.pictures.count() == 1

    def test_a_version_too_many_is_refused(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(quotas, "MAX_EDITIONS", 0)
        (worksheet,) = make(cast, 1)
        posted = {"seen": authoring.digest_of(worksheet.source), "publish": "1"}
        answer = self.post(cast, "keys", posted, number=worksheet.pk)
        page = Page(cast.ruth.client.get(answer["Location"]))
        assert "Not published: a worksheet can be published 0 times" in page.text
        assert Edition.objects.filter(worksheet=worksheet).count() == 0


MAKE = """
import django
django.setup()
from tests.cast import assemble
from worksheets import authoring
authoring.create(assemble().ruth.user, "# One")
"""
ADD = """
import sys, time, django
from pathlib import Path
django.setup()
from django.db import transaction
from worksheets import authoring
from worksheets.models import Worksheet
from worksheets.formats.picture_file import StoredPicture
worksheet = Worksheet.objects.earliest("pk")
# Each waits for the other: to start takes as long as the machine likes.
meeting, mine, end = Path(sys.argv[1]), sys.argv[2], time.monotonic() + 60
(meeting / mine).touch()
while len(list(meeting.iterdir())) < 2 and time.monotonic() < end:
    time.sleep(0.01)
try:
    with transaction.atomic():
        if sys.argv[3] == "picture":
            authoring.add_picture(worksheet, mine, StoredPicture(bytes(600_000), "image/png", 1, 1))
        else:
            authoring.create(worksheet.author, mine)
        time.sleep(2)  # whoever came first has not committed when the other looks
except authoring.QuotaReached:
    print("refused")
"""


@pytest.mark.servers
@pytest.mark.parametrize("what", ["picture", "worksheet"])
def test_of_two_at_once_where_one_has_room_one_is_refused(
    migrated_url: str, tmp_path: Path, what: str
) -> None:
    """On PostgreSQL; SQLite lets one of them write at a time."""
    more = {"DJANGO_SETTINGS_MODULE": "lti_tool.settings", "LTI_AUTHOR_QUOTA_MB": "1"}
    tool = Tool(migrated_url, more={**more, "LTI_AUTHOR_QUOTA": "2"})
    status, said = tool.run(tool.python, "-c", MAKE)
    assert status == 0, said
    add = (tool.python, "-c", ADD, tmp_path)
    with ThreadPoolExecutor(2) as both:
        ended = list(both.map(lambda name: tool.run(*add, name, what), ["one", "other"]))
    assert [status for status, _ in ended] == [0, 0], ended
    assert sorted(said.strip() for _, said in ended) == ["", "refused"]
