"""Optional claims of other shapes than the specification's: the launch opens, and a note says so.

Required claims are in ``test_core.py``, deep linking settings in ``test_messages.py``.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from lti_tool import grades
from lti_tool.models import (
    Context,
    Delivery,
    LineItem,
    Membership,
    Registration,
    ResourceLink,
    StoredLaunch,
    User,
)
from lti_tool.protocol.vocabulary import Claim
from lti_tool.services.errors import DeliveryProblem
from tests.certification.test_core import assert_opens
from tests.lti_tool.delivering import deliver_due
from tests.lti_tool.launching import Browser
from tests.platform.launches import (
    ABSENT,
    EMAIL,
    FAMILY_NAME,
    GIVEN_NAME,
    NAME,
    PUPIL,
    SUB,
    TEACHER,
    Changes,
    Platform,
)
from tests.reported import reported

LIS = "https://purl.imsglobal.org/spec/lti/claim/lis"
ID, TITLE, LABEL = (Claim.CONTEXT, "id"), (Claim.CONTEXT, "title"), (Claim.CONTEXT, "label")
LINK_TITLE = (Claim.RESOURCE_LINK, "title")
SCOPE = (Claim.AGS_ENDPOINT, "scope")
COLUMN, COLUMNS = (Claim.AGS_ENDPOINT, "lineitem"), (Claim.AGS_ENDPOINT, "lineitems")
ROSTER = (Claim.NRPS_SERVICE, "context_memberships_url")
LOCALE = (Claim.LAUNCH_PRESENTATION, "locale")
RETURN_URL = (Claim.LAUNCH_PRESENTATION, "return_url")
PRODUCT = (Claim.TOOL_PLATFORM, "product_family_code")

NO_OBJECTS: list[tuple[object, str]] = [
    ([], "is a list, not an object"),
    (["a"], "is a list, not an object"),
    ("", "is text, not an object"),
    ("a=b", "is text, not an object"),
    (5, "is a number, not an object"),
    (True, "is true or false, not an object"),
    (None, ""),
    ({}, ""),
]
NO_TEXTS: list[tuple[object, str]] = [
    ([], "is a list, not text"),
    ({}, "is an object, not text"),
    (True, "is true or false, not text"),
    (float("inf"), "is a number, not text"),
    ("", ""),
    (None, ""),
]
ODD_ADDRESSES: list[object] = [
    "about:blank",
    "/relative",
    "//lms.example/x",
    "moodlemobile://x",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://lms.example/with space",
    "https://lms.example/" + "x" * 2080,
    "https://lms.example:port/",
    "https://[",
    "a\0b",
    False,
    5,
    [],
    {},
]
NO_ADDRESSES: list[tuple[object, str]] = [
    *[(odd, "is no http(s) address") for odd in ODD_ADDRESSES],
    ("", ""),
    (None, ""),
]


def noted(platform: Platform, browser: Browser, claim: str | tuple[str, ...], value: object) -> str:
    """What is noted of a launch with this value, without the name of the claim."""
    launch = assert_opens(browser, platform, {claim: value})
    name = ".".join(
        part.rpartition("/")[2] for part in ((claim,) if isinstance(claim, str) else claim)
    )
    assert not launch.notes or launch.notes.startswith(f"{name} "), launch.notes
    return launch.notes.removeprefix(f"{name} ")


class TestObjects:
    """PHP writes an object without members as a list, other platforms as an empty text."""

    @reported("lti-05a", "lti-05g")
    @pytest.mark.parametrize(("value", "note"), NO_OBJECTS, ids=repr)
    def test_custom(self, platform: Platform, browser: Browser, value: object, note: str) -> None:
        assert noted(platform, browser, Claim.CUSTOM, value) == note

    @reported("lti-05b")
    @pytest.mark.parametrize(("value", "note"), NO_OBJECTS, ids=repr)
    def test_launch_presentation(
        self, platform: Platform, browser: Browser, value: object, note: str
    ) -> None:
        assert noted(platform, browser, Claim.LAUNCH_PRESENTATION, value) == note
        assert StoredLaunch.objects.get().return_url == ""

    @reported("lti-05d")
    @pytest.mark.parametrize(("value", "note"), NO_OBJECTS, ids=repr)
    def test_context(self, platform: Platform, browser: Browser, value: object, note: str) -> None:
        """As where no course is named: the link stands for one."""
        assert noted(platform, browser, Claim.CONTEXT, value) == note
        assert Context.objects.get().is_link_only

    @reported("lti-05e")
    @pytest.mark.parametrize(("value", "note"), NO_OBJECTS, ids=repr)
    def test_grade_service(
        self, platform: Platform, browser: Browser, value: object, note: str
    ) -> None:
        assert noted(platform, browser, Claim.AGS_ENDPOINT, value) == note
        assert not LineItem.objects.exists()

    @pytest.mark.parametrize(("value", "note"), NO_OBJECTS, ids=repr)
    def test_names_and_roles(
        self, platform: Platform, browser: Browser, value: object, note: str
    ) -> None:
        assert noted(platform, browser, Claim.NRPS_SERVICE, value) == note
        assert Context.objects.get().roster_url == ""

    @pytest.mark.parametrize(("value", "note"), NO_OBJECTS, ids=repr)
    def test_tool_platform(
        self, platform: Platform, browser: Browser, value: object, note: str
    ) -> None:
        assert noted(platform, browser, Claim.TOOL_PLATFORM, value) == note
        assert Registration.objects.get().product == ""

    @pytest.mark.parametrize("value", [[], "", 5, None, True, {"validation_context": {}}], ids=repr)
    @pytest.mark.parametrize("claim", [LIS, "email", "locale", "https://odd.example/claim"])
    def test_claims_that_are_not_read_are_not_noted(
        self, platform: Platform, browser: Browser, claim: str, value: object
    ) -> None:
        assert noted(platform, browser, claim, value) == ""


class TestTexts:
    @pytest.mark.parametrize(("value", "note"), NO_TEXTS, ids=repr)
    @pytest.mark.parametrize("claim", [LINK_TITLE, TITLE, LABEL, "name", LOCALE, PRODUCT], ids=str)
    def test_of_another_kind(
        self,
        platform: Platform,
        browser: Browser,
        claim: str | tuple[str, ...],
        value: object,
        note: str,
    ) -> None:
        assert noted(platform, browser, claim, value) == note

    @pytest.mark.parametrize(("number", "text"), [(9, "9"), (9.5, "9.5"), (0, "0")])
    def test_a_number_for_a_title_is_its_text(
        self, platform: Platform, browser: Browser, number: object, text: str
    ) -> None:
        changes: Changes = {LINK_TITLE: number, TITLE: number, LABEL: number, "name": number}
        assert assert_opens(browser, platform, changes).notes == ""
        context = Context.objects.get()
        titles = [ResourceLink.objects.get().title, context.title, context.label]
        assert [*titles, User.objects.get().name] == [text] * 4

    @pytest.mark.parametrize("claim", [LOCALE, PRODUCT], ids=str)
    def test_a_number_is_no_language_and_no_product(
        self, platform: Platform, browser: Browser, claim: tuple[str, ...]
    ) -> None:
        assert noted(platform, browser, claim, 5) == "is a number, not text"

    def test_custom_values(self, platform: Platform, browser: Browser) -> None:
        """Older versions of Canvas expand variables to numbers, Moodle some of them to null."""
        history: Changes = {
            Claim.CUSTOM: {"link_history": 17, "context_history": None, "odd": True, "x": 1.5}
        }
        assert assert_opens(browser, platform, history).notes == ""
        assert ResourceLink.objects.get().history == ["17"]

    def test_custom_values_that_are_no_text(self, platform: Platform, browser: Browser) -> None:
        changes: Changes = {Claim.CUSTOM: {"Philippa's list": [], "b": {}, "link_history": "17"}}
        launch = assert_opens(browser, platform, changes)
        assert launch.notes == "custom has values that are no text"
        assert ResourceLink.objects.get().history == ["17"]


class TestCourseId:
    @pytest.mark.parametrize("value", [[], {}, True, None, "", "x" * 256, "a\0b", 1.5], ids=repr)
    def test_that_cannot_be_read_is_no_course(
        self, platform: Platform, browser: Browser, value: object
    ) -> None:
        assert noted(platform, browser, ID, value) == "is no id of 1 to 255 characters"
        assert Context.objects.get().is_link_only

    @pytest.mark.parametrize("number", [17, 17.0])
    def test_that_is_a_number_is_its_digits(
        self, platform: Platform, browser: Browser, number: object
    ) -> None:
        assert noted(platform, browser, ID, number) == ""
        assert Context.objects.get().lti_id == "17"


def joined(browser: Browser, platform: Platform, changes: Changes) -> Membership:
    """Who a launch is, in which course."""
    answer = browser.launch(platform, changes)
    assert browser.get(answer.location).status == 200
    return StoredLaunch.objects.latest("created_at").membership


NO_COURSES: list[Changes] = [
    {Claim.CONTEXT: ABSENT},
    {Claim.CONTEXT: []},
    {Claim.CONTEXT: ""},
    {ID: True},
    {ID: ABSENT},
]


@pytest.mark.parametrize("no_course", NO_COURSES, ids=str)
class TestLinkOfKnownCourse:
    """A link is in one course: one launch that cannot tell it takes nobody's work out of it."""

    def test_stays_there(self, platform: Platform, browser: Browser, no_course: Changes) -> None:
        before = joined(browser, platform, {})
        after = joined(browser, platform, {**no_course, "sub": "ben"})
        assert after.context == before.context == ResourceLink.objects.get().context
        assert Context.objects.get().title == "History 9"

    def test_gives_the_roles_of_the_launch(
        self, platform: Platform, browser: Browser, no_course: Changes
    ) -> None:
        joined(browser, platform, {Claim.ROLES: [TEACHER]})
        pupil = joined(browser, platform, {**no_course, "sub": "ben"})
        assert pupil.course_roles.is_learner

    def test_marks_that_wait_are_sent(
        self, platform: Platform, browser: Browser, no_course: Changes
    ) -> None:
        pupil = joined(browser, platform, {}).user
        link = ResourceLink.objects.get()
        assert grades.report_score(link, pupil, grades.Score(Decimal(5), Decimal(8), "."))
        joined(browser, platform, {**no_course, "sub": "ben"})
        deliver_due()
        assert Delivery.objects.get().problem != DeliveryProblem.NO_PUPIL

    def test_marks_go_once_their_pupil_is_known_in_a_course_told_later(
        self, platform: Platform, browser: Browser, no_course: Changes
    ) -> None:
        pupil = joined(browser, platform, no_course).user
        link = ResourceLink.objects.get()
        assert grades.report_score(link, pupil, grades.Score(Decimal(5), Decimal(8), "."))
        joined(browser, platform, {"sub": "ben"})
        deliver_due()
        assert Delivery.objects.get().problem == DeliveryProblem.NO_PUPIL
        joined(browser, platform, {})
        assert Delivery.objects.get().state == Delivery.State.DUE

    def test_is_not_that_of_another_deployment(
        self, platform: Platform, other_platform: Platform, browser: Browser, no_course: Changes
    ) -> None:
        joined(browser, platform, {})
        assert joined(browser, other_platform, no_course).context.is_link_only


