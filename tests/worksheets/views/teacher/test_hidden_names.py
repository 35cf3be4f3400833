"""Where names are hidden nothing tells whose an answer is; and who may not follow the totals."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from lti_tool.models import User
from tests.cast import ASSISTANT, PUPIL, TEACHER, Cast, Someone, make_someone
from tests.reported import reported
from tests.worksheets.hidden import number_of, sign_of
from tests.worksheets.html import Page
from tests.worksheets.sheets import assignment_at, hand_in, mark, place
from worksheets.attempts.rubrics import rubric_of
from worksheets.marking.rubric import digest
from worksheets.models import Answer, Assignment, Attempt, Mark

SOURCE = """# Causes

Italy invaded ___Abyssinia___.

Explain.

??? 6 marks
rubric: level 2: names one cause

Again?

??? 4 marks

And now?

??? 2 marks
"""
NAMES = ["Ann Able", "Zoë Zand", "Bo Bay", "Cy Cane", "Di Dove", "Ed Eel", "Flo Fox", "Gus Gale"]
FIRST_USER, FIRST_ATTEMPT = 734_017, 891_041


@dataclass
class Hidden:
    """A class with numbers that are found wherever they stand."""

    cast: Cast
    assignment: Assignment
    works: list[Attempt]

    @property
    def secrets(self) -> set[str]:
        found = {part for name in NAMES for part in name.split() if len(part) > 2}
        for work in self.works:
            found |= {str(work.pk), str(work.user_id), work.user.sub}
            assert work.submitted_at
            found |= {f"{work.submitted_at:%H:%M:%S}", f"{work.submitted_at:%S.%f}"}
        return found

    def told(self, text: str) -> set[str]:
        """Return what a page tells beside what the pupils wrote."""
        for answer in Answer.objects.exclude(text=""):
            text = text.replace(answer.text, "")
        return {secret for secret in self.secrets if re.search(rf"\b{re.escape(secret)}\b", text)}


def renumber(attempt: Attempt, pk: int) -> Attempt:
    """Give an attempt a number that stands nowhere by chance."""
    Attempt.objects.filter(pk=attempt.pk).update(id=pk)
    for related in (Answer, Mark):
        related.objects.filter(attempt=attempt.pk).update(attempt=pk)
    return Attempt.objects.get(pk=pk)


@pytest.fixture
def hidden(cast: Cast) -> Hidden:
    assignment = place(cast, SOURCE)
    works = []
    for n, name in enumerate(NAMES):
        given, _, family = name.partition(" ")
        User.objects.create(
            pk=FIRST_USER + n,
            registration=cast.course.deployment.registration,
            sub=f"lms-{given.casefold()}-{n}",
            name=name,
            given_name=given,
            family_name=family,
        )
        someone = make_someone(cast.course, f"lms-{given.casefold()}-{n}", name, PUPIL)
        text = "My name is Ann" if not n else f"{'abcdefgh'[n] * 40} {'hgfedcba'[n] * 30}"
        written = {"q1": text, "q2": text[::-1], "q3": "", "g1": "Abyssinia"}
        work = renumber(hand_in(assignment, someone, written), FIRST_ATTEMPT + n)
        work.submitted_at = timezone.now() - timedelta(minutes=17 * n, seconds=7, microseconds=n)
        work.save()
        works.append(work)
    Mark.objects.filter(item="q3").delete()  # of what was left blank
    return Hidden(cast, assignment_at(cast.course.link), works)


def numbers(page: Page | str) -> list[str]:
    return re.findall(r'data-answer="(\d+)"', page if isinstance(page, str) else page.html)


def get(someone: Someone, view: str, query: str = "", **arguments: object) -> Any:
    return someone.client.get(someone.url(view, **arguments) + query)


def send(someone: Someone, work: Attempt, points: str, seen: str = "") -> Any:
    one = {"attempt": number_of(work), "points": points, "comment": "", "seen": [seen]}
    body = json.dumps({"marks": [one | {"read": sign_of(work)}]})
    url = someone.url("mark-question", item="q1")
    return someone.client.post(url, body, content_type="application/json")


@reported("desk-11")
def test_nothing_on_any_page_tells_whose_an_answer_is(hidden: Hidden) -> None:
    ruth, works = hidden.cast.ruth, hidden.works
    first = get(ruth, "mark-question", item="q1").content.decode()
    chunk = ".".join(numbers(first)[:3])
    url = ruth.url("mark-question", item="q1")
    number, sign = number_of(works[0]), sign_of(works[0])
    rubric = digest(rubric_of(hidden.assignment, hidden.assignment.edition.sheet.question("q1")))
    lines = {"attempt": number, f"read-{number}": sign, "line": "1", "rubric": rubric}
    colleague = make_someone(hidden.cast.course, "11", "Chidi Okafor", TEACHER)
    answers: dict[str, Any] = {
        "page": first,
        "end": get(ruth, "mark-question", "?part=end", item="q1"),
        "chunk": get(ruth, "mark-question", f"?part=answers&answers={chunk}", item="q1"),
        "alone": get(ruth, "mark-question", f"?answers={number}&alone=1", item="q1"),
        "blank": get(ruth, "mark-question", item="q3"),
        "json": send(ruth, works[1], "2"),
        "json of another": send(colleague, works[1], "3"),
        "too high": ruth.client.post(url, {"attempt": number, "number": "99", "comment": "x"}),
        "saved": ruth.client.post(url, {**lines, "number": ""}),
        "conflict": colleague.client.post(
            colleague.url("mark-question", item="q1"),
            {"attempt": number, f"seen-{number}": "", f"read-{number}": sign, "points": "1"},
        ),
        "read again": get(ruth, "mark-question", "?read=2", item="q1"),
        "no such answer": get(ruth, "mark-question", f"?answers={works[0].pk}", item="q1"),
        "rubric": get(ruth, "rubric", item="q1"),
        "rubric changed": ruth.client.post(
            ruth.url("rubric", item="q1"),
            {
                "rubric": rubric,
                "line-1-text": "names one",
                "line-1-points": "3",
                "line-1-kind": "1",
            },
        ),
        "nothing here": get(ruth, "mark-question", item="q99"),
    }
    assert answers["conflict"].status_code == 409
    for name, answer in answers.items():
        text = answer if isinstance(answer, str) else answer.content.decode()
        headers = "" if isinstance(answer, str) else str(answer.headers)
        assert hidden.told(text + headers) == set(), name
    # The search finds them where they may stand.
    shown = get(ruth, "mark-question", "?names=1", item="q1").content.decode()
    assert {"Able", str(works[0].pk)} <= hidden.told(shown)


@reported("desk-11")
def test_numbers_and_order_are_of_one_question_alone_and_stay(hidden: Hidden) -> None:
    ruth = hidden.cast.ruth
    pages = {item: get(ruth, "mark-question", item=item).content.decode() for item in ("q1", "q2")}
    orders = {}
    for item, page in pages.items():
        works = {str(number_of(work, item)): work for work in hidden.works}
        orders[item] = [works[number].pk for number in numbers(page)]
        assert numbers(get(ruth, "mark-question", item=item).content.decode()) == numbers(page)
    blank = {str(number_of(work, "q3")): work.pk for work in hidden.works}
    page = get(ruth, "mark-question", item="q3").content.decode()
    orders["q3"] = [blank[one] for one in re.findall(r'name="answer" value="(\d+)"', page)]
    by_number = sorted(orders["q1"])  # by time too, from the last to the first
    by_name = [work.pk for work in sorted(hidden.works, key=lambda one: one.user.sort_name)]
    for order in orders.values():
        assert len(order) == len(NAMES)
        assert order not in (by_number, by_number[::-1], by_name, by_name[::-1])
    assert len({tuple(order) for order in orders.values()}) == 3
    assert not set(numbers(pages["q1"])) & set(numbers(pages["q2"]))
    others = get(ruth, "class").content.decode() + get(ruth, "class-answers").content.decode()
    for page in pages.values():
        assert not any(number in others for number in numbers(page))


@reported("desk-11")
def test_an_assistant_sees_no_totals_by_name_while_answers_are_marked(hidden: Hidden) -> None:
    cast, works = hidden.cast, hidden.works
    tariq = make_someone(cast.course, "14", "Tariq Alami", ASSISTANT, TEACHER)
    page = Page(get(tariq, "class"))
    assert "Names are hidden where you mark." in page.text
    assert "12/12" not in page.text
    query = re.search(r'hx-get="[^"]*/class/news/\?([^"]+)"', page.html)
    assert query
    before = page.html
    mark(works[0], cast.ruth, q1="5", q2="4", q3="2")
    # Nothing on the page moves, nor in the news of it.
    after = get(tariq, "class").content.decode()
    assert rows_of(after) == rows_of(before)
    news = get(tariq, "class-news", "?" + query[1].replace("&amp;", "&"))
    assert b"Able" not in news.content
    assert "5/6" not in Page(get(tariq, "attempt", number=works[0].pk)).text
    for view, arguments in (
        ("table", {"table": "marks", "form": "csv"}),
        ("print-marked", {}),
        ("print-attempt", {"number": works[0].pk}),
    ):
        answer = get(tariq, view, **arguments)
        assert answer.status_code == 403
        assert "Names are hidden where you mark." in Page(answer).text
    tables = Page(get(tariq, "tables"))
    assert tariq.url("print-marked") not in tables.links
    # The teacher sees all of it, and so does the assistant once nothing waits.
    assert "11/12" in Page(get(cast.ruth, "class")).text
    for work in works[1:]:
        mark(work, cast.ruth, q1="5", q2="4", q3="2")
    # A page that stayed open hears of it, and says no more that anything is hidden.
    news = Page(get(tariq, "class-news", "?" + query[1].replace("&amp;", "&")))
    assert "11/12" in news.text
    assert "class-hidden" in news.ids
    assert "Names are hidden" not in news.text
    page = Page(get(tariq, "class"))
    assert "11/12" in page.text
    assert "8 pupils are marked. A teacher releases the marks." in page.text
    assert "Release" not in "".join(page.buttons)
    assert get(tariq, "print-marked").status_code == 200


def rows_of(page: str) -> list[str]:
    token = re.compile(r"/a/[^/]+/")
    return [token.sub("", row) for row in re.findall(r"(?s)<tr id=.*?</tr>", page)]


@reported("desk-11")
def test_a_changed_rubric_names_no_attempt(hidden: Hidden) -> None:
    """Marks that were changed by hand are asked about one by one."""
    ruth, work = hidden.cast.ruth, hidden.works[0]
    question = hidden.assignment.edition.sheet.question("q1")
    rubric = digest(rubric_of(hidden.assignment, question))
    number = number_of(work)
    form = {"attempt": number, f"read-{number}": sign_of(work), f"seen-{number}": ""}
    url = ruth.url("mark-question", item="q1")
    typed = {"line": "1", "rubric": rubric, "number": "5"}
    assert ruth.client.post(url, form | typed).status_code == 302
    page = Page(get(ruth, "rubric", item="q1"))
    preview = Page(
        ruth.client.post(ruth.url("rubric", item="q1"), page.posted | {"line-1-points": "3"})
    )
    assert "Changed by hand" in preview.text
    assert hidden.told(preview.html) == set()
    confirmed = {name: one.value for name, one in preview.fields.items()}
    assert confirmed["too"] == str(number)
    assert ruth.client.post(ruth.url("rubric", item="q1"), confirmed).status_code == 302
    assert work.marks.get(item="q1").points == Decimal(3)
