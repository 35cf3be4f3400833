"""The sheet in pieces is the sheet as it is rendered whole, for whatever a pupil did."""

from __future__ import annotations

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from tests.cast import Cast, assemble
from tests.worksheets.sheets import CAUSES, EVERYTHING, publish, said, save
from tests.worksheets.sheets import place as placed
from worksheets.markup import Message
from worksheets.models import Edition
from worksheets.questions import ItemAnswer
from worksheets.rendering import render_sheet
from worksheets.rendering.document import PictureFile
from worksheets.rendering.filling import Filling
from worksheets.rendering.skeleton import fill_in

PICTURES = """# Pictures

![A map](map.png)

The capital is ___Paris___.

![A map again](map.png)

![Lost](lost.png)
"""


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def pictures(name: str) -> PictureFile | None:
    if name.startswith("lost"):
        return None
    return PictureFile(f"/pictures/{name}?a=1&b=2", 640, 480)


def whole(
    edition: Edition, answers: dict[str, ItemAnswer], errors: dict[str, Message] | None = None
) -> str:
    widgets = Filling(edition.sheet, answers, errors or {}, pictures).widgets
    return render_sheet(edition.sheet, widgets, below=0)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"g1": said("Manchuria")},
        {"g1": said("<b>& of my own"), "g4": said('"1928"')},
        {"q1": said("Because.\n</textarea>"), "q2": said("Both.", "b")},
        {"g9": said("of another edition"), "q7": said("too")},
        {"g1": said("a \x1f sign \x1fg2\x1f")},
    ],
    ids=["nothing", "a word", "markup", "written", "elsewhere", "signs"],
)
def test_what_a_pupil_did_stands_where_it_belongs(
    cast: Cast, answers: dict[str, ItemAnswer]
) -> None:
    edition = publish(cast.ruth.user, CAUSES)
    assert fill_in(edition, answers, {}, pictures) == whole(edition, answers)


def test_errors_are_shown_where_they_are(cast: Cast) -> None:
    edition = publish(cast.ruth.user, CAUSES)
    errors: dict[str, Message] = {"g1": Message("No such word."), "q1": Message("Too long.")}
    html = fill_in(edition, {}, errors, pictures)
    assert html == whole(edition, {}, errors)
    assert html.count('role="alert"') == 2


def test_nothing_of_one_pupil_stays_for_the_next(cast: Cast) -> None:
    edition = publish(cast.ruth.user, CAUSES)
    assert "Amina was here" in fill_in(edition, {"q1": said("Amina was here")}, {}, pictures)
    assert "Amina was here" not in fill_in(edition, {}, {}, pictures)


def test_pictures_have_the_address_of_this_visit(cast: Cast) -> None:
    edition = publish(cast.ruth.user, PICTURES)
    for visit in ("first", "second"):

        def picture(name: str, visit: str = visit) -> PictureFile:
            return PictureFile(f"/a/{visit}/{name}", 640, 480)

        html = fill_in(edition, {}, {}, picture)
        assert f'src="/a/{visit}/map.png" width="640" height="480"' in html


def test_pictures_that_are_not_there_are_said_to_be_missing(cast: Cast) -> None:
    edition = publish(cast.ruth.user, PICTURES)
    assert fill_in(edition, {}, {}, pictures) == whole(edition, {})
    # Uploaded since: the same edition shows it.
    html = fill_in(edition, {}, {}, lambda name: PictureFile(f"/{name}", 1, 1))
    assert 'src="/lost.png"' in html


def test_each_language_has_its_own(cast: Cast) -> None:
    edition = publish(cast.ruth.user, CAUSES)
    for language, words in (("en", "Word bank"), ("de", "Wortspeicher")) * 2:
        with translation.override(language):
            assert words in fill_in(edition, {}, {}, pictures)


@pytest.mark.parametrize("answers", [{}, EVERYTHING], ids=["untouched", "answered"])
def test_a_pupils_page_is_few_reads(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries, answers: dict[str, str]
) -> None:
    assignment = placed(cast)
    if answers:
        save(assignment, cast.amina, answers)
    # The launch with whose it is, the assignment, the pupil's dates, what a teacher has entered,
    # the attempt; the answers, if there are any, and else whether a classmate has named the pupil.
    with django_assert_max_num_queries(6):
        assert cast.amina.client.get(cast.amina.url("home")).status_code == 200


def test_with_debug_a_template_that_changed_shows_at_once(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = publish(cast.ruth.user, CAUSES)
    fill_in(edition, {}, {}, pictures)
    settings.DEBUG = True
    monkeypatch.setattr("worksheets.rendering.filling.render_to_string", lambda *_: "a new look")
    assert "a new look" in fill_in(edition, {}, {}, pictures)