class TestAddresses:
    @reported("lti-05h")
    @pytest.mark.parametrize(("value", "note"), NO_ADDRESSES, ids=lambda value: repr(value)[:40])
    def test_return_url(
        self, platform: Platform, browser: Browser, value: object, note: str
    ) -> None:
        """There is no way back, and nobody but the platform's own origin may show our pages."""
        assert noted(platform, browser, RETURN_URL, value) == note
        launch = StoredLaunch.objects.get()
        assert (launch.return_url, launch.frame_ancestor) == ("", "")

    @pytest.mark.parametrize(("value", "note"), NO_ADDRESSES, ids=lambda value: repr(value)[:40])
    @pytest.mark.parametrize("claim", [COLUMN, COLUMNS, ROSTER], ids=str)
    def test_of_services(
        self,
        platform: Platform,
        direct: Browser,
        claim: tuple[str, ...],
        value: object,
        note: str,
    ) -> None:
        assert noted(platform, direct, claim, value) == note
        line_item, context = LineItem.objects.get(), Context.objects.get()
        stored = {
            COLUMN: line_item.url,
            COLUMNS: line_item.container_url,
            ROSTER: context.roster_url,
        }
        assert [name for name, address in stored.items() if not address] == [claim]

    def test_spaces_of_a_query_are_encoded(self, platform: Platform, browser: Browser) -> None:
        address = " https://lms.example/back?title=Causes of war&id=1\n"
        assert noted(platform, browser, RETURN_URL, address) == ""
        encoded = "https://lms.example/back?title=Causes%20of%20war&id=1"
        assert StoredLaunch.objects.get().return_url == encoded


