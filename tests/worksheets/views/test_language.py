"""Two languages in one process: pages never mix, and nobody's choice changes another's score."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from lti_tool.audit import TOOL
from lti_tool.models import Delivery, Registration
from tests.cast import Cast, Someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import CAUSES, EVERYTHING, assignment_at, fresh, place
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook import changes
from worksheets.gradebook.scoring import TOTAL
from worksheets.models import Attempt

GERMAN = {"Wortspeicher", "Deine Antwort", "Prüfen und abgeben …", "Zum Inhalt springen"}
ENGLISH = {"Word bank", "Your answer", "Check and submit …", "Skip to the content"}


def speaks(someone: Someone, locale: str) -> Someone:
    """This person's LMS named a language at the launch."""
    someone.launch.locale = locale
    someone.launch.save(update_fields=["locale"])
    return someone


def get(someone: Someone, name: str = "home", **where: object) -> Page:
    return Page(someone.client.get(someone.url(name, **where)))


def hand_in(someone: Someone, fields: dict[str, str] | None = None) -> Attempt:
    """By the pages, as this person's language comes into play."""
    posted = {**get(someone).posted, **(EVERYTHING if fields is None else fields)}
    someone.client.post(someone.url("answers"), posted)
    someone.client.post(someone.url("submit"), get(someone, "submit").posted)
    return Attempt.objects.get(user=someone.user)


@pytest.mark.parametrize("first", ["en", "de"])
def test_two_launches_never_mix(cast: Cast, first: str) -> None:
    place(cast)
    speaks(cast.amina, "de_DE")
    order = [cast.ben, cast.amina] if first == "en" else [cast.amina, cast.ben]
    for someone in order * 2:
        page = get(someone)
        mine, others = (GERMAN, ENGLISH) if someone is cast.amina else (ENGLISH, GERMAN)
        assert {words for words in mine if words not in page.html} == set()
        assert {words for words in others if words in page.html} == set()
        # What nobody touched is kept for all, what somebody did is rendered anew: both speak alike.
        someone.client.post(someone.url("answers"), {**page.posted, "q1": "Because."})


def test_no_language_stays_for_the_next_request(cast: Cast) -> None:
    place(cast)
    get(speaks(cast.amina, "de"))
    assert translation.get_language() == "en"


def test_marks_are_written_as_people_there_do_in_forms_too(cast: Cast) -> None:
    place(cast, CAUSES.replace("??? 6 marks", "??? 6.5 marks"))
    assert "6,5 Punkte" in get(speaks(cast.amina, "de")).text
    attempt = hand_in(cast.amina)
    ruth = speaks(cast.ruth, "de")
    marking = ruth.url("attempt", number=attempt.pk)
    ruth.client.post(marking, {"q1-points": "2,5", "q2-points": "6.5", "q1-comment": "Gut."})
    page = Page(ruth.client.get(marking))
    assert "Punkte / 6,5" in page.text
    assert page.fields["q1-points"].value == "2,5"
    ruth.client.post(ruth.url("release", number=attempt.pk))
    assert "Freitextantworten 9 von 10,5" in get(cast.amina).text
    assert Delivery.objects.get().score_given == Decimal(13)


def test_too_long_an_answer_is_told_with_that_languages_numbers(cast: Cast) -> None:
    place(cast)
    posted = {**get(speaks(cast.amina, "de")).posted, "q1": "x" * 30_000}
    answer = cast.amina.client.post(cast.amina.url("answers"), posted)
    assert "Diese Antwort hat 30.000 Zeichen" in Page(answer).text


@pytest.fixture
def handed_in(cast: Cast) -> Attempt:
    place(cast, CAUSES.replace("Ethiopia___", "50%: Bavaria___"))
    return hand_in(speaks(cast.amina, "de-AT"), {**EVERYTHING, "g2": "Bavaria"})


def test_the_gradebooks_comment_is_in_the_pupils_language(handed_in: Attempt) -> None:
    assert Delivery.objects.get().comment == (
        "Lücken: 3,5 von 4. Deine Lehrkraft hat deine Freitextantworten noch nicht bewertet."
    )


def test_it_stays_that_when_an_english_teacher_releases(cast: Cast, handed_in: Attempt) -> None:
    ruth = speaks(cast.ruth, "en")
    marking = ruth.url("attempt", number=handed_in.pk)
    ruth.client.post(marking, {"q1-points": "4", "q1-comment": "Fine.", "q2-points": "1"})
    ruth.client.post(ruth.url("release", number=handed_in.pk))
    assert Delivery.objects.get().comment.split("\n") == [
        "Lücken: 3,5 von 4.",
        "Freitextantworten: 5 von 10.",
        "Frage 1: 4 von 4. Fine.",
        "Frage 2: 1 von 6.",
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_is_sent_again_because_somebody_else_looks(
    cast: Cast, handed_in: Attempt, language: str
) -> None:
    """The pupil's own LMS may speak another language by now, too."""
    speaks(cast.amina, "en")
    before = Delivery.objects.get().revision
    assignment = assignment_at(cast.course.link)
    with translation.override(language):
        rules, edition = AssignmentRules.of(assignment), assignment.edition
        plan = changes.plan(assignment, edition, rules, mark_again=True)
        assert plan.scores_to_send == []
        changes.apply(assignment, edition, rules, mark_again=True, seen=plan.digest, by=TOOL)
    assert Delivery.objects.get().revision == before


def test_it_is_english_for_an_attempt_from_before_there_were_languages(
    cast: Cast, handed_in: Attempt
) -> None:
    Attempt.objects.update(language="")
    with translation.override("de"):
        change = changes.plan(
            assignment_at(cast.course.link),
            fresh(handed_in).edition,
            AssignmentRules(),
            mark_again=False,
        ).changes[0]
    assert change.scores[TOTAL].comment.startswith("Gaps: 3.5 out of 4.")


def test_problems_of_a_text_are_told_in_the_teachers_language(cast: Cast) -> None:
    ruth = speaks(cast.ruth, "de")
    ruth.client.post(ruth.url("library"), {"text": "# Titel\n\n______\n"})
    number = cast.ruth.user.worksheets.get().pk
    assert "Lücke 1 hat noch keine Lösung." in get(ruth, "edit", number=number).text
    speaks(ruth, "en")
    assert "Gap 1 has no answer yet." in get(ruth, "edit", number=number).text


def test_what_a_paper_leaves_open_is_told_in_the_teachers_language(cast: Cast) -> None:
    ruth = speaks(cast.ruth, "de")
    form = {"text": "no title here at all ...........\n", "paper-text": "1"}
    answer = ruth.client.post(ruth.url("library"), form)
    page = Page(ruth.client.get(answer["Location"]))
    assert "Wir haben keinen Titel gefunden." in page.text


def test_names_of_settings_are_those_of_the_german_lms(cast: Cast) -> None:
    Registration.objects.update(product="moodle")
    place(cast)
    text = get(speaks(cast.ruth, "de")).text
    assert "IMS LTI Namen und Rollenbereitstellung" in text
