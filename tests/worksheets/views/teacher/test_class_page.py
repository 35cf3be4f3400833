"""The class list as a teacher finds it, and what becomes of it when the roster is read."""

from __future__ import annotations

import gzip
import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lti_tool.models import Context, Delivery, LineItem, Membership, Registration, User
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services.errors import DeliveryProblem
from tests.cast import PUPIL, TEACHER, Cast
from tests.lti_tool.rosters import FAULTY, connect, page, person, questions
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault
from tests.worksheets.html import Page
from tests.worksheets.sheets import GAPS_ONLY, hand_in, mark, place, save
from worksheets import attempts
from worksheets.models import Assignment, Attempt, Mark

HTMX = {"HX-Request": "true"}
READING = 'hx-trigger="load"'
CHIARA = person("103", name="Chiara Bellini", given_name="Chiara", family_name="Bellini")
EVERYBODY = (person("10", "Instructor"), person("101"), person("102"), CHIARA)


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


@pytest.fixture
def lms(fake_platform: FakePlatform, cast: Cast, assignment: Assignment) -> FakePlatform:
    Membership.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    connect(fake_platform, cast.course)
    return fake_platform


def look(cast: Cast, query: str = "") -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url("class") + query))


def refresh(cast: Cast, query: str = "", **headers: str) -> Any:
    return cast.ruth.client.post(cast.ruth.url("roster") + query, headers=headers)


def enrol(cast: Cast, size: int, name: str = "Pupil Number") -> None:
    registration = cast.course.deployment.registration
    users = User.objects.bulk_create(
        User(registration=registration, sub=f"p{n}", name=f"{name} {n:04}") for n in range(size)
    )
    Membership.objects.bulk_create(
        Membership(user=user, context=cast.course.context, roles=[PUPIL]) for user in users
    )


# --- the list ---


def test_it_tells_who_never_opened_the_link(cast: Cast, assignment: Assignment) -> None:
    enrol(cast, 2)
    save(assignment, cast.ben, {"g1": "Bavaria"})
    text = look(cast).text
    assert "4 pupils 1 in progress 1 opened, not started 2 not opened" in text
    assert "Amina Abdullahi opened, not started" in text
    assert "Ben Ashworth in progress" in text
    assert "Pupil Number 0000 not opened" in text


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ("never-opened", ["Pupil Number 0000"]),
        ("opened", ["Amina Abdullahi"]),
        ("submitted", ["Ben Ashworth"]),
        ("to-mark", ["Ben Ashworth"]),
        ("left", []),
        ("nonsense", ["Amina Abdullahi", "Ben Ashworth", "Pupil Number 0000"]),
    ],
)
def test_a_part_of_the_class(
    cast: Cast, assignment: Assignment, part: str, shown: list[str]
) -> None:
    enrol(cast, 1)
    hand_in(assignment, cast.ben)
    found = look(cast, f"?show={part}")
    assert found.status == 200
    for name in ("Amina Abdullahi", "Ben Ashworth", "Pupil Number 0000"):
        assert (name in found.text) == (name in shown)
    if not shown:
        assert "Nobody found." in found.text


def test_a_long_class_can_be_searched_and_keeps_what_is_shown_from_page_to_page(
    cast: Cast, assignment: Assignment
) -> None:
    assert "search" not in look(cast).fields
    enrol(cast, 120)
    found = look(cast, "?show=never-opened&search=NUMBER&page=2")
    assert "Page 2 of 3" in found.text
    assert "Pupil Number 0050" in found.text
    assert "?page=3&show=never-opened&search=NUMBER" in found.links
    assert found.fields["search"].value == "NUMBER"
    assert "Pupil Number 0042" in look(cast, "?search=0042").text
    assert "Amina" not in look(cast, "?search=0042").text