class TestNames:
    @pytest.mark.parametrize("none", ["-", " ", ".", "\u200b", "null"], ids=ascii)
    def test_that_are_none_are_not_kept(
        self, platform: Platform, browser: Browser, none: str
    ) -> None:
        names: Changes = {"name": none, "given_name": none, "family_name": none}
        assert assert_opens(browser, platform, names).notes == ""
        user = User.objects.get()
        assert (user.name, user.given_name, user.family_name) == ("", "", "")
        assert user.display_name == f"Pupil {user.pk}"

    def test_those_that_are_some_stand_in(self, platform: Platform, browser: Browser) -> None:
        assert_opens(browser, platform, {"name": "-"})
        assert User.objects.get().display_name == f"{GIVEN_NAME} {FAMILY_NAME}"


ALL_ODD: Changes = {
    "name": [NAME],
    "given_name": {GIVEN_NAME: EMAIL},
    "family_name": [FAMILY_NAME],
    LINK_TITLE: [],
    Claim.CONTEXT: [],
    Claim.AGS_ENDPOINT: "",
    Claim.NRPS_SERVICE: [],
    Claim.LAUNCH_PRESENTATION: "iframe",
    Claim.CUSTOM: [EMAIL],
    Claim.TOOL_PLATFORM: 5,
    "azp": EMAIL,
}


