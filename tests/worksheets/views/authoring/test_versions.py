"""The versions of a worksheet: listed, compared, brought back; what is said of other windows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import TEACHER, Cast, make_someone
from tests.worksheets.html import Page
from worksheets import authoring
from worksheets.models import Draft, DraftPage, Revision, Worksheet

FIRST, SECOND = "# Rivers\n\nThe ___Nile___.\n", "# Rivers\n\nThe ___Po___ & <b>.\n"


@pytest.fixture
def worksheet(cast: Cast) -> Worksheet:
    made = authoring.create(cast.ruth.user, FIRST)
    authoring.publish(made)
    return authoring.save(made, SECOND, seen=None)


def get(cast: Cast, name: str, worksheet: Worksheet, query: str = "") -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url(name, number=worksheet.pk) + query))


def post(cast: Cast, name: str, worksheet: Worksheet, **posted: str) -> Any:
    return cast.ruth.client.post(cast.ruth.url(name, number=worksheet.pk), posted)


def test_the_page_says_what_was_saved_and_published_and_by_whom(
    cast: Cast, worksheet: Worksheet
) -> None:
    page = get(cast, "versions", worksheet)
    assert page.text.count("Ruth Adeyemi") == 3  # the page's head names her, too
    assert page.text.count("Published, version 1") == 1


def test_a_version_is_compared_with_the_text(cast: Cast, worksheet: Worksheet) -> None:
    first = Revision.objects.get(edition=1)
    page = get(cast, "versions", worksheet, f"?show=r{first.pk}")
    assert "Gone: The ___Nile___." in page.text
    assert "New: The ___Po___ & <b>." in page.text
    assert "<b>." not in page.html
    newest = Revision.objects.get(edition=None)
    assert "They are the same." in get(cast, "versions", worksheet, f"?show=r{newest.pk}").text


def test_a_version_comes_back_and_the_text_becomes_one(cast: Cast, worksheet: Worksheet) -> None:
    first = Revision.objects.get(edition=1)
    seen = authoring.digest_of(SECOND)
    answer = post(cast, "versions", worksheet, restore=f"r{first.pk}", seen=seen)
    assert "The version stands here again." in Page(cast.ruth.client.get(answer["Location"])).text
    assert Worksheet.objects.get().source == FIRST
    assert Revision.objects.filter(source=SECOND).exists()


def test_nothing_comes_back_over_a_text_that_was_not_seen(cast: Cast, worksheet: Worksheet) -> None:
    first = Revision.objects.get(edition=1)
    authoring.save(worksheet, "# Of somebody else\n", seen=None)
    seen = authoring.digest_of(SECOND)
    answer = post(cast, "versions", worksheet, restore=f"r{first.pk}", seen=seen)
    assert answer.status_code == 409
    assert "Nothing was changed" in Page(answer).text
    assert "New: # Of somebody else" in Page(answer).text
    assert Worksheet.objects.get().source == "# Of somebody else\n"


def test_an_edition_without_a_revision_is_listed(cast: Cast, worksheet: Worksheet) -> None:
    Revision.objects.all().delete()
    page = get(cast, "versions", worksheet, "?show=e1")
    assert "Published, version 1" in page.text
    assert "Gone: The ___Nile___." in page.text
    answer = post(cast, "versions", worksheet, restore="e1", seen=authoring.digest_of(SECOND))
    assert answer.status_code == 302
    assert Worksheet.objects.get().source == FIRST


def test_versions_of_somebody_who_was_erased(cast: Cast, worksheet: Worksheet) -> None:
    Revision.objects.update(saved_by=None)
    assert "somebody who is not here any more" in get(cast, "versions", worksheet).text


@pytest.mark.parametrize("name", ["", "r", "r0", "x1", "r1.5", "r" + "9" * 40, "e99", "r①"])
def test_no_version_of_another_name(cast: Cast, worksheet: Worksheet, name: str) -> None:
    assert post(cast, "versions", worksheet, restore=name, seen="").status_code == 404
    if name:
        url = cast.ruth.url("versions", number=worksheet.pk)
        assert cast.ruth.client.get(url, {"show": name}).status_code == 404


def test_no_version_of_another_worksheet(cast: Cast, worksheet: Worksheet) -> None:
    other = authoring.create(cast.ruth.user, "# Other\n")
    authoring.save(other, "# Other still\n", seen=None)
    theirs = other.revisions.first()
    assert theirs is not None
    assert post(cast, "versions", worksheet, restore=f"r{theirs.pk}", seen="").status_code == 404


# --- two who write ---


def test_saving_over_what_another_window_saved_asks_once(cast: Cast, worksheet: Worksheet) -> None:
    old = authoring.digest_of(FIRST)
    answer = post(cast, "edit", worksheet, source="# Mine\n", seen=old)
    page = Page(answer)
    assert page.status == 409
    assert page.fields["source"].value == "# Mine\n"
    assert "the other one stays in the list of versions" in page.text
    assert Worksheet.objects.get().source == SECOND
    again = cast.ruth.client.post(cast.ruth.url("edit", number=worksheet.pk), page.posted)
    assert again.status_code == 302
    assert Worksheet.objects.get().source == "# Mine\n"
    assert Revision.objects.filter(source=SECOND).exists()


def watch(cast: Cast, worksheet: Worksheet, source: str, draft: str = "") -> Page:
    query = f"?seen={authoring.digest_of(source)}&draft={draft}"
    return get(cast, "watch", worksheet, query)


def test_nothing_is_said_while_nothing_has_changed(cast: Cast, worksheet: Worksheet) -> None:
    assert watch(cast, worksheet, SECOND).text == ""
    assert get(cast, "watch", worksheet).text == ""


def test_who_saved_meanwhile_is_named(cast: Cast, worksheet: Worksheet) -> None:
    assert "saved in another window" in watch(cast, worksheet, FIRST).text
    colleague = make_someone(cast.course, "11", "Colin Ferris", TEACHER).user
    authoring.save(worksheet, "# By Colin\n", seen=None, by=colleague)
    assert "Colin Ferris has saved this worksheet" in watch(cast, worksheet, SECOND).text


def test_who_writes_is_named_for_a_minute(cast: Cast, worksheet: Worksheet) -> None:
    colleague = make_someone(cast.course, "11", "Colin Ferris", TEACHER).user
    draft = Draft.objects.create(
        user=colleague, page=DraftPage.EDIT, number=worksheet.pk, fields={"source": "SECRET"}
    )
    page = watch(cast, worksheet, SECOND)
    assert "Colin Ferris is writing in this worksheet, too." in page.text
    assert "SECRET" not in page.html
    Draft.objects.update(saved_at=timezone.now() - timedelta(minutes=2))
    assert watch(cast, worksheet, SECOND).text == ""
    Draft.objects.filter(pk=draft.pk).update(number=worksheet.pk + 1, saved_at=timezone.now())
    assert watch(cast, worksheet, SECOND).text == ""


def test_one_s_own_other_page_is_told_of(cast: Cast, worksheet: Worksheet) -> None:
    row = Draft.objects.create(
        user=cast.ruth.user, page=DraftPage.EDIT, number=worksheet.pk, fields={"source": "x"}
    )
    assert "on another page, too" in watch(cast, worksheet, SECOND).text
    # A page that goes on from no draft does not ask.
    assert get(cast, "watch", worksheet).text == ""
    at = row.saved_at.isoformat().replace("+", "%2B")
    assert watch(cast, worksheet, SECOND, at).text == ""