def names(page: Page) -> list[str]:
    """The pupils of the list, from above."""
    body = page.html.partition("<tfoot")[0]
    name = r'<th role="rowheader"[^>]*>\s*(?:<input[^>]*>\s*)?(?:<a[^>]*>)?([^<>]+?)\s*<'
    return re.findall(name, body)


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["Amina Abdullahi", "Ben Ashworth", "Chiara Bellini"]),
        ("?sort=name&order=descending", ["Chiara Bellini", "Ben Ashworth", "Amina Abdullahi"]),
        ("?sort=gaps", ["Ben Ashworth", "Amina Abdullahi", "Chiara Bellini"]),
        # Who has nothing there comes last, from whichever end it is read.
        ("?sort=gaps&order=descending", ["Amina Abdullahi", "Ben Ashworth", "Chiara Bellini"]),
        ("?sort=written", ["Ben Ashworth", "Amina Abdullahi", "Chiara Bellini"]),
        ("?sort=total", ["Ben Ashworth", "Amina Abdullahi", "Chiara Bellini"]),
        ("?sort=status", ["Chiara Bellini", "Amina Abdullahi", "Ben Ashworth"]),
        ("?sort=gradebook&order=descending", ["Amina Abdullahi", "Ben Ashworth", "Chiara Bellini"]),
        ("?sort=nonsense&order=x", ["Amina Abdullahi", "Ben Ashworth", "Chiara Bellini"]),
    ],
)
def test_it_is_sorted_by_a_column(
    cast: Cast, assignment: Assignment, query: str, order: list[str]
) -> None:
    user = User.objects.create(
        registration=cast.course.deployment.registration, sub="c", name="Chiara Bellini"
    )
    Membership.objects.create(user=user, context=cast.course.context, roles=[PUPIL])
    mark(hand_in(assignment, cast.amina), cast.ruth, q1="4", q2="1")
    few = {"g1": "Manchuria", "q1": "x", "q2": "x", "q2-choice": "a"}
    mark(hand_in(assignment, cast.ben, few), cast.ruth, q1="1", q2="1")
    Attempt.objects.filter(user=cast.ben.user).update(released_at=timezone.now())
    assert names(look(cast, query)) == order