@pytest.mark.parametrize("role", [TEACHER, PUPIL], ids=["instructor", "student"])
def test_everything_odd_at_once_opens_and_gives_nobody_more(
    platform: Platform, browser: Browser, role: str
) -> None:
    launch = assert_opens(browser, platform, {**ALL_ODD, Claim.ROLES: [role]})
    assert launch.membership.course_roles.is_teacher == (role == TEACHER)
    assert launch.membership.roles == [role]


def test_notes_name_every_claim_once_and_nobody(platform: Platform, browser: Browser) -> None:
    notes = assert_opens(browser, platform, ALL_ODD).notes
    assert len(notes.split("; ")) == len(ALL_ODD)
    assert notes.isprintable()
    assert [text for text in (NAME, GIVEN_NAME, FAMILY_NAME, EMAIL, SUB) if text in notes] == []


def test_a_launch_as_the_specification_wants_it_has_no_notes(
    platform: Platform, browser: Browser
) -> None:
    assert assert_opens(browser, platform, {"azp": ABSENT}).notes == ""


@reported("lti-r07")
@pytest.mark.parametrize("role", [TEACHER, PUPIL], ids=["instructor", "student"])
def test_a_launch_of_blackboard_opens_in_its_frame(
    platform: Platform, browser: Browser, role: str
) -> None:
    """Anthology's sample: a groups service, variables that it does not know, empty values."""
    changes: Changes = {
        Claim.ROLES: [role],
        "locale": "en-US",
        "email": "",
        Claim.RESOURCE_LINK: {"id": "_22_1", "title": "Causes", "description": ""},
        Claim.CUSTOM: {"link_history": "$ResourceLink.id.history", "context_history": ""},
        Claim.LAUNCH_PRESENTATION: {
            "locale": "en-US",
            "return_url": "https://learn.blackboard.com/webapps/blackboard/execute/blti/back?id=_3",
        },
        "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice": {
            "context_groups_url": "https://learn.blackboard.com/groups",
            "service_versions": ["1.0"],
            "scope": ["https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"],
        },
        LIS: {"course_section_sourcedid": "", "person_sourcedid": ""},
    }
    answer = browser.launch(platform, changes)
    assert answer.status == 302, answer.text
    policy = browser.get(answer.location).headers["content-security-policy"]
    assert "https://learn.blackboard.com" in policy.partition("frame-ancestors")[2]
    assert StoredLaunch.objects.get().notes == ""
    assert ResourceLink.objects.get().history == []
