"""Adding activities: the request, and every response that is accepted or refused."""

import time
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import jwt
import pytest
from django.test import Client

from lti_tool.protocol.vocabulary import Claim, MessageType
from lti_tool.sandbox.models import (
    Activity,
    Column,
    Course,
    Enrolment,
    Role,
    Selection,
    ToolClient,
)
from tests.lti_tool.sandbox import canvas, lms
from tests.platform.keys import key_pair
from tests.platform.server import Server

TOOL_PAGE = "http://localhost:8001/lti/launch/"
SELECT = "/courses/2/select/"
WHOLE_ITEM: dict[str, object] = {
    "type": "ltiResourceLink",
    "title": "Rome – causes",
    "text": "Fill the gaps.",
    "url": TOOL_PAGE,
    "icon": {"url": "https://pictures.example/a.png", "width": 60, "height": 60},
    "iframe": {"height": 800},
    "window": {"targetName": "worksheets", "width": 900},
    "custom": {"worksheet": "0b6c"},
    "lineItem": {
        "label": "Another name",
        "scoreMaximum": 18,
        "resourceId": "0b6c",
        "tag": "worksheet",
        "submissionReview": {
            "reviewableStatus": ["InProgress", "Submitted", "Completed"],
            "label": "Look",
            "url": f"{TOOL_PAGE}review",
            "custom": {"page": "review"},
        },
    },
    "available": {"startDateTime": "2026-12-01T08:00:00Z", "endDateTime": "2026-12-24T08:00:00Z"},
    "submission": {"endDateTime": "2026-12-20T20:00:00+01:00"},
}


@pytest.fixture(autouse=True)
def _keys_at_the_server(seeded: None, tool_server: Server) -> None:
    ToolClient.objects.update(jwks_url=f"{tool_server.url}/jwks")


@dataclass
class Asked:
    """A deep linking request that has reached the tool."""

    claims: dict[str, Any]

    @property
    def settings(self) -> dict[str, Any]:
        found: dict[str, Any] = self.claims[Claim.DEEP_LINKING_SETTINGS]
        return found

    @property
    def return_path(self) -> str:
        return str(self.settings["deep_link_return_url"]).removeprefix(lms.URL)

    def signed(
        self, changes: dict[Any, Any] | None = None, *, key: str = "first", header: Any = None
    ) -> str:
        """An honest response, but for the changes; `...` takes a claim out."""
        now = int(time.time())
        claims = {
            "iss": "sandbox-tool",
            "aud": lms.URL,
            "iat": now,
            "exp": now + 300,
            "nonce": str(uuid.uuid4()),
            Claim.MESSAGE_TYPE: "LtiDeepLinkingResponse",
            Claim.VERSION: "1.3.0",
            Claim.DEPLOYMENT_ID: self.claims[Claim.DEPLOYMENT_ID],
            Claim.DATA: self.settings["data"],
            Claim.CONTENT_ITEMS: [WHOLE_ITEM],
            **(changes or {}),
        }
        claims = {name: value for name, value in claims.items() if value is not ...}
        return jwt.encode(
            claims,
            key_pair(key).private,
            "RS256",
            headers={"kid": key} if header is None else header,
        )


def ask(client: Client, query: str = "id=1") -> Asked:
    initiation = lms.self_posting(client.get(f"{SELECT}launch/?{query}")).fields
    response = client.post("/lti/auth", lms.auth_request(initiation))
    return Asked(lms.verified(lms.self_posting(response).fields["id_token"]))


