"""Adding activities: the request, and every answer that is taken or refused."""

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import jwt
import pytest
from django.test import Client

from lti_tool.protocol.vocabulary import Claim, MessageType
from lti_tool.sandbox.models import Activity, Column, Enrolment, Role, Selection, ToolClient
from tests.lti_tool.sandbox import lms
from tests.lti_tool.sandbox.tool_server import ToolServer, rsa_key

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
def _keys_at_the_server(planted: None, tool_server: ToolServer) -> None:
    ToolClient.objects.update(jwks_url=tool_server.url)


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
        """An honest answer, but for the changes.

        `...` takes a claim out, and a timedelta is that long from now.
        """
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
        claims = {
            name: now + int(value.total_seconds()) if isinstance(value, timedelta) else value
            for name, value in claims.items()
            if value is not ...
        }
        return jwt.encode(
            claims, rsa_key(key), "RS256", headers={"kid": key} if header is None else header
        )


def ask(client: Client, query: str = "id=1") -> Asked:
    initiation = lms.self_posting(client.get(f"{SELECT}launch/?{query}")).fields
    answer = client.post("/lti/auth", lms.auth_request(initiation))
    return Asked(lms.verified(lms.self_posting(answer).fields["id_token"]))


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()
    return str(answer.content.decode())


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
    def test_the_course_page_offers_it_to_the_teacher(self, teacher: Client) -> None:
        text = page(teacher.get("/courses/2/"))
        assert f'action="{SELECT}"' in text
        assert "Add activities" in text
        assert "Add one activity" in text

    def test_not_to_pupils_and_not_to_who_may_not_edit(self, pupil: Client) -> None:
        assistant = lms.browser()
        lms.sign_in(assistant, lms.ASSISTANT)
        for client in (pupil, assistant):
            assert "Add activities" not in page(client.get("/courses/2/"))
            for address in (SELECT, f"{SELECT}launch/"):
                assert "Only a teacher" in page(client.get(f"{address}?id=1"), 403)

    def test_a_tool_without_deep_linking_is_not_offered(self, teacher: Client) -> None:
        ToolClient.objects.update(deep_linking_url="")
        assert "Add activities" not in page(teacher.get("/courses/2/"))
        assert teacher.get(f"{SELECT}?id=1").status_code == 404

    @pytest.mark.parametrize("query", ["", "?id=", "?id=2", "?id=x", f"?id={'9' * 40}", "?id=²"])
    def test_no_such_tool(self, teacher: Client, query: str) -> None:
        assert teacher.get(f"{SELECT}{query}").status_code == 404
        assert teacher.get(f"{SELECT}launch/{query}").status_code == 404

    def test_the_page_frames_the_tool_and_offers_a_tab(self, teacher: Client) -> None:
        text = page(teacher.get(f"{SELECT}?id=1&one=1"))
        assert f'src="{SELECT}launch/?id=1&amp;one=1"' in text
        assert f'href="{SELECT}launch/?id=1&amp;one=1&amp;target=window" target="_blank"' in text

    def test_the_login_names_the_tools_deep_linking_address(self, teacher: Client) -> None:
        ToolClient.objects.update(deep_linking_url="http://localhost:8001/choose/")
        form = lms.self_posting(teacher.get(f"{SELECT}launch/?id=1"))
        assert form.action == "http://localhost:8001/lti/login/"
        assert form.fields["target_link_uri"] == "http://localhost:8001/choose/"
        assert form.fields["lti_message_hint"].startswith('{"cmid":0,"launchid":"ltilaunch0_')
        assert ask(teacher).claims[Claim.TARGET_LINK_URI] == "http://localhost:8001/choose/"

    def test_the_message(self, teacher: Client) -> None:
        claims = ask(teacher).claims
        assert claims[Claim.MESSAGE_TYPE] == MessageType.DEEP_LINKING
        assert claims["sub"] == "10"
        assert claims[Claim.CONTEXT]["id"] == "2"
        assert Claim.RESOURCE_LINK not in claims
        assert "lineitem" not in claims[Claim.AGS_ENDPOINT]
        assert claims[Claim.LAUNCH_PRESENTATION] == {"locale": "en", "document_target": "iframe"}

    def test_the_settings(self, teacher: Client) -> None:
        settings = ask(teacher).settings
        selection = Selection.objects.get()
        assert settings == {
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

    def test_one_only(self, teacher: Client) -> None:
        assert ask(teacher, "id=1&one=1").settings["accept_multiple"] is False

    def test_what_a_link_has_is_null_where_there_is_none(self, teacher: Client) -> None:
        ToolClient.objects.update(custom={"link": "$ResourceLink.id"})
        assert ask(teacher).claims[Claim.CUSTOM] == {"link": None}

    def test_a_demoted_teacher_is_not_launched(self, teacher: Client) -> None:
        asked = ask(teacher)
        Enrolment.objects.filter(person_id=lms.TEACHER).update(role=Role.PUPIL)
        answer = teacher.post(asked.return_path, {"JWT": asked.signed()})
        assert "Only a teacher" in page(answer, 403)


class TestAnswer:
    def test_an_item_becomes_an_activity(self, teacher: Client) -> None:
        [activity] = added(teacher, WHOLE_ITEM)
        assert (activity.course_id, activity.tool_id) == (lms.HISTORY, 1)
        assert (activity.title, activity.description) == ("Rome – causes", "Fill the gaps.")
        assert activity.url == TOOL_PAGE
        assert activity.custom == {"worksheet": "0b6c"}
        assert "Rome – causes" in page(teacher.get("/courses/2/"))

    def test_its_column_takes_the_activitys_name(self, teacher: Client) -> None:
        [activity] = added(teacher, WHOLE_ITEM)
        column = Column.objects.get(activity=activity)
        assert (column.label, column.maximum) == ("Rome – causes", Decimal(18))
        assert (column.resource_id, column.tag) == ("0b6c", "worksheet")
        assert column.review == {"url": f"{TOOL_PAGE}review", "custom": {"page": "review"}}
        assert not column.made_by_tool

    def test_dates_are_dropped(self, teacher: Client) -> None:
        [activity] = added(teacher, WHOLE_ITEM)
        assert (activity.opens_at, activity.due_at, activity.closes_at) == (None, None, None)

    def test_without_a_line_item_there_is_no_column(self, teacher: Client) -> None:
        [activity] = added(
            teacher,
            {**WHOLE_ITEM, "lineItem": {"scoreMaximum": 1}},
        )
        assert activity.columns.count() == 1
        item = {name: value for name, value in WHOLE_ITEM.items() if name != "lineItem"}
        [activity] = added(teacher, item)
        assert activity.columns.count() == 0

    def test_the_least_that_an_item_says(self, teacher: Client) -> None:
        [activity] = added(teacher, {"type": "ltiResourceLink"})
        assert (activity.title, activity.url, activity.custom) == ("Worksheets", "", {})
        assert activity.target_link_uri == TOOL_PAGE

    def test_several_at_once(self, teacher: Client) -> None:
        items = [{**WHOLE_ITEM, "title": title} for title in ("One", "Two", "Three")]
        assert [activity.title for activity in added(teacher, *items)] == ["One", "Two", "Three"]

    def test_the_page_says_what_was_added_and_leads_out_of_the_frame(self, teacher: Client) -> None:
        asked = ask(teacher)
        signed = asked.signed({Claim.MESSAGE: "Here <b>you</b> are."})
        text = page(teacher.post(asked.return_path, {"JWT": signed}))
        assert "Added to History 10b" in text
        assert "Rome – causes" in text
        assert "Here &lt;b&gt;you&lt;/b&gt; are." in text
        assert 'href="/courses/2/" target="_top"' in text

    @pytest.mark.parametrize("items", [[], ...])
    def test_nothing_may_be_chosen(self, teacher: Client, items: object) -> None:
        asked, before = ask(teacher), Activity.objects.count()
        signed = asked.signed({Claim.CONTENT_ITEMS: items, Claim.ERROR_MESSAGE: "Gone."})
        text = page(teacher.post(asked.return_path, {"JWT": signed}))
        assert "Nothing was added" in text
        assert "Gone." in text
        assert Activity.objects.count() == before

    def test_a_launch_of_the_new_activity(self, teacher: Client) -> None:
        [activity] = added(teacher, {**WHOLE_ITEM, "url": f"{TOOL_PAGE}one"})
        initiation = lms.begin(teacher, activity.pk)
        assert initiation["target_link_uri"] == f"{TOOL_PAGE}one"
        claims = lms.launch(teacher, activity.pk)
        assert claims[Claim.TARGET_LINK_URI] == f"{TOOL_PAGE}one"
        assert claims[Claim.CUSTOM]["worksheet"] == "0b6c"
        assert "lineitem" in claims[Claim.AGS_ENDPOINT]

    def test_without_its_cookie_the_sandbox_asks_once_to_post_again(self, teacher: Client) -> None:
        asked = ask(teacher)
        fields = {"JWT": asked.signed()}
        form = lms.self_posting(lms.browser().post(asked.return_path, fields))
        assert form.fields == {**fields, "repost": "1"}
        assert form.action == asked.return_path
        text = page(teacher.post(form.action, form.fields))
        assert "Added to" in text
        assert lms.browser().post(asked.return_path, form.fields).status_code == 302

    def test_an_audience_may_be_a_list(self, teacher: Client) -> None:
        asked = ask(teacher)
        signed = asked.signed({"aud": ["https://elsewhere.example", lms.URL]})
        page(teacher.post(asked.return_path, {"JWT": signed}))


class TestRefusal:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"iss": "another"}, "iss must be"),
            ({"iss": ...}, "iss must be"),
            ({"iss": lms.URL, "aud": "sandbox-tool"}, "iss must be"),
            ({"aud": "https://elsewhere.example"}, "aud must be"),
            ({"aud": f"{lms.URL}/"}, "aud must be"),
            ({"aud": []}, "aud must be"),
            ({"aud": ...}, "aud must be"),
            ({"exp": ...}, "exp is missing"),
            ({"iat": ...}, "iat is missing"),
            ({"iat": True}, "iat is missing"),
            ({"iat": 10**400}, "iat is no time"),
            ({"exp": "tomorrow"}, "exp is missing"),
            ({"iat": timedelta(minutes=-10), "exp": timedelta(minutes=-5)}, "it has expired"),
            ({"iat": timedelta(hours=1), "exp": timedelta(hours=2)}, "iat lies in the future"),
            ({"exp": timedelta(days=1)}, "it is valid for too long"),
            ({"nonce": ...}, "nonce is missing"),
            ({"nonce": ""}, "nonce is missing"),
            ({"nonce": 7}, "nonce is missing"),
            ({"nonce": "x" * 256}, "nonce is missing"),
            ({Claim.DEPLOYMENT_ID: "2"}, "deployment_id must be"),
            ({Claim.DEPLOYMENT_ID: 1}, "deployment_id must be"),
            ({Claim.DEPLOYMENT_ID: ...}, "deployment_id must be"),
            ({Claim.VERSION: "1.3"}, "version must be"),
            ({Claim.MESSAGE_TYPE: "LtiDeepLinkingRequest"}, "message_type must be"),
            ({Claim.MESSAGE_TYPE: ...}, "message_type must be"),
            ({Claim.DATA: "other"}, "data must be"),
            ({Claim.DATA: ...}, "data must be"),
            ({Claim.CONTENT_ITEMS: {}}, "content_items must be a list"),
            ({Claim.CONTENT_ITEMS: None}, "content_items must be a list"),
            ({Claim.CONTENT_ITEMS: [{}] * 101}, "content_items must be a list"),
            ({Claim.MESSAGE: 7}, "must be text"),
            ({Claim.ERROR_MESSAGE: "x" * 2001}, "must be text"),
            ({Claim.LOG: []}, "must be text"),
        ],
    )
    def test_a_claim_that_does_not_hold(
        self, teacher: Client, changes: dict[str, Any], words: str
    ) -> None:
        asked = ask(teacher)
        assert words in refused(teacher, asked, asked.signed(changes))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"type": "link"}, "[1].type must be"),
            ({"type": ...}, "[1].type must be"),
            ({"title": 7}, "[1].title must be text"),
            ({"title": "x" * 256}, "[1].title must be text"),
            ({"title": "a\0b"}, "[1].title must be text"),
            ({"text": "x" * 10_001}, "[1].text must be text"),
            ({"url": "https://elsewhere.example/"}, "[1].url must be an address of the tool"),
            ({"url": "http://localhost:8002/"}, "[1].url must be an address of the tool"),
            ({"url": "https://localhost:8001/"}, "[1].url must be an address of the tool"),
            ({"url": "/lti/launch/"}, "[1].url must be an absolute"),
            ({"url": "javascript:alert(1)"}, "[1].url must be an absolute"),
            ({"url": "http://[/"}, "[1].url must be an absolute"),
            ({"custom": []}, "[1].custom must be an object"),
            ({"custom": {"a": 1}}, "[1].custom.a must be text"),
            ({"custom": {"a": None}}, "[1].custom.a must be text"),
            ({"custom": {"": "x"}}, "[1].custom.(name) must be"),
            ({"custom": {str(n): "" for n in range(101)}}, "[1].custom.(all) must be"),
            ({"icon": "a.png"}, "[1].icon must be an object"),
            ({"icon": {"width": 5}}, "[1].icon.url is missing"),
            ({"iframe": True}, "[1].iframe must be an object"),
            ({"iframe": {"height": "800"}}, "[1].iframe.height must be"),
            ({"window": {"width": 0}}, "[1].window.width must be"),
            ({"lineItem": 18}, "[1].lineItem must be an object"),
            ({"lineItem": None}, "[1].lineItem must be an object"),
            ({"lineItem": {}}, "[1].lineItem.scoreMaximum must be"),
            ({"lineItem": {"scoreMaximum": 0}}, "[1].lineItem.scoreMaximum must be"),
            ({"lineItem": {"scoreMaximum": "18"}}, "[1].lineItem.scoreMaximum must be"),
            ({"lineItem": {"scoreMaximum": 5, "label": 1}}, "[1].lineItem.label must be"),
            ({"lineItem": {"scoreMaximum": 5, "tag": "x" * 256}}, "[1].lineItem.tag must be"),
            ({"lineItem": {"scoreMaximum": 5, "resourceId": 1}}, "lineItem.resourceId must be"),
            (
                {"lineItem": {"scoreMaximum": 5, "submissionReview": True}},
                "submissionReview must be an object",
            ),
            (
                {"lineItem": {"scoreMaximum": 5, "submissionReview": {"url": "http://a.example"}}},
                "submissionReview.url must be an address of the tool",
            ),
            (
                {"lineItem": {"scoreMaximum": 5, "submissionReview": {"reviewableStatus": ["x"]}}},
                "reviewableStatus must be a list",
            ),
            ({"available": "today"}, "[1].available must be an object"),
            ({"available": {"startDateTime": "2026-12-01"}}, "startDateTime must be ISO 8601"),
            ({"submission": {"endDateTime": "2026-12-01T08:00:00"}}, "endDateTime must be ISO"),
            ({"submission": {"endDateTime": None}}, "endDateTime must be text"),
            (
                {
                    "available": {
                        "startDateTime": "2026-12-02T08:00:00Z",
                        "endDateTime": "2026-12-01T08:00:00Z",
                    }
                },
                "startDateTime must be before",
            ),
        ],
    )
    def test_an_item_that_is_none(
        self, teacher: Client, changes: dict[str, object], words: str
    ) -> None:
        asked = ask(teacher)
        item = {n: v for n, v in {**WHOLE_ITEM, **changes}.items() if v is not ...}
        assert words in refused(teacher, asked, asked.signed({Claim.CONTENT_ITEMS: [item]}))

    def test_one_bad_item_keeps_the_good_ones_out(self, teacher: Client) -> None:
        asked = ask(teacher)
        signed = asked.signed({Claim.CONTENT_ITEMS: [WHOLE_ITEM, "two"]})
        assert "content_items[2]" in refused(teacher, asked, signed)

    def test_two_where_one_was_asked_for(self, teacher: Client) -> None:
        asked = ask(teacher, "id=1&one=1")
        signed = asked.signed({Claim.CONTENT_ITEMS: [WHOLE_ITEM] * 2})
        assert "one was asked for" in refused(teacher, asked, signed)
        page(teacher.post(asked.return_path, {"JWT": asked.signed()}))

    def test_a_key_that_the_tool_does_not_publish(self, teacher: Client) -> None:
        asked = ask(teacher)
        assert "no key named other" in refused(teacher, asked, asked.signed(key="other"))

    def test_another_key_under_the_tools_name(self, teacher: Client) -> None:
        asked = ask(teacher)
        signed = asked.signed(key="other", header={"kid": "first"})
        assert "not signed by this tool" in refused(teacher, asked, signed)

    def test_a_changed_payload(self, teacher: Client) -> None:
        asked = ask(teacher)
        (head, _, signature), other = asked.signed().split("."), asked.signed().split(".")[1]
        signed = f"{head}.{other}.{signature}"
        assert "not signed by this tool" in refused(teacher, asked, signed)

    def test_a_token_that_names_no_key(self, teacher: Client) -> None:
        asked = ask(teacher)
        assert "name its kid" in refused(teacher, asked, asked.signed(header={}))

    @pytest.mark.parametrize("algorithm", ["HS256", "none"])
    def test_another_algorithm(self, teacher: Client, algorithm: str) -> None:
        asked = ask(teacher)
        key = "s" * 32 if algorithm == "HS256" else ""
        signed = jwt.encode({"iss": "sandbox-tool"}, key, algorithm, headers={"kid": "first"})
        assert "RS256" in refused(teacher, asked, signed)

    @pytest.mark.parametrize("signed", ["", "x", "a.b.c", "é.漢.😀", "..", "x" * 1_000_001])
    def test_what_is_no_jwt(self, teacher: Client, signed: str) -> None:
        assert "is refused" in refused(teacher, ask(teacher), signed)

    def test_half_characters(self, teacher: Client) -> None:
        asked = ask(teacher)
        signed = asked.signed({Claim.CONTENT_ITEMS: [{**WHOLE_ITEM, "title": "\ud800"}]})
        assert "not signed" in refused(teacher, asked, signed)

    def test_an_answer_is_taken_once(self, teacher: Client) -> None:
        asked = ask(teacher)
        signed = asked.signed()
        page(teacher.post(asked.return_path, {"JWT": signed}))
        assert "answered before" in refused(teacher, asked, signed)
        assert "answered before" in refused(teacher, asked, asked.signed())

    def test_a_nonce_of_an_earlier_answer(self, teacher: Client) -> None:
        first, second = ask(teacher), ask(teacher)
        page(teacher.post(first.return_path, {"JWT": first.signed({"nonce": "n"})}))
        assert "nonce was used before" in refused(teacher, second, second.signed({"nonce": "n"}))

    def test_the_answer_to_another_request(self, teacher: Client) -> None:
        first, second = ask(teacher), ask(teacher)
        assert "data must be" in refused(teacher, second, first.signed())

    def test_the_answer_belongs_to_the_session_that_asked(self, teacher: Client) -> None:
        asked = ask(teacher)
        same_person = lms.browser()
        lms.sign_in(same_person, lms.TEACHER)
        assert "Nobody asked" in refused(same_person, asked, asked.signed())

    @pytest.mark.parametrize(
        ("address", "status"),
        [
            ("/courses/2/selected/", 404),
            ("/courses/2/selected/?id=1", 400),
            ("/courses/2/selected/?id=1&sesskey=x", 400),
            ("/courses/99/selected/?id=1&sesskey=x", 404),
            ("/courses/3/selected/?id=1&sesskey=x", 403),
        ],
    )
    def test_an_address_that_nobody_gave(self, teacher: Client, address: str, status: int) -> None:
        assert teacher.post(address, {"JWT": "x"}).status_code == status

    def test_it_is_a_post(self, teacher: Client) -> None:
        assert teacher.get(ask(teacher).return_path).status_code == 405
