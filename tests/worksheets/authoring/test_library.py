"""The library finds worksheets by their titles and texts, in parts, by few statements."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests.cast import TEACHER, Cast, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import CAUSES, place, publish
from worksheets import authoring
from worksheets.authoring import sharing
from worksheets.authoring.library import Part, readable, to_choose_from, worksheets_in
from worksheets.authoring.sharing import Rights
from worksheets.models import Worksheet


def found(cast: Cast, words: str, part: Part = Part.OWN) -> list[str]:
    rows = worksheets_in(part, cast.ruth.user, cast.course.context, words)
    return sorted(row.title for row in rows)


@pytest.fixture
def three(cast: Cast) -> Cast:
    for source in (
        "# Flüsse Asiens\n\nDer Jangtse mündet bei ___Schanghai___.",
        "# Rivers of Europe\n\nThe Rhône ends in the ___Mediterranean Sea___. It is 100% water.",
        "# Łódź\n\nA city of cloth.",
    ):
        authoring.create(cast.ruth.user, source)
    return cast


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("", ["Flüsse Asiens", "Rivers of Europe", "Łódź"]),
        ("FLUSSE", ["Flüsse Asiens"]),
        ("flüsse", ["Flüsse Asiens"]),
        ("rhone", ["Rivers of Europe"]),
        ("RHÔNE europe", ["Rivers of Europe"]),  # one in the text, one in the title
        ("europe  rhône", ["Rivers of Europe"]),
        ("schanghai", ["Flüsse Asiens"]),  # an answer, too
        ("lodz", ["Łódź"]),
        ("100%", ["Rivers of Europe"]),
        ("%", ["Rivers of Europe"]),
        ("1__", []),
        ("\\", []),
        ("rhine", []),
        ("a " * 90, ["Flüsse Asiens", "Rivers of Europe", "Łódź"]),
    ],
)
def test_words_in_titles_and_texts(three: Cast, words: str, titles: list[str]) -> None:
    assert found(three, words) == titles


def test_what_is_saved_is_found_at_once_and_what_was_there_no_longer(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# Rivers")
    authoring.save(worksheet, "# Mountains", seen=None)
    assert (found(cast, "rivers"), found(cast, "mountains")) == ([], ["Mountains"])


def test_what_a_version_before_has_written_is_found_by_its_title(cast: Cast) -> None:
    authoring.create(cast.ruth.user, "# Rivers")
    Worksheet.objects.update(searched="")
    assert found(cast, "river") == ["Rivers"]


def test_what_is_archived_is_in_a_part_of_its_own_and_stays_placed(cast: Cast) -> None:
    assignment = place(cast)
    worksheet = assignment.edition.worksheet
    ruth = cast.ruth
    url = ruth.url("archive", number=worksheet.pk)
    assert ruth.client.post(url)["Location"].endswith("?notice=archived")
    assert (found(cast, ""), found(cast, "", Part.ARCHIVED)) == ([], ["Causes of terror"])
    assert list(to_choose_from(ruth.user, cast.course.context, "")) == []
    assert list(readable(ruth.user, cast.course.context)) == [worksheet]
    assert "Manchuria" in cast.amina.client.get(cast.amina.url("home")).content.decode()
    at = Worksheet.objects.get().archived_at
    ruth.client.post(url)
    assert Worksheet.objects.get().archived_at == at
    assert "Bring back" in ruth.client.get(ruth.url("library") + "?show=archived").content.decode()
    assert ruth.client.post(url, {"back": "1"}).status_code == 302
    assert found(cast, "") == ["Causes of terror"]


def test_what_is_shared_is_in_a_part_of_its_own(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# Rivers")
    colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    sharing.share(worksheet, cast.course.context, Rights.READ, by=cast.ruth.user)
    shared = worksheets_in(Part.SHARED, colin.user, cast.course.context, "river")
    assert [row.title for row in shared] == ["Rivers"]
    assert found(cast, "", Part.SHARED) == []  # one's own is in one's own list
    for context in (cast.other_course.context, cast.elsewhere.context):
        assert not worksheets_in(Part.SHARED, colin.user, context, "")
    authoring.archive(worksheet)
    assert not worksheets_in(Part.SHARED, colin.user, cast.course.context, "")


def test_a_copy_has_the_pictures_and_no_version(cast: Cast) -> None:
    worksheet = authoring.create_sample(cast.ruth.user)
    authoring.publish(worksheet)
    copy = authoring.copy(worksheet, cast.ruth.user)
    assert (copy.title, copy.source) == (worksheet.title, worksheet.source)
    assert not copy.editions.exists()
    (ours,), (theirs,) = worksheet.pictures.all(), copy.pictures.all()
    assert (ours.name, bytes(ours.content)) == (theirs.name, bytes(theirs.content))


def test_a_copy_that_has_no_room_is_not_made(cast: Cast, settings: object) -> None:
    worksheet = authoring.create(cast.ruth.user, "# Rivers")
    settings.LTI_AUTHOR_QUOTA = 1  # type: ignore[attr-defined]
    answer = cast.ruth.client.post(cast.ruth.url("copy", number=worksheet.pk))
    assert answer["Location"].endswith("?notice=not-copied")
    assert Worksheet.objects.count() == 1


class TestPage:
    def page(self, cast: Cast, query: str = "") -> Page:
        return Page(cast.ruth.client.get(cast.ruth.url("library") + query))

    def test_without_worksheets_offers_samples(self, cast: Cast) -> None:
        page = self.page(cast)
        assert "You have no worksheets yet." in page.text
        assert '<details class="samples" open>' in page.html

    def test_says_what_a_search_has_found(self, three: Cast) -> None:
        page = self.page(three, "?search=rhone")
        assert "1 worksheet with “rhone” in its title or text." in page.text
        page = self.page(three, "?search=nothing+of+that")
        assert "0 worksheets with “nothing of that” in their title or text." in page.text
        assert "Show all" in page.text
        for odd in ("%00", "%ff", "%25", "_", "%3Cscript%3E", "x" * 500):
            page = self.page(three, f"?search={odd}")
            assert page.status == 200
            assert "<script>" not in page.html

    def test_keeps_search_and_part_from_page_to_page(self, cast: Cast) -> None:
        for n in range(25):
            authoring.archive(authoring.create(cast.ruth.user, f"# Sheet {n:02}"))
        page = self.page(cast, "?show=archived&search=sheet")
        assert "Page 1 of 2" in page.text
        assert any("page=2&show=archived&search=sheet" in link for link in page.links)
        second = self.page(cast, "?page=2&show=archived&search=sheet")
        assert "Sheet 00" in second.text

    @pytest.mark.parametrize("part", ["", "shared", "nothing", "%00"])
    def test_a_part_without_worksheets_is_ones_own_list(self, cast: Cast, part: str) -> None:
        authoring.create(cast.ruth.user, "# Rivers")
        page = self.page(cast, f"?show={part}")
        assert "Rivers" in page.text
        assert "Your worksheets" in page.text

    def test_statements_do_not_grow_with_the_library(
        self, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        def fill(count: int) -> None:
            for _ in range(count):
                worksheet = publish(cast.ruth.user, CAUSES).worksheet
                sharing.share(worksheet, cast.course.context, Rights.READ, by=cast.ruth.user)
                authoring.archive(authoring.copy(worksheet, cast.ruth.user))

        colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
        pages = [
            (cast.ruth.client, cast.ruth.url("library")),
            (cast.ruth.client, cast.ruth.url("library") + "?show=archived"),
            (cast.ruth.client, cast.ruth.url("save-as-file")),
            (colin.client, colin.url("library") + "?show=shared"),
        ]
        fill(2)
        counts = []
        for client, url in pages:
            with CaptureQueriesContext(connection) as few:
                client.get(url)
            counts.append(len(few))
        fill(15)
        for (client, url), count in zip(pages, counts, strict=True):
            with django_assert_num_queries(count):
                assert client.get(url).status_code == 200
