"""From the LMS's 'select content' to the signed answer, and from there to the worksheet."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import jwt
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape

from lti_tool.models import AuditEntry, Registration, StoredLaunch, User
from lti_tool.platforms.tool_keys import signing_key
from lti_tool.protocol.vocabulary import DEEP_LINKING_RESPONSE, VERSION, Claim
from tests.lti_tool.launching import Answer, Browser
from tests.lti_tool.selecting import RETURN, SETTINGS, deep_linking
from tests.platform.launches import ABSENT, TEACHER, Changes, Platform
from tests.worksheets.html import Page, are_in_order
from tests.worksheets.sheets import CAUSES, GAPS_ONLY, HIDDEN, READING, RULES, UNMARKED
from worksheets import authoring
from worksheets.authoring import sharing
from worksheets.authoring.papers import keep_paper
from worksheets.authoring.sharing import Rights
from worksheets.models import (
    UNLIMITED,
    Assignment,
    Edition,
    Feedback,
    PendingAssignment,
    Sending,
    Worksheet,
)

CHOSEN = "/lti/launch/"
TEACHERS: Changes = {Claim.ROLES: [TEACHER]}


class Picker:
    """A teacher in front of the library, in the browser that the LMS sent."""

    def __init__(self, browser: Browser, platform: Platform, **settings: object) -> None:
        self.platform, self.browser = platform, browser
        answer = browser.launch(platform, deep_linking(**settings))
        assert answer.status == 302, answer.text
        self.address = answer.location
        self.teacher = User.objects.get()

    def publish(self, source: str = CAUSES) -> Edition:
        return authoring.publish(authoring.create(self.teacher, source))

    def open(self, query: str = "") -> str:
        answer = self.browser.get(self.address + query)
        assert answer.status == 200
        return answer.text

    def pick(
        self, *editions: Edition, status: int = 200, fields: dict[str, str] | None = None
    ) -> str:
        body = "&".join(
            [
                *(f"worksheet={edition.worksheet_id}" for edition in editions),
                *(f"{name}={value}" for name, value in (fields or {}).items()),
            ]
        )
        answer = self.browser.send("POST", f"{self.address}pick/", body=body)
        assert answer.status == status, answer.text
        return answer.text

    def answered(self, page: str) -> dict[str, Any]:
        """The claims of the answer that the page posts, checked as a platform checks them."""
        form = re.search(r'<form method="post" action="([^"]+)" data-post>', page)
        field = re.search(r'name="JWT" value="([^"]+)"', page)
        assert form
        assert field
        assert unescape(form[1]) == RETURN
        key = signing_key()
        assert jwt.get_unverified_header(field[1])["kid"] == key.kid
        claims: dict[str, Any] = jwt.decode(
            field[1],
            key.private.public_key(),
            algorithms=["RS256"],
            audience=self.platform.issuer,
            issuer=self.platform.client_id,
            options={"require": ["exp", "iat", "nonce"]},
        )
        return claims


@pytest.fixture
def picker(direct: Browser, platform: Platform) -> Picker:
    return Picker(direct, platform)


def test_the_answer_holds_what_the_specification_asks_for(picker: Picker) -> None:
    edition = picker.publish()
    claims = picker.answered(picker.pick(edition))
    pending = PendingAssignment.objects.get()
    assert claims[Claim.MESSAGE_TYPE] == DEEP_LINKING_RESPONSE
    assert claims[Claim.VERSION] == VERSION
    assert claims[Claim.DEPLOYMENT_ID] == picker.platform.deployment_id
    assert claims[Claim.DATA] == SETTINGS["data"]
    (item,) = claims[Claim.CONTENT_ITEMS]
    assert item["type"] == "ltiResourceLink"
    assert item["url"] == "http://localhost:8001/lti/launch/"
    assert item["title"] == "Causes of terror"
    assert item["custom"] == {"worksheet": str(pending.pk)}
    assert item["lineItem"]["scoreMaximum"] == 14
    assert item["lineItem"]["resourceId"] == str(pending.pk)
    assert item["lineItem"]["tag"] == "worksheet"
    assert "Submitted" in item["lineItem"]["submissionReview"]["reviewableStatus"]
    assert "iframe" in item
    assert "available" not in item
    assert (pending.edition, pending.feedback) == (edition, Feedback.CORRECTNESS)
    recorded = AuditEntry.objects.get(subject=pending.audit_subject)
    assert (recorded.kind, recorded.actor) == ("edition", picker.teacher)


def test_a_published_worksheet_is_edited_and_comes_back_as_its_new_version(picker: Picker) -> None:
    edition = picker.publish()
    link = re.search(r'href="(/a/[^"]+/worksheets/\d+/)">\s*Edit', picker.open())
    assert link
    form = Page(_response(picker.browser.get(link[1]))).posted
    source = CAUSES.replace("Abroad", "Far away")
    picker.browser.send("POST", link[1], form | {"source": source})
    use = {"seen": authoring.digest_of(source), "choose": "1"}
    answer = picker.browser.send("POST", f"{link[1]}answers/", use)
    assert (answer.status, answer.location) == (302, picker.address)
    assert re.search(rf'value="{edition.worksheet_id}"\s+id="\S+" checked', picker.open())
    picker.answered(picker.pick(edition))
    pending = PendingAssignment.objects.get()
    assert (pending.edition.worksheet, pending.edition.number) == (edition.worksheet, 2)


def test_what_was_being_made_is_offered_when_the_window_is_opened_again(picker: Picker) -> None:
    for number in range(12):  # its own line is on the second page
        picker.publish(f"# Sheet {number}\n\nThe ___Nile___.\n")
    assert "You have begun" not in picker.open()
    text = "# Rivers & seas\n\nThe ______ and the ______.\n"
    made = authoring.create(picker.teacher, text)

    def go_on() -> str:
        page = picker.open()
        assert "You have begun “Rivers &amp; seas”." in page
        found = re.search(r'href="([^"]+)">\s*Go on<', page)
        assert found
        assert picker.browser.get(found[1]).status == 200
        return found[1].removeprefix(picker.address)

    assert go_on() == f"worksheets/{made.pk}/answers/"
    keep_paper(made, "rivers.txt", text)
    assert go_on() == f"worksheets/{made.pk}/review/"
    made = authoring.save(made, text.replace("______", "___Nile___", 1), seen=None)
    assert go_on() == f"worksheets/{made.pk}/answers/"
    made = authoring.save(made, text.replace("______", "___Nile___"), seen=None)
    authoring.publish(made)
    assert "You have begun" not in picker.open()


def test_nothing_can_be_added_before_something_is_published(picker: Picker) -> None:
    made = authoring.create(picker.teacher, "# Rivers\n\nThe ___Nile___.\n")
    page = picker.open()
    assert "Not published. Open it to finish it." in page
    assert "Add to course" not in page
    assert 'name="nothing"' in page
    authoring.publish(made)
    assert "Add to course" in picker.open()


def _response(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.text, status=answer.status)


@pytest.mark.parametrize("product", ["canvas", "moodle"])
def test_what_a_teacher_wrote_about_an_assignment_in_canvas_stays(
    picker: Picker, product: str
) -> None:
    edition = picker.publish()
    picker.open()
    Registration.objects.update(product=product)
    (item,) = picker.answered(picker.pick(edition))[Claim.CONTENT_ITEMS]
    name = "https://canvas.instructure.com/lti/preserveExistingAssignmentName"
    if product == "canvas":
        assert "text" not in item
        assert item[name] is True
    else:
        assert item["text"]
        assert name not in item
    assert item["title"] == "Causes of terror"


def test_canvas_takes_the_due_date_for_its_own(picker: Picker) -> None:
    edition = picker.publish()
    key = f"w{edition.worksheet_id}"
    # What a form needs, as the next test posts it.
    fields = {
        f"{key}-title": "Causes",
        f"{key}-points": "14",
        **{f"{key}-{name}": value for name, value in RULES.items()},
        f"{key}-due_at": "2126-01-30T18:00",
        f"{key}-closes_at": "2126-01-31T18:00",
    }
    picker.open()
    Registration.objects.update(product="canvas")
    (item,) = picker.answered(picker.pick(edition, fields=fields))[Claim.CONTENT_ITEMS]
    assert item["available"] == {"endDateTime": "2126-01-31T18:00:00+00:00"}
    assert item["submission"] == {"endDateTime": "2126-01-30T18:00:00+00:00"}


def test_several_with_rules_of_their_own(picker: Picker) -> None:
    first, second = picker.publish(), picker.publish(GAPS_ONLY)
    key = f"w{first.worksheet_id}"
    page = picker.pick(
        first,
        second,
        fields={
            f"{key}-title": "For  class 9",
            f"{key}-points": "50.5",
            f"{key}-feedback": "answers",
            f"{key}-sending": "gaps-only",
            f"{key}-attempt_limit": "0",
            f"{key}-new_attempt": "all",
            f"{key}-counting": "last",
            f"{key}-opens_at": "2126-01-01T08:00",
            f"{key}-closes_at": "2126-01-31T14:05",
            f"{key}-due_at": "2126-01-30T18:00",
            f"{key}-late_deduction": "20",
            f"{key}-late_per_day": "on",
            f"{key}-new_window": "on",
        },
    )
    one, two = picker.answered(page)[Claim.CONTENT_ITEMS]
    assert (one["title"], one["lineItem"]["scoreMaximum"]) == ("For class 9", 50.5)
    span = {
        "startDateTime": "2126-01-01T08:00:00+00:00",
        "endDateTime": "2126-01-31T14:05:00+00:00",
    }
    assert one["available"] == one["submission"] == span
    assert one["window"] == {"targetName": "_blank"}
    assert "iframe" not in one
    assert two["title"] == second.title
    rules = PendingAssignment.objects.get(edition=first)
    assert (rules.feedback, rules.sending) == (Feedback.ANSWERS, Sending.GAPS_ONLY)
    assert (rules.attempt_limit, rules.counting) == (UNLIMITED, "last")
    assert rules.new_attempt == "all"
    assert rules.closes_at is not None
    assert rules.due_at == datetime(2126, 1, 30, 18, tzinfo=UTC)
    assert (rules.late_deduction, rules.late_per_day) == (20, True)


def test_where_one_is_asked_for_one_is_answered(direct: Browser, platform: Platform) -> None:
    picker = Picker(direct, platform, accept_multiple=False, data=ABSENT, accept_lineitem=False)
    claims = picker.answered(picker.pick(picker.publish(), picker.publish(GAPS_ONLY)))
    (item,) = claims[Claim.CONTENT_ITEMS]
    assert "lineItem" not in item
    assert Claim.DATA not in claims
    assert 'type="radio"' in picker.open()


def test_a_text_to_read_has_no_column(picker: Picker) -> None:
    (item,) = picker.answered(picker.pick(picker.publish(READING)))[Claim.CONTENT_ITEMS]
    assert "lineItem" not in item


def test_cancelling_answers_with_nothing(picker: Picker) -> None:
    claims = picker.answered(picker.pick(fields={"nothing": "1"}))
    assert claims[Claim.CONTENT_ITEMS] == []
    assert not PendingAssignment.objects.exists()


def pressed_with(edition: Edition, **typed: str) -> dict[str, str]:
    """What a press on 'Use here' posts, with the settings of that line."""
    settings = {"title": "T", "points": "5", **RULES, **typed}
    key = f"w{edition.worksheet_id}"
    fields = {f"{key}-{name}": value for name, value in settings.items()}
    return {"use": str(edition.worksheet_id), **fields}


def test_one_press_uses_one(picker: Picker) -> None:
    edition, _other = picker.publish(), picker.publish(GAPS_ONLY)
    assert f'name="use" value="{edition.worksheet_id}"' in " ".join(picker.open().split())
    fields = pressed_with(edition, title="For 9b", points="7")
    (item,) = picker.answered(picker.pick(fields=fields))[Claim.CONTENT_ITEMS]
    assert (item["title"], item["lineItem"]["scoreMaximum"]) == ("For 9b", 7)


def test_what_is_ticked_goes_along_with_what_is_pressed(picker: Picker) -> None:
    ticked, pressed = picker.publish(), picker.publish(GAPS_ONLY)
    page = picker.pick(ticked, fields={"use": str(pressed.worksheet_id)})
    titles = [item["title"] for item in picker.answered(page)[Claim.CONTENT_ITEMS]]
    assert titles == [ticked.title, pressed.title]


def test_where_one_is_asked_for_the_pressed_one_is_it(direct: Browser, platform: Platform) -> None:
    picker = Picker(direct, platform, accept_multiple=False)
    ticked, pressed = picker.publish(), picker.publish(GAPS_ONLY)
    page = picker.pick(ticked, fields={"use": str(pressed.worksheet_id)})
    (item,) = picker.answered(page)[Claim.CONTENT_ITEMS]
    assert item["title"] == pressed.title


def test_a_press_with_settings_that_cannot_be_is_said_so(picker: Picker) -> None:
    edition = picker.publish()
    page = picker.pick(status=422, fields=pressed_with(edition, points="-1"))
    assert f'id="id_w{edition.worksheet_id}-points_error"' in page
    assert "checked" in page
    assert not PendingAssignment.objects.exists()


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "x", ""])
def test_an_odd_press_chooses_nothing(picker: Picker, number: str) -> None:
    picker.pick(status=302, fields={"use": number})
    assert not PendingAssignment.objects.exists()


def test_a_shared_one_can_be_chosen_and_looked_into(picker: Picker) -> None:
    somebody = User.objects.create(registration=picker.platform.registration, sub="s", name="Sam")
    edition = authoring.publish(authoring.create(somebody, "# Of Sam\n\nA ___gap___."))
    worksheet, here = edition.worksheet, picker.teacher.memberships.get().context
    sharing.share(worksheet, here, Rights.READ, by=somebody)
    page = picker.open()
    assert "by Sam" in " ".join(page.split())
    assert f'worksheets/{worksheet.pk}/"' not in page
    look = picker.browser.get(f"{picker.address}worksheets/{worksheet.pk}/look/")
    assert look.status == 200
    (item,) = picker.answered(picker.pick(edition))[Claim.CONTENT_ITEMS]
    assert item["title"] == "Of Sam"


def test_an_archived_one_is_not_offered(picker: Picker) -> None:
    authoring.archive(picker.publish().worksheet)
    assert "Causes of terror" not in picker.open()


def test_without_a_tick_nothing_happens(picker: Picker) -> None:
    picker.publish()
    picker.pick(status=302)
    assert not PendingAssignment.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("points", "0"),
        ("points", "-1"),
        ("points", "NaN"),
        ("points", "1e9"),
        ("points", "many"),
        ("feedback", "everything"),
        ("sending", "never"),
        ("attempt_limit", "11"),
        ("counting", "mean"),
        ("opens_at", "soon"),
        ("closes_at", "99999-01-01T00:00"),
        ("opens_at", "0001-01-01T00:00:00%2B05:00"),
        ("closes_at", "9999-12-31T23:59:59-05:00"),
        ("closes_at", "2125-01-01T00:00"),
    ],
)
def test_settings_that_cannot_be_are_said_so(picker: Picker, field: str, value: str) -> None:
    edition = picker.publish()
    key = f"w{edition.worksheet_id}"
    posted = {
        f"{key}-title": "T",
        f"{key}-points": "5",
        f"{key}-feedback": "score",
        f"{key}-opens_at": "2126-01-01T00:00",
        f"{key}-{field}": value,
    }
    page = picker.pick(edition, status=422, fields=posted)
    assert "Nothing was added to the course yet" in page
    assert f'id="id_{key}-{field}_error"' in page
    assert "checked" in page
    assert not PendingAssignment.objects.exists()


@pytest.mark.parametrize("number", ["0", "-1", "999999", "9" * 30, "²", "x", ""])
def test_odd_numbers_choose_nothing(picker: Picker, number: str) -> None:
    answer = picker.browser.send("POST", f"{picker.address}pick/", {"worksheet": number})
    assert answer.status == 302
    assert not PendingAssignment.objects.exists()


def test_too_many_at_once_are_not_cut_in_silence(picker: Picker) -> None:
    edition = picker.publish()
    body = "&".join(f"worksheet={edition.worksheet_id + extra}" for extra in range(51))
    answer = picker.browser.send("POST", f"{picker.address}pick/", body=body)
    assert answer.status == 302
    assert "Choose at most 50 worksheets at a time" in picker.browser.get(answer.location).text
    assert not PendingAssignment.objects.exists()


def test_nobody_elses_worksheet_can_be_chosen_or_looked_into(picker: Picker) -> None:
    somebody = User.objects.create(registration=picker.platform.registration, sub="s")
    theirs = authoring.publish(authoring.create(somebody, "# Not yours"))
    picker.pick(theirs, status=302)
    ticked = {"worksheet": str(theirs.worksheet_id)}
    assert "Not yours" not in picker.browser.send("POST", picker.address, ticked).text
    assert "Not yours" not in picker.open()
    look = picker.browser.get(f"{picker.address}worksheets/{theirs.worksheet_id}/look/")
    assert look.status == 404


def test_what_is_chosen_stays_in_sight_while_searching(picker: Picker) -> None:
    chosen = picker.publish()
    picker.publish(GAPS_ONLY)
    key = f"w{chosen.worksheet_id}"
    fields = {
        "search": "nothing of that name",
        "worksheet": str(chosen.worksheet_id),
        f"{key}-title": "My own title",
        f"{key}-points": "7",
    }
    page = picker.browser.send("POST", picker.address, fields).text
    assert "My own title" in page
    assert 'value="7"' in page
    assert GAPS_ONLY.splitlines()[0].removeprefix("# ") not in page
    assert "stands in no title and no text" in page


def test_what_is_ticked_stays_so_while_a_new_one_is_made(picker: Picker) -> None:
    chosen, other = picker.publish(), picker.publish(GAPS_ONLY)
    key = f"w{chosen.worksheet_id}"
    ticked = {"worksheet": str(chosen.worksheet_id), f"{key}-title": "My own title"}
    settings_of_no_tick = {f"w{other.worksheet_id}-title": "Never ticked"}
    kept = picker.browser.send(
        "POST", picker.address, {**ticked, **settings_of_no_tick}, headers={"HX-Request": "true"}
    )
    assert (kept.status, kept.text) == (204, "")
    refused = picker.browser.send("POST", f"{picker.address}worksheets/", {"text": "a" * 200_001})
    assert refused.status == 422
    for page in (refused.text, picker.open()):
        assert "My own title" in page
        assert f'id="worksheet-{chosen.worksheet_id}" checked' in page
        assert "Never ticked" not in page
    picker.browser.send("POST", picker.address, {}, headers={"HX-Request": "true"})
    assert f'id="worksheet-{chosen.worksheet_id}" checked' not in picker.open()


def test_who_ticks_too_many_loses_no_tick(picker: Picker) -> None:
    editions = [picker.publish(f"# Sheet {n}\n\nAn ___answer___.") for n in range(51)]
    key = f"w{editions[0].worksheet_id}"
    picker.pick(*editions, status=302, fields={f"{key}-title": "Mine"})
    page = picker.open("?notice=too-many-chosen&n=50")
    assert "Choose at most 50 worksheets at a time" in page
    assert all(f'id="worksheet-{edition.worksheet_id}" checked' in page for edition in editions)
    assert "Mine" in page


def test_what_no_database_stores_is_not_remembered(picker: Picker) -> None:
    number = picker.publish().worksheet_id
    odd = {"worksheet": str(number), f"w{number}-title": "A\0B", f"w{number}-\0": "x"}
    assert picker.browser.send("POST", picker.address, odd).status == 200
    kept = json.dumps(StoredLaunch.objects.get().picked)
    assert "\\u0000" not in kept
    assert '"AB"' in kept


def test_a_draft_is_opened_not_chosen(picker: Picker) -> None:
    draft = authoring.create(picker.teacher, "# A draft\n\nA gap ______ without answer.")
    page = picker.open()
    assert f"worksheets/{draft.pk}/" in page
    assert 'name="worksheet"' not in page


def test_what_can_be_chosen_stands_before_what_cannot(picker: Picker) -> None:
    chosen = picker.publish()
    for number in range(12):
        authoring.create(picker.teacher, f"# Draft {number}\n\nA gap ______ without answer.")
    page = picker.open()
    assert f'value="{chosen.worksheet_id}"' in page
    listed = page[page.index('class="library"') :]  # what was begun last is also offered above it
    assert listed.index(chosen.title) < listed.index("Draft 11")


def test_the_picker_says_what_nobody_can_mark(picker: Picker) -> None:
    picker.publish()
    assert "cannot mark" not in picker.open()
    picker.publish(UNMARKED)
    assert picker.open().count("Pupils answer 1 question here that you cannot mark") == 1


def test_a_new_worksheet_returns_chosen(picker: Picker) -> None:
    made = picker.browser.send("POST", f"{picker.address}worksheets/", {"text": "# N\n\n___a___"})
    assert made.status == 302
    worksheet = Worksheet.objects.get()
    seen = authoring.digest_of(worksheet.source)
    published = picker.browser.send(
        "POST", f"{made.location}answers/", {"seen": seen, "choose": "1"}
    )
    assert published.status == 302
    page = picker.browser.get(published.location).text
    assert re.search(rf'value="{worksheet.pk}"\s+id="worksheet-{worksheet.pk}" checked', page)


def test_looking_into_a_worksheet(picker: Picker) -> None:
    edition = picker.publish()
    look = f"{picker.address}worksheets/{edition.worksheet_id}/look/"
    whole = picker.browser.get(look).text
    part = picker.browser.get(look, {"HX-Request": "true"}).text
    assert "<html" not in part
    assert "<html" in whole
    assert part.strip() in whole
    assert are_in_order([int(level) for level in re.findall(r"<h([1-6])", whole)])
    # As pupils will see it: the words to choose from, and neither key nor model.
    assert "The first plan began in" in part
    assert '<li data-word="Bavaria">' in part
    assert not [hidden for hidden in ("1928", *HIDDEN) if hidden in part]


def test_the_return_address_is_text_in_the_page(direct: Browser, platform: Platform) -> None:
    hostile = "https://lms.example/?a=%22%3E%3Cscript%3E&b='onfocus=x"
    picker = Picker(direct, platform, deep_link_return_url=hostile)
    page = picker.pick(fields={"nothing": "1"})
    assert f'action="{escape(hostile)}"' in page
    assert "<script>" not in page


def test_the_address_opens_in_no_other_browser(picker: Picker) -> None:
    assert (
        Client(headers={"host": "localhost:8001"}).post(f"{picker.address}pick/").status_code == 403
    )


def test_pages_of_a_link_are_not_there(picker: Picker) -> None:
    edition = picker.publish()
    for page in ("class/", "answers/", "submit/", f"editions/{edition.pk}/place/"):
        assert picker.browser.get(picker.address + page).status in {403, 404}


class TestTheLinkThatTheLmsMade:
    """Its first launch finds what was chosen for it."""

    @pytest.fixture
    def key(self, picker: Picker) -> str:
        picker.pick(picker.publish())
        return str(PendingAssignment.objects.get().pk)

    def launch(self, browser: Browser, platform: Platform, link: str, custom: object) -> str:
        changes: Changes = {Claim.RESOURCE_LINK: {"id": link}, Claim.CUSTOM: custom}
        opened = browser.launch(platform, changes)
        return browser.get(opened.location).text

    def test_a_pupil_who_comes_first_finds_the_worksheet(
        self, direct: Browser, platform: Platform, key: str
    ) -> None:
        page = self.launch(direct, platform, "new", {"worksheet": key, "other": None})
        assert "Causes of terror" in page
        assert Assignment.objects.get().link.resource_key == key

    @pytest.mark.parametrize("custom", [{"worksheet": "x"}, {"worksheet": ""}, {}, None])
    def test_another_key_finds_nothing(
        self, direct: Browser, platform: Platform, key: str, custom: object
    ) -> None:
        assert key
        page = self.launch(direct, platform, "new", custom)
        assert "Not ready yet" in page
        assert not Assignment.objects.exists()

    def test_another_platform_does_not_open_it(
        self, direct: Browser, other_platform: Platform, key: str
    ) -> None:
        page = self.launch(direct, other_platform, "new", {"worksheet": key})
        assert "Not ready yet" in page


@pytest.mark.parametrize(
    ("product", "is_canvas"), [("canvas", True), ("Canvas", True), ("moodle", False)]
)
def test_who_adds_to_canvas_reads_whose_dates_hold(
    picker: Picker, product: str, is_canvas: bool
) -> None:
    picker.publish()
    Registration.objects.update(product=product)
    assert ("count until the assignment has a date in Canvas" in picker.open()) is is_canvas