def test_a_sorted_column_says_so_and_turns_round(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    heads = r'aria-sort="(\w+)"\s*>\s*<a href="\?([^"]*)">([^<]*)'
    plain, up, down = (
        re.findall(heads, look(cast, query).html)
        for query in ("", "?sort=gaps&show=submitted&page=1", "?sort=gaps&order=descending")
    )
    assert plain == [("ascending", "sort=name&amp;order=descending", "Pupil")]
    assert up == [("ascending", "show=submitted&amp;sort=gaps&amp;order=descending", "Gaps")]
    assert down == [("descending", "sort=gaps", "Gaps")]


def test_the_order_is_kept_from_page_to_page_and_part_to_part(
    cast: Cast, assignment: Assignment
) -> None:
    enrol(cast, 120)
    found = look(cast, "?sort=name&order=descending&show=never-opened")
    assert names(found)[0] == "Pupil Number 0119"
    assert "?page=2&show=never-opened&sort=name&order=descending" in found.links
    assert "?show=opened&sort=name&order=descending" in found.links
    assert "?sort=name&order=descending" in found.links
    kept = {name: found.fields[name].value for name in ("sort", "order")}
    assert kept == {"sort": "name", "order": "descending"}


def test_the_foot_averages_what_is_listed_on_all_pages(cast: Cast, assignment: Assignment) -> None:
    mark(hand_in(assignment, cast.amina), cast.ruth, q1="4", q2="1")
    mark(hand_in(assignment, cast.ben, {"g1": "Manchuria"}), cast.ruth, q1="1", q2="0")
    text = look(cast).text
    assert "Average 2.5/4 of 2 pupils 3/10 of 2 pupils 5.5/14 of 2 pupils" in text
    assert (
        "Average 1/4 of 1 pupil 1/10 of 1 pupil 2/14 of 1 pupil" in look(cast, "?search=Ben").text
    )


def test_the_release_names_some_and_counts_the_rest(
    cast: Cast, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worksheets.views.teacher.class_page.MAX_NAMED", 1)
    for someone in (cast.amina, cast.ben):
        mark(hand_in(assignment, someone), cast.ruth, q1="4", q2="1")
    text = look(cast).text
    assert "Release marks to 2 pupils" in text
    assert "Amina Abdullahi (9/14), and 1 more." in text


class TestSquares:
    def squares(self, page: Page) -> list[tuple[str, list[str]]]:
        found = re.findall(
            r'class="squares" role="img" aria-label="([^"]*)"[^>]*>(.*?)</span>', page.html
        )
        return [(words, re.findall(r'<i class="(\w+)">', inside)) for words, inside in found]

    def test_each_gap_of_submitted_work_has_one_and_words(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        hand_in(assignment, cast.amina)
        hand_in(assignment, cast.ben, {"g1": "Manchuria", "g2": "Bavaria", "g3": "Bavaria"})
        assert self.squares(look(cast)) == [
            ("all gaps right", ["right"] * 4),
            ("wrong: 2, 3; left blank: 4", ["right", "wrong", "wrong", "blank"]),
        ]

    def test_half_right(self, cast: Cast, assignment: Assignment) -> None:
        attempt = hand_in(assignment, cast.amina)
        Mark.objects.filter(attempt=attempt, item="g2").update(points="0.5")
        assert self.squares(look(cast))[0][0] == "partly right: 2"

    def test_work_in_progress_has_none(self, cast: Cast, assignment: Assignment) -> None:
        save(assignment, cast.amina, {"g1": "Manchuria"})
        assert self.squares(look(cast)) == []

    def test_many_gaps_are_figures(self, cast: Cast) -> None:
        words = "".join(f"The {n}th is ___x{n}___.\n\n" for n in range(41))
        assignment = place(cast, f"# Many\n\n{words}")
        hand_in(assignment, cast.amina, {"g1": "x0", "g2": "no"})
        page = look(cast)
        assert self.squares(page) == []
        assert "1 right · 1 wrong · 39 left blank" in page.text

    def test_a_class_of_thirty_stays_light(self, cast: Cast) -> None:
        """35 kB with what the page loads; more pupils take no more statements."""
        words = "".join(f"The {n}th is ___x{n}___.\n\n" for n in range(40))
        assignment = place(cast, f"# Many\n\n{words}")
        registration = cast.course.deployment.registration
        for n in range(30):
            user = User.objects.create(registration=registration, sub=f"p{n}", name=f"Pupil {n}")
            Membership.objects.create(user=user, context=cast.course.context, roles=[PUPIL])
            answers = {f"g{gap + 1}": f"x{gap}" for gap in range(n, 40)}
            attempts.save_answers(assignment, user, assignment.edition_id, answers)
            attempts.submit(assignment, user, assignment.edition_id)
        cast.ruth.client.get(cast.ruth.url("class"))
        with CaptureQueriesContext(connection) as thirty:
            page = cast.ruth.client.get(cast.ruth.url("class"))
        assert len(gzip.compress(page.content, 6)) < 9_000
        Attempt.objects.filter(user__sub__in=[f"p{n}" for n in range(20)]).delete()
        with CaptureQueriesContext(connection) as ten:
            cast.ruth.client.get(cast.ruth.url("class"))
        assert len(ten) == len(thirty)


@pytest.mark.parametrize(
    "query",
    [
        "?search=%00",
        "?search=" + "x" * 5000,
        "?page=-1",
        "?page=x",
        "?show=%22%3E",
        "?show=a&show=b",
    ],
)
def test_an_odd_address_shows_a_page(cast: Cast, assignment: Assignment, query: str) -> None:
    assert look(cast, query).status == 200


def test_who_left_is_said_to_have_left(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina)
    Membership.objects.filter(user=cast.amina.user).update(status=Membership.Status.GONE)
    found = look(cast)
    assert "1 left the course" in found.text
    assert "Amina Abdullahi left the course submitted" in found.text
    assert found.text.index("Ben Ashworth") < found.text.index("Amina Abdullahi left")
    answer = cast.ruth.client.get(cast.ruth.url("attempt", number=attempt.pk))
    assert answer.status_code == 200


def test_a_colleague_is_no_pupil(cast: Cast, assignment: Assignment) -> None:
    registration = cast.course.deployment.registration
    user = User.objects.create(registration=registration, sub="11", name="Tomasz Brandt")
    Membership.objects.create(user=user, context=cast.course.context, roles=[TEACHER])
    assert "Tomasz" not in look(cast).text


def test_without_names_the_teacher_is_told_once_which_setting_sends_them(
    cast: Cast, assignment: Assignment
) -> None:
    assert "sends no names" not in look(cast).text
    User.objects.update(name="", given_name="", family_name="")
    Registration.objects.update(product="moodle")
    text = look(cast).text
    assert f"Pupil {cast.amina.user.pk}" in text
    assert text.count("Your LMS sends no names") == 1
    assert "Share launcher's name with tool" in text


@pytest.mark.parametrize(
    ("product", "advice"),
    [
        ("canvas", "In Canvas only an assignment has one"),
        ("moodle", "Allow grades in the activity's settings in the LMS"),
    ],
)
def test_an_activity_without_a_column_says_so_once(
    cast: Cast, assignment: Assignment, product: str, advice: str
) -> None:
    Registration.objects.update(product=product)
    hand_in(assignment, cast.amina)
    hand_in(assignment, cast.ben)
    assert "no column" not in look(cast).text
    Delivery.objects.update(state="refused", problem="no-column")
    text = look(cast).text
    assert text.count("no column in the gradebook, so no marks are sent.") == 1
    assert advice in text
    assert "no gradebook column" not in text
    Delivery.objects.update(state="refused", problem="column-gone")
    assert look(cast).text.count("no longer exists.") == 2


@pytest.mark.parametrize(
    "known", [{"url": "", "container_url": ""}, {"url": "", "scopes": [Scope.SCORE]}]
)
def test_an_activity_that_can_get_no_column_says_so_before_the_first_score(
    cast: Cast, assignment: Assignment, known: dict[str, object]
) -> None:
    assert "no column" not in look(cast).text
    LineItem.objects.filter(link=cast.course.link).update(**known)
    text = look(cast).text
    assert text.count("no column in the gradebook, so no marks are sent.") == 1
    LineItem.objects.filter(link=cast.course.link).update(scopes=[Scope.LINE_ITEM])
    gets_one = bool(LineItem.objects.get(link=cast.course.link).container_url)
    assert ("no column" in look(cast).text) is not gets_one


def test_a_text_that_earns_no_marks_needs_no_column(cast: Cast) -> None:
    place(cast, "Read this.\n")
    LineItem.objects.filter(link=cast.course.link).update(url="", scopes=[])
    assert "no column" not in look(cast).text


def test_a_column_that_the_lms_does_not_name_is_told_once(
    cast: Cast, assignment: Assignment
) -> None:
    hand_in(assignment, cast.amina)
    hand_in(assignment, cast.ben)
    Delivery.objects.update(state="refused", problem="column-unknown")
    text = look(cast).text
    assert text.count("no second column is made") == 1
    assert "Allow grades" not in text


def test_a_mark_that_was_sent_without_looking_says_so(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    Delivery.objects.update(state="delivered", sent_unseen=True)
    assert look(cast).text.count("Sent without looking:") == 1
    Delivery.objects.update(sent_unseen=False)
    assert "Sent without looking" not in look(cast).text


def test_statements_do_not_grow_with_the_class(cast: Cast, assignment: Assignment) -> None:
    counts = []
    for size in (0, 30, 400):
        User.objects.filter(sub__startswith="p").delete()
        enrol(cast, size)
        with CaptureQueriesContext(connection) as asked:
            look(cast)
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


# --- the roster ---


def test_a_page_never_waits_for_the_roster(cast: Cast, lms: FakePlatform) -> None:
    lms.always_fail(FAULTY, Fault(hang=True))
    found = look(cast)
    assert "Amina Abdullahi" in found.text
    assert READING in found.html
    assert "Reading the class list from your LMS …" in found.text
    assert "The class list has not been read yet" in found.text
    assert lms.asked == []


def test_a_page_with_scripts_gets_the_new_list(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page(*EVERYBODY))
    found = Page(refresh(cast, **HTMX))
    assert found.status == 200
    assert "Class list as of" in found.text
    assert "Chiara Bellini not opened" in found.text
    assert '<div id="class-list" hx-swap-oob="true">' in found.html
    assert "<html" not in found.html
    assert READING not in look(cast).html


def test_the_new_list_is_the_part_that_was_shown(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page(*EVERYBODY))
    asked = f"{cast.ruth.url('roster')}?show=never-opened"
    assert asked in look(cast, "?show=never-opened").html
    found = Page(refresh(cast, "?show=never-opened", **HTMX))
    assert "Chiara Bellini" in found.text
    assert "Amina Abdullahi" not in found.text


def test_a_button_does_it_without_scripts(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page(*EVERYBODY))
    assert "Refresh the class list" in look(cast).text
    answer = refresh(cast, "?show=never-opened&notice=released&next=//evil.example")
    assert (answer.status_code, answer["Location"]) == (
        302,
        cast.ruth.url("class") + "?show=never-opened",
    )
    assert "Chiara Bellini" in look(cast).text


def test_an_lms_that_hangs_breaks_nothing(
    cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lti_tool.roster.reading.CALL_SECONDS", 0.2)
    lms.fail(FAULTY, Fault(hang=True))
    found = Page(refresh(cast, **HTMX))
    assert found.status == 200
    assert "The LMS did not answer." in found.text
    assert "Amina Abdullahi" in found.text
    assert "The LMS did not answer." in look(cast).text
    assert READING not in look(cast).html  # not again at once


@pytest.mark.parametrize("fault", [Fault(403), Fault(401)], ids=["scope", "token"])
def test_what_to_change_in_moodle(cast: Cast, lms: FakePlatform, fault: Fault) -> None:
    Registration.objects.update(product="moodle")
    lms.always_fail(FAULTY, fault)
    text = Page(refresh(cast, **HTMX)).text
    assert "IMS LTI Names and Role Provisioning" in text
    assert "as per privacy settings" in text


def test_an_lms_without_a_roster(cast: Cast, assignment: Assignment) -> None:
    Registration.objects.update(product="moodle")
    found = look(cast)
    assert "Your LMS gives this tool no class list" in found.text
    assert "IMS LTI Names and Role Provisioning" in found.text
    assert "Refresh the class list" not in found.text
    assert READING not in found.html
    assert refresh(cast, **HTMX).status_code == 200


def test_a_pupil_reads_no_roster(cast: Cast, lms: FakePlatform) -> None:
    assert cast.amina.client.post(cast.amina.url("roster")).status_code == 403
    assert questions(lms) == []
    assert Context.objects.get(pk=cast.course.context.pk).roster_tried_at is None


def test_a_name_from_a_roster_is_text(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page(*EVERYBODY, person("104", name="<script>x</script>")))
    found = Page(refresh(cast, **HTMX))
    assert "<script>x</script> not opened" in found.text


# --- marks on their way ---


FOLLOWING = re.compile(
    r'<div id="class-following"\s+hidden\s+hx-get="([^"]+)"\s+hx-trigger="every (\d+)s"'
)


@pytest.fixture
def sending(cast: Cast) -> list[Delivery]:
    """Marks of Amina and Ben that are on their way."""
    assignment = place(cast, GAPS_ONLY)
    for someone in (cast.amina, cast.ben):
        hand_in(assignment, someone, {"g1": "Manchuria"})
    return list(Delivery.objects.order_by("user__sub"))


def follow(cast: Cast, content: str) -> Any:
    """What the page asks for next."""
    asked = FOLLOWING.search(content)
    assert asked, content
    return cast.ruth.client.get(html.unescape(asked[1]), headers=HTMX)


def arrive(*deliveries: Delivery, **values: object) -> None:
    pks = [delivery.pk for delivery in deliveries]
    said = {"state": Delivery.State.DELIVERED, "problem": "", **values}
    Delivery.objects.filter(pk__in=pks).update(**said)


def updated(page: Page) -> list[str]:
    return [name for name in page.ids if name.startswith("score-")]


def test_it_follows_marks_until_they_have_arrived(cast: Cast, sending: list[Delivery]) -> None:
    amina, ben = sending
    page = look(cast)
    assert "Sending …" in page.text
    arrive(amina)
    news = Page(follow(cast, page.html))
    assert updated(news) == [f"score-{amina.user_id}", f"score-{ben.user_id}"]
    assert "✓ 1/" in news.text
    assert "1 mark has reached the gradebook." in news.text
    arrive(ben)
    news = Page(follow(cast, news.html))
    assert updated(news) == [f"score-{ben.user_id}"]
    assert "hx-get" not in news.html
    assert "hx-get" not in look(cast).html.split('id="class-list"')[1]


def test_without_news_nothing_on_the_page_is_touched(cast: Cast, sending: list[Delivery]) -> None:
    content, waits = look(cast).html, []
    for _ in range(7):
        found = FOLLOWING.search(content)
        assert found
        waits.append(int(found[2]))
        content = follow(cast, content).content.decode()
        assert "hx-swap-oob" not in content
        assert Page(HttpResponse(content)).text == ""
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    arrive(sending[0])
    asked = FOLLOWING.search(follow(cast, content).content.decode())
    assert asked
    assert asked[2] == "1"


def test_a_look_without_news_costs_little(cast: Cast, sending: list[Delivery]) -> None:
    page = look(cast)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        follow(cast, page.html)
    assert len(queries) <= 6, [query["sql"] for query in queries]


@pytest.mark.parametrize(
    ("values", "goes_on"),
    [
        ({"state": Delivery.State.DUE, "problem": DeliveryProblem.UNREACHABLE}, True),
        ({"state": Delivery.State.REFUSED, "problem": DeliveryProblem.NOT_ACCEPTED}, False),
    ],
)
def test_a_mark_that_does_not_arrive(
    cast: Cast, sending: list[Delivery], values: dict[str, object], goes_on: bool
) -> None:
    amina, ben = sending
    arrive(ben)
    page = look(cast)
    arrive(amina, **values)
    news = Page(follow(cast, page.html))
    assert "1 mark has not reached the gradebook." in news.text
    assert "1 not in the gradebook" in news.text
    assert bool(FOLLOWING.search(news.html)) == goes_on


def test_a_filtered_list_stays_filtered(cast: Cast, sending: list[Delivery]) -> None:
    page = look(cast, "?search=Ben")
    arrive(*sending)
    news = Page(follow(cast, page.html))
    assert updated(news) == [f"score-{sending[1].user_id}"]


@pytest.mark.parametrize(
    "query", ["", "?waiting=x-9-٣&seen=1&look=x", "?waiting=" + "9" * 300, "?waiting=1&look=-1"]
)
def test_an_odd_question_has_no_news(cast: Cast, sending: list[Delivery], query: str) -> None:
    answer = cast.ruth.client.get(cast.ruth.url("class-scores") + query)
    assert answer.status_code == 200
    assert updated(Page(answer)) == []
