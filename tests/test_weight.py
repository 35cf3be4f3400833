"""No page becomes heavy: what a browser loads for it has a limit."""

from __future__ import annotations

from lti_tool.audit import TOOL
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.weight import ENCODINGS, KB, Weight, weigh
from tests.worksheets.sheets import assignment_at, hand_in
from worksheets import authoring
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Attempt

CLASS = 30
ANSWERS = {
    "g1": "collectivisation",
    "g2": "Rhineland",
    "q1": "The confessions were forced, and the hall was chosen so that everybody could watch.",
    "q1-choice": "a",
    "q2": "Fear of war made speed seem necessary, and speed led to accidents and to hunger.",
    "q3": "The country had no friends, so that farms and factories had to change at once.",
}


def loaded(someone: Someone, address: str) -> Weight:
    """What a browser of theirs that has nothing yet loads for one of their pages."""

    def get(address: str) -> tuple[str, bytes]:
        response = someone.client.get(address, headers={"Accept-Encoding": ENCODINGS})
        assert response.status_code == 200, address
        body = b"".join(response) if response.streaming else response.content
        return response.get("Content-Encoding", ""), body

    return weigh(get, address)


def place_sample(cast: Cast) -> None:
    edition = authoring.publish(authoring.create_sample(cast.ruth.user))
    assigning.assign(cast.course.link, edition, AssignmentRules(), by=TOOL)


def hand_in_all(cast: Cast) -> Attempt:
    """A class of thirty has submitted the sample. Return one of their attempts."""
    assignment = assignment_at(cast.course.link)
    names = (f"{n + 1} Pupil{n + 1:02}" for n in range(CLASS - 2))
    others = [make_someone(cast.course, f"p{n}", name, PUPIL) for n, name in enumerate(names)]
    for one in (cast.ben, *others):
        hand_in(assignment, one, ANSWERS)
    return hand_in(assignment, cast.amina, ANSWERS)


def test_a_sheet_to_fill_in_loads_no_more_than_20_kb(cast: Cast) -> None:
    place_sample(cast)
    weight = loaded(cast.amina, cast.amina.url("home"))
    assert weight.total <= 20 * KB, weight
    # What brings the words to the gaps and prints long answers comes when the page can be used.
    assert 0 < weight.later <= 6 * KB, weight


def test_the_page_of_a_class_loads_no_more_than_35_kb(cast: Cast) -> None:
    place_sample(cast)
    hand_in_all(cast)
    weight = loaded(cast.ruth, cast.ruth.url("class"))
    assert weight.total <= 35 * KB, weight


def test_the_page_to_mark_an_attempt_loads_no_more_than_45_kb(cast: Cast) -> None:
    place_sample(cast)
    attempt = hand_in_all(cast)
    weight = loaded(cast.ruth, cast.ruth.url("attempt", number=attempt.pk))
    assert weight.total <= 45 * KB, weight


def test_the_page_to_mark_a_question_loads_no_more_than_47_kb(cast: Cast) -> None:
    place_sample(cast)
    hand_in_all(cast)
    weight = loaded(cast.ruth, cast.ruth.url("mark-question", item="q2"))
    assert weight.total <= 47 * KB, weight