def page(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()
    return str(response.content.decode())


def refused(client: Client, asked: Asked, signed: str) -> str:
    """Why, as the page says it; nothing was made."""
    before = Activity.objects.count()
    text = page(client.post(asked.return_path, {"JWT": signed}), 400)
    assert Activity.objects.count() == before
    return text


def added(client: Client, *items: object) -> list[Activity]:
    asked = ask(client)
    signed = asked.signed({Claim.CONTENT_ITEMS: list(items)})
    last = Activity.objects.order_by("-pk").values_list("pk", flat=True)[0]
    page(client.post(asked.return_path, {"JWT": signed}))
    return list(Activity.objects.filter(pk__gt=last))


class TestRequest:
    def test_the_message_and_its_settings(self, teacher: Client) -> None:
        ToolClient.objects.update(custom={"link": "$ResourceLink.id"})
        claims = ask(teacher).claims
        assert claims[Claim.MESSAGE_TYPE] == MessageType.DEEP_LINKING
        assert (claims["sub"], claims[Claim.CONTEXT]["id"]) == ("10", "2")
        assert claims[Claim.CUSTOM] == {"link": None}
        assert Claim.RESOURCE_LINK not in claims
        assert "lineitem" not in claims[Claim.AGS_ENDPOINT]
        assert claims[Claim.LAUNCH_PRESENTATION] == {"locale": "en", "document_target": "iframe"}
        selection = Selection.objects.get()
        assert claims[Claim.DEEP_LINKING_SETTINGS] == {
            "deep_link_return_url": (f"{lms.URL}/courses/2/selected/?id=1&sesskey={selection.key}"),
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": True,
            "accept_lineitem": True,
            "auto_create": True,
            "title": "Worksheets",
            "text": "",
            "data": selection.data,
        }
        assert ask(teacher, "id=1&one=1").settings["accept_multiple"] is False

    def test_it_opens_the_tools_own_address_for_it(self, teacher: Client) -> None:
        ToolClient.objects.update(deep_linking_url="http://localhost:8001/choose/")
        form = lms.self_posting(teacher.get(f"{SELECT}launch/?id=1"))
        assert form.action == "http://localhost:8001/lti/login/"
        assert form.fields["target_link_uri"] == "http://localhost:8001/choose/"
        assert form.fields["lti_message_hint"].startswith('{"cmid":0,"launchid":"ltilaunch0_')
        assert ask(teacher).claims[Claim.TARGET_LINK_URI] == "http://localhost:8001/choose/"
        ToolClient.objects.update(deep_linking_url="")
        assert teacher.get(f"{SELECT}launch/?id=1").status_code == 404

    def test_only_a_teacher_asks(self, pupil: Client, teacher: Client) -> None:
        assert pupil.get(f"{SELECT}launch/?id=1").status_code == 403
        asked = ask(teacher)
        Enrolment.objects.filter(person_id=lms.TEACHER).update(role=Role.PUPIL)
        response = teacher.post(asked.return_path, {"JWT": asked.signed()})
        assert "Only a teacher" in page(response, 403)


class TestResponse:
    def test_an_item_becomes_an_activity_and_a_column(self, teacher: Client) -> None:
        [activity] = added(teacher, {**WHOLE_ITEM, "url": f"{TOOL_PAGE}one"})
        assert (activity.course_id, activity.tool_id) == (lms.HISTORY, 1)
        assert (activity.title, activity.description) == ("Rome – causes", "Fill the gaps.")
        # Moodle names the column after the activity, and drops the dates.
        column = Column.objects.get(activity=activity)
        assert (column.label, column.maximum) == ("Rome – causes", Decimal(18))
        assert (column.resource_id, column.tag) == ("0b6c", "worksheet")
        assert column.review == {"url": f"{TOOL_PAGE}review", "custom": {"page": "review"}}
        assert (activity.opens_at, activity.due_at, activity.closes_at) == (None, None, None)
        assert lms.begin(teacher, activity.pk)["target_link_uri"] == f"{TOOL_PAGE}one"
        claims = lms.launch(teacher, activity.pk)
        assert claims[Claim.TARGET_LINK_URI] == f"{TOOL_PAGE}one"
        assert claims[Claim.CUSTOM]["worksheet"] == "0b6c"
        assert "lineitem" in claims[Claim.AGS_ENDPOINT]

    def test_the_least_that_an_item_says(self, teacher: Client) -> None:
        [activity] = added(teacher, {"type": "ltiResourceLink"})
        assert (activity.title, activity.url, activity.custom) == ("Worksheets", "", {})
        assert activity.columns.count() == 0

    def test_several_at_once_or_none(self, teacher: Client) -> None:
        items = [{**WHOLE_ITEM, "title": title} for title in ("One", "Two", "Three")]
        assert [activity.title for activity in added(teacher, *items)] == ["One", "Two", "Three"]
        nothings: tuple[Any, ...] = ([], ...)
        for nothing in nothings:
            asked, before = ask(teacher), Activity.objects.count()
            signed = asked.signed({Claim.CONTENT_ITEMS: nothing, Claim.ERROR_MESSAGE: "<b>Gone."})
            assert "&lt;b&gt;Gone." in page(teacher.post(asked.return_path, {"JWT": signed}))
            assert Activity.objects.count() == before

    def test_without_its_cookie_the_platform_asks_once_to_post_again(self, teacher: Client) -> None:
        asked = ask(teacher)
        fields = {"JWT": asked.signed({"aud": ["https://elsewhere.example", lms.URL]})}
        form = lms.self_posting(lms.browser().post(asked.return_path, fields))
        assert (form.action, form.fields) == (asked.return_path, {**fields, "repost": "1"})
        assert "Added to" in page(teacher.post(form.action, form.fields))
        assert lms.browser().post(asked.return_path, form.fields).status_code == 302


KEEPS_NAME = "https://canvas.instructure.com/lti/preserveExistingAssignmentName"
ELSEWHERE = "https://elsewhere.example/"
LATE_FIRST = {"startDateTime": "2026-12-02T08:00:00Z", "endDateTime": "2026-12-01T08:00:00Z"}
CLAIMS: list[tuple[Any, list[Any], str]] = [
    ("iss", ["another", ...], "iss must be"),
    ("aud", [ELSEWHERE, f"{lms.URL}/", [], ...], "aud must be"),
    ("exp", [..., "tomorrow"], "exp is missing"),
    ("iat", [..., True], "iat is missing"),
    ("nonce", [..., "", 7, "x" * 256], "nonce is missing"),
    (Claim.DEPLOYMENT_ID, ["2", 1, ...], "deployment_id must be"),
    (Claim.VERSION, ["1.3"], "version must be"),
    (Claim.MESSAGE_TYPE, ["LtiDeepLinkingRequest", ...], "message_type must be"),
    (Claim.DATA, ["other", ...], "data must be"),
    (Claim.CONTENT_ITEMS, [{}, None, [{}] * 101], "content_items must be a list"),
    (Claim.MESSAGE, [7], "must be text"),
    (Claim.ERROR_MESSAGE, ["x" * 2001], "must be text"),
]
ITEMS: list[tuple[str, list[Any], str]] = [
    ("type", ["link", ...], "[1].type must be"),
    ("title", [7, "x" * 256, "a\0b"], "[1].title must be text"),
    ("text", ["x" * 10_001], "[1].text must be text"),
    ("url", [ELSEWHERE], "[1].url must be an address of the tool"),
    ("url", ["/lti/launch/", "javascript:1", "http://[/"], "[1].url must be an absolute"),
    ("custom", [[]], "[1].custom must be an object"),
    ("custom", [{"a": 1}, {"a": None}], "[1].custom.a must be text"),
    ("icon", [{"width": 5}], "[1].icon.url is missing"),
    ("iframe", [{"height": "800"}], "[1].iframe.height must be"),
    ("lineItem", [18, None], "[1].lineItem must be an object"),
    ("lineItem", [{}, {"scoreMaximum": 0}, {"scoreMaximum": "18"}], "scoreMaximum must be"),
    ("lineItem", [{"scoreMaximum": 5, "label": 1}], "[1].lineItem.label must be"),
    (
        "lineItem",
        [{"scoreMaximum": 5, "submissionReview": {"url": "http://a.example"}}],
        "submissionReview.url must be an address of the tool",
    ),
    ("available", ["today"], "[1].available must be an object"),
    ("available", [{"startDateTime": "2026-12-01"}], "startDateTime must be ISO 8601"),
    ("available", [LATE_FIRST], "startDateTime must be before"),
    ("submission", [{"endDateTime": None}], "endDateTime must be text"),
]


class TestRefusal:
    def test_a_claim_that_does_not_hold(self, teacher: Client) -> None:
        for name, values, words in CLAIMS:
            for value in values:
                asked = ask(teacher)
                assert words in refused(teacher, asked, asked.signed({name: value})), (name, value)
        asked = ask(teacher)
        now = int(time.time())
        long = {"exp": now + 86_400}
        assert "it is valid for too long" in refused(teacher, asked, asked.signed(long))
        asked = ask(teacher)
        past = {"iat": now - 600, "exp": now - 300}
        assert "it has expired" in refused(teacher, asked, asked.signed(past))
        ahead = {"iat": now + 6000, "exp": now + 6300}
        assert "lies in the future" in refused(teacher, asked, asked.signed(ahead))

    def test_an_item_that_is_none_keeps_the_good_ones_out(self, teacher: Client) -> None:
        for name, values, words in ITEMS:
            for value in values:
                asked = ask(teacher)
                item = {n: v for n, v in {**WHOLE_ITEM, name: value}.items() if v is not ...}
                signed = asked.signed({Claim.CONTENT_ITEMS: [item]})
                assert words in refused(teacher, asked, signed), (name, value)
        asked = ask(teacher)
        signed = asked.signed({Claim.CONTENT_ITEMS: [WHOLE_ITEM, "two"]})
        assert "content_items[2]" in refused(teacher, asked, signed)

    def test_two_where_one_was_asked_for(self, teacher: Client) -> None:
        asked = ask(teacher, "id=1&one=1")
        signed = asked.signed({Claim.CONTENT_ITEMS: [WHOLE_ITEM] * 2})
        assert "one was asked for" in refused(teacher, asked, signed)
        page(teacher.post(asked.return_path, {"JWT": asked.signed()}))

    def test_what_the_tool_did_not_sign(self, teacher: Client) -> None:
        asked = ask(teacher)
        (head, _, signature), other = asked.signed().split("."), asked.signed().split(".")[1]
        claims = jwt.decode(asked.signed(), options={"verify_signature": False})
        for signed, words in (
            (asked.signed(key="other"), "no key named other"),
            (asked.signed(key="other", header={"kid": "first"}), "not signed by this tool"),
            (f"{head}.{other}.{signature}", "not signed by this tool"),
            (asked.signed(header={}), "name its kid"),
            (jwt.encode(claims, "s" * 32, "HS256", headers={"kid": "first"}), "RS256"),
            (jwt.encode(claims, "", "none", headers={"kid": "first"}), "RS256"),
            *((text, "is refused") for text in ("", "x", "a.b.c", "é.漢.😀", "x" * 1_000_001)),
        ):
            assert words in refused(teacher, asked, signed), words

    def test_a_response_is_accepted_once_and_from_the_session_that_asked(
        self, teacher: Client
    ) -> None:
        first, second, third = ask(teacher), ask(teacher), ask(teacher)
        assert "data must be" in refused(teacher, second, first.signed())
        same_person = lms.browser()
        lms.sign_in(same_person, lms.TEACHER)
        assert "not requested here" in refused(same_person, third, third.signed())
        signed = first.signed({"nonce": "n"})
        page(teacher.post(first.return_path, {"JWT": signed}))
        assert "answered before" in refused(teacher, first, signed)
        assert "answered before" in refused(teacher, first, first.signed())
        assert "nonce was used before" in refused(teacher, second, second.signed({"nonce": "n"}))


class TestCanvas:
    """Its placements: what each asks a tool for, and what comes of the response."""

    LINE_ITEM = {"scoreMaximum": 18, "submissionReview": {"url": TOOL_PAGE}}
    ITEM = {"type": "ltiResourceLink", "title": "Rome", "url": TOOL_PAGE}

    def ask(self, client: Client, placement: str) -> Asked:
        address = f"/courses/4/select/launch/?id=2&placement={placement}"
        return Asked(canvas.launch(client, address))

    def respond(self, client: Client, asked: Asked, *items: object, issuer: str = "") -> Any:
        own = {"iss": canvas.CLIENT_ID, "aud": issuer or canvas.ISSUER}
        signed = asked.signed({**own, Claim.CONTENT_ITEMS: list(items)})
        return client.post(asked.return_path, {"JWT": signed})

    @pytest.mark.parametrize(
        ("placement", "several"),
        [
            ("assignment_selection", False),
            ("course_assignments_menu", True),
            ("link_selection", True),
            ("module_menu_modal", True),
            ("module_index_menu_modal", True),
            ("editor_button", True),
        ],
    )
    def test_each_placement_asks_in_its_own_way(
        self, teacher: Client, placement: str, several: bool
    ) -> None:
        asked = self.ask(teacher, placement)
        assert asked.claims[Claim.MESSAGE_TYPE] == "LtiDeepLinkingRequest"
        assert asked.claims["https://www.instructure.com/placement"] == placement
        assert asked.settings["accept_multiple"] == several
        assert "accept_lineitem" not in asked.settings
        assert Claim.RESOURCE_LINK not in asked.claims
        for query in ("id=2&placement=course_navigation", "id=2&placement=", "id=1"):
            assert teacher.get(f"/courses/4/select/launch/?{query}").status_code == 404

    def test_an_assignment_is_one_and_has_a_column_asked_for_or_not(self, teacher: Client) -> None:
        for maximum, more in ((18, {"lineItem": self.LINE_ITEM}), (100, {})):
            item = {**self.ITEM, "title": f"Of {maximum}", **more}
            asked = self.ask(teacher, "assignment_selection")
            assert self.respond(teacher, asked, item, item).status_code == 400
            assert self.respond(teacher, asked, item).status_code == 200
            [column] = Activity.objects.get(title=f"Of {maximum}").columns.all()
            assert (int(column.maximum), column.review) == (maximum, None)

    @pytest.mark.parametrize(
        ("placement", "is_on", "graded"),
        [
            ("link_selection", False, False),
            ("link_selection", True, True),
            ("course_assignments_menu", True, True),
            ("module_menu_modal", True, True),
            ("module_index_menu_modal", True, True),
            ("editor_button", True, False),
        ],
    )
    def test_a_line_item_makes_an_unpublished_assignment_behind_a_switch(
        self, teacher: Client, placement: str, is_on: bool, graded: bool
    ) -> None:
        Course.objects.filter(pk=canvas.COURSE).update(links_are_graded=is_on)
        begin, end = "2026-12-01T08:00:00Z", "2026-12-20T08:00:00Z"
        dates = {"available": {"startDateTime": begin}, "submission": {"endDateTime": end}}
        with_column = {**self.ITEM, "lineItem": self.LINE_ITEM, **dates}
        items = [with_column, {**self.ITEM, "title": "Greece"}]
        asked = self.ask(teacher, placement)
        assert self.respond(teacher, asked, *items, issuer=lms.URL).status_code == 400
        ends_first = {**with_column, "available": {"endDateTime": begin}}
        wrong = self.respond(teacher, asked, ends_first)
        assert (wrong.status_code == 400) == graded
        if not graded:
            asked = self.ask(teacher, placement)
            Activity.objects.filter(title="Rome").delete()
        assert self.respond(teacher, asked, *items).status_code == 200
        rome = Activity.objects.get(title="Rome")
        assert rome.columns.exists() == graded
        assert rome.is_published != graded
        assert (rome.opens_at is not None, rome.due_at is not None) == (graded, graded)
        greece = Activity.objects.get(title="Greece", course=canvas.COURSE)
        assert (greece.columns.exists(), greece.is_published) == (False, True)

    @pytest.mark.parametrize(
        ("more", "title", "description"),
        [
            ({"text": "Chapter 4"}, "Rome", "Chapter 4"),
            ({}, "Rome", "Read chapter 3 first."),
            ({"lineItem": {"scoreMaximum": 5, "label": "Of Rome"}}, "Of Rome", ...),
            ({KEEPS_NAME: True}, "Week 7", "Read chapter 3 first."),
            ({KEEPS_NAME: True, "lineItem": {"scoreMaximum": 5, "label": "x"}}, "Week 7", ...),
            ({KEEPS_NAME: "yes"}, None, ...),
        ],
    )
    def test_what_the_teacher_wrote_is_replaced_unless_the_item_spares_it(
        self, teacher: Client, more: dict[str, Any], title: str | None, description: Any
    ) -> None:
        typed = "name=Week+7&description=Read+chapter+3+first."
        asked = self.ask(teacher, f"assignment_selection&{typed}")
        response = self.respond(teacher, asked, {**self.ITEM, **more})
        assert response.status_code == (400 if title is None else 200)
        if title is not None:
            made = Activity.objects.latest("pk")
            assert made.title == title
            assert description in (made.description, ...)

    def test_without_a_name_an_assignment_has_that_of_the_item(self, teacher: Client) -> None:
        asked = self.ask(teacher, "assignment_selection")
        item = {**self.ITEM, KEEPS_NAME: True}
        assert self.respond(teacher, asked, item).status_code == 200
        assert Activity.objects.latest("pk").title == "Rome"

    def test_the_page_of_an_assignment_takes_custom_values_and_no_dates(
        self, teacher: Client
    ) -> None:
        begin, end = "2026-12-01T08:00:00Z", "2026-12-20T08:00:00Z"
        dates = {"available": {"startDateTime": begin}, "submission": {"endDateTime": end}}
        item = {**self.ITEM, "custom": {"Sheet": "a\nb"}, **dates}
        asked = self.ask(teacher, "assignment_selection")
        assert self.respond(teacher, asked, item).status_code == 200
        made = Activity.objects.get(title="Rome")
        assert made.custom == {"Sheet": "a\nb"}
        assert (made.opens_at, made.due_at, made.closes_at) == (None, None, None)
        custom = canvas.launch(teacher, f"/launch/{made.pk}/")[Claim.CUSTOM]
        assert custom["canvas_assignment"] == str(made.pk)
        assert custom["canvas_unlock_at"] == "$Canvas.assignment.unlockAt.iso8601"
