"""Whoever the LMS removes is sent back to the course, by a roster that is newer than the launch."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lti_tool.models import Context, Membership, StoredLaunch
from lti_tool.roster import refresh
from tests.cast import Cast, Someone, open_again
from tests.lti_tool.rosters import FAULTY, connect, following, page, person
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault
from tests.worksheets.sheets import GAPS_ONLY, place
from worksheets.models import Answer, Assignment, Draft

RUTH, AMINA, BEN = person("10", "Instructor"), person("101"), person("102")


@pytest.fixture
def lms(fake_platform: FakePlatform, cast: Cast) -> FakePlatform:
    connect(fake_platform, cast.course)
    return fake_platform


@pytest.fixture
def assignment(cast: Cast, lms: FakePlatform) -> Assignment:
    """A worksheet to fill in, in a course whose whole roster was read once."""
    read(cast, lms, page(RUTH, AMINA, BEN))
    return place(cast, GAPS_ONLY)


def read(cast: Cast, lms: FakePlatform, *pages: Fault) -> None:
    """Somebody looks at the class."""
    Context.objects.filter(pk=cast.course.context.pk).update(roster_tried_at=None)
    lms.fail(FAULTY, *pages)
    refresh(Context.objects.get(pk=cast.course.context.pk))


def get(someone: Someone, view_name: str = "home") -> Any:
    return someone.client.get(someone.url(view_name))


def assert_open(someone: Someone) -> None:
    assert get(someone).status_code == 200


def assert_sent_away(someone: Someone) -> None:
    answer = get(someone)
    assert answer.status_code == 403
    assert "This page has closed" in answer.content.decode()
    assert "no longer an active member of Course 2" in answer.content.decode()


def save(someone: Someone, **fields: str) -> Any:
    return someone.client.post(
        someone.url("answers"), json.dumps(fields), content_type="application/json"
    )


@pytest.mark.parametrize(
    "pages",
    [
        [page(RUTH, AMINA)],
        [page(RUTH, AMINA, person("102", status="Inactive"))],
        [page(RUTH, AMINA, person("102", status="Deleted"))],
    ],
    ids=["missing", "inactive", "deleted"],
)
def test_every_page_leads_back_to_the_course(
    cast: Cast, lms: FakePlatform, assignment: Assignment, pages: list[Fault]
) -> None:
    assert_open(cast.ben)
    read(cast, lms, *pages)
    assert_sent_away(cast.ben)
    for name in ("submit", "answers", "score-status"):
        assert get(cast.ben, name).status_code == 403
    assert_open(cast.amina)
    assert_open(cast.ruth)


def test_a_teacher_who_is_none_any_more_has_pupils_pages_at_the_next_request(
    cast: Cast, lms: FakePlatform, assignment: Assignment
) -> None:
    for view in ("class", "tables", "class-answers", "my-marking"):
        assert get(cast.ruth, view).status_code == 200
    # It is her own page that reads the list: this answer shows nobody either.
    Context.objects.filter(pk=cast.course.context.pk).update(roster_tried_at=None)
    lms.fail(FAULTY, page(person("10"), AMINA, BEN))
    answer = cast.ruth.client.post(cast.ruth.url("roster"), headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert b"Amina" not in answer.content
    for view in ("class", "tables", "class-answers", "my-marking"):
        assert get(cast.ruth, view).status_code == 403
    assert b"Amina" not in get(cast.ruth).content


def test_the_way_back_is_on_the_page(cast: Cast, lms: FakePlatform, assignment: Assignment) -> None:
    registration = cast.course.deployment.registration
    address = f"{registration.issuer}/course/view.php?id=2"
    StoredLaunch.objects.filter(pk=cast.ben.launch.pk).update(return_url=address)
    read(cast, lms, page(RUTH, AMINA))
    assert f'href="{address}"' in get(cast.ben).content.decode()


def test_a_new_launch_lets_them_in_again(
    cast: Cast, lms: FakePlatform, assignment: Assignment
) -> None:
    read(cast, lms, page(RUTH, AMINA))
    assert_sent_away(cast.ben)
    # As lti_tool.launches.recording writes it.
    Membership.objects.filter(pk=cast.ben.membership.pk).update(
        status=Membership.Status.ACTIVE, listed_by=""
    )
    again = open_again(cast.course, cast.ben.membership)
    assert_open(again)
    # The LMS let in whom its roster does not list: the roster says nothing of them.
    read(cast, lms, page(RUTH, AMINA))
    assert_open(again)
    # Listed once more, they can be removed once more.
    read(cast, lms, page(RUTH, AMINA, BEN))
    read(cast, lms, page(RUTH, AMINA))
    assert_sent_away(again)


def test_who_was_in_no_roster_is_not_missed(
    cast: Cast, lms: FakePlatform, assignment: Assignment
) -> None:
    """An administrator who is not enrolled, a pupil of a section that the roster leaves out."""
    Membership.objects.filter(pk=cast.ben.membership.pk).update(listed_by="")
    read(cast, lms, page(RUTH, AMINA))
    assert_open(cast.ben)


def test_a_roster_at_another_address_says_nothing_of_those_whom_this_one_lists(
    cast: Cast, lms: FakePlatform, assignment: Assignment
) -> None:
    """An LMS may have one for each section."""
    other = f"{lms.url}/section/members"
    Context.objects.filter(pk=cast.course.context.pk).update(roster_url=other)
    read(cast, lms, page(RUTH, AMINA))
    assert_open(cast.ben)


def test_a_roster_that_breaks_off_sends_nobody_away(
    cast: Cast, lms: FakePlatform, assignment: Assignment
) -> None:
    read(cast, lms, page(RUTH, Link=following(f"{lms.url}/members?p=2")), Fault(500))
    read(cast, lms, page())
    assert_open(cast.ben)


def test_a_roster_that_was_asked_for_before_the_launch_is_older(
    cast: Cast, lms: FakePlatform, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ben opens the worksheet while a list without him is on its way."""
    from lti_tool.roster import reading

    opened: list[Someone] = []
    save_roster = reading._save

    def after_a_launch(*arguments: Any) -> None:
        opened.append(open_again(cast.course, cast.ben.membership))
        save_roster(*arguments)

    monkeypatch.setattr(reading, "_save", after_a_launch)
    read(cast, lms, page(RUTH, AMINA))
    assert_open(opened[0])


def test_a_script_that_looks_hears_it_and_sends_what_it_holds(
    cast: Cast, lms: FakePlatform, assignment: Assignment
) -> None:
    read(cast, lms, page(RUTH, AMINA))
    answer = get(cast.ben, "answers")
    assert answer.status_code == 403
    assert (answer.json()["ended"], answer.json()["saved"]) == (True, False)
    edition = str(assignment.edition_id)
    assert save(cast.ben, edition=edition, attempt="1", g1="last words").json()["saved"]


def test_what_came_too_late_is_not_called_saved(
    cast: Cast, lms: FakePlatform, assignment: Assignment
) -> None:
    fields = {"edition": str(assignment.edition_id), "attempt": "1", "device": "a"}
    save(cast.ben, **fields, g1="newer", sent="2")
    read(cast, lms, page(RUTH, AMINA))
    answer = save(cast.ben, **fields, g1="older", sent="1")
    assert not answer.json()["saved"]
    assert "kept on this device" in answer.json()["error"]


# --- what they had not saved ---


def test_what_a_pupil_typed_is_taken_once_more(
    cast: Cast, lms: FakePlatform, assignment: Assignment
) -> None:
    edition = str(assignment.edition_id)
    assert save(cast.ben, edition=edition, attempt="1", g1="first").status_code == 200
    read(cast, lms, page(RUTH, AMINA))
    answer = save(cast.ben, edition=edition, attempt="1", g1="last words")
    assert answer.status_code == 403
    assert answer.json()["saved"]
    assert "What you typed is saved" in answer.json()["error"]
    assert Answer.objects.get(item="g1").text == "last words"


def test_and_no_more_after_that(cast: Cast, lms: FakePlatform, assignment: Assignment) -> None:
    edition = str(assignment.edition_id)
    read(cast, lms, page(RUTH, AMINA))
    save(cast.ben, edition=edition, attempt="1", g1="last words")
    StoredLaunch.objects.filter(pk=cast.ben.launch.pk).update(last_saved_at="2020-01-01T00:00Z")
    answer = save(cast.ben, edition=edition, attempt="1", g1="and more")
    assert answer.status_code == 403
    assert not answer.json()["saved"]
    assert Answer.objects.get(item="g1").text == "last words"


def test_a_form_without_script_is_saved_too(
    cast: Cast, lms: FakePlatform, assignment: Assignment
) -> None:
    read(cast, lms, page(RUTH, AMINA))
    fields = {"edition": str(assignment.edition_id), "attempt": "1", "g1": "last words"}
    answer = cast.ben.client.post(cast.ben.url("answers"), fields)
    assert answer.status_code == 403
    assert "What you just sent was saved" in answer.content.decode()
    assert Answer.objects.get(item="g1").text == "last words"


def test_a_draft_of_a_teacher_is_kept_and_nothing_else_is_done(
    cast: Cast, lms: FakePlatform, assignment: Assignment
) -> None:
    read(cast, lms, page(AMINA, BEN))
    assert_sent_away(cast.ruth)
    body = json.dumps({"base": "", "fields": {"source": "# Half a worksheet"}})
    address = cast.ruth.url("draft", page="new", number=0)
    answer = cast.ruth.client.post(address, body, content_type="application/json")
    assert answer.status_code == 403
    assert Draft.objects.get().fields == {"source": "# Half a worksheet"}
    before = cast.ruth.user.worksheets.count()
    answer = cast.ruth.client.post(cast.ruth.url("library"), {"text": "# A whole one"})
    assert answer.status_code == 403
    assert "# A whole one" in answer.content.decode()  # to be copied
    assert cast.ruth.user.worksheets.count() == before
